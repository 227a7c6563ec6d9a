//! Gradients: backward and forward mode, hooks, functions with rules of their own, checkpoints, vectorised functions.

use std::sync::{Arc, Mutex, MutexGuard, Weak};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use rutile_core::call::GradientRule;
use rutile_core::tensor::WeakTensor;
use rutile_core::variable::{Hook, Variable, When};
use rutile_core::vmap::{Batch as CoreBatch, Randomness};
use rutile_core::{Backward, Error, Tensor, grad, tensor};

use crate::errors::OrRaise;
use crate::handle::{Handle, wrap};
use crate::values::tensors;

type Object<'py> = Bound<'py, PyAny>;
type Seeds<'py> = Vec<Option<Bound<'py, Handle>>>;

fn seeds(list: &Seeds<'_>) -> PyResult<Vec<Option<Tensor>>> {
    list.iter().map(|seed| seed.as_ref().map(|handle| handle.get().tensor()).transpose()).collect()
}

fn wrapped(py: Python<'_>, tensors: Vec<Tensor>) -> PyResult<Vec<Object<'_>>> {
    tensors.into_iter().map(|tensor| wrap(py, tensor)).collect()
}

fn wrapped_if_any(py: Python<'_>, tensors: Vec<Option<Tensor>>) -> PyResult<Vec<Option<Object<'_>>>> {
    tensors.into_iter().map(|tensor| tensor.map(|tensor| wrap(py, tensor)).transpose()).collect()
}

#[pyfunction]
#[pyo3(signature = (roots, gradients, retain_graph=false, create_graph=false, inputs=None))]
pub fn backward(
    py: Python<'_>,
    roots: Vec<Bound<'_, Handle>>,
    gradients: Seeds<'_>,
    retain_graph: bool,
    create_graph: bool,
    inputs: Option<Vec<Bound<'_, Handle>>>,
) -> PyResult<()> {
    let inputs = inputs.map(|inputs| tensors(&inputs)).transpose()?;
    let options = Backward { retain_graph, create_graph, inputs: inputs.as_deref() };
    rutile_core::backward(&tensors(&roots)?, &seeds(&gradients)?, options).or_raise(py)
}

/// Gradients, with zeros where no root depends on an input; every root must depend on something.
#[pyfunction]
pub fn gradients<'py>(
    py: Python<'py>,
    roots: Vec<Bound<'py, Handle>>,
    gradients: Seeds<'py>,
    inputs: Vec<Bound<'py, Handle>>,
) -> PyResult<Vec<Object<'py>>> {
    let (roots, gradients, inputs) = (tensors(&roots)?, seeds(&gradients)?, tensors(&inputs)?);
    wrapped(py, rutile_core::gradients(&roots, &gradients, &inputs).or_raise(py)?)
}

/// Gradients, with None where no root depends on an input.
#[pyfunction]
pub fn gradients_if_any<'py>(
    py: Python<'py>,
    roots: Vec<Bound<'py, Handle>>,
    gradients: Seeds<'py>,
    inputs: Vec<Bound<'py, Handle>>,
) -> PyResult<Vec<Option<Object<'py>>>> {
    let (roots, gradients, inputs) = (tensors(&roots)?, seeds(&gradients)?, tensors(&inputs)?);
    wrapped_if_any(py, grad::gradients_if_any(&roots, &gradients, &inputs).or_raise(py)?)
}

/// Directional derivatives of results along directions of the leaves that they were computed from.
#[pyfunction]
pub fn tangents<'py>(
    py: Python<'py>,
    results: Vec<Bound<'py, Handle>>,
    leaves: Vec<Bound<'py, Handle>>,
    directions: Vec<Bound<'py, Handle>>,
) -> PyResult<Vec<Object<'py>>> {
    let (results, leaves, directions) = (tensors(&results)?, tensors(&leaves)?, tensors(&directions)?);
    wrapped(py, grad::tangents(&results, &leaves, &directions).or_raise(py)?)
}

/// A node to differentiate for, with the value of x: a leaf, unless x has a history, which it then keeps.
#[pyfunction]
pub fn traced<'py>(py: Python<'py>, x: &Bound<'py, Handle>) -> PyResult<Object<'py>> {
    let x = x.get().tensor()?;
    let leaf = if x.requires_grad() { x.fresh() } else { x.as_variable(Default::default()).or_raise(py)? };
    wrap(py, leaf)
}

/// Tensors without the history that ends in leaves alone.
#[pyfunction]
pub fn closed<'py>(
    py: Python<'py>,
    handles: Vec<Bound<'py, Handle>>,
    leaves: Vec<Bound<'py, Handle>>,
) -> PyResult<Vec<Object<'py>>> {
    let leaves = tensors(&leaves)?;
    wrapped(py, grad::closed(&tensors(&handles)?, &leaves))
}

/// Whether ops on this thread record gradients; returns the former setting.
#[pyfunction]
pub fn set_grad_enabled(enabled: bool) -> bool {
    tensor::set_grad_enabled(enabled)
}

#[pyfunction]
pub fn grad_enabled() -> bool {
    tensor::grad_enabled()
}

/// What Python raised, on its way through the engine.
fn raised(py: Python<'_>, error: PyErr) -> Error {
    let text = error.value(py).to_string();
    Error::raised(error, text)
}

/// A tensor or None.
fn tensor_if_any(op: &str, object: &Object<'_>) -> PyResult<Option<Tensor>> {
    if object.is_none() {
        return Ok(None);
    }
    match object.cast::<Handle>() {
        Ok(handle) => handle.get().tensor().map(Some),
        Err(_) => {
            let got = object.get_type().name()?;
            Err(PyTypeError::new_err(format!("{op} needs to return tensors or None, got {got}")))
        }
    }
}

/// Takes a hook away again; the hook also goes when the tensor does.
#[pyclass(frozen, module = "rutile")]
pub struct RemovableHandle {
    variable: Weak<Variable>,
    number: u64,
}

#[pymethods]
impl RemovableHandle {
    /// Takes the hook away.
    fn remove(&self) {
        if let Some(variable) = self.variable.upgrade() {
            variable.remove_hook(self.number);
        }
    }

    fn __enter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_error))]
    fn __exit__(&self, _error: &Object<'_>) {
        self.remove();
    }
}

/// Calls a function with the tensor's gradient: when it is known, or after it has been collected.
#[pyfunction]
pub fn add_hook(py: Python<'_>, x: &Bound<'_, Handle>, hook: Py<PyAny>, collected: bool) -> PyResult<RemovableHandle> {
    let tensor = x.get().tensor()?;
    let variable = tensor.watch("a hook").or_raise(py)?;
    let call = move |grad: &Tensor| {
        Python::attach(|py| {
            let result = wrap(py, grad.clone()).and_then(|grad| hook.bind(py).call1((grad,)));
            result.and_then(|result| tensor_if_any("a hook", &result)).map_err(|error| raised(py, error))
        })
    };
    let when = if collected { When::Collected } else { When::Known };
    let number = variable.add_hook(when, Arc::new(call) as Hook);
    Ok(RemovableHandle { variable: Arc::downgrade(variable), number })
}

/// A gradient rule that is a Python function of the outputs' gradients.
struct PythonRule {
    name: String,
    rule: Mutex<Option<Py<PyAny>>>,
}

impl PythonRule {
    fn rule(&self) -> MutexGuard<'_, Option<Py<PyAny>>> {
        self.rule.lock().unwrap_or_else(|poison| poison.into_inner())
    }
}

impl GradientRule for PythonRule {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn gradients(&self, outputs: &[Option<Tensor>]) -> rutile_core::Result<Vec<Option<Tensor>>> {
        Python::attach(|py| {
            let Some(rule) = self.rule().as_ref().map(|rule| rule.clone_ref(py)) else {
                return Err(rutile_core::call::released(&self.name));
            };
            let ask = || {
                let grads = rule.bind(py).call1((wrapped_if_any(py, outputs.to_vec())?,))?;
                grads.try_iter()?.map(|grad| tensor_if_any(&self.name, &grad?)).collect::<PyResult<Vec<_>>>()
            };
            ask().map_err(|error| raised(py, error))
        })
    }

    fn release(&self) {
        let rule = self.rule().take();
        drop(rule);
    }
}

/// Results of a function of inputs, as tensors whose gradients a Python function computes.
#[pyfunction]
pub fn call<'py>(
    py: Python<'py>,
    name: String,
    results: Vec<Bound<'py, Handle>>,
    inputs: Vec<Bound<'py, Handle>>,
    rule: Py<PyAny>,
) -> PyResult<(CallReference, Vec<Object<'py>>)> {
    let rule = Arc::new(PythonRule { name, rule: Mutex::new(Some(rule)) });
    let (call, outputs) = rutile_core::call::call(&tensors(&results)?, &tensors(&inputs)?, rule);
    Ok((CallReference { call }, wrapped(py, outputs)?))
}

/// A call, for its own rule, which it holds.
#[pyclass(frozen, module = "rutile._core")]
pub struct CallReference {
    call: WeakTensor,
}

#[pymethods]
impl CallReference {
    /// A value as output n of the call, if that is still there.
    fn output<'py>(&self, py: Python<'py>, n: usize, value: &Bound<'py, Handle>) -> PyResult<Object<'py>> {
        let value = value.get().tensor()?;
        wrap(
            py,
            match self.call.upgrade() {
                Some(call) => rutile_core::call::output(&call, n, &value),
                None => value,
            },
        )
    }
}

/// The least number that a node made from now on can have.
#[pyfunction]
pub fn next_id() -> u64 {
    tensor::next_id()
}

/// The results of a function that was called when `next_id` gave `oldest`: what lies between is computed again for gradients.
#[pyfunction]
pub fn checkpoint<'py>(py: Python<'py>, results: Vec<Bound<'py, Handle>>, oldest: u64) -> PyResult<Vec<Object<'py>>> {
    wrapped(py, rutile_core::checkpoint::checkpoint(&tensors(&results)?, oldest).or_raise(py)?)
}

/// One call of a vectorised function.
#[pyclass(frozen, module = "rutile._core")]
pub struct Batch {
    batch: Arc<CoreBatch>,
}

#[pymethods]
impl Batch {
    #[new]
    fn new(py: Python<'_>, size: usize, randomness: &str) -> PyResult<Batch> {
        let randomness = Randomness::from_name(randomness).or_raise(py)?;
        Ok(Batch { batch: CoreBatch::new(size, randomness) })
    }

    /// A placeholder for one element of a tensor whose first axis is the batch.
    fn one<'py>(&self, py: Python<'py>, all: &Bound<'py, Handle>) -> PyResult<Object<'py>> {
        wrap(py, self.batch.one(&all.get().tensor()?).or_raise(py)?)
    }

    /// Calls the function to be vectorised.
    fn call<'py>(&self, function: &Object<'py>) -> PyResult<Object<'py>> {
        self.batch.call(|| function.call0())
    }

    /// What a tensor is for all elements, or None if it is the same for all.
    fn all<'py>(&self, py: Python<'py>, one: &Bound<'py, Handle>) -> PyResult<Option<Object<'py>>> {
        self.batch.all(&one.get().tensor()?).or_raise(py)?.map(|all| wrap(py, all)).transpose()
    }
}
