"""Each standing in words, from the program's own terms, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from babel.lists import format_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from core.dates import locale
from core.numbers import quantity
from startups.enums import ApplicantKind, Offer, ProgramFormat, Stage
from startups.fit.questions import LANGUAGE_WORDS
from startups.fit.rules import (
    Answers,
    Standing,
    Subjects,
    Terms,
    Trl,
    Verdict,
    standings_of,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise

MET, NEAR, MISSED, UNKNOWN = Standing.MET, Standing.NEAR, Standing.MISSED, Standing.UNKNOWN

VERDICT_WORDS: Final[Mapping[Verdict, Words]] = {
    Verdict.FITS: gettext_lazy("Fits"),
    Verdict.NEARLY: gettext_lazy("Nearly fits"),
    Verdict.UNKNOWN: gettext_lazy("Unknown"),
    Verdict.DOES_NOT: gettext_lazy("Does not fit"),
}
STANDING_WORDS: Final[Mapping[Standing, Words]] = {
    MET: pgettext_lazy("term of a program", "Met"),
    NEAR: pgettext_lazy("term of a program", "Nearly met"),
    MISSED: pgettext_lazy("term of a program", "Not met"),
    UNKNOWN: pgettext_lazy("term of a program", "Not said"),
}
SENTENCES: Final[Mapping[str, Mapping[Standing, Words]]] = {
    "stage": {
        MET: gettext_lazy("Takes startups at your stage: %(mine)s."),
        NEAR: gettext_lazy("Wants the stage: %(theirs)s; yours is one step away: %(mine)s."),
        MISSED: gettext_lazy("Wants the stage: %(theirs)s; yours is: %(mine)s."),
        UNKNOWN: gettext_lazy("Does not say which stages it wants; yours is: %(mine)s."),
    },
    "trl": {
        MET: gettext_lazy("Asks for %(theirs)s; you have TRL %(mine)s."),
        NEAR: gettext_lazy("Demands %(theirs)s; you have TRL %(mine)s, one level off."),
        MISSED: gettext_lazy("Demands %(theirs)s; you have TRL %(mine)s."),
        UNKNOWN: gettext_lazy("Does not say which TRL it asks for; you have TRL %(mine)s."),
    },
    "theme": {
        MET: gettext_lazy("Works in a sector of yours: %(common)s."),
        MISSED: gettext_lazy("Works in: %(theirs)s; you chose: %(mine)s."),
        UNKNOWN: gettext_lazy("Does not say in which sectors it works."),
    },
    "language": {
        MET: gettext_lazy("Takes place in: %(theirs)s."),
        MISSED: gettext_lazy("In %(theirs)s only; you asked for: %(mine)s."),
        UNKNOWN: gettext_lazy("Does not say in which language it takes place."),
    },
    "applicant": {
        MET: gettext_lazy("Open to: %(theirs)s."),
        NEAR: gettext_lazy("Open to: %(theirs)s; you are one step away: %(mine)s."),
        MISSED: gettext_lazy("Open to: %(theirs)s; you are: %(mine)s."),
        UNKNOWN: gettext_lazy("Does not say who may apply; you are: %(mine)s."),
    },
    "offer": {
        MET: gettext_lazy("Gives all that you need: %(mine)s."),
        NEAR: gettext_lazy("Gives a part of what you need: %(common)s; not: %(lacks)s."),
        MISSED: gettext_lazy("Gives: %(theirs)s; you need: %(mine)s."),
        UNKNOWN: gettext_lazy("Does not say what it gives; you need: %(mine)s."),
    },
    "equity": {
        MET: gettext_lazy("Takes %(theirs)s equity; you accept: %(mine)s."),
        NEAR: gettext_lazy("Takes %(theirs)s equity, a little more than you accept: %(mine)s."),
        MISSED: gettext_lazy("Takes %(theirs)s equity; you accept: %(mine)s."),
        UNKNOWN: gettext_lazy("Does not say how much equity it takes; you accept: %(mine)s."),
    },
    "attendance": {
        MET: gettext_lazy("Takes place %(theirs)s, which suits you."),
        NEAR: gettext_lazy("Takes place %(theirs)s; that is a little more presence than you said."),
        MISSED: gettext_lazy("Takes place %(theirs)s; you can come: %(mine)s."),
        UNKNOWN: gettext_lazy("Does not say where it takes place."),
    },
}
PLACES: Final[Mapping[str, Words]] = {
    ProgramFormat.IN_PERSON: gettext_lazy("in person"),
    ProgramFormat.HYBRID: gettext_lazy("partly in person"),
    ProgramFormat.REMOTE: gettext_lazy("remotely"),
}
PRESENCE_WORDS: Final[Mapping[str, Words]] = {
    "often": gettext_lazy("several days a week"),
    "sometimes": gettext_lazy("from time to time"),
    "never": gettext_lazy("never"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one criterion stands as it does."""

    criterion: str
    standing: Standing
    text: str

    @property
    def mark(self) -> str:
        """The standing in a word or two."""
        return str(STANDING_WORDS[self.standing])


def reasons_of(terms: Terms, answers: Answers, themes: Mapping[str, str]) -> list[Reason]:
    """One reason for each criterion asked, those met too; ``themes`` are their names by address."""
    return [
        Reason(name, standing, sentence(name, terms[name], answers[name], standing, themes))
        for name, standing in standings_of(terms, answers).items()
    ]


def sentence(
    name: str, term: Any, answer: Any, standing: Standing, themes: Mapping[str, str]
) -> str:
    """What a program says, beside what was answered."""
    if name == "theme" and term.takes_all:
        return _("Takes all sectors.")
    if name == "equity" and term == 0:
        return _("Takes no equity.")
    return str(SENTENCES[name][standing]) % VALUES[name](term, answer, themes)


def listed(words: Iterable[Any], *, either: bool = False) -> str:
    """« a, b et c » · “a, b and c”; « a, b ou c » when one of them is enough."""
    said = [str(word) for word in words]
    return format_list(said, style="or" if either else "standard", locale=locale())


def within(label: Any) -> str:
    """A label in the middle of a sentence."""
    text = str(label)
    return text[:1].lower() + text[1:]


def worded(codes: Iterable[str], choices: Mapping[str, Any], *, either: bool = False) -> str:
    """The codes in the order of their choices, in words, in the middle of a sentence."""
    held = set(codes)
    found = [within(label) for code, label in choices.items() if code in held]
    return listed(found, either=either)


def trl_range(asked: Trl) -> str:
    """« TRL 6 », « TRL 3 à 6 », « TRL 6 ou plus »; empty when nothing is asked."""
    least, most = asked.least, asked.most
    if least is None:
        return _("TRL %(n)s at most") % {"n": most} if most is not None else ""
    if most is None or least < most == 9:
        return _("TRL %(n)s or more") % {"n": least}
    if least == most:
        return _("TRL %(n)s") % {"n": least}
    return _("TRL %(least)s to %(most)s") % {"least": least, "most": most}


def equity_share(share: Decimal) -> str:
    """« 5 % » · “5%”."""
    return quantity(share, "%")


def _accepted(share: Decimal) -> str:
    if share == 0:
        return pgettext("equity", "none")
    return _("any share") if share >= 100 else _("up to %(share)s") % {"share": equity_share(share)}


def _stage(term: frozenset[str], answer: str, themes: Mapping[str, str]) -> dict[str, str]:
    return {
        "theirs": worded(term, dict(Stage.choices), either=True),
        "mine": within(Stage(answer).label),
    }


def _trl(term: Trl, answer: int, themes: Mapping[str, str]) -> dict[str, str]:
    return {"theirs": trl_range(term), "mine": str(answer)}


def _theme(term: Subjects, answer: frozenset[str], themes: Mapping[str, str]) -> dict[str, str]:
    return {
        "theirs": worded(term.themes, themes),
        "mine": worded(answer, themes),
        "common": worded(term.themes & answer, themes),
    }


def _language(
    term: frozenset[str], answer: frozenset[str], themes: Mapping[str, str]
) -> dict[str, str]:
    # English writes its languages with a capital, wherever they stand.
    said = [
        listed(LANGUAGE_WORDS[code] for code in LANGUAGE_WORDS if code in codes)
        for codes in (term, answer)
    ]
    return {"theirs": said[0], "mine": said[1]}


def _applicant(term: frozenset[str], answer: str, themes: Mapping[str, str]) -> dict[str, str]:
    return {
        "theirs": worded(term, dict(ApplicantKind.choices), either=True),
        "mine": within(ApplicantKind(answer).label),
    }


def _offer(
    term: frozenset[str], answer: frozenset[str], themes: Mapping[str, str]
) -> dict[str, str]:
    choices = dict(Offer.choices)
    return {
        "theirs": worded(term, choices),
        "mine": worded(answer, choices),
        "common": worded(term & answer, choices),
        "lacks": worded(answer - term, choices),
    }


def _equity(term: Decimal | None, answer: Decimal, themes: Mapping[str, str]) -> dict[str, str]:
    return {"theirs": "" if term is None else equity_share(term), "mine": _accepted(answer)}


def _attendance(term: str, answer: str, themes: Mapping[str, str]) -> dict[str, str]:
    return {"theirs": str(PLACES.get(term, "")), "mine": str(PRESENCE_WORDS[answer])}


VALUES: Final[Mapping[str, Callable[[Any, Any, Mapping[str, str]], dict[str, str]]]] = {
    "stage": _stage,
    "trl": _trl,
    "theme": _theme,
    "language": _language,
    "applicant": _applicant,
    "offer": _offer,
    "equity": _equity,
    "attendance": _attendance,
}
