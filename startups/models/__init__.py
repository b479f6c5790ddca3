"""The directory's records."""

from startups.models.alumni import AlumniTie
from startups.models.imports import ImportMatching, ImportRow, ImportRun, RememberedDouble
from startups.models.links import CheckedLink
from startups.models.listing import Listing, OrganisationProfile
from startups.models.program import CLOSING_SOON, Incubator, IncubatorPerson, Intake, Program
from startups.models.startup import (
    Deployment,
    Need,
    Solution,
    SolutionFile,
    Startup,
    StartupPerson,
)

# The kinds of listings, the wholes before their parts.
LISTINGS: tuple[type[Listing], ...] = (Startup, Solution, Incubator, Program)

__all__ = [
    "CLOSING_SOON",
    "LISTINGS",
    "AlumniTie",
    "CheckedLink",
    "Deployment",
    "ImportMatching",
    "ImportRow",
    "ImportRun",
    "Incubator",
    "IncubatorPerson",
    "Intake",
    "Listing",
    "Need",
    "OrganisationProfile",
    "Program",
    "RememberedDouble",
    "Solution",
    "SolutionFile",
    "Startup",
    "StartupPerson",
]
