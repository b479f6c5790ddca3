"""The directory's records."""

from startups.models.alumni import AlumniTie
from startups.models.claim import Claim
from startups.models.correction import Correction
from startups.models.editing import ListingEdit, ListingRules
from startups.models.former import FormerAddress
from startups.models.imports import ImportMatching, ImportRow, ImportRun, RememberedDouble
from startups.models.interest import Interest, InterestWord
from startups.models.links import CheckedLink
from startups.models.listing import Listing, OrganisationProfile
from startups.models.program import CLOSING_SOON, Incubator, IncubatorPerson, Intake, Program
from startups.models.relay import Relay, RelayWord
from startups.models.startup import (
    Deployment,
    Need,
    Solution,
    SolutionFile,
    Startup,
    StartupPerson,
)
from startups.models.views import WeeklyViews

# The kinds of listings, the wholes before their parts.
LISTINGS: tuple[type[Listing], ...] = (Startup, Solution, Incubator, Program)

__all__ = [
    "CLOSING_SOON",
    "LISTINGS",
    "AlumniTie",
    "CheckedLink",
    "Claim",
    "Correction",
    "Deployment",
    "FormerAddress",
    "ImportMatching",
    "ImportRow",
    "ImportRun",
    "Incubator",
    "IncubatorPerson",
    "Intake",
    "Interest",
    "InterestWord",
    "Listing",
    "ListingEdit",
    "ListingRules",
    "Need",
    "OrganisationProfile",
    "Program",
    "Relay",
    "RelayWord",
    "RememberedDouble",
    "Solution",
    "SolutionFile",
    "Startup",
    "StartupPerson",
    "WeeklyViews",
]
