"""The mails of an approval: through the outbox, in each person's language, like every other.

Wagtail's own four notifiers send at once and in the site's language; ours take their place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import (
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)

from core.accounts.models import User
from core.languages import LANGUAGES
from core.notifications.enums import Audience
from core.notifications.events import Event, register
from core.notifications.outbox import queue_message
from core.notifications.variables import Address, Flag, LongText, PersonName, Text
from core.workflow.models import writers_of
from startups.domain.moderation import round_of
from startups.models import ListingEdit

if TYPE_CHECKING:
    from collections.abc import Iterable

WAGTAILS = (
    (task_submitted, TaskState, "group_approval_task_submitted_email_notification"),
    (workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification"),
    (workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification"),
    (workflow_approved, WorkflowState, "workflow_state_approved_email_notification"),
)

TITLE = Text(
    _("title of what is to be published"),
    example=_("Make bus shelters readable"),
    is_paired=True,
)
LINK = Address(_("page of the administration"), example="/admin/snippets/pilots/challenge/edit/12/")


def newest_asked() -> dict[str, Any] | None:
    """Of the last approval that was asked for, of what is still there."""
    last = TaskState.objects.select_related("workflow_state__requested_by").order_by("pk").last()
    asker = last.workflow_state.requested_by if last is not None else None
    if asker is None or last.workflow_state.content_object is None:
        return None
    return asked_facts(last, asker)


def newest_answered() -> dict[str, Any] | None:
    """Of the last approval that was given or refused, of what is still there."""
    settled = [WorkflowState.STATUS_APPROVED, WorkflowState.STATUS_NEEDS_CHANGES]
    found = WorkflowState.objects.filter(status__in=settled, requested_by__isnull=False)
    last = found.select_related("requested_by").order_by("pk").last()
    is_there = last is not None and last.content_object is not None
    return answered_facts(last, last.requested_by) if is_there else None


ASKED = Event(
    "approval_asked",
    _("An approval is asked for"),
    Audience.CITY,
    {
        "title": TITLE,
        "asker": PersonName(
            _("name of the person who asks"), example=_("Challenge manager"), is_optional=True
        ),
        "link": LINK,
    },
    newest=newest_asked,
)
ANSWERED = Event(
    "approval_answered",
    _("Answer to an approval"),
    Audience.CITY,
    {
        "title": TITLE,
        "is_approved": Flag(_("whether it is approved"), example=False),
        "comment": LongText(
            _("comment of the person who read it"),
            example=_("Give the budget in the summary."),
            is_optional=True,
        ),
        "link": LINK,
    },
    newest=newest_answered,
)


def connect() -> None:
    """Put our receivers where Wagtail's were; called once Wagtail has connected its own."""
    for signal, sender, uid in WAGTAILS:
        signal.disconnect(sender=sender, dispatch_uid=uid)
    task_submitted.connect(ask, sender=TaskState, dispatch_uid="approval_asked")
    workflow_approved.connect(answer, sender=WorkflowState, dispatch_uid="approval_given")
    workflow_rejected.connect(answer, sender=WorkflowState, dispatch_uid="approval_refused")
    register(ASKED)
    register(ANSWERED)


def ask(instance: TaskState, **kwargs: Any) -> None:
    """Write to whoever may approve: the group, minus those who wrote it."""
    record = instance.workflow_state.content_object
    for person in _approvers(instance, record):
        queue_message(
            key=f"approval:{instance.pk}:{person.pk}",
            event="approval_asked",
            to=person,
            context=asked_facts(instance, person),
        )


def answer(instance: WorkflowState, **kwargs: Any) -> None:
    """Write to whoever asked: approved, or returned with its comment."""
    asker = instance.requested_by
    # A member is answered by the listing's own letter, which leads to their page.
    if asker is None or round_of(instance) is not None:
        return
    last = instance.task_states.order_by("pk").last()
    queue_message(
        key=f"approval-answer:{instance.pk}:{last.pk if last else 0}:{instance.status}",
        event="approval_answered",
        to=asker,
        context=answered_facts(instance, asker),
    )


def asked_facts(asked: TaskState, reader: User) -> dict[str, Any]:
    """What somebody who may approve reads."""
    asker = asked.workflow_state.requested_by
    name = asker.get_full_name() if asker else ""
    found = _of(asked.workflow_state.content_object, reader)
    return {**found, "asker": name, **_review_page(asked)}


def answered_facts(answered: WorkflowState, asker: User) -> dict[str, Any]:
    """What the person who asked for an approval reads."""
    last = answered.task_states.order_by("pk").last()
    return {
        **_of(answered.content_object, asker),
        "is_approved": answered.status == WorkflowState.STATUS_APPROVED,
        "comment": last.get_comment() if last else "",
    }


def _approvers(task_state: TaskState, record: Any) -> Iterable[User]:
    groups = task_state.task.specific.groups.all()
    found = User.objects.filter(groups__in=groups, is_active=True).distinct().order_by("pk")
    return found.exclude(pk__in=writers_of(record))


def _of(record: Any, reader: User) -> dict[str, Any]:
    latest = record.get_latest_revision_as_object()
    titles = {}
    for code in LANGUAGES:
        with translation.override(code):
            titles[f"title_{code}"] = str(latest)
    home = reverse("wagtailadmin_home")
    return {**titles, "link": AdminURLFinder(reader).get_edit_url(record) or home}


def _review_page(asked: TaskState) -> dict[str, str]:
    """Where the change of a member is read: field by field, not in the form of the record."""
    edit = ListingEdit.objects.filter(revision_id=asked.revision_id).first()
    return {"link": reverse("listing_review", args=[edit.pk])} if edit is not None else {}
