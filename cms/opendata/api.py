"""``/api/v1/``: the datasets, search and the list of what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import NinjaAPI, Query, Router

from cms.opendata import asking, exports, measures, problems, schemas
from cms.opendata.params import Paged, changed_since, choices, filters, words
from cms.opendata.resources import RESOURCES, Resource
from cms.opendata.searching import SearchParams, found
from core.addresses import site_url
from startups.addresses import Elsewhere, Removed, follow

if TYPE_CHECKING:
    from collections.abc import Callable


ROOT = "/api/v1"
DESCRIPTION = """Everything public on this site, to be used again under the licence CC BY 4.0.
No key is needed to read. Texts come in both languages; what is invented for the demonstration is
marked `is_example`. A value that a filter does not know is left out and said in `notes`."""

api = NinjaAPI(
    title="Banc d’essai",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    urls_namespace="api",
    servers=[{"url": site_url()}],
    openapi_extra={
        "info": {"license": {"name": problems.LICENCE_NAME, "url": problems.LICENCE_URL}}
    },
)
problems.add_handlers(api)


def register(resource: Resource) -> Router:
    """The addresses of a dataset: list, CSV, GeoJSON where there is a place, and one record."""
    router = Router(tags=[resource.name])
    stem = resource.schema.__name__
    asked = _filters_of(resource)
    narrowing = filters(f"{stem}Filters", asked)
    _add(
        router,
        f"/{resource.name}",
        _taking(_list_view(resource), filters(f"{stem}Params", asked, base=Paged)),
        response=_page_of(resource),
        operation_id=f"{resource.name}_list",
        summary=gettext_noop("List, page by page"),
    )
    _add(
        router,
        f"/{resource.name}.csv",
        _taking(_csv_view(resource), narrowing),
        operation_id=f"{resource.name}_csv",
        summary=gettext_noop("The whole list as CSV"),
        openapi_extra=exports.CSV_ANSWER,
    )
    if resource.geometry is not None:
        _add(
            router,
            f"/{resource.name}.geojson",
            _taking(_geojson_view(resource), narrowing),
            operation_id=f"{resource.name}_geojson",
            summary=gettext_noop("The places as GeoJSON"),
            openapi_extra=exports.GEOJSON_ANSWER,
        )
    _add(
        router,
        f"/{resource.name}/{{slug:slug}}",
        _detail_view(resource),
        response={200: resource.schema, 404: schemas.Problem},
        operation_id=f"{resource.name}_one",
        summary=gettext_noop("One record"),
    )
    return router


def _add(router: Router, path: str, view: Callable[..., Any], **described: Any) -> None:
    router.get(path, **{"openapi_extra": exports.JSON_ANSWER, **described})(view)


def _page_of(resource: Resource) -> Any:
    row: Any = resource.schema
    fields = {"results": (list[row], ...)}
    return filters(f"{row.__name__}Page", fields, base=schemas.Page)


def _taking(view: Callable[..., Any], params: Any) -> Callable[..., Any]:
    """``view`` with its parameters as ninja reads them."""
    if params.model_fields:
        # The schema is made for this dataset: its name exists nowhere else.
        view.__annotations__["params"] = Query[params]  # type: ignore[misc]
        return view

    def bare(request: HttpRequest) -> Any:
        # An empty schema is not a parameter.
        return view(request, params())

    return bare


def _filters_of(resource: Resource) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in resource.filters:
        found[name] = words() if name == "q" else choices(name, resource.codes.get(name, ()))
    if resource.changed:
        found["updated_since"] = changed_since()
    return found


def _list_view(resource: Resource) -> Callable[..., Any]:
    def view(request: HttpRequest, params: Any) -> Any:
        now = timezone.now()
        found, notes = asking.select(resource, request, params, now)
        return exports.json_response(
            asking.page(request, params, found, lambda record: resource.row(record, now), notes)
        )

    return view


def _detail_view(resource: Resource) -> Callable[..., Any]:
    def view(request: HttpRequest, slug: str) -> Any:
        now = timezone.now()
        found = resource.rows(now).filter(resource.by_slug(slug))
        record = resource.prepare(found).first()
        try:
            follow(found.model, slug, record)
        except Elsewhere as moved:
            return HttpResponsePermanentRedirect(f"{ROOT}/{resource.name}/{moved.listing.slug}")
        except Removed:
            return problems.problem(request, 410)
        if record is None:
            raise Http404
        return exports.json_response({**resource.row(record, now), "license": schemas.LICENSE})

    return view


def _csv_view(resource: Resource) -> Callable[..., Any]:
    fields = [name for name in resource.schema.model_fields if name not in resource.nested]

    def view(request: HttpRequest, params: Any) -> Any:
        now = timezone.now()
        found, _notes = asking.select(resource, request, params, now)
        rows = (resource.row(record, now) for record in found.iterator(chunk_size=exports.CHUNK))
        return exports.csv_response(resource.name, fields, rows)

    return view


def _geojson_view(resource: Resource) -> Callable[..., Any]:
    def view(request: HttpRequest, params: Any) -> Any:
        now = timezone.now()
        found, notes = asking.select(resource, request, params, now)

        def features() -> Any:
            for record in found.iterator(chunk_size=exports.CHUNK):
                place = resource.geometry(record) if resource.geometry else None
                # A FeatureCollection holds what has a place; the list and the CSV hold the rest.
                if place is not None:
                    row = resource.row(record, now)
                    properties = {k: v for k, v in row.items() if k not in resource.nested}
                    yield exports.feature(row["slug"], place, properties)

        return exports.geojson_response(resource.name, notes, features())

    return view


@api.get(
    "/search",
    response=schemas.Found,
    tags=["search"],
    operation_id="search",
    summary=gettext_noop("Search everything"),
    openapi_extra=exports.JSON_ANSWER,
)
def search(request: HttpRequest, params: Query[SearchParams]) -> Any:
    """Best answers first, with counts by facet."""
    return exports.json_response(found(request, params))


@api.get(
    "/",
    response=schemas.Index,
    tags=["index"],
    operation_id="index",
    summary=gettext_noop("What there is"),
)
def index(request: HttpRequest) -> Any:
    """Addresses of all datasets."""
    base = f"{site_url()}{ROOT}"
    datasets = [
        {
            "name": resource.name,
            "title": str(resource.title),
            "json_url": f"{base}/{resource.name}",
            "csv_url": f"{base}/{resource.name}.csv",
            "geojson_url": f"{base}/{resource.name}.geojson" if resource.geometry else None,
        }
        for resource in RESOURCES
    ]
    return exports.json_response(
        {
            "license": schemas.LICENSE,
            "datasets": datasets,
            "search": f"{base}/search",
            "openapi": f"{base}/openapi.json",
            "documentation": f"{base}/docs",
        }
    )


for _resource in RESOURCES:
    api.add_router("", register(_resource))
api.add_router("/pilots", measures.MEASURES, tags=["pilots"])
