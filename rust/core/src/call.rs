//! Functions with a gradient rule of their own, written outside the engine.
//!
//! A call is a node without a value, whose inputs are what gradients flow to; each result of the function is an output of
//! it. So the gradients of all results are known when the rule is asked, once.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use smallvec::smallvec;

use crate::device::Device;
use crate::dtype::DType;
use crate::error::{Error, ErrorKind, Result, show_shape};
use crate::tensor::{Inputs, Op, Tensor, WeakTensor};

pub trait GradientRule: Send + Sync {
    /// The function's name, for errors.
    fn name(&self) -> String;

    /// Gradients for the inputs, from those of the outputs; None means zero.
    fn gradients(&self, outputs: &[Option<Tensor>]) -> Result<Vec<Option<Tensor>>>;

    /// Lets go of what the rule holds: a backward pass has used it for the last time, and its graph is being evaluated.
    fn release(&self);
}

/// Results of a function of `inputs`, of which there is at least one, as tensors whose gradients the rule computes; and the
/// call that they are outputs of.
pub fn call(results: &[Tensor], inputs: &[Tensor], rule: Arc<dyn GradientRule>) -> (WeakTensor, Vec<Tensor>) {
    let call = node(Call { outputs: results.len(), rule }, inputs.iter().cloned().collect(), inputs[0].device());
    let outputs = results.iter().enumerate().map(|(n, result)| output(&call, n, result)).collect();
    (call.downgrade(), outputs)
}

/// What a rule raises that has been let go of.
pub fn released(name: &str) -> Error {
    let got = "one that an earlier backward() used and released";
    Error::new(ErrorKind::Gradient, name, "the graph behind its result", got)
        .hint("call backward(retain_graph=True) the first time, or compute the result again")
}

pub(crate) fn node(call: Call, inputs: Inputs, device: &Device) -> Tensor {
    Tensor::new(Op::Call(call), inputs, smallvec![], DType::F32, device)
}

/// A value as output `n` of a call. Integers have no gradient, so they stay what they are.
pub fn output(call: &Tensor, n: usize, value: &Tensor) -> Tensor {
    if !value.dtype().is_float() || !call.requires_grad() {
        return value.detach();
    }
    let inputs = smallvec![call.clone(), value.clone()];
    Tensor::new(Op::Output(n), inputs, value.shape().into(), value.dtype(), value.device())
}

/// The rule of a call. All are equal to the planner, which computes nothing for them.
#[derive(Clone)]
pub(crate) struct Call {
    pub outputs: usize,
    pub rule: Arc<dyn GradientRule>,
}

impl Call {
    /// Gradients for each input, checked against it.
    pub fn gradients(&self, outputs: &[Option<Tensor>], inputs: &[Tensor]) -> Result<Vec<Option<Tensor>>> {
        let name = self.rule.name();
        let mut grads = self.rule.gradients(outputs)?;
        if grads.len() != inputs.len() {
            let needs = format!("one gradient for each of its {} inputs", inputs.len());
            return Err(Error::new(ErrorKind::Gradient, &name, needs, grads.len().to_string()));
        }
        for (grad, input) in grads.iter_mut().zip(inputs) {
            let Some(grad) = grad else { continue };
            Tensor::same_device(&name, &[grad, input])?;
            if grad.shape() != input.shape() {
                let needs = format!("a gradient of its input's shape {}", show_shape(input.shape()));
                return Err(Error::shape(&name, needs, show_shape(grad.shape())));
            }
            *grad = grad.cast(input.dtype())?;
        }
        Ok(grads)
    }
}

impl PartialEq for Call {
    fn eq(&self, _: &Call) -> bool {
        true
    }
}

impl Eq for Call {}

impl Hash for Call {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.rule.name())
    }
}
