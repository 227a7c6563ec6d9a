//! Scaled dot-product attention in its plain form: the definition that any special kernel must agree with.

use super::{dropout, float, select};
use crate::dtype::DType;
use crate::elementwise::Elementwise;
use crate::error::{Error, Result, show_shape};
use crate::kernel::Fold;
use crate::random::Generator;
use crate::tensor::Tensor;

/// Options of [`attention`].
pub struct Attention<'a> {
    /// Bool (true: may be seen) or float (added to the scores); broadcasts to (…, H, L, S).
    pub mask: Option<&'a Tensor>,
    /// Row i of the queries sees the keys up to i.
    pub causal: bool,
    /// Factor of the scores; None: 1 / √E.
    pub scale: Option<f64>,
    pub dropout: f64,
    /// Keys and values may have fewer heads, each shared by a group of query heads.
    pub grouped: bool,
}

/// softmax(q·kᵀ·scale + mask)·v for q (…, H, L, E), k (…, H, S, E), v (…, H, S, V): (…, H, L, V).
/// A row that may see nothing gives zeros.
pub fn attention(q: &Tensor, k: &Tensor, v: &Tensor, options: &Attention, generator: &mut Generator) -> Result<Tensor> {
    let op = "scaled_dot_product_attention";
    let got =
        || format!("query {}, key {}, value {}", show_shape(q.shape()), show_shape(k.shape()), show_shape(v.shape()));
    if q.ndim() < 2 || k.ndim() < 2 || v.ndim() < 2 || q.shape().last() != k.shape().last() {
        return Err(Error::shape(op, "query (…, L, E), key (…, S, E), value (…, S, V)", got()));
    }
    let (q, k, v) = (float(q)?, float(k)?, float(v)?);
    let (k, v) = if options.grouped { (shared(op, &q, &k)?, shared(op, &q, &v)?) } else { (k, v) };
    let width = q.shape()[q.ndim() - 1];
    let scale = options.scale.unwrap_or(1.0 / (width as f64).sqrt());
    let mut scores = q.matmul(&k.transpose(-1, -2)?)? * scale;
    let lowest = scores.constant_like(f64::NEG_INFINITY);
    if options.causal {
        let (rows, columns) = (q.shape()[q.ndim() - 2], k.shape()[k.ndim() - 2]);
        let row = Tensor::iota(rows, q.device()).reshape(&[rows as i64, 1])?;
        let seen = Tensor::apply(Elementwise::LessEqual, &[&Tensor::iota(columns, q.device()), &row])?;
        scores = select(&seen, &scores, &lowest)?;
    }
    match options.mask {
        Some(mask) if mask.dtype() == DType::Bool => scores = select(mask, &scores, &lowest)?,
        Some(mask) => scores = Tensor::apply(Elementwise::Add, &[&scores, mask])?,
        None => {}
    }
    let greatest = scores.detach().reduce(Fold::Max, Some(&[-1]), true)?;
    let visible = lowest.less(&greatest);
    let zero = scores.constant_like(0.0);
    let exps = (&scores - &select(&visible, &greatest, &zero)?).exp();
    let total = select(&visible, &exps.sum_keep(&[-1]), &zero.constant_like(1.0))?;
    let weights = &exps / &total;
    let weights = if options.dropout > 0.0 { dropout(&weights, options.dropout, generator)? } else { weights };
    weights.matmul(&v)
}

/// Keys or values repeated so that each query head has its own.
fn shared(op: &str, q: &Tensor, x: &Tensor) -> Result<Tensor> {
    let rank = x.ndim();
    if rank < 3
        || q.ndim() < 3
        || x.shape()[rank - 3] == 0
        || !q.shape()[q.ndim() - 3].is_multiple_of(x.shape()[rank - 3])
    {
        let got = format!("query {} and key or value {}", show_shape(q.shape()), show_shape(x.shape()));
        return Err(Error::shape(op, "a number of query heads that the number of key and value heads divides", got));
    }
    let repeats = q.shape()[q.ndim() - 3] / x.shape()[rank - 3];
    let mut shape: Vec<usize> = x.shape().to_vec();
    shape.insert(rank - 2, repeats);
    let spread = x.unsqueeze(rank as i64 - 2)?.expand(&shape)?;
    let mut joined: Vec<i64> = x.shape().iter().map(|&size| size as i64).collect();
    joined[rank - 3] *= repeats as i64;
    spread.reshape(&joined)
}
