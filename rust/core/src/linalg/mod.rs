//! Linear algebra of dense matrices: one op, whose routine factors or solves each matrix of the last two axes.
//!
//! A routine's results lie one after another in one tensor, (…, packed), which views take apart.

mod gradient;

use serde::{Deserialize, Serialize};
use smallvec::{SmallVec, smallvec};

use crate::device::Device;
use crate::dtype::DType;
use crate::error::{Error, Result, show_shape};
use crate::shape::{Shape, broadcast, numel};
use crate::tensor::{Inputs, Op, Tensor};
pub(crate) use gradient::gradient;

/// What is computed of each matrix. Symmetric matrices are read in their lower triangle alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Routine {
    /// A (n, n), symmetric: L (n, n), lower triangular with A = L·Lᵀ, and 0 (). Where a leading minor is not positive an
    /// error, or, unless `checked`, NaN and the minor's order.
    Cholesky { checked: bool },
    /// A (m, n): Q (m, k) of orthonormal columns and R (k, n), upper triangular; A = Q·R. k is the lesser size, or m.
    Qr { complete: bool },
    /// A (n, n), symmetric: its eigenvalues (n), ascending, and its eigenvectors (n, n) as columns. Of each vector's
    /// elements after the first, the greatest in size is positive.
    Eigh,
    /// The eigenvalues (n) alone.
    Eigvalsh,
    /// A (m, n): U (m, k), singular values (k), descending, Vᵀ (k, n); A = U·S·Vᵀ. If `full`, U (m, m) and Vᵀ (n, n).
    Svd { full: bool },
    /// The singular values (k) alone.
    Svdvals,
    /// A (m, n): L (below the diagonal; ones on it) and U packed in (m, n), LAPACK's pivots (k), counted from 1, and which
    /// row of A each row of L·U is (m).
    Lu,
    /// LAPACK's pivots (n): which row of a matrix each row of it is after the exchanges; int32 (n).
    RowOrder,
    /// A (n, n), B (n, k): X (n, k) with A·X = B. A singular A is an error.
    Solve,
    /// As `Solve` for a triangular A, of which the other triangle, and if `unit` the diagonal, is not read. Zeros on its
    /// diagonal divide as IEEE numbers do.
    SolveTriangular { upper: bool, unit: bool },
    /// A (n, n): its inverse (n, n), and 0 (). Where A is singular an error, or, unless `checked`, infinity and the number of
    /// the first pivot that is zero, from 1.
    Inverse { checked: bool },
    /// A (m, n), absolute and relative tolerance () each: (n, m), of the singular values above both.
    PseudoInverse,
    /// A (n, n): its determinant ().
    Det,
    /// A (n, n): the sign of its determinant () and the logarithm of its size ().
    Slogdet,
    /// A (n, n): the derivative (n, n) of its determinant, which exists where no inverse does.
    Cofactors,
    /// A (n, n): e to the power of A (n, n).
    MatrixExp,
}

use Routine::*;

impl Routine {
    /// By the name of the public function, with its options in the order of their declaration.
    pub fn named(name: &str, first: bool, second: bool) -> Option<Routine> {
        Some(match name {
            "cholesky" => Cholesky { checked: true },
            "cholesky_ex" => Cholesky { checked: false },
            "qr" => Qr { complete: first },
            "eigh" => Eigh,
            "eigvalsh" => Eigvalsh,
            "svd" => Svd { full: first },
            "svdvals" => Svdvals,
            "lu" => Lu,
            "row_order" => RowOrder,
            "solve" => Solve,
            "solve_triangular" => SolveTriangular { upper: first, unit: second },
            "inv" => Inverse { checked: true },
            "inv_ex" => Inverse { checked: false },
            "pinv" => PseudoInverse,
            "det" => Det,
            "slogdet" => Slogdet,
            "matrix_exp" => MatrixExp,
            _ => return None,
        })
    }

    /// The name of the public function.
    pub fn name(self) -> &'static str {
        match self {
            Cholesky { checked: true } => "cholesky",
            Cholesky { checked: false } => "cholesky_ex",
            Qr { .. } => "qr",
            Eigh => "eigh",
            Eigvalsh => "eigvalsh",
            Svd { .. } => "svd",
            Svdvals => "svdvals",
            Lu => "lu",
            RowOrder => "lu_solve",
            Solve => "solve",
            SolveTriangular { .. } => "solve_triangular",
            Inverse { checked: true } => "inv",
            Inverse { checked: false } => "inv_ex",
            PseudoInverse => "pinv",
            Det | Cofactors => "det",
            Slogdet => "slogdet",
            MatrixExp => "matrix_exp",
        }
    }

    /// Whether a run can end in an error of the routine's.
    pub fn can_fail(self) -> bool {
        match self {
            Cholesky { checked } | Inverse { checked } => checked,
            Eigh | Eigvalsh | Svd { .. } | Svdvals | PseudoInverse => true,
            RowOrder | Solve => true,
            SolveTriangular { .. } | Qr { .. } | Lu | Det | Slogdet | Cofactors | MatrixExp => false,
        }
    }

    /// How many axes each operand has beside those of the batch.
    fn ranks(self) -> &'static [usize] {
        match self {
            Solve | SolveTriangular { .. } => &[2, 2],
            PseudoInverse => &[2, 0, 0],
            RowOrder => &[1],
            _ => &[2],
        }
    }

    fn is_of_square_matrices(self) -> bool {
        !matches!(self, Qr { .. } | Svd { .. } | Svdvals | Lu | RowOrder | PseudoInverse)
    }

    /// The shapes of one matrix's results, given those of its operands.
    pub fn results(self, operands: &[&[usize]]) -> SmallVec<[Shape; 3]> {
        let first = operands[0];
        let (m, n) = (first[0], *first.last().expect("an operand of at least one axis"));
        let k = m.min(n);
        match self {
            Cholesky { .. } | Inverse { .. } => smallvec![smallvec![n, n], smallvec![]],
            Qr { complete } => {
                let k = if complete { m } else { k };
                smallvec![smallvec![m, k], smallvec![k, n]]
            }
            Eigh => smallvec![smallvec![n], smallvec![n, n]],
            Eigvalsh | RowOrder => smallvec![smallvec![n]],
            Svd { full: true } => smallvec![smallvec![m, m], smallvec![k], smallvec![n, n]],
            Svd { full: false } => smallvec![smallvec![m, k], smallvec![k], smallvec![k, n]],
            Svdvals => smallvec![smallvec![k]],
            Lu => smallvec![smallvec![m, n], smallvec![k], smallvec![m]],
            Solve | SolveTriangular { .. } => smallvec![operands[1].into()],
            PseudoInverse => smallvec![smallvec![n, m]],
            Det => smallvec![smallvec![]],
            Slogdet => smallvec![smallvec![], smallvec![]],
            Cofactors | MatrixExp => smallvec![smallvec![n, n]],
        }
    }

    /// Floating-point operations for one matrix, roughly.
    pub fn flops(self, matrix: &[usize]) -> u64 {
        let sizes = || matrix.iter().map(|&size| size as u64);
        let cube = sizes().product::<u64>() * sizes().min().unwrap_or(1);
        match self {
            RowOrder => 0,
            Svd { .. } | PseudoInverse | MatrixExp => 20 * cube,
            Eigh => 9 * cube,
            _ => 2 * cube,
        }
    }
}

/// The results of a routine for every matrix of the operands, whose leading axes broadcast. It runs on the operands' device
/// if that has linear algebra, else on `host`, from where the results come back. Computed in float32, or in float64 if an
/// operand is; half-precision operands give results of theirs.
pub fn linalg(routine: Routine, operands: &[&Tensor], host: &Device) -> Result<Vec<Tensor>> {
    let name = routine.name();
    let device = Tensor::same_device(name, operands)?;
    let dtype = operands.iter().skip(1).fold(operands[0].dtype(), |dtype, x| dtype.promote(x.dtype()));
    let dtype = if dtype.is_float() { dtype } else { DType::F32 };
    let wide = if dtype == DType::F64 { DType::F64 } else { DType::F32 };
    check_shapes(routine, operands)?;
    let has_linalg = |device: &Device| device.backend().capabilities().linalg;
    let place = if has_linalg(&device) { &device } else { host };
    if !has_linalg(place) {
        return Err(Error::device(name, "a device that has linear algebra", place.id()).hint("move it to the cpu"));
    }
    let moved = |x: &&Tensor| x.cast(wide)?.to_device(place);
    let moved = operands.iter().map(moved).collect::<Result<Inputs>>()?;
    let node = apply(routine, &moved)?;
    let shapes = cores(routine, &moved);
    let results = parts(routine, &node.to_device(&device)?, &shapes)?;
    results.into_iter().map(|x| if x.dtype().is_float() { x.cast(dtype) } else { Ok(x) }).collect()
}

/// The first result of a routine whose operands fit, on their own device.
fn first(routine: Routine, operands: &[&Tensor]) -> Result<Tensor> {
    Ok(all(routine, operands)?.swap_remove(0))
}

/// As [`first`], all results.
fn all(routine: Routine, operands: &[&Tensor]) -> Result<Vec<Tensor>> {
    let operands: Inputs = operands.iter().map(|&x| x.clone()).collect();
    parts(routine, &apply(routine, &operands)?, &cores(routine, &operands))
}

/// The node that computes the packed results.
fn apply(routine: Routine, operands: &[Tensor]) -> Result<Tensor> {
    let mut batch = Shape::new();
    for (x, rank) in operands.iter().zip(routine.ranks()) {
        batch = broadcast(routine.name(), &batch, &x.shape()[..x.ndim() - rank])?;
    }
    let shapes = cores(routine, operands);
    let whole = |core: &[usize]| batch.iter().chain(core).copied().collect::<Shape>();
    let expanded = operands.iter().zip(&shapes).map(|(x, core)| x.expand(&whole(core)));
    let inputs = expanded.collect::<Result<Inputs>>()?;
    let (first, dtype) = (&inputs[0], inputs[0].dtype());
    let dtype = if routine == RowOrder { DType::I32 } else { dtype };
    let packed = results(routine, &shapes).iter().map(|shape| numel(shape)).sum();
    let device = first.device().clone();
    Ok(Tensor::new(Op::Linalg(routine), inputs, whole(&[packed]), dtype, &device))
}

/// The shapes of one matrix's operands.
fn cores(routine: Routine, operands: &[Tensor]) -> Vec<Shape> {
    operands.iter().zip(routine.ranks()).map(|(x, rank)| x.shape()[x.ndim() - rank..].into()).collect()
}

fn results(routine: Routine, operands: &[Shape]) -> SmallVec<[Shape; 3]> {
    routine.results(&operands.iter().map(|shape| &shape[..]).collect::<SmallVec<[&[usize]; 3]>>())
}

/// Takes packed results apart.
fn parts(routine: Routine, packed: &Tensor, operands: &[Shape]) -> Result<Vec<Tensor>> {
    let last = packed.ndim() - 1;
    let mut start = 0;
    let part = |shape: &Shape| {
        let size = numel(shape);
        let piece = packed.slice(last, start, 1, size)?;
        start += size;
        Ok(piece.reshape_to(packed.shape()[..last].iter().chain(shape).copied().collect()))
    };
    results(routine, operands).iter().map(part).collect()
}

fn check_shapes(routine: Routine, operands: &[&Tensor]) -> Result<()> {
    let name = routine.name();
    for (x, &rank) in operands.iter().zip(routine.ranks()) {
        if x.ndim() < rank {
            let needs = if rank == 2 { "matrices, (…, m, n)" } else { "pivots, (…, n)" };
            return Err(Error::shape(name, needs, show_shape(x.shape())));
        }
    }
    let first = operands[0].shape();
    if routine.is_of_square_matrices() && first[first.len() - 1] != first[first.len() - 2] {
        let error = Error::shape(name, "square matrices, (…, n, n)", show_shape(first));
        return Err(if routine == Solve { error.hint("lstsq solves systems that are not square") } else { error });
    }
    if let (Solve | SolveTriangular { .. }, [a, b]) = (routine, operands) {
        let (n, rows) = (a.shape()[a.ndim() - 1], b.shape()[b.ndim() - 2]);
        if n != rows {
            let got = format!("{} and {}", show_shape(a.shape()), show_shape(b.shape()));
            let error = Error::shape(name, "as many rows on the right side as the matrices have", got);
            let vectors = a.shape()[..a.ndim() - 1] == *b.shape();
            return Err(if vectors { error.hint("give a batch of vectors as b[..., None]") } else { error });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dtype::Scalar;

    #[test]
    fn a_plan_that_can_fail_overwrites_no_input() {
        let device = Device::null();
        let reuses = |routine: Option<Routine>| {
            let x = Tensor::from_slice(&[1.0; 4], &[2, 2], &device).unwrap();
            let sum =
                routine.map_or_else(|| x.clone(), |routine| linalg(routine, &[&x], &device).unwrap().swap_remove(0));
            let result = sum + &x;
            drop(x);
            Tensor::explain(&[result]).unwrap().outputs[0].reuses
        };
        assert_eq!(reuses(None), Some(0));
        assert_eq!(reuses(Some(MatrixExp)), Some(0));
        assert_eq!(reuses(Some(Inverse { checked: true })), None);
    }

    #[test]
    fn results_are_packed_for_any_batch_and_size() {
        let device = Device::null();
        let shapes = |routine: Routine, shape: &[usize]| {
            let x = Tensor::full(shape, Scalar::float(0.0, DType::F32), &device).unwrap();
            let results = linalg(routine, &[&x], &device).unwrap();
            results.iter().map(|x| x.shape().to_vec()).collect::<Vec<_>>()
        };
        assert_eq!(shapes(Svd { full: true }, &[5, 3, 2]), [vec![5, 3, 3], vec![5, 2], vec![5, 2, 2]]);
        assert_eq!(shapes(Svd { full: false }, &[0, 3]), [vec![0, 0], vec![0], vec![0, 3]]);
        assert_eq!(shapes(Qr { complete: false }, &[2, 3]), [vec![2, 2], vec![2, 3]]);
        assert_eq!(shapes(Slogdet, &[2, 0, 0]), [vec![2], vec![2]]);
        assert_eq!(shapes(Lu, &[2, 4, 3]), [vec![2, 4, 3], vec![2, 3], vec![2, 4]]);
    }
}
