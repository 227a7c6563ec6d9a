//! Images from images: transformed taps wait for the pixels of one block of tiles after the other.

use std::ops::Range;

use super::transform::{LANES, POINTS, TOGETHER};
use super::window::TAPS;
use super::{Run, SUMS, Winograd, Worker, apart};
use crate::parallel::{self, Shared};
use crate::product::even;
use crate::scratch::Scratch;
use crate::tile::Launch;

/// Transformed taps or pixels: a plane for each point, so far apart.
#[derive(Clone, Copy)]
struct Planes {
    start: *const f32,
    plane: usize,
}

impl Winograd {
    pub(super) fn run_images(&self, launch: Launch) {
        // What there is more of passes by what there is less of, and needs no memory for all of it.
        match self.images * self.across[0] * self.across[1] < self.filters {
            true => self.run_by_filters(launch),
            false => self.run_by_tiles(launch),
        }
    }

    /// One block of tiles after the other, by the taps of all filters.
    fn run_by_tiles(&self, launch: Launch) {
        let (filters, panel) = (self.filters, self.panel());
        let plane = filters * apart(self.channels);
        let mut scratch = Scratch::take(POINTS * plane * size_of::<f32>());
        let memory = Shared(scratch.pointer().cast::<f32>());
        parallel::ranges(filters, (filters * self.channels) as f64 * 8.0, |filters| {
            let row = memory.at(filters.start * apart(self.channels));
            // SAFETY: each filter has its own rows of the memory.
            unsafe { self.transform_taps(launch, filters, row, plane) }
        });
        // Few tiles are not enough for all threads: each takes some of the filters.
        let (blocks, panels) = (self.blocks(), filters.div_ceil(panel));
        let groups = (2 * parallel::threads()).div_ceil(blocks).min(panels);
        parallel::ranges(blocks * groups, self.nanoseconds(), |tasks| {
            let mut worker = Worker::new(self);
            let mut scratch = Scratch::take(POINTS * self.plane() * size_of::<f32>());
            let pixels = scratch.pointer().cast::<f32>();
            for task in tasks {
                let (block, group) = (task / groups, task % groups);
                self.starts(launch, block, &mut worker.starts);
                // SAFETY: the scratch holds a block.
                let pixels = unsafe { self.transform_block(&worker.starts, pixels) };
                for number in group * panels / groups..(group + 1) * panels / groups {
                    let rows = number * panel..((number + 1) * panel).min(filters);
                    let taps = Planes { start: memory.at(rows.start * apart(self.channels)), plane };
                    self.multiply(launch, rows, taps, pixels, &mut worker);
                }
            }
        });
    }

    /// One panel of filters after the other, by the pixels of all tiles.
    fn run_by_filters(&self, launch: Launch) {
        let (filters, panel, blocks) = (self.filters, self.panel(), self.blocks());
        let each = POINTS * self.plane();
        let mut scratch = Scratch::take(blocks * each * size_of::<f32>());
        let memory = Shared(scratch.pointer().cast::<f32>());
        let nanoseconds = (blocks * each) as f64 * 0.3;
        parallel::ranges(blocks, nanoseconds, |blocks| {
            let mut starts = Vec::new();
            for block in blocks {
                self.starts(launch, block, &mut starts);
                // SAFETY: each block has its own part of the memory.
                unsafe { self.transform_block(&starts, memory.at(block * each)) };
            }
        });
        parallel::ranges(filters.div_ceil(panel), self.nanoseconds(), |panels| {
            let mut worker = Worker::new(self);
            let plane = panel * apart(self.channels);
            let mut scratch = Scratch::take(POINTS * plane * size_of::<f32>());
            let start = scratch.pointer().cast::<f32>();
            for number in panels {
                let rows = number * panel..((number + 1) * panel).min(filters);
                // SAFETY: the scratch holds a panel.
                unsafe { self.transform_taps(launch, rows.clone(), start, plane) };
                for block in 0..blocks {
                    self.starts(launch, block, &mut worker.starts);
                    let pixels = self.planes_of(&worker.starts, memory.at(block * each));
                    self.multiply(launch, rows.clone(), Planes { start, plane }, pixels, &mut worker);
                }
            }
        });
    }

    /// Filters that a tile of registers takes.
    fn panel(&self) -> usize {
        even(self.filters, self.tiles.rows())
    }

    /// Most elements of a block's pixels at a point.
    fn plane(&self) -> usize {
        self.channels * self.tiles.columns() + LANES
    }

    /// Transforms some filters' taps: at each point rows of channels.
    ///
    /// # Safety
    /// `out` must be writable for the filters' rows at each point.
    unsafe fn transform_taps(&self, launch: Launch, filters: Range<usize>, out: *mut f32, plane: usize) {
        let [row_step, column_step] = self.matrix.steps.map(|step| step as isize);
        let offsets: [isize; TAPS * TAPS] =
            std::array::from_fn(|tap| (tap / TAPS) as isize * row_step + (tap % TAPS) as isize * column_step);
        let mut taps = [[0.0; TOGETHER]; TAPS * TAPS];
        for first in (0..self.channels).step_by(TOGETHER) {
            let count = TOGETHER.min(self.channels - first);
            for (number, filter) in filters.clone().enumerate() {
                for channel in 0..count {
                    let start = self.matrix.at(launch, filter, first + channel);
                    for (line, &offset) in taps.iter_mut().zip(&offsets) {
                        // SAFETY: each tap of each filter lies in the argument by the plan's contract.
                        line[channel] = unsafe { *start.wrapping_offset(offset) };
                    }
                }
                let row = out.wrapping_add(number * apart(self.channels) + first);
                // SAFETY: a row holds a filter's channels and some more.
                unsafe { (self.transforms.taps)(&taps, row, plane) };
            }
        }
    }

    /// Transforms a block's pixels: at each point rows of tiles.
    ///
    /// # Safety
    /// `out` must be writable for [`plane`](Winograd::plane) elements at each point.
    unsafe fn transform_block(&self, starts: &[(Run, *const f32)], out: *mut f32) -> Planes {
        let pixels = self.planes_of(starts, out);
        let width = self.width_of(starts);
        for channel in 0..self.channels {
            // SAFETY: what is written beyond a channel's tiles is written before the next one's.
            unsafe { self.transform_pixels(starts, channel, out.wrapping_add(channel * width), pixels.plane) };
        }
        pixels
    }

    fn planes_of(&self, starts: &[(Run, *const f32)], start: *const f32) -> Planes {
        Planes { start, plane: self.channels * self.width_of(starts) + LANES }
    }

    /// Elements from one channel's tiles to the next one's.
    fn width_of(&self, starts: &[(Run, *const f32)]) -> usize {
        starts.iter().map(|(run, _)| run.count).sum::<usize>().next_multiple_of(self.tiles.vector)
    }

    /// Some filters' results of the worker's block, at most a panel.
    fn multiply(&self, launch: Launch, filters: Range<usize>, taps: Planes, pixels: Planes, worker: &mut Worker) {
        let count: usize = worker.starts.iter().map(|(run, _)| run.count).sum();
        let (width, stride) = (self.width_of(&worker.starts), apart(self.channels));
        let mut scratch = Scratch::take(POINTS * SUMS * size_of::<f32>());
        let sums = scratch.pointer().cast::<f32>();
        let tile = self.tiles.across(filters.len(), count);
        for point in 0..POINTS {
            let left = taps.start.wrapping_add(point * taps.plane);
            let right = pixels.start.wrapping_add(point * pixels.plane);
            let sums = sums.wrapping_add(point * SUMS);
            // SAFETY: both panels are complete, and the scratch holds the sums of a tile at each point.
            unsafe { tile(self.channels, left, stride, right, width, sums, LANES, count, false) };
        }
        let pieces = self.pieces(&worker.starts);
        let mut rows = [[0.0; 2 * LANES]; 2];
        let mut results = [0.0; 4 * LANES];
        for (row, filter) in filters.enumerate() {
            // SAFETY: the sums are complete, and lie in rows of that many elements.
            unsafe { (self.transforms.results)(sums.wrapping_add(row * LANES), SUMS, &mut rows) };
            self.gather(&worker.starts, &rows, &mut results);
            let base = self.out.filters[filter];
            for &(start, address, len) in &pieces {
                self.body.run_all(launch, &results[start..start + len], (base + address) as usize, &mut worker.frame);
            }
        }
    }

    /// Pieces of a block's results that lie together in the output: the first one, where it goes for the first filter, and how many.
    fn pieces(&self, starts: &[(Run, *const f32)]) -> Vec<(usize, isize, usize)> {
        let mut pieces: Vec<(usize, isize, usize)> = Vec::new();
        let mut at = 0;
        for (run, _) in starts {
            let image = self.out.others[run.image];
            for (row, columns) in self.rows_of(run) {
                let address = image + row as isize * self.out.steps[0] as isize + (2 * run.first) as isize;
                match pieces.last_mut() {
                    Some((_, before, len)) if *before + *len as isize == address => *len += columns,
                    _ => pieces.push((at, address, columns)),
                }
                at += columns;
            }
        }
        pieces
    }

    /// Puts results in the order of the pieces.
    fn gather(&self, starts: &[(Run, *const f32)], rows: &[[f32; 2 * LANES]; 2], results: &mut [f32; 4 * LANES]) {
        let (mut from, mut at) = (0, 0);
        for (run, _) in starts {
            for ((_, columns), row) in self.rows_of(run).zip(rows) {
                results[at..at + columns].copy_from_slice(&row[from..from + columns]);
                at += columns;
            }
            from += 2 * run.count;
        }
    }
}
