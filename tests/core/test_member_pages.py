"""The members' page, the invitation's page, handing over, leaving, closing: as people meet them."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.accounts import links
from core.accounts.domain.invitations import invite
from core.accounts.domain.organisations import create_organisation
from core.accounts.domain.ownership import offer_ownership
from core.accounts.models import Invitation, Membership, Organisation, OwnershipOffer, Role, User

pytestmark = pytest.mark.django_db


def person(name: str) -> User:
    return User.objects.create_user(f"{name.lower()}@{name.lower()}.ca", "motdepasse", name=name)


@pytest.fixture
def owner() -> User:
    return person("Ana")


@pytest.fixture
def organisation(owner: User) -> Organisation:
    made = create_organisation(
        name="Atelier Nord", kind="startup", language="fr", actor=owner, now=timezone.now()
    )
    return made.organisation


@pytest.fixture
def host(owner: User) -> Client:
    return signed_in(owner)


def signed_in(user: User) -> Client:
    """As somebody who gave their password a moment ago."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def belong(organisation: Organisation, name: str = "Bo", role: str = Role.EDITOR) -> Membership:
    return Membership.objects.create(user=person(name), organisation=organisation, role=role)


def page(name: str, *args: Any) -> str:
    return reverse(name, args=args)


def said(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text.replace("\xa0", " "))


def invited(organisation: Organisation, owner: User, email: str = "di@di.ca") -> Invitation:
    return invite(
        organisation=organisation,
        email=email,
        role=Role.EDITOR,
        actor=owner,
        now=timezone.now(),
    )


def test_an_owner_invites_sends_again_and_revokes(
    host: Client, organisation: Organisation, owner: User
) -> None:
    members = page("organisation_members", organisation.pk)
    assert "Aucune invitation n’attend." in said(host.get(members))
    typed = {"email": "Di@Di.ca", "role": "editor"}
    sent = host.post(page("organisation_invite", organisation.pk), typed, follow=True)
    assert "di@di.ca a reçu une invitation." in said(sent)
    again = host.post(page("organisation_invite", organisation.pk), typed)
    assert again.status_code == 422
    assert "Cette adresse a déjà une invitation." in said(again)
    assert 'value="Di@Di.ca"' in again.content.decode()
    invitation = Invitation.objects.get()
    resend = page("invitation_resend", invitation.pk)
    assert resend not in host.get(members).content.decode()
    soon = host.post(resend)
    assert soon.status_code == 409
    assert "il y a moins d’une heure" in said(soon)
    Invitation.objects.update(last_mail_at=timezone.now() - timedelta(hours=2))
    assert resend in host.get(members).content.decode()
    assert "envoyée de nouveau" in said(host.post(resend, follow=True))
    revoke = page("invitation_revoke", invitation.pk)
    assert "est révoquée" in said(host.post(revoke, follow=True))
    assert "di@di.ca" not in said(host.get(members))


def test_inviting_a_member_says_so(host: Client, organisation: Organisation) -> None:
    member = belong(organisation)
    response = host.post(
        page("organisation_invite", organisation.pk),
        {"email": member.user.email, "role": "editor"},
    )
    assert response.status_code == 422
    assert "Bo appartient déjà à l’organisation. Rôle : Rédaction." in said(response)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("di@", "n’est pas une adresse courriel"),
        ("a" * 900 + "@di.ca", "254 caractères au plus"),
        ("di@di.ca\r\nBcc: x@y.ca", "signes"),
        ("di@p\u0430ypal.com", "mélange des alphabets"),
        ("", "Champ requis"),
    ],
)
def test_a_bad_address_gets_a_sentence(
    host: Client, organisation: Organisation, email: str, sentence: str
) -> None:
    response = host.post(
        page("organisation_invite", organisation.pk), {"email": email, "role": "viewer"}
    )
    assert response.status_code == 422
    assert sentence in said(response)
    assert not Invitation.objects.exists()


def test_a_visitor_reads_the_invitation_and_is_shown_two_doors(
    client: Client, organisation: Organisation, owner: User
) -> None:
    link = page("invitation", links.invitation_link(invited(organisation, owner).pk))
    response = client.get(link)
    text = said(response)
    assert "Invitation à rejoindre Atelier Nord" in text
    assert "di@di.ca" in text
    assert "Rédaction" in text
    hrefs = re.findall(r'href="([^"]+)"', response.content.decode())
    back = quote(link, safe="")
    assert f"{page('account_login')}?next={back}" in hrefs
    assert any("email=di%40di.ca" in href for href in hrefs)
    # Answering asks who one is, and changes nothing.
    assert client.post(link, {"answer": "accept"}).status_code == 302
    assert Invitation.objects.get().state == "pending"


def test_the_invited_person_accepts_and_acts_in_its_name(
    organisation: Organisation, owner: User
) -> None:
    guest = person("Di")
    create_organisation(
        name="Autre", kind="startup", language="fr", actor=guest, now=timezone.now()
    )
    client = signed_in(guest)
    invited(organisation, owner)
    # The page's own link: the instant is signed into it.
    shown = re.search(r"/fr/invitation/[^\"]+", client.get(page("workspace")).content.decode())
    assert shown is not None
    link = shown[0]
    accepted = client.post(link, {"answer": "accept"}, follow=True)
    assert "Vous appartenez maintenant à Atelier Nord et agissez en son nom." in said(accepted)
    assert "au nom de Atelier Nord" in said(accepted)
    # The back button, or the mail opened again.
    assert client.get(link).url == page("organisation_members", organisation.pk)
    assert client.post(link, {"answer": "decline"}).status_code == 302
    assert guest.memberships.get(organisation=organisation).role == Role.EDITOR


def test_another_account_is_told_why_and_what_to_do(
    organisation: Organisation, owner: User
) -> None:
    client = signed_in(person("Eve"))
    link = page("invitation", links.invitation_link(invited(organisation, owner).pk))
    assert "Votre session est celle de eve@eve.ca" in said(client.get(link))
    response = client.post(link, {"answer": "accept"})
    assert response.status_code == 403
    assert "écrite à une autre adresse" in said(response)
    assert Invitation.objects.get().state == "pending"


@pytest.mark.parametrize(
    ("make", "status", "sentence"),
    [
        ("forged", 404, "ou ce site ne l’a pas écrit"),
        ("foreign", 404, "ou ce site ne l’a pas écrit"),
        ("gone", 410, "n’existe plus"),
        ("lapsed", 410, "valait 14 jours"),
        ("revoked", 410, "déclinée ou révoquée"),
        ("closed", 410, "est fermée"),
    ],
)
def test_a_link_that_does_not_serve_says_which_and_what_to_do(
    organisation: Organisation, owner: User, make: str, status: int, sentence: str
) -> None:
    invitation = invited(organisation, owner)
    text, now = links.invitation_link(invitation.pk), timezone.now()
    if make == "forged":
        text = text[:-1] + ("a" if text[-1] != "a" else "b")
    elif make == "foreign":
        text = signing.dumps(invitation.pk, salt=links.JOINING)
    elif make == "gone":
        text = links.invitation_link(invitation.pk + 1)
    elif make == "lapsed":
        Invitation.objects.update(
            invited_at=now - timedelta(days=15), answer_by=now - timedelta(days=1)
        )
    elif make == "revoked":
        Invitation.objects.update(state="revoked", settled_at=now)
    else:
        Organisation.objects.filter(pk=organisation.pk).update(closed_at=now)
    guest = signed_in(person("Di"))
    for answer in (guest.get, guest.post):
        response = answer(page("invitation", text))
        assert response.status_code == status
        assert sentence in said(response)
        assert "Rien n’a été modifié." in said(response)
    assert not Membership.objects.exclude(user=owner).exists()


def test_a_role_is_changed_and_a_member_removed(host: Client, organisation: Organisation) -> None:
    member = belong(organisation)
    changed = host.post(page("member_role", member.pk), {"role": "finance"}, follow=True)
    assert "Rôle de Bo : Finances." in said(changed)
    unsure = host.post(page("member_role", member.pk), {"role": "owner"}, follow=True)
    assert "Choisissez un rôle. Rien n’a changé." in said(unsure)
    remove = page("member_remove", member.pk)
    assert "Retirer Bo de Atelier Nord" in said(host.get(remove))
    assert organisation.memberships.count() == 2
    assert "Bo n’appartient plus à Atelier Nord" in said(host.post(remove, follow=True))
    assert host.post(remove).status_code == 404


def test_the_only_owner_reads_why_they_cannot_leave(
    host: Client, organisation: Organisation
) -> None:
    leave = page("organisation_leave", organisation.pk)
    assert "la seule personne propriétaire" in said(host.get(leave))
    refused = host.post(leave)
    assert refused.status_code == 409
    assert organisation.memberships.count() == 1


def test_handing_over_asks_who_one_is_and_keeps_what_was_chosen(
    client: Client, organisation: Organisation, owner: User
) -> None:
    member = belong(organisation)
    client.force_login(owner)
    address = page("organisation_hand_over", organisation.pk)
    typed = {"to": str(member.pk), "stays_owner": "yes"}
    first = client.post(address, typed)
    assert first.status_code == 302
    assert page("account_reauthenticate") in first.url
    assert not OwnershipOffer.objects.exists()
    back = client.post(first.url, {"password": "motdepasse"}, follow=True)
    assert back.redirect_chain[-1][0] == address
    html = back.content.decode()
    assert re.search(rf'<option value="{member.pk}"\s+selected', html)
    sent = client.post(address, typed, follow=True)
    assert "Bo a 7 jours pour accepter." in said(sent)
    assert OwnershipOffer.objects.get().stays_owner


def test_the_other_accepts_ownership(host: Client, organisation: Organisation, owner: User) -> None:
    member = belong(organisation)
    made = offer_ownership(
        organisation=organisation,
        to=member.user,
        stays_owner=False,
        actor=owner,
        now=timezone.now(),
    )
    heir = signed_in(member.user)
    address = page("ownership_offer", made.pk)
    assert address in heir.get(page("workspace")).content.decode()
    assert "Ana vous propose d’en être propriétaire à sa place" in said(heir.get(address))
    accepted = heir.post(address, {"answer": "accept"}, follow=True)
    assert "Vous êtes maintenant propriétaire de Atelier Nord." in said(accepted)
    late = heir.get(address)
    assert late.status_code == 410
    assert "Cette proposition est réglée" in said(late)
    assert host.get(page("organisation_close", organisation.pk)).status_code == 403


def test_to_accept_ownership_one_says_who_one_is_and_to_refuse_nothing(
    client: Client, organisation: Organisation, owner: User
) -> None:
    member = belong(organisation)

    def offered() -> OwnershipOffer:
        return offer_ownership(
            organisation=organisation,
            to=member.user,
            stays_owner=True,
            actor=owner,
            now=timezone.now(),
        )

    client.force_login(member.user)
    first = offered()
    address = page("ownership_offer", first.pk)
    for answer in ({"answer": "accept"}, {}):
        asked = client.post(address, answer)
        assert asked.status_code == 302
        assert page("account_reauthenticate") in asked.url
        first.refresh_from_db()
        assert first.state == "pending"
        assert organisation.memberships.get(user=member.user).role != Role.OWNER
    refused = client.post(address, {"answer": "refuse"}, follow=True)
    assert "Vous avez refusé" in said(refused)
    # What is settled says so, and asks for nothing.
    assert client.post(address, {"answer": "accept"}).status_code == 409

    address = page("ownership_offer", offered().pk)
    asked = client.post(address, {"answer": "accept"})
    back = client.post(asked.url, {"password": "motdepasse"}, follow=True)
    assert back.redirect_chain[-1][0] == address
    assert "Rien n’est encore fait" in said(back)
    assert organisation.memberships.get(user=member.user).role != Role.OWNER
    accepted = client.post(address, {"answer": "accept"}, follow=True)
    assert "Vous êtes maintenant propriétaire de Atelier Nord." in said(accepted)
    assert organisation.memberships.get(user=member.user).role == Role.OWNER


def test_closing_asks_for_the_name(host: Client, organisation: Organisation) -> None:
    address = page("organisation_close", organisation.pk)
    wrong = host.post(address, {"name": "Atelier Sud"})
    assert wrong.status_code == 422
    assert "Ce n’est pas son nom." in said(wrong)
    done = host.post(address, {"name": " atelier nord "}, follow=True)
    assert "Atelier Nord est fermée. Ses membres en reçoivent l’avis." in said(done)
    assert "fermée le" in said(done)
    organisation.refresh_from_db()
    assert organisation.closed_at is not None
    assert "au nom de" not in said(host.get(page("workspace")))
    assert host.post(page("workspace_act_as", organisation.pk)).status_code == 404
    members = host.get(page("organisation_members", organisation.pk))
    assert "plus rien n’y change" in said(members)
    assert "Inviter une personne" not in said(members)


def test_details_are_corrected(host: Client, organisation: Organisation) -> None:
    address = page("organisation_details", organisation.pk)
    values = {"name": "Atelier du Nord", "neq": "", "website": "", "language": "en"}
    bad = host.post(address, {**values, "neq": "12"})
    assert bad.status_code == 422
    assert "commence par 11, 22, 33 ou 88" in said(bad)
    assert 'value="Atelier du Nord"' in bad.content.decode()
    done = host.post(address, values, follow=True)
    assert "Les renseignements sont enregistrés." in said(done)
    assert "Atelier du Nord" in said(done)


@pytest.mark.parametrize("many", [1, 3])
def test_the_members_page_asks_the_same_number_of_questions(
    host: Client, organisation: Organisation, owner: User, many: int, django_assert_num_queries: Any
) -> None:
    for n in range(many):
        member = belong(organisation, f"Membre{n}")
        invited(organisation, owner, f"p{n}@di.ca")
        offer_ownership(
            organisation=organisation,
            to=member.user,
            stays_owner=True,
            actor=owner,
            now=timezone.now(),
        )
    address = page("organisation_members", organisation.pk)
    host.get(address)  # what is kept for the next pages
    with django_assert_num_queries(PAGE_QUERIES):
        text = said(host.get(address))
    assert text.count("Révoquer") == many
    assert text.count("Retirer la proposition") == many


PAGE_QUERIES = 9
