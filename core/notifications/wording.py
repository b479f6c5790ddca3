"""Staff write the words of a message: changed, or back to what the product came with.

A text that was read before somebody else changed it does not replace theirs in silence: whoever
saves says which words were on the page (:func:`fingerprint`), and both are shown.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.audit import log
from core.exceptions import DomainError, NotAllowed
from core.notifications.events import catalogue
from core.notifications.models import MessageTemplate
from core.notifications.rendering import Words, built_in, cache_key, problems_of
from core.notifications.safe_templates import Part
from core.text import UNSEEN

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import User

RIGHT = "notifications.change_messagetemplate"


class WordsRefused(DomainError):
    """Words that cannot be sent; ``problems`` says why, by part, with its lines."""

    code = "words_refused"
    default_message = _("Nothing is saved: the words below cannot be sent as they are.")

    def __init__(self, problems: dict[Part, list[str]]) -> None:
        """``problems`` has at least one sentence."""
        super().__init__()
        self.problems = problems


class WordsChanged(DomainError):
    """Somebody changed the words since they were read; ``theirs`` is what is kept now."""

    code = "stale_write"
    default_message = _(
        "Somebody changed these words while you were writing. Yours are not saved yet: read "
        "theirs, then save again to replace them."
    )

    def __init__(self, theirs: Standing) -> None:
        """``theirs`` is shown beside what was sent."""
        super().__init__()
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class Standing:
    """The words that stand: built in when ``row`` is None."""

    words: Words
    row: MessageTemplate | None

    @property
    def fingerprint(self) -> str:
        """What a page keeps, to say later which words it showed."""
        return fingerprint(self.words)


def fingerprint(words: Words) -> str:
    """The same for the same words, whenever they were written."""
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


def standing(event: str, language: str) -> Standing:
    """The words of ``event`` in ``language`` now; ``KeyError`` on an event that is none."""
    row = MessageTemplate.objects.filter(event=catalogue[event].name, language=language)
    return _standing(event, language, row.select_related("changed_by").first())


def _standing(event: str, language: str, row: MessageTemplate | None) -> Standing:
    words = built_in(event, language) if row is None else Words(row.subject, row.text, row.html)
    return Standing(words, row)


def tidy(words: Words) -> Words:
    """Line breaks of one kind, none too many at the end, nothing that cannot be seen."""
    return Words(*(_tidy(text) for text in words))


def _tidy(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    # Hard spaces stay: French sets them before its signs.
    seen = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in UNSEEN)
    return seen.strip() + "\n"


@transaction.atomic
def save_words(
    *, event: str, language: str, words: Words, seen: str, actor: User, now: datetime
) -> Standing:
    """Replace the words of ``event`` in ``language``, that were read as ``seen``.

    Words equal to the built-in ones leave no row. Raises ``NotAllowed``, ``WordsRefused``,
    ``WordsChanged``; ``KeyError`` on an event that is none.
    """
    _require_writer(actor)
    words = tidy(words)
    if problems := problems_of(event, words):
        raise WordsRefused(problems)
    before = _locked(event, language, seen)
    if words == before.words:
        return before
    if words == built_in(event, language):
        return _reset(event, language, before, actor, now)
    fields = {**words._asdict(), "changed_by": actor, "changed_at": now}
    if before.row is None:
        row = _first_row(event, language, fields)
    else:
        row = before.row
        for name, value in fields.items():
            setattr(row, name, value)
        row.save(update_fields=list(fields))
    _note(row, "message_words.changed", before.words, words, actor, now)
    return Standing(words, row)


def _first_row(event: str, language: str, fields: dict[str, object]) -> MessageTemplate:
    """Two people may write the first change of an event at once; the second is told."""
    try:
        with transaction.atomic():
            return MessageTemplate.objects.create(event=event, language=language, **fields)
    except IntegrityError as error:
        raise WordsChanged(standing(event, language)) from error


@transaction.atomic
def reset_words(*, event: str, language: str, seen: str, actor: User, now: datetime) -> Standing:
    """Go back to the built-in words; nothing to do when they stand. Raises as ``save_words``."""
    _require_writer(actor)
    before = _locked(event, language, seen)
    if before.row is None:
        return before
    return _reset(event, language, before, actor, now)


def _reset(event: str, language: str, before: Standing, actor: User, now: datetime) -> Standing:
    assert before.row is not None
    after = Standing(built_in(event, language), None)
    MessageTemplate.objects.filter(pk=before.row.pk).delete()
    _note(before.row, "message_words.reset", before.words, after.words, actor, now)
    return after


def _require_writer(actor: User) -> None:
    if not actor.has_perm(RIGHT):
        raise NotAllowed


def _locked(event: str, language: str, seen: str) -> Standing:
    rows = MessageTemplate.objects.select_for_update(of=("self",)).select_related("changed_by")
    name = catalogue[event].name
    before = _standing(event, language, rows.filter(event=name, language=language).first())
    if before.fingerprint != seen:
        raise WordsChanged(before)
    return before


def _note(
    row: MessageTemplate, action: str, was: Words, now_is: Words, actor: User, now: datetime
) -> None:
    changed = [part.value for part in Part if was.part(part) != now_is.part(part)]
    transaction.on_commit(lambda: cache.delete(cache_key(row.event, row.language)))
    log.record(
        actor=actor,
        action=action,
        target=row,
        public={
            "event": row.event,
            "language": row.language,
            "before": {part: was.part(Part(part)) for part in changed},
            "after": {part: now_is.part(Part(part)) for part in changed},
        },
        now=now,
    )
