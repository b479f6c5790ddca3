"""Addresses of the lists; records have theirs in their own floor."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from cms.directories import calendar_views, feeds, views

urlpatterns = [
    path(_("challenges/"), views.directory_list, {"kind": "challenges"}, name="challenge_list"),
    path(_("challenges/feed.atom"), feeds.ChallengeFeed(), name="challenge_feed"),
    path(_("challenges/calendar.ics"), feeds.challenge_calendar, name="challenge_ics"),
    path(_("pilots/"), views.directory_list, {"kind": "pilots"}, name="pilot_list"),
    path(_("pilots/feed.atom"), feeds.PilotFeed(), name="pilot_feed"),
    path(_("sites/"), views.directory_list, {"kind": "sites"}, name="site_list"),
    path(_("incubators/"), views.directory_list, {"kind": "incubators"}, name="incubator_list"),
    path(_("programs/"), views.directory_list, {"kind": "programs"}, name="program_list"),
    path(_("programs/calendar/"), calendar_views.program_calendar, name="program_calendar"),
    path(_("programs/calendar.ics"), calendar_views.program_ics, name="program_ics"),
    path(_("incubators/map.json"), views.map_data, {"kind": "incubators"}, name="incubator_map"),
    path(_("programs/map.json"), views.map_data, {"kind": "programs"}, name="program_map"),
    path(_("startups/map.json"), views.map_data, {"kind": "startups"}, name="startup_map"),
    path(_("solutions/map.json"), views.map_data, {"kind": "solutions"}, name="solution_map"),
    path(_("startups/"), views.directory_list, {"kind": "startups"}, name="startup_list"),
    path(_("solutions/"), views.directory_list, {"kind": "solutions"}, name="solution_list"),
    path(_("needs/"), views.directory_list, {"kind": "needs"}, name="need_list"),
]
