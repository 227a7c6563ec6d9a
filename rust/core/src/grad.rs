//! Reverse-mode differentiation: gradients are ordinary nodes of the same graph.

use std::collections::hash_map::Entry;
use std::sync::atomic::Ordering;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::{SmallVec, smallvec};

use crate::call::Call;
use crate::conv;
use crate::dtype::Scalar;
use crate::elementwise::Elementwise;
use crate::error::{Error, ErrorKind, Result, show_shape};
use crate::kernel::Fold;
use crate::linalg;
use crate::shape::{Axes, Shape};
use crate::tensor::{Op, Tensor, grad_enabled, with_grad_enabled};
use crate::variable::When;

/// How [`backward`] leaves things behind.
#[derive(Clone, Copy, Debug, Default)]
pub struct Backward<'a> {
    /// The graph behind the roots stays; otherwise evaluation may let go of it from now on.
    pub retain_graph: bool,
    /// What is collected can be differentiated again.
    pub create_graph: bool,
    /// The leaves to collect for; None means all.
    pub inputs: Option<&'a [Tensor]>,
}

/// Collects d(Σ roots·seeds)/d(leaf) into the [`Variable`](crate::variable::Variable) of every leaf that asks for it,
/// adding to what is there. A seed may be None for a root of one element.
pub fn backward(roots: &[Tensor], seeds: &[Option<Tensor>], options: Backward) -> Result<()> {
    if let Some(root) = roots.iter().find(|root| !root.requires_grad()) {
        return Err(independent("backward", root));
    }
    let order = history("backward", roots, 0)?;
    with_grad_enabled(options.create_graph, || collect(&order, roots, seeds, options))
}

fn collect(order: &[Tensor], roots: &[Tensor], seeds: &[Option<Tensor>], options: Backward) -> Result<()> {
    let grads = propagate("backward", order, roots, seeds)?;
    let wanted = |tensor: &Tensor| options.inputs.is_none_or(|inputs| inputs.iter().any(|x| x.key() == tensor.key()));
    for tensor in order {
        if let (Some(place), Some(grad)) = (tensor.watcher(), grads.get(&tensor.key()))
            && (tensor.variable().is_some() || place.retains())
            && wanted(tensor)
        {
            let total = match place.grad() {
                Some(before) => Tensor::apply(Elementwise::Add, &[&before, grad])?,
                None => grad.clone(),
            };
            place.set_grad(Some(total));
        }
    }
    if !options.retain_graph {
        order.iter().for_each(release);
    }
    for tensor in order {
        if let (Some(variable), Some(grad)) = (tensor.variable(), grads.get(&tensor.key()))
            && wanted(tensor)
        {
            variable.call_hooks(When::Collected, grad)?;
        }
    }
    Ok(())
}

/// Evaluation need not keep what lies behind the tensor for another backward pass.
fn release(tensor: &Tensor) {
    tensor.node().released.store(true, Ordering::Relaxed);
    // A hook may hold on to the tensor that it belongs to.
    if let (None, Some(watch)) = (tensor.variable(), tensor.watcher()) {
        watch.clear_hooks();
    }
}

/// d(Σ roots·seeds)/d(input) for each input; zeros where no root depends on it.
/// The results can be differentiated again, unless gradients are switched off.
pub fn gradients(roots: &[Tensor], seeds: &[Option<Tensor>], inputs: &[Tensor]) -> Result<Vec<Tensor>> {
    if let Some(root) = roots.iter().find(|root| !root.requires_grad()) {
        return Err(independent("grad", root));
    }
    let grads = gradients_if_any(roots, seeds, inputs)?;
    grads.into_iter().zip(inputs).map(|(grad, x)| grad.map_or_else(|| zeros(x), Ok)).collect()
}

/// As [`gradients`], but None where no root depends on an input; roots may depend on none of them.
pub fn gradients_if_any(roots: &[Tensor], seeds: &[Option<Tensor>], inputs: &[Tensor]) -> Result<Vec<Option<Tensor>>> {
    // What is older than all inputs depends on none of them.
    let oldest = inputs.iter().map(Tensor::id).min().unwrap_or(u64::MAX);
    let depends = |(root, seed): (&Tensor, &Option<Tensor>)| {
        (root.requires_grad() && root.id() >= oldest).then(|| (root.clone(), seed.clone()))
    };
    let (roots, seeds): (Vec<Tensor>, Vec<Option<Tensor>>) = roots.iter().zip(seeds).filter_map(depends).unzip();
    let order = history("grad", &roots, oldest)?;
    let grads = propagate("grad", &order, &roots, &seeds)?;
    Ok(inputs.iter().map(|x| grads.get(&x.key()).cloned()).collect())
}

fn zeros(x: &Tensor) -> Result<Tensor> {
    Tensor::constant(Scalar::int(0, x.dtype()), x.device()).expand(x.shape())
}

/// What a root that no gradient flows through raises.
pub fn independent(op: &str, root: &Tensor) -> Error {
    let needs = "a result that depends on a tensor with requires_grad=True";
    let got = if root.dtype().is_float() { "one that does not" } else { "integers, which have no gradient" };
    let hint = "set requires_grad=True on a leaf, and check for detach(), no_grad() and integer results on the way";
    Error::new(ErrorKind::Gradient, op, needs, got).hint(hint)
}

/// Directional derivatives of results along tangents of the leaves that they were computed from: what reverse mode gives for
/// the results is a linear function of its seed, and reverse mode through that one gives its transpose.
pub fn tangents(results: &[Tensor], leaves: &[Tensor], directions: &[Tensor]) -> Result<Vec<Tensor>> {
    with_grad_enabled(true, || {
        let seed = |y: &Tensor| y.requires_grad().then(|| zeros(y)?.as_variable(Default::default())).transpose();
        let seeds: Vec<Option<Tensor>> = results.iter().map(seed).collect::<Result<_>>()?;
        let unknowns: Vec<Tensor> = seeds.iter().flatten().cloned().collect();
        let pulled = gradients_if_any(results, &seeds, leaves)?;
        let pairs = pulled.into_iter().zip(directions).filter_map(|(grad, v)| Some((grad?, Some(v.clone()))));
        let (pulled, directions): (Vec<Tensor>, Vec<Option<Tensor>>) = pairs.unzip();
        let mut pushed = gradients_if_any(&pulled, &directions, &unknowns)?.into_iter();
        let inner: Vec<Tensor> = leaves.iter().chain(&unknowns).cloned().collect();
        let of = |(y, seed): (&Tensor, &Option<Tensor>)| {
            let tangent = seed.as_ref().and_then(|_| pushed.next().flatten());
            tangent.map_or_else(|| zeros(y), Ok)
        };
        let pushed: Vec<Tensor> = results.iter().zip(&seeds).map(of).collect::<Result<_>>()?;
        Ok(closed(&pushed, &inner))
    })
}

/// Tensors without the history that ends in `leaves` alone: detached, but for those that depend on others that require
/// gradients; all of them while gradients are switched off.
pub fn closed(tensors: &[Tensor], leaves: &[Tensor]) -> Vec<Tensor> {
    if !grad_enabled() {
        return tensors.iter().map(Tensor::detach).collect();
    }
    let oldest = leaves.iter().map(Tensor::id).min().unwrap_or(u64::MAX);
    let is_leaf = |tensor: &Tensor| leaves.iter().any(|leaf| leaf.key() == tensor.key());
    // Whether a node depends on others.
    let mut open: FxHashMap<*const (), bool> = FxHashMap::default();
    let mut stack: Vec<(Tensor, bool)> = tensors.iter().map(|tensor| (tensor.clone(), false)).collect();
    while let Some((tensor, expanded)) = stack.pop() {
        if expanded {
            let depends = tensor.history().iter().any(|input| open[&input.key()]);
            open.insert(tensor.key(), depends);
        } else if let Entry::Vacant(place) = open.entry(tensor.key()) {
            let ends = !tensor.requires_grad() || tensor.variable().is_some() || tensor.id() < oldest;
            place.insert(ends && tensor.requires_grad() && !is_leaf(&tensor));
            if !ends {
                let history = tensor.history();
                stack.push((tensor, true));
                stack.extend(history.into_iter().map(|input| (input, false)));
            }
        }
    }
    let close = |tensor: &Tensor| {
        if open[&tensor.key()] || !tensor.requires_grad() { tensor.clone() } else { tensor.detach() }
    };
    tensors.iter().map(close).collect()
}

/// All nodes behind the roots that ask for a gradient and are not older than `oldest`, consumers first.
fn history(op: &str, roots: &[Tensor], oldest: u64) -> Result<Vec<Tensor>> {
    let mut order = Vec::new();
    let mut seen = FxHashSet::default();
    let asks = |tensor: &Tensor| tensor.requires_grad() && tensor.id() >= oldest;
    let mut stack: Vec<(Tensor, bool)> = roots.iter().filter(|x| asks(x)).map(|root| (root.clone(), false)).collect();
    while let Some((tensor, expanded)) = stack.pop() {
        if expanded {
            order.push(tensor);
            continue;
        }
        if !seen.insert(tensor.key()) {
            continue;
        }
        let ends = tensor.variable().is_some();
        let inputs = if ends { SmallVec::new() } else { tensor.history() };
        let severed = inputs.is_empty() && !ends && !matches!(tensor.node().op, Op::Leaf | Op::Placeholder);
        if severed {
            let got = "a graph that an earlier backward() used and evaluation released";
            return Err(Error::new(ErrorKind::Gradient, op, "the graph behind the result", got)
                .hint("call backward(retain_graph=True) the first time, or compute the result again"));
        }
        stack.push((tensor.clone(), true));
        stack.extend(inputs.into_iter().filter(asks).map(|input| (input, false)));
    }
    order.reverse();
    Ok(order)
}

type ByNode = FxHashMap<*const (), Tensor>;

fn propagate(op: &str, order: &[Tensor], roots: &[Tensor], seeds: &[Option<Tensor>]) -> Result<ByNode> {
    let mut grads = ByNode::default();
    // Gradients that have arrived for the outputs of calls.
    let mut arrived: FxHashMap<*const (), Vec<Option<Tensor>>> = FxHashMap::default();
    for (root, seed) in roots.iter().zip(seeds) {
        accumulate(&mut grads, root, seed_for(op, root, seed.as_ref())?)?;
    }
    for tensor in order {
        if let Op::Call(call) = &tensor.node().op {
            let Some(outputs) = arrived.remove(&tensor.key()) else { continue };
            let inputs = tensor.inputs();
            for (input, grad) in inputs.iter().zip(call.gradients(&outputs, &inputs)?) {
                if let (true, Some(grad)) = (input.requires_grad(), grad) {
                    accumulate(&mut grads, input, grad)?;
                }
            }
            continue;
        }
        let Some(mut grad) = grads.get(&tensor.key()).cloned() else { continue };
        if let Some(watch) = tensor.watcher() {
            grad = watch.call_hooks(When::Known, &grad)?;
            grads.insert(tensor.key(), grad.clone());
        }
        if tensor.variable().is_some() {
            continue;
        }
        let inputs = tensor.history();
        if let (Op::Output(n), [call]) = (&tensor.node().op, &inputs[..]) {
            let Op::Call(Call { outputs, .. }) = &call.node().op else { unreachable!("outputs are of calls") };
            arrived.entry(call.key()).or_insert_with(|| vec![None; *outputs])[*n] = Some(grad);
            continue;
        }
        for (input, grad) in inputs.iter().zip(rule(&grad, tensor, &inputs)?) {
            if input.requires_grad() {
                accumulate(&mut grads, input, grad)?;
            }
        }
    }
    Ok(grads)
}

/// The gradient that a root starts with.
fn seed_for(op: &str, root: &Tensor, seed: Option<&Tensor>) -> Result<Tensor> {
    match seed {
        Some(seed) if seed.shape() == root.shape() => {
            Tensor::same_device(op, &[root, seed])?;
            seed.cast(root.dtype())
        }
        Some(seed) => {
            let got = format!("{} for {}", show_shape(seed.shape()), show_shape(root.shape()));
            Err(Error::shape(op, "a gradient of the result's shape", got))
        }
        None if root.numel() == 1 => root.constant_like(1.0).expand(root.shape()),
        None => {
            let got = format!("shape {}", show_shape(root.shape()));
            Err(Error::shape(op, "a result of one element, or a gradient for it", got)
                .hint("reduce it with .sum() or .mean(), or pass gradient="))
        }
    }
}

fn accumulate(grads: &mut ByNode, to: &Tensor, grad: Tensor) -> Result<()> {
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
        Op::Leaf | Op::Placeholder | Op::Scalar(_) | Op::Constant(_) | Op::Iota | Op::Detach => smallvec![],
        Op::Elementwise(op) => (op.row().gradient)(g, inputs, out).into(),
        Op::Cast => smallvec![g.cast(inputs[0].dtype())?],
        Op::Transfer => smallvec![g.to_device(inputs[0].device())?],
        Op::Reshape => smallvec![g.reshape_to(inputs[0].shape().into())],
        Op::Permute(order) => smallvec![g.permute_to(inverse(order))],
        Op::Expand => smallvec![sum_to(g, inputs[0].shape())?],
        Op::Affine { affine, .. } => smallvec![g.affine(affine.adjoint(inputs[0].shape()), Scalar::int(0, g.dtype()))],
        Op::Reduce { fold, axes, first } => smallvec![reduce_rule(g, out, &inputs[0], *fold, axes, *first)?],
        Op::Gather { axis } => smallvec![g.scatter(&inputs[1], *axis, inputs[0].shape()[*axis]), inputs[1].clone()],
        Op::Scatter { axis } => smallvec![g.gather(&inputs[1], *axis), inputs[1].clone()],
        Op::Scan { fold: Fold::Sum } => {
            let last = g.ndim() - 1;
            smallvec![g.flip(last).scan(Fold::Sum).flip(last)]
        }
        Op::Scan { fold: Fold::Product } => smallvec![running_product_rule(g, &inputs[0])?],
        Op::Scan { .. } => {
            // To the last element that was best so far.
            let (x, last) = (&inputs[0], g.ndim() - 1);
            let number = Tensor::iota(x.shape()[last], x.device()).expand(x.shape())?;
            let is_nan = x.equal(x).not();
            let here = Tensor::apply(Elementwise::Or, &[&x.equal(out), &is_nan])?;
            let none = Tensor::constant(Scalar::int(0, number.dtype()), x.device());
            let best = Tensor::apply(Elementwise::Where, &[&here, &number, &none])?.scan(Fold::Max);
            smallvec![g.scatter(&best, last, x.shape()[last])]
        }
        Op::Sort { .. } | Op::Check(_) => unreachable!("positions ask for no gradient"),
        Op::Dot => {
            let transposed = |x: &Tensor| x.transpose(-1, -2);
            smallvec![g.dot(&transposed(&inputs[1])?), transposed(&inputs[0])?.dot(g)]
        }
        Op::Barrier => smallvec![g.clone()],
        Op::Call(_) | Op::Output(_) => unreachable!("calls have rules of their own"),
        Op::Conv(spec) => {
            let (x, w) = (&inputs[0], &inputs[1]);
            smallvec![conv::input_gradient(g, x, w, spec), conv::weight_gradient(g, x, w, spec)]
        }
        Op::Attention(spec) => spec.operand_gradients(g, out, inputs)?,
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
        Fold::Product => Ok(spread(g)? * &product_of_others(x, axes)?),
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

/// Elements of the last axis `by` places further along, or back if negative, and `fill` where there are none.
fn shifted(x: &Tensor, by: i64, fill: f64) -> Result<Tensor> {
    let mut padding = vec![(0, 0); x.ndim()];
    padding[x.ndim() - 1] = (-by, by);
    x.pad(&padding, Scalar::float(fill, x.dtype()))
}

/// For each element, the product of the elements before it along the last axis.
fn product_before(x: &Tensor) -> Result<Tensor> {
    Ok(shifted(x, -1, 1.0)?.scan(Fold::Product))
}

/// For each element, the product of all others over axes. Without a division, so that it is right at zeros too, as are its
/// own gradients.
fn product_of_others(x: &Tensor, axes: &Axes) -> Result<Tensor> {
    let kept = (0..x.ndim()).filter(|axis| !axes.contains(axis));
    let order: Axes = kept.chain(axes.iter().copied()).collect();
    let moved = x.permute_to(order.clone());
    let count = axes.iter().map(|&axis| x.shape()[axis]).product();
    let rows: Shape = moved.shape()[..x.ndim() - axes.len()].iter().copied().chain([count]).collect();
    let rows = moved.reshape_to(rows);
    let last = rows.ndim() - 1;
    let others = product_before(&rows)? * &product_before(&rows.flip(last))?.flip(last);
    Ok(others.reshape_to(moved.shape().into()).permute_to(inverse(&order)))
}

/// For y_i = x_0 ⋯ x_i: the product of the elements before k, times s_k = g_k + x_(k+1) · s_(k+1). The recurrence is solved in
/// log2(n) steps.
fn running_product_rule(g: &Tensor, x: &Tensor) -> Result<Tensor> {
    let size = x.shape()[x.ndim() - 1];
    let (mut sums, mut factors) = (g.clone(), shifted(x, 1, 0.0)?);
    let mut reach = 1;
    while reach < size {
        sums = (&sums + &(&factors * &shifted(&sums, reach as i64, 0.0)?)).kept();
        factors = (&factors * &shifted(&factors, reach as i64, 0.0)?).kept();
        reach *= 2;
    }
    Ok(product_before(x)? * &sums)
}

/// The order of axes that undoes another.
fn inverse(order: &Axes) -> Axes {
    let mut inverse = order.clone();
    order.iter().enumerate().for_each(|(position, &axis)| inverse[axis] = position);
    inverse
}
