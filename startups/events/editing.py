"""The messages that the directory sends to those who write its listings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core.languages import LANGUAGES
from core.notifications.enums import Audience
from core.notifications.events import Event
from core.notifications.variables import Flag, Link, LongText, Text
from startups.enums import EditState
from startups.models import ListingEdit

if TYPE_CHECKING:
    from collections.abc import Iterable

TITLE = Text(_("name of the listing"), example=_("Readable bus shelters"), is_paired=True)
PAGE = Link(
    _("page where the listing is written"),
    to="listing_edit",
    args=("kind", "listing_id"),
    example=("startup", 12),
)


def answer_facts(edit: ListingEdit) -> dict[str, Any]:
    """What the person who submitted changes reads of the answer."""
    is_approved = edit.state == EditState.PUBLISHED
    comment = "" if is_approved else edit.comment
    return {**_of(edit), "is_approved": is_approved, "comment": comment}


def turned_back_facts(edit: ListingEdit) -> dict[str, Any]:
    """What an owner reads when a change that was live is turned back."""
    return {**_of(edit), "comment": edit.comment}


def _of(edit: ListingEdit) -> dict[str, Any]:
    listing, titles = edit.record, {}
    for code in LANGUAGES:
        with override(code):
            titles[f"title_{code}"] = str(listing)
    return {**titles, "kind": listing._meta.model_name, "listing_id": listing.pk}


def _newest(states: Iterable[str]) -> ListingEdit | None:
    found = ListingEdit.objects.filter(state__in=list(states)).order_by("answered_at", "pk")
    return next((edit for edit in found.reverse()[:10] if edit.listing is not None), None)


def newest_answer() -> dict[str, Any] | None:
    """Of the last changes that were approved or returned."""
    found = _newest([EditState.PUBLISHED, EditState.RETURNED])
    return answer_facts(found) if found is not None else None


def newest_turned_back() -> dict[str, Any] | None:
    """Of the last change that was turned back."""
    found = _newest([EditState.TURNED_BACK])
    return turned_back_facts(found) if found is not None else None


ANSWERED = Event(
    name="listing_answered",
    label=_("Answer to the changes of a listing"),
    audience=Audience.APPLICANT,
    newest=newest_answer,
    variables={
        "title": TITLE,
        "is_approved": Flag(_("whether it is published"), example=False),
        "comment": LongText(
            _("what is to be changed"),
            example=_("Say in one sentence what the sensor measures."),
            is_optional=True,
        ),
        "link": PAGE,
    },
)
TURNED_BACK = Event(
    name="listing_turned_back",
    label=_("A change that was live is turned back"),
    audience=Audience.APPLICANT,
    newest=newest_turned_back,
    variables={
        "title": TITLE,
        "comment": LongText(_("reason"), example=_("The address leads to another organisation.")),
        "link": PAGE,
    },
)


EVENTS: Final = (ANSWERED, TURNED_BACK)
