"""Who went through which program: said by one side, confirmed by the other, then public."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from core.audit.models import AuditEntry
from core.exceptions import NotAllowed
from core.notifications.models import Message
from startups.domain.alumni import (
    MOST_WAITING,
    AlumniRefused,
    NothingToAnswer,
    TooManyWaiting,
    confirm_alumni,
    refuse_alumni,
    say_alumni,
    withdraw_alumni,
)
from startups.enums import AlumniSide, ListingState
from startups.models import AlumniTie, Incubator, Program, Startup
from startups.workspace.alumni import rows
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
PAGE_QUERIES = 9


@pytest.fixture
def founder() -> User:
    return factories.make_user("fondation")


@pytest.fixture
def host() -> User:
    return factories.make_user("accueil")


@pytest.fixture
def startup(founder: User) -> Startup:
    return factories.make_startup(founder, name="Nordet")


def program_of(host: User | None, number: int = 1) -> Program:
    organisation = None
    if host is not None:
        organisation, is_new = Organisation.objects.get_or_create(
            slug="tremplin", name="Tremplin", kind=OrganisationKind.SUPPORT
        )
        if is_new:
            Membership.objects.create(user=host, organisation=organisation, role=Role.EDITOR)
    words = {"summary_fr": "x", "about_fr": "x", "live": True}
    incubator, _new = Incubator.objects.get_or_create(
        slug="tremplin",
        defaults={"name": "Tremplin", "kind": "accelerator", "organisation": organisation, **words},
    )
    found: Program = Program.objects.create(
        slug=f"rue-{number}", incubator=incubator, name_fr=f"Rue {number}", **words
    )
    return found


@pytest.fixture
def program(host: User) -> Program:
    return program_of(host)


def say(program: Program, startup: Startup, actor: User, side: str = "startup") -> AlumniTie:
    return say_alumni(
        program=program, startup=startup, side=AlumniSide(side), year=2024, actor=actor, now=NOW
    )


def mails() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("pk").values_list("event", "to_email"))


class TestTheVerbs:
    def test_it_is_public_once_both_have_said_it(
        self, program: Program, startup: Startup, founder: User, host: User
    ) -> None:
        tie = say(program, startup, founder)
        assert not AlumniTie.objects.confirmed().exists()
        assert mails() == [("alumni_said", host.email)]
        confirm_alumni(tie=tie, actor=host, now=NOW)
        confirm_alumni(tie=tie, actor=host, now=NOW)
        assert AlumniTie.objects.confirmed().get() == tie
        assert mails() == [("alumni_said", host.email), ("alumni_answered", founder.email)]
        kept = AuditEntry.objects.filter(action__startswith="alumni").order_by("sequence")
        assert list(kept.values_list("action", "public__side")) == [
            ("alumni.said", "startup"),
            ("alumni.confirmed", "program"),
        ]

    def test_what_both_say_by_themselves_is_confirmed(
        self, program: Program, startup: Startup, founder: User, host: User
    ) -> None:
        say(program, startup, host, "program")
        assert say(program, startup, founder).is_confirmed

    def test_said_twice_it_is_asked_once(
        self, program: Program, startup: Startup, founder: User
    ) -> None:
        assert say(program, startup, founder) == say(program, startup, founder)
        assert len(mails()) == 1

    def test_refused_it_is_not_asked_again(
        self, program: Program, startup: Startup, founder: User, host: User
    ) -> None:
        tie = refuse_alumni(tie=say(program, startup, founder), actor=host, now=NOW)
        refuse_alumni(tie=tie, actor=host, now=NOW)
        with pytest.raises(AlumniRefused):
            say(program, startup, founder)
        assert [event for event, _to in mails()] == ["alumni_said", "alumni_answered"]
        assert confirm_alumni(tie=tie, actor=host, now=NOW).is_confirmed

    def test_what_one_alone_said_goes_when_it_is_taken_back(
        self, program: Program, startup: Startup, founder: User
    ) -> None:
        tie = say(program, startup, founder)
        withdraw_alumni(tie=tie, side=AlumniSide.STARTUP, actor=founder, now=NOW)
        assert not AlumniTie.objects.exists()
        with pytest.raises(NothingToAnswer):
            confirm_alumni(tie=tie, actor=founder, now=NOW)

    def test_what_both_said_is_no_longer_public_when_one_takes_it_back(
        self, program: Program, startup: Startup, founder: User, host: User
    ) -> None:
        tie = confirm_alumni(tie=say(program, startup, founder), actor=host, now=NOW)
        withdraw_alumni(tie=tie, side=AlumniSide.PROGRAM, actor=host, now=NOW)
        left = AlumniTie.objects.get()
        assert (left.is_confirmed, left.said_by(AlumniSide.STARTUP)) == (False, True)
        assert not AlumniTie.objects.to_answer(program.incubator.organisation).exists()
        assert say(program, startup, host, "program").is_confirmed

    def test_only_those_who_write_for_a_side_say_it_and_answer(
        self, program: Program, startup: Startup, founder: User, host: User
    ) -> None:
        with pytest.raises(NotAllowed):
            say(program, startup, host)
        tie = say(program, startup, founder)
        for verb in (confirm_alumni, refuse_alumni):
            with pytest.raises(NotAllowed):
                verb(tie=tie, actor=founder, now=NOW)
        with pytest.raises(NotAllowed):
            withdraw_alumni(tie=tie, side=AlumniSide.STARTUP, actor=host, now=NOW)
        Membership.objects.filter(user=founder).update(role=Role.VIEWER)
        with pytest.raises(NotAllowed):
            withdraw_alumni(tie=tie, side=AlumniSide.STARTUP, actor=founder, now=NOW)

    def test_of_a_program_that_nobody_claimed_it_waits_without_a_mail(
        self, startup: Startup, founder: User
    ) -> None:
        tie = say(program_of(None), startup, founder)
        assert tie.asked_side == AlumniSide.PROGRAM
        assert mails() == []

    def test_whoever_is_not_answered_does_not_ask_without_end(
        self, startup: Startup, founder: User, host: User
    ) -> None:
        for number in range(MOST_WAITING):
            say(program_of(host, number), startup, founder)
        with pytest.raises(TooManyWaiting):
            say(program_of(host, 99), startup, founder)

    def test_somebody_said_it(self, program: Program, startup: Startup) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            AlumniTie.objects.create(program=program, startup=startup)


class TestThePages:
    def open(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def test_both_pages_say_it_and_closed_organisations_keep_theirs(
        self, program: Program, startup: Startup, founder: User, host: User
    ) -> None:
        tie = say(program, startup, founder)
        with translation.override("en"):
            pages = [program.get_absolute_url(), startup.get_absolute_url()]
        before = [Client().get(page).content.decode() for page in pages]
        assert [words in page for words, page in zip(("Nordet", "Rue 1"), before, strict=True)] == [
            False,
            False,
        ]
        confirm_alumni(tie=tie, actor=host, now=NOW)
        Startup.objects.update(state=ListingState.CLOSED)
        Incubator.objects.update(state=ListingState.CLOSED)
        after = [Client().get(page).content.decode() for page in pages]
        assert "Nordet</a>" in after[0]
        assert "Rue 1</a>" in after[1]

    def test_a_member_finds_a_program_says_it_and_the_other_side_confirms(
        self, program: Program, startup: Startup, founder: User, host: User
    ) -> None:
        mine, theirs = startup.organisation, program.incubator.organisation
        assert mine is not None
        assert theirs is not None
        with translation.override("en"):
            page = reverse("alumni", args=[mine.pk])
            answer = reverse("alumni", args=[theirs.pk])
            client = self.open(founder)
            # No database takes a NUL: pasted along, it is a space.
            html = client.get(page, {"q": "tremplin\x00"}).content.decode()
            assert "We went through it" in html
            sent = {"side": "startup", "startup": startup.pk, "program": program.pk, "year": "2024"}
            said = client.post(reverse("alumni_say", args=[mine.pk]), sent, follow=True)
            assert "The other side is asked" in said.content.decode()
            other = self.open(host)
            assert "cohort of 2024" in other.get(answer).content.decode()
            tie = AlumniTie.objects.get()
            address = reverse("alumni_answer", args=[theirs.pk, tie.pk])
            done = other.post(address, {"answer": "confirm"}, follow=True).content.decode()
            assert "Confirmed: the pages of Nordet" in done
            withdrawn = other.post(address, {"answer": "withdraw"}, follow=True).content.decode()
            assert "Taken back" in withdrawn

    @pytest.mark.parametrize("year", ["1830", "2200", "hier"])
    def test_a_year_that_is_none_is_said(
        self, program: Program, startup: Startup, founder: User, year: str
    ) -> None:
        assert startup.organisation is not None
        sent = {"side": "startup", "startup": startup.pk, "program": program.pk, "year": year}
        address = reverse("alumni_say", args=[startup.organisation.pk])
        assert self.open(founder).post(address, sent).status_code == 422
        assert not AlumniTie.objects.exists()

    def test_nobody_speaks_for_the_startup_of_another(
        self, program: Program, startup: Startup, founder: User
    ) -> None:
        assert startup.organisation is not None
        rival = factories.make_startup(factories.make_user("rival"))
        sent = {"side": "startup", "startup": rival.pk, "program": program.pk}
        address = reverse("alumni_say", args=[startup.organisation.pk])
        assert self.open(founder).post(address, sent).status_code == 422

    def test_of_others_it_is_not_there(
        self, program: Program, startup: Startup, founder: User
    ) -> None:
        tie = say(program, startup, founder)
        assert startup.organisation is not None
        stranger = factories.make_user("passage")
        own = factories.make_startup(stranger).organisation
        assert own is not None
        client = self.open(stranger)
        assert client.get(reverse("alumni", args=[startup.organisation.pk])).status_code == 404
        address = reverse("alumni_answer", args=[own.pk, tie.pk])
        assert client.post(address, {"answer": "confirm"}).status_code == 404

    def test_it_waits_in_the_workspace_of_the_side_that_is_asked(
        self, program: Program, startup: Startup, founder: User, host: User
    ) -> None:
        say(program, startup, founder)
        asked = list(rows(host, program.incubator.organisation, NOW + timedelta(days=1)))
        mine = list(rows(founder, startup.organisation, NOW + timedelta(days=1)))
        assert [(r.url_name, r.due) for r in asked if r.url_name == "alumni"] == [("alumni", NOW)]
        assert [r for r in mine if r.url_name == "alumni"] == []

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_page_asks_as_much_for_one_as_for_three(
        self,
        startup: Startup,
        founder: User,
        host: User,
        count: int,
        django_assert_num_queries: Any,
    ) -> None:
        for number in range(count):
            tie = say(program_of(host, number), startup, founder)
            if number:
                confirm_alumni(tie=tie, actor=host, now=NOW)
        assert startup.organisation is not None
        client, address = self.open(founder), reverse("alumni", args=[startup.organisation.pk])
        client.get(address)
        with django_assert_num_queries(PAGE_QUERIES):
            client.get(address)
