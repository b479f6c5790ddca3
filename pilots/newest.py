"""The newest real message of each event of the thread, made from the records that it told of.

Staff see it beside the words they change. Nothing is kept for it: it is what the verb would say.
"""

from __future__ import annotations

from typing import Any

from pilots.domain.application import receipt_facts
from pilots.domain.decision import letter_facts
from pilots.domain.pilot import trial_facts, verdict_facts
from pilots.domain.ranking import ranking
from pilots.models import Application, Decision, Juror, Pilot, Verdict


def receipt() -> dict[str, Any] | None:
    """Of the last application received."""
    found = (
        Application.objects.filter(submitted_at__isnull=False)
        .exclude(number="")
        .select_related("challenge", "startup", "stage")
        .order_by("submitted_at")
        .last()
    )
    return receipt_facts(found, found.challenge) if found is not None else None


def invitation() -> dict[str, Any] | None:
    """Of the last person appointed to a jury."""
    found = Juror.objects.order_by("pk").last()
    return {"juror_id": found.pk} if found is not None else None


def letter() -> dict[str, Any] | None:
    """Of the last decision that was announced: one that is held is nobody's to read."""
    found = (
        Decision.objects.filter(envelope__released_at__isnull=False, superseded_by__isnull=True)
        .select_related("application__challenge", "application__stage")
        .order_by("envelope__released_at", "pk")
        .last()
    )
    if found is None:
        return None
    rows = {row.application.pk: row for row in ranking(found.application.challenge)}
    return letter_facts(found, rows.get(found.application_id))


def started() -> dict[str, Any] | None:
    """Of the last trial that began."""
    found = Pilot.objects.filter(started_at__isnull=False).order_by("started_at").last()
    return trial_facts(found) if found is not None else None


def verdict() -> dict[str, Any] | None:
    """Of the last verdict."""
    found = Verdict.objects.select_related("pilot").order_by("decided_at").last()
    return verdict_facts(found) if found is not None else None
