"""The rows of a roll-up for other programs: CSV that no spreadsheet runs, and Parquet."""

from __future__ import annotations

import csv
import importlib
import io
from typing import TYPE_CHECKING, Any

from kb.batch.rollup import COLUMNS, rows
from kb.errors import KbError
from kb.export.csv import neutral

if TYPE_CHECKING:
    from kb.batch.rollup import Rolled

_FIGURES = {"pages": "int64", "times": "int64", "share": "double"}


def columns(*, compared: bool) -> dict[str, str]:
    """Return the columns and their types."""
    figures = dict(_FIGURES)
    if compared:
        figures |= {f"{name}_before": kind for name, kind in _FIGURES.items()}
    return dict.fromkeys(("table", *COLUMNS), "string") | figures


def as_csv(now: Rolled, before: Rolled | None = None) -> str:
    """Return the rows as RFC 4180 has them."""
    text = io.StringIO()
    names = list(columns(compared=before is not None))
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names)
    for row in rows(now, before):
        writer.writerow([_cell(row[name]) for name in names])
    return text.getvalue()


def _cell(value: Any) -> str:
    return neutral(value) if isinstance(value, str) else "" if value is None else str(value)


def as_parquet(now: Rolled, before: Rolled | None = None) -> bytes:
    """Return the rows as a Parquet file; raise `KbError` where pyarrow is not there."""
    try:
        arrow = importlib.import_module("pyarrow")  # an extra that few need, and without types
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise KbError("writing Parquet needs pyarrow: pip install 'caveat-kb[batch]'") from error
    kinds = columns(compared=before is not None)
    schema = arrow.schema(
        [(name, getattr(arrow, "float64" if kind == "double" else kind)()) for name, kind in kinds.items()]
    )
    found = list(rows(now, before))
    table = arrow.table({name: [row[name] for row in found] for name in kinds}, schema=schema)
    target = io.BytesIO()
    parquet.write_table(table, target)
    return target.getvalue()
