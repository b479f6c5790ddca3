"""The eight questions, their choices, and the answers read from an address.

Answers live in the address and nowhere else: a link to the results is the saved questionnaire.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.taxonomy.models import Theme
from startups.enums import ApplicantKind, Offer, Stage
from startups.fit.rules import ANY_EQUITY

if TYPE_CHECKING:
    from django.http import QueryDict
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise

# Said instead of an answer: the question counts as not asked.
UNSURE: Final = "unsure"
LONGEST_SAID: Final = 60
MOST_NOTES: Final = 5

TRL_WORDS: Final = {
    "1": gettext_lazy("1 · basic principles observed"),
    "2": gettext_lazy("2 · concept formulated"),
    "3": gettext_lazy("3 · concept proven by experiment"),
    "4": gettext_lazy("4 · validated in a laboratory"),
    "5": gettext_lazy("5 · validated in conditions like those of use"),
    "6": gettext_lazy("6 · demonstrated in conditions like those of use"),
    "7": gettext_lazy("7 · prototype demonstrated where it will be used"),
    "8": gettext_lazy("8 · complete and qualified"),
    "9": gettext_lazy("9 · proven in use"),
}
EQUITY_WORDS: Final = {
    "0": pgettext_lazy("equity", "None"),
    "3": gettext_lazy("Up to 3%"),
    "5": gettext_lazy("Up to 5%"),
    "7": gettext_lazy("Up to 7%"),
    "10": gettext_lazy("Up to 10%"),
    "any": gettext_lazy("Any share"),
}
ATTENDANCE_WORDS: Final = {
    "often": gettext_lazy("Yes, several days a week"),
    "sometimes": gettext_lazy("From time to time"),
    "never": gettext_lazy("No, only remotely"),
}
LANGUAGE_WORDS: Final = {"fr": gettext_lazy("French"), "en": gettext_lazy("English")}


def _themes() -> list[tuple[str, str]]:
    return [(theme.slug, str(theme.name)) for theme in Theme.objects.all()]


def _fixed(choices: Iterable[tuple[str, Words]]) -> Callable[[], list[tuple[str, str]]]:
    kept = tuple(choices)
    return lambda: [(value, str(label)) for value, label in kept]


def _same(value: str) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Question:
    """One question, named as the criterion that it feeds.

    ``value`` makes the answer of the rules from a code; several codes become a set.
    """

    name: str
    label: Words
    help: Words
    choices: Callable[[], list[tuple[str, str]]]
    takes_several: bool = False
    value: Callable[[str], Any] = _same


QUESTIONS: Final = (
    Question(
        "stage",
        gettext_lazy("How far along are you?"),
        gettext_lazy("The stage of your startup today."),
        _fixed(Stage.choices),
    ),
    Question(
        "trl",
        gettext_lazy("How mature is your technology?"),
        gettext_lazy("Technology readiness level (TRL), 1 to 9, as it is today."),
        _fixed(TRL_WORDS.items()),
        value=int,
    ),
    Question(
        "theme",
        gettext_lazy("In which sectors do you work?"),
        gettext_lazy("One or several; a program that takes one of them is enough."),
        _themes,
        takes_several=True,
    ),
    Question(
        "language",
        gettext_lazy("In which languages can you take part?"),
        gettext_lazy("All those in which you can follow a program."),
        _fixed(LANGUAGE_WORDS.items()),
        takes_several=True,
    ),
    Question(
        "applicant",
        gettext_lazy("Who applies?"),
        gettext_lazy("What you are today, in law."),
        _fixed(ApplicantKind.choices),
    ),
    Question(
        "offer",
        gettext_lazy("What do you need?"),
        gettext_lazy("Only what you cannot do without: a program has to give all of it."),
        _fixed(Offer.choices),
        takes_several=True,
    ),
    Question(
        "equity",
        gettext_lazy("How much of your company can you give in exchange?"),
        gettext_lazy("The share of equity that a program may take."),
        _fixed(EQUITY_WORDS.items()),
        value=lambda code: ANY_EQUITY if code == "any" else Decimal(code),
    ),
    Question(
        "attendance",
        gettext_lazy("Can you come in person?"),
        gettext_lazy("Programs take place in person, remotely, or a little of both."),
        _fixed(ATTENDANCE_WORDS.items()),
    ),
)
BY_NAME: Final = {question.name: question for question in QUESTIONS}


@dataclass(slots=True)
class Said:
    """What an address says: ``codes`` by question, and ``notes`` on what was left out.

    ``unsure`` are the questions answered by « I do not know »; ``labels`` are the words of the
    choices of each question that has an answer.
    """

    codes: dict[str, list[str]] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def answers(self) -> dict[str, Any]:
        """As the rules take them; what was not answered is not there."""
        return {
            name: frozenset(map(question.value, codes))
            if question.takes_several
            else question.value(codes[0])
            for name, codes in self.codes.items()
            if (question := BY_NAME[name])
        }

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Names and values of the address that says the same."""
        return [
            *((name, code) for name, codes in self.codes.items() for code in codes),
            *((name, UNSURE) for name in BY_NAME if name in self.unsure),
        ]

    @property
    def query(self) -> str:
        """The address's part after its question mark."""
        return urlencode(self.pairs)

    def in_words(self) -> list[tuple[Question, str]]:
        """Each question with its answer in words, empty when it was skipped."""
        return [(question, self._words_of(question)) for question in QUESTIONS]

    def _words_of(self, question: Question) -> str:
        if question.name in self.unsure:
            return _("I do not know")
        labels = self.labels.get(question.name, {})
        return ", ".join(labels[code] for code in self.codes.get(question.name, ()))


def read_answers(query: QueryDict) -> Said:
    """What ``query`` says; what is no choice of its question is left out, with a note."""
    said = Said()
    for question in QUESTIONS:
        values = list(dict.fromkeys(value for value in query.getlist(question.name) if value))
        if not values:
            continue
        labels = said.labels[question.name] = dict(question.choices())
        good = [value for value in values if value in labels]
        said.notes += [
            _left_out(question, value)
            for value in values
            if value not in labels and value != UNSURE
        ]
        if good and not question.takes_several:
            said.notes += [_left_out(question, value) for value in good[1:]]
            good = good[:1]
        if good:
            said.codes[question.name] = good
        elif UNSURE in values:
            said.unsure.add(question.name)
    del said.notes[MOST_NOTES:]
    return said


def _left_out(question: Question, value: str) -> str:
    return _("“%(value)s” is not an answer to “%(question)s”; it was left out.") % {
        "value": value[:LONGEST_SAID].replace("\x00", ""),
        "question": question.label,
    }
