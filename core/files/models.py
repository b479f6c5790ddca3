"""Files that people gave, under names nobody can guess."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FileState(models.TextChoices):
    """Whether a file may be read."""

    CLEAN = "clean", _("Checked")
    HELD = "held", _("Held")


def unguessable_path(instance: StoredFile, filename: str) -> str:
    """Two letters of the identifier, then the identifier: nothing of the person's own name."""
    name = instance.uuid.hex
    return f"files/{name[:2]}/{name}"


class StoredFile(models.Model):
    """A checked upload; ``kind`` says who may read it, see :mod:`core.files.serving`."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    organisation = models.ForeignKey(
        "accounts.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    file = models.FileField(_("file"), upload_to=unguessable_path)
    original_name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=5, choices=FileState, default=FileState.CLEAN)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="file_not_empty"),
            models.CheckConstraint(condition=Q(state__in=FileState.values), name="file_state"),
        ]

    def __str__(self) -> str:
        return self.original_name
