"""The states of a copy of one's data with their one table of moves; the risk of an incident."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ExportState(models.TextChoices):
    """Where a copy of somebody's data stands."""

    ASKED = "asked", pgettext_lazy("copy", "Asked")
    MAKING = "making", _("Being made")
    READY = "ready", pgettext_lazy("copy", "Ready")
    FAILED = "failed", pgettext_lazy("copy", "Not made")
    REMOVED = "removed", pgettext_lazy("copy", "Removed")


_E = ExportState
EXPORT_TRANSITIONS: Final = {
    _E.ASKED: frozenset({_E.MAKING, _E.FAILED}),
    # Begun again when the worker that was making it has died.
    _E.MAKING: frozenset({_E.ASKED, _E.READY, _E.FAILED}),
    _E.READY: frozenset({_E.REMOVED}),
    _E.FAILED: frozenset[ExportState](),
    _E.REMOVED: frozenset[ExportState](),
}
# One of these at a time for each person.
UNDER_WAY: Final = (_E.ASKED, _E.MAKING)


class Risk(models.TextChoices):
    """Whether an incident may do serious injury to somebody (Law 25)."""

    ASSESSING = "assessing", _("Being assessed")
    SERIOUS = "serious", _("Serious: the Commission and the people must be told")
    NONE = "none", _("Not serious")
