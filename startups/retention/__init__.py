"""What the directory does not keep for ever."""

from __future__ import annotations

from startups.retention import claims, exchanges


def register_retained() -> None:
    """Say what leaves, and when a rule may say so."""
    claims.register()
    exchanges.register()
