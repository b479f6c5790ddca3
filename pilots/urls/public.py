"""Public pages of the thread."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from pilots.views import public

urlpatterns = [
    path(_("challenges/<slug:slug>/"), public.challenge_detail, name="challenge_detail"),
    path(_("pilots/<slug:slug>/"), public.pilot_detail, name="pilot_detail"),
    path(_("sites/<slug:slug>/"), public.site_detail, name="site_detail"),
]
