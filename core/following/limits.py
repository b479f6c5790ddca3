"""How often one connection may ask for mails: a few an hour, whatever the addresses."""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from core.exceptions import DomainError

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

MOST_AN_HOUR: Final = 10
HOUR: Final = 3600


class TooManyRequests(DomainError):
    """The connection asked too often; ``again_at`` is when it may ask again."""

    code = "too_many_requests"

    def __init__(self, again_at: datetime) -> None:
        """``again_at`` is an instant (aware)."""
        super().__init__()
        self.again_at = again_at


def count_request(request: HttpRequest, *, now: datetime) -> None:
    """Count one more; raises ``TooManyRequests`` beyond ten in the same hour.

    What is kept for the hour is a fingerprint of the connection, not its address.
    """
    hour = int(now.timestamp()) // HOUR
    key = f"following:{hour}:{_fingerprint(get_adapter().get_client_ip(request))}"
    cache.add(key, 0, HOUR)
    try:
        count = cache.incr(key)
    except ValueError:  # it left the cache between the two calls
        count = 1
    if count > MOST_AN_HOUR:
        left = (hour + 1) * HOUR - now.timestamp()
        raise TooManyRequests(now + timedelta(seconds=left))


def _fingerprint(address: str) -> str:
    """One home has one address of IPv4, or 2⁶⁴ of IPv6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        ip = ipaddress.ip_address("0.0.0.0")  # noqa: S104  a name for « unknown », nothing listens
    if ip.version == 6:
        address = str(ipaddress.ip_network(f"{ip}/64", strict=False))
    return salted_hmac("following.limits", address).hexdigest()
