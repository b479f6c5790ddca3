"""Logos, and the pictures and documents that show a solution: checked, made small, kept."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from core.files.checks import LARGEST, CheckedFile, check_pdf, check_picture
from core.files.models import FileState, StoredFile
from core.files.storing import keep

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from core.accounts.models import Organisation, User

LOGO: Final = "logo"
SOLUTION_PICTURE: Final = "solution_picture"
SOLUTION_PDF: Final = "solution_pdf"
# Pixels a side, twice what a page shows: screens have two for one.
LONGEST_LOGO: Final = 512
LONGEST_PICTURE: Final = 1600


def check_upload(upload: UploadedFile, kind: str) -> CheckedFile:
    """What is kept of ``upload`` as a ``kind`` of file; ``FileRefused`` says why it is not."""
    content, name = upload.read(LARGEST + 1), upload.name or ""
    if kind == SOLUTION_PDF:
        return check_pdf(content, name)
    if kind == LOGO:
        return check_picture(content, name, longest=LONGEST_LOGO, always_png=True)
    return check_picture(content, name, longest=LONGEST_PICTURE)


def kind_of_solution_file(name: str) -> str:
    """A document by its name, else a picture."""
    return SOLUTION_PDF if PurePath(name).suffix.lower() == ".pdf" else SOLUTION_PICTURE


def store_picture(
    *,
    upload: UploadedFile | CheckedFile,
    kind: str,
    organisation: Organisation | None,
    actor: User | None,
) -> StoredFile:
    """Keep a file for a listing; nobody else reads it until a live listing shows it.

    A form has checked it already (:class:`startups.forms.pictures.PictureField`); what comes as it
    was sent is checked here. The same content is kept once for an organisation: the administration
    saves a draft, its files included, every few seconds. Raises ``FileRefused``.
    """
    checked = upload if isinstance(upload, CheckedFile) else check_upload(upload, kind)
    same = StoredFile.objects.filter(
        kind=kind,
        organisation=organisation,
        sha256=hashlib.sha256(checked.content).hexdigest(),
        state=FileState.CLEAN,
    )
    return same.first() or keep(checked=checked, kind=kind, organisation=organisation, actor=actor)
