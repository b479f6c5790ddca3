"""Files as spreadsheets, programs and enemies write them: read, or refused with row and column."""

from __future__ import annotations

import gzip
import io
import json
import time
import zipfile
from typing import Any

import pytest
from django.utils import translation

from startups.enums import ImportKind, IncubatorKind
from startups.importing import cells
from startups.importing.cells import CellRefused
from startups.importing.fields import FIELDS, suggest
from startups.importing.reading import MOST_COLUMNS, MOST_ROWS, SheetRefused, read_sheet

TABLE = [["nom", "résumé"], ["École d’été", "À côté, « là »"], ["Cœur", "deux\nlignes"]]


def as_csv(separator: str, newline: str = "\r\n") -> str:
    return newline.join(
        separator.join('"' + c.replace('"', '""') + '"' for c in row) for row in TABLE
    )


def table(content: bytes) -> list[list[Any]]:
    sheet = read_sheet(content)
    return [sheet.columns, *(row.cells for row in sheet.rows)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings_and_separators(encoding: str, separator: str) -> None:
    assert table(as_csv(separator).encode(encoding)) == TABLE


def test_old_encodings_of_french() -> None:
    assert table(as_csv(";").encode("mac_roman")) == TABLE
    dos = "nom;ville\nÉcole d’été;Montréal, là-bas".replace("’", "'")
    assert table(dos.encode("cp850"))[1] == ["École d'été", "Montréal, là-bas"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_ends_of_lines(newline: str) -> None:
    assert table(f"nom,a{newline}X,1{newline}{newline}Y,2{newline}".encode()) == [
        ["nom", "a"],
        ["X", "1"],
        ["Y", "2"],
    ]


def test_what_excel_does() -> None:
    assert table(b"sep=;\r\nnom;a,b\r\nX;1,5\r\n") == [["nom", "a,b"], ["X", "1,5"]]
    assert table(b"nom,a,,\nX,1,,\n,,,\n") == [["nom", "a"], ["X", "1"]]
    assert table(b"nom,a,b\nX\n") == [["nom", "a", "b"], ["X", "", ""]]
    # The number is that of the spreadsheet: the header is row 1.
    assert [row.number for row in read_sheet(b"nom\nX\n\n\nY\n").rows] == [2, 5]


def test_json() -> None:
    records = [{"nom": "X", "secteurs": ["a", "b"], "an": 1996}, {"nom": None, "lat": 45.5}]
    expected = [["nom", "secteurs", "an", "lat"], ["X", ["a", "b"], 1996, ""], ["", "", "", 45.5]]
    assert table(json.dumps(records).encode()) == expected
    assert table(json.dumps({"organisations": records}).encode("utf-16")) == expected


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"0" * 50_000_000)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"x" * (10 * 1024 * 1024 + 1), "plus de 10 Mo"),
        (zipped(), "une archive ZIP"),
        (gzip.compress(b"nom\nX"), "un fichier compressé"),
        (b"\xd0\xcf\x11\xe0....", "ancienne version d’Excel"),
        (b"%PDF-1.7", "un PDF"),
        (b"", "vide"),
        (b" \n\n ", "vide"),
        (b"nom,a\n", "aucune ligne"),
        (b"," * 1_000_000 + b"a\nX\n", f"1000001 colonnes ; {MOST_COLUMNS} au plus"),
        (b"nom,nom\nX,Y\n", "Les colonnes 1 et 2 s’appellent toutes deux « nom »"),
        (b"no\x00m,a\nX,Y\n", "colonne 1"),
        (b'nom,a\nX,1\nY,"2\n', "La ligne 3"),
        (b'nom,a\nX,"1"2\n', "La ligne 2"),
        (b"nom\n" + b"X\n" * (MOST_ROWS + 1), "Plus de 20000 lignes"),
        (b'[{"nom": "X"}, 7]', "L’élément 2"),
        (b'[{"nom": "X",}]', "ligne 1, colonne 14"),
        (b'{"a": 1}', "pas une liste d’objets"),
        (b"[" * 200_000, "aucun tableau"),
        (b'[{"nom": NaN}]', "aucun tableau"),
        (b'[{"nom": "X", "lat": 1e999}]', "aucun tableau"),
        (b"nom\nX\n" + b"\n" * 9_000_000, "Plus de 20000 lignes"),
        (json.dumps([{f"c{n}": n for n in range(201)}]).encode(), "201 colonnes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_says_where(content: bytes, words: str) -> None:
    started = time.process_time()
    with pytest.raises(SheetRefused) as refused, translation.override("fr"):
        read_sheet(content)
    said = str(refused.value).replace("\xa0", " ").replace("\u202f", " ")
    assert words in said
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("content", "flaws"),
    [
        (b"nom,a\nX,\x001\nY,2\n", [(1, "hidden")]),
        (b"nom,a\nX," + b"1" * 1_000_000 + b"\nY,2\n", [(1, "too_long_cell")]),
        (b"nom,a\nX,1,2\nY,2\n", [(1, "too_many_cells")]),
        (b'[{"nom": "X", "a": {"b": 1}}, {"nom": "Y"}]', [(1, "nested")]),
        (b'[{"nom": "X", "a": "1\\u0000"}, {"nom": "Y"}]', [(1, "hidden")]),
        (b'[{"nom": "X", "a": "\\ud800"}, {"nom": "Y"}]', [(1, "hidden")]),
    ],
    ids=["nul", "megabyte", "ragged", "nested", "nul-json", "half-pair"],
)
def test_one_bad_cell_is_noted_and_the_others_are_read(
    content: bytes, flaws: list[tuple[int, str]]
) -> None:
    first, second = read_sheet(content).rows
    assert (first.problems, second.problems, second.cells[0]) == (flaws, [], "Y")
    # Both databases keep what is left of it.
    assert "\x00" not in json.dumps(first.cells)
    assert len(json.dumps(first.cells)) < 1000


def said(read: Any, value: Any) -> Any:
    try:
        return read(value)
    except CellRefused as refused:
        return f"!{refused.code}"


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (cells.line(20), "=HYPERLINK(1)", "!formula"),
        (cells.line(20), "@SUM(A1)", "!formula"),
        (cells.line(30), "+cmd|' /C calc'!A0", "!formula"),
        (cells.line(20), "- un tiret", "- un tiret"),
        (cells.line(20), "X" * 21, "!too_long"),
        (cells.line(20), "Pаypal", "!alphabets"),
        (cells.line(20), "deux\nlignes", "deux lignes"),
        (cells.year, "1996", 1996),
        (cells.year, "1996.0", 1996),
        (cells.year, 1996.0, 1996),
        (cells.year, "1799", "!year"),
        (cells.year, "99999", "!year"),
        (cells.year, "²", "!number"),
        (cells.year, "vers 1996", "!number"),
        (cells.neq, "1143 920 115", "1143920115"),
        (cells.neq, 1143920115, "1143920115"),
        (cells.neq, "1143920115.0", "1143920115"),
        (cells.neq, "1,14392E+09", "!scientific"),
        (cells.neq, "114392011", "!neq"),
        (cells.decimal("latitude", 90), "45,5", 45.5),
        (cells.decimal("longitude", 180), "−73.5", -73.5),
        (cells.decimal("latitude", 90), "91", "!latitude"),
        (cells.decimal("latitude", 90), "nan", "!number"),
        (cells.decimal("latitude", 90), "1e999", "!number"),
        (cells.url, "exemple.org", "https://exemple.org"),
        (cells.url, "HTTP://exemple.org/a", "HTTP://exemple.org/a"),
        (cells.url, "javascript:alert(1)", "!url"),
        (cells.url, "pas un site", "!url"),
        (cells.slug, "École", "!slug"),
        (cells.choice(IncubatorKind), "Incubateur", "incubator"),
        (cells.choice(IncubatorKind), "living lab", "living_lab"),
        (cells.choice(IncubatorKind), "FUND", "fund"),
        (cells.choice(IncubatorKind), "banque", "!unknown"),
        (cells.several(cells.line(9)), "a | b;c\na", ["a", "b", "c"]),
        (cells.several(cells.line(9)), ["a", "", "b"], ["a", "b"]),
    ],
)
def test_cells(read: Any, value: Any, expected: Any) -> None:
    assert said(read, value) == expected


@pytest.mark.parametrize("kind", ImportKind.values)
def test_columns_are_recognised_by_their_names_in_both_languages(kind: str) -> None:
    names = [field.name for field in FIELDS[kind]]
    assert suggest(kind, names) == names
    if kind == ImportKind.PROGRAM:
        assert suggest(kind, ["Programme", "Organisme", "Frais", "?", "programme"]) == [
            *("name_fr", "incubator", "fee", "", "")
        ]
        return
    assert suggest(kind, ["NOM", "Site Web", "Arrondissement", "autre", "nom"]) == [
        *("name", "website", "borough", "", "")
    ]
    assert suggest(kind, ["Name", "Web site", "Borough"]) == ["name", "website", "borough"]


def test_every_problem_has_its_sentence_in_both_languages() -> None:
    for words in cells.PROBLEMS.values():
        said = set()
        for language in ("fr", "en"):
            with translation.override(language):
                said.add(str(words))
        assert len(said) == 2, said
