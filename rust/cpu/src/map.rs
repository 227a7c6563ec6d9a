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
        Ok(Map { body: Body::new(&kernel.body, &kernel.stores, &kernel.args, &kernel.out)? })
    }

    /// Estimated nanoseconds of a launch.
    pub fn nanoseconds(&self) -> f64 {
        self.body.code.nanoseconds(self.body.code.total())
    }

    pub fn run(&self, launch: Launch) {
        let tiling = self.body.code.tiling();
        parallel::ranges(tiling.count(), self.nanoseconds(), |tiles| {
            let mut frame = self.body.code.frame();
            for number in tiles {
                let (start, len) = tiling.tile(number);
                self.body.run(launch, &[], start, len, &mut frame);
            }
        });
    }
}
