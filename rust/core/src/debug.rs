//! `RUTILE_DEBUG=1…4`: plans as text, on standard error.

use std::fmt::Write;
use std::sync::LazyLock;

use crate::error::show_shape;
use crate::kernel::{Block, Kernel, KernelKind, Plan, RowStep, RowStore, Value};

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
