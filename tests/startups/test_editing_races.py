"""A listing that two people write or answer at the same instant: nothing typed goes astray."""

from __future__ import annotations

from core.accounts import roles
from core.accounts.models import Membership, Role
from core.audit.models import AuditEntry
from core.drafts.models import DraftValue
from startups.domain.editing import InReview
from startups.domain.moderation import ReadAgain
from startups.enums import EditState
from startups.models import ListingEdit, Startup
from tests import factories
from tests.races import at_once
from tests.startups.test_editing import approve, save, submit


def test_what_is_typed_while_it_is_submitted_is_refused_not_lost(apart: None) -> None:
    first, second = factories.make_user("un"), factories.make_user("deux")
    startup = factories.make_startup(first)
    Membership.objects.create(user=second, organisation=startup.organisation, role=Role.EDITOR)
    save(startup, first, tagline_fr="Une autre phrase.")
    refusal = at_once(
        lambda: submit(startup, first), lambda: save(startup, second, about_fr="Trop tard.")
    )
    assert isinstance(refusal, InReview)
    assert ListingEdit.objects.get().state == EditState.SUBMITTED
    assert not DraftValue.objects.filter(field="about_fr").exists()


def test_two_moderators_who_approve_at_once_publish_once(apart: None) -> None:
    owner = factories.make_user("proprio")
    one, other = (factories.make_user(n, roles.MODERATORS) for n in ("m1", "m2"))
    startup = factories.make_startup(owner)
    save(startup, owner, tagline_fr="Une autre phrase.")
    edit = submit(startup, owner)
    again = ListingEdit.objects.get(pk=edit.pk)
    refusal = at_once(lambda: approve(edit, one), lambda: approve(again, other))
    assert isinstance(refusal, ReadAgain)
    assert AuditEntry.objects.filter(action="startup.published").count() == 1
    assert Startup.objects.get().tagline_fr == "Une autre phrase."
