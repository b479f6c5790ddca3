"""A PDF made harmless, in a process of its own: see :mod:`core.files.pdf_cleaner`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from core.files import pdf_cleaner

# A machine that is busy with something else is waited for longer than the processor is used.
PATIENCE: Final = 30
PROGRAM: Final = Path(pdf_cleaner.__file__)


class PdfLocked(ValueError):
    """A password is asked for."""


class PdfTooLong(ValueError):
    """It has more pages than one may send."""


class PdfDamaged(ValueError):
    """It cannot be read."""


class PdfTooHeavy(ValueError):
    """It unfolds into more than anybody reads."""


REASONS: Final[dict[int, type[ValueError]]] = {
    pdf_cleaner.LOCKED: PdfLocked,
    pdf_cleaner.TOO_LONG: PdfTooLong,
    pdf_cleaner.DAMAGED: PdfDamaged,
}


def clean(content: bytes, *, most_pages: int) -> bytes:
    """``content`` without what acts on its reader.

    Raises ``PdfLocked``, ``PdfTooLong``, ``PdfDamaged``, or ``PdfTooHeavy`` when it used up the
    memory or the time that one file may have.
    """
    try:
        done = subprocess.run(  # noqa: S603  # our own program, by its own path
            [sys.executable, "-I", str(PROGRAM), str(most_pages)],
            input=content,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PdfTooHeavy from error
    if done.returncode:
        raise REASONS.get(done.returncode, PdfTooHeavy)
    return done.stdout
