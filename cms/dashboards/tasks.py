"""What the worker repeats for the administration."""

from __future__ import annotations

import logging

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision

from core.exceptions import DomainError, Incomplete

logger = logging.getLogger(__name__)


def publish_scheduled() -> None:
    """Publish what was approved for now, and take down what has expired. Safe to call twice.

    What the domain refuses at its hour (a call that has closed meanwhile) loses its date and is a
    draft again: Wagtail's command would stop there, and nothing after it would be published.
    """
    due = Revision.objects.filter(approved_go_live_at__lte=timezone.now())
    for revision in due.order_by("approved_go_live_at"):
        _publish(revision)
    call_command("publish_scheduled", verbosity=0)


def _publish(revision: Revision) -> None:
    try:
        with transaction.atomic():
            revision.publish(log_action="wagtail.publish.scheduled")
    except DomainError as refusal:
        said = refusal.problems if isinstance(refusal, Incomplete) else [str(refusal)]
        logger.warning("Not published at its hour: %s: %s", revision.object_str, " ".join(said))
        again = Revision.objects.get(pk=revision.pk)
        again.approved_go_live_at = None
        again.save(update_fields=["approved_go_live_at"])
