"""What a file must be before it is kept: each refusal is a sentence that names the reason."""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

import filetype
import pikepdf
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from core.exceptions import DomainError

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LARGEST = 25 * 1024 * 1024
MOST_PIXELS = 50_000_000
MOST_PAGES = 500
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
}
# Keys of a PDF by which it can act on whoever opens it, or carry another file.
ACTIVE_KEYS = ("/OpenAction", "/AA", "/AcroForm", "/Names")


class FileRefused(DomainError):
    """The file is not kept; the sentence says why and what to send instead."""

    code = "file_refused"


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What is kept: cleaned content, its true type, a harmless name."""

    content: bytes
    content_type: str
    name: str


def check(content: bytes, name: str) -> CheckedFile:
    """Judge ``content`` by itself, whatever its name claims. Raises :class:`FileRefused`."""
    if not content:
        raise FileRefused(_("The file is empty."))
    if len(content) > LARGEST:
        raise FileRefused(_("The file is larger than 25 MB."))
    extension = PurePath(name).suffix.lower().lstrip(".")
    expected = TYPES.get(extension)
    if expected is None:
        raise FileRefused(_("Only PDF, PNG and JPEG files are accepted."))
    guessed = filetype.guess_mime(content[:8192])
    if guessed != expected:
        raise FileRefused(_("The file's content is not what its name says."))
    cleaned = _clean_pdf(content) if expected == TYPES["pdf"] else _clean_image(content, expected)
    return CheckedFile(cleaned, expected, safe_name(name))


def safe_name(name: str) -> str:
    """The name without folders, controls or tricks of direction; at most 120 characters."""
    base = unicodedata.normalize("NFC", PurePath(name.replace("\\", "/")).name)
    kept = "".join(c for c in base if unicodedata.category(c)[0] != "C")
    kept = re.sub(r'[<>:"|?*/\\]+', "_", kept).strip(" .") or "fichier"
    stem, dot, extension = kept.rpartition(".")
    return f"{stem[: 119 - len(extension)]}{dot}{extension}" if dot else kept[:120]


def _clean_pdf(content: bytes) -> bytes:
    if not content.startswith(b"%PDF"):
        raise FileRefused(_("The file does not begin like a PDF."))
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if len(pdf.pages) > MOST_PAGES:
                raise FileRefused(_("The PDF has more than 500 pages."))
            for key in ACTIVE_KEYS:
                if key in pdf.Root:
                    del pdf.Root[key]
            for page in pdf.pages:
                for key in ("/AA", "/Annots"):
                    if key in page:
                        del page[key]
            cleaned = io.BytesIO()
            pdf.save(cleaned)
            return cleaned.getvalue()
    except pikepdf.PasswordError as error:
        raise FileRefused(_("The PDF is locked by a password.")) from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise FileRefused(_("The PDF is damaged: export it again.")) from error


def _clean_image(content: bytes, content_type: str) -> bytes:
    damaged: str | _StrPromise = _("The picture is damaged: export it again.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise FileRefused(_("The picture has more than 50 million pixels."))
                image.load()
                # Encoded anew: neither metadata nor anything hidden behind the picture survives.
                out = io.BytesIO()
                jpeg = content_type == TYPES["jpg"]
                clean = image.convert("RGB") if jpeg else image
                clean.save(out, "JPEG" if jpeg else "PNG")
                return out.getvalue()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileRefused(_("The picture has more than 50 million pixels.")) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise FileRefused(damaged) from error
