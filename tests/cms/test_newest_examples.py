"""The example beside the words is the newest message as it was sent, its secret link apart."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone, translation

from cms.dashboards.examples import Preview, preview_of
from core.accounts import roles
from core.accounts.domain import invitations, ownership, people
from core.accounts.models import Membership, Role
from core.notifications.events import catalogue
from core.notifications.models import Message
from core.notifications.rendering import built_in
from core.privacy.domain import exports
from tests import factories

pytestmark = pytest.mark.django_db
SECRET = re.compile(r"http\S+")
NOTHING_KEPT = {
    # A row is all that these told of, and it is gone or says no more what was said.
    "membership_changed",
    "member_left",
    "organisation_closed",
    "owner_appointed",
    "account_erased",
    # What it told is a link that proves an address, for a day.
    "claim_proof",
    # One's own letters: no record says them again.
    "follow_confirm",
    "follow_page",
    "follow_news",
    "follow_search",
}


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    settings.DEBUG = True


def _things_happen() -> None:
    now = timezone.now()
    owner = factories.make_user("hote", is_demo=True)
    guest = factories.make_user("invitee", is_demo=True, language="en")
    organisation = factories.make_startup(owner).organisation
    invitation = invitations.invite(
        organisation=organisation, email=guest.email, role=Role.EDITOR, actor=owner, now=now
    )
    invitations.accept_invitation(invitation=invitation, actor=guest, now=now)
    assert Membership.objects.filter(user=guest, role=Role.EDITOR).exists()
    offer = ownership.offer_ownership(
        organisation=organisation, to=guest, stays_owner=True, actor=owner, now=now
    )
    ownership.accept_ownership(offer=offer, actor=guest, now=now)
    people.open_account(
        email="commis@ville.example",
        name="Commis",
        language="fr",
        groups=[],
        actor=factories.make_user("administration", roles.ADMINISTRATORS, is_demo=True),
        now=now,
    )
    export = exports.ask_for_export(actor=guest, now=now)
    exports.make_export(export=export, now=now)


@pytest.mark.parametrize(
    "event",
    [
        "invitation",
        "invitation_answered",
        "ownership_offered",
        "ownership_answered",
        "data_export_ready",
        "account_opened",
    ],
)
def test_it_is_what_was_sent(event: str) -> None:
    _things_happen()
    sent = Message.objects.filter(event=event).latest("pk")
    seen = _preview(event, sent.language)
    assert seen.is_real
    assert seen.subject == sent.subject
    assert _said(seen.text) == _said(sent.text)


def _preview(event: str, language: str) -> Preview:
    reader = factories.make_user("personnel", roles.ADMINISTRATORS, is_demo=True)
    with translation.override("fr"):
        return preview_of(catalogue[event], built_in(event, language), language, reader)


def _said(text: str) -> list[str]:
    """The lines after the greeting, which names whom it is for, with no address in them."""
    return [SECRET.sub("…", line) for line in text.splitlines()[1:] if line.strip()]


def test_every_event_that_a_record_tells_has_one() -> None:
    untold = {event.name for event in catalogue if event.newest is None}
    secret = {event.name for event in catalogue if event.opens_an_account}
    assert untold - secret == NOTHING_KEPT
    # A code is nobody else's: its example is a declared one.
    assert secret <= untold
    assert {"account_email_login_code", "account_email_password_reset_code"} <= secret


def test_the_link_of_an_invitation_is_no_one_elses() -> None:
    _things_happen()
    sent = Message.objects.filter(event="invitation").latest("pk")
    own = SECRET.search(sent.text)
    assert own is not None
    assert own[0] not in _preview("invitation", sent.language).text
