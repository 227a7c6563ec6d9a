//! Memory handed to and taken from other libraries by DLPack, versioned (1.x) and legacy capsules.
//! https://dmlc.github.io/dlpack/latest/c_api.html

use std::ffi::{CStr, c_void};

use pyo3::exceptions::{PyBufferError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use rutile_core::backend::HostMemory;
use rutile_core::{DType, Tensor};

use crate::devices;
use crate::errors::OrRaise;
use crate::handle::{Handle, wrap};
use crate::values::Bytes;

const LEGACY: &CStr = c"dltensor";
const LEGACY_USED: &CStr = c"used_dltensor";
const VERSIONED: &CStr = c"dltensor_versioned";
const VERSIONED_USED: &CStr = c"used_dltensor_versioned";

const CPU: i32 = 1;
const READ_ONLY: u64 = 1;
const IS_COPIED: u64 = 2;

#[repr(C)]
#[derive(Clone, Copy)]
struct Device {
    kind: i32,
    number: i32,
}

#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq)]
struct ElementType {
    code: u8,
    bits: u8,
    lanes: u16,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Array {
    data: *mut c_void,
    device: Device,
    ndim: i32,
    dtype: ElementType,
    shape: *mut i64,
    /// In elements; null means compact, row by row.
    strides: *mut i64,
    byte_offset: u64,
}

#[repr(C)]
struct Legacy {
    array: Array,
    context: *mut c_void,
    deleter: Option<unsafe extern "C" fn(*mut Legacy)>,
}

#[repr(C)]
struct Versioned {
    major: u32,
    minor: u32,
    context: *mut c_void,
    deleter: Option<unsafe extern "C" fn(*mut Versioned)>,
    flags: u64,
    array: Array,
}

fn element_type(dtype: DType) -> ElementType {
    let code = match dtype {
        DType::Bool => 6,
        DType::BF16 => 4,
        _ if dtype.is_float() => 2,
        DType::U8 | DType::U16 | DType::U32 | DType::U64 => 1,
        _ => 0,
    };
    ElementType { code, bits: 8 * dtype.size() as u8, lanes: 1 }
}

/// What a capsule that we made keeps alive.
struct Exported {
    _bytes: Bytes,
    shape: Vec<i64>,
    strides: Vec<i64>,
}

impl Exported {
    fn array(&mut self, data: *const u8, dtype: DType) -> Array {
        Array {
            data: data.cast_mut().cast(),
            device: Device { kind: CPU, number: 0 },
            ndim: self.shape.len() as i32,
            dtype: element_type(dtype),
            shape: self.shape.as_mut_ptr(),
            strides: self.strides.as_mut_ptr(),
            byte_offset: 0,
        }
    }
}

/// A capsule with the elements of a tensor in host memory: the tensor's own, flagged as read-only, or a copy.
/// Legacy capsules have no such flag: who asks for one without a copy answers for nobody writing to it.
#[pyfunction]
pub fn to_dlpack<'py>(
    py: Python<'py>,
    x: &Bound<'py, Handle>,
    versioned: bool,
    copied: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let tensor = x.get().tensor()?;
    let bytes = match Bytes::of(py, &tensor)? {
        Bytes::Shared(storage) if copied => Bytes::Copied(storage.host_bytes().unwrap_or(&[]).to_vec()),
        bytes => bytes,
    };
    let flags = if matches!(bytes, Bytes::Copied(_)) { IS_COPIED } else { READ_ONLY };
    let shape: Vec<i64> = tensor.shape().iter().map(|&size| size as i64).collect();
    let data = bytes.get().as_ptr();
    let mut exported = Box::new(Exported { strides: compact_strides(&shape), shape, _bytes: bytes });
    let array = exported.array(data, tensor.dtype());
    let context = Box::into_raw(exported).cast();
    // SAFETY: the capsule owns the managed tensor, which its destructor or its consumer deletes once.
    unsafe {
        let capsule = if versioned {
            let managed = Versioned { major: 1, minor: 0, context, deleter: Some(delete_versioned), flags, array };
            let managed = Box::into_raw(Box::new(managed));
            ffi::PyCapsule_New(managed.cast(), VERSIONED.as_ptr(), Some(destroy_versioned))
        } else {
            let managed = Box::into_raw(Box::new(Legacy { array, context, deleter: Some(delete_legacy) }));
            ffi::PyCapsule_New(managed.cast(), LEGACY.as_ptr(), Some(destroy_legacy))
        };
        Bound::from_owned_ptr_or_err(py, capsule)
    }
}

fn compact_strides(shape: &[i64]) -> Vec<i64> {
    let mut strides = vec![1; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis].max(1);
    }
    strides
}

/// # Safety
/// `managed` was made by `to_dlpack`, and is deleted once.
unsafe extern "C" fn delete_versioned(managed: *mut Versioned) {
    // SAFETY: as the caller promises, both boxes were made by `to_dlpack`.
    unsafe {
        let managed = Box::from_raw(managed);
        drop(Box::from_raw(managed.context.cast::<Exported>()));
    }
}

/// # Safety
/// As of `delete_versioned`.
unsafe extern "C" fn delete_legacy(managed: *mut Legacy) {
    // SAFETY: as of `delete_versioned`.
    unsafe {
        let managed = Box::from_raw(managed);
        drop(Box::from_raw(managed.context.cast::<Exported>()));
    }
}

/// # Safety
/// Called by Python when a capsule made by `to_dlpack` dies; one that was consumed has another name.
unsafe extern "C" fn destroy_versioned(capsule: *mut ffi::PyObject) {
    // SAFETY: a capsule of this name still owns its managed tensor.
    unsafe {
        if ffi::PyCapsule_IsValid(capsule, VERSIONED.as_ptr()) == 1 {
            delete_versioned(ffi::PyCapsule_GetPointer(capsule, VERSIONED.as_ptr()).cast());
        }
    }
}

/// # Safety
/// As of `destroy_versioned`.
unsafe extern "C" fn destroy_legacy(capsule: *mut ffi::PyObject) {
    // SAFETY: as of `destroy_versioned`.
    unsafe {
        if ffi::PyCapsule_IsValid(capsule, LEGACY.as_ptr()) == 1 {
            delete_legacy(ffi::PyCapsule_GetPointer(capsule, LEGACY.as_ptr()).cast());
        }
    }
}

/// A managed tensor of another library, deleted when the last reader is done.
enum Managed {
    Legacy(*mut Legacy),
    Versioned(*mut Versioned),
}

// SAFETY: the memory is only read, and a deleter may be called on any thread (DLPack leaves the GIL to the producer).
unsafe impl Send for Managed {}
// SAFETY: as above.
unsafe impl Sync for Managed {}

impl Drop for Managed {
    fn drop(&mut self) {
        // SAFETY: the pointers came from a capsule that was marked as used, so that nobody else deletes them.
        unsafe {
            match *self {
                Managed::Legacy(managed) => (*managed).deleter.into_iter().for_each(|delete| delete(managed)),
                Managed::Versioned(managed) => (*managed).deleter.into_iter().for_each(|delete| delete(managed)),
            }
        }
    }
}

impl Managed {
    /// Takes what a capsule holds, and marks it as used.
    fn take(capsule: &Bound<'_, PyAny>) -> PyResult<Managed> {
        let object = capsule.as_ptr();
        // SAFETY: a capsule of one of the two names holds a managed tensor of that kind.
        unsafe {
            if ffi::PyCapsule_IsValid(object, VERSIONED.as_ptr()) == 1 {
                let managed: *mut Versioned = ffi::PyCapsule_GetPointer(object, VERSIONED.as_ptr()).cast();
                let major = (*managed).major;
                if major != 1 {
                    let text = format!("from_dlpack needs DLPack 1.x, got {major}.{}", (*managed).minor);
                    return Err(PyBufferError::new_err(text));
                }
                ffi::PyCapsule_SetName(object, VERSIONED_USED.as_ptr());
                return Ok(Managed::Versioned(managed));
            }
            if ffi::PyCapsule_IsValid(object, LEGACY.as_ptr()) == 1 {
                let managed = ffi::PyCapsule_GetPointer(object, LEGACY.as_ptr()).cast();
                ffi::PyCapsule_SetName(object, LEGACY_USED.as_ptr());
                return Ok(Managed::Legacy(managed));
            }
        }
        Err(PyTypeError::new_err("from_dlpack needs a DLPack capsule that was not used before"))
    }

    fn array(&self) -> Array {
        // SAFETY: the managed tensor lives until it is deleted in `drop`.
        unsafe {
            match *self {
                Managed::Legacy(managed) => (*managed).array,
                Managed::Versioned(managed) => (*managed).array,
            }
        }
    }

    /// Whether nobody else may write to the memory.
    fn immutable(&self) -> bool {
        match *self {
            Managed::Legacy(_) => false,
            // SAFETY: as in `array`.
            Managed::Versioned(managed) => unsafe { (*managed).flags & (READ_ONLY | IS_COPIED) != 0 },
        }
    }
}

/// The elements of a managed tensor that lie one after another.
struct Taken {
    start: *const u8,
    len: usize,
    _managed: Managed,
}

// SAFETY: as of `Managed`.
unsafe impl Send for Taken {}
// SAFETY: as above.
unsafe impl Sync for Taken {}

impl HostMemory for Taken {
    fn bytes(&self) -> &[u8] {
        if self.len == 0 {
            return &[];
        }
        // SAFETY: the producer keeps `len` bytes at `start` until it is told to delete them.
        unsafe { std::slice::from_raw_parts(self.start, self.len) }
    }
}

/// A tensor from a capsule. `share`: true insists on the memory itself, false on a copy; None takes the memory itself
/// if nobody may write to it.
#[pyfunction]
pub fn from_dlpack<'py>(
    py: Python<'py>,
    capsule: &Bound<'py, PyAny>,
    device: Option<&str>,
    share: Option<bool>,
) -> PyResult<Bound<'py, PyAny>> {
    let managed = Managed::take(capsule)?;
    let array = managed.array();
    let Some(dtype) = DType::ALL.into_iter().find(|dtype| element_type(*dtype) == array.dtype) else {
        let ElementType { code, bits, lanes } = array.dtype;
        let got = format!("DLPack type code {code} of {bits} bits and {lanes} lanes");
        return Err(PyBufferError::new_err(format!("from_dlpack needs bools, integers or floats, got {got}")));
    };
    if array.device.kind != CPU {
        let text = format!("from_dlpack needs memory of the CPU, got DLPack device type {}", array.device.kind);
        return Err(PyBufferError::new_err(format!("{text}: move it to the CPU first")));
    }
    let axes = array.ndim as usize;
    let numbers = |start: *const i64| -> Vec<i64> {
        // SAFETY: shape and strides hold one number for each axis.
        if axes == 0 { Vec::new() } else { unsafe { std::slice::from_raw_parts(start, axes) }.to_vec() }
    };
    let sizes = numbers(array.shape);
    let shape: Vec<usize> = sizes.iter().map(|&size| size as usize).collect();
    let strides = if array.strides.is_null() { compact_strides(&sizes) } else { numbers(array.strides) };
    let start = array.data.cast::<u8>().wrapping_add(array.byte_offset as usize).cast_const();
    let elements: usize = shape.iter().product();
    let compact = elements == 0
        || compact_strides(&sizes).iter().zip(&strides).zip(&sizes).all(|((a, b), &size)| a == b || size == 1);
    let device = devices::resolve(py, device)?;
    let shareable = compact
        && elements > 0
        && (start as usize).is_multiple_of(dtype.size())
        && device.backend().capabilities().host_memory;
    if share == Some(true) && !shareable {
        return Err(PyBufferError::new_err(
            "from_dlpack with copy=False needs aligned elements that lie one after another, and a tensor on the cpu",
        ));
    }
    let len = elements * dtype.size();
    let tensor = if !compact {
        let mut bytes = Vec::with_capacity(len);
        // SAFETY: the producer vouches for the elements that shape and strides name.
        unsafe { gather(start, &shape, &strides, dtype.size(), &mut bytes) };
        Tensor::from_bytes(&bytes, &shape, dtype, &device)
    } else {
        let immutable = managed.immutable();
        let memory = Taken { start, len, _managed: managed };
        if shareable && share.unwrap_or(immutable) {
            Tensor::from_memory(Box::new(memory), &shape, dtype, &device)
        } else {
            Tensor::from_bytes(memory.bytes(), &shape, dtype, &device)
        }
    };
    wrap(py, tensor.or_raise(py)?)
}

/// Appends the elements of a strided array in order.
///
/// # Safety
/// Every element that shape and strides (in elements) name from `start` on holds `size` readable bytes.
unsafe fn gather(start: *const u8, shape: &[usize], strides: &[i64], size: usize, out: &mut Vec<u8>) {
    let [count, inner @ ..] = shape else {
        // SAFETY: as the caller promises.
        return out.extend_from_slice(unsafe { std::slice::from_raw_parts(start, size) });
    };
    for i in 0..*count {
        let next = start.wrapping_offset(strides[0] as isize * (i * size) as isize);
        // SAFETY: as the caller promises.
        unsafe { gather(next, inner, &strides[1..], size, out) };
    }
}
