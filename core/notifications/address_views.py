"""News of the mail provider, and the page where a person opens their address again."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from anymail import urls as anymail_urls
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.accounts.acting import signed_in
from core.notifications.closed_addresses import NotClosed, OpenedLately, closed_of, open_own_address

if TYPE_CHECKING:
    from django.http import HttpRequest

    from core.accounts.models import User

logger = logging.getLogger(__name__)


@csrf_exempt
@never_cache
@require_http_methods(["POST", "HEAD"])
def mail_events(request: HttpRequest) -> HttpResponse:
    """News of the provider named in ``EMAIL_URL``: anymail checks who speaks and reads them.

    Closed as long as there is no provider, or no secret to know it by.
    """
    provider = settings.MAIL_PROVIDER  # type: ignore[misc]
    if not provider or not settings.ANYMAIL.get("WEBHOOK_SECRET"):  # type: ignore[misc]
        raise Http404
    name = f"{provider}_tracking_webhook"
    view = next((p.callback for p in anymail_urls.urlpatterns if p.name == name), None)
    if view is None:
        raise Http404
    try:
        answer: HttpResponse = view(request)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        logger.warning("News of %s that cannot be read: %s", provider, type(error).__name__)
        return HttpResponseBadRequest("These news cannot be read.\n", content_type="text/plain")
    return answer


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_address(request: HttpRequest) -> HttpResponse:
    """Why one is not written to, and what to do: change the address, or have it tried again."""
    user = signed_in(request)
    status, refusal = 200, ""
    if request.method == "POST":
        try:
            open_own_address(actor=user)
        except OpenedLately as error:
            status, refusal = 409, str(error)
        except NotClosed as error:
            messages.info(request, str(error))
            return redirect("workspace")
        else:
            messages.success(request, _("We write to %(email)s again.") % {"email": user.email})
            return redirect("workspace")
    context = {"closed": closed_of(user), "refusal": refusal}
    return render(request, "notifications/own_address.html", context, status=status)


def say_at_sign_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Whoever enters and is not written to any more reads why, and where to put it right."""
    closed = closed_of(user)
    if closed is None:
        return
    said = _("We no longer write to %(email)s") % {"email": closed.email}
    messages.warning(
        request,
        format_html(
            '{}. {}. <a href="{}">{}</a>',
            said,
            closed.get_reason_display(),
            reverse("own_address"),
            _("See why and put it right"),
        ),
    )
