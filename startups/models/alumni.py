"""Startups that went through a program: both sides say so."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from startups.enums import AlumniSide
from startups.models.program import Program
from startups.models.startup import Startup
from startups.querysets import AlumniQuerySet


class AlumniTie(models.Model):
    """A startup went through a program; public once both sides have said it.

    ``refused_at`` is when the other side said that it is not so: the tie is kept, that it is not
    asked again.
    """

    program = models.ForeignKey(
        Program, verbose_name=_("program"), on_delete=models.PROTECT, related_name="alumni"
    )
    startup = models.ForeignKey(
        Startup, verbose_name=_("startup"), on_delete=models.PROTECT, related_name="alumni_ties"
    )
    year = models.PositiveSmallIntegerField(_("year of the cohort"), null=True, blank=True)
    startup_said_at = models.DateTimeField(_("said by the startup"), null=True, blank=True)
    program_said_at = models.DateTimeField(_("said by the program"), null=True, blank=True)
    refused_at = models.DateTimeField(_("refused"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = AlumniQuerySet.as_manager()

    class Meta:
        verbose_name = _("alumni tie")
        verbose_name_plural = _("alumni ties")
        ordering = ["-year", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["program", "startup"], name="alumni_tie_once"),
            models.CheckConstraint(
                condition=Q(startup_said_at__isnull=False) | Q(program_said_at__isnull=False),
                name="alumni_tie_said_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.startup} · {self.program}"

    def said_by(self, side: AlumniSide) -> bool:
        """Whether ``side`` says that it is so."""
        said = self.startup_said_at if side == AlumniSide.STARTUP else self.program_said_at
        return said is not None

    @property
    def is_confirmed(self) -> bool:
        """Whether both sides say so: then anyone reads it."""
        return self.asked_side is None and self.refused_at is None

    @property
    def asked_side(self) -> AlumniSide | None:
        """The side that has not said it; None when both have."""
        return next((side for side in AlumniSide if not self.said_by(side)), None)

    @property
    def first_said_at(self) -> datetime:
        """Since when it waits, or waited, for the other side."""
        said = [at for at in (self.startup_said_at, self.program_said_at) if at is not None]
        return min(said)
