//! The engine's errors as Python exceptions.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple, PyType};
use rutile_core::ErrorKind;

struct Exceptions {
    shape: Py<PyType>,
    dtype: Py<PyType>,
    argument: Py<PyType>,
    index: Py<PyType>,
    device: Py<PyType>,
    memory: Py<PyType>,
    gradient: Py<PyType>,
    linalg: Py<PyType>,
    tracing: Py<PyType>,
}

static EXCEPTIONS: PyOnceLock<Exceptions> = PyOnceLock::new();

/// Adds the exception classes to the module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    let builtins = py.import("builtins")?;
    let class = |name: &str, doc: &str, bases: Vec<Bound<'_, PyAny>>| -> PyResult<Py<PyType>> {
        let body = PyDict::new(py);
        body.set_item("__doc__", doc)?;
        body.set_item("__module__", "rutile")?;
        let class = py.get_type::<PyType>().call1((name, PyTuple::new(py, bases)?, body))?;
        module.add(name, &class)?;
        Ok(class.cast_into::<PyType>()?.unbind())
    };
    let builtin = |name: &str| builtins.getattr(name);
    let root =
        class("RutileError", "Base of all exceptions that rutile raises on purpose.", vec![builtin("Exception")?])?;
    let under =
        |name: &str, doc: &str, base: &str| class(name, doc, vec![root.bind(py).clone().into_any(), builtin(base)?]);
    let device = under("DeviceError", "A device is missing, lost or cannot do what is asked.", "RuntimeError")?;
    let memory = class(
        "OutOfMemoryError",
        "A device has no memory left; what was computed before is intact.",
        vec![device.bind(py).clone().into_any(), builtin("MemoryError")?],
    )?;
    let exceptions = Exceptions {
        shape: under("ShapeError", "Shapes do not fit the operation.", "ValueError")?,
        dtype: under("DTypeError", "A dtype does not fit the operation or the device.", "TypeError")?,
        argument: under("ArgumentError", "An argument has a value that the operation cannot take.", "ValueError")?,
        index: under("OutOfRangeError", "An index or axis lies outside the tensor.", "IndexError")?,
        gradient: under("GradientError", "A gradient does not exist.", "RuntimeError")?,
        linalg: under("LinAlgError", "A matrix has no inverse, or not the factors that are asked for.", "ValueError")?,
        tracing: under("TracingError", "A value was asked for inside vmap, where there is none yet.", "RuntimeError")?,
        device,
        memory,
    };
    let _ = EXCEPTIONS.set(py, exceptions);
    Ok(())
}

/// The Python exception for an error of the engine.
pub fn raise(py: Python<'_>, error: rutile_core::Error) -> PyErr {
    if let Some(raised) = error.cause.as_ref().and_then(|cause| cause.0.downcast_ref::<PyErr>()) {
        return raised.clone_ref(py);
    }
    let known = EXCEPTIONS.get(py).expect("exceptions are registered when the module is made");
    let class = match error.kind {
        ErrorKind::Shape => &known.shape,
        ErrorKind::DType => &known.dtype,
        ErrorKind::Value => &known.argument,
        ErrorKind::Index => &known.index,
        ErrorKind::Device => &known.device,
        ErrorKind::OutOfMemory => &known.memory,
        ErrorKind::Linalg => &known.linalg,
        ErrorKind::Gradient | ErrorKind::Raised => &known.gradient,
        ErrorKind::Tracing => &known.tracing,
    };
    PyErr::from_type(class.bind(py).clone(), error.to_string())
}

/// Turns engine results into Python results.
pub trait OrRaise<T> {
    fn or_raise(self, py: Python<'_>) -> PyResult<T>;
}

impl<T> OrRaise<T> for rutile_core::Result<T> {
    fn or_raise(self, py: Python<'_>) -> PyResult<T> {
        self.map_err(|error| raise(py, error))
    }
}
