"""Where files live that no address leads to: beside the uploads, never under their public URL."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible


@deconstructible
class PrivateStorage(FileSystemStorage):
    """Files under ``PRIVATE_ROOT``, read by this system's user alone."""

    def __init__(self) -> None:
        """The folder is read from the settings at each use."""
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @property
    def base_location(self) -> Any:  # type: ignore[override]
        """The folder as the settings have it now."""
        return settings.PRIVATE_ROOT

    @property
    def location(self) -> str:  # type: ignore[override]
        """The same, absolute."""
        return str(Path(settings.PRIVATE_ROOT).absolute())

    def url(self, name: str | None) -> NoReturn:
        """There is none: ``ValueError``."""
        msg = "A private file has no address; a view hands it out."
        raise ValueError(msg)
