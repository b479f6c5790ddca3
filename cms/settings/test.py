"""For the tests: nothing kept between pages, quick passwords, mail in memory."""

import os
from urllib.parse import urlsplit

from cms.settings import base, environment
from cms.settings._apply import derived
from cms.settings.base import *

ENV = environment.read(debug=False, secret_key="tests-only", allowed_hosts=["*"])
globals().update(derived(ENV))
CACHES = base.caches(ENV)
# One process: the number of queries of a page is the same with Redis and without.
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
PAGE_CACHE_SECONDS = 0
VIEWS_KEPT_SECONDS = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ACCOUNT_RATE_LIMITS = False
# A message that is given what its event does not declare is an error, not a line in a log.
STRICT_MESSAGES = True


# Processes of a run, and runs at the same time, share the server and no index.
ELASTICSEARCH_PREFIX = f"test-{os.getpid()}"


def of_this_process(redis_url: str) -> str:
    """Each test empties its cache: one database of Redis per process, which its sites share."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1
    return urlsplit(redis_url)._replace(path=f"/{number}").geturl()


if ENV.redis_url:
    CACHES["default"]["LOCATION"] = of_this_process(ENV.redis_url)
