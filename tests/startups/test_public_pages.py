"""What the public pages of the directory say, and what they never say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from core.taxonomy.models import Theme
from startups import presenting
from startups.enums import IntakeStatus, ListingState
from startups.facts import facts_of
from startups.fit.reading import judge_all
from startups.fit.rules import Verdict
from startups.models import (
    Deployment,
    Incubator,
    IncubatorPerson,
    Intake,
    Program,
    Solution,
    StartupPerson,
)
from startups.validators import validate_links, validate_public_address
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 15, 0, tzinfo=UTC)
WORDS = {"summary_fr": "Une phrase.", "about_fr": "Un paragraphe.", "live": True}
QUERIES = {"incubator": 10, "program": 9, "solution": 11, "startup": 12}


@pytest.fixture
def incubator() -> Incubator:
    found: Incubator = Incubator.objects.create(
        slug="tremplin",
        name="Tremplin",
        kind="accelerator",
        legal_form="nonprofit",
        website="https://www.tremplin.example/",
        links=["https://reseau.example/tremplin/"],
        address="1, rue du Port",
        lat=45.5,
        lon=-73.55,
        **WORDS,
    )
    IncubatorPerson.objects.create(
        incubator=found, role_fr="Admissions", role_en="Admissions", email="entrer@tremplin.example"
    )
    return found


def program_of(incubator: Incubator, number: int = 1, **fields: Any) -> Program:
    found: Program = Program.objects.create(
        slug=f"rue-{number}", incubator=incubator, name_fr=f"Rue {number}", **{**WORDS, **fields}
    )
    return found


def read(record: Any, language: str = "en") -> str:
    with translation.override(language):
        address = record.get_absolute_url()
    response = Client().get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def said(rows: list[presenting.Row]) -> dict[str, str]:
    return {row.label: row.text for row in rows}


class TestTerms:
    def test_what_is_missing_never_looks_like_zero(self, incubator: Incubator) -> None:
        with translation.override("en"):
            nothing = said(presenting.program_rows(program_of(incubator)))
            zero = program_of(incubator, 2, equity_percent=0, fee=0, stipend=0, investment=0)
            none = said(presenting.program_rows(zero))
        assert (nothing["Equity taken"], nothing["Fee"]) == ("not given", "not given")
        assert "Stipend" not in nothing
        assert (none["Equity taken"], none["Fee"]) == ("No equity", "No fee")
        assert (none["Stipend"], none["Investment"]) == ("No sum", "No sum")

    def test_a_format_nobody_chose_is_not_said(self, incubator: Incubator) -> None:
        program = program_of(incubator)
        Intake.objects.create(
            program=program, opens_at=NOW - timedelta(days=1), closes_at=NOW + timedelta(days=9)
        )
        page = Client().get(f"/en/programs/{program.slug}/").content.decode()
        assert "Hybrid" not in page
        assert "blended" not in page
        assert "AttendanceMode" not in page
        with translation.override("en"):
            assert said(presenting.program_rows(program))["Format"] == "not given"
        judged = judge_all({"attendance": "often"}, NOW)
        assert judged.keys[Verdict.UNKNOWN] == [program.pk]

    def test_sums_have_their_currency_and_ranges_their_ends(self, incubator: Incubator) -> None:
        program = program_of(
            incubator,
            equity_percent=Decimal("7.5"),
            fee=Decimal(1200),
            investment=Decimal(100_000),
            currency="EUR",
            weeks=1,
            trl_min=4,
            any_sector=True,
            applicants=["team", "student"],
        )
        with translation.override("en"):
            terms = said(presenting.program_rows(program))
            wanted = said(presenting.wanted_rows(program, []))
        assert terms["Equity taken"] == "7.5%"
        assert terms["Fee"] == "€1,200"
        assert terms["Investment"] == "€100,000"
        assert terms["Length"] == "1 week"
        assert wanted["Maturity wanted (TRL)"] == "4 or more"
        assert wanted["Sectors"] == "All sectors"
        assert wanted["Open to"] == "A team not incorporated yet, students"
        assert wanted["Stages wanted"] == "not given"

    def test_sectors_are_those_by_which_it_is_found(self, incubator: Incubator) -> None:
        program = program_of(incubator, sectors=["Black entrepreneurship", "moulins à vent"])
        program.themes.set(Theme.objects.filter(slug="mobility"))
        program.save()
        page = Client().get(program.get_absolute_url()).content.decode()
        assert "Mobilité, entrepreneuriat noir, moulins à vent" in page
        english = Client().get(f"/en/programs/{program.slug}/").content.decode()
        assert "Mobility, Black entrepreneurship, moulins à vent" in english

    def test_sources_are_links_when_they_are_addresses(self, incubator: Incubator) -> None:
        incubator.sources = [
            "https://www.journal.test/a/b/",
            "un annuaire",
            "http://[",
            "javascript:x",
        ]
        incubator.save()
        page = Client().get(incubator.get_absolute_url()).content.decode()
        assert '<a href="https://www.journal.test/a/b/" rel="noopener">journal.test/a/b</a>' in page
        assert "un annuaire, http://[, javascript:x" in " ".join(page.split())

    @pytest.mark.parametrize(
        ("language", "words"), [("fr", "Français, anglais"), ("en", "French, English")]
    )
    def test_languages_are_written_as_each_language_does(self, language: str, words: str) -> None:
        with translation.override(language):
            assert presenting.spoken(["fr", "en"]) == words

    def test_steps_are_lines(self, incubator: Incubator) -> None:
        program = program_of(incubator, selection_fr="- Dossier\n\n• Entretien\n")
        assert presenting.steps_of(program) == ["Dossier", "Entretien"]


class TestDoors:
    def test_they_stand_in_the_order_in_which_one_can_use_them(self, incubator: Incubator) -> None:
        program = program_of(incubator)

        def intake(opens: int, closes: int, **fields: Any) -> Intake:
            at = {
                "opens_at": NOW + timedelta(days=opens),
                "closes_at": NOW + timedelta(days=closes),
            }
            return Intake.objects.create(program=program, **at, **fields)

        intake(-90, -60)
        intake(-9, -1, cancelled_at=NOW)
        intake(60, 90)
        intake(-9, 40)
        intake(-9, 3)
        Intake.objects.create(program=program, is_rolling=True)
        assert [door.status for door in presenting.doors_of(program, NOW)] == [
            IntakeStatus.CLOSING,
            IntakeStatus.OPEN,
            IntakeStatus.ROLLING,
            IntakeStatus.UPCOMING,
            IntakeStatus.CANCELLED,
            IntakeStatus.CLOSED,
        ]

    def test_without_one_that_opens_there_is_none(self, incubator: Incubator) -> None:
        program = program_of(incubator)
        Intake.objects.create(program=program, is_rolling=True, cancelled_at=NOW)
        assert presenting.next_door(program, NOW) is None

    def test_the_page_says_the_hour_and_whose_clocks(self, incubator: Incubator) -> None:
        program = program_of(incubator)
        today = timezone.now()
        Intake.objects.create(
            program=program,
            opens_at=datetime(today.year + 1, 3, 1, 14, 0, tzinfo=UTC),
            closes_at=datetime(today.year + 1, 4, 1, 21, 0, tzinfo=UTC),
            cohort_starts_on=date(today.year + 1, 5, 3),
            places=12,
            apply_by="email",
            apply_email="entrer@tremplin.example",
            languages=["fr"],
            fee=50,
            contact="Bureau des admissions",
        )
        page = read(program)
        year = today.year + 1
        assert f"From March 1, {year} at 9 a.m. to April 1, {year} at 5 p.m., Montréal time" in page
        for words in (
            f"May 3, {year}",
            "Write to entrer@tremplin.example",
            "$50",
            "Bureau des admissions",
            "Upcoming",
        ):
            assert words in page
        assert "heure de Montréal" in read(program, "fr")


class TestPages:
    def test_a_support_organisation_with_its_people_links_place_and_next_doors(
        self, incubator: Incubator
    ) -> None:
        Intake.objects.create(program=program_of(incubator), is_rolling=True)
        page = read(incubator)
        for words in (
            "Non-profit organisation",
            'href="https://www.tremplin.example/" rel="noopener">tremplin.example</a>',
            ">reseau.example/tremplin</a>",
            'href="mailto:entrer@tremplin.example"',
            "https://www.openstreetmap.org/?mlat=45.5&amp;mlon=-73.55",
            "One may apply at any time.",
        ):
            assert words in page

    def test_a_solution_with_what_it_needs_and_where_it_ran(self) -> None:
        startup = factories.make_startup()
        StartupPerson.objects.create(startup=startup, role_fr="Essais", email="e@nordet.example")
        solution = startup.solutions.get()
        solution.site_power, solution.site_area = "mains", Decimal("2.5")
        solution.save()
        Deployment.objects.create(
            solution=solution, place="Québec", year=2024, month=5, has_contact=True
        )
        page = read(solution)
        for words in ("Mains", "2.5 m²", "May 2024", "Ask for a contact", "not given"):
            assert words in page
        assert "e@nordet.example" in read(startup)

    def test_a_merged_one_leads_to_its_heir(self, incubator: Incubator) -> None:
        heir = Incubator.objects.create(slug="heritier", name="L’héritier", kind="fund", **WORDS)
        incubator.state, incubator.merged_into = ListingState.MERGED, heir
        incubator.save()
        answer = Client().get(incubator.get_absolute_url())
        assert (answer.status_code, answer["Location"]) == (301, heir.get_absolute_url())

    @pytest.mark.parametrize("count", [1, 3])
    def test_they_ask_as_much_for_one_row_as_for_three(
        self, incubator: Incubator, count: int
    ) -> None:
        startup = factories.make_startup()
        solution = Solution.objects.get()
        for number in range(count):
            program = program_of(incubator, number)
            Intake.objects.create(program=program, is_rolling=True)
            Intake.objects.create(program=Program.objects.first(), is_rolling=True)
            Deployment.objects.create(solution=solution, place="Laval", year=2020 + number)
            StartupPerson.objects.create(startup=startup, role_fr="Essais")
        asked = {}
        for record in (incubator, Program.objects.first(), solution, startup):
            read(record)
            with CaptureQueriesContext(connection) as captured:
                read(record)
            asked[record._meta.model_name] = len(captured)
        assert asked == QUERIES


class TestWhatMayNotStand:
    @pytest.mark.parametrize(
        "address", ["moi@gmail.com", "moi@videotron.ca", "moi@yahoo.co.uk", "moi@mailinator.com"]
    )
    def test_a_private_address_is_refused(self, address: str, incubator: Incubator) -> None:
        person = IncubatorPerson(incubator=incubator, role_fr="Direction", email=address)
        with pytest.raises(ValidationError) as refused:
            person.full_clean()
        assert list(refused.value.message_dict) == ["email"]
        assert address.partition("@")[2] in refused.value.messages[0]

    def test_one_of_the_organisation_is_not(self) -> None:
        assert validate_public_address("info@tremplin.example") is None

    @pytest.mark.parametrize(
        "links",
        ["x", [1], ["javascript:alert(1)"], ["ftp://a.example/"], ["https://a.example"] * 9],
    )
    def test_a_link_leads_to_the_web(self, links: Any) -> None:
        with pytest.raises(ValidationError):
            validate_links(links)

    @pytest.mark.parametrize(("equity", "is_right"), [(140, False), (-1, False), (100, True)])
    def test_nobody_takes_more_than_all(
        self, incubator: Incubator, equity: int, is_right: bool
    ) -> None:
        program = program_of(incubator)
        program.equity_percent = Decimal(equity)
        if is_right:
            program.full_clean()
            return
        with translation.override("en"), pytest.raises(ValidationError) as refused:
            program.full_clean()
        assert list(refused.value.message_dict) == ["equity_percent"]

    def test_a_closed_organisation_begins_no_program(self, incubator: Incubator) -> None:
        running = program_of(incubator)
        incubator.state = ListingState.CLOSED
        incubator.save()
        running.incubator = incubator
        running.full_clean()
        fresh = Program(slug="neuf", incubator=incubator, name_fr="Neuf", **WORDS)
        with pytest.raises(ValidationError) as refused:
            fresh.full_clean()
        with translation.override("en"):
            assert refused.value.message_dict == {
                "incubator": ["This organisation is closed: it runs no new program."]
            }

    def test_a_scale_is_read_upwards(self, incubator: Incubator) -> None:
        program = Program(slug="p", incubator=incubator, name_fr="P", trl_min=7, trl_max=3, **WORDS)
        with pytest.raises(ValidationError) as refused:
            program.full_clean()
        assert "trl_max" in refused.value.message_dict

    def test_a_logo_is_said_in_words(self, incubator: Incubator) -> None:
        from core.files.models import StoredFile

        incubator.logo = StoredFile(original_name="m.png")
        with pytest.raises(ValidationError) as refused:
            incubator.clean()
        assert list(refused.value.message_dict) == ["logo_alt_fr"]


def test_the_owner_confirms_people_and_files_too(incubator: Incubator) -> None:
    with translation.override("en"):
        facts = {fact.name: (fact.label, fact.value) for fact in facts_of(incubator)}
    assert facts["people"] == ("people", "Admissions · entrer@tremplin.example")
    assert facts["links"] == ("other links", "https://reseau.example/tremplin/")
    assert facts["legal_form"] == ("legal form", "Non-profit organisation")
