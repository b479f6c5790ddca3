"""A visitor says what is wrong; an owner or a moderator accepts by one click, or says why not."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from freezegun import freeze_time

from core import limits
from core.accounts import roles
from core.accounts.models import Membership, Role, User
from core.audit.models import AuditEntry
from core.exceptions import IllegalMove, NotAllowed
from core.notifications.models import Message
from core.privacy.domain.erasure import erase_person
from core.registry import retained
from core.taxonomy.models import Borough
from startups.domain import correcting
from startups.domain.amending import ValueRefused
from startups.enums import CorrectionState
from startups.facts import PUBLIC_FACTS, is_automatic, value_words
from startups.forms.correcting import value_field
from startups.models import LISTINGS, Correction, Incubator, Program, Startup
from startups.workspace.claims import rows
from tests import factories
from tests.startups.rows import make_program

pytestmark = pytest.mark.django_db
ADDRESS = "lectrice@public.example"


@pytest.fixture
def owner() -> User:
    return factories.make_user("proprio")


@pytest.fixture
def startup(owner: User) -> Startup:
    return factories.make_startup(owner, founded_year=2015)


@pytest.fixture
def moderator() -> User:
    return factories.make_user("moderation", roles.MODERATORS)


def propose(listing: Any, field: str, value: str, **given: Any) -> Correction:
    return correcting.propose_correction(
        **{
            "listing": listing,
            "field": field,
            "value": value,
            "source": "https://registre.example/",
            "email": ADDRESS,
            "language": "fr",
            "connection": "192.0.2.1",
            "now": timezone.now(),
            **given,
        }
    )


def accept(correction: Correction, actor: User, now_said: str | None = None) -> Correction:
    if now_said is None:
        now_said = correcting.seen(correction.listing, correction.field)
    return correcting.accept_correction(
        correction=correction, now_said=now_said, actor=actor, now=timezone.now()
    )


def refuse(correction: Correction, actor: User, reason: str = "La source dit autre chose.") -> Any:
    return correcting.refuse_correction(
        correction=correction, reason=reason, actor=actor, now=timezone.now()
    )


def test_one_click_writes_it_tells_it_and_thanks(startup: Startup, owner: User) -> None:
    correction = propose(startup, "founded_year", "2016")
    accept(correction, owner)
    accept(correction, owner)
    startup.refresh_from_db()
    correction.refresh_from_db()
    assert (startup.founded_year, correction.state) == (2016, CorrectionState.ACCEPTED)
    line = AuditEntry.objects.get(action="startup.corrected")
    assert line.public == {"slug": startup.slug, "changes": {"founded_year": [2015, 2016]}}
    mail = Message.objects.get(event="correction_answered")
    assert (mail.to_email, mail.language) == (ADDRESS, "fr")
    assert mail.subject == f"Merci : votre correction de « {startup.name} » est faite"
    assert f"/fr/jeunes-pousses/{startup.slug}/" in mail.text


def test_the_live_version_and_a_draft_with_the_old_value_follow(
    startup: Startup, owner: User
) -> None:
    startup.save_revision(user=owner).publish()
    startup.refresh_from_db()
    startup.tagline_fr = "Une phrase neuve."
    draft = startup.save_revision(user=owner)
    accept(propose(startup, "founded_year", "2016"), owner)
    accept(propose(startup, "tagline_fr", "Une phrase juste."), owner)
    startup.refresh_from_db()
    draft.refresh_from_db()
    assert startup.live_revision is not None
    assert startup.live_revision.content["founded_year"] == 2016
    assert startup.live_revision.content["tagline_fr"] == "Une phrase juste."
    assert draft.content["founded_year"] == 2016
    assert draft.content["tagline_fr"] == "Une phrase neuve."  # its author's own
    draft.publish()
    startup.refresh_from_db()
    assert startup.founded_year == 2016


def test_a_refusal_says_why(startup: Startup, owner: User) -> None:
    correction = propose(startup, "founded_year", "2016", language="en")
    with pytest.raises(correcting.ReasonMissing):
        refuse(correction, owner, " ")
    refuse(correction, owner)
    startup.refresh_from_db()
    assert startup.founded_year == 2015
    mail = Message.objects.get(event="correction_answered")
    assert mail.language == "en"
    assert "La source dit autre chose." in mail.text
    with pytest.raises(IllegalMove):
        accept(correction, owner)


def test_an_owner_answers_for_their_own_a_moderator_for_all(
    startup: Startup, owner: User, moderator: User
) -> None:
    correction = propose(startup, "founded_year", "2016")
    viewer = factories.make_user("lecture")
    organisation = startup.organisation
    assert organisation is not None
    Membership.objects.create(user=viewer, organisation=organisation, role=Role.VIEWER)
    other = factories.make_user("autre")
    factories.make_startup(other)
    statuses = {}
    for name, user in {"viewer": viewer, "other": other, "owner": owner}.items():
        client = Client()
        client.force_login(user)
        at = reverse("correction_answer", args=[correction.pk])
        seen = correcting.seen(startup, "founded_year")
        statuses[name] = client.post(at, {"answer": "accept", "seen": seen}).status_code
    assert statuses == {"viewer": 403, "other": 404, "owner": 302}
    orphan: Any = Incubator.objects.create(
        slug="c", name="C", kind="incubator", summary_fr="x", about_fr="x", live=True
    )
    unowned = propose(orphan, "address", "1, rue Une")
    with pytest.raises(NotAllowed):
        accept(unowned, owner)
    accept(unowned, moderator)
    orphan.refresh_from_db()
    assert orphan.address == "1, rue Une"


def test_a_field_that_changed_since_shows_both_and_is_compared_again(
    startup: Startup, owner: User
) -> None:
    correction = propose(startup, "founded_year", "2016")
    read = correcting.seen(startup, "founded_year")
    Startup.objects.update(founded_year=2017)
    client = Client()
    client.force_login(owner)
    with translation.override("fr"):
        page = client.get(reverse("listing_corrections", args=["startup", startup.pk])).text
    assert all(year in page for year in ("2015", "2016", "2017"))
    assert "a changé depuis" in page
    at = reverse("correction_answer", args=[correction.pk])
    assert client.post(at, {"answer": "accept", "seen": read}).status_code == 409
    startup.refresh_from_db()
    assert startup.founded_year == 2017


def test_what_stands_there_already_is_nothing(startup: Startup) -> None:
    with pytest.raises(correcting.NothingToCorrect):
        propose(startup, "founded_year", "2015")
    with pytest.raises(ValueRefused):
        propose(startup, "founded_year", "vingt")
    with pytest.raises(ValueError, match="not a public fact"):
        propose(startup, "organisation", "1")


def test_the_same_said_again_waits_once(startup: Startup) -> None:
    assert (
        propose(startup, "founded_year", "2016").pk == propose(startup, "founded_year", "2016").pk
    )


def test_it_is_limited_by_connection_and_by_listing(startup: Startup) -> None:
    for number in range(correcting.MOST_OF_ONE):
        propose(startup, "name", f"Nom {number}")
    with pytest.raises(limits.TooManyRequests):
        propose(startup, "name", "Un de trop")
    for number in range(correcting.MOST_ABOUT_ONE - correcting.MOST_OF_ONE):
        where = f"192.0.2.{number + 2}"
        propose(startup, "name", f"Autre {number}", connection=where, email="")
    with pytest.raises(limits.TooManyRequests):
        propose(startup, "name", "Encore un", connection="192.0.2.99", email="")


def test_nobody_fills_the_box_of_another_with_answers(owner: User) -> None:
    for number in range(correcting.MOST_ANSWERED_TO):
        propose(
            factories.make_startup(owner, slug=f"s{number}"),
            "tagline_fr",
            "Autre chose.",
            email="victime@autre.example",
            connection=f"192.0.2.{number}",
        )
    last = factories.make_startup(owner, slug="derniere")
    given = {"connection": "192.0.2.99", "email": "Victime@autre.example"}
    with pytest.raises(limits.TooManyRequests):
        propose(last, "tagline_fr", "Autre chose.", **given)
    propose(last, "tagline_fr", "Autre chose.", **given | {"email": ""})


def test_what_breaks_another_rule_is_refused_with_a_sentence(owner: User) -> None:
    startup = factories.make_startup(owner)
    incubator = Incubator.objects.create(
        slug="c", name="C", kind="incubator", organisation=startup.organisation
    )
    program: Any = Program.objects.create(
        slug="p", incubator=incubator, name_fr="P", trl_min=4, trl_max=6, live=True
    )
    with pytest.raises(ValueRefused, match="ne va pas avec"):
        accept(propose(program, "trl_min", "9"), owner)
    accept(propose(program, "equity_percent", "6.5"), owner)
    program.refresh_from_db()
    assert (program.trl_min, program.equity_percent) == (4, Decimal("6.5"))


def test_lists_are_put_by_hand(startup: Startup, owner: User) -> None:
    correction = propose(startup, "languages", "Anglais aussi")
    client = Client()
    client.force_login(owner)
    with translation.override("fr"):
        at = reverse("listing_corrections", args=["startup", startup.pk])
    assert "C’est corrigé" in client.get(at).text
    accept(correction, owner)
    startup.refresh_from_db()
    assert startup.languages == ["fr"]
    assert not AuditEntry.objects.filter(action="startup.corrected").exists()


@pytest.mark.parametrize("kind", LISTINGS)
def test_every_public_fact_can_be_proposed(kind: Any) -> None:
    """Each has a field of a form, and its value reads as words."""
    listing = kind()
    for name in PUBLIC_FACTS[kind]:
        assert value_field(listing, name).label
        if is_automatic(listing, name):
            assert value_words(listing, name, "") in ("", "non", "—")


def test_a_borough_is_chosen(startup: Startup, owner: User) -> None:
    borough = Borough.objects.create(
        slug="ouest", name="Ouest", kind="borough", code="1", lat=45.5, lon=-73.6, bbox=[]
    )
    correction = propose(startup, "borough", str(borough.pk))
    assert value_words(startup, "borough", correction.value) == "Ouest"
    accept(correction, owner)
    startup.refresh_from_db()
    assert startup.borough == borough
    line = AuditEntry.objects.get(action="startup.corrected")
    assert line.public["changes"] == {"borough": [None, borough.pk]}


def test_the_address_leaves_after_a_while_and_with_its_person(startup: Startup) -> None:
    reader = User.objects.create_user(ADDRESS, "motdepasse")
    correction = propose(startup, "founded_year", "2016")
    erase_person(person=reader, actor=reader, now=timezone.now())
    correction.refresh_from_db()
    assert correction.email == ""
    propose(startup, "founded_year", "2019")
    rule = retained["correction_addresses"]
    now = timezone.now()
    assert rule.count(now - timedelta(days=1)) == 0
    assert rule.apply(now + timedelta(days=1), 10) == 1
    assert not Correction.objects.exclude(email="").exists()


def form_of(client: Client, listing: Any, field: str) -> tuple[str, dict[str, str]]:
    kind = listing._meta.model_name
    with translation.override("fr"):
        at = reverse("listing_correct", args=[kind, listing.slug, field])
    page = client.get(at)
    return at, {
        "began": page.context["began"],
        "value": "2016",
        "source": "Leur rapport annuel",
        "email": "",
    }


def test_anyone_proposes_without_an_account(startup: Startup) -> None:
    client = Client()
    with translation.override("fr"):
        choose = reverse("listing_wrong", args=["startup", startup.slug])
        public = startup.get_absolute_url()
    assert choose in client.get(public).text
    at, data = form_of(client, startup, "founded_year")
    assert at in client.get(choose).text
    too_fast = client.post(at, data)
    assert (too_fast.status_code, Correction.objects.count()) == (422, 0)
    assert "Leur rapport annuel" in too_fast.text
    with freeze_time(timezone.now() + timedelta(seconds=10)):
        done = client.post(at, {**data, "began": too_fast.context["began"]})
    assert "Votre correction est envoyée" in done.text
    found = Correction.objects.get()
    assert (found.value, found.language, found.email) == ("2016", "fr", "")


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("equity_percent", 'value="7.5"'),
        ("weeks", 'value="12"'),
        ("summary_fr", 'value="Une phrase à corriger."'),
        ("about_fr", ">\nUn paragraphe."),
        ("currency", '<option value="EUR" selected>'),
        ("any_sector", '<option value="true" selected>'),
        ("fee", "value="),
    ],
)
def test_one_corrects_what_stands_there(field: str, shown: str) -> None:
    program = make_program(
        equity_percent="7.50",
        weeks=12,
        summary_fr="Une phrase à corriger.",
        currency="EUR",
        any_sector=True,
        fee=None,
    )
    page = Client().get(reverse("listing_correct", args=["program", program.slug, field]))
    (box,) = re.findall(
        r'<(?:input|textarea|select)[^>]*name="value".*?(?=<div)', page.text, re.DOTALL
    )
    assert (shown in box) is (field != "fee")


def test_a_correction_without_a_source_is_asked_for_one(startup: Startup) -> None:
    client = Client()
    at, data = form_of(client, startup, "founded_year")
    with freeze_time(timezone.now() + timedelta(seconds=10)):
        answer = client.post(at, {**data, "source": ""})
    assert answer.status_code == 422
    assert "Dites où on peut le lire" in answer.text
    assert 'value="2016"' in answer.text


def test_a_page_left_open_for_days_is_shown_again(startup: Startup) -> None:
    client = Client()
    at, data = form_of(client, startup, "founded_year")
    with freeze_time(timezone.now() + timedelta(days=2)):
        again = client.post(at, data)
    assert again.status_code == 422
    assert again.context["began"] != data["began"]
    assert not Correction.objects.exists()


def test_the_time_of_another_form_does_not_serve(startup: Startup) -> None:
    client = Client()
    at, data = form_of(client, startup, "founded_year")
    _other, theirs = form_of(client, startup, "name")
    with freeze_time(timezone.now() + timedelta(seconds=10)):
        assert client.post(at, {**data, "began": theirs["began"]}).status_code == 422


def test_a_program_that_fills_everything_is_thanked_and_forgotten(startup: Startup) -> None:
    client = Client()
    at, data = form_of(client, startup, "founded_year")
    with freeze_time(timezone.now() + timedelta(seconds=10)):
        said = client.post(at, {**data, "web_page": "https://spam.example/"})
    assert "Votre correction est envoyée" in said.text
    assert not Correction.objects.exists()


def test_it_waits_in_the_workspace_of_who_speaks_for_it(startup: Startup, owner: User) -> None:
    propose(startup, "founded_year", "2016")
    propose(startup, "name", "Un autre nom")
    with translation.override("fr"):
        found = [str(r.detail) for r in rows(owner, startup.organisation, timezone.now())]
    assert "Des visiteurs proposent 2 corrections." in found


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_cost_the_same(
    startup: Startup, owner: User, moderator: User, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        propose(startup, "name", f"Nom {number}")
    mine, theirs = Client(), Client()
    mine.force_login(owner)
    theirs.force_login(moderator)
    own = reverse("listing_corrections", args=["startup", startup.pk])
    mine.get(own)
    with django_assert_num_queries(8):
        assert mine.get(own).status_code == 200
    theirs.get(reverse("city_directory"))
    with django_assert_num_queries(11):
        assert theirs.get(reverse("city_directory")).status_code == 200
