"""From entries to what other programs read. Every format is a file of its own and touches no disk.

`history` is the exception: it asks git, or else the files, when entries changed. What an export says is built from
entries alone: the words of articles never leave this machine.
"""

from kb.export.addresses import Addresses
from kb.export.results import found

__all__ = ["Addresses", "found"]
