"""Whoever follows without an account takes a copy of what we hold, and is forgotten on asking."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from core import registry
from core.audit.models import AuditEntry
from core.audit.verify import verify_chain
from core.exceptions import NotAllowed
from core.following import links
from core.following.domain import following, forgetting, preferences
from core.following.enums import Frequency
from core.following.models import Consent, ConsentWay, Follow, Follower
from core.following.targets import find_target
from core.following.tellings import topics
from core.notifications.models import ClosedAddress, Message
from tests import factories
from tests.core.privacy.conftest import message
from tests.core.privacy.test_erasure import everywhere
from tests.core.test_following import ADDRESS, ask, challenge, confirmed  # noqa: F401

pytestmark = pytest.mark.django_db
OTHER = "autre@maison.example"


@pytest.fixture
def link(client: Client, challenge: Any) -> str:  # noqa: F811
    """The page of an address that follows a challenge and asked for another; one more follows."""
    confirmed(client, challenge, OTHER)
    follow = confirmed(client, challenge)
    ask(client, factories.make_challenge(), ADDRESS)
    wanted = dict.fromkeys((name for name, _topic in topics.items()), Frequency.WEEKLY)
    preferences.choose_frequencies(follower=follow.follower, wanted=wanted, now=timezone.now())
    return links.seeing(follow.follower)


def page(name: str, link: str, language: str = "fr") -> str:
    with translation.override(language):
        return reverse(name, args=[link])


def in_words(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("language", "copy", "forget", "name"),
    [
        ("fr", "Prendre une copie (JSON)", "Oublier mon adresse", "mes-donnees.json"),
        ("en", "Take a copy (JSON)", "Forget my address", "my-data.json"),
    ],
)
def test_the_page_offers_both(link: str, language: str, copy: str, forget: str, name: str) -> None:
    html = in_words(Client().get(page("follow_page", link, language)))
    assert f'href="{page("follow_data", link, language)}" download>{copy}</a>' in html
    assert f'href="{page("follow_forget", link, language)}">{forget}</a>' in html
    answer = Client().get(page("follow_data", link, language))
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Cache-Control"].find("no-store") >= 0


def test_the_copy_holds_what_is_theirs_and_no_more(link: str, challenge: Any) -> None:  # noqa: F811
    Message.objects.filter(to_email=ADDRESS).update(state="sent", sent_at=timezone.now())
    ClosedAddress.objects.create(email=ADDRESS, reason="by_hand", closed_at=timezone.now())
    held = json.loads(Client().get(page("follow_data", link)).content)
    assert held["address"] == ADDRESS
    slugs = {(f["slug"], f["confirmed_at"] is not None) for f in held["follows"]}
    assert (challenge.slug, True) in slugs
    assert [done for _slug, done in sorted(slugs, key=lambda one: one[1])] == [False, True]
    assert {one["frequency"] for one in held["frequencies"]} == {"weekly"}
    assert [(c["act"], c["slug"]) for c in held["consents"]] == [("given", challenge.slug)]
    assert [m["event"] for m in held["messages"]] == ["follow_confirm", "follow_confirm"]
    assert all(set(m) == {"event", "language", "subject", "sent_at"} for m in held["messages"])
    assert [c["reason"] for c in held["not_written_to"]] == ["by_hand"]
    assert OTHER not in json.dumps(held)


@pytest.mark.parametrize(
    ("language", "stays", "done"),
    [
        ("fr", "1095 jours, puis elle est retirée", "C’est fait : votre adresse est oubliée"),
        ("en", "1095 days, then it is removed", "It is done: your address is forgotten"),
    ],
)
def test_what_goes_is_said_then_the_address_is_nowhere(
    link: str,
    challenge: Any,  # noqa: F811
    language: str,
    stays: str,
    done: str,
) -> None:
    ClosedAddress.objects.create(email=ADDRESS, reason="by_hand", closed_at=timezone.now())
    message(None, "invited", "queued", to_email=OTHER, event="invitation")
    asking = page("follow_forget", link, language)
    shown = in_words(Client().get(asking)).replace("\u202f", "").replace("1,095", "1095")
    assert stays in shown
    assert ADDRESS in shown
    assert Follow.objects.filter(follower__email=ADDRESS).count() == 2  # nothing on GET
    browser = Client()
    answer = browser.post(asking)
    assert (answer.status_code, answer["Location"]) == (302, page_of_index(language))
    assert done in in_words(browser.get(answer["Location"]))
    assert everywhere(ADDRESS) == []
    acts = Consent.objects.order_by("pk").values_list("email", "act", "slug", "way")
    assert list(acts) == [
        (OTHER, "given", challenge.slug, "link"),
        ("", "given", challenge.slug, "link"),
        ("", "withdrawn", challenge.slug, "link"),
    ]
    last = AuditEntry.objects.order_by("-sequence")[0]
    assert (last.action, last.public) == (
        "follower.forgotten",
        {"stopped": 1, "proofs": 2, "messages": 2},
    )
    assert verify_chain().broken == ""
    # What waited to leave never does; what is somebody else's stays.
    assert not Message.objects.filter(event="follow_confirm", to_email=ADDRESS).exists()
    assert Message.objects.get(key="invited").to_email == OTHER
    assert Follow.objects.get().follower.email == OTHER
    for name in ("follow_page", "follow_data", "follow_forget"):
        assert Client().get(page(name, link, language)).status_code == 410, name


def page_of_index(language: str) -> str:
    with translation.override(language):
        return reverse("follow_index")


def test_a_forged_link_gives_nothing(link: str) -> None:
    for name in ("follow_data", "follow_forget"):
        assert Client().get(page(name, "inconnu")).status_code == 404
        assert Client().post(page("follow_forget", link + "x")).status_code == 404
    assert Follower.objects.filter(email=ADDRESS).exists()


def test_an_account_is_erased_from_its_own_page() -> None:
    person = factories.make_user("Ana")
    follower = following.follower_of(user=person, now=timezone.now())
    link = links.seeing(follower)
    assert Client().get(page("follow_data", link))["Location"] == reverse("my_data")
    assert Client().post(page("follow_forget", link))["Location"] == reverse("erase_me")
    with pytest.raises(NotAllowed):
        forgetting.forget_address(follower=follower, now=timezone.now())
    assert Follower.objects.get() == follower


def test_a_proof_leaves_when_what_it_proves_ended_long_ago(
    client: Client,
    challenge: Any,  # noqa: F811
) -> None:
    known, now = registry.retained["consents"], timezone.now()
    past = now - timedelta(days=1095)

    def said(days: int, **who: Any) -> None:
        at = now - timedelta(days=days)
        common = {"kind": "challenge", "slug": challenge.slug, "text": "Oui", "language": "fr"}
        Consent.objects.create(act="given", way="link", at=at, **common, **who)

    follow = confirmed(client, challenge)
    Consent.objects.all().delete()
    ana, ben = factories.make_user("Ana"), factories.make_user("Ben")
    target = find_target("challenge", challenge.slug)
    assert target is not None
    said(1100, email=ADDRESS)  # followed still, by an address
    said(1100, email=ben.email)  # followed still, by the account that the address became
    following.follow_signed_in(user=ben, target=target, now=past - timedelta(days=5))
    said(1100, email=ana.email, user=ana)  # stopped last year
    said(400, email=ana.email, user=ana)
    said(1100, email=OTHER)  # stopped long ago
    said(1090, email="")  # of nobody: by its own day
    said(1100, email="")
    assert (known.count(past), known.apply(past, 1)) == (2, 1)
    assert (known.apply(past, 100), known.count(past)) == (1, 0)
    assert not Consent.objects.filter(email=OTHER).exists()
    assert Consent.objects.count() == 6
    following.stop_following(
        follower=follow.follower, follows=[follow], way=ConsentWay.MAIL_LINK, now=now
    )
    assert known.count(past) == 0  # it was stopped today
    later = now + timedelta(days=1096)
    assert known.count(later) == 5  # all but the two of Ben, who follows still
