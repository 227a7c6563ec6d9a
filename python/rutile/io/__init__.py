"""Files: weights as safetensors, checkpoints as safetensors and JSON, both written atomically. No pickle anywhere."""

from rutile.io.checkpoint import (
    Checkpoint,
    delete_checkpoints,
    latest_checkpoint,
    list_checkpoints,
    load_checkpoint,
    save_checkpoint,
)
from rutile.io.weights import load_safetensors, save_safetensors

__all__ = [
    "Checkpoint",
    "delete_checkpoints",
    "latest_checkpoint",
    "list_checkpoints",
    "load_checkpoint",
    "load_safetensors",
    "save_checkpoint",
    "save_safetensors",
]
