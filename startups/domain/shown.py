"""Files that members give for a listing: kept with the draft, theirs alone, gone when unused."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from core.drafts.models import DraftValue
from core.exceptions import NotAllowed
from core.files.checks import CheckedFile
from core.files.models import StoredFile
from startups.domain.pictures import (
    LOGO,
    SOLUTION_PDF,
    SOLUTION_PICTURE,
    kind_of_solution_file,
    store_picture,
)
from startups.models import Incubator, ListingEdit, Solution, SolutionFile, Startup

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from core.accounts.models import Organisation, User

# The fields of a listing that hold files, with the kinds that may stand in each.
SHOWN: Final[dict[str, tuple[str, ...]]] = {
    "logo": (LOGO,),
    "files": (SOLUTION_PICTURE, SOLUTION_PDF),
}
# What was just given may still be in a page that its member has open.
SPARED: Final = timedelta(days=7)


def named_in(raw: Any) -> set[str]:
    """The identifiers of the files in a raw value."""
    if isinstance(raw, list):
        return {str(row["file"]) for row in raw if isinstance(row, dict) and row.get("file")}
    return {raw} if isinstance(raw, str) and raw else set()


def keep_uploads(name: str, value: Any, *, organisation: Organisation, actor: User) -> Any:
    """``value`` with the identifiers of the files that were just given, which are kept now."""

    def kept(given: Any) -> Any:
        if not isinstance(given, CheckedFile):
            return given
        kind = LOGO if name == "logo" else kind_of_solution_file(given.name)
        stored = store_picture(upload=given, kind=kind, organisation=organisation, actor=actor)
        return str(stored.pk)

    if name not in SHOWN:
        return value
    if isinstance(value, list):
        return [{key: kept(each) for key, each in row.items()} for row in value]
    return kept(value)


def require_own_files(
    name: str, raw: Any, *, known: Iterable[Any], organisation: Organisation
) -> None:
    """``NotAllowed`` for a file that is not the organisation's, unless the listing has it already.

    Whoever knew the identifier of a file of others would publish it.
    """
    if name not in SHOWN:
        return
    had = set().union(*(named_in(value) for value in known))
    for identifier in named_in(raw) - had:
        if not _is_own(identifier, SHOWN[name], organisation):
            raise NotAllowed(_("This file is not one of your organisation’s."))


def _is_own(identifier: str, kinds: tuple[str, ...], organisation: Organisation) -> bool:
    """True also of what is not kept any more: the form asks for it again."""
    try:
        row = StoredFile.objects.filter(pk=UUID(identifier)).first()
    except ValueError:
        return False
    return row is None or (row.kind in kinds and row.organisation_id == organisation.pk)


def forget_unused(*, now: datetime) -> int:
    """Delete the files that no listing, revision, draft or round of changes names; how many."""
    used, gone = _used(), 0
    kinds = [kind for each in SHOWN.values() for kind in each]
    old = StoredFile.objects.filter(kind__in=kinds, created_at__lt=now - SPARED)
    for pk in [pk for pk in old.values_list("pk", flat=True) if str(pk) not in used]:
        gone += _forget(pk)
    return gone


@transaction.atomic
def _forget(pk: UUID) -> int:
    stored = StoredFile.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    # Looked at again under the lock: a draft may have taken it up meanwhile.
    if stored is None or DraftValue.objects.filter(value__icontains=str(pk)).exists():
        return 0
    content, name = stored.file.storage, str(stored.file.name)
    try:
        with transaction.atomic():
            stored.delete()
    except ProtectedError:
        return 0
    transaction.on_commit(partial(content.delete, name))
    return 1


def _used() -> set[str]:
    """The identifiers that something names."""
    rows = [SolutionFile.objects.values_list("file_id", flat=True)]
    rows += [kind.objects.values_list("logo_id", flat=True) for kind in (Startup, Incubator)]
    found = {str(pk) for each in rows for pk in each if pk is not None}
    drafts = DraftValue.objects.filter(scope__startswith="listing-edit:", field__in=SHOWN)
    values: list[Any] = list(drafts.values_list("value", flat=True))
    types = ContentType.objects.get_for_models(Startup, Incubator, Solution).values()
    revisions = Revision.objects.filter(base_content_type__in=types)
    for pair in revisions.values_list("content__logo", "content__files").iterator():
        values += pair
    for before, after in ListingEdit.objects.values_list("before", "after").iterator():
        values += [side.get(name) for side in (before, after) for name in SHOWN]
    return found.union(*(named_in(value) for value in values))
