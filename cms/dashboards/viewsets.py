"""What administrators read: the audit and the outbox. Nothing here can be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from core.accounts import roles, rules
from core.audit.models import AuditEntry
from core.notifications.models import Message

if TYPE_CHECKING:
    from core.accounts.models import User


class ReadByAdministrators(ModelPermissionPolicy):  # type: ignore[misc]  # no types in Wagtail
    """Administrators look; nobody writes."""

    def user_has_permission(self, user: User, action: str) -> bool:
        """Only ``view``."""
        return action == "view" and (
            user.is_superuser or roles.ADMINISTRATORS in rules.group_names(user)
        )

    def user_has_any_permission(self, user: User, actions: Any) -> bool:
        """The same, for several."""
        return any(self.user_has_permission(user, action) for action in actions)


register_permission_policy(AuditEntry, ReadByAdministrators(AuditEntry))
register_permission_policy(Message, ReadByAdministrators(Message))


class AuditViewSet(ModelViewSet):  # type: ignore[misc]
    """The audit, newest first."""

    model = AuditEntry
    name = "audit"
    icon = "history"
    menu_label = _("Audit")
    menu_order = 900
    add_to_admin_menu = True
    list_display = ("sequence", "at", "actor_id", "action", "object_type", "object_id")
    list_filter = ("action", "object_type")
    form_fields = ("action",)
    inspect_view_enabled = True
    inspect_view_fields = ("sequence", "at", "actor_id", "action", "public", "hash")
    copy_view_enabled = False


class OutboxViewSet(ModelViewSet):  # type: ignore[misc]
    """Every message, with what its server last said."""

    model = Message
    name = "outbox"
    icon = "mail"
    menu_label = _("Outbox")
    menu_order = 910
    add_to_admin_menu = True
    list_display = ("subject", "to_email", "event", "state", "attempts", "last_error")
    list_filter = ("state", "event")
    form_fields = ("state",)
    inspect_view_enabled = True
    inspect_view_fields = ("to_email", "subject", "text", "state", "attempts", "last_error")
    copy_view_enabled = False
