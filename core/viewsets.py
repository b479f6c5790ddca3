"""Lists of the administration whose rows are facts, not editorial content."""

from __future__ import annotations

from wagtail.admin.viewsets.model import ModelViewSet


class FactsViewSet(ModelViewSet):  # type: ignore[misc]  # no types in Wagtail
    """Rows written by verbs: nothing to copy, and no image, page or document to look for in them.

    Wagtail would ask the queue at each save to look which pages a row refers to.
    """

    add_to_reference_index = False
    copy_view_enabled = False
