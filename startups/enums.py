"""The states and choices of the directory, and the one table of allowed moves."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.accounts.enums import answered_once


class ListingState(models.TextChoices):
    """How far a listing is vouched for."""

    UNCLAIMED = "unclaimed", _("Unclaimed")
    CLAIMED = "claimed", _("Claimed")
    VERIFIED = "verified", _("Verified")
    CLOSED = "closed", _("Closed")
    MERGED = "merged", _("Merged")


LISTING_TRANSITIONS: Final = {
    ListingState.UNCLAIMED: frozenset(
        {ListingState.CLAIMED, ListingState.CLOSED, ListingState.MERGED}
    ),
    ListingState.CLAIMED: frozenset(
        {ListingState.VERIFIED, ListingState.CLOSED, ListingState.MERGED}
    ),
    ListingState.VERIFIED: frozenset({ListingState.CLOSED, ListingState.MERGED}),
    # Back by one verb alone, when the city closed or merged by mistake.
    ListingState.CLOSED: frozenset(
        {ListingState.MERGED, ListingState.CLAIMED, ListingState.UNCLAIMED}
    ),
    ListingState.MERGED: frozenset({ListingState.CLAIMED, ListingState.UNCLAIMED}),
}


# Listings that no longer act: their pages stay and say so.
GONE: Final = (ListingState.CLOSED, ListingState.MERGED)


class IncubatorKind(models.TextChoices):
    """What a support organisation is."""

    INCUBATOR = "incubator", _("Incubator")
    ACCELERATOR = "accelerator", _("Accelerator")
    LIVING_LAB = "living_lab", _("Living lab")
    MAKER_SPACE = "maker_space", _("Learning and making centre")
    SPACE = "space", _("Workspace")
    FUND = "fund", _("Fund")
    NETWORK = "network", _("Network")


class Stage(models.TextChoices):
    """How far along a startup is."""

    IDEA = "idea", _("Idea")
    PROTOTYPE = "prototype", _("Prototype")
    PILOT = "pilot", _("Pilot")
    GROWTH = "growth", _("Growth")


class FundingStage(models.TextChoices):
    """How a startup is paid for."""

    BOOTSTRAPPED = "bootstrapped", _("Self-funded")
    PRE_SEED = "pre_seed", _("Pre-seed")
    SEED = "seed", _("Seed")
    SERIES_A = "series_a", _("Series A or later")


class SizeBand(models.TextChoices):
    """People in a startup."""

    TINY = "1-4", _("1 to 4 people")
    SMALL = "5-9", _("5 to 9 people")
    MEDIUM = "10-24", _("10 to 24 people")
    LARGE = "25-49", _("25 to 49 people")
    LARGER = "50+", _("50 people or more")


class ProgramFormat(models.TextChoices):
    """Where a program takes place."""

    IN_PERSON = "in_person", _("In person")
    HYBRID = "hybrid", _("Hybrid")
    REMOTE = "remote", _("Remote")


class Offer(models.TextChoices):
    """What a support organisation or program gives."""

    MENTORS = "mentors", _("Mentors")
    SPACE = "space", _("Space")
    PILOT_SITE = "pilot_site", _("Test site")
    FUNDING = "funding", _("Funding")
    DATA = "data", _("Data")
    EQUIPMENT = "equipment", _("Equipment")
    CERTIFICATION = "certification", _("Certification")


class NeedKind(models.TextChoices):
    """What a startup looks for."""

    PILOT_SITE = "pilot_site", _("Test site")
    DATA = "data", _("Data")
    MENTORS = "mentors", _("Mentors")
    SPACE = "space", _("Space")
    FUNDING = "funding", _("Funding")
    TALENT = "talent", _("Talent")
    PARTNERS = "partners", _("Partners")


class IntakeStatus(models.TextChoices):
    """Computed from an intake's dates, never stored."""

    UPCOMING = "upcoming", _("Upcoming")
    OPEN = "open", _("Open")
    CLOSING = "closing", _("Closing soon")
    CLOSED = "closed", _("Closed")
    ROLLING = "rolling", _("Rolling")
    CANCELLED = "cancelled", _("Cancelled")


class LegalForm(models.TextChoices):
    """What a support organisation is in law."""

    NONPROFIT = "nonprofit", _("Non-profit organisation")
    COMPANY = "company", _("Company")
    COOPERATIVE = "cooperative", _("Cooperative")
    UNIVERSITY = "university", _("Part of a university or college")
    PUBLIC = "public", _("Public body")
    FOUNDATION = "foundation", _("Foundation")


class ApplicantKind(models.TextChoices):
    """Who may enter a program."""

    PERSON = "person", _("A person alone")
    TEAM = "team", _("A team not incorporated yet")
    COMPANY = "company", _("A company")
    NONPROFIT = "nonprofit", _("A non-profit organisation")
    COOPERATIVE = "cooperative", _("A cooperative")
    STUDENT = "student", _("Students")
    RESEARCHER = "researcher", _("Researchers")


class Currency(models.TextChoices):
    """ISO 4217 codes of the sums of a program."""

    CAD = "CAD", _("Canadian dollar")
    USD = "USD", _("US dollar")
    EUR = "EUR", _("Euro")


class ApplyBy(models.TextChoices):
    """Where an application to an intake goes."""

    HERE = "here", _("Here")
    WEB = "web", _("On their site")
    EMAIL = "email", _("By e-mail")


class SitePower(models.TextChoices):
    """The electricity a solution needs where it is installed."""

    NONE = "none", _("None")
    OWN = "own", _("Battery or solar, its own")
    MAINS = "mains", _("Mains")


class SiteNetwork(models.TextChoices):
    """The network a solution needs where it is installed."""

    NONE = "none", _("None")
    CELLULAR = "cellular", _("Cellular, its own")
    RADIO = "radio", _("Long-range radio")
    WIFI = "wifi", _("Wi-Fi of the place")
    WIRED = "wired", _("Wired")


class SiteMounting(models.TextChoices):
    """What a solution is fixed to."""

    NONE = "none", _("Nothing")
    GROUND = "ground", _("The ground")
    POLE = "pole", _("A pole")
    WALL = "wall", _("A wall")
    ROOF = "roof", _("A roof")
    VEHICLE = "vehicle", _("A vehicle")


class AlumniSide(models.TextChoices):
    """Who says that a startup went through a program."""

    STARTUP = "startup", _("The startup")
    PROGRAM = "program", _("The program")


class InterestState(models.TextChoices):
    """How far an incubator went with the interest of a startup."""

    NEW = "new", pgettext_lazy("interest", "New")
    SEEN = "seen", pgettext_lazy("interest", "Seen")
    TALKING = "talking", pgettext_lazy("interest", "Talking")
    INVITED = "invited", pgettext_lazy("interest", "Invited")
    DECLINED = "declined", pgettext_lazy("interest", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("interest", "Withdrawn")


# A refusal may be taken back; what the startup withdrew is sent again as another one.
INTEREST_TRANSITIONS: Final = {
    InterestState.NEW: frozenset(
        {
            InterestState.SEEN,
            InterestState.TALKING,
            InterestState.INVITED,
            InterestState.DECLINED,
            InterestState.WITHDRAWN,
        }
    ),
    InterestState.SEEN: frozenset(
        {
            InterestState.TALKING,
            InterestState.INVITED,
            InterestState.DECLINED,
            InterestState.WITHDRAWN,
        }
    ),
    InterestState.TALKING: frozenset(
        {InterestState.INVITED, InterestState.DECLINED, InterestState.WITHDRAWN}
    ),
    InterestState.INVITED: frozenset(
        {InterestState.TALKING, InterestState.DECLINED, InterestState.WITHDRAWN}
    ),
    InterestState.DECLINED: frozenset({InterestState.TALKING}),
    InterestState.WITHDRAWN: frozenset[InterestState](),
}


class InterestSide(models.TextChoices):
    """The two who speak about an interest."""

    STARTUP = "startup", _("The startup")
    PROGRAM = "program", _("The program")


class RelayState(models.TextChoices):
    """Whether both sides of a relayed conversation may go on."""

    OPEN = "open", pgettext_lazy("conversation", "Open")
    CLOSED = "closed", pgettext_lazy("conversation", "Closed")


RELAY_TRANSITIONS: Final = {
    RelayState.OPEN: frozenset({RelayState.CLOSED}),
    RelayState.CLOSED: frozenset[RelayState](),
}


class RelaySide(models.TextChoices):
    """The two sides of a relayed conversation."""

    STARTUP = "startup", _("The startup")
    WRITER = "writer", _("Who wrote first")


# What a program offers that meets a need: the codes are the same.
OFFER_FOR: Final = {kind: Offer(kind.value) for kind in NeedKind if kind.value in Offer.values}


class EditState(models.TextChoices):
    """Where a round of changes to a listing stands."""

    DRAFT = "draft", _("Draft in progress")
    SUBMITTED = "submitted", _("In review")
    RETURNED = "returned", _("Returned with a comment")
    PUBLISHED = "published", _("Published")
    LIVE = "live", _("Published, to review after")
    SEEN = "seen", _("Published and seen")
    TURNED_BACK = "turned_back", _("Turned back")


EDIT_TRANSITIONS: Final = {
    EditState.DRAFT: frozenset({EditState.SUBMITTED, EditState.LIVE}),
    EditState.SUBMITTED: frozenset({EditState.DRAFT, EditState.RETURNED, EditState.PUBLISHED}),
    EditState.RETURNED: frozenset({EditState.SUBMITTED, EditState.LIVE, EditState.DRAFT}),
    EditState.PUBLISHED: frozenset[EditState](),
    EditState.LIVE: frozenset({EditState.SEEN, EditState.TURNED_BACK}),
    EditState.SEEN: frozenset[EditState](),
    EditState.TURNED_BACK: frozenset[EditState](),
}
# One round at a time: those that are not finished.
OPEN_EDITS: Final = (EditState.DRAFT, EditState.SUBMITTED, EditState.RETURNED)
# What its members may write in.
WRITABLE_EDITS: Final = (EditState.DRAFT, EditState.RETURNED)


class ClaimWay(models.TextChoices):
    """How an organisation proves that a profile is its own."""

    ADDRESS = "address", _("Address on the organisation’s domain")
    DOCUMENT = "document", _("Document")


class ClaimState(models.TextChoices):
    """Where a claim stands."""

    PENDING = "pending", _("Waiting for the city’s answer")
    ACCEPTED = "accepted", pgettext_lazy("claim", "Accepted")
    REFUSED = "refused", pgettext_lazy("claim", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("claim", "Taken back")


CLAIM_TRANSITIONS: Final = answered_once(ClaimState)


class CorrectionState(models.TextChoices):
    """Where a proposed correction stands."""

    PENDING = "pending", _("Waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("correction", "Accepted")
    REFUSED = "refused", pgettext_lazy("correction", "Refused")


CORRECTION_TRANSITIONS: Final = answered_once(CorrectionState)


class ImportKind(models.TextChoices):
    """What the rows of a file are."""

    INCUBATOR = "incubator", _("Support organisations")
    STARTUP = "startup", _("Startups")
    PROGRAM = "program", _("Programs of support organisations")


class ImportState(models.TextChoices):
    """How far an import is."""

    COLUMNS = "columns", _("Columns to match")
    CHECKING = "checking", _("Being compared with the directory")
    READY = "ready", _("Dry run to read")
    RUNNING = "running", _("Being written")
    DONE = "done", _("Done")
    ABANDONED = "abandoned", _("Abandoned")


IMPORT_TRANSITIONS: Final = {
    ImportState.COLUMNS: frozenset({ImportState.CHECKING, ImportState.ABANDONED}),
    ImportState.CHECKING: frozenset({ImportState.READY, ImportState.ABANDONED}),
    ImportState.READY: frozenset(
        {
            ImportState.COLUMNS,
            ImportState.CHECKING,
            ImportState.RUNNING,
            ImportState.ABANDONED,
        }
    ),
    ImportState.RUNNING: frozenset({ImportState.DONE}),
    ImportState.DONE: frozenset[ImportState](),
    ImportState.ABANDONED: frozenset[ImportState](),
}


class RowVerdict(models.TextChoices):
    """What the dry run says of a row."""

    NEW = "new", pgettext_lazy("a row", "New")
    CHANGED = "changed", pgettext_lazy("a row", "Changed")
    DOUBLE = "double", _("Maybe a double")
    SAME = "same", _("Same")
    REFUSED = "refused", pgettext_lazy("a row", "Refused")


class RowChoice(models.TextChoices):
    """What a person does with a row that may be a double."""

    UPDATE = "update", _("It is the same: update it")
    CREATE = "create", _("It is another one: create it")
    SKIP = "skip", _("Leave this row out")


class RowOutcome(models.TextChoices):
    """What became of a row."""

    CREATED = "created", _("Created")
    UPDATED = "updated", _("Updated")
    DRAFTED = "drafted", _("Changed in a draft")
    SAME = "same", _("Nothing to change")
    SKIPPED = "skipped", _("Left out")
    REFUSED = "refused", pgettext_lazy("a row", "Refused")
