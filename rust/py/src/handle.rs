//! The Python object: a rebindable handle to a node of the graph.

use std::ffi::c_int;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};

use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyFloat, PyInt, PyTuple, PyType};
use rutile_core::capture::Origin;
use rutile_core::dtype::Kind;
use rutile_core::tensor::Tensor;
use rutile_core::{DType, ErrorKind, Scalar};

use crate::capture;
use crate::errors::OrRaise;
use crate::numbers::Number;

/// Base of `rutile.Tensor`, which adds the methods in Python.
#[pyclass(subclass, frozen, name = "TensorBase", module = "rutile._core", weakref)]
pub struct Handle {
    value: Mutex<Option<Tensor>>,
    piece: AtomicBool,
}

/// An error unless `value` has the shape, dtype and device of `own`.
fn require_like(py: Python<'_>, op: &str, own: &Tensor, value: &Tensor) -> PyResult<()> {
    if own.shape() == value.shape() && own.dtype() == value.dtype() && own.device() == value.device() {
        return Ok(());
    }
    let show =
        |t: &Tensor| format!("{} {} on {}", rutile_core::error::show_shape(t.shape()), t.dtype(), t.device().id());
    let error = rutile_core::Error::shape(op, format!("a value like the tensor, {}", show(own)), show(value));
    Err(crate::errors::raise(py, error))
}

/// The class that results are made of, and how an empty instance of it is made.
struct ResultClass {
    class: Py<PyType>,
    new: ffi::newfunc,
    no_arguments: Py<PyTuple>,
}

static RESULT_CLASS: PyOnceLock<ResultClass> = PyOnceLock::new();

#[pymethods]
impl Handle {
    #[new]
    fn new() -> Handle {
        Handle { value: Mutex::new(None), piece: AtomicBool::new(false) }
    }

    /// # Safety
    /// Called by Python with a view to fill.
    unsafe fn __getbuffer__(slf: Bound<'_, Self>, view: *mut ffi::Py_buffer, flags: c_int) -> PyResult<()> {
        // SAFETY: as for this function.
        unsafe { crate::values::fill_view(slf.py(), &slf.get().tensor()?, view, flags) }
    }

    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.tensor()?.shape())
    }

    #[getter]
    fn ndim(&self) -> PyResult<usize> {
        Ok(self.tensor()?.ndim())
    }

    #[getter]
    fn size(&self) -> PyResult<usize> {
        Ok(self.tensor()?.numel())
    }

    /// Whether this is a part of another tensor by an index, which it would not change by being changed.
    #[getter]
    pub fn is_piece(&self) -> bool {
        self.piece.load(Ordering::Relaxed)
    }

    #[getter]
    fn dtype_name(&self) -> PyResult<&'static str> {
        Ok(self.tensor()?.dtype().name())
    }

    #[getter]
    fn device(&self) -> PyResult<String> {
        Ok(self.tensor()?.device().id().to_string())
    }

    #[getter]
    fn requires_grad(&self) -> PyResult<bool> {
        Ok(self.tensor()?.requires_grad())
    }

    #[getter]
    fn is_leaf(&self) -> PyResult<bool> {
        let tensor = self.tensor()?;
        Ok(tensor.variable().is_some() || !tensor.requires_grad())
    }

    /// Whether evaluating it can be an error of what is computed, such as a singular matrix.
    #[getter]
    fn can_fail(&self) -> PyResult<bool> {
        Ok(self.tensor()?.can_fail())
    }

    #[getter]
    fn grad<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let grad = self.tensor()?.watcher().and_then(|place| place.grad());
        grad.map(|grad| wrap(py, grad)).transpose()
    }

    #[setter]
    fn set_grad(&self, py: Python<'_>, grad: Option<Bound<'_, Handle>>) -> PyResult<()> {
        let tensor = self.tensor()?;
        let Some(variable) = tensor.variable() else {
            if grad.is_none() {
                return Ok(());
            }
            return Err(PyTypeError::new_err(
                "grad needs a leaf with requires_grad=True, got a tensor without: call requires_grad_()",
            ));
        };
        let grad = grad.map(|grad| grad.get().tensor()).transpose()?;
        if let Some(grad) = &grad {
            require_like(py, "grad", &tensor, grad)?;
        }
        variable.set_grad(grad);
        Ok(())
    }

    /// Makes this handle a leaf that gradients are collected for, or one that they are not.
    #[setter]
    fn set_requires_grad(slf: &Bound<'_, Self>, requires: bool) -> PyResult<()> {
        let (py, own) = (slf.py(), slf.get());
        let tensor = own.tensor()?;
        capture::note_binding(slf, &tensor)?;
        match (requires, tensor.requires_grad(), tensor.variable()) {
            (true, true, _) | (false, false, _) => {}
            (true, false, _) => own.set(tensor.as_variable(Default::default()).or_raise(py)?),
            (false, true, Some(_)) => own.set(tensor.detach()),
            (false, true, None) => {
                let error = rutile_core::Error::new(
                    ErrorKind::Gradient,
                    "requires_grad_(False)",
                    "a leaf",
                    "a result that depends on a tensor with requires_grad=True",
                );
                return Err(crate::errors::raise(py, error.hint("use detach()")));
            }
        }
        Ok(())
    }

    /// Makes a backward pass collect this tensor's gradient in `grad` though it is no leaf.
    fn retain_grad(&self, py: Python<'_>) -> PyResult<()> {
        self.tensor()?.watch("retain_grad").or_raise(py)?.retain();
        Ok(())
    }

    #[getter]
    fn retains_grad(&self) -> PyResult<bool> {
        let tensor = self.tensor()?;
        Ok(tensor.variable().is_none() && tensor.watcher().is_some_and(|place| place.retains()))
    }

    /// The name of the op that computes this tensor, and the tensors that its gradient flows to.
    fn history<'py>(&self, py: Python<'py>) -> PyResult<(String, Vec<Bound<'py, PyAny>>)> {
        let (name, inputs) = self.tensor()?.origin();
        Ok((name, inputs.into_iter().map(|input| wrap(py, input)).collect::<PyResult<_>>()?))
    }

    /// Rebinds the handle to another value. A leaf stays the same leaf: it keeps its gradient.
    fn assign(slf: &Bound<'_, Self>, value: &Bound<'_, Handle>) -> PyResult<()> {
        let (py, own, value) = (slf.py(), slf.get().tensor()?, value.get().tensor()?);
        require_like(py, "assign_", &own, &value)?;
        capture::note_binding(slf, &own)?;
        slf.get().set(match own.variable() {
            Some(variable) => value.as_variable(variable.clone()).or_raise(py)?,
            None => value.detach(),
        });
        Ok(())
    }

    /// Rebinds the handle to another value with its history, as `x += y` does.
    fn rebind(slf: &Bound<'_, Self>, value: &Bound<'_, Handle>) -> PyResult<()> {
        // One that is being made is bound to nothing yet.
        if let Ok(former) = slf.get().tensor() {
            capture::note_binding(slf, &former)?;
        }
        slf.get().set(value.get().tensor()?);
        Ok(())
    }
}

impl Handle {
    pub fn tensor(&self) -> PyResult<Tensor> {
        let missing = || PyTypeError::new_err("a Tensor is made by rutile.tensor(...), not by calling the class");
        self.lock().clone().ok_or_else(missing)
    }

    pub fn set(&self, tensor: Tensor) {
        let former = self.lock().replace(tensor);
        self.piece.store(false, Ordering::Relaxed);
        drop(former);
    }

    fn lock(&self) -> MutexGuard<'_, Option<Tensor>> {
        self.value.lock().unwrap_or_else(|poison| poison.into_inner())
    }
}

/// Tells which subclass of `TensorBase` results shall be; called once, when the Python package is imported.
#[pyfunction]
pub fn set_result_class(class: Bound<'_, PyType>) -> PyResult<()> {
    let py = class.py();
    if !class.is_subclass_of::<Handle>()? {
        return Err(PyTypeError::new_err("results need a subclass of TensorBase"));
    }
    // SAFETY: the class is alive and a heap type, whose slots may be asked for; Py_tp_new holds a `newfunc`.
    let new = unsafe {
        let slot = ffi::PyType_GetSlot(class.as_type_ptr(), ffi::Py_tp_new);
        assert!(!slot.is_null(), "a class that can be instantiated has tp_new");
        std::mem::transmute::<*mut std::ffi::c_void, ffi::newfunc>(slot)
    };
    let no_arguments = PyTuple::empty(py).unbind();
    let _ = RESULT_CLASS.set(py, ResultClass { class: class.unbind(), new, no_arguments });
    Ok(())
}

/// A Python tensor for a node. The class is instantiated through its slot, which costs a third of calling it.
pub fn wrap(py: Python<'_>, tensor: Tensor) -> PyResult<Bound<'_, PyAny>> {
    let result = RESULT_CLASS.get(py).ok_or_else(|| PyTypeError::new_err("import rutile, not rutile._core"))?;
    // SAFETY: `new` is the class's own constructor, called as type.__call__ would; it gives a new reference or raises.
    let object = unsafe {
        let object =
            (result.new)(result.class.bind(py).as_type_ptr(), result.no_arguments.as_ptr(), std::ptr::null_mut());
        Bound::from_owned_ptr_or_err(py, object)?
    };
    // SAFETY: the class is a subclass of Handle, as was checked when it was set.
    unsafe { object.cast_unchecked::<Handle>() }.get().set(tensor);
    Ok(object)
}

/// As `wrap`, for a part of another tensor.
pub fn wrap_piece(py: Python<'_>, tensor: Tensor) -> PyResult<Bound<'_, PyAny>> {
    let object = wrap(py, tensor)?;
    object.cast::<Handle>()?.get().piece.store(true, Ordering::Relaxed);
    Ok(object)
}

/// What stands beside a tensor in an operation.
pub enum Operand {
    Tensor(Tensor),
    /// A number as float and as integer; integers beyond int64 are reinterpreted uint64, of kind Unsigned.
    Number(f64, i64, Kind),
    /// A float of an optimizer's step, and what it is known by.
    Live(f64, usize),
}

impl Operand {
    /// None for objects that are neither tensors nor numbers.
    pub fn from_object(object: &Bound<'_, PyAny>) -> PyResult<Option<Operand>> {
        if let Ok(handle) = object.cast::<Handle>() {
            return Ok(Some(Operand::Tensor(handle.get().tensor()?)));
        }
        if let Ok(value) = object.cast::<PyBool>() {
            return Ok(Some(Operand::Number(value.is_true() as i64 as f64, value.is_true() as i64, Kind::Bool)));
        }
        if let Ok(value) = object.cast::<PyFloat>() {
            return Ok(Some(Operand::Number(value.value(), 0, Kind::Float)));
        }
        if let Ok(number) = object.cast::<Number>() {
            return Ok(Some(Operand::Live(number.get().value, number.get().id)));
        }
        if object.is_instance_of::<PyInt>() {
            return Ok(Some(match object.extract::<i64>() {
                Ok(value) => Operand::Number(value as f64, value, Kind::Signed),
                Err(_) => {
                    let value: u64 = object.extract()?;
                    Operand::Number(value as f64, value as i64, Kind::Unsigned)
                }
            }));
        }
        Ok(None)
    }

    /// The operand as a tensor beside `other`.
    pub fn beside(self, py: Python<'_>, op: &str, other: &Tensor) -> PyResult<Tensor> {
        match self {
            Operand::Tensor(tensor) => Ok(tensor),
            Operand::Number(float, int, kind) => {
                let dtype = other.dtype().with_scalar(kind);
                let value =
                    if dtype.is_float() { Scalar::float(float, dtype) } else { number(py, op, int, kind, dtype)? };
                Ok(Tensor::scalar(value, other.device()))
            }
            Operand::Live(value, id) => {
                let dtype = other.dtype().with_scalar(Kind::Float);
                let scalar = Tensor::scalar(Scalar::float(value, dtype), other.device());
                rutile_core::capture::tag(&scalar, Origin::Number(id));
                Ok(scalar)
            }
        }
    }
}

/// An integer, as operands hold it, as a number of a dtype; an error where it does not fit into an integer dtype.
pub fn number(py: Python<'_>, op: &str, int: i64, kind: Kind, dtype: DType) -> PyResult<Scalar> {
    let exact = if kind == Kind::Unsigned { int as u64 as i128 } else { int as i128 };
    let bits = 8 * dtype.size() as u32;
    let (low, high) = match dtype.kind() {
        Kind::Float => return Ok(Scalar::float(exact as f64, dtype)),
        Kind::Bool => return Ok(Scalar::int(int, dtype)),
        Kind::Signed => (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1),
        Kind::Unsigned => (0, (1i128 << bits) - 1),
    };
    if !(low..=high).contains(&exact) {
        let needs = format!("an integer from {low} to {high} for {dtype}");
        return Err(crate::errors::raise(py, rutile_core::Error::value(op, needs, exact.to_string())));
    }
    Ok(Scalar::int(int, dtype))
}
