//! An interpreter of plans on the host. Each element is a word, as `Scalar::word` has it, half-precision floats being
//! float32 that are rounded when they are stored, cast or compared.

// Constants of the op table are those of float64.
#![allow(clippy::excessive_precision)]

use std::any::Any;
use std::cell::Cell;
use std::cmp::Ordering;
use std::sync::Arc;

use half::{bf16, f16};
use rutile_core::backend::{
    Backend, Capabilities, DeviceCounters, DeviceInfo, Memory, Program, Ran, Storage, StorageObject, Timed,
};
use rutile_core::dtype::{DType, Kind, Scalar};
use rutile_core::elementwise::Elementwise;
use rutile_core::error::Result;
use rutile_core::kernel::{Block, BufferRef, Fold, Kernel, KernelKind, Plan, RowStep, Value};
use rutile_core::math::{FloatMath, IntMath, threefry};
use rutile_core::shape::numel;

use attention::attention;

#[path = "attention.rs"] // Tests of core have this file as a module elsewhere.
mod attention;

pub struct ReferenceBackend {
    info: DeviceInfo,
    capabilities: Capabilities,
}

struct ReferenceStorage {
    dtype: DType,
    words: Vec<u64>,
}

struct ReferenceProgram(Arc<Plan>);

impl ReferenceBackend {
    pub fn new(capabilities: Capabilities) -> ReferenceBackend {
        let info = DeviceInfo { id: "reference".into(), ..DeviceInfo::default() };
        ReferenceBackend { info, capabilities }
    }
}

impl StorageObject for ReferenceStorage {
    fn dtype(&self) -> DType {
        self.dtype
    }
    fn len(&self) -> usize {
        self.words.len()
    }
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
    fn host_bytes(&self) -> Option<&[u8]> {
        None
    }
}

impl Backend for ReferenceBackend {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }
    fn upload(&self, dtype: DType, bytes: &[u8]) -> Result<Storage> {
        let words = bytes.chunks_exact(dtype.size()).map(|element| Scalar::from_bytes(element, dtype).word()).collect();
        Ok(Arc::new(ReferenceStorage { dtype, words }))
    }
    fn download(&self, storage: &Storage) -> Result<Vec<u8>> {
        let storage = own(storage);
        Ok(to_bytes(storage.dtype, &storage.words))
    }
    fn compile(&self, plan: Arc<Plan>) -> Result<Arc<dyn Program>> {
        Ok(Arc::new(ReferenceProgram(plan)))
    }
    fn synchronize(&self) -> Result<()> {
        Ok(())
    }
    fn memory(&self) -> Memory {
        Memory::default()
    }
    fn reset_peak_memory(&self) {}
    fn counters(&self) -> DeviceCounters {
        DeviceCounters::default()
    }
}

fn own(storage: &Storage) -> &ReferenceStorage {
    storage.as_any().downcast_ref().unwrap()
}

pub fn to_bytes(dtype: DType, words: &[u64]) -> Vec<u8> {
    let bytes = |&word: &u64| match dtype {
        DType::F16 => f16::from_f32(f32::get(word)).to_ne_bytes().to_vec(),
        DType::BF16 => bf16::from_f32(f32::get(word)).to_ne_bytes().to_vec(),
        _ => word.to_le_bytes()[..dtype.size()].to_vec(),
    };
    words.iter().flat_map(bytes).collect()
}

/// The word rounded to what memory of the dtype holds.
pub fn rounded(word: u64, dtype: DType) -> u64 {
    match dtype {
        DType::F16 => f16::from_f32(f32::get(word)).to_f32().put(),
        DType::BF16 => bf16::from_f32(f32::get(word)).to_f32().put(),
        _ => word,
    }
}

impl Program for ReferenceProgram {
    fn run(&self, inputs: &mut Vec<Storage>, scalars: &[u64], read: &[usize]) -> Result<Ran> {
        let plan = &self.0;
        let mut memory: Vec<(BufferRef, Vec<u64>)> = Vec::new();
        for (n, input) in inputs.iter().enumerate() {
            memory.push((BufferRef::Input(n), own(input).words.clone()));
        }
        for (n, output) in plan.outputs.iter().enumerate() {
            let mut words = output.reuses.map_or(Vec::new(), |input| memory[input].1.clone());
            words.resize(output.buffer.len, 0x7fc0_dead);
            memory.push((BufferRef::Output(n), words));
        }
        for (n, spec) in plan.temporaries.iter().enumerate() {
            memory.push((BufferRef::Temporary(n), vec![0x7fc0_dead; spec.len * spec.dtype.size()]));
        }
        // The check that failed first, and the integer.
        let fault = Cell::new(None);
        for launch in &plan.launches {
            let kernel = &plan.kernels[launch.kernel];
            let places: Vec<usize> = launch
                .buffers
                .iter()
                .map(|buffer| memory.iter().position(|(known, _)| known == buffer).unwrap())
                .collect();
            let scalars: Vec<u64> = launch.scalars.iter().map(|&n| scalars[n]).collect();
            let before: Vec<Vec<u64>> = places.iter().map(|&place| memory[place].1.clone()).collect();
            for (arg, address, word) in run(kernel, &before, &scalars, &fault) {
                memory[places[arg]].1[address] = word;
            }
        }
        let output = |n: usize| {
            let words = memory.iter().find(|(known, _)| *known == BufferRef::Output(n)).unwrap().1.clone();
            let spec = plan.outputs[n].buffer;
            ReferenceStorage { dtype: spec.dtype, words: words[..spec.len].to_vec() }
        };
        let outputs: Vec<ReferenceStorage> = (0..plan.outputs.len()).map(output).collect();
        let read = read.iter().map(|&n| to_bytes(outputs[n].dtype, &outputs[n].words)).collect();
        let outputs = outputs.into_iter().map(|output| Arc::new(output) as Storage).collect();
        Ok(Ran { outputs, read, fault: fault.get().map(|(number, value): Fault| plan.checks[number].error(value)) })
    }

    fn run_timed(&self, inputs: &mut Vec<Storage>, scalars: &[u64], read: &[usize]) -> Result<Timed> {
        let ran = self.run(inputs, scalars, read)?;
        Ok(Timed { ran, plan: self.0.clone(), nanoseconds: vec![0; self.0.launches.len()] })
    }
}

type Fault = (usize, i128);

struct Environment<'a> {
    fault: &'a Cell<Option<Fault>>,
    memory: &'a [Vec<u64>],
    scalars: &'a [u64],
    accumulators: Vec<u64>,
}

/// All stores of one launch as (argument, address, word).
fn run(kernel: &Kernel, memory: &[Vec<u64>], scalars: &[u64], fault: &Cell<Option<Fault>>) -> Vec<(usize, usize, u64)> {
    if let KernelKind::Horizontal { parts } = &kernel.kind {
        return parts.iter().flat_map(|part| run(part, memory, scalars, fault)).collect();
    }
    let mut stores = Vec::new();
    let mut sorted: Vec<usize> = Vec::new();
    let mut packed: Vec<f64> = Vec::new();
    for (linear, out) in indices(&kernel.out).enumerate() {
        let mut environment = Environment { fault, memory, scalars, accumulators: Vec::new() };
        match &kernel.kind {
            KernelKind::Map => {}
            KernelKind::Reduce { load, folds } => {
                let results = fold_all(load, folds, &out, &kernel.reduced, &environment);
                environment.accumulators.extend(results);
            }
            KernelKind::Rows { steps, each, stores: of_elements } => {
                for step in steps {
                    let results = match step {
                        RowStep::Fold { load, folds } => fold_all(load, folds, &out, &kernel.reduced, &environment),
                        RowStep::Compute(block) => {
                            let values = evaluate(block, &out, &environment);
                            block.results.iter().map(|&value| values[value]).collect()
                        }
                    };
                    environment.accumulators.extend(results);
                }
                for reduced in indices(&kernel.reduced) {
                    let index: Vec<usize> = out.iter().chain(&reduced).copied().collect();
                    let values = evaluate(each, &index, &environment);
                    for store in of_elements {
                        let address: i64 = index.iter().zip(&store.strides).map(|(&i, s)| i as i64 * s).sum();
                        stores.push((store.arg, address as usize, values[store.value]));
                    }
                }
            }
            KernelKind::Contract { left, right, .. } => {
                let dtype = left.code[left.results[0]].dtype;
                let number = |word| if dtype == DType::F64 { f64::get(word) } else { f32::get(word) as f64 };
                let (mut float, mut integer) = (0f64, 0u64);
                for reduced in indices(&kernel.reduced) {
                    let index: Vec<usize> = out.iter().chain(&reduced).copied().collect();
                    let a = evaluate(left, &index, &environment)[left.results[0]];
                    let b = evaluate(right, &index, &environment)[right.results[0]];
                    float += number(a) * number(b);
                    integer = integer.wrapping_add(a.wrapping_mul(b));
                }
                environment.accumulators.push(match dtype {
                    DType::F64 => float.put(),
                    _ if dtype.is_float() => (float as f32).put(),
                    _ => Scalar::int(integer as i64, dtype).word(),
                });
            }
            KernelKind::Scatter { load, axis } => {
                let dtype = load.code[load.results[1]].dtype;
                let mut sum = 0;
                for reduced in indices(&kernel.reduced) {
                    let index: Vec<usize> = out.iter().chain(&reduced).copied().collect();
                    let values = evaluate(load, &index, &environment);
                    if values[load.results[0]] as i32 as i64 == out[*axis] as i64 {
                        sum = apply(Elementwise::Add, dtype, &[sum, values[load.results[1]]]);
                    }
                }
                environment.accumulators.push(sum);
            }
            KernelKind::Scan { load, fold } => {
                let dtype = load.code[load.results[0]].dtype;
                let elements = row(load, &out, out[out.len() - 1] + 1, &environment);
                let words = elements.into_iter().map(|word| (word, 0));
                let (word, _) = words.reduce(|state, next| combine(*fold, dtype, state, next)).unwrap();
                environment.accumulators.push(word);
            }
            KernelKind::Sort { load, descending } => {
                let k = out[out.len() - 1];
                if k == 0 {
                    let dtype = load.code[load.results[0]].dtype;
                    let elements = row(load, &out, kernel.out[out.len() - 1], &environment);
                    let elements: Vec<u64> = elements.into_iter().map(|word| rounded(word, dtype)).collect();
                    sorted = (0..elements.len()).collect();
                    sorted.sort_by(|&a, &b| {
                        let order = compare(dtype, elements[a], elements[b]);
                        if *descending { order.reverse() } else { order }
                    });
                }
                environment.accumulators.push(sorted[k] as u64);
            }
            KernelKind::Attention { spec, operands } => {
                if linear == 0 {
                    packed = attention(spec, operands, |operand, index| {
                        f32::get(evaluate(&operand.load, index, &environment)[operand.load.results[0]]) as f64
                    });
                }
                environment.accumulators.push((packed[linear] as f32).put());
            }
            KernelKind::Horizontal { .. } => unreachable!("as above"),
            KernelKind::Linalg { .. } => unreachable!("the device has no linear algebra"),
        }
        let values = evaluate(&kernel.body, &out, &environment);
        for store in &kernel.stores {
            let dtype = kernel.args[store.arg].dtype;
            stores.push((store.arg, linear, rounded(values[store.value], dtype)));
        }
    }
    stores
}

/// The results of folding what `load` gives over the reduced axes.
fn fold_all(load: &Block, folds: &[Fold], out: &[usize], reduced: &[usize], environment: &Environment) -> Vec<u64> {
    let mut states: Vec<Option<(u64, u64)>> = vec![None; folds.len()];
    let dtype = |n: usize| load.code[load.results[n]].dtype;
    let positions = |n: usize| matches!(folds[n], Fold::ArgMax | Fold::ArgMin);
    for (position, reduced) in indices(reduced).enumerate() {
        let index: Vec<usize> = out.iter().chain(&reduced).copied().collect();
        let values = evaluate(load, &index, environment);
        for (n, &fold) in folds.iter().enumerate() {
            let value = values[load.results[n]];
            let value = if positions(n) { rounded(value, dtype(n)) } else { value };
            states[n] = Some(match states[n] {
                None => (value, position as u64),
                Some(state) => combine(fold, dtype(n), state, (value, position as u64)),
            });
        }
    }
    let result = |n: usize| {
        let empty = if folds[n] == Fold::Product { one(dtype(n)) } else { 0 };
        states[n].map_or(empty, |(value, position)| if positions(n) { position } else { value })
    };
    (0..folds.len()).map(result).collect()
}

/// The first `count` elements of the row along the last axis that `out` lies in.
fn row(load: &Block, out: &[usize], count: usize, environment: &Environment) -> Vec<u64> {
    let mut index = out.to_vec();
    let last = index.len() - 1;
    let element = |k| {
        index[last] = k;
        evaluate(load, &index, environment)[load.results[0]]
    };
    (0..count).map(element).collect()
}

/// The order of sorting, in which all NaN are equal and greatest.
fn compare(dtype: DType, a: u64, b: u64) -> Ordering {
    match dtype.kind() {
        Kind::Float => {
            let number = |word| if dtype == DType::F64 { f64::get(word) } else { f32::get(word) as f64 };
            let (a, b) = (number(a), number(b));
            a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
        }
        Kind::Signed => (a as i64).cmp(&(b as i64)),
        Kind::Unsigned | Kind::Bool => a.cmp(&b),
    }
}

fn indices(shape: &[usize]) -> impl Iterator<Item = Vec<usize>> + '_ {
    (0..numel(shape)).map(|linear| {
        let mut rest = linear;
        let mut index = vec![0; shape.len()];
        for axis in (0..shape.len()).rev() {
            index[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        index
    })
}

fn evaluate(block: &Block, index: &[usize], environment: &Environment) -> Vec<u64> {
    let mut values: Vec<u64> = Vec::new();
    for instruction in &block.code {
        let word = match &instruction.value {
            Value::Load { arg, view } => view.address(index).map_or(0, |address| environment.memory[*arg][address]),
            Value::Gather { arg, view, position, stride, bound } => {
                let position = values[*position] as i64;
                let base = view.address(index).filter(|_| (0..*bound).contains(&position));
                base.map_or(0, |base| environment.memory[*arg][(base as i64 + position * stride) as usize])
            }
            Value::Index { view } => cast(view.address(index).unwrap_or(0) as u64, DType::U32, instruction.dtype),
            Value::Valid { view } => view.address(index).is_some() as u64,
            Value::Scalar(n) => environment.scalars[*n],
            Value::Constant(scalar) => scalar.word(),
            Value::Accumulator(n) => environment.accumulators[*n],
            Value::Elementwise { op, operands } => {
                let dtype = block.code[*operands.last().unwrap()].dtype;
                // Comparisons see what a stored operand would be.
                let compares = op.row().bool_result;
                let word = |&n: &usize| if compares { rounded(values[n], block.code[n].dtype) } else { values[n] };
                apply(*op, dtype, &operands.iter().map(word).collect::<Vec<_>>())
            }
            Value::Cast(operand) => {
                let from = block.code[*operand].dtype;
                cast(rounded(values[*operand], from), from, instruction.dtype)
            }
            Value::Check { operand, valid, low, high, except, number } => {
                let word = values[*operand];
                let value = if instruction.dtype == DType::U64 { word as i128 } else { word as i64 as i128 };
                let counts = valid.is_none_or(|valid| values[valid] != 0);
                if counts && !(*low as i128..=*high as i128).contains(&value) && except.map(i128::from) != Some(value) {
                    let first = environment.fault.get().unwrap_or((*number, value));
                    environment.fault.set(Some(first));
                }
                word
            }
        };
        values.push(word);
    }
    values
}

fn combine(fold: Fold, dtype: DType, state: (u64, u64), next: (u64, u64)) -> (u64, u64) {
    // NaN comes before every number, whichever way.
    let is_nan = |word| dtype.is_float() && compare(dtype, word, infinity(dtype)).is_gt();
    let better = |a: u64, b: u64| {
        let wanted = if fold == Fold::ArgMax { Ordering::Greater } else { Ordering::Less };
        !is_nan(b) && (is_nan(a) || compare(dtype, a, b) == wanted)
    };
    let op = match fold {
        Fold::Sum => Elementwise::Add,
        Fold::Product => Elementwise::Mul,
        Fold::Max => Elementwise::Maximum,
        Fold::Min => Elementwise::Minimum,
        Fold::ArgMax | Fold::ArgMin => return if better(next.0, state.0) { next } else { state },
    };
    (apply(op, dtype, &[state.0, next.0]), state.1)
}

fn one(dtype: DType) -> u64 {
    Scalar::int(1, dtype).word()
}

fn infinity(dtype: DType) -> u64 {
    Scalar::float(f64::INFINITY, dtype).word()
}

fn cast(word: u64, from: DType, to: DType) -> u64 {
    if from.is_float() {
        let value = if from == DType::F64 { f64::get(word) } else { f32::get(word) as f64 };
        return match to {
            DType::F16 => f16::from_f64(value).to_f32().put(),
            DType::BF16 => bf16::from_f64(value).to_f32().put(),
            _ => Scalar::float(value, to).word(),
        };
    }
    let unsigned = from == DType::U64;
    match to {
        DType::F64 => (if unsigned { word as f64 } else { word as i64 as f64 }).put(),
        _ if to.is_float() => rounded((if unsigned { word as f32 } else { word as i64 as f32 }).put(), to),
        _ => Scalar::int(word as i64, to).word(),
    }
}

/// An elementwise op of words by the op table's CPU expressions; `dtype` is that of the last operand.
pub fn apply(op: Elementwise, dtype: DType, words: &[u64]) -> u64 {
    match (op, dtype) {
        (Elementwise::Where, _) => {
            if words[0] != 0 {
                words[1]
            } else {
                words[2]
            }
        }
        (_, DType::F16 | DType::BF16 | DType::F32) => of_f32(op, words),
        (_, DType::F64) => of_f64(op, words),
        (_, DType::I8) => of_i8(op, words),
        (_, DType::I16) => of_i16(op, words),
        (_, DType::I32) => of_i32(op, words),
        (_, DType::I64) => of_i64(op, words),
        (_, DType::U8) => of_u8(op, words),
        (_, DType::U16) => of_u16(op, words),
        (_, DType::U32) => of_u32(op, words),
        (_, DType::U64) => of_u64(op, words),
        (_, DType::Bool) => of_bool(op, words),
    }
}

/// A number as the word of it.
pub trait Word {
    fn get(word: u64) -> Self;
    fn put(self) -> u64;
}

macro_rules! word {
    ($($t:ty, $get:expr, $put:expr;)*) => {$(
        impl Word for $t {
            fn get(word: u64) -> Self {
                $get(word)
            }
            fn put(self) -> u64 {
                $put(self)
            }
        }
    )*};
}

macro_rules! integer_words {
    ($($t:ty)*) => {
        word! { $($t, |word| word as $t, |value| value as u64;)* }
    };
}

word! {
    f32, |word| f32::from_bits(word as u32), |value: f32| value.to_bits() as u64;
    f64, f64::from_bits, f64::to_bits;
    bool, |word| word != 0, |value| value as u64;
}

integer_words! { i8 i16 i32 i64 u8 u16 u32 u64 }

macro_rules! result {
    (same $t:ty) => {
        $t
    };
    (bool $t:ty) => {
        bool
    };
}

macro_rules! row {
    (Where $($rest:tt)*) => { unreachable!() };
    ($op:ident $t:ident $words:ident ($($arg:ident),*) $result:ident {}) => { panic!("{} has no expression", stringify!($op)) };
    ($op:ident $t:ident $words:ident ($($arg:ident),*) $result:ident { $($body:tt)+ }) => {{
        let mut operands = $words.iter();
        $(let $arg = <$t as Word>::get(*operands.next().unwrap());)*
        let value: result!($result $t) = { $($body)+ };
        value.put()
    }};
}

macro_rules! tables {
    (($g:ident, $out:ident) $({ $op:ident $name:literal ($($arg:ident),*) -> $result:ident $doc:literal;
         float { $($float:tt)* } int { $($int:tt)* } bool { $($bool:tt)* }
         wgsl $wgsl:literal; grad [$($grad:tt)*]; domain ($low:literal, $high:literal) $tolerance:literal })*) => {
        fn of_f32(op: Elementwise, words: &[u64]) -> u64 {
            match op { $(Elementwise::$op => row!($op f32 words ($($arg),*) $result { $($float)* })),* }
        }
        fn of_f64(op: Elementwise, words: &[u64]) -> u64 {
            match op { $(Elementwise::$op => row!($op f64 words ($($arg),*) $result { $($float)* })),* }
        }
        fn of_i8(op: Elementwise, words: &[u64]) -> u64 {
            match op { $(Elementwise::$op => row!($op i8 words ($($arg),*) $result { $($int)* })),* }
        }
        fn of_i16(op: Elementwise, words: &[u64]) -> u64 {
            match op { $(Elementwise::$op => row!($op i16 words ($($arg),*) $result { $($int)* })),* }
        }
        fn of_i32(op: Elementwise, words: &[u64]) -> u64 {
            match op { $(Elementwise::$op => row!($op i32 words ($($arg),*) $result { $($int)* })),* }
        }
        fn of_i64(op: Elementwise, words: &[u64]) -> u64 {
            match op { $(Elementwise::$op => row!($op i64 words ($($arg),*) $result { $($int)* })),* }
        }
        fn of_u8(op: Elementwise, words: &[u64]) -> u64 {
            match op { $(Elementwise::$op => row!($op u8 words ($($arg),*) $result { $($int)* })),* }
        }
        fn of_u16(op: Elementwise, words: &[u64]) -> u64 {
            match op { $(Elementwise::$op => row!($op u16 words ($($arg),*) $result { $($int)* })),* }
        }
        fn of_u32(op: Elementwise, words: &[u64]) -> u64 {
            match op { $(Elementwise::$op => row!($op u32 words ($($arg),*) $result { $($int)* })),* }
        }
        fn of_u64(op: Elementwise, words: &[u64]) -> u64 {
            match op { $(Elementwise::$op => row!($op u64 words ($($arg),*) $result { $($int)* })),* }
        }
        fn of_bool(op: Elementwise, words: &[u64]) -> u64 {
            match op { $(Elementwise::$op => row!($op bool words ($($arg),*) $result { $($bool)* })),* }
        }
    };
}

rutile_core::elementwise_rows!(tables);
