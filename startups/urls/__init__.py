"""Split by audience."""
