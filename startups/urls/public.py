"""Public pages of the directory."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from startups.views import compare, correcting, fit, history, needs, public

urlpatterns = [
    path(_("startups/<slug:slug>/"), public.startup_detail, name="startup_detail"),
    path(_("solutions/<slug:slug>/"), public.solution_detail, name="solution_detail"),
    path(_("incubators/<slug:slug>/"), public.incubator_detail, name="incubator_detail"),
    # Before the programs: these are addresses of none.
    path(_("programs/which-program/"), fit.questions, name="program_fit"),
    path(_("programs/which-program/results/"), fit.results, name="program_fit_results"),
    path(_("programs/compare/"), compare.programs, name="program_compare"),
    path(_("programs/<slug:slug>/"), public.program_detail, name="program_detail"),
    path(_("needs/<int:pk>/"), needs.detail, name="need_detail"),
    path(_("directory/wrong/<slug:kind>/<slug:slug>/"), correcting.choose, name="listing_wrong"),
    path(
        _("directory/wrong/<slug:kind>/<slug:slug>/<slug:field>/"),
        correcting.propose,
        name="listing_correct",
    ),
    path(_("directory/history/<slug:kind>/<slug:slug>/"), history.history, name="listing_history"),
]
