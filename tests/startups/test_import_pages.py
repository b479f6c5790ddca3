"""The pages of an import in the administration."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core import queue
from core.accounts import roles
from core.accounts.models import User
from startups.models import ImportRun, Incubator
from tests import factories
from tests.startups.sheets import HEADER, compared, make, one, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator() -> User:
    return factories.make_user("moderation", roles.MODERATORS, is_demo=True)


@pytest.fixture
def client(moderator: User, settings: Any) -> Client:
    settings.DEBUG = True
    client = Client()
    client.force_login(moderator)
    return client


def send(client: Client, content: bytes, name: str = "liste.csv") -> Any:
    data = {"kind": "incubator", "source": "Registre", "file": SimpleUploadedFile(name, content)}
    return client.post(reverse("imports:add"), data)


def test_a_file_is_received_on_its_page(client: Client) -> None:
    answer = send(client, (HEADER + one("Alpha")).encode())
    run = ImportRun.objects.get()
    page = reverse("imports:inspect", args=[run.pk])
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert "Alpha" in client.get(page).content.decode()
    columns = {f"column-{n}": name for n, name in enumerate(run.mapping)}
    answer = client.post(page, {**columns, "column-0": "", "act": "match"})
    assert answer.status_code == 422
    assert "Aucune colonne" in answer.content.decode()
    assert client.post(page, {**columns, "act": "match"}).status_code == 302
    assert client.get(page)["Refresh"] == "2"
    queue.drain()
    answer = client.get(page)
    assert "Refresh" not in answer
    assert client.post(page, {"act": "start"}).status_code == 302
    queue.drain()
    assert "Alpha" in client.get(page).content.decode()
    assert client.post(page, {"act": "start"}, follow=True).status_code == 200
    assert Incubator.objects.count() == 1
    assert client.post(page, {"act": "nothing"}).status_code == 404


def test_a_bad_file_is_refused_on_the_form(client: Client) -> None:
    answer = send(client, b"nom,nom\nX,Y\n")
    assert "s’appellent toutes deux" in answer.content.decode()
    answer = send(client, b"x" * (30 * 1024 * 1024))
    assert "10" in answer.content.decode()
    assert ImportRun.objects.count() == 0


def test_what_happened_as_a_file_that_no_spreadsheet_runs(client: Client, moderator: User) -> None:
    text = HEADER + one("=cmd()") + one("Alpha") + one("+1 514")
    run = written(compared(moderator, text), moderator)
    answer = client.get(reverse("imports:outcomes", args=[run.pk]))
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(content)))
    assert [line[:2] for line in rows[1:]] == [["2", "'=cmd()"], ["3", "Alpha"], ["4", "'+1 514"]]
    assert not any(each.startswith(("=", "+", "@", "-")) for line in rows for each in line)


@pytest.mark.parametrize("n", [1, 3])
def test_the_page_asks_as_much_for_one_row_as_for_three(
    client: Client, moderator: User, n: int, django_assert_num_queries: Any
) -> None:
    for number in range(n):
        make(f"Maison {'abc'[number] * 9}", neq=f"114392011{number}", borough=factories.a_borough())
    text = HEADER + "".join(
        one("Maison " + "abc"[number] * 9, neq=f"114392011{number}", site="x.test")
        for number in range(n)
    )
    run = compared(moderator, text)
    page = reverse("imports:inspect", args=[run.pk])
    client.get(page)
    with django_assert_num_queries(PAGE_QUERIES):
        answer = client.get(page)
    assert answer.content.decode().count("https://x.test") == n


PAGE_QUERIES = 17


def test_a_double_is_looked_at_from_its_row(client: Client, moderator: User) -> None:
    known = make("Accueil")
    run = compared(moderator, HEADER + one("Accueil inc."))
    answer = client.get(reverse("imports:inspect", args=[run.pk])).content.decode()
    assert reverse("wagtailsnippets_startups_incubator:edit", args=[known.pk]) in answer


def test_the_form_proposes_no_empty_kind_and_lists_are_read_as_such(
    client: Client, moderator: User
) -> None:
    assert "---------" not in client.get(reverse("imports:add")).content.decode()
    send(client, b'[{"nom": "Alpha", "type": "fonds", "secteurs": ["eau", "air"]}]')
    page = client.get(reverse("imports:inspect", args=[ImportRun.objects.get().pk]))
    assert "eau, air" in page.content.decode()
