"""Accounts in the administration: closed and opened again, never deleted behind the verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages

from core.accounts.models import Organisation, User

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

LIST = "wagtailusers_users:index"


def refuse_deletion(request: HttpRequest, user: User) -> HttpResponse:
    """An account is erased by its person, in “My data”: that keeps what the law keeps."""
    messages.error(request, _refusal())
    return redirect("wagtailusers_users:edit", user.pk)


def refuse_deletions(
    request: HttpRequest, action: str, chosen: Iterable[Any], view: Any
) -> HttpResponse | None:
    """The same for several."""
    if action != "delete" or view.model is not User:
        return None
    messages.error(request, _refusal())
    return redirect(LIST)


def tell_of_closed(request: HttpRequest, user: User) -> None:
    """After an account was closed: the organisations that nobody runs any more."""
    _tell(request, [user])


def tell_of_several_closed(
    request: HttpRequest, action: str, chosen: Iterable[Any], view: Any
) -> None:
    """The same for several."""
    if action == "set_active_state":
        _tell(request, chosen)


def _tell(request: HttpRequest, changed: Iterable[User]) -> None:
    left = Organisation.objects.without_owner().filter(memberships__user__in=list(changed))
    names = ", ".join(left.order_by("name").distinct().values_list("name", flat=True))
    if names:
        messages.warning(
            request,
            _(
                "No owner of these organisations can sign in any more: %(names)s. Nothing in them "
                "has changed; they have their owner back when the account is made active again."
            )
            % {"names": names},
        )


def _refusal() -> str:
    return _(
        "Nothing was deleted. An account is erased by its person, in “My data”, where what must "
        "be kept stays. To close one, make it inactive."
    )
