"""Who asks too often reads when to try again: ``handler429`` of the site.

allauth keeps in the cache the instants at which each limit was met, and does not say which limit
was passed: it is found again from the address of the page, in the same rates and the same keys. The
limit of mails to one address stands behind many pages: it is looked at when no other one is met.
"""

from __future__ import annotations

import math
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
)
from allauth.account.internal.stagekit import unstash_login
from allauth.core.internal import ratelimit
from django.contrib.sites.shortcuts import get_current_site
from django.core.cache import cache
from django.shortcuts import render
from django.utils import timezone

from core import dates
from core.accounts.mail_domains import as_kept

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
    "mfa_authenticate": ((ACCOUNT, "login_failed"),),
    "mfa_activate_totp": ((ACCOUNT, "login_failed"),),
    "mfa_reauthenticate": ((ACCOUNT, "reauthenticate"), (ACCOUNT, "login_failed")),
    "mfa_reauthenticate_webauthn": ((ACCOUNT, "reauthenticate"), (ACCOUNT, "login_failed")),
    "mfa_login_webauthn": (("allauth.mfa", "webauthn_login"),),
}
# Behind every page that may send a code to an address, signing in included.
OF_MAILS: Final = ((ACCOUNT, "confirm_email"),)
# When the limit is not found: as long as the longest of the failed sign-ins.
OTHERWISE: Final = 300
MINUTE: Final = 60


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429, with ``Retry-After`` in seconds and a page that says when that is."""
    return try_later(request, seconds_to_wait(request))


def try_later(request: HttpRequest, seconds: int) -> HttpResponse:
    """The page of every limit: how long it is, and from a minute on at what hour."""
    context = {
        "seconds": seconds if seconds < MINUTE else 0,
        "minutes": math.ceil(seconds / MINUTE),
        "hour": dates.hour(
            timezone.now() + timedelta(seconds=math.ceil(seconds / MINUTE) * MINUTE)
        ),
    }
    response = render(request, "429.html", context, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def seconds_to_wait(request: HttpRequest) -> int:
    """Until every limit of this page lets one more try through; at least one second."""
    match = request.resolver_match
    name = (match.url_name if match is not None else "") or ""
    longest = _longest(request, name, LIMITS.get(name, ())) or _longest(request, name, OF_MAILS)
    return max(1, math.ceil(longest)) if longest else OTHERWISE


def _longest(request: HttpRequest, name: str, limits: tuple[tuple[str, str], ...]) -> float:
    waits = [
        _wait(request, name, app, action, rate)
        for app, action in limits
        for rate in ratelimit.get_rates(app=app, action=action)
    ]
    return max(waits, default=0.0)


def _wait(request: HttpRequest, name: str, app: str, action: str, rate: Rate) -> float:
    if rate.per == "user" and not request.user.is_authenticated:
        return 0.0
    now = time.time()
    waits = []
    for key in _keys(request, name, action) if rate.per == "key" else [None]:
        place = ratelimit.get_cache_key(request, app=app, action=action, rate=rate, key=key)
        # Newest first: the try that frees a place is the last that fits the amount.
        met = [at for at in cache.get(place, []) if at > now - rate.duration]
        if len(met) >= rate.amount:
            waits.append(met[rate.amount - 1] + rate.duration - now)
    return max(waits, default=0.0)


def _keys(request: HttpRequest, name: str, action: str) -> Iterator[str]:
    """What allauth counts an account by: the address typed, or that of the person."""
    typed = as_kept((request.POST.get("login") or request.POST.get("email") or "").strip()).lower()
    own = str(request.user.email).lower() if request.user.is_authenticated else ""
    if action == "confirm_email":
        yield from {typed, own, _under_way(request)} - {""}
    elif action != "login_failed":
        yield typed or own
    elif name.startswith("mfa_"):
        person = request.user if request.user.is_authenticated else _entering(request)
        yield f"mfa-auth-user-{person.pk if person is not None else ''}"
    else:
        yield f"{get_current_site(request).domain}:{typed or own}"


def _entering(request: HttpRequest) -> Any:
    """Whose password was right, and whose code is waited for."""
    login = unstash_login(request, peek=True)
    return login.user if login is not None else None


def _under_way(request: HttpRequest) -> str:
    """The address whose code is waited for, in this session."""
    asked = request.session.get(EMAIL_VERIFICATION_CODE_SESSION_KEY) or {}
    person = None if asked else _entering(request)
    return str(asked.get("email") or (person.email if person is not None else "")).lower()
