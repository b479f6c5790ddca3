"""A pilot's hold on sites, and the permits that each site's borough demands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts import rules as people
from core.audit import log
from core.exceptions import DomainError, Incomplete, NotAllowed
from core.states import change_state
from pilots.enums import PERMIT_TRANSITIONS, PermitState, PilotState
from pilots.models import Permit, PermitRule, Pilot, Site, SiteBooking
from pilots.signals import record_changed

if TYPE_CHECKING:
    from datetime import date, datetime
    from typing import Any

    from core.accounts.models import User


class SiteTaken(DomainError):
    """Another trial holds the site on some of these days (promise 9)."""

    code = "site_taken"
    default_message = gettext_lazy(
        "Another trial holds this site on some of these days. Choose other dates or another site."
    )


class NotPreparing(DomainError):
    """Sites and plan are settled before the start."""

    code = "not_preparing"
    default_message = gettext_lazy("The trial is no longer in preparation: this cannot change now.")


@transaction.atomic
def book_site(
    *, pilot: Pilot, site: Site, starts_on: date, ends_on: date, actor: User, now: datetime
) -> SiteBooking:
    """Hold ``site`` for the pilot from day to day, both included, and list its permits.

    Raises ``SiteTaken`` when it overlaps another hold and the site may not be shared,
    ``NotPreparing`` once started, ``Incomplete`` on dates out of order.
    """
    require_pilot_manager(actor)
    # The site's row is the lock: of two bookings at one instant, one comes after the other.
    site = Site.objects.select_for_update().select_related("borough").get(pk=site.pk)
    pilot = Pilot.objects.select_for_update().get(pk=pilot.pk)
    if pilot.state != PilotState.PREPARING:
        raise NotPreparing
    if ends_on < starts_on:
        raise Incomplete([_("The last day comes before the first.")])
    overlapping = SiteBooking.objects.filter(
        site=site, starts_on__lte=ends_on, ends_on__gte=starts_on
    ).exclude(pilot=pilot)
    if not site.is_shared and overlapping.exists():
        raise SiteTaken
    try:
        with transaction.atomic():
            booking, _made = SiteBooking.objects.update_or_create(
                site=site,
                pilot=pilot,
                defaults={
                    "starts_on": starts_on,
                    "ends_on": ends_on,
                    "is_exclusive": not site.is_shared,
                },
            )
    except IntegrityError as error:
        raise SiteTaken from error
    demand_permits(pilot=pilot, site=site, on=starts_on)
    record_changed.send(sender=Site, pk=site.pk)
    record_changed.send(sender=Pilot, pk=pilot.pk)
    log.record(
        actor=actor,
        action="site.booked",
        target=pilot,
        **_told(site, actor, {"from": starts_on.isoformat(), "to": ends_on.isoformat()}),
        now=now,
    )
    return booking


def demand_permits(*, pilot: Pilot, site: Site, on: date) -> list[Permit]:
    """The permits that the site's borough demands on a day; part of the booking's transaction."""
    rules = PermitRule.objects.demanded_for(borough_id=site.borough_id, site_kind=site.kind, on=on)
    return [
        Permit.objects.get_or_create(
            pilot=pilot,
            site=site,
            rule=rule,
            defaults={"label_fr": rule.label_fr, "label_en": rule.label_en},
        )[0]
        for rule in rules
    ]


@transaction.atomic
def release_site(*, booking: SiteBooking, actor: User, now: datetime) -> None:
    """Give the site back before the start; its permits not yet requested leave with it."""
    require_pilot_manager(actor)
    booking = (
        SiteBooking.objects.select_for_update().select_related("site", "pilot").get(pk=booking.pk)
    )
    pilot, site = booking.pilot, booking.site
    if pilot.state != PilotState.PREPARING:
        raise NotPreparing
    pilot.permits.filter(site=site, state=PermitState.REQUIRED).delete()
    booking.delete()
    record_changed.send(sender=Site, pk=site.pk)
    record_changed.send(sender=Pilot, pk=pilot.pk)
    log.record(actor=actor, action="site.released", target=pilot, **_told(site, actor, {}), now=now)


@transaction.atomic
def request_permit(*, permit: Permit, on: date, actor: User, now: datetime) -> Permit:
    """The borough has been asked."""
    permit = _locked(permit, actor)
    change_state(permit, PermitState.REQUESTED, transitions=PERMIT_TRANSITIONS)
    permit.requested_on = on
    permit.save(update_fields=["requested_on"])
    return _noted(permit, actor, now)


@transaction.atomic
def grant_permit(
    *,
    permit: Permit,
    granted_on: date,
    expires_on: date,
    reference: str,
    actor: User,
    now: datetime,
) -> Permit:
    """The borough said yes, until ``expires_on`` included."""
    permit = _locked(permit, actor)
    if expires_on < granted_on:
        raise Incomplete([_("The permit expires before it is granted.")])
    permit.granted_on, permit.expires_on, permit.reference = granted_on, expires_on, reference
    permit.save(update_fields=["granted_on", "expires_on", "reference"])
    change_state(permit, PermitState.GRANTED, transitions=PERMIT_TRANSITIONS)
    return _noted(permit, actor, now)


@transaction.atomic
def refuse_permit(*, permit: Permit, note_fr: str, actor: User, now: datetime) -> Permit:
    """The borough said no; it may be asked again."""
    permit = _locked(permit, actor)
    permit.note_fr = note_fr[:300]
    permit.save(update_fields=["note_fr"])
    change_state(permit, PermitState.REFUSED, transitions=PERMIT_TRANSITIONS)
    return _noted(permit, actor, now)


def _locked(permit: Permit, actor: User) -> Permit:
    require_pilot_manager(actor)
    return (
        Permit.objects.select_for_update(of=("self",))
        .select_related("pilot", "site")
        .get(pk=permit.pk)
    )


def _noted(permit: Permit, actor: User, now: datetime) -> Permit:
    record_changed.send(sender=Pilot, pk=permit.pilot_id)
    log.record(
        actor=actor,
        action=f"permit.{permit.state}",
        target=permit.pilot,
        **_told(
            permit.site,
            actor,
            {
                "permit": permit.label_fr,
                "state": permit.state,
                "expires_on": permit.expires_on.isoformat() if permit.expires_on else None,
            },
        ),
        now=now,
    )
    return permit


def _told(site: Site, actor: User, public: dict[str, Any]) -> dict[str, Any]:
    """What the audit says: which site it is, in its private part when the site is not public."""
    if site.is_public:
        return {"public": {"site": site.slug, **public}}
    return {"public": public, "private": {"site": site.slug}, "subject": actor}


def require_pilot_manager(actor: User) -> None:
    """``NotAllowed`` to anyone but the city's pilot managers."""
    if not people.works_on_pilots(actor):
        raise NotAllowed(gettext_lazy("Only pilot managers do this. Ask the city's team."))
