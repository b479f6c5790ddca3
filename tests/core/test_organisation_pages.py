"""The pages of organisations: what is shown, what is not, what a click does, and the second one."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from core.accounts import links
from core.accounts.domain.join_requests import ask_to_join
from core.accounts.domain.organisations import create_organisation
from core.accounts.models import JoinRequest, Membership, Organisation, Role, User
from core.audit.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db
TYPED = {"name": "Atelier Nord", "kind": "startup", "neq": "", "website": "", "language": "fr"}


@pytest.fixture
def owner() -> User:
    return factories.make_user("Ana")


@pytest.fixture
def organisation(owner: User) -> Organisation:
    return create_organisation(
        name="Atelier Nord",
        kind="startup",
        language="fr",
        neq="1145678901",
        actor=owner,
        now=timezone.now(),
        others=[],
    ).organisation


@pytest.fixture
def newcomer(client: Client) -> User:
    user = User.objects.create_user("bo@gmail.com", "motdepasse", name="Bo")
    client.force_login(user)
    return user


def create(client: Client, **typed: Any) -> Any:
    return client.post(reverse("organisation_create"), {**TYPED, **typed})


def said(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_from_nothing_to_ones_organisation(client: Client, newcomer: User) -> None:
    page = said(client.get(reverse("workspace")))
    assert reverse("organisation_create") in page
    response = client.post(reverse("organisation_create"), TYPED, follow=True)
    assert response.redirect_chain == [(reverse("organisation_list"), 302)]
    assert "Atelier Nord est créée" in said(response)
    assert "Vous agissez en son nom" in said(response)
    assert "au nom de Atelier Nord" in said(client.get(reverse("workspace")))


def test_a_second_click_makes_no_second_one(client: Client, newcomer: User) -> None:
    assert create(client).status_code == 302
    again = client.post(reverse("organisation_create"), TYPED, follow=True)
    assert "Vous aviez déjà créé Atelier Nord" in said(again)
    assert Organisation.objects.count() == 1


def test_the_newest_is_the_one_in_whose_name_one_acts(client: Client, newcomer: User) -> None:
    create(client, name="Aube")
    create(client, name="Zénith")
    assert "au nom de Zénith" in said(client.get(reverse("workspace")))


def test_of_an_organisation_that_is_here_one_reads_the_name_only(
    client: Client, newcomer: User, organisation: Organisation, owner: User
) -> None:
    response = create(client, name="ATELIER NORD inc.")
    page = said(response)
    assert response.status_code == 409
    assert "Atelier Nord" in page
    assert "Demander à s’y joindre" in page
    assert 'value="ATELIER NORD inc."' in page
    for private in (owner.email, owner.name, organisation.neq, organisation.slug):
        assert private not in page
    assert Organisation.objects.count() == 1
    # The form that insists is not the one where the Enter key sends what was changed.
    typing = page.partition('id="id_name"')[0].rpartition("<form")[2]
    assert 'name="other"' in page
    assert 'name="other"' not in typing
    insisting = create(client, name="ATELIER NORD inc.", other=str(organisation.pk))
    assert insisting.status_code == 302
    assert Organisation.objects.count() == 2


def test_a_number_that_is_taken_cannot_be_insisted_on(
    client: Client, newcomer: User, organisation: Organisation
) -> None:
    for other in ("", str(organisation.pk)):
        response = create(client, name="Autre", neq="1145-678-901", other=other)
        assert response.status_code == 409
        assert "C’en est une autre" not in said(response)
        assert "appartient à une seule organisation" in said(response)


def test_one_asks_and_an_owner_answers(
    client: Client, newcomer: User, organisation: Organisation, owner: User
) -> None:
    link = re.findall(r'href="([^"]+/rejoindre/[^"]+)"', create(client).content.decode())[0]
    assert client.get(link).status_code == 200
    assert not JoinRequest.objects.exists()
    sent = client.post(link, {"message": "Je suis de l’équipe.\u202e"}, follow=True)
    assert "Votre demande d’adhésion à Atelier Nord est envoyée" in said(sent)
    assert "En attente d’une réponse" in said(sent)
    assert client.post(link, {"message": "Encore"}).status_code == 302
    asked = JoinRequest.objects.get()
    assert asked.message == "Je suis de l’équipe."

    host = Client()
    host.force_login(owner)
    assert "Bo demande à se joindre à Atelier Nord" in said(host.get(reverse("workspace")))
    requests = reverse("organisation_requests", args=[organisation.pk])
    page = said(host.get(requests))
    assert "bo@gmail.com" in page
    assert "Je suis de l’équipe." in page
    answer = reverse("join_request_answer", args=[asked.pk])
    unsure = host.post(answer, {"role": "owner", "answer": "accept"}, follow=True)
    assert "Choisissez un rôle" in said(unsure)
    assert not newcomer.memberships.exists()
    for _click in range(2):
        accepted = host.post(answer, {"role": "editor", "answer": "accept"}, follow=True)
        assert "Bo appartient maintenant à Atelier Nord" in said(accepted)
    assert newcomer.memberships.get().role == Role.EDITOR
    assert "Aucune demande n’attend" in said(host.get(requests))
    late = host.post(answer, {"answer": "refuse"})
    assert late.status_code == 409
    assert "Cette demande est réglée" in said(late)
    assert "Acceptée" in said(client.get(reverse("organisation_list")))
    already = client.get(link)
    assert already.status_code == 409
    assert "Vous faites déjà partie de cette organisation" in said(already)


def test_a_refusal_is_read_by_whoever_asked(
    client: Client, newcomer: User, organisation: Organisation, owner: User
) -> None:
    asked = ask_to_join(organisation=organisation, actor=newcomer, now=timezone.now())
    host = Client()
    host.force_login(owner)
    answer = reverse("join_request_answer", args=[asked.pk])
    assert "est refusée" in said(host.post(answer, {"answer": "refuse"}, follow=True))
    assert "Refusée" in said(client.get(reverse("organisation_list")))
    again = client.post(
        reverse("organisation_join", args=[links.joining_link(newcomer, organisation.pk)])
    )
    assert again.status_code == 409
    assert "il y a moins d’une semaine" in said(again)


def test_a_request_is_taken_back(
    client: Client, newcomer: User, organisation: Organisation
) -> None:
    asked = ask_to_join(organisation=organisation, actor=newcomer, now=timezone.now())
    address = reverse("join_request_withdraw", args=[asked.pk])
    for _click in range(2):
        assert "Votre demande est retirée" in said(client.post(address, follow=True))
    assert JoinRequest.objects.get().state == "withdrawn"


def test_a_lapsed_request_says_so(
    client: Client, newcomer: User, organisation: Organisation
) -> None:
    long_ago = timezone.now() - timedelta(days=40)
    asked = ask_to_join(organisation=organisation, actor=newcomer, now=long_ago)
    page = said(client.get(reverse("organisation_list")))
    assert "Restée sans réponse" in page
    assert reverse("join_request_withdraw", args=[asked.pk]) not in page


@pytest.mark.parametrize(
    ("break_it", "status", "sentence"),
    [
        (lambda link: link + "x", 404, "ou ce site ne l’a pas écrit"),
        (lambda link: "x", 404, "ou ce site ne l’a pas écrit"),
        (lambda link: signing.dumps([1, 1], salt="accounts.other"), 404, "ne l’a pas écrit"),
        (lambda link: signing.dumps([0, 1], salt=links.JOINING), 403, "pour un autre compte"),
    ],
)
def test_a_link_that_does_not_serve(
    client: Client,
    newcomer: User,
    organisation: Organisation,
    break_it: Any,
    status: int,
    sentence: str,
) -> None:
    link = break_it(links.joining_link(newcomer, organisation.pk))
    for send in (client.get, client.post):
        response = send(reverse("organisation_join", args=[link]))
        assert response.status_code == status
        assert sentence in said(response)
        assert organisation.name not in said(response)
    assert not JoinRequest.objects.exists()


def test_a_link_serves_a_day(
    client: Client, newcomer: User, organisation: Organisation, monkeypatch: Any
) -> None:
    link = links.joining_link(newcomer, organisation.pk)
    monkeypatch.setattr(links, "SERVES_FOR", timedelta(seconds=-1))
    response = client.post(reverse("organisation_join", args=[link]))
    assert response.status_code == 410
    assert "il valait un jour" in said(response)
    assert not JoinRequest.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "x" * 10_000}, "200 caractères au plus"),
        ({"name": "\u200b\u202e"}, "Champ requis"),
        ({"name": "\x00!"}, "au moins une lettre"),
        ({"name": "Ate\u043bier"}, "mélange des alphabets"),
        ({"neq": "0045678901"}, "commence par 11, 22, 33 ou 88"),
        ({"neq": "9" * 10_000}, "au plus 60 caractères"),
        ({"website": "javascript:alert(1)"}, "URL valide"),
        ({"website": "ftp://exemple.ca/"}, "commence par https://"),
        ({"website": "https://p\u0430ypal.com/"}, "en imite une autre"),
        ({"kind": "city"}, "Sélectionnez un choix valide"),
        ({"language": "x"}, "Sélectionnez un choix valide"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(
    client: Client, newcomer: User, typed: dict[str, str], sentence: str
) -> None:
    response = create(client, **typed)
    assert response.status_code == 422
    assert sentence in said(response).replace("\xa0", " ")
    assert Organisation.objects.count() == AuditEntry.objects.count() == 0


def test_nobody_tries_a_whole_register_by_name(client: Client, newcomer: User) -> None:
    for _look in range(30):
        assert create(client, neq="0").status_code == 422
    limited = create(client)
    assert limited.status_code == 429
    assert 1 <= int(limited["Retry-After"]) <= 3600
    assert "Trop d’essais" in said(limited)
    assert Organisation.objects.count() == 0


def test_a_header_is_only_words(client: Client, newcomer: User, owner: User) -> None:
    create(client, name="Atelier\r\nBcc: tous@exemple.ca")
    assert Organisation.objects.get().name == "Atelier Bcc: tous@exemple.ca"


def test_a_message_that_is_too_long_is_kept_on_the_page(
    client: Client, newcomer: User, organisation: Organisation
) -> None:
    address = reverse("organisation_join", args=[links.joining_link(newcomer, organisation.pk)])
    response = client.post(address, {"message": "a" * 10_000})
    assert response.status_code == 422
    assert "a" * 10_000 in said(response)
    assert not JoinRequest.objects.exists()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_rights_are_the_table_of_the_rules(
    client: Client, newcomer: User, language: str
) -> None:
    with translation.override(language):
        page = said(client.get(reverse("organisation_list")))
    yes, no = ("oui", "non") if language == "fr" else ("yes", "no")
    rows = re.findall(r'<th scope="row">.*?</tr>', page)
    read = [re.findall(rf"\b({yes}|{no})\b(?=\s*<)", row) for row in rows]
    # Owner, editor, finance, viewer: read, write, apply, finance, details, members, hand over,
    # close.
    assert [[word == yes for word in row] for row in read] == [
        [True, True, True, True],
        [True, True, False, False],
        [True, True, False, False],
        [True, False, True, False],
        [True, False, False, False],
        [True, False, False, False],
        [True, False, False, False],
        [True, False, False, False],
    ]


@pytest.mark.parametrize("many", [1, 3])
def test_lists_ask_the_same_number_of_questions(
    client: Client, many: int, django_assert_num_queries: Any
) -> None:
    owner = User.objects.create_user("ana@gmail.com", "motdepasse")
    now = timezone.now()
    names = ("Alpha", "Boréal", "Castor")[:many]
    for name in names:
        made = create_organisation(name=name, kind="startup", language="fr", actor=owner, now=now)
        other = factories.make_startup(factories.make_user("Di")).organisation
        ask_to_join(organisation=other, actor=owner, now=now)
        for _asker in names:
            ask_to_join(organisation=made.organisation, actor=factories.make_user("Bo"), now=now)
    client.force_login(owner)
    client.get(reverse("organisation_list"))  # what is kept for the next pages
    with django_assert_num_queries(LIST_QUERIES):
        page = said(client.get(reverse("organisation_list")))
    assert page.count("En attente d’une réponse") == many
    first = Membership.objects.filter(user=owner).first()
    assert first is not None
    with django_assert_num_queries(REQUESTS_QUERIES):
        page = said(client.get(reverse("organisation_requests", args=[first.organisation_id])))
    assert page.count('name="role"') == many


LIST_QUERIES = 7
REQUESTS_QUERIES = 7
