"""The index kept inside the site's own database."""

from __future__ import annotations

from django.db import models


class SearchEntry(models.Model):
    """One document, folded for comparison. Rebuilt at will from the records."""

    kind = models.CharField(max_length=16)
    object_pk = models.BigIntegerField()
    language = models.CharField(max_length=2)
    slug = models.CharField(max_length=160)
    title = models.CharField(max_length=300)
    summary = models.CharField(max_length=500)
    url = models.CharField(max_length=300)
    folded_title = models.TextField()
    folded = models.TextField()
    themes = models.CharField(max_length=300)
    boroughs = models.CharField(max_length=400)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_pk", "language"], name="search_entry_once"
            )
        ]
        indexes = [models.Index(fields=["language", "kind"], name="search_entry_where")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug} ({self.language})"
