"""The trial itself: agreement, checklist, milestones, journal and verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable
from wagtail.search import index

from core.languages import Pair
from core.records import EditorialRecord
from pilots.enums import STARTED, MilestoneState, PilotState, VerdictOutcome
from pilots.querysets import PilotQuerySet

if TYPE_CHECKING:
    from datetime import datetime

    from wagtail.models import Revision


class Pilot(EditorialRecord):
    """A trial in the public domain."""

    # The plan and its rows are written by the verbs of the pilot's desk, on the live row: the
    # administration drafts the public words only.
    EDITORIAL: ClassVar[tuple[str, ...]] = (
        "title_fr",
        "title_en",
        "summary_fr",
        "summary_en",
        "notice_fr",
        "notice_en",
    )
    KEPT_FIELDS: ClassVar[tuple[str, ...]] = (
        "slug",
        "reference",
        "state",
        "application",
        "challenge",
        "startup",
        "solution",
        "started_at",
        "completed_at",
        "verdict_due_on",
        "privacy_assessed_on",
        "may_identify_people",
        "agreement_signed_on",
        "starts_on",
        "ends_on",
        "is_example",
        *(
            f"{stem}_{code}"
            for stem in (
                "hypothesis",
                "stop_rule",
                "agreement",
                "privacy_summary",
                "suspended_reason",
                "cancelled_reason",
                "verdict_role",
            )
            for code in ("fr", "en")
        ),
    )
    KEPT_CHILDREN: ClassVar[tuple[str, ...]] = ("milestones", "indicators")
    PREVIEW_TEMPLATE = "pilots/pilot_detail.html"

    slug = models.SlugField(_("address"), max_length=120, unique=True)
    reference = models.CharField(_("number"), max_length=20, unique=True)
    state = models.CharField(
        _("state"), max_length=10, choices=PilotState, default=PilotState.PREPARING
    )
    challenge = models.ForeignKey(
        "pilots.Challenge", on_delete=models.PROTECT, related_name="pilots"
    )
    application = models.OneToOneField(
        "pilots.Application",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="pilot",
    )
    startup = models.ForeignKey("startups.Startup", on_delete=models.PROTECT, related_name="pilots")
    solution = models.ForeignKey(
        "startups.Solution",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="pilots",
    )
    title_fr = models.CharField(_("title (French)"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    summary_fr = models.CharField(_("in one sentence (French)"), max_length=400, blank=True)
    summary_en = models.CharField(_("in one sentence (English)"), max_length=400, blank=True)
    hypothesis_fr = models.TextField(_("hypothesis (French)"), blank=True)
    hypothesis_en = models.TextField(_("hypothesis (English)"), blank=True)
    stop_rule_fr = models.TextField(_("stop rule (French)"), blank=True)
    stop_rule_en = models.TextField(_("stop rule (English)"), blank=True)
    notice_fr = models.TextField(_("sensors notice (French)"), blank=True)
    notice_en = models.TextField(_("sensors notice (English)"), blank=True)
    agreement_fr = models.TextField(_("agreement in short (French)"), blank=True)
    agreement_en = models.TextField(_("agreement in short (English)"), blank=True)
    agreement_signed_on = models.DateField(_("agreement signed"), null=True, blank=True)
    may_identify_people = models.BooleanField(_("a reading can identify a person"), default=False)
    privacy_assessed_on = models.DateField(_("privacy assessment completed"), null=True, blank=True)
    privacy_summary_fr = models.TextField(_("privacy assessment (French)"), blank=True)
    privacy_summary_en = models.TextField(_("privacy assessment (English)"), blank=True)
    starts_on = models.DateField(_("planned from"), null=True, blank=True)
    ends_on = models.DateField(_("planned to"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    suspended_reason_fr = models.TextField(_("why suspended (French)"), blank=True)
    suspended_reason_en = models.TextField(_("why suspended (English)"), blank=True)
    cancelled_reason_fr = models.TextField(_("why cancelled (French)"), blank=True)
    cancelled_reason_en = models.TextField(_("why cancelled (English)"), blank=True)
    verdict_due_on = models.DateField(_("verdict due"), null=True, blank=True)
    verdict_role_fr = models.CharField(
        _("who decides, by role (French)"), max_length=160, blank=True
    )
    verdict_role_en = models.CharField(
        _("who decides, by role (English)"), max_length=160, blank=True
    )
    is_example = models.BooleanField(_("example"), default=False)

    title = Pair("title")
    summary = Pair("summary")
    hypothesis = Pair("hypothesis")
    stop_rule = Pair("stop_rule")
    notice = Pair("notice")
    agreement = Pair("agreement")
    privacy_summary = Pair("privacy_summary")
    suspended_reason = Pair("suspended_reason")
    cancelled_reason = Pair("cancelled_reason")
    verdict_role = Pair("verdict_role")

    objects = PilotQuerySet.as_manager()

    search_fields: ClassVar = [
        index.SearchField("title_fr"),
        index.SearchField("title_en"),
        index.FilterField("live"),
        index.FilterField("state"),
    ]

    class Meta(EditorialRecord.Meta):
        verbose_name = _("pilot")
        verbose_name_plural = _("pilots")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=PilotState.values), name="pilot_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[str(s) for s in STARTED])
                | Q(verdict_due_on__isnull=False, started_at__isnull=False)
                & ~Q(hypothesis_fr="")
                & ~Q(stop_rule_fr="")
                & ~Q(verdict_role_fr=""),
                name="pilot_started_owes_verdict",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gt=F("starts_on")),
                name="pilot_dates_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[str(s) for s in STARTED])
                | Q(may_identify_people=False)
                | Q(privacy_assessed_on__isnull=False),
                name="pilot_privacy_before_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The public page, in the active language."""
        return reverse("pilot_detail", args=[self.slug])

    def preview_context(self, now: datetime) -> dict[str, Any]:
        """What the public page shows."""
        # The view imports the models.
        from pilots.views.public import pilot_context

        return pilot_context(self, now)

    @property
    def last_reading_at(self) -> datetime | None:
        """The instant of the newest value of any indicator, None before the first."""
        if "newest_at" in self.__dict__:  # read with the row: PilotQuerySet.with_last_reading()
            newest: datetime | None = self.__dict__["newest_at"]
            return newest
        rows = Pilot.objects.filter(pk=self.pk).with_last_reading()
        return rows.values_list("newest_at", flat=True).first()

    def publish_by_verb(self, revision: Revision, user: Any, go_live: Any) -> None:
        """Every path publishes through the one verb."""
        from pilots.domain.publication import publish_pilot

        publish_pilot(pilot=self, actor=user, go_live=go_live)


class Milestone(Orderable):
    """A dated step of a pilot, in Open Contracting words."""

    pilot = ParentalKey(Pilot, on_delete=models.CASCADE, related_name="milestones")
    title_fr = models.CharField(_("milestone (French)"), max_length=200)
    title_en = models.CharField(_("milestone (English)"), max_length=200, blank=True)
    due_on = models.DateField(_("due"))
    state = models.CharField(
        _("state"), max_length=14, choices=MilestoneState, default=MilestoneState.SCHEDULED
    )
    met_on = models.DateField(_("settled on"), null=True, blank=True)
    amount = models.DecimalField(
        _("amount (CAD)"), max_digits=10, decimal_places=2, null=True, blank=True
    )

    title = Pair("title")

    class Meta(Orderable.Meta):
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MilestoneState.values), name="milestone_state_known"
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="milestone_amount_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class JournalEntry(models.Model):
    """What happened during a trial, in public."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="journal")
    happened_on = models.DateField(_("date"))
    title_fr = models.CharField(_("what happened (French)"), max_length=200)
    title_en = models.CharField(_("what happened (English)"), max_length=200, blank=True)
    text_fr = models.TextField(_("in more words (French)"), blank=True)
    text_en = models.TextField(_("in more words (English)"), blank=True)
    written_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    title = Pair("title")
    text = Pair("text")

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        ordering = ["-happened_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title_fr=""), name="journal_has_french_title")
        ]

    def __str__(self) -> str:
        return self.title


class Verdict(models.Model):
    """What the city does next, by a named role, with reasons, once."""

    pilot = models.OneToOneField(Pilot, on_delete=models.PROTECT, related_name="verdict")
    outcome = models.CharField(_("outcome"), max_length=10, choices=VerdictOutcome)
    reasons_fr = models.TextField(_("reasons (French)"))
    reasons_en = models.TextField(_("reasons (English)"), blank=True)
    role_fr = models.CharField(_("decided by, role (French)"), max_length=160)
    role_en = models.CharField(_("decided by, role (English)"), max_length=160, blank=True)
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided"))

    reasons = Pair("reasons")
    role = Pair("role")

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=VerdictOutcome.values), name="verdict_outcome_known"
            ),
            models.CheckConstraint(
                condition=~Q(reasons_fr="") & ~Q(role_fr=""), name="verdict_named_and_reasoned"
            ),
        ]

    def __str__(self) -> str:
        return self.get_outcome_display()
