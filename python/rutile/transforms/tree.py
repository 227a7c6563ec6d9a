"""Nested tuples, lists and dicts of tensors: what functions of functions take and give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rutile import _core


def leaves(tree: Any) -> list[Any]:
    """What is no tuple, list, dict or None, in order."""
    return list(_leaves(tree))


def _leaves(tree: Any) -> Iterator[Any]:
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, tuple | list):
        for item in tree:
            yield from _leaves(item)
    elif tree is not None:
        yield tree


def with_leaves(tree: Any, items: Iterable[Any]) -> Any:
    """The tree with other leaves, in order."""
    rest = iter(items)
    return mapped(lambda _: next(rest), tree)


def mapped(function: Callable[[Any], Any], tree: Any) -> Any:
    """The tree with each leaf replaced by what a function gives for it."""
    if tree is None:
        return None
    if isinstance(tree, dict):
        return {key: mapped(function, item) for key, item in tree.items()}
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(mapped(function, item) for item in tree))
    if isinstance(tree, tuple | list):
        return type(tree)(mapped(function, item) for item in tree)
    return function(tree)


def spread(prefix: Any, tree: Any, op: str, name: str) -> list[Any]:
    """For each leaf of a tree, the item of the prefix above it; a prefix may end, at an integer or None, above leaves.

    Raises:
        ValueError: the prefix goes deeper than the tree, or elsewhere.
    """
    if isinstance(prefix, int) or prefix is None:
        return [prefix] * len(leaves(tree))
    keys = list(prefix) if isinstance(prefix, dict) else range(len(prefix))
    fits = isinstance(tree, dict) and set(tree) == set(prefix) if isinstance(prefix, dict) else None
    if fits is None:
        fits = isinstance(tree, tuple | list) and len(tree) == len(prefix)
    if not fits:
        raise ValueError(f"{op} needs {name} of the structure of what it is for, got {prefix!r} for {_outline(tree)}")
    if isinstance(prefix, dict):
        keys = list(tree)
    return [item for key in keys for item in spread(prefix[key], tree[key], op, name)]


def is_tensor(value: Any) -> bool:
    """Whether a leaf is a tensor."""
    return isinstance(value, _core.TensorBase)


def tensors(tree: Any) -> list[Any]:
    """The leaves that are tensors."""
    return [leaf for leaf in _leaves(tree) if is_tensor(leaf)]


def with_tensors(tree: Any, items: Iterable[Any]) -> Any:
    """The tree with other tensors in the places of its own, in order."""
    rest = iter(items)
    return mapped(lambda leaf: next(rest) if is_tensor(leaf) else leaf, tree)


def _outline(tree: Any) -> str:
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{key!r}: {_outline(item)}" for key, item in tree.items()) + "}"
    if isinstance(tree, tuple | list):
        return "(" + ", ".join(map(_outline, tree)) + ")"
    return type(tree).__name__
