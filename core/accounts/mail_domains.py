"""Domains of e-mail: whose they are, and those that say nothing about who someone works for."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from core.text import TextRefused, ascii_host, clean_line

MOST: Final = 254

# Anyone may have an address there.
PUBLIC_DOMAINS: Final = frozenset(
    {
        *("gmail.com", "googlemail.com", "icloud.com", "me.com", "mac.com", "msn.com", "aol.com"),
        *("ymail.com", "rocketmail.com", "proton.me", "protonmail.com", "protonmail.ch", "pm.me"),
        *("mail.com", "email.com", "zoho.com", "zohomail.com", "fastmail.com", "fastmail.fm"),
        *("hushmail.com", "tutanota.com", "tuta.io", "tuta.com", "mailbox.org", "posteo.net"),
        *("posteo.de", "disroot.org", "riseup.net", "duck.com", "hey.com", "yandex.com"),
        *("yandex.ru", "mail.ru", "qq.com", "163.com", "126.com", "naver.com", "web.de"),
        *("t-online.de", "libero.it", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr"),
        *("laposte.net", "bbox.fr", "neuf.fr", "videotron.ca", "videotron.qc.ca", "bell.net"),
        *("sympatico.ca", "bellnet.ca", "cogeco.ca", "cgocable.ca", "globetrotter.net"),
        *("rogers.com", "telus.net", "shaw.ca", "eastlink.ca", "sasktel.net", "mts.net"),
        *("teksavvy.com", "ebox.net", "oricom.ca", "b2b2c.ca", "distributel.net", "axion.ca"),
        *("xplornet.com", "xplornet.ca", "comcast.net", "verizon.net", "att.net", "cox.net"),
        *("privaterelay.appleid.com", "users.noreply.github.com", "demo.test"),
    }
)
# « yahoo.co.uk », « outlook.fr »; « live.example.ca » belongs to someone.
PUBLIC_NAMES: Final = re.compile(
    r"(yahoo|hotmail|outlook|live|gmx)\.(com|net|[a-z]{2}|com?\.[a-z]{2})"
)
# Anyone may have a page there: it says nothing about who has it.
SHARED_SITES: Final = frozenset(
    {
        *("facebook.com", "fb.com", "instagram.com", "linkedin.com", "ca.linkedin.com", "x.com"),
        *("twitter.com", "youtube.com", "tiktok.com", "github.com", "gitlab.com", "linktr.ee"),
        *("sites.google.com", "medium.com", "notion.site", "bsky.app", "crunchbase.com"),
    }
)
# What a site calls its first page: « /fr-ca/ », « /index.html ».
ENTRANCES: Final = re.compile(r"[a-z]{2}([-_][a-z]{2})?|(accueil|home|index)(\.[a-z]{3,5})?")


def domain_of(email: str) -> str:
    """The domain of an address as the network writes it; empty when it has none."""
    _name, at, host = email.rpartition("@")
    try:
        return ascii_host(host) if at and host else ""
    except TextRefused:
        return ""


def is_public(domain: str) -> bool:
    """Whether anyone may have an address at ``domain`` (see :func:`domain_of`)."""
    return domain in PUBLIC_DOMAINS or PUBLIC_NAMES.fullmatch(domain) is not None


def own_domain(email: str) -> str:
    """The domain that an organisation may have for its own; empty for a public provider's."""
    domain = domain_of(email).removeprefix("www.")
    return "" if is_public(domain) else domain


def domain_of_site(website: str) -> str:
    """The domain of a web site, without « www. »; empty for one where anyone may have a page."""
    try:
        domain = ascii_host(urlsplit(website).hostname or "").removeprefix("www.")
    except (TextRefused, ValueError):
        return ""
    return "" if is_public(domain) or domain in SHARED_SITES else domain


def is_whole_site(website: str) -> bool:
    """Whether ``website`` is all of its domain, in whichever language, and not a page of it."""
    try:
        split = urlsplit(website)
    except ValueError:
        return False
    parts = [part for part in split.path.lower().split("/") if part]
    if split.query:  # « /?page=incubateur »
        return False
    return not parts or (len(parts) == 1 and ENTRANCES.fullmatch(parts[0]) is not None)


def clean_address(email: str) -> str:
    """An address as it is kept: in lower case, its domain as the network writes it.

    Raises ``TextRefused`` when it is none, holds what cannot be seen, mixes alphabets that look
    alike, or imitates another domain.
    """
    text = email.strip()
    if clean_line(text, most=MOST) != text:
        raise TextRefused(_("This address holds signs that cannot be seen. Type it by hand."))
    name, _sep, host = text.rpartition("@")
    if not name.isascii():
        raise TextRefused(
            _("What stands before the @ may only hold letters without accents, digits and signs.")
        )
    address = f"{name}@{ascii_host(host)}".lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise TextRefused(
            _("“%(text)s” is not an e-mail address.") % {"text": text[:80]}, code="not_an_address"
        ) from error
    return address


class AddressField(forms.EmailField):
    """A form's field for an address: :func:`clean_address`, or its sentence."""

    def to_python(self, value: Any) -> str:
        """As it is kept; nothing when nothing was typed."""
        if not str(value or "").strip():
            return ""
        try:
            return clean_address(str(value))
        except TextRefused as error:
            raise ValidationError(str(error), code=error.code) from error


@cache
def _throw_away() -> frozenset[str]:
    """Domains of addresses that live an hour; the list is the package's own."""
    from disposable_email_domains import blocklist

    return frozenset(blocklist)


def is_throw_away(email: str) -> bool:
    """Whether the address is of a service that gives addresses for an hour, by its domain."""
    labels = domain_of(email).split(".")
    return any(".".join(labels[n:]) in _throw_away() for n in range(len(labels) - 1))


def as_kept(email: str) -> str:
    """What cannot be an address of ours stays as typed: no account has it, and no page says so."""
    try:
        return clean_address(email)
    except TextRefused:
        return email
