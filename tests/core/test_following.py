"""Following by e-mail: a link that only the address can open, a button, and a way to stop."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from core import queue
from core.audit.models import AuditEntry
from core.following import links
from core.following.domain import following, preferences
from core.following.enums import Frequency
from core.following.models import Consent, ConsentWay, Follow, Follower
from core.following.targets import find_target
from core.notifications.models import Message
from core.registry import erasers, exporters
from core.taxonomy.models import Theme
from tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = "voisine@maison.example"


@pytest.fixture
def challenge() -> Any:
    return factories.make_challenge()


def ask(client: Client, challenge: Any, email: str = ADDRESS, language: str = "fr") -> Any:
    page = reverse("follow", args=["challenge", challenge.slug])
    return client.post(page, {"email": email, "language": language})


def last_link() -> str:
    """The link of the last mail, as an address of this site."""
    text = Message.objects.order_by("-pk")[0].text
    found = re.search(r"http://localhost:8000(\S+)", text)
    assert found, text
    return found[1]


def confirmed(client: Client, challenge: Any, email: str = ADDRESS) -> Follow:
    ask(client, challenge, email)
    assert client.post(last_link()).status_code == 302
    follow: Follow = Follow.objects.get(follower__email=email, slug=challenge.slug)
    return follow


@pytest.mark.parametrize(
    ("language", "prefix", "words"),
    [
        ("fr", "/fr/suivis/", "J’accepte que Banc d’essai, de la Ville de Montréal, m’écrive"),
        ("en", "/en/following/", "I agree that Banc d’essai, of the city of Montréal, writes to"),
    ],
)
def test_nothing_is_followed_before_the_button(
    client: Client, challenge: Any, language: str, prefix: str, words: str
) -> None:
    assert ask(client, challenge, language=language).status_code == 200
    link = last_link()
    assert link.startswith(prefix)
    for _n in range(2):
        page = client.get(link)
        assert page.status_code == 200
        assert words in page.content.decode()
    assert Follow.objects.get().confirmed_at is None
    assert Consent.objects.count() == 0
    done = client.post(link, follow=True)
    assert challenge.title_fr if language == "fr" else challenge.title_en in done.content.decode()
    assert Follow.objects.get().confirmed_at is not None
    assert Follower.objects.get().language == language
    proof = Consent.objects.get()
    assert (proof.email, proof.act, proof.way, proof.language) == (
        ADDRESS,
        "given",
        "link",
        language,
    )
    assert proof.text.startswith(words)
    assert (proof.kind, proof.slug) == ("challenge", challenge.slug)


def test_the_answer_is_the_same_whatever_is_known_of_the_address(
    client: Client, challenge: Any
) -> None:
    confirmed(client, challenge, "suit@maison.example")
    account = factories.make_user("compte")
    for n in range(4):
        ask(client, factories.make_challenge(), f"borne{n % 1}@maison.example")
    unknown = ask(client, challenge, "inconnue@maison.example")
    answers = {
        ask(client, challenge, email).content
        for email in ("suit@maison.example", account.email, "borne0@maison.example")
    }
    assert answers == {unknown.content}


def test_who_follows_already_receives_the_way_to_their_page(client: Client, challenge: Any) -> None:
    confirmed(client, challenge)
    Message.objects.all().delete()
    ask(client, challenge)
    message = Message.objects.get()
    assert message.event == "follow_page"
    assert challenge.title_fr in message.text
    page = client.get(last_link())
    assert challenge.title_fr in page.content.decode()
    assert Follow.objects.count() == 1


def test_a_link_says_why_it_does_not_serve(client: Client, challenge: Any) -> None:
    follow = confirmed(client, challenge)
    used = reverse("follow_confirm", args=[links.confirming(follow)])
    forged = reverse("follow_confirm", args=[links.confirming(follow)[:-3] + "xyz"])
    swapped = reverse("follow_page", args=[links.confirming(follow)])
    odd = reverse("follow_page", args=[signing.dumps({"a": 1}, salt=links.SEEING)])
    expected = [
        (used, 410, "vous avez déjà confirmé"),
        (forged, 404, "ce site ne l’a pas écrit"),
        (swapped, 404, "ce site ne l’a pas écrit"),
        (odd, 404, "ce site ne l’a pas écrit"),
        (reverse("follow_page", args=["%00'\"<script>"]), 404, "ce site ne l’a pas écrit"),
    ]
    before = list(Follow.objects.values())
    for address, status, words in expected:
        for response in (client.get(address), client.post(address)):
            assert response.status_code == status
            assert words in response.content.decode()
            assert "Rien n’a été modifié." in response.content.decode()
    assert list(Follow.objects.values()) == before
    assert Consent.objects.count() == 1


def test_a_link_expires(client: Client, challenge: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    follow = confirmed(client, challenge)
    other = factories.make_challenge()
    ask(client, other)
    waiting = last_link()
    page = reverse("follow_page", args=[links.seeing(follow.follower)])
    monkeypatch.setattr(links, "CONFIRMS_FOR", timedelta(0))
    monkeypatch.setattr(links, "SEES_FOR", timedelta(0))
    for address in (waiting, page):
        response = client.post(address, {"stop": "all"})
        assert response.status_code == 410
        assert "Ce lien est expiré" in response.content.decode()
    assert Follow.objects.filter(confirmed_at__isnull=True).count() == 1
    assert Follow.objects.confirmed().count() == 1


def test_a_link_stopped_since_says_so(client: Client, challenge: Any) -> None:
    ask(client, challenge)
    link = last_link()
    Follow.objects.all().delete()
    response = client.post(link)
    assert response.status_code == 410
    assert "arrêté depuis" in response.content.decode()
    assert Follow.objects.count() == 0


def test_the_link_of_an_account_opens_nothing_to_another(client: Client, challenge: Any) -> None:
    owner, other = factories.make_user("une"), factories.make_user("autre")
    target = find_target("challenge", challenge.slug)
    assert target is not None
    follow = following.follow_signed_in(user=owner, target=target, now=timezone.now())
    page = reverse("follow_page", args=[links.seeing(follow.follower)])
    client.force_login(other)
    response = client.post(page, {"stop": "all"})
    assert response.status_code == 403
    assert "pour un autre compte" in response.content.decode()
    assert Follow.objects.count() == 1
    client.logout()
    assert client.get(page).status_code == 200
    client.post(page, {"stop": "all"})
    assert Follow.objects.count() == 0


def test_one_click_for_whom_is_signed_in(client: Client, challenge: Any) -> None:
    person = factories.make_user("une")
    client.force_login(person)
    address = reverse("follow", args=["challenge", challenge.slug])
    page = reverse("challenge_detail", args=[challenge.slug])
    assert "Suivre</button>" in client.get(page).content.decode()
    for _n in range(2):
        response = client.post(address, follow=True)
        assert response.redirect_chain == [(page, 302)]
        assert "ce qui s’y passe vous arrive par courriel" in response.content.decode()
    assert Message.objects.count() == 0
    proof = Consent.objects.get()
    assert (proof.user, proof.way, proof.act) == (person, "account", "given")
    assert challenge.title_fr in client.get(reverse("following")).content.decode()
    assert "Cesser de suivre</button>" in client.get(page).content.decode()
    client.post(address, {"stop": "yes"})
    assert Follow.objects.count() == 0
    assert [p.act for p in Consent.objects.order_by("pk")] == ["given", "withdrawn"]


def test_an_account_finds_what_its_address_followed_before(client: Client, challenge: Any) -> None:
    both = factories.make_challenge()
    confirmed(client, challenge)
    confirmed(client, both)
    ask(client, factories.make_challenge())
    person = factories.make_user("une")
    target = find_target("challenge", both.slug)
    assert target is not None
    following.follow_signed_in(user=person, target=target, now=timezone.now())
    person.email = ADDRESS
    person.save()
    client.force_login(person)
    html = client.get(reverse("following")).content.decode()
    assert challenge.title_fr in html
    assert both.title_fr in html
    assert Follower.objects.count() == 1
    assert Follow.objects.visible_to(person).confirmed().count() == 2


def test_letters_of_before_the_account_still_stop(client: Client, challenge: Any) -> None:
    before = confirmed(client, challenge).follower
    digest = links.stopping(before.key, "digest", "daily")
    page = links.seeing(before)
    person = factories.make_user("une")
    following.follower_of(user=person, now=timezone.now())
    person.email = ADDRESS
    person.save()
    mine = following.follower_of(user=person, now=timezone.now())
    assert mine.key != before.key
    preferences.choose_frequencies(
        follower=mine, wanted={"new": Frequency.DAILY.value}, now=timezone.now()
    )
    stop = reverse("follow_stop", args=[digest])
    assert client.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert mine.choices.get(topic="new").frequency == Frequency.NEVER
    assert client.get(reverse("follow_page", args=[page])).status_code == 200


def test_the_link_that_stops_opens_nothing_else(client: Client, challenge: Any) -> None:
    follower = confirmed(client, challenge).follower
    stop = reverse("follow_stop", args=[links.stopping(follower.key, "digest", "daily")])
    for answer in (client.get(stop), client.post(stop)):
        html = answer.content.decode()
        assert reverse("follow_link") in html
        assert ADDRESS not in html
        addresses = [a for a in re.findall(r'href="([^"]+)"', html) if "/suivis/" in a]
        for address in addresses:
            assert challenge.title_fr not in client.get(address).content.decode()


def test_an_address_is_kept_as_accounts_keep_it(client: Client, challenge: Any) -> None:
    for email in ("x@montréal.example", "x@xn--montral-fya.example"):
        ask(client, challenge, email)
    assert [f.email for f in Follower.objects.all()] == ["x@xn--montral-fya.example"]


def test_stopping_one_then_all(client: Client, challenge: Any) -> None:
    first = confirmed(client, challenge)
    for _n in range(2):
        confirmed(client, factories.make_challenge())
        Message.objects.all().delete()
    stranger = confirmed(client, challenge, "autre@maison.example")
    page = reverse("follow_page", args=[links.seeing(first.follower)])
    html = client.post(page, {"stop": str(first.pk)}, follow=True).content.decode()
    assert "1 chose n’est plus suivie" in html
    html = client.post(page, {"stop": str(stranger.pk)}, follow=True).content.decode()
    assert "C’était déjà arrêté" in html
    assert Follow.objects.count() == 3
    html = client.post(page, {"stop": "all"}, follow=True).content.decode()
    assert "2 choses ne sont plus suivies" in html
    assert "aucun courriel ne vient" in html
    assert list(Follow.objects.all()) == [stranger]
    said = Consent.objects.filter(act="withdrawn")
    assert said.count() == 3
    assert all(p.text.startswith("Je cesse de suivre «\u00a0Défi numéro") for p in said)


def test_one_address_receives_three_such_mails_a_day(client: Client) -> None:
    for _n in range(5):
        ask(client, factories.make_challenge())
    assert Message.objects.filter(to_email=ADDRESS).count() == 3
    assert Follow.objects.count() == 3
    Message.objects.update(created_at=timezone.now() - timedelta(hours=25))
    ask(client, factories.make_challenge())
    assert Message.objects.filter(to_email=ADDRESS).count() == 4


def test_a_double_click_writes_once(client: Client, challenge: Any) -> None:
    now = timezone.now().replace(minute=1)
    target = find_target("challenge", challenge.slug)
    assert target is not None
    for _n in range(2):
        following.ask_to_follow(email=ADDRESS, target=target, language="fr", now=now)
    assert Message.objects.count() == 1


def test_one_connection_asks_ten_times_an_hour(client: Client, challenge: Any) -> None:
    for n in range(10):
        assert ask(client, challenge, f"victime{n}@maison.example").status_code == 200
    response = ask(client, challenge, "victime10@maison.example")
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 3600
    assert "vous pouvez recommencer à partir de" in response.content.decode()
    assert not Follower.objects.filter(email="victime10@maison.example").exists()
    link_page = reverse("follow_link")
    assert client.post(link_page, {"email": "x@maison.example"}).status_code == 429
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert ask(elsewhere, challenge, "victime10@maison.example").status_code == 200


def test_a_new_link_to_ones_page(client: Client, challenge: Any) -> None:
    confirmed(client, challenge)
    Message.objects.all().delete()
    page = reverse("follow_link")
    known = Client().post(page, {"email": ADDRESS.upper()})
    unknown = Client().post(page, {"email": "inconnue@maison.example"})
    assert known.content == unknown.content
    # Who follows is looked up by the worker: the answers cost the same.
    assert not Message.objects.exists()
    queue.drain()
    assert Message.objects.get().to_email == ADDRESS
    assert challenge.title_fr in client.get(last_link()).content.decode()


def test_what_nobody_confirmed_is_forgotten(client: Client, challenge: Any) -> None:
    kept = confirmed(client, challenge)
    ask(client, challenge, "jamais@maison.example")
    now = timezone.now()
    assert following.forget_unconfirmed(now=now + timedelta(days=6)) == 0
    assert following.forget_unconfirmed(now=now + timedelta(days=8)) == 1
    assert list(Follow.objects.all()) == [kept]
    assert [f.email for f in Follower.objects.all()] == [ADDRESS]


@pytest.mark.parametrize(
    "email",
    [
        "",
        "pas une adresse",
        "a@b.example\r\nBcc: c@d.example",
        "a\x00@b.example",
        "x" * 300 + "@b.example",
        "a@gооgle.example",
    ],
)
def test_a_bad_address_is_refused_with_a_sentence(
    client: Client, challenge: Any, email: str
) -> None:
    response = ask(client, challenge, email)
    assert response.status_code == 422
    assert "Rien n’est perdu" in response.content.decode()
    assert Message.objects.count() == 0
    assert Follower.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "slug"), [("nothing", "x"), ("challenge", "x"), ("theme", "%00"), ("user", "1")]
)
def test_what_is_not_public_cannot_be_followed(client: Client, kind: str, slug: str) -> None:
    draft = factories.make_challenge(live=False)
    for address in (
        f"/fr/suivre/{kind}/{slug}/",
        reverse("follow", args=["challenge", draft.slug]),
    ):
        response = client.post(address, {"email": ADDRESS, "language": "fr"})
        assert response.status_code == 404
    assert Message.objects.count() == 0


def test_every_kind_can_be_followed(client: Client, challenge: Any) -> None:
    from startups.models import Incubator

    theme, borough = Theme.objects.all()[0], factories.a_borough()
    pilot = factories.make_pilot(challenge=challenge)
    incubator = Incubator.objects.create(
        slug="inc", name="Inc", kind="incubator", summary_fr="x", about_fr="x", live=True
    )
    client.force_login(factories.make_user("une"))
    things = (challenge, pilot, theme, borough, incubator)
    for thing in things:
        kind = type(thing)._meta.model_name
        response = client.post(reverse("follow", args=[kind, thing.slug]), follow=True)
        assert response.status_code == 200
    html = client.get(reverse("following")).content.decode()
    assert [str(thing) for thing in things if str(thing) not in html] == []


def test_what_disappeared_can_still_be_stopped(client: Client, challenge: Any) -> None:
    follow = confirmed(client, challenge)
    type(challenge).objects.filter(pk=challenge.pk).update(live=False)
    page = reverse("follow_page", args=[links.seeing(follow.follower)])
    html = Client().get(page).content.decode()
    assert "n’est plus public" in html
    assert challenge.title_fr not in html
    client.post(page, {"stop": str(follow.pk)})
    assert Follow.objects.count() == 0


def test_a_proof_of_consent_cannot_be_changed(client: Client, challenge: Any) -> None:
    confirmed(client, challenge)
    proof = Consent.objects.get()
    with pytest.raises(TypeError):
        proof.save()
    with pytest.raises(TypeError):
        Consent.objects.update(text="autre chose")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE following_consent SET text = 'autre chose'")
    assert Consent.objects.get().text == proof.text


def test_the_public_audit_says_neither_who_nor_what(client: Client, challenge: Any) -> None:
    follow = confirmed(client, challenge)
    following.stop_following(
        follower=follow.follower, follows=[follow], way=ConsentWay.MAIL_LINK, now=timezone.now()
    )
    lines = AuditEntry.objects.filter(action__startswith="consent.").order_by("sequence")
    assert [(line.action, line.public, line.actor_id) for line in lines] == [
        ("consent.given", {"way": "link"}, None),
        ("consent.withdrawn", {"way": "link"}, None),
    ]


def test_a_person_receives_and_erases_what_is_theirs(client: Client, challenge: Any) -> None:
    person = factories.make_user("une")
    client.force_login(person)
    client.post(reverse("follow", args=["challenge", challenge.slug]))
    # Before the account, with the same address.
    Follower.objects.create(email=person.email, created_at=timezone.now())
    data = {
        name: list(exporters[name].rows(person)) for name in ("follows", "frequencies", "consents")
    }
    assert [row["slug"] for row in data["follows"]] == [challenge.slug]
    assert [row["act"] for row in data["consents"]] == ["given"]
    erasers["following"].erase(person, timezone.now())
    assert Follower.objects.count() == 0
    proof = Consent.objects.get()
    assert (proof.email, proof.user, proof.slug) == ("", None, challenge.slug)


def test_a_visitors_page_stays_the_same_for_all(client: Client, challenge: Any) -> None:
    for language in ("fr", "en"):
        with translation.override(language):
            for address in (
                reverse("challenge_detail", args=[challenge.slug]),
                reverse("challenge_list") + f"?theme={Theme.objects.all()[0].slug}",
                reverse("follow_index"),
            ):
                response = client.get(address)
                assert response.status_code == 200
                assert not response.cookies
                assert "csrfmiddlewaretoken" not in response.content.decode()
    assert (
        "Follow “"
        in client.get(f"/en/challenges/?theme={Theme.objects.all()[0].slug}").content.decode()
    )


def test_the_page_of_ones_follows_asks_as_much_for_one_as_for_three(client: Client) -> None:
    person = factories.make_user("une")
    client.force_login(person)
    counts = []
    for more in (1, 2):
        for _n in range(more):
            target = find_target("challenge", factories.make_challenge().slug)
            assert target is not None
            following.follow_signed_in(user=person, target=target, now=timezone.now())
        client.get(reverse("following"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("following"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
