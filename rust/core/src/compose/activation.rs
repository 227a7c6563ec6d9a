//! Activations whose plain form is more than one op.

use super::float;
use crate::elementwise::Elementwise;
use crate::error::Result;
use crate::tensor::Tensor;

/// x · Φ(x), exact by erf (Hendrycks and Gimpel, 2016).
pub fn gelu(x: &Tensor) -> Result<Tensor> {
    let x = float(x)?;
    let half = &x * 0.5;
    Ok(&half * &((&x * std::f64::consts::FRAC_1_SQRT_2).erf() + 1.0))
}

/// The approximation of [`gelu`] by tanh.
pub fn gelu_tanh(x: &Tensor) -> Result<Tensor> {
    let x = float(x)?;
    let cubic = &x + &(&x * &x * &x * 0.044715);
    let half = &x * 0.5;
    Ok(&half * &((cubic * (2.0 / std::f64::consts::PI).sqrt()).tanh() + 1.0))
}

/// 1 / (1 + exp(-x)) without overflow.
pub fn sigmoid(x: &Tensor) -> Result<Tensor> {
    // exp of minus |x| lies in (0, 1], and small results keep their relative precision.
    let x = float(x)?;
    let (zero, one) = (x.constant_like(0.0), x.constant_like(1.0));
    let negative = x.less(&zero);
    let decay = Tensor::apply(Elementwise::Where, &[&negative, &x, &-&x])?.exp();
    let top = Tensor::apply(Elementwise::Where, &[&negative, &decay, &one])?;
    Ok(top / &(decay + 1.0))
}

/// x · sigmoid(x).
pub fn silu(x: &Tensor) -> Result<Tensor> {
    let x = float(x)?;
    Ok(&x * &sigmoid(&x)?)
}
