"""Who reads the files of the directory, besides the members of their organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.accounts import rules
from core.accounts.middleware import has_second_factor
from core.files import serving
from startups.domain.pictures import LOGO, SOLUTION_PDF, SOLUTION_PICTURE
from startups.models import Incubator, SolutionFile, Startup

# What an organisation claims a listing by.
CLAIM_FILE: Final = "claim"

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import User
    from core.files.models import StoredFile


def is_logo_shown(stored: StoredFile) -> bool:
    """Whether an organisation that anyone may read about has it for its logo."""
    found = (kind.objects.public().filter(logo=stored) for kind in (Startup, Incubator))
    return any(rows.exists() for rows in found)


def is_solution_file_shown(stored: StoredFile) -> bool:
    """Whether a live solution shows it."""
    rows = SolutionFile.objects.filter(file=stored, solution__live=True)
    return bool(rows.exists())


def may_read(user: User | AnonymousUser, stored: StoredFile) -> bool:
    """Everyone while it is shown; before, those who look after the directory, as they enter it."""
    is_shown = serving.shown[stored.kind]
    return is_shown(stored) or (rules.is_moderator(user) and has_second_factor(user))


def may_read_claim_file(user: User | AnonymousUser, stored: StoredFile) -> bool:
    """Moderators, who judge what it proves, as they enter the pages where they do."""
    return rules.is_moderator(user) and has_second_factor(user)


def register_files() -> None:
    """Say to the room of files who reads what."""
    for kind, is_shown in (
        (LOGO, is_logo_shown),
        (SOLUTION_PICTURE, is_solution_file_shown),
        (SOLUTION_PDF, is_solution_file_shown),
    ):
        serving.shown.register(kind, is_shown)
        serving.readers.register(kind, may_read)
    serving.readers.register(CLAIM_FILE, may_read_claim_file)
