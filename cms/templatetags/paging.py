"""Addresses of the other pages of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from cms.directories.listing import with_params

if TYPE_CHECKING:
    from django.http import QueryDict

register = template.Library()


@register.simple_tag
def page_url(query: QueryDict, number: int) -> str:
    """The same list at page ``number``."""
    return with_params(query, page=str(number) if number > 1 else None)
