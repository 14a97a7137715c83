"""What the pages are made of beside their templates: words, and what their scripts must know."""

from webapp.page.facts import page_values
from webapp.page.words import language_for

__all__ = ["language_for", "page_values"]
