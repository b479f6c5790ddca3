"""Before what cannot be undone, a person says once more who they are.

:func:`require_recent` stands in a view whose GET shows what is about to happen and whose POST does
it, after the rights are checked; ``@recently_authenticated`` is the same where nothing has to be
checked before. A POST of someone who neither signed in nor confirmed it for
``ACCOUNT_REAUTHENTICATION_TIMEOUT`` seconds does nothing: it leads to allauth's confirmation, then
back to the page itself, which says that nothing was done yet. What was typed is not lost:
:func:`kept_post` hands it to the form of that page.
"""

from __future__ import annotations

import time
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
SESSION_KEY: Final = "confirm_first"
# What was typed waits this many seconds for its person.
KEPT_FOR: Final = 30 * 60
MOST_KEPT: Final = 100_000


def was_recent(request: HttpRequest) -> bool:
    """Whether the person signed in, or confirmed who they are, a short while ago."""
    if not request.user.is_authenticated:
        return False
    records = get_authentication_records(request, request.user)
    if not records:
        return False
    age: float = time.time() - records[-1]["at"]
    limit: int = app_settings.REAUTHENTICATION_TIMEOUT
    return age < limit


def require_recent(request: HttpRequest) -> None:
    """On a POST, leave the view (``ImmediateHttpResponse``) unless :func:`was_recent`.

    On the GET that follows a confirmation, say that the page still waits.
    """
    if request.method == "POST":
        if not was_recent(request):
            raise ImmediateHttpResponse(_ask(request))
    elif request.method == "GET" and SESSION_KEY in request.session:
        _come_back(request)


def recently_authenticated(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """:func:`require_recent` before ``view``; place it under ``login_required``."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        require_recent(request)
        return view(request, *args, **kwargs)

    return wrapped


def kept_post(request: HttpRequest) -> QueryDict | None:
    """What the person had posted here before they were asked who they are; None otherwise."""
    kept: QueryDict | None = getattr(request, "_kept_post", None)
    return kept


def _ask(request: HttpRequest) -> HttpResponse:
    """Keep what was posted, and lead to the confirmation."""
    kept = _posted(request)
    methods: list[dict[str, Any]] = get_adapter().get_reauthentication_methods(request.user)
    if methods:
        address = methods[0]["url"]
        said = _("This cannot be undone: confirm first that it is you. Nothing has been done yet.")
    else:
        # Neither a password nor a second factor: they sign in again the way they did.
        logout(request)
        address = resolve_url(settings.LOGIN_URL)
        said = _("This cannot be undone: sign in again first. Nothing has been done yet.")
    messages.info(request, said)
    request.session[SESSION_KEY] = kept
    return HttpResponseRedirect(f"{address}?{urlencode({REDIRECT_FIELD_NAME: request.path})}")


def _posted(request: HttpRequest) -> dict[str, Any]:
    fields = request.POST.copy()
    for name in [n for n in fields if n == "csrfmiddlewaretoken" or "password" in n]:
        del fields[name]
    text = fields.urlencode()
    return {
        "user": request.user.pk,
        "path": request.path,
        "post": text if len(text) <= MOST_KEPT else "",
        "at": time.time(),
    }


def _come_back(request: HttpRequest) -> None:
    """Say on the page itself that it still waits to be confirmed."""
    kept = request.session[SESSION_KEY]
    if kept["path"] != request.path or not was_recent(request):
        return
    del request.session[SESSION_KEY]
    if kept["user"] != request.user.pk or time.time() - kept["at"] > KEPT_FOR:
        return
    request._kept_post = QueryDict(kept["post"])  # type: ignore[attr-defined]
    messages.success(
        request, _("It is you, thank you. Nothing has been done yet: read once more, then confirm.")
    )
