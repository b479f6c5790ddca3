"""What members write of their listings, before anybody else reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from startups.enums import OPEN_EDITS, EditState
from startups.querysets import EditQuerySet

if TYPE_CHECKING:
    from startups.models.listing import Listing


class ListingEdit(models.Model):
    """One round of changes to one listing: written, submitted, answered.

    What is typed is in ``core.drafts`` under :attr:`draft_scope`; what was submitted is
    ``revision``. ``before`` and ``after`` are the fields that went live at once, as the form has
    them, that they can be put back.
    """

    content_type = models.ForeignKey(
        "contenttypes.ContentType", on_delete=models.PROTECT, related_name="+"
    )
    object_id = models.PositiveBigIntegerField(_("listing"))
    organisation = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="listing_edits",
    )
    state = models.CharField(_("state"), max_length=12, choices=EditState, default=EditState.DRAFT)
    started_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField(_("begun"))
    submitted_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    comment = models.TextField(_("comment of the city"), blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)

    listing = GenericForeignKey("content_type", "object_id", for_concrete_model=False)

    objects = EditQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a listing")
        verbose_name_plural = _("changes of listings")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=EditState.values), name="listing_edit_state_known"
            ),
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=Q(state__in=[str(state) for state in OPEN_EDITS]),
                name="listing_edit_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state=EditState.DRAFT) | Q(submitted_at__isnull=False),
                name="listing_edit_submitted_on",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[EditState.RETURNED, EditState.TURNED_BACK])
                | ~Q(comment=""),
                name="listing_edit_answer_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["state", "submitted_at"], name="listing_edit_waiting")]

    def __str__(self) -> str:
        return f"{self.listing} · {self.get_state_display()}"

    @property
    def draft_scope(self) -> str:
        """The name of what is typed in ``core.drafts``."""
        return f"listing-edit:{self.pk}"

    @property
    def noun(self) -> str:
        """What kind of listing it is, in words."""
        return str(self.record._meta.verbose_name)

    @property
    def record(self) -> Listing:
        """The listing, which is there as long as its changes are."""
        found: Listing | None = self.listing
        if found is None:
            msg = f"The listing of change {self.pk} is gone."
            raise LookupError(msg)
        return found


QUICK: dict[str, list[str]] = {
    "startup": [
        *("website", "links", "people", "languages", "size_band", "funding_stage"),
        *("sectors", "logo", "logo_alt_fr", "logo_alt_en"),
    ],
    "solution": ["languages", "certifications", "price_fr", "price_en"],
    "incubator": [
        *("website", "links", "address", "lat", "lon", "people", "languages", "offers"),
        *("sectors", "logo", "logo_alt_fr", "logo_alt_en"),
    ],
    "program": ["languages", "offers", "place", "sectors"],
}


def quick_startup() -> list[str]:
    """What the owner of a verified startup changes at once, until someone says otherwise."""
    return list(QUICK["startup"])


def quick_solution() -> list[str]:
    """The same for solutions."""
    return list(QUICK["solution"])


def quick_incubator() -> list[str]:
    """The same for support organisations."""
    return list(QUICK["incubator"])


def quick_program() -> list[str]:
    """The same for programs."""
    return list(QUICK["program"])


@register_setting(icon="form")
class ListingRules(BaseGenericSetting):  # type: ignore[misc]  # no types in Wagtail
    """Which fields the owner of a verified listing changes at once; they are reviewed after."""

    startup = models.JSONField(_("of a startup"), default=quick_startup, blank=True)
    solution = models.JSONField(_("of a solution"), default=quick_solution, blank=True)
    incubator = models.JSONField(
        _("of a support organisation"), default=quick_incubator, blank=True
    )
    program = models.JSONField(_("of a program"), default=quick_program, blank=True)

    no_constraint_reason: ClassVar[str] = "lists of names; unknown ones change nothing"

    class Meta:
        verbose_name = _("changes that go live at once")

    @classmethod
    def quick_fields(cls, kind: str) -> frozenset[str]:
        """The names of the fields of the listings of ``kind``, « startup »."""
        found: Any = getattr(cls.load(), kind)
        return frozenset(found if isinstance(found, list) else ())
