"""Two listings being written: one waits for the moderators, one was returned with a comment."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cms.demo.people import EXAMPLE_INCUBATOR
from cms.demo.source import read
from core.accounts.models import Membership
from startups.domain import editing
from startups.domain.moderation import return_edit
from startups.drafting import draft_of
from startups.models import Incubator, Solution

if TYPE_CHECKING:
    from cms.demo.source import Calendar
    from core.accounts.models import User
    from startups.models import Listing, ListingEdit


def load_editing(users: dict[str, User], calendar: Calendar) -> None:
    """By the verbs themselves, as their members and a moderator would have done."""
    record = read("editing")
    owner = users["startup"]
    membership = Membership.objects.select_related("organisation").filter(user=owner).first()
    assert membership is not None
    solution = Solution.objects.of_organisation(membership.organisation).order_by("pk").first()
    if solution is not None:
        longer = {
            name: f"{getattr(solution, name)}{added}" for name, added in record["in_review"].items()
        }
        _submitted(solution, longer, owner, calendar, days=2)
    texts = dict(record["returned"])
    comment = texts.pop("comment")
    example = Incubator.objects.get(slug=EXAMPLE_INCUBATOR)
    edit = _submitted(example, texts, users["incubateur"], calendar, days=4)
    return_edit(
        edit=edit,
        revision=edit.revision_id or 0,
        comment=comment,
        actor=users["moderation"],
        now=calendar.now - timedelta(days=1),
    )


def _submitted(
    listing: Listing, values: dict[str, Any], actor: User, calendar: Calendar, *, days: int
) -> ListingEdit:
    now = calendar.now - timedelta(days=days)
    typed = {name: (value, 0) for name, value in values.items()}
    editing.save_fields(listing=listing, values=typed, actor=actor, now=now)
    read_now = draft_of(listing).read
    return editing.submit_listing(listing=listing, read=read_now, actor=actor, now=now)
