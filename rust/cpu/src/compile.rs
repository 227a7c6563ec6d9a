//! From straight-line code to steps: which loop each instruction runs, on which values, in which slot.

use rutile_core::dtype::DType;
use rutile_core::elementwise::Elementwise;
use rutile_core::error::{Error, Result};
use rutile_core::kernel::{Access, Arg, Block, Instruction, Value};
use rutile_core::view::View;

use crate::check::Check;
use crate::convert;
use crate::element::register;
use crate::loops::{self, Loop};
use crate::read::Source;
use crate::view::Rows;

pub struct Step {
    pub work: Work,
    pub slot: usize,
    /// Bytes of an element in registers.
    pub size: usize,
    /// The result that is wanted in the caller's memory, and may be computed there.
    pub destination: Option<usize>,
}

pub enum Work {
    Load {
        source: Source,
        rows: Rows,
        copy: bool,
        /// Number of the block of rows that it reads across, if it does.
        lines: Option<usize>,
    },
    Gather {
        source: Source,
        rows: Rows,
        position: usize,
        stride: i64,
        bound: i64,
    },
    Index {
        rows: Rows,
    },
    Valid {
        rows: Rows,
    },
    Scalar(usize),
    Constant(usize),
    Accumulator(usize),
    Compute {
        function: Loop,
        operands: [usize; 3],
        arity: usize,
        /// Where one of two operands is this throughout, as most parts of what lies side by side are, the other is the result.
        neutral: Option<[u8; 8]>,
    },
    /// Gives no value: those who ask for the checked one get the operand itself.
    Check {
        operand: usize,
        valid: Option<usize>,
        check: Check,
    },
}

/// Turns the instructions of a block into steps.
pub struct Compiler<'a> {
    pub block: &'a Block,
    pub args: &'a [Arg],
    pub axes: &'a [usize],
    pub steps: Vec<Step>,
    /// Step of each instruction's value.
    pub places: Vec<usize>,
    pub constants: Vec<[u8; 8]>,
    /// The shortest row of a view.
    pub row: usize,
}

impl Compiler<'_> {
    fn push(&mut self, work: Work, size: usize) {
        self.steps.push(Step { work, slot: 0, size, destination: None });
    }

    /// Adds an instruction; `in_place` as for `work`.
    pub fn add(&mut self, instruction: &Instruction, in_place: bool) -> Result<()> {
        let work = self.work(instruction, in_place)?;
        let checked = if let Work::Check { operand, .. } = work { Some(operand) } else { None };
        self.push(work, register(instruction.dtype).size());
        self.places.push(checked.unwrap_or(self.steps.len() - 1));
        Ok(())
    }

    fn rows(&mut self, view: &View) -> Rows {
        let rows = Rows::new(view, self.axes);
        self.row = self.row.min(rows.row());
        rows
    }

    fn source(&self, arg: usize) -> Source {
        let dtype = self.args[arg].dtype;
        Source { arg, size: dtype.size(), widen: convert::widen(dtype) }
    }

    /// What an instruction does; `in_place`: its value is wanted, and some argument is overwritten.
    fn work(&mut self, instruction: &Instruction, in_place: bool) -> Result<Work> {
        Ok(match &instruction.value {
            Value::Load { arg, view } => {
                let copy = in_place && self.args[*arg].access == Access::ReadWrite;
                Work::Load { source: self.source(*arg), rows: self.rows(view), copy, lines: None }
            }
            Value::Gather { arg, view, position, stride, bound } => {
                let (source, rows) = (self.source(*arg), self.rows(view));
                Work::Gather { source, rows, position: self.places[*position], stride: *stride, bound: *bound }
            }
            Value::Index { view } => Work::Index { rows: self.rows(view) },
            Value::Valid { view } => Work::Valid { rows: self.rows(view) },
            Value::Scalar(n) => Work::Scalar(*n),
            Value::Constant(scalar) => {
                self.constants.push(register_bytes(scalar.word(), scalar.dtype));
                Work::Constant(self.constants.len() - 1)
            }
            Value::Accumulator(n) => Work::Accumulator(*n),
            Value::Elementwise { op, operands } => self.compute(*op, operands)?,
            Value::Check { operand, valid, low, high, except, number } => {
                let check = Check::new(instruction.dtype, *number, *low, *high, *except);
                Work::Check { operand: self.places[*operand], valid: valid.map(|valid| self.places[valid]), check }
            }
            Value::Cast(operand) => {
                let (from, to) = (self.block.code[*operand].dtype, instruction.dtype);
                let source = self.rounded(*operand);
                match convert::round(to) {
                    None => single(convert::cast(register(from), to), source),
                    Some(round) => {
                        self.push(single(convert::cast_before_rounding(register(from)), source), 4);
                        single(round, self.steps.len() - 1)
                    }
                }
            }
        })
    }

    fn compute(&mut self, op: Elementwise, operands: &[usize]) -> Result<Work> {
        let last = *operands.last().expect("an op has operands");
        let dtype = self.block.code[last].dtype;
        let refused = || {
            Error::dtype(op.row().name, format!("{} operands", op.row().accepted_kinds()), dtype.name())
                .hint("convert with .astype(...)")
        };
        let function = loops::elementwise(op, register(dtype)).ok_or_else(refused)?;
        // Comparisons must see what a stored operand would be: else x == max(x) could fail.
        let compares = op.row().bool_result;
        let operand = |n: usize| operands.get(n).copied().unwrap_or(operands[0]);
        let places = [0, 1, 2].map(|n| match compares && n < operands.len() {
            true => self.rounded(operand(n)),
            false => self.places[operand(n)],
        });
        let neutral = operands.iter().find_map(|&operand| self.neutral(op, operand));
        Ok(Work::Compute { function, operands: places, arity: operands.len(), neutral })
    }

    /// What an operand is, where it has no element of its own, if adding that changes nothing.
    fn neutral(&self, op: Elementwise, operand: usize) -> Option<[u8; 8]> {
        let code = &self.block.code;
        let Value::Elementwise { op: Elementwise::Where, operands } = &code[operand].value else { return None };
        let Value::Constant(fill) = code[operands[2]].value else { return None };
        let changes_nothing = fill.is(0) && fill.as_f64().is_sign_negative() == fill.dtype.is_float();
        (op == Elementwise::Add && changes_nothing).then(|| register_bytes(fill.word(), fill.dtype))
    }

    /// The step of a value, a half-precision one rounded to what it would be in memory.
    fn rounded(&mut self, value: usize) -> usize {
        let instruction = &self.block.code[value];
        let exact = matches!(instruction.value, Value::Load { .. } | Value::Gather { .. } | Value::Cast(_));
        match convert::round(instruction.dtype) {
            Some(round) if !exact => {
                self.push(single(round, self.places[value]), 4);
                self.steps.len() - 1
            }
            _ => self.places[value],
        }
    }
}

fn single(function: Loop, operand: usize) -> Work {
    Work::Compute { function, operands: [operand; 3], arity: 1, neutral: None }
}

/// A scalar's word as the bytes that registers of its dtype have.
pub fn register_bytes(word: u64, dtype: DType) -> [u8; 8] {
    let mut bytes = [0; 8];
    match register(dtype).size() {
        1 => bytes[0] = word as u8,
        2 => bytes[..2].copy_from_slice(&(word as u16).to_ne_bytes()),
        4 => bytes[..4].copy_from_slice(&(word as u32).to_ne_bytes()),
        _ => bytes = word.to_ne_bytes(),
    }
    bytes
}

/// Nanoseconds for one element, roughly.
pub fn step_cost(value: &Value) -> f64 {
    use Elementwise::*;
    match value {
        Value::Elementwise { op: Lgamma | Digamma, .. } => 12.0,
        Value::Elementwise { op: Remainder | FloorDiv | Fmod | NextAfter, .. } => 5.0,
        Value::Elementwise { op: Threefry | Pow, .. } => 1.5,
        Value::Elementwise { op, .. } if op.is_expensive() => 0.6,
        Value::Load { view, .. } if view.levels.len() > 1 => 3.0,
        // Beside each other, or one for all.
        Value::Load { view, .. } if matches!(view.levels[0].strides.last(), None | Some(0 | 1)) => 0.06,
        Value::Load { .. } => 0.4,
        Value::Gather { .. } => 1.5,
        Value::Index { .. } | Value::Valid { .. } => 0.5,
        Value::Elementwise { .. } | Value::Cast(_) | Value::Check { .. } => 0.06,
        Value::Scalar(_) | Value::Constant(_) | Value::Accumulator(_) => 0.0,
    }
}

/// Gives each step that needs memory a slot that no living value has; returns how many there are.
pub fn assign_slots(steps: &mut [Step], wanted: &[usize]) -> usize {
    let mut last_use = vec![0; steps.len()];
    for (value, step) in steps.iter().enumerate() {
        last_use[value] = last_use[value].max(value);
        match &step.work {
            Work::Compute { operands, .. } => operands.iter().for_each(|&operand| last_use[operand] = value),
            Work::Gather { position, .. } => last_use[*position] = value,
            Work::Check { operand, valid, .. } => {
                last_use[*operand] = value;
                valid.iter().for_each(|&valid| last_use[valid] = value);
            }
            _ => {}
        }
    }
    wanted.iter().for_each(|&value| last_use[value] = usize::MAX);
    for value in (0..steps.len()).rev() {
        if let Work::Compute { operands, neutral: Some(_), .. } = &steps[value].work {
            // The result may be an operand's memory.
            operands.iter().for_each(|&operand| last_use[operand] = last_use[operand].max(last_use[value]));
        }
    }
    let (mut free, mut count) = (Vec::new(), 0);
    let mut dying: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    for value in 0..steps.len() {
        let takes = !matches!(
            steps[value].work,
            Work::Scalar(_) | Work::Constant(_) | Work::Accumulator(_) | Work::Check { .. }
        );
        if takes {
            steps[value].slot = free.pop().unwrap_or_else(|| {
                count += 1;
                count - 1
            });
            if last_use[value] != usize::MAX {
                dying[last_use[value]].push(steps[value].slot);
            }
        }
        // Only now: a step's output overlaps no operand.
        free.append(&mut dying[value]);
    }
    count
}
