"""What the worker repeats for the administration."""

from __future__ import annotations

from django.core.management import call_command


def publish_scheduled() -> None:
    """Publish what was approved for now, and take down what has expired. Safe to call twice."""
    call_command("publish_scheduled", verbosity=0)
