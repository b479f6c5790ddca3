"""What those who claim, correct, confirm and close listings are told."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from core.notifications.enums import Audience
from core.notifications.events import Event
from core.notifications.variables import (
    EXAMPLE_DAY,
    Address,
    Day,
    Flag,
    Link,
    LongText,
    Text,
)
from startups.newest import claims as newest

LISTING = Text(_("name of the listing"), example="Centre des mesures")
ORGANISATION = Text(_("name of the organisation that claims it"), example="Atelier des mesures")
REASON = LongText(
    _("reasons of the city"),
    example=_("The document names this organisation; the address does not."),
    is_optional=True,
    is_paired=True,
)
CLAIM_PAGE = Link(
    _("page of the claim"),
    to="listing_claim",
    args=("kind", "slug"),
    example=("incubator", "centre-des-mesures"),
)


EVENTS: Final = (
    Event(
        name="claim_proof",
        label=_("Proof that one reads an address of the organisation"),
        audience=Audience.PERSON,
        variables={
            "listing": LISTING,
            "organisation": ORGANISATION,
            "link": Link(
                _("page that proves it, for a day"),
                to="listing_claim_prove",
                args=("signed_link",),
                example=("x",),
            ),
        },
    ),
    Event(
        name="claim_answered",
        label=_("Answer to the claim of a listing"),
        audience=Audience.MEMBER,
        newest=newest.claim_answered,
        variables={
            "listing": LISTING,
            "organisation": ORGANISATION,
            "is_accepted": Flag(_("whether the claim is accepted"), example=True),
            "reason": REASON,
            "link": CLAIM_PAGE,
        },
    ),
    Event(
        name="claim_disputed",
        label=_("Another organisation claims a listing"),
        audience=Audience.OWNER,
        newest=newest.claim_disputed,
        variables={
            "listing": LISTING,
            "organisation": ORGANISATION,
            "is_settled": Flag(_("whether the city has answered"), example=False),
            "is_lost": Flag(_("whether the listing changed hands"), example=False),
            "reason": REASON,
            "link": CLAIM_PAGE,
        },
    ),
    Event(
        name="listing_ended",
        label=_("The city closes, merges or reopens a listing"),
        audience=Audience.OWNER,
        newest=newest.listing_ended,
        variables={
            "listing": LISTING,
            "is_merged": Flag(_("whether it is merged into another one"), example=False),
            "is_reopened": Flag(_("whether it acts again"), example=False),
            "heir": Text(
                _("name of the listing into which it is merged"), is_optional=True, example=""
            ),
            "reason": REASON,
            "link": Link(_("listings of the organisation"), to="listing_list", args=()),
        },
    ),
    Event(
        name="correction_answered",
        label=_("Thanks for a correction, or why it is refused"),
        audience=Audience.NOBODY_YET,
        newest=newest.correction_answered,
        variables={
            "listing": LISTING,
            "field": Text(_("what was corrected"), example=_("founded in")),
            "value": LongText(_("what it should say"), example="2016", is_optional=True),
            "is_accepted": Flag(_("whether the correction is accepted"), example=True),
            "reason": LongText(_("why it is refused"), is_optional=True, example=""),
            "link": Address(_("page of the listing"), example="/fr/incubateurs/"),
        },
    ),
    Event(
        name="listing_to_confirm",
        label=_("A listing is to be confirmed again"),
        audience=Audience.MEMBER,
        newest=newest.to_confirm,
        variables={
            "listing": LISTING,
            "confirmed_on": Day(
                _("when it was last confirmed"), example=EXAMPLE_DAY, is_optional=True
            ),
            "is_second": Flag(_("whether it is the second reminder"), example=False),
            "link": Link(
                _("page where one reads and confirms it"),
                to="listing_confirm",
                args=("kind", "pk"),
                example=("startup", 12),
            ),
        },
    ),
)
