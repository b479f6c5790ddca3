"""No sequence of moves leaves an organisation without an owner.

Hypothesis plays four people and whoever they invite: every verb that changes who belongs, in any
order, by anyone, at any time. Refusals are part of the game; what must hold is asked after each
move.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from core.accounts.domain import closing, invitations, join_requests, members, ownership
from core.accounts.domain.organisations import create_organisation
from core.accounts.enums import InvitationState, JoinRequestState, OwnershipOfferState
from core.accounts.models import (
    Invitation,
    JoinRequest,
    Membership,
    Organisation,
    OwnershipOffer,
    Role,
    User,
)
from core.audit.models import AuditEntry
from core.exceptions import DomainError

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 15, tzinfo=UTC)
PEOPLE = ("ana", "bo", "cy", "di")
who = st.sampled_from(PEOPLE)
any_role = st.sampled_from([*Role.values, "chief"])


class Organisations(RuleBasedStateMachine):
    """One organisation, four people, a clock that only advances."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now = START
        self.moves = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize(first=who)
    def begin(self, first: str) -> None:
        self.people = {
            name: User.objects.create_user(f"{name}@{name}.ca", name=name) for name in PEOPLE
        }
        self.organisation = create_organisation(
            name="Nord",
            kind="startup",
            language="fr",
            actor=self.people[first],
            now=self.now,
        ).organisation

    def attempt(self, move: Callable[..., Any], **values: Any) -> None:
        """A verb does all or nothing: what it refused changed nothing."""
        before = self.picture()
        try:
            with transaction.atomic():
                move(**values, now=self.now)
        except DomainError:
            assert self.picture() == before
        else:
            self.moves += 1

    def picture(self) -> Any:
        return (
            sorted(Membership.objects.values_list("user", "role")),
            sorted(Invitation.objects.values_list("pk", "state")),
            sorted(OwnershipOffer.objects.values_list("pk", "state")),
            sorted(JoinRequest.objects.values_list("pk", "state")),
            AuditEntry.objects.count(),
        )

    def member(self, name: str) -> Membership | None:
        return Membership.objects.filter(user=self.people[name]).first()

    @rule(days=st.integers(0, 9))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days, hours=2)

    @rule(actor=who, guest=who, role=any_role)
    def invites(self, actor: str, guest: str, role: str) -> None:
        self.attempt(
            invitations.invite,
            organisation=self.organisation,
            email=self.people[guest].email,
            role=role,
            actor=self.people[actor],
        )

    @rule(actor=who, number=st.integers(0, 3), move=st.sampled_from(["yes", "no", "again", "stop"]))
    def answers_an_invitation(self, actor: str, number: int, move: str) -> None:
        found = Invitation.objects.order_by("-pk")[number : number + 1].first()
        verbs: dict[str, Callable[..., Any]] = {
            "yes": invitations.accept_invitation,
            "no": invitations.decline_invitation,
            "again": invitations.resend_invitation,
            "stop": invitations.revoke_invitation,
        }
        if found is not None:
            self.attempt(verbs[move], invitation=found, actor=self.people[actor])

    @rule(actor=who)
    def asks_to_join(self, actor: str) -> None:
        self.attempt(
            join_requests.ask_to_join, organisation=self.organisation, actor=self.people[actor]
        )

    @rule(actor=who, role=any_role, is_yes=st.booleans())
    def answers_a_request(self, actor: str, role: str, is_yes: bool) -> None:
        found = JoinRequest.objects.order_by("-pk").first()
        if found is None:
            return
        more = {"role": role} if is_yes else {}
        verb = join_requests.accept_request if is_yes else join_requests.refuse_request
        self.attempt(verb, request=found, actor=self.people[actor], **more)

    @rule(actor=who, name=who, role=any_role)
    def changes_a_role(self, actor: str, name: str, role: str) -> None:
        found = self.member(name)
        if found is not None:
            self.attempt(members.change_role, membership=found, role=role, actor=self.people[actor])

    @rule(actor=who, name=who)
    def removes(self, actor: str, name: str) -> None:
        found = self.member(name)
        if found is not None:
            self.attempt(members.remove_member, membership=found, actor=self.people[actor])

    @rule(actor=who)
    def leaves(self, actor: str) -> None:
        self.attempt(
            members.leave_organisation, organisation=self.organisation, actor=self.people[actor]
        )

    @rule(actor=who, to=who, stays=st.booleans())
    def offers_ownership(self, actor: str, to: str, stays: bool) -> None:
        self.attempt(
            ownership.offer_ownership,
            organisation=self.organisation,
            to=self.people[to],
            stays_owner=stays,
            actor=self.people[actor],
        )

    @rule(actor=who, number=st.integers(0, 2), move=st.sampled_from(["yes", "no", "back"]))
    def answers_an_offer(self, actor: str, number: int, move: str) -> None:
        found = OwnershipOffer.objects.order_by("-pk")[number : number + 1].first()
        verbs: dict[str, Callable[..., Any]] = {
            "yes": ownership.accept_ownership,
            "no": ownership.refuse_ownership,
            "back": ownership.withdraw_offer,
        }
        if found is not None:
            self.attempt(verbs[move], offer=found, actor=self.people[actor])

    @rule(actor=who)
    def closes(self, actor: str) -> None:
        self.attempt(
            closing.close_organisation,
            organisation=Organisation.objects.get(pk=self.organisation.pk),
            actor=self.people[actor],
        )

    @invariant()
    def has_an_owner(self) -> None:
        if not hasattr(self, "organisation"):
            return
        found = Organisation.objects.get(pk=self.organisation.pk)
        assert found.closed_at is not None or found.memberships.all().owners().exists()

    @invariant()
    def nothing_waits_in_a_closed_one(self) -> None:
        if not Organisation.objects.filter(closed_at__isnull=False).exists():
            return
        assert not Invitation.objects.filter(state=InvitationState.PENDING).exists()
        assert not OwnershipOffer.objects.filter(state=OwnershipOfferState.PENDING).exists()
        assert not JoinRequest.objects.filter(state=JoinRequestState.PENDING).exists()


def test_no_sequence_of_moves_leaves_it_without_an_owner() -> None:
    run_state_machine_as_test(
        Organisations,
        settings=settings(
            max_examples=30,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
