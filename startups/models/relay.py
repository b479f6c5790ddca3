"""Conversations that the site relays: neither side reads the other's address."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.languages import Pair
from startups.enums import RelaySide, RelayState
from startups.models.startup import Deployment, Need, Startup
from startups.querysets import RelayQuerySet


class Relay(models.Model):
    """What somebody writes to a startup about one of its needs or deployments, and what follows.

    ``organisation`` None is the city. ``about`` is how the need or the deployment read at the
    beginning. ``waits_for`` is the side that has something new to read.
    """

    startup = models.ForeignKey(
        Startup, verbose_name=_("startup"), on_delete=models.PROTECT, related_name="relays"
    )
    need = models.ForeignKey(
        Need,
        verbose_name=_("need"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="relays",
    )
    deployment = models.ForeignKey(
        Deployment,
        verbose_name=_("deployment"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="relays",
    )
    about_fr = models.CharField(_("about (French)"), max_length=400)
    about_en = models.CharField(_("about (English)"), max_length=400)
    organisation = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("in the name of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="relays",
    )
    author = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(_("state"), max_length=6, choices=RelayState, default=RelayState.OPEN)
    waits_for = models.CharField(_("to be read by"), max_length=7, blank=True)
    began_at = models.DateTimeField(_("began"))
    moved_at = models.DateTimeField(_("last change"))
    reported_at = models.DateTimeField(_("reported"), null=True, blank=True)
    reported_by = models.CharField(_("reported by"), max_length=7, blank=True)
    report = models.TextField(_("what is wrong"), blank=True)
    closed_reason = models.TextField(_("why closed"), blank=True)

    about = Pair("about")

    objects = RelayQuerySet.as_manager()

    class Meta:
        verbose_name = _("relayed conversation")
        verbose_name_plural = _("relayed conversations")
        ordering = ["-moved_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=RelayState.values), name="relay_state_known"
            ),
            models.CheckConstraint(
                condition=Q(need__isnull=True) | Q(deployment__isnull=True),
                name="relay_about_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(state=RelayState.CLOSED) | ~Q(closed_reason=""),
                name="relay_closed_says_why",
            ),
            models.CheckConstraint(
                condition=Q(waits_for__in=["", *RelaySide.values]), name="relay_waits_for_known"
            ),
            models.CheckConstraint(
                condition=Q(reported_at__isnull=True) | Q(reported_by__in=RelaySide.values),
                name="relay_reported_by_a_side",
            ),
            models.UniqueConstraint(
                fields=["need", "author"],
                condition=Q(need__isnull=False, author__isnull=False),
                name="relay_once_a_need",
            ),
            models.UniqueConstraint(
                fields=["deployment", "author"],
                condition=Q(deployment__isnull=False, author__isnull=False),
                name="relay_once_a_deployment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.startup} · {self.about}"


class RelayWord(models.Model):
    """Something that one side said."""

    relay = models.ForeignKey(Relay, on_delete=models.CASCADE, related_name="words")
    side = models.CharField(_("said by"), max_length=7, choices=RelaySide)
    text = models.TextField(_("words"))
    written_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("said"))

    class Meta:
        verbose_name = _("relayed word")
        verbose_name_plural = _("relayed words")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(side__in=RelaySide.values), name="relay_word_side_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="relay_word_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} · {self.at:%Y-%m-%d}"
