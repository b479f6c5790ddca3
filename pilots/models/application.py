"""A startup's answer to a challenge, owned by its organisation."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pilots.enums import STANDING, ApplicationState
from pilots.querysets import ApplicationQuerySet


class Application(models.Model):
    """One answer to one challenge.

    While it is a draft its answers live in ``core.drafts`` under :attr:`draft_scope`; what was
    submitted is the frozen copy, with the questions as they then stood and its fingerprint.
    """

    number = models.CharField(_("number"), max_length=30, blank=True)
    challenge = models.ForeignKey(
        "pilots.Challenge", on_delete=models.PROTECT, related_name="applications"
    )
    stage = models.ForeignKey("pilots.Stage", on_delete=models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="applications"
    )
    startup = models.ForeignKey(
        "startups.Startup", on_delete=models.PROTECT, related_name="applications"
    )
    solution = models.ForeignKey(
        "startups.Solution",
        verbose_name=_("solution"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="applications",
    )
    state = models.CharField(
        _("state"), max_length=12, choices=ApplicationState, default=ApplicationState.DRAFT
    )
    created_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    submitted_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=2, default="fr")
    frozen = models.JSONField(_("frozen copy"), null=True, blank=True)
    fingerprint = models.CharField(_("fingerprint (SHA-256)"), max_length=64, blank=True)
    withdrawn_reason = models.TextField(_("why withdrawn"), blank=True)
    ineligible_reason = models.TextField(_("why ineligible"), blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ApplicationState.values), name="application_state_known"
            ),
            models.UniqueConstraint(
                fields=["startup", "challenge"],
                condition=Q(state__in=[str(s) for s in STANDING]),
                name="application_one_submitted",
            ),
            models.UniqueConstraint(
                fields=["startup", "challenge"],
                condition=Q(state=ApplicationState.DRAFT),
                name="application_one_draft",
            ),
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="application_number_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[str(s) for s in STANDING])
                | Q(submitted_at__isnull=False, frozen__isnull=False)
                & ~Q(number="")
                & ~Q(fingerprint=""),
                name="application_submitted_is_frozen",
            ),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.INELIGIBLE) | ~Q(ineligible_reason=""),
                name="application_ineligible_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.startup} · {self.challenge}"

    @property
    def draft_scope(self) -> str:
        """Where its typed answers are kept in ``core.drafts``."""
        return f"application:{self.pk}"
