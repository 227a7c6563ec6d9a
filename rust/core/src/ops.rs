//! Primitives as methods: the shape and dtype rules of each are checked here, once, for every caller.

use std::ops;
use std::sync::Arc;

use smallvec::{SmallVec, smallvec};

use crate::capture;
use crate::dtype::{DType, Kind, Scalar};
use crate::elementwise::Elementwise;
use crate::error::{Error, ErrorKind, Result, show_shape};
use crate::kernel::{Check, Fold};
use crate::shape::{Axes, Shape, broadcast, normalize_axis, numel};
use crate::tensor::{Inputs, Op, Tensor, with_grad_enabled};
use crate::view::Affine;

impl Tensor {
    /// An elementwise op on operands that need nothing done to them: one device, one dtype, one shape (0-d numbers apart).
    pub(crate) fn elementwise(op: Elementwise, operands: &[Tensor]) -> Result<Tensor> {
        let row = op.row();
        if operands.len() != row.arity {
            return Err(Error::value(row.name, format!("{} operands", row.arity), operands.len().to_string()));
        }
        let last = operands.last().expect("every op has an operand");
        if !row.accepts(last.dtype()) {
            return Err(Error::dtype(row.name, format!("{} operands", row.accepted_kinds()), last.dtype().name())
                .hint("convert with .astype(...)"));
        }
        let dtype = if row.bool_result { DType::Bool } else { last.dtype() };
        let full = operands.iter().find(|x| !x.is_number()).unwrap_or(last);
        debug_assert!(operands.iter().all(|x| x.is_number() || x.shape() == full.shape()), "{op:?} {operands:?}");
        let mut result_op = Op::Elementwise(op);
        if !row.differentiable {
            // Its node never asks for a gradient, whatever its operands do.
            let build = || Tensor::new(result_op, operands.into(), full.shape().into(), dtype, full.device());
            return Ok(with_grad_enabled(false, build));
        }
        if let (Op::Elementwise(Elementwise::Neg), Op::Constant(value)) = (&result_op, &last.node().op) {
            let negated = match dtype.is_float() {
                true => Scalar::float(-value.as_f64(), dtype),
                false => Scalar::int(value.as_i64().wrapping_neg(), dtype),
            };
            result_op = Op::Constant(negated);
            return Ok(Tensor::new(result_op, smallvec![], smallvec![], dtype, full.device()));
        }
        Ok(Tensor::new(result_op, operands.into(), full.shape().into(), dtype, full.device()))
    }

    /// A 0-d scalar or constant, which elementwise ops broadcast by themselves.
    pub(crate) fn is_number(&self) -> bool {
        matches!(self.node().op, Op::Scalar(_) | Op::Constant(_))
    }

    /// An elementwise op by the array API's rules: operands are promoted to one dtype and broadcast to one shape;
    /// functions of floats take integers as float32.
    pub fn apply(op: Elementwise, operands: &[&Tensor]) -> Result<Tensor> {
        let row = op.row();
        let device = Tensor::same_device(row.name, operands)?;
        let values = if op == Elementwise::Where { &operands[1..] } else { operands };
        let mut dtype = values.iter().skip(1).fold(values[0].dtype(), |dtype, x| dtype.promote(x.dtype()));
        if dtype.is_int() && !row.accepts_int || dtype == DType::Bool && !row.accepts_bool && !row.accepts_int {
            dtype = DType::F32;
        }
        device.check_dtype(row.name, dtype)?;
        let mut shape: Shape = smallvec![];
        for x in operands {
            shape = if x.shape() == &shape[..] { shape } else { broadcast(row.name, &shape, x.shape())? };
        }
        let mut prepared: SmallVec<[Tensor; 3]> = SmallVec::new();
        for (position, x) in operands.iter().enumerate() {
            let wanted = if op == Elementwise::Where && position == 0 { DType::Bool } else { dtype };
            if op == Elementwise::Where && position == 0 && x.dtype() != DType::Bool {
                return Err(
                    Error::dtype("where", "a bool condition", x.dtype().name()).hint("compare first, as in x > 0")
                );
            }
            let x = if x.dtype() == wanted { (*x).clone() } else { x.cast(wanted)? };
            prepared.push(if x.is_number() || x.shape() == &shape[..] { x } else { x.expand(&shape)? });
        }
        Tensor::elementwise(op, &prepared)
    }

    /// Converted to another dtype; floats are cut towards zero to become integers.
    pub fn cast(&self, dtype: DType) -> Result<Tensor> {
        if dtype == self.dtype() {
            return Ok(self.clone());
        }
        self.device().check_dtype("astype", dtype)?;
        let op = match &self.node().op {
            Op::Scalar(value) => Op::Scalar(value.cast(dtype)),
            Op::Constant(value) => Op::Constant(value.cast(dtype)),
            _ => Op::Cast,
        };
        let inputs: Inputs = if op == Op::Cast { smallvec![self.clone()] } else { smallvec![] };
        let result = Tensor::new(op, inputs, self.shape().into(), dtype, self.device());
        capture::derived(self, &result);
        Ok(result)
    }

    fn view(&self, op: Op, shape: Shape) -> Tensor {
        Tensor::new(op, smallvec![self.clone()], shape, self.dtype(), self.device())
    }

    /// The same elements in another shape; one size may be -1 and is then inferred.
    pub fn reshape(&self, shape: &[i64]) -> Result<Tensor> {
        let known: i64 = shape.iter().filter(|&&n| n != -1).product();
        let unknown = shape.iter().filter(|&&n| n == -1).count();
        let total = self.numel() as i64;
        let fits = match unknown {
            0 => known == total,
            1 => known != 0 && total % known == 0,
            _ => false,
        };
        if !fits || shape.iter().any(|&n| n < -1) {
            let show = shape.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
            let needs = format!("a shape of {total} elements (one size may be -1)");
            return Err(Error::shape("reshape", needs, format!("({show}) for {}", show_shape(self.shape()))));
        }
        let size = |&n: &i64| if n == -1 { (total / known) as usize } else { n as usize };
        Ok(self.reshape_to(shape.iter().map(size).collect()))
    }

    pub(crate) fn reshape_to(&self, shape: Shape) -> Tensor {
        debug_assert_eq!(numel(&shape), self.numel());
        if shape[..] == *self.shape() { self.clone() } else { self.view(Op::Reshape, shape) }
    }

    /// The axes in another order.
    pub fn permute(&self, axes: &[i64]) -> Result<Tensor> {
        let rank = self.ndim();
        let order = axes.iter().map(|&axis| normalize_axis("permute", axis, rank)).collect::<Result<Axes>>()?;
        let mut seen = order.clone();
        seen.sort_unstable();
        if seen.len() != rank || seen.iter().enumerate().any(|(i, &axis)| i != axis) {
            let needs = format!("each of the {rank} axes once");
            return Err(Error::shape("permute", needs, format!("{axes:?}")));
        }
        Ok(self.permute_to(order))
    }

    pub(crate) fn permute_to(&self, order: Axes) -> Tensor {
        let shape = order.iter().map(|&axis| self.shape()[axis]).collect();
        self.view(Op::Permute(order), shape)
    }

    /// The same value, for which evaluation keeps memory until all that reads it has run.
    pub(crate) fn kept(&self) -> Tensor {
        self.barrier(&[])
    }

    /// The same value under another name: nothing computed from it is taken for what was computed from this tensor, and
    /// it is computed only when `after` has been.
    pub(crate) fn barrier(&self, after: &[Tensor]) -> Tensor {
        let inputs = std::iter::once(self).chain(after).cloned().collect();
        Tensor::new(Op::Barrier, inputs, self.shape().into(), self.dtype(), self.device())
    }

    /// Two axes exchanged.
    pub fn transpose(&self, a: i64, b: i64) -> Result<Tensor> {
        let (a, b) = (normalize_axis("transpose", a, self.ndim())?, normalize_axis("transpose", b, self.ndim())?);
        let mut order: Axes = (0..self.ndim()).collect();
        order.swap(a, b);
        Ok(self.permute_to(order))
    }

    /// Broadcast to a shape.
    pub fn expand(&self, shape: &[usize]) -> Result<Tensor> {
        if shape == self.shape() {
            return Ok(self.clone());
        }
        if broadcast("expand", self.shape(), shape)?[..] != *shape || shape.len() < self.ndim() {
            let got = format!("{} for {}", show_shape(shape), show_shape(self.shape()));
            return Err(Error::shape("expand", "a shape that the tensor broadcasts to", got));
        }
        Ok(self.view(Op::Expand, shape.into()))
    }

    /// A new axis of size one at `axis`.
    pub fn unsqueeze(&self, axis: i64) -> Result<Tensor> {
        let axis = normalize_axis("unsqueeze", axis, self.ndim() + 1)?;
        let mut shape: Shape = self.shape().into();
        shape.insert(axis, 1);
        Ok(self.reshape_to(shape))
    }

    /// An axis re-indexed; elements without a source read as `fill`.
    pub(crate) fn affine(&self, affine: Affine, fill: Scalar) -> Tensor {
        let mut shape: Shape = self.shape().into();
        shape[affine.axis] = affine.size;
        self.view(Op::Affine { affine, fill }, shape)
    }

    fn zero(&self) -> Scalar {
        Scalar::int(0, self.dtype())
    }

    /// `size` elements of an axis from `start` in steps of `step` (not zero); the caller keeps them within the axis.
    pub fn slice(&self, axis: usize, start: usize, step: i64, size: usize) -> Result<Tensor> {
        let end = start as i64 + step * (size as i64 - 1);
        if step == 0 || (size > 0 && (start >= self.shape()[axis] || !(0..self.shape()[axis] as i64).contains(&end))) {
            let needs = format!("elements within an axis of size {}", self.shape()[axis]);
            return Err(Error::new(ErrorKind::Index, "slice", needs, format!("{size} from {start} by {step}")));
        }
        if start == 0 && step == 1 && size == self.shape()[axis] {
            return Ok(self.clone());
        }
        let affine = Affine { axis, size, scale: step, offset: start as i64, divisor: 1, with: None };
        Ok(self.affine(affine, self.zero()))
    }

    /// Each axis extended by `before` and `after` elements of value `fill`; negative counts cut elements off.
    pub fn pad(&self, padding: &[(i64, i64)], fill: Scalar) -> Result<Tensor> {
        if padding.len() != self.ndim() {
            let got = format!("{} pairs for {}", padding.len(), show_shape(self.shape()));
            return Err(Error::shape("pad", "one (before, after) pair for each axis", got));
        }
        let mut result = self.clone();
        for (axis, &(before, after)) in padding.iter().enumerate() {
            let size = self.shape()[axis] as i64 + before + after;
            if size < 0 {
                let got = format!("({before}, {after}) for size {}", self.shape()[axis]);
                return Err(Error::shape("pad", "padding that leaves no negative size", got));
            }
            if (before, after) != (0, 0) {
                let affine = Affine { axis, size: size as usize, scale: 1, offset: -before, divisor: 1, with: None };
                result = result.affine(affine, fill);
            }
        }
        Ok(result)
    }

    /// The axis in reverse order.
    pub fn flip(&self, axis: usize) -> Tensor {
        let size = self.shape()[axis];
        let affine = Affine { axis, size, scale: -1, offset: size as i64 - 1, divisor: 1, with: None };
        self.affine(affine, self.zero())
    }

    /// Windows of `size` elements, `dilation` apart, beginning every `stride` elements of `axis`: the axis becomes two,
    /// (windows, size). Shape (…, n, …) gives (…, (n - dilation·(size - 1) - 1) / stride + 1, size, …).
    pub fn window(&self, axis: usize, size: usize, stride: usize, dilation: usize) -> Result<Tensor> {
        let n = self.shape()[axis];
        let span = dilation * (size.max(1) - 1) + 1;
        if size == 0 || stride == 0 || dilation == 0 || span > n {
            let needs = format!("a window that fits into axis {axis} of size {n}");
            let got = format!("size {size}, stride {stride}, dilation {dilation}");
            return Err(Error::shape("window", needs, got));
        }
        let count = (n - span) / stride + 1;
        if (stride, dilation) == (size, 1) {
            // Windows side by side: each element is in one of them at most.
            let mut shape: Shape = self.shape().into();
            shape[axis] = count;
            shape.insert(axis + 1, size);
            return Ok(self.slice(axis, 0, 1, count * size)?.reshape_to(shape));
        }
        let mut shape: Shape = self.shape().into();
        shape.insert(axis + 1, size);
        let spread = self.unsqueeze(axis as i64 + 1)?.expand(&shape)?;
        let with = Some((axis + 1, dilation as i64));
        let affine = Affine { axis, size: count, scale: stride as i64, offset: 0, divisor: 1, with };
        Ok(spread.affine(affine, self.zero()))
    }

    /// Axes folded into one value each. `axes` None means all; `keepdims` leaves axes of size one behind.
    /// Max and Min of an empty axis are an error, as they have no value.
    pub fn reduce(&self, fold: Fold, axes: Option<&[i64]>, keepdims: bool) -> Result<Tensor> {
        self.reduce_with(fold, axes, keepdims, false)
    }

    /// As `reduce`; the gradient of Max and Min goes to the first best element instead of being shared among ties.
    pub(crate) fn reduce_with(&self, fold: Fold, axes: Option<&[i64]>, keepdims: bool, first: bool) -> Result<Tensor> {
        let mut list = match axes {
            None => (0..self.ndim()).collect(),
            Some(axes) => {
                axes.iter().map(|&axis| normalize_axis(fold.name(), axis, self.ndim())).collect::<Result<Axes>>()?
            }
        };
        list.sort_unstable();
        if list.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Error::value(fold.name(), "each axis once", format!("{:?}", axes.unwrap_or(&[]))));
        }
        let sums = matches!(fold, Fold::Sum | Fold::Product);
        let empty = list.iter().any(|&axis| self.shape()[axis] == 0);
        if empty && !sums {
            let got = format!("shape {}", show_shape(self.shape()));
            return Err(Error::shape(fold.name(), "at least one element to choose from", got));
        }
        let source = if sums { self.cast(self.dtype().sum())? } else { self.clone() };
        let kept = |axis: &usize| !list.contains(axis);
        let shape: Shape = (0..self.ndim()).filter(kept).map(|axis| self.shape()[axis]).collect();
        let full: Shape = (0..self.ndim()).map(|axis| if kept(&axis) { self.shape()[axis] } else { 1 }).collect();
        let dtype = fold.result(source.dtype());
        let trivial = list.iter().all(|&axis| self.shape()[axis] == 1) && !matches!(fold, Fold::ArgMax | Fold::ArgMin);
        let result = if trivial {
            source.reshape_to(shape)
        } else {
            let device = source.device().clone();
            Tensor::new(Op::Reduce { fold, axes: list, first }, smallvec![source], shape, dtype, &device)
        };
        Ok(if keepdims { result.reshape_to(full) } else { result })
    }

    /// Matrix product by the array API's rule: 1-D operands are vectors, leading axes broadcast.
    pub fn matmul(&self, other: &Tensor) -> Result<Tensor> {
        let fail = || {
            let got = format!("{} and {}", show_shape(self.shape()), show_shape(other.shape()));
            let error = Error::shape("matmul", "x.shape[-1] == y.shape[-2]", got);
            let (a, b) = (self.shape(), other.shape());
            match (a, b) {
                ([], _) | (_, []) => error.hint("multiply numbers with *"),
                ([.., k], [.., n, _]) if n != k && b[b.len() - 1] == *k => error.hint("transpose y?"),
                ([.., m, _], [.., n, _]) if m == n => error.hint("transpose x?"),
                _ => error,
            }
        };
        Tensor::same_device("matmul", &[self, other])?;
        let dtype = self.dtype().promote(other.dtype());
        let (a, b) = (self.cast(dtype)?, other.cast(dtype)?);
        let (rank_a, rank_b) = (a.ndim(), b.ndim());
        if rank_a == 0 || rank_b == 0 {
            return Err(fail());
        }
        if dtype == DType::Bool {
            return Err(Error::dtype("matmul", "numbers", "bool").hint("convert with .astype(...)"));
        }
        let a = if rank_a == 1 { a.unsqueeze(0)? } else { a };
        let b = if rank_b == 1 { b.unsqueeze(1)? } else { b };
        let (m, k) = (a.shape()[a.ndim() - 2], a.shape()[a.ndim() - 1]);
        let (n, batch_a) = (b.shape()[b.ndim() - 1], &a.shape()[..a.ndim() - 2]);
        if b.shape()[b.ndim() - 2] != k {
            return Err(fail());
        }
        let product = if b.ndim() == 2 {
            // All leading axes of x are rows of one product.
            let rows = numel(batch_a) * m;
            let flat = a.reshape_to(smallvec![rows, k]).dot(&b);
            let mut shape: Shape = batch_a.into();
            shape.extend([m, n]);
            flat.reshape_to(shape)
        } else {
            let batch = broadcast("matmul", batch_a, &b.shape()[..b.ndim() - 2])?;
            let with = |tail: [usize; 2]| batch.iter().copied().chain(tail).collect::<Shape>();
            a.expand(&with([m, k]))?.dot(&b.expand(&with([k, n]))?)
        };
        let mut shape: Shape = product.shape().into();
        if rank_b == 1 {
            shape.pop();
        }
        if rank_a == 1 {
            shape.remove(product.ndim() - 2);
        }
        Ok(product.reshape_to(shape))
    }

    /// For each element of `positions` (an integer tensor of this tensor's rank), the element of `axis` at that position;
    /// other axes broadcast. Negative positions count from the end; outside the axis, the result is zero.
    pub fn take_along_axis(&self, positions: &Tensor, axis: i64) -> Result<Tensor> {
        let op = "take_along_axis";
        Tensor::same_device(op, &[self, positions])?;
        let axis = normalize_axis(op, axis, self.ndim())?;
        if !positions.dtype().is_int() {
            return Err(Error::dtype(op, "integer positions", positions.dtype().name()));
        }
        if positions.ndim() != self.ndim() {
            let got = format!("{} for {}", show_shape(positions.shape()), show_shape(self.shape()));
            return Err(Error::shape(op, format!("positions of {} axes", self.ndim()), got));
        }
        let without = |shape: &[usize]| shape.iter().enumerate().map(|(i, &n)| if i == axis { 1 } else { n }).collect();
        let (own, asked): (Shape, Shape) = (without(self.shape()), without(positions.shape()));
        let mut shape = broadcast(op, &own, &asked)?;
        let mut source = shape.clone();
        (shape[axis], source[axis]) = (positions.shape()[axis], self.shape()[axis]);
        let positions = positions.wrapped(self.shape()[axis])?.expand(&shape)?;
        Ok(self.expand(&source)?.gather(&positions, axis))
    }

    /// Sums of elements along `axis`, which gets `size` elements: each element of this tensor is counted at its position in
    /// `positions`, an integer tensor of the same shape. Positions outside count for nothing.
    pub fn scatter_add(&self, positions: &Tensor, axis: i64, size: usize) -> Result<Tensor> {
        let op = "scatter_add";
        Tensor::same_device(op, &[self, positions])?;
        let axis = normalize_axis(op, axis, self.ndim())?;
        if !positions.dtype().is_int() || positions.shape() != self.shape() {
            let got = format!("{} {}", positions.dtype(), show_shape(positions.shape()));
            return Err(Error::shape(op, format!("integer positions of shape {}", show_shape(self.shape())), got));
        }
        Ok(self.scatter(&positions.wrapped(size)?, axis, size))
    }

    /// These integers, demanding that each be as `check` says: evaluating anything that depends on one which is not fails.
    pub fn checked(&self, check: Check) -> Result<Tensor> {
        if !self.dtype().is_int() {
            return Err(Error::dtype(&check.op, "integers", self.dtype().name()).hint("use .astype(int32)"));
        }
        if check.low > check.high && self.numel() > 0 {
            let got = format!("shape {}", show_shape(self.shape()));
            return Err(Error::new(check.kind, &check.op, check.needs, got).hint("there are no such integers"));
        }
        let (shape, dtype) = (self.shape().into(), self.dtype());
        Ok(Tensor::new(Op::Check(Arc::new(check)), smallvec![self.clone()], shape, dtype, self.device()))
    }

    /// These positions, demanding that each lie on an axis of `size` elements; `op` is who asks for it. Reading and
    /// scattering at positions that are not checked ignore those outside.
    pub fn checked_positions(&self, op: &str, axis: usize, size: usize) -> Result<Tensor> {
        if size == 0 && self.numel() > 0 {
            let needs = format!("no positions on axis {axis}, which has no elements");
            return Err(Error::new(ErrorKind::Index, op, needs, format!("shape {}", show_shape(self.shape()))));
        }
        self.checked(Check::position(op, axis, size))
    }

    /// Positions as int32, those that count from the end counted from the start.
    fn wrapped(&self, size: usize) -> Result<Tensor> {
        let positions = self.cast(DType::I32)?;
        if self.dtype().kind() == Kind::Unsigned || matches!(self.node().op, Op::Sort { .. } | Op::Iota) {
            return Ok(positions);
        }
        let negative = positions.less(&positions.constant_like(0.0));
        let wrapped = &positions + &positions.constant_like(size as f64);
        Tensor::apply(Elementwise::Where, &[&negative, &wrapped, &positions])
    }

    pub(crate) fn gather(&self, positions: &Tensor, axis: usize) -> Tensor {
        let inputs = smallvec![self.clone(), positions.clone()];
        Tensor::new(Op::Gather { axis }, inputs, positions.shape().into(), self.dtype(), self.device())
    }

    pub(crate) fn scatter(&self, positions: &Tensor, axis: usize, size: usize) -> Tensor {
        let mut shape: Shape = self.shape().into();
        shape[axis] = size;
        let inputs = smallvec![self.clone(), positions.clone()];
        Tensor::new(Op::Scatter { axis }, inputs, shape, self.dtype(), self.device())
    }

    pub(crate) fn scan(&self, fold: Fold) -> Tensor {
        Tensor::new(Op::Scan { fold }, smallvec![self.clone()], self.shape().into(), self.dtype(), self.device())
    }

    /// The fold (sum, product, max or min) of the elements up to each one along `axis`.
    pub fn cumulate(&self, fold: Fold, axis: i64) -> Result<Tensor> {
        let axis = normalize_axis("scan", axis, self.ndim())?;
        let sums = matches!(fold, Fold::Sum | Fold::Product);
        let source = if sums { self.cast(self.dtype().sum())? } else { self.clone() };
        source.along_last(axis, |x| x.scan(fold))
    }

    /// The int32 positions that sort `axis`, stably; NaN counts as greatest.
    pub fn argsort(&self, axis: i64, descending: bool) -> Result<Tensor> {
        let axis = normalize_axis("argsort", axis, self.ndim())?;
        let sort = |x: &Tensor| {
            let shape = x.shape().into();
            Tensor::new(Op::Sort { descending }, smallvec![x.clone()], shape, DType::I32, x.device())
        };
        self.along_last(axis, sort)
    }

    fn along_last(&self, axis: usize, apply: impl FnOnce(&Tensor) -> Tensor) -> Result<Tensor> {
        let (axis, last) = (axis as i64, self.ndim() as i64 - 1);
        apply(&self.transpose(axis, last)?).transpose(axis, last)
    }

    /// (batch…, m, k) · (batch…, k, n), of equal batch axes and dtype.
    pub(crate) fn dot(&self, other: &Tensor) -> Tensor {
        let mut shape: Shape = self.shape().into();
        *shape.last_mut().expect("a matrix") = other.shape()[other.ndim() - 1];
        let inputs = smallvec![self.clone(), other.clone()];
        Tensor::new(Op::Dot, inputs, shape, self.dtype(), self.device())
    }
}

fn must(result: Result<Tensor>) -> Tensor {
    result.unwrap_or_else(|error| panic!("{error}"))
}

/// A method for each op that rules and compositions use; they panic on operands that do not fit, as operators do.
macro_rules! methods {
    ($($name:ident $op:ident ($($arg:ident),*);)*) => {
        impl Tensor {$(
            pub fn $name(&self $(, $arg: &Tensor)*) -> Tensor {
                must(Tensor::apply(Elementwise::$op, &[self $(, $arg)*]))
            }
        )*}
    };
}

methods! {
    abs Abs();
    sign Sign();
    exp Exp();
    log Log();
    sqrt Sqrt();
    sin Sin();
    cos Cos();
    sinh Sinh();
    cosh Cosh();
    tanh Tanh();
    erf Erf();
    digamma Digamma();
    bessel_i0 BesselI0();
    bessel_i1 BesselI1();
    round Round();
    trunc Trunc();
    relu Relu();
    not Not();
    less Less(other);
    equal Equal(other);
    power Pow(other);
    floor_divide FloorDiv(other);
    maximum Maximum(other);
    minimum Minimum(other);
    copysign CopySign(other);
}

impl Tensor {
    /// ln x where x > 0, else 0: what d(x^y)/dy needs.
    pub(crate) fn safe_log(&self) -> Tensor {
        let positive = self.constant_like(0.0).less(self);
        let one = self.constant_like(1.0);
        must(Tensor::apply(Elementwise::Where, &[&positive, self, &one])).log()
    }

    /// The sum over `axes`, keeping them as axes of size one.
    pub fn sum_keep(&self, axes: &[i64]) -> Tensor {
        must(self.reduce(Fold::Sum, Some(axes), true))
    }

    /// A number of this tensor's dtype beside it, of the kind that Python numbers have.
    pub fn number_like(&self, value: f64, kind: Kind) -> Tensor {
        let dtype = self.dtype().with_scalar(kind);
        Tensor::scalar(Scalar::float(value, dtype), self.device())
    }
}

macro_rules! operators {
    ($($trait:ident $method:ident $op:ident;)*) => {$(
        impl ops::$trait<&Tensor> for &Tensor {
            type Output = Tensor;
            fn $method(self, other: &Tensor) -> Tensor {
                must(Tensor::apply(Elementwise::$op, &[self, other]))
            }
        }
        impl ops::$trait<&Tensor> for Tensor {
            type Output = Tensor;
            fn $method(self, other: &Tensor) -> Tensor {
                ops::$trait::$method(&self, other)
            }
        }
        impl ops::$trait<Tensor> for Tensor {
            type Output = Tensor;
            fn $method(self, other: Tensor) -> Tensor {
                ops::$trait::$method(&self, &other)
            }
        }
        impl ops::$trait<f64> for &Tensor {
            type Output = Tensor;
            fn $method(self, other: f64) -> Tensor {
                ops::$trait::$method(self, &self.constant_like(other))
            }
        }
        impl ops::$trait<f64> for Tensor {
            type Output = Tensor;
            fn $method(self, other: f64) -> Tensor {
                ops::$trait::$method(&self, other)
            }
        }
        impl ops::$trait<&Tensor> for f64 {
            type Output = Tensor;
            fn $method(self, other: &Tensor) -> Tensor {
                ops::$trait::$method(&other.constant_like(self), other)
            }
        }
    )*};
}

operators! {
    Add add Add;
    Sub sub Sub;
    Mul mul Mul;
    Div div Div;
}

impl ops::Neg for &Tensor {
    type Output = Tensor;
    fn neg(self) -> Tensor {
        must(Tensor::apply(Elementwise::Neg, &[self]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::Device;

    fn zeros(shape: &[usize]) -> Tensor {
        Tensor::full(shape, Scalar::float(0.0, DType::F32), &Device::null()).unwrap()
    }

    #[test]
    fn wrong_calls_say_what_is_needed() {
        let device = Device::null();
        let on = |shape: &[usize]| Tensor::full(shape, Scalar::float(0.0, DType::F32), &device).unwrap();
        let cases: [(Result<Tensor>, &str); 5] = [
            (
                on(&[2, 3]).matmul(&on(&[5, 3])),
                "matmul needs x.shape[-1] == y.shape[-2], got (2, 3) and (5, 3): transpose y?",
            ),
            (
                zeros(&[2, 3]).reshape(&[4, -1]),
                "reshape needs a shape of 6 elements (one size may be -1), got (4, -1) for (2, 3)",
            ),
            (zeros(&[2]).reduce(Fold::Sum, Some(&[1]), false), "sum needs an axis from -1 to 0, got 1"),
            (
                zeros(&[0]).reduce(Fold::Max, None, false),
                "max needs at least one element to choose from, got shape (0,)",
            ),
            (zeros(&[2, 2]).permute(&[0, 0]), "permute needs each of the 2 axes once, got [0, 0]"),
        ];
        for (result, text) in cases {
            assert_eq!(result.unwrap_err().to_string(), text);
        }
    }
}
