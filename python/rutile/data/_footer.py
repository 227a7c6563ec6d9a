"""Row groups of a Parquet file, read from its footer (Thrift compact protocol, parquet-format `parquet.thrift`)."""

from __future__ import annotations

from typing import Any

from rutile.data._files import File, Files
from rutile.data.failures import DataError

MAGIC = b"PAR1"
FIRST_READ = 64 * 1024  # bytes: holds most footers, so that a remote file costs one request


def read_footer(files: Files, file: File) -> bytes:
    """The footer with its length and magic; raises DataError where the file is cut off or is no Parquet file."""
    length = min(FIRST_READ, file.size)
    tail = files.read(file, file.size - length, length)
    if len(tail) < 12 or tail[-4:] != MAGIC:
        raise DataError(
            f"read {file.url}: not a whole Parquet file ({file.size} bytes): it must end with PAR1, got {tail[-4:]!r}: "
            f"it is truncated or of another format, write or copy it again"
        )
    needed = int.from_bytes(tail[-8:-4], "little") + 8
    if needed + len(MAGIC) > file.size:
        raise DataError(
            f"read {file.url}: its footer claims {needed} bytes and the file has {file.size}: it is damaged, copy it again"
        )
    if needed > length:
        tail = files.read(file, file.size - needed, needed)
    return tail[-needed:]


def row_groups(footer: bytes, url: str) -> list[int]:
    """The number of rows of each row group, in the order of the file."""
    try:
        metadata = _Compact(footer).struct()
        return [int(group[3]) for group in metadata[4]]
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"read {url}: its Parquet footer is damaged: copy it again") from error


class _Compact:
    """Reader of the Thrift compact protocol: a struct becomes a dict from field number to value."""

    def __init__(self, data: bytes) -> None:
        self.data, self.position = data, 0

    def struct(self) -> dict[int, Any]:
        fields: dict[int, Any] = {}
        number = 0
        while True:
            header = self.byte()
            if header == 0:
                return fields
            number = number + (header >> 4) if header >> 4 else self.zigzag()
            fields[number] = self.value(header & 15)

    def value(self, kind: int) -> Any:
        if kind in (1, 2):
            return kind == 1
        if kind == 3:
            return self.byte()
        if kind in (4, 5, 6):
            return self.zigzag()
        if kind == 7:
            return self.take(8)
        if kind == 8:
            return self.take(self.varint())
        if kind in (9, 10):
            header = self.byte()
            count = header >> 4 if header >> 4 < 15 else self.varint()
            element = header & 15
            # A boolean takes a byte of its own in a list, and none as a field.
            return [self.byte() == 1 if element in (1, 2) else self.value(element) for _ in range(count)]
        if kind == 12:
            return self.struct()
        raise ValueError(f"Thrift type {kind}")

    def byte(self) -> int:
        self.position += 1
        return self.data[self.position - 1]

    def take(self, length: int) -> bytes:
        self.position += length
        if self.position > len(self.data):
            raise IndexError
        return self.data[self.position - length : self.position]

    def varint(self) -> int:
        result = shift = 0
        while True:
            byte = self.byte()
            result |= (byte & 127) << shift
            if byte < 128:
                return result
            shift += 7

    def zigzag(self) -> int:
        value = self.varint()
        return (value >> 1) ^ -(value & 1)
