"""Addresses that listings had before: they lead to the new one for ever."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FormerAddress(models.Model):
    """``slug`` was the address of the listing ``object_id`` of ``kind``."""

    kind = models.CharField(_("kind"), max_length=20)
    slug = models.SlugField(_("address"), max_length=120)
    object_id = models.PositiveBigIntegerField(_("which"))
    left_at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        ordering = ["left_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="former_address_once"),
            models.CheckConstraint(condition=~Q(slug=""), name="former_address_has_slug"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"
