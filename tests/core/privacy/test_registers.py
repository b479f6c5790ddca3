"""The registers in the administration: who opens them, what they refuse, what leaves as a file."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from core.accounts import roles
from core.accounts.models import User
from core.audit.models import AuditEntry
from core.exceptions import NotAllowed
from core.following.models import Consent
from core.privacy.domain.registers import save_record
from core.privacy.models import Incident, RetentionRule, RetentionRun
from tests import factories

pytestmark = pytest.mark.django_db
TYPED = {
    "found_on": "2026-07-10",
    "began_on": "2026-07-01",
    "ended_on": "2026-07-02",
    "circumstances": "Un envoi à la mauvaise liste.",
    "information": "Noms et adresses de courriel.",
    "people": "Membres de jeunes pousses.",
    "people_count": "12",
    "people_in_quebec": "10",
    "risk": "assessing",
    "risk_reasons": "",
    "commission_told_on": "",
    "people_told_on": "",
    "telling": "",
    "measures": "=HYPERLINK(1)",
    "closed_on": "",
}


@pytest.fixture
def admin(client: Client, settings: Any) -> User:
    settings.DEBUG = True
    person = factories.make_user("admin", roles.ADMINISTRATORS, is_demo=True)
    client.force_login(person)
    return person


def add(client: Client, **typed: str) -> Any:
    return client.post(reverse("incident:add"), {**TYPED, **typed})


def test_an_incident_is_numbered_and_leaves_a_line(client: Client, admin: User) -> None:
    for _number in range(2):
        assert add(client).status_code == 302
    assert list(Incident.objects.order_by("pk").values_list("reference", flat=True)) == [
        "INC-2026-001",
        "INC-2026-002",
    ]
    incident = Incident.objects.get(reference="INC-2026-001")
    line = AuditEntry.objects.get(action="incident.added", object_id=str(incident.pk))
    assert line.actor_id == admin.pk
    assert line.public["fields"] == sorted(
        name for name, value in TYPED.items() if value != "assessing" and value
    )
    # What happened is nobody's business in the public log.
    assert "mauvaise liste" not in str(line.public)
    edit = reverse("incident:edit", args=[incident.pk])
    client.post(edit, {**TYPED, "people_count": "13"})
    changed = AuditEntry.objects.get(action="incident.changed")
    assert changed.public == {"fields": ["people_count"]}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"ended_on": "2026-06-30"}, "ne peut pas finir avant"),
        ({"people_in_quebec": "13"}, "plus que toutes les personnes"),
        ({"closed_on": "2026-08-01"}, "Tranchez le risque"),
        ({"closed_on": "2026-08-01", "risk": "none"}, "Nécessaire avant"),
        (
            {"closed_on": "2026-08-01", "risk": "serious", "risk_reasons": "x", "measures": "y"},
            "Nécessaire avant",
        ),
        ({"circumstances": ""}, "Champ requis"),
    ],
)
def test_what_the_register_refuses(
    client: Client, admin: User, typed: dict[str, str], sentence: str
) -> None:
    response = add(client, **typed)
    assert response.status_code == 200
    assert sentence in response.content.decode().replace("&#x27;", "’")
    assert not Incident.objects.exists()


def test_the_database_refuses_to_close_half_an_incident() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.create(
            reference="X", found_on=date(2026, 1, 1), closed_on=date(2026, 2, 1), risk="none"
        )


def test_the_register_leaves_as_csv_with_a_line(client: Client, admin: User) -> None:
    add(client)
    response = client.get(reverse("incident:index"), {"export": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    (row,) = list(csv.reader(io.StringIO(text)))[1:]
    assert row[0] == "INC-2026-001"
    assert "'=HYPERLINK(1)" in row
    assert "2026-07-10" in row
    line = AuditEntry.objects.get(action="incident.exported")
    assert (line.actor_id, line.public) == (admin.pk, {"incidents": 1})


@pytest.mark.parametrize("role", [r for r in roles.ALL if r != roles.ADMINISTRATORS])
def test_only_administrators_open_it(client: Client, settings: Any, role: str) -> None:
    settings.DEBUG = True
    person = factories.make_user("ville", role, is_demo=True)
    client.force_login(person)
    for name in (
        "incident:index",
        "retention_rule:index",
        "retention_run:index",
        "erasure:index",
        "consent:index",
    ):
        answer = client.get(reverse(name), {"export": "csv"})
        assert answer.status_code == (403 if role == roles.JURY_MEMBERS else 302)
    assert not AuditEntry.objects.filter(action="incident.exported").exists()
    with pytest.raises(NotAllowed):
        save_record(
            record=Incident(found_on=date(2026, 1, 1)),
            fields=[],
            actor=person,
            now=timezone.now(),
        )


@pytest.mark.parametrize("name", ["incident", "retention_rule", "retention_run", "erasure"])
def test_nobody_deletes(client: Client, admin: User, name: str) -> None:
    add(client)
    rule = RetentionRule.objects.order_by("pk")[0]
    pk = Incident.objects.get().pk if name == "incident" else rule.pk
    try:
        address = reverse(f"{name}:delete", args=[pk])
    except NoReverseMatch:
        return
    assert client.post(address).status_code in (302, 404)
    assert Incident.objects.count() == 1
    assert RetentionRule.objects.filter(pk=rule.pk).exists()


def test_proofs_of_consent_are_read_and_nothing_else(client: Client, admin: User) -> None:
    proof = Consent.objects.create(
        email="lectrice@exemple.ca",
        act="given",
        way="link",
        kind="theme",
        slug="neige",
        text="J’accepte de recevoir des courriels.",
        language="fr",
        at=timezone.now(),
    )
    listed = client.get(reverse("consent:index"), {"q": "lectrice"}).content.decode()
    assert "lectrice@exemple.ca" in listed
    read = client.get(reverse("consent:inspect", args=[proof.pk])).content.decode()
    assert "J’accepte de recevoir des courriels." in read
    assert client.get(reverse("consent:edit", args=[proof.pk])).status_code == 302
    assert client.get(reverse("consent:add")).status_code == 302


def test_a_rule_is_written_with_a_line_and_a_floor(client: Client, admin: User) -> None:
    typed = {
        "data_class": "message_bodies",
        "period_days": "10",
        "legal_basis_fr": "Calendrier de conservation",
        "legal_basis_en": "",
        "in_force_from": "2027-01-01",
        "in_force_until": "",
    }
    refused = client.post(reverse("retention_rule:add"), typed)
    assert "Au moins 90 jours" in refused.content.decode()
    assert (
        client.post(reverse("retention_rule:add"), {**typed, "period_days": "400"}).status_code
        == 302
    )
    rule = RetentionRule.objects.get(in_force_from=date(2027, 1, 1))
    assert rule.period_days == 400
    assert AuditEntry.objects.filter(action="retentionrule.added").count() == 1


@pytest.mark.parametrize("many", [1, 3])
def test_the_reports_are_read_in_the_same_number_of_queries(
    client: Client, admin: User, many: int, django_assert_num_queries: Any
) -> None:
    now = timezone.now()
    for rule in RetentionRule.objects.order_by("pk")[:many]:
        RetentionRun.objects.create(rule=rule, terms="x", ran_at=now, before=now, found=4)
    address = reverse("retention_run:index")
    page = client.get(address).content.decode()
    assert "Comptes jamais confirmés" in page
    with django_assert_num_queries(REPORT_QUERIES):
        client.get(address)


REPORT_QUERIES = 12
