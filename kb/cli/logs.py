"""What a server writes on standard error: lines for people, or for programs that collect logs.

None has words that somebody typed: an exception is told by where it happened, a request by its route.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
from typing import TYPE_CHECKING

import click

from kb.library.traces import trace

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMATS = ("text", "json")

_QUIET = {"waitress": logging.WARNING}
"""Loggers that tell addresses of requests in what they say by the way."""
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), 127, 0x85, 0x2028, 0x2029)}


class _Line(logging.Formatter):
    """For people: the message, and where an exception came from."""

    def format(self, record: logging.LogRecord) -> str:
        return f"{self.head(record)}{_message(record)}{self.tail(record)}"

    def head(self, _record: logging.LogRecord) -> str:
        return "kb: "

    def tail(self, record: logging.LogRecord) -> str:
        found = _trace(record)
        return "\n" + found.rstrip("\n") if found else ""


class _Text(_Line):
    """The same with time, level and logger, and requests with what became of them."""

    def head(self, record: logging.LogRecord) -> str:
        return f"{_time(record)} {record.levelname.lower()} {record.name} "

    def tail(self, record: logging.LogRecord) -> str:
        seen = getattr(record, "seen", None)
        if seen is None:
            return super().tail(record)
        account = f" account={seen['account']}" if seen["account"] else ""
        return f" {seen['status']} {seen['ms']} ms request={seen['request']}{account}"


class _Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        told = {"time": _time(record), "level": record.levelname.lower(), "logger": record.name}
        seen = getattr(record, "seen", None)
        told |= {"message": record.getMessage()} if seen is None else seen
        if found := _trace(record):
            told["trace"] = found
        return json.dumps(told, ensure_ascii=False)


class _Stderr(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(OSError, ValueError):  # whoever read it has gone; that is no reason to stop serving
            click.echo(self.format(record), err=True)


@contextlib.contextmanager
def written(form: str | None) -> Iterator[None]:
    """Write what is logged meanwhile: everything, requests included, in a format; or warnings alone, for people."""
    handler = _Stderr()
    handler.setFormatter({None: _Line, "text": _Text, "json": _Json}[form]())
    root, ours = logging.getLogger(), logging.getLogger("kb")
    before = root.level, ours.handlers[:], ours.propagate
    levels = {name: logging.getLogger(name).level for name in _QUIET}
    root.addHandler(handler)
    root.setLevel(logging.INFO if form else logging.WARNING)
    ours.handlers[:], ours.propagate = [], True
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)
    try:
        yield
    finally:
        root.removeHandler(handler)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
        root.setLevel(before[0])
        ours.handlers[:], ours.propagate = before[1:]


def _message(record: logging.LogRecord) -> str:
    """Return the message on one line: nobody adds lines to the log."""
    return record.getMessage().rstrip("\n").translate(_CONTROLS)


def _trace(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    return trace(error) if error else str(getattr(record, "trace", ""))


def _time(record: logging.LogRecord) -> str:
    return dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
