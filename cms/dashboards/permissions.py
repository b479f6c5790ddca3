"""What each city role may do in the administration, written down after every migration."""

from __future__ import annotations

from typing import Any, Final

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowContentType,
    WorkflowTask,
)

from core.accounts import roles
from core.workflow.models import SecondPersonTask
from pilots.models import Challenge
from startups.models import Incubator, Program, Solution, Startup

LISTINGS: Final = ("startup", "solution", "incubator", "program")


def _all(app: str, *models: str, actions: tuple[str, ...]) -> set[tuple[str, str]]:
    return {(app, f"{action}_{model}") for model in models for action in actions}


WRITE = ("add", "change", "view")
PUBLISH = (*WRITE, "publish")
# Managers hold no publish right: a second person approves what they write.
GRANTS: Final[dict[str, set[tuple[str, str]]]] = {
    # Those who write the pages write the messages; the real example is for who reads the outbox.
    roles.EDITORS: _all("notifications", "messagetemplate", actions=("change",)),
    roles.CHALLENGE_MANAGERS: _all("pilots", "challenge", "stage", actions=WRITE)
    | _all("pilots", "site", actions=("view",)),
    roles.CHALLENGE_APPROVERS: _all("pilots", "challenge", actions=("view", "change", "publish")),
    roles.PILOT_MANAGERS: _all("pilots", "pilot", actions=("change", "view", "publish"))
    | _all("pilots", "site", "permitrule", actions=(*WRITE, "delete")),
    roles.MODERATORS: _all("startups", *LISTINGS, actions=PUBLISH)
    | _all("startups", "listingrules", actions=("change",)),
    roles.FINANCE: set(),
    roles.ADMINISTRATORS: _all("pilots", "challenge", "pilot", actions=PUBLISH)
    | _all("pilots", "stage", "site", "permitrule", actions=(*WRITE, "delete"))
    | _all("startups", *LISTINGS, actions=(*PUBLISH, "delete"))
    | _all("accounts", "user", actions=WRITE)
    | _all("notifications", "messagetemplate", actions=("change",))
    | _all("auth", "group", actions=("view", "change"))
    | _all("taxonomy", "citysettings", actions=("change",))
    | _all("startups", "listingrules", actions=("change",))
    | _all("wagtailcore", "workflow", "task", actions=WRITE)
    | _all("workflow", "secondpersontask", actions=WRITE),
}


def sync(**kwargs: Any) -> None:
    """Make permissions and workflows agree with :data:`GRANTS`; safe to run again."""
    # Those of auth are made by a receiver that may come after this one.
    create_permissions(apps.get_app_config("auth"), verbosity=0)
    door = Permission.objects.filter(
        content_type__app_label="wagtailadmin", codename="access_admin"
    ).first()
    for name, grants in GRANTS.items():
        group, _made = Group.objects.get_or_create(name=name)
        wanted = [_permission(app, codename) for app, codename in sorted(grants)]
        group.permissions.set([p for p in (door, *wanted) if p is not None])
    _pages()
    _workflow("Approbation · Approval", _second_person(), [Challenge])
    _workflow("Modération · Moderation", _moderation(), [Startup, Solution, Incubator, Program])


def _permission(app: str, codename: str) -> Permission | None:
    found = Permission.objects.filter(content_type__app_label=app, codename=codename)
    return found.first()


def _pages() -> None:
    """Editors write and publish every page; pictures and documents go with pages."""
    root = Page.get_first_root_node()
    collection = Collection.get_first_root_node()
    # Wagtail's first migration gives its "Moderators" every page; ours look after listings.
    GroupPagePermission.objects.filter(group__name=roles.MODERATORS).delete()
    for name in (roles.EDITORS, roles.ADMINISTRATORS):
        group = Group.objects.get(name=name)
        for codename in ("add_page", "change_page", "publish_page"):
            permission = _permission("wagtailcore", codename)
            if root is not None and permission is not None:
                GroupPagePermission.objects.get_or_create(
                    group=group, page=root, permission=permission
                )
        for app, codename in (
            ("wagtailimages", "add_image"),
            ("wagtailimages", "choose_image"),
            ("wagtaildocs", "add_document"),
            ("wagtaildocs", "choose_document"),
        ):
            permission = _permission(app, codename)
            if collection is not None and permission is not None:
                GroupCollectionPermission.objects.get_or_create(
                    group=group, collection=collection, permission=permission
                )


def _second_person() -> SecondPersonTask:
    task, _made = SecondPersonTask.objects.get_or_create(name="Deuxième personne · Second person")
    task.groups.set(Group.objects.filter(name=roles.CHALLENGE_APPROVERS))
    found: SecondPersonTask = task
    return found


def _moderation() -> SecondPersonTask:
    """What members submit, like what moderators write, is approved by somebody else."""
    name = "Modération · Moderation"
    # Its first form let moderators change what others were reading, and approve their own.
    GroupApprovalTask.objects.filter(name=name).update(active=False)
    task, _made = SecondPersonTask.objects.get_or_create(name=name)
    task.groups.set(Group.objects.filter(name=roles.MODERATORS))
    found: SecondPersonTask = task
    return found


# A workflow's name is data, shown as written in both languages: it says both words.
def _workflow(name: str, task: Any, models: list[Any]) -> None:
    workflow, _made = Workflow.objects.get_or_create(name=name)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    for model in models:
        WorkflowContentType.objects.get_or_create(
            content_type=ContentType.objects.get_for_model(model), defaults={"workflow": workflow}
        )
