//! Products of integers: one inner product for each result. Correct, not fast.

use rutile_core::dtype::DType;
use rutile_core::error::Result;
use rutile_core::kernel::{Block, Kernel};
use rutile_core::shape::numel;

use crate::element::{Element, with_element};
use crate::loops::Operand;
use crate::parallel;
use crate::tile::{Body, Code, Launch, TILE};

pub struct Dots {
    left: Code,
    right: Code,
    body: Body,
    run: fn(&Dots, Launch),
    results: usize,
    inner: usize,
}

impl Dots {
    /// Products of factors that both are of `dtype`.
    pub fn new(kernel: &Kernel, left: &Block, right: &Block, dtype: DType) -> Result<Dots> {
        let shape: Vec<usize> = kernel.out.iter().chain(&kernel.reduced).copied().collect();
        let axes: Vec<usize> = (0..shape.len()).collect();
        let compile = |block: &Block| Code::new(block, &block.results, &kernel.args, &shape, &axes);
        Ok(Dots {
            left: compile(left)?,
            right: compile(right)?,
            body: Body::new(kernel)?,
            run: with_element!(dtype, T => Dots::run_as::<T>),
            results: numel(&kernel.out),
            inner: numel(&kernel.reduced),
        })
    }

    /// Estimated nanoseconds of a launch.
    pub fn nanoseconds(&self) -> f64 {
        (self.left.nanoseconds(1) + self.right.nanoseconds(1) + 0.5) * (self.results * self.inner) as f64
    }

    pub fn run(&self, launch: Launch) {
        (self.run)(self, launch)
    }

    fn run_as<T: Element>(&self, launch: Launch) {
        parallel::ranges(self.results, self.nanoseconds(), |results| {
            let (mut left, mut right) = (self.left.frame(), self.right.frame());
            let mut frame = self.body.code.frame();
            for result in results {
                let mut sum = T::ZERO;
                for first in (0..self.inner).step_by(TILE) {
                    let (start, len) = (result * self.inner + first, TILE.min(self.inner - first));
                    self.left.run(launch, &[], start, len, &mut left, &[]);
                    self.right.run(launch, &[], start, len, &mut right, &[]);
                    let (a, b) = (self.left.slice::<T>(0, len, &mut left), self.right.slice::<T>(0, len, &mut right));
                    sum = a.iter().zip(b).fold(sum, |sum, (a, b)| sum.add(a.multiply(*b)));
                }
                let operand = Operand { pointer: (&raw const sum).cast(), uniform: true };
                self.body.run(launch, &[operand], result, 1, &mut frame);
            }
        });
    }
}
