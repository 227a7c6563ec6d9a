//! Gradients of taps: the pixels and slopes of a chunk of tiles are transformed, then multiplied tile by tile of filters and
//! channels.

use std::ops::Range;

use super::transform::{LANES, POINTS};
use super::window::TAPS;
use super::{SUMS, Winograd, Worker, apart};
use crate::parallel::{self, Shared};
use crate::product::{Lines, even};
use crate::scratch::Scratch;
use crate::tile::Launch;

/// Most bytes of transformed pixels and slopes that sums over positions are made from at a time.
const CHUNK: usize = 2 << 20;

impl Winograd {
    pub(super) fn run_taps(&self, launch: Launch) {
        let (filters, channels, wide) = (self.filters, self.channels, self.tiles.columns());
        let panel = even(filters, self.tiles.rows());
        let (left, right) = (filters.div_ceil(panel), channels.div_ceil(wide));
        let padded = channels.next_multiple_of(self.tiles.vector);
        let blocks = self.blocks();
        let each = even(blocks, (CHUNK / (POINTS * (filters + padded) * wide * size_of::<f32>())).max(2));
        let stride = apart(each * wide);
        let mut scratch = Scratch::take(POINTS * (filters + padded) * stride * size_of::<f32>());
        let slopes = Shared(scratch.pointer().cast::<f32>());
        let pixels = Shared(slopes.at(POINTS * filters * stride));
        let chunks = blocks.div_ceil(each);
        // Sums of several chunks stay in memory from one to the next.
        let kept = if chunks > 1 { left * right * POINTS * SUMS } else { 0 };
        let mut memory = Scratch::take(kept * size_of::<f32>());
        let memory = Shared(memory.pointer().cast::<f32>());
        for chunk in 0..chunks {
            let range = chunk * each..((chunk + 1) * each).min(blocks);
            let tiles = range.clone().map(|block| self.block(block).map(|run| run.count).sum::<usize>());
            let ends: Vec<usize> = std::iter::once(0)
                .chain(tiles.scan(0, |end, count| {
                    *end += count;
                    Some(*end)
                }))
                .collect();
            let inner = ends[range.len()];
            let tasks = range.len() * right;
            parallel::ranges(tasks, (inner * (filters + channels) * POINTS) as f64 * 0.3, |own| {
                let mut worker = Worker::new(self);
                for task in own {
                    let (number, first) = (task / right, task % right * wide);
                    let columns = (first, wide.min(channels - first));
                    self.pack_pixels(
                        launch,
                        range.start + number,
                        columns,
                        (ends[number], stride),
                        pixels,
                        &mut worker,
                    );
                    for filter in task * filters / tasks..(task + 1) * filters / tasks {
                        self.transform_slopes(
                            launch,
                            range.clone(),
                            filter,
                            slopes.at(filter * stride),
                            filters * stride,
                        );
                    }
                }
            });
            let (first, last) = (chunk == 0, chunk + 1 == chunks);
            parallel::ranges(left * right, self.nanoseconds() / chunks as f64, |tasks| {
                let mut worker = Worker::new(self);
                let mut scratch = Scratch::take(if kept == 0 { POINTS * SUMS * size_of::<f32>() } else { 0 });
                for task in tasks {
                    let (row, column) = (task % left * panel, task / left * wide);
                    let (height, width) = (panel.min(filters - row), wide.min(channels - column));
                    let padding = width.next_multiple_of(self.tiles.vector);
                    let sums =
                        if kept == 0 { scratch.pointer().cast::<f32>() } else { memory.at(task * POINTS * SUMS) };
                    let tile = self.tiles.across(height, width);
                    for point in 0..POINTS {
                        let a = slopes.at((point * filters + row) * stride).cast_const();
                        let b = pixels.at((point * padded + column) * stride).cast_const();
                        let sums = sums.wrapping_add(point * SUMS);
                        // SAFETY: both panels are complete, and each task has its own sums.
                        unsafe { tile(inner, a, stride, b, padding, sums, LANES, width, !first) };
                    }
                    if last {
                        self.finish_taps(launch, sums, (row, height), (column, width), &mut worker);
                    }
                }
            });
        }
    }

    /// Transforms a filter's slopes in some blocks; `out` has room for [`LANES`] tiles more than they have.
    fn transform_slopes(&self, launch: Launch, blocks: Range<usize>, filter: usize, out: *mut f32, stride: usize) {
        let mut at = out;
        for run in blocks.flat_map(|block| self.block(block)) {
            let image = self.matrix.at(launch, filter, run.image);
            let (mut lines, mut count) = ([None; 2], 0);
            for (line, (row, columns)) in lines.iter_mut().zip(self.rows_of(&run)) {
                let offset = row as isize * self.matrix.steps[0] as isize + (2 * run.first) as isize;
                (*line, count) = (Some(image.wrapping_offset(offset)), columns);
            }
            // SAFETY: positions lie in the argument; what is written beyond a run is written before the next one.
            unsafe { (self.transforms.slopes)(lines, count, run.count, at, stride) };
            at = at.wrapping_add(run.count);
        }
    }

    /// Transforms the pixels of a block in some channels, and packs them as the steps from `step` on of a panel.
    fn pack_pixels(
        &self,
        launch: Launch,
        block: usize,
        (first, width): (usize, usize),
        (step, depth): (usize, usize),
        out: Shared<f32>,
        worker: &mut Worker,
    ) {
        let count = self.starts(launch, block, &mut worker.starts);
        let plane = width * count + LANES;
        let mut scratch = Scratch::take(POINTS * plane * size_of::<f32>());
        let own = scratch.pointer().cast::<f32>();
        for channel in 0..width {
            // SAFETY: what is written beyond a channel's tiles is written before the next one's.
            unsafe { self.transform_pixels(&worker.starts, first + channel, own.wrapping_add(channel * count), plane) };
        }
        let vector = self.tiles.vector;
        let (padded, padding) = (self.channels.next_multiple_of(vector), width.next_multiple_of(vector));
        let lines = Lines { start: own.cast_const(), outer: (width, count), inner: (count, 1) };
        let (to, planes) = (out.at(first * depth + step * padding), (POINTS, plane, padded * depth));
        // SAFETY: each task has its own part of the memory, which holds a chunk.
        unsafe { lines.pack_planes(planes, width, |_| padding, to, &mut worker.packer) };
    }

    /// Stores the gradients of some filters' taps, for some channels, from their sums.
    fn finish_taps(
        &self,
        launch: Launch,
        sums: *const f32,
        (first, height): (usize, usize),
        (column, width): (usize, usize),
        worker: &mut Worker,
    ) {
        let mut taps = [[0.0; TAPS * TAPS]; LANES];
        for row in 0..height {
            // SAFETY: the sums are complete, and lie in rows of that many elements.
            unsafe { (self.transforms.gradients)(sums.wrapping_add(row * LANES), SUMS, &mut taps) };
            let start = self.out.filters[first + row] + self.out.others[column];
            self.body.run_all(launch, taps[..width].as_flattened(), start as usize, &mut worker.frame);
        }
    }
}
