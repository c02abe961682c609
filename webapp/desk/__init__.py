"""The editors' desk: everything that waits for somebody, one list at a time."""

from webapp.desk.pages import blueprint

__all__ = ["blueprint"]
