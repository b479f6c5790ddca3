"""Accounts in the administration: no way round the verbs."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from core.accounts import roles
from core.accounts.models import Organisation, User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    settings.DEBUG = True


@pytest.fixture
def admin() -> Client:
    """The one account that every permission check lets through."""
    client = Client()
    client.force_login(
        factories.make_user("racine", roles.ADMINISTRATORS, is_demo=True, is_superuser=True)
    )
    return client


@pytest.fixture
def owner() -> User:
    person = factories.make_user("seule")
    factories.make_startup(person)
    return person


def several(action: str, person: User) -> str:
    bulk = reverse("wagtail_bulk_action", args=["accounts", "user", action])
    return f"{bulk}?id={person.pk}&next=/admin/users/"


def said(response: Any) -> str:
    """What this answer adds; those of before wait for a page that shows them."""
    return "\n".join(str(each) for each in get_messages(response.wsgi_request)._queued_messages)


def test_nobody_deletes_an_account_behind_its_person(admin: Client, owner: User) -> None:
    for address in (
        reverse("wagtailusers_users:delete", args=[owner.pk]),
        several("delete", owner),
    ):
        answer = admin.post(address)
        assert answer.status_code == 302
        assert "Rien n’a été supprimé" in said(answer)
    assert User.objects.filter(pk=owner.pk).exists()
    assert not Organisation.objects.without_owner().exists()


def test_closing_the_account_of_an_only_owner_says_what_is_left(admin: Client, owner: User) -> None:
    (organisation,) = Organisation.objects.of_member(owner)
    closed = admin.post(several("set_active_state", owner), {"mark_as_active": "False"})
    assert organisation.name in said(closed)
    assert list(Organisation.objects.without_owner()) == [organisation]
    opened = admin.post(several("set_active_state", owner), {"mark_as_active": "True"})
    assert organisation.name not in said(opened)
    assert not Organisation.objects.without_owner().exists()


def test_one_owner_more_and_nothing_is_said(admin: Client, owner: User) -> None:
    (organisation,) = Organisation.objects.of_member(owner)
    other = factories.make_user("autre")
    organisation.memberships.create(user=other, role="owner")
    closed = admin.post(several("set_active_state", owner), {"mark_as_active": "False"})
    assert organisation.name not in said(closed)
