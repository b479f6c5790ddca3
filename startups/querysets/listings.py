"""How the four kinds of listings and their intakes are reached."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from django.db import models
from django.db.models import F, Q

from core.accounts import rules
from core.accounts.models import Organisation
from core.taxonomy.models import CitySettings
from startups.enums import GONE
from startups.querysets.speaking import spoken_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import User


# How long lists still show an intake that is past, and one that was cancelled.
PAST_FOR: Final = timedelta(days=31)
CANCELLED_FOR: Final = timedelta(days=90)


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
        mine = Organisation.objects.of_member(user)
        own = spoken_for(mine, whole=self.whole) if self.whole else Q(organisation__in=mine)
        return self.filter(Q(live=True) | own)

    def of_organisation(self, organisation: Organisation) -> Self:
        """Those for which the members of ``organisation`` speak."""
        if not self.whole:
            return self.filter(organisation=organisation)
        return self.filter(spoken_for([organisation], whole=self.whole))

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

    def kept_by(self, user: User | AnonymousUser) -> Self:
        """Those whose intakes ``user`` announces: of their organisations, all for moderators."""
        if rules.is_moderator(user):
            return self.all()
        return self.filter(spoken_for(Organisation.objects.of_member(user).active()))

    def for_lists(self) -> Self:
        """With organisation, themes and intakes, in a constant number of queries."""
        return self.select_related("incubator", "incubator__borough").prefetch_related(
            "themes", "intakes"
        )


class IntakeQuerySet(models.QuerySet[Any]):
    """Dated openings."""

    def kept_by(self, user: User | AnonymousUser) -> Self:
        """Those that ``user`` may see to: of their organisations, all of them for moderators."""
        if rules.is_moderator(user):
            return self.all()
        return self.filter(
            spoken_for(Organisation.objects.of_member(user).active(), to="program__")
        )

    def of_organisation(self, organisation: Organisation) -> Self:
        """Those of the programs for which the members of ``organisation`` speak."""
        return self.filter(spoken_for([organisation], to="program__"))

    def awaiting_next(self, before: datetime) -> Self:
        """Those that come back every year, opened ``before``, and whose next is not announced."""
        return self.filter(
            repeats=True, is_rolling=False, next_one__isnull=True, opens_at__lte=before
        ).exclude(Q(program__state__in=GONE) | Q(program__incubator__state__in=GONE))

    def of_public_programs(self) -> Self:
        """Intakes, cancelled ones included, whose program and organisation are live."""
        return self.filter(program__live=True, program__incubator__live=True).exclude(
            Q(program__state__in=GONE) | Q(program__incubator__state__in=GONE)
        )

    def not_long_over(self, now: datetime) -> Self:
        """Those that lists show at ``now``: cancelled ones stay for a time, as do past ones."""
        return self.filter(
            Q(is_rolling=True) | Q(closes_at__gte=now - PAST_FOR),
            Q(cancelled_at__isnull=True) | Q(cancelled_at__gte=now - CANCELLED_FOR),
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
