"""Staff write the words of messages: the catalogue, a page per event and language, the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from cms.dashboards.examples import described, preview_of
from core.languages import LANGUAGES
from core.notifications.enums import Audience
from core.notifications.events import Event, catalogue
from core.notifications.models import MessageTemplate
from core.notifications.rendering import Words, built_in, problems_of, still_holds
from core.notifications.safe_templates import Part
from core.notifications.wording import (
    RIGHT,
    Standing,
    WordsChanged,
    WordsRefused,
    reset_words,
    save_words,
    standing,
    tidy,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

NAMES = {"fr": gettext_lazy("French"), "en": gettext_lazy("English")}
PARTS = {
    Part.SUBJECT: gettext_lazy("Subject"),
    Part.TEXT: gettext_lazy("Plain text"),
    Part.HTML: gettext_lazy("HTML"),
}


class WordsForm(forms.Form):
    """The three texts, and which words were on the page; the domain says what is wrong."""

    subject = forms.CharField(label=PARTS[Part.SUBJECT], required=False)
    text = forms.CharField(
        label=PARTS[Part.TEXT],
        required=False,
        widget=forms.Textarea(attrs={"rows": 16, "class": "words__source", "spellcheck": "true"}),
        help_text=gettext_lazy("For readers of mail that show no HTML."),
    )
    html = forms.CharField(
        label=PARTS[Part.HTML],
        required=False,
        widget=forms.Textarea(attrs={"rows": 20, "class": "words__source", "spellcheck": "true"}),
        help_text=gettext_lazy(
            "Without the name of the site nor the signature, which stand around every message. "
            "Tags: p, br, hr, b, strong, i, em, a, ul, ol, li, h2, h3, blockquote, code."
        ),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def of(cls, words: Words, seen: str, data: Any = None) -> WordsForm:
        """The form showing ``words``; with ``data``, what was typed over them."""
        return cls(data, initial={**words._asdict(), "seen": seen}, auto_id="words_%s")

    def words(self) -> Words:
        """What was typed, tidied."""
        typed = {part.value: str(self.data.get(part.value, "")) for part in Part}
        return tidy(Words(**typed))

    def tell(self, problems: dict[Part, list[str]]) -> None:
        """Each problem under its text."""
        for part, sentences in problems.items():
            for sentence in sentences:
                self.add_error(part.value, sentence)


class WordsView(PermissionCheckedMixin, WagtailAdminTemplateMixin, View):  # type: ignore[misc]
    """What the pages share: the right, the event and the language of the address."""

    model = MessageTemplate
    permission_required = "change"
    header_icon = "mail"
    page_title = gettext_lazy("Words of messages")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """404 on an event or a language that is none."""
        super().setup(request, *args, **kwargs)
        if "event" not in kwargs:
            return
        event = catalogue.get(kwargs["event"])
        if event is None or kwargs["language"] not in LANGUAGES:
            raise Http404
        self.event: Event = event
        self.language: str = kwargs["language"]

    def get_page_subtitle(self) -> str:
        """The event and its language."""
        return f"{self.event.label} · {NAMES[self.language]}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """By way of the catalogue."""
        index = {"url": reverse("message_words:index"), "label": str(self.page_title)}
        return [*self.breadcrumbs_items, index, {"url": "", "label": self.get_page_subtitle()}]

    def address(self, name: str) -> str:
        """Of another page on the same words."""
        return reverse(f"message_words:{name}", args=[self.event.name, self.language])

    def answer(self, status: int, **context: Any) -> HttpResponse:
        """The page."""
        page: HttpResponse = self.render_to_response(
            self.get_context_data(**context), status=status
        )
        return page

    @cached_property
    def standing(self) -> Standing:
        """The words that stand when the page is asked for."""
        return standing(self.event.name, self.language)


class WordsIndexView(WordsView):
    """Every event, to whom it writes, and whose words it says in each language."""

    template_name = "dashboards/words_index.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """One row per event, in one query."""
        rows = {
            (row.event, row.language): row
            for row in MessageTemplate.objects.select_related("changed_by")
        }
        events = [
            {
                "event": event,
                "audience": _audience(event),
                "languages": [self._state(event, code, rows) for code in LANGUAGES],
            }
            for event in sorted(catalogue, key=lambda each: str(each.label).casefold())
        ]
        names = [NAMES[code] for code in LANGUAGES]
        return self.answer(200, events=events, names=names)

    def _state(self, event: Event, language: str, rows: dict[Any, Any]) -> dict[str, Any]:
        row = rows.get((event.name, language))
        holds = row is None or still_holds(event.name, Words(row.subject, row.text, row.html))
        return {
            "name": NAMES[language],
            "url": reverse("message_words:edit", args=[event.name, language]),
            "row": row,
            "holds": holds,
        }

    def get_page_subtitle(self) -> str:
        """None."""
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The catalogue is the end of the way."""
        return [*self.breadcrumbs_items, {"url": "", "label": str(self.page_title)}]


def _audience(event: Event) -> str:
    known = event.audience in Audience.values
    return str(Audience(event.audience).label) if known else event.audience


class WordsEditView(WordsView):
    """The three texts of one event in one language, with what they may say and how they look."""

    template_name = "dashboards/words_edit.html"

    def get(self, request: HttpRequest, event: str, language: str) -> HttpResponse:
        """The words that stand, as they look now."""
        form = WordsForm.of(self.standing.words, self.standing.fingerprint)
        return self.show(form, self.standing.words)

    def post(self, request: HttpRequest, event: str, language: str) -> HttpResponse:
        """Look at what is typed, or save it: one call."""
        form = WordsForm.of(self.standing.words, self.standing.fingerprint, request.POST)
        words = form.words()
        if "preview" in request.POST:
            problems = problems_of(self.event.name, words)
            form.tell(problems)
            return self.show(form, None if problems else words, status=422 if problems else 200)
        try:
            save_words(
                event=self.event.name,
                language=self.language,
                words=words,
                seen=request.POST.get("seen", ""),
                actor=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            )
        except WordsRefused as refusal:
            form.tell(refusal.problems)
            messages.error(request, str(refusal))
            return self.show(form, None, status=422)
        except WordsChanged as refusal:
            messages.error(request, str(refusal))
            return self.show_both(words, refusal.theirs)
        said = _("Saved. Messages written from now on say this, everywhere within a minute.")
        messages.success(request, said)
        return redirect(self.address("edit"))

    def show_both(self, mine: Words, theirs: Standing) -> HttpResponse:
        """What was typed stays in the form; what somebody else saved is above it."""
        data = {**mine._asdict(), "seen": theirs.fingerprint}
        form = WordsForm.of(theirs.words, theirs.fingerprint, data)
        parts = [
            {"label": PARTS[part], "theirs": theirs.words.part(part)}
            for part in Part
            if theirs.words.part(part) != mine.part(part)
        ]
        return self.show(form, mine, status=409, theirs=theirs, parts=parts)

    def show(
        self, form: WordsForm, words: Words | None, status: int = 200, **more: Any
    ) -> HttpResponse:
        """The page; ``words`` are what is previewed, none while they cannot be sent."""
        preview = None
        if words is not None and not problems_of(self.event.name, words):
            reader: Any = self.request.user
            preview = preview_of(self.event, words, self.language, reader)
        return self.answer(
            status,
            form=form,
            event=self.event,
            audience=_audience(self.event),
            language=self.language,
            standing=self.standing,
            holds=still_holds(self.event.name, self.standing.words),
            variables=described(self.event, self.language),
            preview=preview,
            reset_url=self.address("reset"),
            **more,
        )

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """The other language."""
        return [
            HeaderButton(
                str(NAMES[code]),
                url=reverse("message_words:edit", args=[self.event.name, code]),
                icon_name="globe",
            )
            for code in LANGUAGES
            if code != self.language
        ]


class WordsResetView(WordsView):
    """Asks before it goes back to the built-in words."""

    template_name = "dashboards/words_reset.html"

    def get(self, request: HttpRequest, event: str, language: str) -> HttpResponse:
        """Both, beside each other."""
        return self.show()

    def post(self, request: HttpRequest, event: str, language: str) -> HttpResponse:
        """One call."""
        try:
            reset_words(
                event=self.event.name,
                language=self.language,
                seen=request.POST.get("seen", ""),
                actor=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            )
        except WordsChanged:
            said = _("Somebody changed these words meanwhile: this is what would be lost now.")
            messages.error(request, said)
            return self.show(status=409)
        messages.success(request, _("The built-in words are back."))
        return redirect(self.address("edit"))

    def show(self, status: int = 200) -> HttpResponse:
        """What would be lost and what would come back, where they differ."""
        standing, back = self.standing, built_in(self.event.name, self.language)
        parts = [
            {"label": PARTS[part], "now": standing.words.part(part), "back": back.part(part)}
            for part in Part
            if standing.words.part(part) != back.part(part)
        ]
        return self.answer(
            status, event=self.event, standing=standing, parts=parts, edit_url=self.address("edit")
        )


class WritersMenuItem(MenuItem):  # type: ignore[misc]
    """Shown to who may write."""

    def is_shown(self, request: HttpRequest) -> bool:
        """The same right as the pages."""
        return bool(request.user.has_perm(RIGHT))


class WordsViewSet(ViewSet):  # type: ignore[misc]
    """The catalogue of messages, which staff write."""

    name = "message_words"
    icon = "mail"
    menu_label = gettext_lazy("Messages")
    menu_order = 905
    menu_item_class = WritersMenuItem
    add_to_admin_menu = True

    def get_urlpatterns(self) -> list[Any]:
        """The list, then each event in each language."""
        return [
            path("", WordsIndexView.as_view(), name="index"),
            path("<slug:event>/<slug:language>/", WordsEditView.as_view(), name="edit"),
            path("<slug:event>/<slug:language>/reset/", WordsResetView.as_view(), name="reset"),
        ]
