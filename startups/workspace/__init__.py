"""What the directory asks of a person today: rows of the workspace, by the job they belong to."""

from __future__ import annotations

from core.registry import workspace_rows
from startups.workspace import alumni, claims, confirming, editing, exchanges, intakes, links


def register_rows() -> None:
    """Say to the workspace what can wait here for a person."""
    for job in (claims, confirming, alumni, editing, exchanges, intakes, links):
        workspace_rows.register(job.__name__, job.rows)
