"""What of the thread must end before an organisation may close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from pilots.enums import IN_REVIEW, NOT_CONCLUDED, ApplicationState
from pilots.models import Application, Pilot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.accounts.models import Organisation

WAITING = (*IN_REVIEW, ApplicationState.WAITLISTED)


def reasons_to_stay_open(organisation: Organisation) -> Iterator[str]:
    """Applications that wait for a decision, trials that owe a verdict: one sentence each."""
    for application in (
        Application.objects.of_organisation(organisation)
        .filter(state__in=WAITING)
        .select_related("challenge")
    ):
        yield _(
            "Application %(number)s to “%(challenge)s” waits for a decision: withdraw it first."
        ) % {"number": application.number, "challenge": application.challenge}
    for pilot in Pilot.objects.filter(
        startup__organisation=organisation, state__in=NOT_CONCLUDED
    ).order_by("pk"):
        yield _(
            "The trial “%(title)s” is not concluded: its verdict comes first, or the city cancels "
            "it."
        ) % {"title": pilot.title}
