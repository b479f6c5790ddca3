"""Who follows what, and the proof that they asked for it."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.following.enums import Frequency
from core.following.querysets import FollowerQuerySet, FollowQuerySet

LANGUAGE_CHOICES = [("fr", "Français"), ("en", "English")]


def new_key() -> str:
    """What the links of a follower carry: nobody guesses it."""
    return secrets.token_urlsafe(18)


class Follower(models.Model):
    """Someone who follows: a person with an account, or an address that answered a mail.

    One of the two, never both: an account's address is the account's business.
    """

    user = models.OneToOneField(
        "accounts.User",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="follower",
        verbose_name=_("person"),
    )
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGE_CHOICES, default="fr")
    key = models.CharField(max_length=40, unique=True, default=new_key)
    created_at = models.DateTimeField(_("created"))

    objects = FollowerQuerySet.as_manager()

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, email="") | Q(user__isnull=True) & ~Q(email=""),
                name="follower_account_or_address",
            ),
            models.UniqueConstraint(
                Lower("email"), condition=~Q(email=""), name="follower_address_once"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["fr", "en"]), name="follower_language"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)  # never an address: it would end in a log

    @property
    def address(self) -> str:
        """Where one writes to them."""
        return self.user.email if self.user is not None else self.email

    @property
    def written_language(self) -> str:
        """The language one writes to them in."""
        return self.user.language if self.user is not None else self.language


class FormerKey(models.Model):
    """The key of a follower who became that of an account: the letters of before still stop."""

    key = models.CharField(max_length=40, unique=True)
    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="former_keys")

    class Meta:
        verbose_name = _("former key")
        verbose_name_plural = _("former keys")
        constraints = [
            models.CheckConstraint(condition=~Q(key=""), name="former_key_is_one"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Follow(models.Model):
    """One thing that somebody follows; nothing is sent before ``confirmed_at``."""

    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="follows")
    kind = models.CharField(_("kind"), max_length=20)
    slug = models.CharField(_("address"), max_length=140)
    asked_at = models.DateTimeField(_("asked"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    objects = FollowQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        ordering = ["kind", "slug"]
        indexes = [models.Index(fields=["kind", "slug"], name="follow_target")]
        constraints = [
            models.UniqueConstraint(fields=["follower", "kind", "slug"], name="follow_once"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(confirmed_at__gte=models.F("asked_at")),
                name="follow_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.slug}"


class Happening(models.Model):
    """Something happened to what people follow: told once to each, when they want to read it.

    The row says which event and which object, never its words: those are made when a letter is,
    and nothing that is no longer true is said.
    """

    key = models.CharField(_("key"), max_length=160, unique=True)
    event = models.CharField(_("event"), max_length=40)
    object_id = models.BigIntegerField(_("object"))
    about = models.JSONField(_("things it is about"), help_text=_("Pairs of kind and address."))
    noted_at = models.DateTimeField(_("noted"), db_index=True)
    told_at = models.DateTimeField(_("told at once"), null=True, blank=True)

    class Meta:
        verbose_name = _("happening")
        verbose_name_plural = _("happenings")
        ordering = ["noted_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(event=""), name="happening_has_event"),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(told_at__gte=models.F("noted_at")),
                name="happening_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class TopicChoice(models.Model):
    """How often somebody reads about one class of events; without a row, at once.

    ``told_until`` is how far they were told: what was noted after it waits for the next letter.
    """

    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="choices")
    topic = models.CharField(_("class of events"), max_length=20)
    frequency = models.CharField(_("how often"), max_length=8, choices=Frequency)
    told_until = models.DateTimeField(_("told until"))

    class Meta:
        verbose_name = _("choice of frequency")
        verbose_name_plural = _("choices of frequency")
        indexes = [models.Index(fields=["frequency", "follower", "told_until"], name="choice_due")]
        constraints = [
            models.UniqueConstraint(fields=["follower", "topic"], name="choice_once"),
            models.CheckConstraint(
                condition=Q(frequency__in=Frequency.values), name="choice_frequency_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.get_frequency_display()}"


class ConsentAct(models.TextChoices):
    """What was said."""

    GIVEN = "given", _("Given")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ConsentWay(models.TextChoices):
    """How it was said."""

    MAIL_LINK = "link", _("By the link of a mail")
    ACCOUNT = "account", _("Signed in")
    ONE_CLICK = "one_click", _("By the button of a mail program")


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Proofs of consent."""

    def update(self, **values: Any) -> int:
        """Only what says who it was may be emptied, by an erasure."""
        if not set(values) <= {"email", "user", "user_id"}:
            msg = "A proof of consent does not change."
            raise TypeError(msg)
        return super().update(**values)


class Consent(models.Model):
    """What somebody agreed to, or took back: the words they read, in which language, and when.

    Append-only: the database refuses a change of anything but who it was, which an erasure
    empties. A row whose time is past is removed whole, by the retention rule of ``consents``.
    """

    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    user = models.ForeignKey(
        "accounts.User",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("person"),
    )
    act = models.CharField(_("what was said"), max_length=9, choices=ConsentAct)
    way = models.CharField(_("how"), max_length=9, choices=ConsentWay)
    kind = models.CharField(_("kind"), max_length=20)
    slug = models.CharField(_("address"), max_length=140)
    text = models.TextField(_("text shown"))
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGE_CHOICES)
    at = models.DateTimeField(_("at"))

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("proof of consent")
        verbose_name_plural = _("proofs of consent")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["email", "at"], name="consent_address")]
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=ConsentAct.values, way__in=ConsentWay.values),
                name="consent_known",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="consent_has_text"),
            models.CheckConstraint(condition=Q(language__in=["fr", "en"]), name="consent_language"),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} · {self.kind}:{self.slug}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Once; ``TypeError`` on a second time."""
        if not self._state.adding:
            msg = "A proof of consent does not change."
            raise TypeError(msg)
        super().save(*args, **kwargs)
