"""The pages where members write their listings, and those where the city answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from core.accounts import roles
from core.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from core.taxonomy.models import Borough
from startups.domain import editing, moderation
from startups.drafting import draft_of
from startups.enums import EditState, ListingState
from startups.forms.listing import ListingForm, raw_of
from startups.models import Incubator, ListingEdit, ListingRules, Program, Solution, Startup
from tests import factories

pytestmark = pytest.mark.django_db
OURS, CITYS = 12, 12
PAGES = ("listing_edit", "listing_preview", "listing_submit")


@pytest.fixture
def owner() -> User:
    return factories.make_user("proprio")


@pytest.fixture
def startup(owner: User) -> Startup:
    return factories.make_startup(owner)


@pytest.fixture
def incubator(owner: User) -> Incubator:
    house = Organisation.objects.create(
        name="La maison", slug="maison", kind=OrganisationKind.SUPPORT
    )
    Membership.objects.create(user=owner, organisation=house, role=Role.OWNER)
    found: Incubator = Incubator.objects.create(
        slug="maison",
        name="La maison",
        kind="incubator",
        summary_fr="x",
        about_fr="x",
        live=True,
        organisation=house,
    )
    return found


def signed(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(name: str, listing: Any, *more: Any) -> str:
    return reverse(name, args=[listing._meta.model_name, listing.pk, *more])


def as_sent(listing: Any, **changes: Any) -> dict[str, Any]:
    """The whole form as a browser sends it."""
    draft = draft_of(type(listing).objects.get(pk=listing.pk))
    sent: dict[str, Any] = {"base": draft.listing.latest_revision_id or ""}
    for name, value in {**draft.raws, **changes}.items():
        sent[f"version-{name}"] = draft.versions.get(name, 0)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for n, row in enumerate(value):
                sent |= {f"{name}-{n}-{key}": each for key, each in row.items()}
        elif value is not False:
            sent[name] = value
    return sent


def test_it_is_written_without_a_script_read_again_and_submitted(
    startup: Startup, owner: User
) -> None:
    client, page = signed(owner), at("listing_edit", startup)
    assert client.get(page).status_code == 200
    person = {"name": "", "role_fr": "Direction", "role_en": "", "email": ""}
    sent = as_sent(
        startup, about_fr="Le capteur\r\ncompte.", languages=["fr", "en"], people=[person]
    )
    answer = client.post(page, {**sent, "review": "1"})
    assert (answer.status_code, answer["Location"]) == (302, at("listing_submit", startup))
    assert draft_of(startup).changed == ["about_fr", "languages", "people"]
    html = client.get(at("listing_submit", startup)).content.decode()
    assert "<del>Un paragraphe.</del>" in html
    assert "<ins>Le capteur<br>compte.</ins>" in html
    preview = client.get(at("listing_preview", startup)).content.decode()
    assert "Aperçu" in preview
    assert "Le capteur" in preview
    assert "Le capteur" not in Client().get(startup.get_absolute_url()).content.decode()
    assert client.post(at("listing_submit", startup), {"read": "old"}).status_code == 409
    read = draft_of(startup).read
    first = client.post(at("listing_submit", startup), {"read": read})
    assert first["Location"] == reverse("listing_list")
    assert client.post(at("listing_submit", startup), {"read": read}).status_code == 409
    assert ListingEdit.objects.get().state == EditState.SUBMITTED


def test_each_field_is_saved_as_it_is_typed(startup: Startup, owner: User) -> None:
    client, page = signed(owner), at("listing_save", startup, "tagline_fr")
    first = client.post(page, {"tagline_fr": "Une", "version": "0"})
    assert first.json()["version"] == 1
    again = client.post(page, {"tagline_fr": "Deux", "version": "0"})
    assert again.status_code == 409
    assert (again.json()["theirs"], again.json()["version"]) == ("Une", 1)
    assert client.post(page, {"tagline_fr": "Deux", "version": "1"}).json()["version"] == 2
    assert client.post(at("listing_save", startup, "slug"), {"slug": "x"}).status_code == 404


def test_the_button_shows_both_values(startup: Startup, owner: User) -> None:
    client, page = signed(owner), at("listing_edit", startup)
    mine = as_sent(startup, about_fr="Celui de la première.")
    theirs = as_sent(startup, about_fr="Celui du second.", website="https://b.example/")
    assert client.post(page, mine).status_code == 302
    answer = client.post(page, theirs)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Celui de la première." in html
    assert "Celui du second." in html
    raws = draft_of(startup).raws
    assert (raws["about_fr"], raws["website"]) == ("Celui de la première.", "https://b.example/")


def test_what_cannot_be_read_is_kept_and_said_before_submitting(
    startup: Startup, owner: User
) -> None:
    client = signed(owner)
    sent = as_sent(
        startup,
        about_fr="a\u202eb\x00c" + "d" * 15_000,
        founded_year="mille",
        links="javascript:alert(1)",
    )
    assert client.post(at("listing_edit", startup), sent).status_code == 302
    raws = draft_of(startup).raws
    assert raws["about_fr"] == "abc" + "d" * 15_000
    assert raws["founded_year"] == "mille"
    html = client.get(at("listing_submit", startup)).content.decode()
    assert html.count('<li><a href="') >= 3
    read = draft_of(startup).read
    assert client.post(at("listing_submit", startup), {"read": read}).status_code == 422
    assert client.get(at("listing_preview", startup)).status_code == 200


def test_a_text_too_long_is_not_cut_it_stays_in_its_box_and_the_rest_is_saved(
    startup: Startup, owner: User
) -> None:
    client, long = signed(owner), "mot " * 5_100 + "la fin"
    answer = client.post(at("listing_edit", startup), as_sent(startup, about_fr=long, name="Neuf"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "20000 caractères au plus" in html
    assert "20406" in html
    assert "la fin</textarea>" in html
    assert "maxlength" not in html.partition('id="id_about_fr"')[2].partition(">")[0]
    raws = draft_of(startup).raws
    assert (raws["about_fr"], raws["name"]) == ("Un paragraphe.", "Neuf")
    sent = {"about_fr": long, "version": "0"}
    saved = client.post(at("listing_save", startup, "about_fr"), sent)
    assert (saved.status_code, "20406" in saved.json()["message"]) == (409, True)
    assert draft_of(startup).raws["about_fr"] == "Un paragraphe."


def test_what_is_typed_while_it_is_in_review_is_shown_again(startup: Startup, owner: User) -> None:
    client, page = signed(owner), at("listing_edit", startup)
    client.post(page, as_sent(startup, about_fr="Le premier."))
    late = as_sent(startup, about_fr="Le second, écrit dans un autre onglet.")
    client.post(at("listing_submit", startup), {"read": draft_of(startup).read})
    answer = client.post(page, late)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Le second, écrit dans un autre onglet.</textarea>" in html
    assert html.count("readonly") == 1
    assert draft_of(startup).raws["about_fr"] == "Le premier."
    saved = client.post(at("listing_save", startup, "about_fr"), {"about_fr": "x", "version": "1"})
    assert (saved.status_code, "en révision" in saved.json()["message"]) == (409, True)
    Startup.objects.update(state=ListingState.CLOSED)
    html = client.post(page, late).content.decode()
    assert "Le second, écrit dans un autre onglet.</textarea>" in html


def test_who_is_signed_out_meanwhile_reads_again_what_they_typed(
    startup: Startup, owner: User
) -> None:
    page = at("listing_edit", startup)
    sent = as_sent(startup, about_fr="Tapé <b>après</b> la fin de la session.")
    answer = Client().post(page, sent)
    html = answer.content.decode()
    assert answer.status_code == 403
    assert "Tapé &lt;b&gt;après&lt;/b&gt; la fin de la session.</textarea>" in html
    assert f"next={page.replace('/', '%2F')}" in html
    assert html.count("readonly") == 1  # what is public already is not lost
    assert ListingEdit.objects.count() == 0
    assert Client().post(page, {}).status_code == 302
    assert Client().get(page).status_code == 302


def test_to_withdraw_twice_changes_nothing_and_too_late_is_said(
    startup: Startup, owner: User
) -> None:
    client, page = signed(owner), at("listing_withdraw", startup)
    client.post(at("listing_edit", startup), as_sent(startup, about_fr="Le premier."))
    client.post(at("listing_submit", startup), {"read": draft_of(startup).read})
    for _twice in range(2):
        html = client.post(page, follow=True).content.decode()
        assert "de nouveau un brouillon" in html
    read = draft_of(Startup.objects.get()).read
    client.post(at("listing_submit", startup), {"read": read})
    edit = ListingEdit.objects.get()
    moderation.approve_edit(
        edit=edit,
        revision=edit.revision_id or 0,
        actor=factories.make_user("moderation", roles.MODERATORS),
        now=timezone.now(),
    )
    assert "répondu entre-temps" in client.post(page, follow=True).content.decode()


def test_who_sees_the_pages(startup: Startup, owner: User) -> None:
    viewer, rival = factories.make_user("lecture"), factories.make_user("rival")
    startup.organisation.memberships.create(user=viewer, role=Role.VIEWER)
    for name in PAGES:
        assert signed(viewer).get(at(name, startup)).status_code == 403
        assert signed(rival).get(at(name, startup)).status_code == 404
        assert Client().get(at(name, startup)).status_code == 302
    assert "Modifier" not in signed(viewer).get(reverse("listing_list")).content.decode()
    Startup.objects.update(state=ListingState.CLOSED)
    closed = signed(owner).post(at("listing_edit", startup), as_sent(startup, name="Autre"))
    assert closed.status_code == 409
    assert "fermée" in signed(owner).get(at("listing_edit", startup)).content.decode()


def test_a_solution_is_begun_once_and_nobody_else_sees_it(startup: Startup, owner: User) -> None:
    client, page = signed(owner), reverse("listing_create", args=["solution"])
    assert client.get(page).status_code == 200
    assert client.post(page, {"title": "", "trl": "12"}).status_code == 422
    for _twice in range(2):
        answer = client.post(page, {"title": "Le capteur", "trl": "6"})
        assert answer.status_code == 302
    made = Solution.objects.get(name_fr="Le capteur")
    assert (made.startup, made.live, made.state) == (startup, False, ListingState.CLAIMED)
    assert Client().get(made.get_absolute_url()).status_code == 404
    assert client.get(at("listing_preview", made)).status_code == 200
    assert (
        client.post(reverse("listing_create", args=["program"]), {"title": "P"}).status_code == 422
    )
    assert client.get(reverse("listing_create", args=["intake"])).status_code == 404


def test_an_organisation_without_profile_writes_it(owner: User) -> None:
    house = Organisation.objects.create(name="Neuve", slug="neuve", kind=OrganisationKind.SUPPORT)
    Membership.objects.create(user=owner, organisation=house, role=Role.OWNER)
    client = signed(owner)
    assert (
        reverse("listing_create", args=["incubator"])
        in client.get(reverse("listing_list")).content.decode()
    )
    answer = client.post(
        reverse("listing_create", args=["incubator"]), {"title": "Neuve", "kind": "fund"}
    )
    made = Incubator.objects.get()
    assert answer["Location"] == at("listing_edit", made)
    assert (made.slug, made.organisation, made.kind) == ("neuve", house, "fund")


def test_a_place_outside_the_city_is_asked_to_be_confirmed(
    incubator: Incubator, owner: User
) -> None:
    Borough.objects.create(
        slug="b", name="B", kind="borough", code="1", lat=45.5, lon=-73.6, bbox=[-74, 45, -73, 46]
    )
    client, page = signed(owner), at("listing_edit", incubator)
    client.post(page, as_sent(incubator, lat="48,85", lon="2,35"))
    assert "hors du territoire" in client.get(page).content.decode()
    read = draft_of(incubator).read
    sent = client.post(at("listing_submit", incubator), {"read": read})
    assert sent.status_code == 422
    client.post(page, as_sent(incubator, outside=True))
    read = draft_of(incubator).read
    assert client.post(at("listing_submit", incubator), {"read": read}).status_code == 302
    inside = ListingForm(Incubator, {**raw_of(incubator), "lat": "45.5", "lon": "-73.6"})
    assert "outside" not in inside.fields


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_ask_as_much_for_one_as_for_three(
    startup: Startup, owner: User, rows: int, django_assert_num_queries: Any
) -> None:
    moderator = factories.make_user("moderation", roles.MODERATORS)
    for n in range(rows):
        name = f"Solution de plus {n}"
        made = Solution.objects.create(
            slug=f"s{n}", startup=startup, organisation=startup.organisation, name_fr=name, trl=5
        )
        sent = {"problem_fr": ("x", 0), "how_fr": ("y", 0)}
        now = timezone.now()
        editing.save_fields(listing=made, values=sent, actor=owner, now=now)
        editing.submit_listing(
            listing=made, read=draft_of(made).read, actor=owner, now=timezone.now()
        )
    client, city = signed(owner), signed(moderator)
    client.get(reverse("listing_list"))
    with django_assert_num_queries(OURS):
        client.get(reverse("listing_list"))
    with translation.override("fr"):
        address = reverse("listing_moderation")
    city.get(address)
    with django_assert_num_queries(CITYS):
        answer = city.get(address)
    assert answer.content.decode().count("Solution de plus") >= rows


def test_a_moderator_reads_the_difference_and_answers(startup: Startup, owner: User) -> None:
    moderator = factories.make_user("moderation", roles.MODERATORS)
    now = timezone.now()
    sent = {"about_fr": ("Un <b>autre</b> paragraphe.", 0), "about_en": ("Another.", 0)}
    editing.save_fields(listing=startup, values=sent, actor=owner, now=now)
    read = draft_of(startup).read
    edit = editing.submit_listing(listing=startup, read=read, actor=owner, now=now)
    city, page = signed(moderator), reverse("listing_review", args=[edit.pk])
    html = city.get(page).content.decode()
    assert "&lt;b&gt;autre&lt;/b&gt;" in html
    assert "<ins>Another.</ins>" in html
    posted = {"answer": "return", "revision": edit.revision_id, "comment": ""}
    assert city.post(page, posted).status_code == 409
    amend = reverse("listing_amend", args=[edit.pk])
    assert city.get(amend).status_code == 200
    changed = {**as_sent(startup, about_en="Another one."), "revision": edit.revision_id}
    assert city.post(amend, changed).status_code == 302
    edit.refresh_from_db()
    posted = {"answer": "approve", "revision": edit.revision_id}
    assert city.post(page, posted).status_code == 302
    assert Startup.objects.get().about_en == "Another one."
    assert city.get(page).status_code == 200


def test_staff_say_which_changes_go_live_at_once() -> None:
    moderator = factories.make_user("moderation", roles.MODERATORS)
    page = reverse("wagtailsettings:edit", args=["startups", "listingrules"])
    page = signed(moderator).get(page)["Location"]
    html = signed(moderator).get(page).content.decode()
    assert 'value="funding_stage"' in html
    sent = {"startup": ["website"], "solution": [], "incubator": ["people"], "program": []}
    assert signed(moderator).post(page, sent).status_code == 302
    assert ListingRules.quick_fields("startup") == {"website"}
    assert ListingRules.quick_fields("incubator") == {"people"}
    assert signed(factories.manager()).get(page).status_code == 302


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("equity_percent", "140", "plus que la totalité"),
        ("equity_percent", "6,5", ""),
        ("fee", "-1", "négatif"),
        ("trl_max", "12", "de 1 à 9"),
        ("weeks", "douze", "nombre entier"),
        ("name_fr", "paypаl", "alphabets"),
        ("name_fr", "n" * 201, "200"),
    ],
)
def test_what_a_program_refuses(name: str, value: str, sentence: str) -> None:
    held = {"name_fr": "P", "summary_fr": "x", "about_fr": "x", "format": "hybrid"}
    form = ListingForm(Program, {**held, "currency": "CAD", name: value})
    assert form.is_valid() is not bool(sentence), form.errors
    assert sentence in " ".join(form.errors.get(name, [""]))


@pytest.mark.parametrize(("year", "is_valid"), [("1799", False), ("2019", True), ("2999", False)])
def test_a_year_is_plausible(startup: Startup, year: str, is_valid: bool) -> None:
    form = ListingForm(Startup, {**raw_of(startup), "founded_year": year})
    assert form.is_valid() is is_valid
    assert ("founded_year" in form.errors) is not is_valid
