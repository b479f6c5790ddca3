"""One's organisations: make one, ask to join one, let people in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts import rules
from core.accounts.acting import act_for, acting_organisation, signed_in
from core.accounts.domain import join_requests, organisations
from core.accounts.domain.belonging import require_right
from core.accounts.domain.organisations import MayBeHereAlready
from core.accounts.enums import JoinRequestState
from core.accounts.forms.organisations import AnswerForm, JoinForm, OrganisationForm
from core.accounts.links import organisation_to_join
from core.accounts.models import JoinRequest, Membership, Organisation, Role
from core.accounts.views.likeness import count_look, matches_context, others_said
from core.languages import active_language
from core.links import LinkRefused
from core.text import TextRefused

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


# Requests that are settled, on a page of those that wait.
MOST_SETTLED: Final = 20


@never_cache
@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Those one belongs to, with one's role; what one has asked; what each role may do."""
    user, now = signed_in(request), timezone.now()
    is_waiting = Q(state=JoinRequestState.PENDING, answer_by__gte=now)
    counted = JoinRequest.objects.answerable_by(user).filter(is_waiting)
    waiting = dict(counted.order_by().values_list("organisation").annotate(Count("pk")))
    memberships = Membership.objects.filter(user=user).select_related("organisation")
    context = {
        "memberships": [
            (membership, waiting.get(membership.organisation_id, 0))
            for membership in memberships.order_by("organisation__name", "pk")
        ],
        "acting": acting_organisation(request),
        "asked": JoinRequest.objects.filter(person=user)
        .select_related("organisation")
        .order_by("-asked_at", "-pk")[:MOST_SETTLED],
        "now": now,
        "roles": list(Role),
        "rights": rules.rights_table(),
    }
    return render(request, "organisations/list.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make an organisation, unless it may be here already: then say which, and ask."""
    user = signed_in(request)
    if request.method != "POST":
        form = OrganisationForm(initial={"language": active_language()})
        return render(request, "organisations/create.html", {"form": form})
    count_look(user, timezone.now())
    form, matches = OrganisationForm(request.POST), []
    if form.is_valid():
        try:
            made = organisations.create_organisation(
                **form.cleaned_data, others=others_said(request), actor=user, now=timezone.now()
            )
        except MayBeHereAlready as error:
            matches = error.matches
        except (TextRefused, organisations.EnoughMade) as error:
            form.add_error(None, str(error))
        else:
            act_for(request, made.organisation)
            messages.success(request, _made_sentence(made))
            return redirect("organisation_list")
    context = {"form": form, **matches_context(matches, user)}
    return render(request, "organisations/create.html", context, status=409 if matches else 422)


def _made_sentence(made: organisations.Made) -> str:
    name = {"name": made.organisation.name}
    if made.is_new:
        return _("%(name)s is created: you own it, and now act in its name.") % name
    return _("You had created %(name)s already: there is one, and you act in its name.") % name


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, link: str) -> HttpResponse:
    """Ask the owners of an organisation that one was shown by name; reading changes nothing."""
    user = signed_in(request)
    try:
        organisation = organisation_to_join(user, link)
    except LinkRefused as error:
        said = {"message": error.message}
        return render(request, "organisations/link.html", said, status=error.status)
    if rules.role_in(user, organisation) is not None:
        raise join_requests.AlreadyMember
    form = JoinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        join_requests.ask_to_join(
            organisation=organisation,
            actor=user,
            message=form.cleaned_data["message"],
            now=timezone.now(),
        )
        messages.success(
            request,
            _("Your request to join %(name)s is sent. Its owners answer, and you receive a mail.")
            % {"name": organisation.name},
        )
        return redirect("organisation_list")
    context = {"form": form, "organisation_name": organisation.name}
    return render(request, "organisations/join.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_safe
def requests(request: HttpRequest, pk: int) -> HttpResponse:
    """Who asks to join; an owner answers here."""
    user, now = signed_in(request), timezone.now()
    organisation = get_object_or_404(Organisation.objects.visible_to(user), pk=pk)
    require_right("manage_members", organisation, user)
    asked = JoinRequest.objects.answerable_by(user).filter(organisation=organisation)
    context = {
        "organisation": organisation,
        "waiting": list(asked.waiting(now).select_related("person")),
        "settled": asked.exclude(state=JoinRequestState.PENDING)
        .select_related("person", "settled_by")
        .order_by("-settled_at", "-pk")[:MOST_SETTLED],
        "role_choices": AnswerForm.base_fields["role"].choices,  # type: ignore[attr-defined]
        "roles": list(Role),
        "rights": rules.rights_table(),
    }
    return render(request, "organisations/requests.html", context)


@never_cache
@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody in, or not."""
    user, now = signed_in(request), timezone.now()
    asked = get_object_or_404(
        JoinRequest.objects.visible_to(user).select_related("organisation", "person"), pk=pk
    )
    require_right("manage_members", asked.organisation, user)
    form = AnswerForm(request.POST)
    said = {"person": asked.person, "organisation": asked.organisation}
    if not form.is_valid():
        messages.error(request, _("Choose a role and an answer. Nothing was changed."))
    elif form.cleaned_data["answer"] == "accept":
        join_requests.accept_request(
            request=asked, role=form.cleaned_data["role"] or Role.VIEWER, actor=user, now=now
        )
        messages.success(
            request, _("%(person)s now belongs to %(organisation)s and is told.") % said
        )
    else:
        join_requests.refuse_request(request=asked, actor=user, now=now)
        messages.success(request, _("The request of %(person)s is refused; they are told.") % said)
    return redirect("organisation_requests", pk=asked.organisation_id)


@never_cache
@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own request back."""
    user = signed_in(request)
    asked = get_object_or_404(JoinRequest.objects.visible_to(user), pk=pk)
    join_requests.withdraw_request(request=asked, actor=user, now=timezone.now())
    messages.success(request, _("Your request is taken back. Its owners no longer see it waiting."))
    return redirect("organisation_list")
