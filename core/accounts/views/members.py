"""The people of an organisation: who they are, their roles, their coming and going."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts import rules
from core.accounts.acting import signed_in
from core.accounts.domain import invitations, members
from core.accounts.domain.belonging import require_right
from core.accounts.enums import InvitationState
from core.accounts.forms.members import ROLE_CHOICES, InviteForm, RoleForm
from core.accounts.models import (
    Invitation,
    JoinRequest,
    Membership,
    Organisation,
    OwnershipOffer,
    Role,
)
from core.exceptions import DomainError, NotAllowed

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from core.accounts.models import User

ROLE_ORDER = list(Role)


def organisation_or_404(user: User, pk: int) -> Organisation:
    """One of the person's organisations."""
    return get_object_or_404(Organisation.objects.visible_to(user), pk=pk)


@never_cache
@login_required
@require_safe
def index(request: HttpRequest, pk: int) -> HttpResponse:
    """Who belongs, for all; who is invited, and what may be done, for owners."""
    user = signed_in(request)
    return _page(request, user, organisation_or_404(user, pk), InviteForm())


def _page(
    request: HttpRequest,
    user: User,
    organisation: Organisation,
    form: InviteForm,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    people = list(organisation.memberships.select_related("user"))
    people.sort(key=lambda m: (ROLE_ORDER.index(Role(m.role)), str(m.user).casefold(), m.pk))
    owners = [m for m in people if m.role == Role.OWNER and m.user.is_active]
    context: dict[str, Any] = {
        "organisation": organisation,
        "people": people,
        "is_only_owner": len(owners) == 1 and owners[0].user_id == user.pk,
        "may_manage": rules.can(user, "manage_members", organisation),
        "now": now,
        "form": form,
        "role_choices": ROLE_CHOICES,
        "roles": list(Role),
        "rights": rules.rights_table(),
    }
    if context["may_manage"]:
        asked = Invitation.objects.visible_to(user).filter(organisation=organisation)
        context["invited"] = [
            (invitation, invitations.may_resend(invitation, now))
            for invitation in asked.filter(state=InvitationState.PENDING)
        ]
        requests = JoinRequest.objects.answerable_by(user).filter(organisation=organisation)
        context["waiting"] = requests.waiting(now).count()
        context["offers"] = list(
            OwnershipOffer.objects.visible_to(user)
            .filter(organisation=organisation)
            .waiting(now)
            .select_related("offered_by", "offered_to")
        )
    return render(request, "organisations/members.html", context, status=status)


@never_cache
@login_required
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to an address."""
    user = signed_in(request)
    organisation = organisation_or_404(user, pk)
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            made = invitations.invite(
                organisation=organisation, actor=user, now=timezone.now(), **form.cleaned_data
            )
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error("email", str(error))
        else:
            messages.success(
                request,
                _("%(email)s is invited. The link of the mail serves for 14 days.")
                % {"email": made.email},
            )
            return redirect("organisation_members", pk=pk)
    return _page(request, user, organisation, form, status=422)


@never_cache
@login_required
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an invitation again."""
    user = signed_in(request)
    invitation = get_object_or_404(Invitation.objects.visible_to(user), pk=pk)
    invitations.resend_invitation(invitation=invitation, actor=user, now=timezone.now())
    messages.success(
        request,
        _("The invitation to %(email)s is sent again, and serves for 14 more days.")
        % {"email": invitation.email},
    )
    return redirect("organisation_members", pk=invitation.organisation_id)


@never_cache
@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an invitation worthless."""
    user = signed_in(request)
    invitation = get_object_or_404(Invitation.objects.visible_to(user), pk=pk)
    invitations.revoke_invitation(invitation=invitation, actor=user, now=timezone.now())
    messages.success(
        request,
        _("The invitation to %(email)s is revoked: its link no longer serves.")
        % {"email": invitation.email},
    )
    return redirect("organisation_members", pk=invitation.organisation_id)


def _member_or_404(user: User, pk: int) -> Membership:
    found = Membership.objects.visible_to(user).select_related("user", "organisation")
    return get_object_or_404(found, pk=pk)


@never_cache
@login_required
@require_POST
def change_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a member another role."""
    user = signed_in(request)
    membership = _member_or_404(user, pk)
    form = RoleForm(request.POST)
    if form.is_valid():
        changed = members.change_role(
            membership=membership, role=form.cleaned_data["role"], actor=user, now=timezone.now()
        )
        messages.success(
            request,
            _("Role of %(person)s: %(role)s.")
            % {"person": membership.user, "role": changed.get_role_display()},
        )
    else:
        messages.error(request, _("Choose a role. Nothing was changed."))
    return redirect("organisation_members", pk=membership.organisation_id)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's membership, after one has read what that means."""
    user = signed_in(request)
    membership = _member_or_404(user, pk)
    require_right("manage_members", membership.organisation, user)
    if request.method == "POST":
        members.remove_member(membership=membership, actor=user, now=timezone.now())
        messages.success(
            request,
            _("%(person)s no longer belongs to %(organisation)s and is told.")
            % {"person": membership.user, "organisation": membership.organisation},
        )
        return redirect("organisation_members", pk=membership.organisation_id)
    return render(request, "organisations/remove.html", {"membership": membership})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """End one's own membership, after one has read what that means."""
    user = signed_in(request)
    organisation = organisation_or_404(user, pk)
    if request.method == "POST":
        members.leave_organisation(organisation=organisation, actor=user, now=timezone.now())
        messages.success(
            request, _("You no longer belong to %(name)s.") % {"name": organisation.name}
        )
        return redirect("organisation_list")
    owners = organisation.memberships.all().owners()
    context = {
        "organisation": organisation,
        "is_only_owner": organisation.closed_at is None
        and rules.role_in(user, organisation) == Role.OWNER
        and not owners.exclude(user=user).exists(),
    }
    return render(request, "organisations/leave.html", context)
