"""What every form says when something is wrong, to who does not see it too."""

from __future__ import annotations

import re

from django import forms
from django.template.loader import render_to_string


class Asked(forms.Form):
    """One box, and two groups of them."""

    name = forms.CharField(label="Nom", help_text="Comme on vous appelle.")
    kind = forms.ChoiceField(
        label="Genre",
        help_text="Un seul.",
        choices=[("a", "A"), ("b", "B")],
        widget=forms.RadioSelect,
    )
    many = forms.MultipleChoiceField(
        label="Plusieurs", choices=[("a", "A")], widget=forms.CheckboxSelectMultiple
    )


def drawn(data: dict[str, str] | None = None) -> str:
    return " ".join(str(Asked(data)).split())


def test_each_error_leads_to_its_first_box() -> None:
    found = drawn({"name": ""})
    led_to = re.findall(r'<li><a href="#([^"]+)"', found)
    assert led_to == ["id_name", "id_kind_0", "id_many_0"]
    for box in led_to:
        assert re.search(rf'<input [^>]*id="{box}"', found)


def test_the_summary_takes_the_focus() -> None:
    assert re.search(r'<div class="errors[^>]*tabindex="-1" autofocus>', drawn({"name": ""}))
    assert "autofocus" not in drawn()


def test_a_group_is_described_by_its_help_and_its_error() -> None:
    assert 'aria-describedby="id_kind_helptext"' in drawn()
    found = drawn({"name": ""})
    (group,) = re.findall(r'<fieldset aria-describedby="([^"]*kind[^"]*)"', found)
    assert group.split() == ["id_kind_helptext", "id_kind_error"]
    for described in group.split():
        assert found.count(f'id="{described}"') == 1


def test_several_errors_of_one_box_have_one_name() -> None:
    form = Asked({"name": "x", "kind": "a", "many": ""})
    form.is_valid()
    form.add_error("name", "Un.")
    form.add_error("name", "Deux.")
    field = render_to_string("components/field.html", {"field": form["name"]})
    assert field.count('id="id_name_error"') == 1
    assert ("Un." in field, "Deux." in field) == (True, True)
