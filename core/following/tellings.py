"""What can be told of the things one follows: registered by the floors that know them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from core.registry import Registry

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a letter: what happened, a detail, and the path of its page."""

    title: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A class of events that people choose a frequency for."""

    name: str
    label: str | _StrPromise
    help: str | _StrPromise


@dataclass(frozen=True, slots=True)
class Telling:
    """One kind of event. ``describe`` says an object at an instant, in the active language.

    It answers None when what would be told is no longer true: it is then told to nobody.
    """

    event: str
    topic: str
    describe: Callable[[int, datetime], Line | None]


topics: Registry[Topic] = Registry("topics")
tellings: Registry[Telling] = Registry("tellings")

NEW: Final = "new"
DEADLINES: Final = "deadlines"
TRIALS: Final = "trials"
RESULTS: Final = "results"


def register_topics() -> None:
    """The classes of events, in the order of the page of preferences."""
    for name, label, help_text in (
        (NEW, _("What is new"), _("Challenges, programs and intakes that open.")),
        (DEADLINES, _("Dates"), _("A call that is about to close, or that is cancelled.")),
        (TRIALS, _("Trials"), _("A trial that begins, its first measurements.")),
        (RESULTS, _("Results"), _("Choices that are announced, verdicts.")),
    ):
        topics.register(name, Topic(name, label, help_text))


def events_of(topic: str) -> list[str]:
    """The kinds of events of one class."""
    return [telling.event for telling in tellings if telling.topic == topic]
