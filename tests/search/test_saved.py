"""Following a search: with an account or an address, told of each new thing once."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from core.accounts.models import User
from core.following import links
from core.following.domain.following import stop_following
from core.following.enums import Frequency
from core.following.models import Consent, ConsentWay, Follow, Follower
from core.notifications.models import Message
from core.registry import erasers, exporters, held_on_followers
from core.taxonomy.models import Theme
from search.domain import saving
from search.models import SavedSearch
from search.port import Query
from search.saved import address_of, kept_params, query_of, slug_of
from tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = "voisine@maison.example"
NOW = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
SNOW = Query("neige", "fr", kinds=("challenge",))


def page(language: str = "fr", **params: Any) -> str:
    with translation.override(language):
        asked = urlencode(params or {"q": "neige", "kind": "challenge"}, doseq=True)
        return f"{reverse('follow_search')}?{asked}"


def ask(client: Client, email: str = ADDRESS, frequency: str = "weekly", **params: Any) -> Any:
    asked = {"email": email, "language": "fr", "frequency": frequency}
    return client.post(page(**params), asked)


def last_link() -> str:
    text = Message.objects.order_by("-pk")[0].text
    found = re.search(r"http://localhost:8000(\S+)", text)
    assert found, text
    return found[1]


def signed_in(client: Client, language: str = "fr") -> User:
    user = factories.make_user("membre", language=language)
    client.force_login(user)
    return user


class TestAsking:
    """The page that follows a search."""

    def test_it_says_the_search_in_words(self, client: Client) -> None:
        said = client.get(page()).content.decode()
        assert "«\u00a0neige\u00a0» parmi les défis" in said
        english = client.get(page("en", q="snow", kind="challenge")).content.decode()
        assert "“snow” among challenges" in english

    def test_an_unknown_filter_is_said_and_left_out(self, client: Client) -> None:
        said = client.get(page(q="neige", theme="<i>nul", bizarre="1")).content.decode()
        assert "&lt;i&gt;nul, bizarre" in said or "bizarre, &lt;i&gt;nul" in said
        ask(client, q="neige", theme="nul")
        assert SavedSearch.objects.get().params == {"q": "neige"}

    def test_a_visitor_confirms_by_mail(self, client: Client) -> None:
        answer = ask(client)
        assert "«\u00a0“neige” parmi les défis\u00a0»" in answer.content.decode()
        saved = SavedSearch.objects.get()
        assert (saved.params, saved.language, saved.frequency) == (
            {"q": "neige", "kind": ["challenge"]},
            "fr",
            "weekly",
        )
        assert saved.follow.confirmed_at is None
        assert client.post(last_link()).status_code == 302
        saved.follow.refresh_from_db()
        assert saved.follow.confirmed_at is not None
        assert "“neige” parmi les défis" in Consent.objects.get().text

    def test_somebody_else_does_not_change_a_confirmed_rhythm(self, client: Client) -> None:
        ask(client)
        client.post(last_link())
        ask(client, frequency="daily")
        assert SavedSearch.objects.get().frequency == "weekly"

    def test_a_wrong_address_or_rhythm_is_said(self, client: Client) -> None:
        assert ask(client, email="nulle part").status_code == 422
        assert ask(client, frequency="at_once").status_code == 422
        assert not SavedSearch.objects.exists()

    def test_too_many_requests_of_one_connection(self, client: Client) -> None:
        cache.clear()
        codes = [ask(client, email=f"a{n}@maison.example").status_code for n in range(11)]
        assert codes == [200] * 10 + [429]

    def test_an_address_follows_so_many_searches(self) -> None:
        for n in range(saving.MOST_SEARCHES + 1):
            email = ADDRESS if n else ADDRESS.upper()
            now = NOW + timedelta(days=n)
            query = Query(f"mot{n}", "fr")
            saving.ask_to_save(
                email=email, query=query, frequency=Frequency.DAILY, language="fr", now=now
            )
        assert SavedSearch.objects.count() == saving.MOST_SEARCHES

    def test_an_account_clicks_changes_and_stops(self, client: Client) -> None:
        signed_in(client)
        answer = client.post(page(), {"frequency": "daily"})
        assert answer.url == "/fr/recherche/?q=neige&kind=challenge"
        assert client.post(page(), {"frequency": "weekly"}).status_code == 302
        saved = SavedSearch.objects.get()
        assert (saved.frequency, saved.follow.confirmed_at is None) == ("weekly", False)
        assert "Vous suivez déjà cela" in client.get(page()).content.decode()
        client.post(page(), {"stop": "yes"})
        assert not SavedSearch.objects.exists()
        assert [c.act for c in Consent.objects.order_by("pk")] == ["given", "withdrawn"]

    def test_whose_session_has_ended_signs_in_and_is_back(self, client: Client) -> None:
        signed_in(client)
        client.logout()
        for pressed in ({"frequency": "weekly"}, {"stop": "yes"}):
            answer = client.post(page(), pressed, follow=True)
            (there,) = answer.redirect_chain
            assert there == (f"/fr/compte/login/?{urlencode({'next': page()}, safe='/')}", 302)
            assert "Votre session est terminée" in answer.content.decode()
        assert not SavedSearch.objects.exists()

    def test_an_account_follows_so_many_searches(self, client: Client) -> None:
        user = signed_in(client)
        for n in range(saving.MOST_SEARCHES):
            query = Query(f"mot{n}", "fr")
            saving.save_search(user=user, query=query, frequency=Frequency.DAILY, now=NOW)
        answer = client.post(page(), {"frequency": "daily"})
        assert answer.status_code == 409
        assert "20 recherches" in answer.content.decode()
        assert f'<a href="{reverse("following")}">Voir tout ce que vous suivez</a>' in (
            answer.content.decode()
        )
        assert SavedSearch.objects.count() == saving.MOST_SEARCHES

    def test_what_others_asked_in_its_name_takes_no_place(self, client: Client) -> None:
        user = signed_in(client)
        for n in range(saving.MOST_SEARCHES):
            saving.ask_to_save(
                email=user.email,
                query=Query(f"mot{n}", "fr"),
                frequency=Frequency.DAILY,
                language="fr",
                now=NOW + timedelta(days=n),
            )
        assert client.post(page(), {"frequency": "daily"}).status_code == 302
        assert SavedSearch.objects.visible_to(user).filter(params__q="neige").exists()

    @pytest.mark.parametrize(
        "typed",
        [
            "http://piège.example/compte",
            "compte suspendu, voir piege.example",
            "voir piege．example",
            "écrire à arnaque@piege.example",
            "appelez le 514 555 0199 sans attendre",
            "un très long message " * 4,
        ],
    )
    def test_nobody_makes_the_city_write_what_they_want(self, client: Client, typed: str) -> None:
        ask(client, q=typed, kind="challenge")
        mail = Message.objects.get(event="follow_confirm")
        said = f"{mail.subject}\n{mail.text}\n{mail.html}"
        for word in ("piège", "piege", "arnaque", "0199", "long message"):
            assert word not in said
        assert "défis, avec des mots que la page du lien affiche" in mail.subject
        # Behind the link, on the city's own page, what one confirms is said whole.
        assert typed.split(maxsplit=1)[0] in client.get(last_link()).content.decode()

    def test_what_an_address_followed_becomes_the_account_s(self, client: Client) -> None:
        user = factories.make_user("membre")
        ask(client, email=user.email)
        client.post(last_link())
        client.force_login(user)
        client.get(reverse("following"))
        assert SavedSearch.objects.get().follow.follower.user == user

    def test_nobody_begins_it_by_its_number(self, client: Client) -> None:
        ask(client)
        slug = Follow.objects.get().slug
        assert client.get(reverse("follow", args=["search", slug])).status_code == 404


class TestKept:
    """What is kept is the search's address."""

    def test_neither_order_nor_page_nor_the_order_of_values_make_another_search(self) -> None:
        one = Query("sel", "fr", themes=("b", "a"), offset=40)
        other = Query("sel", "fr", themes=("a", "b"), sort="newest")  # type: ignore[arg-type]
        assert kept_params(one) == kept_params(other) == {"q": "sel", "theme": ["a", "b"]}
        assert slug_of(kept_params(one), "fr") == slug_of(kept_params(other), "fr")
        assert slug_of(kept_params(one), "fr") != slug_of(kept_params(one), "en")

    def test_it_is_read_back(self) -> None:
        query = Query("sel", "en", kinds=("pilot",), themes=("parti",), exact=True, now=NOW)
        assert query_of(kept_params(query), "en", NOW) == query
        assert address_of(kept_params(query), "en") == (
            "/en/search/?q=sel&kind=pilot&theme=parti&exact=1"
        )

    def test_the_database_refuses_another_rhythm_or_language(self) -> None:
        follower = Follower.objects.create(email=ADDRESS, created_at=NOW)
        for n, wrong in enumerate(({"frequency": "never"}, {"language": "es"})):
            follow = Follow.objects.create(
                follower=follower, kind="search", slug=f"s{n}", asked_at=NOW
            )
            values = {"frequency": "daily", "language": "fr", **wrong}
            with pytest.raises(IntegrityError), transaction.atomic():
                SavedSearch.objects.create(follow=follow, params={}, told_until=NOW, **values)


class TestOwnList:
    """Searches stand with what one follows."""

    def save(self, user: User, *texts: str, **fields: Any) -> list[SavedSearch]:
        return [
            saving.save_search(
                user=user, query=Query(text, "fr", **fields), frequency=Frequency.DAILY, now=NOW
            )
            for text in texts
        ]

    def test_the_rhythm_is_changed_there(self, client: Client) -> None:
        (saved,) = self.save(signed_in(client), "neige")
        said = client.get(reverse("following")).content.decode()
        # No quotation marks stand around it here: its own are the outer ones.
        assert '<a href="/fr/recherche/?q=neige">«\u00a0neige\u00a0»</a>' in said
        assert "“neige”" not in said
        posted = {"rhythm": saved.follow_id, f"often-{saved.follow_id}": "weekly"}
        answer = client.post(reverse("following"), posted, follow=True)
        assert "C’est enregistré" in answer.content.decode()
        saved.refresh_from_db()
        assert saved.frequency == "weekly"

    @pytest.mark.parametrize("often", ["never", "", "x"])
    def test_no_other_rhythm(self, client: Client, often: str) -> None:
        (saved,) = self.save(signed_in(client), "neige")
        posted = {"rhythm": saved.follow_id, f"often-{saved.follow_id}": often}
        answer = client.post(reverse("following"), posted, follow=True)
        assert "Rien n’a changé" in answer.content.decode()
        saved.refresh_from_db()
        assert saved.frequency == "daily"

    def test_not_that_of_another(self, client: Client) -> None:
        (saved,) = self.save(factories.make_user("autre"), "neige")
        signed_in(client)
        posted = {"rhythm": saved.follow_id, f"often-{saved.follow_id}": "weekly"}
        client.post(reverse("following"), posted)
        saved.refresh_from_db()
        assert saved.frequency == "daily"
        assert not SavedSearch.objects.visible_to(User.objects.last()).exists()

    def test_a_removed_theme_is_said(self, client: Client) -> None:
        theme = Theme.objects.create(slug="passager", name_fr="Passager", name_en="Passing")
        cache.clear()
        self.save(signed_in(client), "neige", themes=(theme.slug,))
        theme.delete()
        cache.clear()
        said = client.get(reverse("following")).content.decode()
        assert "thème qui n’existe plus\u00a0: passager" in said
        assert "La ville n’utilise plus un thème ou un lieu" in said

    def test_as_many_questions_for_one_as_for_three(self, client: Client) -> None:
        user, counts = signed_in(client), []
        for texts in (["un"], ["deux", "trois"]):
            self.save(user, *texts)
            client.get(reverse("following"))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("following"))
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_stopped_in_another_window(self) -> None:
        user = factories.make_user("membre")
        (saved,) = self.save(user, "neige")
        follow = saved.follow
        stop_following(
            follower=follow.follower, follows=[follow], way=ConsentWay.ACCOUNT, now=timezone.now()
        )
        with pytest.raises(saving.SearchStopped):
            saving.choose_rhythm(follow=follow, frequency="weekly", now=NOW)


class TestRights:
    """What is held of a person leaves with them."""

    def test_in_the_copy_of_an_account_and_gone_with_it(self) -> None:
        user = factories.make_user("membre")
        saving.save_search(user=user, query=SNOW, frequency=Frequency.DAILY, now=NOW)
        (row,) = exporters["saved_searches"].rows(user)
        assert tuple(row) == exporters["saved_searches"].fields
        assert row["params"] == {"q": "neige", "kind": ["challenge"]}
        assert erasers["saved_searches"].erase(user, NOW) == 1
        assert erasers["saved_searches"].erase(user, NOW) == 0

    def test_in_the_copy_of_an_address_and_gone_with_it(self, client: Client) -> None:
        ask(client)
        client.post(last_link())
        follower = Follower.objects.get()
        link = links.seeing(follower)
        copy = json.loads(client.get(reverse("follow_data", args=[link])).content)
        assert [row["params"]["q"] for row in copy["saved_searches"]] == ["neige"]
        assert "saved_searches" in held_on_followers
        client.post(reverse("follow_forget", args=[link]))
        assert not SavedSearch.objects.exists()
