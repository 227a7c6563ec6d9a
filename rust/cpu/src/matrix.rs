//! The matrix routine: a strided float32 product by the `gemm` crate.

use gemm::Parallelism;

/// A strided matrix in memory; strides in elements.
#[derive(Clone, Copy, Debug)]
pub struct Matrix {
    pub start: *mut f32,
    pub row: isize,
    pub column: isize,
}

// SAFETY: a matrix is an address; the functions that read or write through it are unsafe and say what they need.
unsafe impl Send for Matrix {}
// SAFETY: as above.
unsafe impl Sync for Matrix {}

impl Matrix {
    /// The part that starts at this row and column.
    pub fn shifted(self, row: usize, column: usize) -> Matrix {
        let offset = row as isize * self.row + column as isize * self.column;
        Matrix { start: self.start.wrapping_offset(offset), ..self }
    }

    pub fn transposed(self) -> Matrix {
        Matrix { row: self.column, column: self.row, ..self }
    }
}

/// `results = left · right`, or adds the product to what is there: `rows × inner` times `inner × columns`.
///
/// # Safety
/// The factors must be readable and the results writable throughout, and the results overlap no factor.
#[allow(clippy::too_many_arguments)]
pub unsafe fn multiply(
    rows: usize,
    columns: usize,
    inner: usize,
    results: Matrix,
    add: bool,
    left: Matrix,
    right: Matrix,
    share: bool,
) {
    let parallelism = if share { Parallelism::Rayon(rayon::current_num_threads()) } else { Parallelism::None };
    let keep = if add { 1.0 } else { 0.0 };
    // SAFETY: the caller's contract.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            inner,
            results.start,
            results.column,
            results.row,
            add,
            left.start,
            left.column,
            left.row,
            right.start,
            right.column,
            right.row,
            keep,
            1.0f32,
            false,
            false,
            false,
            parallelism,
        )
    }
}
