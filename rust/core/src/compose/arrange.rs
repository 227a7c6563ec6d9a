//! Tensors put beside each other, and windows laid over each other.

use crate::dtype::{DType, Scalar};
use crate::elementwise::Elementwise;
use crate::error::{Error, Result, show_shape};
use crate::kernel::Fold;
use crate::shape::normalize_axis;
use crate::tensor::Tensor;
use crate::view::Affine;

/// Tensors one after another along an axis; other axes are of equal sizes, dtypes are promoted.
pub fn concat(tensors: &[Tensor], axis: i64) -> Result<Tensor> {
    let Some(first) = tensors.first() else {
        return Err(Error::value("concat", "at least one tensor", "none"));
    };
    let axis = normalize_axis("concat", axis, first.ndim())?;
    let mut total = 0;
    let mut dtype: DType = first.dtype();
    for tensor in tensors {
        let fits = tensor.ndim() == first.ndim()
            && (0..first.ndim()).all(|i| i == axis || tensor.shape()[i] == first.shape()[i]);
        if !fits {
            let needs = format!("shapes that differ along axis {axis} alone");
            return Err(Error::shape(
                "concat",
                needs,
                format!("{} and {}", show_shape(first.shape()), show_shape(tensor.shape())),
            ));
        }
        dtype = dtype.promote(tensor.dtype());
        total += tensor.shape()[axis];
    }
    Tensor::same_device("concat", &tensors.iter().collect::<Vec<_>>())?;
    // Minus zero is what adds to any float without changing it, zeros of either sign included.
    let fill = Scalar::float(-0.0, dtype);
    let mut before = 0;
    let mut result: Option<Tensor> = None;
    for tensor in tensors {
        let size = tensor.shape()[axis];
        let mut padding = vec![(0, 0); first.ndim()];
        padding[axis] = (before as i64, (total - before - size) as i64);
        let padded = tensor.cast(dtype)?.pad(&padding, fill)?;
        result = Some(match result {
            Some(sum) if size > 0 => Tensor::apply(Elementwise::Add, &[&sum, &padded])?,
            Some(sum) => sum,
            None => padded,
        });
        before += size;
    }
    Ok(result.expect("at least one tensor"))
}

/// The sum of overlapping windows: undoes [`Tensor::window`] where windows do not overlap.
/// (…, windows, size, …), the windows at `axis`, gives (…, n, …).
pub fn overlap(x: &Tensor, axis: i64, n: usize, stride: usize, dilation: usize) -> Result<Tensor> {
    let axis = normalize_axis("overlap", axis, x.ndim())?;
    let window = |size: &usize| dilation * (size.max(&1) - 1) + 1;
    let span = x.shape().get(axis + 1).map(window);
    if stride == 0 || span.is_none_or(|span| span > n || x.shape()[axis] != (n - span) / stride + 1) {
        let needs = format!("the windows of an axis of size {n} by stride {stride} and dilation {dilation}");
        return Err(Error::shape("fold", needs, show_shape(x.shape())));
    }
    let with = Some((axis + 1, dilation as i64));
    let affine = Affine { axis, size: x.shape()[axis], scale: stride as i64, offset: 0, divisor: 1, with };
    let mut source = x.shape().to_vec();
    source[axis] = n;
    x.affine(affine.adjoint(&source), Scalar::int(0, x.dtype())).reduce(Fold::Sum, Some(&[axis as i64 + 1]), false)
}
