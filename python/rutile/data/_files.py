"""Where the bytes lie: paths, globs, directories and object-store URLs become a list of files that can be read by range."""

from __future__ import annotations

import glob
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

from rutile.data.failures import DataError, DataNotFoundError, explain

FORMATS = {".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".tsv": "csv"}
# Polars ignores timeouts on http:// and https://, where a silent server would hang it: these are left out.
REMOTE_SCHEMES = frozenset({"s3", "s3a", "gs", "gcs", "az", "azure", "adl", "abfs", "abfss"})

# Without these a stalled body hangs for ever: Polars has no read timeout of its own.
DEFAULT_OPTIONS = {
    "read_timeout": "20s",
    "connect_timeout": "10s",
    "timeout": "300s",
    "max_retries": "3",
    "retry_timeout_ms": "30000",
}
CLIENT_KEYS = frozenset(
    {
        "allow_http", "allow_invalid_certificates", "connect_timeout", "default_content_type", "pool_idle_timeout",
        "pool_max_idle_per_host", "proxy_url", "proxy_ca_certificate", "proxy_excludes", "randomize_addresses",
        "read_timeout", "root_certificate", "timeout", "user_agent",
    }
)  # fmt: skip
RETRY_KEYS = frozenset(
    {"max_retries", "retry_timeout_ms", "retry_init_backoff_ms", "retry_max_backoff_ms", "retry_base_multiplier"}
)
POLARS_ONLY_KEYS = frozenset({"file_cache_ttl"})


@dataclass(frozen=True)
class File:
    """One file or object: its path or URL, its size in bytes, and "parquet" or "csv"."""

    url: str
    size: int
    format: str

    @property
    def remote(self) -> bool:
        return is_remote(self.url)


class Files:
    """Lists files and reads byte ranges of them, locally or in an object store, with one set of options."""

    def __init__(self, storage_options: Mapping[str, Any] | None) -> None:
        given = {str(key).lower(): as_text(value) for key, value in (storage_options or {}).items()}
        self.options: dict[str, str] = {**DEFAULT_OPTIONS, **given}
        endpoint = next((value for key, value in given.items() if "endpoint" in key), "")
        if endpoint.startswith("http://"):
            # Who writes http:// into the endpoint means it.
            self.options.setdefault("allow_http", "true")
        self._stores: dict[str, Any] = {}

    @property
    def polars_options(self) -> dict[str, str | int | float]:
        """The options as Polars wants them: numbers for retries, text for all else."""
        numbers = {
            key: float(value) if key == "retry_base_multiplier" else int(value)
            for key, value in self.options.items()
            if key in RETRY_KEYS
        }
        return {**self.options, **numbers}

    def find(self, source: str | Path | Sequence[str | Path]) -> list[File]:
        """All files of a path, URL, glob, directory or list of these; a list keeps its order, the rest is sorted."""
        if isinstance(source, (str, Path)):
            found = self._find_one(str(source))
        else:
            if not source:
                raise DataError("Table needs at least one file, got an empty list")
            found = [file for one in source for file in self._find_one(str(one))]
        formats = sorted({file.format for file in found})
        if len(formats) > 1:
            raise DataError(f"Table needs files of one format, got {' and '.join(formats)}: make one Table for each")
        return found

    def read(self, file: File, start: int, length: int) -> bytes:
        """`length` bytes of the file from byte `start` (fewer at its end)."""
        length = max(0, min(length, file.size - start))
        if length == 0:
            return b""
        try:
            if not file.remote:
                with open(file.url, "rb") as handle:
                    handle.seek(start)
                    return handle.read(length)
            import obstore

            store, key = self._store(file.url)
            return bytes(obstore.get_range(store, key, start=start, length=length))
        except Exception as error:
            raise explain(error, file.url) from error

    def _find_one(self, source: str) -> list[File]:
        if source.startswith("file://"):
            source = source.removeprefix("file://")
        scheme = source.split("://", 1)[0] if "://" in source else ""
        if scheme and scheme not in REMOTE_SCHEMES:
            raise DataError(f"read {source}: unknown scheme {scheme!r}: use one of {', '.join(sorted(REMOTE_SCHEMES))}")
        return self._find_remote(source) if scheme else self._find_local(source)

    def _find_local(self, source: str) -> list[File]:
        path = Path(source).expanduser()
        if path.is_dir():
            found = sorted(str(one) for one in path.rglob("*") if one.is_file() and one.suffix.lower() in FORMATS)
            return [
                local_file(one) for one in require(found, f"read {source}: the directory holds no {EXTENSIONS} file")
            ]
        if path.exists():
            return [local_file(str(path))]
        if has_wildcard(source):
            found = sorted(one for one in glob.glob(str(path), recursive=True) if Path(one).is_file())
            return [
                local_file(one) for one in require(found, f"read {source}: the glob matches no file: check the pattern")
            ]
        raise DataNotFoundError(f"read {source}: the file does not exist: check the path (from {Path.cwd()})")

    def _find_remote(self, source: str) -> list[File]:
        import obstore

        root, key = split_url(source)
        if has_wildcard(key):
            prefix = re.split(r"[*?\[]", key, maxsplit=1)[0].rpartition("/")[0]
            pattern = re.compile(glob_pattern(key))
            found = [(name, size) for name, size in self._list(source, prefix) if pattern.fullmatch(name)]
            require(found, f"read {source}: the glob matches no object: check the pattern")
        elif key == "" or key.endswith("/") or not Path(key).suffix:
            found = [one for one in self._list(source, key.rstrip("/")) if Path(one[0]).suffix.lower() in FORMATS]
            require(found, f"read {source}: there is no {EXTENSIONS} object under it: check the prefix")
        else:
            file_format(source)
            store, key = self._store(source)
            try:
                return [File(source, int(obstore.head(store, key)["size"]), file_format(source))]
            except FileNotFoundError as error:
                # A HEAD has no body, so a missing bucket and a missing object look alike: listing tells them apart.
                self._list(source, key)
                raise DataNotFoundError(f"read {source}: the object does not exist: check the path") from error
            except Exception as error:
                raise explain(error, source) from error
        return [File(f"{root}/{name}", size, file_format(name)) for name, size in sorted(found)]

    def _list(self, source: str, prefix: str) -> list[tuple[str, int]]:
        import obstore

        store, _ = self._store(source)
        try:
            return [(one["path"], int(one["size"])) for page in obstore.list(store, prefix or None) for one in page]
        except Exception as error:
            raise explain(error, source, "list") from error

    def _store(self, url: str) -> tuple[Any, str]:
        from obstore.store import from_url

        root, key = split_url(url)
        if root not in self._stores:
            config = {k: v for k, v in self.options.items() if k not in CLIENT_KEYS | RETRY_KEYS | POLARS_ONLY_KEYS}
            client = {key: as_client_value(value) for key, value in self.options.items() if key in CLIENT_KEYS}
            try:
                self._stores[root] = from_url(
                    root.replace("gcs://", "gs://", 1),
                    config=cast(Any, config or None),
                    client_options=cast(Any, client),
                    retry_config=cast(Any, retry_config(self.options)),
                )
            except Exception as error:
                raise DataError(f"read {url}: storage_options: {str(error).splitlines()[0]}") from error
        return self._stores[root], key


T = TypeVar("T")

EXTENSIONS = ", ".join(FORMATS)


def is_remote(url: str) -> bool:
    return url.split("://", 1)[0] in REMOTE_SCHEMES if "://" in url else False


def file_format(url: str) -> str:
    suffix = Path(url).suffix.lower()
    if suffix not in FORMATS:
        shown = repr(suffix) if suffix else "no extension"
        raise DataError(
            f"read {url}: unsupported extension, got {shown}, rutile reads {EXTENSIONS}: convert it to Parquet"
        )
    return FORMATS[suffix]


def local_file(path: str) -> File:
    return File(path, Path(path).stat().st_size, file_format(path))


def require(found: list[T], message: str) -> list[T]:
    if not found:
        raise DataNotFoundError(message)
    return found


def has_wildcard(path: str) -> bool:
    return any(mark in path for mark in "*?[")


def glob_pattern(key: str) -> str:
    """The regular expression of a glob: `*` and `?` stay within one level, `**` crosses levels."""
    parts = []
    for token in re.findall(r"\*\*/|\*\*|\*|\?|\[[^\]]*\]|.", key, flags=re.DOTALL):
        special = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(token)
        bracket = token.startswith("[") and token.endswith("]") and len(token) > 2
        parts.append(special or (token.replace("[!", "[^", 1) if bracket else re.escape(token)))
    return "".join(parts)


def split_url(url: str) -> tuple[str, str]:
    """`s3://bucket/a/b.parquet` as ("s3://bucket", "a/b.parquet")."""
    scheme, rest = url.split("://", 1)
    root, _, key = rest.partition("/")
    return f"{scheme}://{root}", key


def as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value.total_seconds()}s" if isinstance(value, timedelta) else str(value)


def as_client_value(value: str) -> str | bool:
    return {"true": True, "false": False}.get(value.lower(), value)


def retry_config(options: Mapping[str, str]) -> dict[str, Any]:
    config: dict[str, Any] = {
        "max_retries": int(options["max_retries"]),
        "retry_timeout": timedelta(milliseconds=int(options["retry_timeout_ms"])),
    }
    if any("backoff" in key or "multiplier" in key for key in options):
        config["backoff"] = {
            "init_backoff": timedelta(milliseconds=int(options.get("retry_init_backoff_ms", "250"))),
            "max_backoff": timedelta(milliseconds=int(options.get("retry_max_backoff_ms", "5000"))),
            "base": float(options.get("retry_base_multiplier", "2")),
        }
    return config
