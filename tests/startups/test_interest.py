"""A startup sends its public profile to an intake; both sides follow it, and nobody else."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from core.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from core.audit.models import AuditEntry
from core.exceptions import IllegalMove, NotAllowed
from core.freeze import fingerprint
from core.limits import TooManyRequests
from core.notifications.models import Message
from core.registry import rows_for
from startups.domain import answering, interest
from startups.enums import ApplyBy, InterestSide, InterestState, ListingState
from startups.models import Incubator, Intake, Interest, InterestWord, Program, Startup
from startups.retention.exchanges import _past
from tests import factories

pytestmark = pytest.mark.django_db
NOW = timezone.now()
OUTSIDER = 404


def make_program(owner: User, **fields: Any) -> Program:
    """A live program whose incubator ``owner`` owns."""
    number = Organisation.objects.count()
    organisation = Organisation.objects.create(
        name=f"Incubateur {number}", slug=f"inc-{number}", kind=OrganisationKind.SUPPORT
    )
    Membership.objects.create(user=owner, organisation=organisation, role=Role.OWNER)
    words = {"summary_fr": "Une phrase.", "about_fr": "Un paragraphe.", "live": True}
    incubator = Incubator.objects.create(
        slug=f"inc-{number}",
        name=f"Incubateur {number}",
        kind="incubator",
        organisation=organisation,
        **words,
    )
    program: Program = Program.objects.create(
        **{
            "slug": f"prog-{number}",
            "incubator": incubator,
            "name_fr": "Accélération d’hiver",
            "name_en": "Winter acceleration",
            **words,
            **fields,
        }
    )
    return program


def make_intake(program: Program, now: datetime = NOW, **fields: Any) -> Intake:
    """An intake of ``program`` that is open for ten days."""
    dates = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=10)}
    intake: Intake = Intake.objects.create(program=program, **{**dates, **fields})
    return intake


@pytest.fixture
def founder() -> User:
    return factories.make_user("fondation", language="en")


@pytest.fixture
def reader() -> User:
    return factories.make_user("lecture")


@pytest.fixture
def startup(founder: User) -> Startup:
    return factories.make_startup(founder)


@pytest.fixture
def intake(reader: User) -> Intake:
    return make_intake(make_program(reader))


def show(intake: Intake, startup: Startup, actor: User, **fields: Any) -> Interest:
    given = {"solutions": list(startup.solutions.all()), "word": "Bonjour.", "now": NOW}
    return interest.show_interest(
        intake=intake, startup=startup, actor=actor, **{**given, **fields}
    )


def move(found: Interest, to: InterestState, actor: User, reason: str = "") -> Interest:
    return answering.move_interest(
        interest=found, to=to, actor=actor, now=timezone.now(), reason=reason
    )


def say(found: Interest, side: InterestSide, actor: User, text: str = "Mardi ?") -> InterestWord:
    return answering.say(interest=found, side=side, text=text, actor=actor, now=timezone.now())


class TestSending:
    def test_a_frozen_copy_leaves_and_the_incubator_is_told(
        self, intake: Intake, startup: Startup, founder: User, reader: User
    ) -> None:
        found = show(intake, startup, founder)
        assert found.state == InterestState.NEW
        assert found.fingerprint == fingerprint(found.frozen)
        facts = {f["name"]: f["value"] for f in found.frozen["startup"]["facts"]}
        assert facts["tagline_en"] == {"fr": "A sentence.", "en": "A sentence."}
        assert [s["slug"] for s in found.frozen["solutions"]] == [startup.solutions.get().slug]
        letter = Message.objects.get(event="interest_received")
        assert letter.user == reader
        assert startup.name in letter.subject
        assert founder.email not in letter.text + letter.html

    def test_a_second_click_makes_one(
        self, intake: Intake, startup: Startup, founder: User
    ) -> None:
        assert show(intake, startup, founder) == show(intake, startup, founder)
        assert Interest.objects.count() == 1
        assert Message.objects.filter(event="interest_received").count() == 1

    def test_the_database_keeps_one_standing(
        self, intake: Intake, startup: Startup, founder: User
    ) -> None:
        first = show(intake, startup, founder)
        with pytest.raises(IntegrityError), transaction.atomic():
            Interest.objects.create(
                intake=intake,
                startup=startup,
                organisation=first.organisation,
                frozen={},
                fingerprint="x",
                sent_at=NOW,
                moved_at=NOW,
            )

    def test_withdrawn_it_is_sent_again(
        self, intake: Intake, startup: Startup, founder: User
    ) -> None:
        first = show(intake, startup, founder)
        interest.withdraw_interest(interest=first, actor=founder, now=NOW)
        again = show(intake, startup, founder)
        assert again.pk != first.pk
        assert again.state == InterestState.NEW

    @pytest.mark.parametrize(
        ("changes", "allowed"),
        [
            ({}, True),
            ({"opens_at": NOW + timedelta(days=3)}, True),
            ({"is_rolling": True, "opens_at": None, "closes_at": None}, True),
            ({"closes_at": NOW}, True),
            ({"cancelled_at": NOW}, False),
            ({"apply_by": ApplyBy.WEB, "apply_url": "https://ailleurs.example/"}, False),
            ({"apply_by": ApplyBy.EMAIL, "apply_email": "a@ailleurs.example"}, False),
        ],
    )
    def test_which_intakes_take_it(
        self, reader: User, startup: Startup, founder: User, changes: Any, allowed: bool
    ) -> None:
        intake = make_intake(make_program(reader), **changes)
        assert interest.takes_interest(intake, NOW) is allowed
        if allowed:
            assert show(intake, startup, founder).pk
        else:
            with pytest.raises(interest.NotTakenHere):
                show(intake, startup, founder)

    def test_after_the_close_it_is_refused_with_the_time(
        self, reader: User, startup: Startup, founder: User
    ) -> None:
        close = datetime.fromisoformat("2026-03-02T22:00:00+00:00")
        intake = make_intake(make_program(reader), now=close, closes_at=close)
        with pytest.raises(interest.IntakeClosed, match="2 mars 2026 à 17"):
            show(intake, startup, founder, now=close + timedelta(microseconds=1))
        assert show(intake, startup, founder, now=close).pk

    def test_a_program_nobody_speaks_for_reads_nothing(
        self, intake: Intake, startup: Startup, founder: User
    ) -> None:
        Incubator.objects.update(organisation=None)
        with pytest.raises(interest.NotTakenHere):
            show(Intake.objects.get(pk=intake.pk), startup, founder)

    def test_a_closed_program_takes_nothing(
        self, intake: Intake, startup: Startup, founder: User
    ) -> None:
        Program.objects.filter(pk=intake.program_id).update(state=ListingState.CLOSED)
        with pytest.raises(interest.NotTakenHere):
            show(Intake.objects.get(pk=intake.pk), startup, founder)

    def test_only_what_is_public_leaves(
        self, intake: Intake, startup: Startup, founder: User
    ) -> None:
        startup.solutions.update(live=False)
        assert show(intake, startup, founder).frozen["solutions"] == []
        Startup.objects.update(live=False)
        other = make_intake(intake.program)
        with pytest.raises(interest.ProfileNotPublic):
            show(other, startup, founder)

    def test_what_changed_after_it_was_read_is_read_again(
        self, intake: Intake, startup: Startup, founder: User
    ) -> None:
        read = interest.profile_to_send(startup, []).fingerprint
        Startup.objects.update(tagline_fr="Une autre phrase.")
        with pytest.raises(interest.ProfileChanged):
            show(intake, startup, founder, solutions=[], fingerprint=read)
        assert not Interest.objects.exists()

    @pytest.mark.parametrize("role", [Role.VIEWER, Role.FINANCE])
    def test_others_of_the_startup_do_not_send(
        self, intake: Intake, startup: Startup, role: Role
    ) -> None:
        assert startup.organisation is not None
        person = factories.make_user()
        Membership.objects.create(user=person, organisation=startup.organisation, role=role)
        with pytest.raises(NotAllowed):
            show(intake, startup, person)

    def test_a_startup_does_not_flood(self, reader: User, startup: Startup, founder: User) -> None:
        program = make_program(reader)
        for _n in range(interest.MOST_SENT_AN_HOUR):
            show(make_intake(program), startup, founder)
        with pytest.raises(TooManyRequests):
            show(make_intake(program), startup, founder)


class TestAnswering:
    @pytest.fixture
    def found(self, intake: Intake, startup: Startup, founder: User) -> Interest:
        return show(intake, startup, founder)

    def test_it_moves_and_the_startup_is_told(
        self, found: Interest, reader: User, founder: User
    ) -> None:
        move(found, InterestState.SEEN, reader)
        assert not Message.objects.filter(event="interest_moved").exists()
        move(found, InterestState.INVITED, reader)
        letter = Message.objects.get(event="interest_moved")
        assert (letter.user, letter.language) == (founder, "en")
        assert letter.subject.strip() == "Winter acceleration answered your interest"
        assert reader.email not in letter.text + letter.html

    def test_a_refusal_has_its_reason(self, found: Interest, reader: User) -> None:
        with pytest.raises(answering.NoReason):
            move(found, InterestState.DECLINED, reader, "  ")
        move(found, InterestState.DECLINED, reader, "La cohorte est complète.")
        found.refresh_from_db()
        assert found.declined_reason == "La cohorte est complète."
        assert "La cohorte est complète." in Message.objects.get(event="interest_moved").text
        with pytest.raises(IntegrityError), transaction.atomic():
            Interest.objects.update(declined_reason="")

    def test_a_refusal_is_taken_back(self, found: Interest, reader: User) -> None:
        move(found, InterestState.DECLINED, reader, "Trop tôt.")
        with pytest.raises(IllegalMove):
            move(found, InterestState.INVITED, reader)
        again = move(found, InterestState.TALKING, reader)
        assert (again.state, again.declined_reason) == (InterestState.TALKING, "")

    def test_words_go_both_ways_without_an_address(
        self, found: Interest, reader: User, founder: User
    ) -> None:
        say(found, InterestSide.PROGRAM, reader, "Mardi ?")
        found.refresh_from_db()
        assert (found.state, found.waits_for) == (InterestState.TALKING, InterestSide.STARTUP)
        say(found, InterestSide.STARTUP, founder, "Oui.")
        to_startup = Message.objects.get(event="interest_word")
        to_program = Message.objects.get(event="interest_reply")
        assert (to_startup.user, to_program.user) == (founder, reader)
        assert "Mardi ?" in to_startup.text
        assert "Oui." in to_program.text
        assert reader.email not in to_startup.text + to_startup.html + str(to_startup.headers)
        assert founder.email not in to_program.text + to_program.html + str(to_program.headers)

    def test_each_side_speaks_for_itself(
        self, found: Interest, reader: User, founder: User
    ) -> None:
        for side, person in ((InterestSide.PROGRAM, founder), (InterestSide.STARTUP, reader)):
            with pytest.raises(NotAllowed):
                say(found, side, person)
        with pytest.raises(NotAllowed):
            move(found, InterestState.INVITED, founder)
        with pytest.raises(NotAllowed):
            interest.withdraw_interest(interest=found, actor=reader, now=NOW)

    def test_once_settled_nothing_more_is_said(
        self, found: Interest, reader: User, founder: User
    ) -> None:
        interest.withdraw_interest(interest=found, actor=founder, now=NOW)
        with pytest.raises(answering.InterestEnded):
            say(found, InterestSide.PROGRAM, reader)
        with pytest.raises(IllegalMove):
            move(found, InterestState.INVITED, reader)

    def test_several_are_seen_at_once(self, found: Interest, intake: Intake, reader: User) -> None:
        owner = factories.make_user()
        theirs = show(intake, factories.make_startup(owner), owner)
        elsewhere = show(
            make_intake(make_program(factories.make_user())), factories.make_startup(owner), owner
        )
        organisation = intake.program.incubator.organisation
        assert organisation is not None
        keys = [found.pk, theirs.pk, elsewhere.pk]
        for expected in (2, 0):
            moved = answering.mark_seen(
                interests=keys, organisation=organisation, actor=reader, now=NOW
            )
            assert moved == expected
        elsewhere.refresh_from_db()
        assert elsewhere.state == InterestState.NEW
        assert AuditEntry.objects.filter(action="interest.seen").count() == 2

    def test_the_audit_says_nothing_of_who(self, found: Interest, reader: User) -> None:
        move(found, InterestState.INVITED, reader)
        lines = AuditEntry.objects.filter(action__startswith="interest.")
        assert {line.action: line.public for line in lines} == {
            "interest.sent": {},
            "interest.invited": {},
        }

    def test_it_waits_in_the_workspace_of_each_side(
        self, found: Interest, reader: User, founder: User
    ) -> None:
        assert titles(reader) == ["1 jeune pousse s’intéresse à vos programmes"]
        say(found, InterestSide.PROGRAM, reader)
        assert titles(reader) == []
        assert titles(founder) == ["«\xa0Accélération d’hiver\xa0» a répondu"]
        answering.mark_read(interest=found, side=InterestSide.STARTUP, actor=founder, now=NOW)
        assert titles(founder) == []
        say(found, InterestSide.STARTUP, founder)
        assert titles(reader) == [f"{found.startup.name} vous a écrit"]


def titles(user: User) -> list[str]:
    """What of interests waits for ``user``."""
    organisation = user.memberships.get().organisation
    rows = rows_for(user, organisation, timezone.now())
    return [str(row.title) for row in rows if row.url_name.startswith("interest")]


class TestPages:
    @pytest.fixture
    def found(self, intake: Intake, startup: Startup, founder: User) -> Interest:
        return show(intake, startup, founder)

    def address(self, name: str, *args: Any) -> str:
        with translation.override("fr"):
            return reverse(name, args=args)

    def test_the_door_stands_at_intakes_that_take_it(
        self, client: Client, intake: Intake, reader: User
    ) -> None:
        taken = self.address("interest_send", intake.program.slug, intake.pk)
        elsewhere = make_intake(
            intake.program, apply_by=ApplyBy.WEB, apply_url="https://ailleurs.example/"
        )
        page = client.get(intake.program.get_absolute_url()).content.decode()
        assert taken in page
        assert self.address("interest_send", intake.program.slug, elsewhere.pk) not in page

    def test_one_reads_the_copy_and_then_sends_it(
        self, client: Client, intake: Intake, startup: Startup, founder: User
    ) -> None:
        client.force_login(founder)
        page = self.address("interest_send", intake.program.slug, intake.pk)
        typed = {"startup": startup.pk, "solutions": [startup.solutions.get().pk], "word": "Oui"}
        read = client.post(page, typed)
        assert not Interest.objects.exists()
        print_read = read.context["copy"].fingerprint
        assert print_read in read.content.decode()
        sent = client.post(page, {**typed, "fingerprint": print_read})
        found = Interest.objects.get()
        assert sent.headers["Location"] == self.address("interest_sent", found.pk)
        assert found.fingerprint == print_read

    def test_a_changed_profile_is_shown_again(
        self, client: Client, intake: Intake, startup: Startup, founder: User
    ) -> None:
        client.force_login(founder)
        page = self.address("interest_send", intake.program.slug, intake.pk)
        typed = {"startup": startup.pk, "word": "Oui"}
        old = client.post(page, typed).context["copy"].fingerprint
        Startup.objects.update(tagline_fr="Une autre phrase.")
        answer = client.post(page, {**typed, "fingerprint": old})
        assert answer.status_code == 200
        assert "Une autre phrase." in answer.content.decode()
        assert not Interest.objects.exists()

    def test_others_find_nothing(self, client: Client, found: Interest, intake: Intake) -> None:
        moderator = factories.make_user("moderation", "Moderators")
        stranger = factories.make_user()
        organisation = intake.program.incubator.organisation
        assert organisation is not None
        pages = [
            self.address("interest_sent", found.pk),
            self.address("interest_received", found.pk),
            self.address("interest_inbox", organisation.pk),
            self.address("interest_export", organisation.pk),
        ]
        for person in (stranger, moderator):
            client.force_login(person)
            assert [client.get(page).status_code for page in pages] == [OUTSIDER] * 4

    def test_each_side_has_its_own_page(
        self, client: Client, found: Interest, reader: User, founder: User
    ) -> None:
        sent, received = (
            self.address(name, found.pk) for name in ("interest_sent", "interest_received")
        )
        for person, answers in ((founder, [200, OUTSIDER]), (reader, [OUTSIDER, 200])):
            client.force_login(person)
            assert [client.get(page).status_code for page in (sent, received)] == answers

    def test_a_viewer_of_the_incubator_reads_and_does_not_act(
        self, client: Client, found: Interest, intake: Intake
    ) -> None:
        viewer = factories.make_user()
        organisation = intake.program.incubator.organisation
        assert organisation is not None
        Membership.objects.create(user=viewer, organisation=organisation, role=Role.VIEWER)
        client.force_login(viewer)
        page = self.address("interest_received", found.pk)
        assert client.get(page).status_code == 200
        for posted in ({"do": "move", "to": "invited"}, {"do": "say", "text": "x"}, {"do": "read"}):
            assert client.post(page, posted).status_code == 403
        inbox = self.address("interest_inbox", organisation.pk)
        assert client.post(inbox, {"interest": found.pk}).status_code == 403

    def test_the_incubator_sees_what_changed_since(
        self, client: Client, found: Interest, reader: User
    ) -> None:
        client.force_login(reader)
        page = self.address("interest_received", found.pk)
        assert client.get(page).context["changes"] == []
        Startup.objects.update(tagline_fr="Une autre phrase.")
        (change,) = client.get(page).context["changes"]
        assert (change.before, change.after) == ("Une phrase.", "Une autre phrase.")

    def test_nothing_is_answered_by_pressing_the_button(
        self, client: Client, found: Interest, reader: User
    ) -> None:
        client.force_login(reader)
        page = self.address("interest_received", found.pk)
        (first, *_others) = client.get(page).context["move_form"].fields["to"].choices
        assert first[0] == ""
        answer = client.post(page, {"do": "move", "to": "", "reason": ""})
        assert answer.status_code == 422
        assert Interest.objects.get().state == "new"
        assert not Message.objects.filter(event="interest_moved").exists()

    def test_a_refusal_without_a_reason_keeps_what_was_typed(
        self, client: Client, found: Interest, reader: User
    ) -> None:
        client.force_login(reader)
        page = self.address("interest_received", found.pk)
        answer = client.post(page, {"do": "move", "to": "declined", "reason": ""})
        assert answer.status_code == 422
        assert "Dites pourquoi" in answer.content.decode()
        assert '<option value="declined" selected>' in answer.content.decode()

    def test_the_file_holds_what_was_sent_and_runs_nowhere(
        self, client: Client, intake: Intake, reader: User, founder: User
    ) -> None:
        startup = factories.make_startup(founder, name="=1+1", website="https://a.example")
        show(intake, startup, founder, word="@dehors")
        Startup.objects.update(name="Après", website="https://b.example")
        organisation = intake.program.incubator.organisation
        assert organisation is not None
        client.force_login(reader)
        answer = client.get(self.address("interest_export", organisation.pk))
        (row,) = csv.DictReader(io.StringIO(answer.content.decode()))
        assert (row["startup"], row["word"]) == ("'=1+1", "'@dehors")
        assert row["website"] == "https://a.example"
        assert founder.email not in answer.content.decode()

    @pytest.mark.parametrize("size", [1, 3])
    def test_the_inbox_asks_the_same_of_the_database(
        self, client: Client, intake: Intake, reader: User, size: int
    ) -> None:
        for _n in range(size):
            owner = factories.make_user()
            show(intake, factories.make_startup(owner), owner)
        organisation = intake.program.incubator.organisation
        assert organisation is not None
        client.force_login(reader)
        page = self.address("interest_inbox", organisation.pk)
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(page)
        assert len(answer.context["page"].object_list) == size
        assert len(asked) == 9

    def test_filters_narrow_the_inbox(
        self, client: Client, found: Interest, intake: Intake, reader: User
    ) -> None:
        organisation = intake.program.incubator.organisation
        assert organisation is not None
        client.force_login(reader)
        page = self.address("interest_inbox", organisation.pk)
        for query, expected in (
            ("", 1),
            ("?state=new", 1),
            ("?state=invited", 0),
            ("?state=nonsense", 1),
            (f"?intake={intake.pk}", 1),
            ("?intake=0", 0),
            ("?intake=%00&page=x", 1),
        ):
            answer = client.get(page + query)
            assert len(answer.context["page"].object_list) == expected, query


class TestWhatIsKept:
    def test_old_settled_ones_leave(self, intake: Intake, startup: Startup, founder: User) -> None:
        found = show(intake, startup, founder)
        later = NOW + timedelta(days=400)
        Intake.objects.update(is_rolling=True, opens_at=None, closes_at=None)
        assert not _past(later).exists()
        interest.withdraw_interest(interest=found, actor=founder, now=NOW)
        assert list(_past(later)) == [found]
        assert not _past(NOW - timedelta(days=1)).exists()

    def test_the_author_is_forgotten_and_the_words_stay(
        self, intake: Intake, startup: Startup, founder: User
    ) -> None:
        from core.registry import erasers, exporters

        found = show(intake, startup, founder)
        say(found, InterestSide.STARTUP, founder, "Encore ceci.")
        said = [row["words"] for row in exporters["interests"].rows(founder)]
        assert said == ["Bonjour.", "Encore ceci."]
        assert erasers["interests"].erase(founder, NOW) == 2
        found.refresh_from_db()
        assert (found.sent_by, found.words.get().written_by) == (None, None)
        assert found.words.get().text == "Encore ceci."
