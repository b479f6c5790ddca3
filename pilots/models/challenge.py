"""The municipal problem, as the city posts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.search import index

from core.languages import Pair
from core.records import EditorialRecord
from pilots.enums import ChallengeState
from pilots.models.call import Call, Stage
from pilots.querysets import ChallengeQuerySet

if TYPE_CHECKING:
    from datetime import datetime

    from wagtail.models import Revision


class Challenge(EditorialRecord):
    """A municipal problem: context, what is wanted, what the city offers, and how one applies."""

    KEPT_FIELDS: ClassVar[tuple[str, ...]] = (
        "state",
        "call",
        "reference",
        "published_at",
        "decided_at",
        "cancelled_reason_fr",
        "cancelled_reason_en",
    )

    PREVIEW_TEMPLATE = "pilots/challenge_detail.html"

    slug = models.SlugField(_("address"), max_length=120, unique=True)
    reference = models.CharField(_("number"), max_length=20, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ChallengeState, default=ChallengeState.DRAFT
    )
    call = models.ForeignKey(
        Call,
        verbose_name=_("call"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="challenges",
    )
    title_fr = models.CharField(_("title (French)"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    summary_fr = models.CharField(_("in one sentence (French)"), max_length=400)
    summary_en = models.CharField(_("in one sentence (English)"), max_length=400, blank=True)
    problem_fr = models.TextField(_("the problem (French)"), blank=True)
    problem_en = models.TextField(_("the problem (English)"), blank=True)
    wanted_fr = models.TextField(_("what is wanted (French)"), blank=True)
    wanted_en = models.TextField(_("what is wanted (English)"), blank=True)
    offer_places_fr = models.CharField(_("places offered (French)"), max_length=300, blank=True)
    offer_places_en = models.CharField(_("places offered (English)"), max_length=300, blank=True)
    offer_data_fr = models.CharField(_("data offered (French)"), max_length=300, blank=True)
    offer_data_en = models.CharField(_("data offered (English)"), max_length=300, blank=True)
    offer_team_fr = models.CharField(_("team offered (French)"), max_length=300, blank=True)
    offer_team_en = models.CharField(_("team offered (English)"), max_length=300, blank=True)
    offer_budget_fr = models.CharField(_("budget in words (French)"), max_length=300, blank=True)
    offer_budget_en = models.CharField(_("budget in words (English)"), max_length=300, blank=True)
    budget_max = models.PositiveIntegerField(_("budget at most (CAD)"), null=True, blank=True)
    purchase_fr = models.CharField(_("if the trial works (French)"), max_length=400, blank=True)
    purchase_en = models.CharField(_("if the trial works (English)"), max_length=400, blank=True)
    department_fr = models.CharField(_("department (French)"), max_length=160, blank=True)
    department_en = models.CharField(_("department (English)"), max_length=160, blank=True)
    contact_role_fr = models.CharField(_("contact, by role (French)"), max_length=160, blank=True)
    contact_role_en = models.CharField(_("contact, by role (English)"), max_length=160, blank=True)
    contact_email = models.EmailField(_("contact address"), blank=True)
    themes = ParentalManyToManyField("taxonomy.Theme", verbose_name=_("themes"), blank=True)
    boroughs = ParentalManyToManyField("taxonomy.Borough", verbose_name=_("boroughs"), blank=True)
    sites = ParentalManyToManyField("pilots.Site", verbose_name=_("sites offered"), blank=True)
    sdgs = models.JSONField(
        _("sustainable development goals"), default=list, blank=True, help_text=_("UN, 1 to 17.")
    )
    trial_starts_on = models.DateField(_("trial starts"), null=True, blank=True)
    trial_weeks = models.PositiveSmallIntegerField(_("trial in weeks"), default=16)
    verdict_weeks = models.PositiveSmallIntegerField(
        _("verdict within (weeks after the trial)"), default=8
    )
    source_city_fr = models.CharField(
        _("after a challenge (French)"),
        max_length=120,
        blank=True,
        help_text=_("With its preposition: de Barcelone, d’Amsterdam."),
    )
    source_city_en = models.CharField(
        _("after a challenge of (English)"), max_length=120, blank=True
    )
    source_year = models.PositiveSmallIntegerField(_("year of the source"), null=True, blank=True)
    source_programme = models.CharField(_("program of the source"), max_length=200, blank=True)
    source_reference = models.CharField(_("source"), max_length=300, blank=True)
    is_example = models.BooleanField(_("example"), default=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    cancelled_reason_fr = models.TextField(_("why cancelled (French)"), blank=True)
    cancelled_reason_en = models.TextField(_("why cancelled (English)"), blank=True)

    title = Pair("title")
    summary = Pair("summary")
    problem = Pair("problem")
    wanted = Pair("wanted")
    offer_places = Pair("offer_places")
    offer_data = Pair("offer_data")
    offer_team = Pair("offer_team")
    offer_budget = Pair("offer_budget")
    purchase = Pair("purchase")
    department = Pair("department")
    contact_role = Pair("contact_role")
    cancelled_reason = Pair("cancelled_reason")
    source_city = Pair("source_city")

    objects = ChallengeQuerySet.as_manager()

    search_fields: ClassVar = [
        index.SearchField("title_fr"),
        index.SearchField("title_en"),
        index.FilterField("live"),
        index.FilterField("state"),
    ]

    class Meta(EditorialRecord.Meta):
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        ordering = ["-published_at", "-pk"]
        # The board counts and sorts on these alone; the wide rows are read for one page.
        indexes = [
            models.Index(fields=["live", "state", "call", "published_at"], name="challenge_board")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ChallengeState.values), name="challenge_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ChallengeState.DRAFT)
                | Q(call__isnull=False, published_at__isnull=False, reference__gt=""),
                name="challenge_published_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=ChallengeState.DRAFT) | Q(live=False),
                name="challenge_draft_is_not_live",
            ),
            models.CheckConstraint(condition=~Q(title_fr=""), name="challenge_has_french_title"),
            models.CheckConstraint(
                condition=~Q(state=ChallengeState.CANCELLED) | ~Q(cancelled_reason_fr=""),
                name="challenge_cancelled_says_why",
            ),
            models.UniqueConstraint(
                fields=["reference"], condition=~Q(reference=""), name="challenge_reference_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The public page, in the active language."""
        return reverse("challenge_detail", args=[self.slug])

    @property
    def stage(self) -> Stage | None:
        """The stage one applies to: the first of the call, None before there is a call."""
        if "first_stage" in self.__dict__:  # read with the row: ChallengeQuerySet.for_lists()
            first: Stage | None = self.__dict__["first_stage"]
            return first
        if self.call is None:
            return None
        return next(iter(sorted(self.call.stages.all(), key=lambda s: s.number)), None)

    def preview_context(self, now: datetime) -> dict[str, Any]:
        """What the public page shows."""
        # The view imports the models.
        from pilots.views.public import challenge_context

        return challenge_context(self, now)

    def publish_by_verb(self, revision: Revision, user: Any, go_live: Any) -> None:
        """Button, workflow and schedule all arrive here and call the one verb."""
        from pilots.domain.challenge import publish_challenge

        goes_live_at = revision.as_object().go_live_at
        publish_challenge(challenge=self, actor=user, go_live=go_live, goes_live_at=goes_live_at)
