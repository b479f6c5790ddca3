"""What members do with the listings of their organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.acting import signed_in
from core.accounts.domain.belonging import require_right
from core.accounts.models import Organisation
from startups.domain.confirming import confirm_listing, speaks_for
from startups.enums import GONE
from startups.facts import facts_of
from startups.models import LISTINGS, Listing
from startups.views.correcting import edit_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from core.accounts.models import User


def _mine(user: User, kind: str, pk: int) -> Listing:
    """A live listing that ``user`` may write; 404 for those of others, as if it were not there."""
    model = {each._meta.model_name: each for each in LISTINGS}.get(kind)
    if model is None:
        raise Http404
    listing: Listing = get_object_or_404(model.objects.visible_to(user).public(), pk=pk)
    whose = speaks_for(listing)
    organisation = get_object_or_404(Organisation.objects.visible_to(user), pk=whose and whose.pk)
    require_right("edit_content", organisation, user)
    return listing


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Read what the site says in one's name, and say that it is still true."""
    user = signed_in(request)
    listing = _mine(user, kind, pk)
    if request.method == "POST":
        confirm_listing(listing=listing, actor=user, now=timezone.now())
        messages.success(
            request,
            _("“%(name)s” is confirmed as of today; its page says so.") % {"name": listing},
        )
        return redirect("workspace")
    facts = facts_of(listing)
    context = {
        "listing": listing,
        "given": [fact for fact in facts if fact.value],
        "missing": [fact for fact in facts if not fact.value],
        "is_gone": listing.state in GONE,
        "edit_page": edit_page(kind, pk),
        "kind": kind,
    }
    return render(request, "startups/confirm.html", context)
