"""The registers in the administration: rules, their reports, incidents, erasures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSetGroup
from wagtail.permissions import register_permission_policy

from core.cells import cell
from core.following.models import Consent
from core.panels import pair
from core.privacy.admin_forms import IncidentForm, RetentionRuleForm
from core.privacy.domain.registers import note_export, save_record
from core.privacy.models import Erasure, Incident, RetentionRule, RetentionRun
from core.viewsets import AdministratorsPolicy, FactsViewSet

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

for _model in (RetentionRule, Incident):
    register_permission_policy(_model, AdministratorsPolicy(_model, "add", "change", "view"))
for _model in (RetentionRun, Erasure, Consent):  # type: ignore[assignment]
    register_permission_policy(_model, AdministratorsPolicy(_model, "view"))


INCIDENT_FIELDS = (
    *("reference", "found_on", "began_on", "ended_on", "circumstances", "information", "people"),
    *("people_count", "people_in_quebec", "risk", "risk_reasons", "commission_told_on"),
    *("people_told_on", "telling", "measures", "closed_on"),
)


class SavesByVerb:
    """What the form holds goes through the verb, with its line of the audit."""

    def save_instance(self) -> Any:
        """In one transaction."""
        form = self.form  # type: ignore[attr-defined]
        with transaction.atomic():
            return save_record(
                record=form.save(commit=False),
                fields=form.changed_data,
                actor=self.request.user,  # type: ignore[attr-defined]
                now=timezone.now(),
            )


class RecordCreateView(SavesByVerb, CreateView):  # type: ignore[misc]  # no types in Wagtail
    """A new line."""


class RecordEditView(SavesByVerb, EditView):  # type: ignore[misc]
    """A line changed."""


class RetentionRuleViewSet(FactsViewSet):  # type: ignore[misc]
    """How long each class of data stays."""

    model = RetentionRule
    name = "retention_rule"
    icon = "time"
    menu_label = _("Retention rules")
    add_view_class = RecordCreateView
    edit_view_class = RecordEditView
    list_display = (
        "class_label",
        "period_days",
        "in_force_from",
        "in_force_until",
    )
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("data_class"), FieldPanel("period_days")]),
            pair("legal_basis"),
            FieldRowPanel([FieldPanel("in_force_from"), FieldPanel("in_force_until")]),
        ],
        base_form_class=RetentionRuleForm,
    )


class RetentionRunIndex(IndexView):  # type: ignore[misc]
    """Each with its rule, in one query."""

    def get_base_queryset(self) -> QuerySet[RetentionRun]:
        """The report names the class."""
        found: QuerySet[RetentionRun] = super().get_base_queryset()
        return found.select_related("rule")


class RetentionRunViewSet(FactsViewSet):  # type: ignore[misc]
    """What the rules did each night."""

    model = RetentionRun
    name = "retention_run"
    icon = "list-ul"
    menu_label = _("Retention reports")
    index_view_class = RetentionRunIndex
    list_display = (
        "ran_at",
        Column("data_class", label=_("Class of data"), accessor="rule.class_label"),
        "before",
        "is_dry",
        "found",
        "removed",
    )
    list_filter = ("is_dry",)
    form_fields = ("is_dry",)


class IncidentIndex(IndexView):  # type: ignore[misc]
    """The register; a file that leaves it leaves a line in the audit."""

    custom_field_preprocess = {name: {"csv": cell} for name in INCIDENT_FIELDS}

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> HttpResponse:
        """As Wagtail writes it, in cells that no spreadsheet runs."""
        note_export(actor=self.request.user, count=queryset.count(), now=timezone.now())
        response: HttpResponse = super().as_spreadsheet(queryset, spreadsheet_format)
        return response


class IncidentViewSet(FactsViewSet):  # type: ignore[misc]
    """The register of confidentiality incidents."""

    model = Incident
    name = "incident"
    icon = "warning"
    menu_label = _("Incidents")
    index_view_class = IncidentIndex
    add_view_class = RecordCreateView
    edit_view_class = RecordEditView
    inspect_view_enabled = True
    inspect_view_fields = INCIDENT_FIELDS
    list_display = (
        "reference",
        "found_on",
        "people_count",
        Column("risk", label=_("Risk"), accessor="get_risk_display", sort_key="risk"),
        "commission_told_on",
        "people_told_on",
        "closed_on",
    )
    list_filter = ("risk",)
    list_export = list(INCIDENT_FIELDS)
    export_filename = "incidents"
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel(n) for n in ("found_on", "began_on", "ended_on")]),
                    FieldPanel("circumstances"),
                    FieldPanel("information"),
                    FieldPanel("people"),
                    FieldRowPanel([FieldPanel("people_count"), FieldPanel("people_in_quebec")]),
                ],
                heading=_("What happened, to whom"),
            ),
            MultiFieldPanel(
                [FieldPanel("risk"), FieldPanel("risk_reasons")],
                heading=_("Risk of serious injury"),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("commission_told_on"), FieldPanel("people_told_on")]),
                    FieldPanel("telling"),
                    FieldPanel("measures"),
                    FieldPanel("closed_on"),
                ],
                heading=_("Who was told, what was done"),
            ),
        ],
        base_form_class=IncidentForm,
    )


class ErasureViewSet(FactsViewSet):  # type: ignore[misc]
    """Who was erased, by number: what a restored backup has to forget again."""

    model = Erasure
    name = "erasure"
    icon = "bin"
    menu_label = _("Erasures")
    list_display = ("person_number", "erased_at")
    form_fields = ("erased_at",)


class ConsentViewSet(FactsViewSet):  # type: ignore[misc]
    """The proofs of consent, as they were written: nobody changes one."""

    model = Consent
    name = "consent"
    icon = "check"
    menu_label = _("Consents")
    list_display = ("act", "email", "kind", "slug", "way", "language", "at")
    list_filter = ("act", "way", "kind")
    search_fields = ("email", "slug")
    inspect_view_enabled = True
    inspect_view_fields = (
        *("act", "way", "email", "user_id", "kind", "slug", "language", "at", "text"),
    )
    form_fields = ("act",)


class PrivacyGroup(ModelViewSetGroup):  # type: ignore[misc]
    """The menu of personal information."""

    items = (
        *(ConsentViewSet, RetentionRuleViewSet, RetentionRunViewSet),
        *(IncidentViewSet, ErasureViewSet),
    )
    menu_icon = "lock"
    menu_label = _("Privacy")
    menu_name = "privacy"
    menu_order = 920
