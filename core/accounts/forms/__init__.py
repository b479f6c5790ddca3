"""Forms clean what people type; they do not save."""
