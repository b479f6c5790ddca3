"""Nothing private enters a document: every text of every row is marked, and looked for.

What may be found is written here, column by column: a column added to a model is not among them
until someone says so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Cast, Concat
from wagtail.models import Page

from pilots.enums import ChallengeState, PilotState
from pilots.models import Addendum, Challenge, JournalEntry
from startups.enums import ListingState
from startups.models import (
    Incubator,
    IncubatorPerson,
    Intake,
    Program,
    Solution,
    Startup,
    StartupPerson,
)
from tests.factories import make_user
from tests.search.world import NOW, all_documents, make_world

pytestmark = pytest.mark.django_db
FLOORS = ("core", "startups", "pilots", "search", "cms")
MARK = re.compile(r"q(\d{3})z")
# Of Wagtail's own rows, what an editor writes; where a page stands is what its address is made of.
OF_PAGES = ("title", "draft_title", "slug", "seo_title", "search_description")
PAIRS = ("fr", "en")


def pairs(*stems: str) -> set[str]:
    return {f"{stem}_{code}" for stem in stems for code in PAIRS}


FOUND = {
    "pages.ArticlePage": {"intro", "body"},
    "wagtailcore.Page": {"title", "slug"},
    "pilots.Challenge": {
        *("slug", "reference"),
        *pairs("title", "summary", "problem", "wanted", "purchase", "department", "source_city"),
        *pairs("offer_places", "offer_data", "offer_team", "offer_budget", "cancelled_reason"),
    },
    "pilots.Pilot": {
        *("slug", "reference"),
        *pairs("title", "summary", "hypothesis", "stop_rule", "notice"),
        *pairs("suspended_reason", "cancelled_reason"),
    },
    "pilots.Site": {"slug", *pairs("name", "description", "equipment", "limits")},
    "pilots.Verdict": pairs("reasons", "role"),
    "startups.Incubator": {
        *("slug", "name", "address", "sectors"),
        *pairs("summary", "about", "status_note"),
    },
    "startups.Intake": pairs("how", "cancelled_reason"),
    "startups.Program": {
        *("slug", "place", "sectors"),
        *pairs("name", "summary", "about", "who", "selection", "status_note"),
    },
    "startups.Solution": {
        *("slug", "certifications"),
        *pairs("name", "problem", "how", "trl_evidence", "ip", "privacy", "site_needs", "price"),
        *pairs("status_note"),
    },
    "startups.Startup": {"slug", "name", "sectors", *pairs("tagline", "about", "status_note")},
    "taxonomy.Borough": {"slug"},
    "taxonomy.Theme": {"slug"},
}
# Rows that the database lets nobody change, and what it holds to be of one form.
APPENDED = {"audit.AuditEntry", "following.Consent"}
FIXED = {"following.Follower.email", "accounts.Organisation.neq"}


def _add_what_the_world_lacks() -> None:
    """People to turn to, a journal, an addendum; and a second world where all is called off."""
    w, off = make_world(11), make_world(12)
    StartupPerson.objects.create(startup=w.startup, role_fr="Direction")
    IncubatorPerson.objects.create(incubator=w.incubator, role_fr="Direction")
    JournalEntry.objects.create(pilot=w.pilot, happened_on=NOW.date(), title_fr="Pose")
    Addendum.objects.create(
        call=w.challenge.call, number=1, approved_by=make_user(), published_at=NOW
    )
    reason = {"cancelled_reason_fr": "Non."}
    Challenge.objects.filter(pk=off.challenge.pk).update(state=ChallengeState.CANCELLED, **reason)
    for n, state in enumerate((PilotState.SUSPENDED, PilotState.CANCELLED), 3):
        w.pilot.pk = None
        w.pilot.id = None
        w.pilot.slug, w.pilot.reference, w.pilot.state = f"pilot-{n}", f"P-{n}", state
        w.pilot.save()
    for model in (Startup, Solution, Incubator, Program):
        name = str(model._meta.model_name)
        gone = model._default_manager.filter(pk=getattr(off, name).pk)
        gone.update(state=ListingState.CLOSED, closed_on=date(2026, 3, 1))
    third = make_world(13)
    Intake.objects.filter(pk=third.intake.pk).update(cancelled_at=NOW, **reason)


def _texts(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The columns that can hold a text, of a model or of what Wagtail adds to it."""
    fields = model._meta.local_fields
    kinds = models.CharField | models.TextField | models.JSONField
    return [
        field
        for field in fields
        if isinstance(field, kinds)
        and not field.choices
        and (model is not Page or field.name in OF_PAGES)
        and (field.max_length is None or field.max_length >= 10)
    ]


def _marked() -> tuple[dict[str, tuple[str, str]], set[str]]:
    """Write a mark of its own in every text; whose it is, and the columns that refuse it."""
    whose: dict[str, tuple[str, str]] = {}
    refused = set()
    own = [m for m in apps.get_models() if m.__module__.split(".")[0] in FLOORS]
    for model in [*(m for m in own if m._meta.label not in APPENDED), Page]:
        values: dict[str, Any] = {}
        for field in _texts(model):
            mark = f"q{len(whose):03d}z"
            whose[mark[1:4]] = (model._meta.label, field.name)
            unique = Concat(Value(mark), Cast(F("pk"), models.CharField(max_length=20)))
            values[field.name] = [mark] if isinstance(field, models.JSONField) else unique
        if not _write(model, values):
            refused |= {
                f"{model._meta.label}.{n}" for n, v in values.items() if not _write(model, {n: v})
            }
    return whose, refused


def _write(model: type[models.Model], values: dict[str, Any]) -> bool:
    try:
        with transaction.atomic():
            model._base_manager.update(**values)
    except DatabaseError:
        return False
    return True


def test_no_text_is_found_but_what_is_written_here(world: Any) -> None:
    _add_what_the_world_lacks()
    whose, refused = _marked()
    found: dict[str, set[str]] = defaultdict(set)
    for document in all_documents(NOW):
        for mark in MARK.findall(repr(document)):
            label, name = whose[mark]
            found[label].add(name)
    assert refused == FIXED
    assert found == FOUND
