"""Programs as the rules read them: one by one, or all of them in four queries.

Eight thousand programs are judged while a page waits, so few columns are read, lists of codes
come as the text that the database holds, and each text that differs is decoded and compared once:
there are far fewer of them than programs (``make bench`` holds the figure).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Case, F, Q, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf

from core.languages import CANONICAL, LANGUAGES, active_language
from core.taxonomy.models import Theme
from startups.enums import GONE, ApplicantKind, Offer
from startups.fit.rules import (
    CRITERIA,
    STAGES,
    Answers,
    Standing,
    Subjects,
    Terms,
    Trl,
    Verdict,
    known,
    lacking,
    verdict_of,
)
from startups.models import Intake, Program

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from startups.querysets import ProgramQuerySet


NONE: Final = frozenset[str]()


def offered() -> ProgramQuerySet:
    """Public programs that still act, of organisations that still act."""
    acting: ProgramQuerySet = Program.objects.current().filter(incubator__live=True)
    return acting.exclude(incubator__state__in=GONE)


def terms_of(program: Program) -> Terms:
    """What ``program`` says; reads its themes, from a prefetch when there is one."""
    themes = frozenset(each.slug for each in program.themes.all())
    return {
        "stage": known(program.stages, STAGES),
        "trl": Trl(program.trl_min, program.trl_max),
        "theme": Subjects(program.any_sector, themes),
        "language": known(program.languages, LANGUAGES),
        "applicant": known(program.applicants, ApplicantKind.values),
        "offer": known(program.offers, Offer.values),
        "equity": program.equity_percent,
        "attendance": program.format,
    }


def missing_for_fit(program: Program) -> list[str]:
    """Names of the fields without which « does it fit me? » answers *unknown* for ``program``.

    In the order of the questions; empty when every question finds its answer.
    """
    return lacking(terms_of(program))


@dataclass(frozen=True, slots=True)
class Column:
    """What is read of each row for a criterion, and how it becomes a term.

    As text where Django would convert each row's value: that costs more than all the rest.
    """

    expressions: tuple[Any, ...]
    term: Callable[..., Any]


def _text(name: str) -> Cast:
    return Cast(name, TextField())


def _codes(name: str, choices: Iterable[str]) -> Column:
    known_codes = tuple(choices)
    return Column((_text(name),), lambda text: known(json.loads(text or "[]"), known_codes))


def _subjects(takes_all: str, themes: frozenset[str]) -> Subjects:
    # As SQLite and as PostgreSQL write a yes.
    return Subjects(takes_all in ("1", "true"), themes)


COLUMNS: Final[Mapping[str, Column]] = {
    "stage": _codes("stages", STAGES),
    "trl": Column((F("trl_min"), F("trl_max")), Trl),
    # The themes come from a query of their own.
    "theme": Column((_text("any_sector"),), _subjects),
    "language": _codes("languages", LANGUAGES),
    "applicant": _codes("applicants", ApplicantKind.values),
    "offer": _codes("offers", Offer.values),
    "equity": Column(
        (_text("equity_percent"),), lambda text: None if text is None else Decimal(text)
    ),
    "attendance": Column((F("format"),), str),
}


@dataclass(slots=True)
class Judged:
    """Keys of the programs by verdict, in the order in which they are shown."""

    keys: dict[Verdict, list[int]] = field(
        default_factory=lambda: {verdict: [] for verdict in Verdict}
    )

    def count(self, verdict: Verdict) -> int:
        """How many have this verdict."""
        return len(self.keys[verdict])


def judge_all(answers: Answers, now: datetime) -> Judged:
    """Every program offered, by verdict; within one by next door, then by name."""
    asked = [name for name in CRITERIA if name in answers]
    rows = _rows(asked)
    judged = Judged()
    if not rows:
        return judged
    keys, *columns = map(list, zip(*rows, strict=True))
    standings = []
    for name in asked:
        raw = [columns.pop(0) for _expression in COLUMNS[name].expressions]
        if name == "theme":
            themes = _themes()
            raw.append([themes.get(key, NONE) for key in keys])
        standings.append(_compare(name, raw, answers[name]))
    each = list(zip(*standings, strict=True)) if standings else [()] * len(keys)
    verdicts = {found: verdict_of(found) for found in set(each)}
    for key, found in zip(keys, each, strict=True):
        judged.keys[verdicts[found]].append(key)
    doors = _next_doors(now)
    for found_keys in judged.keys.values():
        found_keys.sort(key=lambda key: doors.get(key, len(doors)))
    return judged


def _rows(asked: list[str]) -> list[tuple[Any, ...]]:
    language = active_language()
    # The name as the page shows it; French is always there.
    name: Any = F(f"name_{CANONICAL}")
    if language != CANONICAL:
        name = Coalesce(NullIf(f"name_{language}", Value("")), f"name_{CANONICAL}")
    columns = [each for criterion in asked for each in COLUMNS[criterion].expressions]
    named = {f"fit_{n}": each for n, each in enumerate(columns)}
    rows = offered().annotate(**named).order_by(name, "pk").values_list("pk", *named)
    return list(rows)


def _compare(name: str, raw: list[list[Any]], answer: Any) -> list[Standing]:
    """The standing of each program; each value that differs is compared once."""
    compare, term = CRITERIA[name].compare, COLUMNS[name].term
    if len(raw) == 1:
        single = {each: compare(term(each), answer) for each in set(raw[0])}
        return [single[each] for each in raw[0]]
    several = list(zip(*raw, strict=True))
    found = {each: compare(term(*each), answer) for each in set(several)}
    return [found[each] for each in several]


def _themes() -> dict[int, frozenset[str]]:
    """The themes of each program that has some.

    Gathered as bits of a whole number: the sets that differ are few, and made once.
    """
    masks: dict[int, int] = {}
    for program, theme in Program.themes.through.objects.values_list("program_id", "theme_id"):
        masks[program] = masks.get(program, 0) | 1 << theme
    slugs = dict(Theme.objects.values_list("pk", "slug"))
    sets = {
        mask: frozenset(slug for key, slug in slugs.items() if mask >> key & 1)
        for mask in set(masks.values())
    }
    return {program: sets[mask] for program, mask in masks.items()}


def _next_doors(now: datetime) -> dict[int, int]:
    """Rank of the first door of each program that has one: those open now first.

    Open by the nearest close, then rolling, then announced by the nearest opening.
    """
    is_open = Q(is_rolling=False, opens_at__lte=now)
    doors = (
        Intake.objects.standing()
        .filter(Q(is_rolling=True) | Q(closes_at__gte=now))
        .order_by(
            Case(When(is_open, then=0), When(is_rolling=True, then=1), default=2),
            Case(When(is_open, then=F("closes_at")), default=F("opens_at")),
            "pk",
        )
        .values_list("program_id", flat=True)
    )
    ranks: dict[int, int] = {}
    for rank, key in enumerate(doors):
        ranks.setdefault(key, rank)
    return ranks
