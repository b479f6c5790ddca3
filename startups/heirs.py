"""What a merged listing became."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from startups.enums import ListingState

if TYPE_CHECKING:
    from startups.models import Listing

# An heir may have an heir; verbs make no circle, and no chain is followed further.
LONGEST_CHAIN: Final = 10


def heir_of(listing: Listing) -> Listing:
    """The last of those into which it was merged and that can be read, or itself."""
    found = listing
    for _step in range(LONGEST_CHAIN):
        heir: Listing | None = found.merged_into
        if found.state != ListingState.MERGED or heir is None or not heir.live:
            break
        found = heir
    return found
