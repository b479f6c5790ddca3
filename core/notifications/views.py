"""The page behind the bell, and the number on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.acting import signed_in
from core.notifications.models import Notice
from core.notifications.notices import mark_read, unread_count

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE_SIZE = 20
LONGEST_NUMBER = 18


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """What was written to this person, newest first; a button marks one as read, or all."""
    user = signed_in(request)
    if request.method == "POST":
        chosen = request.POST.get("read", "")
        is_one = chosen.isascii() and chosen.isdecimal() and len(chosen) <= LONGEST_NUMBER
        if is_one or chosen == "all":
            message = int(chosen) if is_one else None
            count = mark_read(user=user, now=timezone.now(), message=message)
            messages.success(request, _said(count))
        return redirect("notices")
    rows = Notice.objects.visible_to(user).select_related("message").order_by("-message")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "query": request.GET, "unread": unread_count(user)}
    return render(request, "notifications/notices.html", context)


def _said(count: int) -> str:
    if not count:
        return _("This was read already: nothing has changed.")
    return ngettext(
        "%(count)s notice is marked as read.", "%(count)s notices are marked as read.", count
    ) % {"count": count}


@never_cache
@login_required
@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """How many notices are not read: what the bell asks while its page is looked at."""
    return JsonResponse({"unread": unread_count(signed_in(request))})
