"""Pages to follow something and to stop."""
