"""Mail is a row before it is a message."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.notifications.enums import ClosedBecause, MessageState
from core.notifications.querysets import NoticeQuerySet

# Where a message went whose address was removed (RFC 2606: it leads nowhere).
NOWHERE: Final = "message@efface.invalid"


class Message(models.Model):
    """One message to one person; its key makes a second one impossible."""

    key = models.CharField(_("key"), max_length=160, unique=True)
    event = models.CharField(_("event"), max_length=80)
    batch = models.CharField(_("sent together"), max_length=80, blank=True)
    user = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="messages"
    )
    to_email = models.EmailField(_("to"))
    language = models.CharField(_("language"), max_length=4, default="fr")
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=MessageState, default=MessageState.QUEUED
    )
    # Beside those of every mail, by name: List-Unsubscribe and its kin.
    headers = models.JSONField(_("headers"), default=dict, blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    resent_from = models.ForeignKey(
        "self",
        verbose_name=_("sent again from"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="sent_again",
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    last_error = models.CharField(_("last answer of the server"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="message_due"),
            # What goes alone leaves before what goes in a batch.
            models.Index(fields=["state", "batch", "next_attempt_at"], name="message_due_in_batch"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MessageState.values), name="message_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENT) | Q(sent_at__isnull=False),
                name="message_sent_has_instant",
            ),
            # A claim without its hour would never be taken up again.
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENDING) | Q(claimed_at__isnull=False),
                name="message_sending_has_claim",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.to_email}"


class Notice(models.Model):
    """A message to a person, as they read it in the site: once read, it is read everywhere."""

    message = models.OneToOneField(
        Message, primary_key=True, on_delete=models.CASCADE, related_name="notice"
    )
    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="notices", verbose_name=_("person")
    )
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    no_constraint_reason = "one row per message is the primary key"

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-message"]
        indexes = [models.Index(fields=["user", "read_at"], name="notice_unread")]

    def __str__(self) -> str:
        return str(self.message_id)


class MessageTemplate(models.Model):
    """The words that staff wrote for an event in one language; no row means the built-in words."""

    event = models.CharField(_("event"), max_length=80)
    language = models.CharField(
        _("language"), max_length=2, choices=[("fr", "Français"), ("en", "English")]
    )
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"))
    changed_by = models.ForeignKey(
        "accounts.User",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("changed by"),
    )
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("words of a message")
        verbose_name_plural = _("words of messages")
        ordering = ["event", "language"]
        constraints = [
            models.UniqueConstraint(fields=["event", "language"], name="message_template_once"),
            models.CheckConstraint(
                condition=Q(language__in=["fr", "en"]), name="message_template_language"
            ),
            models.CheckConstraint(
                condition=~Q(subject="") & ~Q(text="") & ~Q(html=""),
                name="message_template_not_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} ({self.language})"


class ClosedAddress(models.Model):
    """An address that is not written to until it is opened again; its past ones stay as rows.

    ``email`` is in lower case: servers that tell capitals apart are none that anyone meets.
    """

    email = models.EmailField(_("e-mail address"))
    reason = models.CharField(_("reason"), max_length=10, choices=ClosedBecause)
    words = models.CharField(_("words of the server"), max_length=500, blank=True)
    closed_at = models.DateTimeField(_("closed"), default=timezone.now)
    closed_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField(_("opened again"), null=True, blank=True)
    opened_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("closed address")
        verbose_name_plural = _("closed addresses")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=Q(opened_at__isnull=True), name="address_closed_once"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=ClosedBecause.values), name="closed_address_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | Q(opened_at__gte=models.F("closed_at")),
                name="closed_address_opened_after",
            ),
        ]

    def __str__(self) -> str:
        return self.email


class MailEvent(models.Model):
    """What a mail provider told us, once: the same news again changes nothing."""

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(_("kind"), max_length=20)
    received_at = models.DateTimeField(_("received"), default=timezone.now)

    class Meta:
        verbose_name = _("news from the mail provider")
        verbose_name_plural = _("news from the mail provider")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(digest=""), name="mail_event_has_digest")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.received_at:%Y-%m-%d}"
