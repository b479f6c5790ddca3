"""Imports in the administration: a file, its columns, its dry run, what happened."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, Final

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import CreateView, IndexView, InspectView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permissions import register_permission_policy

from core.cells import cell
from core.exceptions import DomainError
from core.numbers import key_of
from core.viewsets import ByVerb, FactsViewSet
from startups.domain import imports
from startups.enums import ImportState, RowChoice, RowOutcome, RowVerdict
from startups.forms.imports import ImportForm
from startups.importing.cells import shown
from startups.importing.fields import FIELDS, label_of
from startups.importing.meanings import given_in_words, to_be_given
from startups.importing.sentences import line_of, name_of, names_of_ties
from startups.models import ImportRow, ImportRun
from startups.policies import ModeratorsPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

register_permission_policy(ImportRun, ModeratorsPolicy(ImportRun, "add", "view"))

ON_A_PAGE: Final = 50
EXAMPLES: Final = 3
# Seconds after which a page that shows a progress is loaded again, without a script.
AGAIN: Final = 2
UNDER_WAY: Final = (ImportState.CHECKING, ImportState.RUNNING)


class RunIndex(IndexView):  # type: ignore[misc]  # no types in Wagtail
    """Every import; the button says what it does."""

    add_item_label = gettext_lazy("Bring in a file")


class ReceiveView(ByVerb, CreateView):  # type: ignore[misc]  # no types in Wagtail
    """The file comes in; what cannot be read is said on the form."""

    page_title = gettext_lazy("Bring in a file")

    def save_instance(self) -> ImportRun:
        """The verb."""
        data = self.form.cleaned_data
        return imports.receive_sheet(
            sheet=data["file"],
            file_name=self.request.FILES["file"].name or "",
            kind=data["kind"],
            source=data["source"],
            publishes=data["publishes"],
            actor=self.request.user,
            now=timezone.now(),
        )

    def get_success_url(self) -> str:
        """Its columns."""
        return reverse("imports:inspect", args=[self.object.pk])

    def get_success_message(self, instance: ImportRun) -> str:
        """What is next."""
        return _("%(n)s rows received. Say what each column holds.") % {"n": instance.rows_count}

    def get_success_buttons(self) -> list[Any]:
        """None: one is there."""
        return []


class RunView(InspectView):  # type: ignore[misc]
    """One import, wherever it is on its way, and the next thing to do."""

    template_name = "startups/imports/run.html"
    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """While something is under way the page loads itself again."""
        response: HttpResponse = super().get(request, *args, **kwargs)
        if self.object.state in UNDER_WAY:
            response["Refresh"] = str(AGAIN)
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One verb, one sentence; a refused matching keeps what was chosen."""
        act = self.acts.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        try:
            messages.success(request, act())
        except DomainError as error:
            messages.error(request, str(error))
            if error.status == 422:
                response: HttpResponse = super().get(request, *args, **kwargs)
                response.status_code = 422
                return response
        return redirect(request.get_full_path())

    @cached_property
    def acts(self) -> dict[str, Any]:
        """What may be asked of a run, by the button's value."""
        given = {"run": self.object, "actor": self.request.user, "now": timezone.now()}

        def match() -> str:
            imports.match_columns(
                mapping=self.chosen,
                allows_outside="allows_outside" in self.request.POST,
                forgets_meanings="forgets_meanings" in self.request.POST,
                **given,
            )
            return _("The rows are being compared with the directory. Nothing is written yet.")

        def choose() -> str:
            count = imports.choose_doubles(choices=self.choices, **given)
            return _("Choices kept: %(n)s.") % {"n": count}

        def mean() -> str:
            count = imports.give_meanings(given=self.given_meanings, **given)
            return _("Meanings kept: %(n)s. The rows are compared again.") % {"n": count}

        def start() -> str:
            imports.start_import(**given)
            return _("The rows are being written.")

        def go_on() -> str:
            imports.go_on(**given)
            return _("Asked again: what was done stays done.")

        def again() -> str:
            imports.match_again(**given)
            return _("Match the columns again.")

        def abandon() -> str:
            imports.abandon(**given)
            return _("Abandoned: nothing was written.")

        return {f.__name__: f for f in (match, mean, choose, start, go_on, again, abandon)}

    @property
    def chosen(self) -> list[str]:
        """What the form says of each column."""
        count = len(self.object.columns)
        return [self.request.POST.get(f"column-{n}", "") for n in range(count)]

    @property
    def given_meanings(self) -> dict[tuple[str, str], str]:
        """By field and value of the file; those that were answered."""
        found = {}
        for name, chosen in self.request.POST.items():
            if name.startswith("meaning:") and chosen:
                _prefix, field, value = name.split(":", 2)
                found[field, value] = chosen
        return found

    @property
    def choices(self) -> dict[int, str]:
        """By row; « for all » is for those that have none yet, on every page."""
        found = {
            number: value
            for name, value in self.request.POST.items()
            if name.startswith("row-") and (number := key_of(name[4:])) is not None and value
        }
        if for_all := self.request.POST.get("for_all", ""):
            left = self.object.rows.filter(verdict=RowVerdict.DOUBLE, choice="")
            found = dict.fromkeys(left.values_list("number", flat=True), for_all) | found
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What its state needs."""
        run: ImportRun = self.object
        context = {**super().get_context_data(**kwargs), "run": run, "under_way": UNDER_WAY}
        if run.state == ImportState.COLUMNS:
            context["columns"] = self._columns(run)
            context["meanings"] = given_in_words(run)
            context["fields"] = [
                (field.name, label_of(run.kind, field.name), field.is_required)
                for field in FIELDS[run.kind]
            ]
        elif run.state in (ImportState.READY, ImportState.DONE):
            context |= self._rows(run)
        return context

    def _columns(self, run: ImportRun) -> list[dict[str, Any]]:
        mapping = self.chosen if self.request.method == "POST" else run.mapping
        examples = list(run.rows.order_by("number").values_list("cells", flat=True)[:EXAMPLES])  # type: ignore[attr-defined]
        return [
            {
                "n": n,
                "name": name,
                "chosen": chosen,
                "examples": [shown(cells[n]) for cells in examples if cells[n] not in ("", [])],
            }
            for n, (name, chosen) in enumerate(zip(run.columns, mapping, strict=True))
        ]

    def _rows(self, run: ImportRun) -> dict[str, Any]:
        is_done = run.state == ImportState.DONE
        column, choices = ("outcome", RowOutcome) if is_done else ("verdict", RowVerdict)
        rows = ImportRow.objects.filter(run=run)
        counts = dict(rows.order_by().values_list(column).annotate(Count("pk")))
        shown = self.request.GET.get("show", "")
        if shown not in choices.values:
            first = (c.value for c in choices if counts.get(c.value) and c.value in URGENT)
            shown = next(first, "") if "show" not in self.request.GET else ""
        names = names_of_ties()
        page = Paginator(
            rows.filter(**{column: shown} if shown else {}).order_by("number"), ON_A_PAGE
        ).get_page(self.request.GET.get("p"))
        return {
            "is_done": is_done,
            "shown": shown,
            "page": page,
            "total": run.rows_count,
            "counts": [(c.value, c.label, counts.get(c.value, 0)) for c in choices],
            "lines": [line_of(row, run, names) for row in page],
            "row_choices": RowChoice.choices,
            "unknown": [] if is_done or not counts.get(RowVerdict.REFUSED) else to_be_given(run),
            "not_chosen": rows.filter(verdict=RowVerdict.DOUBLE, choice="").count(),
            "to_write": counts.get("new", 0) + counts.get("changed", 0) + counts.get("double", 0),
        }


# What a person reads first.
URGENT: Final = ("double", "refused")


class OutcomesView(PermissionCheckedMixin, View):  # type: ignore[misc]
    """What happened to each row, as CSV."""

    model = ImportRun
    permission_required = "view"
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """Row by row, in cells that no spreadsheet runs."""
        run = get_object_or_404(ImportRun, pk=pk)
        response = StreamingHttpResponse(
            _outcomes(run),
            content_type="text/csv; charset=utf-8",
            headers={"Cache-Control": "no-store"},
        )
        response["Content-Disposition"] = f'attachment; filename="import-{run.pk}.csv"'
        return response


class _Echo:
    def write(self, line: str) -> str:
        return line


def _outcomes(run: ImportRun) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    names = (_("Row"), _("Name"), _("Dry run"), _("Choice"), _("Outcome"), _("Details"))
    yield writer.writerow([cell(str(name)) for name in names])  # type: ignore[misc]
    ties = names_of_ties()
    for row in ImportRow.objects.filter(run=run).order_by("number").iterator(chunk_size=500):
        line = line_of(row, run, ties)
        said = [line["number"], name_of(row, run), line["verdict"], line["choice_label"]]
        details = [*line["problems"], *(f"{d[0]}: {d[1]} → {d[2]}" for d in line["difference"])]
        yield writer.writerow([cell(each) for each in (*said, line["outcome"], details)])  # type: ignore[misc]


class ImportViewSet(FactsViewSet):  # type: ignore[misc]
    """Files of listings, newest first."""

    model = ImportRun
    name = "imports"
    icon = "upload"
    menu_label = gettext_lazy("Imports")
    index_view_class = RunIndex
    list_display = (
        "file_name",
        Column("kind", label=gettext_lazy("What the rows are"), accessor="get_kind_display"),
        Column("state", label=gettext_lazy("State"), accessor="get_state_display"),
        "rows_count",
        "created_by",
        DateColumn("created_at", label=gettext_lazy("Received")),
    )
    list_filter = ("kind", "state")
    search_backend_name = None
    search_fields = ("file_name", "source")
    inspect_view_enabled = True
    inspect_view_class = RunView
    add_view_class = ReceiveView

    def get_form_class(self, for_update: bool = False) -> type[ImportForm]:
        """The form of a new file."""
        return ImportForm

    @cached_property
    def outcomes_view(self) -> Any:
        """The file of what happened."""
        return self.construct_view(OutcomesView)

    def get_urlpatterns(self) -> list[Any]:
        """Its own, and the file of what happened."""
        more = path("<int:pk>/outcomes.csv", self.outcomes_view, name="outcomes")
        return [*super().get_urlpatterns(), more]
