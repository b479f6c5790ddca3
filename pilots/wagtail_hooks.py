"""Registers the thread's forms with the administration."""

from wagtail.snippets.models import register_snippet

from pilots.viewsets import ThreadGroup

register_snippet(ThreadGroup)
