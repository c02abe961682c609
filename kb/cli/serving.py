"""`kb serve`: the pages and the JSON API in a browser on this machine."""
# ruff: noqa: PLC0415  (servers and pages are imported when the command runs, not when `kb` starts)

from __future__ import annotations

import gc
import importlib
import ipaddress
from typing import TYPE_CHECKING

import click

from kb.cli.common import open_library
from kb.cli.searching import model_option
from kb.errors import KbError

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_HOST = "127.0.0.1"
_THREADS = 8
"""Of which four may be taken by audits and those who wait for one."""
_HEADROOM = 1_000_000
"""Bytes beyond the largest form, so that the application refuses what is a little too large, in words."""


@click.command()
@click.option("--host", default=DEFAULT_HOST, show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes any free port.")
@model_option
@click.pass_context
def serve(ctx: click.Context, host: str, port: int, model: Path | None) -> None:
    """Serve the pages and the JSON API to a browser.

    Only this machine can reach them, unless another HOST is given: there are no passwords, and who can reach the
    address can read everything. Edits to the files show at once.
    """
    from waitress import create_server  # type: ignore[import-untyped]

    library = open_library(ctx, follow_edits=True, model=model)
    library.index()
    # By name, because the layers say that the command line and the web do not know each other.
    app = importlib.import_module("webapp").create_app(library, trusted_hosts=_trusted_hosts(host))
    # What is loaded now stays: at 10,000 claims each look through it for garbage would hold a request up for a second.
    gc.collect()
    gc.freeze()
    # A body stays in memory, so that copy to audit never touches the disk, and is refused where it is beyond any form.
    most = importlib.import_module("webapp.audit_limits").MAX_FORM + _HEADROOM
    try:
        server = create_server(
            app, host=host, port=port, threads=_THREADS, max_request_body_size=most, inbuf_overflow=most
        )
    except (OSError, ValueError) as error:  # the port is taken or not ours to take; the host is not an address
        message = f"cannot listen on {host} port {port}: {getattr(error, 'strerror', None) or error}"
        raise KbError(message) from error
    if not _is_loopback(host):
        click.echo(f"kb: {host} can be reached from other machines, and there are no passwords", err=True)
    importlib.import_module("webapp.sample").warm(app)
    # A name such as localhost may stand for several addresses; they share the port.
    _, bound = getattr(server, "effective_listen", [("", getattr(server, "effective_port", port))])[0]
    click.echo(f"{library.kb.about.name}: {_address(host, bound)} (Ctrl+C stops)")
    server.run()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _trusted_hosts(host: str) -> list[str] | None:
    """Return the names by which this machine may be asked; any, where its other names cannot be known."""
    return ["localhost", DEFAULT_HOST, "[::1]", host] if _is_loopback(host) else None


def _address(host: str, port: int) -> str:
    """Return the URL to open; an IPv6 address stands in brackets, and "all addresses" includes this machine's own."""
    shown = {"0.0.0.0": DEFAULT_HOST, "::": "::1"}.get(host, host)  # noqa: S104  (shown, not bound)
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"
