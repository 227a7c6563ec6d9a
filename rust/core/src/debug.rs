//! `RUTILE_DEBUG=1…4`: plans as text, on standard error.

use std::fmt::Write;
use std::sync::LazyLock;

use crate::error::show_shape;
use crate::kernel::{Block, Fold, Kernel, KernelKind, Operand, Plan, RowStep, RowStore, Value};

/// 0 nothing · 1 a line for each plan · 2 its kernels · 3 their code · 4 what backends generate from it.
pub fn level() -> u32 {
    static LEVEL: LazyLock<u32> =
        LazyLock::new(|| std::env::var("RUTILE_DEBUG").ok().and_then(|value| value.parse().ok()).unwrap_or(0));
    *LEVEL
}

pub(crate) fn show_plan(plan: &Plan) {
    let level = level();
    if level >= 1 {
        eprintln!("{}", plan.summary());
    }
    if level >= 2 {
        for launch in &plan.launches {
            eprintln!("  {} {:?}", plan.kernels[launch.kernel].describe(level >= 3), launch.buffers);
        }
    }
}

impl Plan {
    /// One line: how many of what.
    pub fn summary(&self) -> String {
        format!(
            "plan: {} launches of {} kernels, {} inputs, {} outputs, {} temporaries, {} scalars",
            self.launches.len(),
            self.kernels.len(),
            self.inputs.len(),
            self.outputs.len(),
            self.temporaries.len(),
            self.scalars.len()
        )
    }
}

impl Plan {
    /// The plan as JSON: kernels, buffers, launches.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a plan is plain data")
    }
}

impl Kernel {
    /// What the kernel does, with its code or without.
    pub fn describe(&self, code: bool) -> String {
        if let KernelKind::Horizontal { parts } = &self.kind {
            let parts: Vec<String> = parts.iter().map(|part| part.describe(code)).collect();
            return format!("{} of {}", self.name(), parts.join("\n  and "));
        }
        let mut text = format!("{} {}", self.name(), show_shape(&self.out));
        if !matches!(self.kind, KernelKind::Map) {
            write!(text, " over {}", show_shape(&self.reduced)).expect("strings take all text");
        }
        if code {
            let labels: Vec<&str> = match &self.kind {
                KernelKind::Map => vec!["body"],
                KernelKind::Contract { .. } => vec!["left", "right", "body"],
                KernelKind::Rows { steps, .. } => {
                    let label = |step: &RowStep| if matches!(step, RowStep::Compute(_)) { "compute" } else { "fold" };
                    steps.iter().map(label).chain(["each", "body"]).collect()
                }
                _ => vec!["load", "body"],
            };
            for (label, block) in labels.iter().zip(self.blocks()) {
                write!(text, "\n    {label}:{}", describe_block(block)).expect("strings take all text");
            }
            if let KernelKind::Rows { stores, .. } = &self.kind {
                for store in stores {
                    let RowStore { arg, value, strides } = store;
                    write!(text, "\n      arg{arg} {strides:?} = v{value} of each").expect("strings take all text");
                }
            }
            for store in &self.stores {
                write!(text, "\n      arg{} = v{}", store.arg, store.value).expect("strings take all text");
            }
        }
        text
    }

    /// In a few words what the kernel computes: its reductions, each with the ops on what it reads, and the ops on the result.
    pub fn computes(&self) -> String {
        let folded = |load: &Block, folds: &[Fold]| {
            let names: Vec<&str> = folds.iter().map(|fold| fold.name()).collect();
            called(&names.join(" and "), &[load])
        };
        let mut parts = match &self.kind {
            KernelKind::Map => vec![],
            KernelKind::Reduce { load, folds } => vec![folded(load, folds)],
            KernelKind::Rows { steps, each, .. } => {
                let step = |step: &RowStep| match step {
                    RowStep::Compute(block) => op_names(&[block]),
                    RowStep::Fold { load, folds } => folded(load, folds),
                };
                steps.iter().map(step).chain([op_names(&[each])]).collect()
            }
            KernelKind::Contract { left, right, .. } => vec![called("product", &[left, right])],
            KernelKind::Scatter { load, .. } => vec![called("scatter", &[load])],
            KernelKind::Scan { load, fold } => vec![called(&format!("cumulative {}", fold.name()), &[load])],
            KernelKind::Sort { load, .. } => vec![called("argsort", &[load])],
            KernelKind::Attention { spec, operands } => {
                let name = if spec.gradient { "attention's gradient" } else { "attention" };
                vec![called(name, &loads(operands))]
            }
            KernelKind::Linalg { routine, operands } => vec![called(routine.name(), &loads(operands))],
            KernelKind::Horizontal { parts } => return of_parts(parts),
        };
        parts.push(op_names(&[&self.body]));
        parts.retain(|part| !part.is_empty());
        if parts.is_empty() { "copy".to_string() } else { parts.join(", ") }
    }
}

/// What kernels side by side compute; what several do is said once.
fn of_parts(parts: &[Kernel]) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for text in parts.iter().map(Kernel::computes) {
        match counts.iter_mut().find(|(known, _)| *known == text) {
            Some((_, count)) => *count += 1,
            None => counts.push((text, 1)),
        }
    }
    let shown = counts.into_iter().map(|(text, count)| if count == 1 { text } else { format!("{count} × ({text})") });
    shown.collect::<Vec<String>>().join("; ")
}

fn loads(operands: &[Operand]) -> Vec<&Block> {
    operands.iter().map(|operand| &operand.load).collect()
}

/// A name, and in brackets the ops on what it is applied to.
fn called(name: &str, blocks: &[&Block]) -> String {
    let ops = op_names(blocks);
    if ops.is_empty() { name.to_string() } else { format!("{name}({ops})") }
}

/// The ops of blocks, each once with the number of times that it occurs, in the order of their first.
fn op_names(blocks: &[&Block]) -> String {
    let mut names: Vec<(&str, usize)> = Vec::new();
    for instruction in blocks.iter().flat_map(|block| &block.code) {
        let name = match &instruction.value {
            Value::Gather { .. } => "gather",
            Value::Index { .. } => "index",
            Value::Elementwise { op, .. } => op.row().name,
            Value::Cast(_) => instruction.dtype.name(),
            Value::Check { .. } => "check",
            Value::Load { .. }
            | Value::Valid { .. }
            | Value::Scalar(_)
            | Value::Constant(_)
            | Value::Accumulator(_) => {
                continue;
            }
        };
        match names.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => names.push((name, 1)),
        }
    }
    let shown = names.iter().map(|&(name, count)| if count == 1 { name.into() } else { format!("{count} {name}") });
    shown.collect::<Vec<String>>().join(" ")
}

fn describe_block(block: &Block) -> String {
    let mut text = String::new();
    for (n, instruction) in block.code.iter().enumerate() {
        let value = match &instruction.value {
            Value::Load { arg, view } => format!("load arg{arg} {view:?}"),
            Value::Gather { arg, view, position, .. } => format!("gather arg{arg} [{position}] {view:?}"),
            Value::Index { view } => format!("index {view:?}"),
            Value::Valid { view } => format!("valid {view:?}"),
            Value::Scalar(slot) => format!("scalar {slot}"),
            Value::Constant(value) => format!("{value}"),
            Value::Accumulator(n) => format!("accumulator {n}"),
            Value::Elementwise { op, operands } => format!("{} {operands:?}", op.row().name),
            Value::Cast(operand) => format!("cast [{operand}]"),
            Value::Check { operand, low, high, .. } => format!("check [{operand}] {low}..={high}"),
        };
        write!(text, "\n      v{n}: {} = {value}", instruction.dtype).expect("strings take all text");
    }
    text
}
