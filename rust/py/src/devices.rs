//! Which devices there are, and which is meant.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard};

use pyo3::prelude::*;
use rutile_core::backend::DeviceInfo;
use rutile_core::profile::KernelTime;
use rutile_core::{Device, Error, Result};

use crate::errors::OrRaise;

static OPEN: LazyLock<Mutex<HashMap<String, Device>>> = LazyLock::new(Mutex::default);
static DEFAULT: Mutex<Option<String>> = Mutex::new(None);

thread_local! {
    static STACK: std::cell::RefCell<Vec<Device>> = const { std::cell::RefCell::new(Vec::new()) };
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poison| poison.into_inner())
}

/// The device of a name: "cpu", "gpu", "gpu:1", "vulkan:0", "null". Opened at first use, then shared.
pub fn open(name: &str) -> Result<Device> {
    let mut open = lock(&OPEN);
    if let Some(device) = open.get(name) {
        return Ok(device.clone());
    }
    let known = ["gpu", "vulkan", "metal", "dx12"];
    let family = name.split(':').next().unwrap_or_default();
    let device = match name {
        "cpu" => Device::new(rutile_cpu::CpuBackend::new()),
        "null" => Device::null(),
        _ if known.contains(&family) => Device::new(rutile_gpu::GpuBackend::open(name)?),
        _ => {
            let needs = "\"cpu\", \"gpu\", \"gpu:N\", \"vulkan:N\", \"metal:N\", \"dx12:N\" or \"null\"";
            return Err(
                Error::device("device", needs, format!("{name:?}")).hint("rutile.devices() lists what there is")
            );
        }
    };
    // Two names may mean one adapter; the first handle then serves both.
    let device = open.values().find(|other| other.id() == device.id()).cloned().unwrap_or(device);
    open.insert(name.to_string(), device.clone());
    Ok(device)
}

/// The device of a name, or the current one.
pub fn resolve(py: Python<'_>, name: Option<&str>) -> PyResult<Device> {
    match name {
        Some(name) => py.detach(|| open(name)).or_raise(py),
        None => current(py),
    }
}

/// The device that new tensors are made on.
pub fn current(py: Python<'_>) -> PyResult<Device> {
    if let Some(device) = STACK.with_borrow(|stack| stack.last().cloned()) {
        return Ok(device);
    }
    let name = lock(&DEFAULT).clone();
    let name = name.unwrap_or_else(|| {
        let (name, _) = choose();
        lock(&DEFAULT).get_or_insert(name).clone()
    });
    resolve(py, Some(&name))
}

/// The default device and why it is that: RUTILE_DEVICE, a hardware GPU, else the CPU.
fn choose() -> (String, &'static str) {
    if let Ok(name) = std::env::var("RUTILE_DEVICE") {
        return (name, "named by RUTILE_DEVICE");
    }
    match rutile_gpu::enumerate().iter().find(|info| !info.software) {
        Some(info) => (info.id.clone(), "the first hardware GPU"),
        None => ("cpu".to_string(), "there is no hardware GPU"),
    }
}

/// One row of `rutile.devices()`: a device, what drives it, its memory in bytes, its limits by WebGPU's names, and whether it
/// is the default and why.
#[pyclass(frozen, get_all, module = "rutile")]
pub struct DeviceRow {
    name: String,
    hardware: String,
    kind: String,
    backend: String,
    driver: String,
    memory_bytes: u64,
    features: Vec<String>,
    limits: HashMap<&'static str, u64>,
    software: bool,
    default: bool,
    reason: String,
}

#[pymethods]
impl DeviceRow {
    fn __repr__(&self) -> String {
        format!(
            "DeviceInfo(name={:?}, hardware={:?}, kind={:?}, default={})",
            self.name, self.hardware, self.kind, self.default
        )
    }
}

/// Every device that can be used, each with its name, kind, backend and memory, and why the default is the default.
///
/// Example:
///     >>> import rutile as rt
///     >>> [device.kind for device in rt.devices() if device.name == "cpu"]
///     ['cpu']
#[pyfunction]
pub fn devices(py: Python<'_>) -> PyResult<Vec<DeviceRow>> {
    let chosen = lock(&DEFAULT).clone();
    let (default, reason) = match chosen {
        Some(name) if std::env::var("RUTILE_DEVICE").is_err() && choose().0 != name => {
            (name, "set by set_default_device()")
        }
        _ => choose(),
    };
    let cpu = resolve(py, Some("cpu"))?.info().clone();
    let rows = std::iter::once(cpu).chain(py.detach(rutile_gpu::enumerate));
    let row = |info: DeviceInfo| DeviceRow {
        default: info.id == default,
        reason: match info.id == default {
            true => reason.to_string(),
            false if info.software => "a software adapter is used only when named".to_string(),
            false => String::new(),
        },
        name: info.id,
        hardware: info.name,
        kind: info.kind,
        backend: info.backend,
        driver: info.driver,
        memory_bytes: info.memory_bytes,
        features: info.features,
        limits: info.limits.into_iter().collect(),
        software: info.software,
    };
    Ok(rows.map(row).collect())
}

/// The name of the device that new tensors are made on: RUTILE_DEVICE, else a hardware GPU, else the CPU.
///
/// Example:
///     >>> import rutile as rt
///     >>> with rt.device("cpu"):
///     ...     rt.default_device()
///     'cpu'
#[pyfunction]
pub fn default_device(py: Python<'_>) -> PyResult<String> {
    Ok(current(py)?.id().to_string())
}

/// Makes a device the default of this process: "cpu", "gpu", "gpu:1", or by backend as in "vulkan:0".
///
/// Raises:
///     DeviceError: there is no such device.
///
/// Example:
///     >>> import rutile as rt
///     >>> rt.set_default_device(rt.default_device())
#[pyfunction]
pub fn set_default_device(py: Python<'_>, name: &str) -> PyResult<()> {
    let device = resolve(py, Some(name))?;
    *lock(&DEFAULT) = Some(device.id().to_string());
    lock(&OPEN).insert(device.id().to_string(), device);
    Ok(())
}

/// The names of the dtypes that a device holds.
#[pyfunction]
#[pyo3(signature = (device=None))]
pub fn held_dtypes(py: Python<'_>, device: Option<&str>) -> PyResult<Vec<&'static str>> {
    Ok(resolve(py, device)?.backend().capabilities().dtypes.iter().map(|dtype| dtype.name()).collect())
}

/// Enters `with rutile.device(name)` on this thread.
#[pyfunction]
pub fn push_device(py: Python<'_>, name: &str) -> PyResult<()> {
    let device = resolve(py, Some(name))?;
    STACK.with_borrow_mut(|stack| stack.push(device));
    Ok(())
}

#[pyfunction]
pub fn pop_device() {
    STACK.with_borrow_mut(|stack| stack.pop());
}

/// Counters of a device since the last reset, by name.
#[pyfunction]
#[pyo3(signature = (device=None))]
pub fn stats(py: Python<'_>, device: Option<&str>) -> PyResult<Vec<(&'static str, u64)>> {
    Ok(resolve(py, device)?.stats().entries().to_vec())
}

#[pyfunction]
#[pyo3(signature = (device=None))]
pub fn reset_stats(py: Python<'_>, device: Option<&str>) -> PyResult<()> {
    resolve(py, device)?.reset_stats();
    Ok(())
}

/// Begins to time every kernel of a device.
#[pyfunction]
#[pyo3(signature = (device=None))]
pub fn start_profile(py: Python<'_>, device: Option<&str>) -> PyResult<()> {
    let device = resolve(py, device)?;
    py.detach(|| device.start_profile()).or_raise(py)
}

/// What a kernel took, as `rutile.KernelTime` has it: kind, what it computes, shape, shape that is reduced over, calls,
/// nanoseconds, bytes read, bytes written, flops.
type KernelRow = (&'static str, String, Vec<usize>, Vec<usize>, u64, u64, u64, u64, u64);

/// Ends it: a row for each kernel, the one that took longest first.
#[pyfunction]
#[pyo3(signature = (device=None))]
pub fn end_profile(py: Python<'_>, device: Option<&str>) -> PyResult<Vec<KernelRow>> {
    let device = resolve(py, device)?;
    let row = |time: KernelTime| {
        let kernel = &time.kernel;
        let (out, reduced) = (kernel.out.to_vec(), kernel.reduced.to_vec());
        let work = (time.bytes_read, time.bytes_written, time.flops);
        (kernel.name(), kernel.computes(), out, reduced, time.calls, time.nanoseconds, work.0, work.1, work.2)
    };
    Ok(py.detach(|| device.end_profile().into_iter().map(row).collect()))
}

/// Whether a device fuses ops into kernels; returns the former setting.
#[pyfunction]
#[pyo3(signature = (fuse, device=None))]
pub fn set_fuse(py: Python<'_>, fuse: bool, device: Option<&str>) -> PyResult<bool> {
    let device = resolve(py, device)?;
    let former = device.fuses();
    device.set_fuse(fuse);
    Ok(former)
}

#[pyfunction]
#[pyo3(signature = (device=None))]
pub fn synchronize(py: Python<'_>, device: Option<&str>) -> PyResult<()> {
    let device = resolve(py, device)?;
    py.detach(|| device.backend().synchronize()).or_raise(py)
}
