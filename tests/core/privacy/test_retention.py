"""What is older than its rule leaves: counted one night, removed from the next one on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import get_language

from core import registry
from core.accounts import roles
from core.accounts.domain.invitations import invite
from core.accounts.domain.join_requests import ask_to_join, withdraw_request
from core.accounts.models import Invitation, JoinRequest, User
from core.audit.models import AuditEntry
from core.audit.verify import verify_chain
from core.drafts.models import DraftValue, DraftVersion
from core.notifications.enums import MessageState
from core.notifications.models import Message, Notice
from core.notifications.notices import add_notices
from core.privacy.domain import retention
from core.privacy.models import DataExport, RetentionRule, RetentionRun
from pilots.models import Application, Stage
from tests import factories
from tests.core.privacy.conftest import message

pytestmark = pytest.mark.django_db
# Four in the morning in Montréal, in summer.
NIGHT = datetime(2026, 7, 10, 8, 0, tzinfo=UTC)
DEFAULTS = {
    "unconfirmed_accounts": 30,
    "ended_sessions": 90,
    "export_records": 365,
    "invitation_addresses": 365,
    "join_request_words": 365,
    "message_bodies": 730,
    "abandoned_drafts": 730,
    "interests": 730,
    "relays": 730,
    "closed_addresses": 1095,
    "consents": 1095,
    "missed_searches": 396,
    "correction_addresses": 90,
}


@dataclass
class Shelf:
    """A class of data made of instants."""

    kept: list[datetime] = field(default_factory=list)

    def count(self, before: datetime) -> int:
        return sum(1 for at in self.kept if at < before)

    def apply(self, before: datetime, most: int) -> int:
        gone = [at for at in self.kept if at < before][:most]
        self.kept = [at for at in self.kept if at not in gone]
        return len(gone)


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """The only class that has a rule."""
    RetentionRule.objects.all().delete()
    shelf = Shelf([NIGHT - timedelta(days=n) for n in (1, 40, 50, 60)])
    entry = registry.Retained(label="Rayon", what="Rayon", count=shelf.count, apply=shelf.apply)
    monkeypatch.setitem(registry.retained._entries, "shelf", entry)
    return shelf


def rule(days: int = 45, since: date = date(2026, 1, 1), **fields: Any) -> RetentionRule:
    return RetentionRule.objects.create(
        **{
            "data_class": "shelf",
            "period_days": days,
            "legal_basis_fr": "Loi",
            "in_force_from": since,
            **fields,
        }
    )


def run(now: datetime) -> list[tuple[bool, int, int]]:
    return [(r.is_dry, r.found, r.removed) for r in retention.run_rules(now=now)]


def test_the_rules_a_site_begins_with_are_known_classes() -> None:
    found = dict(RetentionRule.objects.values_list("data_class", "period_days"))
    assert found == DEFAULTS
    for name, days in DEFAULTS.items():
        assert registry.retained[name].least_days <= days


def test_nothing_leaves_without_a_rule(shelf: Shelf) -> None:
    assert run(NIGHT) == []
    assert len(shelf.kept) == 4


def test_a_new_rule_only_counts_its_first_night(shelf: Shelf) -> None:
    rule()
    assert run(NIGHT) == [(True, 2, 0)]
    assert len(shelf.kept) == 4
    assert run(NIGHT + timedelta(minutes=30)) == []
    assert run(NIGHT + timedelta(days=1)) == [(False, 2, 2)]
    assert [(NIGHT - at).days for at in shelf.kept] == [1, 40]
    said = AuditEntry.objects.order_by("sequence").values_list("action", "public__removed")
    assert list(said) == [("retention.counted", 0), ("retention.applied", 2)]
    assert verify_chain().broken == ""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Accès périmés\u00a0: 2, délai de 45 jours"),
        ("en", "Stale accesses: 2, kept 45 days"),
    ],
)
def test_administrators_read_what_will_leave_before_anything_does(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    said = lazy(lambda: {"fr": "Accès périmés", "en": "Stale accesses"}[get_language() or ""], str)
    entry = replace(registry.retained["shelf"], label=said())
    monkeypatch.setitem(registry.retained._entries, "shelf", entry)
    one, two = (factories.make_user(n, roles.ADMINISTRATORS, language=language) for n in "ab")
    factories.make_user("c", roles.EDITORS)
    factories.make_user("d", roles.ADMINISTRATORS, is_active=False)
    rule()
    run(NIGHT)
    told = Message.objects.order_by("pk")
    assert [(m.user, m.event) for m in told] == [(p, "retention_counted") for p in (one, two)]
    assert words in told[0].text
    assert words in unescape(told[0].html)
    assert reverse("retention_run:index") in told[0].text
    assert len(shelf.kept) == 4
    run(NIGHT + timedelta(minutes=30))
    run(NIGHT + timedelta(days=1))
    assert (told.count(), len(shelf.kept)) == (2, 2)


def test_nobody_is_written_to_about_nothing(shelf: Shelf) -> None:
    factories.make_user("a", roles.ADMINISTRATORS)
    rule(days=365)
    run(NIGHT)
    assert (RetentionRun.objects.get().is_dry, Message.objects.count()) == (True, 0)


def test_a_night_that_died_before_it_told_tells_at_its_next_call(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*args: Any) -> None:
        raise ConnectionError

    factories.make_user("a", roles.ADMINISTRATORS)
    rule()
    with monkeypatch.context() as patched:
        patched.setattr(retention, "_tell", dies)
        with pytest.raises(ConnectionError):
            run(NIGHT)
    assert run(NIGHT + timedelta(minutes=30)) == []
    assert Message.objects.get().event == "retention_counted"
    # A rule written in the day is counted at once, and told too.
    RetentionRule.objects.update(period_days=35)
    assert run(NIGHT + timedelta(hours=6)) == [(True, 3, 0)]
    assert Message.objects.count() == 2


def test_a_changed_rule_counts_again(shelf: Shelf) -> None:
    first = rule()
    run(NIGHT)
    RetentionRule.objects.filter(pk=first.pk).update(period_days=35)
    assert run(NIGHT + timedelta(days=1)) == [(True, 3, 0)]
    RetentionRule.objects.filter(pk=first.pk).update(legal_basis_fr="Autre article")
    assert run(NIGHT + timedelta(days=2)) == [(False, 3, 3)]


def test_nothing_before_the_night_on_the_citys_clocks(shelf: Shelf) -> None:
    rule()
    assert run(datetime(2026, 7, 10, 6, 59, tzinfo=UTC)) == []  # 2:59 in Montréal
    assert run(datetime(2026, 7, 10, 7, 0, tzinfo=UTC)) == [(True, 2, 0)]


@pytest.mark.parametrize(
    ("since", "until", "runs"),
    [
        (date(2026, 7, 10), None, 1),
        (date(2026, 7, 11), None, 0),
        (date(2026, 1, 1), date(2026, 7, 10), 1),
        (date(2026, 1, 1), date(2026, 7, 9), 0),
    ],
)
def test_a_rule_has_its_days(shelf: Shelf, since: date, until: date | None, runs: int) -> None:
    rule(since=since, in_force_until=until)
    assert len(run(NIGHT)) == runs


def test_the_newest_rule_of_a_class_wins(shelf: Shelf) -> None:
    rule(days=30)
    rule(days=55, since=date(2026, 6, 1))
    assert run(NIGHT) == [(True, 1, 0)]


def test_a_class_has_its_own_shortest_period(shelf: Shelf) -> None:
    rule(days=1)
    (report,) = retention.run_rules(now=NIGHT)
    assert report.before == NIGHT - timedelta(days=30)


def test_a_rule_of_nothing_known_does_nothing(shelf: Shelf) -> None:
    rule(data_class="forgotten")
    assert run(NIGHT) == []


def test_it_goes_by_batches_and_leaves_the_rest_for_the_next_night(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.kept = [NIGHT - timedelta(days=100, seconds=n) for n in range(25)]
    monkeypatch.setattr(retention, "BATCH", 4)
    monkeypatch.setattr(retention, "MOST", 10)
    rule()
    run(NIGHT)
    assert run(NIGHT + timedelta(days=1)) == [(False, 25, 10)]
    assert run(NIGHT + timedelta(days=2)) == [(False, 15, 10)]
    assert run(NIGHT + timedelta(days=3)) == [(False, 5, 5)]


def test_the_database_refuses_a_dry_run_that_removed(shelf: Shelf) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionRun.objects.create(
            rule=rule(), terms="x", ran_at=NIGHT, before=NIGHT, is_dry=True, removed=1
        )


def left_after(name: str, days: int) -> tuple[int, int]:
    """What the class counts and removes at this instant."""
    known = registry.retained[name]
    before = timezone.now() - timedelta(days=days)
    counted = known.count(before)
    removed = known.apply(before, 100)
    assert known.count(before) == 0
    return counted, removed


def test_accounts_never_confirmed() -> None:
    long_ago = timezone.now() - timedelta(days=40)
    for name, verified, fields in (
        ("jamais", False, {}),
        ("confirme", True, {}),
        ("connecte", False, {"last_login": long_ago}),
        ("personnel", False, {"is_staff": True}),
        ("recent", False, {"date_joined": timezone.now()}),
        ("membre", False, {}),
    ):
        user = factories.make_user(name, **{"date_joined": long_ago, **fields})
        EmailAddress.objects.create(user=user, email=user.email, verified=verified)
    factories.make_startup(User.objects.get(name="membre"))
    never = User.objects.get(name="jamais")
    message(None, "code", MessageState.SENT, to_email=never.email, event="account_email")
    assert left_after("unconfirmed_accounts", 30) == (1, 1)
    names = set(User.objects.values_list("name", flat=True))
    assert names == {"confirme", "connecte", "personnel", "recent", "membre"}
    assert Message.objects.get().to_email == "message@efface.invalid"


def test_past_sessions() -> None:
    user = factories.make_user("Ana")
    now = timezone.now()
    for key, days in (("old", 100), ("new", 1)):
        UserSession.objects.create(
            user=user,
            session_key=key,
            ip="192.0.2.1",
            user_agent="x",
            last_seen_at=now - timedelta(days=days),
        )
    assert left_after("ended_sessions", 90) == (1, 1)
    assert UserSession.objects.get().session_key == "new"


def test_addresses_of_past_invitations() -> None:
    old, now = timezone.now() - timedelta(days=400), timezone.now()
    owner = factories.make_user("Ana")
    organisation = factories.make_startup(owner).organisation
    for address, at in (("venu@exemple.ca", old), ("attendu@exemple.ca", now)):
        invite(organisation=organisation, email=address, role="viewer", actor=owner, now=at)
    assert left_after("invitation_addresses", 365) == (1, 1)
    forgotten = Invitation.objects.order_by("invited_at")[0]
    assert dict(Invitation.objects.values_list("email", "state")) == {
        "attendu@exemple.ca": "pending",
        f"invitation-{forgotten.pk}@efface.invalid": "lapsed",
    }


def test_words_of_settled_requests() -> None:
    old = timezone.now() - timedelta(days=400)
    startup = factories.make_startup(factories.make_user("Ana"))
    for settled in (True, False):
        asker = factories.make_user("Bo")
        request = ask_to_join(
            organisation=startup.organisation, actor=asker, now=old, message="Bonjour"
        )
        if settled:
            withdraw_request(request=request, actor=asker, now=old)
    assert left_after("join_request_words", 365) == (1, 1)
    assert sorted(JoinRequest.objects.values_list("state", "message")) == [
        ("pending", "Bonjour"),
        ("withdrawn", ""),
    ]


def test_texts_of_old_messages() -> None:
    old = timezone.now() - timedelta(days=800)
    ana = factories.make_user("Ana")
    add_notices([message(ana, "old", MessageState.SENT, created_at=old)])
    message(ana, "waiting", MessageState.HELD, created_at=old)
    message(ana, "new", MessageState.SENT)
    assert left_after("message_bodies", 730) == (1, 1)
    assert dict(Message.objects.values_list("key", "text")) == {
        "old": "",
        "waiting": "Texte waiting",
        "new": "Texte new",
    }
    assert Message.objects.get(key="old").sent_at is not None
    assert not Notice.objects.filter(message__key="old").exists()  # nothing is left to read


def test_records_of_copies() -> None:
    ana = factories.make_user("Ana")
    old = timezone.now() - timedelta(days=400)
    for state in ("removed", "failed", "asked"):
        DataExport.objects.create(person=ana, state=state, asked_at=old)
    assert left_after("export_records", 365) == (2, 2)
    assert DataExport.objects.get().state == "asked"


def test_abandoned_drafts() -> None:
    from pilots.domain import application as applications

    now = timezone.now()
    long_ago = now - timedelta(days=900)
    kept = []
    for submitted, closed in ((False, True), (True, True), (False, False)):
        owner = factories.make_user("Ana")
        startup = factories.make_startup(owner)
        challenge = factories.make_challenge(now)
        draft = applications.start_application(
            challenge=challenge, organisation=startup.organisation, actor=owner, now=now
        )
        values = {"team": "a", "solution": "b", "maturity": "5", "failure": "c", "budget": "1"}
        for key, value in values.items():
            applications.save_answer(
                application=draft, key=key, value=value, base_version=0, actor=owner, now=now
            )
        if submitted:
            applications.submit_application(application=draft, actor=owner, now=now)
        if closed:
            Stage.objects.filter(pk=challenge.stage.pk).update(
                opens_at=long_ago - timedelta(days=30), closes_at=long_ago
            )
        Application.objects.filter(pk=draft.pk).update(created_at=long_ago - timedelta(days=1))
        if submitted or not closed:
            kept.append(draft)
    assert left_after("abandoned_drafts", 730) == (1, 1)
    assert set(Application.objects.all()) == set(kept)
    scopes = {draft.draft_scope for draft in kept}
    assert set(DraftValue.objects.values_list("scope", flat=True)) == scopes
    assert set(DraftVersion.objects.values_list("scope", flat=True)) == scopes
