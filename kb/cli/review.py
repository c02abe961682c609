"""`kb review`: what waits for somebody."""
# ruff: noqa: PLC0415  (the library is imported when a command runs, not when `kb` starts)

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from kb.cli.common import counted, open_library

if TYPE_CHECKING:
    from kb.review import Standing

_WAITING = ("draft", "waiting", "disputed", "recheck", "due", "stale")


@click.command()
@click.argument("waiting", type=click.Choice(_WAITING), nargs=-1, metavar="[WHAT]...")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Which day it is. Default: the clock's.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def review(ctx: click.Context, waiting: tuple[str, ...], today: Any, as_json: bool) -> None:
    """List the entries that wait for somebody: WHAT is draft, waiting, disputed, recheck, due or stale.

    `waiting` is for an approval, `recheck` has evidence that may no longer fit, `due` is to be looked at again within
    60 days, `stale` should have been. Without WHAT, all are listed.
    """
    import datetime as dt

    from kb.review import standing

    day = today.date() if today else dt.datetime.now().astimezone().date()
    found = [one for one in standing(open_library(ctx).kb, day) if not waiting or one.waiting.value in waiting]
    if as_json:
        head: dict[str, Any] = {"schema": "kb-review/1", "today": day.isoformat(), "total": len(found)}
        click.echo(json.dumps(head | {"entries": [_plain(one) for one in found]}, ensure_ascii=False, indent=2))
        return
    for one in found:
        due = one.due.isoformat() if one.due else "no date   "
        click.echo(f"{one.waiting.value:<8}  {due}  {one.kind} {one.entry.id}, by {one.entry.review.author}")
    click.echo(f"{counted(len(found), 'line')}" if found else "Nothing waits.")


def _plain(one: Standing) -> dict[str, Any]:
    return {
        "waiting": one.waiting.value,
        "kind": one.kind,
        "id": one.entry.id,
        "status": one.entry.status.value,
        "author": one.entry.review.author,
        "due": one.due.isoformat() if one.due else None,
    }
