"""Writes the UCI handwritten digits, as they ship inside scikit-learn, into Parquet shards below examples/data.

    python examples/make_digits.py [FOLDER]

Each row is `image` (64 float32 values from 0 to 16, row by row of an 8x8 picture) and `label` (0 to 9).
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from sklearn.datasets import load_digits

SHARDS = 4
ROWS_PER_GROUP = 150


def main(folder: Path) -> None:
    digits: Any = load_digits()
    images, labels = digits.data.astype(np.float32), digits.target.astype(np.int32)
    folder.mkdir(parents=True, exist_ok=True)
    for number, rows in enumerate(np.array_split(np.arange(len(labels)), SHARDS)):
        path = folder / f"digits-{number}.parquet"
        shard = pl.DataFrame({"image": images[rows], "label": labels[rows]})
        shard.write_parquet(path, compression="zstd", row_group_size=ROWS_PER_GROUP)
        print(f"{path}: {shard.height} rows, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "data")
