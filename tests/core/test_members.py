"""Who comes into an organisation, who owns it, who leaves; and how it closes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from core.accounts import rules
from core.accounts.domain import invitations, join_requests, members, ownership
from core.accounts.domain.belonging import LastOwner, NoLongerMember, OrganisationClosed
from core.accounts.domain.closing import close_organisation
from core.accounts.domain.organisations import NumberTaken, change_details, create_organisation
from core.accounts.enums import InvitationState, OwnershipOfferState
from core.accounts.models import (
    Invitation,
    Membership,
    Organisation,
    OwnershipOffer,
    Role,
    User,
)
from core.accounts.workspace import rows
from core.audit.models import AuditEntry
from core.exceptions import Incomplete, NotAllowed
from core.notifications.models import Message
from core.text import TextRefused
from startups.enums import ListingState
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
SECOND = timedelta(seconds=1)


def person(name: str, email: str = "") -> User:
    user = factories.make_user(name)
    if email:
        User.objects.filter(pk=user.pk).update(email=email)
        user.refresh_from_db()
    return user


@pytest.fixture
def owner() -> User:
    return person("Ana", "ana@nord.ca")


@pytest.fixture
def organisation(owner: User) -> Organisation:
    made = create_organisation(name="Nord", kind="startup", language="en", actor=owner, now=NOW)
    return made.organisation


def belong(organisation: Organisation, role: str = Role.EDITOR, name: str = "Bo") -> Membership:
    return Membership.objects.create(user=person(name), organisation=organisation, role=role)


def invite(organisation: Organisation, actor: User, email: str = "di@sud.ca", **more: Any) -> Any:
    values = {"role": Role.EDITOR, "now": NOW, **more}
    return invitations.invite(organisation=organisation, email=email, actor=actor, **values)


def mails(event: str) -> list[tuple[str, str]]:
    found = Message.objects.filter(event=event).order_by("pk")
    return list(found.values_list("to_email", "subject"))


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("sequence").values_list("action", flat=True))[1:]


def roles_of(organisation: Organisation) -> dict[str, str]:
    found = organisation.memberships.select_related("user")
    return {member.user.name: member.role for member in found}


# ---- invitations --------------------------------------------------------------------------------


def test_an_address_without_an_account_reads_the_language_of_the_organisation(
    organisation: Organisation, owner: User
) -> None:
    invitation = invite(organisation, owner, " Di@SUD.ca ")
    assert (invitation.email, invitation.state) == ("di@sud.ca", InvitationState.PENDING)
    assert invitation.answer_by == NOW + timedelta(days=14)
    assert mails("invitation") == [("di@sud.ca", "Ana invites you to join Nord")]
    message = Message.objects.get()
    assert (message.language, message.user_id) == ("en", None)
    assert "/en/invitation/" in message.text
    assert actions() == ["invitation.invited"]
    assert "di@sud.ca" not in str(AuditEntry.objects.order_by("sequence")[1].public)


def test_a_person_reads_their_own_language(organisation: Organisation, owner: User) -> None:
    guest = person("Di", "di@sud.ca")
    invite(organisation, owner)
    assert mails("invitation") == [("di@sud.ca", "Ana vous invite à rejoindre Nord")]
    assert Message.objects.get().user_id == guest.pk
    row = next(iter(rows(guest, None, NOW)))
    assert (str(row.title), row.due) == (
        "Invitation à rejoindre Nord",
        NOW + invitations.ANSWERED_WITHIN,
    )


def test_an_accepted_invitation_gives_the_role_once(
    organisation: Organisation, owner: User
) -> None:
    guest = person("Di", "di@sud.ca")
    invitation = invite(organisation, owner)
    for _click in range(2):
        membership = invitations.accept_invitation(invitation=invitation, actor=guest, now=LATER)
        assert (membership.user, membership.role) == (guest, Role.EDITOR)
    assert roles_of(organisation) == {"Ana": "owner", "Di": "editor"}
    assert mails("invitation_answered") == [("ana@nord.ca", "Di a rejoint Nord")]
    assert actions() == ["invitation.invited", "invitation.accepted", "membership.joined"]
    members.remove_member(membership=membership, actor=owner, now=LATER)
    # Used is used: the link does not bring back who was removed.
    with pytest.raises(invitations.InvitationOver):
        invitations.accept_invitation(invitation=invitation, actor=guest, now=LATER)


def test_only_the_address_that_was_invited_answers(organisation: Organisation, owner: User) -> None:
    invitation, other = invite(organisation, owner), person("Eve", "eve@sud.ca")
    EmailAddress.objects.create(user=other, email="di@sud.ca", verified=False)
    for answer in (invitations.accept_invitation, invitations.decline_invitation):
        with pytest.raises(invitations.InvitationOfAnother):
            answer(invitation=invitation, actor=other, now=LATER)
    EmailAddress.objects.filter(user=other).update(verified=True)
    invitations.accept_invitation(invitation=invitation, actor=other, now=LATER)
    assert roles_of(organisation) == {"Ana": "owner", "Eve": "editor"}


def test_a_member_is_not_invited_again(organisation: Organisation, owner: User) -> None:
    member = belong(organisation, Role.VIEWER)
    with pytest.raises(invitations.BelongsAlready, match=r"Bo appartient déjà.*Lecture"):
        invite(organisation, owner, member.user.email.upper())
    EmailAddress.objects.create(user=member.user, email="bo@autre.ca", verified=True)
    with pytest.raises(invitations.BelongsAlready):
        invite(organisation, owner, "bo@autre.ca")
    assert not Invitation.objects.exists()
    assert not mails("invitation")


def test_one_invitation_waits_at_a_time(organisation: Organisation, owner: User) -> None:
    first = invite(organisation, owner)
    last = NOW + invitations.ANSWERED_WITHIN
    with pytest.raises(invitations.InvitedAlready):
        invite(organisation, owner, now=last)
    second = invite(organisation, owner, now=last + SECOND)
    first.refresh_from_db()
    assert (first.state, second.state) == (InvitationState.LAPSED, InvitationState.PENDING)


def test_fourteen_days_then_nothing(organisation: Organisation, owner: User) -> None:
    guest, invitation = person("Di", "di@sud.ca"), invite(organisation, owner)
    over = NOW + invitations.ANSWERED_WITHIN + SECOND
    with pytest.raises(invitations.InvitationLapsed):
        invitations.accept_invitation(invitation=invitation, actor=guest, now=over)
    invitations.resend_invitation(invitation=invitation, actor=owner, now=over)
    invitations.accept_invitation(invitation=invitation, actor=guest, now=over + SECOND)
    assert roles_of(organisation)["Di"] == "editor"


def test_sent_again_but_nobody_is_pestered(organisation: Organisation, owner: User) -> None:
    invitation, now = invite(organisation, owner), NOW
    with pytest.raises(invitations.MailedEnough):
        invitations.resend_invitation(
            invitation=invitation, actor=owner, now=NOW + timedelta(minutes=59)
        )
    for _mail in range(4):
        now += timedelta(hours=1)
        invitations.resend_invitation(invitation=invitation, actor=owner, now=now)
    with pytest.raises(invitations.MailedEnough):
        invitations.resend_invitation(
            invitation=invitation, actor=owner, now=now + timedelta(days=1)
        )
    assert len(mails("invitation")) == 5


def test_a_revoked_one_is_worth_nothing(organisation: Organisation, owner: User) -> None:
    guest, invitation = person("Di", "di@sud.ca"), invite(organisation, owner)
    for _click in range(2):
        invitations.revoke_invitation(invitation=invitation, actor=owner, now=LATER)
    with pytest.raises(invitations.InvitationOver):
        invitations.accept_invitation(invitation=invitation, actor=guest, now=LATER)
    with pytest.raises(invitations.InvitationOver):
        invitations.resend_invitation(invitation=invitation, actor=owner, now=LATER)
    assert invite(organisation, owner, now=LATER).pk != invitation.pk
    assert actions().count("invitation.revoked") == 1


def test_declined_is_told(organisation: Organisation, owner: User) -> None:
    guest, invitation = person("Di", "di@sud.ca"), invite(organisation, owner)
    for _click in range(2):
        invitations.decline_invitation(invitation=invitation, actor=guest, now=LATER)
    assert mails("invitation_answered") == [("ana@nord.ca", "Di décline l’invitation de Nord")]
    assert roles_of(organisation) == {"Ana": "owner"}


def test_who_came_in_meanwhile_keeps_their_role(organisation: Organisation, owner: User) -> None:
    guest, invitation = person("Di", "di@sud.ca"), invite(organisation, owner, role=Role.VIEWER)
    Membership.objects.create(user=guest, organisation=organisation, role=Role.FINANCE)
    invitations.accept_invitation(invitation=invitation, actor=guest, now=LATER)
    assert roles_of(organisation)["Di"] == "finance"
    assert "membership.joined" not in actions()


@pytest.mark.parametrize(
    "email",
    ["", "di", "di@", "@sud.ca", "di@sud.ca\nBcc: x@y.ca", "di@p\u0430ypal.ca", "a" * 10_000],
)
def test_what_is_no_address_is_refused(organisation: Organisation, owner: User, email: str) -> None:
    with pytest.raises(TextRefused):
        invite(organisation, owner, email)
    assert not Invitation.objects.exists()


def test_no_more_than_fifty_wait(organisation: Organisation, owner: User) -> None:
    values = {"role": Role.VIEWER, "invited_at": NOW, "last_mail_at": NOW}
    Invitation.objects.bulk_create(
        Invitation(
            organisation=organisation,
            email=f"p{n}@sud.ca",
            answer_by=NOW + timedelta(days=n + 1),
            **values,
        )
        for n in range(50)
    )
    with pytest.raises(invitations.TooManyInvitations):
        invite(organisation, owner)
    assert invite(organisation, owner, now=NOW + timedelta(days=1, seconds=1))


def test_revoked_and_invited_again_an_address_is_not_filled(
    organisation: Organisation, owner: User
) -> None:
    for _again in range(5):
        sent = invite(organisation, owner)
        invitations.revoke_invitation(invitation=sent, actor=owner, now=NOW)
    other = create_organisation(
        name="Sud", kind="startup", language="fr", actor=person("Eve"), now=NOW
    ).organisation
    for host, actor in ((organisation, owner), (other, other.memberships.get().user)):
        with pytest.raises(invitations.InvitedEnough):
            invite(host, actor)
    assert len(mails("invitation")) == 5
    assert invite(organisation, owner, "autre@sud.ca")
    assert invite(organisation, owner, now=NOW + timedelta(days=1, seconds=1))


def test_nobody_invites_a_town(organisation: Organisation, owner: User) -> None:
    values = {"role": Role.VIEWER, "invited_by": owner, "invited_at": NOW, "last_mail_at": NOW}
    Invitation.objects.bulk_create(
        Invitation(
            organisation=organisation,
            email=f"p{n}@sud.ca",
            answer_by=LATER,
            state="revoked",
            settled_at=NOW,
            **values,
        )
        for n in range(100)
    )
    with pytest.raises(invitations.InvitedEnough):
        invite(organisation, owner)


def test_an_account_that_is_closed_meanwhile_does_not_come_in(
    organisation: Organisation, owner: User
) -> None:
    guest, invitation = person("Di", "di@sud.ca"), invite(organisation, owner)
    asked = join_requests.ask_to_join(organisation=organisation, actor=guest, now=NOW)
    User.objects.filter(pk=guest.pk).update(is_active=False)
    for move in (
        lambda: invitations.accept_invitation(invitation=invitation, actor=guest, now=LATER),
        lambda: join_requests.accept_request(
            request=asked, role=Role.EDITOR, actor=owner, now=LATER
        ),
        lambda: create_organisation(
            name="Est", kind="startup", language="fr", actor=guest, now=LATER
        ),
    ):
        with pytest.raises(NotAllowed):
            move()
    assert roles_of(organisation) == {"Ana": "owner"}
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize("role", [Role.EDITOR, Role.FINANCE, Role.VIEWER])
def test_only_owners_invite_and_change(organisation: Organisation, owner: User, role: str) -> None:
    other, actor = belong(organisation, name="Cy"), belong(organisation, role).user
    invitation = invite(organisation, owner)
    for move in (
        lambda: invite(organisation, actor, "x@y.ca"),
        lambda: invitations.resend_invitation(invitation=invitation, actor=actor, now=LATER),
        lambda: invitations.revoke_invitation(invitation=invitation, actor=actor, now=LATER),
        lambda: members.change_role(membership=other, role=Role.VIEWER, actor=actor, now=LATER),
        lambda: members.remove_member(membership=other, actor=actor, now=LATER),
        lambda: offer(organisation, actor, other.user),
        lambda: close_organisation(organisation=organisation, actor=actor, now=LATER),
        lambda: details(organisation, actor),
    ):
        with pytest.raises(NotAllowed):
            move()
    assert actions() == ["invitation.invited"]


# ---- roles --------------------------------------------------------------------------------------


def test_a_new_role_is_told_once(organisation: Organisation, owner: User) -> None:
    member = belong(organisation)
    for _click in range(2):
        members.change_role(membership=member, role=Role.FINANCE, actor=owner, now=LATER)
    assert mails("membership_changed") == [(member.user.email, "Votre rôle dans Nord a changé")]
    assert "Finances" in Message.objects.get().text
    line = AuditEntry.objects.order_by("-sequence")[0]
    assert (line.action, line.public) == (
        "membership.role_changed",
        {
            "organisation": organisation.pk,
            "person": member.user_id,
            "before": "editor",
            "after": "finance",
        },
    )


def test_nobody_is_made_an_owner_without_a_yes(organisation: Organisation, owner: User) -> None:
    member = belong(organisation)
    for role in (Role.OWNER, "chief", ""):
        with pytest.raises(NotAllowed):
            members.change_role(membership=member, role=role, actor=owner, now=LATER)
        with pytest.raises(NotAllowed):
            invite(organisation, owner, role=role)


def test_the_last_owner_stays(organisation: Organisation, owner: User) -> None:
    mine = organisation.memberships.get()
    belong(organisation)
    gone = belong(organisation, Role.OWNER, "Parti")
    User.objects.filter(pk=gone.user_id).update(is_active=False)
    for move in (
        lambda: members.change_role(membership=mine, role=Role.VIEWER, actor=owner, now=LATER),
        lambda: members.remove_member(membership=mine, actor=owner, now=LATER),
        lambda: members.leave_organisation(organisation=organisation, actor=owner, now=LATER),
    ):
        with pytest.raises(LastOwner):
            move()
    assert roles_of(organisation)["Ana"] == "owner"
    assert actions() == []


def test_one_of_two_owners_may_go(organisation: Organisation, owner: User) -> None:
    second = belong(organisation, Role.OWNER)
    members.leave_organisation(organisation=organisation, actor=owner, now=LATER)
    assert roles_of(organisation) == {"Bo": "owner"}
    assert mails("member_left") == [(second.user.email, "Ana a quitté Nord")]
    with pytest.raises(NoLongerMember):
        members.leave_organisation(organisation=organisation, actor=owner, now=LATER)


def test_one_who_is_removed_is_told_and_reads_nothing(
    organisation: Organisation, owner: User
) -> None:
    member = belong(organisation)
    members.remove_member(membership=member, actor=owner, now=LATER)
    assert mails("membership_changed") == [(member.user.email, "Vous n’appartenez plus à Nord")]
    assert not Organisation.objects.visible_to(member.user).exists()
    with pytest.raises(NoLongerMember):
        members.remove_member(membership=member, actor=owner, now=LATER)


# ---- ownership ----------------------------------------------------------------------------------


def offer(organisation: Organisation, actor: User, to: User, **more: Any) -> OwnershipOffer:
    values = {"stays_owner": False, "now": NOW, **more}
    return ownership.offer_ownership(organisation=organisation, to=to, actor=actor, **values)


def accept(made: OwnershipOffer, actor: User, now: datetime = LATER) -> OwnershipOffer:
    return ownership.accept_ownership(offer=made, actor=actor, now=now)


def test_nothing_changes_until_the_other_accepts(organisation: Organisation, owner: User) -> None:
    heir = belong(organisation).user
    made = offer(organisation, owner, heir)
    assert offer(organisation, owner, heir, now=LATER) == made
    assert roles_of(organisation) == {"Ana": "owner", "Bo": "editor"}
    assert mails("ownership_offered") == [
        (heir.email, "Ana vous propose d’être propriétaire de Nord")
    ]
    assert str(next(iter(rows(heir, None, NOW))).title) == "Être propriétaire de Nord"
    for _click in range(2):
        accept(made, heir)
    assert roles_of(organisation) == {"Ana": "editor", "Bo": "owner"}
    assert mails("ownership_answered") == [
        ("ana@nord.ca", "Bo est maintenant propriétaire de Nord")
    ]
    assert actions() == [
        "ownership.offered",
        "ownership.accepted",
        "membership.role_changed",
        "membership.role_changed",
    ]


def test_two_may_own_together(organisation: Organisation, owner: User) -> None:
    heir = belong(organisation).user
    accept(offer(organisation, owner, heir, stays_owner=True), heir)
    assert roles_of(organisation) == {"Ana": "owner", "Bo": "owner"}
    with pytest.raises(ownership.OwnsAlready):
        offer(organisation, owner, heir)


def test_seven_days_then_nothing(organisation: Organisation, owner: User) -> None:
    heir = belong(organisation).user
    made, last = offer(organisation, owner, heir), NOW + timedelta(days=7)
    with pytest.raises(ownership.OfferSettled):
        accept(made, heir, last + SECOND)
    again = offer(organisation, owner, heir, now=last + SECOND)
    made.refresh_from_db()
    assert (made.state, again.state) == (OwnershipOfferState.LAPSED, OwnershipOfferState.PENDING)
    accept(again, heir, last + SECOND + timedelta(days=7))
    assert roles_of(organisation)["Bo"] == "owner"


def test_other_terms_replace_the_offer(organisation: Organisation, owner: User) -> None:
    heir = belong(organisation).user
    made = offer(organisation, owner, heir)
    again = offer(organisation, owner, heir, stays_owner=True)
    made.refresh_from_db()
    assert (made.state, again.state) == (
        OwnershipOfferState.WITHDRAWN,
        OwnershipOfferState.PENDING,
    )
    with pytest.raises(ownership.OfferSettled):
        accept(made, heir)


def test_refused_is_told_and_withdrawn_is_over(organisation: Organisation, owner: User) -> None:
    heir = belong(organisation).user
    made = offer(organisation, owner, heir)
    for _click in range(2):
        ownership.refuse_ownership(offer=made, actor=heir, now=LATER)
    assert mails("ownership_answered") == [("ana@nord.ca", "Bo refuse d’être propriétaire de Nord")]
    again = offer(organisation, owner, heir, now=LATER)
    for _click in range(2):
        ownership.withdraw_offer(offer=again, actor=owner, now=LATER)
    with pytest.raises(ownership.OfferSettled):
        accept(again, heir)
    assert roles_of(organisation) == {"Ana": "owner", "Bo": "editor"}


def test_only_the_one_it_was_made_to_answers(organisation: Organisation, owner: User) -> None:
    heir, other = belong(organisation).user, belong(organisation, name="Cy").user
    made = offer(organisation, owner, heir)
    for answer in (ownership.accept_ownership, ownership.refuse_ownership):
        for actor in (other, owner):
            with pytest.raises(NotAllowed):
                answer(offer=made, actor=actor, now=LATER)


def test_who_no_longer_owns_has_nothing_to_hand_over(
    organisation: Organisation, owner: User
) -> None:
    heir, second = belong(organisation).user, belong(organisation, Role.OWNER, "Cy").user
    made = offer(organisation, owner, heir)
    mine = organisation.memberships.get(user=owner)
    members.change_role(membership=mine, role=Role.EDITOR, actor=second, now=LATER)
    with pytest.raises(ownership.OfferSettled):
        accept(made, heir)
    assert roles_of(organisation) == {"Ana": "editor", "Bo": "editor", "Cy": "owner"}


def test_who_left_is_offered_nothing_any_more(organisation: Organisation, owner: User) -> None:
    member = belong(organisation)
    made = offer(organisation, owner, member.user)
    members.leave_organisation(organisation=organisation, actor=member.user, now=LATER)
    made.refresh_from_db()
    assert made.state == OwnershipOfferState.LAPSED
    with pytest.raises(NoLongerMember):
        offer(organisation, owner, member.user)


# ---- details, closing ---------------------------------------------------------------------------


def details(organisation: Organisation, actor: User, **more: str) -> Organisation:
    values = {"name": "Nord", "neq": "", "website": "", "language": "en", **more}
    return change_details(organisation=organisation, actor=actor, now=LATER, **values)


def test_details_are_corrected_and_said(organisation: Organisation, owner: User) -> None:
    details(organisation, owner)
    assert actions() == []
    details(organisation, owner, name=" Nord\u200b  Inc. ", neq="1145 678 901")
    organisation.refresh_from_db()
    assert (organisation.name, organisation.neq, organisation.slug) == (
        "Nord Inc.",
        "1145678901",
        "nord",
    )
    line = AuditEntry.objects.order_by("-sequence")[0]
    assert (line.action, line.public) == (
        "organisation.details_changed",
        {"fields": ["name", "neq"], "unlike": []},
    )
    other = create_organisation(
        name="Sud", kind="startup", language="fr", actor=person("Eve"), now=NOW
    ).organisation
    with pytest.raises(NumberTaken):
        details(other, other.memberships.get().user, name="Sud", neq="1145678901")


def test_closed_it_is_read_and_nothing_else(organisation: Organisation, owner: User) -> None:
    details(organisation, owner, neq="1145678901")
    member, asker = belong(organisation), person("Di", "di@sud.ca")
    invitation = invite(organisation, owner)
    asked = join_requests.ask_to_join(organisation=organisation, actor=person("Cy"), now=NOW)
    made = offer(organisation, owner, member.user)
    for _click in range(2):
        close_organisation(organisation=organisation, actor=owner, now=LATER)
    for record in (organisation, invitation, asked, made):
        record.refresh_from_db()
    assert organisation.closed_at == LATER
    assert (invitation.state, asked.state, made.state) == ("revoked", "lapsed", "lapsed")
    assert mails("organisation_closed") == [(member.user.email, "Nord est fermée")]
    assert actions().count("organisation.closed") == 1
    assert [right for right in rules.RIGHTS_IN_WORDS if rules.can(owner, right, organisation)] == [
        "view"
    ]
    with pytest.raises(OrganisationClosed):
        invitations.accept_invitation(invitation=invitation, actor=asker, now=LATER)
    with pytest.raises(OrganisationClosed):
        invite(organisation, owner, "x@y.ca")
    with pytest.raises(OrganisationClosed):
        join_requests.ask_to_join(organisation=organisation, actor=asker, now=LATER)
    # The number is free, and the name too.
    again = create_organisation(
        name="Nord", kind="startup", language="fr", neq="1145678901", actor=owner, now=LATER
    )
    assert again.is_new
    members.leave_organisation(organisation=organisation, actor=owner, now=LATER)
    assert roles_of(organisation) == {"Bo": "editor"}


def test_what_is_under_way_keeps_it_open() -> None:
    now = datetime.now(UTC)
    startup = factories.make_startup(person("Ana"))
    owner, organisation = startup.organisation.memberships.get().user, startup.organisation
    pilot = factories.make_pilot(startup)
    with pytest.raises(Incomplete) as refused:
        close_organisation(organisation=organisation, actor=owner, now=now)
    assert [pilot.title in problem for problem in refused.value.problems] == [True]
    type(pilot).objects.filter(pk=pilot.pk).update(state="cancelled")
    close_organisation(organisation=organisation, actor=owner, now=now)
    startup.refresh_from_db()
    assert (startup.state, startup.live) == (ListingState.CLOSED, True)


def test_the_database_refuses_what_cannot_be(organisation: Organisation, owner: User) -> None:
    dates = {"invited_at": NOW, "last_mail_at": NOW, "answer_by": LATER}
    for wrong in (
        {"email": "A@b.ca"},
        {"role": Role.OWNER},
        {"state": "accepted"},
        {"settled_at": NOW},
        {"answer_by": NOW},
    ):
        values = {"email": "a@b.ca", "role": Role.VIEWER, **dates, **wrong}
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.create(organisation=organisation, **values)
    offered = {"offered_by": owner, "offered_at": NOW, "answer_by": LATER}
    for wrong in ({}, {"state": "accepted"}, {"answer_by": NOW}):
        to = {} if wrong else {"offered_to": owner}
        values = {"offered_to": belong(organisation).user, **offered, **to, **wrong}
        with pytest.raises(IntegrityError), transaction.atomic():
            OwnershipOffer.objects.create(organisation=organisation, **values)
