"""Accounts in the administration: opened, given roles and closed by verbs, never deleted."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.core import mail
from django.test import Client
from django.urls import reverse

from core import queue
from core.accounts import roles
from core.accounts.models import Organisation, User
from core.audit.models import AuditEntry
from core.notifications.models import Message
from tests import factories

pytestmark = pytest.mark.django_db
ADD = "wagtailusers_users:add"


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    """Demonstration accounts enter with their password alone, in development only."""
    settings.DEBUG = True


def signed(role: str, **fields: Any) -> Client:
    client = Client()
    client.force_login(factories.make_user("personnel", role, is_demo=True, **fields))
    return client


@pytest.fixture
def admin() -> Client:
    return signed(roles.ADMINISTRATORS)


@pytest.fixture
def root() -> Client:
    """The one account that every permission check lets through."""
    return signed(roles.ADMINISTRATORS, is_superuser=True)


@pytest.fixture
def owner() -> User:
    person = factories.make_user("seule")
    factories.make_startup(person)
    return person


def edit(person: User) -> str:
    return reverse("wagtailusers_users:edit", args=[person.pk])


def groups(*names: str) -> list[int]:
    return [Group.objects.get(name=name).pk for name in names]


def typed(person: User, **changes: Any) -> dict[str, Any]:
    """What the page of ``person`` sends when ``changes`` are made on it."""
    present = {
        "name": person.name,
        "language": person.language,
        "is_active": "on" if person.is_active else "",
        "groups": [group.pk for group in person.groups.all()],
    }
    return {name: value for name, value in {**present, **changes}.items() if value != ""}


def said(response: Any) -> str:
    """What this answer adds; those of before wait for a page that shows them."""
    return "\n".join(str(each) for each in get_messages(response.wsgi_request)._queued_messages)


class TestOpening:
    NEW = {"email": "Clerc@Ville.example", "name": "Commis aux permis", "language": "fr"}

    def test_the_person_is_told_and_signs_in_by_a_code(self, admin: Client) -> None:
        answer = admin.post(reverse(ADD), {**self.NEW, "groups": groups(roles.JURY_MEMBERS)})
        assert answer.status_code == 302, answer.context["form"].errors
        person = User.objects.get(email="clerc@ville.example")
        assert (person.name, person.has_usable_password()) == ("Commis aux permis", False)
        assert list(person.groups.values_list("name", flat=True)) == [roles.JURY_MEMBERS]
        (line,) = AuditEntry.objects.filter(action="person.account_opened")
        assert line.public == {"roles": [roles.JURY_MEMBERS]}
        (told,) = Message.objects.filter(event="account_opened")
        assert (told.to_email, told.user_id) == (person.email, person.pk)
        assert "/fr/compte/login/code/" in told.text
        queue.drain()
        mail.outbox.clear()

        theirs = Client()
        theirs.post(reverse("account_request_login_code"), {"email": person.email})
        queue.drain()
        (code,) = [word for word in mail.outbox[-1].body.split() if "-" in word and len(word) == 9]
        theirs.post(reverse("account_confirm_login_code"), {"code": code})
        assert theirs.get(reverse("workspace")).status_code == 200
        assert EmailAddress.objects.get(user=person).verified

    def test_one_address_one_account(self, admin: Client, owner: User) -> None:
        answer = admin.post(reverse(ADD), {**self.NEW, "email": owner.email.upper()})
        assert answer.status_code == 200
        assert "a déjà un compte" in answer.content.decode()
        assert answer.context["form"]["name"].value() == "Commis aux permis"
        assert not Message.objects.filter(event="account_opened").exists()

    @pytest.mark.parametrize(
        "wrong",
        [{"email": "pas une adresse"}, {"email": "a@vіlle.example"}, {"name": "а" + "dmin" * 2}],
    )
    def test_what_imitates_is_refused(self, admin: Client, wrong: dict[str, str]) -> None:
        before = User.objects.count()
        answer = admin.post(reverse(ADD), {**self.NEW, **wrong})
        assert answer.status_code == 200
        assert set(answer.context["form"].errors) == set(wrong)
        assert User.objects.count() == before

    @pytest.mark.parametrize("role", [role for role in roles.ALL if role != roles.ADMINISTRATORS])
    def test_by_administrators_alone(self, role: str) -> None:
        before = User.objects.count() + 1
        answer = signed(role).post(reverse(ADD), self.NEW)
        assert answer.status_code in (302, 403)
        assert User.objects.count() == before


class TestChanging:
    def test_roles_leave_a_line_and_the_address_stays(self, admin: Client, owner: User) -> None:
        address = owner.email
        sent = typed(owner, email="autre@ville.example", password1="x" * 20, password2="x" * 20)
        answer = admin.post(edit(owner), {**sent, "groups": groups(roles.FINANCE)})
        assert answer.status_code == 302, answer.context["form"].errors
        before = owner.password
        owner.refresh_from_db()
        assert (owner.email, owner.password) == (address, before)
        (line,) = AuditEntry.objects.filter(action="person.account_changed")
        assert line.public == {"fields": [], "roles": {"before": [], "after": [roles.FINANCE]}}

    def test_nothing_changed_nothing_said(self, admin: Client, owner: User) -> None:
        assert admin.post(edit(owner), typed(owner)).status_code == 302
        assert not AuditEntry.objects.filter(action="person.account_changed").exists()

    def test_closing_the_account_of_an_only_owner_says_what_is_left(
        self, admin: Client, owner: User
    ) -> None:
        (organisation,) = Organisation.objects.of_member(owner)
        theirs = Client()
        theirs.force_login(owner)
        closed = admin.post(edit(owner), typed(owner, is_active=""))
        assert organisation.name in said(closed)
        assert list(Organisation.objects.without_owner()) == [organisation]
        assert theirs.get(reverse("workspace")).status_code == 302
        owner.refresh_from_db()
        opened = admin.post(edit(owner), typed(owner, is_active="on"))
        assert organisation.name not in said(opened)
        assert not Organisation.objects.without_owner().exists()

    def test_one_owner_more_and_nothing_is_said(self, admin: Client, owner: User) -> None:
        (organisation,) = Organisation.objects.of_member(owner)
        organisation.memberships.create(user=factories.make_user("autre"), role="owner")
        assert organisation.name not in said(admin.post(edit(owner), typed(owner, is_active="")))

    @pytest.mark.parametrize("change", [{"is_active": ""}, {"groups": ""}])
    def test_nobody_closes_their_own_door(self, change: dict[str, str]) -> None:
        me = factories.make_user("moi", roles.ADMINISTRATORS, is_demo=True)
        client = Client()
        client.force_login(me)
        answer = client.post(edit(me), typed(me, **change))
        assert answer.status_code == 200
        assert "votre propre compte" in answer.content.decode()
        me.refresh_from_db()
        assert (me.is_active, me.groups.count()) == (True, 1)

    def test_who_set_the_site_up_is_out_of_reach(self, admin: Client) -> None:
        first = factories.make_user("racine", is_superuser=True)
        answer = admin.post(edit(first), typed(first, is_active=""))
        assert answer.status_code == 200
        first.refresh_from_db()
        assert first.is_active


class TestDeletion:
    def several(self, action: str, person: User) -> str:
        bulk = reverse("wagtail_bulk_action", args=["accounts", "user", action])
        return f"{bulk}?id={person.pk}&next=/admin/users/"

    def test_nobody_deletes_an_account_behind_its_person(self, root: Client, owner: User) -> None:
        answer = root.post(reverse("wagtailusers_users:delete", args=[owner.pk]))
        assert (answer.status_code, "Rien n’a été supprimé" in said(answer)) == (302, True)
        assert User.objects.filter(pk=owner.pk).exists()

    @pytest.mark.parametrize("action", ["delete", "set_active_state", "assign_role"])
    def test_nothing_is_done_to_several_at_once(
        self, root: Client, owner: User, action: str
    ) -> None:
        sent = {"mark_as_active": "False", "role": groups(roles.ADMINISTRATORS)}
        answer = root.post(self.several(action, owner), sent)
        assert (answer.status_code, "Rien n’a changé" in said(answer)) == (302, True)
        owner.refresh_from_db()
        assert (owner.is_active, owner.groups.count()) == (True, 0)

    def test_neither_is_offered(self, root: Client, owner: User) -> None:
        listed = root.get(reverse("wagtailusers_users:index")).content.decode()
        shown = root.get(edit(owner)).content.decode()
        assert owner.email in listed
        assert owner.email in shown
        assert "data-bulk-action-checkbox" not in listed
        for page in (listed, shown):
            assert "/delete/" not in page


def test_people_are_found_by_name(admin: Client, owner: User) -> None:
    index = reverse("wagtailusers_users:index")
    assert owner.email in admin.get(index, {"q": "seul"}).content.decode()
    assert owner.email not in admin.get(index, {"q": "introuvable"}).content.decode()
