"""Challenges and trials in the administration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from core import dates
from core.viewsets import RecordViewSet
from pilots import panels
from pilots.admin_views import (
    ChallengeCreateView,
    ChallengeEditView,
    ChallengeWorkflowActionView,
    DraftDeleteView,
    StageEditView,
    StaysPublicView,
)
from pilots.domain.status import challenge_status
from pilots.enums import ChallengeState
from pilots.models import Challenge, PermitRule, Pilot, Site, Stage

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


def _status(challenge: Challenge) -> str:
    if challenge.state != ChallengeState.PUBLISHED:
        return ""
    return str(challenge_status(challenge, timezone.now()).label)


def _closes(challenge: Challenge) -> str:
    stage = challenge.stage
    return dates.day(stage.closes_at) if stage is not None and stage.closes_at else ""


class ChallengeViewSet(RecordViewSet):
    """A municipal problem, drafted, approved by a second person, published."""

    model = Challenge
    icon = "help"
    list_display = [
        "__str__",
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
        Column("status", label=_("Call"), accessor=_status),
        Column("closes", label=_("Closes"), accessor=_closes),
    ]
    list_filter = ["state", "themes", "boroughs"]
    edit_handler = panels.challenge_panels()
    add_view_class = ChallengeCreateView
    edit_view_class = ChallengeEditView
    delete_view_class = DraftDeleteView
    unpublish_view_class = StaysPublicView
    workflow_action_view_class = ChallengeWorkflowActionView

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what a row shows, in a constant number of queries."""
        return Challenge.objects.select_related("call").prefetch_related("call__stages")


class StageViewSet(RecordViewSet):
    """Dates, questions and criteria: reached from the challenge."""

    model = Stage
    icon = "list-ul"
    # In no menu, nor among the snippets.
    menu_item_is_registered = True
    list_display = ["__str__", "opens_at", "closes_at"]
    edit_handler = panels.stage_panels()
    edit_view_class = StageEditView

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the titles of the challenges."""
        rows: QuerySet[Any] = Stage.objects.select_related("call")
        return rows.prefetch_related("call__challenges")


class PilotViewSet(RecordViewSet):
    """The public words of a trial."""

    model = Pilot
    icon = "site"
    list_display = [
        "__str__",
        "reference",
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
        "starts_on",
        "ends_on",
    ]
    list_filter = ["state"]
    edit_handler = panels.pilot_panels()
    unpublish_view_class = StaysPublicView


class SiteViewSet(RecordViewSet):
    """Test sites."""

    model = Site
    icon = "globe"
    inspect_view_enabled = True
    list_display = ["__str__", "kind", "borough", "is_public"]
    list_filter = ["kind", "borough", "is_public"]
    search_fields = ["name_fr", "name_en"]
    edit_handler = panels.site_panels()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the boroughs' names."""
        return Site.objects.select_related("borough")


class PermitRuleViewSet(RecordViewSet):
    """What a borough demands of a trial."""

    model = PermitRule
    icon = "tasks"
    inspect_view_enabled = True
    list_display = ["__str__", "site_kind", "delay_days", "valid_from", "valid_to"]
    list_filter = ["borough", "site_kind"]
    search_fields = ["label_fr", "label_en"]
    edit_handler = panels.permit_rule_panels()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the boroughs' names."""
        return PermitRule.objects.select_related("borough")


class ThreadGroup(SnippetViewSetGroup):  # type: ignore[misc]
    """The menu of challenges and trials."""

    items = (ChallengeViewSet, PilotViewSet, SiteViewSet, PermitRuleViewSet)
    menu_icon = "clipboard-list"
    menu_label = _("Challenges and trials")
    menu_name = "thread"
    menu_order = 100
