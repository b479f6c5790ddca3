"""What every published domain record shares: Wagtail's drafts and workflow, one way to publish.

Domain records are models with Wagtail's revision, draft, lock, preview and workflow mixins, not
pages. Two traps of Wagtail 8.0.1 are closed here once: a revision holds every field, those that
verbs write included, and three paths (button, workflow, schedule) publish.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin, WorkflowMixin
from wagtail.search import index

from core.languages import missing_in
from core.previews import TwoLanguagePreview

if TYPE_CHECKING:
    from wagtail.models import Revision


class EditorialRecord(  # type: ignore[misc]  # Wagtail's mixins carry no types
    TwoLanguagePreview,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    index.Indexed,
    ClusterableModel,
):
    """A record written in the administration, drafted, approved, then published.

    ``KEPT_FIELDS`` are written by verbs (state, decided values): a revision never brings an old
    value of them back, nor old rows of the ``KEPT_CHILDREN``. :meth:`publish_by_verb` is what
    runs, whichever path publishes.
    """

    KEPT_FIELDS: ClassVar[tuple[str, ...]] = ()
    KEPT_CHILDREN: ClassVar[tuple[str, ...]] = ()

    _revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="+",
        for_concrete_model=False,
    )
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="+",
        for_concrete_model=False,
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        abstract = True

    @property
    def revisions(self) -> Any:
        """Wagtail's name for the relation."""
        return self._revisions

    def with_content_json(self, content: dict[str, Any]) -> Self:
        """The record as the revision ``content`` has it, save what verbs have written since."""
        # Without its key a child relation is read from the database.
        content = {k: v for k, v in content.items() if k not in self.KEPT_CHILDREN}
        record: Self = super().with_content_json(content)
        for name in self.KEPT_FIELDS:
            attname = self._meta.get_field(name).attname
            setattr(record, attname, getattr(self, attname))
        return record

    def publish(
        self,
        revision: Revision,
        user: Any = None,
        changed: bool = True,
        log_action: bool = True,
        previous_revision: Revision | None = None,
        skip_permission_checks: bool = False,
    ) -> None:
        """Publish ``revision`` through the record's verb: the only way any path takes."""

        def go_live() -> None:
            super(EditorialRecord, self).publish(
                revision,
                user=user,
                changed=changed,
                log_action=log_action,
                previous_revision=previous_revision,
                skip_permission_checks=skip_permission_checks,
            )

        self.publish_by_verb(revision, user, go_live)

    def publish_by_verb(self, revision: Revision, user: Any, go_live: Any) -> None:
        """Hook: a record whose publication is an event of the domain calls its verb here.

        ``go_live`` is the content part, called inside the verb's transaction.
        """
        go_live()

    def missing_english(self) -> list[str]:
        """Stems written in French and not in English: the page says so (promise 10)."""
        return missing_in(self, "en")
