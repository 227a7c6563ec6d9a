"""Tables: rows of Parquet or CSV files, local or in an object store, as batches of tensors."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from rutile.data import _order
from rutile.data._prefetch import Background, ordered_map
from rutile.data.failures import DataError

if TYPE_CHECKING:
    from rutile.data._units import Unit
    from rutile.tensor import Tensor

__all__ = ["Column", "Table"]

Arrays = dict[str, np.ndarray]
ColumnSpec = Sequence[str] | Mapping[str, Sequence[int] | Sequence[str] | None]

WINDOW_BYTES = 32 * 1024 * 1024
REMOTE_READERS = 4


class Column(NamedTuple):
    """The shape of one row and the dtype name of one tensor of a batch."""

    shape: tuple[int, ...]
    dtype: str


class Table:
    """Rows of Parquet or CSV files as batches of tensors, streamed in bounded memory.

    Arguments:
        source: a path, a directory, a glob, a URL such as `s3://bucket/prefix/*.parquet` (also gs and az), or a list of these.
        columns: which columns, all by default: a list of names, or a mapping from the name of a tensor to the shape of one
            row (`{"image": (1, 8, 8), "label": None}`; None keeps the column's own shape) or to the names of the columns
            of numbers that it stacks (`{"features": ["age", "weight"]}`).
        batch_size: rows in a batch; the last batch is shorter, unless `drop_last`.
        shuffle: a new order in every epoch: the units (row groups) are permuted, then the rows inside windows of units
            of `window_bytes` together. A pure function of (`seed`, epoch).
        storage_options: keys of the object store as in Polars, for example `access_key_id`, `secret_access_key`, `region`,
            `endpoint_url` (for R2: `https://ACCOUNT.r2.cloudflarestorage.com`, with region "auto"). Every remote read has
            `read_timeout` 20s, `connect_timeout` 10s, `timeout` 300s, `max_retries` 3 and `retry_timeout_ms` 30000,
            unless it says otherwise here.
        prefetch: batches made ready ahead in a thread; 0 reads in the caller's thread.
        split: "train" or "test": the rows of that part; `test_fraction` of the rows, drawn by a hash of row number
            and `split_seed`, are the test part, whatever `seed` is.
        transform: a function from a batch of NumPy arrays to a batch of NumPy arrays, run ahead in the thread.
        device: where the tensors are made; the default device when None.

    A batch is a dict from name to Tensor: a column of numbers gives (batch,), lists of equal length give (batch, n).
    Floats become float32, integers int32 (uint32 stays), booleans bool. The memory in use is about two windows and, on
    an object store, four row groups read ahead: files with row groups of 1 to 32 MB do best.

    Raises DataError (`DataNotFoundError`, `DataAccessError`, `DataTimeoutError` where it applies) for a source that cannot
    be read, a column that does not exist, a dtype that no tensor has, mixed schemas, nulls, and integers that int32
    cannot hold.

    Example:
        >>> import rutile as rt
        >>> table = rt.data.Table("examples/data/*.parquet", {"image": (1, 8, 8), "label": None}, batch_size=64, shuffle=True)
        >>> table.rows, len(table)
        (1797, 29)
        >>> next(iter(table))["image"].shape
        (64, 1, 8, 8)
    """

    def __init__(
        self,
        source: str | Path | Sequence[str | Path],
        columns: ColumnSpec | None = None,
        *,
        batch_size: int = 32,
        shuffle: bool = False,
        seed: int = 0,
        drop_last: bool = False,
        storage_options: Mapping[str, Any] | None = None,
        prefetch: int = 2,
        split: Literal["train", "test"] | None = None,
        test_fraction: float = 0.2,
        split_seed: int = 0,
        window_bytes: int = WINDOW_BYTES,
        transform: Callable[[Arrays], Arrays] | None = None,
        device: Any = None,
    ) -> None:
        # Polars takes 0.1 s to import: `import rutile` does not pay for it.
        from rutile.data._files import Files
        from rutile.data._units import plan_units

        require_integer("batch_size", batch_size, 1)
        require_integer("prefetch", prefetch, 0)
        if split not in (None, "train", "test"):
            raise ValueError(f"Table needs split None, 'train' or 'test', got {split!r}")
        if split is not None and not 0.0 < test_fraction < 1.0:
            raise ValueError(f"Table needs 0 < test_fraction < 1, got {test_fraction}")
        self.batch_size, self.shuffle, self.seed, self.drop_last = batch_size, shuffle, int(seed), drop_last
        self.prefetch, self.split, self.test_fraction, self.split_seed = prefetch, split, test_fraction, split_seed
        self.window_bytes, self.transform, self.device = window_bytes, transform, device

        self._files = Files(storage_options)
        self._units = plan_units(self._files, self._files.find(source))
        self._fields = choose_fields(columns, self._units, self._files)
        self._counts = [unit.rows if split is None else int(self._mask(unit).sum()) for unit in self._units]
        self._epoch = self._start = self._delivered = 0

    def __len__(self) -> int:
        """The number of batches in an epoch."""
        return self.rows // self.batch_size if self.drop_last else math.ceil(self.rows / self.batch_size)

    @property
    def rows(self) -> int:
        """The number of rows in an epoch: of the chosen part, where there is a split."""
        return sum(self._counts)

    @property
    def columns(self) -> dict[str, Column]:
        """The shape of one row and the dtype of every tensor in a batch, before `transform`."""
        return {one.name: Column(one.shape, one.dtype) for one in self._fields}

    @property
    def files(self) -> list[str]:
        """The paths or URLs of the files, in the order of the rows."""
        return list(dict.fromkeys(unit.file.url for unit in self._units))

    @property
    def epoch(self) -> int:
        """The epoch that the next iteration gives."""
        return self._epoch

    def set_epoch(self, epoch: int) -> None:
        """Makes the next iteration that of `epoch`; a position that `load_state_dict` set inside that epoch is kept."""
        if epoch != self._epoch:
            self._epoch, self._start, self._delivered = int(epoch), 0, 0

    def state_dict(self) -> dict[str, Any]:
        """The position as plain JSON values: seed, epoch, and how many batches of it were handed out (not prefetched)."""
        return {"seed": self.seed, "epoch": self._epoch, "batch": self._delivered, "plan": self._plan()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Makes the next iteration go on where `state` was taken: the same batches, none lost and none repeated.

        Raises DataError where the table would give other batches: other rows, batch size, split or window.
        """
        missing = sorted({"seed", "epoch", "batch"} - set(state))
        if missing:
            raise DataError(f"load_state_dict needs the keys seed, epoch and batch, got none for {', '.join(missing)}")
        if state.get("plan", self._plan()) != self._plan():
            raise DataError(
                "load_state_dict needs the table that the state was taken from, got one with other rows, batch_size, "
                "shuffle, split or window_bytes: make it as before, or start the epoch anew with set_epoch"
            )
        self.seed, self._epoch = int(state["seed"]), int(state["epoch"])
        self._start = self._delivered = int(state["batch"])

    def numpy_batches(self) -> Iterator[Arrays]:
        """One epoch of batches as NumPy arrays; the next call gives the next epoch once this one has ended."""
        start, self._start = self._start, 0
        epoch = self._epoch
        batches: Any = self._batches(epoch, start)
        if self.prefetch:
            batches = Background(batches, self.prefetch)
        self._delivered = start
        try:
            for index, batch in enumerate(batches, start):
                self._epoch, self._delivered = epoch, index + 1
                yield batch
            self._epoch, self._delivered = epoch + 1, 0
        finally:
            batches.close()

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        """One epoch of batches as tensors; the next iteration gives the next epoch once this one has ended."""
        import rutile

        for batch in self.numpy_batches():
            yield {name: rutile.tensor(array, device=self.device) for name, array in batch.items()}

    def _batches(self, epoch: int, start: int) -> Iterator[Arrays]:
        pending: list[Arrays] = []
        count = 0
        remaining = len(self) - start
        for window, index in self._windows(epoch, start * self.batch_size):
            position = 0
            while position < len(index) and remaining:
                chosen = index[position : position + self.batch_size - count]
                pending.append({name: array[chosen] for name, array in window.items()})
                position, count = position + len(chosen), count + len(chosen)
                if count == self.batch_size:
                    yield self._finish(pending)
                    pending, count, remaining = [], 0, remaining - 1
        if count and remaining:
            yield self._finish(pending)

    def _finish(self, parts: list[Arrays]) -> Arrays:
        batch = parts[0]
        if len(parts) > 1:
            batch = {name: np.concatenate([part[name] for part in parts]) for name in batch}
        if self.transform is not None:
            batch = {name: with_tensor_dtype(name, np.asarray(array)) for name, array in self.transform(batch).items()}
        return batch

    def _windows(self, epoch: int, skip: int) -> Iterator[tuple[Arrays, np.ndarray]]:
        """(rows of a window, the order in which to take them), from row `skip` of the epoch on."""
        windows = []
        for number, units in enumerate(self._grouped(epoch)):
            rows = sum(self._counts[unit] for unit in units)
            if skip < rows:
                windows.append((number, units, rows, skip))
            skip = max(0, skip - rows)
        wanted = [unit for _, units, _, _ in windows for unit in units]
        remote = self._units[0].file.remote
        if self.prefetch:
            loaded: Iterator[Arrays] = ordered_map(self._load, wanted, REMOTE_READERS if remote else 1)
        else:
            loaded = map(self._load, wanted)
        for number, units, rows, first in windows:
            if len(units) == 1:
                window = next(loaded)
            else:
                window = {one.name: np.empty((rows, *one.shape), one.dtype) for one in self._fields}
                filled = 0
                for unit in units:
                    part = next(loaded)
                    for name, array in part.items():
                        window[name][filled : filled + len(array)] = array
                    filled += self._counts[unit]
                    del part
            order = _order.permutation(rows, self.seed, epoch, number + 1) if self.shuffle else np.arange(rows)
            yield window, order[first:]
            del window

    def _grouped(self, epoch: int) -> list[list[int]]:
        """The units of an epoch in their order, in windows of at most `window_bytes` and at least one unit."""
        if not self.shuffle:
            return [[unit] for unit in range(len(self._units))]
        row_bytes = sum(math.prod(one.shape) * np.dtype(one.dtype).itemsize for one in self._fields)
        windows: list[list[int]] = []
        held = 0
        for unit in _order.permutation(len(self._units), self.seed, epoch, _order.UNITS).tolist():
            size = self._counts[unit] * row_bytes
            if not windows or held + size > self.window_bytes:
                windows.append([])
                held = 0
            windows[-1].append(unit)
            held += size
        return windows

    def _load(self, unit: int) -> Arrays:
        arrays = self._units[unit].arrays(self._files, self._fields)
        if self.split is None:
            return arrays
        mask = self._mask(self._units[unit])
        return {name: array[mask] for name, array in arrays.items()}

    def _mask(self, unit: Unit) -> np.ndarray:
        test = _order.in_test(unit.first_row, unit.rows, self.test_fraction, self.split_seed)
        return test if self.split == "test" else ~test

    def _plan(self) -> str:
        """A short hash of all that decides which rows a batch holds, wherever the files lie."""
        parts = [
            self._counts, self._fields, self.batch_size, self.shuffle, self.drop_last, self.window_bytes,
            (self.split, self.test_fraction, self.split_seed) if self.split else None,
        ]  # fmt: skip
        return hashlib.blake2b(json.dumps(parts).encode(), digest_size=8).hexdigest()


def choose_fields(columns: ColumnSpec | None, units: Sequence[Unit], files: Any) -> list[Any]:
    """The tensors of a batch; raises DataError where a column is missing or the files differ in it."""
    from rutile.data import _polars

    schema, url = units[0].schema, units[0].file.url
    wanted: list[tuple[str, tuple[str, ...], tuple[int, ...] | None]] = []
    if isinstance(columns, str):
        raise TypeError(f"Table needs columns as a list or a mapping, got {columns!r}: write [{columns!r}]")
    spec = columns if isinstance(columns, Mapping) else dict.fromkeys(columns if columns is not None else schema)
    for name, value in spec.items():
        parts = tuple(value) if value is not None else ()
        if parts and all(isinstance(part, str) for part in parts):
            wanted.append((name, tuple(str(part) for part in parts), None))
        elif all(isinstance(part, (int, np.integer)) and part >= 0 for part in parts):
            wanted.append((name, (name,), tuple(int(part) for part in parts) if value is not None else None))
        else:
            raise TypeError(f"columns[{name!r}] needs None, a shape or a list of column names, got {value!r}")
    needed = [column for _, sources, _ in wanted for column in sources]
    for column in needed:
        if column not in schema:
            raise DataError(
                f"read {url}: there is no column {column!r}: the columns are {', '.join(map(repr, schema))}"
            )
    if not needed:
        raise DataError(f"read {url}: columns names no column: the columns are {', '.join(map(repr, schema))}")
    seen = {id(schema)}
    for unit in units:
        if id(unit.schema) not in seen:
            seen.add(id(unit.schema))
            different = _polars.mismatch(schema, unit.schema, needed)
            if different:
                raise DataError(
                    f"read {unit.file.url}: mixed schemas: it {different}: write the files alike, or make one Table for each"
                )

    def first(column: str) -> Any:
        return units[0].read(files, [column])[column]

    return [_polars.field(name, sources, shape, schema, first) for name, sources, shape in wanted]


def with_tensor_dtype(name: str, array: np.ndarray) -> np.ndarray:
    """What a transform returned, in a dtype that tensors have."""
    kind = array.dtype.kind
    if kind == "f":
        return array.astype(np.float32, copy=False)
    if kind in "iu" and array.dtype != np.uint32:
        limits = np.iinfo(np.int32)
        if array.size and (array.min() < limits.min or array.max() > limits.max):
            raise DataError(f"transform: {name!r} needs integers that int32 holds, got {array.min()} to {array.max()}")
        return array.astype(np.int32, copy=False)
    if kind not in "bu":
        raise DataError(f"transform: {name!r} needs numbers or booleans, got dtype {array.dtype}")
    return array


def require_integer(name: str, value: Any, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(f"Table needs {name} as an integer of at least {least}, got {value!r}")
