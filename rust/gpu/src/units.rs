//! The cooperative matrices that a device has: what it offers, as far as a test on it finds right. Some drivers offer what they
//! do not have, or name a range for the size of a subgroup, on which the code depends.

use std::ops::RangeInclusive;
use std::sync::Arc;

use rutile_core::backend::{Program, Storage};
use rutile_core::dtype::DType;
use rutile_core::error::Result;
use rutile_core::kernel::{
    Access, Arg, Block, BufferRef, BufferSpec, Instruction, Kernel, KernelKind, Launch, OutputSpec, Plan, Role, Store,
    Value,
};
use rutile_core::shape::Shape;
use rutile_core::view::{Level, View};
use wgpu::{Adapter, CooperativeScalarType, Features};

use crate::backend::Shared;
use crate::memory::GpuStorage;
use crate::program::GpuProgram;

/// Invocations of a subgroup on most devices.
const USUAL_SUBGROUP: usize = 32;
/// Fewest and most of them: four subgroups share tiles of 16 quads, and fit into a workgroup that every device allows.
const SUBGROUPS: RangeInclusive<usize> = 4..=64;

/// Units for square matrices of `size` rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    pub size: usize,
    /// Invocations of a subgroup.
    pub subgroup: usize,
}

/// The units that a device has for factors of float16 and float32; sums are float32.
#[derive(Clone, Copy, Debug, Default)]
pub struct Units {
    pub half: Option<Unit>,
    pub single: Option<Unit>,
}

impl Units {
    pub fn of(&self, dtype: DType) -> Option<Unit> {
        match dtype {
            DType::F16 => self.half,
            DType::F32 => self.single,
            _ => None,
        }
    }
}

/// The units that an adapter says it has, each with what a subgroup may be.
pub fn offered(adapter: &Adapter) -> Vec<(DType, Unit)> {
    let features = adapter.features();
    if !features.contains(Features::EXPERIMENTAL_COOPERATIVE_MATRIX) {
        return Vec::new();
    }
    let info = adapter.get_info();
    let (least, most) = (info.subgroup_min_size as usize, info.subgroup_max_size as usize);
    let mut subgroups = vec![USUAL_SUBGROUP, least, most];
    subgroups.retain(|size| (least..=most).contains(size) && SUBGROUPS.contains(size));
    subgroups.dedup();
    let mut units = Vec::new();
    for size in [16, 8] {
        for offer in adapter.cooperative_matrix_properties() {
            let dtype = match offer.ab_type {
                CooperativeScalarType::F16 if features.contains(Features::SHADER_F16) => DType::F16,
                CooperativeScalarType::F32 => DType::F32,
                _ => continue,
            };
            let square = [offer.m_size, offer.n_size, offer.k_size] == [size; 3];
            if square && offer.cr_type == CooperativeScalarType::F32 {
                units.extend(subgroups.iter().map(|&subgroup| (dtype, Unit { size: size as usize, subgroup })));
            }
        }
    }
    units
}

/// Of the units that the adapter offers, the first for each dtype that computes a product as it should be.
pub fn tested(shared: &mut Arc<Shared>, offered: &[(DType, Unit)]) {
    for &(dtype, unit) in offered {
        if shared.limits.units.of(dtype).is_some() {
            continue;
        }
        let set = |shared: &mut Arc<Shared>, unit| {
            let limits = &mut Arc::get_mut(shared).expect("no program is left").limits;
            match dtype {
                DType::F16 => limits.units.half = unit,
                _ => limits.units.single = unit,
            }
        };
        set(shared, Some(unit));
        if !is_right(shared, dtype).unwrap_or(false) {
            set(shared, None);
        }
    }
    shared.pool.reset_peak();
}

/// Whether a product of small integers, which is exact in any order, is right to the bit.
fn is_right(shared: &Arc<Shared>, dtype: DType) -> Result<bool> {
    let (rows, columns, depth) = (93, 101, 97);
    let number = |row: usize, k: usize| ((row * 7 + k * 5 + row * k) % 17) as f32 - 8.0;
    let factor = |rows: usize| (0..rows).flat_map(move |row| (0..depth).map(move |k| number(row, k)));
    let mut storages = Vec::new();
    for numbers in [factor(rows), factor(columns)] {
        let bytes: Vec<u8> = numbers.flat_map(f32::to_ne_bytes).collect();
        let allocation = Arc::new(shared.pool.allocate(bytes.len() as u64, None)?);
        shared.queue.write_buffer(allocation.buffer(), 0, &bytes);
        storages.push(Arc::new(GpuStorage { dtype: DType::F32, len: bytes.len() / 4, allocation }) as Storage);
    }
    let plan = Arc::new(product(rows, columns, depth, dtype));
    let ran = GpuProgram::assemble(shared.clone(), plan, &[None])?.run(&mut storages, &[], &[0])?;
    let result = |m: usize, n: usize| (0..depth).map(|k| number(m, k) * number(n, k)).sum::<f32>();
    let expected = (0..rows).flat_map(|m| (0..columns).flat_map(move |n| result(m, n).to_ne_bytes()));
    Ok(ran.read[0].iter().copied().eq(expected))
}

/// The plan of a product of two tensors of float32 that are converted to `dtype`.
fn product(rows: usize, columns: usize, depth: usize, dtype: DType) -> Plan {
    let space: Shape = [rows, columns, depth].into_iter().collect();
    let factor = |arg: usize, strides: [i64; 3]| {
        let level = Level { shape: space.clone(), strides: strides.into_iter().collect(), offset: 0, guards: vec![] };
        let load = Value::Load { arg, view: View { levels: [level].into_iter().collect() } };
        let code = vec![Instruction { dtype: DType::F32, value: load }, Instruction { dtype, value: Value::Cast(0) }];
        Block { code, results: vec![1] }
    };
    let (left, right) = (factor(0, [depth as i64, 0, 1]), factor(1, [0, depth as i64, 1]));
    let arg = |access| Arg { dtype: DType::F32, access };
    let kernel = Kernel {
        kind: KernelKind::Contract { left, right, roles: vec![Role::Left, Role::Right] },
        out: [rows, columns].into_iter().collect(),
        reduced: [depth].into_iter().collect(),
        args: vec![arg(Access::Read), arg(Access::Read), arg(Access::Write)],
        scalars: vec![],
        body: Block { code: vec![Instruction { dtype, value: Value::Accumulator(0) }], results: vec![] },
        stores: vec![Store { arg: 2, value: 0 }],
    };
    let buffer = |len: usize| BufferSpec { dtype: DType::F32, len };
    let buffers = vec![BufferRef::Input(0), BufferRef::Input(1), BufferRef::Output(0)];
    Plan {
        inputs: vec![buffer(rows * depth), buffer(columns * depth)],
        outputs: vec![OutputSpec { buffer: buffer(rows * columns), reuses: None }],
        temporaries: vec![],
        scalars: vec![],
        kernels: vec![kernel],
        launches: vec![Launch { kernel: 0, buffers, scalars: vec![] }],
        checks: vec![],
    }
}
