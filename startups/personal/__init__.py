"""What the directory holds of a person: given to them, and erased with them."""

from __future__ import annotations

from startups.personal import claims, exchanges


def register_personal() -> None:
    """Add the directory to « my data » and to an erasure."""
    claims.register()
    exchanges.register()
