"""Members write their listings: each field as it is typed, then all of it submitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import WorkflowState

from core.accounts.domain.belonging import require_right
from core.audit import log
from core.drafts import saving
from core.drafts.models import DraftVersion
from core.exceptions import DomainError, Incomplete, NotAllowed, StaleWrite
from core.states import change_state
from startups.domain.confirming import ListingGone, speaks_for
from startups.domain.shown import keep_uploads, require_own_files
from startups.drafting import Draft, draft_of, goes_live_at_once, same
from startups.enums import EDIT_TRANSITIONS, GONE, WRITABLE_EDITS, EditState
from startups.forms.listing import OUTSIDE, raw_of, require_short, typed
from startups.models import ListingEdit
from startups.sections import fields_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.accounts.models import Organisation, User
    from core.drafts.models import DraftValue
    from startups.models import Listing


class InReview(DomainError):
    """What is being read does not change under the eyes of who reads it."""

    code = "in_review"
    default_message = _(
        "These changes are in review: they cannot be edited now. Withdraw them to go on writing."
    )


class ChangedMeanwhile(DomainError):
    """What is submitted is what was read."""

    code = "changed_meanwhile"
    default_message = _(
        "Something changed since you read this page, in another tab or by another member. "
        "Read it again, then submit."
    )


class NothingWaits(DomainError):
    """The city answered before the changes were taken back."""

    code = "nothing_waits"
    default_message = _("The city’s team has answered meanwhile: there is nothing to withdraw.")


class NothingChanged(DomainError):
    """There is nothing for anybody to read."""

    code = "nothing_changed"
    default_message = _("Nothing differs from the public page: there is nothing to submit.")


def require_writer(listing: Listing, actor: User) -> Organisation:
    """The organisation in whose name ``actor`` writes ``listing``.

    Raises ``NotAllowed`` and ``ListingGone``.
    """
    organisation = speaks_for(listing)
    if organisation is None:
        raise NotAllowed(_("Nobody speaks for this listing yet: the city’s team keeps it."))
    require_right("edit_content", organisation, actor)
    if listing.state in GONE:
        raise ListingGone(_("This listing is closed: it is not edited any more."))
    return organisation


@transaction.atomic
def save_fields(
    *,
    listing: Listing,
    values: Mapping[str, tuple[Any, int]],
    read_at: int | None = None,
    actor: User,
    now: datetime,
) -> dict[str, StaleWrite]:
    """Keep what was typed, field by field: ``{name: (raw value, version it was edited from)}``.

    ``read_at`` is the revision that the page showed. A field that nobody touched is not written.
    Answers those that somebody else has changed meanwhile, with both values; the others are kept.
    Raises ``NotAllowed``, ``ListingGone``, ``InReview``, and ``TextRefused`` for one that is longer
    than a draft keeps.
    """
    # The lock of a submission too: what is typed at the same instant is in it, or is refused.
    listing = type(listing).objects.select_for_update().get(pk=listing.pk)
    edit, organisation = _unfinished(listing), require_writer(listing, actor)
    if edit is not None and edit.state not in WRITABLE_EDITS:
        raise InReview
    known = {*fields_of(type(listing)), OUTSIDE}
    shown = _shown(listing, read_at)
    held = saving.values(edit.draft_scope) if edit is not None else {}
    stale: dict[str, StaleWrite] = {}
    for name, (value, version) in values.items():
        if name not in known:
            continue
        kept = keep_uploads(name, value, organisation=organisation, actor=actor)
        raw, row = typed(kept), held.get(name)
        require_short(raw)
        had = (shown.get(name), row.value if row is not None else None)
        require_own_files(name, raw, known=had, organisation=organisation)
        if _untouched(raw, version, row, shown.get(name, False)):
            continue
        if edit is None:
            edit = open_edit(listing=listing, organisation=organisation, actor=actor, now=now)
        try:
            saving.save_field(
                scope=edit.draft_scope,
                field=name,
                value=raw,
                base_version=version,
                actor=actor,
                now=now,
            )
        except StaleWrite as error:
            stale[name] = error
    return stale


def _untouched(raw: Any, version: int, row: DraftValue | None, shown: Any) -> bool:
    """Whether the field is as the page showed it, or as it is kept already."""
    if row is None:
        return same(raw, shown)
    if same(raw, row.value):
        return True
    if version == 0:
        return same(raw, shown)
    past = DraftVersion.objects.filter(scope=row.scope, field=row.field, version=version).first()
    return past is not None and version != row.version and same(raw, past.value)


def _shown(listing: Listing, read_at: int | None) -> dict[str, Any]:
    """The values of the revision that the page showed, the last one unless told."""
    if read_at is not None and read_at != listing.latest_revision_id:
        past = listing.revisions.filter(pk=read_at).first()
        if past is not None:
            return raw_of(past.as_object())
    return raw_of(listing.get_latest_revision_as_object())


def _unfinished(listing: Listing) -> ListingEdit | None:
    found: ListingEdit | None = ListingEdit.objects.of_listing(listing).unfinished().first()
    return found


@transaction.atomic
def open_edit(
    *, listing: Listing, organisation: Organisation, actor: User, now: datetime
) -> ListingEdit:
    """The round under way, else a new one; the listing's row is the lock of its rounds."""
    listing = type(listing).objects.select_for_update().get(pk=listing.pk)
    found = _unfinished(listing)
    if found is not None:
        return found
    edit: ListingEdit = ListingEdit.objects.create(
        listing=listing, organisation=organisation, started_by=actor, started_at=now
    )
    return edit


@transaction.atomic
def submit_listing(*, listing: Listing, read: str, actor: User, now: datetime) -> ListingEdit:
    """Hand what was typed to the city, or publish it when it is small and its owner verified.

    ``read`` is :attr:`~startups.drafting.Draft.read` of the page that was read. Raises
    ``NotAllowed``, ``ListingGone``, ``InReview``, ``ChangedMeanwhile``, ``NothingChanged``, and
    ``Incomplete`` with what is missing.
    """
    listing = type(listing).objects.select_for_update().get(pk=listing.pk)
    organisation = require_writer(listing, actor)
    edit = open_edit(listing=listing, organisation=organisation, actor=actor, now=now)
    if edit.state not in WRITABLE_EDITS:
        raise InReview
    draft = draft_of(listing, edit)
    if draft.read != read:
        raise ChangedMeanwhile
    if listing.locked:
        raise InReview(_("The city’s team is changing this listing now. Try again later."))
    if not draft.changed:
        raise NothingChanged
    at_once = goes_live_at_once(draft, organisation, actor)
    revision = revise(draft, actor)
    edit.revision = revision
    if at_once:
        before = {name: draft.public[name] for name in draft.changed}
        edit.before, edit.after = before, {name: draft.raws[name] for name in draft.changed}
        revision.publish(user=actor, skip_permission_checks=True)
    edit.save(update_fields=["revision", "before", "after"])
    change_state(
        edit,
        EditState.LIVE if at_once else EditState.SUBMITTED,
        transitions=EDIT_TRANSITIONS,
        also={"submitted_by_id": actor.pk, "submitted_at": now},
    )
    if not at_once:
        _ask_for_approval(listing, actor)
    log.record(
        actor=actor,
        action=f"{listing._meta.model_name}.edit_{'published' if at_once else 'submitted'}",
        target=listing,
        public={"slug": listing.slug, "edit": edit.pk, "fields": draft.changed},
        now=now,
    )
    return edit


def revise(draft: Draft, actor: User) -> Any:
    """A revision that holds what was typed; ``Incomplete`` with each thing that is wrong."""
    form = draft.form
    if form.is_valid():
        form.apply(draft.base)
        try:
            draft.base.full_clean()
        except ValidationError as error:
            form.refuse(error)
    if form.errors:
        raise Incomplete([str(problem) for wrong in form.errors.values() for problem in wrong])
    return draft.base.save_revision(user=actor, log_action=True, changed=True)


def _ask_for_approval(listing: Listing, actor: User) -> None:
    # Fetched again: a revision was saved since.
    listing = type(listing).objects.get(pk=listing.pk)
    state = listing.current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user=actor)
    elif state is not None:
        raise InReview(_("The city’s team is changing this listing now. Try again later."))
    else:
        workflow = listing.get_workflow()
        if workflow is None:
            msg = "Listings have no workflow: run migrate."
            raise LookupError(msg)
        workflow.start(listing, actor)


@transaction.atomic
def withdraw_edit(*, listing: Listing, actor: User, now: datetime) -> ListingEdit:
    """Take back what waits: it is a draft again. A second click changes nothing.

    Raises ``NotAllowed``, and ``NothingWaits`` when the city has answered.
    """
    listing = type(listing).objects.select_for_update().get(pk=listing.pk)
    require_writer(listing, actor)
    edit = _unfinished(listing)
    if edit is not None and edit.state == EditState.DRAFT:
        return edit
    if edit is None or edit.state != EditState.SUBMITTED:
        raise NothingWaits
    state = listing.current_workflow_state
    change_state(edit, EditState.DRAFT, transitions=EDIT_TRANSITIONS)
    if state is not None:
        state.cancel(user=actor)
    log.record(
        actor=actor,
        action=f"{listing._meta.model_name}.edit_withdrawn",
        target=listing,
        public={"slug": listing.slug, "edit": edit.pk},
        now=now,
    )
    return edit
