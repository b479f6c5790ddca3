"""The audit says which public facts a publication changed, and never who people are."""

from __future__ import annotations

from typing import Any

import pytest

from core.audit.models import AuditEntry
from core.taxonomy.models import Theme
from startups.models import Startup, StartupPerson
from tests import factories

pytestmark = pytest.mark.django_db


def lines() -> list[dict[str, Any]]:
    found = AuditEntry.objects.filter(action="startup.published").order_by("sequence")
    return [line.public for line in found]


def test_it_keeps_each_fact_before_and_after() -> None:
    startup = factories.make_startup(website="https://avant.example/")
    theme = Theme.objects.create(slug="eau-vive", name_fr="Eau vive", name_en="Running water")
    startup.themes.set([theme])
    startup.save()
    startup.website, startup.languages = "https://apres.example/", ["fr", "en"]
    startup.themes.set([])
    startup.save_revision().publish()
    assert lines() == [
        {
            "slug": startup.slug,
            "changes": {
                "languages": [["fr"], ["fr", "en"]],
                "themes": [["eau-vive"], []],
                "website": ["https://avant.example/", "https://apres.example/"],
            },
        }
    ]


def test_what_was_not_public_has_not_changed() -> None:
    startup = factories.make_startup(live=False)
    startup.save_revision().publish()
    assert lines() == [{"slug": startup.slug, "changes": {}}]


def test_people_changed_and_nobody_is_named() -> None:
    startup = factories.make_startup()
    startup.people.set([StartupPerson(name="Nom propre", role_fr="Direction")])
    startup.save_revision().publish()
    startup = Startup.objects.get()
    person = startup.people.get()
    person.name = "Autre nom"
    startup.people.set([person])
    startup.save_revision().publish()
    assert [line["changes"] for line in lines()] == [{"people": [0, 1]}, {"people": [1, 1]}]
