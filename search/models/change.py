"""What changed and is not yet in an index."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q

# After so many tries a record is set aside and named to staff.
MOST_TRIES: Final = 5


class Change(models.Model):
    """One record to be written again in one index: it is there once, however often it changed.

    ``stamp`` is another number after each change: who wrote the record removes the row only if it
    still bears the number that was read. Rows of ``<target>+`` wait for the generation being built.
    """

    target = models.CharField(max_length=20)
    kind = models.CharField(max_length=16)
    object_pk = models.BigIntegerField()
    stamp = models.BigIntegerField()
    noted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["target", "kind", "object_pk"], name="search_change_once"
            ),
            models.CheckConstraint(
                condition=Q(tries__lte=MOST_TRIES), name="search_change_tries_end"
            ),
        ]
        indexes = [models.Index(fields=["target", "noted_at"], name="search_change_order")]

    def __str__(self) -> str:
        return f"{self.target} {self.kind} {self.object_pk}"
