//! Reverse-mode differentiation: gradients are ordinary nodes of the same graph.

use std::sync::atomic::Ordering;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::{SmallVec, smallvec};

use crate::conv;
use crate::dtype::Scalar;
use crate::elementwise::Elementwise;
use crate::error::{Error, ErrorKind, Result, show_shape};
use crate::kernel::Fold;
use crate::linalg;
use crate::shape::{Axes, Shape};
use crate::tensor::{Op, Tensor, set_grad_enabled};

/// Collects d(Σ roots·seeds)/d(leaf) into the [`Variable`](crate::tensor::Variable) of every leaf that asks for it,
/// adding to what is there. A seed may be None for a root of one element. Unless `retain_graph`, evaluation may let go of
/// the graph behind the roots from now on.
pub fn backward(roots: &[Tensor], seeds: &[Option<Tensor>], retain_graph: bool) -> Result<()> {
    let order = history("backward", roots)?;
    // What is collected carries no history: second gradients are taken with `gradients`.
    let enabled = set_grad_enabled(false);
    let result = collect(&order, roots, seeds, retain_graph);
    set_grad_enabled(enabled);
    result
}

fn collect(order: &[Tensor], roots: &[Tensor], seeds: &[Option<Tensor>], retain_graph: bool) -> Result<()> {
    let grads = propagate("backward", order, roots, seeds)?;
    for tensor in order {
        if !retain_graph {
            tensor.node().released.store(true, Ordering::Relaxed);
        }
        if let (Some(variable), Some(grad)) = (tensor.variable(), grads.get(&tensor.key())) {
            let total = match variable.grad() {
                Some(before) => Tensor::apply(Elementwise::Add, &[&before, grad])?,
                None => grad.clone(),
            };
            variable.set_grad(Some(total));
        }
    }
    Ok(())
}

/// d(Σ roots·seeds)/d(input) for each input; zeros where a root does not depend on it.
/// The results can be differentiated again.
pub fn gradients(roots: &[Tensor], seeds: &[Option<Tensor>], inputs: &[Tensor]) -> Result<Vec<Tensor>> {
    let order = history("grad", roots)?;
    let grads = propagate("grad", &order, roots, seeds)?;
    let zeros = |x: &Tensor| Tensor::constant(Scalar::int(0, x.dtype()), x.device()).expand(x.shape());
    inputs.iter().map(|x| grads.get(&x.key()).map_or_else(|| zeros(x), |grad| Ok(grad.clone()))).collect()
}

/// All nodes behind the roots that ask for a gradient, consumers first.
fn history(op: &str, roots: &[Tensor]) -> Result<Vec<Tensor>> {
    let mut order = Vec::new();
    let mut seen = FxHashSet::default();
    let mut stack: Vec<(Tensor, bool)> = Vec::new();
    for root in roots {
        if !root.requires_grad() {
            return Err(Error::new(
                ErrorKind::Gradient,
                op,
                "a result that depends on a tensor with requires_grad=True",
                "one that does not",
            )
            .hint(
                "set requires_grad=True on a leaf, and check for detach(), no_grad() and integer results on the way",
            ));
        }
        stack.push((root.clone(), false));
    }
    while let Some((tensor, expanded)) = stack.pop() {
        if expanded {
            order.push(tensor);
            continue;
        }
        if !seen.insert(tensor.key()) {
            continue;
        }
        let node = tensor.node();
        let inputs = if tensor.variable().is_some() { SmallVec::new() } else { tensor.inputs() };
        let severed = inputs.is_empty() && tensor.variable().is_none() && !matches!(node.op, Op::Leaf);
        if severed {
            let got = "a graph that an earlier backward() used and evaluation released";
            return Err(Error::new(ErrorKind::Gradient, op, "the graph behind the result", got)
                .hint("call backward(retain_graph=True) the first time, or compute the result again"));
        }
        stack.push((tensor.clone(), true));
        stack.extend(inputs.into_iter().filter(|input| input.requires_grad()).map(|input| (input, false)));
    }
    order.reverse();
    Ok(order)
}

fn propagate(
    op: &str,
    order: &[Tensor],
    roots: &[Tensor],
    seeds: &[Option<Tensor>],
) -> Result<FxHashMap<*const (), Tensor>> {
    let mut grads: FxHashMap<*const (), Tensor> = FxHashMap::default();
    for (root, seed) in roots.iter().zip(seeds) {
        let seed = match seed {
            Some(seed) if seed.shape() == root.shape() => {
                Tensor::same_device(op, &[root, seed])?;
                seed.cast(root.dtype())?
            }
            Some(seed) => {
                let got = format!("{} for {}", show_shape(seed.shape()), show_shape(root.shape()));
                return Err(Error::shape(op, "a gradient of the result's shape", got));
            }
            None if root.numel() == 1 => root.constant_like(1.0).expand(root.shape())?,
            None => {
                let got = format!("shape {}", show_shape(root.shape()));
                return Err(Error::shape(op, "a result of one element, or a gradient for it", got)
                    .hint("reduce it with .sum() or .mean(), or pass gradient="));
            }
        };
        accumulate(&mut grads, root, seed)?;
    }
    for tensor in order {
        if tensor.variable().is_some() || matches!(tensor.node().op, Op::Leaf) {
            continue;
        }
        let Some(grad) = grads.get(&tensor.key()).cloned() else { continue };
        let inputs = tensor.inputs();
        for (input, grad) in inputs.iter().zip(rule(&grad, tensor, &inputs)?) {
            if input.requires_grad() {
                accumulate(&mut grads, input, grad)?;
            }
        }
    }
    Ok(grads)
}

fn accumulate(grads: &mut FxHashMap<*const (), Tensor>, to: &Tensor, grad: Tensor) -> Result<()> {
    let grad = if grad.shape() == to.shape() { grad } else { grad.expand(to.shape())? };
    let total = match grads.remove(&to.key()) {
        Some(before) => Tensor::apply(Elementwise::Add, &[&before, &grad])?,
        None => grad,
    };
    grads.insert(to.key(), total);
    Ok(())
}

type Grads = SmallVec<[Tensor; 3]>;

/// Gradients for the inputs of `out`, given the gradient `g` for `out`.
fn rule(g: &Tensor, out: &Tensor, inputs: &[Tensor]) -> Result<Grads> {
    let node = out.node();
    Ok(match &node.op {
        Op::Leaf | Op::Scalar(_) | Op::Constant(_) | Op::Iota | Op::Detach => smallvec![],
        Op::Elementwise(op) => (op.row().gradient)(g, inputs, out).into(),
        Op::Cast => smallvec![g.cast(inputs[0].dtype())?],
        Op::Transfer => smallvec![g.to_device(inputs[0].device())?],
        Op::Reshape => smallvec![g.reshape_to(inputs[0].shape().into())],
        Op::Permute(order) => {
            let mut inverse: Axes = order.clone();
            order.iter().enumerate().for_each(|(position, &axis)| inverse[axis] = position);
            smallvec![g.permute_to(inverse)]
        }
        Op::Expand => smallvec![sum_to(g, inputs[0].shape())?],
        Op::Affine { affine, .. } => smallvec![g.affine(affine.adjoint(inputs[0].shape()), Scalar::int(0, g.dtype()))],
        Op::Reduce { fold, axes, first } => smallvec![reduce_rule(g, out, &inputs[0], *fold, axes, *first)?],
        Op::Gather { axis } => smallvec![g.scatter(&inputs[1], *axis, inputs[0].shape()[*axis]), inputs[1].clone()],
        Op::Scatter { axis } => smallvec![g.gather(&inputs[1], *axis), inputs[1].clone()],
        Op::Scan { fold: Fold::Sum } => {
            let last = g.ndim() - 1;
            smallvec![g.flip(last).scan(Fold::Sum).flip(last)]
        }
        Op::Scan { fold } => {
            let needs = "a scan whose gradient is known (sum)";
            return Err(Error::new(ErrorKind::Gradient, "backward", needs, format!("a scan by {}", fold.name())));
        }
        Op::Sort { .. } | Op::Check(_) => unreachable!("positions ask for no gradient"),
        Op::Dot => {
            let transposed = |x: &Tensor| x.transpose(-1, -2);
            smallvec![g.dot(&transposed(&inputs[1])?), transposed(&inputs[0])?.dot(g)]
        }
        Op::Conv(spec) => {
            let (x, w) = (&inputs[0], &inputs[1]);
            smallvec![conv::input_gradient(g, x, w, spec), conv::weight_gradient(g, x, w, spec)]
        }
        Op::Linalg(routine) => linalg::gradient(*routine, g, out, inputs)?,
    })
}

/// Sums away the axes that a broadcast from `shape` added or stretched.
fn sum_to(g: &Tensor, shape: &[usize]) -> Result<Tensor> {
    let added = g.ndim() - shape.len();
    let stretched = |axis: &usize| *axis < added || (shape[*axis - added] == 1 && g.shape()[*axis] != 1);
    let axes: Vec<i64> = (0..g.ndim()).filter(stretched).map(|axis| axis as i64).collect();
    Ok(g.reduce(Fold::Sum, Some(&axes), false)?.reshape_to(shape.into()))
}

fn reduce_rule(g: &Tensor, out: &Tensor, x: &Tensor, fold: Fold, axes: &Axes, first: bool) -> Result<Tensor> {
    let keep: Shape = (0..x.ndim()).map(|axis| if axes.contains(&axis) { 1 } else { x.shape()[axis] }).collect();
    let spread = |t: &Tensor| t.reshape_to(keep.clone()).expand(x.shape());
    let reduced: Vec<i64> = axes.iter().map(|&axis| axis as i64).collect();
    let zero = x.constant_like(0.0);
    let select = |c: &Tensor, a: &Tensor, b: &Tensor| Tensor::apply(Elementwise::Where, &[c, a, b]);
    match fold {
        Fold::Sum => spread(g),
        Fold::Product => {
            // The product of the others: over x where x is not zero, and where it is the only zero, of the rest.
            let is_zero = x.equal(&zero);
            let zeros = is_zero.reduce(Fold::Sum, Some(&reduced), true)?;
            let rest = select(&is_zero, &x.constant_like(1.0), x)?.reduce(Fold::Product, Some(&reduced), true)?;
            let others_nonzero = zeros.equal(&is_zero.cast(zeros.dtype())?);
            let safe = select(&is_zero, &x.constant_like(1.0), x)?;
            Ok(spread(g)? * &select(&others_nonzero, &(rest.expand(x.shape())? / &safe), &zero)?)
        }
        Fold::Max | Fold::Min if first => {
            let fold = if fold == Fold::Max { Fold::ArgMax } else { Fold::ArgMin };
            let best = x.detach().reduce(fold, Some(&reduced), true)?;
            let count = axes.iter().map(|&axis| x.shape()[axis]).product();
            let shape = (0..x.ndim()).map(|axis| if axes.contains(&axis) { x.shape()[axis] } else { 1 }).collect();
            let position = Tensor::iota(count, x.device()).reshape_to(shape);
            select(&best.equal(&position), &spread(g)?, &zero)
        }
        Fold::Max | Fold::Min => {
            let best = x.equal(&spread(out)?);
            let ties = best.reduce(Fold::Sum, Some(&reduced), true)?.cast(x.dtype())?;
            select(&best, &(g.reshape_to(keep.clone()) / &ties).expand(x.shape())?, &zero)
        }
        Fold::ArgMax | Fold::ArgMin => unreachable!("integer results ask for no gradient"),
    }
}
