"""Every component on one page, in development: what a change of style is looked at on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cms.directories.listing import Entry, Tag
from core.charts import Chart, Point, draw
from core.thread import build

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name"), help_text=_("As people read it."))
    text = forms.CharField(label=_("Text"), widget=forms.Textarea)
    choice = forms.ChoiceField(label=_("Choice"), choices=[("a", "A"), ("b", "B")])
    agree = forms.BooleanField(label=_("I agree"))


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Threads, tags, forms, entries, charts, notices."""
    if not settings.DEBUG:
        raise Http404
    now = timezone.now()
    wrong = SampleForm({"name": "", "choice": "c"}, auto_id="wrong-%s")
    wrong.is_valid()
    details = {"challenge": "12 mars", "applications": "7"}
    context: dict[str, Any] = {
        "threads": [
            *(build(n, details, "late" if n == 6 else "now") for n in (0, 2, 6)),
            build(4, details, ahead={"measurements": "now"}),
        ],
        "form": SampleForm(),
        "wrong": wrong,
        "soon": now + timedelta(days=3, hours=4),
        "page": Paginator(range(100), 10).get_page(3),
        "query": request.GET,
        "samples": samples(),
        "chart": sample_chart(),
    }
    return render(request, "dev/styleguide.html", context)


def sample_chart() -> Chart:
    """Twenty weekly points with a hole."""
    week = 7 * 86_400.0
    points = [Point(n * week, 44 - n % 5 * 2.5) for n in range(20) if n not in (8, 9, 10)]
    return draw(
        points,
        unit="min",
        target=30,
        baseline=44,
        step=week,
        first_label="janvier",
        last_label="mai",
    )


def samples() -> list[Entry]:
    """Two rows of a list, one with all it can have."""
    return [
        Entry(
            url="#",
            title="Garder les trottoirs déneigés",
            summary="Une phrase qui dit le problème.",
            tags=(Tag("Ouvert", "open"),),
            meta=("Hiver",),
            big="6 j",
            small="12 mars",
            thread=build(1, {}),
        ),
        Entry(url="#", title="Une ligne sans rien d’autre"),
    ]
