"""The page that audits copy: handed in by a form, shown marked in place, handed on as files. Nothing of it is kept."""

from webapp.audit.page import blueprint

__all__ = ["blueprint"]
