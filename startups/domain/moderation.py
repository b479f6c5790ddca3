"""The city reads what members submit, and what went live at once: each answer has its reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from core.accounts import rules
from core.audit import log
from core.deadlines import city_time
from core.drafts import saving
from core.exceptions import DomainError, NotAllowed
from core.languages import CANONICAL
from core.notifications.outbox import queue_message
from core.states import change_state
from core.text import clean_text
from startups.domain.editing import revise
from startups.domain.shown import require_own_files
from startups.drafting import draft_of, same
from startups.enums import EDIT_TRANSITIONS, EditState
from startups.events.editing import answer_facts, turned_back_facts
from startups.forms.listing import ListingForm, raw_of
from startups.models import ListingEdit
from startups.signals import record_changed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from wagtail.models import TaskState, WorkflowState

    from core.accounts.models import User
    from startups.models import Listing

LONGEST_COMMENT = 4000


class ReadAgain(DomainError):
    """What is approved is what was read."""

    code = "read_again"
    default_message = _(
        "This change is not the one you read any more: it was changed, withdrawn or answered since."
    )


class ReasonMissing(DomainError):
    """Whoever wrote it learns what to change."""

    code = "reason_missing"
    default_message = _("Write what is to be changed: the person who wrote it reads it.")


class CannotRestore(DomainError):
    """Other changes lie over the former values, or they would not be accepted today."""

    code = "cannot_restore"
    default_message = _(
        "The former values cannot be put back by themselves: these fields were changed again "
        "since. Edit the listing."
    )


def require_reader(edit: ListingEdit, actor: User) -> None:
    """``NotAllowed`` unless ``actor`` moderates listings and has no part in this one."""
    if not rules.is_moderator(actor):
        raise NotAllowed(_("Only the city’s moderators answer what members submit."))
    if actor.pk == edit.submitted_by_id or rules.role_in(actor, edit.organisation) is not None:
        raise NotAllowed(
            _("Somebody else answers: you wrote this change, or belong to the organisation.")
        )


@transaction.atomic
def approve_edit(*, edit: ListingEdit, revision: int, actor: User, now: datetime) -> ListingEdit:
    """Publish the ``revision`` that was read. Raises ``NotAllowed`` and ``ReadAgain``."""
    edit, task = _waiting(edit, actor, revision)
    task.approve(user=actor)
    edit.refresh_from_db()
    return edit


@transaction.atomic
def return_edit(
    *, edit: ListingEdit, revision: int, comment: str, actor: User, now: datetime
) -> ListingEdit:
    """Give it back with what is to be changed; its member goes on from there.

    Raises ``NotAllowed``, ``ReadAgain``, ``ReasonMissing``, ``TextRefused``.
    """
    edit, task = _waiting(edit, actor, revision)
    text = clean_text(comment, most=LONGEST_COMMENT)
    if not text:
        raise ReasonMissing
    task.reject(user=actor, comment=text)
    edit.refresh_from_db()
    return edit


@transaction.atomic
def amend_edit(
    *, edit: ListingEdit, revision: int, values: Mapping[str, Any], actor: User, now: datetime
) -> ListingEdit:
    """Change what waits before it is approved; ``values`` are raw, by field.

    They are kept in the member's draft too, who reads them when it is returned. Raises
    ``NotAllowed``, ``ReadAgain``, ``Incomplete``.
    """
    edit, task = _waiting(edit, actor, revision)
    listing = edit.record
    draft = draft_of(listing, edit)
    amended = [name for name, raw in values.items() if not same(raw, draft.raws.get(name))]
    for name in amended:
        require_own_files(
            name, values[name], known=[draft.raws.get(name)], organisation=edit.organisation
        )
        saving.save_field(
            scope=edit.draft_scope,
            field=name,
            value=values[name],
            base_version=draft.versions.get(name, 0),
            actor=actor,
            now=now,
            origin="moderation",
        )
    made = revise(draft_of(listing, edit), actor)
    edit.revision = made
    edit.save(update_fields=["revision"])
    task.revision = made
    task.save(update_fields=["revision"])
    _noted(edit, "edit_amended", actor, now, fields=amended)
    return edit


def _waiting(edit: ListingEdit, actor: User, revision: int) -> tuple[ListingEdit, TaskState]:
    """The round under the lock of its listing, with the task that waits for an answer."""
    model = type(edit.record)
    listing: Any = model.objects.select_for_update().get(pk=edit.object_id)  # type: ignore[attr-defined]
    edit = ListingEdit.objects.select_for_update(of=("self",)).get(pk=edit.pk)
    require_reader(edit, actor)
    task = listing.current_workflow_task_state
    is_read = listing.latest_revision_id == revision == edit.revision_id
    if edit.state != EditState.SUBMITTED or task is None or not is_read:
        raise ReadAgain
    return edit, task


def hear_approved(
    sender: type[Any], instance: WorkflowState, user: User | None = None, **kwargs: Any
) -> None:
    """Receiver of Wagtail's ``workflow_approved``."""
    _settle(instance, user, EditState.PUBLISHED)


def hear_returned(
    sender: type[Any], instance: WorkflowState, user: User | None = None, **kwargs: Any
) -> None:
    """Receiver of Wagtail's ``workflow_rejected``."""
    _settle(instance, user, EditState.RETURNED)


def hear_cancelled(
    sender: type[Any], instance: WorkflowState, user: User | None = None, **kwargs: Any
) -> None:
    """Receiver of Wagtail's ``workflow_cancelled``: what waited is a draft again."""
    _settle(instance, user, EditState.DRAFT)


@transaction.atomic
def _settle(instance: WorkflowState, user: User | None, to: EditState) -> None:
    """A workflow ended, on our page or in the administration: the round follows it."""
    edit = round_of(instance)
    if edit is None or edit.state != EditState.SUBMITTED:
        return
    now, last = timezone.now(), instance.task_states.order_by("pk").last()
    comment = last.get_comment() if last is not None else ""
    answered: dict[str, Any] = {}
    if to != EditState.DRAFT:
        answered = {"answered_by_id": user.pk if user else None, "answered_at": now}
    if to == EditState.RETURNED:
        with override(CANONICAL):
            answered["comment"] = comment or gettext("Returned without a comment.")
    change_state(edit, to, transitions=EDIT_TRANSITIONS, also=answered)
    if to == EditState.PUBLISHED:
        _confirm_first(edit, now)
    if to != EditState.DRAFT:
        _noted(edit, f"edit_{to}", user, now)
        _tell(edit)


def round_of(instance: WorkflowState) -> ListingEdit | None:
    """The round of a member that ``instance`` approves; None for what staff submitted."""
    revisions = instance.task_states.values("revision")
    found: ListingEdit | None = ListingEdit.objects.filter(revision__in=revisions).last()
    return found


def _confirm_first(edit: ListingEdit, now: datetime) -> None:
    """Who writes a listing says that it is true: it is dated when it first becomes public."""
    listing = edit.record
    if listing.verified_on is None:
        listing.verified_on = city_time(edit.submitted_at or now).date()
        listing.save(update_fields=["verified_on"])
        record_changed.send(sender=type(listing), pk=listing.pk)


def _tell(edit: ListingEdit) -> None:
    if edit.submitted_by is None:
        return
    queue_message(
        key=f"listing-answer:{edit.pk}:{edit.revision_id}:{edit.state}",
        event="listing_answered",
        to=edit.submitted_by,
        context=answer_facts(edit),
        organisation=edit.organisation,
    )


@transaction.atomic
def mark_seen(*, edit: ListingEdit, actor: User, now: datetime) -> ListingEdit:
    """What went live at once is as it should be. Raises ``NotAllowed`` and ``IllegalMove``."""
    edit = ListingEdit.objects.select_for_update(of=("self",)).get(pk=edit.pk)
    require_reader(edit, actor)
    answered = {"answered_by_id": actor.pk, "answered_at": now}
    change_state(edit, EditState.SEEN, transitions=EDIT_TRANSITIONS, also=answered)
    _noted(edit, "edit_seen", actor, now)
    return edit


@transaction.atomic
def turn_back(*, edit: ListingEdit, reason: str, actor: User, now: datetime) -> ListingEdit:
    """Put the former values back as a new revision, and say why to who changed them.

    Raises ``NotAllowed``, ``ReasonMissing``, ``IllegalMove``, and ``CannotRestore`` when one of the
    fields was changed again since, or a round of changes waits.
    """
    model = type(edit.record)
    listing: Any = model.objects.select_for_update().get(pk=edit.object_id)  # type: ignore[attr-defined]
    edit = ListingEdit.objects.select_for_update(of=("self",)).get(pk=edit.pk)
    require_reader(edit, actor)
    text = clean_text(reason, most=LONGEST_COMMENT)
    if not text:
        raise ReasonMissing
    answered = {"answered_by_id": actor.pk, "answered_at": now, "comment": text}
    change_state(edit, EditState.TURNED_BACK, transitions=EDIT_TRANSITIONS, also=answered)
    _restore(listing, edit, actor)
    _noted(edit, "edit_turned_back", actor, now, fields=sorted(edit.before))
    if edit.submitted_by is not None:
        queue_message(
            key=f"listing-turned-back:{edit.pk}",
            event="listing_turned_back",
            to=edit.submitted_by,
            context=turned_back_facts(edit),
            organisation=edit.organisation,
        )
    return edit


def _restore(listing: Listing, edit: ListingEdit, actor: User) -> None:
    if listing.has_unpublished_changes:
        raise CannotRestore
    now = raw_of(listing)
    if any(not same(now.get(name), value) for name, value in edit.after.items()):
        raise CannotRestore
    form = ListingForm(type(listing), {**now, **edit.before})
    form.is_valid()
    if set(form.errors) & set(edit.before):
        raise CannotRestore
    form.cleaned_data = {k: v for k, v in form.cleaned_data.items() if k in edit.before}
    form.apply(listing)
    listing.save_revision(user=actor, log_action=True, changed=True).publish(user=actor)


def _noted(
    edit: ListingEdit, action: str, actor: User | None, now: datetime, **public: Any
) -> None:
    listing = edit.record
    log.record(
        actor=actor,
        action=f"{listing._meta.model_name}.{action}",
        target=listing,
        public={"slug": listing.slug, "edit": edit.pk, **public},
        now=now,
    )
