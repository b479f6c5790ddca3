"""The challenge manager's addresses."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from pilots.views import city

urlpatterns = [
    path(_("workspace/city/challenges/"), city.challenges, name="city_challenges"),
    path(_("workspace/city/challenges/<slug:slug>/"), city.challenge, name="city_challenge"),
    path(_("workspace/city/challenges/<slug:slug>/jury/"), city.appoint, name="city_jury"),
    path(_("workspace/city/challenges/<slug:slug>/assign/"), city.assign, name="city_assign"),
    path(_("workspace/city/challenges/<slug:slug>/cancel/"), city.cancel, name="city_cancel"),
    path(_("workspace/city/challenges/<slug:slug>/envelope/"), city.envelope, name="city_envelope"),
    path(_("workspace/city/applications/<int:pk>/"), city.application, name="city_application"),
    path(_("workspace/city/evaluations/<int:pk>/return/"), city.give_back, name="city_return"),
]
