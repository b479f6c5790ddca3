"""What visitors say is wrong on a public page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from startups.enums import CorrectionState
from startups.models.about import exactly_one, listing_of
from startups.models.program import Incubator, Program
from startups.models.startup import Solution, Startup
from startups.querysets import CorrectionQuerySet

if TYPE_CHECKING:
    from startups.models.listing import Listing

KINDS = ("startup", "solution", "incubator", "program")
LONGEST_VALUE = 20_000
LONGEST_SOURCE = 500
LONGEST_ANSWER = 500


class Correction(models.Model):
    """A visitor says what a field of a listing should be, and where that is to be read.

    ``before`` is what the field held when the visitor read it; ``value`` what it should hold, as a
    text of the field, or words when only a person can put it. ``email`` leaves after a while.
    """

    startup = models.ForeignKey(
        Startup, null=True, on_delete=models.CASCADE, related_name="corrections"
    )
    solution = models.ForeignKey(
        Solution, null=True, on_delete=models.CASCADE, related_name="corrections"
    )
    incubator = models.ForeignKey(
        Incubator, null=True, on_delete=models.CASCADE, related_name="corrections"
    )
    program = models.ForeignKey(
        Program, null=True, on_delete=models.CASCADE, related_name="corrections"
    )
    field = models.CharField(_("field"), max_length=60)
    before = models.JSONField(_("what it said"), null=True)
    value = models.TextField(_("what it should say"), max_length=LONGEST_VALUE)
    source = models.CharField(_("source"), max_length=LONGEST_SOURCE)
    language = models.CharField(
        _("language"), max_length=2, choices=[("fr", "Français"), ("en", "English")]
    )
    email = models.EmailField(_("address for thanks"), max_length=254, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=CorrectionState, default=CorrectionState.PENDING
    )
    proposed_at = models.DateTimeField(_("proposed"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.TextField(_("reason"), blank=True, max_length=LONGEST_ANSWER)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["proposed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CorrectionState.values), name="correction_state_known"
            ),
            models.CheckConstraint(condition=exactly_one(*KINDS), name="correction_of_one_listing"),
            models.CheckConstraint(
                condition=Q(language__in=["fr", "en"]), name="correction_language"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="correction_has_a_source"),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.PENDING, settled_at__isnull=True)
                | ~Q(state=CorrectionState.PENDING) & Q(settled_at__isnull=False),
                name="correction_settled_has_instant",
            ),
            models.CheckConstraint(
                condition=~Q(state=CorrectionState.REFUSED) | ~Q(reason=""),
                name="correction_refused_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing} · {self.field}"

    @property
    def listing(self) -> Listing:
        """What it is about."""
        return listing_of(self, *KINDS)

    @property
    def kind(self) -> str:
        """The kind of what it is about, as addresses name it."""
        return str(self.listing._meta.model_name)
