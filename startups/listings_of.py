"""The listings of an organisation, each with where it stands: in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType

from startups.enums import GONE, EditState
from startups.forms.fields import capitalised
from startups.models import LISTINGS, ListingEdit, Program

if TYPE_CHECKING:
    from core.accounts.models import Organisation
    from startups.models import Listing


@dataclass(frozen=True, slots=True)
class Row:
    """A listing, its round of changes under way, and whether it may be written now."""

    listing: Listing
    kind: str
    edit: ListingEdit | None
    is_gone: bool

    @property
    def noun(self) -> str:
        """What it is, in words."""
        return capitalised(str(self.listing._meta.verbose_name))

    @property
    def has_intakes(self) -> bool:
        """Whether it is a program, that opens doors."""
        return isinstance(self.listing, Program)

    @property
    def may_announce(self) -> bool:
        """Whether it can have another intake: neither it nor who runs it has ended."""
        listing = self.listing
        return (
            isinstance(listing, Program)
            and not self.is_gone
            and listing.incubator.state not in GONE
        )

    @property
    def is_returned(self) -> bool:
        """Whether the city asks for something."""
        return self.edit is not None and self.edit.state == EditState.RETURNED

    @property
    def is_waiting(self) -> bool:
        """Whether it is being read."""
        return self.edit is not None and self.edit.state == EditState.SUBMITTED


def listings_of(organisation: Organisation) -> list[Row]:
    """The wholes before their parts, by name."""
    open_edits = ListingEdit.objects.filter(organisation=organisation).unfinished()
    edits = {(edit.content_type_id, edit.object_id): edit for edit in open_edits}
    types = ContentType.objects.get_for_models(*LISTINGS, for_concrete_models=False)
    rows = []
    for model in LISTINGS:
        found = model.objects.of_organisation(organisation)  # type: ignore[attr-defined]
        if model is Program:
            found = found.select_related("incubator")
        rows += [
            Row(
                listing=listing,
                kind=str(model._meta.model_name),
                edit=edits.get((types[model].pk, listing.pk)),
                is_gone=listing.state in GONE,
            )
            for listing in found
        ]
    return rows
