"""Keep a checked upload."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile

from core.files.checks import LARGEST, CheckedFile, FileRefused, check
from core.files.models import StoredFile

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from core.accounts.models import Organisation, User


def store_upload(
    *, upload: UploadedFile, kind: str, organisation: Organisation | None, actor: User
) -> StoredFile:
    """Check and keep ``upload``; :class:`FileRefused` with the reason otherwise."""
    checked = check(upload.read(LARGEST + 1), upload.name or "")
    return keep(checked=checked, kind=kind, organisation=organisation, actor=actor)


def keep(
    *, checked: CheckedFile, kind: str, organisation: Organisation | None, actor: User | None
) -> StoredFile:
    """Keep what was checked already."""
    stored = StoredFile(
        kind=kind,
        organisation=organisation,
        uploaded_by=actor,
        original_name=checked.name,
        content_type=checked.content_type,
        size=len(checked.content),
        sha256=hashlib.sha256(checked.content).hexdigest(),
    )
    stored.file.save(checked.name, ContentFile(checked.content), save=False)
    stored.save()
    return stored


__all__ = ["FileRefused", "keep", "store_upload"]
