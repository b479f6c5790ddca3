"""Staff's outbox: what waits, what left, what failed; read as sent, and acted upon by verbs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import django_filters
from django.db.models import Count, Min, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permissions import register_permission_policy

from core.exceptions import DomainError
from core.notifications.enums import MESSAGE_TRANSITIONS, SETTLED, MessageState
from core.notifications.events import catalogue, opens_an_account
from core.notifications.handling import MOVES, move_batch, move_message, send_again
from core.notifications.models import Message
from core.states import can_move
from core.viewsets import AdministratorsPolicy, FactsViewSet

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

register_permission_policy(Message, AdministratorsPolicy(Message, "view"))
# An age: its words, and between which ages it lies.
AGES: Final = {
    "hour": (gettext_lazy("Less than an hour"), None, timedelta(hours=1)),
    "day": (gettext_lazy("An hour to a day"), timedelta(hours=1), timedelta(days=1)),
    "week": (gettext_lazy("A day to a week"), timedelta(days=1), timedelta(days=7)),
    "older": (gettext_lazy("More than a week"), timedelta(days=7), None),
}
WAITING: Final = (MessageState.HELD, MessageState.QUEUED, MessageState.SENDING)
# In the order of the page, with the words of the button.
BUTTONS: Final = {
    "release": gettext_lazy("Let it go"),
    "hold": gettext_lazy("Hold it"),
    "cancel": gettext_lazy("Cancel it"),
}
BATCH_BUTTONS: Final = {
    "release": gettext_lazy("Let the whole batch go"),
    "hold": gettext_lazy("Hold the whole batch"),
    "cancel": gettext_lazy("Cancel the whole batch"),
}

ACTS: Final = frozenset({"again", *MOVES, *(f"batch-{name}" for name in MOVES)})


def event_label(name: str) -> str:
    """Its words in the catalogue; the name of one that a version dropped."""
    event = catalogue.get(name)
    return str(event.label) if event is not None else name


class OutboxFilters(WagtailFilterSet):  # type: ignore[misc]  # no types in Wagtail
    """By state, by event, by age."""

    event = django_filters.ChoiceFilter(
        label=gettext_lazy("Event"),
        choices=lambda: [
            (name, event_label(name))
            for name in Message.objects.order_by("event").values_list("event", flat=True).distinct()
        ],
    )
    age = django_filters.ChoiceFilter(
        label=gettext_lazy("Age"),
        choices=[(name, words) for name, (words, _from, _to) in AGES.items()],
        method="of_age",
    )

    class Meta:
        model = Message
        fields = ("state",)

    def of_age(self, rows: QuerySet[Message], name: str, value: str) -> QuerySet[Message]:
        """Those of that age."""
        return rows.filter(of_age(value, timezone.now()))


def of_age(code: str, now: datetime) -> Q:
    """The messages of one of the :data:`AGES` at ``now``."""
    _words, least, most = AGES[code]
    found = Q() if most is None else Q(created_at__gt=now - most)
    return found if least is None else found & Q(created_at__lte=now - least)


class OutboxIndex(IndexView):  # type: ignore[misc]
    """Every message, newest first, under the counts by state and age."""

    template_name = "dashboards/outbox_index.html"
    page_title = gettext_lazy("Outbox")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With the counts."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        ages = [(code, words) for code, (words, _from, _to) in AGES.items()]
        return {**context, "counts": counts(timezone.now()), "ages": ages}


def counts(now: datetime) -> list[dict[str, Any]]:
    """How many messages stand in each state, by age, and the oldest that waits: one query."""
    found: dict[str, dict[str, Any]] = {
        row["state"]: dict(row)
        for row in Message.objects.order_by()
        .values("state")
        .annotate(n=Count("pk"), oldest=Min("created_at"))
        .annotate(**{code: Count("pk", filter=of_age(code, now)) for code in AGES})
    }
    return [
        {
            "state": state.value,
            "label": state.label,
            "n": found[state]["n"],
            "by_age": [(code, found[state][code]) for code in AGES],
            "oldest": found[state]["oldest"] if state in WAITING else None,
        }
        for state in MessageState
        if state in found
    ]


class MessageView(InspectView):  # type: ignore[misc]
    """One message as it left or will leave, and what may be done with it."""

    template_name = "dashboards/outbox_message.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its words, its way, its buttons."""
        message: Message = self.object
        is_secret = opens_an_account(message.event)
        return {
            **super().get_context_data(**kwargs),
            "message": message,
            "event": event_label(message.event),
            "again": list(message.sent_again.order_by("pk")),
            "moves": _moves(message),
            "batch_moves": _batch_moves(message),
            "is_secret": is_secret,
            "may_send_again": message.state in SETTLED
            and message.state != MessageState.CANCELLED
            and bool(message.text)
            and not is_secret,
        }


def _moves(message: Message) -> list[tuple[str, Any]]:
    return [
        (name, words)
        for name, words in BUTTONS.items()
        if can_move(message, MOVES[name][1], transitions=MESSAGE_TRANSITIONS)
        and message.state in MOVES[name][0]
    ]


def _batch_moves(message: Message) -> list[tuple[str, Any, int]]:
    if not message.batch:
        return []
    rows = Message.objects.filter(batch=message.batch).exclude(pk=message.pk).order_by()
    standing = dict(rows.values_list("state").annotate(Count("pk")))
    here = {message.state: 1}
    found = []
    for name, words in BATCH_BUTTONS.items():
        others = sum(standing.get(source, 0) for source in MOVES[name][0])
        total = others + sum(here.get(source, 0) for source in MOVES[name][0])
        if others:
            found.append((name, words, total))
    return found


class ActView(PermissionCheckedMixin, View):  # type: ignore[misc]
    """A button of a message's page: one verb, one sentence."""

    model = Message
    permission_required = "view"
    http_method_names = ["post"]
    inspect_url_name = ""

    def post(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Do it, say it, come back; a refusal is said too."""
        if act not in ACTS:
            raise Http404
        message = get_object_or_404(Message, pk=pk)
        try:
            said, shown = self.act(message, act)
        except DomainError as error:
            messages.error(request, str(error))
            shown = message
        else:
            messages.success(request, said)
        return redirect(self.inspect_url_name, shown.pk)

    def act(self, message: Message, act: str) -> tuple[str, Message]:
        """What was done, in words, and the message to show."""
        actor: Any = self.request.user
        now = timezone.now()
        if act == "again":
            again = send_again(message=message, actor=actor, now=now)
            return _("It is written again, to %(email)s.") % {"email": again.to_email}, again
        if act.startswith("batch-"):
            moved = move_batch(
                message=message, move=act.removeprefix("batch-"), actor=actor, now=now
            )
            said = ngettext("%(n)s message moved.", "%(n)s messages moved.", moved)
            return said % {"n": moved}, message
        moved_one = move_message(message=message, move=act, actor=actor, now=now)
        return _("Now: %(state)s.") % {"state": moved_one.get_state_display()}, moved_one


class OutboxViewSet(FactsViewSet):  # type: ignore[misc]
    """Every message, with what its server last said."""

    model = Message
    name = "outbox"
    icon = "mail"
    menu_label = gettext_lazy("Outbox")
    menu_order = 910
    add_to_admin_menu = True
    list_display = (
        Column("subject", label=gettext_lazy("Subject"), accessor=lambda m: m.subject or "—"),
        Column("event", label=gettext_lazy("Event"), accessor=lambda m: event_label(m.event)),
        "to_email",
        Column("state", label=gettext_lazy("State"), accessor=lambda m: m.get_state_display()),
        DateColumn("created_at", label=gettext_lazy("Written")),
        Column("last_error", label=gettext_lazy("Last answer of the server")),
    )
    filterset_class = OutboxFilters
    search_fields = ("subject", "to_email", "key")
    search_backend_name = None
    form_fields = ("state",)
    inspect_view_enabled = True
    inspect_view_class = MessageView
    index_view_class = OutboxIndex

    @cached_property
    def act_view(self) -> Any:
        """The buttons."""
        return self.construct_view(ActView, inspect_url_name=self.get_url_name("inspect"))

    def get_urlpatterns(self) -> list[Any]:
        """Its own, and one for what is done."""
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/<slug:act>/", self.act_view, name="act"),
        ]
