"""The city's people work with a second factor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.accounts import rules
from core.accounts.models import User
from core.registry import second_factor_pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest, HttpResponse

TOLD: Final = "second_factor_told"
# Where the person was going; the pages of the second factor offer to go there.
NEXT: Final = "second_factor_next"
# Recovery codes replace a factor, they are none.
FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class StaffSecondFactorMiddleware:
    """Before the administration and the city's own pages open to staff, a second factor.

    The pages are ``/admin/`` and those whose names begin with a word of
    ``core.registry.second_factor_pages``. A jury member may be from outside the city and is not
    staff. Demonstration accounts in development are only told.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """``get_response`` is the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do before the address is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Lead to enrolment when the factor is missing."""
        user = request.user
        if not user.is_authenticated or not _asks_for_one(request) or not is_staff(user):
            return None
        if is_mfa_enabled(user, types=FACTORS):
            request.session.pop(NEXT, None)
            return None
        if settings.DEBUG and user.is_demo:
            if not request.session.get(TOLD):
                request.session[TOLD] = True
                messages.warning(
                    request,
                    _("This account has no second factor: production would refuse it here."),
                )
            return None
        if request.method == "GET":
            request.session[NEXT] = request.get_full_path()
        messages.warning(
            request,
            _("The city’s team works with a second factor. Add one: you then go on from here."),
        )
        return redirect("mfa_index")


def is_staff(user: User) -> bool:
    """Whoever has a role of the city that opens the administration, or may enter it otherwise."""
    return rules.is_city_staff(user) or user.has_perm("wagtailadmin.access_admin")


def _asks_for_one(request: HttpRequest) -> bool:
    match = request.resolver_match
    name = (match.url_name if match is not None else "") or ""
    return request.path.startswith("/admin/") or name.startswith(tuple(second_factor_pages))


def has_second_factor(user: User | AnonymousUser) -> bool:
    """Whether the administration opens to a person of the staff: the same, asked elsewhere."""
    if not isinstance(user, User):
        return False
    return is_mfa_enabled(user, types=FACTORS) or (settings.DEBUG and user.is_demo)
