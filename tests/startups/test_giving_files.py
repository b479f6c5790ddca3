"""Members give the logo of their profile, and the pictures and documents of their solutions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from core.accounts import roles
from core.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from core.audit.models import AuditEntry
from core.drafts.models import DraftValue, DraftVersion
from core.files.models import StoredFile
from startups.domain import editing, moderation
from startups.domain.pictures import LOGO, SOLUTION_PICTURE, store_picture
from startups.domain.shown import forget_unused
from startups.drafting import draft_of
from startups.enums import EditState, ListingState
from startups.forms.listing import raw_of
from startups.forms.shown import MOST_FILES
from startups.models import ListingEdit, Solution, SolutionFile, Startup
from tests import factories
from tests.startups.test_editing_pages import as_sent, at, signed
from tests.startups.test_pictures import acting_pdf, drawn, vast_png

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def owner() -> User:
    return factories.make_user("proprio")


@pytest.fixture
def startup(owner: User) -> Startup:
    return factories.make_startup(owner)


@pytest.fixture
def solution(startup: Startup) -> Solution:
    found: Solution = startup.solutions.get()
    found.organisation = startup.organisation
    found.save()
    return found


def picture(name: str = "marque.png", side: int = 900) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, drawn(side, side))


def fresh(listing: Any) -> Any:
    return type(listing).objects.get(pk=listing.pk)


def post(user: User, listing: Any, **sent: Any) -> Any:
    return signed(user).post(at("listing_edit", listing), {**as_sent(listing), **sent})


def published(listing: Any, actor: User) -> ListingEdit:
    """Submitted by its member, approved by the city."""
    read = draft_of(fresh(listing)).read
    now = timezone.now()
    edit = editing.submit_listing(listing=fresh(listing), read=read, actor=actor, now=now)
    if edit.state == EditState.SUBMITTED:
        city = factories.make_user("ville", roles.MODERATORS)
        revision = edit.revision_id or 0
        edit = moderation.approve_edit(edit=edit, revision=revision, actor=city, now=now)
    return edit


def test_a_logo_is_in_the_draft_alone_until_it_is_published(startup: Startup, owner: User) -> None:
    words = {"logo_alt_fr": "Un cône orange", "logo_alt_en": "An orange cone"}
    answer = post(owner, startup, **{"logo-upload": picture(), **words})
    assert answer.status_code == 302
    stored = StoredFile.objects.get()
    assert (stored.kind, stored.organisation) == (LOGO, startup.organisation)
    assert draft_of(startup).raws["logo"] == str(stored.pk)
    address = reverse("picture", args=[stored.pk])
    for page in ("listing_edit", "listing_preview", "listing_submit"):
        assert f'src="{address}"' in signed(owner).get(at(page, startup)).content.decode()
    assert signed(owner).get(address).status_code == 200
    assert Client().get(address).status_code == 404
    assert address not in Client().get(startup.get_absolute_url()).content.decode()
    published(startup, owner)
    assert fresh(startup).logo == stored
    assert Client().get(address).status_code == 200
    html = Client().get(startup.get_absolute_url()).content.decode()
    assert f'alt="{words["logo_alt_fr"]}"' in html


def test_the_audit_says_that_the_logo_changed_and_nothing_of_it(
    startup: Startup, owner: User
) -> None:
    post(owner, startup, **{"logo-upload": picture(), "logo_alt_fr": "Un cône"})
    published(startup, owner)
    line = AuditEntry.objects.get(action="startup.published")
    assert line.public["changes"]["logo"] == [False, True]
    assert str(StoredFile.objects.get().pk) not in str(line.public)


def test_a_logo_is_said_in_words_before_it_is_submitted(startup: Startup, owner: User) -> None:
    post(owner, startup, **{"logo-upload": picture()})
    client, page = signed(owner), at("listing_submit", startup)
    assert "Dites en mots ce que montre le logo" in client.get(page).content.decode()
    assert client.post(page, {"read": draft_of(startup).read}).status_code == 422
    post(owner, startup, logo_alt_fr="Un cône")
    assert client.post(page, {"read": draft_of(startup).read}).status_code == 302


def test_a_verified_owner_changes_it_at_once_and_the_city_puts_it_back(
    startup: Startup, owner: User
) -> None:
    first = store_picture(
        upload=picture(), kind=LOGO, organisation=startup.organisation, actor=owner
    )
    startup.logo, startup.logo_alt_fr, startup.state = first, "Un cône", ListingState.VERIFIED
    startup.save()
    post(owner, startup, **{"logo-upload": picture("autre.png", 300)})
    edit = published(startup, owner)
    assert edit.state == EditState.LIVE
    other = fresh(startup).logo
    assert other != first
    city = factories.make_user("ville", roles.MODERATORS)
    client = signed(city)
    html = client.get(reverse("listing_review", args=[edit.pk])).content.decode()
    for stored in (first, other):
        assert f'src="{reverse("picture", args=[stored.pk])}" alt="Un cône"' in html
    moderation.turn_back(edit=edit, reason="L’ancien.", actor=city, now=timezone.now())
    assert fresh(startup).logo == first


def test_it_is_taken_away_by_a_box_or_stays(startup: Startup, owner: User) -> None:
    startup.logo = store_picture(
        upload=picture(), kind=LOGO, organisation=startup.organisation, actor=owner
    )
    startup.logo_alt_fr = "Un cône"
    startup.save()
    post(owner, startup, tagline_fr="Une autre")
    assert draft_of(startup).changed == ["tagline_fr"]
    save = at("listing_save", startup, "logo")
    sent = {"logo": str(startup.logo_id), "version": "0"}
    assert signed(owner).post(save, sent).json()["version"] == 0
    post(owner, startup, **{"logo-removed": "on"})
    assert draft_of(startup).raws["logo"] == ""
    published(startup, owner)
    assert fresh(startup).logo is None


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("marque.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "PNG et JPEG"),
        ("marque.png", b"<svg><script>alert(1)</script></svg>", "son nom"),
        ("marque.png", vast_png(), "50 millions de pixels"),
        ("marque.png", b"\x89PNG\r\n\x1a\n" + b"0" * (30 * 1024 * 1024), "25 Mo"),
        ("marque.pdf", acting_pdf(), "PNG et JPEG"),
    ],
)
def test_a_refusal_is_a_sentence_and_the_rest_is_kept(
    startup: Startup, owner: User, name: str, content: bytes, said: str
) -> None:
    upload = SimpleUploadedFile(name, content)
    answer = post(owner, startup, **{"logo-upload": upload, "about_fr": "Ce que j’avais tapé"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert said in html.replace("\xa0", " ").replace("\u202f", " ")
    assert "Ce que j’avais tapé" in html
    assert draft_of(startup).raws["about_fr"] == "Ce que j’avais tapé"
    assert not StoredFile.objects.exists()


def test_a_file_of_others_is_not_shown(startup: Startup, owner: User) -> None:
    other = Organisation.objects.create(name="B", slug="b", kind=OrganisationKind.PARTNER)
    for kind, whose in ((LOGO, other), ("claim", startup.organisation)):
        theirs = store_picture(
            upload=picture("x.png", 80), kind=kind, organisation=whose, actor=None
        )
        assert post(owner, startup, logo=str(theirs.pk)).status_code == 403
        save = at("listing_save", startup, "logo")
        sent = {"logo": str(theirs.pk), "version": "0"}
        assert signed(owner).post(save, sent).status_code == 403
    assert post(owner, startup, logo="javascript:alert(1)").status_code == 403
    assert draft_of(startup).raws["logo"] == ""


def test_two_members_who_give_one_at_once_see_both(startup: Startup, owner: User) -> None:
    second = factories.make_user("second")
    Membership.objects.create(user=second, organisation=startup.organisation, role=Role.OWNER)
    mine, theirs = as_sent(startup), as_sent(startup)
    page = at("listing_edit", startup)
    first = signed(owner).post(page, {**mine, "logo-upload": picture("une.png")})
    assert first.status_code == 302
    kept = draft_of(startup).raws["logo"]
    answer = signed(second).post(page, {**theirs, "logo-upload": picture("deux.png", 200)})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "une.png" in html
    assert "deux.png" in html
    assert draft_of(startup).raws["logo"] == kept
    again = {**as_sent(startup), "logo": str(StoredFile.objects.exclude(pk=kept).get().pk)}
    assert signed(second).post(page, again).status_code == 302
    assert draft_of(startup).raws["logo"] == again["logo"]


def caption(n: int, text: str) -> dict[str, Any]:
    return {f"files-{n}-caption_fr": text, f"files-{n}-caption_en": f"{text} (en)"}


def test_the_files_of_a_solution_are_given_moved_and_taken_away(
    solution: Solution, owner: User
) -> None:
    sheet = SimpleUploadedFile("fiche.pdf", acting_pdf())
    sent = {"files-0-upload": picture("rue.png"), "files-1-upload": sheet}
    assert post(owner, solution, **sent, **caption(0, "La rue"), **caption(1, "La fiche"))
    rows = draft_of(solution).raws["files"]
    assert [row["caption_fr"] for row in rows] == ["La rue", "La fiche"]
    preview = signed(owner).get(at("listing_preview", solution)).content.decode()
    assert "La fiche" in preview
    assert reverse("picture", args=[rows[0]["file"]]) in preview
    assert not SolutionFile.objects.exists()
    assert post(owner, solution, **{"files-1-order": "1"}).status_code == 302
    published(solution, owner)
    assert [f.caption_en for f in fresh(solution).files.all()] == ["La fiche (en)", "La rue (en)"]
    line = AuditEntry.objects.get(action="solution.published")
    assert line.public["changes"]["files"] == [0, 2]
    post(owner, solution, **{"files-0-removed": "on"})
    html = signed(owner).get(at("listing_submit", solution)).content.decode()
    assert html.count('<figure class="shown">') == 3
    assert draft_of(solution).raws["files"] == [raw_of(fresh(solution))["files"][1]]


def test_a_row_whose_file_is_refused_keeps_its_words(solution: Solution, owner: User) -> None:
    upload = SimpleUploadedFile("rue.png", b"MZ")
    answer = post(owner, solution, **{"files-0-upload": upload}, **caption(0, "La rue"))
    assert answer.status_code == 422
    assert draft_of(solution).raws["files"][0] == {
        "file": "",
        "caption_fr": "La rue",
        "caption_en": "La rue (en)",
    }
    html = signed(owner).get(at("listing_submit", solution)).content.decode()
    assert "Choisissez un fichier" in html


def test_no_more_than_twelve(solution: Solution, owner: User) -> None:
    sent: dict[str, Any] = {}
    for n in range(MOST_FILES + 2):
        sent |= {f"files-{n}-upload": picture(f"{n}.png", 20 + n), **caption(n, f"Image {n}")}
    post(owner, solution, **sent)
    assert len(draft_of(solution).raws["files"]) == 12
    html = signed(owner).get(at("listing_edit", solution)).content.decode()
    assert "files-11-upload" in html
    assert "files-12-upload" not in html


def test_what_nothing_names_any_more_goes_after_a_week(
    startup: Startup, solution: Solution, owner: User, django_capture_on_commit_callbacks: Any
) -> None:
    post(owner, startup, **{"logo-upload": picture("une.png"), "logo_alt_fr": "Un cône"})
    first = StoredFile.objects.get()
    post(owner, startup, **{"logo-upload": picture("deux.png", 200)})
    post(owner, solution, **{"files-0-upload": picture("rue.png", 50)}, **caption(0, "La rue"))
    content = first.file.storage
    name = str(first.file.name)
    assert forget_unused(now=timezone.now()) == 0
    later = timezone.now() + timedelta(days=8)
    assert content.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_unused(now=later) == 1
    assert not StoredFile.objects.filter(pk=first.pk).exists()
    assert not content.exists(name)
    published(startup, owner)
    post(owner, startup, **{"logo-removed": "on"})
    published(startup, owner)
    # A former version shows it still.
    assert forget_unused(now=later) == 0
    assert StoredFile.objects.filter(kind=SOLUTION_PICTURE).count() == 1


def test_a_draft_is_discarded_after_it_is_read(startup: Startup, owner: User) -> None:
    post(owner, startup, about_fr="Autre chose", **{"logo-upload": picture()})
    client, page = signed(owner), at("listing_discard", startup)
    assert f'href="{page}"' in client.get(at("listing_edit", startup)).content.decode()
    html = client.get(page).content.decode()
    assert "<ins>Autre chose</ins>" in html
    read = draft_of(startup).read
    post(owner, startup, about_fr="Celui du second.")
    assert client.post(page, {"read": read}).status_code == 409
    assert draft_of(startup).raws["about_fr"] == "Celui du second."
    read = draft_of(startup).read
    assert client.post(page, {"read": read}).status_code == 302
    assert client.post(page, {"read": read}).status_code == 302
    for kind in (ListingEdit, DraftValue, DraftVersion):
        assert not kind.objects.exists()
    assert draft_of(startup).changed == []


@pytest.mark.parametrize("is_returned", [True, False])
def test_what_came_back_is_discarded_and_another_round_is_answered(
    startup: Startup, owner: User, *, is_returned: bool
) -> None:
    page, now = at("listing_discard", startup), timezone.now()
    city = factories.make_user("lecteur", roles.MODERATORS)
    post(owner, startup, about_fr="Autre chose")
    read = draft_of(startup).read
    edit = editing.submit_listing(listing=fresh(startup), read=read, actor=owner, now=now)
    waiting = signed(owner).post(page, {"read": draft_of(fresh(startup)).read})
    assert waiting.status_code == 409
    if is_returned:
        moderation.return_edit(
            edit=edit, revision=edit.revision_id or 0, comment="Plus court.", actor=city, now=now
        )
    else:
        editing.withdraw_edit(listing=fresh(startup), actor=owner, now=now)
    answer = signed(owner).post(page, {"read": draft_of(fresh(startup)).read})
    assert answer.status_code == 302
    assert draft_of(fresh(startup)).changed == []
    assert not fresh(startup).has_unpublished_changes
    post(owner, fresh(startup), about_fr="Encore autre chose")
    assert published(startup, owner).state == EditState.PUBLISHED
    assert fresh(startup).about_fr == "Encore autre chose"


@pytest.mark.parametrize("code", ["fr", "en"])
def test_its_pages_say_it_in_both_languages(solution: Solution, owner: User, code: str) -> None:
    with translation.override(code):
        page = at("listing_edit", solution)
    html = signed(owner).get(page).content.decode()
    said = {"fr": "Images et documents", "en": "Pictures and documents"}
    assert said[code] in html
    assert 'enctype="multipart/form-data"' in html
