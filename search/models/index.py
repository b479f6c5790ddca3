"""What is known of each index: which of its generations serves, who writes it, how true it is."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Trouble(models.TextChoices):
    """Why nothing can be written for now."""

    AWAY = "away", "away"
    FULL = "full", "full"


class Index(models.Model):
    """The index of one engine. Generations are whole indexes that stand side by side.

    Whoever writes holds a turn (``turn_by`` until ``turn_until``) and writes at ``position``,
    which grows with each turn: of two writings of a record the later read wins, though the first
    arrive last. A turn and not a transaction: on SQLite one would keep everybody from writing
    while a server is asked. ``build_by`` is the same for whoever fills ``building``.
    """

    target = models.CharField(max_length=20, primary_key=True)
    # The highest number given so far; none is given twice.
    made = models.PositiveIntegerField(default=0)
    live = models.PositiveIntegerField(null=True)
    building = models.PositiveIntegerField(null=True)
    previous = models.PositiveIntegerField(null=True)
    # The version of the code that wrote each.
    schema = models.CharField(max_length=40, blank=True)
    previous_schema = models.CharField(max_length=40, blank=True)
    position = models.BigIntegerField(default=0)
    turn_by = models.CharField(max_length=80, blank=True)
    turn_until = models.DateTimeField(null=True)
    build_by = models.CharField(max_length=160, blank=True)
    build_until = models.DateTimeField(null=True)
    # How many buildings in a row came to nothing, and when the worker begins another one.
    build_failures = models.PositiveIntegerField(default=0)
    build_again_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    # Records that differed at the last check.
    drift = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=8, blank=True, choices=Trouble)
    trouble_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(live=F("building"))
                & ~Q(live=F("previous"))
                # What is built again may be the one of before.
                & (Q(live__isnull=True) | Q(live__lte=F("made"))),
                name="search_index_generations_apart",
            ),
            models.CheckConstraint(
                condition=Q(trouble="", trouble_since__isnull=True)
                | Q(trouble__in=Trouble.values, trouble_since__isnull=False),
                name="search_index_trouble_since",
            ),
        ]

    def __str__(self) -> str:
        return self.target
