"""A search in words of both languages."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from core.taxonomy.models import Borough, Theme
from search.port import Box, Near, Query
from search.wording import in_words, no_longer_there

pytestmark = pytest.mark.django_db
N = "\u00a0"


def snow() -> Theme:
    theme, _made = Theme.objects.get_or_create(
        slug="deneigement", defaults={"name_fr": "Déneigement", "name_en": "Snow removal"}
    )
    Theme.objects.filter(pk=theme.pk).update(name_fr="Déneigement", name_en="Snow removal")
    cache.clear()
    return theme


def borough(slug: str, name: str) -> str:
    Borough.objects.update_or_create(
        slug=slug,
        defaults={
            "name": name,
            "kind": "borough",
            "code": "00",
            "lat": 45.5,
            "lon": -73.6,
            "bbox": [],
        },
    )
    cache.clear()
    return slug


def test_all_that_a_search_says() -> None:
    query = Query(
        "déneigement",
        "fr",
        kinds=("challenge",),
        statuses=("open",),
        themes=(snow().slug,),
        boroughs=(borough("verdun", "Verdun"),),
    )
    assert in_words(query, "fr") == (
        f"«{N}déneigement{N}» parmi les défis ouverts, thème Déneigement, à Verdun"
    )
    assert in_words(query, "en") == (
        "“déneigement” among open challenges, theme Snow removal, in Verdun"
    )


@pytest.mark.parametrize(
    ("query", "french", "english"),
    [
        (Query("", "fr"), "tout ce qui est publié", "all that is published"),
        (Query("", "fr", kinds=("program",)), "les programmes", "programs"),
        (
            Query("", "fr", kinds=("challenge", "pilot", "site")),
            "les défis, les projets pilotes ou les sites d’essai",
            "challenges, pilots or test sites",
        ),
        (
            Query("sel", "fr", kinds=("challenge",), statuses=("open", "upcoming")),
            f"«{N}sel{N}» parmi les défis, état{N}: ouvert ou à venir",
            "“sel” among challenges, status: open or upcoming",
        ),
        (
            Query("sel", "fr", near=Near(45.5, -73.6, 2.5), exact=True),
            f"«{N}sel{N}», à moins de 2,5{N}km d’un point de la carte, mot pour mot",
            "“sel”, within 2.5 km of a point of the map, these very words",
        ),
        (
            Query("sel", "fr", box=Box(-74, 45, -73, 46)),
            f"«{N}sel{N}», dans un rectangle de la carte",
            "“sel”, in a rectangle of the map",
        ),
        (
            Query("", "fr", kinds=("verdict", "solution"), statuses=("stop",), stages=("4",)),
            f"les verdicts ou les solutions, état{N}: arrêt, stade{N}: TRL 4",
            "verdicts or solutions, status: stop, stage: TRL 4",
        ),
        (
            Query("", "fr", kinds=("inconnu",), statuses=("bizarre",), stages=("rare",)),
            f"inconnu, état{N}: bizarre, stade{N}: rare",
            "inconnu, status: bizarre, stage: rare",
        ),
    ],
)
def test_parts(query: Query, french: str, english: str) -> None:
    assert (in_words(query, "fr"), in_words(query, "en")) == (french, english)


def test_marks_inside_marks_are_those_of_the_inside() -> None:
    query = Query("sel", "fr", kinds=("challenge",))
    assert in_words(query, "fr", is_quoted=True) == "“sel” parmi les défis"
    assert in_words(query, "en", is_quoted=True) == "‘sel’ among challenges"


def test_a_place_keeps_its_article() -> None:
    places = (borough("sud-ouest", "Le Sud-Ouest"), borough("verdun", "Verdun"))
    query = Query("", "fr", boroughs=places)
    assert in_words(query, "fr") == "au Sud-Ouest ou à Verdun"
    assert in_words(query, "en") == "in Le Sud-Ouest or in Verdun"


def test_what_the_city_no_longer_has_is_said() -> None:
    query = Query("", "fr", themes=("parti", snow().slug), boroughs=("disparu",))
    assert in_words(query, "fr") == (
        f"thème Déneigement, thème qui n’existe plus{N}: parti, lieu qui n’existe plus{N}: disparu"
    )
    assert no_longer_there(query, "en") == ["parti", "disparu"]


def test_names_are_asked_once() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    theme = snow()
    query = Query("", "fr", themes=(theme.slug,))
    with CaptureQueriesContext(connection) as queries:
        for _n in range(3):
            in_words(query, "fr")
    assert len(queries) == 2
