"""What the administration's lists of facts share: rows that verbs write, for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from core.accounts import rules

if TYPE_CHECKING:
    from core.accounts.models import User


class FactsViewSet(ModelViewSet):  # type: ignore[misc]  # no types in Wagtail
    """Rows written by verbs: nothing to copy, and no image, page or document to look for in them.

    Wagtail would ask the queue at each save to look which pages a row refers to.
    """

    add_to_reference_index = False
    # Wagtail's own sentence makes a French article of any name.
    index_results_template_name = "dashboards/facts_results.html"
    copy_view_enabled = False


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
