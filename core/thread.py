"""The thread: seven stations, in words as well as colour. Plain data, drawn by one component."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

StationState = Literal["done", "now", "next", "late", "stopped"]

LABELS: Final[dict[str, str | _StrPromise]] = {
    "challenge": pgettext_lazy("station", "Challenge"),
    "applications": pgettext_lazy("station", "Applications"),
    "choice": pgettext_lazy("station", "Choice"),
    "permits": pgettext_lazy("station", "Permits"),
    "trial": pgettext_lazy("station", "Trial"),
    "measurements": pgettext_lazy("station", "Measurements"),
    "decision": pgettext_lazy("station", "Decision"),
}
KEYS: Final = tuple(LABELS)
STATES: Final[dict[str, str | _StrPromise]] = {
    "done": gettext_lazy("done"),
    "now": gettext_lazy("under way"),
    "next": gettext_lazy("to come"),
    "late": gettext_lazy("late"),
    "stopped": gettext_lazy("stopped"),
}


@dataclass(frozen=True, slots=True)
class Station:
    """One of the seven; ``detail`` is a date, a number or what comes next."""

    key: str
    state: StationState
    detail: str = ""
    is_current: bool = False

    @property
    def label(self) -> str:
        """Its name."""
        return str(LABELS[self.key])

    @property
    def state_label(self) -> str:
        """Its state, for those who do not see the colour."""
        return str(STATES[self.state])


@dataclass(frozen=True, slots=True)
class Thread:
    """The stations in order."""

    stations: tuple[Station, ...]

    @property
    def sentence(self) -> str:
        """Where the thread is, in words."""
        for number, station in enumerate(self.stations, 1):
            if station.state != "done":
                return _("Step %(number)s of 7: %(station)s (%(state)s)") % {
                    "number": number,
                    "station": station.label,
                    "state": station.state_label,
                }
        return _("All seven steps are done")


def build(
    current: int,
    details: Mapping[str, str],
    state: StationState = "now",
    ahead: Mapping[str, StationState] | None = None,
) -> Thread:
    """A thread whose stations before ``current`` (0 to 7) are done and which stands there.

    ``ahead`` says what later stations are already: values come in while a trial runs.
    """

    def station(number: int, key: str) -> Station:
        detail = details.get(key, "")
        if number == current:
            return Station(key, state, detail, is_current=state in ("now", "late"))
        later = (ahead or {}).get(key, "next")
        return Station(key, "done" if number < current else later, detail)

    return Thread(tuple(station(number, key) for number, key in enumerate(KEYS)))
