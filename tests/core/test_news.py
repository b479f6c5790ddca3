"""What happens to what people follow: told once, when they want it, and only while it is true."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import pilots.news
import startups.news
from core import queue
from core.following.domain import digests, news, preferences
from core.following.enums import Frequency
from core.following.models import Consent, Follow, Follower, Happening, TopicChoice
from core.notifications import delivery
from core.notifications.models import Message
from core.taxonomy.models import Theme
from pilots.domain.challenge import cancel_challenge
from pilots.enums import PilotState, VerdictOutcome
from pilots.models import Challenge, Indicator, Pilot, Reading, Stage, Verdict
from startups.models import Incubator, Intake, Program
from tests import factories

pytestmark = pytest.mark.django_db

# A Wednesday, noon on the city's clocks.
NOON = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
MORNING_AFTER = datetime(2026, 11, 26, 12, 10, tzinfo=UTC)


def stop_address(message: Message) -> str:
    """What one click calls (RFC 8058)."""
    assert message.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return str(message.headers["List-Unsubscribe"]).strip("<>")


def make_follower(*things: tuple[str, str], at: datetime | None = None, **fields: Any) -> Follower:
    """Somebody who follows ``things`` since long ago."""
    since = (at or timezone.now()) - timedelta(days=30)
    number = Follower.objects.count()
    values = {"email": f"suit{number}@maison.example", "language": "fr", **fields}
    follower = Follower.objects.create(created_at=since, **values)
    for kind, slug in things:
        Follow.objects.create(
            follower=follower, kind=kind, slug=slug, asked_at=since, confirmed_at=since
        )
    return follower


def choose(follower: Follower, frequency: Frequency, now: datetime, *topics: str) -> None:
    preferences.choose_frequencies(
        follower=follower, wanted=dict.fromkeys(topics or ("new",), frequency.value), now=now
    )


def note(challenge: Challenge, *about: tuple[str, str], at: datetime, event: str = "") -> Happening:
    name = event or "challenge_published"
    news.note_happening(
        key=f"{name}:{challenge.pk}",
        event=name,
        object_id=challenge.pk,
        about=about or [("challenge", challenge.slug)],
        now=at,
    )
    return Happening.objects.get(key=f"{name}:{challenge.pk}")


def letters() -> list[Message]:
    return list(Message.objects.filter(event="follow_news").order_by("pk"))


class TestWhatIsNoted:
    """The floors look at their records; each thing is noted once."""

    def test_a_new_challenge_reaches_its_theme_and_its_borough(self) -> None:
        theme, borough = Theme.objects.all()[0], factories.a_borough()
        challenge = factories.make_challenge()
        challenge.themes.add(theme)
        challenge.boroughs.add(borough)
        challenge.save()
        by_theme = make_follower(("theme", theme.slug))
        by_both = make_follower(("theme", theme.slug), ("borough", borough.slug))
        make_follower(("theme", Theme.objects.all()[1].slug))
        for _n in range(2):
            pilots.news.look()
            queue.drain()
        assert [m.to_email for m in letters()] == [by_theme.email, by_both.email]
        assert letters()[0].subject == f"Nouveau défi\u00a0: {challenge.title_fr}"

    def test_what_is_old_is_no_news(self) -> None:
        moment = timezone.now() - timedelta(days=10)
        factories.make_challenge(moment, closes_at=timezone.now() + timedelta(days=30))
        pilots.news.look()
        assert Happening.objects.count() == 0

    def test_looking_again_asks_as_much_for_one_as_for_three(self) -> None:
        counts = []
        for more in (1, 2):
            for _n in range(more):
                factories.make_challenge()
            pilots.news.look()
            with CaptureQueriesContext(connection) as queries:
                pilots.news.look()
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_an_unconfirmed_or_later_follow_is_told_nothing(self) -> None:
        challenge = factories.make_challenge()
        waiting = make_follower(("challenge", challenge.slug))
        Follow.objects.update(confirmed_at=None)
        late = make_follower()
        happening = note(challenge, at=timezone.now())
        Follow.objects.create(
            follower=late,
            kind="challenge",
            slug=challenge.slug,
            asked_at=timezone.now(),
            confirmed_at=timezone.now(),
        )
        assert news.tell(happening, now=timezone.now()) == 0
        assert waiting.follows.count() == 1

    def test_the_life_of_a_challenge_and_of_its_trial(self) -> None:
        now = timezone.now()
        challenge = factories.make_challenge(
            now - timedelta(days=5), closes_at=now + timedelta(days=2)
        )
        make_follower(("challenge", challenge.slug))
        pilots.news.look()
        assert list(Happening.objects.values_list("event", flat=True)) == ["challenge_closing"]
        Challenge.objects.filter(pk=challenge.pk).update(decided_at=now)
        pilot = factories.make_pilot(challenge=challenge)
        Pilot.objects.filter(pk=pilot.pk).update(
            started_at=now, hypothesis_fr="x", stop_rule_fr="x", state=PilotState.RUNNING
        )
        indicator = Indicator.objects.create(pilot=pilot, key="k", label_fr="Mesure", unit="h")
        Reading.objects.create(indicator=indicator, at=now, value=1)
        Verdict.objects.create(
            pilot=pilot,
            outcome=VerdictOutcome.STOP,
            reasons_fr="Motif",
            role_fr="Direction",
            decided_by=factories.pilot_manager(),
            decided_at=now,
        )
        for _n in range(2):
            pilots.news.look()
            queue.drain()
        assert [m.subject.partition("\u00a0:")[0] for m in letters()] == [
            "Ferme bientôt",
            "Le choix est annoncé",
            "L’essai commence",
            "Premières mesures",
            "Le verdict est rendu",
        ]

    def test_a_cancelled_challenge_says_why(self) -> None:
        challenge = factories.make_challenge()
        make_follower(("challenge", challenge.slug))
        cancel_challenge(
            challenge=challenge,
            reason_fr="Le budget manque.",
            actor=factories.manager(),
            now=timezone.now(),
        )
        pilots.news.look()
        queue.drain()
        (letter,) = letters()
        assert letter.subject.startswith("Annulé")
        assert "Le budget manque." in letter.text

    def test_a_support_organisation(self) -> None:
        now = timezone.now()
        incubator = Incubator.objects.create(
            slug="inc", name="Inc", kind="incubator", summary_fr="x", about_fr="x", live=True
        )
        program = Program.objects.create(
            slug="prog",
            incubator=incubator,
            name_fr="Programme neuf",
            summary_fr="x",
            about_fr="x",
            live=True,
            first_published_at=now,
        )
        Intake.objects.create(
            program=program, opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=9)
        )
        make_follower(("incubator", "inc"), language="en")
        for _n in range(2):
            startups.news.look()
            queue.drain()
        assert [m.subject for m in letters()] == [
            "New program of Inc: Programme neuf",
            "Intake open: Programme neuf",
        ]
        assert f"/en/programs/{program.slug}/" in letters()[0].text


class TestAtOnce:
    """One letter for each happening and follower, however often the task runs."""

    def test_a_task_that_runs_twice_writes_once(self) -> None:
        challenge = factories.make_challenge()
        make_follower(("challenge", challenge.slug))
        happening = note(challenge, at=timezone.now())
        assert news.tell(happening, now=timezone.now()) == 1
        assert news.tell(happening, now=timezone.now()) == 0
        assert len(letters()) == 1

    def test_a_closed_call_is_not_announced_as_open(self) -> None:
        challenge = factories.make_challenge()
        make_follower(("challenge", challenge.slug))
        happening = note(challenge, at=timezone.now())
        Stage.objects.update(
            opens_at=timezone.now() - timedelta(days=9),
            closes_at=timezone.now() - timedelta(days=1),
        )
        assert news.tell(happening, now=timezone.now()) == 0

    def test_each_in_their_language_and_with_their_own_links(self, client: Client) -> None:
        challenge = factories.make_challenge()
        account = factories.make_user("compte", language="en")
        first = make_follower(("challenge", challenge.slug))
        second = make_follower(("challenge", challenge.slug), email="", user=account)
        news.tell(note(challenge, at=timezone.now()), now=timezone.now())
        french, english = letters()
        assert (french.language, english.language) == ("fr", "en")
        assert english.user == account
        assert english.subject == f"New challenge: {challenge.title_en}"
        for message, follower in ((french, first), (english, second)):
            page = re.search(
                r"http://localhost:8000(/\w\w/(?:suivis|following)/[^/\s]+/)\n", message.text
            )
            assert page
            assert follower.address in client.get(page[1]).content.decode()
            assert "7c21" not in message.text + message.html
            assert "0f6a" not in message.text + message.html

    def test_who_left_is_not_written_to(self) -> None:
        challenge = factories.make_challenge()
        gone = factories.make_user("parti", is_active=False)
        make_follower(("challenge", challenge.slug), email="", user=gone)
        assert news.tell(note(challenge, at=timezone.now()), now=timezone.now()) == 0


class TestDigests:
    """A day's letter, a week's letter."""

    def test_the_hour_is_the_citys(self) -> None:
        daily, weekly = Frequency.DAILY, Frequency.WEEKLY
        seven = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
        assert digests.last_boundary(daily, NOON) == seven
        assert digests.last_boundary(daily, seven) == seven - timedelta(days=1)
        assert digests.last_boundary(daily, seven + timedelta(minutes=5)) == seven
        assert digests.last_boundary(weekly, NOON) == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
        # In summer the same hour of the city is another one of UTC.
        summer = datetime(2026, 7, 1, 17, 0, tzinfo=UTC)
        assert digests.last_boundary(daily, summer) == datetime(2026, 7, 1, 11, 0, tzinfo=UTC)

    def test_a_day_holds_each_thing_once(self) -> None:
        first, second = factories.make_challenge(NOON), factories.make_challenge(NOON)
        follower = make_follower(("theme", "t"), ("borough", "b"), at=NOON)
        choose(follower, Frequency.DAILY, NOON)
        note(first, ("theme", "t"), ("borough", "b"), at=NOON + timedelta(hours=1))
        note(second, ("theme", "t"), at=NOON + timedelta(hours=2))
        for happening in Happening.objects.all():
            assert news.tell(happening, now=NOON + timedelta(hours=3)) == 0
        assert digests.make_digests(frequency=Frequency.DAILY, now=NOON) == 0
        assert digests.make_digests(frequency=Frequency.DAILY, now=MORNING_AFTER) == 1
        assert digests.make_digests(frequency=Frequency.DAILY, now=MORNING_AFTER) == 0
        (letter,) = letters()
        assert letter.subject == "Du nouveau dans ce que vous suivez"
        assert letter.text.count(first.title_fr) == 1
        assert letter.text.count(second.title_fr) == 1
        later = MORNING_AFTER + timedelta(days=1)
        assert digests.make_digests(frequency=Frequency.DAILY, now=later) == 0

    def test_what_is_no_longer_true_is_left_out(self) -> None:
        closed, gone, kept = (factories.make_challenge(NOON) for _n in range(3))
        follower = make_follower(("theme", "t"), at=NOON)
        choose(follower, Frequency.DAILY, NOON)
        for challenge in (closed, gone, kept):
            note(challenge, ("theme", "t"), at=NOON + timedelta(hours=1))
        Stage.objects.filter(pk=closed.stage.pk).update(closes_at=NOON + timedelta(hours=2))
        Challenge.objects.filter(pk=gone.pk).update(live=False)
        assert digests.make_digests(frequency=Frequency.DAILY, now=MORNING_AFTER) == 1
        (letter,) = letters()
        assert kept.title_fr in letter.text
        assert closed.title_fr not in letter.text
        assert gone.title_fr not in letter.text

    def test_no_letter_when_nothing_is_left(self) -> None:
        challenge = factories.make_challenge(NOON)
        follower = make_follower(("challenge", challenge.slug), at=NOON)
        choose(follower, Frequency.DAILY, NOON)
        note(challenge, at=NOON + timedelta(hours=1))
        Challenge.objects.update(live=False)
        assert digests.make_digests(frequency=Frequency.DAILY, now=MORNING_AFTER) == 0
        assert letters() == []

    def test_the_week_comes_on_monday(self) -> None:
        challenge = factories.make_challenge(NOON, closes_at=NOON + timedelta(days=40))
        follower = make_follower(("challenge", challenge.slug), at=NOON)
        choose(follower, Frequency.WEEKLY, NOON)
        note(challenge, at=NOON + timedelta(hours=1))
        weekly = Frequency.WEEKLY
        assert digests.make_digests(frequency=weekly, now=NOON + timedelta(days=4)) == 0
        assert digests.make_digests(frequency=weekly, now=NOON + timedelta(days=5)) == 1
        assert digests.make_digests(frequency=weekly, now=NOON + timedelta(days=5, hours=1)) == 0

    def test_a_batch_that_was_cut_is_taken_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(digests, "BATCH", 2)
        challenge = factories.make_challenge(NOON)
        followers = [make_follower(("challenge", challenge.slug), at=NOON) for _n in range(5)]
        for follower in followers:
            choose(follower, Frequency.DAILY, NOON)
        note(challenge, at=NOON + timedelta(hours=1))
        write, calls = digests.put_in_outbox, []

        def die_in_the_second_batch(rows: Any) -> int:
            calls.append(len(rows))
            if len(calls) == 2:
                raise KeyboardInterrupt
            return write(rows)

        monkeypatch.setattr(digests, "put_in_outbox", die_in_the_second_batch)
        with pytest.raises(KeyboardInterrupt):
            digests.make_digests(frequency=Frequency.DAILY, now=MORNING_AFTER)
        assert len(letters()) == 2
        monkeypatch.setattr(digests, "put_in_outbox", write)
        assert digests.make_digests(frequency=Frequency.DAILY, now=MORNING_AFTER) == 3
        assert sorted(m.to_email for m in letters()) == sorted(f.email for f in followers)

    def test_a_change_of_rhythm_loses_and_repeats_nothing(self) -> None:
        first, second, third = (
            factories.make_challenge(NOON, closes_at=NOON + timedelta(days=40)) for _n in range(3)
        )
        follower = make_follower(("theme", "t"), at=NOON)
        choose(follower, Frequency.DAILY, NOON)
        note(first, ("theme", "t"), at=NOON + timedelta(hours=1))
        choose(follower, Frequency.WEEKLY, NOON + timedelta(hours=2))
        monday = NOON + timedelta(days=5)
        assert digests.make_digests(frequency=Frequency.DAILY, now=MORNING_AFTER) == 0
        assert digests.make_digests(frequency=Frequency.WEEKLY, now=monday) == 1
        assert first.title_fr in letters()[0].text
        # At once: what waited leaves now, and is not told again.
        happening = note(second, ("theme", "t"), at=monday + timedelta(hours=1))
        choose(follower, Frequency.AT_ONCE, monday + timedelta(hours=2))
        assert second.title_fr in letters()[1].text
        assert news.tell(happening, now=monday + timedelta(hours=3)) == 0
        # Never, then daily again: what came in between is not told.
        choose(follower, Frequency.NEVER, monday + timedelta(hours=4))
        note(third, ("theme", "t"), at=monday + timedelta(hours=5))
        choose(follower, Frequency.DAILY, monday + timedelta(hours=6))
        Happening.objects.update(told_at=monday + timedelta(days=9))
        assert digests.make_digests(frequency=Frequency.DAILY, now=monday + timedelta(days=2)) == 0
        assert len(letters()) == 2

    def test_what_is_on_its_way_at_the_choice_is_not_lost(self) -> None:
        challenge = factories.make_challenge(NOON)
        follower = make_follower(("challenge", challenge.slug), at=NOON)
        happening = note(challenge, at=NOON + timedelta(seconds=1))
        choose(follower, Frequency.DAILY, NOON + timedelta(seconds=2))
        assert news.tell(happening, now=NOON + timedelta(seconds=3)) == 0
        assert digests.make_digests(frequency=Frequency.DAILY, now=MORNING_AFTER) == 1

    def test_other_classes_keep_their_own_rhythm(self) -> None:
        challenge = factories.make_challenge(NOON, closes_at=NOON + timedelta(days=5))
        follower = make_follower(("challenge", challenge.slug), at=NOON)
        choose(follower, Frequency.DAILY, NOON, "new")
        closing = note(challenge, at=NOON + timedelta(hours=1), event="challenge_closing")
        assert news.tell(closing, now=NOON + timedelta(hours=1)) == 1

    def test_as_many_queries_for_one_reader_as_for_three(self) -> None:
        challenge = factories.make_challenge(NOON, closes_at=NOON + timedelta(days=40))
        counts = []
        for day, more in enumerate((1, 0, 2)):
            for _n in range(more):
                follower = make_follower(("challenge", challenge.slug), at=NOON)
                choose(follower, Frequency.DAILY, NOON)
                Happening.objects.all().delete()
            TopicChoice.objects.update(told_until=NOON + timedelta(days=day))
            Happening.objects.all().delete()
            note(challenge, at=NOON + timedelta(days=day, hours=1))
            with CaptureQueriesContext(connection) as queries:
                digests.make_digests(
                    frequency=Frequency.DAILY, now=MORNING_AFTER + timedelta(days=day)
                )
            counts.append(len(queries))
        assert counts[1] == counts[2]
        assert len(letters()) == 5


class TestStopping:
    """One click, without a session, without a cookie."""

    def letter(self, *things: tuple[str, str]) -> Message:
        challenge = factories.make_challenge()
        make_follower(("challenge", challenge.slug), ("theme", "t"), *things)
        about = [("challenge", challenge.slug), *things]
        news.tell(note(challenge, *about, at=timezone.now()), now=timezone.now())
        (message,) = letters()
        return message

    def test_the_headers_of_the_letter(self) -> None:
        message = self.letter()
        delivery.deliver_due()
        (sent,) = mail.outbox
        headers = sent.message()
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert stop_address(message).startswith("http://localhost:8000/fr/suivis/")
        assert stop_address(message) in message.text

    def test_a_letter_of_service_has_no_such_header(self, client: Client) -> None:
        challenge = factories.make_challenge()
        page = reverse("follow", args=["challenge", challenge.slug])
        client.post(page, {"email": "a@b.example", "language": "fr"})
        delivery.deliver_due()
        assert "List-Unsubscribe" not in mail.outbox[0].message()

    def test_reading_changes_nothing_and_one_post_stops(self) -> None:
        message = self.letter(("borough", "b"))
        client = Client(enforce_csrf_checks=True)
        path = stop_address(message).removeprefix("http://localhost:8000")
        html = client.get(path).content.decode()
        assert "Vous ne suivrez plus" in html
        assert Follow.objects.count() == 3
        for words in ("Nous ne vous écrivons plus", "C’était déjà arrêté"):
            done = client.post(path, {"List-Unsubscribe": "One-Click"})
            assert done.status_code == 200
            assert words in done.content.decode()
        # Only what the letter was about: the theme is still followed.
        assert [f.kind for f in Follow.objects.all()] == ["theme"]
        assert {p.way for p in Consent.objects.all()} == {"one_click"}
        assert "C’est déjà arrêté" in client.get(path).content.decode()

    def test_a_letter_older_than_what_it_told_stops_everything(self) -> None:
        message = self.letter()
        Happening.objects.all().delete()
        path = stop_address(message).removeprefix("http://localhost:8000")
        Client().post(path, {"List-Unsubscribe": "One-Click"})
        assert Follow.objects.count() == 0

    def test_a_digest_stops_that_digest(self) -> None:
        challenge = factories.make_challenge(NOON, closes_at=NOON + timedelta(days=40))
        follower = make_follower(("challenge", challenge.slug), at=NOON)
        choose(follower, Frequency.DAILY, NOON, "new", "results")
        choose(follower, Frequency.WEEKLY, NOON, "trials")
        note(challenge, at=NOON + timedelta(hours=1))
        digests.make_digests(frequency=Frequency.DAILY, now=MORNING_AFTER)
        (message,) = letters()
        path = stop_address(message).removeprefix("http://localhost:8000")
        assert (
            "La lettre qui vient une fois par jour s’arrête" in Client().get(path).content.decode()
        )
        Client().post(path, {"List-Unsubscribe": "One-Click"})
        assert preferences.frequencies_of(follower) == {
            "new": "never",
            "deadlines": "at_once",
            "trials": "weekly",
            "results": "never",
        }
        assert Follow.objects.count() == 1

    def test_a_forged_link_stops_nothing(self) -> None:
        message = self.letter()
        path = stop_address(message).removeprefix("http://localhost:8000")
        response = Client().post(path[:-4] + "xxx/", {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 404
        assert Follow.objects.count() == 2


class TestChoosing:
    """On the page of what one follows."""

    def test_choosing_on_the_page(self, client: Client) -> None:
        challenge = factories.make_challenge()
        person = factories.make_user("une")
        make_follower(("challenge", challenge.slug), email="", user=person)
        client.force_login(person)
        page = reverse("following")
        html = client.get(page).content.decode()
        assert "Les lettres de service" in html
        values = {"new": "weekly", "deadlines": "at_once", "trials": "never", "results": "daily"}
        done = client.post(page, values, follow=True)
        assert "nous vous écrivons comme vous l’avez choisi" in done.content.decode()
        assert preferences.frequencies_of(person.follower) == values
        assert TopicChoice.objects.count() == 3
        refused = client.post(page, {**values, "new": "hourly"})
        assert refused.status_code == 422
        assert preferences.frequencies_of(person.follower) == values
