"""Public pages of the directory."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from startups.views import correcting, history, public

urlpatterns = [
    path(_("startups/<slug:slug>/"), public.startup_detail, name="startup_detail"),
    path(_("solutions/<slug:slug>/"), public.solution_detail, name="solution_detail"),
    path(_("incubators/<slug:slug>/"), public.incubator_detail, name="incubator_detail"),
    path(_("programs/<slug:slug>/"), public.program_detail, name="program_detail"),
    path(_("directory/wrong/<slug:kind>/<slug:slug>/"), correcting.choose, name="listing_wrong"),
    path(
        _("directory/wrong/<slug:kind>/<slug:slug>/<slug:field>/"),
        correcting.propose,
        name="listing_correct",
    ),
    path(_("directory/history/<slug:kind>/<slug:slug>/"), history.history, name="listing_history"),
]
