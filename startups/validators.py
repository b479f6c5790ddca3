"""What may not stand on a public page."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from core.accounts.mail_domains import domain_of, is_public, is_throw_away

MOST_LINKS: Final = 8
_is_web_address = URLValidator(schemes=["http", "https"])


def validate_public_address(email: str) -> None:
    """An address that an organisation answers for: never one that a person has for themselves."""
    if is_public(domain_of(email)) or is_throw_away(email):
        raise ValidationError(
            _(
                "Anyone reads this address: give one of the organisation. One at %(domain)s is "
                "somebody’s own."
            )
            % {"domain": domain_of(email)},
            code="private_address",
        )


def validate_links(links: Any) -> None:
    """Addresses of the web, at most eight; says which line is none."""
    if not isinstance(links, list) or not all(isinstance(link, str) for link in links):
        raise ValidationError(_("Write one address per line."), code="not_lines")
    if len(links) > MOST_LINKS:
        raise ValidationError(_("At most 8 links: keep those that help a reader."), code="many")
    for number, link in enumerate(links, start=1):
        try:
            _is_web_address(link)
        except ValidationError as error:
            raise ValidationError(
                _("Line %(number)s is no address of the web: “%(link)s”. It begins with https://.")
                % {"number": number, "link": link[:80]},
                code="not_a_link",
            ) from error
