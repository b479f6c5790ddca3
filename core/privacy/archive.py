"""The archive: JSON, CSV and files, written as they are read so that memory does not grow."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
import zipfile
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final, cast

from django.template.loader import render_to_string
from django.utils import translation

from core import registry
from core.addresses import site_url
from core.cells import cell
from core.freeze import plain
from core.taxonomy.models import CitySettings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from core.accounts.models import User

# A part whose table is larger than this waits on the disk for its turn.
IN_MEMORY: Final = 1_000_000
BLOCK: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: bytes in all, and their SHA-256."""

    size: int
    sha256: str


def write_archive(
    path: Path, user: User, now: datetime, tell: Callable[[int], None] = lambda done: None
) -> Written:
    """Write all parts of all floors about ``user`` into a ZIP at ``path``.

    ``tell`` hears how many parts are done. The words are in the person's language.
    """
    counted: list[tuple[str, str, str, int]] = []
    with (
        translation.override(user.language),
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive,
    ):
        for done, (name, part) in enumerate(registry.exporters.items(), start=1):
            count = _write_part(archive, name, part, user)
            _write_files(archive, part, user)
            counted.append((name, str(part.label), str(part.about), count))
            tell(done)
        archive.writestr("README.txt", _readme(user, counted, now))
    return _measure(path)


def _write_part(archive: zipfile.ZipFile, name: str, part: registry.Exporter, user: User) -> int:
    """One pass over the rows: JSON goes straight into the archive, CSV waits beside it."""
    count = 0
    with SpooledTemporaryFile(max_size=IN_MEMORY, mode="w+b") as table:
        text = io.TextIOWrapper(cast("IO[bytes]", table), encoding="utf-8-sig", newline="")
        writer = csv.writer(text)
        writer.writerow(part.fields)
        with archive.open(f"json/{name}.json", "w", force_zip64=True) as out:
            out.write(b"[")
            for row in part.rows(user):
                values = _named(name, part, row)
                out.write((",\n" if count else "\n").encode() + _json(values))
                writer.writerow([_cell(values[field]) for field in part.fields])
                count += 1
            out.write(b"\n]\n")
        text.flush()
        text.detach()
        table.seek(0)
        with archive.open(f"csv/{name}.csv", "w", force_zip64=True) as out:
            shutil.copyfileobj(cast("IO[bytes]", table), out, BLOCK)
    return count


def _named(name: str, part: registry.Exporter, row: Mapping[str, Any]) -> dict[str, Any]:
    """Exactly the fields that the part names; anything else is a mistake that stops the export."""
    if set(row) != set(part.fields):
        msg = f"Part {name!r} gave {sorted(row)}, its fields are {sorted(part.fields)}."
        raise ValueError(msg)
    return {field: plain(row[field]) for field in part.fields}


def _json(values: Any) -> bytes:
    return json.dumps(values, ensure_ascii=False, allow_nan=False).encode()


def _cell(value: Any) -> str:
    """What is nested stays JSON inside its cell."""
    return cell(_json(value).decode() if isinstance(value, dict | list) else value)


def _write_files(archive: zipfile.ZipFile, part: registry.Exporter, user: User) -> None:
    for file in part.files(user):
        # Stored as it is: pictures and PDF are compressed already.
        entry = zipfile.ZipInfo(f"files/{_harmless(file.name)}")
        with file.open() as source, archive.open(entry, "w", force_zip64=True) as out:
            shutil.copyfileobj(source, out, BLOCK)


def _harmless(name: str) -> str:
    """A name that leaves the folder where it is unpacked on no system."""
    return re.sub(r'[\x00-\x1f<>:"|?*/\\]+', "_", name).strip(" .") or "file"


def _readme(user: User, counted: list[tuple[str, str, str, int]], now: datetime) -> str:
    context = {
        "name": user.name,
        "parts": counted,
        "now": now,
        "city": CitySettings.current(),
        "base_url": site_url(),
    }
    # For any editor on any system.
    text = render_to_string("privacy/readme.txt", context)
    return "\ufeff" + text.strip().replace("\n", "\r\n") + "\r\n"


def _measure(path: Path) -> Written:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Written(size=file.tell(), sha256=digest)
