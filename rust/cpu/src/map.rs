//! Elementwise kernels: tiles of the output, in parallel.

use std::ops::Range;

use rutile_core::error::Result;
use rutile_core::kernel::Kernel;
use rutile_core::view::View;

use crate::boxes;
use crate::parallel;
use crate::stream;
use crate::tile::{Body, Frame, Launch};
use crate::view::Rows;

pub struct Map {
    /// Size of the output's first axis.
    rows: usize,
    parts: Vec<Part>,
    /// Number of tiles up to each part's end.
    ends: Vec<usize>,
}

/// Code for the whole output, or for a box of it.
struct Part {
    rows: usize,
    body: Body,
    /// Where the elements of a box lie in the output.
    place: Option<Rows>,
}

impl Map {
    pub fn new(kernel: &Kernel) -> Result<Map> {
        let parts = match boxes::parts(kernel) {
            Some(parts) => {
                parts.iter().map(|part| Part::new(&part.kernel, Some(&part.place))).collect::<Result<Vec<Part>>>()?
            }
            None => vec![Part::new(kernel, None)?],
        };
        let mut end = 0;
        let ends = parts.iter().map(|part| {
            end += part.body.code.tiling().count();
            end
        });
        Ok(Map { rows: rows(kernel), ends: ends.collect(), parts })
    }

    /// Estimated nanoseconds of a launch.
    pub fn nanoseconds(&self) -> f64 {
        self.parts.iter().map(|part| part.body.code.nanoseconds(part.body.code.total())).sum()
    }

    pub fn run(&self, launch: Launch) {
        let count = *self.ends.last().expect("at least one part");
        parallel::ranges(count, self.nanoseconds(), |tiles| {
            let mut start = 0;
            for (part, &end) in self.parts.iter().zip(&self.ends) {
                let (first, last) = (tiles.start.clamp(start, end), tiles.end.clamp(start, end));
                if first < last {
                    let mut frame = part.body.code.frame();
                    for turn in first - start..last - start {
                        let (start, len) = part.body.code.tile(turn);
                        part.run(launch, start, len, &mut frame);
                    }
                }
                start = end;
            }
            self.parts.iter().for_each(|part| part.body.finish());
        });
    }

    /// Whether it can run for some indices of the output's first axis alone.
    pub fn takes_strips(&self) -> bool {
        self.parts.iter().all(|part| part.rows == self.rows && !part.body.code.reads_across())
    }

    /// Runs the part of a launch whose index along the output's first axis lies in a range.
    pub fn run_strip(&self, launch: Launch, range: Range<usize>) {
        for part in &self.parts {
            let row = part.body.code.total() / self.rows;
            let mut frame = part.body.code.frame();
            let (mut start, end) = (range.start * row, range.end * row);
            while start < end {
                let count = part.body.code.piece(start, end - start);
                part.run(launch, start, count, &mut frame);
                start += count;
            }
            part.body.finish();
        }
    }
}

impl Part {
    fn new(kernel: &Kernel, place: Option<&View>) -> Result<Part> {
        let mut body = Body::new(kernel)?;
        body.code.read_across();
        if place.is_none() && body.bytes() >= stream::LARGE {
            body.store_past_caches();
        }
        let axes: Vec<usize> = (0..kernel.out.len()).collect();
        Ok(Part { rows: rows(kernel), body, place: place.map(|place| Rows::new(place, &axes)) })
    }

    fn run(&self, launch: Launch, start: usize, len: usize, frame: &mut Frame) {
        match &self.place {
            Some(place) => self.body.run_at(launch, place, start, len, frame),
            None => self.body.run(launch, &[], start, len, frame),
        }
    }
}

fn rows(kernel: &Kernel) -> usize {
    kernel.out.first().copied().unwrap_or(1)
}
