"""For the tests: nothing kept between pages, quick passwords, mail in memory."""

from cms.settings import environment
from cms.settings._apply import derived
from cms.settings.base import *

ENV = environment.read(debug=False, secret_key="tests-only", allowed_hosts=["*"])
globals().update(derived(ENV))
PAGE_CACHE_SECONDS = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ACCOUNT_RATE_LIMITS = False
