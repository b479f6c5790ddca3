"""Registers the directory's forms with the administration."""

from wagtail.snippets.models import register_snippet

from startups.viewsets import DirectoryGroup

register_snippet(DirectoryGroup)
