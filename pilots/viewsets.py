"""The administration's side of the thread: forms grouped for the person who fills them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from core.exceptions import DomainError
from pilots.domain.challenge import open_own_call, readiness
from pilots.domain.stage import write_stage
from pilots.models import Challenge, PermitRule, Pilot, Site, Stage
from pilots.policies import BornByVerbPolicy, ChallengePolicy, StagePolicy

register_permission_policy(Challenge, ChallengePolicy(Challenge))
register_permission_policy(Stage, StagePolicy(Stage))
register_permission_policy(Pilot, BornByVerbPolicy(Pilot))

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def pair(stem: str, *, heading: Any = "") -> MultiFieldPanel:
    """French and English side by side."""
    return MultiFieldPanel(
        [FieldRowPanel([FieldPanel(f"{stem}_fr"), FieldPanel(f"{stem}_en")])], heading=heading
    )


class StagePanel(Panel):  # type: ignore[misc]  # Wagtail carries no types
    """Where the call stands, and the way to its own page."""

    class BoundPanel(Panel.BoundPanel):  # type: ignore[misc]
        """The panel for one challenge."""

        template_name = "pilots/admin/stage_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """The stage, what it holds, what lacks."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            challenge = self.instance
            stage = challenge.stage if challenge.pk else None
            context["stage"] = stage
            if stage is not None:
                context["questions"] = stage.questions.count()
                context["criteria"] = list(stage.criteria.all())
                context["url"] = reverse(StageViewSet().get_url_name("edit"), args=[stage.pk])
                context["problems"] = (
                    readiness(challenge, now=timezone.now()) if challenge.state == "draft" else []
                )
            return context


class ChallengeCreate(CreateView):  # type: ignore[misc]
    """A new challenge receives a call of its own, which its author edits beside it."""

    def save_instance(self) -> Challenge:
        """The draft, then its call."""
        challenge: Challenge = super().save_instance()
        open_own_call(challenge=challenge, actor=self.request.user, now=timezone.now())
        challenge.refresh_from_db(fields=["call"])
        return challenge


class ChallengeViewSet(SnippetViewSet):  # type: ignore[misc]
    """Challenges."""

    model = Challenge
    icon = "clipboard-list"
    menu_label = _("Challenges")
    list_display = ("title_fr", "reference", "state", "updated_at")
    list_filter = ("state", "live")
    search_fields = ("title_fr", "title_en")
    add_view_class = ChallengeCreate
    copy_view_enabled = False
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    StagePanel(heading=_("Dates, questions and criteria")),
                    pair("title", heading=_("Title")),
                    FieldPanel("slug"),
                    pair("summary", heading=_("In one sentence")),
                    pair("problem", heading=_("The problem")),
                    pair("wanted", heading=_("What is wanted")),
                ],
                heading=_("The problem"),
            ),
            ObjectList(
                [
                    FieldPanel("budget_max"),
                    pair("offer_budget", heading=_("Budget in words")),
                    pair("offer_places", heading=_("Places")),
                    pair("offer_data", heading=_("Data")),
                    pair("offer_team", heading=_("Team")),
                    pair("purchase", heading=_("If the trial works")),
                ],
                heading=_("What the city offers"),
            ),
            ObjectList(
                [
                    FieldPanel("themes"),
                    FieldPanel("boroughs"),
                    FieldPanel("sites"),
                    FieldRowPanel(
                        [
                            FieldPanel("trial_starts_on"),
                            FieldPanel("trial_weeks"),
                            FieldPanel("verdict_weeks"),
                        ]
                    ),
                ],
                heading=_("Places and trial"),
            ),
            ObjectList(
                [
                    pair("department", heading=_("Department")),
                    pair("contact_role", heading=_("Contact, by role")),
                    FieldPanel("contact_email"),
                    PublishingPanel(),
                ],
                heading=_("Contact and schedule"),
            ),
        ]
    )


class StageEdit(EditView):  # type: ignore[misc]
    """Written through the verb, which refuses once the call is frozen."""

    def form_valid(self, form: Any) -> HttpResponse:
        """One domain call; its refusal is said above the form, with what was typed."""
        request: HttpRequest = self.request

        def save() -> None:
            self.object = form.save()

        try:
            write_stage(
                stage=form.instance,
                save=save,
                actor=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            )
        except DomainError as error:
            messages.error(request, str(error.message))
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(request, _("Dates, questions and criteria are saved."))
        challenge = self.object.call.challenges.first()
        return redirect(reverse(ChallengeViewSet().get_url_name("edit"), args=[challenge.pk]))


class StageViewSet(SnippetViewSet):  # type: ignore[misc]
    """Dates, questions and criteria of a call."""

    model = Stage
    icon = "calendar-check"
    menu_label = _("Dates, questions and criteria")
    list_display = ("__str__", "opens_at", "closes_at")
    edit_view_class = StageEdit
    copy_view_enabled = False
    panels = (
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
                FieldRowPanel([FieldPanel("questions_until"), FieldPanel("decision_by")]),
                FieldRowPanel([FieldPanel("grace_minutes"), FieldPanel("is_blind")]),
            ],
            heading=_("Dates"),
        ),
        InlinePanel(
            "criteria",
            heading=_("Criteria; their weights sum to 100"),
            label=_("criterion"),
            panels=[
                FieldRowPanel([FieldPanel("label_fr"), FieldPanel("label_en")]),
                FieldRowPanel([FieldPanel("guide_fr"), FieldPanel("guide_en")]),
                FieldPanel("weight"),
            ],
        ),
        InlinePanel(
            "questions",
            heading=_("Questions"),
            label=_("question"),
            panels=[
                FieldRowPanel([FieldPanel("label_fr"), FieldPanel("label_en")]),
                FieldRowPanel([FieldPanel("help_fr"), FieldPanel("help_en")]),
                FieldRowPanel([FieldPanel("key"), FieldPanel("kind"), FieldPanel("max_words")]),
                FieldRowPanel([FieldPanel("is_required"), FieldPanel("is_identifying")]),
                FieldPanel("choices"),
            ],
        ),
    )


class PilotViewSet(SnippetViewSet):  # type: ignore[misc]
    """Public words of trials; the plan is on the trial's own page."""

    model = Pilot
    icon = "clipboard-list"
    menu_label = _("Pilots")
    list_display = ("title_fr", "reference", "state", "verdict_due_on")
    list_filter = ("state",)
    copy_view_enabled = False
    panels = (
        HelpPanel(
            content=_(
                "Only the public words are written here. The plan, sites, permits, milestones and "
                "indicators are written on the trial’s own page."
            )
        ),
        pair("title", heading=_("Title")),
        pair("summary", heading=_("In one sentence")),
        pair("notice", heading=_("Sensors notice")),
    )


class SiteViewSet(SnippetViewSet):  # type: ignore[misc]
    """Test sites."""

    model = Site
    icon = "site"
    menu_label = _("Test sites")
    list_display = ("name_fr", "kind", "borough", "is_public")
    list_filter = ("kind", "borough", "is_public")
    panels = (
        pair("name", heading=_("Name")),
        FieldPanel("slug"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("borough")]),
        FieldPanel("geometry"),
        FieldRowPanel([FieldPanel("lat"), FieldPanel("lon")]),
        pair("description", heading=_("Description")),
        pair("equipment", heading=_("Equipment")),
        pair("limits", heading=_("Limits")),
        FieldRowPanel([FieldPanel("has_power"), FieldPanel("has_network")]),
        FieldRowPanel([FieldPanel("is_shared"), FieldPanel("is_public")]),
    )


class PermitRuleViewSet(SnippetViewSet):  # type: ignore[misc]
    """What boroughs demand, dated."""

    model = PermitRule
    icon = "form"
    menu_label = _("Permit rules")
    list_display = ("label_fr", "borough", "site_kind", "valid_from", "valid_to")
    list_filter = ("borough", "site_kind")
    panels = (
        FieldRowPanel([FieldPanel("borough"), FieldPanel("site_kind")]),
        pair("label", heading=_("Permit")),
        FieldRowPanel([FieldPanel("delay_days"), FieldPanel("fee")]),
        FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
        FieldPanel("source"),
    )


class ThreadGroup(SnippetViewSetGroup):  # type: ignore[misc]
    """One menu for the thread."""

    menu_label = _("Challenges and trials")
    menu_icon = "clipboard-list"
    menu_order = 100
    items = (ChallengeViewSet, StageViewSet, PilotViewSet, SiteViewSet, PermitRuleViewSet)
