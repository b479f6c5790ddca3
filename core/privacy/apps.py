"""What Québec's law on personal information asks: copy, erasure, retention, incidents."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """Registers the room, and what the rooms of this floor hold on a person."""

    name = "core.privacy"
    label = "privacy"
    verbose_name = _("Personal information")

    def ready(self) -> None:
        """Parts of a person's data, the messages, what the worker repeats."""
        from core import queue
        from core.accounts import erasing as erase_accounts
        from core.accounts import personal as accounts
        from core.accounts import retention as accounts_kept
        from core.audit import erasing as erase_audit
        from core.audit import personal as audit
        from core.drafts import erasing as erase_drafts
        from core.drafts import personal as drafts
        from core.files import erasing as erase_files
        from core.files import personal as files
        from core.notifications import erasing as erase_notifications
        from core.notifications import personal as notifications
        from core.notifications import retention as messages_kept
        from core.privacy import retained as copies_kept
        from core.privacy.events import register_events

        for part in (accounts, notifications, drafts, files, audit):
            part.register_exporters()
        # Messages first: the account's addresses find them.
        for gone in (
            *(erase_notifications, erase_accounts, erase_drafts),
            *(erase_files, erase_audit),
        ):
            gone.register_erasers()
        for kept in (accounts_kept, messages_kept, copies_kept):
            kept.register_retained()
        register_events()
        queue.every(15, "core.privacy.tasks.tidy", name="tidy-personal-data")
        queue.every(30, "core.privacy.tasks.run_retention", name="retention-rules")
