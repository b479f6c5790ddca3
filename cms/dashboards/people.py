"""Accounts in the administration: opened, given roles, closed; never deleted behind the verbs.

Wagtail's own pages ask for a first name that a person here has not, set other people's passwords
and write nothing in the audit: ours call the verbs of ``core.accounts.domain.people``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import Group
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn
from wagtail.users.views.users import CreateView, EditView, IndexView, UserViewSet

from core.accounts import roles
from core.accounts.domain import people
from core.accounts.mail_domains import AddressField
from core.accounts.models import Organisation, Role, User
from core.accounts.people import LONGEST_NAME
from core.text import LineField
from core.viewsets import ByVerb

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

LIST = "wagtailusers_users:index"
# The city's roles in words, in the order of the demonstration.
ROLE_LABELS = {
    roles.EDITORS: gettext_lazy("Editor of pages"),
    roles.CHALLENGE_MANAGERS: gettext_lazy("Challenge manager"),
    roles.CHALLENGE_APPROVERS: gettext_lazy("Approver of challenges"),
    roles.JURY_MEMBERS: gettext_lazy("Jury member"),
    roles.PILOT_MANAGERS: gettext_lazy("Pilot manager"),
    roles.MODERATORS: gettext_lazy("Moderator of listings"),
    roles.FINANCE: gettext_lazy("Finance"),
    roles.ADMINISTRATORS: gettext_lazy("Administrator"),
}


def role_label(group: Group) -> str:
    """The role in the reader's language; a group of the city's own has its name."""
    return str(ROLE_LABELS.get(group.name, group.name))


def roles_in_words(person: User) -> str:
    """Those of a person, none for a member of a startup."""
    return ", ".join(role_label(group) for group in person.groups.all())


class RolesField(forms.ModelMultipleChoiceField):
    """The city's roles, in words."""

    def __init__(self) -> None:
        """Boxes, none of them needed: a member of a startup has no role in the city."""
        super().__init__(
            Group.objects.order_by("pk"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            label=gettext_lazy("Roles in the city"),
            help_text=gettext_lazy(
                "Every role but that of the jury opens the administration, with a second factor."
            ),
        )

    def label_from_instance(self, obj: Group) -> str:
        """In words."""
        return role_label(obj)


class NameField(LineField):
    """The name that others read."""

    def __init__(self) -> None:
        """Not needed: the address stands for it."""
        super().__init__(max_length=LONGEST_NAME, required=False, label=gettext_lazy("Name"))


class OpenForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whom an account is opened for."""

    email = AddressField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        error_messages={"unique": people.HasAccount.default_message},
        help_text=gettext_lazy("The person signs in by a code sent there; no password is set."),
    )
    name = NameField()
    groups = RolesField()

    class Meta:
        model = User
        fields = ("email", "name", "language", "groups")


class ChangeForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an administrator changes of an account."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        disabled=True,
        required=False,
        help_text=gettext_lazy("Its person changes it, in their account."),
    )
    name = NameField()
    is_active = forms.BooleanField(
        label=gettext_lazy("Active"),
        required=False,
        help_text=gettext_lazy("Unticked, nobody signs in with it; what was done stays."),
    )
    groups = RolesField()

    class Meta:
        model = User
        fields = ("email", "name", "language", "is_active", "groups")

    def __init__(self, *args: Any, editing_self: bool = False, **kwargs: Any) -> None:
        """``editing_self`` is Wagtail's; the verb knows by itself."""
        super().__init__(*args, **kwargs)


class PeopleIndex(IndexView):  # type: ignore[misc]  # no types in Wagtail
    """Everyone with an account."""

    page_title = gettext_lazy("People")
    add_item_label = gettext_lazy("Open an account")

    @property
    def columns(self) -> list[Any]:
        """No boxes: what is done to several at once has no verb."""
        return [
            self._get_title_column_class(TitleColumn)(
                "name", label=gettext_lazy("Name"), accessor=str, get_url=self.get_edit_url
            ),
            Column("email", label=gettext_lazy("E-mail address"), sort_key="email"),
            Column("roles", label=gettext_lazy("Roles in the city"), accessor=roles_in_words),
            BooleanColumn("is_active", label=gettext_lazy("Active"), sort_key="is_active"),
            DateColumn("last_login", label=gettext_lazy("Last sign-in"), sort_key="last_login"),
        ]

    def get_base_queryset(self) -> QuerySet[User]:
        """With the roles, in one query more."""
        people: QuerySet[User] = super().get_base_queryset()
        return people.prefetch_related("groups")

    @property
    def search_fields(self) -> set[str]:
        """By address or by name."""
        return {"email", "name"}

    def get_delete_url(self, instance: User) -> None:
        """Not offered."""


class OpenView(ByVerb, CreateView):  # type: ignore[misc]
    """Open an account for somebody."""

    success_message = gettext_lazy("The account of %(object)s is open; they are told by mail.")

    def save_instance(self) -> User:
        """By the verb."""
        typed = self.form.cleaned_data
        fields = ("email", "name", "language", "groups")
        return people.open_account(
            **{name: typed[name] for name in fields},
            actor=self.request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )


class ChangeView(ByVerb, EditView):  # type: ignore[misc]
    """Change the roles of somebody, close their account or open it again."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Deletion is offered to nobody."""
        super().setup(request, *args, **kwargs)
        self.can_delete = False

    def save_instance(self) -> User:
        """By the verb."""
        typed = self.form.cleaned_data
        fields = ("name", "language", "is_active", "groups")
        return people.change_account(
            person=User.objects.get(pk=self.object.pk),
            **{name: typed[name] for name in fields},
            actor=self.request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )

    def get_delete_url(self) -> None:
        """Not offered."""


class PeopleViewSet(UserViewSet):  # type: ignore[misc]
    """Takes the place of Wagtail's."""

    template_prefix = ""
    # Not that of wagtail.users, which is about what is done to several at once.
    index_template_name = "wagtailadmin/generic/index.html"
    index_results_template_name = "dashboards/facts_results.html"
    index_view_class = PeopleIndex
    add_view_class = OpenView
    edit_view_class = ChangeView
    copy_view_enabled = False
    menu_label = gettext_lazy("People")

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[User]]:
        """Ours."""
        return ChangeForm if for_update else OpenForm


def refuse_deletion(request: HttpRequest, user: User) -> HttpResponse:
    """An account is erased by its person, in “My data”: that keeps what the law keeps."""
    messages.error(
        request,
        _(
            "Nothing was deleted. An account is erased by its person, in “My data”, where what "
            "must be kept stays. To close one, make it inactive."
        ),
    )
    return redirect("wagtailusers_users:edit", user.pk)


def refuse_several(
    request: HttpRequest, action: str, chosen: Iterable[Any], view: Any
) -> HttpResponse | None:
    """Nothing is done to several accounts at once: no verb says who changed what."""
    if view.model is not User:
        return None
    messages.error(request, _("Nothing was changed. Accounts are changed one by one."))
    return redirect(LIST)


def tell_of_closed(request: HttpRequest, user: User) -> None:
    """After an account was closed: the organisations that nobody runs any more."""
    if user.is_active:
        return
    owned = {"memberships__user": user, "memberships__role": Role.OWNER}
    left = Organisation.objects.without_owner().filter(**owned)
    names = ", ".join(left.order_by("name").distinct().values_list("name", flat=True))
    if names:
        messages.warning(
            request,
            _(
                "No owner of these organisations can sign in any more: %(names)s. Nothing in them "
                "has changed; they have their owner back when the account is made active again."
            )
            % {"names": names},
        )
