"""The files that a person gave."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from core.files.models import FileState, StoredFile
from core.files.serving import may_read
from core.registry import Exporter, OwnFile, exporters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.accounts.models import User


def register_exporters() -> None:
    """Add files to « my data »."""
    exporters.register(
        "files",
        Exporter(
            label=_("Files you gave"),
            about=_(
                "Their names and dates. A file is inside when you may still read it on the site."
            ),
            fields=(
                *("name", "type", "size", "sha256", "kind", "organisation", "received_at"),
                "in_archive",
            ),
            rows=_rows,
            files=_files,
        ),
    )


def _given(user: User) -> Iterator[tuple[StoredFile, bool]]:
    """Each file with whether its content may leave: the rule of the page that serves it."""
    found = StoredFile.objects.filter(uploaded_by_id=user.pk).select_related("organisation")
    for stored in found.order_by("created_at", "pk").iterator(chunk_size=100):
        readable = stored.state == FileState.CLEAN and may_read(user, stored)
        yield stored, readable and stored.file.storage.exists(str(stored.file.name))


def _inside(stored: StoredFile) -> str:
    return f"{stored.pk.hex[:8]}-{stored.original_name}"


def _rows(user: User) -> Iterator[dict[str, Any]]:
    for stored, leaves in _given(user):
        yield {
            "name": stored.original_name,
            "type": stored.content_type,
            "size": stored.size,
            "sha256": stored.sha256,
            "kind": stored.kind,
            "organisation": stored.organisation.name if stored.organisation else "",
            "received_at": stored.created_at,
            "in_archive": f"files/{_inside(stored)}" if leaves else "",
        }


def _files(user: User) -> Iterator[OwnFile]:
    for stored, leaves in _given(user):
        if leaves:
            yield OwnFile(_inside(stored), partial(stored.file.storage.open, str(stored.file.name)))
