"""In whose name a member acts: one organisation at a time, shown on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.models import Organisation

if TYPE_CHECKING:
    from django.http import HttpRequest

SESSION_KEY = "organisation"


def acting_organisation(request: HttpRequest) -> Organisation | None:
    """The organisation chosen, else the first of the person's, None without any."""
    mine = Organisation.objects.of_member(request.user)
    chosen = request.session.get(SESSION_KEY)
    if chosen is not None:
        found = mine.filter(pk=chosen).first()
        if found is not None:
            return found
    return mine.first()


def act_for(request: HttpRequest, organisation: Organisation) -> None:
    """Remember the choice for this session."""
    request.session[SESSION_KEY] = organisation.pk
