"""The fields of the directory that are published, one by one, as in :mod:`cms.opendata.schemas`."""

from __future__ import annotations

from datetime import date, datetime

from cms.opendata.schemas import Record


class Program(Record):
    """What a support organisation runs; ``status`` is that of its first open door."""

    state: str
    status: str | None
    name_fr: str
    name_en: str
    incubator: str
    summary_fr: str
    summary_en: str
    about_fr: str
    about_en: str
    who_fr: str
    who_en: str
    selection_fr: str
    selection_en: str
    weeks: int | None
    format: str
    place: str
    applicants: list[str]
    equity_percent: float | None
    currency: str
    fee: float | None
    stipend: float | None
    investment: float | None
    stages: list[str]
    trl_min: int | None
    trl_max: int | None
    sectors: list[str]
    any_sector: bool
    offers: list[str]
    languages: list[str]
    themes: list[str]
    borough: str | None
    intakes: list[str]
    verified_on: date | None
    is_example: bool
    updated_at: datetime


class Intake(Record):
    """One dated opening of a program."""

    program: str
    incubator: str
    status: str
    opens_at: datetime | None
    closes_at: datetime | None
    is_rolling: bool
    cohort_starts_on: date | None
    cohort_ends_on: date | None
    places: int | None
    apply_by: str
    apply_url: str
    apply_email: str
    how_fr: str
    how_en: str
    languages: list[str]
    fee: float | None
    contact: str
    cancelled_at: datetime | None
    is_example: bool


class Incubator(Record):
    """A support organisation."""

    name: str
    kind: str
    legal_form: str
    state: str
    status: str
    summary_fr: str
    summary_en: str
    about_fr: str
    about_en: str
    status_note_fr: str
    status_note_en: str
    merged_into: str | None
    address: str
    borough: str | None
    lat: float | None
    lon: float | None
    founded_year: int | None
    website: str
    links: list[str]
    offers: list[str]
    sectors: list[str]
    sources: list[str]
    languages: list[str]
    themes: list[str]
    verified_on: date | None
    is_example: bool
    updated_at: datetime


class Startup(Record):
    """A startup."""

    name: str
    state: str
    kind: str
    tagline_fr: str
    tagline_en: str
    about_fr: str
    about_en: str
    founded_year: int | None
    size_band: str
    funding_stage: str
    borough: str | None
    themes: list[str]
    languages: list[str]
    website: str
    links: list[str]
    sectors: list[str]
    verified_on: date | None
    is_example: bool
    updated_at: datetime


class Solution(Record):
    """What a startup offers."""

    name_fr: str
    name_en: str
    startup: str
    state: str
    trl: int
    trl_evidence_fr: str
    trl_evidence_en: str
    problem_fr: str
    problem_en: str
    how_fr: str
    how_en: str
    ip_fr: str
    ip_en: str
    sees_people: bool
    privacy_fr: str
    privacy_en: str
    site_needs_fr: str
    site_needs_en: str
    site_power: str
    site_network: str
    site_mounting: str
    site_area: float | None
    price_fr: str
    price_en: str
    certifications: str
    borough: str | None
    themes: list[str]
    is_example: bool
    updated_at: datetime
