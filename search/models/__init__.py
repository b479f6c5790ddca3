"""What search keeps in the site's own database."""

from search.models.entry import SearchEntry

__all__ = ["SearchEntry"]
