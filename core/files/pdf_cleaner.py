"""A program of its own: a PDF comes in, the same PDF goes out without what acts on its reader.

:mod:`core.files.pdf` runs it. A file of ten kilobytes may unfold into gigabytes or keep a parser
busy for minutes; here that ends this process, at a limit of memory and of time, and nobody else's.
It imports nothing of the site, so that it starts at once.
"""

from __future__ import annotations

import io
import resource
import sys
from contextlib import suppress
from typing import Any, Final

import pikepdf

MEMORY: Final = 1024**3
SECONDS: Final = 10
# Items of one list. Beyond, reading it takes longer than all the rest.
MOST_ITEMS: Final = 100_000
LOCKED, TOO_LONG, DAMAGED = 3, 4, 5
# Keys of a document by which it acts on whoever opens it, carries a file, or says who made it.
OF_THE_ROOT: Final = ("/OpenAction", "/AA", "/AcroForm", "/Names", "/AF", "/Collection")
# The same wherever they stand: script, files carried along, what editors note for themselves.
ANYWHERE: Final = ("/JS", "/AA", "/EF", "/RichMediaContent", "/Metadata", "/PieceInfo")
# What starts, opens or sends something. Going to a page of the same document stays.
ACTS: Final = frozenset(
    {
        *("/JavaScript", "/Launch", "/SubmitForm", "/ResetForm", "/ImportData", "/GoToR", "/GoToE"),
        *("/Rendition", "/URI", "/Named", "/Movie", "/Sound", "/Thread", "/RichMediaExecute"),
    }
)


class TooLong(Exception):
    """It has more pages than one may send."""


def clean(content: bytes, most_pages: int) -> bytes:
    """``content`` without what acts, and without who made it; its title stays."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        refuse_long(pdf.Root.get("/Pages"), most_pages)
        for key in OF_THE_ROOT:
            if key in pdf.Root:
                del pdf.Root[key]
        for page in pdf.pages:
            for key in ("/AA", "/Annots"):
                if key in page:
                    del page[key]
        for found in pdf.objects:
            _without_actions(found)
        _keep_the_title_alone(pdf)
        cleaned = io.BytesIO()
        # The same file twice is the same content.
        pdf.save(cleaned, deterministic_id=True)
        return cleaned.getvalue()


def refuse_long(tree: Any, most: int) -> None:
    """``TooLong`` beyond ``most`` pages: counted as the tree lists them, one page twice is two.

    The parser makes a copy of a page for each time that it is listed.
    """
    pages, branches, waiting = 0, 0, [tree]
    while waiting:
        kids = waiting.pop().get("/Kids", [])
        branches += 1
        if max(len(kids), pages, branches) > most:
            raise TooLong
        deeper = [kid for kid in kids if "/Kids" in kid]
        pages += len(kids) - len(deeper)
        waiting += deeper
    if pages > most:
        raise TooLong


def _without_actions(found: Any) -> None:
    """Take from an object, and from those written inside it, what would run or open something."""
    if isinstance(found, pikepdf.Array):
        for item in found:
            if isinstance(item, pikepdf.Object) and not item.is_indirect:
                _without_actions(item)
        return
    if not isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        return
    for key in ANYWHERE:
        if key in found:
            del found[key]
    if "/S" in found and str(found["/S"]) in ACTS:
        del found["/S"]
    for _key, value in list(found.items()):
        # What has a number of its own is met by itself.
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            _without_actions(value)


def _keep_the_title_alone(pdf: pikepdf.Pdf) -> None:
    """Readers say the title aloud; author, program and dates are nobody's business."""
    held: Any = pdf.trailer.get("/Info")
    title = held.get("/Title") if isinstance(held, pikepdf.Dictionary) else None
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    if isinstance(title, pikepdf.String):
        pdf.trailer["/Info"] = pdf.make_indirect(pikepdf.Dictionary(Title=title))


def main() -> int:
    """Read the file, write the clean one; a number says why there is none."""
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        with suppress(ValueError, OSError):  # a system that knows no such limit
            resource.setrlimit(what, (most, most))
    pikepdf.settings.set_qpdf_limits(parser_max_container_size=MOST_ITEMS, max_stream_filters=4)
    try:
        cleaned = clean(sys.stdin.buffer.read(), int(sys.argv[1]))
    except TooLong:
        return TOO_LONG
    except pikepdf.PasswordError:
        return LOCKED
    except (pikepdf.PdfError, ValueError, RuntimeError, AttributeError, TypeError, KeyError):
        return DAMAGED
    sys.stdout.buffer.write(cleaned)
    return 0


if __name__ == "__main__":
    sys.exit(main())
