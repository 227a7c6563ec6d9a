//! Products of integers: one inner product for each result. Correct, not fast.

use rutile_core::dtype::DType;
use rutile_core::error::Result;
use rutile_core::kernel::{Block, Kernel, Value};
use rutile_core::shape::numel;

use crate::loops::Operand;
use crate::parallel;
use crate::tile::{Body, Code, Launch, TILE, unsupported};

pub struct Dots {
    left: Code,
    right: Code,
    body: Body,
    results: usize,
    inner: usize,
}

impl Dots {
    pub fn new(kernel: &Kernel, left: &Block, right: &Block) -> Result<Dots> {
        let shape: Vec<usize> = kernel.out.iter().chain(&kernel.reduced).copied().collect();
        let axes: Vec<usize> = (0..shape.len()).collect();
        let dtypes = [left, right].map(|block| block.code[block.results[0]].dtype);
        let sums = kernel.body.code.iter().filter(|i| matches!(i.value, Value::Accumulator(_))).map(|i| i.dtype);
        for dtype in dtypes.into_iter().chain(sums) {
            if !matches!(dtype, DType::I32 | DType::U32) || dtype != dtypes[0] {
                return Err(unsupported("matmul", dtype));
            }
        }
        let compile = |block: &Block| Code::new(block, &block.results, &kernel.args, &shape, &axes);
        Ok(Dots {
            left: compile(left)?,
            right: compile(right)?,
            body: Body::new(&kernel.body, &kernel.stores, &kernel.args, &kernel.out)?,
            results: numel(&kernel.out),
            inner: numel(&kernel.reduced),
        })
    }

    /// Estimated nanoseconds of a launch.
    pub fn nanoseconds(&self) -> f64 {
        (self.left.nanoseconds(1) + self.right.nanoseconds(1) + 0.5) * (self.results * self.inner) as f64
    }

    pub fn run(&self, launch: Launch) {
        parallel::ranges(self.results, self.nanoseconds(), |results| {
            let (mut left, mut right) = (self.left.frame(), self.right.frame());
            let mut frame = self.body.code.frame();
            for result in results {
                // Wrapping sums of 32-bit words are the same for signed and unsigned integers.
                let mut sum = 0u32;
                for first in (0..self.inner).step_by(TILE) {
                    let (start, len) = (result * self.inner + first, TILE.min(self.inner - first));
                    self.left.run(launch, &[], start, len, &mut left, &[]);
                    self.right.run(launch, &[], start, len, &mut right, &[]);
                    let (a, b) =
                        (self.left.slice::<u32>(0, len, &mut left), self.right.slice::<u32>(0, len, &mut right));
                    sum = a.iter().zip(b).fold(sum, |sum, (a, b)| sum.wrapping_add(a.wrapping_mul(*b)));
                }
                let operand = Operand { pointer: (&raw const sum).cast(), uniform: true };
                self.body.run(launch, &[operand], result, 1, &mut frame);
            }
        });
    }
}
