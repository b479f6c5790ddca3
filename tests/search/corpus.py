"""A few records of a city, and its words: small enough to know every answer by heart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from core.taxonomy.models import Borough, Theme
from search.lexicon import Lexicon
from search.port import Asked, Document, Query, Standing
from search.queries import ask, read

NOW: Final = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
PLATEAU: Final = (45.5217, -73.5803)
LACHINE: Final = (45.4386, -73.6756)
VERDUN: Final = (45.4583, -73.5673)

LEXICON: Final = Lexicon(
    [
        Theme(
            slug="deneigement",
            name_fr="Déneigement",
            name_en="Snow clearing",
            synonyms_fr="neige\nsouffleuse\nandain",
            synonyms_en="snow\nplow\nwindrow",
        ),
        Theme(slug="mobilite", name_fr="Mobilité", name_en="Mobility", synonyms_fr="vélo"),
        Theme(slug="eau", name_fr="Eau", name_en="Water", synonyms_en="leak\nstormwater"),
    ],
    [
        Borough(slug="le-plateau-mont-royal", name="Le Plateau-Mont-Royal"),
        Borough(slug="lachine", name="Lachine"),
        Borough(slug="verdun", name="Verdun"),
    ],
)


def days(number: float) -> datetime:
    """That many days from now."""
    return NOW + timedelta(days=number)


def document(pk: int, title: str, kind: str = "challenge", **fields: Any) -> Document:
    """A document in French, short of words."""
    said: dict[str, Any] = {"language": "fr", "slug": f"{kind}-{pk}", "url": f"/{kind}/{pk}/"}
    return Document(kind=kind, pk=pk, title=title, **said | fields)


FRENCH: Final = [
    document(
        1,
        "Déneigement des trottoirs étroits",
        summary="Dégager la neige là où la souffleuse ne passe pas.",
        other="Clearing snow from narrow sidewalks",
        names="DEFI-2026-001",
        body="Les trottoirs de la rue Saint-Denis sont trop étroits. Température de -30 °C.",
        themes=("deneigement",),
        boroughs=("le-plateau-mont-royal", "verdun"),
        status="open",
        published_at=days(-20),
        opens_at=days(-20),
        closes_at=days(10),
        places=(PLATEAU, VERDUN),
        popularity=4,
    ),
    document(
        2,
        "Suivre l’état du déneigement, rue par rue",
        summary="Dire aux gens quand leur rue sera déneigée.",
        other="Street by street snow clearing status",
        themes=("deneigement", "mobilite"),
        boroughs=("lachine",),
        status="open",
        published_at=days(-5),
        opens_at=days(-5),
        closes_at=days(40),
        places=(LACHINE,),
    ),
    document(
        3,
        "Andains devant les entrées",
        summary="Ce que la charrue laisse devant les portes.",
        other="Driveway windrows",
        body="Après le passage, un andain bloque l’entrée. Le déneigement reste à faire à la main.",
        themes=("deneigement",),
        boroughs=("lachine",),
        status="closed",
        published_at=days(-200),
        opens_at=days(-200),
        closes_at=days(-100),
    ),
    document(
        4,
        "Fuites d’eau sous la chaussée",
        summary="Entendre une fuite avant de creuser.",
        other="Water leaks under the road",
        themes=("eau",),
        boroughs=("verdun",),
        status="upcoming",
        published_at=days(-1),
        opens_at=days(3),
        closes_at=days(60),
        turns_at=days(3),
        places=(VERDUN,),
        questions="Faut-il couper l’eau ? Non, le réseau reste ouvert.",
    ),
    document(
        5,
        "Cul-de-sac et vélos cargo",
        summary="Livrer à vélo, même au fond d’une impasse.",
        other="Cargo bikes in dead ends",
        themes=("mobilite",),
        boroughs=("le-plateau-mont-royal",),
        status="decided",
        published_at=days(-400),
        closes_at=days(-300),
    ),
    document(
        1,
        "Œil de rue",
        "solution",
        summary="Une caméra lit l’état des trottoirs.",
        other="Street eye",
        names="Rue Claire inc.",
        themes=("deneigement",),
        boroughs=("verdun",),
        stages=("prototype",),
        published_at=days(-30),
        places=(VERDUN,),
        standing=Standing.VERIFIED,
    ),
    document(
        2,
        "Sonde à fuites",
        "solution",
        summary="Écoute les conduites d’eau la nuit.",
        other="Leak probe",
        names="Aqua Nord",
        themes=("eau",),
        stages=("prototype", "growth"),
        published_at=days(-60),
        standing=Standing.STALE,
    ),
    document(
        3,
        "Étrave électrique",
        "solution",
        summary="Une charrue sans bruit.",
        other="Electric plow",
        themes=("deneigement",),
        boroughs=("lachine",),
        stages=("growth",),
        published_at=days(-3),
        places=(LACHINE,),
    ),
    document(
        7,
        "Incubateur du Canal",
        "incubator",
        summary="Un an d’accompagnement pour l’eau et la mobilité.",
        other="Canal incubator",
        themes=("eau", "mobilite"),
        boroughs=("lachine",),
        published_at=days(-900),
        places=(LACHINE,),
        popularity=2,
    ),
    document(
        9,
        "The Who et la ville",
        "page",
        summary="Un article sur la musique du 311.",
        published_at=days(-2),
    ),
]
ENGLISH: Final = [
    document(
        1,
        "Clearing snow from narrow sidewalks",
        summary="Where the blower does not fit.",
        other="Déneigement des trottoirs étroits",
        language="en",
        themes=("deneigement",),
        boroughs=("le-plateau-mont-royal", "verdun"),
        status="open",
        published_at=days(-20),
        opens_at=days(-20),
        closes_at=days(10),
        turns_at=days(10),
        places=(PLATEAU, VERDUN),
        popularity=4,
    ),
    document(
        7,
        "Canal incubator",
        "incubator",
        summary="A year of help.",
        other="Incubateur du Canal",
        language="en",
        themes=("eau", "mobilite"),
        boroughs=("lachine",),
        published_at=days(-900),
    ),
]
ALL: Final = [*FRENCH, *ENGLISH]


def asked(text: str = "", language: str = "fr", **fields: Any) -> Asked:
    """``text`` as the engines are asked."""
    query = Query(text=text, language=language, **{"limit": 50} | fields)
    return ask(query, read(text, LEXICON), LEXICON, now=NOW)
