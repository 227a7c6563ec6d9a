//! Shapes: small vectors of sizes, and the arithmetic on them.

use smallvec::SmallVec;

use crate::error::{Error, Result, show_shape};

/// Sizes of the axes, outermost first.
pub type Shape = SmallVec<[usize; 6]>;
/// Signed steps or coefficients, one for each axis.
pub type Coefs = SmallVec<[i64; 6]>;
/// Axis numbers.
pub type Axes = SmallVec<[usize; 6]>;

pub fn numel(shape: &[usize]) -> usize {
    shape.iter().product()
}

/// Row-major strides, in elements.
pub fn contiguous_strides(shape: &[usize]) -> Coefs {
    let mut strides: Coefs = SmallVec::from_elem(1, shape.len());
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis].max(1) as i64;
    }
    strides
}

/// The shape that two shapes broadcast to, by the array API's rule.
pub fn broadcast(op: &str, a: &[usize], b: &[usize]) -> Result<Shape> {
    let rank = a.len().max(b.len());
    let size = |shape: &[usize], axis: usize| (axis + shape.len()).checked_sub(rank).map_or(1, |i| shape[i]);
    (0..rank)
        .map(|axis| match (size(a, axis), size(b, axis)) {
            (n, m) if n == m || m == 1 => Ok(n),
            (1, m) => Ok(m),
            _ => Err(Error::shape(
                op,
                "shapes that broadcast together",
                format!("{} and {}", show_shape(a), show_shape(b)),
            )
            .hint("sizes must be equal or 1, counted from the last axis; reshape or unsqueeze one operand")),
        })
        .collect()
}

/// An axis counted from the front, or an error that names the op.
pub fn normalize_axis(op: &str, axis: i64, rank: usize) -> Result<usize> {
    let wrapped = if axis < 0 { axis + rank as i64 } else { axis };
    if (0..rank as i64).contains(&wrapped) {
        Ok(wrapped as usize)
    } else {
        let needs = match rank {
            0 => "no axis, as the tensor has none".to_string(),
            _ => format!("an axis from {} to {}", -(rank as i64), rank as i64 - 1),
        };
        Err(Error::new(crate::error::ErrorKind::Index, op, needs, axis.to_string()))
    }
}
