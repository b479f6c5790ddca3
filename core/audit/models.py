"""One append-only table, each row carrying the hash of the one before (promise 11).

A row's hash covers the previous hash, the public part and a digest of the private part; personal
values live beside it, digested with a key per person which erasure destroys.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """A line: who, what, when, before and after. Triggers refuse to change or remove one."""

    sequence = models.BigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("at"))
    actor_id = models.BigIntegerField(_("who, by number"), null=True)
    action = models.CharField(_("what"), max_length=80)
    object_type = models.CharField(_("of what kind"), max_length=80)
    object_id = models.CharField(_("which"), max_length=64)
    public = models.JSONField(_("public part"))
    private_digest = models.CharField(_("digest of the private part"), max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("audit line")
        verbose_name_plural = _("audit lines")
        ordering = ["-sequence"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_object")]
        constraints = [models.CheckConstraint(condition=Q(sequence__gte=1), name="audit_from_one")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"


class PersonKey(models.Model):
    """The key that digests a person's private values; erasing it makes them unprovable."""

    user_id = models.BigIntegerField(primary_key=True)
    key = models.BinaryField(max_length=32)

    no_constraint_reason = "the primary key is the only rule"

    def __str__(self) -> str:
        return str(self.user_id)


class AuditPrivate(models.Model):
    """The private part of a line, beside it, erasable."""

    entry = models.OneToOneField(
        AuditEntry, primary_key=True, on_delete=models.PROTECT, related_name="private"
    )
    subject_id = models.BigIntegerField(null=True)
    data = models.JSONField()

    no_constraint_reason = "one row per line is the primary key"

    def __str__(self) -> str:
        return str(self.entry_id)
