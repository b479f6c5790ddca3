"""When documents or their words change, indexes of before are built again: nobody has to think."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import blake2b
from typing import Any, Final

import pytest

from search import analysis, ranking, stored, targets
from search.documents import KINDS, documents_of
from search.port import FACETS, Document, Standing
from search.tokens import tokens_of
from tests.search.world import NOW, make_world

pytestmark = pytest.mark.django_db
# Every rule of the analysis, and both sides of it.
RULES: Final = (
    "L’eau qu'un d'été lorsqu’il jusqu'à presqu'île quelqu’un aujourd'hui c'est l'l",
    "the city's people’s dogs' St-Laurent Ste-Catherine st. ste arr. arrond. Mtl av. avenue",
    "12 000 12\u00a0000 12,000 12.000 1 2 3 1234 12 34",
    "10km 5 kilomètres 3 kilograms 40kWh 7m 2ha 9x",
    "10h30 311 A-40 B2B 3D covid-19 2026-01 H2O",
    "cul-de-sac post-secondaire Côte-des-Neiges Parc-Extension Pointe-aux-Trembles",
    "Rivière-des-Prairies côte des neiges nid-de-poule l'après-midi a-b-c-d-e-f-g-h-i-j-k",
    "Œuvre cœur æther Straße Łódź Ørsted Đà þing ð «guillemets» “quotes” 1/2 a|b § 2° … – — ―",
    "échoFab LaSerre iPhone McGill MTLab ÉcoQuartier",
    "travaux vitraux yeux baux animaux locaux eaux bureaux feux jeux neveux choux genoux tissus",
    "bus gaz prix rues arrondissements déneigé déneigée déneigement déneiger déneigeuse",
    "parking parkings building buildings housing lighting crossing crossings heating parked builds",
    "digitise digitising digitisation organised organiser organize wise rise precise",
    "Москва 東京 العربية x y z é à ê ô",
    "vélos bicyclettes piétonnes circulation stationnement déchets inondations chaleur bruit",
    "écoles entretien sécurité énergie éclairage itinérance aînées accessibilité propreté",
    "capteurs données cyclists walking traffic flooding noises seniors housing libraries",
    "sensors recycling energies electricity weekly happiness national generously connected",
    "relational vandalism hopeful skis",
    f"{'a' * 41} {'ab' * 45} {'-'.join('abcdefghijkl')}",
    "a afin ai ainsi alors au aucun aussi autre aux avec avoir avons avez ayant bien ca car",
    "ce ceci cela celle celles celui ces cet cette ceux chaque chez ci comme comment d dans",
    "de des dont du elle elles en encore entre est et etait etes etre eu eux fait faire fais",
    "faut il ils j je l la le les leur leurs lui m ma mais me meme memes moi mon n ne ni nos",
    "notre nous on ont or ou par pas peu peut peux plus pour pourquoi qu quand que quel",
    "quelle quelles quels qui quoi s sa sans se sera ses si son sont sous soit sur t ta te",
    "tes toi ton tous tout toute toutes tres tu un une veux vont vos votre vous voudrais y",
    "about all also am an and any are as at be been being both but by can could did do does",
    "doing each for from had has have having he her here hers him his how i if in into is it",
    "its itself just like may me might more most my no nor not of off on once only or other",
    "our ours out over own same she should so some such than that the their theirs them then",
    "there these they this those through to too under until up us very want was we were what",
    "when where which while who whom whose why will with would you your yours",
)


def _analysed() -> list[str]:
    said = [" ".join(analysis.words(text)) for text in RULES]
    said += [" ".join(analysis.stems(text, code)) for text in RULES for code in ("fr", "en")]
    said += [word for text in RULES for word in analysis.words(text) if analysis.means(word)]
    return said


def _written(document: Document) -> str:
    """What an index holds of a document, but for numbers that a database gave."""
    if document.kind == "intake":  # its address has its number
        slug, url = re.sub(r"\d+$", "0", document.slug), re.sub(r"\d+$", "0", document.url)
        document = replace(document, slug=slug, url=url)
    document = replace(document, pk=0)
    return "\n".join(
        [
            stored.dump(document),
            document.fingerprint(),
            *(f"{name}: {' '.join(held)}" for name, held in tokens_of(document)._asdict().items()),
            *(f"{facet}: {' '.join(document.values(facet))}" for facet in FACETS),
            ranking.title_of(document),
            *(
                str(ranking.standing_points(replace(document, standing=how, popularity=many)))
                for how in Standing
                for many in (0, 1, 4, 60)
            ),
        ]
    )


def _everything(w: Any) -> str:
    """A mark that changes when an index that is written today differs from one of yesterday."""
    said = _analysed()
    documents = [
        *(d for text in RULES for d in _of_text(text)),
        *(
            document
            for kind in KINDS
            for record in kind.rows(NOW).filter(pk=getattr(w, kind.name).pk)
            for document in documents_of(kind, record, NOW)
        ),
    ]
    said += [_written(document) for document in documents]
    return blake2b("\n".join(said).encode(), digest_size=4).hexdigest()


def _of_text(text: str) -> list[Document]:
    """A text in each place of a document."""
    names = ("title", "summary", "names", "other", "body", "questions")
    return [
        Document("page", 1, language, "slug", **{"title": "x", name: text}, url="/")
        for language in ("fr", "en")
        for name in names
    ]


def test_what_documents_say_and_its_mark_change_together() -> None:
    found = _everything(make_world())
    assert found == targets.SAID, (
        "Documents, or the words made of them, are not what they were: every index that stands "
        "today holds the old ones. When that is meant, write in search/targets.py "
        f'SAID: Final = "{found}": the worker then finds the indexes out of date and builds them '
        "again in the background. When it is not meant, something changed what is found."
    )


def test_another_mark_is_another_index(monkeypatch: pytest.MonkeyPatch) -> None:
    before = targets.schema_of(targets.DATABASE)
    monkeypatch.setattr(targets, "SAID", "another")
    assert targets.schema_of(targets.DATABASE) != before


@pytest.mark.parametrize(
    ("module", "name", "other"),
    [
        (analysis, "words", lambda text: text.split()),
        (analysis, "stems", lambda text, language: text.split()),
        (ranking, "title_of", lambda document: ""),
        (ranking, "standing_points", lambda document: 0.0),
    ],
)
def test_the_mark_sees_what_it_is_for(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, other: Any
) -> None:
    w = make_world()
    before = _everything(w)
    monkeypatch.setattr(module, name, other)
    assert _everything(w) != before
