"""A neighbour without an account follows a challenge, hears of it, and stops by one click."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import WORKER_WITHIN, Person, RunningSite
from tests.e2e.steps.mails import link_in
from tests.e2e.steps.page import no_violation, press, seen

pytestmark = pytest.mark.browser

WORDS = {
    "fr": {
        "board": "/fr/defis/",
        "follow": "Suivre par courriel",
        "send": "M’envoyer le lien de confirmation",
        "look": "Regardez dans votre boîte de courriel",
        "confirm": "Confirmer",
        "done": "C’est confirmé",
        "news": "Annulé",
        "why": "Le budget manque.",
        "stop_line": "Ne plus recevoir ceci",
        "will": "Vous ne suivrez plus",
        "stopped": "Nous ne vous écrivons plus à ce sujet",
        "nothing": "Vous ne suivez rien",
        "all": "Voir tout ce que vous suivez, choisir quand nous vous écrivons",
        "ask": "Recevoir un lien vers ce que je suis",
        "each_mail": "Chaque courriel que vous recevez en porte un aussi",
        "send_link": "M’envoyer le lien",
        "forget": "Oublier mon adresse",
        "forget_it": "Tout arrêter et oublier mon adresse",
        "forgotten": "votre adresse est oubliée",
        "used": "vous avez déjà confirmé",
        "one_click": "Suivre",
        "mine": "ce qui s’y passe vous arrive par courriel",
        "read": "Tout marquer comme lu",
        "was_read": "marqué comme lu",
    },
    "en": {
        "board": "/en/challenges/",
        "follow": "Follow by e-mail",
        "send": "Send me the link to confirm",
        "look": "Look in your mailbox",
        "confirm": "Confirm",
        "done": "It is confirmed",
        "news": "Cancelled",
        "why": "There is no budget.",
        "stop_line": "No longer receive this",
        "will": "You will no longer follow",
        "stopped": "You are no longer written to about this",
        "nothing": "You follow nothing",
        "all": "See all that you follow, choose when we write to you",
        "ask": "Receive a link to what I follow",
        "each_mail": "Each mail you receive has one too.",
        "send_link": "Send me the link",
        "forget": "Forget my address",
        "forget_it": "Stop everything and forget my address",
        "forgotten": "your address is forgotten",
        "used": "you confirmed already",
        "one_click": "Follow",
        "mine": "what happens to it comes to you by e-mail",
        "read": "Mark all as read",
        "was_read": "marked as read",
    },
}

OPEN_CHALLENGE = """
from django.utils import timezone
from pilots.models import Challenge
now = timezone.now()
print(Challenge.objects.public().open(now).order_by('pk')[{number}].slug)
"""
CANCEL = """
from django.utils import timezone
from core.accounts.models import User
from pilots.domain.challenge import cancel_challenge
from pilots.models import Challenge
import pilots.news
cancel_challenge(challenge=Challenge.objects.get(slug='{slug}'), reason_fr='Le budget manque.',
    reason_en='There is no budget.', actor=User.objects.get(email='ville@demo.test'),
    now=timezone.now())
pilots.news.look()
"""


WAITING = "from django_q.models import OrmQ; print(OrmQ.objects.count())"
# In what the queue kept of its tasks, in followers, proofs and messages.
WHERE_STILL = """
from core.following.models import Consent, Follower
from core.notifications.models import Message
from django_q.models import Task
kept = list(Task.objects.filter(func='core.following.tasks.send_page_link'))
assert kept, 'the worker ran none'
rows = [*Task.objects.values_list('args', 'kwargs', 'result'), *Follower.objects.values_list(),
    *Consent.objects.values_list(), *Message.objects.values_list()]
print([row for row in rows if '{address}' in repr(row)])
"""


def wait_for_worker(site: RunningSite, within: float = WORKER_WITHIN) -> None:
    """Until the worker has done what was asked of it."""
    until = time.monotonic() + within
    while site.shell(WAITING) != "0":
        assert time.monotonic() < until, "The worker is late."
        time.sleep(0.5)


@pytest.mark.parametrize(
    ("language", "number", "account"), [("fr", 0, "startup"), ("en", 1, "startup2")]
)
def test_following_without_an_account(
    site: RunningSite, visit: Person, language: str, number: int, account: str
) -> None:
    words = WORDS[language]
    slug = site.shell(OPEN_CHALLENGE.format(number=number)).strip()
    site.shell(
        "from core.accounts.models import User;"
        f"User.objects.filter(email='{account}@demo.test').update(language='{language}')"
    )
    address = f"voisine-{language}@maison.example"
    page = visit.open(language)
    page.goto(f"{words['board']}{slug}/")
    page.get_by_role("link", name=words["follow"]).first.click()
    no_violation(page)
    page.locator("[name=email]").fill(address)
    press(page, words["send"])
    seen(page, words["look"])
    no_violation(page)

    link = link_in(site, address)
    page.goto(link)
    no_violation(page)
    press(page, words["confirm"])
    seen(page, words["done"])
    no_violation(page)
    page.goto(link)
    seen(page, words["used"])
    no_violation(page)

    # Somebody with an account follows it by one click.
    person = visit.open(language, account)
    person.goto(f"{words['board']}{slug}/")
    press(person, words["one_click"])
    seen(person, words["mine"])

    site.shell(CANCEL.format(slug=slug))
    page.goto(link_in(site, address, words["why"], words["stop_line"]))
    seen(page, words["will"])
    no_violation(page)
    press(page, words["stop_line"])
    seen(page, words["stopped"])
    no_violation(page)
    # What stopped names no way to the rest: it says where to ask for one; the letter has one.
    page.get_by_role("link", name=words["ask"]).click()
    seen(page, words["each_mail"])
    no_violation(page)
    page.locator("[name=email]").fill(address)
    press(page, words["send_link"])
    seen(page, words["look"])
    page.goto(link_in(site, address, words["why"], words["all"]))
    seen(page, words["nothing"])
    no_violation(page)

    # Nobody needs an account to be forgotten, by the queue's tables too.
    page.get_by_role("link", name=words["forget"]).click()
    seen(page, address)
    no_violation(page)
    press(page, words["forget_it"])
    seen(page, words["forgotten"])
    no_violation(page)
    wait_for_worker(site)
    assert site.shell(WHERE_STILL.format(address=address)) == "[]"

    # The bell of whom has an account says it too.
    person.goto(f"{words['board']}{slug}/")
    person.locator("a.bell").click()
    expect(person.locator("main")).to_contain_text(words["news"])
    no_violation(person)
    # Another tab, open meanwhile, learns within a minute that it was read here.
    other = person.context.new_page()
    other.clock.install()
    other.goto(words["board"])
    expect(other.locator("[data-unread]")).to_be_visible()
    press(person, words["read"])
    seen(person, words["was_read"])
    expect(person.locator("[data-unread]")).to_be_hidden()
    expect(other.locator("[data-unread]")).to_be_visible()
    other.clock.fast_forward(61_000)
    expect(other.locator("[data-unread]")).to_be_hidden()
