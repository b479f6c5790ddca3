"""The letters of saved searches: what is new, each thing once, and nothing when nothing is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from core import queue
from core.following.domain.following import stop_following
from core.following.enums import Frequency
from core.following.models import ConsentWay, Follow, Follower
from core.notifications.models import Message
from core.taxonomy.models import Theme
from pilots.models import Challenge
from pilots.signals import record_changed
from search import news, switching, targets, vocabulary
from search.domain import telling
from search.models import Appearance, Index, SavedSearch, Told
from search.port import Document, Key, Query
from search.saved import KIND, kept_params, slug_of
from tests import factories

pytestmark = pytest.mark.django_db
# The last Wednesday, noon on the city's clocks, then the mornings when letters leave: what is open
# is so by the present clock.
TODAY = datetime.now(UTC)
NOON = (TODAY - timedelta(days=(TODAY.weekday() - 2) % 7)).replace(
    hour=17, minute=0, second=0, microsecond=0
)
THURSDAY = NOON + timedelta(hours=19, minutes=10)
FRIDAY = THURSDAY + timedelta(days=1)
MONDAY = THURSDAY + timedelta(days=4)


def save(query: Query, frequency: Frequency = Frequency.DAILY, **fields: Any) -> SavedSearch:
    """A search that somebody confirmed on Wednesday at noon."""
    values = {"email": f"suit{Follower.objects.count()}@maison.example", "language": "fr"}
    follower = Follower.objects.create(created_at=NOON, **{**values, **fields})
    params = kept_params(query)
    follow = Follow.objects.create(
        follower=follower,
        kind=KIND,
        slug=slug_of(params, query.language),
        asked_at=NOON,
        confirmed_at=NOON,
    )
    saved: SavedSearch = SavedSearch.objects.create(
        follow=follow,
        params=params,
        language=query.language,
        frequency=frequency,
        told_until=NOON,
    )
    return saved


def publish(title: str, **fields: Any) -> Any:
    """A challenge that is found at once."""
    challenge = factories.make_challenge(
        NOON, title_fr=title, title_en="", closes_at=MONDAY + timedelta(days=9), **fields
    )
    index(challenge)
    return challenge


def index(challenge: Any) -> None:
    """What a verb says when it changed a challenge, and what the worker does of it."""
    challenge.save()
    record_changed.send(Challenge, pk=challenge.pk)
    queue.drain()
    engine, generation = switching.own()
    (said,) = news.documents_by_key([Key("challenge", challenge.pk)]).values()
    engine.write(generation, list(said.values()), position=1)
    vocabulary.forget()


def begin() -> None:
    """What is there on Wednesday is no news."""
    publish("Un défi d’avant sur la neige")
    news.note_new(NOON)


def leave(now: datetime) -> int:
    """The letters of that morning, of both frequencies."""
    both = (Frequency.DAILY, Frequency.WEEKLY)
    return sum(telling.make_letters(frequency=frequency, now=now) for frequency in both)


def letters() -> list[Message]:
    return list(Message.objects.filter(event="follow_search").order_by("pk"))


SNOW = Query("neige", "fr", kinds=("challenge",))


class TestOnce:
    """Each thing once."""

    def test_what_is_new_is_told_and_not_again(self) -> None:
        begin()
        saved = save(SNOW)
        challenge = publish("Trottoirs sans neige")
        publish("Des bancs au soleil")
        assert leave(THURSDAY) == 1
        (letter,) = letters()
        assert letter.to_email == saved.follow.follower.email
        assert letter.subject == "Du nouveau\u00a0: «\u00a0neige\u00a0» parmi les défis"
        assert "Trottoirs sans neige" in letter.text
        assert f"/fr/defis/{challenge.slug}/" in letter.text
        assert "\nDéfi" in letter.text
        assert "bancs" not in letter.text
        assert "d’avant" not in letter.text
        assert "/fr/recherche/?q=neige&kind=challenge" in letter.text
        assert leave(THURSDAY + timedelta(minutes=10)) == 0
        assert leave(FRIDAY) == 0
        assert list(Told.objects.values_list("saved", "kind", "object_pk")) == [
            (saved.pk, "challenge", challenge.pk)
        ]

    def test_an_empty_letter_is_never_sent(self) -> None:
        begin()
        saved = save(SNOW)
        assert leave(THURSDAY) == 0
        saved.refresh_from_db()
        assert saved.told_until == THURSDAY

    def test_what_changes_or_comes_back_is_no_news(self) -> None:
        begin()
        save(SNOW)
        challenge = publish("Trottoirs sans neige")
        assert leave(THURSDAY) == 1
        challenge.title_fr = "Trottoirs toujours sans neige"
        index(challenge)
        assert leave(FRIDAY) == 0

    def test_two_searches_are_two_letters(self) -> None:
        begin()
        first = save(SNOW)
        save(Query("trottoir", "fr"), email=first.follow.follower.email + ".autre")
        publish("Trottoirs sans neige")
        assert leave(THURSDAY) == 2

    def test_the_database_refuses_to_tell_twice(self) -> None:
        saved = save(SNOW)
        Told.objects.create(saved=saved, kind="pilot", object_pk=4)
        with pytest.raises(IntegrityError), transaction.atomic():
            Told.objects.create(saved=saved, kind="pilot", object_pk=4)

    def test_the_newest_are_named_and_the_others_counted(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(telling, "MOST_LINES", 2)
        begin()
        save(SNOW)
        for n in range(5):
            publish(f"Neige numéro {n}")
        assert leave(THURSDAY) == 1
        text = letters()[0].text
        assert text.count("Neige numéro") == 2
        assert "Autres résultats nouveaux\u00a0: 3." in text
        assert Told.objects.count() == 5
        assert leave(FRIDAY) == 0


def test_a_line_says_what_it_is_and_when_it_closes() -> None:
    # On the city's clocks the 9th is not over, though the 10th has begun in UTC.
    closes = datetime(2026, 12, 10, 4, 59, tzinfo=UTC)
    said = Document("challenge", 1, "fr", "neige", "Neige", "/fr/defis/neige/", closes_at=closes)
    with translation.override("fr"):
        open_now, over = (telling._line(said, now) for now in (closes - timedelta(days=9), closes))
    assert open_now == {
        "title": "Neige",
        "kind": "Défi",
        "closes": "9 décembre 2026",
        "link": "/fr/defis/neige/",
    }
    assert over["closes"] == ""


class TestWhen:
    """A rhythm for each search."""

    def test_the_week_s_letter_leaves_on_monday(self) -> None:
        begin()
        save(SNOW, Frequency.WEEKLY)
        publish("Trottoirs sans neige")
        assert leave(THURSDAY) == 0
        news.note_new(THURSDAY)
        assert leave(MONDAY) == 1
        assert leave(MONDAY + timedelta(days=1)) == 0

    def test_nothing_before_it_is_confirmed(self) -> None:
        begin()
        saved = save(SNOW)
        Follow.objects.filter(pk=saved.follow_id).update(confirmed_at=None)
        publish("Trottoirs sans neige")
        assert leave(THURSDAY) == 0
        # Confirmed after it appeared: it was there to be read.
        Follow.objects.filter(pk=saved.follow_id).update(confirmed_at=THURSDAY + timedelta(hours=1))
        news.note_new(THURSDAY)
        assert leave(FRIDAY) == 0
        publish("Neige de vendredi")
        assert leave(FRIDAY + timedelta(days=1)) == 1
        assert "sans neige" not in letters()[0].text

    def test_one_who_is_gone_receives_nothing(self) -> None:
        begin()
        user = factories.make_user("parti", is_active=False)
        save(SNOW, email="", user=user)
        publish("Trottoirs sans neige")
        assert leave(THURSDAY) == 0


class TestWhatIsNew:
    """Findable for the first time, or newly of the status asked for."""

    def test_the_first_look_at_a_kind_is_no_news(self) -> None:
        saved = save(Query("neige", "fr"))
        publish("Trottoirs sans neige")
        assert leave(THURSDAY) == 0
        shown = Appearance.objects.filter(kind="challenge").exclude(object_pk=news.LOOKED_AT)
        assert shown.get().appeared_at is None
        saved.refresh_from_db()
        assert saved.told_until == THURSDAY

    def test_the_first_record_ever_of_a_kind_is_news(self) -> None:
        """There was none to be found when the looking began."""
        assert not Appearance.objects.exists()
        news.note_new(NOON)
        save(SNOW)
        publish("Trottoirs sans neige")
        assert leave(THURSDAY) == 1

    def test_what_a_first_look_that_was_cut_short_did_not_reach_is_no_news(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = publish("Neige un"), publish("Neige deux")
        save(SNOW)
        monkeypatch.setattr(news, "AT_ONCE", 1)
        note = news._note

        def dies(keys: list[Key], *args: Any) -> int:
            if keys[0] == Key("challenge", second.pk):
                raise KeyboardInterrupt
            return note(keys, *args)

        monkeypatch.setattr(news, "_note", dies)
        with pytest.raises(KeyboardInterrupt):
            news.note_new(NOON)
        monkeypatch.setattr(news, "_note", note)
        assert Appearance.objects.filter(object_pk=first.pk, kind="challenge").exists()
        assert leave(THURSDAY) == 0
        publish("Neige trois")
        assert leave(FRIDAY) == 1

    def test_an_index_that_is_being_filled_is_not_looked_at(self) -> None:
        Index.objects.update(schema="")
        save(SNOW)
        assert news.note_new(NOON) == 0
        publish("Trottoirs sans neige")
        assert not Appearance.objects.exists()
        Index.objects.update(schema=targets.schema_of(targets.DATABASE))
        assert leave(THURSDAY) == 0
        publish("Neige du soir")
        assert leave(FRIDAY) == 1

    def test_what_others_wait_for_does_not_hide_what_is_new(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One was not told for long: its past is looked at for all."""
        monkeypatch.setattr(news, "MOST_NEW", 2)
        begin()
        longer, saved = save(SNOW), save(SNOW)
        for n in range(4):
            publish(f"Neige {n}")
        news.note_new(NOON + timedelta(hours=1))
        SavedSearch.objects.filter(pk=saved.pk).update(told_until=NOON + timedelta(hours=2))
        publish("Une histoire de trottoirs, de bancs et de neige")
        assert leave(THURSDAY) == 2
        texts = {m.to_email: m.text for m in letters()}
        assert "Une histoire" in texts[saved.follow.follower.email]
        assert texts[longer.follow.follower.email].count("Neige") == 2

    def test_a_status_that_comes_is_news_to_who_asks_for_it(self) -> None:
        """The record stands since long; today it opens."""
        begin()
        challenge = publish("Neige à venir")
        news.note_new(NOON)
        Appearance.objects.filter(object_pk=challenge.pk).update(
            appeared_at=None, status="upcoming", fingerprint="before"
        )
        for query in (Query("neige", "fr", statuses=("open",)), SNOW):
            save(query)
        assert leave(THURSDAY) == 1
        assert "état\u00a0: ouvert" in letters()[0].subject
        assert "Neige à venir" in letters()[0].text
        assert leave(FRIDAY) == 0

    def test_what_is_no_longer_public_is_not_told(self) -> None:
        begin()
        save(SNOW)
        challenge = publish("Trottoirs sans neige")
        news.note_new(THURSDAY - timedelta(hours=1))
        type(challenge).objects.filter(pk=challenge.pk).update(state="draft", live=False)
        assert leave(THURSDAY) == 0

    def test_a_removed_theme_finds_nothing_and_breaks_nothing(self) -> None:
        begin()
        save(Query("neige", "fr", themes=("disparu",)))
        save(Query("neige", "fr", themes=("disparu", Theme.objects.all()[0].slug)))
        challenge = publish("Trottoirs sans neige")
        challenge.themes.set([Theme.objects.all()[0]])
        index(challenge)
        assert leave(THURSDAY) == 1
        assert "thème qui n’existe plus\u00a0: disparu" in letters()[0].subject

    def test_in_the_reader_s_language(self) -> None:
        begin()
        save(SNOW, language="en")
        publish("Trottoirs sans neige")
        assert leave(THURSDAY) == 1
        assert letters()[0].subject == "New: “neige” among challenges"
        assert "No longer follow this search" in letters()[0].text


class TestStopping:
    """One click, from the letter."""

    def test_one_click_stops_that_search_alone(self, client: Client) -> None:
        begin()
        saved = save(SNOW)
        other = Follow.objects.create(
            follower=saved.follow.follower, kind="theme", slug="x", asked_at=NOON, confirmed_at=NOON
        )
        publish("Trottoirs sans neige")
        leave(THURSDAY)
        headers = letters()[0].headers
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        stop = headers["List-Unsubscribe"].strip("<>")
        assert "«\u00a0neige\u00a0» parmi les défis" in client.get(stop).content.decode()
        answer = Client(enforce_csrf_checks=True).post(stop, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert not SavedSearch.objects.exists()
        assert Follow.objects.get() == other
        assert client.post(stop).status_code == 200


class TestInTheMiddle:
    """A worker that dies leaves whole batches; the next one goes on."""

    def test_nothing_twice_and_nothing_lost(self, monkeypatch: pytest.MonkeyPatch) -> None:
        begin()
        for _n in range(5):
            save(SNOW)
        publish("Trottoirs sans neige")
        monkeypatch.setattr(telling, "BATCH", 2)
        keep = telling.put_in_outbox
        calls = []

        def dies(rows: Any) -> int:
            calls.append(len(rows))
            written = keep(rows)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return written

        monkeypatch.setattr(telling, "put_in_outbox", dies)
        with pytest.raises(KeyboardInterrupt):
            leave(THURSDAY)
        assert (len(letters()), Told.objects.count()) == (2, 2)
        assert leave(THURSDAY + timedelta(minutes=10)) == 3
        assert len({m.to_email for m in letters()}) == len(letters()) == 5
        assert leave(THURSDAY + timedelta(minutes=20)) == 0

    def test_a_search_that_fails_hinders_no_other(self, caplog: pytest.LogCaptureFixture) -> None:
        begin()
        broken, kept = save(Query("verglas", "fr")), save(SNOW)
        SavedSearch.objects.filter(pk=broken.pk).update(params=["verglas"])
        publish("Trottoirs sans neige ni verglas")
        assert leave(THURSDAY) == 1
        assert [m.to_email for m in letters()] == [kept.follow.follower.email]
        assert f"No letter of search {broken.pk}" in caplog.text
        assert "verglas" not in caplog.text
        SavedSearch.objects.filter(pk=broken.pk).update(params={"q": "verglas"})
        assert leave(THURSDAY + timedelta(minutes=10)) == 1
        assert letters()[1].to_email == broken.follow.follower.email

    def test_who_moved_meanwhile_is_left_for_the_next_round(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begin()
        stopped, slowed, kept = save(SNOW), save(SNOW), save(SNOW)
        publish("Trottoirs sans neige")
        find = news.Changes.new_for

        def meanwhile(changes: Any, saved: SavedSearch) -> Any:
            if saved == stopped:
                follow = saved.follow
                stop_following(
                    follower=follow.follower, follows=[follow], way=ConsentWay.ACCOUNT, now=NOON
                )
                SavedSearch.objects.filter(pk=slowed.pk).update(frequency="weekly")
            return find(changes, saved)

        monkeypatch.setattr(news.Changes, "new_for", meanwhile)
        assert telling.make_letters(frequency=Frequency.DAILY, now=THURSDAY) == 1
        assert [m.to_email for m in letters()] == [kept.follow.follower.email]
        slowed.refresh_from_db()
        assert slowed.told_until == NOON
