"""What can go wrong in the domain and was foreseen: each with a sentence a person can act on.

Verbs raise these or their own subclasses, declared beside them; the site answers 409 with the
sentence, 403 for ``NotAllowed``. A message is lazy: it is read in the reader's language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.utils.functional import _StrPromise


class DomainError(Exception):
    """An anticipated refusal.

    ``message`` is the sentence shown; ``code`` is stable, for software; ``status`` is what HTTP
    calls it.
    """

    code: str = "refused"
    status: int = 409
    default_message: ClassVar[str | _StrPromise] = _("This cannot be done now.")

    def __init__(
        self, message: str | _StrPromise | None = None, *, code: str | None = None
    ) -> None:
        """``message`` and ``code`` replace those of the class."""
        self.message: str | _StrPromise = self.default_message if message is None else message
        if code is not None:
            self.code = code
        super().__init__(self.message)

    def __str__(self) -> str:
        """The sentence, in the active language."""
        return str(self.message)


class IllegalMove(DomainError):
    """A record cannot go from the state it is in to the one asked."""

    code = "illegal_move"


class NotAllowed(DomainError):
    """The actor lacks the right; the sentence says whom to ask."""

    code = "not_allowed"
    status = 403
    default_message = _(
        "You do not have the right to do this. Ask a person who administers this space."
    )


class StaleWrite(DomainError):
    """Someone saved another value since the one that was edited was read: both are kept.

    ``mine`` is what was sent, ``theirs`` what is stored at ``version``, saved by the user number
    ``by`` at the instant ``at`` (UTC).
    """

    code = "stale_write"
    default_message = _(
        "Someone else changed this field while you were writing. Both texts are kept: choose one."
    )

    def __init__(
        self,
        *,
        mine: object,
        theirs: object,
        version: int,
        by: int | None = None,
        at: datetime | None = None,
        message: str | _StrPromise | None = None,
    ) -> None:
        """Keep both values, that a page can show them side by side."""
        super().__init__(message)
        self.mine = mine
        self.theirs = theirs
        self.version = version
        self.by = by
        self.at = at


class DeadlinePassed(DomainError):
    """The instant is after the deadline that was shown."""

    code = "deadline_passed"
    default_message = _("The deadline has passed. What you wrote is kept as a draft.")


class Incomplete(DomainError):
    """Something is missing; ``problems`` lists everything at once, one sentence each."""

    code = "incomplete"

    def __init__(
        self,
        problems: Iterable[str | _StrPromise],
        message: str | _StrPromise | None = None,
    ) -> None:
        """``problems`` are complete sentences; without ``message`` one counts them."""
        self.problems: list[str] = [str(problem) for problem in problems]
        if message is None:
            count = len(self.problems)
            message = ngettext(
                "%(count)s thing is missing or wrong.",
                "%(count)s things are missing or wrong.",
                count,
            ) % {"count": count}
        super().__init__(message)
