"""Two members send one startup’s profile at the same instant: one interest, one mail of it."""

from __future__ import annotations

from core.accounts.models import Membership, Role
from core.notifications.models import Message
from startups.models import Interest
from tests import factories
from tests.races import at_once
from tests.startups.test_interest import make_intake, make_program, show


def test_two_clicks_at_once_send_one_interest(apart: None) -> None:
    first, second = factories.make_user("un"), factories.make_user("deux")
    startup = factories.make_startup(first)
    Membership.objects.create(user=second, organisation=startup.organisation, role=Role.EDITOR)
    intake = make_intake(make_program(factories.make_user("lectrice")))

    refusal = at_once(lambda: show(intake, startup, first), lambda: show(intake, startup, second))
    assert refusal is None
    found = Interest.objects.get()
    assert found.sent_by == first
    assert Message.objects.filter(event="interest_received").count() == 1
