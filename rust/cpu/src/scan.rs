//! Scans: folds along the last axis that give every intermediate result. Rows run in parallel.

use rutile_core::error::Result;
use rutile_core::kernel::{Block, Fold, Kernel};

use crate::element::register;
use crate::fold::{CARRY, Folder, folder};
use crate::loops::Operand;
use crate::parallel;
use crate::scratch::Scratch;
use crate::tile::{Body, Code, Launch, TILE};

pub struct Scan {
    load: Code,
    folder: Folder,
    body: Body,
    /// Bytes of an element.
    size: usize,
    rows: usize,
    length: usize,
}

impl Scan {
    pub fn new(kernel: &Kernel, load: &Block, fold: Fold) -> Result<Scan> {
        let axes: Vec<usize> = (0..kernel.out.len()).collect();
        let dtype = load.code[load.results[0]].dtype;
        let (length, before) = kernel.out.split_last().map_or((1, &[][..]), |(&length, before)| (length, before));
        Ok(Scan {
            load: Code::new(load, &load.results, &kernel.args, &kernel.out, &axes)?,
            folder: folder(fold, dtype),
            body: Body::new(kernel)?,
            size: register(dtype).size(),
            rows: if length == 0 { 0 } else { before.iter().product() },
            length,
        })
    }

    /// Estimated nanoseconds of a launch.
    pub fn nanoseconds(&self) -> f64 {
        let elements = self.rows * self.length;
        self.load.nanoseconds(elements) + elements as f64 * 1.5 + self.body.code.nanoseconds(elements)
    }

    pub fn run(&self, launch: Launch) {
        // Short rows share a tile, long ones take several.
        let (together, step) = if self.length <= TILE { (TILE / self.length.max(1), self.length) } else { (1, TILE) };
        parallel::ranges(self.rows.div_ceil(together.max(1)), self.nanoseconds(), |groups| {
            let (mut frame, mut body) = (self.load.frame(), self.body.code.frame());
            let mut results = Scratch::take(TILE * self.size);
            let mut carry = Scratch::take(CARRY);
            for group in groups {
                let first_row = group * together;
                let rows = together.min(self.rows - first_row);
                for first in (0..self.length).step_by(step) {
                    let len = step.min(self.length - first);
                    let start = first_row * self.length + first;
                    self.load.run(launch, &[], start, rows * len, &mut frame, &[]);
                    let values = self.load.values(0, rows * len, self.size, &mut frame);
                    for row in 0..rows {
                        let offset = row * len * self.size;
                        let (values, out) = (values.wrapping_add(offset), results.pointer().wrapping_add(offset));
                        // SAFETY: the run gave `rows · len` values, the results hold a tile.
                        unsafe {
                            if first == 0 {
                                (self.folder.begin)(carry.pointer(), 1);
                            }
                            (self.folder.scan)(values, len, first, carry.pointer(), out);
                        }
                    }
                    let operand = Operand { pointer: results.pointer(), uniform: false };
                    self.body.run(launch, &[operand], start, rows * len, &mut body);
                }
            }
        });
    }
}
