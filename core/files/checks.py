"""What a file must be before it is kept: each refusal is a sentence that names the reason."""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
from dataclasses import dataclass
from pathlib import PurePath

import filetype
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from core.exceptions import DomainError
from core.files import pdf

LARGEST = 25 * 1024 * 1024
MOST_PIXELS = 50_000_000
MOST_PAGES = 500
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
}


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
    expected = _type_of(content, name)
    if expected is None:
        raise FileRefused(_("Only PDF, PNG and JPEG files are accepted."))
    if expected == TYPES["pdf"]:
        return CheckedFile(_clean_pdf(content), expected, safe_name(name))
    return CheckedFile(_clean_image(content, expected), expected, safe_name(name))


def check_pdf(content: bytes, name: str) -> CheckedFile:
    """The same for what must be a PDF."""
    if _type_of(content, name) != TYPES["pdf"]:
        raise FileRefused(_("Only PDF files are accepted here."))
    return CheckedFile(_clean_pdf(content), TYPES["pdf"], safe_name(name))


def check_picture(
    content: bytes, name: str, *, longest: int, always_png: bool = False
) -> CheckedFile:
    """The same for a picture to be shown: upright, and at most ``longest`` pixels a side.

    ``always_png`` for what has sharp edges, or a ground one must see through.
    """
    expected = _type_of(content, name)
    if expected not in (TYPES["png"], TYPES["jpg"]):
        raise FileRefused(_("Only PNG and JPEG pictures are accepted."))
    kept_as = TYPES["png"] if always_png else expected
    cleaned = _clean_image(content, kept_as, longest=longest)
    stem = PurePath(safe_name(name)).stem
    return CheckedFile(cleaned, kept_as, f"{stem}.{'png' if kept_as == TYPES['png'] else 'jpg'}")


def _type_of(content: bytes, name: str) -> str | None:
    """The type that name and content agree on; None when no such type is accepted."""
    if not content:
        raise FileRefused(_("The file is empty."))
    if len(content) > LARGEST:
        raise FileRefused(_("The file is larger than 25 MB."))
    expected = TYPES.get(PurePath(name).suffix.lower().lstrip("."))
    if expected is not None and filetype.guess_mime(content[:8192]) != expected:
        raise FileRefused(_("The file's content is not what its name says."))
    return expected


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
        return pdf.clean(content, most_pages=MOST_PAGES)
    except pdf.PdfTooLong as error:
        raise FileRefused(_("The PDF has more than 500 pages.")) from error
    except pdf.PdfLocked as error:
        raise FileRefused(_("The PDF is locked by a password.")) from error
    except pdf.PdfTooHeavy as error:
        raise FileRefused(
            _("The PDF takes too much memory or time to be read: export it again, lighter.")
        ) from error
    except pdf.PdfDamaged as error:
        raise FileRefused(_("The PDF is damaged: export it again.")) from error


def _clean_image(content: bytes, content_type: str, *, longest: int = 0) -> bytes:
    """Encoded anew: neither metadata nor anything hidden behind the picture survives.

    How many pixels it has is read in its head, before any of them is.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise FileRefused(_("The picture has more than 50 million pixels."))
                if longest:
                    image.draft("RGB", (longest, longest))
                image.load()
                return _encoded(_upright(image, longest), content_type)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileRefused(_("The picture has more than 50 million pixels.")) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise FileRefused(_("The picture is damaged: export it again.")) from error


def _upright(image: Image.Image, longest: int) -> Image.Image:
    """As it was held, with its pixels alone: a comment is metadata too, and JPEG would keep it."""
    clean = ImageOps.exif_transpose(image)
    if longest:
        clean = clean.convert("RGBA" if clean.has_transparency_data else "RGB")
        clean.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    # A palette says here which of its colours is seen through; a picture made small has a channel.
    kept = () if longest else ("transparency",)
    clean.info = {key: clean.info[key] for key in kept if key in clean.info}
    return clean


def _encoded(image: Image.Image, content_type: str) -> bytes:
    out = io.BytesIO()
    if content_type == TYPES["jpg"]:
        image.convert("RGB").save(out, "JPEG", quality=85)
    else:
        image.save(out, "PNG", optimize=True)
    return out.getvalue()
