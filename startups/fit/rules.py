"""Whether a program fits: pure rules over the program's own terms and a founder's answers.

A *criterion* compares one term of a program with one answer. Its standing is

- **met**: the program takes what was answered;
- **near**: it does not, but by no more than the nearness of the criterion, written with it;
- **missed**: it does not, by more;
- **unknown**: the program does not say.

A question that was not answered has no standing: it is not asked of the programs.

The verdict over the criteria asked, the first that holds:

1. one is missed, or more than :data:`MOST_NEAR` are near → **does not**: what one missed term
   closes, no unknown fact opens;
2. one is unknown → **unknown**: a program that lacks a fact that matters never *fits*;
3. one is near → **nearly**;
4. all are met → **fits**.

Laxer terms (a stage more, a lower TRL, one more language, less equity…) never worsen a verdict:
each comparison grows with the term it reads, and the verdict with the standings. Nothing here
reads a database or says a word.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any, Final, TypeAlias

from startups.enums import ApplicantKind, ProgramFormat, Stage

# Beyond two terms that nearly hold, a program is not close: it is another one.
MOST_NEAR: Final = 2
# Points of equity above what one accepts.
NEAR_EQUITY: Final = Decimal(2)
# Levels of maturity outside of what is asked.
NEAR_TRL: Final = 1
# What one becomes by a step of one's own: finding a partner, registering.
NEXT_STEP: Final[Mapping[str, frozenset[str]]] = {
    ApplicantKind.PERSON: frozenset({ApplicantKind.TEAM}),
    ApplicantKind.TEAM: frozenset(
        {ApplicantKind.COMPANY, ApplicantKind.NONPROFIT, ApplicantKind.COOPERATIVE}
    ),
}
STAGES: Final = tuple(Stage.values)
# How often a program asks one to be there, and how often one can.
PRESENCE: Final[Mapping[str, int]] = {
    ProgramFormat.REMOTE: 0,
    ProgramFormat.HYBRID: 1,
    ProgramFormat.IN_PERSON: 2,
}
ATTENDANCE: Final[Mapping[str, int]] = {"never": 0, "sometimes": 1, "often": 2}
# All that one has: whatever a program takes is accepted.
ANY_EQUITY: Final = Decimal(100)

# By name of criterion: what a program says, and what a founder answered.
Terms: TypeAlias = Mapping[str, Any]
Answers: TypeAlias = Mapping[str, Any]


class Standing(IntEnum):
    """How one term of a program stands to one answer."""

    MET = 0
    NEAR = 1
    MISSED = 2
    UNKNOWN = 3


class Verdict(Enum):
    """How a program stands to all the answers, the best first."""

    FITS = "fits"
    NEARLY = "nearly"
    UNKNOWN = "unknown"
    DOES_NOT = "does-not"


@dataclass(frozen=True, slots=True)
class Trl:
    """The levels that a program asks for; None on a side that it leaves open."""

    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Subjects:
    """The themes of a program by address; ``takes_all`` when it takes every sector."""

    takes_all: bool
    themes: frozenset[str]


def stage(wanted: frozenset[str], mine: str) -> Standing:
    """Near: one stage before or after one that is wanted."""
    if not wanted:
        return Standing.UNKNOWN
    at = STAGES.index(mine)
    away = min(abs(STAGES.index(each) - at) for each in wanted)
    return _by_distance(away, near=1)


def trl(asked: Trl, mine: int) -> Standing:
    """Near: at most :data:`NEAR_TRL` below the least or above the most."""
    if asked.least is None and asked.most is None:
        return Standing.UNKNOWN
    below = (asked.least or mine) - mine
    above = mine - (asked.most or mine)
    return _by_distance(max(below, above, 0), near=NEAR_TRL)


def theme(subjects: Subjects, mine: frozenset[str]) -> Standing:
    """One sector in common is enough; none is near another."""
    if subjects.takes_all:
        return Standing.MET
    return _in_common(subjects.themes, mine)


def language(spoken: frozenset[str], mine: frozenset[str]) -> Standing:
    """One language in common is enough; none is near another."""
    return _in_common(spoken, mine)


def applicant(open_to: frozenset[str], mine: str) -> Standing:
    """Near: open to what one becomes by a step of one's own (:data:`NEXT_STEP`)."""
    if not open_to:
        return Standing.UNKNOWN
    if mine in open_to:
        return Standing.MET
    return Standing.NEAR if open_to & NEXT_STEP.get(mine, frozenset()) else Standing.MISSED


def offer(given: frozenset[str], needed: frozenset[str]) -> Standing:
    """Met: all that is needed is given. Near: a part of it."""
    if not given:
        return Standing.UNKNOWN
    if needed <= given:
        return Standing.MET
    return Standing.NEAR if needed & given else Standing.MISSED


def equity(taken: Decimal | None, accepted: Decimal) -> Standing:
    """Near: at most :data:`NEAR_EQUITY` points more; who accepts none is near none."""
    if taken is None:
        return Standing.UNKNOWN
    if taken <= accepted:
        return Standing.MET
    is_near = accepted > 0 and taken <= accepted + NEAR_EQUITY
    return Standing.NEAR if is_near else Standing.MISSED


def attendance(format_: str, mine: str) -> Standing:
    """Who can come can also stay away. Near: asked to come a degree more often than one can."""
    if format_ not in PRESENCE:
        return Standing.UNKNOWN
    return _by_distance(max(PRESENCE[format_] - ATTENDANCE[mine], 0), near=1)


def _by_distance(away: int, *, near: int) -> Standing:
    if away == 0:
        return Standing.MET
    return Standing.NEAR if away <= near else Standing.MISSED


def _in_common(theirs: frozenset[str], mine: frozenset[str]) -> Standing:
    if not theirs:
        return Standing.UNKNOWN
    return Standing.MET if theirs & mine else Standing.MISSED


@dataclass(frozen=True, slots=True)
class Criterion:
    """One comparison, and the fields of the program that it reads.

    ``needed`` is the field to fill when it is unknown.
    """

    compare: Callable[[Any, Any], Standing]
    fields: tuple[str, ...]
    needed: str


# In the order of the questions, which have the same names.
CRITERIA: Final[Mapping[str, Criterion]] = {
    "stage": Criterion(stage, ("stages",), "stages"),
    "trl": Criterion(trl, ("trl_min", "trl_max"), "trl_min"),
    "theme": Criterion(theme, ("any_sector", "themes"), "themes"),
    "language": Criterion(language, ("languages",), "languages"),
    "applicant": Criterion(applicant, ("applicants",), "applicants"),
    "offer": Criterion(offer, ("offers",), "offers"),
    "equity": Criterion(equity, ("equity_percent",), "equity_percent"),
    "attendance": Criterion(attendance, ("format",), "format"),
}


def standings_of(terms: Terms, answers: Answers) -> dict[str, Standing]:
    """The standing of each criterion that was answered, in the order of the questions."""
    return {
        name: criterion.compare(terms[name], answers[name])
        for name, criterion in CRITERIA.items()
        if name in answers
    }


def verdict_of(standings: Collection[Standing]) -> Verdict:
    """The verdict over the criteria asked; nothing asked is nothing known."""
    near = sum(each is Standing.NEAR for each in standings)
    if Standing.MISSED in standings or near > MOST_NEAR:
        return Verdict.DOES_NOT
    if Standing.UNKNOWN in standings or not standings:
        return Verdict.UNKNOWN
    return Verdict.NEARLY if near else Verdict.FITS


def verdict_of_the_rest(standings: Iterable[Standing]) -> Verdict:
    """What the verdict is when the program's unknown facts are left aside."""
    return verdict_of([each for each in standings if each is not Standing.UNKNOWN])


def known(values: Any, choices: Collection[str]) -> frozenset[str]:
    """The codes of a list that are still choices: an old one says nothing."""
    return frozenset(values or ()) & frozenset(choices)


def lacking(terms: Terms) -> list[str]:
    """The fields whose absence makes a criterion unknown, whatever is answered."""
    return [
        CRITERIA[name].needed
        for name, is_said in (
            ("stage", bool(terms["stage"])),
            ("trl", terms["trl"] != Trl(None, None)),
            ("theme", terms["theme"].takes_all or bool(terms["theme"].themes)),
            ("language", bool(terms["language"])),
            ("applicant", bool(terms["applicant"])),
            ("offer", bool(terms["offer"])),
            ("equity", terms["equity"] is not None),
            ("attendance", terms["attendance"] in PRESENCE),
        )
        if not is_said
    ]
