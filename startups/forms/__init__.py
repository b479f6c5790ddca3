"""Split by job."""
