"""What people fill in, grouped for the person who writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.permissions import policy_registry

from core.json_widgets import Boxes, ChoiceLines
from core.panels import go_live_panel, pair, pairs
from pilots.domain.challenge import readiness
from pilots.enums import ChallengeState
from pilots.models import Challenge, Question, Stage

GOALS = [(n, str(n)) for n in range(1, 18)]


class ChallengeForm(WagtailAdminModelForm):  # type: ignore[misc]  # Wagtail carries no types
    """A public address does not move."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Once published, the address is shown and no longer written."""
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.state != ChallengeState.DRAFT:
            self.fields["slug"].disabled = True


class StageForm(WagtailAdminModelForm):  # type: ignore[misc]
    """Dates in order; a question's key is made once from its French words."""

    def clean(self) -> dict[str, Any]:
        """Say which date is out of order, beside it."""
        cleaned: dict[str, Any] = super().clean()
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        until = cleaned.get("questions_until")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("The call closes before it opens."))
        elif closes and until and until > closes:
            self.add_error("questions_until", _("Questions are taken until the close at most."))
        return cleaned

    def save(self, commit: bool = True) -> Stage:
        """Give each new question its key, then save."""
        questions = self.formsets["questions"]
        kept = [f.instance for f in questions.forms if f not in questions.deleted_forms]
        name_questions(kept)
        stage: Stage = super().save(commit=commit)
        return stage


def name_questions(questions: list[Question]) -> None:
    """A key for each question that has none, free among ``questions``."""
    taken = {q.key for q in questions if q.key}
    for question in questions:
        if question.key:
            continue
        stem = slugify(question.label_fr)[:50] or "question"
        numbered = (f"{stem}-{n}" for n in range(2, len(questions) + 2))
        question.key = next(key for key in (stem, *numbered) if key not in taken)
        taken.add(question.key)


class StagePanel(Panel):  # type: ignore[misc]
    """Dates and weights of the call, what is missing, and the way to change them."""

    class BoundPanel(Panel.BoundPanel):  # type: ignore[misc]
        """Bound to a challenge, saved or not."""

        template_name = "pilots/admin/stage_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """The stage, with a link for those who may write it."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            challenge: Challenge = self.instance
            stage = challenge.stage
            context.update(challenge=challenge, stage=stage)
            if stage is None:
                return context
            may_write = policy_registry.get_by_type(Stage).user_has_permission(
                self.request.user, "change"
            )
            is_draft = challenge.state == ChallengeState.DRAFT
            context.update(
                questions=list(stage.questions.all()),
                criteria=list(stage.criteria.all()),
                url=_edit_url(stage) if may_write else "",
                problems=readiness(challenge, now=timezone.now()) if is_draft else [],
            )
            return context


def _edit_url(stage: Stage) -> str:
    return reverse(Stage.snippet_viewset.get_url_name("edit"), args=[stage.pk])  # type: ignore[attr-defined]


class DeskPanel(Panel):  # type: ignore[misc]
    """Where the rest of a trial is written."""

    class BoundPanel(Panel.BoundPanel):  # type: ignore[misc]
        """Bound to a pilot."""

        template_name = "pilots/admin/desk_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """The pilot and the address of its desk."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["pilot"] = self.instance
            context["url"] = reverse("pilotdesk", args=[self.instance.slug])
            return context


def challenge_panels() -> TabbedInterface:
    """A challenge, from the problem to whom one writes."""
    problem = [
        StagePanel(),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [
                        TitleFieldPanel("title_fr", targets=["slug"], required_on_save=True),
                        FieldPanel("title_en"),
                    ]
                ),
                FieldPanel("slug"),
                pair("summary"),
            ],
            heading=_("Title"),
        ),
        pairs(_("The problem"), "problem"),
        pairs(_("What is wanted"), "wanted"),
        go_live_panel(),
    ]
    offer = [
        pairs(_("Places, data and team"), "offer_places", "offer_data", "offer_team"),
        MultiFieldPanel([pair("offer_budget"), FieldPanel("budget_max")], heading=_("Budget")),
    ]
    boxes = forms.CheckboxSelectMultiple
    places = [
        FieldPanel("themes", widget=boxes),
        FieldPanel("boroughs", widget=boxes),
        FieldPanel("sites", widget=boxes),
        FieldPanel("sdgs", widget=Boxes(choices=GOALS, cast=int)),
    ]
    trial = [
        FieldRowPanel(
            [
                FieldPanel("trial_starts_on"),
                FieldPanel("trial_weeks"),
                FieldPanel("verdict_weeks"),
            ]
        ),
        pairs(_("If the trial works"), "purchase"),
    ]
    contact = [
        pairs(_("Who asks"), "department", "contact_role"),
        FieldPanel("contact_email"),
    ]
    return TabbedInterface(
        [
            ObjectList(problem, heading=_("The problem")),
            ObjectList(offer, heading=_("What the city offers")),
            ObjectList(places, heading=_("Places and themes")),
            ObjectList(trial, heading=_("Trial and purchase")),
            ObjectList(contact, heading=_("Contact")),
        ],
        base_form_class=ChallengeForm,
    )


def stage_panels() -> TabbedInterface:
    """How one applies."""
    dates = [
        FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
        FieldRowPanel([FieldPanel("questions_until"), FieldPanel("decision_by")]),
        FieldRowPanel([FieldPanel("grace_minutes"), FieldPanel("is_blind")]),
        pair("name"),
    ]
    question = [
        pair("label"),
        pair("help"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("max_words")]),
        FieldRowPanel([FieldPanel("is_required"), FieldPanel("is_identifying")]),
        FieldPanel(
            "choices",
            widget=ChoiceLines,
            help_text=_("For a choice only, one a line: in French | in English."),
        ),
    ]
    criterion = [pair("label"), pair("guide"), FieldPanel("weight")]
    return TabbedInterface(
        [
            ObjectList(dates, heading=_("Dates")),
            ObjectList(
                [InlinePanel("questions", panels=question, label=_("question"))],
                heading=_("Questions"),
            ),
            ObjectList(
                [
                    InlinePanel(
                        "criteria",
                        panels=criterion,
                        label=_("criterion"),
                        help_text=_("The weights sum to 100."),
                    )
                ],
                heading=_("Criteria"),
            ),
        ],
        base_form_class=StageForm,
    )


def pilot_panels() -> ObjectList:
    """The public words of a trial."""
    return ObjectList(
        [
            DeskPanel(),
            pairs(_("Title"), "title", "summary"),
            pairs(_("Sensors notice"), "notice"),
        ]
    )


def site_panels() -> ObjectList:
    """A piece of the public domain."""
    return ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldRowPanel(
                        [TitleFieldPanel("name_fr", targets=["slug"]), FieldPanel("name_en")]
                    ),
                    FieldPanel("slug"),
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("borough")]),
                ],
                heading=_("Name"),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("lat"), FieldPanel("lon")]),
                    FieldPanel("geometry"),
                ],
                heading=_("On the map"),
            ),
            pairs(_("What is there"), "description", "equipment", "limits"),
            MultiFieldPanel(
                [
                    FieldPanel(name)
                    for name in ("has_power", "has_network", "is_shared", "is_public")
                ],
                heading=_("In short"),
            ),
        ],
        base_form_class=SiteForm,
    )


class SiteForm(WagtailAdminModelForm):  # type: ignore[misc]
    """A geometry that a map can draw."""

    SHAPES = ("Point", "LineString", "Polygon")

    def clean_geometry(self) -> Any:
        """A GeoJSON point, line or polygon."""
        shape = self.cleaned_data["geometry"]
        is_shape = isinstance(shape, dict) and shape.get("type") in self.SHAPES
        if not is_shape or not isinstance(shape.get("coordinates"), list):
            raise forms.ValidationError(
                _("A GeoJSON point, line or polygon, with its coordinates.")
            )
        return shape


def permit_rule_panels() -> ObjectList:
    """What a borough demands, from a date to another."""
    return ObjectList(
        [
            FieldRowPanel([FieldPanel("borough"), FieldPanel("site_kind")]),
            pair("label"),
            FieldRowPanel([FieldPanel("delay_days"), FieldPanel("fee")]),
            FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
            FieldPanel("source"),
        ]
    )
