//! Convolutions by 3×3 taps, and the gradients of their taps, by Winograd's minimal filtering.
//!
//! A tile of 4×4 pixels and a filter's taps are transformed to 16 numbers each, whose products are summed over channels;
//! 2×2 results come back from the 16 sums: 16 multiplications in place of 36. Sums over positions give the gradients of 3×3
//! taps in the same way from tiles of 2×2 slopes. Additions aside, all of the work is 16 products of matrices, tile by tile
//! of registers. Results are about as exact as plain sums: none depends on pixels that it does not see. An infinite pixel,
//! which is added and subtracted, gives NaN.

mod transform;
mod window;

use std::ops::Range;

use rutile_core::error::Result;
use rutile_core::kernel::{Block, Kernel, Role};
use rutile_core::shape::contiguous_strides;
use rutile_core::view::Level;

use crate::loops::Operand;
use crate::parallel::{self, Shared};
use crate::product::{self, Lines, Packer, Tiles, even};
use crate::scratch::Scratch;
use crate::tile::{Body, Frame, Launch};
use transform::{LANES, POINTS, TOGETHER, Transforms, transforms};
use window::{Matrix, Pairs, TAPS, Window, addresses, without};

pub struct Winograd {
    window: Window,
    matrix: Matrix,
    results: Results,
    out: Output,
    body: Body,
    tiles: Tiles<f32>,
    transforms: Transforms,
    filters: usize,
    channels: usize,
    images: usize,
    /// Tiles of an image's rows and columns.
    across: [usize; 2],
    /// Tiles of a row that are taken together, as a part of it or as all of it with other rows.
    run: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Results {
    /// An image for each filter.
    Images,
    /// Sums over the positions of all images, for each tap.
    Taps,
}

/// Where results go.
struct Output {
    filters: Vec<isize>,
    /// Images, or channels.
    others: Vec<isize>,
    steps: [i64; 2],
}

/// Tiles beside each other in one row of an image's tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    image: usize,
    row: usize,
    first: usize,
    count: usize,
}

/// Filters and channels, and tiles of all images, below which the transforms cost what they save.
const FEWEST: usize = 16;
const FEWEST_TILES: usize = 32;
/// Multiplications of a plain product for each one here, at least: tiles at an image's edge may be in part beyond it.
const SAVED: f64 = 1.6;
/// Most bytes of transformed pixels and slopes that sums over positions are made from at a time.
const CHUNK: usize = 2 << 20;
/// Elements between the sums of a point and those of the next one.
const SUMS: usize = 14 * LANES;

impl Winograd {
    /// The kernel's contraction, if it is a convolution, or the gradient of one's taps, that this is good for.
    pub fn new(kernel: &Kernel, left: &Block, right: &Block, roles: &[Role]) -> Result<Option<Winograd>> {
        let rank = kernel.out.len();
        let axes_of = |role: Role| (0..rank).filter(|&axis| roles[axis] == role).collect::<Vec<usize>>();
        let inner: Vec<usize> = (rank..rank + kernel.reduced.len()).collect();
        if axes_of(Role::Batch).iter().any(|&axis| kernel.out[axis] > 1) {
            return Ok(None);
        }
        for (image, other, [role, opposite]) in
            [(right, left, [Role::Right, Role::Left]), (left, right, [Role::Left, Role::Right])]
        {
            let (own, outer) = (axes_of(role), axes_of(opposite));
            for results in [Results::Images, Results::Taps] {
                let found = Winograd::find(kernel, [image, other], results, [&own, &outer, &inner])?;
                if found.as_ref().is_some_and(Winograd::is_worth_it) {
                    return Ok(found);
                }
            }
        }
        Ok(None)
    }

    fn find(
        kernel: &Kernel,
        [image, other]: [&Block; 2],
        results: Results,
        [own, outer, inner]: [&[usize]; 3],
    ) -> Result<Option<Winograd>> {
        let [positions, taps] = if results == Results::Images { [own, inner] } else { [inner, own] };
        let Some((window, pairs)) = Window::new(image, &kernel.args, [positions, taps]) else { return Ok(None) };
        let Pairs { positions: places, taps: tap_axes } = pairs;
        let [images, channels] = [without(positions, &places), without(taps, &tap_axes)];
        let (summed, kept, matrix_pair, out_pair) = match results {
            Results::Images => (&channels, &images, tap_axes, places),
            Results::Taps => (&images, &channels, places, tap_axes),
        };
        let Some(matrix) = Matrix::new(other, &kernel.args, [outer, summed], matrix_pair) else { return Ok(None) };
        let level = Level {
            shape: kernel.out.clone(),
            strides: contiguous_strides(&kernel.out),
            offset: 0,
            guards: Vec::new(),
        };
        let [filters, others] = [outer, kept].map(|axes| addresses(&level, axes));
        let out = Output { filters, others, steps: out_pair.map(|axis| level.strides[axis]) };
        let fits = match results {
            Results::Images => out.steps[1] == 1,
            // Taps follow one another, channel by channel, and slopes lie beside each other.
            Results::Taps => {
                let taps = (TAPS * TAPS) as isize;
                let regular = out.others.windows(2).all(|pair| pair[1] - pair[0] == taps);
                out.steps == [TAPS as i64, 1] && regular && matrix.steps[1] == 1
            }
        };
        if !fits {
            return Ok(None);
        }
        let shape = [&kernel.out[..], &kernel.reduced[..]].concat();
        let count = |axes: &[usize]| axes.iter().map(|&axis| shape[axis]).product::<usize>();
        let tiles = product::tiles();
        let across = window.spans.map(|span| span.positions.div_ceil(2));
        let run = even(across[1], tiles.columns());
        Ok(Some(Winograd {
            filters: out.filters.len(),
            channels: count(&channels),
            images: count(&images),
            window,
            matrix,
            results,
            out,
            body: Body::new(kernel)?,
            tiles,
            transforms: transforms(),
            across,
            run,
        }))
    }

    fn is_worth_it(&self) -> bool {
        let tiles = self.across[0] * self.across[1];
        let positions: usize = self.window.spans.iter().map(|span| span.positions).product();
        let saved = (TAPS * TAPS * positions) as f64 / (POINTS * tiles) as f64;
        self.filters.min(self.channels) >= FEWEST && self.images * tiles >= FEWEST_TILES && saved >= SAVED
    }

    /// Estimated nanoseconds of a launch.
    pub fn nanoseconds(&self) -> f64 {
        let tiles = (self.images * self.across[0] * self.across[1]) as f64;
        let products = tiles * (self.filters * self.channels * POINTS) as f64;
        products * 2.0 / product::RATE + self.body.code.total() as f64 * 0.1
    }

    pub fn run(&self, launch: Launch) {
        match self.results {
            Results::Images => self.run_images(launch),
            Results::Taps => self.run_taps(launch),
        }
    }

    /// Blocks that all tiles are cut into.
    fn blocks(&self) -> usize {
        let rows = self.images * self.across[0];
        match self.across[1].div_ceil(self.run) {
            1 => rows.div_ceil(self.tiles.columns() / self.run),
            runs => rows * runs,
        }
    }

    /// A block's tiles.
    fn block(&self, block: usize) -> impl Iterator<Item = Run> {
        let runs = self.across[1].div_ceil(self.run);
        let each = if runs == 1 { self.tiles.columns() / self.run } else { 1 };
        let end = ((block + 1) * each).min(self.images * self.across[0] * runs);
        let (rows, run, columns) = (self.across[0], self.run, self.across[1]);
        (block * each..end).map(move |number| {
            let (row, first) = (number / runs, number % runs * run);
            Run { image: row / rows, row: row % rows, first, count: run.min(columns - first) }
        })
    }

    /// Transforms a channel's pixels of a block, run after run.
    ///
    /// # Safety
    /// `out` must be writable for the block's tiles and [`LANES`] more, at each point.
    unsafe fn transform_pixels(&self, starts: &[(Run, *const f32)], channel: usize, out: *mut f32, stride: usize) {
        let channel = self.window.channel(channel);
        let mut at = out;
        for &(run, start) in starts {
            let (lines, before, count) = self.window.pixels(run.row, run.first, run.count);
            let rows = lines.map(|line| line.map(|line| start.wrapping_offset(channel + line)));
            // SAFETY: pixels that exist lie in the argument; the rest is the caller's contract.
            unsafe { (self.transforms.pixels)(rows, before, count, run.count, at, stride) };
            at = at.wrapping_add(run.count);
        }
    }

    fn starts(&self, launch: Launch, block: usize, starts: &mut Vec<(Run, *const f32)>) -> usize {
        starts.clear();
        starts.extend(self.block(block).map(|run| (run, self.window.image(launch, run.image))));
        starts.iter().map(|(run, _)| run.count).sum()
    }

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

    fn run_images(&self, launch: Launch) {
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
                    self.finish(launch, &results[start..start + len], (base + address) as usize, &mut worker.frame);
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

    /// The rows of an image that a run's results lie in, and how many of each.
    fn rows_of(&self, run: &Run) -> impl Iterator<Item = (usize, usize)> {
        let [rows, columns] = self.window.spans.map(|span| span.positions);
        let columns = (2 * run.count).min(columns - 2 * run.first);
        (2 * run.row..(2 * run.row + 2).min(rows)).map(move |row| (row, columns))
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

    /// Runs the body over results that lie together in the output.
    fn finish(&self, launch: Launch, results: &[f32], start: usize, frame: &mut Frame) {
        let mut done = 0;
        while done < results.len() {
            let count = self.body.code.piece(start + done, results.len() - done);
            let operand = Operand { pointer: results[done..].as_ptr().cast(), uniform: false };
            self.body.run(launch, &[operand], start + done, count, frame);
            done += count;
        }
    }

    fn run_taps(&self, launch: Launch) {
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
            self.finish(launch, taps[..width].as_flattened(), start as usize, &mut worker.frame);
        }
    }
}

/// Elements from one row of so many to the next: there is room for what is written beyond them, and rows that are read
/// together do not meet in the same lines of a cache.
fn apart(count: usize) -> usize {
    count.next_multiple_of(TOGETHER) + LANES + LANES / 2
}

/// What a thread works with.
struct Worker {
    /// A block's runs of tiles, and where their images lie.
    starts: Vec<(Run, *const f32)>,
    packer: Packer,
    frame: Frame,
}

impl Worker {
    fn new(winograd: &Winograd) -> Worker {
        Worker { starts: Vec::new(), packer: Packer::default(), frame: winograd.body.code.frame() }
    }
}
