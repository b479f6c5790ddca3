"""One taxonomy for everything, the city's places, and what makes the site this city's."""

from __future__ import annotations

from typing import ClassVar
from zoneinfo import available_timezones

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from core.languages import Pair

CACHE_KEY = "city-settings"
CACHE_SECONDS = 60


class Theme(models.Model):
    """A subject of challenges, solutions and programs."""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    name_fr = models.CharField(_("name (French)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=80)
    synonyms_fr = models.TextField(
        _("synonyms (French)"), blank=True, help_text=_("One per line; search finds by them.")
    )
    synonyms_en = models.TextField(
        _("synonyms (English)"), blank=True, help_text=_("One per line; search finds by them.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    name = Pair("name")

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["order", "slug"]
        constraints = [
            models.CheckConstraint(condition=~Q(name_fr=""), name="theme_has_french_name")
        ]

    def __str__(self) -> str:
        return self.name


class BoroughKind(models.TextChoices):
    """What a place of the agglomeration is."""

    BOROUGH = "borough", _("Borough")
    LINKED_CITY = "linked_city", _("Linked city")


class Borough(models.Model):
    """A borough of the city, or a linked city of the agglomeration."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=BoroughKind)
    code = models.CharField(_("municipal code"), max_length=12)
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))
    bbox = models.JSONField(_("bounding box"), help_text=_("West, south, east, north."))

    class Meta:
        verbose_name = _("borough")
        verbose_name_plural = _("boroughs")
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=BoroughKind.values), name="borough_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(lat__range=(-90, 90), lon__range=(-180, 180)), name="borough_on_earth"
            ),
        ]

    def __str__(self) -> str:
        return self.name


hex_colour = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("A colour is written #rrggbb."))


def known_time_zone(value: str) -> None:
    """``ValidationError`` unless ``value`` is an IANA name."""
    if value not in available_timezones():
        raise ValidationError(_("Unknown time zone; for example America/Toronto."))


@register_setting(icon="site")
class CitySettings(BaseGenericSetting):  # type: ignore[misc]
    """What another city changes without a line of code."""

    brand_name = models.CharField(_("name of the site"), max_length=80, default="Banc d’essai")
    city_name_fr = models.CharField(_("city (French)"), max_length=80, default="Montréal")
    city_name_en = models.CharField(_("city (English)"), max_length=80, default="Montréal")
    logo = models.ForeignKey(
        "wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    accent = models.CharField(_("accent colour"), max_length=7, blank=True, validators=[hex_colour])
    accent_dark = models.CharField(
        _("accent colour in the dark"), max_length=7, blank=True, validators=[hex_colour]
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="America/Toronto", validators=[known_time_zone]
    )
    contact_email = models.EmailField(_("contact"), default="bancdessai@ville.example")
    privacy_officer_fr = models.CharField(
        _("privacy officer, by role (French)"),
        max_length=160,
        default="Responsable de la protection des renseignements personnels",
    )
    privacy_officer_en = models.CharField(
        _("privacy officer, by role (English)"), max_length=160, default="Privacy officer"
    )
    privacy_email = models.EmailField(_("privacy contact"), default="vieprivee@ville.example")
    confirm_every_days = models.PositiveSmallIntegerField(
        _("days after which a listing is asked again"),
        default=180,
        validators=[MinValueValidator(30), MaxValueValidator(1000)],
    )
    is_demo = models.BooleanField(_("demonstration site"), default=False)

    city_name = Pair("city_name")
    privacy_officer = Pair("privacy_officer")

    no_constraint_reason: ClassVar[str] = "one row of free words; colours are validated"

    class Meta:
        verbose_name = _("city and brand")

    @classmethod
    def current(cls) -> CitySettings:
        """The one row, kept for a minute."""
        found: CitySettings | None = cache.get(CACHE_KEY)
        if found is None:
            found = cls.load()
            cache.set(CACHE_KEY, found, CACHE_SECONDS)
        return found

    def save(self, *args: object, **kwargs: object) -> None:
        """Forget the kept copy, so that a change shows at once in this process."""
        super().save(*args, **kwargs)
        cache.delete(CACHE_KEY)
