//! Gradients of the routines: Giles (2008), "Collected matrix derivative results"; Seeger et al. (2017), "Auto-differentiating
//! linear algebra"; Golub and Pereyra (1973) for the pseudo-inverse. Those of vectors need values that differ, as in PyTorch,
//! and hold for functions that do not depend on how vectors are chosen.

use smallvec::{SmallVec, smallvec};

use super::Routine::*;
use super::{Routine, all, cores, first, parts};
use crate::compose::concat;
use crate::dtype::{DType, Scalar};
use crate::elementwise::Elementwise;
use crate::error::{Error, ErrorKind, Result};
use crate::tensor::Tensor;

/// The gradients for the operands, given that for the packed results.
pub(crate) fn gradient(
    routine: Routine,
    packed: &Tensor,
    results: &Tensor,
    operands: &[Tensor],
) -> Result<SmallVec<[Tensor; 3]>> {
    let shapes = cores(routine, operands);
    let g = parts(routine, packed, &shapes)?;
    let y = parts(routine, results, &shapes)?;
    let a = &operands[0];
    let of_a = match routine {
        RowOrder => unreachable!("positions ask for no gradient"),
        Solve | SolveTriangular { .. } => return of_solution(routine, &g[0], &y[0], a),
        Cholesky { .. } => cholesky(&g[0], &y[0]),
        Qr { .. } => qr(&g, &y, a),
        Eigh => eigh(&g, &y),
        Eigvalsh => {
            let vectors = &all(Eigh, &[a])?[1];
            Ok((vectors * &row(&g[0])?).dot(&t(vectors)?))
        }
        Svd { .. } => svd(&g, &y),
        Svdvals => {
            let factors = all(Svd { full: false }, &[a])?;
            Ok((&factors[0] * &row(&g[0])?).dot(&factors[2]))
        }
        Lu => lu(&g[0], &y[0], &y[2]),
        Inverse { .. } => {
            let transposed = t(&y[0])?;
            Ok(-&transposed.dot(&g[0]).dot(&transposed))
        }
        PseudoInverse => pseudo_inverse(&g[0], &y[0], a),
        Det => Ok(first(Cofactors, &[a])? * &row(&column(&g[0])?)?),
        Slogdet => Ok(t(&first(Inverse { checked: false }, &[a])?)? * &row(&column(&g[1])?)?),
        Cofactors => {
            // det·C is a polynomial of C: (⟨g, C⟩·C - C·gᵀ·C) / det.
            let det = row(&column(&first(Det, &[a])?)?)?;
            Ok((&y[0] * &(&g[0] * &y[0]).sum_keep(&[-1, -2]) - &y[0].dot(&t(&g[0])?).dot(&y[0])) / &det)
        }
        MatrixExp => {
            // exp of [[Aᵀ, g], [0, Aᵀ]] has the derivative in its corner (Najfeld and Havel, 1995).
            let (n, transposed) = (a.shape()[a.ndim() - 1], t(a)?);
            let zeros = Tensor::constant(Scalar::int(0, a.dtype()), a.device()).expand(a.shape())?;
            let upper = concat(&[transposed.clone(), g[0].clone()], -1)?;
            let lower = concat(&[zeros, transposed], -1)?;
            columns(&rows(&first(MatrixExp, &[&concat(&[upper, lower], -2)?])?, 0, n)?, n, n)
        }
    };
    Ok(smallvec![of_a?])
}

/// A·X = B: Aᵀ·(gradient of B) = g, and the gradient of A is minus the product of that with Xᵀ.
fn of_solution(routine: Routine, g: &Tensor, x: &Tensor, a: &Tensor) -> Result<SmallVec<[Tensor; 3]>> {
    let transposed = match routine {
        SolveTriangular { upper, unit } => SolveTriangular { upper: !upper, unit },
        _ => routine,
    };
    let of_b = first(transposed, &[&t(a)?, g])?;
    let of_a = -&of_b.dot(&t(x)?);
    let of_a = match routine {
        SolveTriangular { upper: true, unit } => above_diagonal(&of_a, unit as i64)?,
        SolveTriangular { upper: false, unit } => below_diagonal(&of_a, unit as i64)?,
        _ => of_a,
    };
    Ok(smallvec![of_a, of_b])
}

fn cholesky(g: &Tensor, l: &Tensor) -> Result<Tensor> {
    let product = t(l)?.dot(g);
    let halves = on_diagonal(&below_diagonal(&product, 0)?, &(&product * 0.5))?;
    let upper = SolveTriangular { upper: true, unit: false };
    let once = first(upper, &[&t(l)?, &halves])?;
    let twice = first(upper, &[&t(l)?, &t(&once)?])?;
    Ok((&twice + &t(&twice)?) * 0.5)
}

fn qr(g: &[Tensor], y: &[Tensor], a: &Tensor) -> Result<Tensor> {
    let ([gq, gr], [q, r]) = (g, y) else { unreachable!("two factors") };
    let (m, n, k) = (q.shape()[q.ndim() - 2], r.shape()[r.ndim() - 1], r.shape()[r.ndim() - 2]);
    if k > n {
        let needs = "mode=\"reduced\" where there are more rows than columns";
        return Err(Error::new(ErrorKind::Gradient, "backward of qr", needs, format!("\"complete\", ({m}, {n})")));
    }
    // A wide A = [X, Y] is Q·[U, V] with V = Qᵀ·Y.
    let (gu, gv) = (columns(gr, 0, k)?, columns(gr, k, n - k)?);
    let (u, y) = (columns(r, 0, k)?, columns(a, k, n - k)?);
    let gq = if n > k { gq + &y.dot(&t(&gv)?) } else { gq.clone() };
    let product = u.dot(&t(&gu)?) - &t(&gq)?.dot(q);
    let symmetric = below_diagonal(&product, 0)? + &t(&below_diagonal(&product, 1)?)?;
    let inner = gq + &q.dot(&symmetric);
    let gx = t(&first(SolveTriangular { upper: true, unit: false }, &[&u, &t(&inner)?])?)?;
    if n > k { concat(&[gx, q.dot(&gv)], -1) } else { Ok(gx) }
}

fn eigh(g: &[Tensor], y: &[Tensor]) -> Result<Tensor> {
    let ([gw, gv], [w, v]) = (g, y) else { unreachable!("values and vectors") };
    let inner = over_differences(&t(v)?.dot(gv), w)?;
    Ok(v.dot(&on_diagonal(&inner, &row(gw)?.expand(inner.shape())?)?).dot(&t(v)?))
}

fn svd(g: &[Tensor], y: &[Tensor]) -> Result<Tensor> {
    let ([gu, gs, gvt], [u, s, vt]) = (g, y) else { unreachable!("three factors") };
    let (m, n, k) = (u.shape()[u.ndim() - 2], vt.shape()[vt.ndim() - 1], s.shape()[s.ndim() - 1]);
    // Vectors beyond the singular values are arbitrary bases: they have no gradient, as in PyTorch.
    let (u, gu, vt, gvt) = (columns(u, 0, k)?, columns(gu, 0, k)?, rows(vt, 0, k)?, rows(gvt, 0, k)?);
    let skew = |x: &Tensor| -> Result<Tensor> { Ok(x - &t(x)?) };
    let squares = s * s;
    let left = over_differences(&skew(&t(&u)?.dot(&gu))?, &squares)? * &row(s)?;
    let right = over_differences(&skew(&vt.dot(&t(&gvt)?))?, &squares)? * &column(s)?;
    let inner = left + &right;
    let mut result = u.dot(&on_diagonal(&inner, &row(gs)?.expand(inner.shape())?)?).dot(&vt);
    if m > k {
        let outside = &gu - &u.dot(&t(&u)?.dot(&gu));
        result = result + &quotient(&outside, &row(s)?)?.dot(&vt);
    }
    if n > k {
        let outside = &gvt - &gvt.dot(&t(&vt)?).dot(&vt);
        result = result + &u.dot(&quotient(&outside, &column(s)?)?);
    }
    Ok(result)
}

/// x[i, j] / (values[j] - values[i]), and x itself on the diagonal.
fn over_differences(x: &Tensor, values: &Tensor) -> Result<Tensor> {
    let differences = row(values)? - &column(values)?;
    let ones = x.constant_like(1.0).expand(differences.shape())?;
    quotient(x, &on_diagonal(&differences, &ones)?)
}

/// x / y, zero where both are: vectors that nothing was computed from may belong to equal values.
fn quotient(x: &Tensor, y: &Tensor) -> Result<Tensor> {
    let (zero, one) = (x.constant_like(0.0), x.constant_like(1.0));
    let unused = Tensor::apply(Elementwise::And, &[&x.equal(&zero), &y.equal(&zero)])?;
    let safe = Tensor::apply(Elementwise::Where, &[&unused, &one, y])?;
    Tensor::apply(Elementwise::Where, &[&unused, &zero, &(x / &safe)])
}

fn lu(g: &Tensor, packed: &Tensor, order: &Tensor) -> Result<Tensor> {
    let (m, n) = (packed.shape()[packed.ndim() - 2], packed.shape()[packed.ndim() - 1]);
    let k = m.min(n);
    let square = columns(&rows(packed, 0, k)?, 0, k)?;
    let unit = SolveTriangular { upper: true, unit: true };
    let by_l = |x: &Tensor| first(unit, &[&t(&square)?, x]);
    let by_u = |x: &Tensor| t(&first(SolveTriangular { upper: true, unit: false }, &[&square, &t(x)?])?);
    let corner = columns(&rows(g, 0, k)?, 0, k)?;
    let (mut gl, mut gu) = (below_diagonal(&corner, 1)?, above_diagonal(&corner, 0)?);
    // Rows of L below the square part are Y·U⁻¹, columns of U beside it L⁻¹·Y.
    let mut rest = None;
    if m > k {
        let below = by_u(&rows(g, k, m - k)?)?;
        gu = gu - &above_diagonal(&t(&rows(packed, k, m - k)?)?.dot(&below), 0)?;
        rest = Some(below);
    } else if n > k {
        let after = by_l(&columns(g, k, n - k)?)?;
        gl = gl - &below_diagonal(&after.dot(&t(&columns(packed, k, n - k)?)?), 1)?;
        rest = Some(after);
    }
    let l = on_diagonal(&below_diagonal(&square, 1)?, &square.constant_like(1.0).expand(square.shape())?)?;
    let u = above_diagonal(&square, 0)?;
    let inner = below_diagonal(&t(&l)?.dot(&gl), 1)? + &above_diagonal(&gu.dot(&t(&u)?), 0)?;
    let square = by_u(&by_l(&inner)?)?;
    let permuted = match rest {
        Some(rest) => concat(&[square, rest], if m > k { -2 } else { -1 })?,
        None => square,
    };
    let position = order.detach().cast(DType::I32)?.argsort(-1, false)?;
    permuted.take_along_axis(&position.unsqueeze(-1)?, -2)
}

fn pseudo_inverse(g: &Tensor, p: &Tensor, a: &Tensor) -> Result<Tensor> {
    let (pt, gt) = (t(p)?, t(g)?);
    let direct = pt.dot(g).dot(&pt);
    let left = gt.dot(p).dot(&pt);
    let right = pt.dot(p).dot(&gt);
    // The parts outside the range of A, and of Aᵀ.
    Ok(left.clone() - &a.dot(&p.dot(&left)) + &right - &right.dot(p).dot(a) - &direct)
}

/// Transposed matrices.
fn t(x: &Tensor) -> Result<Tensor> {
    x.transpose(-1, -2)
}

/// Vectors as rows of matrices, which elementwise ops repeat downwards.
fn row(x: &Tensor) -> Result<Tensor> {
    x.unsqueeze(x.ndim() as i64 - 1)
}

fn column(x: &Tensor) -> Result<Tensor> {
    x.unsqueeze(-1)
}

/// Whether an element's column number, plus `offset`, compares to its row number so.
fn place(x: &Tensor, op: Elementwise, offset: i64) -> Result<Tensor> {
    let (m, n) = (x.shape()[x.ndim() - 2], x.shape()[x.ndim() - 1]);
    let columns = Tensor::iota(n, x.device()) + offset as f64;
    Tensor::apply(op, &[&columns, &Tensor::iota(m, x.device()).unsqueeze(-1)?])
}

/// The elements at least `offset` places below the diagonal, zero elsewhere.
fn below_diagonal(x: &Tensor, offset: i64) -> Result<Tensor> {
    Tensor::apply(Elementwise::Where, &[&place(x, Elementwise::LessEqual, offset)?, x, &x.constant_like(0.0)])
}

/// The elements at least `offset` places above the diagonal, zero elsewhere.
fn above_diagonal(x: &Tensor, offset: i64) -> Result<Tensor> {
    Tensor::apply(Elementwise::Where, &[&place(x, Elementwise::Less, -offset)?, &x.constant_like(0.0), x])
}

/// x with the diagonal of another matrix.
fn on_diagonal(x: &Tensor, diagonal: &Tensor) -> Result<Tensor> {
    Tensor::apply(Elementwise::Where, &[&place(x, Elementwise::Equal, 0)?, diagonal, x])
}

fn rows(x: &Tensor, start: usize, size: usize) -> Result<Tensor> {
    x.slice(x.ndim() - 2, start, 1, size)
}

fn columns(x: &Tensor, start: usize, size: usize) -> Result<Tensor> {
    x.slice(x.ndim() - 1, start, 1, size)
}
