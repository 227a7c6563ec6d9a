//! Convolution: one op of any rank whose gradients are convolutions again.

use smallvec::{SmallVec, smallvec};

use crate::dtype::DType;
use crate::error::{Error, Result, show_shape};
use crate::shape::{Axes, Shape};
use crate::tensor::{Op, Tensor};

/// How a convolution walks its input, for each spatial axis.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConvSpec {
    pub groups: usize,
    pub axes: SmallVec<[ConvAxis; 3]>,
}

/// Output `o` and kernel tap `k` meet at `o·stride + k·dilation - before`, which must be `input_dilation` times an input
/// position; `before` and `after` are padding, negative to cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConvAxis {
    pub stride: usize,
    pub dilation: usize,
    pub before: i64,
    pub after: i64,
    pub input_dilation: usize,
}

impl ConvAxis {
    /// Number of outputs for `n` inputs and `k` taps; negative if the kernel does not fit.
    fn outputs(&self, n: usize, k: usize) -> i64 {
        let room = self.spread(n) + self.before + self.after - (self.dilation as i64 * (k as i64 - 1) + 1);
        room.div_euclid(self.stride as i64) + 1
    }

    /// Length of the dilated input.
    fn spread(&self, n: usize) -> i64 {
        (n as i64 - 1) * self.input_dilation as i64 + 1
    }
}

/// Convolution (cross-correlation, as networks use it): x (N, C, *S), w (F, C / groups, *K) gives (N, F, *O).
pub fn conv(x: &Tensor, w: &Tensor, spec: &ConvSpec) -> Result<Tensor> {
    let rank = spec.axes.len();
    let name = format!("conv{rank}d");
    Tensor::same_device(&name, &[x, w])?;
    let dtype = x.dtype().promote(w.dtype());
    if !dtype.is_float() {
        return Err(Error::dtype(&name, "float tensors", dtype.name()).hint("convert with .astype(float32)"));
    }
    if x.ndim() != rank + 2 || w.ndim() != rank + 2 {
        let needs = format!("an input (N, C, …) and a weight (F, C / groups, …) of {} axes each", rank + 2);
        return Err(Error::shape(&name, needs, shapes(x, w)).hint("add the batch axis with unsqueeze(0)?"));
    }
    let (channels, filters) = (x.shape()[1], w.shape()[0]);
    if spec.groups == 0 || channels != w.shape()[1] * spec.groups || filters % spec.groups != 0 {
        let needs = format!("weight.shape[1] == input.shape[1] / groups with groups = {}", spec.groups);
        return Err(Error::shape(&name, needs, shapes(x, w)));
    }
    let mut shape: Shape = smallvec![x.shape()[0], filters];
    for (axis, rule) in spec.axes.iter().enumerate() {
        if rule.stride == 0 || rule.dilation == 0 || rule.input_dilation == 0 {
            return Err(Error::value(&name, "stride and dilation of at least 1", "0"));
        }
        let outputs = rule.outputs(x.shape()[axis + 2], w.shape()[axis + 2]);
        if outputs < 1 || w.shape()[axis + 2] == 0 || x.shape()[axis + 2] == 0 {
            let needs = "a kernel no larger than the padded input".to_string();
            return Err(Error::shape(&name, needs, shapes(x, w)).hint("add padding or use a smaller kernel"));
        }
        shape.push(outputs as usize);
    }
    Ok(build(&x.cast(dtype)?, &w.cast(dtype)?, spec.clone(), shape, dtype))
}

fn build(x: &Tensor, w: &Tensor, spec: ConvSpec, shape: Shape, dtype: DType) -> Tensor {
    Tensor::new(Op::Conv(Box::new(spec)), smallvec![x.clone(), w.clone()], shape, dtype, x.device())
}

fn shapes(x: &Tensor, w: &Tensor) -> String {
    format!("input {} and weight {}", show_shape(x.shape()), show_shape(w.shape()))
}

/// Gradient for the input: the gradient, spread by the stride, convolved with the flipped and transposed weight.
pub(crate) fn input_gradient(g: &Tensor, x: &Tensor, w: &Tensor, spec: &ConvSpec) -> Tensor {
    let groups = spec.groups;
    let (filters, channels) = (w.shape()[0] / groups, w.shape()[1]);
    let taps = &w.shape()[2..];
    let with = |head: &[usize]| head.iter().chain(taps).copied().collect::<Shape>();
    let mut order: Axes = (0..taps.len() + 3).collect();
    order.swap(1, 2);
    let mut weight = w.reshape_to(with(&[groups, filters, channels]));
    weight = weight.permute_to(order).reshape_to(with(&[groups * channels, filters]));
    let mut axes = SmallVec::new();
    for (axis, rule) in spec.axes.iter().enumerate() {
        weight = weight.flip(axis + 2);
        let (n, k, outputs) = (x.shape()[axis + 2], taps[axis], g.shape()[axis + 2]);
        let reach = rule.dilation as i64 * (k as i64 - 1);
        let before = reach - rule.before;
        let spread = (outputs as i64 - 1) * rule.stride as i64 + 1;
        let after = rule.spread(n) + reach - spread - before;
        axes.push(ConvAxis {
            stride: rule.input_dilation,
            dilation: rule.dilation,
            before,
            after,
            input_dilation: rule.stride,
        });
    }
    build(g, &weight, ConvSpec { groups, axes }, x.shape().into(), x.dtype())
}

/// Gradient for the weight: the input, its channels as a batch, convolved with the gradient as a kernel.
pub(crate) fn weight_gradient(g: &Tensor, x: &Tensor, w: &Tensor, spec: &ConvSpec) -> Tensor {
    let groups = spec.groups;
    let (batch, channels, filters) = (x.shape()[0], w.shape()[1], w.shape()[0]);
    let rank = spec.axes.len();
    let with = |head: &[usize], tail: &[usize]| head.iter().chain(tail).copied().collect::<Shape>();
    // (N, groups, C, *S) to (C, groups·N, *S): channels become the batch, samples the channels.
    let source = x.reshape_to(with(&[batch, groups, channels], &x.shape()[2..]));
    let order: Axes = [2, 1, 0].into_iter().chain(3..rank + 3).collect();
    let source = source.permute_to(order).reshape_to(with(&[channels, groups * batch], &x.shape()[2..]));
    let swap: Axes = [1, 0].into_iter().chain(2..rank + 2).collect();
    let kernel = g.permute_to(swap.clone());
    let axes = spec.axes.iter().enumerate().map(|(axis, rule)| {
        let (n, k, outputs) = (x.shape()[axis + 2], w.shape()[axis + 2], g.shape()[axis + 2]);
        let reach = rule.stride as i64 * (outputs as i64 - 1) + 1;
        let after = (k as i64 - 1) * rule.dilation as i64 + reach - rule.spread(n) - rule.before;
        ConvAxis {
            stride: rule.dilation,
            dilation: rule.stride,
            before: rule.before,
            after,
            input_dilation: rule.input_dilation,
        }
    });
    let spec = ConvSpec { groups, axes: axes.collect() };
    let shape = with(&[channels, filters], &w.shape()[2..]);
    build(&source, &kernel, spec, shape, w.dtype()).permute_to(swap)
}

/// A batch of inputs (B, N, …) convolved with one weight; `one` is the convolution of the first of them. The batch joins the
/// samples.
pub(crate) fn of_inputs(x: &Tensor, w: &Tensor, spec: &ConvSpec, one: &Tensor) -> Tensor {
    let (batch, samples) = (x.shape()[0], x.shape()[1]);
    let mut shape: Shape = one.shape().into();
    shape[0] *= batch;
    let result = build(&x.reshape_to(joined(x, batch * samples)), w, spec.clone(), shape, one.dtype());
    result.reshape_to(split(batch, one.shape()))
}

/// One input convolved with a batch of weights (B, F, …), which joins the filters of each group.
pub(crate) fn of_weights(x: &Tensor, w: &Tensor, spec: &ConvSpec, one: &Tensor) -> Tensor {
    let (batch, filters, groups) = (w.shape()[0], w.shape()[1], spec.groups);
    let with = |head: &[usize], tail: &[usize]| head.iter().chain(tail).copied().collect::<Shape>();
    let swapped = |first: usize, rank: usize| {
        let mut order: Axes = (0..rank).collect();
        order.swap(first, first + 1);
        order
    };
    let weight = w.reshape_to(with(&[batch, groups, filters / groups], &w.shape()[2..]));
    let weight = weight.permute_to(swapped(0, w.ndim() + 1)).reshape_to(joined(w, batch * filters));
    let mut shape: Shape = one.shape().into();
    shape[1] *= batch;
    let result = build(x, &weight, spec.clone(), shape, one.dtype());
    // (N, groups, B, F / groups, …) to (B, N, F, …).
    let (samples, space) = (one.shape()[0], &one.shape()[2..]);
    let result = result.reshape_to(with(&[samples, groups, batch, filters / groups], space));
    let order: Axes = [2, 0, 1].into_iter().chain(3..result.ndim()).collect();
    result.permute_to(order).reshape_to(split(batch, one.shape()))
}

/// A batch of inputs (B, N, …), each convolved with its own weight (B, F, …): the batch joins the groups.
pub(crate) fn of_pairs(x: &Tensor, w: &Tensor, spec: &ConvSpec, one: &Tensor) -> Tensor {
    let (batch, samples, channels) = (x.shape()[0], x.shape()[1], x.shape()[2]);
    let with = |head: &[usize], tail: &[usize]| head.iter().chain(tail).copied().collect::<Shape>();
    let swap = |rank: usize| [1, 0].into_iter().chain(2..rank).collect::<Axes>();
    let source = x.permute_to(swap(x.ndim())).reshape_to(with(&[samples, batch * channels], &x.shape()[3..]));
    let weight = w.reshape_to(joined(w, batch * w.shape()[1]));
    let mut shape: Shape = one.shape().into();
    shape[1] *= batch;
    let spec = ConvSpec { groups: batch * spec.groups, axes: spec.axes.clone() };
    let result = build(&source, &weight, spec, shape, one.dtype());
    let result = result.reshape_to(with(&[samples, batch], &one.shape()[1..]));
    let order = swap(result.ndim());
    result.permute_to(order)
}

/// The shape with its first two axes made one.
fn joined(x: &Tensor, size: usize) -> Shape {
    std::iter::once(size).chain(x.shape()[2..].iter().copied()).collect()
}

/// The shape of a batch.
fn split(batch: usize, one: &[usize]) -> Shape {
    std::iter::once(batch).chain(one.iter().copied()).collect()
}
