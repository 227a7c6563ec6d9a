"""CSV cut into blocks of whole records, so that any block can be read again by its byte range (RFC 4180 quoting)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from rutile.data import _polars
from rutile.data._files import File, Files
from rutile.data.failures import DataError

BLOCK = 2 * 1024 * 1024  # bytes of a block, about
RECORD_LIMIT = 256 * 1024 * 1024  # bytes: a longer record is taken for a quote that is never closed


def blocks(files: Files, file: File, schema: dict[str, Any]) -> Iterator[tuple[int, int, int]]:
    """(first byte, bytes, rows) of each block, in one pass; widens `schema` to what the columns hold."""
    names: list[str] = []
    start, rest, read = 0, b"", 0
    while read < file.size:
        data = files.read(file, read, BLOCK)
        read += len(data)
        rest += data
        end = len(rest) if read >= file.size else last_record_end(rest)
        if end == 0 and len(rest) > RECORD_LIMIT:
            raise DataError(
                f"read {file.url}: a record from byte {start} on has no end: check for a quote that is not closed"
            )
        if not names and end:
            header = first_record_end(rest[:end])
            names = _polars.csv_header(rest[:header], separator(file), file.url)
            if schema and list(schema) != names:
                raise DataError(
                    f"read {file.url}: mixed schemas: it has columns {names}, and the first file has {list(schema)}: "
                    f"make one Table for each"
                )
            start, rest, end = header, rest[header:], end - header
        if end:
            frame = _polars.infer_csv(rest[:end], names, separator(file), file.url)
            _polars.merge_csv_schema(schema, frame)
            yield start, end, frame.height
            start, rest = start + end, rest[end:]
    if not names:
        raise DataError(f"read {file.url}: the file is empty: a CSV file starts with a line of column names")


def separator(file: File) -> str:
    return "\t" if file.url.lower().endswith(".tsv") else ","


def last_record_end(data: bytes) -> int:
    """The position behind the last newline that stands outside quotes, 0 where there is none."""
    if b'"' not in data:
        return data.rfind(b"\n") + 1
    ends = record_ends(data)
    return int(ends[-1]) + 1 if ends.size else 0


def first_record_end(data: bytes) -> int:
    ends = record_ends(data)
    return int(ends[0]) + 1 if ends.size else len(data)


def record_ends(data: bytes) -> np.ndarray:
    text = np.frombuffer(data, dtype=np.uint8)
    outside = np.cumsum(text == ord('"'), dtype=np.int64) % 2 == 0
    return np.flatnonzero((text == ord("\n")) & outside)
