"""What answers must be to be submitted, and the copy that is frozen with their questions."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.languages import active_language
from core.numbers import money, number
from pilots.enums import QuestionKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from pilots.models import Application, Challenge, Question

HIGHEST_TRL = 9
LONGEST_SHORT = 300


def words_in(text: str) -> int:
    """How many words: what stands between white space; French punctuation alone is not one."""
    return sum(any(c.isalnum() for c in part) for part in text.split())


def is_blank(value: Any) -> bool:
    """Nothing was answered."""
    return value is None or value == {} or not str(value).strip()


def answer_problems(questions: Iterable[Question], values: Mapping[str, Any]) -> list[str]:
    """What keeps the answers from being submitted, one sentence each; empty when nothing does."""
    return [p for q in questions if (p := answer_problem(q, values.get(q.key)))]


def answer_problem(question: Question, value: Any) -> str:
    """What is wrong with one answer, empty when nothing is."""
    names: dict[str, Any] = {"question": question.label}
    if is_blank(value):
        return _("“%(question)s” has no answer.") % names if question.is_required else ""
    if question.kind == QuestionKind.FILE and not isinstance(value, dict):
        return _("“%(question)s” has no answer.") % names
    if question.kind in (QuestionKind.NUMBER, QuestionKind.MONEY) and _number(value) is None:
        return _("“%(question)s” asks for a number.") % names
    if question.kind == QuestionKind.TRL and not _is_trl(value):
        return _("“%(question)s” is a level from 1 to 9.") % names
    if question.kind == QuestionKind.CHOICE and value not in {
        c.get("value") for c in question.choices
    }:
        return _("“%(question)s” has an answer that is not in the list.") % names
    if question.kind == QuestionKind.SHORT and len(str(value)) > LONGEST_SHORT:
        return _("“%(question)s” is longer than 300 characters.") % names
    if question.max_words and (count := words_in(str(value))) > question.max_words:
        return _("“%(question)s” has %(count)s words; at most %(most)s are read.") % {
            **names,
            "count": count,
            "most": question.max_words,
        }
    return ""


def _number(value: Any) -> Decimal | None:
    text = "".join(str(value).split()).replace("\u202f", "").replace(",", ".").strip("$")
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and found >= 0 else None


def _is_trl(value: Any) -> bool:
    level = _number(value)
    # Bounds first: turning 1e999999999 into a whole number takes for ever.
    return level is not None and 1 <= level <= HIGHEST_TRL and level == int(level)


def in_words(question: Question, value: Any) -> str:
    """The answer as a person reads it, in the language of the one who writes."""
    if is_blank(value):
        return ""
    if question.kind == QuestionKind.FILE and isinstance(value, dict):
        return str(value.get("name", ""))
    if question.kind == QuestionKind.CHOICE:
        chosen = next((c for c in question.choices if c.get("value") == value), None)
        return (
            str(chosen.get(active_language()) or chosen.get("fr", value)) if chosen else str(value)
        )
    return str(value)


def read_as(item: Mapping[str, Any]) -> str:
    """A frozen answer as its reader's language writes it.

    Only a plain number is set anew: what could be read in two ways stays as it was typed.
    """
    text = str(item.get("text", item.get("value")) or "")
    plain = re.fullmatch(r"\d{1,12}([.,]\d{1,2})?", "".join(text.split()))
    if plain is None or item.get("kind") not in (QuestionKind.MONEY, QuestionKind.NUMBER):
        return text
    value = Decimal(plain.group().replace(",", "."))
    return money(value) if item["kind"] == QuestionKind.MONEY else number(value)


def frozen_payload(
    application: Application,
    challenge: Challenge,
    questions: Iterable[Question],
    values: Mapping[str, Any],
    number: str,
    now: datetime,
) -> dict[str, Any]:
    """What is frozen: the questions as they stand, the answers, who applies and with what."""
    return {
        "number": number,
        "submitted_at": now,
        "language": application.language,
        "challenge": {
            "slug": challenge.slug,
            "reference": challenge.reference,
            "title_fr": challenge.title_fr,
            "title_en": challenge.title_en,
        },
        "profile": _profile(application),
        "answers": [
            {
                "key": question.key,
                "kind": question.kind,
                "label_fr": question.label_fr,
                "label_en": question.label_en,
                "identifying": question.is_identifying,
                "value": values.get(question.key),
                "text": in_words(question, values.get(question.key)),
            }
            for question in questions
        ],
    }


def _profile(application: Application) -> dict[str, Any]:
    startup, solution = application.startup, application.solution
    return {
        "organisation": {
            "name": application.organisation.name,
            "neq": application.organisation.neq,
        },
        "startup": {
            "slug": startup.slug,
            "name": startup.name,
            "tagline_fr": startup.tagline_fr,
            "tagline_en": startup.tagline_en,
            "about_fr": startup.about_fr,
            "about_en": startup.about_en,
        },
        "solution": solution
        and {
            "slug": solution.slug,
            "name_fr": solution.name_fr,
            "name_en": solution.name_en,
            "how_fr": solution.how_fr,
            "how_en": solution.how_en,
            "trl": solution.trl,
        },
    }
