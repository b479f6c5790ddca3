"""What an address without an account may ask of us: a copy of what we hold, and to be forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.following.domain import forgetting
from core.following.personal import held_on
from core.following.targets import targets_of
from core.following.views.asking import of_link
from core.privacy.domain.retention import days_kept

if TYPE_CHECKING:
    from django.http import HttpRequest

    from core.following.models import Follower


@never_cache
@require_safe
@of_link
def copy(request: HttpRequest, follower: Follower, link: str) -> HttpResponse:
    """All that we hold on an address, as a file; an account takes its own copy."""
    if follower.user_id is not None:
        return redirect("my_data")
    response = JsonResponse(
        held_on(follower), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    name = _("my-data.json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_link
def forget(request: HttpRequest, follower: Follower, link: str) -> HttpResponse:
    """What goes and what stays, then the button; an account is erased from its own page."""
    if follower.user_id is not None:
        return redirect("erase_me")
    if request.method == "POST":
        forgetting.forget_address(follower=follower, now=timezone.now())
        messages.success(
            request, _("It is done: your address is forgotten, and nothing more is sent to it.")
        )
        return redirect("follow_index")
    context = {
        "follower": follower,
        "link": link,
        "targets": [target for _follow, target in targets_of(follower.follows.confirmed())],
        "days": days_kept("consents", timezone.localdate()),
    }
    return render(request, "following/forget.html", context)
