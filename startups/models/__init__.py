"""The directory's records."""

from startups.models.listing import Listing
from startups.models.program import CLOSING_SOON, Incubator, Intake, Program
from startups.models.startup import Deployment, Need, Solution, Startup

__all__ = [
    "CLOSING_SOON",
    "Deployment",
    "Incubator",
    "Intake",
    "Listing",
    "Need",
    "Program",
    "Solution",
    "Startup",
]
