"""The verbs of the thread: each owns its transaction."""
