"""Who does what with the directory's rows in the administration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.permission_policies import ModelPermissionPolicy

from core.accounts import rules

if TYPE_CHECKING:
    from core.accounts.models import User


class ModeratorsPolicy(ModelPermissionPolicy):  # type: ignore[misc]  # no types in Wagtail
    """Moderators and administrators do ``actions``; nobody does anything else."""

    def __init__(self, model: Any, *actions: str) -> None:
        """``actions`` are Wagtail's: add, change, view."""
        super().__init__(model)
        self.actions = frozenset(actions)

    def user_has_permission(self, user: User, action: str) -> bool:
        """Only what is named."""
        return action in self.actions and rules.is_moderator(user)

    def user_has_any_permission(self, user: User, actions: Any) -> bool:
        """The same, for several."""
        return any(self.user_has_permission(user, action) for action in actions)
