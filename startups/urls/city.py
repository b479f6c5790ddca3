"""What moderators do with the directory, besides writing its records."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from startups.views import city, ending

urlpatterns = [
    path(_("workspace/city/directory/"), city.waiting, name="city_directory"),
    path(_("workspace/city/directory/<slug:kind>/<int:pk>/"), city.listing, name="city_listing"),
    path(
        _("workspace/city/directory/<slug:kind>/<int:pk>/claims/"), city.settle, name="city_claims"
    ),
    path(
        _("workspace/city/directory/<slug:kind>/<int:pk>/verify/"), city.verify, name="city_verify"
    ),
    path(_("workspace/city/corrections/<int:pk>/"), city.correction, name="city_correction"),
    path(
        _("workspace/city/directory/<slug:kind>/<int:pk>/close/"),
        ending.end,
        {"job": "close"},
        name="city_close",
    ),
    path(
        _("workspace/city/directory/<slug:kind>/<int:pk>/merge/"),
        ending.end,
        {"job": "merge"},
        name="city_merge",
    ),
    path(
        _("workspace/city/directory/<slug:kind>/<int:pk>/rename/"),
        ending.end,
        {"job": "rename"},
        name="city_rename",
    ),
    path(
        _("workspace/city/directory/<slug:kind>/<int:pk>/reopen/"),
        ending.end,
        {"job": "reopen"},
        name="city_reopen",
    ),
]
