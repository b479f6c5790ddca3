"""An organisation begins a listing of its own: nothing of it is public until it is approved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.accounts.domain.belonging import locked_for
from core.accounts.models import OrganisationKind
from core.audit import log
from core.exceptions import DomainError
from core.text import clean_line
from startups.enums import GONE, ListingState
from startups.models import Incubator, Listing, Program, Solution, Startup

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.accounts.models import Organisation, User

# The profile of each kind of organisation, and what belongs to it.
PROFILES: Final[dict[str, type[Listing]]] = {
    OrganisationKind.STARTUP: Startup,
    OrganisationKind.SUPPORT: Incubator,
}
PARTS: Final[dict[type[Listing], type[Listing]]] = {Startup: Solution, Incubator: Program}
LONGEST_SLUG: Final = 100
MOST_DRAFTS: Final = 20


class CannotCreate(DomainError):
    """The organisation has one already, or nothing to which it would belong."""

    code = "cannot_create"
    default_message = _("Your organisation cannot begin this kind of listing.")


def may_create(organisation: Organisation) -> list[type[Listing]]:
    """The kinds of listings that ``organisation`` may begin now."""
    profile = PROFILES.get(organisation.kind)
    found = [model for model in PARTS if _profile(model, organisation) is not None]
    kinds = [PARTS[model] for model in found]
    if profile is not None and profile not in found:
        kinds.insert(0, profile)
    return kinds


def _profile(model: type[Listing], organisation: Organisation) -> Any:
    own: Any = model.objects.filter(organisation=organisation)  # type: ignore[attr-defined]
    return own.exclude(state__in=GONE).order_by("pk").first()


@transaction.atomic
def create_listing(
    *,
    model: type[Listing],
    organisation: Organisation,
    name: str,
    facts: Mapping[str, Any],
    actor: User,
    now: datetime,
) -> Listing:
    """A listing that only the members see; ``facts`` are the columns that no row goes without.

    The same name again, not public yet, is the same listing: a button pressed twice makes one.
    Raises ``NotAllowed``, ``OrganisationClosed``, ``CannotCreate``, ``TextRefused``.
    """
    organisation = locked_for("edit_content", organisation_pk=organisation.pk, actor=actor)
    named = "name" if model in PARTS else "name_fr"
    title = clean_line(name, most=model._meta.get_field(named).max_length or LONGEST_SLUG)
    drafts: Any = model.objects.filter(organisation=organisation, live=False)  # type: ignore[attr-defined]
    same: Listing | None = drafts.filter(**{named: title}).order_by("pk").first()
    if same is not None:
        return same
    if model not in may_create(organisation) or drafts.count() >= MOST_DRAFTS:
        raise CannotCreate
    whole = {PARTS[profile]: profile for profile in PARTS}.get(model)
    of = {str(whole._meta.model_name): _profile(whole, organisation)} if whole else {}
    listing: Listing = model.objects.create(  # type: ignore[attr-defined]
        **{**facts, **of, named: title},
        slug=_free_slug(model, title),
        organisation=organisation,
        state=ListingState.CLAIMED,
        live=False,
    )
    log.record(
        actor=actor,
        action=f"{model._meta.model_name}.begun",
        target=listing,
        public={"slug": listing.slug, "organisation": organisation.pk, "state": listing.state},
        now=now,
    )
    return listing


def _free_slug(model: type[Listing], title: str) -> str:
    stem = slugify(title)[:LONGEST_SLUG].strip("-") or str(model._meta.model_name)
    begun: Any = model.objects.filter(slug__startswith=stem)  # type: ignore[attr-defined]
    taken = set(begun.values_list("slug", flat=True))
    numbered = (f"{stem}-{n}" for n in range(2, len(taken) + 3))
    return next(slug for slug in (stem, *numbered) if slug not in taken)
