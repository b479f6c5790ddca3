"""Files of listings that staff bring in: runs, their rows, what is remembered for the next."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from startups.enums import ImportKind, ImportState, RowChoice, RowOutcome, RowVerdict


class ImportRun(models.Model):
    """One file. Its rows wait in :class:`ImportRow`: the file itself is not kept."""

    kind = models.CharField(_("what the rows are"), max_length=12, choices=ImportKind)
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState, default=ImportState.COLUMNS
    )
    file_name = models.CharField(_("file"), max_length=200)
    source = models.CharField(
        _("where the data come from"),
        max_length=200,
        help_text=_("For example: register of enterprises, November 2026."),
    )
    publishes = models.BooleanField(
        _("publish at once"),
        default=False,
        help_text=_("Otherwise each listing is a draft, which somebody reads and publishes."),
    )
    allows_outside = models.BooleanField(
        _("places outside the city’s area are meant"), default=False
    )
    columns = models.JSONField(_("columns"), default=list)
    # One name of a field for each column, empty where it is not imported.
    mapping = models.JSONField(_("matching"), default=list)
    # By field, what its values are called here: {"kind": {"university incubator": "incubator"}}.
    meanings = models.JSONField(_("meanings"), default=dict)
    rows_count = models.PositiveIntegerField(_("rows"), default=0)
    checked_count = models.PositiveIntegerField(_("rows compared"), default=0)
    done_count = models.PositiveIntegerField(_("rows written"), default=0)
    created_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("brought in by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    moved_at = models.DateTimeField(_("last move"), auto_now=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ImportKind.values, state__in=ImportState.values),
                name="import_known",
            ),
            models.CheckConstraint(
                condition=Q(checked_count__lte=F("rows_count"), done_count__lte=F("rows_count")),
                name="import_not_beyond_its_rows",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """One row: what it said, what the dry run found, what a person chose, what became of it."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(default=list)
    # Of the file itself: pairs of a column's place and a code.
    flaws = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    verdict = models.CharField(_("dry run"), max_length=8, choices=RowVerdict, blank=True)
    # Triples: column, code of startups.importing.cells.PROBLEMS, what was read.
    problems = models.JSONField(default=list)
    # Triples: field, before, after.
    difference = models.JSONField(default=list)
    # Each with "row" (whether it is one of this file), "key", "name", "why".
    doubles = models.JSONField(default=list)
    target = models.PositiveBigIntegerField(null=True, blank=True)
    choice = models.CharField(_("choice"), max_length=6, choices=RowChoice, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=RowOutcome, blank=True)
    record = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        ordering = ["run", "number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="import_row_once"),
            models.CheckConstraint(
                condition=Q(choice="") | Q(verdict=RowVerdict.DOUBLE),
                name="import_choice_on_double",
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | ~Q(verdict=""), name="import_outcome_after_dry_run"
            ),
        ]
        indexes = [
            models.Index(fields=["run", "verdict"], name="import_row_verdict"),
            models.Index(fields=["run", "outcome"], name="import_row_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.run} · {self.number}"


class ImportMatching(models.Model):
    """How columns of a header were matched last time, and what its values meant.

    ``signature`` is of the header.
    """

    kind = models.CharField(max_length=12, choices=ImportKind)
    signature = models.CharField(max_length=64)
    mapping = models.JSONField(default=list)
    meanings = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("remembered matching")
        verbose_name_plural = _("remembered matchings")
        constraints = [
            models.UniqueConstraint(fields=["kind", "signature"], name="import_matching_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.signature[:8]}"


class RememberedDouble(models.Model):
    """What a person chose between a row, by its ``identity``, and a listing."""

    kind = models.CharField(max_length=12, choices=ImportKind)
    identity = models.CharField(max_length=64)
    target = models.PositiveBigIntegerField()
    choice = models.CharField(max_length=6, choices=RowChoice)

    class Meta:
        verbose_name = _("remembered choice")
        verbose_name_plural = _("remembered choices")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "identity", "target"], name="import_double_once"
            ),
            models.CheckConstraint(
                condition=Q(choice__in=RowChoice.values), name="import_double_choice_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.identity[:8]} {self.choice}"
