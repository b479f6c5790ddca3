"""A second person approves: whoever wrote or submitted never does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState

if TYPE_CHECKING:
    from core.accounts.models import User


class SecondPersonTask(AbstractGroupApprovalTask):  # type: ignore[misc]
    """Group approval, minus those who submitted or edited since the last publication."""

    no_constraint_reason = "the task's own columns are Wagtail's"

    class Meta:
        verbose_name = _("approval by a second person")
        verbose_name_plural = _("approvals by a second person")

    @classmethod
    def get_description(cls) -> str:
        """What the administration says of it."""
        return str(_("Someone of the group who neither wrote nor submitted it approves."))

    def user_can_access_editor(self, obj: Any, user: User) -> bool:
        """Approvers read what they approve."""
        return bool(super().user_can_access_editor(obj, user))

    def locked_for_user(self, obj: Any, user: User) -> bool:
        """In moderation nobody edits: what is approved is what was read."""
        return True

    def user_can_lock(self, obj: Any, user: User) -> bool:
        """The lock is the task's own."""
        return False

    def user_can_unlock(self, obj: Any, user: User) -> bool:
        """Nobody lifts it; returning or cancelling does."""
        return False

    def get_actions(self, obj: Any, user: User) -> list[tuple[str, Any, bool]]:
        """Approve or return, for a second person only."""
        if not self._in_group(user) or user.pk in writers_of(obj):
            return []
        return [
            ("reject", _("Return with a comment"), True),
            ("approve", _("Approve"), False),
            ("approve", _("Approve with a comment"), True),
        ]

    def get_task_states_user_can_moderate(self, user: User, **kwargs: Any) -> Any:
        """What waits for this person: not what they wrote themselves."""
        if not self._in_group(user):
            return TaskState.objects.none()
        waiting = super().get_task_states_user_can_moderate(user, **kwargs)
        own = [
            state.pk
            for state in waiting.select_related("workflow_state")
            if user.pk in writers_of(state.workflow_state.content_object)
        ]
        return waiting.exclude(pk__in=own)

    def _in_group(self, user: User) -> bool:
        return bool(user.is_superuser or self.groups.filter(pk__in=user.groups.all()).exists())


def writers_of(obj: Any) -> set[int]:
    """Who submitted the object or edited it since it was last published.

    What is changed while it waits is the work of whoever reads it, who may approve it still.
    """
    since = obj.last_published_at
    revisions = obj.revisions.all()
    if since is not None:
        revisions = revisions.filter(created_at__gt=since)
    state = obj.current_workflow_state
    task = state.current_task_state if state is not None else None
    if task is not None and task.status == TaskState.STATUS_IN_PROGRESS:
        revisions = revisions.filter(created_at__lte=task.started_at)
    writers = set(revisions.exclude(user=None).values_list("user_id", flat=True))
    if state is not None and state.requested_by_id:
        writers.add(state.requested_by_id)
    return writers
