//! Horizontal fusion: neighbouring launches that have nothing to do with one another become one, as an optimiser's updates of
//! its parameters do where no product computes them, and the sums of squares by which gradients are clipped.

use super::lower::{Buffer, Lowered};
use crate::backend::Capabilities;
use crate::dtype::DType;
use crate::kernel::{Access, Arg, BufferRef, Fold, Kernel, KernelKind, Value};
use crate::memory::Memory;
use crate::shape::numel;

/// The launches, those that stand next to each other joined as far as the device allows. `memory` is theirs as they come.
pub(super) fn join(
    lowered: Vec<Lowered>,
    memory: &Memory,
    donated: &[bool],
    capabilities: &Capabilities,
) -> Vec<Lowered> {
    let mut joined = Vec::new();
    // None of them depends on another, so they may run in any order.
    let mut rows: Vec<Row> = Vec::new();
    for launch in lowered {
        let folds = folds(&launch.kernel);
        if folds.is_none() || rows.iter().any(|row| row.is_before(&launch, donated)) {
            joined.extend(rows.drain(..).map(Row::close));
        }
        let Some(folds) = folds else {
            joined.push(launch);
            continue;
        };
        let has_room = |row: &&mut Row| {
            let checks = row.checks || launch.kernel.has_checks();
            row.folds == folds
                && row.bindings + row.more_bindings(&launch, memory) + checks as usize <= capabilities.max_buffers
                && row.instructions + instructions(&launch.kernel) <= capabilities.max_instructions
        };
        match rows.iter_mut().find(has_room) {
            Some(row) => row.add(launch, memory),
            None => {
                let mut row = Row { folds, ..Row::default() };
                row.add(launch, memory);
                rows.push(row);
            }
        }
    }
    joined.extend(rows.into_iter().map(Row::close));
    joined
}

/// How a kernel that can have others beside it folds values of what dtypes; those of a row are the same. Maps have none.
fn folds(kernel: &Kernel) -> Option<Vec<(Fold, DType)>> {
    let folds = match &kernel.kind {
        KernelKind::Map => Vec::new(),
        KernelKind::Reduce { load, folds } => {
            folds.iter().copied().zip(load.results.iter().map(|&value| load.code[value].dtype)).collect()
        }
        _ => return None,
    };
    (numel(&kernel.out) > 0).then_some(folds)
}

fn instructions(kernel: &Kernel) -> usize {
    kernel.blocks().iter().map(|block| block.code.len()).sum()
}

/// Launches that are to be one.
#[derive(Default)]
struct Row {
    folds: Vec<(Fold, DType)>,
    parts: Vec<Lowered>,
    /// The buffers of all parts, each once, and what arguments they are.
    buffers: Vec<Buffer>,
    args: Vec<Arg>,
    /// The buffers that the device sees.
    bindings: usize,
    instructions: usize,
    checks: bool,
}

impl Row {
    /// Whether the launch must run after these: it reads or waits for what they write, or may overwrite what they read.
    fn is_before(&self, launch: &Lowered, donated: &[bool]) -> bool {
        let waits = launch.after.iter().map(|&node| Buffer::Node(node));
        launch.buffers.iter().copied().chain(waits).any(|buffer| {
            let own = self.buffers.iter().position(|&known| known == buffer);
            own.is_some_and(|own| match buffer {
                Buffer::Input(input) => donated[input],
                Buffer::Node(_) => self.args[own].access != Access::Read,
            })
        })
    }

    /// The buffers that the device would see besides. An output in the place of a donated input that the launch reads is none:
    /// no other part reads that input, so the joined launch overwrites it as well.
    fn more_bindings(&self, launch: &Lowered, memory: &Memory) -> usize {
        let is_in_place = |buffer: &Buffer| match memory.of[buffer] {
            BufferRef::Output(output) => {
                memory.outputs[output].reuses.is_some_and(|input| launch.buffers.contains(&Buffer::Input(input)))
            }
            _ => false,
        };
        launch.buffers.iter().filter(|buffer| !self.buffers.contains(buffer) && !is_in_place(buffer)).count()
    }

    fn add(&mut self, launch: Lowered, memory: &Memory) {
        self.bindings += self.more_bindings(&launch, memory);
        for (buffer, arg) in launch.buffers.iter().zip(&launch.kernel.args) {
            if !self.buffers.contains(buffer) {
                self.buffers.push(*buffer);
                self.args.push(*arg);
            }
        }
        self.instructions += instructions(&launch.kernel);
        self.checks |= launch.kernel.has_checks();
        self.parts.push(launch);
    }

    fn close(mut self) -> Lowered {
        if self.parts.len() == 1 {
            return self.parts.pop().expect("a row has parts");
        }
        let (mut kernels, mut after) = (Vec::new(), Vec::new());
        // Scalars of the plan, and their dtypes.
        let (mut slots, mut scalars) = (Vec::new(), Vec::new());
        for part in self.parts {
            let mut kernel = part.kernel;
            let place = |arg: usize| self.buffers.iter().position(|&buffer| buffer == part.buffers[arg]);
            kernel.replace_args(&self.args, |arg| place(arg).expect("added with the part"));
            for instruction in kernel.blocks_mut().into_iter().flat_map(|block| &mut block.code) {
                if let Value::Scalar(n) = &mut instruction.value {
                    let slot = part.scalars[*n];
                    *n = slots.iter().position(|&known| known == slot).unwrap_or_else(|| {
                        slots.push(slot);
                        scalars.push(instruction.dtype);
                        slots.len() - 1
                    });
                }
            }
            kernels.push(kernel);
            after.extend(part.after);
        }
        kernels.iter_mut().for_each(|kernel| kernel.scalars.clone_from(&scalars));
        Lowered { kernel: Kernel::horizontal(kernels), buffers: self.buffers, scalars: slots, after }
    }
}
