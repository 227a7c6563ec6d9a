"""The exceptions of the data layer, and the translation of what Polars and obstore raise into them."""

from __future__ import annotations

from rutile.errors import DataError

__all__ = ["DataAccessError", "DataError", "DataNotFoundError", "DataTimeoutError", "explain"]


class DataNotFoundError(DataError, FileNotFoundError):
    """A file, an object or a bucket does not exist, or a glob matches nothing."""


class DataAccessError(DataError, PermissionError):
    """The store or the file system refused the read: wrong credentials, or a right that is missing."""


class DataTimeoutError(DataError, TimeoutError):
    """The store did not answer within `read_timeout`, `connect_timeout` or `timeout`, retries included."""


def explain(error: BaseException, url: str, action: str = "read") -> DataError:
    """The DataError that says what went wrong with `url` and what to do about it."""
    if isinstance(error, DataError):
        return error
    # obstore puts the whole chain of causes behind this mark; its first part is the readable one.
    text = str(error).split("\n\nDebug source:")[0].strip() or type(error).__name__
    folded = (str(error) + repr(error)).lower()
    if "nosuchbucket" in folded:
        return DataNotFoundError(
            f"{action} {url}: there is no bucket named {bucket(url)!r}: check its name and the endpoint"
        )
    if isinstance(error, PermissionError) or any(mark in folded for mark in ACCESS_MARKS):
        return DataAccessError(f"{action} {url}: access denied: {ACCESS_HINT} ({first_line(text)})")
    if isinstance(error, FileNotFoundError) or "404 not found" in folded:
        return DataNotFoundError(f"{action} {url}: it does not exist: check the path")
    if isinstance(error, TimeoutError) or any(mark in folded for mark in TIMEOUT_MARKS):
        return DataTimeoutError(
            f"{action} {url}: the server did not answer in time: check the endpoint and the network, "
            f"or raise storage_options['read_timeout'] or ['timeout'] ({first_line(text)})"
        )
    if any(mark in folded for mark in CONNECT_MARKS):
        return DataError(f"{action} {url}: no connection to the server: check the endpoint ({first_line(text)})")
    return DataError(f"{action} {url}: {first_line(text)}")


ACCESS_HINT = (
    "check access_key_id and secret_access_key (or the environment's credentials) and the right to list and read"
)
ACCESS_MARKS = (
    "403 forbidden",
    "401 unauthorized",
    "permissiondenied",
    "unauthenticated",
    "accessdenied",
    "invalidaccesskeyid",
    "signaturedoesnotmatch",
)
TIMEOUT_MARKS = ("timed out", "timedout", "timeouterror", "timeout error", "deadline has elapsed")
CONNECT_MARKS = ("connection refused", "connecterror", "error trying to connect", "dns error", "connectionreset")


def bucket(url: str) -> str:
    return url.split("://", 1)[-1].split("/", 1)[0]


def first_line(text: str) -> str:
    line = text.splitlines()[0]
    return line if len(line) <= 300 else line[:297] + "..."
