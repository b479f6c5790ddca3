"""What the index says in codes, in words: kinds, statuses, stages, themes, boroughs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from cms.directories.challenges import TONES as CHALLENGE_TONES
from cms.directories.options import borough_options, theme_options
from cms.directories.pilots import TONES as PILOT_TONES
from cms.directories.programs import INTAKE_TONES
from search.documents import BY_NAME
from search.labels import stage_labels, status_labels

if TYPE_CHECKING:
    from collections.abc import Mapping

_TONES: Final[Mapping[str, Mapping[str, str]]] = {
    "challenge": {str(k): v for k, v in CHALLENGE_TONES.items()},
    "program": {str(k): v for k, v in INTAKE_TONES.items()},
    "intake": {str(k): v for k, v in INTAKE_TONES.items()},
    "pilot": {str(k): v for k, v in PILOT_TONES.items()},
    "site": {"free": "open", "held": "soon"},
    **{kind: {"gone": "late"} for kind in ("incubator", "startup", "solution")},
}


def kind_labels() -> dict[str, str]:
    """Kinds of records in words, several of them; in the order shown."""
    words = {
        "challenge": _("Challenges"),
        "solution": _("Solutions"),
        "program": _("Programs"),
        "intake": _("Intakes"),
        "incubator": _("Support organisations"),
        "startup": _("Startups"),
        "pilot": _("Pilots"),
        "verdict": _("Verdicts"),
        "site": _("Test sites"),
        "page": _("Pages"),
    }
    known = {name: words[name] for name in words if name in BY_NAME}
    return known | {name: name for name in BY_NAME if name not in known}


def status_tone(kind: str, status: str) -> str:
    """How a status is coloured: open, soon, late, hold or nothing."""
    return _TONES.get(kind, {}).get(status, "")


def facet_labels() -> dict[str, str]:
    """What each facet asks."""
    return {
        "kind": _("Kind"),
        "theme": _("Theme"),
        "borough": _("Borough"),
        "status": _("Status"),
        "stage": _("Stage"),
    }


def options(facet: str, kind: str = "") -> dict[str, str]:
    """The values of a facet with their words, in the order shown."""
    match facet:
        case "kind":
            return kind_labels()
        case "theme":
            return dict(theme_options())
        case "borough":
            return dict(borough_options())
        case "status":
            return status_labels([kind])
        case _:
            return stage_labels()


def known() -> dict[str, set[str]]:
    """The values that an address may ask for, by facet."""
    return {facet: set(options(facet)) for facet in facet_labels()}
