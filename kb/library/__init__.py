"""The front door: every journey through a knowledge base, used by the command line and the web alike."""

from kb.library.answers import check_filters, filter_values, search_answer
from kb.library.formatting import Formatted
from kb.library.front import IndexState, Library

__all__ = ["Formatted", "IndexState", "Library", "check_filters", "filter_values", "search_answer"]
