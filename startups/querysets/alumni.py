"""Ties between startups and programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from core.accounts.models import Organisation
from startups.enums import AlumniSide
from startups.querysets.speaking import spoken_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import User


class AlumniQuerySet(models.QuerySet[Any]):
    """Ties between startups and programs."""

    def confirmed(self) -> Self:
        """Said by both sides: these are public."""
        return self.filter(
            startup_said_at__isnull=False, program_said_at__isnull=False, refused_at__isnull=True
        )

    def shown_of_program(self) -> Self:
        """With each startup that one may read about, closed ones too."""
        return self.filter(startup__live=True).select_related("startup")

    def shown_of_startup(self) -> Self:
        """With each program that one may read about, closed ones too."""
        return self.filter(program__live=True).select_related("program__incubator")

    def with_sides(self) -> Self:
        """With all that says who speaks for either side."""
        return self.select_related(
            "startup__organisation", "program__organisation", "program__incubator__organisation"
        )

    def of_organisation(self, organisation: Organisation) -> Self:
        """Those of its startups and of its programs."""
        return self.filter(_between([organisation]))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the user's organisations."""
        if not user.is_authenticated:
            return self.none()
        mine = Organisation.objects.of_member(user)
        return self.filter(_between(mine))

    def waiting_for(self, side: AlumniSide) -> Self:
        """Said by the other side, and neither confirmed nor refused by ``side``."""
        return self.filter(**{f"{side}_said_at__isnull": True}, refused_at__isnull=True)

    def to_answer(self, organisation: Organisation) -> Self:
        """Those that wait for ``organisation``, the oldest first."""
        of_startup = Q(startup_said_at__isnull=True, startup__organisation=organisation)
        of_program = Q(program_said_at__isnull=True) & spoken_for([organisation], to="program__")
        return self.filter(of_startup | of_program, refused_at__isnull=True).order_by("pk")


def _between(organisations: Any) -> Q:
    return Q(startup__organisation__in=organisations) | spoken_for(organisations, to="program__")
