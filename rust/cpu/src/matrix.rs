//! The matrix routine: a strided product of float32 or float64 by the `gemm` crate.

use gemm::Parallelism;
use rutile_core::dtype::DType;

/// Elements that the matrix routine takes.
pub trait Real: Copy + Send + Sync + std::ops::AddAssign + 'static {
    const DTYPE: DType;
    const ZERO: Self;
    const ONE: Self;
}

impl Real for f32 {
    const DTYPE: DType = DType::F32;
    const ZERO: f32 = 0.0;
    const ONE: f32 = 1.0;
}

impl Real for f64 {
    const DTYPE: DType = DType::F64;
    const ZERO: f64 = 0.0;
    const ONE: f64 = 1.0;
}

/// A strided matrix in memory; strides in elements.
#[derive(Clone, Copy, Debug)]
pub struct Matrix<T> {
    pub start: *mut T,
    pub row: isize,
    pub column: isize,
}

// SAFETY: a matrix is an address; the functions that read or write through it are unsafe and say what they need.
unsafe impl<T> Send for Matrix<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Matrix<T> {}

impl<T> Matrix<T> {
    /// The part that starts at this row and column.
    pub fn shifted(self, row: usize, column: usize) -> Matrix<T> {
        let offset = row as isize * self.row + column as isize * self.column;
        Matrix { start: self.start.wrapping_offset(offset), ..self }
    }

    pub fn transposed(self) -> Matrix<T> {
        Matrix { row: self.column, column: self.row, ..self }
    }
}

/// `results = left · right`, or adds the product to what is there: `rows × inner` times `inner × columns`.
///
/// # Safety
/// The factors must be readable and the results writable throughout, and the results overlap no factor.
#[allow(clippy::too_many_arguments)]
pub unsafe fn multiply<T: Real>(
    rows: usize,
    columns: usize,
    inner: usize,
    results: Matrix<T>,
    add: bool,
    left: Matrix<T>,
    right: Matrix<T>,
    share: bool,
) {
    let parallelism = if share { Parallelism::Rayon(rayon::current_num_threads()) } else { Parallelism::None };
    let keep = if add { T::ONE } else { T::ZERO };
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
            T::ONE,
            false,
            false,
            false,
            parallelism,
        )
    }
}
