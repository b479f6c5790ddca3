"""One's own data: ask for a copy, take it, erase it all."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.acting import signed_in
from core.accounts.recent import kept_post, recently_authenticated
from core.deadlines import city_time
from core.privacy.domain import erasure, exports
from core.privacy.enums import ExportState
from core.privacy.forms import ErasureForm
from core.privacy.models import DataExport
from core.registry import erasers, exporters

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@login_required
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """What the site holds, the copy that is made or offered, and the way to ask for one."""
    user, now = signed_in(request), timezone.now()
    mine = DataExport.objects.visible_to(user)
    last = mine.first()
    context = {
        "under_way": mine.under_way().first(),
        "offered": mine.offered(now).first(),
        "has_failed": last is not None and last.state == ExportState.FAILED,
        "parts": list(exporters),
    }
    return render(request, "privacy/my_data.html", context)


@never_cache
@login_required
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a copy; a second click shows the same one."""
    exports.ask_for_export(actor=signed_in(request), now=timezone.now())
    messages.success(
        request,
        _("Your copy is being made. You may leave this page: a mail tells you when it is ready."),
    )
    return redirect("my_data")


@never_cache
@login_required
@require_safe
def take(request: HttpRequest, pk: UUID) -> HttpResponse | FileResponse:
    """The archive, to its person alone; a page that says so once it is no longer offered."""
    user, now = signed_in(request), timezone.now()
    export = get_object_or_404(DataExport.objects.visible_to(user), pk=pk)
    try:
        archive = exports.take_export(export=export, actor=user, now=now)
    except exports.NotOffered as refusal:
        return render(request, "privacy/gone.html", {"message": refusal.message}, status=410)
    name = _("my-data-%(day)s.zip") % {"day": f"{city_time(export.asked_at):%Y-%m-%d}"}
    response = FileResponse(
        archive, as_attachment=True, filename=name, content_type="application/zip"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated
def erase(request: HttpRequest) -> HttpResponse:
    """What goes, what stays and why; then, with a word typed by hand, it is done."""
    user = signed_in(request)
    problems = erasure.obstacles_for(user)
    form = ErasureForm(request.POST if request.method == "POST" else kept_post(request))
    if request.method == "POST" and form.is_valid() and not problems:
        try:
            erasure.erase_person(person=user, actor=user, now=timezone.now())
        except erasure.ErasureRefused as refusal:
            problems = refusal.problems
        else:
            logout(request)
            return redirect("erased")
    context = {
        "form": form,
        "problems": problems,
        "parts": list(erasers),
    }
    status = 409 if request.method == "POST" and problems else 422 if form.errors else 200
    return render(request, "privacy/erase.html", context, status=status)


@never_cache
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """Where one arrives afterwards; it says the same to anybody."""
    return render(request, "privacy/erased.html")
