"""Members write their listings, the city answers, and the public page changes when it should."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from core.accounts import roles
from core.accounts.models import Role, User
from core.audit.models import AuditEntry
from core.exceptions import Incomplete, NotAllowed
from core.notifications.models import Message
from startups.domain import editing, moderation
from startups.domain.confirming import ListingGone
from startups.drafting import draft_of
from startups.enums import EditState, ListingState
from startups.models import ListingEdit, ListingRules, Startup
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return factories.make_user("proprio")


@pytest.fixture
def moderator() -> User:
    return factories.make_user("moderation", roles.MODERATORS)


@pytest.fixture
def startup(owner: User) -> Startup:
    return factories.make_startup(owner)


def save(listing: Any, actor: User, read_at: int | None = None, **values: Any) -> Any:
    sent = {k: v if isinstance(v, tuple) else (v, 0) for k, v in values.items()}
    return editing.save_fields(
        listing=listing, values=sent, read_at=read_at, actor=actor, now=timezone.now()
    )


def submit(listing: Any, actor: User) -> ListingEdit:
    read = draft_of(fresh(listing)).read
    return editing.submit_listing(listing=listing, read=read, actor=actor, now=timezone.now())


def fresh(listing: Any) -> Any:
    return type(listing).objects.get(pk=listing.pk)


def approve(edit: ListingEdit, actor: User) -> ListingEdit:
    edit.refresh_from_db()
    return moderation.approve_edit(
        edit=edit, revision=edit.revision_id or 0, actor=actor, now=timezone.now()
    )


def give_back(edit: ListingEdit, actor: User, comment: str) -> ListingEdit:
    edit.refresh_from_db()
    return moderation.return_edit(
        edit=edit,
        revision=edit.revision_id or 0,
        comment=comment,
        actor=actor,
        now=timezone.now(),
    )


def test_the_live_version_stays_until_it_is_approved(
    startup: Startup, owner: User, moderator: User
) -> None:
    assert save(startup, owner, tagline_fr="Une autre phrase.", founded_year="2019") == {}
    assert fresh(startup).tagline_fr == "Une phrase."
    edit = submit(startup, owner)
    assert (edit.state, fresh(startup).tagline_fr) == (EditState.SUBMITTED, "Une phrase.")
    assert approve(edit, moderator).state == EditState.PUBLISHED
    found = fresh(startup)
    assert (found.tagline_fr, found.founded_year) == ("Une autre phrase.", 2019)
    assert found.has_unpublished_changes is False
    published = AuditEntry.objects.get(action="startup.published")
    assert published.public["changes"] == {
        "tagline_fr": ["Une phrase.", "Une autre phrase."],
        "founded_year": [None, 2019],
    }
    assert draft_of(found).changed == []


def test_the_hard_spaces_of_a_field_that_nobody_touched_stay(
    startup: Startup, owner: User, moderator: User
) -> None:
    Startup.objects.update(about_fr="Le prix\xa0: 5\xa0$.")
    save(fresh(startup), owner, tagline_fr="Une autre phrase.")
    approve(submit(startup, owner), moderator)
    assert fresh(startup).about_fr == "Le prix\xa0: 5\xa0$."
    published = AuditEntry.objects.get(action="startup.published")
    assert list(published.public["changes"]) == ["tagline_fr"]


def test_it_is_returned_with_a_comment_written_again_and_approved(
    startup: Startup, owner: User, moderator: User
) -> None:
    save(startup, owner, about_fr="Trop court.")
    edit = submit(startup, owner)
    with pytest.raises(moderation.ReasonMissing):
        give_back(edit, moderator, "  ")
    edit = give_back(edit, moderator, "Dites ce que fait le capteur.")
    assert (edit.state, edit.comment) == (EditState.RETURNED, "Dites ce que fait le capteur.")
    letter = Message.objects.get(event="listing_answered")
    assert letter.to_email == owner.email
    assert "Dites ce que fait le capteur." in letter.text
    assert f"/startup/{startup.pk}/" in letter.text
    assert not Message.objects.filter(event="approval_answered").exists()
    version = draft_of(fresh(startup)).versions["about_fr"]
    assert save(startup, owner, about_fr=("Le capteur compte.", version)) == {}
    again = submit(startup, owner)
    assert again.pk == edit.pk
    approve(again, moderator)
    assert fresh(startup).about_fr == "Le capteur compte."
    assert Message.objects.filter(event="listing_answered").count() == 2
    states = fresh(startup).workflow_states.values_list("status", flat=True)
    assert list(states) == ["approved"]


def test_moderators_are_written_to_with_the_page_that_shows_the_change(
    startup: Startup, owner: User, moderator: User
) -> None:
    save(startup, owner, about_fr="Le capteur compte.")
    edit = submit(startup, owner)
    letter = Message.objects.get(event="approval_asked")
    assert letter.to_email == moderator.email
    assert f"/admin/listings/{edit.pk}/" in letter.text


def test_what_waits_does_not_change_until_it_is_withdrawn(startup: Startup, owner: User) -> None:
    save(startup, owner, about_fr="Un autre.")
    submit(startup, owner)
    with pytest.raises(editing.InReview):
        save(startup, owner, about_fr="Un troisième.")
    with pytest.raises(editing.InReview):
        submit(startup, owner)
    assert fresh(startup).current_workflow_task.locked_for_user(startup, owner) is True
    edit = editing.withdraw_edit(listing=startup, actor=owner, now=timezone.now())
    assert edit.state == EditState.DRAFT
    assert fresh(startup).current_workflow_state is None
    assert save(startup, owner, about_fr=("Un troisième.", 1)) == {}
    assert submit(startup, owner).pk == edit.pk


def test_two_members_at_once_the_second_sees_both_values(startup: Startup, owner: User) -> None:
    other = factories.make_user("collegue")
    startup.organisation.memberships.create(user=other, role=Role.EDITOR)
    save(startup, owner, about_fr="Celui de la première.", website="https://a.example/")
    stale = save(startup, other, about_fr="Celui du second.", tagline_fr="Une phrase.")
    assert list(stale) == ["about_fr"]
    assert (stale["about_fr"].mine, stale["about_fr"].theirs) == (
        "Celui du second.",
        "Celui de la première.",
    )
    # What the second did not touch is not a conflict, though the first changed it.
    assert save(startup, other, website="") == {}
    draft = draft_of(fresh(startup))
    assert draft.raws["website"] == "https://a.example/"
    assert save(startup, other, about_fr=("Celui du second.", stale["about_fr"].version)) == {}
    assert draft_of(fresh(startup)).raws["about_fr"] == "Celui du second."


def test_a_page_read_before_staff_published_does_not_undo_them(
    startup: Startup, owner: User
) -> None:
    startup.save_revision().publish()
    read_at = fresh(startup).latest_revision_id
    changed = fresh(startup)
    changed.website = "https://ville.example/"
    changed.save_revision().publish()
    assert save(fresh(startup), owner, read_at, website="", about_fr="Un autre.") == {}
    assert draft_of(fresh(startup)).changed == ["about_fr"]


def test_what_is_submitted_is_what_was_read(startup: Startup, owner: User) -> None:
    save(startup, owner, about_fr="Lu.")
    read = draft_of(fresh(startup)).read
    save(startup, owner, tagline_fr="Écrite depuis, dans un autre onglet.")
    with pytest.raises(editing.ChangedMeanwhile):
        editing.submit_listing(listing=startup, read=read, actor=owner, now=timezone.now())
    edit = submit(startup, owner)
    with pytest.raises(moderation.ReadAgain):
        moderation.approve_edit(
            edit=edit,
            revision=(edit.revision_id or 0) - 1,
            actor=factories.make_user("m", roles.MODERATORS),
            now=timezone.now(),
        )


def test_french_is_required_and_english_is_not(startup: Startup, owner: User) -> None:
    save(startup, owner, about_fr="", about_en="", website="pas une adresse")
    with pytest.raises(Incomplete) as caught:
        submit(startup, owner)
    assert len(caught.value.problems) == 2
    assert ListingEdit.objects.get().state == EditState.DRAFT


def test_nothing_to_submit(startup: Startup, owner: User) -> None:
    with pytest.raises(editing.NothingChanged):
        submit(startup, owner)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.FINANCE, None])
def test_who_may_not_write_does_not(startup: Startup, role: str | None) -> None:
    person = factories.make_user("personne")
    if role is not None:
        startup.organisation.memberships.create(user=person, role=role)
    with pytest.raises(NotAllowed):
        save(startup, person, about_fr="Un autre.")
    assert not ListingEdit.objects.exists()


def test_a_closed_listing_is_not_written(startup: Startup, owner: User) -> None:
    Startup.objects.update(state=ListingState.CLOSED)
    with pytest.raises(ListingGone):
        save(fresh(startup), owner, about_fr="Un autre.")


def test_whoever_wrote_it_or_belongs_to_it_does_not_approve(
    startup: Startup, owner: User, moderator: User
) -> None:
    save(startup, owner, about_fr="Un autre.")
    edit = submit(startup, owner)
    startup.organisation.memberships.create(user=moderator, role=Role.VIEWER)
    for actor in (owner, moderator):
        with pytest.raises(NotAllowed):
            approve(edit, actor)
    boss = factories.make_user("admin", roles.ADMINISTRATORS)
    assert approve(edit, boss).state == EditState.PUBLISHED


def test_a_moderator_changes_what_waits_then_approves(
    startup: Startup, owner: User, moderator: User
) -> None:
    save(startup, owner, about_fr="Le capteur conpte.")
    edit = submit(startup, owner)
    read = edit.revision_id or 0
    edit = moderation.amend_edit(
        edit=edit,
        revision=read,
        values={"about_fr": "Le capteur compte."},
        actor=moderator,
        now=timezone.now(),
    )
    with pytest.raises(moderation.ReadAgain):
        moderation.approve_edit(edit=edit, revision=read, actor=moderator, now=timezone.now())
    approve(edit, moderator)
    assert fresh(startup).about_fr == "Le capteur compte."


@pytest.fixture
def verified(startup: Startup) -> Startup:
    Startup.objects.update(state=ListingState.VERIFIED)
    found: Startup = fresh(startup)
    return found


PERSON = {"name": "Nom", "role_fr": "Direction", "role_en": "", "email": "info@a.example"}


def test_small_changes_of_a_verified_owner_are_live_at_once_and_seen_after(
    verified: Startup, owner: User, moderator: User
) -> None:
    save(verified, owner, website="https://apres.example/", people=[PERSON])
    edit = submit(verified, owner)
    assert edit.state == EditState.LIVE
    found = fresh(verified)
    assert (found.website, found.people.get().role_fr) == ("https://apres.example/", "Direction")
    assert not Message.objects.filter(event="approval_asked").exists()
    moderation.mark_seen(edit=edit, actor=moderator, now=timezone.now())
    assert list(ListingEdit.objects.values_list("state", flat=True)) == [EditState.SEEN]


def test_a_small_change_is_turned_back_with_its_reason(
    verified: Startup, owner: User, moderator: User
) -> None:
    save(verified, owner, website="https://apres.example/", people=[PERSON])
    edit = submit(verified, owner)
    with pytest.raises(moderation.ReasonMissing):
        moderation.turn_back(edit=edit, reason="", actor=moderator, now=timezone.now())
    moderation.turn_back(
        edit=edit, reason="Cette adresse mène ailleurs.", actor=moderator, now=timezone.now()
    )
    found = fresh(verified)
    assert (found.website, found.people.count()) == ("", 0)
    assert "mène ailleurs" in Message.objects.get(event="listing_turned_back").text
    lines = AuditEntry.objects.filter(object_type="startups.startup").order_by("sequence")
    assert [line.action for line in lines][-2:] == [
        "startup.published",
        "startup.edit_turned_back",
    ]
    assert "Nom" not in str([line.public for line in lines])


def test_what_was_changed_again_since_is_not_turned_back(
    verified: Startup, owner: User, moderator: User
) -> None:
    save(verified, owner, website="https://un.example/")
    first = submit(verified, owner)
    save(fresh(verified), owner, website="https://deux.example/")
    submit(fresh(verified), owner)
    with pytest.raises(moderation.CannotRestore):
        moderation.turn_back(edit=first, reason="x", actor=moderator, now=timezone.now())
    first.refresh_from_db()
    assert (first.state, fresh(verified).website) == (EditState.LIVE, "https://deux.example/")


def test_what_staff_do_not_let_through_is_read_first(verified: Startup, owner: User) -> None:
    editor = factories.make_user("collegue")
    verified.organisation.memberships.create(user=editor, role=Role.EDITOR)
    save(verified, owner, website="https://apres.example/")
    assert submit(verified, editor).state == EditState.SUBMITTED
    editing.withdraw_edit(listing=verified, actor=owner, now=timezone.now())
    rules = ListingRules.load()
    rules.startup = ["links"]
    rules.save()
    assert submit(fresh(verified), owner).state == EditState.SUBMITTED
    editing.withdraw_edit(listing=verified, actor=owner, now=timezone.now())
    rules.startup = ["website"]
    rules.save()
    save(verified, owner, name="Un autre nom")
    assert submit(fresh(verified), owner).state == EditState.SUBMITTED
