"""What the start refuses, and what production is checked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import RequestFactory
from django.views.defaults import server_error

from cms.management.commands.start import environment

ROOT = Path(__file__).resolve().parents[2]
SECRET = "une-cle-de-cinquante-signes-au-moins-pour-le-controle-de-production"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command of the site with production's settings and only these variables."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**kept, "DJANGO_SETTINGS_MODULE": "cms.settings.production", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("DEBUG", "peut-être"),
        ("BASE_URL", "essai.ville.example"),
        ("BASE_URL", "https://"),
        ("DATABASE_URL", "mysql://ici/base"),
        ("DATABASE_URL", "postgres://ici:porte/base"),
        ("REDIS_URL", "http://ici"),
        ("ELASTICSEARCH_URL", "redis://ici"),
        ("ELASTICSEARCH_URL", "http://"),
        ("ELASTICSEARCH_URL", "http://ici:porte"),
        ("ELASTICSEARCH_URL", "http://ici:9200/?pretty"),
        ("ELASTICSEARCH_PREFIX", "Ville de"),
        ("ELASTICSEARCH_REPLICAS", "-1"),
        ("EMAIL_URL", "pigeon://ici"),
        ("EMAIL_URL", "smtp://ici:porte"),
        ("PAGE_CACHE_SECONDS", "-1"),
        ("LOG_LEVEL", "FORT"),
        ("BASE_URL", "https://une ville"),
        ("BASE_URL", "https://ville.example/sous-dossier"),
        ("DATABASE_URL", "postgres://ici"),
        ("DATABASE_URL", "sqlite:"),
        ("REDIS_URL", "redis://ici/premiere"),
        ("EMAIL_URL", "filemail://"),
        ("MEDIA_URL_BASE", "media"),
        ("MAP_TILES_URL", "des tuiles"),
        ("MAP_TILES_URL", "https://tuiles.example/"),
        ("ALLOWED_HOSTS", "https://ville.example/"),
        ("OIDC_SERVER_URL", "identite.ville.example"),
        ("OIDC_SERVER_URL", "https://"),
        ("ALLAUTH_TRUSTED_PROXY_COUNT", "-1"),
    ],
)
def test_a_bad_value_stops_the_start_with_one_sentence(name: str, value: str) -> None:
    answer = run("-c", "import cms.settings.production", **{"SECRET_KEY": SECRET, name: value})
    assert answer.returncode == 2
    said = answer.stderr.splitlines()
    assert len(said) == 1
    assert said[0].startswith(name)
    assert said[0].endswith(".")


def test_an_identity_provider_is_configured_whole_or_not_at_all() -> None:
    given = {"OIDC_SERVER_URL": "https://identite.ville.example", "OIDC_NAME": "Ville"}
    answer = run("-c", "import cms.settings.production", SECRET_KEY=SECRET, **given)
    assert answer.returncode == 2
    said = answer.stderr.splitlines()
    assert len(said) == 1
    assert said[0].endswith("half configured: OIDC_CLIENT_ID, OIDC_CLIENT_SECRET missing.")
    whole = {**given, "OIDC_CLIENT_ID": "banc", "OIDC_CLIENT_SECRET": "secret"}
    shown = "from cms.settings import production as p; print(p.SOCIALACCOUNT_PROVIDERS)"
    answer = run("-c", shown, SECRET_KEY=SECRET, **whole)
    assert "'oauth_pkce_enabled': True" in answer.stdout


def test_an_empty_value_is_the_default() -> None:
    code = "import cms.settings.production as s; print(s.DATABASES['default']['ENGINE'])"
    answer = run("-c", code, SECRET_KEY=SECRET, DATABASE_URL="")
    assert answer.stdout.strip() == "django.db.backends.sqlite3"


def test_a_fault_in_production_leaves_a_trace_of_the_level_asked_for() -> None:
    code = (
        "import django, logging; django.setup();"
        "log = logging.getLogger('django.request');"
        "log.warning('page absente'); log.error('faute')"
    )
    said = run("-c", code, SECRET_KEY=SECRET).stderr.splitlines()
    assert said == ["page absente", "faute"]
    assert run("-c", code, SECRET_KEY=SECRET, LOG_LEVEL="ERROR").stderr.splitlines() == ["faute"]


def test_links_name_the_port_that_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BASE_URL", raising=False)
    assert environment(8080)["BASE_URL"] == "http://localhost:8080"
    monkeypatch.setenv("BASE_URL", "https://essai.ville.example")
    assert environment(8080)["BASE_URL"] == "https://essai.ville.example"


def test_production_passes_the_deployment_check() -> None:
    answer = run(
        *("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        SECRET_KEY=SECRET,
        BASE_URL="https://essai.ville.example",
    )
    assert answer.stderr == ""
    assert "no issues (0 silenced)" in answer.stdout


def test_the_tiles_of_a_map_are_let_in_only_by_setting() -> None:
    code = (
        "import cms.settings.production as s;"
        "print(*s.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src'])"
    )
    without = run("-c", code, SECRET_KEY=SECRET)
    assert without.stdout.split() == ["'self'", "data:"]
    tiles = "https://tuiles.example/{z}/{x}/{y}.png"
    given = run("-c", code, SECRET_KEY=SECRET, MAP_TILES_URL=tiles)
    assert given.stdout.split() == ["'self'", "data:", "https://tuiles.example"]


def test_the_page_of_our_own_errors_speaks_both_languages() -> None:
    answer = server_error(RequestFactory().get("/"))
    html = answer.content.decode()
    assert answer.status_code == 500
    assert "Une erreur est survenue" in html
    assert "Something went wrong" in html
    assert 'rel="stylesheet"' in html
