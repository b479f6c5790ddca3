"""Files leave through a permission check only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from django.http import FileResponse, Http404
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
    stored = StoredFile.objects.select_related("organisation").filter(pk=uuid).first()
    if stored is None or stored.state != FileState.CLEAN or not may_read(request.user, stored):
        raise Http404
    response = FileResponse(
        stored.file.open("rb"),
        as_attachment=True,
        filename=stored.original_name,
        content_type=stored.content_type,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox"
    return response
