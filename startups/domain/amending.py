"""One field of a listing put right, in the live version and in a draft that had its old value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from core.audit import log
from core.exceptions import DomainError
from core.freeze import plain
from startups.facts import is_automatic
from startups.signals import record_changed

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import User
    from startups.models import Listing


class ValueRefused(DomainError):
    """The field does not take the value; the sentence says why."""

    code = "value_refused"


def held(listing: Listing, name: str) -> Any:
    """What a field holds, in plain types; the keys of what it is tied to."""
    field = listing._meta.get_field(name)
    if field.many_to_many:
        return sorted(getattr(listing, name).values_list("pk", flat=True))
    return plain(getattr(listing, field.attname))


def read_value(listing: Listing, name: str, text: str) -> Any:
    """The value that ``text`` is of a field. Raises ``ValueRefused``."""
    field = listing._meta.get_field(name)
    try:
        if isinstance(field, models.ForeignKey):
            return field.clean(int(text) if text else None, listing)
        empty = None if field.null else ""
        if isinstance(field, models.CharField):
            text = " ".join(text.split())
        value: Any = text or empty
        if isinstance(field, models.BooleanField):
            value = text == "true"
        return field.clean(value, listing)
    except (ValidationError, ValueError) as error:
        said = error.messages[0] if isinstance(error, ValidationError) else str(error)
        raise ValueRefused(said) from error


def amend(*, listing: Listing, name: str, text: str, actor: User, now: datetime) -> bool:
    """Write one public field of a locked ``listing``, in its transaction; whether it is new.

    A draft under way keeps what its author wrote there, and follows where it had the old value.
    """
    if not is_automatic(listing, name):
        msg = f"{name} is put by a person."
        raise ValueError(msg)
    before, field = held(listing, name), listing._meta.get_field(name)
    setattr(listing, field.attname, read_value(listing, name, text))
    after = held(listing, name)
    if before == after:
        return False
    try:
        listing.validate_constraints()
    except ValidationError as error:
        raise ValueRefused(_("This value does not go with the rest of the listing.")) from error
    listing.save(update_fields=[name, "updated_at"])
    content = listing.serializable_data()[name]
    for revision in Revision.objects.filter(
        pk__in={listing.live_revision_id, listing.latest_revision_id} - {None}
    ):
        if plain(revision.content.get(name)) in (before, plain(content)):
            revision.content[name] = content
            revision.save(update_fields=["content"])
    record_changed.send(sender=type(listing), pk=listing.pk)
    log.record(
        actor=actor,
        action=f"{listing._meta.model_name}.corrected",
        target=listing,
        public={"slug": listing.slug, "changes": {name: [before, after]}},
        now=now,
    )
    return True
