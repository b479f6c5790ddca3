"""What startups look for: posted for a time, answered through the site, no address shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from core.accounts import roles
from core.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from core.audit.models import AuditEntry
from core.deadlines import city_time
from core.exceptions import NotAllowed
from core.limits import TooManyRequests
from core.notifications.models import Message
from core.registry import erasers, exporters, rows_for
from startups.domain import needs, relaying
from startups.enums import NeedKind, RelaySide, RelayState
from startups.matching import how_many_offer, programs_offering
from startups.models import Deployment, Need, Program, Relay, Startup
from startups.retention.exchanges import _silent
from tests import factories
from tests.startups.test_interest import make_intake, make_program

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = city_time(NOW).date()
MISSING = 404


@pytest.fixture
def founder() -> User:
    return factories.make_user("fondation", language="en")


@pytest.fixture
def startup(founder: User) -> Startup:
    return factories.make_startup(founder)


@pytest.fixture
def writer() -> User:
    return factories.make_user("ecriture")


@pytest.fixture
def company(writer: User) -> Organisation:
    made = Organisation.objects.create(
        name="Transports exemple", slug="transports", kind=OrganisationKind.PARTNER
    )
    Membership.objects.create(user=writer, organisation=made, role=Role.OWNER)
    return made


def post(startup: Startup, actor: User, **fields: Any) -> Need:
    given = {
        "kind": NeedKind.PILOT_SITE,
        "text_fr": "Une rue en pente.",
        "text_en": "A steep street.",
        "expires_on": TODAY + timedelta(days=30),
        "now": NOW,
    }
    return needs.post_need(startup=startup, actor=actor, **{**given, **fields})


def answer(need: Need, organisation: Organisation | None, actor: User, text: str = "Oui.") -> Relay:
    return relaying.answer_need(
        need=need, organisation=organisation, text=text, actor=actor, now=timezone.now()
    )


def say(relay: Relay, side: RelaySide, actor: User, text: str) -> Any:
    return relaying.say_in_relay(relay=relay, side=side, text=text, actor=actor, now=timezone.now())


def titles(user: User) -> list[str]:
    """What waits for ``user``, of needs and of conversations."""
    member = user.memberships.select_related("organisation").first()
    rows = rows_for(user, member.organisation if member else None, timezone.now())
    names = ("relay", "need_edit", "startup_needs", "moderation_relays")
    return [str(row.title) for row in rows if row.url_name in names]


class TestPosting:
    def test_it_is_on_the_board_until_its_day(self, startup: Startup, founder: User) -> None:
        need = post(startup, founder)
        last = need.expires_on
        assert last is not None
        assert list(Need.objects.current(last)) == [need]
        assert list(Need.objects.current(last + timedelta(days=1))) == []
        (line,) = AuditEntry.objects.filter(action="need.posted")
        assert line.public == {"startup": startup.slug, "kind": "pilot_site"}

    def test_posted_twice_it_stands_once(self, startup: Startup, founder: User) -> None:
        assert post(startup, founder) == post(startup, founder)
        assert startup.needs.count() == 1

    @pytest.mark.parametrize(
        ("days", "allowed"), [(-1, False), (0, True), (366, True), (367, False)]
    )
    def test_it_expires_within_a_year(
        self, startup: Startup, founder: User, days: int, allowed: bool
    ) -> None:
        expires_on = TODAY + timedelta(days=days)
        if allowed:
            assert post(startup, founder, expires_on=expires_on).pk
        else:
            with pytest.raises(needs.WrongExpiry):
                post(startup, founder, expires_on=expires_on)

    def test_french_is_required(self, startup: Startup, founder: User) -> None:
        with pytest.raises(needs.NoWords):
            post(startup, founder, text_fr=" ")

    def test_a_board_of_everything_says_nothing(self, startup: Startup, founder: User) -> None:
        for number in range(needs.MOST_CURRENT):
            post(startup, founder, text_fr=f"Besoin {number}")
        with pytest.raises(needs.TooManyNeeds):
            post(startup, founder, text_fr="Un de trop")
        needs.take_down_need(need=startup.needs.all()[0], actor=founder, now=NOW)
        assert post(startup, founder, text_fr="Un de trop").pk

    def test_posting_over_and_over_is_refused(self, startup: Startup, founder: User) -> None:
        for number in range(needs.MOST_AN_HOUR):
            made = post(startup, founder, text_fr=f"Besoin {number}")
            needs.take_down_need(need=made, actor=founder, now=NOW)
        with pytest.raises(TooManyRequests):
            post(startup, founder)
        assert startup.needs.count() == needs.MOST_AN_HOUR

    @pytest.mark.parametrize("role", [Role.VIEWER, Role.FINANCE])
    def test_others_of_the_startup_do_not_post(self, startup: Startup, role: Role) -> None:
        assert startup.organisation is not None
        person = factories.make_user()
        Membership.objects.create(user=person, organisation=startup.organisation, role=role)
        with pytest.raises(NotAllowed):
            post(startup, person)

    def test_it_is_changed_while_it_lasts(self, startup: Startup, founder: User) -> None:
        need = post(startup, founder)
        given = {
            "kind": NeedKind.DATA,
            "text_fr": "Des données.",
            "text_en": "",
            "expires_on": TODAY,
            "actor": founder,
        }
        assert needs.change_need(need=need, now=NOW, **given).kind == "data"
        with pytest.raises(needs.NeedOver):
            needs.change_need(need=need, now=NOW + timedelta(days=2), **given)

    def test_the_workspace_reminds_before_the_end(self, startup: Startup, founder: User) -> None:
        post(startup, founder, text_fr="Loin", expires_on=TODAY + timedelta(days=15))
        post(startup, founder, text_fr="Bientôt", expires_on=TODAY + timedelta(days=14))
        assert titles(founder) == ["Bientôt"]

    def test_a_moderator_closes_it_with_a_reason(self, startup: Startup, founder: User) -> None:
        moderator = factories.make_user("moderation", roles.MODERATORS)
        need = post(startup, founder)
        with pytest.raises(NotAllowed):
            needs.close_need(need=need, reason="x", actor=founder, now=NOW)
        with pytest.raises(needs.ReasonNeeded):
            needs.close_need(need=need, reason=" ", actor=moderator, now=NOW)
        needs.close_need(need=need, reason="Publicité.", actor=moderator, now=timezone.now())
        assert not Need.objects.current(TODAY).exists()
        assert not Need.objects.visible_to(factories.make_user()).exists()
        assert Need.objects.visible_to(founder).exists()
        assert titles(founder) == ["La modération a fermé votre besoin"]


class TestRelaying:
    @pytest.fixture
    def need(self, startup: Startup, founder: User) -> Need:
        return post(startup, founder)

    def test_neither_side_reads_the_others_address(
        self, need: Need, company: Organisation, writer: User, founder: User
    ) -> None:
        relay = answer(need, company, writer, "Une côte nous appartient.")
        say(relay, RelaySide.STARTUP, founder, "Merci, quand ?")
        to_startup, to_writer = Message.objects.filter(event="relay_word").order_by("pk")
        assert (to_startup.user, to_writer.user) == (founder, writer)
        assert "Une côte nous appartient." in to_startup.text
        assert "Merci, quand ?" in to_writer.text
        for letter, hidden in ((to_startup, writer), (to_writer, founder)):
            whole = f"{letter.subject}{letter.text}{letter.html}{letter.headers}"
            assert hidden.email not in whole
            assert hidden.name not in whole
        assert to_startup.subject.strip() == "A message from Transports exemple"
        assert to_writer.subject.strip() == f"Un message de {need.startup.name}"

    def test_a_second_click_adds_nothing(
        self, need: Need, company: Organisation, writer: User
    ) -> None:
        relay = answer(need, company, writer)
        assert answer(need, company, writer) == relay
        assert relay.words.count() == 1
        assert answer(need, company, writer, "Autre chose.") == relay
        assert relay.words.count() == 2
        with pytest.raises(IntegrityError), transaction.atomic():
            Relay.objects.create(
                startup=need.startup,
                need=need,
                author=writer,
                about_fr="x",
                about_en="x",
                began_at=NOW,
                moved_at=NOW,
            )

    def test_the_city_answers_as_the_city(self, need: Need, founder: User) -> None:
        staff = factories.pilot_manager()
        relay = answer(need, None, staff)
        assert "City of Montréal" in Message.objects.get(event="relay_word").subject
        say(relay, RelaySide.STARTUP, founder, "Merci.")
        assert titles(staff) == [f"{need.startup.name} vous a écrit"]
        with pytest.raises(NotAllowed):
            answer(need, None, founder)

    def test_who_may_write(
        self, need: Need, company: Organisation, founder: User, startup: Startup
    ) -> None:
        viewer = factories.make_user()
        Membership.objects.create(user=viewer, organisation=company, role=Role.VIEWER)
        with pytest.raises(NotAllowed):
            answer(need, company, viewer)
        with pytest.raises(NotAllowed):
            answer(need, startup.organisation, founder)

    def test_who_left_the_organisation_speaks_for_it_no_more(
        self, need: Need, company: Organisation, writer: User, founder: User
    ) -> None:
        relay = answer(need, company, writer)
        colleague = factories.make_user()
        Membership.objects.create(user=colleague, organisation=company, role=Role.EDITOR)
        Membership.objects.filter(user=writer).delete()
        with pytest.raises(NotAllowed):
            say(relay, RelaySide.WRITER, writer, "Encore.")
        assert not Relay.objects.visible_to(writer).exists()
        say(relay, RelaySide.STARTUP, founder, "Bonjour ?")
        assert Message.objects.filter(event="relay_word").latest("pk").user == colleague

    def test_a_need_that_is_over_is_not_answered(
        self, need: Need, company: Organisation, writer: User
    ) -> None:
        Need.objects.update(expires_on=TODAY - timedelta(days=1))
        need.refresh_from_db()
        with pytest.raises(needs.NeedOver):
            answer(need, company, writer)

    def test_nobody_writes_to_everybody(
        self, company: Organisation, writer: User, founder: User, startup: Startup
    ) -> None:
        made = [
            post(startup, founder, text_fr=f"Besoin {number}")
            for number in range(relaying.MOST_A_DAY + 1)
        ]
        for each in made[:-1]:
            answer(each, company, writer)
        with pytest.raises(relaying.EnoughToday):
            answer(made[-1], company, writer)

    def test_moderators_read_what_is_reported_and_close_it(
        self, need: Need, company: Organisation, writer: User, founder: User
    ) -> None:
        moderator = factories.make_user("moderation", roles.MODERATORS)
        relay = answer(need, company, writer)
        with pytest.raises(NotAllowed):
            relaying.report_relay(
                relay=relay, side=RelaySide.STARTUP, reason="x", actor=writer, now=NOW
            )
        assert titles(moderator) == []
        relaying.report_relay(
            relay=relay, side=RelaySide.STARTUP, reason="Publicité.", actor=founder, now=NOW
        )
        assert titles(moderator) == ["1 conversation est signalée"]
        with pytest.raises(relaying.NoReasonGiven):
            relaying.close_relay(relay=relay, reason="", actor=moderator, now=NOW)
        relaying.close_relay(relay=relay, reason="Hors sujet.", actor=moderator, now=NOW)
        relay.refresh_from_db()
        assert (relay.state, relay.closed_reason) == (RelayState.CLOSED, "Hors sujet.")
        assert titles(moderator) == []
        for side, person in ((RelaySide.STARTUP, founder), (RelaySide.WRITER, writer)):
            with pytest.raises(relaying.RelayClosed):
                say(relay, side, person, "Encore.")
        with pytest.raises(relaying.RelayClosed):
            answer(need, company, writer, "Par l’autre porte.")

    def test_nothing_wrong_and_they_read_no_more(
        self, need: Need, company: Organisation, writer: User, founder: User
    ) -> None:
        moderator = factories.make_user("moderation", roles.MODERATORS)
        relay = answer(need, company, writer)
        relaying.report_relay(
            relay=relay, side=RelaySide.STARTUP, reason="Bof.", actor=founder, now=NOW
        )
        relaying.dismiss_report(relay=relay, actor=moderator, now=NOW)
        assert not Relay.objects.reported().exists()
        assert say(relay, RelaySide.STARTUP, founder, "Pardon.").pk

    def test_a_contact_is_asked_for_the_same_way(
        self, startup: Startup, company: Organisation, writer: User, founder: User
    ) -> None:
        place = Deployment.objects.create(
            solution=startup.solutions.get(), place="Laval", year=2025, has_contact=True
        )
        given = {"organisation": company, "actor": writer, "now": NOW}
        relay = relaying.ask_contact(deployment=place, text="À qui parler ?", **given)
        letter = Message.objects.get(event="relay_word")
        assert letter.user == founder
        assert "Laval (2025)" in letter.text
        assert writer.email not in letter.text + letter.html
        place.delete()
        relay.refresh_from_db()
        assert (relay.deployment, "Laval (2025)" in relay.about_fr) == (None, True)
        silent = Deployment.objects.create(
            solution=startup.solutions.get(), place="Laval", year=2024
        )
        with pytest.raises(relaying.NobodyReads):
            relaying.ask_contact(deployment=silent, text="Et ici ?", **given)

    def test_the_author_is_forgotten_and_the_words_stay(
        self, need: Need, company: Organisation, writer: User
    ) -> None:
        relay = answer(need, company, writer, "Ceci.")
        assert [row["words"] for row in exporters["relays"].rows(writer)] == ["Ceci."]
        assert erasers["relays"].erase(writer, NOW) == 2
        assert list(exporters["relays"].rows(writer)) == []
        relay.refresh_from_db()
        assert (relay.author, relay.words.get().text) == (None, "Ceci.")
        assert list(_silent(NOW + timedelta(days=1))) == [relay]


class TestMatching:
    def test_programs_that_offer_it_the_open_doors_first(self) -> None:
        late = make_program(factories.make_user(), offers=["pilot_site"], name_fr="Tard")
        soon = make_program(factories.make_user(), offers=["mentors", "pilot_site"], name_fr="Tôt")
        make_program(factories.make_user(), offers=["mentors"], name_fr="Autre")
        make_program(factories.make_user(), offers=["pilot_site"], name_fr="Caché", live=False)
        make_intake(late, opens_at=NOW + timedelta(days=5))
        door = make_intake(soon)
        found = programs_offering(NeedKind.PILOT_SITE, NOW)
        assert [program.pk for program, _door in found] == [soon.pk, late.pk]
        first = found[0][1]
        assert first is not None
        assert first[0] == door
        assert how_many_offer([NeedKind.PILOT_SITE, NeedKind.MENTORS, NeedKind.TALENT]) == {
            NeedKind.PILOT_SITE: 2,
            NeedKind.MENTORS: 2,
        }
        assert programs_offering(NeedKind.TALENT, NOW) == []

    def test_it_stands_on_the_need_and_on_the_startup(
        self, client: Client, startup: Startup, founder: User
    ) -> None:
        make_program(factories.make_user(), offers=["pilot_site"])
        need = post(startup, founder)
        page = client.get(reverse("need_detail", args=[need.pk])).content.decode()
        assert "1 programme l’offre" in page
        assert "Accélération d’hiver" in page
        assert "1 programme l’offre" in client.get(startup.get_absolute_url()).content.decode()
        assert Program.objects.count() == 1


class TestPages:
    @pytest.mark.parametrize("size", [1, 3])
    def test_the_board_asks_the_same_of_the_database(self, client: Client, size: int) -> None:
        for number in range(size):
            owner = factories.make_user()
            post(factories.make_startup(owner), owner, text_fr=f"Besoin {number}")
        client.get("/fr/besoins/")
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/fr/besoins/?x=1")
        assert page.context["listing"].found == size
        assert len(asked) == 7

    def test_the_board_is_narrowed_by_kind_and_words(
        self, client: Client, startup: Startup, founder: User
    ) -> None:
        post(startup, founder)
        post(startup, founder, kind=NeedKind.DATA, text_fr="Des relevés.", text_en="Readings.")
        for query, expected in (("", 2), ("kind=data", 1), ("q=relevés", 1), ("q=rue+pente", 1)):
            assert client.get(f"/fr/besoins/?{query}").context["listing"].found == expected, query
        page = client.get("/en/needs/?kind=data").content.decode()
        assert "Readings." in page
        assert "Needs of startups" in page

    def test_one_answers_from_the_page_and_the_startup_replies(
        self, client: Client, startup: Startup, founder: User, company: Organisation, writer: User
    ) -> None:
        need = post(startup, founder)
        client.force_login(writer)
        sent = client.post(
            reverse("need_answer", args=[need.pk]), {"writer": company.pk, "text": "Oui."}
        )
        relay = Relay.objects.get()
        assert sent.headers["Location"] == reverse("relay", args=[relay.pk])
        client.force_login(founder)
        client.post(reverse("relay", args=[relay.pk]), {"do": "say", "text": "Parfait."})
        assert [w.side for w in relay.words.all()] == ["writer", "startup"]
        client.force_login(factories.make_user("autre"))
        assert client.get(reverse("relay", args=[relay.pk])).status_code == MISSING

    def test_one_writes_for_ones_own_organisations_only(
        self, client: Client, startup: Startup, founder: User, company: Organisation, writer: User
    ) -> None:
        other = factories.make_startup(factories.make_user())
        need = post(startup, founder)
        client.force_login(writer)
        page = reverse("need_answer", args=[need.pk])
        for named in (other.organisation_id, "city", startup.organisation_id):
            assert client.post(page, {"writer": named, "text": "Oui."}).status_code == 422
        assert not Relay.objects.exists()

    def test_a_wrong_day_keeps_what_was_typed(
        self, client: Client, startup: Startup, founder: User
    ) -> None:
        client.force_login(founder)
        page = reverse("startup_needs", args=[startup.pk])
        with translation.override("fr"):
            typed = {"kind": "data", "text_fr": "Des relevés", "expires_on": "2020-01-01"}
            answer = client.post(page, typed)
        assert answer.status_code == 422
        assert "Des relevés" in answer.content.decode()
        assert "dans les douze mois" in answer.content.decode()
        assert not Need.objects.exists()
