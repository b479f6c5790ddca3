"""Rows for the tests: each function makes the least that its name says, at an instant given."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.utils import timezone

from core.accounts import roles
from core.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from core.taxonomy.models import Borough
from pilots.domain.defaults import add_default_content
from pilots.enums import ChallengeState
from pilots.models import Call, Challenge, PermitRule, Pilot, Site, Stage
from startups.models import Solution, Startup

_numbers = count(1)


def make_user(name: str = "", *groups: str, **fields: Any) -> User:
    """A person; ``groups`` are names of city roles, whose people have a second factor."""
    number = next(_numbers)
    user = User.objects.create_user(
        f"{name or 'personne'}{number}@test.example", "motdepasse", name=name, **fields
    )
    user.groups.set([Group.objects.get_or_create(name=group)[0] for group in groups])
    if not user.is_demo and not {*groups}.isdisjoint(roles.ADMIN_DOOR):
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    return user


def manager(**fields: Any) -> User:
    """A challenge manager."""
    return make_user("gestion", roles.CHALLENGE_MANAGERS, **fields)


def pilot_manager(**fields: Any) -> User:
    """A pilot manager."""
    return make_user("essais", roles.PILOT_MANAGERS, **fields)


def jury_member(**fields: Any) -> User:
    """Someone of the jury group."""
    return make_user("jury", roles.JURY_MEMBERS, **fields)


def make_startup(owner: User | None = None, **fields: Any) -> Startup:
    """A live startup with its organisation, a solution, and its owner when given."""
    number = next(_numbers)
    organisation = Organisation.objects.create(
        name=f"Jeune pousse {number}", slug=f"pousse-{number}", kind=OrganisationKind.STARTUP
    )
    if owner is not None:
        Membership.objects.create(user=owner, organisation=organisation, role=Role.OWNER)
    startup: Startup = Startup.objects.create(
        **{
            "slug": f"pousse-{number}",
            "name": f"Jeune pousse {number}",
            "organisation": organisation,
            "tagline_fr": "Une phrase.",
            "tagline_en": "A sentence.",
            "about_fr": "Un paragraphe.",
            "about_en": "A paragraph.",
            "verified_on": timezone.now().date(),
            "live": True,
            **fields,
        }
    )
    Solution.objects.create(
        slug=f"solution-{number}",
        startup=startup,
        organisation=organisation,
        name_fr=f"Solution {number}",
        name_en=f"Solution {number}",
        problem_fr="Un problème.",
        how_fr="Une manière.",
        verified_on=startup.verified_on,
        trl=7,
        live=True,
    )
    return startup


def make_challenge(now: datetime | None = None, **fields: Any) -> Challenge:
    """A published challenge, open since yesterday for ten days, with the usual content."""
    moment = now or timezone.now()
    number = next(_numbers)
    stage_fields = {
        "opens_at": fields.pop("opens_at", moment - timedelta(days=1)),
        "closes_at": fields.pop("closes_at", moment + timedelta(days=10)),
    }
    call = Call.objects.create(frozen_at=moment)
    closes_at = stage_fields["closes_at"]
    stage = Stage.objects.create(
        call=call, decision_by=(closes_at + timedelta(days=14)).date(), **stage_fields
    )
    add_default_content(stage)
    challenge: Challenge = Challenge.objects.create(
        **{
            "slug": f"defi-{number}",
            "reference": f"2026-{number:02d}",
            "state": ChallengeState.PUBLISHED,
            "call": call,
            "title_fr": f"Défi numéro {number}",
            "title_en": f"Challenge number {number}",
            "summary_fr": "Une phrase du problème.",
            "summary_en": "A sentence on the problem.",
            "problem_fr": "Le problème en clair.",
            "problem_en": "The problem in plain words.",
            "wanted_fr": "Le résultat cherché.",
            "wanted_en": "The result sought.",
            "department_fr": "Service des essais",
            "department_en": "Trials department",
            "published_at": moment - timedelta(days=2),
            "live": True,
            **fields,
        }
    )
    return challenge


def a_borough() -> Borough:
    """A borough that migrations made."""
    return Borough.objects.order_by("pk")[0]


def make_site(**fields: Any) -> Site:
    """A street with its borough's one rule."""
    number = next(_numbers)
    borough = fields.pop("borough", None) or a_borough()
    site: Site = Site.objects.create(
        **{
            "slug": f"site-{number}",
            "name_fr": f"Rue {number}",
            "name_en": f"Street {number}",
            "kind": "street",
            "borough": borough,
            "geometry": {"type": "Point", "coordinates": [borough.lon, borough.lat]},
            "lat": borough.lat,
            "lon": borough.lon,
            **fields,
        }
    )
    return site


def make_rule(site: Site, **fields: Any) -> PermitRule:
    """What the site's borough demands of every trial."""
    rule: PermitRule = PermitRule.objects.create(
        **{
            "borough": site.borough,
            "label_fr": "Permis d’occupation",
            "label_en": "Occupancy permit",
            "valid_from": "2020-01-01",
            **fields,
        }
    )
    return rule


def make_pilot(startup: Startup | None = None, **fields: Any) -> Pilot:
    """A pilot in preparation, public."""
    number = next(_numbers)
    today = timezone.localdate()
    pilot: Pilot = Pilot.objects.create(
        **{
            "slug": f"pilote-{number}",
            "reference": f"P2026-{number:02d}",
            "challenge": fields.pop("challenge", None) or make_challenge(),
            "startup": startup or make_startup(),
            "title_fr": f"Essai {number}",
            "title_en": f"Trial {number}",
            "starts_on": today,
            "ends_on": today + timedelta(weeks=16),
            "verdict_due_on": today + timedelta(weeks=24),
            "verdict_role_fr": "Direction des essais",
            "live": True,
            **fields,
        }
    )
    return pilot
