"""How well search finds: what is promised of judged queries, on the demonstration, by each engine.

Queries were judged before any engine was asked. What an engine finds is mended, not the judgement.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from cms.demo.load import load_demo
from search import lexicon, switching, vocabulary
from search.port import Document
from tests.bench import quality
from tests.search.conftest import ENGINES, Numbers, engine_named
from tests.search.world import all_documents

pytestmark = pytest.mark.django_db
# So few are findable at once, on a server too.
AT_ONCE = 50
# Below this a kind of query is broken, whatever the others make of the mean.
LEAST = 0.75


@pytest.fixture(scope="module")
def documents(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Document]]:
    """Everything findable of the demonstration, which stands while the engines are asked."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo(now=timezone.now(), say=lambda _text: None)
        yield list(all_documents(timezone.now()))
        transaction.set_rollback(True)


@pytest.fixture(scope="module", params=ENGINES)
def scores(
    request: pytest.FixtureRequest, documents: list[Document]
) -> Iterator[dict[str, quality.Score]]:
    """Success@3 and nDCG@10 by kind of query, of one engine after the other."""
    engine, own = engine_named(request.param), engine_named("database")
    filled = {}
    for each in {engine.name: engine, own.name: own}.values():
        numbers = Numbers(each)
        filled[each.name] = (each, numbers.new(), numbers)
        for at in range(0, len(documents), AT_ONCE):
            each.write(filled[each.name][1], documents[at : at + AT_ONCE], position=1)
    answering, generation, _numbers = filled[engine.name]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(switching, "own", lambda: filled[own.name][:2])
        patch.setattr(
            switching,
            "read",
            lambda call: switching.Answer(call(answering, generation), is_spare=False),
        )
        lexicon.forget()
        vocabulary.forget()
        yield quality.by_type()
    for _engine, _number, numbers in filled.values():
        numbers.drop()
    lexicon.forget()
    vocabulary.forget()


@pytest.mark.parametrize("queries", ["all", *(f"all {file}" for file in quality.JUDGED)])
def test_what_is_promised_is_held(scores: dict[str, quality.Score], queries: str) -> None:
    success, ndcg = scores[queries]
    assert success >= quality.SUCCESS
    assert ndcg >= quality.NDCG


def test_no_kind_of_query_is_left_behind(scores: dict[str, quality.Score]) -> None:
    assert {name: both for name, both in scores.items() if min(both) < LEAST} == {}


def test_what_we_judged_can_be_found(documents: list[Document]) -> None:
    known = {quality.named(document.kind, document.slug) for document in documents}
    judged = quality.judged_queries("own")
    rows = [(row["kind"], row["slug"], row["grade"]) for each in judged for row in each["relevant"]]
    assert [row for row in rows if row[:2] not in known] == []
    assert {grade for *_key, grade in rows} <= {1, 2, 3}
    typed = [(each["q"], each["lang"]) for each in judged]
    assert len(typed) == len(set(typed))
