"""The invited person's side: read who invites, then say yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.acting import act_for
from core.accounts.domain import invitations as verbs
from core.accounts.domain.belonging import OrganisationClosed
from core.accounts.links import invitation_of
from core.accounts.models import Invitation, User
from core.accounts.people import confirmed_addresses
from core.exceptions import DomainError
from core.links import LinkRefused

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, link: str) -> HttpResponse:
    """Reading changes nothing and asks for no account; the answer asks who one is."""
    try:
        found = invitation_of(link)
        if _is_mine_already(request, found):
            return redirect("organisation_members", pk=found.organisation_id)
        if request.method == "POST":
            return _answer(request, found)
        verbs.require_standing(found, timezone.now())
    except LinkRefused as error:
        return _useless(request, error, error.status)
    except OrganisationClosed as error:
        return _useless(request, error, 410)
    return render(request, "organisations/invitation.html", _context(request, found))


def _is_mine_already(request: HttpRequest, found: Invitation) -> bool:
    """The link of one's own answer, opened again, leads to what it gave."""
    return (
        request.user.is_authenticated
        and found.settled_by_id == request.user.pk
        and found.organisation.memberships.filter(user_id=request.user.pk).exists()
    )


def _answer(request: HttpRequest, found: Invitation) -> HttpResponse:
    if not isinstance(request.user, User):
        return redirect_to_login(request.path, reverse("account_login"))
    name = {"name": found.organisation.name}
    if request.POST.get("answer") == "decline":
        verbs.decline_invitation(invitation=found, actor=request.user, now=timezone.now())
        messages.success(
            request, _("You declined the invitation to join %(name)s. Its owner is told.") % name
        )
        return redirect("workspace")
    membership = verbs.accept_invitation(invitation=found, actor=request.user, now=timezone.now())
    act_for(request, membership.organisation)
    messages.success(request, _("You now belong to %(name)s, and act in its name.") % name)
    return redirect("workspace")


def _context(request: HttpRequest, found: Invitation) -> dict[str, Any]:
    signs_in = {REDIRECT_FIELD_NAME: request.path}
    return {
        "invitation": found,
        "is_for_me": isinstance(request.user, User)
        and found.email in confirmed_addresses(request.user),
        "sign_in": f"{reverse('account_login')}?{urlencode(signs_in)}",
        "sign_up": f"{reverse('account_signup')}?{urlencode({**signs_in, 'email': found.email})}",
    }


def _useless(request: HttpRequest, error: DomainError, status: int) -> HttpResponse:
    said = {"message": error.message, "is_invitation": True}
    return render(request, "organisations/link.html", said, status=status)
