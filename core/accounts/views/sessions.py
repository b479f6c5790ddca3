"""One's open sessions: close one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions; that browser is asked to sign in again."""
    session = get_object_or_404(UserSession.objects.filter(user_id=request.user.pk), pk=pk)
    session.end()
    messages.success(request, _("This session is closed: that browser has to sign in again."))
    return redirect("usersessions_list")
