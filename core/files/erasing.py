"""What of the files stays when whoever gave them is erased."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.registry import Eraser, erasers


def register_erasers() -> None:
    """Add files to an erasure."""
    erasers.register(
        "files",
        Eraser(
            label=_("Files you gave"),
            removed="",
            kept=_(
                "All of them: they were given for an organisation or a permit, and are part of its "
                "file. They no longer bear your name."
            ),
            erase=lambda user, now: 0,
        ),
    )
