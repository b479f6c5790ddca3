"""What every public profile of the directory shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.languages import LANGUAGES
from core.records import EditorialRecord
from startups.enums import ListingState

if TYPE_CHECKING:
    from wagtail.models import Revision


def default_languages() -> list[str]:
    """French, until someone says more."""
    return ["fr"]


class Listing(EditorialRecord):
    """A public profile: its address, who speaks for it, and when it was last confirmed."""

    KEPT_FIELDS: ClassVar[tuple[str, ...]] = ("state", "verified_on", "organisation")

    slug = models.SlugField(_("address"), max_length=120, unique=True)
    state = models.CharField(
        _("listing"), max_length=12, choices=ListingState, default=ListingState.UNCLAIMED
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
    )
    verified_on = models.DateField(_("last confirmed on"), null=True, blank=True)
    is_example = models.BooleanField(
        _("example"), default=False, help_text=_("Invented for the demonstration; marked as such.")
    )
    languages = models.JSONField(_("languages"), default=default_languages, blank=True)

    class Meta(EditorialRecord.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ListingState.values), name="%(class)s_state_known"
            ),
            models.CheckConstraint(condition=~Q(slug=""), name="%(class)s_has_slug"),
        ]

    @property
    def language_codes(self) -> list[str]:
        """Languages spoken, in the site's order."""
        return [code for code in LANGUAGES if code in (self.languages or [])]

    def publish_by_verb(self, revision: Revision, user: Any, go_live: Any) -> None:
        """Every path publishes through the one verb."""
        # The verb imports the models.
        from startups.domain.publication import publish_listing

        publish_listing(listing=self, actor=user, go_live=go_live)
