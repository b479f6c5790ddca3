"""The addresses of a pilot's team."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from pilots.views import fieldwork, pilotdesk

urlpatterns = [
    path(_("workspace/pilots/<slug:slug>/"), pilotdesk.desk, name="pilotdesk"),
    path(_("workspace/pilots/<slug:slug>/start/"), pilotdesk.start, name="pilotdesk_start"),
    path(_("workspace/pilots/<slug:slug>/resume/"), pilotdesk.resume, name="pilotdesk_resume"),
    path(_("workspace/pilots/<slug:slug>/suspend/"), pilotdesk.suspend, name="pilotdesk_suspend"),
    path(
        _("workspace/pilots/<slug:slug>/complete/"), pilotdesk.complete, name="pilotdesk_complete"
    ),
    path(_("workspace/pilots/<slug:slug>/cancel/"), pilotdesk.cancel, name="pilotdesk_cancel"),
    path(_("workspace/pilots/<slug:slug>/plan/"), pilotdesk.plan, name="pilotdesk_plan"),
    path(_("workspace/pilots/<slug:slug>/privacy/"), pilotdesk.privacy, name="pilotdesk_privacy"),
    path(_("workspace/pilots/<slug:slug>/verdict/"), pilotdesk.verdict, name="pilotdesk_verdict"),
    path(_("workspace/pilots/<slug:slug>/sites/"), fieldwork.sites, name="pilotdesk_sites"),
    path(
        _("workspace/pilots/<slug:slug>/sites/<int:pk>/release/"),
        fieldwork.release,
        name="pilotdesk_release",
    ),
    path(
        _("workspace/pilots/<slug:slug>/permits/<int:pk>/"),
        fieldwork.permit,
        name="pilotdesk_permit",
    ),
    path(
        _("workspace/pilots/<slug:slug>/indicators/"),
        fieldwork.indicators,
        name="pilotdesk_indicators",
    ),
    path(
        _("workspace/pilots/<slug:slug>/indicators/<int:pk>/remove/"),
        fieldwork.remove_indicator,
        name="pilotdesk_indicator_remove",
    ),
    path(
        _("workspace/pilots/<slug:slug>/milestones/"),
        fieldwork.milestones,
        name="pilotdesk_milestones",
    ),
    path(
        _("workspace/pilots/<slug:slug>/milestones/<int:pk>/settle/"),
        fieldwork.settle,
        name="pilotdesk_settle",
    ),
    path(
        _("workspace/pilots/<slug:slug>/readings/"), fieldwork.readings, name="pilotdesk_readings"
    ),
    path(
        _("workspace/pilots/<slug:slug>/keys/"), fieldwork.create_key, name="pilotdesk_key_create"
    ),
    path(
        _("workspace/pilots/<slug:slug>/keys/<int:pk>/revoke/"),
        fieldwork.revoke_key,
        name="pilotdesk_key_revoke",
    ),
    path(_("workspace/pilots/<slug:slug>/journal/"), fieldwork.journal, name="pilotdesk_journal"),
]
