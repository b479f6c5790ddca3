"""A visitor says what is wrong; whoever speaks for the listing, or a moderator, answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core import limits
from core.accounts import rules
from core.accounts.domain.belonging import require_right
from core.exceptions import DomainError, NotAllowed
from core.notifications.outbox import queue_message
from core.states import change_state
from core.text import clean_line, clean_text
from startups.domain.amending import amend, held, read_value
from startups.domain.confirming import speaks_for
from startups.enums import CORRECTION_TRANSITIONS, CorrectionState
from startups.facts import PUBLIC_FACTS, is_automatic, label_of, value_words
from startups.models import Correction
from startups.models.about import about
from startups.models.correction import LONGEST_ANSWER, LONGEST_SOURCE, LONGEST_VALUE

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import User
    from startups.models import Listing

# From one connection, and about one listing, in an hour.
MOST_OF_ONE: Final = 10
MOST_ABOUT_ONE: Final = 20
# To one address: nobody has proved that it is theirs, and each answer writes to it.
MOST_ANSWERED_TO: Final = 10
MOST_WAITING: Final = 50


class NothingToCorrect(DomainError):
    """What is proposed is what stands there."""

    code = "nothing_to_correct"
    default_message = _("This is what the page says already. Write what it should say.")


class EnoughProposed(DomainError):
    """Nobody could read more of them."""

    code = "enough_proposed"
    default_message = _(
        "Many corrections of this listing are waiting already. Come back once they are answered."
    )


class ChangedMeanwhile(DomainError):
    """The field changed while one read the correction."""

    code = "field_changed"
    default_message = _(
        "This field changed while you read. Nothing was written: compare again below."
    )


class ReasonMissing(DomainError):
    """A refusal says why."""

    code = "reason_missing"
    default_message = _("Write why it is refused: whoever proposed it reads that.")


@transaction.atomic
def propose_correction(
    *,
    listing: Listing,
    field: str,
    value: str,
    source: str,
    email: str,
    language: str,
    connection: str,
    now: datetime,
) -> Correction:
    """Keep what a visitor says; the same thing said again is the one that waits.

    ``connection`` is where it comes from (:func:`core.limits.connection_of`), of which nothing is
    kept. Raises ``NothingToCorrect``, ``EnoughProposed``, ``ValueRefused``, ``TextRefused`` and
    ``TooManyRequests``.
    """
    if field not in PUBLIC_FACTS[type(listing)]:
        msg = f"{field} is not a public fact."
        raise ValueError(msg)
    listing = type(listing).objects.select_for_update().get(pk=listing.pk)
    value = clean_text(value, most=LONGEST_VALUE)
    source = clean_line(source, most=LONGEST_SOURCE)
    before = held(listing, field)
    if is_automatic(listing, field) and _is_same(listing, field, value):
        raise NothingToCorrect
    waiting = Correction.objects.waiting().filter(**about(listing))
    same = waiting.filter(field=field, value=value, source=source).first()
    if same is not None:
        return same  # type: ignore[no-any-return]
    if waiting.count() >= MOST_WAITING:
        raise EnoughProposed
    limits.count("correction", connection, most=MOST_OF_ONE, now=now)
    key = f"{listing._meta.model_name}:{listing.pk}"
    limits.count("correction-about", key, most=MOST_ABOUT_ONE, now=now)
    if email:
        limits.count("correction-to", email.lower(), most=MOST_ANSWERED_TO, now=now)
    return Correction.objects.create(
        **about(listing),
        field=field,
        before=before,
        value=value,
        source=source,
        email=email.lower(),
        language=language,
        proposed_at=now,
    )


def _is_same(listing: Listing, field: str, text: str) -> bool:
    value = read_value(listing, field, text)
    return bool(getattr(listing, listing._meta.get_field(field).attname) == value)


def require_may_answer(listing: Listing, actor: User) -> None:
    """Whoever speaks for the listing, or a moderator. Raises ``NotAllowed``."""
    if rules.is_moderator(actor):
        return
    organisation = speaks_for(listing)
    if organisation is None:
        raise NotAllowed(_("Nobody speaks for this listing yet: the city’s team keeps it."))
    require_right("edit_content", organisation, actor)


def seen(listing: Listing, field: str) -> str:
    """What a field holds, as the page that shows it sends it back."""
    return json.dumps(held(listing, field), sort_keys=True)


@transaction.atomic
def accept_correction(
    *, correction: Correction, now_said: str, actor: User, now: datetime
) -> Correction:
    """Write the value, where the field takes it by itself, and thank. A second click does nothing.

    ``now_said`` is :func:`seen` of the field as the actor read it. Raises ``NotAllowed``,
    ``ChangedMeanwhile``, ``ValueRefused``, and ``IllegalMove`` for one that is answered otherwise.
    """
    correction, listing = _to_answer(correction, actor)
    if correction.state == CorrectionState.ACCEPTED:
        return correction
    if is_automatic(listing, correction.field):
        if seen(listing, correction.field) != now_said:
            raise ChangedMeanwhile
        _settle(correction, CorrectionState.ACCEPTED, actor, now)
        amend(
            listing=listing,
            name=correction.field,
            text=correction.value,
            actor=actor,
            now=now,
        )
    else:
        _settle(correction, CorrectionState.ACCEPTED, actor, now)
    return correction


@transaction.atomic
def refuse_correction(
    *, correction: Correction, reason: str, actor: User, now: datetime
) -> Correction:
    """Say why not. A second click does nothing. Raises ``NotAllowed`` and ``ReasonMissing``."""
    reason = clean_text(reason, most=LONGEST_ANSWER)
    correction, _listing = _to_answer(correction, actor)
    if correction.state == CorrectionState.REFUSED:
        return correction
    if not reason:
        raise ReasonMissing
    _settle(correction, CorrectionState.REFUSED, actor, now, reason=reason)
    return correction


def _to_answer(correction: Correction, actor: User) -> tuple[Correction, Listing]:
    """Both rows, the listing locked first: of two answers at once, the second sees the first."""
    listing = type(correction.listing).objects.select_for_update().get(pk=correction.listing.pk)
    require_may_answer(listing, actor)
    found = Correction.objects.for_lists().get(pk=correction.pk)
    return found, listing


def _settle(
    correction: Correction, to: CorrectionState, actor: User, now: datetime, reason: str = ""
) -> None:
    change_state(
        correction,
        to,
        transitions=CORRECTION_TRANSITIONS,
        now=now,
        also={"settled_at": now, "settled_by": actor, "reason": reason},
    )
    if correction.email:
        queue_message(
            key=f"correction:{correction.pk}:answered",
            event="correction_answered",
            to=correction.email,
            language=correction.language,
            context=answered_facts(correction),
            now=now,
        )


def answered_facts(correction: Correction) -> dict[str, Any]:
    """What whoever proposed it reads."""
    listing = correction.listing
    with translation.override(correction.language):
        return {
            "listing": str(listing),
            "field": label_of(listing, correction.field),
            "value": value_words(listing, correction.field, correction.value),
            "is_accepted": correction.state == CorrectionState.ACCEPTED,
            "reason": correction.reason,
            "link": listing.get_absolute_url(),
        }
