"""What moderators do with the directory, besides writing its records."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from startups.views import city

urlpatterns = [
    path(_("workspace/city/directory/"), city.waiting, name="city_directory"),
    path(_("workspace/city/directory/<slug:kind>/<int:pk>/"), city.listing, name="city_listing"),
    path(
        _("workspace/city/directory/<slug:kind>/<int:pk>/claims/"), city.settle, name="city_claims"
    ),
    path(
        _("workspace/city/directory/<slug:kind>/<int:pk>/verify/"), city.verify, name="city_verify"
    ),
]
