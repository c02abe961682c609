"""`kb serve`: the pages and the JSON API in a browser on this machine."""
# ruff: noqa: PLC0415  (servers and pages are imported when the command runs, not when `kb` starts)

from __future__ import annotations

import contextlib
import gc
import importlib
import ipaddress
import threading
import time
from typing import TYPE_CHECKING, Any

import click

from kb.cli.common import open_library
from kb.cli.listening import Limits, Listening, Patience, cannot_listen
from kb.cli.logs import FORMATS, written
from kb.cli.searching import dsn_option, engine_option, model_option
from kb.errors import KbError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.accounts import Accounts
    from kb.library import Library

DEFAULT_HOST = "127.0.0.1"
_THREADS = 8
"""Of which four may be taken by audits and those who wait for one."""
_HEADROOM = 1_000_000
"""Bytes beyond the largest form, so that the application refuses what is a little too large, in words."""
_LAST_PORT = 65_535


@click.command()
@click.option("--host", default=DEFAULT_HOST, show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes any free port.")
@engine_option
@dsn_option
@model_option
@click.option("--edit", is_flag=True, help="Print a link that lets whoever opens it first edit, on this machine.")
@click.option("--no-commit", is_flag=True, help="Commit nothing to git; saves change the files alone.")
@click.option(
    "--behind-proxy",
    type=click.IntRange(1, 10),
    metavar="NUMBER",
    help="Trust X-Forwarded-For and X-Forwarded-Proto of so many proxies in front of this server.",
)
@click.option(
    "--log-format",
    type=click.Choice(FORMATS),
    help="Log every request, by its route, on standard error. Default: warnings alone.",
)
@click.option(
    "--metrics",
    metavar="[HOST:]PORT",
    help="Serve figures for Prometheus on a port of their own; HOST is this machine unless it is said.",
)
@click.option(
    "--grace",
    type=click.FloatRange(0, 3600),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="When told to stop, wait so long for requests that are under way.",
)
@click.pass_context
def serve(
    ctx: click.Context,
    *,
    host: str,
    port: int,
    engine: str | None,
    dsn: str | None,
    model: Path | None,
    edit: bool,
    no_commit: bool,
    behind_proxy: int | None,
    log_format: str | None,
    metrics: str | None,
    grace: float,
) -> None:
    """Serve the pages and the JSON API to a browser.

    Only this machine can reach them, unless another HOST is given: who can reach the address can read everything.
    Edits to the files show at once. Nothing can be changed in the browser but by accounts (kb user add), or on this
    machine with --edit. Ctrl+C and SIGTERM stop it once what is under way is done.
    """
    if edit and (behind_proxy or not _is_loopback(host)):
        raise click.UsageError("--edit is for this machine alone; make accounts with kb user add")
    figures_at = _address_of_figures(metrics)
    with written(log_format):
        library = open_library(ctx, follow_edits=True, engine=engine, dsn=dsn, model=model)
        library.commit_saves = not no_commit
        library.index()
        accounts = _accounts(library, needed=edit)
        app = _application(library, accounts, host, behind_proxy, metrics=figures_at is not None)
        server = _listening(app, host, port, grace, proxied=bool(behind_proxy))
        with _figures(app, figures_at), server.stopping_on_signals():
            _warn(accounts, host, behind_proxy)
            importlib.import_module("webapp.sample").warm(app)
            importlib.import_module("webapp.running.warming").warm(app)
            click.echo(f"{library.kb.about.name}: {_address(host, server.port)} (Ctrl+C stops)")
            if edit and accounts:
                _print_link(library, accounts, _address(host, server.port))
            left = server.run()
            _end(left)


def _end(seconds: float) -> None:
    """End what runs beside the requests: audits at once, an index that is being brought up to date when it is done."""
    importlib.import_module("webapp.audit_running").end()
    ends = time.monotonic() + seconds
    for thread in threading.enumerate():
        if thread.name.startswith("kb-"):
            thread.join(max(0.0, ends - time.monotonic()))


def _accounts(library: Library, *, needed: bool) -> Accounts | None:
    """Open the accounts; where this machine keeps none and they cannot be made, all the same serve for reading."""
    from kb.accounts import Accounts, folder_of

    try:
        return Accounts.of(library.root)
    except KbError as error:
        if needed or folder_of(library.root).exists():
            raise
        click.echo(f"kb: {error}; serving for reading alone", err=True)
        return None


def _application(
    library: Library, accounts: Accounts | None, host: str, behind_proxy: int | None, *, metrics: bool
) -> Any:
    # By name, because the layers say that the command line and the web do not know each other.
    return importlib.import_module("webapp.running.serving").application(
        library,
        accounts=accounts,
        trusted_hosts=None if behind_proxy else _trusted_hosts(host),
        behind_proxy=behind_proxy,
        metrics=metrics,
    )


def _listening(app: Any, host: str, port: int, grace: float, *, proxied: bool) -> Listening:
    # What is loaded now stays: at 10,000 claims each look through it for garbage would hold a request up for a second.
    gc.collect()
    gc.freeze()
    # What is beyond any form is refused before it is read; what is a little too large, by the application, in words.
    most = importlib.import_module("webapp.audit_limits").MAX_FORM + _HEADROOM
    return Listening(app, host, port, Limits(_THREADS, most), Patience(grace=grace), proxied=proxied)


def _address_of_figures(given: str | None) -> tuple[str, int] | None:
    """Read `[HOST:]PORT`."""
    if given is None:
        return None
    host, _, port = given.rpartition(":")
    if not port.isdecimal() or int(port) > _LAST_PORT:
        raise click.BadParameter(f"{given!r} is not a port, nor HOST:PORT", param_hint="--metrics")
    return host.strip("[]") or DEFAULT_HOST, int(port)


@contextlib.contextmanager
def _figures(app: Any, address: tuple[str, int] | None) -> Iterator[None]:
    """Serve the figures beside the pages: they can be had while every thread is busy, and not through a proxy."""
    if address is None:
        yield
        return
    from prometheus_client import start_http_server

    host, port = address
    registry = importlib.import_module("webapp.running.serving").figures_of(app).registry
    try:
        server, thread = start_http_server(port, host, registry)
    except (OSError, OverflowError) as error:
        raise cannot_listen(host, port, error) from error
    if not _is_loopback(host):
        click.echo(f"kb: the figures at {host} can be read from other machines", err=True)
    click.echo(f"Figures: {_address(host, server.server_port)}metrics")
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _warn(accounts: Accounts | None, host: str, behind_proxy: int | None) -> None:
    """Say what could go wrong where other machines can reach the server."""
    if _is_loopback(host) or behind_proxy:
        return
    if accounts and accounts.users.any():
        click.echo(
            f"kb: {host} can be reached from other machines, and passwords travel in the clear; "
            "put a server with TLS in front and say --behind-proxy 1",
            err=True,
        )
    else:
        click.echo(f"kb: {host} can be reached from other machines, and there are no passwords", err=True)


def _print_link(library: Library, accounts: Accounts, address: str) -> None:
    from kb.accounts.identity import name_and_email

    me = accounts.users.local(*name_and_email(library.root))
    link = f"{address}start/{accounts.sessions.link(me)}"
    click.echo(f"Edit as {me.display}: {link} (works once, for ten minutes)")


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
