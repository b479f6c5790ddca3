"""The fields that are published, one by one. What is not named here is not given."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema

LICENSE = "CC BY 4.0"


class Page(Schema):
    """A page of a list; ``notes`` says which values were not known and were left out."""

    count: int
    next: str | None
    previous: str | None
    license: str = LICENSE
    notes: list[str] = []
    results: list[Any]


class Record(Schema):
    """What every record has: its address, and its public pages."""

    slug: str
    url_fr: str
    url_en: str


class Challenge(Record):
    """A municipal problem and the call for solutions."""

    reference: str
    state: str
    status: str
    title_fr: str
    title_en: str
    summary_fr: str
    summary_en: str
    problem_fr: str
    problem_en: str
    wanted_fr: str
    wanted_en: str
    offer_places_fr: str
    offer_places_en: str
    offer_data_fr: str
    offer_data_en: str
    offer_team_fr: str
    offer_team_en: str
    offer_budget_fr: str
    offer_budget_en: str
    budget_max: int | None
    purchase_fr: str
    purchase_en: str
    department_fr: str
    department_en: str
    contact_role_fr: str
    contact_role_en: str
    contact_email: str
    call_kind: str
    opens_at: datetime | None
    questions_until: datetime | None
    closes_at: datetime | None
    decision_by: date | None
    themes: list[str]
    boroughs: list[str]
    sites: list[str]
    pilots: list[str]
    sdgs: list[int]
    trial_starts_on: date | None
    trial_weeks: int
    verdict_weeks: int
    source_city: str
    source_year: int | None
    source_programme: str
    source_reference: str
    cancelled_reason_fr: str
    cancelled_reason_en: str
    is_example: bool
    published_at: datetime | None
    decided_at: datetime | None
    updated_at: datetime


class Site(Record):
    """A piece of the public domain where one may test."""

    name_fr: str
    name_en: str
    kind: str
    status: str
    borough: str
    lat: float
    lon: float
    geometry: Any
    description_fr: str
    description_en: str
    equipment_fr: str
    equipment_en: str
    limits_fr: str
    limits_en: str
    has_power: bool
    has_network: bool
    is_shared: bool
    is_example: bool
    updated_at: datetime


class Pilot(Record):
    """A trial in the public domain, and its verdict."""

    reference: str
    status: str
    title_fr: str
    title_en: str
    summary_fr: str
    summary_en: str
    challenge: str | None
    startup: str | None
    startup_name: str
    solution: str | None
    hypothesis_fr: str
    hypothesis_en: str
    stop_rule_fr: str
    stop_rule_en: str
    notice_fr: str
    notice_en: str
    may_identify_people: bool
    privacy_assessed_on: date | None
    starts_on: date | None
    ends_on: date | None
    started_at: datetime | None
    completed_at: datetime | None
    suspended_reason_fr: str
    suspended_reason_en: str
    cancelled_reason_fr: str
    cancelled_reason_en: str
    sites: list[str]
    boroughs: list[str]
    themes: list[str]
    verdict_due_on: date | None
    is_verdict_overdue: bool
    verdict_role_fr: str
    verdict_role_en: str
    verdict_outcome: str | None
    verdict_reasons_fr: str
    verdict_reasons_en: str
    verdict_decided_at: datetime | None
    is_example: bool
    updated_at: datetime


class Theme(Record):
    """A subject of challenges, solutions and programs; its page is the board narrowed to it."""

    name_fr: str
    name_en: str


class Borough(Record):
    """A borough of the city or a linked city; its page is the board narrowed to it."""

    name: str
    kind: str
    code: str
    lat: float
    lon: float
    bbox: list[float]


class Indicator(Schema):
    """One thing a trial measures."""

    key: str
    label_fr: str
    label_en: str
    unit: str
    method_fr: str
    method_en: str
    family: str
    direction: str
    baseline: float | None
    target: float | None
    every_days: int
    readings: int
    last_at: datetime | None
    last_value: float | None


class Reading(Schema):
    """A value at an instant."""

    indicator: str
    at: datetime
    value: float
    unit: str
    note: str
    source: str
    recorded_at: datetime


class Hit(Schema):
    """Something found."""

    kind: str
    slug: str
    title: str
    summary: str
    url: str


class Found(Schema):
    """What a search gives; ``corrected`` is the spelling that was looked for instead."""

    count: int
    license: str = LICENSE
    notes: list[str] = []
    results: list[Hit]
    facets: dict[str, dict[str, int]]
    corrected: str | None


class Entry(Schema):
    """One dataset in the list of datasets."""

    name: str
    title: str
    json_url: str
    csv_url: str
    geojson_url: str | None


class Index(Schema):
    """What the API gives."""

    license: str = LICENSE
    datasets: list[Entry]
    search: str
    openapi: str
    documentation: str


class Problem(Schema):
    """An RFC 9457 problem document."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
