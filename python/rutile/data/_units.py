"""The unit of work: a part of one file that is read at once, a row group of Parquet or a block of CSV records."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rutile.data import _csv, _polars
from rutile.data._files import File, Files
from rutile.data._footer import read_footer, row_groups
from rutile.data.failures import DataError

PLAN_THREADS = 8


@dataclass(frozen=True)
class Unit:
    """`rows` rows of `file`, the first being row `first_row` of the whole table.

    `start` and `length` count rows of the file for Parquet, and bytes for CSV.
    """

    file: File
    schema: _polars.Schema
    start: int
    length: int
    rows: int
    first_row: int = 0

    def read(self, files: Files, columns: Sequence[str]) -> _polars.Frame:
        if self.file.format == "csv":
            block = files.read(self.file, self.start, self.length)
            frame = _polars.read_csv(block, columns, self.schema, _csv.separator(self.file), self.file.url)
        else:
            options = files.polars_options if self.file.remote else None
            frame = _polars.read_parquet(self.file.url, self.start, self.length, columns, self.schema, options)
        if frame.height != self.rows:
            raise DataError(
                f"read {self.file.url}: {self.rows} rows are expected from {self.start} on, got {frame.height}: "
                f"the file changed while it was read, make the Table anew"
            )
        return frame

    def arrays(self, files: Files, fields: Sequence[_polars.Field]) -> dict[str, np.ndarray]:
        columns = list(dict.fromkeys(column for one in fields for column in one.columns))
        return _polars.arrays(self.read(files, columns), fields, self.file.url, self.first_row)


def plan_units(files: Files, found: Sequence[File]) -> list[Unit]:
    """The units of all files, in order. Parquet costs one small read for each file, CSV one pass over the bytes."""
    units = parquet_units(files, found) if found[0].format == "parquet" else csv_units(files, found)
    numbered, first_row = [], 0
    for unit in units:
        numbered.append(replace(unit, first_row=first_row))
        first_row += unit.rows
    if not numbered:
        raise DataError(f"read {found[0].url}: the table has no rows: check the source")
    return numbered


def parquet_units(files: Files, found: Sequence[File]) -> list[Unit]:
    def units(file: File) -> list[Unit]:
        footer = read_footer(files, file)
        schema = _polars.parquet_schema(footer, file.url)
        result, start = [], 0
        for rows in row_groups(footer, file.url):
            if rows:
                result.append(Unit(file, schema, start, rows, rows))
            start += rows
        return result

    with ThreadPoolExecutor(min(PLAN_THREADS, len(found))) as pool:
        return [unit for part in pool.map(units, found) for unit in part]


def csv_units(files: Files, found: Sequence[File]) -> list[Unit]:
    # All units share one schema, which each file may widen: a column of whole numbers in one may have fractions in another.
    schema: dict[str, Any] = {}
    units = []
    for file in found:
        for start, length, rows in _csv.blocks(files, file, schema):
            units.append(Unit(file, schema, start, length, rows))
    return units
