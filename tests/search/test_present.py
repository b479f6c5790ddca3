"""What was taken back is shown no more, though the index does not know it yet."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from search import finding, present, targets
from search.domain.rebuilding import rebuild
from search.port import Hit, Query
from startups.enums import ListingState
from startups.models import Solution, Startup
from tests import factories
from tests.cms.finding import make_hit

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def records() -> tuple[Any, Any, Solution]:
    """Two calls and a solution on otters, in the index."""
    first = factories.make_challenge(title_fr="Loutre une", title_en="Otter one")
    second = factories.make_challenge(title_fr="Loutre deux", title_en="Otter two")
    (solution,) = factories.make_startup().solutions.all()
    Solution.objects.filter(pk=solution.pk).update(name_fr="Loutre trois", name_en="Otter three")
    rebuild(target=targets.DATABASE)
    return first, second, solution


def others(number: int) -> None:
    """So many calls on something else: a word that all have tells nothing of one."""
    for n in range(number):
        factories.make_challenge(title_fr=f"Sujet {n}")


def read(address: str) -> str:
    """A page without the marks of the words found."""
    said = Client().get(address).content.decode()
    return said.replace("<mark>", "").replace("</mark>", "")


def take_back(challenge: Any) -> None:
    """Behind the back of the index: the worker stands still."""
    type(challenge).objects.filter(pk=challenge.pk).update(live=False)


@pytest.mark.parametrize(
    "address",
    [
        "/fr/recherche/?q=loutre",
        "/fr/recherche/?q=loutre&kind=challenge",
        "/fr/recherche/?q=loutre&view=map",
        "/fr/recherche/suggestions/?q=loutr",
        "/api/v1/search?q=loutre&lang=fr",
    ],
)
def test_on_no_page_of_search(records: tuple[Any, Any, Solution], address: str) -> None:
    assert "Loutre deux" in read(address)
    take_back(records[1])
    said = read(address)
    assert "Loutre une" in said
    assert "Loutre deux" not in said


def test_nor_beside_another_record(records: tuple[Any, Any, Solution]) -> None:
    first, second, _solution = records
    others(9)
    rebuild(target=targets.DATABASE)
    address = f"/fr/defis/{first.slug}/"
    assert "Loutre deux" in read(address)
    take_back(second)
    assert "Loutre deux" not in read(address)


def test_it_is_not_counted_among_what_is_shown(records: tuple[Any, Any, Solution]) -> None:
    take_back(records[1])
    found = finding.search(Query("loutre", "fr", now=NOW))
    checked = present.checked(found, NOW)
    assert (found.count, checked.count) == (3, 2)
    assert [hit.title for hit in checked.hits] == [
        hit.title for hit in found.hits if hit.title != "Loutre deux"
    ]


def test_as_many_questions_as_kinds_for_one_as_for_three() -> None:
    def hits(n: int) -> list[Hit]:
        return [make_hit(pk) for pk in range(n)] + [make_hit(1, kind="site")]

    for n in (1, 3):
        with CaptureQueriesContext(connection) as queries:
            assert present.public_now(hits(n), NOW) == []
        assert len(queries) == 2


def test_closed_solutions_take_no_place_from_those_that_act() -> None:
    challenge = factories.make_challenge(
        title_fr="Compter les loutres", problem_fr="La loutre revient. Comptons la loutre."
    )
    for number in range(7):
        (solution,) = factories.make_startup().solutions.all()
        Solution.objects.filter(pk=solution.pk).update(
            name_fr=f"Loutre {number}", problem_fr="La loutre. " * (8 - number)
        )
    others(20)
    gone = Startup.objects.order_by("pk").values_list("pk", flat=True)[:6]
    Startup.objects.filter(pk__in=list(gone)).update(state=ListingState.CLOSED)
    rebuild(target=targets.DATABASE)
    said = read(challenge.get_absolute_url())
    assert "Solutions qui pourraient convenir" in said
    assert "Loutre 6" in said
    assert "Loutre 0" not in said
