//! The routines of linear algebra for one matrix, in float64, through faer.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::factor::LltError;
use faer::linalg::lu::partial_pivoting::factor::{lu_in_place, lu_in_place_scratch};
use faer::linalg::triangular_solve as triangular;
use faer::prelude::default;
use faer::{Mat, MatMut, MatRef, Par, Side};
use rutile_core::linalg::Routine;

/// What keeps a matrix from having results.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// The leading minor of this order is not positive.
    NotPositive(usize),
    /// This pivot, counted from 1, is zero.
    Singular(usize),
    NoConvergence,
    /// This pivot, counted from 1, names no row that it may.
    Pivot(usize),
}

/// Elements, row by row, and sizes.
pub type Values<'a> = (&'a [f64], &'a [usize]);

/// Writes the results for one matrix, packed, each row by row. Those that rotations or iterations find are NaN where an
/// element is infinite or NaN.
pub fn run(routine: Routine, operands: &[Values], out: &mut [f64]) -> Result<(), Fault> {
    let mut out = Packed(out);
    let first = operands[0];
    let a = || matrix(first);
    let symmetric = matches!(routine, Routine::Eigh | Routine::Eigvalsh);
    let finite = || {
        a().row_iter()
            .enumerate()
            .all(|(i, row)| row.iter().take(if symmetric { i + 1 } else { usize::MAX }).all(|x| x.is_finite()))
    };
    match routine {
        Routine::Cholesky { checked } => cholesky(a(), checked, &mut out)?,
        Routine::Inverse { checked } => inverse(a(), checked, &mut out)?,
        Routine::Det => out.put(Lu::new(a()).determinant()),
        Routine::Slogdet => slogdet(a(), &mut out),
        Routine::Cofactors => cofactors(a(), &mut out),
        Routine::Lu => lu(a(), &mut out),
        Routine::RowOrder => row_order(first.0, &mut out)?,
        Routine::Solve => {
            let lu = Lu::new(a());
            if let Some(pivot) = lu.zero_pivot() {
                return Err(Fault::Singular(pivot));
            }
            out.matrix(lu.solve(matrix(operands[1])).as_ref());
        }
        Routine::SolveTriangular { upper, unit } => {
            let mut x = matrix(operands[1]).to_owned();
            match (upper, unit) {
                (false, false) => triangular::solve_lower_triangular_in_place(a(), x.as_mut(), Par::Seq),
                (false, true) => triangular::solve_unit_lower_triangular_in_place(a(), x.as_mut(), Par::Seq),
                (true, false) => triangular::solve_upper_triangular_in_place(a(), x.as_mut(), Par::Seq),
                (true, true) => triangular::solve_unit_upper_triangular_in_place(a(), x.as_mut(), Par::Seq),
            }
            out.matrix(x.as_ref());
        }
        _ if !finite() => out.0.fill(f64::NAN),
        Routine::Qr { complete } => qr(a(), complete, &mut out),
        Routine::Eigh => eigh(a(), &mut out)?,
        Routine::Eigvalsh => {
            let (a, scale) = within_range(a());
            let values = a.self_adjoint_eigenvalues(Side::Lower).map_err(|_| Fault::NoConvergence)?;
            values.into_iter().for_each(|value| out.put(value * scale));
        }
        Routine::Svd { full } => {
            let (a, scale) = within_range(a());
            let svd = if full { a.svd() } else { a.thin_svd() }.map_err(|_| Fault::NoConvergence)?;
            out.matrix(svd.U());
            svd.S().column_vector().iter().for_each(|&value| out.put(value * scale));
            out.matrix(svd.V().transpose());
        }
        Routine::Svdvals => {
            let (a, scale) = within_range(a());
            let values = a.singular_values().map_err(|_| Fault::NoConvergence)?;
            values.into_iter().for_each(|value| out.put(value * scale));
        }
        Routine::PseudoInverse => pseudo_inverse(a(), operands[1].0[0], operands[2].0[0], &mut out)?,
        Routine::MatrixExp => out.matrix(exponential(a()).as_ref()),
    }
    Ok(())
}

fn matrix((values, shape): Values) -> MatRef<f64> {
    MatRef::from_row_major_slice(values, shape[0], shape[1])
}

/// A matrix whose elements' squares are numbers, and what it has to be multiplied with, a power of two, to be the given one.
fn within_range(a: MatRef<f64>) -> (Mat<f64>, f64) {
    let greatest = a.col_iter().flat_map(|column| column.iter()).fold(0.0, |greatest: f64, x| greatest.max(x.abs()));
    let scale = if greatest == 0.0 || (1e-100..1e100).contains(&greatest) {
        1.0
    } else {
        greatest.log2().floor().max(-1000.0).exp2()
    };
    (a * faer::Scale(1.0 / scale), scale)
}

/// What is left to be written.
struct Packed<'a>(&'a mut [f64]);

impl Packed<'_> {
    fn take(&mut self, count: usize) -> &mut [f64] {
        let (taken, rest) = std::mem::take(&mut self.0).split_at_mut(count);
        self.0 = rest;
        taken
    }

    fn put(&mut self, value: f64) {
        self.take(1)[0] = value;
    }

    fn matrix(&mut self, matrix: MatRef<f64>) {
        let (m, n) = matrix.shape();
        MatMut::from_row_major_slice_mut(self.take(m * n), m, n).copy_from(matrix);
    }
}

fn cholesky(a: MatRef<f64>, checked: bool, out: &mut Packed) -> Result<(), Fault> {
    match a.llt(Side::Lower) {
        Ok(factor) => {
            out.matrix(factor.L());
            out.put(0.0);
        }
        Err(LltError::NonPositivePivot { index }) if checked => return Err(Fault::NotPositive(index + 1)),
        Err(LltError::NonPositivePivot { index }) => {
            out.take(a.nrows() * a.ncols()).fill(f64::NAN);
            out.put((index + 1) as f64);
        }
    }
    Ok(())
}

fn qr(a: MatRef<f64>, complete: bool, out: &mut Packed) {
    let qr = a.qr();
    let (q, r) = if complete { (qr.compute_Q(), qr.R()) } else { (qr.compute_thin_Q(), qr.thin_R()) };
    out.matrix(q.as_ref());
    out.matrix(r);
}

fn eigh(a: MatRef<f64>, out: &mut Packed) -> Result<(), Fault> {
    let n = a.nrows();
    if n == 0 {
        return Ok(());
    }
    let (a, scale) = within_range(a);
    let eigen = a.self_adjoint_eigen(Side::Lower).map_err(|_| Fault::NoConvergence)?;
    eigen.S().column_vector().iter().for_each(|&value| out.put(value * scale));
    let vectors = out.take(n * n);
    MatMut::from_row_major_slice_mut(&mut *vectors, n, n).copy_from(eigen.U());
    for column in 0..n {
        let greatest = (1.min(n - 1)..n)
            .map(|row| vectors[row * n + column])
            .fold(0.0, |greatest: f64, x| if x.abs() > greatest.abs() { x } else { greatest });
        if greatest < 0.0 {
            (0..n).for_each(|row| vectors[row * n + column] *= -1.0);
        }
    }
    Ok(())
}

fn inverse(a: MatRef<f64>, checked: bool, out: &mut Packed) -> Result<(), Fault> {
    let lu = Lu::new(a);
    match lu.zero_pivot() {
        None => {
            out.matrix(lu.solve(Mat::identity(a.nrows(), a.nrows()).as_ref()).as_ref());
            out.put(0.0);
        }
        Some(pivot) if checked => return Err(Fault::Singular(pivot)),
        Some(pivot) => {
            out.take(a.nrows() * a.ncols()).fill(f64::INFINITY);
            out.put(pivot as f64);
        }
    }
    Ok(())
}

fn slogdet(a: MatRef<f64>, out: &mut Packed) {
    let lu = Lu::new(a);
    let mut sign = lu.sign();
    let mut log = 0.0;
    for pivot in lu.diagonal() {
        // NaN stays NaN, and zero makes the sign zero.
        sign *= if pivot > 0.0 {
            1.0
        } else if pivot < 0.0 {
            -1.0
        } else {
            pivot
        };
        log += pivot.abs().ln();
    }
    out.put(sign);
    out.put(log);
}

/// det A · A⁻ᵀ, from a factor whose zero pivots are replaced by tiny ones that cancel.
fn cofactors(a: MatRef<f64>, out: &mut Packed) {
    let mut lu = Lu::new(a);
    let n = a.nrows();
    let greatest = lu.diagonal().fold(0.0, |greatest: f64, pivot| greatest.max(pivot.abs()));
    let tiny = f64::EPSILON * if greatest > 0.0 { greatest } else { 1.0 };
    for i in 0..n {
        if lu.packed[(i, i)] == 0.0 {
            lu.packed[(i, i)] = tiny;
        }
    }
    let mut inverse = lu.solve(Mat::identity(n, n).as_ref());
    inverse *= faer::Scale(lu.determinant());
    out.matrix(inverse.transpose());
}

fn lu(a: MatRef<f64>, out: &mut Packed) {
    let lu = Lu::new(a);
    out.matrix(lu.packed.as_ref());
    lu.pivots().into_iter().for_each(|pivot| out.put((pivot + 1) as f64));
    lu.order.iter().for_each(|&row| out.put(row as f64));
}

fn row_order(pivots: &[f64], out: &mut Packed) -> Result<(), Fault> {
    let n = pivots.len();
    let mut order: Vec<usize> = (0..n).collect();
    for (i, &pivot) in pivots.iter().enumerate() {
        let row = pivot as usize;
        if row < i + 1 || row > n {
            return Err(Fault::Pivot(i + 1));
        }
        order.swap(i, row - 1);
    }
    order.into_iter().for_each(|row| out.put(row as f64));
    Ok(())
}

fn pseudo_inverse(a: MatRef<f64>, absolute: f64, relative: f64, out: &mut Packed) -> Result<(), Fault> {
    let (a, scale) = within_range(a);
    let svd = a.thin_svd().map_err(|_| Fault::NoConvergence)?;
    let values: Vec<f64> = svd.S().column_vector().iter().map(|value| value * scale).collect();
    let least = absolute.max(relative * values.first().copied().unwrap_or(0.0));
    let weight = |i: usize| if values[i] > least { 1.0 / values[i] } else { 0.0 };
    let scaled = Mat::from_fn(a.ncols(), values.len(), |row, i| svd.V()[(row, i)] * weight(i));
    out.matrix((scaled * svd.U().transpose()).as_ref());
    Ok(())
}

/// Scaling and squaring with the diagonal Padé approximant of degree 13 (Higham, 2005).
fn exponential(a: MatRef<f64>) -> Mat<f64> {
    const BOUND: f64 = 5.371920351148152;
    const B: [f64; 14] = [
        64764752532480000.0,
        32382376266240000.0,
        7771770303897600.0,
        1187353796428800.0,
        129060195264000.0,
        10559470521600.0,
        670442572800.0,
        33522128640.0,
        1323241920.0,
        40840800.0,
        960960.0,
        16380.0,
        182.0,
        1.0,
    ];
    let n = a.nrows();
    let column = |j: usize| (0..n).map(|i| a[(i, j)].abs()).sum::<f64>();
    let norm = (0..n).map(column).fold(0.0, f64::max);
    let squarings = if norm > BOUND { (norm / BOUND).log2().ceil() as i32 } else { 0 };
    let a = a * faer::Scale(0.5f64.powi(squarings));
    let one = Mat::<f64>::identity(n, n);
    let a2 = &a * &a;
    let a4 = &a2 * &a2;
    let a6 = &a4 * &a2;
    // Σ of four even powers, the coefficients two places apart.
    let sum = |b: [f64; 4]| {
        &a6 * faer::Scale(b[3]) + &a4 * faer::Scale(b[2]) + &a2 * faer::Scale(b[1]) + &one * faer::Scale(b[0])
    };
    let odd = &a * (&a6 * sum([0.0, B[9], B[11], B[13]]) + sum([B[1], B[3], B[5], B[7]]));
    let even = &a6 * sum([0.0, B[8], B[10], B[12]]) + sum([B[0], B[2], B[4], B[6]]);
    let mut result = Lu::new((&even - &odd).as_ref()).solve((&even + &odd).as_ref());
    for _ in 0..squarings {
        result = &result * &result;
    }
    result
}

/// P·A = L·U with partial pivoting, also of a singular matrix.
struct Lu {
    /// L below the diagonal, where it has ones, and U.
    packed: Mat<f64>,
    /// The row of A that each row of L·U is.
    order: Vec<usize>,
}

impl Lu {
    fn new(a: MatRef<f64>) -> Lu {
        let (m, n) = a.shape();
        let mut packed = a.to_owned();
        let (mut order, mut inverse) = (vec![0usize; m], vec![0usize; m]);
        let mut memory = MemBuffer::new(lu_in_place_scratch::<usize, f64>(m, n, Par::Seq, default()));
        let stack = MemStack::new(&mut memory);
        lu_in_place(packed.as_mut(), &mut order, &mut inverse, Par::Seq, stack, default());
        let lu = Lu { packed, order };
        // faer divides by a pivot of zero.
        let regular = lu.diagonal().all(|pivot| pivot != 0.0 && pivot.is_finite());
        let finite = || (0..n).all(|j| a.col(j).iter().all(|x| x.is_finite()));
        if regular || !finite() { lu } else { Lu::unblocked(a) }
    }

    /// The definition, column by column, which leaves a column of zeros as it is.
    fn unblocked(a: MatRef<f64>) -> Lu {
        let (m, n) = a.shape();
        let mut packed = a.to_owned();
        let mut order: Vec<usize> = (0..m).collect();
        for k in 0..m.min(n) {
            let mut best = k;
            for i in k + 1..m {
                if packed[(i, k)].abs() > packed[(best, k)].abs() {
                    best = i;
                }
            }
            if best != k {
                order.swap(k, best);
                for j in 0..n {
                    let upper = packed[(k, j)];
                    packed[(k, j)] = packed[(best, j)];
                    packed[(best, j)] = upper;
                }
            }
            let pivot = packed[(k, k)];
            if pivot == 0.0 {
                continue;
            }
            for i in k + 1..m {
                packed[(i, k)] /= pivot;
            }
            for j in k + 1..n {
                let upper = packed[(k, j)];
                for i in k + 1..m {
                    packed[(i, j)] -= packed[(i, k)] * upper;
                }
            }
        }
        Lu { packed, order }
    }

    fn diagonal(&self) -> impl Iterator<Item = f64> {
        (0..self.packed.nrows().min(self.packed.ncols())).map(|i| self.packed[(i, i)])
    }

    /// The number, from 1, of the first pivot that is zero.
    fn zero_pivot(&self) -> Option<usize> {
        self.diagonal().position(|pivot| pivot == 0.0).map(|i| i + 1)
    }

    /// The rows exchanged with rows 0, 1, … in turn.
    fn pivots(&self) -> Vec<usize> {
        let mut row_at: Vec<usize> = (0..self.order.len()).collect();
        let mut place_of = row_at.clone();
        let count = self.packed.nrows().min(self.packed.ncols());
        let exchange = |i: usize| {
            let place = place_of[self.order[i]];
            row_at.swap(i, place);
            (place_of[row_at[i]], place_of[row_at[place]]) = (i, place);
            place
        };
        (0..count).map(exchange).collect()
    }

    /// Of the permutation.
    fn sign(&self) -> f64 {
        let exchanged = self.pivots().iter().enumerate().filter(|&(i, &pivot)| pivot != i).count();
        if exchanged % 2 == 0 { 1.0 } else { -1.0 }
    }

    fn determinant(&self) -> f64 {
        self.sign() * self.diagonal().product::<f64>()
    }

    fn solve(&self, b: MatRef<f64>) -> Mat<f64> {
        let mut x = Mat::from_fn(b.nrows(), b.ncols(), |i, j| b[(self.order[i], j)]);
        triangular::solve_unit_lower_triangular_in_place(self.packed.as_ref(), x.as_mut(), Par::Seq);
        triangular::solve_upper_triangular_in_place(self.packed.as_ref(), x.as_mut(), Par::Seq);
        x
    }
}
