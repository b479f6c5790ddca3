"""Themes and boroughs of the rows of a list, read with few words.

Django's prefetch makes a manager, a sort and whole records for each; on the board of twenty rows
that is a tenth of the page's time (``make bench``).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

# What a row or a map shows of a label, after its key; the taxonomy's own order is in the query.
SHOWN = {
    "taxonomy.theme": ("name_fr", "name_en"),
    "taxonomy.borough": ("name", "lat", "lon"),
}


def fill_labels(rows: Sequence[Any], *names: str) -> None:
    """Give ``rows``, all of one model, their many-to-many taxonomy ``names``: one query each.

    What is filled reads as after ``prefetch_related``; other columns of a label are deferred.
    """
    for name in names if rows else ():
        field = type(rows[0])._meta.get_field(name)
        label = field.related_model
        owner, target = f"{field.m2m_field_name()}_id", field.m2m_reverse_field_name()
        shown = ("id", *SHOWN[label._meta.label_lower])
        links = field.remote_field.through._default_manager.filter(
            **{f"{owner}__in": [row.pk for row in rows]}
        ).order_by(*(f"{target}__{column}" for column in label._meta.ordering))
        found = defaultdict(list)
        columns = (f"{target}__{column}" for column in shown)
        for row_id, *values in links.values_list(owner, *columns):
            found[row_id].append(label.from_db(links.db, shown, values))
        for row in rows:
            row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = found[row.pk]
