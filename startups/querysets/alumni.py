"""Ties between startups and programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from core.accounts.models import Organisation
from startups.enums import AlumniSide

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
        return self.filter(_of_startup(organisation) | _of_program(organisation))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the user's organisations."""
        if not user.is_authenticated:
            return self.none()
        mine = Organisation.objects.of_member(user)
        return self.filter(
            Q(startup__organisation__in=mine)
            | Q(program__organisation__in=mine)
            | Q(program__organisation__isnull=True, program__incubator__organisation__in=mine)
        )

    def waiting_for(self, side: AlumniSide) -> Self:
        """Said by the other side, and neither confirmed nor refused by ``side``."""
        return self.filter(**{f"{side}_said_at__isnull": True}, refused_at__isnull=True)

    def to_answer(self, organisation: Organisation) -> Self:
        """Those that wait for ``organisation``, the oldest first."""
        of_startup = Q(startup_said_at__isnull=True) & _of_startup(organisation)
        of_program = Q(program_said_at__isnull=True) & _of_program(organisation)
        return self.filter(of_startup | of_program, refused_at__isnull=True).order_by("pk")


def _of_startup(organisation: Organisation) -> Q:
    return Q(startup__organisation=organisation)


def _of_program(organisation: Organisation) -> Q:
    return Q(program__organisation=organisation) | Q(
        program__organisation__isnull=True, program__incubator__organisation=organisation
    )
