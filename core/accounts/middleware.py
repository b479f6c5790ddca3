"""Staff enter the administration with a second factor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

TOLD = "second_factor_told"


class StaffSecondFactorMiddleware:
    """Before ``/admin/`` opens, a second factor; demo accounts in development are only told."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """``get_response`` is the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Lead to enrolment when the factor is missing."""
        user = request.user
        if (
            not request.path.startswith("/admin/")
            or not user.is_authenticated
            or not user.has_perm("wagtailadmin.access_admin")
            or is_mfa_enabled(user)
        ):
            return self.get_response(request)
        if settings.DEBUG and user.is_demo:
            if not request.session.get(TOLD):
                request.session[TOLD] = True
                messages.warning(
                    request,
                    _("This account has no second factor: production would refuse it here."),
                )
            return self.get_response(request)
        messages.warning(
            request, _("The administration asks for a second factor. Add one, then come back.")
        )
        return redirect("mfa_index")
