"""Wagtail pages: home, articles, and the introduction of each list."""
