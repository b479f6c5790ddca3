"""Pages for people: where the data is, and how the API is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.context import NAMES, Twin
from cms.opendata.api import ROOT, api
from cms.opendata.params import WORDS
from cms.opendata.problems import DOCS_PATH, LICENCE_URL, TITLES
from cms.opendata.resources import BY_NAME, RESOURCES, Resource
from core.addresses import site_url
from core.languages import LANGUAGES, active_language
from pilots.domain.reading import KeyReused, NotMeasuring

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

EXAMPLE = {"slug": "slug", "q": "neige", "updated_since": "2026-01-01"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter in words."""

    name: str
    description: str
    is_required: bool
    limits: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Address:
    """One address and one method, with an example that can be pasted."""

    method: str
    path: str
    summary: str
    parameters: tuple[Parameter, ...]
    example: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset and its files."""

    title: str
    json_url: str
    csv_url: str
    geojson_url: str


@dataclass(frozen=True, slots=True)
class Section:
    """The addresses of a dataset and the fields of its records."""

    name: str
    title: str
    addresses: list[Address]
    fields: tuple[str, ...]


@require_safe
def data_page(request: HttpRequest) -> HttpResponse:
    """Every dataset with its files, feeds, licence, and how to send readings."""
    context = {
        "datasets": [_dataset(resource) for resource in RESOURCES],
        "api_root": f"{site_url()}{ROOT}",
        "licence_url": LICENCE_URL,
        "send_example": _send_example(),
    }
    return render(request, "opendata/data.html", context)


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Every address of the API, from its schema, without a script."""
    asked = request.GET.get("lang", "")
    language = asked if asked in LANGUAGES else active_language()
    with translation.override(language):
        context = {
            "sections": _sections(),
            "problems": _problems(),
            "api_root": f"{site_url()}{ROOT}",
            "licence_url": LICENCE_URL,
            # This address has no language of its own: the switch asks for one.
            "twins": [
                Twin(code, NAMES[code], f"{DOCS_PATH}?lang={code}", code == language)
                for code in LANGUAGES
            ],
        }
        response = render(request, "opendata/docs.html", context)
    response.headers["Content-Language"] = language
    return response


def _dataset(resource: Resource) -> Dataset:
    address = f"{ROOT}/{resource.name}"
    places = f"{address}.geojson" if resource.geometry is not None else ""
    return Dataset(str(resource.title), address, f"{address}.csv", places)


def _send_example() -> str:
    body = (
        '{"readings": [{"indicator": "bruit", "at": "2026-03-01T08:00:00-05:00", "value": 61.5}]}'
    )
    return (
        f"curl -X POST {site_url()}{ROOT}/pilots/slug/readings"
        " -H 'Authorization: Bearer bde_…' -H 'Idempotency-Key: 2026-03-01-08'"
        f" -H 'Content-Type: application/json' -d '{body}'"
    )


def _sections() -> list[Section]:
    found: dict[str, Section] = {}
    schema = api.get_openapi_schema()
    titles = {"index": _("What there is"), "search": _("Search")}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            name = operation["tags"][0]
            if name not in found:
                resource = BY_NAME.get(name)
                fields = tuple(resource.schema.model_fields) if resource else ()
                title = str(resource.title) if resource else titles.get(name, name)
                found[name] = Section(name, title, [], fields)
            found[name].addresses.append(_address(path, method.upper(), operation))
    return list(found.values())


def _address(path: str, method: str, operation: dict[str, Any]) -> Address:
    parameters = tuple(_parameter(p) for p in operation.get("parameters", []))
    names = [p.name for p in parameters]
    url = f"{site_url()}{path}".replace("{slug}", EXAMPLE["slug"])
    query = next((n for n in ("q", "updated_since", "limit") if n in names), "")
    if query:
        url += f"?{query}={EXAMPLE.get(query, '10')}"
    example = _send_example() if method == "POST" else f"curl '{url}'"
    return Address(method, path, _(operation["summary"]), parameters, example)


def _parameter(found: dict[str, Any]) -> Parameter:
    schema = found["schema"]
    limits = [str(schema[end]) for end in ("minimum", "maximum") if end in schema]
    words = found.get("description") or WORDS.get(found["name"], "")
    return Parameter(
        name=found["name"],
        description=_(words) if words else "",
        is_required=found["required"],
        limits=" – ".join(limits) if len(limits) == 2 else "",
        codes=tuple(str(code) for code in schema.get("items", {}).get("enum", [])),
    )


def _problems() -> list[tuple[str, int, str]]:
    """Code, status and sentence of each problem."""
    general = [(code, status, _(title)) for status, (code, title) in TITLES.items()]
    refusals = [(kind.code, 409, str(kind.default_message)) for kind in (NotMeasuring, KeyReused)]
    return general + refusals
