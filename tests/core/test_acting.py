"""In whose name one acts: shown on every page, chosen anywhere; another tab changes nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cms.page_cache import pages
from core.accounts.models import Membership, Organisation, Role, User
from pilots.models import Application
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return factories.make_user("Ana")


@pytest.fixture
def mine(ana: User) -> list[Organisation]:
    made = [factories.make_startup(ana, name=name).organisation for name in ("Alpha", "Zoulou")]
    for organisation, name in zip(made, ("Alpha", "Zoulou"), strict=True):
        organisation.name = name
        organisation.save(update_fields=["name"])
    return made


@pytest.fixture
def tab(client: Client, ana: User) -> Client:
    client.force_login(ana)
    return client


def head(client: Client, address: str) -> str:
    answer = client.get(address, headers={"accept-language": "fr"})
    text = re.sub(r"\s+", " ", answer.content.decode())
    return text.partition("<header")[2].partition("</header>")[0]


def shown(client: Client, address: str | None = None) -> str:
    found = re.search(r"Au nom de</span> <b>([^<]*)</b>", head(client, address or public()))
    return found[1] if found else ""


def public() -> str:
    return reverse("challenge_list")


def switch_to(client: Client, organisation: Organisation) -> Any:
    return client.post(reverse("workspace_act_as", args=[organisation.pk]), follow=True)


def test_every_page_says_in_whose_name(tab: Client, mine: list[Organisation]) -> None:
    for name in ("challenge_list", "workspace", "organisation_list", "preferences", "notices"):
        assert shown(tab, reverse(name)) == "Alpha"
    assert shown(tab, "/fr/rien-ici/") == "Alpha"


def test_the_switch_is_on_every_page_and_changes_what_is_shown(
    tab: Client, mine: list[Organisation]
) -> None:
    alpha, zoulou = mine
    page = head(tab, public())
    assert page.count("<details") == 1
    (action,) = re.findall(r'<form method="post" action="([^"]+)">', page)
    assert action == reverse("workspace_act_as", args=[zoulou.pk])
    assert "csrfmiddlewaretoken" in page
    done = switch_to(tab, zoulou)
    assert done.redirect_chain == [(reverse("workspace"), 302)]
    assert "Vous agissez maintenant au nom de Zoulou." in done.content.decode()
    assert {shown(tab), shown(tab, reverse("workspace"))} == {"Zoulou"}
    assert reverse("workspace_act_as", args=[alpha.pk]) in head(tab, public())


def test_with_one_there_is_a_name_and_nothing_to_choose(
    tab: Client, mine: list[Organisation]
) -> None:
    mine[0].memberships.all().delete()
    page = head(tab, public())
    assert shown(tab) == "Zoulou"
    assert "<details" not in page
    assert "<form" not in page


@pytest.mark.parametrize("gone", ["closed", "left"])
def test_one_that_is_gone_is_not_shown(tab: Client, mine: list[Organisation], gone: str) -> None:
    switch_to(tab, mine[1])
    if gone == "closed":
        Organisation.objects.filter(pk=mine[1].pk).update(closed_at=timezone.now())
    else:
        mine[1].memberships.all().delete()
    assert shown(tab) == "Alpha"
    mine[0].memberships.all().delete()
    assert "Au nom de" not in head(tab, public())


def test_a_page_about_one_of_mine_is_in_its_name(tab: Client, mine: list[Organisation]) -> None:
    assert shown(tab, reverse("organisation_members", args=[mine[1].pk])) == "Zoulou"
    assert shown(tab, reverse("organisation_members", args=[mine[0].pk])) == "Alpha"
    assert shown(tab) == "Alpha"


def test_two_tabs_each_act_in_the_name_that_its_page_says(
    tab: Client, mine: list[Organisation], ana: User
) -> None:
    alpha, zoulou = mine
    start = reverse("application_start", args=[factories.make_challenge().slug])
    first_tab = tab.get(start).content.decode()
    assert f'<option value="{alpha.pk}" selected>' in first_tab
    switch_to(tab, zoulou)  # in the second tab
    sent = tab.post(start, {"organisation": str(alpha.pk)})
    draft = Application.objects.get()
    assert sent.status_code == 302
    assert draft.organisation == alpha
    assert shown(tab, reverse("application_edit", args=[draft.pk])) == "Alpha"
    # What is being written stays in its name, whatever is chosen meanwhile.
    switch_to(tab, zoulou)
    assert shown(tab, reverse("application_edit", args=[draft.pk])) == "Alpha"
    assert shown(tab) == "Zoulou"


def test_who_left_acts_in_its_name_no_more_even_from_an_old_page(
    tab: Client, mine: list[Organisation]
) -> None:
    start = reverse("application_start", args=[factories.make_challenge().slug])
    mine[0].memberships.all().delete()
    tab.post(start, {"organisation": str(mine[0].pk)})
    assert not Application.objects.exists()


def test_nobody_chooses_the_organisation_of_another(tab: Client, mine: list[Organisation]) -> None:
    theirs = factories.make_startup(factories.make_user("Bo")).organisation
    assert switch_to(tab, theirs).status_code == 404
    assert shown(tab) == "Alpha"


def test_pages_kept_for_visitors_hold_no_name(
    tab: Client, mine: list[Organisation], settings: Any
) -> None:
    settings.PAGE_CACHE_SECONDS = 60
    pages.clear()
    assert shown(tab) == "Alpha"
    for _turn in range(2):
        answer = Client().get(public())
        assert "Alpha" not in answer.content.decode().partition("</header>")[0]
        assert "csrfmiddlewaretoken" not in answer.content.decode()
        assert not answer.cookies
    assert "ETag" in answer.headers  # it was kept
    assert shown(tab) == "Alpha"
    pages.clear()


def test_it_asks_the_database_once_however_many_there_are(
    tab: Client, ana: User, mine: list[Organisation]
) -> None:
    def asked() -> int:
        tab.get(public())  # what is kept for the next pages
        with CaptureQueriesContext(connection) as queries:
            tab.get(public())
        return sum("accounts_organisation" in query["sql"] for query in queries)

    few = asked()
    for n in range(6):
        other = Organisation.objects.create(name=f"N{n}", slug=f"n{n}", kind="startup")
        Membership.objects.create(user=ana, organisation=other, role=Role.VIEWER)
    assert few == asked() == 1
