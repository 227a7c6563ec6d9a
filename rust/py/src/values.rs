//! Values in and out of the graph: host data, evaluation.

use std::ffi::{CString, c_int, c_void};
use std::ptr::null_mut;

use pyo3::buffer::PyBuffer;
use pyo3::exceptions::{PyBufferError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyMemoryView};
use rutile_core::attention::Options;
use rutile_core::backend::{HostMemory, Storage};
use rutile_core::dtype::Kind;
use rutile_core::{DType, Scalar, Tensor, compose};

use crate::devices;
use crate::errors::OrRaise;
use crate::handle::{Handle, Operand, number, wrap};
use crate::random;
use crate::verbs::dtype;

/// Bytes that a memoryview keeps in place.
struct View {
    start: usize,
    len: usize,
    /// Given back by PyO3 when Python next runs, if the last tensor is dropped while it does not.
    _view: Py<PyMemoryView>,
}

impl HostMemory for View {
    fn bytes(&self) -> &[u8] {
        // SAFETY: the view keeps `len` bytes at `start`; who asks for sharing promises that nobody writes to them.
        unsafe { std::slice::from_raw_parts(self.start as *const u8, self.len) }
    }
}

/// A tensor from the bytes of a contiguous buffer: copied, or read where they lie if the device can.
#[pyfunction]
#[pyo3(signature = (object, shape, dtype_name, device=None, share=false))]
pub fn from_buffer<'py>(
    py: Python<'py>,
    object: &Bound<'py, PyAny>,
    shape: Vec<usize>,
    dtype_name: &str,
    device: Option<&str>,
    share: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let buffer = PyBuffer::<u8>::get(object)?;
    if !buffer.is_c_contiguous() {
        return Err(PyBufferError::new_err("tensor needs a C-contiguous buffer"));
    }
    let (device, dtype) = (devices::resolve(py, device)?, dtype(dtype_name)?);
    let (start, len) = (buffer.buf_ptr() as usize, buffer.len_bytes());
    if share && len > 0 {
        let memory = Box::new(View { start, len, _view: PyMemoryView::from(object)?.unbind() });
        return wrap(py, Tensor::from_memory(memory, &shape, dtype, &device).or_raise(py)?);
    }
    let tensor = py.detach(|| {
        // SAFETY: the buffer is contiguous, holds `len` bytes and stays exported until `buffer` is dropped below.
        let bytes = unsafe { std::slice::from_raw_parts(start as *const u8, len) };
        Tensor::from_bytes(if len == 0 { &[] } else { bytes }, &shape, dtype, &device)
    });
    drop(buffer);
    wrap(py, tensor.or_raise(py)?)
}

/// One value everywhere; a run-time number, so that other values make no other plan.
#[pyfunction]
#[pyo3(signature = (shape, value, dtype_name=None, device=None))]
pub fn full<'py>(
    py: Python<'py>,
    shape: Vec<usize>,
    value: &Bound<'py, PyAny>,
    dtype_name: Option<&str>,
    device: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let default = match () {
        _ if value.is_instance_of::<PyBool>() => rutile_core::DType::Bool,
        _ if value.is_instance_of::<PyFloat>() => rutile_core::DType::F32,
        _ => rutile_core::DType::I32,
    };
    let dtype = dtype_name.map(dtype).transpose()?.unwrap_or(default);
    let scalar = match (dtype.kind(), Operand::from_object(value)?) {
        (Kind::Bool, _) => Scalar::int(value.is_truthy()? as i64, dtype),
        (_, Some(Operand::Number(_, int, kind))) if kind != Kind::Float => number(py, "full", int, kind, dtype)?,
        _ => Scalar::float(value.extract()?, dtype),
    };
    wrap(py, Tensor::full(&shape, scalar, &devices::resolve(py, device)?).or_raise(py)?)
}

/// 0, 1, …, n - 1 as int32.
#[pyfunction]
#[pyo3(signature = (n, device=None))]
pub fn iota<'py>(py: Python<'py>, n: usize, device: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
    wrap(py, Tensor::iota(n, &devices::resolve(py, device)?))
}

#[pyfunction]
#[pyo3(signature = (x, device, /))]
pub fn to_device<'py>(py: Python<'py>, x: &Bound<'py, Handle>, device: &str) -> PyResult<Bound<'py, PyAny>> {
    wrap(py, x.get().tensor()?.to_device(&devices::resolve(py, Some(device))?).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (x, /))]
pub fn detach<'py>(py: Python<'py>, x: &Bound<'py, Handle>) -> PyResult<Bound<'py, PyAny>> {
    wrap(py, x.get().tensor()?.detach())
}

/// Another handle to the same node.
#[pyfunction]
#[pyo3(signature = (x, /))]
pub fn alias<'py>(py: Python<'py>, x: &Bound<'py, Handle>) -> PyResult<Bound<'py, PyAny>> {
    wrap(py, x.get().tensor()?)
}

pub fn tensors(handles: &[Bound<'_, Handle>]) -> PyResult<Vec<Tensor>> {
    handles.iter().map(|handle| handle.get().tensor()).collect()
}

#[pyfunction]
#[pyo3(signature = (handles, /))]
pub fn eval(py: Python<'_>, handles: Vec<Bound<'_, Handle>>) -> PyResult<()> {
    let tensors = tensors(&handles)?;
    py.detach(|| rutile_core::eval(&tensors)).or_raise(py)
}

/// The plan that evaluating these tensors would run, as JSON.
#[pyfunction]
#[pyo3(signature = (handles, /))]
pub fn plan_json(py: Python<'_>, handles: Vec<Bound<'_, Handle>>) -> PyResult<String> {
    let tensors = tensors(&handles)?;
    let plan = py.detach(|| Tensor::explain(&tensors)).or_raise(py)?;
    Ok(plan.to_json())
}

/// The only element as a Python number.
#[pyfunction]
#[pyo3(signature = (x, /))]
pub fn item<'py>(py: Python<'py>, x: &Bound<'py, Handle>) -> PyResult<Bound<'py, PyAny>> {
    let tensor = x.get().tensor()?;
    let value = py.detach(|| tensor.item()).or_raise(py)?;
    Ok(match value.dtype.kind() {
        Kind::Float => value.as_f64().into_pyobject(py)?.into_any(),
        Kind::Bool => PyBool::new(py, value.is(1)).to_owned().into_any(),
        Kind::Unsigned => value.as_u64().into_pyobject(py)?.into_any(),
        Kind::Signed => value.as_i64().into_pyobject(py)?.into_any(),
    })
}

/// A tensor's elements, read-only: its own memory on the CPU, a copy elsewhere; as bytes, or with their layout.
#[pyclass(frozen, module = "rutile._core")]
pub struct HostBuffer {
    bytes: Bytes,
    /// Letters of the `struct` module for an element.
    format: CString,
    itemsize: isize,
    shape: Vec<isize>,
    strides: Vec<isize>,
}

pub enum Bytes {
    Shared(Storage),
    Copied(Vec<u8>),
}

impl HostBuffer {
    /// All elements as one row of bytes.
    fn flat(bytes: Bytes) -> HostBuffer {
        let shape = vec![bytes.get().len() as isize];
        HostBuffer { bytes, format: c"B".to_owned(), itemsize: 1, shape, strides: vec![1] }
    }

    /// The elements of a tensor in its shape; None for a dtype that the `struct` module lacks.
    fn shaped(py: Python<'_>, tensor: &Tensor) -> PyResult<Option<HostBuffer>> {
        let format = match tensor.dtype() {
            DType::Bool => c"?",
            DType::I8 => c"b",
            DType::I16 => c"h",
            DType::I32 => c"i",
            DType::I64 => c"q",
            DType::U8 => c"B",
            DType::U16 => c"H",
            DType::U32 => c"I",
            DType::U64 => c"Q",
            DType::F16 => c"e",
            DType::F32 => c"f",
            DType::F64 => c"d",
            DType::BF16 => return Ok(None),
        };
        let itemsize = tensor.dtype().size() as isize;
        let shape: Vec<isize> = tensor.shape().iter().map(|&size| size as isize).collect();
        let mut strides = vec![itemsize; shape.len()];
        for axis in (1..shape.len()).rev() {
            strides[axis - 1] = strides[axis] * shape[axis];
        }
        let bytes = Bytes::of(py, tensor)?;
        Ok(Some(HostBuffer { bytes, format: format.to_owned(), itemsize, shape, strides }))
    }
}

/// Fills a view of a tensor on the CPU, which a `HostBuffer` owns.
///
/// # Safety
/// `view` is one that Python gave to be filled.
pub unsafe fn fill_view(py: Python<'_>, tensor: &Tensor, view: *mut ffi::Py_buffer, flags: c_int) -> PyResult<()> {
    // SAFETY: the view is valid; after an error its object is null.
    unsafe { (*view).obj = std::ptr::null_mut() };
    if !tensor.device().backend().capabilities().host_memory {
        let device = tensor.device().id();
        let text = format!("memoryview needs a tensor on the cpu, got one on {device}: move it with .cpu()");
        return Err(PyBufferError::new_err(text));
    }
    let Some(buffer) = HostBuffer::shaped(py, tensor)? else {
        let text = "memoryview needs a dtype that Python has, got bfloat16: convert it with .astype(rutile.float32)";
        return Err(PyBufferError::new_err(text));
    };
    let buffer = Bound::new(py, buffer)?;
    // SAFETY: both are alive, and Python gave the view.
    let status = unsafe { ffi::PyObject_GetBuffer(buffer.as_ptr(), view, flags) };
    if status == 0 { Ok(()) } else { Err(PyErr::fetch(py)) }
}

impl Bytes {
    /// The computed elements of a tensor.
    pub fn of(py: Python<'_>, tensor: &Tensor) -> PyResult<Bytes> {
        rutile_core::capture::refuse_read();
        let bytes = py.detach(|| {
            if tensor.device().backend().capabilities().host_memory {
                rutile_core::eval(std::slice::from_ref(tensor))?;
                Ok(Bytes::Shared(tensor.storage().expect("an evaluated tensor has storage")))
            } else {
                tensor.to_bytes().map(Bytes::Copied)
            }
        });
        bytes.or_raise(py)
    }

    pub fn get(&self) -> &[u8] {
        match self {
            Bytes::Shared(storage) => storage.host_bytes().expect("only host storages are shared"),
            Bytes::Copied(bytes) => bytes,
        }
    }
}

#[pymethods]
impl HostBuffer {
    /// # Safety
    /// Called by Python with a view to fill.
    unsafe fn __getbuffer__(slf: Bound<'_, Self>, view: *mut ffi::Py_buffer, flags: c_int) -> PyResult<()> {
        if flags & ffi::PyBUF_WRITABLE == ffi::PyBUF_WRITABLE {
            return Err(PyBufferError::new_err("a tensor's memory is read-only: copy it"));
        }
        let own = slf.get();
        let bytes = own.bytes.get();
        let wants = |flag: c_int| flags & flag == flag;
        // SAFETY: what the view points to lives as long as `slf`, which the view keeps alive; Python gives a valid view.
        unsafe {
            (*view).buf = bytes.as_ptr() as *mut c_void;
            (*view).len = bytes.len() as isize;
            (*view).readonly = 1;
            (*view).itemsize = own.itemsize;
            (*view).format = if wants(ffi::PyBUF_FORMAT) { own.format.as_ptr().cast_mut() } else { null_mut() };
            (*view).ndim = own.shape.len() as c_int;
            (*view).shape = if wants(ffi::PyBUF_ND) { own.shape.as_ptr().cast_mut() } else { null_mut() };
            (*view).strides = if wants(ffi::PyBUF_STRIDES) { own.strides.as_ptr().cast_mut() } else { null_mut() };
            (*view).suboffsets = null_mut();
            (*view).internal = null_mut();
            (*view).obj = slf.into_any().into_ptr();
        }
        Ok(())
    }
}

/// The computed elements of a tensor.
#[pyfunction]
#[pyo3(signature = (x, /))]
pub fn host_buffer(py: Python<'_>, x: &Bound<'_, Handle>) -> PyResult<HostBuffer> {
    Ok(HostBuffer::flat(Bytes::of(py, &x.get().tensor()?)?))
}

#[pyfunction]
pub fn dropout<'py>(py: Python<'py>, x: &Bound<'py, Handle>, p: f64) -> PyResult<Bound<'py, PyAny>> {
    if !x.get().tensor()?.dtype().is_float() {
        return Err(PyTypeError::new_err("dropout needs a float tensor"));
    }
    wrap(py, compose::dropout(&x.get().tensor()?, p, &mut random::default()).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (q, k, v, mask, causal, scale, dropout, grouped))]
pub fn attention<'py>(
    py: Python<'py>,
    q: &Bound<'py, Handle>,
    k: &Bound<'py, Handle>,
    v: &Bound<'py, Handle>,
    mask: Option<&Bound<'py, Handle>>,
    causal: bool,
    scale: Option<f64>,
    dropout: f64,
    grouped: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let mask = mask.map(|mask| mask.get().tensor()).transpose()?;
    let options = Options { mask: mask.as_ref(), causal, scale, dropout, grouped };
    let (q, k, v) = (q.get().tensor()?, k.get().tensor()?, v.get().tensor()?);
    wrap(py, rutile_core::attention::attention(&q, &k, &v, &options, &mut random::default()).or_raise(py)?)
}
