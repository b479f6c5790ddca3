"""Startups that are said to have gone through a program, until one answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from core.accounts import rules
from core.registry import WorkspaceRow
from startups.models import AlumniTie

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.accounts.models import Organisation, User

MOST: Final = 10


def rows(user: User, organisation: Organisation | None, now: datetime) -> Iterator[WorkspaceRow]:
    """Those that the other side says, the oldest first."""
    if organisation is None or not rules.can(user, "edit_content", organisation):
        return
    waiting = AlumniTie.objects.to_answer(organisation).with_sides()
    for tie in waiting[:MOST]:
        words = {"startup": tie.startup, "program": tie.program}
        yield WorkspaceRow(
            title=_("Did %(startup)s go through “%(program)s”?") % words,
            detail=_("The other side says so; nothing is public until you confirm it."),
            due=tie.first_said_at,
            url_name="alumni",
            url_kwargs={"pk": organisation.pk},
            button=_("Confirm or refuse"),
        )
