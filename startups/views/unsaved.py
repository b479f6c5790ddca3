"""What was typed and could not be saved is shown again, to be copied: nothing typed is lost."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse

from startups.drafting import empty_like, same
from startups.forms.fields import language_of
from startups.forms.listing import OUTSIDE, ListingForm, raw_of, typed
from startups.models import LISTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponse

KINDS = {str(model._meta.model_name): model for model in LISTINGS}


def unsaved(form: ListingForm, held: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """What ``form`` was sent that is not ``held``, field by field, in words."""
    found = []
    for name, field in form.fields.items():
        if name == OUTSIDE or field.widget.value_omitted_from_data(form.data, form.files, name):
            continue
        raw = typed(form.checked(name)[0])
        if same(raw, (held or {}).get(name, empty_like(raw))):
            continue
        if not (text := form.in_words(name, raw)):
            continue
        said = {"label": field.label, "id": f"unsaved-{name}", "language": language_of(name)}
        found.append({**said, "text": text})
    return found


def keeping_text(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Before ``login_required``: who is signed out meanwhile reads again what they had typed."""

    @wraps(view)
    def kept(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        model = KINDS.get(kind)
        if request.method != "POST" or request.user.is_authenticated or model is None:
            return view(request, kind, pk)
        # What is public already is not shown: what was typed is found among less.
        public = model.objects.public().filter(pk=pk).first()  # type: ignore[attr-defined]
        held = raw_of(public) if public is not None else {}
        written = unsaved(ListingForm(model, request.POST), held)
        if not written:
            return view(request, kind, pk)
        context = {
            "unsaved": written,
            "sign_in": f"{reverse('account_login')}?{urlencode({'next': request.path})}",
        }
        return render(request, "startups/editing/signed_out.html", context, status=403)

    return kept
