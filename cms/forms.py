"""How every Django form of the site is drawn."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Forms and fields through the site's own templates."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
