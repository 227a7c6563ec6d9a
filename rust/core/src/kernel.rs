//! The plan format: what a backend runs. Plain data, printable and serialisable.

use serde::{Deserialize, Serialize};
use smallvec::{SmallVec, smallvec};

use crate::attention::{Attention, Sizes};
use crate::dtype::{DType, Scalar};
use crate::elementwise::Elementwise;
use crate::error::{Error, ErrorKind};
use crate::linalg::Routine;
use crate::shape::{Coefs, Shape, numel};
use crate::view::View;

/// A whole evaluation: buffers, kernels and the order of launches.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Plan {
    /// Buffers handed in at each run.
    pub inputs: Vec<BufferSpec>,
    /// Buffers handed out. An output with `reuses` takes over the memory of that input, which nobody reads any more.
    pub outputs: Vec<OutputSpec>,
    /// Working memory; its content is undefined between runs.
    pub temporaries: Vec<BufferSpec>,
    /// Run-time scalars handed in at each run.
    pub scalars: Vec<DType>,
    pub kernels: Vec<Kernel>,
    pub launches: Vec<Launch>,
    /// What the kernels' [`Value::Check`]s demand, by their numbers.
    pub checks: Vec<Check>,
}

/// A demand on integers that are known only while a plan runs: each lies from `low` to `high`, or is `except`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Check {
    pub low: i64,
    pub high: i64,
    pub except: Option<i64>,
    /// The error of an evaluation in which one does not: `op` needs `needs`, got the integer.
    pub kind: ErrorKind,
    pub op: String,
    pub needs: String,
}

/// `len` elements of a dtype. A temporary may hold tensors of several dtypes in turn: `len` counts elements of `dtype`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BufferSpec {
    pub dtype: DType,
    pub len: usize,
}

impl BufferSpec {
    pub fn bytes(&self) -> usize {
        self.len * self.dtype.size()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputSpec {
    pub buffer: BufferSpec,
    pub reuses: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum BufferRef {
    Input(usize),
    Output(usize),
    Temporary(usize),
}

/// One run of a kernel: which buffer each of its arguments is, and which of the plan's scalars each of its scalars is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Launch {
    pub kernel: usize,
    pub buffers: Vec<BufferRef>,
    pub scalars: Vec<usize>,
}

/// One pass over an iteration space. Launches with equal kernels share their compiled form.
///
/// A kernel visits every index of `out`, row-major. Element `i` of a store goes to address `i` of its argument.
/// (The stores of a rows kernel's `each` say themselves where they go.)
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Kernel {
    pub kind: KernelKind,
    pub out: Shape,
    /// The axes that are reduced over; views inside `kind` see the index `out ++ reduced`.
    pub reduced: Shape,
    pub args: Vec<Arg>,
    /// dtypes of the kernel's run-time scalars.
    pub scalars: Vec<DType>,
    /// Runs once for each index of `out`; its views see that index. `Value::Accumulator(n)` is result n of the reduction.
    pub body: Block,
    pub stores: Vec<Store>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KernelKind {
    /// Elementwise: `body` alone, `reduced` is empty.
    Map,
    /// Each result of `load` is folded over `reduced` by its reduction.
    Reduce { load: Block, folds: Vec<Fold> },
    /// Several reductions over `reduced` in turn, of which the later ones may read what the earlier ones gave, and then code
    /// for each element: a row of elements is read from memory once. The steps' results are accumulators 0, 1, 2, …, which
    /// all later code may read.
    Rows { steps: Vec<RowStep>, each: Block, stores: Vec<RowStore> },
    /// `accumulator 0 = Σ over reduced of left·right`, in float32 or wider. Each of `left` and `right` has one result,
    /// which does not vary along the axes of the other's role.
    Contract { left: Block, right: Block, roles: Vec<Role> },
    /// `accumulator 0 = Σ over reduced of value, where position == index of output axis `axis``; positions outside the axis
    /// count for nothing. `load` has two results, position (int32) and value, whose views see `out ++ reduced` and do not
    /// vary along `axis`. The sum runs in the order of `reduced`.
    Scatter { load: Block, axis: usize },
    /// `accumulator 0` folds the result of `load` over the elements up to and including this one, along the last axis.
    /// Sum, Product, Max or Min.
    Scan { load: Block, fold: Fold },
    /// `accumulator 0` at position k of the last axis is the int32 position of the k-th smallest (or greatest) element of the
    /// result of `load` along that axis. Stable; NaN counts as greatest.
    Sort { load: Block, descending: bool },
    /// `accumulator 0` runs through the results of an attention, which lie one after another.
    Attention { spec: Attention, operands: Vec<Operand> },
    /// `accumulator 0` runs through the packed results of a routine, the last axis; axes before it are the batch.
    Linalg { routine: Routine, operands: Vec<Operand> },
    /// Horizontal fusion: maps, or reductions by the same folds, none of which touches what another one writes. Each has the
    /// arguments and scalars of the whole, which has nothing else of its own.
    Horizontal { parts: Vec<Kernel> },
}

/// What an attention or a routine of linear algebra reads: the result of `load`, whose views see the index of `shape`, batch and matrix.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Operand {
    pub load: Block,
    pub shape: Shape,
}

/// One step of a rows kernel.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RowStep {
    /// The results of code that runs once for each index of `out`; its views see that index.
    Compute(Block),
    /// Each result of `load`, whose views see `out ++ reduced`, folded over `reduced`.
    Fold { load: Block, folds: Vec<Fold> },
}

/// Where a value of `each` goes, whose views see `out ++ reduced`: to the address `Σ strides·index`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RowStore {
    pub arg: usize,
    pub value: usize,
    pub strides: Coefs,
}

/// How a reduction combines elements. ArgMax and ArgMin give the int32 row-major position in `reduced` of the first best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Fold {
    Sum,
    Product,
    Max,
    Min,
    ArgMax,
    ArgMin,
}

/// What an axis of `out` is to a contraction: varies in both factors, only in the left one, or only in the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Role {
    Batch,
    Left,
    Right,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Arg {
    pub dtype: DType,
    pub access: Access,
}

/// ReadWrite: the kernel overwrites what it reads, each element being read only by the invocation that stores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Access {
    Read,
    Write,
    ReadWrite,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Store {
    pub arg: usize,
    pub value: usize,
}

/// Straight-line code in single-assignment form: instruction `n` defines value `n` from earlier ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Block {
    pub code: Vec<Instruction>,
    /// Values handed on: to the folds, or to the contraction. Empty for `Kernel::body`, which has stores.
    pub results: Vec<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Instruction {
    pub dtype: DType,
    pub value: Value,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Value {
    /// The element of an argument that the view addresses; zero where a guard fails.
    Load {
        arg: usize,
        view: View,
    },
    /// The element at the view's address plus `stride` times the value `position`, an int32 from 0 to `bound` - 1; zero
    /// where a guard fails or the position lies outside.
    Gather {
        arg: usize,
        view: View,
        position: usize,
        stride: i64,
        bound: i64,
    },
    /// The view's address itself, as an integer: zero where a guard fails.
    Index {
        view: View,
    },
    /// Whether all guards of the view hold.
    Valid {
        view: View,
    },
    /// Run-time scalar n of the kernel.
    Scalar(usize),
    Constant(Scalar),
    /// Result n of the kernel's reduction.
    Accumulator(usize),
    Elementwise {
        op: Elementwise,
        operands: Vec<usize>,
    },
    /// The operand converted to this instruction's dtype.
    Cast(usize),
    /// The operand, an integer, as it is. Where `valid` holds (everywhere if None) and the integer neither lies from `low`
    /// to `high` nor is `except`, the run goes on to its end and is at fault by check `number` of the plan.
    Check {
        operand: usize,
        valid: Option<usize>,
        low: i64,
        high: i64,
        except: Option<i64>,
        number: usize,
    },
}

impl Check {
    /// A position on an axis of `size` elements; negative ones count from the end.
    pub fn position(op: &str, axis: usize, size: usize) -> Check {
        let (low, high) = (-(size as i64), size as i64 - 1);
        let needs = format!("positions from {low} to {high} on axis {axis} of size {size}");
        Check { low, high, except: None, kind: ErrorKind::Index, op: op.into(), needs }
    }

    /// The error of a run that met `got`.
    pub fn error(&self, got: i128) -> Error {
        Error::new(self.kind, &self.op, self.needs.as_str(), got.to_string())
    }
}

impl Block {
    /// The views that values are read by.
    pub fn views(&self) -> impl Iterator<Item = &View> {
        self.code.iter().filter_map(|instruction| instruction.value.view())
    }

    /// The code behind one value, which is its only result.
    pub fn part(&self, result: usize) -> Block {
        let mut wanted = vec![false; self.code.len()];
        wanted[result] = true;
        for n in (0..=result).rev() {
            if wanted[n] {
                self.code[n].value.clone().operands_mut().into_iter().for_each(|&mut operand| wanted[operand] = true);
            }
        }
        let mut part = Block::default();
        let mut places = vec![0; self.code.len()];
        for n in (0..=result).filter(|&n| wanted[n]) {
            let mut instruction = self.code[n].clone();
            instruction.value.operands_mut().into_iter().for_each(|operand| *operand = places[*operand]);
            places[n] = part.code.len();
            part.code.push(instruction);
        }
        part.results.push(places[result]);
        part
    }

    /// The block with its half-precision results rounded to what they would be in memory, for what compares elements.
    pub fn rounded(&self) -> Block {
        let mut block = self.clone();
        for result in &mut block.results {
            let dtype = block.code[*result].dtype;
            if dtype.is_half() {
                block.code.push(Instruction { dtype, value: Value::Cast(*result) });
                *result = block.code.len() - 1;
            }
        }
        block
    }
}

impl Value {
    /// The view that the value reads by.
    pub fn view(&self) -> Option<&View> {
        match self {
            Value::Load { view, .. } | Value::Gather { view, .. } | Value::Index { view } | Value::Valid { view } => {
                Some(view)
            }
            Value::Scalar(_)
            | Value::Constant(_)
            | Value::Accumulator(_)
            | Value::Elementwise { .. }
            | Value::Cast(_)
            | Value::Check { .. } => None,
        }
    }

    pub fn view_mut(&mut self) -> Option<&mut View> {
        match self {
            Value::Load { view, .. } | Value::Gather { view, .. } | Value::Index { view } | Value::Valid { view } => {
                Some(view)
            }
            Value::Scalar(_)
            | Value::Constant(_)
            | Value::Accumulator(_)
            | Value::Elementwise { .. }
            | Value::Cast(_)
            | Value::Check { .. } => None,
        }
    }

    /// The earlier values that it is computed from.
    pub fn operands(&self) -> SmallVec<[usize; 3]> {
        match self {
            Value::Elementwise { operands, .. } => operands.iter().copied().collect(),
            Value::Cast(operand) => smallvec![*operand],
            Value::Gather { position, .. } => smallvec![*position],
            Value::Check { operand, valid, .. } => std::iter::once(*operand).chain(*valid).collect(),
            Value::Load { .. }
            | Value::Index { .. }
            | Value::Valid { .. }
            | Value::Scalar(_)
            | Value::Constant(_)
            | Value::Accumulator(_) => smallvec![],
        }
    }

    /// The same, to be changed.
    pub fn operands_mut(&mut self) -> Vec<&mut usize> {
        match self {
            Value::Elementwise { operands, .. } => operands.iter_mut().collect(),
            Value::Cast(operand) | Value::Gather { position: operand, .. } => vec![operand],
            Value::Check { operand, valid, .. } => std::iter::once(operand).chain(valid).collect(),
            Value::Load { .. }
            | Value::Index { .. }
            | Value::Valid { .. }
            | Value::Scalar(_)
            | Value::Constant(_)
            | Value::Accumulator(_) => vec![],
        }
    }
}

impl Block {
    /// Leaves out instructions that neither the results nor `values`, which are renumbered with them, need.
    pub fn drop_unused(&mut self, values: &mut [usize]) {
        let mut live = vec![false; self.code.len()];
        self.results.iter().chain(values.iter()).for_each(|&value| live[value] = true);
        for n in (0..self.code.len()).rev() {
            if live[n] {
                self.code[n].value.operands().iter().for_each(|&operand| live[operand] = true);
            }
        }
        let mut place = vec![usize::MAX; self.code.len()];
        let code = std::mem::take(&mut self.code);
        for (n, mut instruction) in code.into_iter().enumerate().filter(|(n, _)| live[*n]) {
            instruction.value.operands_mut().into_iter().for_each(|operand| *operand = place[*operand]);
            place[n] = self.code.len();
            self.code.push(instruction);
        }
        self.results.iter_mut().chain(values).for_each(|value| *value = place[*value]);
    }
}

impl Fold {
    pub fn name(self) -> &'static str {
        match self {
            Fold::Sum => "sum",
            Fold::Product => "prod",
            Fold::Max => "max",
            Fold::Min => "min",
            Fold::ArgMax => "argmax",
            Fold::ArgMin => "argmin",
        }
    }

    /// dtype of the result for elements of `dtype`.
    pub fn result(self, dtype: DType) -> DType {
        match self {
            Fold::ArgMax | Fold::ArgMin => DType::I32,
            _ => dtype,
        }
    }
}

impl Kernel {
    /// Kernels that run side by side, given with the same arguments and scalars.
    pub fn horizontal(parts: Vec<Kernel>) -> Kernel {
        let Kernel { args, scalars, .. } = parts[0].clone();
        let kind = KernelKind::Horizontal { parts };
        Kernel { kind, out: Shape::new(), reduced: Shape::new(), args, scalars, body: Block::default(), stores: vec![] }
    }

    /// The kernels that it consists of: itself, unless it is made of several.
    pub fn parts(&self) -> &[Kernel] {
        match &self.kind {
            KernelKind::Horizontal { parts } => parts,
            _ => std::slice::from_ref(self),
        }
    }

    pub fn parts_mut(&mut self) -> &mut [Kernel] {
        match &mut self.kind {
            KernelKind::Horizontal { .. } => {
                let KernelKind::Horizontal { parts } = &mut self.kind else { unreachable!("as above") };
                parts
            }
            _ => std::slice::from_mut(self),
        }
    }

    /// Floating-point operations of one launch, a multiply-add counted as two.
    pub fn flops(&self) -> u64 {
        let outer = numel(&self.out) as u64;
        let inner = outer * numel(&self.reduced) as u64;
        let ops = |block: &Block| {
            let count = |i: &&Instruction| matches!(i.value, Value::Elementwise { .. }) && i.dtype.is_float();
            block.code.iter().filter(count).count() as u64
        };
        let reduction = match &self.kind {
            KernelKind::Map => 0,
            KernelKind::Reduce { load, folds } => inner * (ops(load) + folds.len() as u64),
            KernelKind::Rows { steps, each, .. } => {
                let step = |step: &RowStep| match step {
                    RowStep::Compute(block) => outer * ops(block),
                    RowStep::Fold { load, folds } => inner * (ops(load) + folds.len() as u64),
                };
                steps.iter().map(step).sum::<u64>() + inner * ops(each)
            }
            KernelKind::Contract { .. } => inner * 2,
            KernelKind::Scatter { load, axis } => inner / self.out[*axis].max(1) as u64 * (ops(load) + 1),
            KernelKind::Scan { load, .. } | KernelKind::Sort { load, .. } => outer * (ops(load) + 1),
            KernelKind::Attention { spec, operands } => spec.flops(&Sizes::of_operands(operands)),
            KernelKind::Linalg { routine, operands } => {
                let batch = self.out.len() - 1;
                numel(&self.out[..batch]) as u64 * routine.flops(&operands[0].shape[batch..])
            }
            KernelKind::Horizontal { parts } => parts.iter().map(Kernel::flops).sum(),
        };
        reduction + outer * ops(&self.body)
    }

    /// All straight-line code of the kernel.
    pub fn blocks(&self) -> Vec<&Block> {
        match &self.kind {
            KernelKind::Map => vec![&self.body],
            KernelKind::Reduce { load, .. }
            | KernelKind::Scatter { load, .. }
            | KernelKind::Scan { load, .. }
            | KernelKind::Sort { load, .. } => vec![load, &self.body],
            KernelKind::Rows { steps, each, .. } => {
                let blocks = steps.iter().map(|step| match step {
                    RowStep::Compute(block) | RowStep::Fold { load: block, .. } => block,
                });
                blocks.chain([each, &self.body]).collect()
            }
            KernelKind::Contract { left, right, .. } => vec![left, right, &self.body],
            KernelKind::Attention { operands, .. } | KernelKind::Linalg { operands, .. } => {
                operands.iter().map(|operand| &operand.load).chain([&self.body]).collect()
            }
            KernelKind::Horizontal { parts } => parts.iter().flat_map(Kernel::blocks).collect(),
        }
    }

    /// Whether the code reads the argument.
    pub fn reads(&self, arg: usize) -> bool {
        let loads = |instruction: &Instruction| match instruction.value {
            Value::Load { arg: loaded, .. } | Value::Gather { arg: loaded, .. } => loaded == arg,
            _ => false,
        };
        self.blocks().into_iter().flat_map(|block| &block.code).any(loads)
    }

    /// Whether a run of the kernel can be at fault.
    pub fn has_checks(&self) -> bool {
        let checks = |instruction: &Instruction| matches!(instruction.value, Value::Check { .. });
        self.blocks().into_iter().flat_map(|block| &block.code).any(checks)
    }

    /// How many reductions it does.
    pub fn folds(&self) -> usize {
        match &self.kind {
            KernelKind::Reduce { folds, .. } => folds.len(),
            KernelKind::Rows { steps, .. } => {
                let folds = steps.iter().map(|step| match step {
                    RowStep::Fold { folds, .. } => folds.len(),
                    RowStep::Compute(_) => 0,
                });
                folds.sum()
            }
            KernelKind::Horizontal { parts } => parts.iter().map(Kernel::folds).sum(),
            _ => 0,
        }
    }

    /// The arguments that the kernel stores to, and how many elements of each.
    pub fn written(&self) -> impl Iterator<Item = (usize, usize)> {
        self.parts().iter().flat_map(|part| {
            let out = numel(&part.out);
            let of_rows = match &part.kind {
                KernelKind::Rows { stores, .. } => &stores[..],
                _ => &[],
            };
            let all = out * numel(&part.reduced);
            let rows = of_rows.iter().map(move |store| (store.arg, all));
            part.stores.iter().map(move |store| (store.arg, out)).chain(rows)
        })
    }

    /// Gives the kernel these arguments; `number` tells which of them each argument so far becomes.
    pub fn replace_args(&mut self, args: &[Arg], mut number: impl FnMut(usize) -> usize) {
        for instruction in self.blocks_mut().into_iter().flat_map(|block| &mut block.code) {
            if let Value::Load { arg, .. } | Value::Gather { arg, .. } = &mut instruction.value {
                *arg = number(*arg);
            }
        }
        for part in self.parts_mut() {
            part.args = args.to_vec();
            part.stores.iter_mut().for_each(|store| store.arg = number(store.arg));
            if let KernelKind::Rows { stores, .. } = &mut part.kind {
                stores.iter_mut().for_each(|store| store.arg = number(store.arg));
            }
        }
        self.args = args.to_vec();
    }

    /// A short name for profiles and logs.
    pub fn name(&self) -> &'static str {
        match &self.kind {
            KernelKind::Map => "map",
            KernelKind::Reduce { .. } => "reduce",
            KernelKind::Rows { .. } => "rows",
            KernelKind::Contract { .. } => "contract",
            KernelKind::Scatter { .. } => "scatter",
            KernelKind::Scan { .. } => "scan",
            KernelKind::Sort { .. } => "sort",
            KernelKind::Attention { .. } => "attention",
            KernelKind::Linalg { .. } => "linalg",
            KernelKind::Horizontal { .. } => "horizontal",
        }
    }

    /// All straight-line code of the kernel, to be changed.
    pub fn blocks_mut(&mut self) -> Vec<&mut Block> {
        match &mut self.kind {
            KernelKind::Map => vec![&mut self.body],
            KernelKind::Reduce { load, .. }
            | KernelKind::Scatter { load, .. }
            | KernelKind::Scan { load, .. }
            | KernelKind::Sort { load, .. } => vec![load, &mut self.body],
            KernelKind::Rows { steps, each, .. } => {
                let blocks = steps.iter_mut().map(|step| match step {
                    RowStep::Compute(block) | RowStep::Fold { load: block, .. } => block,
                });
                blocks.chain([each, &mut self.body]).collect()
            }
            KernelKind::Contract { left, right, .. } => vec![left, right, &mut self.body],
            KernelKind::Attention { operands, .. } | KernelKind::Linalg { operands, .. } => {
                operands.iter_mut().map(|operand| &mut operand.load).chain([&mut self.body]).collect()
            }
            KernelKind::Horizontal { parts } => parts.iter_mut().flat_map(Kernel::blocks_mut).collect(),
        }
    }
}
