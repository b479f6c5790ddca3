"""The dry run: each row read, and compared with the directory and with the rows before it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from core.accounts.doubles import Likeness
from core.taxonomy.models import Borough
from startups.enums import GONE, ListingState, RowChoice, RowVerdict
from startups.importing.cells import CellRefused
from startups.importing.doubles import Known, directory_of, identity, known_row
from startups.importing.fields import MODELS, Places, by_name
from startups.importing.houses import Houses
from startups.importing.meanings import meant
from startups.models import ImportRun, Program, RememberedDouble

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from startups.importing.fields import Imported
    from startups.models import ImportRow


# Facts that a row holds by key.
TIES: Final = ("borough", "incubator")


class Comparer:
    """Compares the rows of one run; holds the directory's names, not its records."""

    def __init__(self, run: ImportRun) -> None:
        """With the rows that were compared before, by a worker that was stopped."""
        self.run = run
        # How many rows it knows: another number means that another worker is at it.
        self.checked = run.checked_count
        self.fields = by_name(run.kind)
        self.model = MODELS[run.kind]
        self.directory = directory_of(run.kind)
        Places.load()
        Houses.load()
        self.area = list(Borough.objects.values_list("bbox", flat=True))
        before = run.rows.exclude(verdict__in=["", RowVerdict.REFUSED])  # type: ignore[attr-defined]
        for number, facts in before.order_by("number").values_list("number", "facts").iterator():
            self.directory.add(known_row(number, facts))

    def compare(self, rows: Sequence[ImportRow]) -> None:
        """Fill what the dry run says of each."""
        found: list[tuple[ImportRow, Known]] = []
        for row in rows:
            row.facts, row.problems = self._read(row)
            row.difference, row.doubles, row.target = [], [], None
            if row.problems:
                row.verdict = RowVerdict.REFUSED
                continue
            known = known_row(row.number, row.facts)
            self._place(row, known)
            self.directory.add(known)
            found.append((row, known))
        records = records_by_pk(self.model, [row.target for row, _known in found if row.target])
        self._remember([pair for pair in found if pair[0].verdict == RowVerdict.DOUBLE])
        for row, _known in found:
            if row.target is not None and row.target in records:
                self._differ(row, records[row.target])

    def _place(self, row: ImportRow, known: Known) -> None:
        seen = self.directory.find(known)
        if seen.same is not None and not seen.same.is_row:
            row.target, row.verdict = seen.same.key, RowVerdict.CHANGED
        elif seen.same is not None or seen.alike:
            row.verdict = RowVerdict.DOUBLE
            alike = seen.alike or ((seen.same, Likeness.NAME),)
            row.doubles = [
                {"row": each.is_row, "key": each.key, "name": each.called, "why": str(why)}
                for each, why in alike
                if each is not None
            ]
            if not row.doubles[0]["row"]:
                row.target = row.doubles[0]["key"]
        else:
            row.verdict = RowVerdict.NEW

    def _differ(self, row: ImportRow, record: Imported) -> None:
        """What an update would change; refused where it may change nothing."""
        row.difference = difference(record, row.facts)
        if row.verdict == RowVerdict.DOUBLE:
            return
        if code := why_not(record):
            row.verdict, row.problems = RowVerdict.REFUSED, [["", code, record.name]]
        elif code := contradiction(row.facts, record):
            row.verdict, row.problems = RowVerdict.REFUSED, [[self._column("trl_max"), code, ""]]
        elif not row.difference:
            row.verdict = RowVerdict.SAME

    def _read(self, row: ImportRow) -> tuple[dict[str, Any], list[list[str]]]:
        columns, mapping = self.run.columns, self.run.mapping
        problems = [[columns[place], code, ""] for place, code in row.flaws if mapping[place]]
        problems += [
            [columns[place], code, ""] for place, code in row.flaws if code == "too_many_cells"
        ]
        facts: dict[str, Any] = {}
        for column, name, cell in zip(columns, mapping, row.cells, strict=True):
            if not name:
                continue
            field = self.fields[name]
            cell = meant(field, cell, self.run.meanings.get(name))  # noqa: PLW2901
            if cell in ("", []):
                if field.is_required:
                    problems.append([column, "required", ""])
                continue
            try:
                facts[name] = field.read(cell)
            except CellRefused as refused:
                problems.append([column, refused.code, refused.value])
        if not any(self._column(name) in (p[0] for p in problems) for name in ("lat", "lon")):
            problems += self._misplaced(facts)
        if code := contradiction(facts):
            problems.append([self._column("trl_max"), code, ""])
        return facts, _once(problems)

    def _misplaced(self, facts: dict[str, Any]) -> list[list[str]]:
        lat, lon = facts.get("lat"), facts.get("lon")
        if (lat is None) != (lon is None):
            return [[self._column("lat"), "half_place", ""]]
        if lat is None or self.run.allows_outside or not self.area:
            return []
        inside = any(w <= lon <= e and s <= lat <= n for w, s, e, n in self.area)
        return [] if inside else [[self._column("lat"), "outside", f"{lat}, {lon}"]]

    def _column(self, name: str) -> str:
        mapping = self.run.mapping
        return self.run.columns[mapping.index(name)] if name in mapping else ""

    def _remember(self, doubles: Sequence[tuple[ImportRow, Known]]) -> None:
        """What was chosen for the same row and the same listing, in another file."""
        identities = {identity(known): row for row, known in doubles}
        kept: dict[str, dict[int, str]] = {}
        rows = RememberedDouble.objects.filter(kind=self.run.kind, identity__in=identities)
        for said, target, choice in rows.values_list("identity", "target", "choice"):
            kept.setdefault(said, {})[target] = choice
        for said, row in identities.items():
            known = kept.get(said, {})
            listed = [double["key"] for double in row.doubles if not double["row"]]
            if not listed:
                continue
            if known.get(listed[0]) == RowChoice.UPDATE:
                row.choice = RowChoice.UPDATE
            elif all(known.get(key) == known.get(listed[0]) for key in listed):
                row.choice = known.get(listed[0], "")


def _once(problems: Iterable[list[str]]) -> list[list[str]]:
    return [list(each) for each in dict.fromkeys(tuple(problem) for problem in problems)]


def records_by_pk(
    model: type[Imported], pks: Iterable[int], *, holds: bool = False
) -> dict[int, Imported]:
    """Records with their themes, in two queries; held until the transaction ends if asked."""
    rows: QuerySet[Any] = model.objects.filter(pk__in=set(pks)).prefetch_related("themes")
    if model is Program:
        rows = rows.select_related("incubator")
    if holds:
        rows = rows.select_for_update(of=("self",)).order_by("pk")
    return {row.pk: row for row in rows}


def why_not(record: Imported) -> str:
    """Why an import changes nothing of ``record``; empty when it may."""
    if record.state in GONE:
        return "gone"
    if record.organisation_id is not None or record.state != ListingState.UNCLAIMED:
        return "kept_by_owner"
    if isinstance(record, Program) and record.incubator.organisation_id is not None:
        return "kept_by_owner"
    return ""


def contradiction(facts: dict[str, Any], record: Imported | None = None) -> str:
    """What a row says against itself, or against what its record says already."""
    if "trl_min" not in facts and "trl_max" not in facts:
        return ""
    least = facts.get("trl_min", getattr(record, "trl_min", None))
    most = facts.get("trl_max", getattr(record, "trl_max", None))
    return "trl_order" if least and most and least > most else ""


def column_of(name: str) -> str:
    """The attribute that holds a fact."""
    return f"{name}_id" if name in TIES else name


def value_of(record: Imported, name: str) -> Any:
    """A fact as a row has it."""
    if name == "themes":
        return sorted(theme.slug for theme in record.themes.all())
    value = getattr(record, column_of(name))
    return f"{value:.2f}" if isinstance(value, Decimal) else value


def difference(record: Imported, facts: dict[str, Any]) -> list[list[Any]]:
    """Field, before, after. What a row does not say is left as it is."""
    found = []
    for name, said in facts.items():
        before, after = value_of(record, name), said
        if name == "sources":  # one more source takes none away
            after = [*before, *(source for source in after if source not in before)]
        same = sorted(after) == before if name == "themes" else after == before
        if name == "website":  # « https://site.ca » and « https://site.ca/ » are one page
            same = str(after).rstrip("/") == str(before).rstrip("/")
        if name != "slug" and not same:
            found.append([name, before, after])
    return found
