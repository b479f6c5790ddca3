"""The rules of « which program fits me? »: each criterion, the verdict, and what always holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from startups.enums import ApplicantKind, Offer, ProgramFormat, Stage
from startups.fit.rules import (
    ATTENDANCE,
    CRITERIA,
    PRESENCE,
    Standing,
    Subjects,
    Trl,
    Verdict,
    lacking,
    standings_of,
    verdict_of,
)
from startups.fit.words import reasons_of

MET, NEAR, MISSED, UNKNOWN = Standing.MET, Standing.NEAR, Standing.MISSED, Standing.UNKNOWN
THEMES = {"health": "Santé", "data": "Données", "mobility": "Mobilité"}


def codes(*values: str) -> frozenset[str]:
    return frozenset(values)


CASES: list[tuple[str, Any, Any, Standing, str, str]] = [
    (
        *("stage", codes("pilot", "prototype"), "pilot", MET),
        "Accepte les jeunes pousses à votre stade : projet pilote.",
        "Takes startups at your stage: pilot.",
    ),
    (
        *("stage", codes("prototype", "pilot"), "growth", NEAR),
        "Cherche le stade : prototype ou projet pilote ; le vôtre en est à un pas : croissance.",
        "Wants the stage: prototype or pilot; yours is one step away: growth.",
    ),
    (
        *("stage", codes("idea"), "pilot", MISSED),
        "Cherche le stade : idée ; le vôtre : projet pilote.",
        "Wants the stage: idea; yours is: pilot.",
    ),
    (
        *("stage", codes(), "pilot", UNKNOWN),
        "Ne dit pas quels stades il cherche ; le vôtre : projet pilote.",
        "Does not say which stages it wants; yours is: pilot.",
    ),
    (
        *("trl", Trl(3, 6), 4, MET),
        "Demande TRL 3 à 6 ; vous avez TRL 4.",
        "Asks for TRL 3 to 6; you have TRL 4.",
    ),
    (
        *("trl", Trl(5, None), 4, NEAR),
        "Exige TRL 5 ou plus ; vous avez TRL 4, à un niveau près.",
        "Demands TRL 5 or more; you have TRL 4, one level off.",
    ),
    (
        *("trl", Trl(6, 6), 4, MISSED),
        "Exige TRL 6 ; vous avez TRL 4.",
        "Demands TRL 6; you have TRL 4.",
    ),
    (
        *("trl", Trl(None, 3), 7, MISSED),
        "Exige TRL 3 au plus ; vous avez TRL 7.",
        "Demands TRL 3 at most; you have TRL 7.",
    ),
    (
        *("trl", Trl(None, None), 4, UNKNOWN),
        "Ne dit pas quel TRL il demande ; vous avez TRL 4.",
        "Does not say which TRL it asks for; you have TRL 4.",
    ),
    (
        *("theme", Subjects(False, codes("health", "data")), codes("data"), MET),
        "Travaille dans un de vos secteurs : données.",
        "Works in a sector of yours: données.",
    ),
    (
        *("theme", Subjects(True, codes()), codes("data"), MET),
        "Accepte tous les secteurs.",
        "Takes all sectors.",
    ),
    (
        *("theme", Subjects(False, codes("health")), codes("data", "mobility"), MISSED),
        "Travaille dans : santé ; vous avez choisi : données et mobilité.",
        "Works in: santé; you chose: données and mobilité.",
    ),
    (
        *("theme", Subjects(False, codes()), codes("data"), UNKNOWN),
        "Ne dit pas dans quels secteurs il travaille.",
        "Does not say in which sectors it works.",
    ),
    (
        *("language", codes("fr", "en"), codes("en"), MET),
        "Se donne en français et anglais.",
        "Takes place in: French and English.",
    ),
    (
        *("language", codes("fr"), codes("en"), MISSED),
        "En français seulement ; vous avez demandé : anglais.",
        "In French only; you asked for: English.",
    ),
    (
        *("language", codes(), codes("en"), UNKNOWN),
        "Ne dit pas dans quelle langue il se donne.",
        "Does not say in which language it takes place.",
    ),
    (
        *("applicant", codes("team", "company"), "company", MET),
        "Ouvert à : une équipe pas encore constituée ou une entreprise.",
        "Open to: a team not incorporated yet or a company.",
    ),
    (
        *("applicant", codes("company"), "team", NEAR),
        "Ouvert à : une entreprise ; vous en êtes à un pas : une équipe pas encore constituée.",
        "Open to: a company; you are one step away: a team not incorporated yet.",
    ),
    (
        *("applicant", codes("nonprofit"), "company", MISSED),
        "Ouvert à : un organisme sans but lucratif ; vous êtes : une entreprise.",
        "Open to: a non-profit organisation; you are: a company.",
    ),
    (
        *("applicant", codes(), "company", UNKNOWN),
        "Ne dit pas qui peut déposer ; vous êtes : une entreprise.",
        "Does not say who may apply; you are: a company.",
    ),
    (
        *("offer", codes("mentors", "space"), codes("space"), MET),
        "Offre tout ce qu’il vous faut : espace.",
        "Gives all that you need: space.",
    ),
    (
        *("offer", codes("mentors"), codes("mentors", "space"), NEAR),
        "Offre une partie de ce qu’il vous faut : mentorat ; mais pas : espace.",
        "Gives a part of what you need: mentors; not: space.",
    ),
    (
        *("offer", codes("mentors"), codes("data"), MISSED),
        "Offre : mentorat ; il vous faut : données.",
        "Gives: mentors; you need: data.",
    ),
    (
        *("offer", codes(), codes("data"), UNKNOWN),
        "Ne dit pas ce qu’il offre ; il vous faut : données.",
        "Does not say what it gives; you need: data.",
    ),
    (
        *("equity", Decimal(0), Decimal(0), MET),
        "Ne demande aucune participation.",
        "Takes no equity.",
    ),
    (
        *("equity", Decimal("7.5"), Decimal(100), MET),
        "Demande une participation de 7,5 % ; vous acceptez : toute part.",
        "Takes 7.5% equity; you accept: any share.",
    ),
    (
        *("equity", Decimal(7), Decimal(5), NEAR),
        "Demande une participation de 7 %, un peu plus que vous n’acceptez : jusqu’à 5 %.",
        "Takes 7% equity, a little more than you accept: up to 5%.",
    ),
    (
        *("equity", Decimal(5), Decimal(0), MISSED),
        "Demande une participation de 5 % ; vous acceptez : aucune.",
        "Takes 5% equity; you accept: none.",
    ),
    # Who accepts none is near none, not even one point.
    (
        *("equity", Decimal(1), Decimal(0), MISSED),
        "Demande une participation de 1 % ; vous acceptez : aucune.",
        "Takes 1% equity; you accept: none.",
    ),
    (
        *("equity", None, Decimal(5), UNKNOWN),
        "Ne dit pas quelle participation il demande ; vous acceptez : jusqu’à 5 %.",
        "Does not say how much equity it takes; you accept: up to 5%.",
    ),
    (
        *("attendance", "remote", "often", MET),
        "Se déroule à distance, ce qui vous va.",
        "Takes place remotely, which suits you.",
    ),
    (
        *("attendance", "hybrid", "never", NEAR),
        "Se déroule en partie sur place ; c’est un peu plus de présence que vous n’avez dit.",
        "Takes place partly in person; that is a little more presence than you said.",
    ),
    (
        *("attendance", "in_person", "never", MISSED),
        "Se déroule sur place ; vous pouvez venir : jamais.",
        "Takes place in person; you can come: never.",
    ),
    (
        *("attendance", "", "never", UNKNOWN),
        "Ne dit pas où il se déroule.",
        "Does not say where it takes place.",
    ),
]


@pytest.mark.parametrize(("name", "term", "answer", "standing", "french", "english"), CASES)
def test_each_standing_and_its_reason(
    name: str, term: Any, answer: Any, standing: Standing, french: str, english: str
) -> None:
    assert CRITERIA[name].compare(term, answer) is standing
    for language, words in (("fr", french), ("en", english)):
        with translation.override(language):
            (reason,) = reasons_of({name: term}, {name: answer}, THEMES)
        said = reason.text.replace("\u00a0", " ")
        assert (reason.standing, said) == (standing, words)


def test_every_criterion_has_a_case_of_each_of_its_standings() -> None:
    # A sector or a language is near no other.
    never = {("theme", NEAR), ("language", NEAR)}
    wanted = {(name, standing) for name in CRITERIA for standing in Standing} - never
    assert {(case[0], case[3]) for case in CASES} == wanted


@pytest.mark.parametrize(
    ("standings", "verdict"),
    [
        ([MET, MET], Verdict.FITS),
        ([MET, NEAR], Verdict.NEARLY),
        ([NEAR, NEAR], Verdict.NEARLY),
        ([NEAR, NEAR, NEAR, MET], Verdict.DOES_NOT),
        ([MET, UNKNOWN], Verdict.UNKNOWN),
        ([NEAR, UNKNOWN], Verdict.UNKNOWN),
        ([MET, MISSED], Verdict.DOES_NOT),
        # What is missed stays missed, whatever the unknown turns out to be.
        ([UNKNOWN, MISSED], Verdict.DOES_NOT),
        ([], Verdict.UNKNOWN),
    ],
)
def test_the_verdict(standings: list[Standing], verdict: Verdict) -> None:
    assert verdict_of(standings) is verdict


def subset(values: Any) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(list(values)))


def some(values: Any) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(list(values)), min_size=1)


LEVELS = st.integers(1, 9)
SLUGS = list(THEMES)
TRLS = st.tuples(st.none() | LEVELS, st.none() | LEVELS).map(
    lambda pair: Trl(*sorted(pair)) if None not in pair else Trl(*pair)
)
SHARES = st.decimals(0, 100, places=2)
TERMS = st.fixed_dictionaries(
    {
        "stage": subset(Stage.values),
        "trl": TRLS,
        "theme": st.builds(Subjects, st.booleans(), subset(SLUGS)),
        "language": subset(["fr", "en"]),
        "applicant": subset(ApplicantKind.values),
        "offer": subset(Offer.values),
        "equity": st.none() | SHARES,
        "attendance": st.sampled_from(ProgramFormat.values),
    }
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "stage": st.sampled_from(Stage.values),
        "trl": LEVELS,
        "theme": some(SLUGS),
        "language": some(["fr", "en"]),
        "applicant": st.sampled_from(ApplicantKind.values),
        "offer": some(Offer.values),
        "equity": st.sampled_from([Decimal(n) for n in (0, 3, 5, 7, 10, 100)]),
        "attendance": st.sampled_from(list(ATTENDANCE)),
    },
)
# How long a draw takes says something of the machine, not of the rules.
STEADY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORST_FIRST = (Verdict.DOES_NOT, Verdict.UNKNOWN, Verdict.NEARLY, Verdict.FITS)


def verdict(terms: dict[str, Any], answers: dict[str, Any]) -> Verdict:
    return verdict_of(list(standings_of(terms, answers).values()))


@st.composite
def laxer(draw: st.DrawFn, terms: dict[str, Any]) -> dict[str, Any]:
    """The same program asking for no more, and giving no less; what it does not say stays so."""
    lax = dict(terms)
    more = {
        "stage": Stage.values,
        "language": ["fr", "en"],
        "applicant": ApplicantKind.values,
        "offer": Offer.values,
    }
    for name, values in more.items():
        if terms[name]:
            lax[name] = terms[name] | draw(subset(values))
    least, most = terms["trl"].least, terms["trl"].most
    lax["trl"] = Trl(least and draw(st.integers(1, least)), most and draw(st.integers(most, 9)))
    subjects = terms["theme"]
    added = draw(subset(SLUGS)) if subjects.themes else frozenset()
    lax["theme"] = Subjects(subjects.takes_all or draw(st.booleans()), subjects.themes | added)
    if terms["equity"] is not None:
        lax["equity"] = draw(st.decimals(0, terms["equity"], places=2))
    degree = PRESENCE[terms["attendance"]]
    lax["attendance"] = draw(st.sampled_from([f for f, n in PRESENCE.items() if n <= degree]))
    return lax


@STEADY
@given(st.data(), TERMS, ANSWERS)
def test_laxer_terms_never_worsen_the_answer(
    data: st.DataObject, terms: dict[str, Any], answers: dict[str, Any]
) -> None:
    lax = data.draw(laxer(terms))
    before, after = verdict(terms, answers), verdict(lax, answers)
    assert WORST_FIRST.index(after) >= WORST_FIRST.index(before)


@STEADY
@given(TERMS, ANSWERS)
def test_who_says_less_than_matters_never_fits(
    terms: dict[str, Any], answers: dict[str, Any]
) -> None:
    lacks = [n for n, criterion in CRITERIA.items() if criterion.needed in lacking(terms)]
    matters = [name for name in lacks if name in answers]
    if matters:
        assert verdict(terms, answers) in {Verdict.UNKNOWN, Verdict.DOES_NOT}
    unknown = [n for n, s in standings_of(terms, answers).items() if s is UNKNOWN]
    assert unknown == matters


@STEADY
@given(TERMS, ANSWERS)
def test_there_is_a_reason_for_each_answer_and_only_for_those(
    terms: dict[str, Any], answers: dict[str, Any]
) -> None:
    for language in ("fr", "en"):
        with translation.override(language):
            reasons = reasons_of(terms, answers, THEMES)
        assert [r.criterion for r in reasons] == [name for name in CRITERIA if name in answers]
        assert all(r.text.endswith(".") and "%(" not in r.text for r in reasons)


@STEADY
@given(TERMS, ANSWERS)
def test_a_question_left_out_never_worsens_the_answer(
    terms: dict[str, Any], answers: dict[str, Any]
) -> None:
    whole = verdict(terms, answers)
    for name in answers:
        fewer = {other: value for other, value in answers.items() if other != name}
        if fewer:
            assert WORST_FIRST.index(verdict(terms, fewer)) >= WORST_FIRST.index(whole)
