"""What search keeps in the site's own database."""

from search.models.change import MOST_TRIES, Change
from search.models.dismissal import Dismissal
from search.models.index import Index, Trouble

__all__ = ["MOST_TRIES", "Change", "Dismissal", "Index", "Trouble"]
