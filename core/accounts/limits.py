"""Who asks too often reads when to try again: ``handler429`` of the site.

allauth keeps in the cache the instants at which each limit was met, and does not say which limit
was passed: it is found again from the address of the page, in the same rates and the same keys.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Final

from allauth.core.internal import ratelimit
from django.contrib.sites.shortcuts import get_current_site
from django.core.cache import cache
from django.shortcuts import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from allauth.core.internal.ratelimit import Rate
    from django.http import HttpRequest, HttpResponse

ACCOUNT: Final = "allauth.account"
# Name of an address: the limits that stand before it.
LIMITS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "account_login": ((ACCOUNT, "login"), (ACCOUNT, "login_failed")),
    "account_signup": ((ACCOUNT, "signup"),),
    "account_reset_password": ((ACCOUNT, "reset_password"),),
    "account_reset_password_from_key": ((ACCOUNT, "reset_password_from_key"),),
    "account_complete_password_reset": ((ACCOUNT, "reset_password_from_key"),),
    "account_request_login_code": ((ACCOUNT, "request_login_code"),),
    "account_reauthenticate": ((ACCOUNT, "reauthenticate"), (ACCOUNT, "login_failed")),
    "account_change_password": ((ACCOUNT, "change_password"),),
    "account_set_password": ((ACCOUNT, "change_password"),),
    "account_email": ((ACCOUNT, "manage_email"),),
    "mfa_reauthenticate": ((ACCOUNT, "reauthenticate"),),
    "mfa_reauthenticate_webauthn": ((ACCOUNT, "reauthenticate"),),
    "mfa_login_webauthn": (("allauth.mfa", "webauthn_login"),),
}
# When the limit is not found: as long as the longest of the failed sign-ins.
OTHERWISE: Final = 300


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429, with ``Retry-After`` in seconds and a page that says it in minutes."""
    seconds = seconds_to_wait(request)
    context = {"minutes": max(1, math.ceil(seconds / 60))}
    response = render(request, "429.html", context, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def seconds_to_wait(request: HttpRequest) -> int:
    """Until every limit of this page lets one more try through; at least one second."""
    match = request.resolver_match
    name = (match.url_name if match is not None else "") or ""
    waits = [
        _wait(request, app, action, rate)
        for app, action in LIMITS.get(name, ())
        for rate in ratelimit.get_rates(app=app, action=action)
    ]
    longest = max(waits, default=0.0)
    return max(1, math.ceil(longest)) if longest else OTHERWISE


def _wait(request: HttpRequest, app: str, action: str, rate: Rate) -> float:
    if rate.per == "user" and not request.user.is_authenticated:
        return 0.0
    now = time.time()
    waits = []
    for key in _keys(request, action) if rate.per == "key" else [None]:
        name = ratelimit.get_cache_key(request, app=app, action=action, rate=rate, key=key)
        # Newest first: the try that frees a place is the last that fits the amount.
        met = [at for at in cache.get(name, []) if at > now - rate.duration]
        if len(met) >= rate.amount:
            waits.append(met[rate.amount - 1] + rate.duration - now)
    return max(waits, default=0.0)


def _keys(request: HttpRequest, action: str) -> Iterator[str]:
    """What allauth counts an account by: the address typed, or that of the person."""
    typed = (request.POST.get("login") or request.POST.get("email") or "").strip().lower()
    if not typed and request.user.is_authenticated:
        typed = str(request.user.email).lower()
    if action == "login_failed":
        yield f"{get_current_site(request).domain}:{typed}"
    else:
        yield typed
