"""What the administration's rooms share: records that people write, facts that verbs write."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import policy_registry
from wagtail.snippets.views.chooser import SnippetChooserViewSet, SnippetCreateView
from wagtail.snippets.views.snippets import DeleteView, SnippetViewSet

from core.accounts import rules
from core.exceptions import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from core.accounts.models import User


class FactsViewSet(ModelViewSet):  # type: ignore[misc]  # no types in Wagtail
    """Rows written by verbs: nothing to copy, and no image, page or document to look for in them.

    Wagtail would ask the queue at each save to look which pages a row refers to.
    """

    add_to_reference_index = False
    # Wagtail's own sentence makes a French article of any name.
    index_results_template_name = "dashboards/facts_results.html"
    copy_view_enabled = False


class ByVerb:
    """A page of Wagtail whose ``save_instance`` is a verb; what it refuses is said on the form."""

    def form_valid(self, form: Any) -> Any:
        """The verb's sentence, with what was typed."""
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except DomainError as error:
            form.add_error(None, ValidationError(error.message, code=error.code))
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
            return self.form_invalid(form)  # type: ignore[attr-defined]


class AdministratorsPolicy(ModelPermissionPolicy):  # type: ignore[misc]  # no types in Wagtail
    """Administrators do ``actions``; nobody does anything else."""

    def __init__(self, model: Any, *actions: str) -> None:
        """``actions`` are Wagtail's: add, change, view."""
        super().__init__(model)
        self.actions = frozenset(actions)

    def user_has_permission(self, user: User, action: str) -> bool:
        """Only what is named, only to administrators."""
        return action in self.actions and rules.is_administrator(user)

    def user_has_any_permission(self, user: User, actions: Any) -> bool:
        """The same, for several."""
        return any(self.user_has_permission(user, action) for action in actions)


class KeptDeleteView(DeleteView):  # type: ignore[misc]  # no types in Wagtail
    """Refuses to delete what other records speak of, as Wagtail does when its index knows them."""

    def form_valid(self, form: Any) -> HttpResponse:
        """The database has the last word."""
        try:
            with transaction.atomic():
                response: HttpResponse = super().form_valid(form)
        except ProtectedError as error:
            raise PermissionDenied from error
        return response


class NothingMadeHereView(SnippetCreateView):  # type: ignore[misc]  # no types in Wagtail
    """A record is made in its own room, not while one looks for another."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refused to everyone."""
        raise PermissionDenied


class RoomChooserViewSet(SnippetChooserViewSet):  # type: ignore[misc]  # no types in Wagtail
    """Chooses among records that one may see: Wagtail shows them to all who enter."""

    create_view_class = NothingMadeHereView

    def get_urlpatterns(self) -> list[Any]:
        """Wagtail's, each behind the right to see the records."""
        patterns: list[Any] = super().get_urlpatterns()
        for pattern in patterns:
            pattern.callback = _for_who_sees(self.model, pattern.callback)
        return patterns


def _for_who_sees(model: Any, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def closed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policy = policy_registry.get_by_type(model)
        if not policy.user_has_any_permission(request.user, ["add", "change", "delete", "view"]):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return closed


class RecordViewSet(SnippetViewSet):  # type: ignore[misc]  # no types in Wagtail
    """Records that people write: none is copied, and none that others speak of is deleted."""

    copy_view_enabled = False
    delete_view_class = KeptDeleteView
    chooser_viewset_class = RoomChooserViewSet
