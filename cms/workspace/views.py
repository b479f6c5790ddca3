"""The first page after signing in: to-dos first, then one's spaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Case, When
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.workspace.forms import PreferencesForm
from core.accounts import rules
from core.accounts.acting import act_for, acting_organisation, signed_in
from core.accounts.models import Organisation
from core.accounts.people import change_preferences
from core.registry import rows_for
from pilots.enums import PilotState
from pilots.models import Application, Juror, Pilot

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from core.accounts.models import User

PILOTS_FIRST = (
    PilotState.SUSPENDED,
    PilotState.RUNNING,
    PilotState.PREPARING,
    PilotState.COMPLETED,
    PilotState.CONCLUDED,
    PilotState.CANCELLED,
)


@never_cache
@login_required
@require_safe
def workspace(request: HttpRequest) -> HttpResponse:
    """What awaits this person today, soonest first; then applications, juries and pilots."""
    user, now = signed_in(request), timezone.now()
    organisation = acting_organisation(request)
    rows = [
        (row, reverse(row.url_name, kwargs=dict(row.url_kwargs)))
        for row in rows_for(user, organisation, now)
    ]
    is_city = rules.is_city_staff(user)
    applications = Application.objects.none()
    if organisation is not None:
        applications = Application.objects.visible_to(user).of_organisation(organisation)
    context = {
        "rows": rows,
        "organisation": organisation,
        "may_edit": organisation is not None and rules.can(user, "edit_content", organisation),
        "profiles": _profiles(organisation),
        "applications": list(applications.select_related("challenge", "startup")),
        "seats": list(Juror.objects.of_user(user).select_related("jury__stage__call")),
        "pilots": _pilots(user),
        "is_city": is_city,
        "is_manager": rules.works_on_challenges(user),
    }
    return render(request, "workspace/workspace.html", context)


def _pilots(user: User) -> list[Pilot]:
    """The trials someone manages: those that live first, those that are closed last."""
    order = Case(*(When(state=s, then=n) for n, s in enumerate(PILOTS_FIRST)), default=9)
    return list(Pilot.objects.managed_by(user).order_by(order, "-pk"))


def _profiles(organisation: Organisation | None) -> list[tuple[str, str]]:
    """Public profiles that the organisation owns: name and address."""
    if organisation is None:
        return []
    found = [*organisation.startups.all(), *organisation.incubators.all()]
    return [(record.name, record.get_absolute_url()) for record in found if record.live]


@never_cache
@login_required
@require_POST
def act_as(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose in whose name one acts."""
    organisation = get_object_or_404(
        Organisation.objects.of_member(signed_in(request)).active(), pk=pk
    )
    act_for(request, organisation)
    messages.success(
        request, _("You now act in the name of %(name)s.") % {"name": organisation.name}
    )
    return redirect("workspace")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """The person's name and the language they are written to in."""
    user = signed_in(request)
    form = PreferencesForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        change_preferences(
            user=user,
            name=form.cleaned_data["name"],
            language=form.cleaned_data["language"],
            now=timezone.now(),
        )
        messages.success(request, _("Your name and language are saved."))
        return redirect("preferences")
    status = 422 if form.errors else 200
    return render(request, "workspace/preferences.html", {"form": form}, status=status)
