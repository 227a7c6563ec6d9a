//! Elementwise kernels: tiles of the output, in parallel.

use rutile_core::error::Result;
use rutile_core::kernel::Kernel;

use crate::parallel;
use crate::tile::{Body, Launch};

pub struct Map {
    body: Body,
}

impl Map {
    pub fn new(kernel: &Kernel) -> Result<Map> {
        let mut body = Body::new(&kernel.body, &kernel.stores, &kernel.args, &kernel.out)?;
        body.code.read_across();
        Ok(Map { body })
    }

    /// Estimated nanoseconds of a launch.
    pub fn nanoseconds(&self) -> f64 {
        self.body.code.nanoseconds(self.body.code.total())
    }

    pub fn run(&self, launch: Launch) {
        parallel::ranges(self.body.code.tiling().count(), self.nanoseconds(), |tiles| {
            let mut frame = self.body.code.frame();
            for turn in tiles {
                let (start, len) = self.body.code.tile(turn);
                self.body.run(launch, &[], start, len, &mut frame);
            }
        });
    }
}
