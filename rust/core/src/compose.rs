//! Compositions that stand in the hot path of a training step: one call each, fused by the scheduler.

mod arrange;
mod norm;

pub use arrange::{concat, overlap};
pub use norm::{layer_norm, rms_norm, standardize};

use crate::conv::{self, ConvAxis, ConvSpec};
use crate::dtype::{DType, Kind, Scalar};
use crate::elementwise::Elementwise;
use crate::error::{Error, ErrorKind, Result, show_shape};
use crate::kernel::{Check, Fold};
use crate::random::Generator;
use crate::shape::{normalize_axis, numel};
use crate::tensor::Tensor;

/// How a loss over many samples becomes what the caller gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduction {
    None,
    Mean,
    Sum,
}

impl Reduction {
    pub fn from_name(op: &str, name: &str) -> Result<Reduction> {
        match name {
            "none" => Ok(Reduction::None),
            "mean" => Ok(Reduction::Mean),
            "sum" => Ok(Reduction::Sum),
            _ => Err(Error::value(op, "reduction \"none\", \"mean\" or \"sum\"", format!("{name:?}"))),
        }
    }

    fn apply(self, losses: Tensor) -> Result<Tensor> {
        match self {
            Reduction::None => Ok(losses),
            Reduction::Sum => losses.reduce(Fold::Sum, None, false),
            Reduction::Mean => mean(&losses, None, false),
        }
    }
}

pub(crate) fn float(x: &Tensor) -> Result<Tensor> {
    if x.dtype().is_float() { Ok(x.clone()) } else { x.cast(DType::F32) }
}

pub(crate) fn select(condition: &Tensor, yes: &Tensor, no: &Tensor) -> Result<Tensor> {
    Tensor::apply(Elementwise::Where, &[condition, yes, no])
}

/// Number of elements that each result of a reduction is made of.
fn count(x: &Tensor, axes: Option<&[i64]>) -> Result<usize> {
    match axes {
        None => Ok(x.numel()),
        Some(axes) => axes.iter().map(|&axis| Ok(x.shape()[normalize_axis("mean", axis, x.ndim())?])).product(),
    }
}

/// Mean over axes; of integers and bools as float32.
pub fn mean(x: &Tensor, axes: Option<&[i64]>, keepdims: bool) -> Result<Tensor> {
    let sum = float(x)?.reduce(Fold::Sum, axes, keepdims)?;
    match count(x, axes)? {
        // Added, as a compiler may take 0 times anything for 0.
        0 => Ok(&sum + &sum.constant_like(f64::NAN)),
        count => Ok(sum * (1.0 / count as f64)),
    }
}

/// Variance over axes, divided by (count - correction).
pub fn var(x: &Tensor, axes: Option<&[i64]>, correction: f64, keepdims: bool) -> Result<Tensor> {
    let x = float(x)?;
    let all: Vec<i64> = (0..x.ndim() as i64).collect();
    let centred = &x - &mean(&x, Some(axes.unwrap_or(&all)), true)?;
    let sum = (&centred * &centred).reduce(Fold::Sum, axes, keepdims)?;
    let divisor = count(&x, axes)? as f64 - correction;
    if divisor > 0.0 {
        return Ok(sum * (1.0 / divisor));
    }
    // Divided by zero: added, as a compiler may take 0 times anything for 0.
    let positive = sum.constant_like(0.0).less(&sum);
    Ok(&sum + &select(&positive, &sum.constant_like(f64::INFINITY), &sum.constant_like(f64::NAN))?)
}

/// x · wᵀ + b for x (…, in), w (out, in), b (out).
pub fn linear(x: &Tensor, w: &Tensor, b: Option<&Tensor>) -> Result<Tensor> {
    if w.ndim() != 2 || x.ndim() == 0 || x.shape()[x.ndim() - 1] != w.shape()[1] {
        let got = format!("input {} and weight {}", show_shape(x.shape()), show_shape(w.shape()));
        return Err(Error::shape("linear", "input.shape[-1] == weight.shape[1]", got));
    }
    let product = x.matmul(&w.transpose(0, 1)?)?;
    match b {
        Some(b) if b.shape() == &w.shape()[..1] => Tensor::apply(Elementwise::Add, &[&product, b]),
        Some(b) => Err(Error::shape("linear", format!("a bias of shape ({},)", w.shape()[0]), show_shape(b.shape()))),
        None => Ok(product),
    }
}

/// Convolution with a bias: x (N, C, *S), w (F, C / groups, *K), b (F) gives (N, F, *O).
pub fn conv(
    x: &Tensor,
    w: &Tensor,
    b: Option<&Tensor>,
    stride: &[usize],
    padding: &[(i64, i64)],
    dilation: &[usize],
    groups: usize,
) -> Result<Tensor> {
    let axes = stride.iter().zip(padding).zip(dilation).map(|((&stride, &(before, after)), &dilation)| ConvAxis {
        stride,
        dilation,
        before,
        after,
        input_dilation: 1,
    });
    biased(conv::conv(x, w, &ConvSpec { groups, axes: axes.collect() })?, b)
}

/// Transposed convolution: what a convolution's input gets from its output. x (N, C, *S), w (C, F / groups, *K), b (F)
/// gives (N, F, *O) with O = (S - 1)·stride - before - after + dilation·(K - 1) + 1 + extra.
pub fn conv_transpose(
    x: &Tensor,
    w: &Tensor,
    b: Option<&Tensor>,
    stride: &[usize],
    padding: &[(i64, i64)],
    dilation: &[usize],
    groups: usize,
) -> Result<Tensor> {
    let rank = stride.len();
    let fits = x.ndim() == rank + 2 && w.ndim() == rank + 2 && groups > 0;
    if !fits || x.shape()[1] != w.shape()[0] || !w.shape()[0].is_multiple_of(groups) {
        let got = format!("input {} and weight {}", show_shape(x.shape()), show_shape(w.shape()));
        let needs = format!("weight.shape[0] == input.shape[1], divisible by groups = {groups}, and {} axes", rank + 2);
        return Err(Error::shape(&format!("conv_transpose{rank}d"), needs, got));
    }
    let (channels, filters) = (w.shape()[0] / groups, w.shape()[1]);
    let with = |head: [usize; 3]| head.iter().chain(&w.shape()[2..]).map(|&n| n as i64).collect::<Vec<_>>();
    let mut weight = w.reshape(&with([groups, channels, filters]))?.transpose(1, 2)?;
    let mut merged = vec![(groups * filters) as i64, channels as i64];
    merged.extend(w.shape()[2..].iter().map(|&n| n as i64));
    weight = weight.reshape(&merged)?;
    let mut axes = Vec::new();
    for axis in 0..rank {
        weight = weight.flip(axis + 2);
        let reach = dilation[axis] as i64 * (w.shape()[axis + 2] as i64 - 1);
        let (before, after) = padding[axis];
        axes.push(ConvAxis {
            stride: 1,
            dilation: dilation[axis],
            before: reach - before,
            after: reach - after,
            input_dilation: stride[axis],
        });
    }
    biased(conv::conv(x, &weight, &ConvSpec { groups, axes: axes.into() })?, b)
}

fn biased(product: Tensor, b: Option<&Tensor>) -> Result<Tensor> {
    let Some(b) = b else { return Ok(product) };
    if b.shape() != &product.shape()[1..2] {
        let needs = format!("a bias of shape ({},)", product.shape()[1]);
        return Err(Error::shape("conv", needs, show_shape(b.shape())));
    }
    let mut shape = vec![1i64; product.ndim()];
    shape[1] = b.numel() as i64;
    Tensor::apply(Elementwise::Add, &[&product, &b.reshape(&shape)?])
}

/// Windows over the last axes: (…, *S) gives (…, *O, *kernel); `fill` pads.
fn windows(
    op: &str,
    x: &Tensor,
    kernel: &[usize],
    stride: &[usize],
    padding: &[(usize, usize)],
    dilation: &[usize],
    fill: Scalar,
) -> Result<Tensor> {
    let rank = kernel.len();
    if x.ndim() < rank + 1 {
        return Err(Error::shape(op, format!("an input of at least {} axes", rank + 1), show_shape(x.shape())));
    }
    // More than this may follow the end, where the last window is a partial one.
    if padding.iter().zip(kernel).any(|(&(before, _), &k)| 2 * before > k) {
        let got = format!("padding {padding:?} for kernel {kernel:?}");
        return Err(Error::value(op, "padding of at most half the kernel", got));
    }
    let lead = x.ndim() - rank;
    let mut pads = vec![(0, 0); lead];
    pads.extend(padding.iter().map(|&(before, after)| (before as i64, after as i64)));
    let mut result = x.pad(&pads, fill)?;
    for axis in 0..rank {
        // Each window splits its axis in two, so later axes move by one.
        result = result.window(lead + 2 * axis, kernel[axis], stride[axis], dilation[axis])?;
    }
    let outputs = (0..rank).map(|axis| (lead + 2 * axis) as i64);
    let taps = (0..rank).map(|axis| (lead + 2 * axis + 1) as i64);
    let order: Vec<i64> = (0..lead as i64).chain(outputs).chain(taps).collect();
    result.permute(&order)
}

fn last_axes(x: &Tensor, rank: usize) -> Vec<i64> {
    (x.ndim() as i64 - rank as i64..x.ndim() as i64).collect()
}

/// Largest element of each window of the last axes; its gradient goes to the first of equals.
pub fn max_pool(
    x: &Tensor,
    kernel: &[usize],
    stride: &[usize],
    padding: &[(usize, usize)],
    dilation: &[usize],
) -> Result<Tensor> {
    let least = if x.dtype().is_float() {
        Scalar::float(f64::NEG_INFINITY, x.dtype())
    } else {
        let least = if x.dtype().kind() == Kind::Signed { i64::MIN >> (64 - 8 * x.dtype().size()) } else { 0 };
        Scalar::int(least, x.dtype())
    };
    let windows = windows("max_pool", x, kernel, stride, padding, dilation, least)?;
    windows.reduce_with(Fold::Max, Some(&last_axes(&windows, kernel.len())), false, true)
}

/// Mean of each window of the last axes, padding counted as zeros.
pub fn avg_pool(x: &Tensor, kernel: &[usize], stride: &[usize], padding: &[(usize, usize)]) -> Result<Tensor> {
    let x = float(x)?;
    let ones = vec![1; kernel.len()];
    let windows = windows("avg_pool", &x, kernel, stride, padding, &ones, Scalar::float(0.0, x.dtype()))?;
    let sum = windows.reduce(Fold::Sum, Some(&last_axes(&windows, kernel.len())), false)?;
    Ok(sum * (1.0 / numel(kernel) as f64))
}

/// x less its greatest element along an axis, which changes no softmax and keeps exp in range.
fn shifted(x: &Tensor, axis: i64) -> Result<Tensor> {
    let x = float(x)?;
    let greatest = x.detach().reduce(Fold::Max, Some(&[axis]), true)?;
    // A row of -inf alone would give inf - inf; it is left as it is.
    let finite = greatest.constant_like(f64::NEG_INFINITY).less(&greatest);
    let shift = select(&finite, &greatest, &greatest.constant_like(0.0))?;
    Ok(&x - &shift)
}

/// exp(x) / Σ exp(x) along an axis.
pub fn softmax(x: &Tensor, axis: i64) -> Result<Tensor> {
    normalize_axis("softmax", axis, x.ndim())?;
    let exps = shifted(x, axis)?.exp();
    let sums = exps.sum_keep(&[axis]);
    // One division for a whole row, and none for the elements of its gradient.
    Ok(exps * &Tensor::apply(Elementwise::Reciprocal, &[&sums])?)
}

/// ln softmax(x) along an axis.
pub fn log_softmax(x: &Tensor, axis: i64) -> Result<Tensor> {
    normalize_axis("log_softmax", axis, x.ndim())?;
    let shifted = shifted(x, axis)?;
    Ok(&shifted - &shifted.exp().sum_keep(&[axis]).log())
}

/// ln Σ exp(x) over axes, without overflow.
pub fn logsumexp(x: &Tensor, axes: Option<&[i64]>, keepdims: bool) -> Result<Tensor> {
    let x = float(x)?;
    let all: Vec<i64> = (0..x.ndim() as i64).collect();
    let axes = axes.unwrap_or(&all);
    let greatest = x.detach().reduce(Fold::Max, Some(axes), true)?;
    let finite = greatest.abs().less(&greatest.constant_like(f64::INFINITY));
    let shift = select(&finite, &greatest, &greatest.constant_like(0.0))?;
    let logs = (&x - &shift).exp().sum_keep(axes).log() + &shift;
    logs.reduce(Fold::Sum, Some(axes), keepdims)
}

/// Options of [`cross_entropy`].
pub struct CrossEntropy<'a> {
    /// Weight of each class, (C).
    pub weight: Option<&'a Tensor>,
    /// Targets of this class count for nothing.
    pub ignore_index: i64,
    pub reduction: Reduction,
    pub label_smoothing: f64,
}

/// Cross entropy of logits x (N, C, …) against integer classes (N, …) or probabilities of x's shape.
/// With class weights, the mean is over the weights of the targets.
pub fn cross_entropy(x: &Tensor, target: &Tensor, options: &CrossEntropy) -> Result<Tensor> {
    let axis: i64 = if x.ndim() == 1 { 0 } else { 1 };
    if x.ndim() == 0 {
        return Err(Error::shape("cross_entropy", "logits (N, C, …) or (C,)", show_shape(x.shape())));
    }
    let classes = x.shape()[axis as usize];
    let logs = log_softmax(x, axis)?;
    let mut along = vec![1i64; x.ndim()];
    along[axis as usize] = classes as i64;
    if let Some(weight) = options.weight
        && weight.shape() != [classes]
    {
        let needs = format!("a weight of shape ({classes},)");
        return Err(Error::shape("cross_entropy", needs, show_shape(weight.shape())));
    }
    let weight = options.weight.map(|weight| weight.reshape(&along)).transpose()?;
    let weighted = |t: Tensor| match &weight {
        Some(weight) => Tensor::apply(Elementwise::Mul, &[&t, weight]),
        None => Ok(t),
    };
    let sum = |t: &Tensor| t.reduce(Fold::Sum, Some(&[axis]), false);
    let smoothing = options.label_smoothing;
    if target.dtype().is_float() {
        if target.shape() != x.shape() {
            let got = format!("{} for logits {}", show_shape(target.shape()), show_shape(x.shape()));
            return Err(Error::shape("cross_entropy", "class probabilities of the logits' shape", got));
        }
        let soft = match smoothing {
            0.0 => target.clone(),
            _ => target * (1.0 - smoothing) + &target.constant_like(smoothing / classes as f64),
        };
        let losses = -&sum(&weighted(&soft * &logs)?)?;
        return match options.reduction {
            Reduction::Mean => Ok(losses.reduce(Fold::Sum, None, false)? * (classes as f64 / x.numel() as f64)),
            other => other.apply(losses),
        };
    }
    let mut expected: Vec<usize> = x.shape().to_vec();
    expected.remove(axis as usize);
    if target.shape() != &expected[..] {
        let needs = format!("targets of shape {} for logits {}", show_shape(&expected), show_shape(x.shape()));
        return Err(Error::shape("cross_entropy", needs, show_shape(target.shape())));
    }
    let position = Tensor::iota(classes, x.device()).reshape(&along)?;
    let needs = format!("targets from 0 to {} (or ignore_index = {})", classes as i64 - 1, options.ignore_index);
    let target = target.checked(Check {
        low: 0,
        high: classes as i64 - 1,
        except: Some(options.ignore_index),
        kind: ErrorKind::Index,
        op: "cross_entropy".into(),
        needs,
    })?;
    let wanted = target.cast(DType::I32)?.unsqueeze(axis)?;
    let ignored = Tensor::constant(Scalar::int(options.ignore_index, DType::I32), x.device());
    let zero = logs.constant_like(0.0);
    let hit = Tensor::apply(Elementwise::Equal, &[&wanted, &position])?;
    let counted = Tensor::apply(Elementwise::NotEqual, &[&wanted, &ignored])?;
    let hit = if (0..classes as i64).contains(&options.ignore_index) {
        Tensor::apply(Elementwise::And, &[&hit, &counted])?
    } else {
        hit
    };
    let mut losses = -&sum(&select(&hit, &weighted(logs.clone())?, &zero)?)?;
    if smoothing != 0.0 {
        let spread = -&sum(&select(&counted, &weighted(logs.clone())?, &zero)?)?;
        losses = losses * (1.0 - smoothing) + &(spread * (smoothing / classes as f64));
    }
    if options.reduction != Reduction::Mean {
        return options.reduction.apply(losses);
    }
    let total = losses.reduce(Fold::Sum, None, false)?;
    let weights = match &weight {
        Some(weight) => select(&hit, weight, &zero)?.reduce(Fold::Sum, None, false)?,
        None => counted.reduce(Fold::Sum, None, false)?.cast(logs.dtype())?,
    };
    Ok(&total / &weights)
}

/// Squared difference.
pub fn mse_loss(x: &Tensor, y: &Tensor, reduction: Reduction) -> Result<Tensor> {
    let difference = Tensor::apply(Elementwise::Sub, &[&float(x)?, &float(y)?])?;
    reduction.apply(&difference * &difference)
}

/// Zeroes each element with probability p and scales the others by 1 / (1 - p).
pub fn dropout(x: &Tensor, p: f64, generator: &mut Generator) -> Result<Tensor> {
    if !(0.0..=1.0).contains(&p) {
        return Err(Error::value("dropout", "a probability from 0 to 1", p.to_string()));
    }
    let zero = x.constant_like(0.0);
    if p == 1.0 {
        return Ok(x * &zero);
    }
    let drawn = generator.uniform(x.shape(), 0.0, 1.0, DType::F32, x.device())?;
    let threshold = Tensor::scalar(Scalar::float(p, DType::F32), x.device());
    let keep = Tensor::apply(Elementwise::LessEqual, &[&threshold, &drawn])?;
    let scale = Tensor::scalar(Scalar::float(1.0 / (1.0 - p), x.dtype()), x.device());
    select(&keep, &(x * &scale), &zero)
}
