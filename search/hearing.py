"""What changes without a verb: rows that the administration saves itself, and Wagtail's pages."""

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

from core.taxonomy.models import Borough, CitySettings, Theme
from pilots.models import Site, Stage
from search.documents.building import moment
from search.documents.pages import with_twins
from search.receivers import tell

# What documents say of these: their words are the query's business.
SAID: Final[dict[type[Any], tuple[str, ...]]] = {
    Theme: ("slug",),
    Borough: ("slug", "lat", "lon"),
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
    names = SAID[sender]
    before = sender.objects.filter(pk=instance.pk).values_list(*names).first()
    if not raw and before not in (None, tuple(getattr(instance, name) for name in names)):
        tell(sender, [instance.pk])


@receiver(pre_delete, sender=Site, dispatch_uid="search_site_deleted")
@receiver(pre_delete, sender=Theme, dispatch_uid="search_theme_deleted")
@receiver(pre_delete, sender=Borough, dispatch_uid="search_borough_deleted")
def hear_deleted(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Before the ties go, which say what is concerned."""
    tell(sender, [instance.pk])


@receiver(post_save, sender=CitySettings, dispatch_uid="search_settings_saved")
def forget_moment(**kwargs: Any) -> None:
    """How long a listing counts as confirmed is worked out once for many records."""
    moment.cache_clear()


@receiver([page_published, page_unpublished, post_page_move], dispatch_uid="search_page")
def hear_page(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """A page appeared, changed, moved or went; Wagtail unpublishes what it is about to delete.

    The page in the other language says its words, or does not any more; addresses of what is below
    begin with its own.
    """
    tell(Page, with_twins(Page.objects.descendant_of(instance, inclusive=True)))


@receiver(post_save, sender=PageViewRestriction, dispatch_uid="search_pages_closed")
@receiver(post_delete, sender=PageViewRestriction, dispatch_uid="search_pages_opened")
def hear_restricted(instance: Any, **kwargs: Any) -> None:
    """A page and what is below are shown to some, or to all again."""
    tell(Page, with_twins(Page.objects.descendant_of(instance.page, inclusive=True)))
