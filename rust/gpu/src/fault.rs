//! What kernels find wrong: the first check that fails writes its number and the integer into a few words on the device,
//! which the host looks at when it next reads anything.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use rutile_core::dtype::{DType, Kind};
use rutile_core::error::{Error, Result};
use rutile_core::kernel::Check;
use wgpu::{BindGroup, BindGroupLayout, BufferUsages, ShaderStages};

use crate::value::{register, type_name};
use crate::wgsl::Writer;

/// Words of the report: whether there is one, the check's number on the device, and the integer in two words.
const WORDS: usize = 4;
const BYTES: u64 = WORDS as u64 * 4;

/// The function that kernels with checks call, and where it writes. Whoever comes first reports.
pub const REPORT: &str = "struct Report {
    taken: atomic<u32>,
    check: u32,
    low: u32,
    high: u32,
}
@group(2) @binding(0) var<storage, read_write> fault: Report;
fn report(check: u32, low: u32, high: u32) {
    if (atomicExchange(&fault.taken, 1u) == 0u) {
        fault.check = check;
        fault.low = low;
        fault.high = high;
    }
}
";

/// Writes the test of an integer value; `number` is where the check's number stands.
pub fn write_check(writer: &mut Writer, value: &str, dtype: DType, valid: Option<&str>, check: &Limits, number: &str) {
    let signed = dtype.kind() == Kind::Signed;
    let (wide, unsigned) = (dtype.size() == 8, if dtype.size() == 8 { DType::U64 } else { DType::U32 });
    let bits = if signed { format!("bitcast<{}>({value})", type_name(unsigned)) } else { value.to_string() };
    // In wrapping arithmetic one comparison covers both ends.
    let span = check.high.wrapping_sub(check.low);
    let (low, span) = (writer.number(check.low as u64, unsigned), writer.number(span as u64, unsigned));
    let mut wrong = format!("{bits} - {low} > {span}");
    if let Some(except) = check.except {
        let except = writer.number(except as u64, unsigned);
        wrong = format!("{wrong} && {bits} != {except}");
    }
    if let Some(valid) = valid {
        wrong = format!("{valid} && {wrong}");
    }
    let (bits, high) = match (wide, signed) {
        (true, _) => (format!("u32({bits})"), format!("u32({bits} >> 32u)")),
        (false, true) => (bits, format!("bitcast<u32>({value} >> 31u)")),
        (false, false) => (bits, "0u".into()),
    };
    writer.open(format!("if ({wrong}) {{"));
    writer.line(format!("report({number}, {bits}, {high});"));
    writer.close();
}

/// The bounds of a check within what registers hold.
pub struct Limits {
    low: i64,
    high: i64,
    except: Option<i64>,
}

impl Limits {
    pub fn new(dtype: DType, low: i64, high: i64, except: Option<i64>) -> Limits {
        let (least, greatest) = match register(dtype) {
            DType::I32 => (i32::MIN as i64, i32::MAX as i64),
            DType::U32 => (0, u32::MAX as i64),
            DType::U64 => (0, i64::MAX),
            _ => (i64::MIN, i64::MAX),
        };
        let low = low.clamp(least, greatest);
        Limits {
            low,
            high: high.clamp(low, greatest),
            except: except.filter(|value| (least..=greatest).contains(value)),
        }
    }
}

/// A device's report.
pub struct Faults {
    buffer: wgpu::Buffer,
    layout: BindGroupLayout,
    group: BindGroup,
    /// All checks that programs have brought, by their number on the device.
    checks: Mutex<Vec<Check>>,
    /// Kernels with checks have been submitted since the report was last looked at.
    unread: AtomicBool,
}

impl Faults {
    pub fn new(device: &wgpu::Device) -> Faults {
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("faults"),
            size: BYTES,
            usage: BufferUsages::STORAGE | BufferUsages::COPY_SRC | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("faults"),
            entries: &[wgpu::BindGroupLayoutEntry {
                binding: 0,
                visibility: ShaderStages::COMPUTE,
                ty: wgpu::BindingType::Buffer {
                    ty: wgpu::BufferBindingType::Storage { read_only: false },
                    has_dynamic_offset: false,
                    min_binding_size: None,
                },
                count: None,
            }],
        });
        let group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("faults"),
            layout: &layout,
            entries: &[wgpu::BindGroupEntry { binding: 0, resource: buffer.as_entire_binding() }],
        });
        Faults { buffer, layout, group, checks: Mutex::default(), unread: AtomicBool::new(false) }
    }

    /// Layout of the bind group that kernels with checks take beside the others.
    pub fn layout(&self) -> &BindGroupLayout {
        &self.layout
    }

    pub fn group(&self) -> &BindGroup {
        &self.group
    }

    /// The number of a check on this device.
    pub fn number(&self, check: &Check) -> u32 {
        let mut checks = self.checks.lock().expect("no holder of the lock panics");
        let known = checks.iter().position(|known| known == check);
        known.unwrap_or_else(|| {
            checks.push(check.clone());
            checks.len() - 1
        }) as u32
    }

    /// Kernels with checks have been submitted, and no copy of the report with them.
    pub fn expect(&self) {
        self.unread.store(true, Ordering::Relaxed);
    }

    /// Adds a copy of the report to commands, and clears it, if there may be one: by these commands, if they `check`, or
    /// from before.
    pub fn record(&self, device: &wgpu::Device, encoder: &mut wgpu::CommandEncoder, check: bool) -> Option<Copy> {
        if !self.unread.swap(false, Ordering::Relaxed) && !check {
            return None;
        }
        let staging = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("faults"),
            size: BYTES,
            usage: BufferUsages::MAP_READ | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        encoder.copy_buffer_to_buffer(&self.buffer, 0, &staging, 0, BYTES);
        encoder.clear_buffer(&self.buffer, 0, None);
        encoder.map_buffer_on_submit(&staging, wgpu::MapMode::Read, .., |_| {});
        Some(Copy(staging))
    }

    /// The error that a copy of the report holds, once its submission has ended.
    pub fn error(&self, copy: Option<Copy>) -> Result<Option<Error>> {
        let Some(Copy(staging)) = copy else { return Ok(None) };
        let view = staging.slice(..).get_mapped_range().map_err(|error| crate::backend::lost(&error.to_string()))?;
        let word = |n: usize| u32::from_le_bytes(view[4 * n..4 * n + 4].try_into().expect("four bytes"));
        if word(0) == 0 {
            return Ok(None);
        }
        let value = (word(2) as u64 | (word(3) as u64) << 32) as i64;
        let checks = self.checks.lock().expect("no holder of the lock panics");
        Ok(Some(checks[word(1) as usize].error(value as i128)))
    }
}

/// A copy of the report on its way to the host.
pub struct Copy(wgpu::Buffer);
