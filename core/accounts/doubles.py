"""Is this organisation here already? By its number, its domain, or a name very close."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from core.accounts.mail_domains import domain_of_site
from core.accounts.models import Organisation
from core.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection

# Of 100, between two folded names without their legal form.
SIMILAR: Final = 90
MOST_SHOWN: Final = 5
# At the end of a name, these say how it is incorporated, not who it is.
LEGAL_FORMS: Final = frozenset(
    {
        *("inc", "incorporee", "incorporated", "ltee", "limitee", "ltd", "limited", "corp"),
        *("corporation", "llc", "llp", "lp", "ulc", "plc", "senc", "sencrl", "sec", "enr", "enrg"),
        *("coop", "obnl", "osbl", "sarl", "sas", "sasu", "sa", "srl", "bv", "gmbh", "cie", "co"),
    }
)


class Likeness(models.TextChoices):
    """Why an organisation may be the one that somebody is about to create again."""

    NUMBER = "number", _("it has this Québec enterprise number")
    DOMAIN = "domain", _("its e-mail or its web site is on this domain")
    NAME = "name", _("its name is almost the same")


@dataclass(frozen=True, slots=True)
class Match:
    """An organisation that is here already. People who do not belong to it see its name only."""

    pk: int
    name: str
    likeness: tuple[Likeness, ...]

    @property
    def is_certain(self) -> bool:
        """Whether it can be no other: a number belongs to one enterprise."""
        return Likeness.NUMBER in self.likeness


def comparable(name: str) -> str:
    """``name`` folded, without its legal form: « Acmé Inc. » and « ACME » are the same."""
    words = fold(name).split()
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return " ".join(words)


def find_doubles(
    *,
    name: str = "",
    neq: str = "",
    domains: Collection[str] = (),
    besides: Collection[int] = (),
) -> list[Match]:
    """Organisations that may be the same and are not closed, the surest first.

    At most :data:`MOST_SHOWN`; never those whose keys are ``besides``. What is empty is not
    compared. ``domains`` are as :func:`core.accounts.mail_domains.own_domain` and
    :func:`core.accounts.mail_domains.domain_of_site` write them.
    """
    found: dict[int, list[Likeness]] = {}
    wanted = {domain for domain in domains if domain}
    rows = list(
        Organisation.objects.active()
        .exclude(pk__in=besides)
        .values_list("pk", "name", "neq", "email_domain", "website")
    )
    for pk, _name, number, domain, site in rows:
        if neq and number == neq:
            found.setdefault(pk, []).append(Likeness.NUMBER)
        if wanted and (_without_www(domain) in wanted or _may_be_at(site, wanted)):
            found.setdefault(pk, []).append(Likeness.DOMAIN)
    called = {pk: their_name for pk, their_name, *_rest in rows}
    for pk in _called_alike(name, called) if name else ():
        found.setdefault(pk, []).append(Likeness.NAME)
    order = list(Likeness)
    matches = [Match(pk, called[pk], tuple(why)) for pk, why in found.items()]
    matches.sort(key=lambda match: (order.index(match.likeness[0]), match.name, match.pk))
    return matches[:MOST_SHOWN]


def _called_alike(name: str, called: dict[int, str]) -> list[int]:
    names = {pk: comparable(their_name) for pk, their_name in called.items()}
    close = process.extract(
        comparable(name), names, scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=MOST_SHOWN
    )
    return [pk for _folded, _score, pk in close]


def _without_www(domain: str) -> str:
    return domain.lower().removeprefix("www.")


def _may_be_at(site: str, wanted: Collection[str]) -> bool:
    """Whether the web site ``site`` is on one of ``wanted``; most sites need no reading."""
    written = site.lower()
    if written.isascii() and not any(domain in written for domain in wanted):
        return False
    return domain_of_site(site) in wanted
