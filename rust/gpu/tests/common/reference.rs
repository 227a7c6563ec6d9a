//! An interpreter of plans on the host.

use std::any::Any;
use std::cell::Cell;
use std::cmp::Ordering;
use std::sync::Arc;

use rutile_core::backend::{
    Backend, Capabilities, DeviceCounters, DeviceInfo, Memory, Program, Ran, Storage, StorageObject,
};
use rutile_core::dtype::DType;
use rutile_core::elementwise::Elementwise;
use rutile_core::error::Result;
use rutile_core::kernel::{Block, BufferRef, Fold, Kernel, KernelKind, Plan, RowStep, Value};
use rutile_core::math::{FloatMath, IntMath, threefry};
use rutile_core::shape::numel;

pub struct ReferenceBackend {
    info: DeviceInfo,
    capabilities: Capabilities,
}

struct ReferenceStorage {
    dtype: DType,
    words: Vec<u32>,
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
        let words = match dtype {
            DType::Bool => bytes.iter().map(|&byte| byte as u32).collect(),
            _ => bytes.chunks_exact(4).map(|c| u32::from_ne_bytes(c.try_into().unwrap())).collect(),
        };
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

fn to_bytes(dtype: DType, words: &[u32]) -> Vec<u8> {
    match dtype {
        DType::Bool => words.iter().map(|&word| word as u8).collect(),
        _ => words.iter().flat_map(|word| word.to_ne_bytes()).collect(),
    }
}

impl Program for ReferenceProgram {
    fn run(&self, inputs: &mut Vec<Storage>, scalars: &[u64], read: &[usize]) -> Result<Ran> {
        let plan = &self.0;
        let mut memory: Vec<(BufferRef, Vec<u32>)> = Vec::new();
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
            let scalars: Vec<u32> = launch.scalars.iter().map(|&n| scalars[n] as u32).collect();
            let before: Vec<Vec<u32>> = places.iter().map(|&place| memory[place].1.clone()).collect();
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
}

type Fault = (usize, i128);

struct Environment<'a> {
    fault: &'a Cell<Option<Fault>>,
    memory: &'a [Vec<u32>],
    scalars: &'a [u32],
    accumulators: Vec<u32>,
}

/// All stores of one launch as (argument, address, word).
fn run(kernel: &Kernel, memory: &[Vec<u32>], scalars: &[u32], fault: &Cell<Option<Fault>>) -> Vec<(usize, usize, u32)> {
    let mut stores = Vec::new();
    let mut sorted: Vec<usize> = Vec::new();
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
                let (mut float, mut integer) = (0f64, 0u32);
                for reduced in indices(&kernel.reduced) {
                    let index: Vec<usize> = out.iter().chain(&reduced).copied().collect();
                    let a = evaluate(left, &index, &environment)[left.results[0]];
                    let b = evaluate(right, &index, &environment)[right.results[0]];
                    float += f32::from_bits(a) as f64 * f32::from_bits(b) as f64;
                    integer = integer.wrapping_add(a.wrapping_mul(b));
                }
                environment.accumulators.push(if dtype == DType::F32 { (float as f32).to_bits() } else { integer });
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
                    sorted = (0..elements.len()).collect();
                    sorted.sort_by(|&a, &b| {
                        let order = compare(dtype, elements[a], elements[b]);
                        if *descending { order.reverse() } else { order }
                    });
                }
                environment.accumulators.push(sorted[k] as u32);
            }
            KernelKind::Linalg { .. } => unreachable!("the device has no linear algebra"),
        }
        let values = evaluate(&kernel.body, &out, &environment);
        for store in &kernel.stores {
            stores.push((store.arg, linear, values[store.value]));
        }
    }
    stores
}

/// The results of folding what `load` gives over the reduced axes.
fn fold_all(load: &Block, folds: &[Fold], out: &[usize], reduced: &[usize], environment: &Environment) -> Vec<u32> {
    let mut states: Vec<Option<(u32, u32)>> = vec![None; folds.len()];
    let dtype = |n: usize| load.code[load.results[n]].dtype;
    for (position, reduced) in indices(reduced).enumerate() {
        let index: Vec<usize> = out.iter().chain(&reduced).copied().collect();
        let values = evaluate(load, &index, environment);
        for (n, &fold) in folds.iter().enumerate() {
            let value = values[load.results[n]];
            states[n] = Some(match states[n] {
                None => (value, position as u32),
                Some(state) => combine(fold, dtype(n), state, (value, position as u32)),
            });
        }
    }
    let result = |n: usize| {
        let arg = matches!(folds[n], Fold::ArgMax | Fold::ArgMin);
        let empty = if folds[n] == Fold::Product { one(dtype(n)) } else { 0 };
        states[n].map_or(empty, |(value, position)| if arg { position } else { value })
    };
    (0..folds.len()).map(result).collect()
}

/// The first `count` elements of the row along the last axis that `out` lies in.
fn row(load: &Block, out: &[usize], count: usize, environment: &Environment) -> Vec<u32> {
    let mut index = out.to_vec();
    let last = index.len() - 1;
    let element = |k| {
        index[last] = k;
        evaluate(load, &index, environment)[load.results[0]]
    };
    (0..count).map(element).collect()
}

/// The order of sorting, in which all NaN are equal and greatest.
fn compare(dtype: DType, a: u32, b: u32) -> Ordering {
    match dtype {
        DType::F32 => {
            let (a, b) = (f32::from_bits(a), f32::from_bits(b));
            a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
        }
        DType::I32 => (a as i32).cmp(&(b as i32)),
        _ => a.cmp(&b),
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

fn evaluate(block: &Block, index: &[usize], environment: &Environment) -> Vec<u32> {
    let mut values: Vec<u32> = Vec::new();
    for instruction in &block.code {
        let word = match &instruction.value {
            Value::Load { arg, view } => view.address(index).map_or(0, |address| environment.memory[*arg][address]),
            Value::Gather { arg, view, position, stride, bound } => {
                let position = values[*position] as i32 as i64;
                let base = view.address(index).filter(|_| (0..*bound).contains(&position));
                base.map_or(0, |base| environment.memory[*arg][(base as i64 + position * stride) as usize])
            }
            Value::Index { view } => cast(view.address(index).unwrap_or(0) as u32, DType::U32, instruction.dtype),
            Value::Valid { view } => view.address(index).is_some() as u32,
            Value::Scalar(n) => environment.scalars[*n],
            Value::Constant(scalar) => scalar.word() as u32,
            Value::Accumulator(n) => environment.accumulators[*n],
            Value::Elementwise { op, operands } => {
                let dtype = block.code[*operands.last().unwrap()].dtype;
                apply(*op, dtype, &operands.iter().map(|&n| values[n]).collect::<Vec<_>>())
            }
            Value::Check { operand, valid, low, high, except, number } => {
                let word = values[*operand];
                let value = if instruction.dtype == DType::I32 { word as i32 as i64 } else { word as i64 };
                let counts = valid.is_none_or(|valid| values[valid] != 0);
                if counts && !(*low..=*high).contains(&value) && *except != Some(value) {
                    let first = environment.fault.get().unwrap_or((*number, value as i128));
                    environment.fault.set(Some(first));
                }
                word
            }
            Value::Cast(operand) => cast(values[*operand], block.code[*operand].dtype, instruction.dtype),
        };
        values.push(word);
    }
    values
}

fn combine(fold: Fold, dtype: DType, state: (u32, u32), next: (u32, u32)) -> (u32, u32) {
    let better = |a: u32, b: u32| {
        let (a, b) = match dtype {
            DType::F32 => (f32::from_bits(a) as f64, f32::from_bits(b) as f64),
            DType::I32 => (a as i32 as f64, b as i32 as f64),
            _ => (a as f64, b as f64),
        };
        !b.is_nan() && (a.is_nan() || if fold == Fold::ArgMax { a > b } else { a < b })
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

fn one(dtype: DType) -> u32 {
    if dtype == DType::F32 { 1f32.to_bits() } else { 1 }
}

fn cast(word: u32, from: DType, to: DType) -> u32 {
    match (from, to) {
        (DType::F32, DType::I32) => f32::from_bits(word) as i32 as u32,
        (DType::F32, DType::U32) => f32::from_bits(word) as u32,
        (DType::F32, DType::Bool) => (f32::from_bits(word) != 0.0) as u32,
        (DType::I32, DType::F32) => (word as i32 as f32).to_bits(),
        (DType::U32 | DType::Bool, DType::F32) => (word as f32).to_bits(),
        (_, DType::Bool) => (word != 0) as u32,
        _ => word,
    }
}

/// An elementwise op of words by the op table's CPU expressions; `dtype` is that of the last operand.
pub fn apply(op: Elementwise, dtype: DType, words: &[u32]) -> u32 {
    match (op, dtype) {
        (Elementwise::Where, _) => {
            if words[0] != 0 {
                words[1]
            } else {
                words[2]
            }
        }
        (_, DType::F32) => float(op, words),
        (_, DType::I32) => signed(op, words),
        (_, DType::U32) => unsigned(op, words),
        _ => boolean(op, words),
    }
}

trait Word {
    fn get(word: u32) -> Self;
    fn put(self) -> u32;
}

macro_rules! word {
    ($($t:ty, $get:expr, $put:expr;)*) => {$(
        impl Word for $t {
            fn get(word: u32) -> Self {
                $get(word)
            }
            fn put(self) -> u32 {
                $put(self)
            }
        }
    )*};
}

word! {
    f32, f32::from_bits, f32::to_bits;
    i32, |word| word as i32, |value| value as u32;
    u32, |word| word, |value| value;
    bool, |word| word != 0, |value| value as u32;
}

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
        fn float(op: Elementwise, words: &[u32]) -> u32 {
            match op { $(Elementwise::$op => row!($op f32 words ($($arg),*) $result { $($float)* })),* }
        }
        fn signed(op: Elementwise, words: &[u32]) -> u32 {
            match op { $(Elementwise::$op => row!($op i32 words ($($arg),*) $result { $($int)* })),* }
        }
        fn unsigned(op: Elementwise, words: &[u32]) -> u32 {
            match op { $(Elementwise::$op => row!($op u32 words ($($arg),*) $result { $($int)* })),* }
        }
        fn boolean(op: Elementwise, words: &[u32]) -> u32 {
            match op { $(Elementwise::$op => row!($op bool words ($($arg),*) $result { $($bool)* })),* }
        }
    };
}

rutile_core::elementwise_rows!(tables);
