"""The directory's records."""

from startups.models.listing import Listing
from startups.models.program import CLOSING_SOON, Incubator, Intake, Program
from startups.models.startup import Deployment, Need, Solution, Startup

# The kinds of listings, the wholes before their parts.
LISTINGS: tuple[type[Listing], ...] = (Startup, Solution, Incubator, Program)

__all__ = [
    "CLOSING_SOON",
    "LISTINGS",
    "Deployment",
    "Incubator",
    "Intake",
    "Listing",
    "Need",
    "Program",
    "Solution",
    "Startup",
]
