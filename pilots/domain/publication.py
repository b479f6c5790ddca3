"""The public words of a trial, published from the administration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.audit import log
from pilots.models import Pilot
from pilots.signals import record_changed

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.accounts.models import User


@transaction.atomic
def publish_pilot(*, pilot: Pilot, actor: User | None, go_live: Callable[[], None]) -> None:
    """Publish the trial's title, sentence and notice; ``go_live`` writes them.

    The plan, the dates and what is measured are not among them: the desk's verbs write those.
    """
    go_live()
    record_changed.send(sender=Pilot, pk=pilot.pk)
    log.record(actor=actor, action="pilot.revised", target=pilot, public={"slug": pilot.slug})
