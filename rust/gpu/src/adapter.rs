//! Which devices there are, and how one is chosen and opened.

use std::sync::OnceLock;

use rutile_core::backend::DeviceInfo;
use rutile_core::dtype::DType;
use rutile_core::error::{Error, Result};
use wgpu::{Adapter, Backend, Backends, DeviceType, Features, Limits};

use crate::units::{self, Unit};

/// How a device is opened; the default asks the adapter for all that it has.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Only what WebGPU promises on every device: for tests of the generality of kernels.
    pub webgpu_defaults: bool,
    /// Most bytes of one tensor, if lower than what the device allows.
    pub max_tensor_bytes: Option<u64>,
    pub cooperative: Cooperative,
}

/// Whether products run on cooperative matrices where the device has them and computes right with them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cooperative {
    /// Not on software adapters, whose matrices are slower than none.
    #[default]
    Hardware,
    Always,
    Never,
}

/// The devices that this machine offers, hardware first; software adapters are listed but never chosen silently.
pub fn enumerate() -> Vec<DeviceInfo> {
    let adapters = numbered();
    adapters.iter().enumerate().map(|(n, adapter)| describe(adapter, n)).collect()
}

/// An open device.
pub struct Opened {
    pub info: DeviceInfo,
    pub dtypes: Vec<DType>,
    pub adapter: wgpu::AdapterInfo,
    pub device: wgpu::Device,
    pub queue: wgpu::Queue,
    /// Units for products that the adapter offers, not tested yet.
    pub units: Vec<(DType, Unit)>,
}

/// Opens the device that `selector` names: "gpu", "gpu:1", "vulkan", "vulkan:0", "metal", "dx12:0".
pub fn open(selector: &str, options: Options) -> Result<Opened> {
    let (adapter, id) = select(selector)?;
    let mut info = describe(&adapter, 0);
    info.id = id;
    let offered = adapter.features();
    // Nothing else is used yet, and a device runs best when asked for what is used.
    let used = Features::PIPELINE_CACHE | Features::SHADER_INT64 | Features::SHADER_F64 | Features::TIMESTAMP_QUERY;
    let of_units = Features::EXPERIMENTAL_COOPERATIVE_MATRIX | Features::SHADER_F16;
    let wanted = match options.cooperative {
        Cooperative::Hardware => !info.software,
        Cooperative::Always => true,
        Cooperative::Never => false,
    };
    let units = if wanted && !options.webgpu_defaults { units::offered(&adapter) } else { Vec::new() };
    let used = if units.is_empty() { used } else { used | of_units };
    let features = if options.webgpu_defaults { Features::empty() } else { offered & used };
    let limits = if options.webgpu_defaults { Limits::default() } else { adapter.limits() };
    // SAFETY: of what is experimental only cooperative matrices are used, by kernels that naga validates and after a test.
    let experimental_features = unsafe { wgpu::ExperimentalFeatures::enabled() };
    let descriptor = wgpu::DeviceDescriptor {
        label: Some("rutile"),
        required_features: features,
        required_limits: limits,
        memory_hints: wgpu::MemoryHints::MemoryUsage,
        experimental_features,
        ..Default::default()
    };
    let opened = pollster::block_on(adapter.request_device(&descriptor));
    let (device, queue) = opened.map_err(|error| {
        Error::device("open", format!("a working device {selector}"), error.to_string())
            .hint(format!("update the driver of {}, or use device=\"cpu\"", info.name))
    })?;
    Ok(Opened { info, dtypes: dtypes(features), adapter: adapter.get_info(), device, queue, units })
}

/// dtypes that kernels compute with on a device of these features.
fn dtypes(features: Features) -> Vec<DType> {
    let wide = features.contains(Features::SHADER_INT64);
    let held = |dtype: &DType| match dtype {
        DType::I64 | DType::U64 => wide,
        // Its functions look at the bits, which are integers of 64 bits.
        DType::F64 => wide && features.contains(Features::SHADER_F64),
        _ => true,
    };
    DType::ALL.into_iter().filter(held).collect()
}

fn instance() -> &'static wgpu::Instance {
    static INSTANCE: OnceLock<wgpu::Instance> = OnceLock::new();
    INSTANCE.get_or_init(|| {
        wgpu::Instance::new(wgpu::InstanceDescriptor {
            backends: Backends::VULKAN | Backends::METAL | Backends::DX12,
            flags: wgpu::InstanceFlags::empty().with_env(),
            ..wgpu::InstanceDescriptor::new_without_display_handle()
        })
    })
}

fn adapters(backends: Backends) -> Vec<Adapter> {
    let mut adapters = pollster::block_on(instance().enumerate_adapters(backends));
    adapters.sort_by_key(|adapter| rank(&adapter.get_info()));
    adapters
}

/// Adapters in the order of their numbers: each physical device once, by the backend that serves it best.
fn numbered() -> Vec<Adapter> {
    let all = adapters(Backends::all());
    let preferred = |backend: Backend| matches!(backend, Backend::Vulkan | Backend::Metal);
    let devices: Vec<_> = all
        .iter()
        .map(|adapter| adapter.get_info())
        .filter(|info| preferred(info.backend))
        .map(|info| (info.vendor, info.device))
        .collect();
    let only = |adapter: &Adapter| {
        let info = adapter.get_info();
        preferred(info.backend) || !devices.contains(&(info.vendor, info.device))
    };
    all.into_iter().filter(only).collect()
}

fn rank(info: &wgpu::AdapterInfo) -> u8 {
    match info.device_type {
        DeviceType::DiscreteGpu => 0,
        DeviceType::IntegratedGpu => 1,
        DeviceType::VirtualGpu => 2,
        DeviceType::Other => 3,
        DeviceType::Cpu => 4,
    }
}

/// The adapter that a selector names, and the id under which it is known.
fn select(selector: &str) -> Result<(Adapter, String)> {
    let (name, number) = match selector.split_once(':') {
        Some((name, number)) => (name, number.parse::<usize>().ok()),
        None => (selector, Some(0)),
    };
    let unknown = || {
        Error::device(
            "device",
            "\"cpu\", \"gpu\", \"gpu:1\", or a backend such as \"vulkan:0\"",
            format!("{selector:?}"),
        )
    };
    let number = number.ok_or_else(unknown)?;
    let list = match name {
        "gpu" => numbered(),
        "vulkan" => adapters(Backends::VULKAN),
        "metal" => adapters(Backends::METAL),
        "dx12" => adapters(Backends::DX12),
        _ => return Err(unknown()),
    };
    let count = list.len();
    let adapter = list.into_iter().nth(number).ok_or_else(|| missing(selector, name, count))?;
    let software = adapter.get_info().device_type == DeviceType::Cpu;
    let allowed = std::env::var("RUTILE_SOFTWARE_GPU").is_ok_and(|value| value != "0");
    if software && name == "gpu" && !allowed {
        let info = adapter.get_info();
        return Err(Error::device("device", "a hardware GPU", format!("the software adapter {}", info.name)).hint(
            format!(
                "use device=\"cpu\", which is faster; to run on it all the same, name it by its backend (\"{}:0\") or set \
                 RUTILE_SOFTWARE_GPU=1",
                backend_name(info.backend)
            ),
        ));
    }
    let id = if number == 0 { name.to_string() } else { format!("{name}:{number}") };
    Ok((adapter, id))
}

fn missing(selector: &str, name: &str, count: usize) -> Error {
    let (needs, got) = match count {
        0 if name == "gpu" => ("a GPU with a driver".to_string(), "none".to_string()),
        0 => (format!("a GPU with a {name} driver"), "none".to_string()),
        _ => (format!("{name}:0 to {name}:{}", count - 1), format!("{selector:?}")),
    };
    let error = Error::device("device", needs, got);
    if count > 0 {
        return error;
    }
    error.hint(
        "use device=\"cpu\", or install a driver: on Debian and Ubuntu `apt install libvulkan1 mesa-vulkan-drivers` (AMD, Intel, \
         and a software one) or the NVIDIA driver; on macOS and Windows the system's own",
    )
}

fn describe(adapter: &Adapter, number: usize) -> DeviceInfo {
    let info = adapter.get_info();
    let kind = match info.device_type {
        DeviceType::DiscreteGpu => "discrete gpu",
        DeviceType::IntegratedGpu => "integrated gpu",
        DeviceType::VirtualGpu => "virtual gpu",
        DeviceType::Cpu => "software gpu",
        DeviceType::Other => "gpu",
    };
    let offered = adapter.features();
    let named = [
        (Features::SHADER_F16, "float16"),
        (Features::SHADER_INT64, "int64"),
        (Features::SHADER_F64, "float64"),
        (Features::SUBGROUP, "subgroups"),
        (Features::TIMESTAMP_QUERY, "timestamps"),
        (Features::PIPELINE_CACHE, "pipeline cache"),
        (Features::EXPERIMENTAL_COOPERATIVE_MATRIX, "cooperative matrices"),
    ];
    let limits = adapter.limits();
    DeviceInfo {
        id: if number == 0 { "gpu".into() } else { format!("gpu:{number}") },
        name: info.name,
        kind: kind.into(),
        backend: backend_name(info.backend).into(),
        driver: format!("{} {}", info.driver, info.driver_info).trim().into(),
        memory_bytes: 0,
        features: named
            .iter()
            .filter(|(feature, _)| offered.contains(*feature))
            .map(|(_, name)| (*name).into())
            .collect(),
        limits: vec![
            ("maxBufferSize", limits.max_buffer_size),
            ("maxStorageBufferBindingSize", limits.max_storage_buffer_binding_size),
            ("maxStorageBuffersPerShaderStage", limits.max_storage_buffers_per_shader_stage.into()),
            ("maxComputeWorkgroupStorageSize", limits.max_compute_workgroup_storage_size.into()),
            ("maxComputeInvocationsPerWorkgroup", limits.max_compute_invocations_per_workgroup.into()),
            ("maxComputeWorkgroupsPerDimension", limits.max_compute_workgroups_per_dimension.into()),
            ("minSubgroupSize", info.subgroup_min_size.into()),
            ("maxSubgroupSize", info.subgroup_max_size.into()),
        ],
        software: info.device_type == DeviceType::Cpu,
    }
}

fn backend_name(backend: Backend) -> &'static str {
    match backend {
        Backend::Vulkan => "vulkan",
        Backend::Metal => "metal",
        Backend::Dx12 => "dx12",
        Backend::Gl => "gl",
        Backend::BrowserWebGpu => "webgpu",
        Backend::Noop => "noop",
    }
}
