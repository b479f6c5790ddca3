"""What a followed search must never miss, and what it must not call new."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.following.enums import Frequency
from pilots.models import Stage
from search import news
from search.models import Appearance
from search.port import Query
from tests.search.test_saved_letters import (
    FRIDAY,
    MONDAY,
    NOON,
    SNOW,
    THURSDAY,
    begin,
    index,
    leave,
    letters,
    publish,
    save,
)

pytestmark = pytest.mark.django_db
# Before the call closes, and always to come.
LATER = NOON + timedelta(days=10)
SOON = timezone.now() + timedelta(days=1)
OPEN_SNOW = Query("neige", "fr", statuses=("open",))


def opens(challenge: Any, **dates: Any) -> None:
    """Other dates, as an addendum gives them."""
    Stage.objects.filter(call=challenge.call).update(**dates)
    index(type(challenge).objects.get(pk=challenge.pk))


class TestTheFirst:
    """On a new site, the first call of all is news."""

    def test_of_a_kind_that_was_looked_for_in_vain(self) -> None:
        news.note_new(NOON)
        save(SNOW)
        publish("Le premier défi sur la neige")
        assert leave(THURSDAY) == 1
        assert "Le premier défi" in letters()[0].text


class TestStatus:
    """Who asks for what is open is told when it opens, however they asked."""

    @pytest.mark.parametrize("text", ["neige statut:ouvert", "neige status:open"])
    def test_typed_in_words(self, text: str) -> None:
        begin()
        challenge = publish("Neige à venir", opens_at=LATER)
        news.note_new(NOON)
        save(Query(text, "fr"))
        assert leave(THURSDAY) == 0
        opens(challenge, opens_at=NOON)
        assert leave(FRIDAY) == 1
        assert "Neige à venir" in letters()[0].text

    def test_what_was_open_and_is_about_to_close_is_no_news(self) -> None:
        challenge = publish("Neige ouverte depuis longtemps")
        news.note_new(NOON)
        save(OPEN_SNOW)
        closing = save(Query("neige", "fr", statuses=("closing",)))
        opens(challenge, closes_at=SOON)
        assert leave(THURSDAY) == 1
        assert letters()[0].to_email == closing.follow.follower.email

    def test_opened_and_about_to_close_within_one_week(self) -> None:
        begin()
        challenge = publish("Neige à venir", opens_at=LATER)
        news.note_new(NOON)
        save(OPEN_SNOW, Frequency.WEEKLY)
        opens(challenge, opens_at=NOON)
        news.note_new(THURSDAY)
        opens(challenge, closes_at=SOON)
        news.note_new(FRIDAY)
        assert leave(MONDAY) == 1
        assert leave(MONDAY + timedelta(days=7)) == 0


class TestNothingLost:
    """Whoever looks, however much there is, whatever fails."""

    def test_what_another_worker_notes_late(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """It began before the letter and read the index after it."""
        begin()
        save(SNOW)
        held = news._held

        def meanwhile() -> Any:
            monkeypatch.setattr(news, "_held", held)
            assert leave(THURSDAY) == 0
            publish("Trottoirs sans neige")
            return held()

        monkeypatch.setattr(news, "_held", meanwhile)
        news.note_new(THURSDAY)
        assert leave(FRIDAY) == 1
        assert "Trottoirs sans neige" in letters()[0].text

    def test_much_that_changed_hides_nothing_that_is_new(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begin()
        monkeypatch.setattr(news, "MOST_NEW", 3)
        old = [publish(f"Neige {number}") for number in range(4)]
        news.note_new(NOON - timedelta(hours=1))
        save(SNOW)
        for challenge in old:  # what is about to close stands first
            opens(challenge, closes_at=SOON)
        publish("Un défi où le mot de neige vient bien tard dans un titre fort long")
        assert leave(THURSDAY) == 1
        assert "vient bien tard" in letters()[0].text
        assert "Neige 0" not in letters()[0].text

    def test_two_looks_at_one_turn_keep_their_dates_in_order(self) -> None:
        begin()
        challenge = publish("Neige à venir", opens_at=LATER)
        news.note_new(THURSDAY)
        opens(challenge, opens_at=NOON)
        news.note_new(NOON)
        row = Appearance.objects.get(object_pk=challenge.pk)
        assert row.turned_at == row.appeared_at
