//! Images from images: transformed taps wait for the pixels of one block of tiles after the other.

use std::ops::Range;

use super::transform::{LANES, POINTS, TOGETHER};
use super::window::TAPS;
use super::{Run, SUMS, Winograd, Worker, apart};
use crate::parallel::{self, Shared};
use crate::product::even;
use crate::scratch::Scratch;
use crate::tile::Launch;

impl Winograd {
    /// All filters' taps, transformed: at each point rows of channels, so far apart.
    fn transform_taps(&self, launch: Launch, stride: usize, out: Shared<f32>) {
        let [row_step, column_step] = self.matrix.steps.map(|step| step as isize);
        let offsets: [isize; TAPS * TAPS] =
            std::array::from_fn(|tap| (tap / TAPS) as isize * row_step + (tap % TAPS) as isize * column_step);
        let nanoseconds = (self.filters * self.channels) as f64 * 8.0;
        parallel::ranges(self.filters, nanoseconds, |filters| {
            let mut taps = [[0.0; TOGETHER]; TAPS * TAPS];
            for first in (0..self.channels).step_by(TOGETHER) {
                let count = TOGETHER.min(self.channels - first);
                for filter in filters.clone() {
                    for channel in 0..count {
                        let start = self.matrix.at(launch, filter, first + channel);
                        for (line, &offset) in taps.iter_mut().zip(&offsets) {
                            // SAFETY: each tap of each filter lies in the argument by the plan's contract.
                            line[channel] = unsafe { *start.wrapping_offset(offset) };
                        }
                    }
                    let row = out.at(filter * stride + first);
                    // SAFETY: each filter has its own rows of the memory, which hold its channels and some more.
                    unsafe { (self.transforms.taps)(&taps, row, self.filters * stride) };
                }
            }
        });
    }

    pub(super) fn run_images(&self, launch: Launch) {
        let (filters, channels) = (self.filters, self.channels);
        let (panel, stride) = (even(filters, self.tiles.rows()), apart(channels));
        let mut scratch = Scratch::take(POINTS * filters * stride * size_of::<f32>());
        let taps = Shared(scratch.pointer().cast::<f32>());
        self.transform_taps(launch, stride, taps);
        // Few tiles are not enough for all threads: each takes some of the filters.
        let (blocks, panels) = (self.blocks(), filters.div_ceil(panel));
        let groups = (2 * parallel::threads()).div_ceil(blocks).min(panels);
        parallel::ranges(blocks * groups, self.nanoseconds(), |tasks| {
            let mut worker = Worker::new(self);
            for task in tasks {
                let (block, group) = (task / groups, task % groups);
                let panels = group * panels / groups..(group + 1) * panels / groups;
                self.run_block(
                    launch,
                    block,
                    panels.start * panel..(panels.end * panel).min(filters),
                    panel,
                    taps,
                    &mut worker,
                );
            }
        });
    }

    fn run_block(
        &self,
        launch: Launch,
        block: usize,
        filters: Range<usize>,
        panel: usize,
        taps: Shared<f32>,
        worker: &mut Worker,
    ) {
        let count = self.starts(launch, block, &mut worker.starts);
        let width = count.next_multiple_of(self.tiles.vector);
        let plane = self.channels * width + LANES;
        let mut scratch = Scratch::take((POINTS * plane + POINTS * SUMS) * size_of::<f32>());
        let pixels = scratch.pointer().cast::<f32>();
        let sums = pixels.wrapping_add(POINTS * plane);
        for channel in 0..self.channels {
            // SAFETY: what is written beyond a channel's tiles is written before the next one's.
            unsafe { self.transform_pixels(&worker.starts, channel, pixels.wrapping_add(channel * width), plane) };
        }
        let pieces = self.pieces(&worker.starts);
        let mut rows = [[0.0; 2 * LANES]; 2];
        let mut results = [0.0; 4 * LANES];
        for first in filters.clone().step_by(panel) {
            let height = panel.min(filters.end - first);
            let (tile, stride) = (self.tiles.across(height, count), apart(self.channels));
            for point in 0..POINTS {
                let left = taps.at((point * self.filters + first) * stride).cast_const();
                let right = pixels.wrapping_add(point * plane).cast_const();
                // SAFETY: both panels are complete, and the scratch holds the sums of a tile at each point.
                unsafe {
                    tile(
                        self.channels,
                        left,
                        stride,
                        right,
                        width,
                        sums.wrapping_add(point * SUMS),
                        LANES,
                        count,
                        false,
                    )
                };
            }
            for row in 0..height {
                // SAFETY: the sums are complete, and lie in rows of that many elements.
                unsafe { (self.transforms.results)(sums.wrapping_add(row * LANES), SUMS, &mut rows) };
                self.gather(&worker.starts, &rows, &mut results);
                let base = self.out.filters[first + row];
                for &(start, address, len) in &pieces {
                    self.body.run_all(
                        launch,
                        &results[start..start + len],
                        (base + address) as usize,
                        &mut worker.frame,
                    );
                }
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
