"""What became of the addresses that public listings lead to."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.probing import Outcome, Reason
from startups.querysets import LinkQuerySet


class CheckedLink(models.Model):
    """One address, tested once however many listings lead to it.

    ``used_by`` are pairs of a kind of listing and a key. One failure is not a broken link:
    ``failing_since`` is the first of a row of failures, ``broken_since`` is the same instant once
    another day has failed too. ``told_at`` is when those who keep the listings were told.
    """

    address = models.CharField(_("web address"), max_length=1000, unique=True)
    used_by = models.JSONField(_("led to by"), default=list)
    outcome = models.CharField(
        _("last test"), max_length=8, choices=Outcome, blank=True, default=""
    )
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=16, choices=Reason, blank=True, default="")
    checked_at = models.DateTimeField(_("tested"), null=True, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    broken_since = models.DateTimeField(_("broken since"), null=True, blank=True)
    told_at = models.DateTimeField(_("owner told"), null=True, blank=True)
    # A worker has it until then: another one leaves it.
    taken_until = models.DateTimeField(null=True, blank=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("public link")
        verbose_name_plural = _("public links")
        ordering = ["address"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["", *Outcome.values]), name="link_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(broken_since__isnull=True) | Q(broken_since=F("failing_since")),
                name="link_broken_since_it_fails",
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(broken_since__isnull=False),
                name="link_told_when_broken",
            ),
        ]
        indexes = [models.Index(fields=["checked_at"], name="link_checked")]

    def __str__(self) -> str:
        return self.address

    @property
    def why(self) -> str:
        """In words, with the status where the server gave one."""
        words = str(self.get_reason_display()) if self.reason else ""
        return f"{words} ({self.status})" if words and self.status else words
