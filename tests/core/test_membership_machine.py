"""No sequence of moves leaves an organisation without an owner.

Hypothesis plays four people, two organisations and whoever is invited: every verb that changes who
belongs, in any order, by anyone who can sign in, at any time. Refusals are part of the game; what
must hold is asked after each move. The city may close an account, and that alone can leave an
organisation without an owner who signs in: ``Organisation.objects.without_owner`` finds it.
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
from core.privacy.domain.erasure import erase_person
from core.privacy.models import Erasure

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 15, tzinfo=UTC)
PEOPLE = ("ana", "bo", "cy", "di")
who = st.sampled_from(PEOPLE)
which = st.sampled_from([0, 0, 1])
any_role = st.sampled_from([*Role.values, "chief"])


class Organisations(RuleBasedStateMachine):
    """Two organisations, four people, a clock that only advances."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now = START
        self.organisations: list[Organisation] = []
        self.closed_by_city: set[int] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize(first=who, second=who)
    def begin(self, first: str, second: str) -> None:
        self.keys = {
            name: User.objects.create_user(f"{name}@{name}.ca", name=name).pk for name in PEOPLE
        }
        for name, maker in (("Nord", first), ("Zoulou", second)):
            made = create_organisation(
                name=name,
                kind="startup",
                language="fr",
                actor=self.person(maker),
                now=self.now,
                others=[organisation.pk for organisation in self.organisations],
            )
            self.organisations.append(made.organisation)

    def person(self, name: str) -> User:
        """As a request finds them: read again each time."""
        return User.objects.get(pk=self.keys[name])

    def attempt(self, move: Callable[..., Any], **values: Any) -> None:
        """A verb does all or nothing: what it refused changed nothing.

        Who cannot sign in moves nothing.
        """
        if not values["actor"].is_active:
            return
        before = self.picture()
        try:
            with transaction.atomic():
                move(**values, now=self.now)
        except DomainError:
            assert self.picture() == before

    def picture(self) -> Any:
        return (
            sorted(Membership.objects.values_list("organisation", "user", "role")),
            sorted(User.objects.values_list("pk", "email", "is_active")),
            Erasure.objects.count(),
            sorted(Invitation.objects.values_list("pk", "state")),
            sorted(OwnershipOffer.objects.values_list("pk", "state")),
            sorted(JoinRequest.objects.values_list("pk", "state")),
            AuditEntry.objects.count(),
        )

    def member(self, name: str, number: int) -> Membership | None:
        theirs = Membership.objects.filter(user=self.keys[name])
        return theirs.filter(organisation=self.organisations[number]).first()

    @rule(days=st.integers(0, 9))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days, hours=2)

    @rule(where=which, actor=who, guest=who, role=any_role)
    def invites(self, where: int, actor: str, guest: str, role: str) -> None:
        self.attempt(
            invitations.invite,
            organisation=self.organisations[where],
            email=self.person(guest).email,
            role=role,
            actor=self.person(actor),
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
            self.attempt(verbs[move], invitation=found, actor=self.person(actor))

    @rule(where=which, actor=who)
    def asks_to_join(self, where: int, actor: str) -> None:
        self.attempt(
            join_requests.ask_to_join,
            organisation=self.organisations[where],
            actor=self.person(actor),
        )

    @rule(actor=who, role=any_role, is_yes=st.booleans())
    def answers_a_request(self, actor: str, role: str, is_yes: bool) -> None:
        found = JoinRequest.objects.order_by("-pk").first()
        if found is None:
            return
        more = {"role": role} if is_yes else {}
        verb = join_requests.accept_request if is_yes else join_requests.refuse_request
        self.attempt(verb, request=found, actor=self.person(actor), **more)

    @rule(where=which, actor=who, name=who, role=any_role)
    def changes_a_role(self, where: int, actor: str, name: str, role: str) -> None:
        found = self.member(name, where)
        if found is not None:
            self.attempt(members.change_role, membership=found, role=role, actor=self.person(actor))

    @rule(where=which, actor=who, name=who)
    def removes(self, where: int, actor: str, name: str) -> None:
        found = self.member(name, where)
        if found is not None:
            self.attempt(members.remove_member, membership=found, actor=self.person(actor))

    @rule(where=which, actor=who)
    def leaves(self, where: int, actor: str) -> None:
        self.attempt(
            members.leave_organisation,
            organisation=self.organisations[where],
            actor=self.person(actor),
        )

    @rule(where=which, actor=who, to=who, stays=st.booleans())
    def offers_ownership(self, where: int, actor: str, to: str, stays: bool) -> None:
        self.attempt(
            ownership.offer_ownership,
            organisation=self.organisations[where],
            to=self.person(to),
            stays_owner=stays,
            actor=self.person(actor),
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
            self.attempt(verbs[move], offer=found, actor=self.person(actor))

    @rule(where=which, actor=who)
    def closes(self, where: int, actor: str) -> None:
        self.attempt(
            closing.close_organisation,
            organisation=Organisation.objects.get(pk=self.organisations[where].pk),
            actor=self.person(actor),
        )

    @rule(name=who)
    def erases(self, name: str) -> None:
        person = self.person(name)
        alone = [
            organisation
            for organisation in Organisation.objects.active().of_member(person)
            if list(organisation.memberships.all().owners().values_list("user", flat=True))
            == [person.pk]
        ]
        was_active = person.is_active
        self.attempt(erase_person, person=person, actor=person)
        if was_active:
            person.refresh_from_db()
            assert person.is_active == bool(alone)
            assert Membership.objects.filter(user=person).exists() or not alone

    @rule(name=who)
    def the_city_closes_the_account(self, name: str) -> None:
        if User.objects.filter(pk=self.keys[name], is_active=True).update(is_active=False):
            self.closed_by_city.add(self.keys[name])

    @rule(name=who)
    def the_city_opens_the_account(self, name: str) -> None:
        if self.keys[name] in self.closed_by_city:
            User.objects.filter(pk=self.keys[name]).update(is_active=True)
            self.closed_by_city.remove(self.keys[name])

    @invariant()
    def has_an_owner(self) -> None:
        """Somebody owns each; they can sign in unless the city closed their account."""
        alone = set(Organisation.objects.without_owner())
        for known in self.organisations:
            found = Organisation.objects.get(pk=known.pk)
            if found.closed_at is not None:
                continue
            owners = found.memberships.filter(role=Role.OWNER)
            able = owners.exclude(user__in=self.closed_by_city)
            assert owners.exists()
            assert all(owner.user.is_active for owner in able.select_related("user"))
            assert (found in alone) == (not able.exists())

    @invariant()
    def nothing_waits_in_a_closed_one(self) -> None:
        closed = {"organisation__closed_at__isnull": False}
        assert not Invitation.objects.filter(state=InvitationState.PENDING, **closed).exists()
        assert not OwnershipOffer.objects.filter(
            state=OwnershipOfferState.PENDING, **closed
        ).exists()
        assert not JoinRequest.objects.filter(state=JoinRequestState.PENDING, **closed).exists()


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
