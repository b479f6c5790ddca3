"""The jury's addresses; none carries a name or the number of a file."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from pilots.views import jury

urlpatterns = [
    path(_("workspace/jury/<int:pk>/"), jury.seat, name="jury_seat"),
    path(_("workspace/jury/<int:pk>/conflicts/"), jury.conflicts, name="jury_conflicts"),
    path(_("workspace/evaluations/<int:pk>/"), jury.evaluate, name="jury_evaluate"),
    path(_("workspace/evaluations/<int:pk>/decline/"), jury.decline, name="jury_decline"),
]
