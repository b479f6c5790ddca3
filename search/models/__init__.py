"""What search keeps in the site's own database."""

from search.models.change import MOST_TRIES, Change
from search.models.dismissal import Dismissal
from search.models.index import Index, Trouble
from search.models.missed import FoundLittle, MissedSearch
from search.models.saved import Appearance, SavedSearch, Told

__all__ = [
    "MOST_TRIES",
    "Appearance",
    "Change",
    "Dismissal",
    "FoundLittle",
    "Index",
    "MissedSearch",
    "SavedSearch",
    "Told",
    "Trouble",
]
