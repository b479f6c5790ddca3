"""What the domain refuses, in one place: the status and the page for every anticipated failure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from core.accounts.limits import try_later
from core.accounts.middleware import is_staff
from core.exceptions import DomainError, Incomplete, NotAllowed
from core.limits import TooManyRequests

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class RefusalMiddleware:
    """403 with whom to ask for a missing right, 429 with when to try again, else 409 with why.

    A view that can say it better (a form with what was typed) catches the exception before.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """``get_response`` is the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do on the way in."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """The administration is the city's: a member who comes there is told so.

        Wagtail would lead them to the sign-in page, which leads whoever is signed in back.
        """
        user = request.user
        if request.path.startswith("/admin/") and user.is_authenticated and not is_staff(user):
            return self.process_exception(request, NotAllowed())
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page that says it, None for what is not ours."""
        if not isinstance(exception, DomainError):
            return None
        if isinstance(exception, TooManyRequests):
            return try_later(request, exception.seconds)
        context = {
            "message": exception.message,
            "problems": exception.problems if isinstance(exception, Incomplete) else [],
            "back": request.path,
        }
        template = "403.html" if isinstance(exception, NotAllowed) else "409.html"
        return render(request, template, context, status=exception.status)
