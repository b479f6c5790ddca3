"""How often one connection, or one person, may ask for something costly in an hour."""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from core.exceptions import DomainError

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

HOUR: Final = 3600
DAY: Final = 24 * HOUR


class TooManyRequests(DomainError):
    """Asked too often; ``again_at`` is when one may ask again, ``seconds`` how long that is."""

    code = "too_many_requests"
    status = 429
    default_message = _("This was asked too often within an hour. Nothing was done this time.")

    def __init__(self, again_at: datetime, seconds: int) -> None:
        """``again_at`` is an instant (aware)."""
        super().__init__()
        self.again_at = again_at
        self.seconds = seconds


def count(what: str, who: str, *, most: int, now: datetime) -> None:
    """Count one more ``what`` of ``who``; ``TooManyRequests`` beyond ``most`` in the same hour.

    What is kept for the hour is a fingerprint of ``who``.
    """
    hour = int(now.timestamp()) // HOUR
    key = f"limit:{what}:{hour}:{salted_hmac('core.limits', who).hexdigest()}"
    cache.add(key, 0, HOUR)
    try:
        times = cache.incr(key)
    except ValueError:  # it left the cache between the two calls
        times = 1
    if times > most:
        left = timedelta(seconds=(hour + 1) * HOUR - now.timestamp())
        raise TooManyRequests(now + left, max(1, round(left.total_seconds())))


def is_first(what: str, who: str) -> bool:
    """Whether ``who`` did not do ``what`` within a day; the fingerprint of both is kept as long."""
    key = f"first:{salted_hmac('core.limits', f'{who} {what}').hexdigest()}"
    return bool(cache.add(key, 1, DAY))


def connection_of(request: HttpRequest) -> str:
    """One home has one address of IPv4, or 2⁶⁴ of IPv6."""
    address: str = get_adapter().get_client_ip(request)
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if ip.version == 6 and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped  # a socket for both: else all of IPv4 would be one home
    return str(ipaddress.ip_network(f"{ip}/64", strict=False)) if ip.version == 6 else str(ip)
