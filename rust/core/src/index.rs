//! Basic indexing, to read and to assign: integers, slices, new axes.

use crate::dtype::{DType, Scalar};
use crate::elementwise::Elementwise;
use crate::error::{Error, ErrorKind, Result, show_shape};
use crate::shape::Shape;
use crate::tensor::Tensor;
use crate::view::Affine;

/// One entry of an index, after ellipses have been written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    /// One element; the axis goes away.
    Element(i64),
    /// As Python's `slice.indices` gives it: `size` elements from `start` in steps of `step`.
    Slice { start: usize, step: i64, size: usize },
    /// A new axis of size one.
    NewAxis,
}

/// An index made into view operations: slices of axes, then a shape.
struct Selection {
    slices: Vec<Affine>,
    /// Shape after the slices, and after axes have gone and come.
    sliced: Shape,
    shape: Shape,
}

impl Selection {
    fn new(source: &[usize], index: &[Index]) -> Result<Selection> {
        let mut selection = Selection { slices: Vec::new(), sliced: source.into(), shape: Shape::new() };
        let mut axis = 0;
        for entry in index {
            let size = *source.get(axis).unwrap_or(&0);
            let (scale, offset, count) = match *entry {
                Index::NewAxis => {
                    selection.shape.push(1);
                    continue;
                }
                Index::Slice { start, step, size } => (step, start as i64, size),
                Index::Element(i) => {
                    let position = if i < 0 { i + size as i64 } else { i };
                    if !(0..size as i64).contains(&position) {
                        let needs = format!("an index from {} to {} for axis {axis}", -(size as i64), size as i64 - 1);
                        return Err(Error::new(ErrorKind::Index, "indexing", needs, i.to_string()));
                    }
                    (1, position, 1)
                }
            };
            if (scale, offset, count) != (1, 0, size) {
                selection.slices.push(Affine { axis, size: count, scale, offset, divisor: 1, with: None });
            }
            selection.sliced[axis] = count;
            if !matches!(entry, Index::Element(_)) {
                selection.shape.push(count);
            }
            axis += 1;
        }
        selection.shape.extend_from_slice(&source[axis..]);
        Ok(selection)
    }
}

impl Tensor {
    /// The elements that an index selects; entries may be fewer than axes.
    pub fn index(&self, index: &[Index]) -> Result<Tensor> {
        let selection = Selection::new(self.shape(), index)?;
        let zero = Scalar::int(0, self.dtype());
        let sliced = selection.slices.iter().fold(self.clone(), |x, slice| x.affine(*slice, zero));
        Ok(sliced.reshape_to(selection.shape))
    }

    /// This tensor with the elements that an index selects replaced by `value`, which is broadcast to their shape.
    pub fn with_index(&self, index: &[Index], value: &Tensor) -> Result<Tensor> {
        let selection = Selection::new(self.shape(), index)?;
        let value = value.cast(self.dtype())?;
        if value.ndim() > selection.shape.len() {
            let needs = format!("a value that broadcasts to {}", show_shape(&selection.shape));
            return Err(Error::shape("assignment", needs, show_shape(value.shape())));
        }
        let value = value.expand(&selection.shape)?.reshape_to(selection.sliced);
        let all = Tensor::constant(Scalar::int(1, DType::Bool), self.device()).expand(value.shape())?;
        // Each slice is undone in turn: what it left out reads as zero, or as not chosen.
        let mut shapes = vec![Shape::from_slice(self.shape())];
        for slice in &selection.slices {
            let mut shape = shapes[shapes.len() - 1].clone();
            shape[slice.axis] = slice.size;
            shapes.push(shape);
        }
        let spread = |x: Tensor| {
            let zero = Scalar::int(0, x.dtype());
            let slices = selection.slices.iter().zip(&shapes).rev();
            slices.fold(x, |x, (slice, source)| x.affine(slice.adjoint(source), zero))
        };
        Tensor::elementwise(Elementwise::Where, &[spread(all), spread(value), self.clone()])
    }
}
