"""The thread's records enter the administration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.action_menu import WorkflowMenuItem
from wagtail.snippets.models import register_snippet

from pilots.models import Challenge, Pilot, Stage
from pilots.policies import BornByVerbPolicy, ChallengePolicy, StagePolicy
from pilots.viewsets import StageViewSet, ThreadGroup

if TYPE_CHECKING:
    from django.http import HttpRequest

# Before the viewsets, which would register Wagtail's own.
register_permission_policy(Challenge, ChallengePolicy(Challenge), exact_class=True)
register_permission_policy(Stage, StagePolicy(Stage), exact_class=True)
register_permission_policy(Pilot, BornByVerbPolicy(Pilot), exact_class=True)
register_snippet(ThreadGroup)
register_snippet(StageViewSet)

NEVER_SHOWN: dict[Any, set[str]] = {
    Challenge: {"action-publish", "action-unpublish"},
    Pilot: {"action-unpublish"},
}


@hooks.register("construct_snippet_action_menu")
def offer_what_the_domain_allows(
    menu_items: list[Any], request: HttpRequest, context: dict[str, Any]
) -> None:
    """No publishing beside the approval; whoever approves does so on the page they read."""
    hidden = NEVER_SHOWN.get(context["model"], set())
    menu_items[:] = [item for item in menu_items if item.name not in hidden]
    instance = context.get("instance")
    if context["model"] is not Challenge or instance is None:
        return
    task = instance.current_workflow_task
    if task is None or not context.get("locked_for_user"):
        return
    actions = [
        WorkflowMenuItem(name, label, modal, icon_name="success" if name == "approve" else "edit")
        for name, label, modal in task.get_actions(instance, request.user)
    ]
    if actions:
        # Approving first, then returning; "Locked" has nothing to add.
        actions.sort(key=lambda item: (item.name != "approve", item.launch_modal))
        menu_items[:] = [*actions, *(i for i in menu_items if i.name != "action-locked")]
