"""What search asks of an administrator today: a row of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.accounts import rules
from core.registry import WorkspaceRow
from search.health import states

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from core.accounts.models import Organisation, User


def rows(user: User, organisation: Organisation | None, now: datetime) -> Iterator[WorkspaceRow]:
    """One for all indexes, when something will not come right by itself."""
    if organisation is not None or not rules.is_administrator(user):
        return
    ailing = [state for state in states() if state.needs_a_person(now)]
    if not ailing:
        return
    since = [
        at
        for state in ailing
        for at in (state.index.trouble_since, state.oldest, state.index.checked_at)
        if at is not None
    ]
    yield WorkspaceRow(
        title=_("Search does not say everything that the records say"),
        detail=_("The page names what is wrong and what to do."),
        due=min(since, default=None),
        url_name="search_index",
        button=_("See what is wrong"),
    )
