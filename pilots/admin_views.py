"""The administration's pages that do more than save: challenges, stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    UnpublishView,
    WorkflowActionView,
)

from core.exceptions import DomainError, Incomplete
from core.viewsets import KeptDeleteView
from pilots.domain.challenge import open_own_call, readiness
from pilots.domain.stage import refusal_of, write_stage
from pilots.enums import ChallengeState
from pilots.models import Challenge, Stage

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def tell(request: HttpRequest, refusal: DomainError) -> None:
    """The sentence of a refusal, with all that is missing."""
    problems = refusal.problems if isinstance(refusal, Incomplete) else []
    listed = format_html_join("", "<li>{}</li>", ((problem,) for problem in problems))
    text = format_html("{}<ul>{}</ul>", refusal.message, listed) if problems else str(refusal)
    messages.error(request, text)


class SubmitsWhenReady:
    """A challenge is published through its approval alone, and submitted when nothing lacks."""

    def get_available_actions(self) -> list[str]:
        """All but publishing at once: the form would publish what nobody else has read."""
        return [a for a in super().get_available_actions() if a != "publish"]  # type: ignore[misc]

    def submit_action(self) -> HttpResponse | None:
        """Start the approval, or say what lacks; the draft is saved either way."""
        challenge = Challenge.objects.get(pk=self.object.pk)  # type: ignore[attr-defined]
        if challenge.state == ChallengeState.DRAFT:
            at = max(filter(None, (timezone.now(), challenge.go_live_at)))
            if problems := readiness(challenge, now=at):
                tell(self.request, Incomplete(problems))  # type: ignore[attr-defined]
                return redirect(self.get_edit_url())  # type: ignore[attr-defined]
        # Read before the save, it would take up again the revision that was returned.
        self.__dict__.pop("workflow_state", None)
        response: HttpResponse | None = super().submit_action()  # type: ignore[misc]
        return response


class ChallengeCreateView(SubmitsWhenReady, CreateView):  # type: ignore[misc]
    """A first draft, with a call of its own."""

    def save_instance(self) -> Challenge:
        """Save, then open the call: autosave comes through here too."""
        challenge: Challenge = super().save_instance()
        open_own_call(challenge=challenge, actor=self.request.user, now=timezone.now())
        challenge.refresh_from_db(fields=["call"])
        return challenge


class ChallengeEditView(SubmitsWhenReady, EditView):  # type: ignore[misc]
    """Writing a challenge, or reading it to approve it."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Approve or return without saving the form: what is approved is what was read."""
        if self.action == "workflow-action" and self.locked_for_user:
            try:
                self.workflow_action_action()
            except DomainError as refusal:
                tell(request, refusal)
                return redirect(self.get_edit_url())
            said = (
                _("Approved.")
                if self.workflow_action == "approve"
                else _("Returned to the person who wrote it.")
            )
            messages.success(request, said)
            return redirect(self.get_success_url())
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def restart_workflow_action(self) -> HttpResponse | None:
        """The same door as a first submission."""
        self.workflow_state.cancel(user=self.request.user)
        return self.submit_action()


class ChallengeWorkflowActionView(WorkflowActionView):  # type: ignore[misc]
    """Approval from the dashboard, where what lacks is said as a message."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Run the action; a refusal of the domain leads to the challenge."""
        try:
            response: HttpResponse = super().post(request, *args, **kwargs)
        except DomainError as refusal:
            tell(request, refusal)
            if request.headers.get("x-requested-with") == "XMLHttpRequest":
                said = {"step": "success", "redirect": self.redirect_url}
                answer: HttpResponse = self.render_modal_json(request, said)
                return answer
            return redirect(self.redirect_url)
        return response


class StaysPublicView(UnpublishView):  # type: ignore[misc]
    """What was public stays so: a challenge or a trial is cancelled, with its reason."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refused to everyone."""
        raise PermissionDenied


class DraftDeleteView(KeptDeleteView):
    """Wagtail asks the model's permission only; ours depends on the record."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refused when the policy keeps this record."""
        # A superuser passes every policy of Wagtail, not this rule.
        if self.object.state != ChallengeState.DRAFT:
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


class StageEditView(EditView):  # type: ignore[misc]
    """Dates, questions and criteria, until the call is approved."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Ask once whether the stage can be written."""
        super().setup(request, *args, **kwargs)
        self.refusal = refusal_of(self.object.call)
        self.locked_for_user = self.refusal is not None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say at once that nothing can be written."""
        if self.refusal is not None:
            messages.warning(request, str(self.refusal))
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def is_valid(self, form: Any) -> bool:
        """Refused with its sentence when the call is frozen or being approved."""
        if self.refusal is not None:
            self.produced_error_code = self.refusal.code
            self.produced_error_message = str(self.refusal)
            return False
        return bool(super().is_valid(form))

    def save_instance(self) -> Stage:
        """One domain call."""
        write_stage(
            stage=self.object,
            save=super().save_instance,
            actor=self.request.user,
            now=timezone.now(),
        )
        stage: Stage = self.object
        return stage

    def get_success_url(self) -> str:
        """Back to the challenge, which says what is still missing."""
        challenge = self.object.call.challenges.first()
        return _challenge_url(challenge) if challenge is not None else self.get_edit_url()

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """The way back to the challenges of the call."""
        return [
            Button(str(c.title), url=_challenge_url(c), icon_name="arrow-left", priority=10)
            for c in self.object.call.challenges.all()
        ]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """By way of the challenge: stages have no list of their own in the menu."""
        way = [
            {"url": _challenge_url(c), "label": str(c.title)}
            for c in self.object.call.challenges.all()[:1]
        ]
        here = {"url": "", "label": str(self.model._meta.verbose_name).capitalize()}
        return [*self.breadcrumbs_items, *way, here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page looks locked when it is."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["locked_for_user"] = self.locked_for_user
        return context


def _challenge_url(challenge: Challenge) -> str:
    name = Challenge.snippet_viewset.get_url_name("edit")  # type: ignore[attr-defined]
    return reverse(name, args=[challenge.pk])
