//! Scaled dot-product attention: one op that never keeps its scores, and the plain form that it must agree with.

use serde::{Deserialize, Serialize};
use smallvec::{SmallVec, smallvec};

use crate::compose::{concat, dropout, float, select};
use crate::dtype::{DType, Scalar};
use crate::elementwise::Elementwise;
use crate::error::{Error, Result, show_shape};
use crate::kernel::{Fold, Operand};
use crate::random::Generator;
use crate::shape::{Shape, broadcast, numel};
use crate::tensor::{Inputs, Op, Tensor};

/// Options of [`attention`].
pub struct Options<'a> {
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

/// What an attention kernel computes in blocks of queries, so that scores (L, S) exist for one block at a time. A row that
/// may see nothing gives zeros.
///
/// Its operands are q (…, H, L, E), k (…, H, S, E), v (…, H, S, V); with `bias` what is added to the scores and with `factor`
/// what the weights are multiplied by, both (…, H, L, S). All are float32, and so are the results, which lie one after
/// another: softmax(q·kᵀ·scale + bias)·v in the order (…, L, H, V), then the logarithms of the sums of the exponentials of
/// the scores, (…, H, L), 0 for rows that see nothing.
///
/// The gradient also takes these logarithms, ⟨result, its gradient⟩ of each row less the gradient of its logarithm, (…, H, L)
/// both, and the gradient of the result (…, H, L, V). It gives those of q (…, L, H, E), k (…, S, H, E), v (…, S, H, V).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Attention {
    pub scale: Scalar,
    pub causal: bool,
    pub bias: bool,
    pub factor: bool,
    pub gradient: bool,
}

/// The sizes of an attention's operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Of the axes before the heads.
    pub batch: usize,
    pub heads: usize,
    /// L, S, E and V.
    pub queries: usize,
    pub keys: usize,
    pub width: usize,
    pub value_width: usize,
}

impl Sizes {
    /// By the shapes of q, k and v.
    pub fn of(q: &[usize], k: &[usize], v: &[usize]) -> Sizes {
        let last = |shape: &[usize], n: usize| shape[shape.len() - n];
        let heads = if q.len() > 2 { last(q, 3) } else { 1 };
        Sizes {
            batch: numel(&q[..q.len().saturating_sub(3)]),
            heads,
            queries: last(q, 2),
            keys: last(k, 2),
            width: last(q, 1),
            value_width: last(v, 1),
        }
    }

    pub fn of_operands(operands: &[Operand]) -> Sizes {
        Sizes::of(&operands[0].shape, &operands[1].shape, &operands[2].shape)
    }

    /// Matrices of each operand.
    pub fn matrices(&self) -> usize {
        self.batch * self.heads
    }
}

impl Attention {
    /// Elements of each result.
    pub fn results(&self, sizes: &Sizes) -> SmallVec<[usize; 3]> {
        let Sizes { queries, keys, width, value_width, .. } = *sizes;
        let each: &[usize] = match self.gradient {
            false => &[queries * value_width, queries],
            true => &[queries * width, keys * width, keys * value_width],
        };
        each.iter().map(|size| size * sizes.matrices()).collect()
    }

    /// Floating-point operations, a multiply-add counted as two.
    pub fn flops(&self, sizes: &Sizes) -> u64 {
        let Sizes { queries, keys, width, value_width, .. } = *sizes;
        let each = if self.gradient { 6 * width + 4 * value_width } else { 2 * (width + value_width) };
        let pairs = (sizes.matrices() * queries * keys) as u64 * each as u64;
        if self.causal { pairs / 2 } else { pairs }
    }

    /// The results behind each other, of operands of the given shapes.
    fn apply(self, inputs: Inputs) -> Tensor {
        let sizes = Sizes::of(inputs[0].shape(), inputs[1].shape(), inputs[2].shape());
        let len = self.results(&sizes).iter().sum();
        let device = inputs[0].device().clone();
        Tensor::new(Op::Attention(self), inputs, smallvec![len], DType::F32, &device)
    }

    /// Takes apart what `apply` gives.
    fn parts(self, packed: &Tensor, inputs: &[Tensor]) -> Result<SmallVec<[Tensor; 3]>> {
        let (q, k, v) = (&inputs[0], &inputs[1], &inputs[2]);
        let sizes = Sizes::of(q.shape(), k.shape(), v.shape());
        let rank = q.ndim();
        let value =
            |rows: &Tensor| -> Shape { rows.shape()[..rank - 1].iter().chain(v.shape().last()).copied().collect() };
        let shapes: SmallVec<[Shape; 3]> = match self.gradient {
            false => smallvec![value(q), q.shape()[..rank - 1].into()],
            true => smallvec![q.shape().into(), k.shape().into(), value(k)],
        };
        let mut start = 0;
        let part = |(mut shape, size): (Shape, usize)| {
            let piece = packed.slice(0, start, 1, size)?;
            start += size;
            if rank < 3 || shape.len() < rank {
                return Ok(piece.reshape_to(shape));
            }
            shape.swap(rank - 3, rank - 2);
            piece.reshape_to(shape).transpose(-3, -2)
        };
        shapes.into_iter().zip(self.results(&sizes)).map(part).collect()
    }

    /// The results for a batch of operands, which is their first axis, each packed by itself: (batch, packed).
    pub(crate) fn batched(self, inputs: Inputs) -> Result<Tensor> {
        let rank = inputs[0].ndim();
        let count = inputs[0].shape()[0];
        let row = |part: &Tensor| {
            let in_order = if part.ndim() == rank && rank > 3 { part.transpose(-3, -2)? } else { part.clone() };
            Ok(in_order.reshape_to(smallvec![count, part.numel() / count.max(1)]))
        };
        let parts = self.parts(&self.apply(inputs.clone()), &inputs)?;
        concat(&parts.iter().map(row).collect::<Result<Vec<Tensor>>>()?, 1)
    }

    /// The gradients for the operands, given that for the packed results.
    pub(crate) fn operand_gradients(
        self,
        g: &Tensor,
        packed: &Tensor,
        inputs: &[Tensor],
    ) -> Result<SmallVec<[Tensor; 3]>> {
        let g = self.parts(g, inputs)?;
        let mut grads = if self.gradient {
            self.second_gradients(&g, inputs)?
        } else {
            let results = self.parts(packed, inputs)?;
            let slope = (&g[0] * &results[0]).sum_keep(&[-1]).reshape_to(g[1].shape().into()) - &g[1];
            let inner = Attention { gradient: true, ..self };
            let operands: Inputs = inputs.iter().cloned().chain([results[1].clone(), slope, g[0].clone()]).collect();
            inner.parts(&inner.apply(operands.clone()), &operands)?
        };
        // Of the bias and the factor none is asked for.
        let others = self.bias as usize + self.factor as usize;
        grads.insert_many(3, inputs[3..3 + others].iter().cloned());
        Ok(grads)
    }

    /// What the gradients of the gradients of q, k and v are, as ordinary nodes: of q, k, v, the logarithms, the slopes and
    /// the result's gradient.
    fn second_gradients(self, of: &[Tensor], inputs: &[Tensor]) -> Result<SmallVec<[Tensor; 3]>> {
        let transposed = |x: &Tensor| x.transpose(-1, -2);
        let rows = |x: &Tensor| x.unsqueeze(-1);
        let (q, k, v) = (&inputs[0], &inputs[1], &inputs[2]);
        let others = 3 + self.bias as usize + self.factor as usize;
        let factor = self.factor.then(|| &inputs[others - 1]);
        let weighted = |x: Tensor| factor.map_or_else(|| x.clone(), |factor| &x * factor);
        let (logarithm, slope, g) = (&inputs[others], rows(&inputs[others + 1])?, &inputs[others + 2]);
        let scale = Tensor::constant(self.scale, q.device());
        let scores = self.scores(q, k, self.bias.then(|| &inputs[3]))?;
        let weights = (&scores - &rows(logarithm)?).exp();
        let above = &weighted(g.dot(&transposed(v)?)) - &slope;
        let of_scores = &(&weights * &above) * &scale;
        // Through q' = s'·k, k' = s'ᵀ·q and v' = weightsᵀ·g, where s' is what the scores get.
        let z = &(&of[0].dot(&transposed(k)?) + &q.dot(&transposed(&of[1])?)) * &scale;
        let value_weights = g.dot(&transposed(&of[2])?);
        let through_g = weighted(&z * &weights);
        let of_exponents = &(&(&z * &above) + &weighted(value_weights)) * &weights;
        let through_scores = &of_exponents * &scale;
        let of_q = &of_scores.dot(&of[1]) + &through_scores.dot(k);
        let of_k = &transposed(&of_scores)?.dot(&of[0]) + &transposed(&through_scores)?.dot(q);
        let of_v = transposed(&through_g)?.dot(g);
        let of_g = &weighted(weights.clone()).dot(&of[2]) + &through_g.dot(v);
        let summed = |x: &Tensor| -> Tensor { -&x.sum_keep(&[-1]).reshape_to(logarithm.shape().into()) };
        Ok(smallvec![of_q, of_k, of_v, summed(&of_exponents), summed(&(&z * &weights)), of_g])
    }

    /// q·kᵀ·scale + bias, minus infinity for keys that a query may not see.
    fn scores(self, q: &Tensor, k: &Tensor, bias: Option<&Tensor>) -> Result<Tensor> {
        let mut scores = q.dot(&k.transpose(-1, -2)?) * &Tensor::constant(self.scale, q.device());
        if self.causal {
            let lowest = scores.constant_like(f64::NEG_INFINITY);
            scores = select(&up_to_diagonal(q, k)?, &scores, &lowest)?;
        }
        Ok(bias.map_or_else(|| scores.clone(), |bias| &scores + bias))
    }
}

/// Buffers that the gradient has beside those of bias and factor.
const BUFFERS: usize = 7;
/// Fewer queries than these, as where a text is continued word by word, are products of vectors: the plain form.
const FEWEST_QUERIES: usize = 8;

/// softmax(q·kᵀ·scale + mask)·v for q (…, H, L, E), k (…, H, S, E), v (…, H, S, V): (…, H, L, V).
/// A row that may see nothing gives zeros.
pub fn attention(q: &Tensor, k: &Tensor, v: &Tensor, options: &Options, generator: &mut Generator) -> Result<Tensor> {
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
    let dtype = q.dtype().promote(k.dtype()).promote(v.dtype());
    let sizes = Sizes::of(q.shape(), k.shape(), v.shape());
    let learns_mask = options.mask.is_some_and(Tensor::requires_grad);
    let capabilities = q.device().backend().capabilities();
    let buffers = BUFFERS + options.mask.is_some() as usize + (options.dropout > 0.0) as usize;
    let fits = sizes.width.max(sizes.value_width) <= capabilities.attention
        && buffers <= capabilities.max_buffers
        && sizes.queries >= FEWEST_QUERIES
        && sizes.keys > 0
        && v.shape()[v.ndim() - 2] == sizes.keys;
    if fits && dtype != DType::F64 && !learns_mask {
        return in_blocks(op, [&q, &k, &v], scale, dtype, options, generator);
    }
    plain(&q, &k, &v, scale, options, generator)
}

/// By the op.
fn in_blocks(
    op: &str,
    matrices: [&Tensor; 3],
    scale: f64,
    dtype: DType,
    options: &Options,
    generator: &mut Generator,
) -> Result<Tensor> {
    let [q, k, _] = matrices;
    let (rows, keys) = (q.shape()[q.ndim() - 2], k.shape()[k.ndim() - 2]);
    let mut batch = Shape::new();
    for x in matrices {
        batch = broadcast(op, &batch, &x.shape()[..x.ndim() - 2])?;
    }
    let pairs: Shape = batch.iter().copied().chain([rows, keys]).collect();
    if let Some(mask) = options.mask {
        // What the plain form would give.
        let whole = broadcast(op, &pairs, mask.shape())?;
        batch = whole[..whole.len() - 2].into();
    }
    let pairs: Shape = batch.iter().copied().chain([rows, keys]).collect();
    let whole = |x: &Tensor| {
        let shape: Shape = batch.iter().chain(&x.shape()[x.ndim() - 2..]).copied().collect();
        x.cast(DType::F32)?.expand(&shape)
    };
    let mut inputs = matrices.into_iter().map(whole).collect::<Result<Inputs>>()?;
    if let Some(mask) = options.mask {
        let bias = match mask.dtype() {
            DType::Bool => {
                let number = |value: f64| Tensor::constant(Scalar::float(value, DType::F32), mask.device());
                select(mask, &number(0.0), &number(f64::NEG_INFINITY))?
            }
            _ => mask.cast(DType::F32)?,
        };
        inputs.push(bias.expand(&pairs)?);
    }
    if options.dropout > 0.0 {
        let ones = Tensor::constant(Scalar::int(1, DType::F32), q.device()).expand(&pairs)?;
        inputs.push(dropout(&ones, options.dropout, generator)?);
    }
    let spec = Attention {
        scale: Scalar::float(scale, DType::F32),
        causal: options.causal,
        bias: options.mask.is_some(),
        factor: options.dropout > 0.0,
        gradient: false,
    };
    spec.parts(&spec.apply(inputs.clone()), &inputs)?.swap_remove(0).cast(dtype)
}

/// By products and a softmax.
fn plain(
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    scale: f64,
    options: &Options,
    generator: &mut Generator,
) -> Result<Tensor> {
    let mut scores = q.matmul(&k.transpose(-1, -2)?)? * scale;
    if scores.numel() == 0 {
        return scores.matmul(v);
    }
    let lowest = scores.constant_like(f64::NEG_INFINITY);
    if options.causal {
        scores = select(&up_to_diagonal(q, k)?, &scores, &lowest)?;
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
    weights.matmul(v)
}

/// Whether a query may see a key under a causal mask, (L, S).
fn up_to_diagonal(q: &Tensor, k: &Tensor) -> Result<Tensor> {
    let (rows, columns) = (q.shape()[q.ndim() - 2], k.shape()[k.ndim() - 2]);
    let row = Tensor::iota(rows, q.device()).reshape(&[rows as i64, 1])?;
    Tensor::apply(Elementwise::LessEqual, &[&Tensor::iota(columns, q.device()), &row])
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
