"""How the directory's records are reached: by the public, and by those who belong to them."""

from startups.querysets.alumni import AlumniQuerySet
from startups.querysets.claims import ClaimQuerySet, CorrectionQuerySet
from startups.querysets.editing import EditQuerySet
from startups.querysets.exchanges import InterestQuerySet, NeedQuerySet, RelayQuerySet
from startups.querysets.links import LinkQuerySet
from startups.querysets.listings import (
    IncubatorQuerySet,
    IntakeQuerySet,
    ListingQuerySet,
    ProgramQuerySet,
    SolutionQuerySet,
)

__all__ = [
    "AlumniQuerySet",
    "ClaimQuerySet",
    "CorrectionQuerySet",
    "EditQuerySet",
    "IncubatorQuerySet",
    "IntakeQuerySet",
    "InterestQuerySet",
    "LinkQuerySet",
    "ListingQuerySet",
    "NeedQuerySet",
    "ProgramQuerySet",
    "RelayQuerySet",
    "SolutionQuerySet",
]
