"""Files leave through a permission check only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias
from uuid import UUID

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.accounts import rules
from core.files.models import FileState, StoredFile
from core.registry import Registry

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest

    from core.accounts.models import User

Reader: TypeAlias = "Callable[[User | AnonymousUser, StoredFile], bool]"
# Who else than its organisation's members may read a kind of file; higher floors fill it.
readers: Registry[Reader] = Registry("file readers")

# Whether a page that anyone reads shows a file of a kind now; higher floors fill it.
shown: Registry[Callable[[StoredFile], bool]] = Registry("shown files")
# What a browser draws by itself; the rest is handed over to be kept.
DRAWN: Final = frozenset({"image/png", "image/jpeg"})
FOR_GOOD: Final = "public, max-age=31536000, immutable"
FOR_ONE_READER: Final = "private, no-store"


def may_read(user: User | AnonymousUser, stored: StoredFile) -> bool:
    """Members of the file's organisation, and whoever the kind's own rule allows."""
    if stored.organisation is not None and rules.can(user, "view", stored.organisation):
        return True
    rule = readers.get(stored.kind)
    return rule is not None and rule(user, stored)


@never_cache
@require_safe
def serve(request: HttpRequest, uuid: UUID) -> FileResponse:
    """The file as an attachment; 404 to whoever may not read it, as if it did not exist."""
    stored = _clean(uuid)
    if not may_read(request.user, stored):
        raise Http404
    return _answer(stored, as_attachment=True)


@require_safe
def picture(request: HttpRequest, uuid: UUID) -> FileResponse:
    """A file that a public page shows, drawn in its place and kept by whoever reads it.

    While no page shows it, that of a draft, it is there for those alone who may read it.
    """
    stored = _clean(uuid)
    is_shown = shown.get(stored.kind)
    if is_shown is None:
        raise Http404
    is_public = is_shown(stored)
    if not is_public and not may_read(request.user, stored):
        raise Http404
    response = _answer(stored, as_attachment=stored.content_type not in DRAWN)
    response.headers["Cache-Control"] = FOR_GOOD if is_public else FOR_ONE_READER
    return response


def _clean(uuid: UUID) -> StoredFile:
    return get_object_or_404(
        StoredFile.objects.select_related("organisation"), pk=uuid, state=FileState.CLEAN
    )


def _answer(stored: StoredFile, *, as_attachment: bool) -> FileResponse:
    try:
        content = stored.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        content,
        as_attachment=as_attachment,
        filename=stored.original_name,
        content_type=stored.content_type,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox"
    return response
