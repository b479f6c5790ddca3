"""Closed, merged, renamed: the page is never lost, and its address says where it is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from core.accounts import roles
from core.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from core.deadlines import city_time
from core.exceptions import IllegalMove, NotAllowed
from core.following.models import Follow, Follower, Happening
from core.notifications.models import Message
from search.documents import BY_NAME, documents_of
from startups.domain import ending, moderation, reopening
from startups.enums import ListingState
from startups.models import AlumniTie, FormerAddress, Incubator, Program, Startup
from tests import factories
from tests.startups.test_claiming import make_incubator

pytestmark = pytest.mark.django_db
TODAY = city_time(timezone.now()).date()


@pytest.fixture
def moderator() -> User:
    return factories.make_user("moderation", roles.MODERATORS)


def make_program(incubator: Incubator, **fields: Any) -> Program:
    words = {"name_fr": "P", "summary_fr": "x", "about_fr": "x", "live": True}
    made: Program = Program.objects.create(
        **{"slug": "prog", "incubator": incubator, **words, **fields}
    )
    return made


def close(listing: Any, actor: User, **given: Any) -> int:
    return ending.close_listing(
        **{
            "listing": listing,
            "closed_on": TODAY,
            "note_fr": "Ses portes sont fermées.",
            "note_en": "",
            "actor": actor,
            "now": timezone.now(),
            **given,
        }
    )


def merge(listing: Any, heir: Any, actor: User) -> None:
    ending.merge_listing(
        listing=listing,
        heir=heir,
        merged_on=date(2025, 9, 1),
        note_fr="Devenu le Centre.",
        note_en="Became the Centre.",
        actor=actor,
        now=timezone.now(),
    )


def rename(listing: Any, slug: str, actor: User) -> Any:
    return ending.rename_listing(listing=listing, slug=slug, actor=actor, now=timezone.now())


def get(listing: Any, language: str = "fr") -> Any:
    with translation.override(language):
        return Client().get(reverse("incubator_detail", args=[listing.slug]))


def test_a_closed_one_stays_and_says_so_and_its_programs_close_with_it(moderator: User) -> None:
    incubator = make_incubator()
    program = make_program(incubator)
    assert close(incubator, moderator) == 1
    incubator.refresh_from_db()
    program.refresh_from_db()
    assert (incubator.state, incubator.closed_on) == (ListingState.CLOSED, TODAY)
    assert program.state == ListingState.CLOSED
    assert "Centre des mesures, est fermée" in program.status_note_fr
    assert "Ses portes sont fermées." in get(incubator).text
    with pytest.raises(IllegalMove):
        close(incubator, moderator)


def test_an_owner_closes_their_own_and_no_other(moderator: User) -> None:
    owner, other = factories.make_user("proprio"), factories.make_user("autre")
    startup = factories.make_startup(owner)
    factories.make_startup(other)
    with pytest.raises(NotAllowed):
        close(startup, other)
    with pytest.raises(NotAllowed):
        merge(startup, factories.make_startup(), owner)
    with pytest.raises(ending.DayToCome):
        close(startup, owner, closed_on=TODAY + timedelta(days=2))
    client = Client()
    client.force_login(owner)
    at = reverse("listing_close", args=["startup", startup.pk])
    data = {"closed_on": TODAY.isoformat(), "note_fr": "Nous arrêtons."}
    assert client.get(at).status_code == 200
    assert client.post(at, data).status_code == 422  # nobody said that they are sure
    assert client.post(at, {**data, "sure": "on"}).status_code == 302
    startup.refresh_from_db()
    assert startup.state == ListingState.CLOSED


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_merged_one_leads_to_its_heir_which_says_what_it_was(
    moderator: User, language: str
) -> None:
    old, heir = make_incubator(slug="vieux", name="Le Vieux"), make_incubator()
    program = make_program(old)
    startup = factories.make_startup()
    tie = AlumniTie.objects.create(program=program, startup=startup, startup_said_at=timezone.now())
    merge(old, heir, moderator)
    said = get(old, language)
    with translation.override(language):
        assert (said.status_code, said["Location"]) == (301, heir.get_absolute_url())
    page = get(heir, language).text
    assert "Le Vieux" in page
    assert {"fr": "Devenu le Centre.", "en": "Became the Centre."}[language] in page
    tie.refresh_from_db()
    assert tie.program.incubator == heir
    assert tie.program.name_fr in page
    api = Client().get("/api/v1/incubators/vieux")
    assert (api.status_code, api["Location"]) == (301, "/api/v1/incubators/centre")


def test_an_heir_is_public_acts_and_makes_no_circle(moderator: User) -> None:
    one, two, three = (make_incubator(slug=slug) for slug in ("un", "deux", "trois"))
    draft, closed = make_incubator(slug="ebauche", live=False), make_incubator(slug="ferme")
    close(closed, moderator)
    startup = factories.make_startup()
    for heir in (one, draft, closed, startup):
        with pytest.raises(ending.NoHeir):
            merge(one, heir, moderator)
    merge(one, two, moderator)
    merge(two, three, moderator)
    two.refresh_from_db()
    with pytest.raises(ending.NoHeir):
        merge(three, one, moderator)
    with translation.override("fr"):
        assert get(one)["Location"] == three.get_absolute_url()


def test_who_follows_a_renamed_one_goes_on(moderator: User) -> None:
    """One followed it, and asked once more for what has had the new address."""
    listing, now = make_incubator(slug="vieux"), timezone.now()
    for n, slugs in enumerate((("vieux",), ("vieux", "neuf"), ("autre",))):
        follower = Follower.objects.create(email=f"a{n}@x.example", language="fr", created_at=now)
        for slug in slugs:
            Follow.objects.create(
                follower=follower, kind="incubator", slug=slug, asked_at=now, confirmed_at=now
            )
    happening = Happening.objects.create(
        key="x",
        event="x",
        object_id=1,
        about=[["incubator", "vieux"], ["theme", "vieux"]],
        noted_at=now,
    )
    rename(listing, "neuf", moderator)
    followed = Follow.objects.order_by("follower").values_list("follower__email", "slug")
    assert list(followed) == [
        ("a0@x.example", "neuf"),
        ("a1@x.example", "neuf"),
        ("a2@x.example", "autre"),
    ]
    happening.refresh_from_db()
    assert happening.about == [["incubator", "neuf"], ["theme", "vieux"]]
    (document, _english) = documents_of(BY_NAME["incubator"], listing)
    assert document.popularity == 2


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_renamed_one_is_found_by_its_old_address(moderator: User, language: str) -> None:
    incubator = make_incubator(first_published_at=timezone.now())
    old = make_incubator(slug="ancien")
    rename(old, "neuf", moderator)
    rename(old, "plus-neuf", moderator)
    for slug in ("ancien", "neuf"):
        with translation.override(language):
            said = Client().get(reverse("incubator_detail", args=[slug]))
            target = reverse("incubator_detail", args=["plus-neuf"])
        assert (said.status_code, said["Location"]) == (301, target)
        api = Client().get(f"/api/v1/incubators/{slug}")
        assert (api.status_code, api["Location"]) == (301, "/api/v1/incubators/plus-neuf")
    with pytest.raises(ending.AddressTaken):
        rename(incubator, "ancien", moderator)
    with pytest.raises(ending.AddressTaken):
        rename(incubator, "plus-neuf", moderator)
    old.refresh_from_db()
    rename(old, "ancien", moderator)  # its own again
    assert get(Incubator.objects.get(slug="ancien")).status_code == 200
    assert set(FormerAddress.objects.values_list("slug", flat=True)) == {"neuf", "plus-neuf"}


def test_a_draft_does_not_bring_the_old_address_back(moderator: User) -> None:
    incubator = make_incubator(first_published_at=timezone.now())
    draft = incubator.save_revision(user=moderator)
    rename(incubator, "neuf", moderator)
    draft.refresh_from_db()
    draft.publish()
    incubator.refresh_from_db()
    assert incubator.slug == "neuf"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_removed_one_is_gone(moderator: User, language: str) -> None:
    removed = make_incubator(live=False, first_published_at=timezone.now())
    draft = make_incubator(slug="ebauche", live=False)
    assert get(removed, language).status_code == 410
    assert get(draft, language).status_code == 404
    assert Client().get("/api/v1/incubators/centre").status_code == 410
    assert Client().get("/api/v1/incubators/ebauche").status_code == 404


def test_a_moderator_does_it_on_pages(moderator: User) -> None:
    old, heir = make_incubator(slug="vieux", name="Le Vieux"), make_incubator()
    client = Client()
    client.force_login(moderator)
    words = {"closed_on": TODAY.isoformat(), "note_fr": "Devenu le Centre."}
    at = {
        job: reverse(f"city_{job}", args=["incubator", old.pk])
        for job in ("rename", "merge", "close")
    }
    assert [client.get(address).status_code for address in at.values()] == [200, 200, 200]
    assert client.post(at["merge"], {**words, "heir": "inconnu"}).status_code == 422
    assert client.post(at["rename"], {"slug": heir.slug}).status_code == 422
    assert client.post(at["rename"], {"slug": "le-vieux"}).status_code == 302
    pasted = f"https://ville.example{heir.get_absolute_url()}?page=2"
    assert client.post(at["merge"], {**words, "heir": pasted}).status_code == 302
    old.refresh_from_db()
    assert (old.slug, old.state, old.merged_into) == ("le-vieux", ListingState.MERGED, heir)
    assert client.get(reverse("city_listing", args=["incubator", old.pk])).status_code == 200


def reopen(listing: Any, actor: User, reason_fr: str = "Fermée par erreur.") -> int:
    return reopening.reopen_listing(
        listing=listing,
        reason_fr=reason_fr,
        reason_en="Closed by mistake.",
        actor=actor,
        now=timezone.now(),
    )


def test_the_city_reopens_what_it_closed_by_mistake_and_says_why(moderator: User) -> None:
    owner = factories.make_user("proprio")
    house = Organisation.objects.create(name="Centre", slug="c", kind=OrganisationKind.SUPPORT)
    Membership.objects.create(user=owner, organisation=house, role=Role.OWNER)
    incubator = make_incubator(organisation=house, state=ListingState.VERIFIED)
    program, ended = make_program(incubator), make_program(incubator, slug="fini")
    close(ended, moderator, note_fr="Dernière cohorte.")
    close(incubator, moderator)
    with pytest.raises(NotAllowed):
        reopen(incubator, owner)
    with pytest.raises(moderation.ReasonMissing):
        reopen(incubator, moderator, " ")
    with pytest.raises(reopening.WholeGone):
        reopen(program, moderator)
    assert reopen(incubator, moderator) == 1
    for each in (incubator, program, ended):
        each.refresh_from_db()
    assert [each.state for each in (incubator, program, ended)] == ["claimed", "claimed", "closed"]
    assert (incubator.closed_on, incubator.status_note_fr, program.closed_on) == (None, "", None)
    assert "Ses portes sont fermées." not in get(incubator).text
    for language, words in (("fr", "Fermée par erreur."), ("en", "Closed by mistake.")):
        assert words in get(incubator, language).text
    letters = Message.objects.filter(event="listing_ended", to_email=owner.email)
    assert sorted(letter.subject.replace("\xa0", " ") for letter in letters) == [
        "La fiche « Centre des mesures » est fermée",
        "La fiche « Centre des mesures » est rouverte",
        "La fiche « P » est fermée",
    ]
    with pytest.raises(IllegalMove):
        reopen(incubator, moderator)


def test_a_moderator_does_not_reopen_for_their_own_organisation(moderator: User) -> None:
    startup = factories.make_startup(moderator)
    close(startup, factories.make_user("autre", roles.MODERATORS))
    with pytest.raises(NotAllowed):
        reopen(startup, moderator)


def test_what_nobody_can_speak_for_is_reopened_unclaimed(moderator: User) -> None:
    house = Organisation.objects.create(
        name="C", slug="c", kind=OrganisationKind.SUPPORT, closed_at=timezone.now()
    )
    incubator = make_incubator(organisation=house, state=ListingState.VERIFIED)
    close(incubator, moderator)
    reopen(incubator, moderator)
    incubator.refresh_from_db()
    assert (incubator.state, incubator.organisation) == (ListingState.UNCLAIMED, None)


def test_a_merger_by_mistake_is_undone_with_what_it_moved(moderator: User) -> None:
    old, heir = make_incubator(slug="vieux", name="Le Vieux"), make_incubator()
    program, theirs = make_program(old), make_program(heir, slug="autre")
    revision = program.save_revision(user=moderator)
    merge(old, heir, moderator)
    program.refresh_from_db()
    assert program.incubator == heir
    revision.refresh_from_db()
    assert revision.as_object().incubator == heir  # no draft brings the former one back
    assert reopen(old, moderator, "Ce sont deux organismes.") == 1
    for each in (old, program, theirs):
        each.refresh_from_db()
    assert (old.merged_into, program.incubator, theirs.incubator) == (None, old, heir)
    assert get(old).status_code == 200
    assert "Formerly" not in get(heir, "en").text


def test_a_moderator_reopens_on_a_page(moderator: User) -> None:
    startup, client = factories.make_startup(), Client()
    client.force_login(moderator)
    at = reverse("city_reopen", args=["startup", startup.pk])
    assert client.post(at, {"reason_fr": "Erreur."}).status_code == 422
    close(startup, moderator)
    page = client.get(reverse("city_listing", args=["startup", startup.pk])).text
    assert at in page
    assert "Ses portes sont fermées." in page
    assert client.get(at).status_code == 200
    assert client.post(at, {"reason_fr": ""}).status_code == 422
    answer = client.post(at, {"reason_fr": "Erreur."}, follow=True)
    assert "Rouvrir" not in answer.text
    startup.refresh_from_db()
    assert startup.state == ListingState.CLAIMED


def test_startups_too(moderator: User) -> None:
    startup, heir = factories.make_startup(), factories.make_startup()
    merge(startup, heir, moderator)
    assert Client().get(startup.get_absolute_url()).status_code == 301
    assert Startup.objects.current().count() == 1
