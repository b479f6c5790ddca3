"""The jury, its conflicts, its evaluations, and the decisions held until released together."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.languages import Pair
from pilots.enums import AssignmentState, ConflictOrigin, Outcome
from pilots.querysets import AssignmentQuerySet, JurorQuerySet

TOP_SCORE = 10


class Jury(models.Model):
    """Who evaluates a stage."""

    stage = models.OneToOneField("pilots.Stage", on_delete=models.CASCADE, related_name="jury")
    quorum = models.PositiveSmallIntegerField(_("evaluations wanted per application"), default=3)

    class Meta:
        verbose_name = _("jury")
        verbose_name_plural = _("juries")
        constraints = [models.CheckConstraint(condition=Q(quorum__gte=1), name="jury_quorum")]

    def __str__(self) -> str:
        return f"{self.stage}"


class Juror(models.Model):
    """A person in a jury; ``declared_at`` is set once conflicts have been declared."""

    jury = models.ForeignKey(Jury, on_delete=models.CASCADE, related_name="jurors")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="juror_in")
    declared_at = models.DateTimeField(_("conflicts declared"), null=True, blank=True)

    objects = JurorQuerySet.as_manager()

    class Meta:
        verbose_name = _("jury member")
        verbose_name_plural = _("jury members")
        constraints = [models.UniqueConstraint(fields=["jury", "user"], name="juror_once")]

    def __str__(self) -> str:
        return f"{self.user}"


class Conflict(models.Model):
    """A tie between a jury member and an organisation, tied to no file (promise 4)."""

    juror = models.ForeignKey(Juror, on_delete=models.CASCADE, related_name="conflicts")
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="+"
    )
    origin = models.CharField(_("origin"), max_length=8, choices=ConflictOrigin)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    noted_at = models.DateTimeField(_("noted"))

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [
            models.UniqueConstraint(fields=["juror", "organisation"], name="conflict_once")
        ]

    def __str__(self) -> str:
        return f"{self.juror} · {self.organisation}"


class Assignment(models.Model):
    """One application given to one jury member."""

    application = models.ForeignKey(
        "pilots.Application", on_delete=models.CASCADE, related_name="assignments"
    )
    juror = models.ForeignKey(Juror, on_delete=models.CASCADE, related_name="assignments")
    state = models.CharField(
        _("state"), max_length=10, choices=AssignmentState, default=AssignmentState.PROPOSED
    )
    changed_at = models.DateTimeField(_("since"), auto_now=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["application_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "juror"], name="assignment_once"),
            models.CheckConstraint(
                condition=Q(state__in=AssignmentState.values), name="assignment_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.juror}"


class Review(models.Model):
    """What one jury member thinks of one application; one per assignment, by constraint."""

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="review")
    comment_to_applicant = models.TextField(_("to the applicant"), blank=True)
    comment_to_city = models.TextField(_("to the city only"), blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")

    no_constraint_reason = "one review per juror and application is the one-to-one's own index"

    def __str__(self) -> str:
        return f"{self.assignment}"


class Score(models.Model):
    """A mark from 0 to 10 on one criterion."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(
        "pilots.Criterion", on_delete=models.PROTECT, related_name="scores"
    )
    value = models.PositiveSmallIntegerField(
        _("mark"), validators=[MaxValueValidator(TOP_SCORE)], help_text=_("0 to 10.")
    )
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="score_once"),
            models.CheckConstraint(condition=Q(value__range=(0, TOP_SCORE)), name="score_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.value}"


class Consensus(models.Model):
    """What the jury agreed on together for one application."""

    application = models.OneToOneField(
        "pilots.Application", on_delete=models.CASCADE, related_name="consensus"
    )
    score = models.DecimalField(_("score out of 100"), max_digits=5, decimal_places=2)
    comment = models.TextField(_("comment"), blank=True)
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("consensus")
        verbose_name_plural = _("consensuses")
        constraints = [
            models.CheckConstraint(condition=Q(score__range=(0, 100)), name="consensus_in_range")
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.score}"


class Envelope(models.Model):
    """Decisions of one challenge, held until released together (promise 6)."""

    challenge = models.ForeignKey(
        "pilots.Challenge", on_delete=models.PROTECT, related_name="envelopes"
    )
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    released_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True)

    class Meta:
        verbose_name = _("envelope")
        verbose_name_plural = _("envelopes")
        constraints = [
            models.UniqueConstraint(
                fields=["challenge"],
                condition=Q(released_at__isnull=True),
                name="envelope_one_open",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="envelope_released_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.challenge} · {self.pk}"

    @property
    def batch(self) -> str:
        """The name its letters share in the outbox."""
        return f"envelope:{self.pk}"


class Decision(models.Model):
    """An outcome for an application: pending until its envelope is released."""

    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="decisions")
    application = models.ForeignKey(
        "pilots.Application", on_delete=models.PROTECT, related_name="decisions"
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    reasons_fr = models.TextField(_("reasons (French)"))
    reasons_en = models.TextField(_("reasons (English)"), blank=True)
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided"))
    superseded_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="supersedes"
    )

    reasons = Pair("reasons")

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["application_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(superseded_by__isnull=True),
                name="decision_one_standing",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="decision_outcome_known"
            ),
            models.CheckConstraint(condition=~Q(reasons_fr=""), name="decision_has_reasons"),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.get_outcome_display()}"
