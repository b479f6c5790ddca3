"""Public pages of the directory."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from startups.views import needs, public

urlpatterns = [
    path(_("startups/<slug:slug>/"), public.startup_detail, name="startup_detail"),
    path(_("solutions/<slug:slug>/"), public.solution_detail, name="solution_detail"),
    path(_("incubators/<slug:slug>/"), public.incubator_detail, name="incubator_detail"),
    path(_("programs/<slug:slug>/"), public.program_detail, name="program_detail"),
    path(_("needs/<int:pk>/"), needs.detail, name="need_detail"),
]
