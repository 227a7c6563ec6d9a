"""Training data: tables of Parquet or CSV files, on disk or in an object store, as batches of tensors."""

from rutile.data.failures import DataAccessError, DataError, DataNotFoundError, DataTimeoutError
from rutile.data.table import Column, Table

__all__ = ["Column", "DataAccessError", "DataError", "DataNotFoundError", "DataTimeoutError", "Table"]
