"""All addresses; those with a language come last, Wagtail's catch-all last of all."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms import devmail, health
from cms.pages import views as pages
from cms.styleguide import styleguide
from core.files.serving import picture, serve
from core.notifications.address_views import mail_events

# allauth's own list, save that of the identity provider: it comes back to one address, whatever the
# language, which stands below.
account_urls = [
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("3rdparty/", include("allauth.socialaccount.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
# Who asks too often; allauth reads it here.
handler429 = "core.accounts.limits.too_many"

urlpatterns = [
    path("", pages.choose_language, name="choose_language"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("webhooks/mail/", mail_events, name="mail_events"),
    path("files/<uuid:uuid>/", serve, name="file"),
    path("pictures/<uuid:uuid>/", picture, name="picture"),
    # One way in: Wagtail's own would pass by the second factor and the limits of attempts.
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/password_reset/", RedirectView.as_view(pattern_name="account_reset_password")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("cms.opendata.urls")),
    path("", include("core.accounts.oidc_urls")),
]
if settings.DEBUG:
    from django.conf.urls.static import static

    urlpatterns += [
        path("dev/mail/", devmail.inbox, name="dev_mail"),
        path("styleguide/", styleguide, name="styleguide"),
    ]
    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)

urlpatterns += i18n_patterns(
    path("", pages.home, name="home"),
    path("", include("cms.directories.urls")),
    path("", include("cms.finding.urls")),
    path("", include("cms.opendata.pages_urls")),
    path("", include("cms.workspace.urls")),
    path("", include("core.accounts.urls")),
    path("", include("core.privacy.urls")),
    path("", include("core.following.urls")),
    path("", include("search.urls")),
    path("", include("core.notifications.urls")),
    path("", include("pilots.urls.public")),
    path("", include("pilots.urls.applicant")),
    path("", include("pilots.urls.jury")),
    path("", include("pilots.urls.city")),
    path("", include("pilots.urls.pilotdesk")),
    path("", include("startups.urls.public")),
    path("", include("startups.urls.member")),
    path("", include("startups.urls.city")),
    path(_("account/"), include(account_urls)),
    # Wagtail's page of a restricted page, for the same reason as that of its administration.
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("", include(wagtail_urls)),
)
