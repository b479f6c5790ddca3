"""What one can follow: the kinds that the floors registered, and the records behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.registry import Followable, Rhythm, followables
from core.taxonomy.models import Borough, Theme

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from core.following.models import Follow


@dataclass(frozen=True, slots=True)
class Target:
    """A thing one can follow, or that one follows and that is no longer public (``name`` "").

    ``name`` stands between quotation marks; ``alone`` is how it is said without them.
    """

    kind: str
    slug: str
    label: str
    name: str
    url: str
    alone: str = ""

    @property
    def is_gone(self) -> bool:
        """Whether its page is no longer public."""
        return not self.name


def find_target(kind: str, slug: str) -> Target | None:
    """The thing of that kind and address, in words of the active language; None without one."""
    followable = followables.get(kind)
    record = followable.find([slug]).get(slug) if followable is not None else None
    if followable is None or record is None:
        return None
    return _target(followable, slug, record)


def targets_of(follows: Iterable[Follow]) -> list[tuple[Follow, Target]]:
    """Each follow with its thing, in as many queries as there are kinds."""
    rows = list(follows)
    found: dict[tuple[str, str], Target] = {}
    for kind, followable in followables.items():
        slugs = {row.slug for row in rows if row.kind == kind}
        for slug, record in (followable.find(slugs) if slugs else {}).items():
            found[(kind, slug)] = _target(followable, slug, record)
    return [(row, found.get((row.kind, row.slug)) or _gone(row)) for row in rows]


def rhythms_of(follows: Iterable[Follow]) -> dict[int, Rhythm]:
    """By number, those of the follows that have a rhythm of their own."""
    rows = list(follows)
    found: dict[int, Rhythm] = {}
    for kind, followable in followables.items():
        pks = [row.pk for row in rows if row.kind == kind]
        if pks and followable.rhythms is not None:
            found.update(followable.rhythms(pks))
    return found


def _target(followable: Followable, slug: str, record: Any) -> Target:
    url = followable.url(record)
    name = str(record)
    alone = getattr(record, "alone", name)
    return Target(followable.kind, slug, str(followable.label), name, url, alone)


def _gone(follow: Follow) -> Target:
    followable = followables.get(follow.kind)
    label = str(followable.label) if followable is not None else follow.kind
    return Target(follow.kind, follow.slug, label, "", "")


def _themes(slugs: Collection[str]) -> Mapping[str, Theme]:
    return {theme.slug: theme for theme in Theme.objects.filter(slug__in=slugs)}


def _boroughs(slugs: Collection[str]) -> Mapping[str, Borough]:
    return {borough.slug: borough for borough in Borough.objects.filter(slug__in=slugs)}


def register_taxonomy() -> None:
    """Themes and boroughs: their page is the board, filtered."""
    followables.register(
        "theme",
        Followable(
            kind="theme",
            label=_("Theme"),
            find=_themes,
            url=lambda theme: f"{reverse('challenge_list')}?theme={theme.slug}",
        ),
    )
    followables.register(
        "borough",
        Followable(
            kind="borough",
            label=_("Borough"),
            find=_boroughs,
            url=lambda borough: f"{reverse('challenge_list')}?borough={borough.slug}",
        ),
    )
