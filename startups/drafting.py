"""A listing as its members are writing it: what is public, what was typed, what differs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.accounts import rules
from core.accounts.models import Role
from core.drafts import saving
from core.freeze import fingerprint
from startups.enums import ListingState
from startups.forms.listing import OUTSIDE, ListingForm, raw_of
from startups.models import ListingEdit, ListingRules

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import Organisation, User
    from startups.models import Listing


@dataclass(slots=True)
class Draft:
    """``listing`` is the row, ``base`` its last revision: what is typed lies over it.

    ``raws`` are the values of the form, ``versions`` those of the drafts of its fields, 0 for what
    nobody has typed.
    """

    listing: Listing
    base: Listing
    edit: ListingEdit | None
    raws: dict[str, Any]
    versions: dict[str, int]
    public: dict[str, Any]
    saved_at: datetime | None = None
    _form: ListingForm | None = field(default=None, repr=False)

    @property
    def changed(self) -> list[str]:
        """The fields that differ from the public version, in the order of the form."""
        return [
            name
            for name, value in self.raws.items()
            if name != OUTSIDE and not same(value, self.public.get(name, empty_like(value)))
        ]

    @property
    def read(self) -> str:
        """What was read when the page was made: it changes with each field and each revision."""
        return fingerprint([self.listing.latest_revision_id, self.versions])

    @property
    def form(self) -> ListingForm:
        """All of it, as one would submit it."""
        if self._form is None:
            self._form = ListingForm(type(self.listing), self.raws)
        return self._form

    def preview(self) -> Listing:
        """The last revision with what was typed, where it can be read; nothing is saved."""
        self.form.is_valid()
        self.form.apply(self.base)
        return self.base


def draft_of(listing: Listing, edit: ListingEdit | None = None) -> Draft:
    """The draft of ``listing`` as it stands; ``edit`` is the round under way, else looked for."""
    if edit is None:
        edit = ListingEdit.objects.of_listing(listing).unfinished().first()
    base = listing.get_latest_revision_as_object()
    raws, versions, last = raw_of(base), dict.fromkeys(raw_of(base), 0), None
    if edit is not None:
        for name, row in saving.values(edit.draft_scope).items():
            if name in raws or name == OUTSIDE:
                raws[name], versions[name] = row.value, row.version
                last = max(last, row.saved_at) if last else row.saved_at
    public = raw_of(listing) if listing.live else {}
    return Draft(listing, base, edit, raws, versions, public, last)


def same(one: Any, other: Any) -> bool:
    """Whether two raw values say the same; the order of ticked boxes says nothing."""
    if isinstance(one, list) and isinstance(other, list):
        if all(isinstance(each, str) for each in [*one, *other]):
            return sorted(one) == sorted(other)
        return one == other
    if isinstance(one, str) and isinstance(other, str):
        return one.strip() == other.strip()
    return bool(one == other)


def empty_like(value: Any) -> Any:
    """What a field has before anything is given."""
    return False if isinstance(value, bool) else [] if isinstance(value, list) else ""


def goes_live_at_once(draft: Draft, organisation: Organisation, actor: User) -> bool:
    """An owner of a verified listing changes only what staff let through: it is reviewed after."""
    listing, changed = draft.listing, draft.changed
    return (
        listing.live
        and listing.state == ListingState.VERIFIED
        and bool(changed)
        and rules.role_in(actor, organisation) == Role.OWNER
        and set(changed) <= ListingRules.quick_fields(str(listing._meta.model_name))
    )
