"""What a member finds irrelevant beside a record: it is not proposed to them there again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from search.port import Key

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from core.accounts.models import User


class DismissalQuerySet(models.QuerySet[Any]):
    """Whose they are, and beside what."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def beside(self, about: Key) -> Self:
        """What is not proposed beside a record."""
        return self.filter(about_kind=about.kind, about_pk=about.pk)

    def keys(self) -> set[Key]:
        """The records that are not proposed."""
        return {Key(kind, pk) for kind, pk in self.values_list("kind", "object_pk")}


class Dismissal(models.Model):
    """One record that a member does not want to see proposed beside another."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    about_kind = models.CharField(_("beside: kind"), max_length=16)
    about_pk = models.BigIntegerField(_("beside: key"))
    kind = models.CharField(_("kind"), max_length=16)
    object_pk = models.BigIntegerField(_("key"))
    created_at = models.DateTimeField(_("when"))

    objects = DismissalQuerySet.as_manager()

    class Meta:
        verbose_name = _("record not relevant")
        verbose_name_plural = _("records not relevant")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "about_kind", "about_pk", "kind", "object_pk"],
                name="dismissal_once",
            ),
            models.CheckConstraint(
                condition=~Q(about_kind=F("kind")) | ~Q(about_pk=F("object_pk")),
                name="dismissal_of_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_pk} ({self.about_kind} {self.about_pk})"
