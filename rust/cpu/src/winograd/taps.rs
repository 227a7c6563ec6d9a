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

/// Most bytes of transformed pixels and slopes that all threads make sums from at a time.
const CHUNK: usize = 9 << 20;
/// Most bytes of those that a thread has to itself, and of the sums of all parts of the positions.
const OWN_CHUNK: usize = 1100 << 10;
const OWN_SUMS: usize = 5 << 20;
/// Parts of the positions: the most that there is memory for.
const PARTS: [usize; 2] = [8, 4];

/// The transformed slopes and pixels of some blocks of tiles.
#[derive(Clone, Copy)]
struct Chunk {
    slopes: Shared<f32>,
    pixels: Shared<f32>,
    /// Elements of a row: there is one for each point of each filter or channel.
    stride: usize,
}

impl Winograd {
    pub(super) fn run_taps(&self, launch: Launch) {
        let sums = self.panels() * POINTS * SUMS * size_of::<f32>();
        let parts = PARTS.into_iter().find(|&parts| parts * sums <= OWN_SUMS && parts <= self.blocks());
        parts.map_or_else(|| self.run_in_turn(launch), |parts| self.run_parts(launch, parts));
    }

    /// Parts of the positions have sums of their own, so that a thread goes through chunks that stay in its cache.
    fn run_parts(&self, launch: Launch, parts: usize) {
        let (blocks, panels, right) = (self.blocks(), self.panels(), self.channels.div_ceil(self.tiles.columns()));
        let each = (OWN_CHUNK / self.block_bytes()).max(1);
        let table = panels * POINTS * SUMS;
        let mut scratch = Scratch::take(parts * table * size_of::<f32>());
        let sums = Shared(scratch.pointer().cast::<f32>());
        // Where there are more threads than parts, each takes some of a part's channels, and transforms all slopes for them.
        let groups = parallel::threads().div_ceil(parts).min(right);
        parallel::ranges(parts * groups, self.nanoseconds(), |tasks| {
            let mut worker = Worker::new(self);
            let mut scratch = Scratch::take(self.chunk_bytes(each));
            let chunk = self.chunk(Shared(scratch.pointer().cast()), each);
            for task in tasks {
                let (part, group) = (task / groups, task % groups);
                let columns = group * right / groups..(group + 1) * right / groups;
                let (start, end) = (part * blocks / parts, (part + 1) * blocks / parts);
                for first in (start..end).step_by(each) {
                    let range = first..(first + each).min(end);
                    let ends = self.ends(range.clone());
                    for (block, &step) in range.clone().zip(&ends) {
                        for column in columns.clone() {
                            self.pack_pixels(launch, block, column, step, chunk, &mut worker);
                        }
                    }
                    (0..self.filters).for_each(|filter| self.transform_slopes(launch, range.clone(), filter, chunk));
                    let left = panels / right;
                    for panel in columns.start * left..columns.end * left {
                        let sums = sums.at(part * table + panel * POINTS * SUMS);
                        // SAFETY: the chunk is complete, and no other task has these sums.
                        unsafe { self.add_products(chunk, ends[range.len()], panel, sums, first > start) };
                    }
                }
            }
        });
        parallel::ranges(panels, (parts * table) as f64 * 0.1, |own| {
            let mut worker = Worker::new(self);
            for panel in own {
                let total = sums.at(panel * POINTS * SUMS);
                for part in 1..parts {
                    let more = sums.at(part * table + panel * POINTS * SUMS).cast_const();
                    // SAFETY: all parts are complete, and each task has its own panels.
                    (0..POINTS * SUMS).for_each(|n| unsafe { *total.add(n) += *more.add(n) });
                }
                self.finish_taps(launch, total, panel, &mut worker);
            }
        });
    }

    /// All threads make each chunk together, and then the sums from it.
    fn run_in_turn(&self, launch: Launch) {
        let (filters, panels, right) = (self.filters, self.panels(), self.channels.div_ceil(self.tiles.columns()));
        let blocks = self.blocks();
        let each = even(blocks, (CHUNK / self.block_bytes()).max(2));
        let mut scratch = Scratch::take(self.chunk_bytes(each));
        let chunk = self.chunk(Shared(scratch.pointer().cast::<f32>()), each);
        let chunks = blocks.div_ceil(each);
        // Sums of several chunks stay in memory from one to the next.
        let kept = if chunks > 1 { panels * POINTS * SUMS } else { 0 };
        let mut memory = Scratch::take(kept * size_of::<f32>());
        let memory = Shared(memory.pointer().cast::<f32>());
        for number in 0..chunks {
            let range = number * each..((number + 1) * each).min(blocks);
            let ends = self.ends(range.clone());
            let inner = ends[range.len()];
            let tasks = range.len() * right;
            parallel::ranges(tasks, (inner * (filters + self.channels) * POINTS) as f64 * 0.3, |own| {
                let mut worker = Worker::new(self);
                for task in own {
                    let (number, column) = (task / right, task % right);
                    self.pack_pixels(launch, range.start + number, column, ends[number], chunk, &mut worker);
                    for filter in task * filters / tasks..(task + 1) * filters / tasks {
                        self.transform_slopes(launch, range.clone(), filter, chunk);
                    }
                }
            });
            parallel::ranges(panels, self.nanoseconds() / chunks as f64, |own| {
                let mut worker = Worker::new(self);
                let mut scratch = Scratch::take(if kept == 0 { POINTS * SUMS * size_of::<f32>() } else { 0 });
                for panel in own {
                    let sums =
                        if kept == 0 { scratch.pointer().cast::<f32>() } else { memory.at(panel * POINTS * SUMS) };
                    // SAFETY: the chunk is complete, and each task has its own sums.
                    unsafe { self.add_products(chunk, inner, panel, sums, number > 0) };
                    if number + 1 == chunks {
                        self.finish_taps(launch, sums, panel, &mut worker);
                    }
                }
            });
        }
    }

    /// Panels of filters, of which each of channels has as many.
    fn panels(&self) -> usize {
        let panel = even(self.filters, self.tiles.rows());
        self.filters.div_ceil(panel) * self.channels.div_ceil(self.tiles.columns())
    }

    /// The filters and the channels of a panel, as the first one and how many.
    fn panel_of(&self, number: usize) -> [(usize, usize); 2] {
        let (height, width) = (even(self.filters, self.tiles.rows()), self.tiles.columns());
        let left = self.filters.div_ceil(height);
        let (row, column) = (number % left * height, number / left * width);
        [(row, height.min(self.filters - row)), (column, width.min(self.channels - column))]
    }

    fn padded(&self) -> usize {
        self.channels.next_multiple_of(self.tiles.vector)
    }

    /// Bytes of a transformed block of tiles.
    fn block_bytes(&self) -> usize {
        POINTS * (self.filters + self.padded()) * self.tiles.columns() * size_of::<f32>()
    }

    /// Bytes of a chunk of so many blocks.
    fn chunk_bytes(&self, blocks: usize) -> usize {
        POINTS * (self.filters + self.padded()) * apart(blocks * self.tiles.columns()) * size_of::<f32>()
    }

    fn chunk(&self, memory: Shared<f32>, blocks: usize) -> Chunk {
        let stride = apart(blocks * self.tiles.columns());
        Chunk { slopes: memory, pixels: Shared(memory.at(POINTS * self.filters * stride)), stride }
    }

    /// The tiles before each of some blocks, and those of all.
    fn ends(&self, blocks: Range<usize>) -> Vec<usize> {
        let mut ends = vec![0];
        for block in blocks {
            ends.push(ends[ends.len() - 1] + self.block(block).map(|run| run.count).sum::<usize>());
        }
        ends
    }

    /// Sums over the first `inner` tiles of a chunk, for each point, instead of what there is or added to it.
    ///
    /// # Safety
    /// The chunk must hold the panel's slopes and pixels, and the sums be the caller's alone.
    unsafe fn add_products(&self, chunk: Chunk, inner: usize, panel: usize, sums: *mut f32, adds: bool) {
        let Chunk { slopes, pixels, stride } = chunk;
        let [(row, height), (column, width)] = self.panel_of(panel);
        let (padded, padding) = (self.padded(), width.next_multiple_of(self.tiles.vector));
        let tile = self.tiles.across(height, width);
        for point in 0..POINTS {
            let a = slopes.at((point * self.filters + row) * stride).cast_const();
            let b = pixels.at((point * padded + column) * stride).cast_const();
            // SAFETY: the caller's contract.
            unsafe { tile(inner, a, stride, b, padding, sums.wrapping_add(point * SUMS), LANES, width, adds) };
        }
    }

    /// Transforms a filter's slopes in the blocks of a chunk, whose rows have room for [`LANES`] tiles more.
    fn transform_slopes(&self, launch: Launch, blocks: Range<usize>, filter: usize, chunk: Chunk) {
        let mut at = chunk.slopes.at(filter * chunk.stride);
        let stride = self.filters * chunk.stride;
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

    /// Transforms the pixels of a block in a panel of channels, and packs them as the panel's steps from `step` on.
    fn pack_pixels(&self, launch: Launch, block: usize, column: usize, step: usize, chunk: Chunk, worker: &mut Worker) {
        let first = column * self.tiles.columns();
        let width = self.tiles.columns().min(self.channels - first);
        let count = self.starts(launch, block, &mut worker.starts);
        let plane = width * count + LANES;
        let mut scratch = Scratch::take(POINTS * plane * size_of::<f32>());
        let own = scratch.pointer().cast::<f32>();
        for channel in 0..width {
            // SAFETY: what is written beyond a channel's tiles is written before the next one's.
            unsafe { self.transform_pixels(&worker.starts, first + channel, own.wrapping_add(channel * count), plane) };
        }
        let (padded, padding) = (self.padded(), width.next_multiple_of(self.tiles.vector));
        let lines = Lines { start: own.cast_const(), outer: (width, count), inner: (count, 1) };
        let to = chunk.pixels.at(first * chunk.stride + step * padding);
        let planes = (POINTS, plane, padded * chunk.stride);
        // SAFETY: each task has its own part of the memory, which holds a chunk.
        unsafe { lines.pack_planes(planes, width, |_| padding, to, &mut worker.packer) };
    }

    /// Stores the gradients of a panel's taps from their sums.
    fn finish_taps(&self, launch: Launch, sums: *const f32, panel: usize, worker: &mut Worker) {
        let [(first, height), (column, width)] = self.panel_of(panel);
        let mut taps = [[0.0; TAPS * TAPS]; LANES];
        for row in 0..height {
            // SAFETY: the sums are complete, and lie in rows of that many elements.
            unsafe { (self.transforms.gradients)(sums.wrapping_add(row * LANES), SUMS, &mut taps) };
            let start = self.out.filters[first + row] + self.out.others[column];
            self.body.run_all(launch, taps[..width].as_flattened(), start as usize, &mut worker.frame);
        }
    }
}
