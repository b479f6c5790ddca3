"""Broken links, for those who keep the listings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import limits
from core.accounts.acting import acting_organisation, signed_in
from core.accounts.domain.belonging import require_right
from startups.domain.links import ask_for_test, broken_links_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MOST_TESTS_AN_HOUR = 10


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """The broken links of one's organisation; a button has them tested again."""
    user, now = signed_in(request), timezone.now()
    organisation = acting_organisation(request)
    if organisation is None:
        raise Http404
    require_right("edit_content", organisation, user)
    found = broken_links_of(organisation)
    if request.method == "POST":
        limits.count("link-tests", str(user.pk), most=MOST_TESTS_AN_HOUR, now=now)
        ask_for_test(links=[link for link, _listings in found], actor=user, now=now)
        messages.success(
            request, _("They are being tested: come back to this page in a minute or two.")
        )
        return redirect("listing_links")
    context = {
        "organisation": organisation,
        "found": [
            (link, [(listing, listing._meta.model_name) for listing in listings])
            for link, listings in found
        ],
    }
    return render(request, "startups/links/mine.html", context)
