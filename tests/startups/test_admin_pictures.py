"""Logos and files of solutions, written in the administration."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.accounts import roles
from core.files.models import StoredFile
from startups.models import Solution, Startup
from startups.viewsets import SolutionViewSet, StartupViewSet
from tests import factories
from tests.startups.test_admin import rows, startup_fields, url
from tests.startups.test_pictures import acting_pdf, drawn

pytestmark = pytest.mark.django_db
PUBLISH = {"action-publish": "1"}


@pytest.fixture
def client(settings: Any) -> Client:
    settings.DEBUG = True
    found = Client()
    found.force_login(factories.make_user("moderation", roles.MODERATORS, is_demo=True))
    return found


def logo(name: str = "marque.png", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or drawn(900, 900))


def test_a_logo_is_published_with_its_words_and_taken_away(client: Client) -> None:
    startup = factories.make_startup()
    edit = url(StartupViewSet, "edit", startup.pk)
    words = {"logo_alt_fr": "Un cône", "slug": startup.slug}
    sent = {**startup_fields(**words), "logo_upload": logo(), **PUBLISH}
    assert client.post(edit, sent).status_code == 302
    kept = Startup.objects.get()
    assert kept.logo is not None
    assert (kept.logo.kind, kept.logo.organisation) == ("logo", startup.organisation)
    assert f'alt="{kept.logo_alt}"' in Client().get(kept.get_absolute_url()).content.decode()
    # A draft with another one changes nothing that anyone reads.
    client.post(edit, {**startup_fields(**words), "logo_upload": logo()})
    assert Startup.objects.get().logo == kept.logo
    assert client.post(edit, {**startup_fields(**words), "logo_removed": "on", **PUBLISH})
    assert Startup.objects.get().logo is None


def test_a_logo_without_words_or_of_another_kind_is_refused_and_what_was_typed_stays(
    client: Client,
) -> None:
    startup = factories.make_startup()
    edit = url(StartupViewSet, "edit", startup.pk)
    typed = startup_fields(slug=startup.slug, tagline_fr="Ce que j’avais tapé")
    svg = SimpleUploadedFile("marque.svg", b"<svg><script>alert(1)</script></svg>")
    for upload, field in ((logo(), "logo_alt_fr"), (svg, "logo_upload")):
        response = client.post(edit, {**typed, "logo_upload": upload, **PUBLISH})
        assert response.status_code == 200
        assert list(response.context["form"].errors) == [field]
        assert "Ce que j’avais tapé" in response.content.decode()
    assert not StoredFile.objects.exists()


def test_the_files_of_a_solution_are_written_with_it(client: Client) -> None:
    solution = factories.make_startup().solutions.get()
    edit = url(SolutionViewSet, "edit", solution.pk)
    typed = {"slug": solution.slug, "problem_fr": "x", "how_fr": "x", "trl": 5}
    typed |= {"name_fr": "Le capteur", "startup": solution.startup_id}
    caption = {"caption_fr": "Le capteur"}
    files = rows(
        deployments=[],
        files=[
            {**caption, "upload": logo("rue.jpg", drawn(2000, 1000, "JPEG"))},
            {**caption, "upload": logo("fiche.pdf", acting_pdf())},
        ],
    )
    response = client.post(edit, {**typed, **files, **PUBLISH})
    assert response.status_code == 302, response.context["form"].errors
    kept = Solution.objects.get().files.order_by("sort_order")
    assert [each.file.kind for each in kept] == ["solution_picture", "solution_pdf"]
    assert {each.file.organisation for each in kept} == {solution.organisation}
    page = Client().get(solution.get_absolute_url()).content.decode()
    assert page.count('alt="Le capteur"') == 1
    without = rows(deployments=[], files=[caption])
    response = client.post(edit, {**typed, **without, **PUBLISH})
    assert response.status_code == 200
    assert StoredFile.objects.count() == 2
