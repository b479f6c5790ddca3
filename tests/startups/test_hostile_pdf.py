"""PDF that unfold, that never end, or that say who made them: refused or cleaned, and in time."""

from __future__ import annotations

import io
import resource
import zlib
from contextlib import suppress
from typing import Final

import pikepdf
import pytest
from django.utils import translation
from PIL import Image

from core.files.checks import FileRefused, check, check_pdf

CATALOG: Final = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGE: Final = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
TOO_LONG: Final = "The PDF has more than 500 pages."


def written(*objects: bytes) -> tuple[bytearray, list[int]]:
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    return out, places


def as_pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    out, places = written(*objects)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    root = b"trailer\n<< /Size %d /Root 1 0 R %b >>\n" % (len(objects) + 1, trailer)
    return bytes(out) + head + table + root + b"startxref\n%d\n%%%%EOF\n" % len(out)


def pages(kids: bytes) -> bytes:
    return b"<< /Type /Pages /Kids [%b] /Count 1 >>" % kids


def stream(data: bytes, words: bytes) -> bytes:
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (words, len(data), data)


def unfolding(megabytes: int) -> bytes:
    """An object kept in a stream that is packed twice: a few kilobytes, and gigabytes inside."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(b"5 0 << /A (x) >>")]
    parts += [packer.compress(b" " * 1_000_000) for _each in range(megabytes)]
    packed = zlib.compress(b"".join([*parts, packer.flush()]), 9)
    words = b"/Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode /FlateDecode]"
    out, places = written(CATALOG, pages(b"3 0 R"), PAGE, stream(packed, words))
    rows = b"\0\0\0\0\0\0\xff"
    rows += b"".join(b"\1" + place.to_bytes(4, "big") + b"\0\0" for place in places)
    rows += b"\2" + (4).to_bytes(4, "big") + b"\0\0" + b"\1" + len(out).to_bytes(4, "big") + b"\0\0"
    table = stream(rows, b"/Type /XRef /Size 7 /W [1 4 2] /Root 1 0 R")
    return bytes(out) + b"6 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, len(out))


def test_a_small_file_that_unfolds_costs_this_process_nothing() -> None:
    content = unfolding(1500)
    assert len(content) < 10_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Kept without what could not be read, or refused: both are an answer.
    with suppress(FileRefused):
        check_pdf(content, "fiche.pdf")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200 * 1024, f"{grown} kB more"


@pytest.mark.parametrize(
    "kids",
    [
        pytest.param(b"3 0 R " * 501, id="one page listed 501 times"),
        pytest.param(b"3 0 R " * 90_000, id="one page listed 90,000 times"),
    ],
)
def test_pages_are_counted_before_they_are_read(kids: bytes) -> None:
    with pytest.raises(FileRefused) as refused:
        check_pdf(as_pdf(CATALOG, pages(kids), PAGE), "fiche.pdf")
    with translation.override("en"):
        assert str(refused.value) == TOO_LONG


def test_a_pdf_of_500_pages_in_branches_is_kept() -> None:
    out, book = io.BytesIO(), pikepdf.new()
    for _each in range(500):
        book.add_blank_page()
    book.save(out)
    with pikepdf.open(io.BytesIO(check_pdf(out.getvalue(), "livre.pdf").content)) as kept:
        assert len(kept.pages) == 500


def test_a_pdf_says_its_title_and_not_who_made_it() -> None:
    content = as_pdf(
        b"<< /Type /Catalog /Pages 2 0 R /Metadata 4 0 R /Outlines 6 0 R >>",
        pages(b"3 0 R"),
        PAGE,
        stream(b"<x:xmpmeta>written at home</x:xmpmeta>", b"/Type /Metadata /Subtype /XML"),
        b"<< /Author (somebody at home) /Creator (my computer) /Title (Fiche) >>",
        b"<< /Type /Outlines /First 7 0 R /Last 7 0 R >>",
        b"<< /Title (1) /Parent 6 0 R /A << /S /URI /URI (javascript:alert\\(1\\)) >> >>",
        trailer=b"/Info 5 0 R",
    )
    kept = check_pdf(content, "fiche.pdf").content
    for gone in (b"home", b"my computer", b"/S /URI"):
        assert gone not in kept
    with pikepdf.open(io.BytesIO(kept)) as pdf:
        assert str(pdf.trailer.Info.Title) == "Fiche"
        assert str(pdf.Root.Outlines.First.Title) == "1"


def test_a_photograph_given_as_a_proof_loses_its_comment_and_stands_upright() -> None:
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6  # a camera held upright
    picture = Image.new("RGB", (40, 20))
    picture.save(out, "JPEG", exif=exif, comment=b"written at home")
    kept = check(out.getvalue(), "preuve.jpg")
    assert b"written at home" not in kept.content
    with Image.open(io.BytesIO(kept.content)) as image:
        assert image.size == (20, 40)
        assert not dict(image.getexif())
