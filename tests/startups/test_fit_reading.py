"""All the programs at once are judged as each of them is, in a constant number of queries."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from startups.enums import ApplicantKind, ListingState, Offer, ProgramFormat, Stage
from startups.fit.reading import judge_all, missing_for_fit, offered, terms_of
from startups.fit.rules import Verdict, standings_of, verdict_of
from startups.models import Intake, Program
from tests.startups.fit import make_incubator, make_program, open_door
from tests.startups.test_fit_rules import ANSWERS, STEADY

pytestmark = pytest.mark.django_db
NOW = timezone.now()
ASKED: dict[str, Any] = {
    "stage": "pilot",
    "trl": 5,
    "theme": frozenset({"mobility"}),
    "language": frozenset({"fr"}),
    "applicant": "company",
    "offer": frozenset({"mentors"}),
    "equity": Decimal(5),
    "attendance": "often",
}


def one_by_one(answers: dict[str, Any]) -> dict[int, Verdict]:
    return {
        program.pk: verdict_of(list(standings_of(terms_of(program), answers).values()))
        for program in offered().for_lists()
    }


def at_once(answers: dict[str, Any]) -> dict[int, Verdict]:
    return {key: v for v, keys in judge_all(answers, NOW).keys.items() for key in keys}


def lists(values: Any) -> st.SearchStrategy[list[str]]:
    # An old code may stand in a row: it says nothing.
    return st.lists(st.sampled_from([*values, "disparu"]), unique=True, max_size=4)


SAID = st.fixed_dictionaries(
    {
        "stages": lists(Stage.values),
        "trl_min": st.none() | st.integers(1, 5),
        "trl_max": st.none() | st.integers(5, 9),
        "any_sector": st.booleans(),
        "languages": lists(["fr", "en"]),
        "applicants": lists(ApplicantKind.values),
        "offers": lists(Offer.values),
        "equity_percent": st.none() | st.sampled_from([Decimal(0), Decimal("4.5"), Decimal(7)]),
        "format": st.sampled_from(ProgramFormat.values),
    }
)


@settings(STEADY, max_examples=40, suppress_health_check=list(HealthCheck))
@given(said=st.lists(SAID, min_size=1, max_size=4), answers=ANSWERS)
def test_at_once_or_one_by_one_it_is_the_same(
    said: list[dict[str, Any]], answers: dict[str, Any]
) -> None:
    Intake.objects.all().delete()
    Program.objects.all().delete()
    incubator = make_incubator(slug=f"i-{timezone.now().timestamp():.6f}".replace(".", "-"))
    for n, fields in enumerate(said):
        make_program(
            incubator=incubator, themes=(("mobility", "health")[n % 2],) * (n % 3), **fields
        )
    assert at_once(answers) == one_by_one(answers)
    assert len(at_once(answers)) == len(said)


def test_it_reads_as_many_queries_for_one_as_for_three() -> None:
    for wanted in (1, 3):
        while Program.objects.count() < wanted:
            open_door(make_program(), NOW)
        with CaptureQueriesContext(connection) as queries:
            assert judge_all(ASKED, NOW).count(Verdict.FITS) == wanted
        assert len(queries) == 4


def test_who_no_longer_acts_is_not_offered() -> None:
    shown = make_program()
    make_program(live=False)
    make_program(state=ListingState.CLOSED)
    make_program(state=ListingState.MERGED)
    make_program(incubator=make_incubator(state=ListingState.CLOSED))
    make_program(incubator=make_incubator(state=ListingState.MERGED))
    make_program(incubator=make_incubator(live=False))
    assert set(at_once(ASKED)) == {shown.pk}


def test_within_a_verdict_the_next_door_comes_first_then_the_name() -> None:
    names = ("Zeta", "Beta", "Alpha", "Gamma", "Delta", "Eta", "Theta")
    programs = {name: make_program(name_fr=name, name_en=name) for name in names}
    open_door(programs["Zeta"], NOW, closes=3)
    open_door(programs["Beta"], NOW, closes=9)
    Intake.objects.create(program=programs["Gamma"], is_rolling=True)
    open_door(programs["Eta"], NOW, opens=20, closes=40)
    open_door(programs["Delta"], NOW, opens=5, closes=60)
    open_door(programs["Alpha"], NOW, opens=-40, closes=-10)
    cancelled = open_door(programs["Theta"], NOW, closes=1)
    Intake.objects.filter(pk=cancelled.pk).update(cancelled_at=NOW - timedelta(days=1))
    found = judge_all(ASKED, NOW).keys[Verdict.FITS]
    order = {program.pk: name for name, program in programs.items()}
    assert [order[key] for key in found] == [
        *("Zeta", "Beta", "Gamma", "Delta", "Eta"),
        *("Alpha", "Theta"),
    ]


def test_names_are_ordered_in_the_language_of_the_reader() -> None:
    first = make_program(name_fr="Atelier", name_en="Workshop")
    second = make_program(name_fr="Relève", name_en="Next generation")
    third = make_program(name_fr="Octave", name_en="")
    with translation.override("fr"):
        assert judge_all(ASKED, NOW).keys[Verdict.FITS] == [first.pk, third.pk, second.pk]
    with translation.override("en"):
        assert judge_all(ASKED, NOW).keys[Verdict.FITS] == [second.pk, third.pk, first.pk]


def test_nothing_to_judge_is_nothing() -> None:
    assert at_once(ASKED) == {}


def test_it_names_the_facts_that_a_program_lacks() -> None:
    assert missing_for_fit(make_program()) == []
    silent = {"stages": [], "trl_min": None, "trl_max": None, "languages": [], "applicants": []}
    program = make_program(themes=(), offers=[], equity_percent=None, **silent)
    assert missing_for_fit(program) == [
        *("stages", "trl_min", "themes", "languages", "applicants", "offers", "equity_percent"),
    ]
    assert missing_for_fit(make_program(themes=(), any_sector=True, trl_min=None)) == []
