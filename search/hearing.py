"""What no verb tells: places and labels that the administration saves, pages, what is deleted."""

from __future__ import annotations

from typing import Any, Final

from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import (
    page_published,
    page_unpublished,
    post_page_move,
)

from core.following.models import Follow
from core.taxonomy.models import Borough, CitySettings, Theme
from pilots.models import Site, Stage
from search.documents import BY_MODEL, followed
from search.documents.building import moment
from search.documents.dependants import SAID_BY
from search.documents.pages import TYPES, with_twins
from search.domain.builds import outdate
from search.domain.changes import note_keys
from search.port import Key
from search.receivers import tell

# What documents say of these: their words are the query's business.
SAID: Final[dict[type[Any], tuple[str, ...]]] = {
    Theme: ("slug", "order"),
    Borough: ("slug", "lat", "lon"),
    # How long every listing counts as confirmed.
    CitySettings: ("confirm_every_days",),
}


@receiver(post_save, sender=Site, dispatch_uid="search_site_saved")
@receiver(post_save, sender=Stage, dispatch_uid="search_stage_saved")
def hear_saved(sender: type[Any], instance: Any, *, raw: bool = False, **kwargs: Any) -> None:
    """The administration writes these without a verb of their own."""
    if not raw:
        tell(sender, [instance.pk])


@receiver(pre_save, sender=Theme, dispatch_uid="search_theme_saved")
@receiver(pre_save, sender=Borough, dispatch_uid="search_borough_saved")
def hear_relabelled(sender: type[Any], instance: Any, *, raw: bool = False, **kwargs: Any) -> None:
    """Of a label, documents say the address and the place; an edit of its words touches none."""
    if not raw and _says_otherwise(sender, instance):
        tell(sender, [instance.pk])


@receiver(pre_save, sender=CitySettings, dispatch_uid="search_settings_changed")
def hear_resettled(instance: Any, *, raw: bool = False, **kwargs: Any) -> None:
    """Every listing says something else, or will at another instant: all is written again."""
    if not raw and _says_otherwise(CitySettings, instance):
        outdate()


def _says_otherwise(model: type[Any], instance: Any) -> bool:
    names = SAID[model]
    before = model.objects.filter(pk=instance.pk).values_list(*names).first()
    return before not in (None, tuple(getattr(instance, name) for name in names))


def hear_deleted(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Before the ties go, which say what is concerned."""
    tell(sender, [instance.pk])


# Wagtail tells of pages itself. By model: who listens to all has all read before it is deleted.
for _model in (BY_MODEL.keys() | SAID_BY.keys()) - {Page}:
    pre_delete.connect(
        hear_deleted, sender=_model, dispatch_uid=f"search_{_model._meta.model_name}_deleted"
    )


@receiver(post_save, sender=CitySettings, dispatch_uid="search_settings_saved")
def forget_moment(**kwargs: Any) -> None:
    """How long a listing counts as confirmed is worked out once for many records."""
    moment.cache_clear()


@receiver(post_save, sender=Follow, dispatch_uid="search_followed")
@receiver(post_delete, sender=Follow, dispatch_uid="search_unfollowed")
def hear_followed(instance: Follow, *, raw: bool = False, **kwargs: Any) -> None:
    """Documents say about how many follow a record."""
    if not raw and instance.confirmed_at is not None:
        counted = followed(instance.kind, instance.slug)
        note_keys(Key(kind, pk) for kind, keys in counted for pk in keys)


@receiver([page_published, page_unpublished, post_page_move], dispatch_uid="search_page")
def hear_page(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """A page appeared, changed, moved or went; Wagtail unpublishes what it is about to delete.

    The page in the other language says its words, or does not any more; addresses of what is below
    begin with its own.
    """
    tell(Page, with_twins(Page.objects.descendant_of(instance, inclusive=True)))


@receiver(post_save, dispatch_uid="search_page_saved")
def hear_page_saved(
    sender: type[Any], instance: Any, *, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    """Wagtail saves pages without saying so: an alias that it makes or brings up to date.

    What it saves of a draft is named, and no reader reads it.
    """
    if sender in TYPES and instance.live and not raw and update_fields is None:
        tell(Page, with_twins(Page.objects.filter(pk=instance.pk)))


@receiver(post_save, sender=PageViewRestriction, dispatch_uid="search_pages_closed")
@receiver(post_delete, sender=PageViewRestriction, dispatch_uid="search_pages_opened")
def hear_restricted(instance: Any, **kwargs: Any) -> None:
    """A page and what is below are shown to some, or to all again."""
    tell(Page, with_twins(Page.objects.descendant_of(instance.page, inclusive=True)))
