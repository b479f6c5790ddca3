"""Organisations that say a profile is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.languages import Pair
from startups.enums import ClaimState, ClaimWay
from startups.models.about import exactly_one, listing_of
from startups.models.program import Incubator
from startups.models.startup import Startup
from startups.querysets import ClaimQuerySet

if TYPE_CHECKING:
    from startups.models.listing import Listing

LONGEST_MESSAGE = 1000
LONGEST_REASON = 1000


class Claim(models.Model):
    """An organisation says that a startup or a support organisation of the directory is itself.

    ``email`` is the address that proves it, which its claimant reads; ``reason`` is what the city
    answers. One that is accepted at once was settled by nobody.
    """

    startup = models.ForeignKey(
        Startup, null=True, blank=True, on_delete=models.PROTECT, related_name="claims"
    )
    incubator = models.ForeignKey(
        Incubator, null=True, blank=True, on_delete=models.PROTECT, related_name="claims"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="claims",
    )
    claimant = models.ForeignKey(
        "accounts.User",
        verbose_name=_("claimed by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="claims",
    )
    way = models.CharField(_("proof"), max_length=8, choices=ClaimWay)
    email = models.EmailField(_("address that proves it"), max_length=254, blank=True)
    document = models.ForeignKey(
        "files.StoredFile",
        verbose_name=_("document"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    message = models.TextField(_("word"), blank=True, max_length=LONGEST_MESSAGE)
    state = models.CharField(
        _("state"), max_length=9, choices=ClaimState, default=ClaimState.PENDING
    )
    asked_at = models.DateTimeField(_("asked"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason_fr = models.TextField(_("reasons (French)"), blank=True, max_length=LONGEST_REASON)
    reason_en = models.TextField(_("reasons (English)"), blank=True, max_length=LONGEST_REASON)

    reason = Pair("reason")

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ClaimState.values), name="claim_state_known"
            ),
            models.CheckConstraint(condition=Q(way__in=ClaimWay.values), name="claim_way_known"),
            models.CheckConstraint(
                condition=exactly_one("startup", "incubator"), name="claim_of_one_listing"
            ),
            *(
                models.UniqueConstraint(
                    fields=[kind, "organisation"],
                    condition=Q(state=ClaimState.PENDING),
                    name=f"claim_one_pending_{kind}",
                )
                for kind in ("startup", "incubator")
            ),
            models.CheckConstraint(
                condition=Q(state=ClaimState.PENDING, settled_at__isnull=True)
                | ~Q(state=ClaimState.PENDING) & Q(settled_at__isnull=False),
                name="claim_settled_has_instant",
            ),
            models.CheckConstraint(
                condition=~Q(way=ClaimWay.DOCUMENT) | Q(document__isnull=False),
                name="claim_by_document_has_one",
            ),
            models.CheckConstraint(
                condition=~Q(state=ClaimState.REFUSED) | ~Q(reason_fr=""),
                name="claim_refused_has_reasons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} → {self.listing}"

    @property
    def listing(self) -> Listing:
        """What is claimed."""
        return listing_of(self, "startup", "incubator")
