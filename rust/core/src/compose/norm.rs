//! Normalisations.

use super::{float, mean};
use crate::elementwise::Elementwise;
use crate::error::{Error, Result, show_shape};
use crate::tensor::Tensor;

/// x less its mean over axes, divided by the root of its variance plus `eps`; one division for all that share a variance.
pub fn standardize(x: &Tensor, axes: &[i64], eps: f64) -> Result<Tensor> {
    let x = float(x)?;
    let centred = &x - &mean(&x, Some(axes), true)?;
    let variance = mean(&(&centred * &centred), Some(axes), true)?;
    Ok(centred * &root_reciprocal(variance, eps)?)
}

/// [`standardize`] over the last axes, those of `shape`, then times the weight plus the bias, both of that shape.
pub fn layer_norm(x: &Tensor, shape: &[usize], w: Option<&Tensor>, b: Option<&Tensor>, eps: f64) -> Result<Tensor> {
    let result = standardize(x, &axes("layer_norm", x, shape)?, eps)?;
    scaled("layer_norm", result, shape, w, b)
}

/// x divided by the root of the mean of its squares plus `eps`, over the last axes, times the weight.
pub fn rms_norm(x: &Tensor, shape: &[usize], w: Option<&Tensor>, eps: f64) -> Result<Tensor> {
    let axes = axes("rms_norm", x, shape)?;
    let x = float(x)?;
    let square = mean(&(&x * &x), Some(&axes), true)?;
    scaled("rms_norm", &x * &root_reciprocal(square, eps)?, shape, w, None)
}

fn root_reciprocal(x: Tensor, eps: f64) -> Result<Tensor> {
    Tensor::apply(Elementwise::Reciprocal, &[&(x + eps).sqrt()])
}

fn axes(op: &str, x: &Tensor, shape: &[usize]) -> Result<Vec<i64>> {
    if shape.is_empty() || !x.shape().ends_with(shape) {
        let needs = format!("an input whose last axes are {}", show_shape(shape));
        return Err(Error::shape(op, needs, show_shape(x.shape())));
    }
    Ok((-(shape.len() as i64)..0).collect())
}

fn scaled(op: &str, x: Tensor, shape: &[usize], w: Option<&Tensor>, b: Option<&Tensor>) -> Result<Tensor> {
    let mut result = x;
    for (operand, combine) in [(w, Elementwise::Mul), (b, Elementwise::Add)] {
        let Some(operand) = operand else { continue };
        if operand.shape() != shape {
            let needs = format!("a weight and a bias of shape {}", show_shape(shape));
            return Err(Error::shape(op, needs, show_shape(operand.shape())));
        }
        result = Tensor::apply(combine, &[&result, operand])?;
    }
    Ok(result)
}
