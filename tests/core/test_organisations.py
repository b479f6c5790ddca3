"""Organisations come to be once; who asks to join one is answered by its owners, once."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from core.accounts.domain import join_requests as joining
from core.accounts.domain.organisations import (
    MAKING_LOCK,
    EnoughMade,
    Made,
    MayBeHereAlready,
    create_organisation,
)
from core.accounts.doubles import Likeness
from core.accounts.enums import JoinRequestState
from core.accounts.models import JoinRequest, Membership, Organisation, Role, User
from core.accounts.workspace import rows
from core.audit.models import AuditEntry, AuditPrivate
from core.exceptions import NotAllowed
from core.notifications.models import Message
from core.text import TextRefused
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)


def person(email: str = "", **fields: Any) -> User:
    user = factories.make_user("Camille", **fields)
    if email:
        User.objects.filter(pk=user.pk).update(email=email)
        user.refresh_from_db()
    return user


def make(actor: User, name: str = "Atelier Nord", **fields: Any) -> Made:
    values = {"kind": "startup", "language": "fr", "actor": actor, "now": NOW, **fields}
    return create_organisation(name=name, **values)


@pytest.fixture
def owner() -> User:
    return person("ana@atelier-nord.ca")


@pytest.fixture
def organisation(owner: User) -> Organisation:
    return make(owner, neq="1145678901").organisation


@pytest.fixture
def asker() -> User:
    return person("bo@gmail.com")


# ---- making one ---------------------------------------------------------------------------------


def test_whoever_makes_it_owns_it(owner: User) -> None:
    made = make(owner, "  Atelier\u200b   Nord ", neq="1145 678 901")
    organisation = made.organisation
    assert made.is_new
    assert (organisation.name, organisation.slug) == ("Atelier Nord", "atelier-nord")
    assert (organisation.neq, organisation.email_domain) == ("1145678901", "atelier-nord.ca")
    assert organisation.memberships.get().user == owner
    assert organisation.memberships.get().role == Role.OWNER
    line = AuditEntry.objects.get()
    assert (line.action, line.actor_id) == ("organisation.created", owner.pk)
    assert line.public == {"kind": "startup", "owner": owner.pk, "unlike": []}
    assert AuditPrivate.objects.get().data["name"] == "Atelier Nord"


def test_a_public_provider_gives_no_domain(asker: User) -> None:
    assert make(asker).organisation.email_domain == ""
    other = person("di@gmail.com")
    assert make(other, "Autre chose").organisation.email_domain == ""


def test_made_again_by_the_same_hand_it_stays_one(owner: User) -> None:
    first, second = make(owner), make(owner, "ATELIER NORD inc.")
    assert (first.is_new, second.is_new) == (True, False)
    assert first.organisation == second.organisation
    assert Organisation.objects.count() == Membership.objects.count() == 1
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("email", "fields", "likeness"),
    [
        ("bo@gmail.com", {"name": "Atelier  nord Inc."}, [Likeness.NAME]),
        ("bo@gmail.com", {"name": "Atelier Nort"}, [Likeness.NAME]),
        ("bo@atelier-nord.ca", {"name": "Tout autre nom"}, [Likeness.DOMAIN]),
        (
            "bo@gmail.com",
            {"name": "Tout autre nom", "website": "https://www.atelier-nord.ca/fr/"},
            [Likeness.DOMAIN],
        ),
        ("bo@gmail.com", {"name": "Tout autre nom", "neq": "1145678901"}, [Likeness.NUMBER]),
    ],
)
def test_one_that_may_be_here_already_is_shown(
    organisation: Organisation, email: str, fields: dict[str, str], likeness: list[Likeness]
) -> None:
    newcomer = person(email)
    with pytest.raises(MayBeHereAlready) as refused:
        make(newcomer, **fields)
    assert [(m.pk, m.name) for m in refused.value.matches] == [(organisation.pk, "Atelier Nord")]
    assert list(refused.value.matches[0].likeness) == likeness
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize("name", ["Atelier Sud", "Nord", "Coop Atelier de la rue du Nord"])
def test_a_name_that_is_not_close_is_free(organisation: Organisation, name: str) -> None:
    assert make(person("bo@gmail.com"), name).is_new


def test_one_may_say_that_it_is_another(organisation: Organisation) -> None:
    made = make(person("bo@gmail.com"), others=[organisation.pk])
    assert made.is_new
    assert made.organisation.slug == "atelier-nord-2"
    line = AuditEntry.objects.order_by("sequence").last()
    assert line is not None
    assert line.public["unlike"] == [organisation.pk]


def test_a_match_that_was_not_shown_is_shown(organisation: Organisation) -> None:
    other = make(person("bo@gmail.com"), others=[organisation.pk]).organisation
    with pytest.raises(MayBeHereAlready) as refused:
        make(person("di@gmail.com"), others=[organisation.pk])
    assert {m.pk for m in refused.value.matches} == {organisation.pk, other.pk}


def test_an_enterprise_number_belongs_to_one(organisation: Organisation) -> None:
    with pytest.raises(MayBeHereAlready) as refused:
        make(person("bo@gmail.com"), "Autre", neq="1145678901", others=[organisation.pk])
    assert refused.value.matches[0].is_certain
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(name="x", slug="x", kind="startup", neq="1145678901")


@pytest.mark.parametrize(
    "fields",
    [
        {"neq": "4445678901"},
        {"neq": "114567890"},
        {"neq": "11456789012"},
        {"neq": "1145678901\n2"},
        {"neq": "١١٤٥٦٧٨٩٠١"},
        {"name": "x" * 10_000},
        {"name": "\u200b\x00"},
        {"name": "Ate\u043bier"},
        {"website": "javascript:alert(1)"},
        {"website": "https://p\u0430ypal.com/"},
    ],
)
def test_what_cannot_be_is_refused(asker: User, fields: dict[str, str]) -> None:
    with pytest.raises(TextRefused):
        make(asker, **fields)
    assert Organisation.objects.count() == AuditEntry.objects.count() == 0


def test_nobody_makes_a_department_of_the_city(asker: User) -> None:
    with pytest.raises(NotAllowed):
        make(asker, kind="city")


@pytest.mark.parametrize("name", ["株式会社", "Ателье", "—A—"])
def test_every_name_has_an_address(asker: User, name: str) -> None:
    assert make(asker, name).organisation.slug in {"organisation", "a"}


def test_who_makes_at_the_same_instant_waits_for_the_first(owner: User) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL: several writers at once; SQLite holds the write lock")

    def is_free() -> bool:
        with closing(connection.copy()) as elsewhere, elsewhere.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [MAKING_LOCK])
            return bool(cursor.fetchone()[0])

    assert is_free()
    make(owner)
    assert not is_free()


# ---- asking to join -----------------------------------------------------------------------------


def ask(organisation: Organisation, actor: User, now: datetime = NOW, text: str = "") -> Any:
    return joining.ask_to_join(organisation=organisation, actor=actor, now=now, message=text)


@pytest.fixture
def asked(organisation: Organisation, asker: User) -> Any:
    return ask(organisation, asker, text="Bonjour,\r\nje travaille ici.\u202e")


def accept(request: JoinRequest, actor: User, role: str = Role.EDITOR, now: Any = LATER) -> Any:
    return joining.accept_request(request=request, role=role, actor=actor, now=now)


def refuse(request: JoinRequest, actor: User, now: datetime = LATER) -> JoinRequest:
    return joining.refuse_request(request=request, actor=actor, now=now)


def mails(event: str) -> list[tuple[str, str]]:
    found = Message.objects.filter(event=event).order_by("pk")
    return list(found.values_list("to_email", "subject"))


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("sequence").values_list("action", flat=True))


def test_owners_are_told_and_nobody_else(organisation: Organisation, asker: User) -> None:
    second, viewer, gone = person("eve@x.ca"), person("vi@x.ca"), person("go@x.ca", is_active=False)
    for user, role in ((second, Role.OWNER), (viewer, Role.VIEWER), (gone, Role.OWNER)):
        Membership.objects.create(user=user, organisation=organisation, role=role)
    ask(organisation, asker, text="Je suis de l’équipe.")
    told = dict(mails("join_asked"))
    assert sorted(told) == ["ana@atelier-nord.ca", "eve@x.ca"]
    assert set(told.values()) == {"Une personne demande à se joindre à Atelier Nord"}
    text = Message.objects.filter(event="join_asked")[0].text
    assert "Camille (bo@gmail.com)" in text
    assert "Je suis de l’équipe." in text
    assert f"/fr/espace/organisations/{organisation.pk}/demandes/" in text
    assert not asker.memberships.exists()


def test_asking_twice_is_asking_once(asked: JoinRequest, asker: User) -> None:
    assert ask(asked.organisation, asker, LATER) == asked
    assert len(mails("join_asked")) == 1
    assert actions() == ["organisation.created", "join_request.asked"]
    assert asked.message == "Bonjour,\nje travaille ici."
    public = AuditEntry.objects.get(action="join_request.asked").public
    assert public == {"organisation": asked.organisation_id}


def test_accepted_one_belongs_and_is_told(asked: JoinRequest, owner: User, asker: User) -> None:
    assert accept(asked, owner).state == JoinRequestState.ACCEPTED
    assert accept(asked, owner, Role.FINANCE).state == JoinRequestState.ACCEPTED
    assert asker.memberships.get().role == Role.EDITOR
    assert mails("join_answered") == [("bo@gmail.com", "Vous appartenez maintenant à Atelier Nord")]
    line = AuditEntry.objects.get(action="join_request.accepted")
    assert (line.actor_id, line.public) == (
        owner.pk,
        {"organisation": asked.organisation_id, "person": asker.pk, "role": "editor"},
    )


def test_refused_one_does_not_belong_and_is_told(
    asked: JoinRequest, owner: User, asker: User
) -> None:
    assert refuse(asked, owner).state == JoinRequestState.REFUSED
    assert refuse(asked, owner).state == JoinRequestState.REFUSED
    assert not asker.memberships.exists()
    assert mails("join_answered") == [
        ("bo@gmail.com", "Votre demande d’adhésion à Atelier Nord est refusée")
    ]
    assert actions()[-1] == "join_request.refused"


def test_one_answer_stands(asked: JoinRequest, owner: User, asker: User) -> None:
    refuse(asked, owner)
    with pytest.raises(joining.AlreadySettled):
        accept(asked, owner)
    with pytest.raises(joining.AlreadySettled):
        joining.withdraw_request(request=asked, actor=asker, now=LATER)
    assert not asker.memberships.exists()
    assert len(mails("join_answered")) == 1


@pytest.mark.parametrize("role", [Role.EDITOR, Role.FINANCE, Role.VIEWER, None])
def test_only_owners_answer(asked: JoinRequest, role: str | None) -> None:
    other = person("vi@x.ca")
    if role:
        Membership.objects.create(user=other, organisation=asked.organisation, role=role)
    for answer in (accept, refuse):
        with pytest.raises(NotAllowed):
            answer(asked, other)
    asked.refresh_from_db()
    assert asked.state == JoinRequestState.PENDING


def test_nobody_lets_themselves_in(asked: JoinRequest, asker: User) -> None:
    with pytest.raises(NotAllowed):
        accept(asked, asker)


def test_nobody_comes_in_as_an_owner(asked: JoinRequest, owner: User) -> None:
    for role in (Role.OWNER, "", "chief"):
        with pytest.raises(NotAllowed):
            accept(asked, owner, role)


def test_who_came_in_meanwhile_keeps_their_role(
    asked: JoinRequest, owner: User, asker: User
) -> None:
    Membership.objects.create(user=asker, organisation=asked.organisation, role=Role.FINANCE)
    accept(asked, owner)
    assert asker.memberships.get().role == Role.FINANCE
    assert AuditEntry.objects.order_by("-sequence")[0].public["role"] == "finance"


def test_a_request_is_taken_back_by_whoever_asked(
    asked: JoinRequest, owner: User, asker: User
) -> None:
    with pytest.raises(NotAllowed):
        joining.withdraw_request(request=asked, actor=owner, now=LATER)
    for _again in range(2):
        taken = joining.withdraw_request(request=asked, actor=asker, now=LATER)
        assert taken.state == JoinRequestState.WITHDRAWN
    assert actions()[2:] == ["join_request.withdrawn"]
    with pytest.raises(joining.AlreadySettled):
        accept(asked, owner)
    assert ask(asked.organisation, asker, LATER).pk != asked.pk


def test_a_request_without_an_answer_lapses(asked: JoinRequest, owner: User, asker: User) -> None:
    last = asked.asked_at + joining.ANSWERED_WITHIN
    after = last + timedelta(microseconds=1)
    assert list(JoinRequest.objects.waiting(last)) == [asked]
    assert list(JoinRequest.objects.waiting(after)) == []
    with pytest.raises(joining.AlreadySettled):
        accept(asked, owner, now=after)
    again = ask(asked.organisation, asker, after)
    asked.refresh_from_db()
    assert (asked.state, again.state) == (JoinRequestState.LAPSED, JoinRequestState.PENDING)
    assert accept(again, owner, now=after).state == JoinRequestState.ACCEPTED


def test_after_a_refusal_one_waits_a_week(asked: JoinRequest, owner: User, asker: User) -> None:
    refuse(asked, owner, NOW)
    with pytest.raises(joining.TooSoon):
        ask(asked.organisation, asker, NOW + joining.AGAIN_AFTER - timedelta(seconds=1))
    assert ask(asked.organisation, asker, NOW + joining.AGAIN_AFTER).pk != asked.pk


def test_one_does_not_ask_everywhere_at_once(owner: User, asker: User) -> None:
    names = ("Alpha", "Boréal", "Castor", "Delta", "Épinette", "Falaise")
    many = [
        make(owner, name, others=Organisation.objects.values_list("pk", flat=True))
        for name in names
    ]
    for made in many[:5]:
        ask(made.organisation, asker)
    with pytest.raises(joining.TooManyWaiting):
        ask(many[5].organisation, asker)


def test_taken_back_and_asked_again_owners_are_not_pressed(
    organisation: Organisation, asker: User
) -> None:
    for _again in range(3):
        asked = ask(organisation, asker)
        joining.withdraw_request(request=asked, actor=asker, now=NOW)
    with pytest.raises(joining.AskedEnough):
        ask(organisation, asker, LATER)
    assert len(mails("join_asked")) == 3
    assert ask(organisation, asker, NOW + timedelta(days=7))


def test_nobody_founds_a_whole_register(owner: User) -> None:
    def another(number: int, now: datetime = NOW) -> Made:
        everything = Organisation.objects.values_list("pk", flat=True)
        return make(owner, f"Nom {number * 7919}", others=list(everything), now=now)

    for number in range(10):
        another(number)
    with pytest.raises(EnoughMade):
        another(10)
    assert not another(9).is_new  # the second click still finds the first
    assert another(10, NOW + timedelta(days=1, seconds=1)).is_new


def test_a_member_has_nothing_to_ask(organisation: Organisation, owner: User) -> None:
    with pytest.raises(joining.AlreadyMember):
        ask(organisation, owner)


def test_without_an_owner_nobody_answers(asker: User) -> None:
    empty = Organisation.objects.create(name="Vide", slug="vide", kind="startup")
    with pytest.raises(joining.NobodyAnswers):
        ask(empty, asker)
    assert not JoinRequest.objects.exists()


def test_the_database_keeps_one_pending_request(asked: JoinRequest, asker: User) -> None:
    values = {"organisation": asked.organisation, "person": asker, "asked_at": NOW}
    for wrong in (
        {"answer_by": LATER},
        {"answer_by": LATER, "state": "refused"},
        {"answer_by": LATER, "state": "pending", "settled_at": NOW},
        {"answer_by": NOW, "state": "refused", "settled_at": NOW},
        {"answer_by": LATER, "state": "maybe", "settled_at": NOW},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            JoinRequest.objects.create(**values, **wrong)


def test_the_owners_workspace_says_who_asks(asked: JoinRequest, owner: User, asker: User) -> None:
    (row,) = rows(owner, None, LATER)
    assert str(row.title) == "Camille demande à se joindre à Atelier Nord"
    assert (row.due, row.url_kwargs) == (asked.answer_by, {"pk": asked.organisation_id})
    assert row.button
    assert list(rows(asker, None, LATER)) == []
    accept(asked, owner)
    assert list(rows(owner, None, LATER)) == []
