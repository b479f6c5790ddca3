"""An organisation says that a profile is its own: at once by its domain, else by a moderator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from freezegun import freeze_time

from core.accounts import roles
from core.accounts.domain.belonging import OrganisationClosed
from core.accounts.mail_domains import is_whole_site
from core.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from core.audit.models import AuditEntry
from core.drafts.models import DraftValue
from core.exceptions import IllegalMove, NotAllowed
from core.files.storing import store_upload
from core.links import LinkExpired, LinkForged, LinkOfAnother
from core.notifications.models import Message
from core.privacy.domain.erasure import erase_person
from startups.domain import claiming, editing
from startups.domain.claims import (
    NotWhatWasRead,
    ReasonsMissing,
    settle_claims,
    verify_listing,
)
from startups.domain.confirming import ListingGone, speaks_for
from startups.drafting import draft_of
from startups.enums import ClaimState, ListingState
from startups.models import Claim, Incubator, ListingEdit, Program
from tests import factories

pytestmark = pytest.mark.django_db
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f"
    b"\x15\xc4\x89\x00\x00\x00\rIDATx\xdac\xfc\xcf\xc0P\x0f\x00\x04\x85\x01\x80\x84\xa9\x8c!\x00"
    b"\x00\x00\x00IEND\xaeB`\x82"
)


def make_incubator(**fields: Any) -> Incubator:
    incubator: Incubator = Incubator.objects.create(
        **{
            "slug": "centre",
            "name": "Centre des mesures",
            "kind": "incubator",
            "summary_fr": "x",
            "about_fr": "x",
            "live": True,
            "website": "https://www.mesures.example/fr/",
            **fields,
        }
    )
    return incubator


def make_support(slug: str, email: str) -> tuple[Organisation, User]:
    """A support organisation and its owner, whose address is confirmed."""
    user = User.objects.create_user(email, "motdepasse", name=slug)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    organisation = Organisation.objects.create(
        name=f"Atelier {slug}", slug=slug, kind=OrganisationKind.SUPPORT
    )
    Membership.objects.create(user=user, organisation=organisation, role=Role.OWNER)
    return organisation, user


@pytest.fixture
def incubator() -> Incubator:
    return make_incubator()


@pytest.fixture
def theirs() -> tuple[Organisation, User]:
    return make_support("mesures", "direction@mesures.example")


@pytest.fixture
def stranger() -> tuple[Organisation, User]:
    return make_support("autre", "quelquun@autre.example")


@pytest.fixture
def moderator() -> User:
    return factories.make_user("moderation", roles.MODERATORS)


def by_address(listing: Any, who: tuple[Organisation, User]) -> Claim:
    organisation, user = who
    return claiming.claim_by_address(
        listing=listing,
        organisation=organisation,
        email=user.email,
        actor=user,
        now=timezone.now(),
    )


def by_document(listing: Any, who: tuple[Organisation, User]) -> Claim:
    organisation, user = who
    stored = store_upload(
        upload=SimpleUploadedFile("registre.png", PNG),
        kind="claim",
        organisation=organisation,
        actor=user,
    )
    return claiming.claim_by_document(
        listing=listing,
        organisation=organisation,
        document=stored,
        message="Voici le registre.",
        actor=user,
        now=timezone.now(),
    )


def answer(listing: Any, accepted: Claim | None, moderator: User, **given: Any) -> None:
    settle_claims(
        **{
            "listing": listing,
            "read": list(Claim.objects.waiting().values_list("pk", flat=True)),
            "accepted": accepted.pk if accepted else None,
            "reason_fr": "Le registre le dit.",
            "reason_en": "",
            "actor": moderator,
            "now": timezone.now(),
            **given,
        }
    )


def mails(event: str) -> dict[str, str]:
    return {m.to_email: m.subject for m in Message.objects.filter(event=event)}


@pytest.mark.parametrize(
    ("email", "website", "is_on"),
    [
        ("a@mesures.example", "https://www.mesures.example/", True),
        ("a@equipe.mesures.example", "https://mesures.example/", True),
        ("a@mesures.example", "https://labo.mesures.example/", False),
        ("a@fauxmesures.example", "https://mesures.example/", False),
        ("a@gmail.com", "https://gmail.com/", False),
        ("a@facebook.com", "https://www.facebook.com/mesures", False),
        ("a@mesures.example", "", False),
        ("a@mailinator.com", "https://mailinator.com/", False),
    ],
)
def test_whose_domain_it_is(email: str, website: str, is_on: bool) -> None:
    assert claiming.is_on_domain(email, website) is is_on


@pytest.mark.parametrize(
    ("website", "is_enough"),
    [
        ("https://www.mesures.example/", True),
        ("https://mesures.example/fr-ca/", True),
        ("https://mesures.example/accueil.html", True),
        ("https://mesures.example/incubateur", False),
        ("https://mesures.example/fr/incubateur/", False),
    ],
)
def test_a_page_of_a_site_does_not_say_whose_it_is(
    theirs: tuple[Organisation, User], website: str, is_enough: bool
) -> None:
    """Everyone at a university has an address there: one of them claims one of its incubators."""
    claim = by_address(make_incubator(website=website), theirs)
    assert claim.state == (ClaimState.ACCEPTED if is_enough else ClaimState.PENDING)


def test_a_site_of_two_listings_does_not_say_whose_each_is(
    incubator: Incubator, theirs: tuple[Organisation, User]
) -> None:
    other = make_incubator(slug="autre", website="http://mesures.example")
    assert by_address(incubator, theirs).state == ClaimState.PENDING
    Incubator.objects.filter(pk=other.pk).update(website="https://demesures.example/")
    Claim.objects.all().delete()
    assert by_address(incubator, theirs).state == ClaimState.ACCEPTED


def test_what_the_city_refused_is_not_taken_by_a_second_click(
    incubator: Incubator, theirs: tuple[Organisation, User], moderator: User
) -> None:
    by_document(incubator, theirs)
    answer(incubator, None, moderator)
    assert by_address(incubator, theirs).state == ClaimState.PENDING
    incubator.refresh_from_db()
    assert incubator.organisation is None


def test_a_moderator_of_one_side_answers_for_neither(
    incubator: Incubator,
    theirs: tuple[Organisation, User],
    stranger: tuple[Organisation, User],
    moderator: User,
) -> None:
    claim, _rival = by_document(incubator, theirs), by_document(incubator, stranger)
    belongs = Membership.objects.create(user=moderator, organisation=stranger[0], role=Role.VIEWER)
    with pytest.raises(NotAllowed):
        answer(incubator, claim, moderator)
    belongs.organisation = theirs[0]
    belongs.save()
    with pytest.raises(NotAllowed):
        answer(incubator, claim, moderator)
    answer(incubator, claim, factories.make_user("moderation2", roles.MODERATORS))
    with pytest.raises(NotAllowed):
        verify_listing(listing=incubator, actor=moderator, now=timezone.now())
    belongs.delete()
    assert verify_listing(listing=incubator, actor=moderator, now=timezone.now())


def test_what_has_ended_meanwhile_is_given_to_nobody(
    incubator: Incubator,
    theirs: tuple[Organisation, User],
    moderator: User,
) -> None:
    claim = by_document(incubator, theirs)
    Organisation.objects.update(closed_at=timezone.now())
    with pytest.raises(OrganisationClosed):
        answer(incubator, claim, moderator)
    Organisation.objects.update(closed_at=None)
    Incubator.objects.update(state=ListingState.CLOSED)
    with pytest.raises(ListingGone):
        answer(incubator, claim, moderator)
    answer(incubator, None, moderator)
    claim.refresh_from_db()
    assert claim.state == ClaimState.REFUSED


@pytest.mark.parametrize("is_submitted", [False, True])
def test_what_the_former_organisation_was_writing_is_not_the_next_ones_to_read(
    incubator: Incubator,
    theirs: tuple[Organisation, User],
    stranger: tuple[Organisation, User],
    moderator: User,
    is_submitted: bool,
) -> None:
    by_document(incubator, stranger)
    answer(incubator, Claim.objects.get(), moderator)
    program: Program = Program.objects.create(
        slug="p", incubator=incubator, name_fr="P", summary_fr="x", about_fr="x", live=True
    )
    for part, secret in ((program, "summary_fr"), (Incubator.objects.get(), "summary_fr")):
        now, sent = timezone.now(), {secret: ("Notre secret.", 0)}
        editing.save_fields(listing=part, values=sent, actor=stranger[1], now=now)
        if is_submitted:
            read = draft_of(part).read
            editing.submit_listing(listing=part, read=read, actor=stranger[1], now=now)
    by_document(incubator, theirs)
    answer(incubator, Claim.objects.waiting().get(), moderator)
    for part in (Incubator.objects.get(), Program.objects.get()):
        assert speaks_for(part) == theirs[0]
        assert "Notre secret." not in str(draft_of(part).raws)
        assert part.get_latest_revision_as_object().summary_fr == "x"
        assert part.current_workflow_state is None
        assert part.summary_fr == "x"
    assert not ListingEdit.objects.exists()
    assert not DraftValue.objects.exists()
    dropped = AuditEntry.objects.filter(action__endswith=".edit_dropped")
    assert set(dropped.values_list("action", flat=True)) == {
        "incubator.edit_dropped",
        "program.edit_dropped",
    }


def test_an_address_on_the_domain_is_enough_and_its_programs_follow(
    incubator: Incubator, theirs: tuple[Organisation, User]
) -> None:
    program = Program.objects.create(
        slug="p", incubator=incubator, name_fr="P", summary_fr="x", about_fr="x", live=True
    )
    claim = by_address(incubator, theirs)
    incubator.refresh_from_db()
    program.refresh_from_db()
    assert (claim.state, claim.settled_by) == (ClaimState.ACCEPTED, None)
    assert (incubator.state, incubator.organisation) == (ListingState.CLAIMED, theirs[0])
    assert speaks_for(Program.objects.get()) == theirs[0]
    assert mails("claim_answered") == {
        "direction@mesures.example": "La fiche « Centre des mesures » est à vous"
    }
    lines = AuditEntry.objects.filter(action__startswith="claim.").order_by("sequence")
    assert [line.action for line in lines] == ["claim.asked", "claim.accepted"]
    assert "direction@mesures.example" not in str([line.public for line in lines])
    with pytest.raises(claiming.AlreadyYours):
        by_address(incubator, theirs)


def test_an_address_elsewhere_is_not(
    incubator: Incubator, stranger: tuple[Organisation, User]
) -> None:
    with pytest.raises(claiming.NotOnTheDomain):
        by_address(incubator, stranger)
    organisation, user = stranger
    with pytest.raises(claiming.NotOnTheDomain):  # on the domain, but nobody proved to read it
        claiming.claim_by_address(
            listing=incubator,
            organisation=organisation,
            email="direction@mesures.example",
            actor=user,
            now=timezone.now(),
        )
    assert not Claim.objects.exists()


def test_a_page_that_a_query_names_is_not_the_whole_site() -> None:
    assert is_whole_site("https://mesures.example/fr/")
    assert not is_whole_site("https://mesures.example/?page=incubateur")


def test_a_startup_does_not_claim_a_support_organisation(
    incubator: Incubator, theirs: tuple[Organisation, User]
) -> None:
    Organisation.objects.update(kind=OrganisationKind.STARTUP)
    with pytest.raises(claiming.WrongKind):
        by_address(incubator, theirs)


def test_who_only_reads_does_not_claim(
    incubator: Incubator, theirs: tuple[Organisation, User]
) -> None:
    Membership.objects.update(role=Role.VIEWER)
    with pytest.raises(NotAllowed):
        by_address(incubator, theirs)


def test_a_closed_listing_is_not_claimed(
    incubator: Incubator, theirs: tuple[Organisation, User]
) -> None:
    closed = make_incubator(slug="ferme", state=ListingState.CLOSED)
    with pytest.raises(ListingGone):
        by_address(closed, theirs)


def link_of(message: Message) -> str:
    return next(word for word in message.text.split() if "/preuve/" in word).split("/")[-2]


def ask(incubator: Incubator, who: tuple[Organisation, User]) -> str:
    organisation, user = who
    with translation.override("fr"):
        claiming.ask_for_proof(
            listing=incubator,
            organisation=organisation,
            email="info@mesures.example",
            actor=user,
            now=timezone.now(),
        )
    return link_of(Message.objects.get(event="claim_proof", to_email="info@mesures.example"))


def test_a_link_proves_an_address_that_is_not_of_the_account(
    incubator: Incubator, stranger: tuple[Organisation, User], theirs: tuple[Organisation, User]
) -> None:
    link = unquote(ask(incubator, stranger))
    assert not Claim.objects.exists()  # nothing is kept of an address that nobody proved
    with pytest.raises(LinkOfAnother):
        claiming.read_proof(link, theirs[1])
    with pytest.raises(LinkForged):
        claiming.read_proof(link[:-1] + "-", stranger[1])
    client = Client()
    client.force_login(stranger[1])
    address = reverse("listing_claim_prove", args=[link])
    assert client.get(address).status_code == 200
    assert not Claim.objects.exists()
    assert client.post(address).status_code == 302
    claim = Claim.objects.get()
    assert (claim.state, claim.email) == (ClaimState.ACCEPTED, "info@mesures.example")


def test_the_link_serves_for_a_day(
    incubator: Incubator, stranger: tuple[Organisation, User]
) -> None:
    link = unquote(ask(incubator, stranger))
    later = timezone.now() + timedelta(days=1, seconds=1)
    with freeze_time(later), pytest.raises(LinkExpired):
        claiming.read_proof(link, stranger[1])


def test_a_document_waits_for_a_moderator_who_alone_reads_it(
    incubator: Incubator, stranger: tuple[Organisation, User], moderator: User
) -> None:
    claim = by_document(incubator, stranger)
    assert by_document(incubator, stranger).pk == claim.pk  # a second click
    assert claim.document is not None
    at = reverse("file", args=[claim.document.pk])
    statuses = {}
    for name, user in {
        "own": stranger[1],
        "moderator": moderator,
        "other": factories.make_user("autre"),
        "manager": factories.manager(),
        "no second factor": factories.make_user("pressee", roles.MODERATORS, is_demo=True),
    }.items():
        client = Client()
        client.force_login(user)
        statuses[name] = client.get(at).status_code
    assert statuses == {"own": 200, "moderator": 200, "other": 404, "manager": 404} | {
        "no second factor": 404
    }
    with pytest.raises(NotAllowed):
        answer(incubator, claim, stranger[1])
    answer(incubator, claim, moderator, reason_fr="")
    incubator.refresh_from_db()
    assert (incubator.state, incubator.organisation) == (ListingState.CLAIMED, stranger[0])


def test_a_refusal_has_reasons(
    incubator: Incubator, stranger: tuple[Organisation, User], moderator: User
) -> None:
    claim = by_document(incubator, stranger)
    with pytest.raises(ReasonsMissing):
        answer(incubator, None, moderator, reason_fr=" ")
    answer(incubator, None, moderator)
    claim.refresh_from_db()
    incubator.refresh_from_db()
    assert (claim.state, incubator.state) == (ClaimState.REFUSED, ListingState.UNCLAIMED)
    text = Message.objects.get(event="claim_answered").text
    assert "Le registre le dit." in text


def test_rivals_go_to_a_moderator_and_everyone_is_told(
    incubator: Incubator,
    theirs: tuple[Organisation, User],
    stranger: tuple[Organisation, User],
    moderator: User,
) -> None:
    """An address on the domain is not enough while another claim waits."""
    rival = by_document(incubator, stranger)
    claim = by_address(incubator, theirs)
    assert claim.state == ClaimState.PENDING
    answer(incubator, claim, moderator)
    rival.refresh_from_db()
    incubator.refresh_from_db()
    assert (rival.state, incubator.organisation) == (ClaimState.REFUSED, theirs[0])
    assert set(mails("claim_answered")) == {"direction@mesures.example", "quelquun@autre.example"}


def test_a_claim_on_a_claimed_listing_is_a_dispute(
    incubator: Incubator,
    theirs: tuple[Organisation, User],
    stranger: tuple[Organisation, User],
    moderator: User,
) -> None:
    by_document(incubator, stranger)
    answer(incubator, Claim.objects.get(), moderator)
    incubator.refresh_from_db()
    program = Program.objects.create(
        slug="p",
        incubator=incubator,
        organisation=stranger[0],
        name_fr="P",
        summary_fr="x",
        about_fr="x",
        live=True,
    )
    claim = by_address(incubator, theirs)
    assert claim.state == ClaimState.PENDING
    assert mails("claim_disputed") == {
        "quelquun@autre.example": "Une autre organisation revendique « Centre des mesures »"
    }
    answer(incubator, claim, moderator)
    incubator.refresh_from_db()
    program.refresh_from_db()
    assert (incubator.organisation, program.organisation) == (theirs[0], theirs[0])
    subjects = Message.objects.filter(event="claim_disputed").values_list("subject", flat=True)
    assert "La fiche « Centre des mesures » change de mains" in subjects


def test_what_came_while_one_read_is_not_decided_blindly(
    incubator: Incubator,
    theirs: tuple[Organisation, User],
    stranger: tuple[Organisation, User],
    moderator: User,
) -> None:
    first = by_document(incubator, stranger)
    by_address(incubator, theirs)
    with pytest.raises(NotWhatWasRead):
        answer(incubator, first, moderator, read=[first.pk])
    client = Client()
    client.force_login(moderator)
    at = reverse("city_claims", args=["incubator", incubator.pk])
    said = client.post(at, {"read": [first.pk], "accepted": first.pk, "reason_fr": "Oui."})
    assert said.status_code == 409
    assert Claim.objects.waiting().count() == 2


def test_a_claim_is_taken_back_by_its_organisation_only(
    incubator: Incubator, theirs: tuple[Organisation, User], stranger: tuple[Organisation, User]
) -> None:
    claim = by_document(incubator, stranger)
    at = reverse("claim_withdraw", args=[claim.pk])
    client = Client()
    client.force_login(theirs[1])
    assert client.post(at).status_code == 404
    client.force_login(stranger[1])
    assert client.post(at).status_code == 302
    claim.refresh_from_db()
    assert claim.state == ClaimState.WITHDRAWN
    assert by_address(incubator, theirs).state == ClaimState.ACCEPTED


def test_only_what_is_claimed_is_verified(
    incubator: Incubator, theirs: tuple[Organisation, User], moderator: User
) -> None:
    def verify(actor: User) -> None:
        verify_listing(listing=incubator, actor=actor, now=timezone.now())

    with pytest.raises(IllegalMove):
        verify(moderator)
    by_address(incubator, theirs)
    with pytest.raises(NotAllowed):
        verify(theirs[1])
    verify(moderator)
    verify(moderator)
    incubator.refresh_from_db()
    assert incubator.state == ListingState.VERIFIED
    assert AuditEntry.objects.filter(action="incubator.verified").count() == 1


def test_erasure_takes_the_address_and_the_words(
    incubator: Incubator, stranger: tuple[Organisation, User], moderator: User
) -> None:
    claim = by_document(incubator, stranger)
    other = factories.make_user("proprio")
    Membership.objects.create(user=other, organisation=stranger[0], role=Role.OWNER)
    erase_person(person=stranger[1], actor=stranger[1], now=timezone.now())
    claim.refresh_from_db()
    assert (claim.claimant, claim.email, claim.message) == (None, "", "")


def test_the_page_offers_it_to_whom_may(
    incubator: Incubator, theirs: tuple[Organisation, User]
) -> None:
    with translation.override("fr"):
        public, at = (
            incubator.get_absolute_url(),
            reverse("listing_claim", args=["incubator", "centre"]),
        )
    assert at in Client().get(public).text
    client = Client()
    assert client.get(at).status_code == 302
    client.force_login(theirs[1])
    assert "Revendiquer avec direction@mesures.example" in client.get(at).text
    done = client.post(at, {"way": "own", "email": "direction@mesures.example"}, follow=True)
    assert "est maintenant la fiche de Atelier mesures" in done.text
    assert "C’est mon organisation" not in Client().get(public).text
    client.force_login(factories.make_user("sans"))
    assert "Créer ou rejoindre une organisation" in client.get(at).text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_what_waits_costs_the_same(
    moderator: User, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        listing = make_incubator(slug=f"centre-{number}")
        by_document(listing, make_support(f"s{number}", f"a{number}@ailleurs.example"))
    client = Client()
    client.force_login(moderator)
    client.get(reverse("city_directory"))
    with django_assert_num_queries(12):
        assert client.get(reverse("city_directory")).status_code == 200
