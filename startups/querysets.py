"""How the directory's records are reached: by the public, and by those who belong to them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from core.accounts.models import Organisation
from core.taxonomy.models import CitySettings
from startups.enums import GONE, AlumniSide

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import User


class ListingQuerySet(models.QuerySet[Any]):
    """Profiles with a live version are public; members also see their own drafts."""

    # What a part belongs to: its organisation speaks for it.
    whole: ClassVar[str] = ""

    def public(self) -> Self:
        """What anyone may read; closed and merged listings stay, labelled."""
        return self.filter(live=True)

    def current(self) -> Self:
        """Public and neither closed nor merged."""
        return self.public().exclude(state__in=GONE)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Public ones, and those of the user's organisations."""
        if not user.is_authenticated:
            return self.public()
        own = Q(organisation__memberships__user=user)
        return self.filter(Q(live=True) | own).distinct()

    def of_organisation(self, organisation: Organisation) -> Self:
        """Those for which the members of ``organisation`` speak."""
        mine = Q(organisation=organisation)
        if self.whole:
            mine |= Q(organisation__isnull=True, **{f"{self.whole}__organisation": organisation})
        return self.filter(mine)

    def to_confirm(self, today: date) -> Self:
        """Those that are asked again on ``today``, the longest unconfirmed first."""
        last = today - timedelta(days=CitySettings.current().confirm_every_days)
        asked = self.filter(Q(verified_on__isnull=True) | Q(verified_on__lte=last))
        return asked.order_by(F("verified_on").asc(nulls_first=True), "pk")


class SolutionQuerySet(ListingQuerySet):
    """Solutions, with what a page of them shows."""

    whole = "startup"

    def for_lists(self) -> Self:
        """With startup and themes, in a constant number of queries."""
        return self.select_related("startup", "startup__borough").prefetch_related("themes")


class IncubatorQuerySet(ListingQuerySet):
    """Support organisations."""

    def for_lists(self) -> Self:
        """With borough and themes, in a constant number of queries."""
        return self.select_related("borough", "merged_into").prefetch_related("themes")


class ProgramQuerySet(ListingQuerySet):
    """Programs, with their intakes."""

    whole = "incubator"

    def for_lists(self) -> Self:
        """With organisation, themes and intakes, in a constant number of queries."""
        return self.select_related("incubator", "incubator__borough").prefetch_related(
            "themes", "intakes"
        )


class IntakeQuerySet(models.QuerySet[Any]):
    """Dated openings."""

    def of_public_programs(self) -> Self:
        """Intakes, cancelled ones included, whose program and organisation are live."""
        return self.filter(program__live=True, program__incubator__live=True).exclude(
            Q(program__state__in=GONE) | Q(program__incubator__state__in=GONE)
        )

    def standing(self) -> Self:
        """Those that were not cancelled."""
        return self.filter(cancelled_at__isnull=True)

    def accepting(self, now: datetime) -> Self:
        """Open at ``now``, rolling ones included."""
        return self.standing().filter(Q(is_rolling=True) | Q(opens_at__lte=now, closes_at__gte=now))

    def upcoming(self, now: datetime) -> Self:
        """Not open yet at ``now``."""
        return self.standing().filter(is_rolling=False, opens_at__gt=now)


class NeedQuerySet(models.QuerySet[Any]):
    """What startups look for."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Of public startups, past ones included; what a moderator closed, its startup alone."""
        public = Q(startup__live=True, closed_reason="")
        if not user.is_authenticated:
            return self.filter(public)
        return self.filter(
            public | Q(startup__organisation__in=user.memberships.values("organisation"))
        )

    def current(self, today: date) -> Self:
        """Of public startups that still act, neither met nor past their day."""
        return self.filter(
            Q(expires_on__isnull=True) | Q(expires_on__gte=today),
            met_at__isnull=True,
            startup__live=True,
        ).exclude(startup__state__in=GONE)


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


class InterestQuerySet(models.QuerySet[Any]):
    """What startups sent to intakes: the business of both sides and of nobody else."""

    def sent_by(self, organisation: Organisation | Any) -> Self:
        """Those of the startups of ``organisation``."""
        return self.filter(organisation=organisation)

    def received_by(self, organisation: Organisation | Any) -> Self:
        """Those sent to the programs that ``organisation`` speaks for."""
        program = "intake__program"
        return self.filter(
            Q(**{f"{program}__organisation": organisation})
            | Q(
                **{
                    f"{program}__organisation__isnull": True,
                    f"{program}__incubator__organisation": organisation,
                }
            )
        )

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those that an organisation of the user sent or received."""
        if not user.is_authenticated:
            return self.none()
        mine = user.memberships.values("organisation")
        sent = Q(organisation__in=mine)
        program = "intake__program"
        received = Q(**{f"{program}__organisation__in": mine}) | Q(
            **{
                f"{program}__organisation__isnull": True,
                f"{program}__incubator__organisation__in": mine,
            }
        )
        return self.filter(sent | received)

    def for_pages(self) -> Self:
        """With startup, intake and program, in one query."""
        return self.select_related(
            "startup", "organisation", "intake__program__incubator__organisation"
        ).select_related("intake__program__organisation")


class RelayQuerySet(models.QuerySet[Any]):
    """Relayed conversations: the business of both sides; of moderators once one is reported."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the user's organisations, on either side; those the user began for the city."""
        if not user.is_authenticated:
            return self.none()
        mine = user.memberships.values("organisation")
        return self.filter(
            Q(startup__organisation__in=mine)
            | Q(organisation__in=mine)
            | Q(organisation__isnull=True, author=user)
        )

    def reported(self) -> Self:
        """Those of which one side complained: moderators read these."""
        return self.filter(reported_at__isnull=False)

    def for_pages(self) -> Self:
        """With startup, need and organisations, in one query."""
        return self.select_related(
            "startup__organisation", "organisation", "author", "need", "deployment__solution"
        )
