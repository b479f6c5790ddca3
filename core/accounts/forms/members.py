"""To invite, to give a role, to hand over, to close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.accounts.domain.members import ROLES_TO_GIVE
from core.accounts.mail_domains import AddressField
from core.accounts.models import Role
from core.text import fold

if TYPE_CHECKING:
    from core.accounts.models import Membership, Organisation

ROLE_CHOICES = [(role.value, role.label) for role in ROLES_TO_GIVE]
FAR_TOO_LONG = 1_000


class InviteForm(forms.Form):
    """One address, one role."""

    email = AddressField(
        label=_("E-mail address"),
        help_text=_("The person answers from this address; nobody else can."),
        max_length=FAR_TOO_LONG,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        help_text=_(
            "You may change it later. To make someone an owner, offer it once they belong."
        ),
        choices=ROLE_CHOICES,
    )


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES)


class HandOverForm(forms.Form):
    """To whom, and whether one stays an owner."""

    to = forms.ChoiceField(label=_("Offer it to"))
    stays_owner = forms.ChoiceField(
        label=_("Afterwards"),
        choices=[
            ("no", _("I am an editor, and no longer an owner")),
            ("yes", _("We both own it")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, members: list[Membership], **kwargs: Any) -> None:
        """``members`` are those who do not own it yet."""
        super().__init__(*args, **kwargs)
        self.members = {str(member.pk): member for member in members}
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *(
                (key, f"{member.user} · {Role(member.role).label}")
                for key, member in self.members.items()
            ),
        ]


class CloseForm(forms.Form):
    """The name, written once more: nobody closes the wrong one."""

    name = forms.CharField(max_length=FAR_TOO_LONG, widget=forms.TextInput())

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        """``organisation`` is the one to be closed."""
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.fields["name"].label = _("Write its name to confirm: %(name)s") % {
            "name": organisation.name
        }
        self.fields["name"].widget.attrs["autocomplete"] = "off"

    def clean_name(self) -> str:
        """The name, whatever its capitals and accents."""
        typed: str = self.cleaned_data["name"]
        if typed.strip() != self.organisation.name and fold(typed) != fold(self.organisation.name):
            raise ValidationError(_("This is not its name. Nothing was closed."))
        return typed
