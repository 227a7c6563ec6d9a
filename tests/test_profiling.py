"""Profiles name the kernels that ran, how often, and how long: on each device, of graphs and of compiled steps."""

from __future__ import annotations

import pytest

import rutile as rt
from networks import small_trainer
from rutile.nn import functional


def row(kernel: rt.KernelTime) -> tuple[str, str, tuple[int, ...], tuple[int, ...], int]:
    return kernel.kind, kernel.computes, kernel.shape, kernel.reduced, kernel.calls


@pytest.mark.parametrize("name", ["cpu", "gpu", "null"])
def test_kernels_are_named_and_counted(name: str) -> None:
    x = rt.ones((16, 24), device=name)
    rt.eval(x)
    with rt.profile(name) as p:
        for _ in range(3):
            rt.eval((x @ x.mT).exp().relu())
        rt.eval(x.sum(0), functional.softmax(x, -1), rt.argsort(x, axis=-1), x.cumsum(1), x.mT.contiguous())
    rt.eval(x + 1)
    assert sorted(map(row, p.kernels)) == [
        ("contract", "product, exp relu", (16, 16), (24,), 3),
        ("map", "copy", (24, 16), (), 1),
        ("reduce", "sum", (24,), (16,), 1),
        ("rows", "max, less where, sum(subtract exp), reciprocal, subtract exp multiply", (16,), (24,), 1),
        ("scan", "cumulative sum", (16, 24), (), 1),
        ("sort", "argsort", (16, 24), (), 1),
    ]
    product = next(kernel for kernel in p.kernels if kernel.kind == "contract")
    assert product.bytes_read == 3 * 16 * 24 * 4 and product.bytes_written == 3 * 16 * 16 * 4
    assert product.flops >= 3 * 2 * 16 * 16 * 24
    # What a rows kernel stores of each element counts too.
    assert next(kernel for kernel in p.kernels if kernel.kind == "rows").bytes_written == 16 * 24 * 4
    taken = [kernel.milliseconds for kernel in p.kernels]
    assert taken == sorted(taken, reverse=True)
    if name == "null":
        assert sum(taken) == 0 and product.gbytes_per_second == 0
    else:
        assert 0 < sum(taken) <= p.milliseconds
        assert sum(kernel.share for kernel in p.kernels) == pytest.approx(1)
        assert product.gflops_per_second == pytest.approx(product.flops / product.milliseconds / 1e6)
    lines = str(p).splitlines()
    assert "in 8 launches of 6 kernels" in lines[0] and len(lines) == 8
    assert any(line.endswith("contract  16x16 over 24  product, exp relu") for line in lines)


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("name", ["cpu", "gpu", "null"])
def test_steps_are_profiled_as_they_are_counted(name: str, compiled: bool) -> None:
    trainer = small_trainer(name)
    step = rt.compile(trainer.step) if compiled else trainer.step
    for _ in range(4):
        step()
    rt.reset_stats(name)
    with rt.profile(name) as p:
        step()
        step()
    stats = rt.stats(name)
    assert stats["plans_built"] == 0 and stats["submits"] == (0 if name == "cpu" else 2)
    assert sum(kernel.flops for kernel in p.kernels) == stats["flops"]
    assert sum(kernel.bytes_written for kernel in p.kernels) == stats["bytes_written"]
    assert sum(kernel.calls for kernel in p.kernels) == stats["kernels"]


def test_one_profile_at_a_time() -> None:
    with rt.profile("null"):
        with pytest.raises(rt.ArgumentError, match="nobody profiles null yet"), rt.profile("null"):
            pass
        rt.eval(rt.ones((2,), device="null") + 1)
    with rt.profile("null") as p, pytest.raises(rt.ShapeError):
        rt.eval(rt.ones((2,), device="null") + 1)
        rt.eval(rt.ones((2,)) @ rt.ones((3,)))
    assert len(p.kernels) == 1


def test_attention_is_one_kernel_on_the_cpu() -> None:
    q = rt.ones((1, 2, 8, 4), device="cpu", requires_grad=True)
    with rt.profile("cpu") as p:
        result = functional.scaled_dot_product_attention(q, q, q, is_causal=True)
        rt.eval(*rt.autograd.grad(result.sum(), [q]))
    assert {"attention", "attention's gradient"} <= {kernel.computes.split("(")[0] for kernel in p.kernels}
