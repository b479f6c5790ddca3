"""Pieces of editing pages that every floor uses."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PublishingPanel
from wagtail.admin.widgets import AdminDateTimeInput

from core.languages import LANGUAGES


def pair(stem: str, *, required_on_save: bool | None = None, **options: Any) -> FieldRowPanel:
    """The French field with the English one beside it.

    ``required_on_save`` asks for the French even in a draft.
    """
    return FieldRowPanel(
        [
            FieldPanel(
                f"{stem}_{code}",
                required_on_save=required_on_save if code == LANGUAGES[0] else None,
            )
            for code in LANGUAGES
        ],
        **options,
    )


def pairs(heading: Any, *stems: str, **options: Any) -> MultiFieldPanel:
    """Several pairs under one heading."""
    return MultiFieldPanel([pair(stem) for stem in stems], heading=heading, **options)


def go_live_panel() -> PublishingPanel:
    """When an approved text goes live; no end, for what was public stays so."""
    parent = "#schedule-publishing-dialog"
    widget = AdminDateTimeInput(
        js_overlay_parent_selector=parent,
        attrs={
            "data-controller": "w-action",
            "data-action": "w-dialog:hidden->w-action#reset",
            "data-w-dialog-target": "notify",
        },
    )
    return PublishingPanel(children=[FieldPanel("go_live_at", widget=widget)])
