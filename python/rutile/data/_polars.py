"""Every call of Polars that rutile makes, so that one contract test covers them (several are marked unstable there)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from rutile.data.failures import DataError, explain
from rutile.errors import DTypeError

Schema = Mapping[str, pl.DataType]
Frame = pl.DataFrame


class Field(NamedTuple):
    """One tensor of a batch: its name, the columns it is made of, the shape of one row, its dtype by name."""

    name: str
    columns: tuple[str, ...]
    shape: tuple[int, ...]
    dtype: str


def parquet_schema(footer: bytes, url: str) -> Schema:
    """The schema that a Parquet footer holds; the rest of the file is not needed."""
    try:
        return pl.read_parquet_schema(io.BytesIO(b"PAR1" + footer))
    except BaseException as error:
        raise translated(error, url) from error


def read_parquet(
    url: str, start: int, rows: int, columns: Sequence[str], schema: Schema, options: Mapping[str, Any] | None
) -> Frame:
    """Rows [start, start + rows) of one Parquet file; on an object store only their row group is fetched."""
    try:
        scan = pl.scan_parquet(
            url,
            glob=False,
            schema=pl.Schema(schema),
            hive_partitioning=False,
            storage_options=dict(options) if options else None,
            credential_provider=None,
        )
        return scan.select(columns).slice(start, rows).collect()
    except BaseException as error:
        raise translated(error, url) from error


def csv_header(line: bytes, separator: str, url: str) -> list[str]:
    try:
        return pl.read_csv(io.BytesIO(line), separator=separator, infer_schema_length=0).columns
    except BaseException as error:
        raise translated(error, url) from error


def infer_csv(block: bytes, names: Sequence[str], separator: str, url: str) -> Frame:
    """A block of CSV records without a header, with the dtypes that all of its records allow."""
    try:
        frame = pl.read_csv(io.BytesIO(block), has_header=False, separator=separator, infer_schema_length=None)
    except BaseException as error:
        raise translated(error, url) from error
    if frame.width != len(names):
        raise DataError(
            f"read {url}: its header names {len(names)} columns, got records of {frame.width} fields: "
            f"check the separator and the quotes"
        )
    return frame.rename(dict(zip(frame.columns, names, strict=True)))


def read_csv(block: bytes, columns: Sequence[str], schema: Schema, separator: str, url: str) -> Frame:
    try:
        frame = pl.read_csv(io.BytesIO(block), has_header=False, schema=pl.Schema(schema), separator=separator)
        return frame.select(columns)
    except BaseException as error:
        raise translated(error, url) from error


def merge_csv_schema(schema: dict[str, pl.DataType], frame: Frame) -> None:
    """Widens `schema` so that it holds `frame` too: integers and floats make floats, all else that differs makes text."""
    for name, dtype in frame.schema.items():
        known = schema.get(name)
        if frame[name].null_count() == frame.height or known == dtype:
            schema.setdefault(name, pl.Null())
        elif known is None or known == pl.Null:
            schema[name] = dtype
        else:
            schema[name] = pl.Float64() if known.is_numeric() and dtype.is_numeric() else pl.String()


def mismatch(expected: Schema, got: Schema, columns: Sequence[str]) -> str | None:
    """How `got` differs from `expected` in these columns, in words, or None."""
    for name in columns:
        if name not in got:
            return f"has no column {name!r}, which the first file has"
        integers = expected[name].is_integer() and got[name].is_integer()
        floats = expected[name].is_float() and got[name].is_float()
        if expected[name] != got[name] and not integers and not floats:
            return f"has column {name!r} as {got[name]}, and the first file as {expected[name]}"
    return None


def field(name: str, columns: tuple[str, ...], shape: tuple[int, ...] | None, schema: Schema, first: Any) -> Field:
    """The Field that these columns make; `first()` reads one row, and is called where a list's length is not known."""
    head = columns[0]
    leaf, own = unwrap(schema[head])
    dtype = tensor_dtype(leaf, head)
    if len(columns) > 1:
        for column in columns:
            other, inner = unwrap(schema[column])
            if inner:
                raise DataError(
                    f"columns[{name!r}] stacks columns of numbers, got {column!r} as {schema[column]}: name it alone"
                )
            dtype = wider(dtype, tensor_dtype(other, column))
        own = (len(columns),)
    if None in own:
        own = own if shape is not None else list_lengths(first(head), head)
    if shape is not None and None not in own and int(np.prod(shape)) != int(np.prod(own)):  # type: ignore[arg-type]
        raise DataError(f"columns[{name!r}] asks for shape {shape} in each row, and column {head!r} holds shape {own}")
    return Field(name, columns, tuple(shape if shape is not None else own), dtype)  # type: ignore[arg-type]


def arrays(frame: Frame, fields: Sequence[Field], url: str, start: int) -> dict[str, np.ndarray]:
    """The columns of a frame as arrays (rows, *shape), with dtypes that tensors have.

    Raises DataError at a null, at an integer that int32 cannot hold, and at a list of another length.
    """
    result = {}
    for one in fields:
        parts = [values(frame[column], one, url, start) for column in one.columns]
        stacked = parts[0] if len(parts) == 1 else np.stack(parts, axis=1)
        result[one.name] = stacked.reshape(frame.height, *one.shape)
    return result


def from_arrow(x: Any) -> np.ndarray:
    """The column or the table that an object gives by Arrow's C interface: (rows, ...) or (rows, columns, ...)."""
    series = pl.Series(x)
    if series.dtype != pl.Struct:
        return plain(series)
    columns = [plain(column) for column in series.struct.unnest().get_columns()]
    shapes = {column.shape[1:] for column in columns}
    if len(shapes) > 1:
        raise DTypeError("from_arrow needs columns of numbers, or of fixed-size lists that are all of one size")
    if not columns:
        return np.zeros((len(series), 0), dtype=np.float32)
    dtype = np.result_type(*columns)
    if dtype.kind == "f" and all(column.dtype.kind in "iub" for column in columns):
        raise DTypeError("from_arrow needs columns that one dtype holds, got int64 and uint64: cast one of them")
    return np.stack([column.astype(dtype, copy=False) for column in columns], axis=1)


def plain(series: pl.Series) -> np.ndarray:
    """A column without nulls as an array: its own memory where Polars can give that, which is then read-only."""
    leaf, shape = unwrap(series.dtype)
    number = leaf == pl.Boolean or ((leaf.is_float() or leaf.is_integer()) and leaf not in (pl.Int128, pl.UInt128))
    if not number or None in shape:
        hint = "give its lists one size with .list.to_array(n)" if number else "cast it, or leave it out"
        raise DTypeError(
            f"from_arrow needs numbers, bools or fixed-size lists of them, got column {series.name!r} "
            f"of {series.dtype}: {hint}"
        )
    flat = series
    for _ in range(len(shape)):
        if flat.null_count():
            break
        flat = flat.explode()
    if flat.null_count():
        raise DataError(
            f"from_arrow needs data without nulls, got {flat.null_count()} in column {series.name!r}: "
            "fill or drop them first (Polars: fill_null, drop_nulls)"
        )
    return series.to_numpy().reshape(len(series), *shape)  # type: ignore[arg-type]


def values(series: pl.Series, one: Field, url: str, start: int) -> np.ndarray:
    leaf, own = unwrap(series.dtype)
    flat = series
    if own:
        if series.null_count():
            raise null_error(series, url, start)
        count = int(np.prod(one.shape))
        depth = len(own)
        try:
            if depth == 1:
                flat = series.cast(pl.Array(leaf, count))
            elif None in own:
                flat = series.cast(pl.Array(leaf, list_lengths(series, series.name)))
        except pl.exceptions.PolarsError as error:
            raise DataError(
                f"read {url}: column {series.name!r} needs lists of {count} values in every row, got other lengths "
                f"in rows {start} to {start + len(series) - 1}: pad or cut them when the file is written"
            ) from error
        for _ in range(depth):
            flat = flat.explode()
    if flat.null_count():
        raise null_error(series if not own else flat, url, start, inside=bool(own))
    array = flat.to_numpy()
    if array.dtype != one.dtype:
        array = converted(array, one.dtype, series.name, url)
    return array.reshape(len(series), *([int(np.prod(one.shape))] if own else []))


def converted(array: np.ndarray, dtype: str, column: str, url: str) -> np.ndarray:
    if dtype in ("int32", "uint32") and array.dtype.kind in "iu" and array.size:
        limits = np.iinfo(dtype)
        worst = max(int(array.max()), -int(array.min()) if int(array.min()) < limits.min else 0)
        if int(array.min()) < limits.min or int(array.max()) > limits.max:
            shown = int(array.max()) if worst == int(array.max()) else int(array.min())
            raise DataError(
                f"read {url}: column {column!r} has {shown}, and {dtype} holds {limits.min} to {limits.max}: "
                f"cast it to a float, split it, or leave it out with columns=..."
            )
    return array.astype(dtype)


def null_error(series: pl.Series, url: str, start: int, inside: bool = False) -> DataError:
    index = int(series.is_null().arg_max() or 0)
    where = "inside its lists" if inside else f"the first in row {start + index}"
    return DataError(
        f"read {url}: column {series.name!r} has {series.null_count()} nulls, {where}: a tensor has no null: "
        f"fill or drop them when the file is written (Polars: fill_null, drop_nulls), or leave the column out with columns=..."
    )


def unwrap(dtype: pl.DataType) -> tuple[pl.DataType, tuple[int | None, ...]]:
    """The innermost dtype and the shape of one value, None where lists may differ in length."""
    shape: tuple[int | None, ...] = ()
    while isinstance(dtype, (pl.Array, pl.List)):
        if isinstance(dtype, pl.Array):
            shape += tuple(dtype.shape)
            while isinstance(dtype, pl.Array):
                dtype = dtype.inner  # type: ignore[assignment]
        else:
            shape += (None,)
            dtype = dtype.inner  # type: ignore[assignment]
    return dtype, shape


def list_lengths(series: pl.Series, column: str) -> tuple[int, ...]:
    """The shape of the first value of a column of lists."""
    shape: tuple[int, ...] = ()
    value = series[0] if len(series) else None
    while isinstance(value, pl.Series):
        shape += (len(value),)
        value = value[0] if len(value) else None
    if not shape:
        raise DataError(f"column {column!r} has no list in its first row: name its shape, columns={{{column!r}: (n,)}}")
    return shape


def tensor_dtype(dtype: pl.DataType, column: str) -> str:
    if dtype == pl.Boolean:
        return "bool"
    if dtype.is_float():
        return "float32"
    if dtype.is_integer():
        return "uint32" if dtype == pl.UInt32 else "int32"
    raise DataError(
        f"column {column!r} has dtype {dtype}, and a tensor holds numbers or booleans: "
        f"convert it when the file is written, or leave it out with columns=..."
    )


def wider(left: str, right: str) -> str:
    order = ("bool", "uint32", "int32", "float32")
    return max(left, right, key=order.index)


def translated(error: BaseException, url: str) -> BaseException:
    """What to raise for an error out of Polars; its panics count as unreadable data, Ctrl-C and exit pass through."""
    if isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError)):
        return error
    return explain(error, url)
