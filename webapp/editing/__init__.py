"""Entries in forms: made from the models, checked while typing, saved without losing anything."""

from webapp.editing import asking, listing, naming, pages, raw
from webapp.editing.blueprint import blueprint

__all__ = ["asking", "blueprint", "listing", "naming", "pages", "raw"]
