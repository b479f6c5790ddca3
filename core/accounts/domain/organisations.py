"""An organisation comes to be, once, and says what it is called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.accounts.domain.belonging import locked_for, locked_person
from core.accounts.doubles import Match, comparable, find_doubles
from core.accounts.mail_domains import domain_of_site, own_domain
from core.accounts.models import (
    NEQ_FORM,
    Membership,
    Organisation,
    OrganisationKind,
    Role,
)
from core.audit import log
from core.audit.models import AuditEntry
from core.exceptions import DomainError, NotAllowed
from core.text import TextRefused, ascii_host, clean_line

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from core.accounts.models import User

# A department of the city is made by the city, not by whoever signs up.
MADE_BY_ANYONE: Final = (
    OrganisationKind.STARTUP,
    OrganisationKind.SUPPORT,
    OrganisationKind.PARTNER,
)
LONGEST_NAME: Final = 200
MOST_A_DAY: Final = 10
CREATED: Final = "organisation.created"
# Any fixed number: it names « organisations are being made » among PostgreSQL's advisory locks.
MAKING_LOCK: Final = 7_215_012


class MayBeHereAlready(DomainError):
    """Organisations of ``matches`` look like the one to be made."""

    code = "may_be_here_already"
    default_message = _("This organisation may be here already.")

    def __init__(self, matches: list[Match]) -> None:
        """``matches`` are what the person is shown, by name only."""
        super().__init__()
        self.matches = matches


class NumberTaken(DomainError):
    """An enterprise number belongs to one organisation."""

    code = "number_taken"
    default_message = _(
        "Another organisation has this enterprise number here. If it is yours, write to the "
        "city’s team."
    )


class EnoughMade(DomainError):
    """Nobody founds ten enterprises in a day."""

    code = "enough_made"
    default_message = _(
        "You have created ten organisations within a day. Write to the city’s team if you need "
        "more."
    )


@dataclass(frozen=True, slots=True)
class Made:
    """The organisation, and whether this call made it or found it made a moment ago."""

    organisation: Organisation
    is_new: bool


@transaction.atomic
def create_organisation(
    *,
    name: str,
    kind: str,
    language: str,
    actor: User,
    now: datetime,
    neq: str = "",
    website: str = "",
    others: Collection[int] = (),
) -> Made:
    """Make an organisation that ``actor`` owns; the one they made by the same name stays one.

    ``others`` are the keys of organisations that ``actor`` was shown and says are not this one.
    Its domain of e-mail is that of ``actor``'s confirmed address, never one that was typed.
    Raises ``MayBeHereAlready`` on any likeness that ``actor`` has not answered for, and always
    when the enterprise number is taken; ``TextRefused`` on a name, number or site that cannot be;
    ``EnoughMade``.
    """
    name, neq = clean_line(name, most=LONGEST_NAME), _number(neq)
    if not comparable(name):
        raise TextRefused(_("Write at least one letter or digit."))
    if kind not in MADE_BY_ANYONE:
        raise NotAllowed(_("Departments of the city are created by the city. Ask its team."))
    locked_person(actor)
    _one_at_a_time()
    mine = _made_before(name, kind, actor)
    if mine is not None:
        return Made(mine, is_new=False)
    _require_not_many(actor, now)
    domain = own_domain(actor.email)
    matches = find_doubles(name=name, neq=neq, domains={domain, _domain_of_site(website)})
    _require_answered(matches, others)
    organisation = Organisation.objects.create(
        name=name,
        slug=_free_slug(name),
        kind=kind,
        neq=neq,
        email_domain=domain,
        website=website,
        language=language,
    )
    Membership.objects.create(user=actor, organisation=organisation, role=Role.OWNER)
    log.record(
        actor=actor,
        action=CREATED,
        target=organisation,
        public={"kind": kind, "owner": actor.pk, "unlike": sorted(m.pk for m in matches)},
        private={"name": name, "neq": neq, "domain": domain, "website": website},
        subject=actor,
        now=now,
    )
    return Made(organisation, is_new=True)


@transaction.atomic
def change_details(
    *,
    organisation: Organisation,
    name: str,
    neq: str,
    website: str,
    language: str,
    actor: User,
    now: datetime,
    others: Collection[int] = (),
) -> Organisation:
    """Correct what an organisation is called and where it is found; its address stays.

    What was submitted keeps the name that it bore. A new name or site is compared with all that
    are here: ``others`` are the keys of those that ``actor`` was shown and says are not this one.
    Raises ``NotAllowed``, ``OrganisationClosed``, ``NumberTaken``, and ``MayBeHereAlready`` and
    ``TextRefused`` as the creation does.
    """
    name, neq = clean_line(name, most=LONGEST_NAME), _number(neq)
    if not comparable(name):
        raise TextRefused(_("Write at least one letter or digit."))
    site = _domain_of_site(website)
    _one_at_a_time()
    organisation = locked_for("edit_details", organisation_pk=organisation.pk, actor=actor)
    everyone_else = Organisation.objects.active().exclude(pk=organisation.pk)
    if neq and everyone_else.filter(neq=neq).exists():
        raise NumberTaken
    matches = _newly_alike(organisation, name, site)
    _require_answered(matches, others)
    values = {"name": name, "neq": neq, "website": website, "language": language}
    before = {
        f: getattr(organisation, f) for f, v in values.items() if getattr(organisation, f) != v
    }
    if not before:
        return organisation
    for field in before:
        setattr(organisation, field, values[field])
    organisation.save(update_fields=list(before))
    log.record(
        actor=actor,
        action="organisation.details_changed",
        target=organisation,
        public={"fields": sorted(before), "unlike": sorted(m.pk for m in matches)},
        private={"before": before, "after": {field: values[field] for field in before}},
        subject=actor,
        now=now,
    )
    return organisation


def _newly_alike(organisation: Organisation, name: str, site: str) -> list[Match]:
    """Those that the new name or site brings close; what stays was answered for before."""
    is_renamed = comparable(name) != comparable(organisation.name)
    has_moved = site != domain_of_site(organisation.website)
    if not (is_renamed or has_moved):
        return []
    return find_doubles(
        name=name if is_renamed else "",
        domains={site} if has_moved else (),
        besides=[organisation.pk],
    )


def _require_answered(matches: list[Match], others: Collection[int]) -> None:
    if any(match.is_certain or match.pk not in others for match in matches):
        raise MayBeHereAlready(matches)


def _number(neq: str) -> str:
    digits = re.sub(r"[\s-]", "", neq)
    if digits and not re.match(NEQ_FORM, digits, re.ASCII):
        raise TextRefused(
            _("An enterprise number (NEQ) has ten digits and begins with 11, 22, 33 or 88."),
            code="neq_form",
        )
    return digits


def _require_not_many(actor: User, now: datetime) -> None:
    made = AuditEntry.objects.filter(
        actor_id=actor.pk, action=CREATED, at__gt=now - timedelta(days=1)
    )
    if made.count() >= MOST_A_DAY:
        raise EnoughMade


def _one_at_a_time() -> None:
    """Two colleagues who create at the same instant: the second sees what the first made.

    SQLite's IMMEDIATE transaction already holds the write lock.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MAKING_LOCK])


def _made_before(name: str, kind: str, actor: User) -> Organisation | None:
    """What a second click, a second tab or the back button would make again."""
    owned = Organisation.objects.active().filter(
        kind=kind, memberships__user=actor, memberships__role=Role.OWNER
    )
    wanted = comparable(name)
    return next((found for found in owned if comparable(found.name) == wanted), None)


def _domain_of_site(website: str) -> str:
    """As :func:`domain_of_site`, refusing what is no site, or imitates another."""
    if not website:
        return ""
    address = urlsplit(website)
    if address.scheme not in ("http", "https"):
        raise TextRefused(_("The address of a web site begins with https://."))
    ascii_host(address.hostname or "")
    return domain_of_site(website)


def _free_slug(name: str) -> str:
    base = slugify(name)[:100].strip("-") or "organisation"
    taken = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
