"""The city's roles: Wagtail groups, by name, made by a migration."""

from __future__ import annotations

from typing import Final

EDITORS: Final = "Editors"
CHALLENGE_MANAGERS: Final = "Challenge managers"
CHALLENGE_APPROVERS: Final = "Challenge approvers"
JURY_MEMBERS: Final = "Jury members"
PILOT_MANAGERS: Final = "Pilot managers"
MODERATORS: Final = "Moderators"
FINANCE: Final = "Finance"
ADMINISTRATORS: Final = "Administrators"

ALL: Final = (
    EDITORS,
    CHALLENGE_MANAGERS,
    CHALLENGE_APPROVERS,
    JURY_MEMBERS,
    PILOT_MANAGERS,
    MODERATORS,
    FINANCE,
    ADMINISTRATORS,
)
# A jury member may be from outside the city and never enters the administration.
ADMIN_DOOR: Final = tuple(name for name in ALL if name != JURY_MEMBERS)
