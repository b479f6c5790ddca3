"""What the administration may do with records that verbs give birth to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.permission_policies import ModelPermissionPolicy

from pilots.enums import ChallengeState

if TYPE_CHECKING:
    from core.accounts.models import User


class ChallengePolicy(ModelPermissionPolicy):  # type: ignore[misc]  # Wagtail carries no types
    """The model's own permissions; only a draft can be deleted."""

    def user_has_permission_for_instance(self, user: User, action: str, instance: Any) -> bool:
        """A published challenge is cancelled or archived, never deleted."""
        if action == "delete" and instance.state != ChallengeState.DRAFT:
            return False
        return bool(super().user_has_permission_for_instance(user, action, instance))


class BornByVerbPolicy(ModelPermissionPolicy):  # type: ignore[misc]
    """A record that a verb makes: the administration neither adds nor deletes one."""

    def user_has_permission(self, user: User, action: str) -> bool:
        """Never ``add`` nor ``delete``."""
        if action in ("add", "delete"):
            return False
        return bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: User, actions: Any) -> bool:
        """The same, for several."""
        return any(self.user_has_permission(user, action) for action in actions)


class StagePolicy(BornByVerbPolicy):
    """Dates, questions and criteria belong to those who may change the challenge."""

    def user_has_permission(self, user: User, action: str) -> bool:
        """The stage's own permission and that of changing challenges."""
        return user.has_perm("pilots.change_challenge") and super().user_has_permission(
            user, action
        )
