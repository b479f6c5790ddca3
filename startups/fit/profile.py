"""The answers that a member's own startup has already given, on its public profile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from startups.enums import Offer
from startups.fit.questions import Said
from startups.models import Solution, Startup

if TYPE_CHECKING:
    from core.accounts.models import Organisation, User


@dataclass(frozen=True, slots=True)
class FromProfile:
    """What a profile answers, for whom, and the solution whose maturity was taken."""

    startup: Startup
    said: Said
    solution: Solution | None


def answers_from(user: User, organisation: Organisation | None, today: date) -> FromProfile | None:
    """What the startup of ``organisation`` says of itself; None when it has no profile.

    The maturity is that of its most mature solution. What is needed is what its needs of
    ``today`` say, as far as programs give it. Who applies, what share is given up and whether one
    can come are on no profile: they stay to be answered.
    """
    if organisation is None:
        return None
    mine = Startup.objects.visible_to(user).of_organisation(organisation)
    startup = mine.order_by("-live", "pk").first()
    if startup is None:
        return None
    solution = Solution.objects.public().filter(startup=startup).order_by("-trl", "pk").first()
    needed = set(startup.needs.current(today).values_list("kind", flat=True))
    codes: dict[str, list[Any]] = {
        "stage": [startup.stage] if startup.stage else [],
        "trl": [str(solution.trl)] if solution is not None else [],
        "theme": [theme.slug for theme in startup.themes.all()],
        "language": startup.language_codes,
        "offer": [code for code in Offer.values if code in needed],
    }
    said = Said(codes={name: values for name, values in codes.items() if values})
    return FromProfile(startup, said, solution)
