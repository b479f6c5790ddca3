"""What a jury member reads before the identity stage: safe fields, and nothing else (promise 5).

A projection, not a redaction: only what is named here leaves, so a field added to an application
tomorrow stays hidden until someone marks it safe.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.crypto import salted_hmac

from core.languages import active_language
from pilots.domain.answers import read_as

if TYPE_CHECKING:
    from pilots.models import Assignment

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class BlindAnswer:
    """A question and its answer, in words."""

    label: str
    value: str
    language: str


@dataclass(frozen=True, slots=True)
class BlindView:
    """An application without names."""

    label: str
    answers: tuple[BlindAnswer, ...]


def blind_label(assignment: Assignment) -> str:
    """« AK417 »: stable for one jury member, different for another, and no key of any file.

    Not a count either: two files that follow each other have labels that do not.
    """
    number = int(salted_hmac("pilots.blind", str(assignment.pk)).hexdigest()[:12], 16)
    letters = LETTERS[number % len(LETTERS)] + LETTERS[number // 100 % len(LETTERS)]
    return f"{letters}{number // 10_000 % 900 + 100}"


def blind_view(assignment: Assignment) -> BlindView:
    """The safe answers of the frozen copy, in the order of the questions."""
    frozen: dict[str, Any] = assignment.application.frozen or {}
    language = active_language()
    answers = []
    for item in frozen.get("answers", []):
        hidden = assignment.application.stage.is_blind and item.get("identifying", True)
        if hidden or item.get("kind") == "file":
            continue
        label = item.get(f"label_{language}") or item.get("label_fr", "")
        answers.append(
            BlindAnswer(
                label=label,
                value=read_as(item),
                language=frozen.get("language", "fr"),
            )
        )
    return BlindView(label=blind_label(assignment), answers=tuple(answers))
