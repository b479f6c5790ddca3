"""In whose name a member acts: one organisation at a time, shown on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.models import Organisation, User
from core.numbers import key_of

if TYPE_CHECKING:
    from django.http import HttpRequest

SESSION_KEY = "organisation"


def acting_organisation(request: HttpRequest) -> Organisation | None:
    """The organisation chosen, else the first of the person's that is not closed, else None."""
    mine = Organisation.objects.of_member(request.user).active()
    chosen = chosen_key(request)
    if chosen is not None:
        found = mine.filter(pk=chosen).first()
        if found is not None:
            return found
    return mine.first()


def organisation_named(request: HttpRequest) -> Organisation | None:
    """The one that the page named when it was sent (field ``organisation``), else the acting one.

    Another tab may have changed the choice of the session since: what a page says is what is done.
    """
    named = request.POST.get("organisation", "")
    if not named:
        return acting_organisation(request)
    key = key_of(named)
    mine = Organisation.objects.of_member(request.user).active()
    return None if key is None else mine.filter(pk=key).first()


def chosen_key(request: HttpRequest) -> int | None:
    """What was chosen in this session; the person may have left that organisation since."""
    chosen = request.session.get(SESSION_KEY)
    return chosen if isinstance(chosen, int) else None


def act_for(request: HttpRequest, organisation: Organisation) -> None:
    """Remember the choice for this session."""
    request.session[SESSION_KEY] = organisation.pk


def signed_in(request: HttpRequest) -> User:
    """The person behind ``login_required``; ``TypeError`` where nobody is signed in."""
    if not isinstance(request.user, User):
        msg = "This page asks for a signed-in person."
        raise TypeError(msg)
    return request.user
