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

/// x · sigmoid(x).
pub fn silu(x: &Tensor) -> Result<Tensor> {
    let x = float(x)?;
    Ok(&x * &Tensor::apply(Elementwise::Sigmoid, &[&x])?)
}
