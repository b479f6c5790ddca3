"""Intakes: who announces them, what is refused and doubted, what the chain and the search hear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone, translation

from core.accounts import roles
from core.accounts.models import Organisation, Role, User
from core.audit.models import AuditEntry
from core.deadlines import city_time
from core.exceptions import NotAllowed
from core.text import TextRefused
from startups.domain import intakes as verbs
from startups.domain.intake_rules import AreYouSure, IntakeFacts, IntakeRefused
from startups.enums import ApplyBy, IntakeStatus, ListingState
from startups.models import Intake, Program
from startups.signals import record_changed
from startups.workspace.intakes import rows
from tests import factories
from tests.startups.rows import at, make_incubator, make_intake, make_program

pytestmark = pytest.mark.django_db
NOW = at("2026-11-26T10:00")
FACTS = IntakeFacts(opens_at=at("2027-03-01T09:00"), closes_at=at("2027-03-26T17:00"))


@pytest.fixture
def owner() -> User:
    return factories.make_user("proprio")


@pytest.fixture
def program(owner: User) -> Program:
    return make_program(make_incubator(owner))


@pytest.fixture
def told() -> Iterator[list[tuple[Any, int]]]:
    """What the search hears."""
    heard: list[tuple[Any, int]] = []

    def hear(sender: Any, pk: int, **kwargs: Any) -> None:
        heard.append((sender, pk))

    record_changed.connect(hear)
    yield heard
    record_changed.disconnect(hear)


def announce(program: Program, actor: User, **changes: Any) -> Intake:
    return verbs.announce_intake(
        program=program, facts=replace(FACTS, **changes), actor=actor, now=NOW
    )


def change(intake: Intake, actor: User, sure: bool = False, **changes: Any) -> Intake:
    facts = replace(IntakeFacts.of(intake), **changes)
    return verbs.change_intake(intake=intake, facts=facts, actor=actor, now=NOW, sure=sure)


def refused(**changes: Any) -> list[tuple[str, str]]:
    """The fields refused, with their sentences in English."""
    with translation.override("en"), pytest.raises(IntakeRefused) as caught:
        announce(make_program(), factories.make_user("mod", roles.MODERATORS), **changes)
    return caught.value.found


class TestAnnounced:
    """By who speaks for the program; the search and the chain are told."""

    def test_it_is_a_row_a_line_and_a_word_to_the_search(
        self, program: Program, owner: User, told: list[tuple[Any, int]]
    ) -> None:
        intake = announce(program, owner, places=12)
        assert (intake.program, intake.places, intake.sequence) == (program, 12, 0)
        assert intake.status(NOW) == IntakeStatus.UPCOMING
        assert told == [(Program, program.pk)]
        (line,) = AuditEntry.objects.filter(action="intake.announced")
        assert (line.actor_id, line.public["program"]) == (owner.pk, program.slug)
        assert line.public["closes_at"] == "2027-03-26T21:00:00Z"

    @pytest.mark.parametrize("role", [Role.FINANCE, Role.VIEWER, None])
    def test_others_do_not(self, program: Program, role: str | None) -> None:
        other = factories.make_user("autre")
        if role:
            program.incubator.organisation.memberships.create(user=other, role=role)
        with pytest.raises(NotAllowed):
            announce(program, other)
        assert not Intake.objects.exists()

    def test_a_moderator_does_for_a_listing_without_an_owner(self) -> None:
        assert announce(make_program(), factories.make_user("mod", roles.MODERATORS)).pk

    @pytest.mark.parametrize("state", [ListingState.CLOSED, ListingState.MERGED])
    @pytest.mark.parametrize("which", ["program", "incubator"])
    def test_what_is_gone_has_no_more_intakes(
        self, program: Program, owner: User, state: str, which: str
    ) -> None:
        gone = program if which == "program" else program.incubator
        type(gone).objects.filter(pk=gone.pk).update(state=state)
        with pytest.raises(verbs.ProgramGone):
            announce(program, owner)


class TestRefused:
    """Each rule with its sentence, beside its field."""

    @pytest.mark.parametrize(
        ("changes", "field", "sentence"),
        [
            (
                {"closes_at": at("2027-02-26T17:00")},
                "closes_at",
                (
                    "Its close (February 26, 2027 at 5\u00a0p.m.) is not after its opening "
                    "(March 1, 2027 at 9\u00a0a.m.)."
                ),
            ),
            ({"closes_at": FACTS.opens_at}, "closes_at", None),
            ({"opens_at": None}, "opens_at", "Say when it opens, or tick that it is rolling."),
            ({"closes_at": None}, "closes_at", "Say when it closes, or tick that it is rolling."),
            (
                {"cohort_starts_on": date(2027, 5, 3), "cohort_ends_on": date(2027, 4, 3)},
                "cohort_ends_on",
                "The end of the cohort (April 3, 2027) is not after its start (May 3, 2027).",
            ),
            ({"is_rolling": True}, "is_rolling", None),
            ({"apply_by": ApplyBy.WEB}, "apply_url", None),
            ({"apply_by": ApplyBy.WEB, "apply_url": "http://a.example/"}, "apply_url", None),
            ({"apply_url": "javascript:alert(1)"}, "apply_url", None),
            ({"apply_by": ApplyBy.EMAIL}, "apply_email", None),
            ({"apply_by": "dove"}, "apply_by", None),
            ({"fee": Decimal(-1)}, "fee", None),
            ({"languages": ["fr", "xx"]}, "languages", None),
        ],
    )
    def test_one_by_one(self, changes: dict[str, Any], field: str, sentence: str | None) -> None:
        ((found, said),) = refused(**changes)
        assert found == field
        assert sentence is None or said == sentence

    def test_all_at_once(self) -> None:
        found = refused(opens_at=None, closes_at=None, apply_by=ApplyBy.EMAIL)
        assert [name for name, _said in found] == ["opens_at", "closes_at", "apply_email"]

    def test_a_rolling_one_does_not_come_back(self) -> None:
        found = refused(is_rolling=True, repeats=True, opens_at=None, closes_at=None)
        assert [name for name, _said in found] == ["repeats"]


class TestDoubted:
    """What can be and is seldom meant is asked once more."""

    @pytest.mark.parametrize(
        "changes",
        [
            {"opens_at": at("2026-11-20T09:00")},
            {"opens_at": at("2026-10-01T09:00"), "closes_at": at("2026-11-01T17:00")},
            {"cohort_starts_on": date(2027, 3, 10)},
        ],
    )
    def test_said_again_it_is_done(
        self, program: Program, owner: User, changes: dict[str, Any]
    ) -> None:
        with pytest.raises(AreYouSure) as caught:
            announce(program, owner, **changes)
        assert len(caught.value.doubts) == 1
        facts = replace(FACTS, **changes)
        assert verbs.announce_intake(
            program=program, facts=facts, actor=owner, now=NOW, sure=True
        ).pk

    def test_what_was_so_before_is_not_doubted_again(self, program: Program, owner: User) -> None:
        intake = make_intake(program, opens_at=at("2026-11-20T09:00"), closes_at=FACTS.closes_at)
        assert change(intake, owner, places=4).places == 4


class TestChanged:
    """A calendar's copy is out of date when what it noted changes, and only then."""

    @pytest.mark.parametrize(
        ("changes", "grows"),
        [
            ({"closes_at": at("2027-04-02T17:00")}, 1),
            ({"opens_at": at("2027-02-22T09:00")}, 1),
            ({"how_fr": "Autrement."}, 1),
            ({"apply_by": ApplyBy.EMAIL, "apply_email": "dossiers@maison.example"}, 1),
            ({"places": 8}, 0),
            ({"contact": "Accueil"}, 0),
            ({"repeats": True}, 0),
        ],
    )
    def test_its_sequence(
        self, program: Program, owner: User, changes: dict[str, Any], grows: int
    ) -> None:
        intake = announce(program, owner)
        assert change(intake, owner, **changes).sequence == grows

    def test_the_line_says_before_and_after_and_no_address(
        self, program: Program, owner: User
    ) -> None:
        intake = announce(program, owner)
        change(intake, owner, places=8, apply_email="dossiers@maison.example")
        (line,) = AuditEntry.objects.filter(action="intake.changed")
        assert line.public["fields"] == ["apply_email", "places"]
        assert (line.public["before"], line.public["after"]) == ({"places": None}, {"places": 8})

    def test_the_same_words_change_nothing(self, program: Program, owner: User) -> None:
        intake = announce(program, owner)
        was = intake.updated_at
        assert change(intake, owner).updated_at == was
        assert not AuditEntry.objects.filter(action="intake.changed").exists()

    def test_the_second_of_two_reads_what_the_first_wrote(
        self, program: Program, owner: User
    ) -> None:
        intake = announce(program, owner)
        read_at = intake.updated_at
        change(intake, owner, places=8)
        with pytest.raises(verbs.ChangedSince) as caught:
            verbs.change_intake(
                intake=intake,
                facts=replace(IntakeFacts.of(intake), places=9),
                actor=owner,
                now=NOW,
                read_at=read_at,
            )
        assert caught.value.theirs.places == 8


class TestCancelled:
    """For a reason, once, and not when it is over."""

    def test_it_says_why(self, program: Program, owner: User, told: list[tuple[Any, int]]) -> None:
        intake = announce(program, owner)
        found = verbs.cancel_intake(intake=intake, reason_fr="Travaux.", actor=owner, now=NOW)
        assert (found.status(NOW), found.sequence) == (IntakeStatus.CANCELLED, 1)
        (line,) = AuditEntry.objects.filter(action="intake.cancelled")
        assert line.public["reason"] == "Travaux."
        assert len(told) == 2
        for act in (
            lambda: verbs.cancel_intake(intake=intake, reason_fr="x", actor=owner, now=NOW),
            lambda: change(intake, owner, places=3),
        ):
            with pytest.raises(verbs.IntakeCancelled):
                act()

    def test_not_without_a_reason(self, program: Program, owner: User) -> None:
        with pytest.raises(TextRefused):
            verbs.cancel_intake(
                intake=announce(program, owner), reason_fr=" \u200b", actor=owner, now=NOW
            )

    def test_not_once_it_is_over(self, program: Program, owner: User) -> None:
        intake = make_intake(
            program, opens_at=NOW - timedelta(days=9), closes_at=NOW - timedelta(seconds=1)
        )
        with pytest.raises(verbs.IntakeOver):
            verbs.cancel_intake(intake=intake, reason_fr="x", actor=owner, now=NOW)


def asked(user: User, organisation: Organisation, now: datetime) -> list[Any]:
    return [row for row in rows(user, organisation, now) if row.url_name == "intake_next"]


class TestEveryYear:
    """Proposed on the same days of the week; a person confirms, once; nothing happens by itself."""

    def past(self, program: Program, **fields: Any) -> Intake:
        return make_intake(
            program,
            **{
                "opens_at": at("2026-03-02T09:00"),  # a Monday, before the clocks go forward
                "closes_at": at("2026-03-27T17:00"),  # a Friday, after
                "cohort_starts_on": date(2026, 5, 4),
                "repeats": True,
                **fields,
            },
        )

    def test_the_dates_proposed(self, program: Program) -> None:
        proposed = verbs.propose_next(self.past(program), NOW)
        assert proposed is not None
        assert proposed.opens_at == at("2027-03-01T09:00")
        assert proposed.closes_at == at("2027-03-26T17:00")
        assert proposed.cohort_starts_on == date(2027, 5, 3)
        assert Intake.objects.count() == 1

    @pytest.mark.parametrize(
        ("fields", "now"),
        [
            ({"repeats": False}, NOW),
            ({}, at("2026-10-01T10:00")),  # too early to ask
        ],
    )
    def test_nothing_is_asked(self, program: Program, fields: dict[str, Any], now: Any) -> None:
        intake = self.past(program, **fields)
        assert verbs.propose_next(intake, now) is None
        owner = program.incubator.organisation.memberships.get().user
        assert asked(owner, program.incubator.organisation, now) == []

    def test_the_years_nobody_answered_are_past(self, program: Program) -> None:
        old = self.past(program, opens_at=at("2024-03-04T09:00"), closes_at=at("2024-03-29T17:00"))
        proposed = verbs.propose_next(old, NOW)
        assert proposed is not None
        assert city_time(proposed.opens_at or NOW).year == 2027

    def test_the_workspace_asks_and_a_person_confirms_once(
        self, program: Program, owner: User
    ) -> None:
        intake, organisation = self.past(program), program.incubator.organisation
        (row,) = asked(owner, organisation, NOW)
        assert row.url_kwargs == {"pk": intake.pk}
        facts = verbs.propose_next(intake, NOW)
        assert facts is not None
        made = verbs.confirm_next(
            intake=intake, facts=replace(facts, places=5), actor=owner, now=NOW
        )
        assert (made.previous, made.places, made.repeats) == (intake, 5, True)
        assert asked(owner, organisation, NOW) == []
        with pytest.raises(verbs.NextAnnounced):
            verbs.confirm_next(intake=intake, facts=facts, actor=owner, now=NOW)

    def test_there_is_no_next_one(self, program: Program, owner: User) -> None:
        intake = self.past(program)
        verbs.stop_repeating(intake=intake, actor=owner, now=NOW)
        assert asked(owner, program.incubator.organisation, NOW) == []
        assert AuditEntry.objects.filter(action="intake.stopped").count() == 1

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_workspace_asks_in_as_many_queries(
        self,
        program: Program,
        owner: User,
        count: int,
        django_assert_num_queries: Any,
    ) -> None:
        for _n in range(count):
            self.past(program)
        Program.objects.update(verified_on=city_time(NOW).date())
        type(program.incubator).objects.update(verified_on=city_time(NOW).date())
        with django_assert_num_queries(WORKSPACE_QUERIES):
            assert len(asked(owner, program.incubator.organisation, NOW)) == count


WORKSPACE_QUERIES = 2


class TestStatus:
    """The time shown is the time enforced, to the microsecond, by the one function."""

    @pytest.mark.parametrize(
        ("after", "status"),
        [
            (timedelta(microseconds=-1), IntakeStatus.CLOSING),
            (timedelta(0), IntakeStatus.CLOSING),
            (timedelta(microseconds=1), IntakeStatus.CLOSED),
        ],
    )
    def test_the_close(self, after: timedelta, status: str) -> None:
        intake = make_intake(opens_at=FACTS.opens_at, closes_at=FACTS.closes_at)
        now = at("2027-03-26T17:00") + after
        assert intake.status(now) == status
        found = Intake.objects.accepting(now).exists()
        assert found is (status != IntakeStatus.CLOSED)

    def test_the_opening_is_included(self) -> None:
        intake = make_intake(opens_at=FACTS.opens_at, closes_at=FACTS.closes_at)
        opens = at("2027-03-01T09:00")
        assert intake.status(opens) == IntakeStatus.OPEN
        assert intake.status(opens - timedelta(microseconds=1)) == IntakeStatus.UPCOMING
        assert Intake.objects.accepting(opens).count() == 1
        assert timezone.is_aware(opens)
