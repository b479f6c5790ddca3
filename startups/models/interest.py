"""A startup shows interest in an intake: what it sent, and what both sides said since."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from startups.enums import InterestSide, InterestState
from startups.models.program import Intake
from startups.models.startup import Startup
from startups.querysets import InterestQuerySet


class Interest(models.Model):
    """One startup's interest in one intake; what it says of itself is a frozen copy.

    ``waits_for`` is the side that has something new to read; empty when both have read all.
    """

    intake = models.ForeignKey(
        Intake, verbose_name=_("intake"), on_delete=models.PROTECT, related_name="interests"
    )
    startup = models.ForeignKey(
        Startup, verbose_name=_("startup"), on_delete=models.PROTECT, related_name="interests"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("sent by"),
        on_delete=models.PROTECT,
        related_name="interests",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=InterestState, default=InterestState.NEW
    )
    waits_for = models.CharField(_("to be read by"), max_length=8, blank=True)
    word = models.TextField(_("a word"), blank=True)
    frozen = models.JSONField(_("profile as sent"))
    fingerprint = models.CharField(_("fingerprint (SHA-256)"), max_length=64)
    declined_reason = models.TextField(_("why declined"), blank=True)
    sent_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sent_at = models.DateTimeField(_("sent"))
    moved_at = models.DateTimeField(_("last change"))

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=InterestState.values), name="interest_state_known"
            ),
            models.UniqueConstraint(
                fields=["intake", "startup"],
                condition=~Q(state=InterestState.WITHDRAWN),
                name="interest_one_standing",
            ),
            models.CheckConstraint(
                condition=~Q(state=InterestState.DECLINED) | ~Q(declined_reason=""),
                name="interest_declined_says_why",
            ),
            models.CheckConstraint(
                condition=Q(waits_for__in=["", *InterestSide.values]),
                name="interest_waits_for_known",
            ),
            models.CheckConstraint(condition=~Q(fingerprint=""), name="interest_is_frozen"),
        ]
        indexes = [models.Index(fields=["intake", "state"], name="interest_by_intake")]

    def __str__(self) -> str:
        return f"{self.startup} · {self.intake.program}"


class InterestWord(models.Model):
    """Something that one side said to the other about an interest."""

    interest = models.ForeignKey(Interest, on_delete=models.CASCADE, related_name="words")
    side = models.CharField(_("said by"), max_length=8, choices=InterestSide)
    text = models.TextField(_("words"))
    written_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("said"))

    class Meta:
        verbose_name = _("word on an interest")
        verbose_name_plural = _("words on interests")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(side__in=InterestSide.values), name="interest_word_side_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="interest_word_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} · {self.at:%Y-%m-%d}"
