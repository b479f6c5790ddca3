"""How one applies: calls, their stages, and what each stage asks and weighs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from core.languages import Pair
from pilots.enums import CallKind, QuestionKind


class Call(models.Model):
    """How one applies. The usual challenge has one of its own, with one stage.

    Its rows are the draft of the call until ``frozen_at``, the instant of publication; only an
    addendum changes them afterwards.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=CallKind, default=CallKind.FIXED)
    title_fr = models.CharField(_("title (French)"), max_length=200, blank=True)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    frozen_at = models.DateTimeField(_("frozen since"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    title = Pair("title")

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CallKind.values), name="call_kind_known")
        ]

    def __str__(self) -> str:
        return str(self.title) or f"{self.get_kind_display()} {self.pk}"


class Stage(ClusterableModel):
    """One step of a call, with its dates, questions and criteria."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="stages")
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    name_fr = models.CharField(_("name (French)"), max_length=120, blank=True)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    questions_until = models.DateTimeField(_("questions until"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    grace_minutes = models.PositiveSmallIntegerField(
        _("grace in minutes"), default=0, validators=[MaxValueValidator(1440)]
    )
    decision_by = models.DateField(_("choice announced by"), null=True, blank=True)
    is_blind = models.BooleanField(
        _("read without names"),
        default=True,
        help_text=_("Jury members read only answers marked safe."),
    )

    name = Pair("name")

    class Meta:
        verbose_name = _("dates, questions and criteria")
        verbose_name_plural = _("dates, questions and criteria")
        ordering = ["call_id", "number"]
        indexes = [
            models.Index(fields=["call", "number", "opens_at", "closes_at"], name="stage_dates")
        ]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="stage_number_once"),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(closes_at__gt=F("opens_at")),
                name="stage_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(questions_until__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(questions_until__lte=F("closes_at")),
                name="stage_questions_before_close",
            ),
            models.CheckConstraint(
                condition=Q(grace_minutes__lte=1440), name="stage_grace_at_most_a_day"
            ),
        ]

    def __str__(self) -> str:
        titles = ", ".join(str(c.title) for c in self.call.challenges.all()[:2])
        return titles or str(self.call)

    @property
    def grace(self) -> timedelta:
        """How long after the close a submission is still taken."""
        return timedelta(minutes=self.grace_minutes)


class Question(Orderable):
    """One thing asked of an applicant."""

    stage = ParentalKey(Stage, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(_("key"), max_length=60)
    kind = models.CharField(
        _("kind"), max_length=8, choices=QuestionKind, default=QuestionKind.LONG
    )
    label_fr = models.CharField(_("question (French)"), max_length=300)
    label_en = models.CharField(_("question (English)"), max_length=300, blank=True)
    help_fr = models.CharField(_("help (French)"), max_length=500, blank=True)
    help_en = models.CharField(_("help (English)"), max_length=500, blank=True)
    choices: models.JSONField[Any, Any] = models.JSONField(
        _("choices"),
        default=list,
        blank=True,
        help_text=_("A list of {value, fr, en}; for a choice only."),
    )
    is_required = models.BooleanField(_("required"), default=True)
    max_words = models.PositiveSmallIntegerField(_("words at most"), null=True, blank=True)
    is_identifying = models.BooleanField(
        _("identifying"),
        default=False,
        help_text=_("Hidden from the jury while it reads without names."),
    )

    label = Pair("label")
    help = Pair("help")

    class Meta(Orderable.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(fields=["stage", "key"], name="question_key_once"),
            models.CheckConstraint(
                condition=Q(kind__in=QuestionKind.values), name="question_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Criterion(Orderable):
    """One thing weighed; the weights of a stage sum to 100, checked when publishing."""

    stage = ParentalKey(Stage, on_delete=models.CASCADE, related_name="criteria")
    label_fr = models.CharField(_("criterion (French)"), max_length=160)
    label_en = models.CharField(_("criterion (English)"), max_length=160, blank=True)
    guide_fr = models.CharField(_("what a 10 looks like (French)"), max_length=500, blank=True)
    guide_en = models.CharField(_("what a 10 looks like (English)"), max_length=500, blank=True)
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=25, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    label = Pair("label")
    guide = Pair("guide")

    class Meta(Orderable.Meta):
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__range=(1, 100)), name="criterion_weight_in_range"
            )
        ]

    def __str__(self) -> str:
        return self.label


class Addendum(models.Model):
    """A published change to an open call, with its difference."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="addenda")
    number = models.PositiveSmallIntegerField(_("number"))
    reason_fr = models.TextField(_("reason (French)"))
    reason_en = models.TextField(_("reason (English)"), blank=True)
    difference = models.JSONField(_("difference"), default=list)
    approved_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="addenda_approved"
    )
    published_at = models.DateTimeField(_("published"))

    reason = Pair("reason")

    class Meta:
        verbose_name = _("addendum")
        verbose_name_plural = _("addenda")
        ordering = ["call_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="addendum_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Extension(models.Model):
    """More time for one applicant: a reason, an approver, and it serves once."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="extensions")
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="extensions"
    )
    until = models.DateTimeField(_("until"))
    reason = models.TextField(_("reason"))
    approved_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="extensions_approved"
    )
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "organisation"],
                condition=Q(used_at__isnull=True),
                name="extension_one_unused",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.until:%Y-%m-%d}"
