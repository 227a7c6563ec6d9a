//! Attention and its gradient, a block of queries at a time.
//!
//! A block's scores are computed transposed, (keys, queries): what softmax does to a row of the matrix then runs down columns,
//! a vector of queries at once, and tiles read the weights where they lie, as the right factor of the product with the
//! values. The working memory of a task is two or three such blocks and the packed matrices of one head.

mod loops;

use std::array;

use rutile_core::attention::{Attention as Spec, Sizes};
use rutile_core::error::Result;
use rutile_core::kernel::{Kernel, Operand};

use crate::parallel::{self, Shared};
use crate::product::{self, FactorAxes, Lines, Packer, Part, Real, Tiles, even};
use crate::scratch::Scratch;
use crate::tile::{Body, Launch};
use loops::{Block, Loops, loops};

pub struct Attention {
    spec: Spec,
    sizes: Sizes,
    sources: [Option<product::Factor>; SOURCES],
    tiles: Tiles<f32>,
    loops: Loops,
    /// The argument that takes the results.
    out: usize,
    /// Queries of a block, and blocks of a task.
    block: usize,
    blocks: usize,
}

/// What is packed: matrices by rows and, `Across`, by columns.
#[derive(Clone, Copy)]
enum Source {
    Query,
    Key,
    Value,
    Bias,
    Times,
    Logarithm,
    Slope,
    Above,
    QueryAcross,
    KeyAcross,
    ValueAcross,
    AboveAcross,
}

use Source::*;

const SOURCES: usize = AboveAcross as usize + 1;

/// Tasks that a launch is cut into if it has as many blocks, whatever the number of threads: sums over them keep their order.
const TASKS: usize = 32;
/// Queries that are worth packing a head's keys and values for.
const FEWEST_QUERIES: usize = 128;
/// Keys whose weights are summed at a time, so that rounding errors stay small and tiles read from a near cache.
const DEPTH: usize = 384;
/// Most queries of a block.
const MOST_QUERIES: usize = 64;

impl Attention {
    pub fn new(kernel: &Kernel, spec: Spec, operands: &[Operand]) -> Result<Attention> {
        let sizes = Sizes::of_operands(operands);
        let body = Body::new(kernel)?;
        let source = |operand: &Operand, across: bool| {
            let rank = operand.shape.len();
            let is_vector = rank + 1 == operands[0].shape.len();
            let axes: Vec<usize> = (0..rank).collect();
            let (jobs, own) = axes.split_at(if is_vector { rank - 1 } else { rank - 2 });
            let (outer, inner) = if across { (&own[1..], &own[..1]) } else { own.split_at(1) };
            product::Factor::new::<f32>(&operand.load, &kernel.args, &operand.shape, &FactorAxes { jobs, outer, inner })
                .map(Some)
        };
        let mut sources = array::from_fn(|_| None);
        let mut rest = operands[3..].iter();
        for (place, operand) in [Query, Key, Value].into_iter().zip(operands) {
            sources[place as usize] = source(operand, false)?;
        }
        let further = [(spec.bias, Bias), (spec.factor, Times), (spec.gradient, Logarithm), (spec.gradient, Slope)];
        for (_, place) in further.into_iter().filter(|(has, _)| *has) {
            sources[place as usize] = source(rest.next().expect("an operand for each flag"), false)?;
        }
        if spec.gradient {
            let above = rest.next().expect("a gradient of the result");
            sources[Above as usize] = source(above, false)?;
            for (place, operand) in [(QueryAcross, &operands[0]), (KeyAcross, &operands[1]), (AboveAcross, above)] {
                sources[place as usize] = source(operand, true)?;
            }
        } else {
            sources[ValueAcross as usize] = source(&operands[2], true)?;
        }
        let tiles = f32::tiles();
        let block = 2 * tiles.columns();
        debug_assert!(block <= MOST_QUERIES);
        let all = sizes.queries.div_ceil(block);
        let parts = TASKS.div_ceil(sizes.matrices().max(1)).min(sizes.queries / FEWEST_QUERIES).max(1);
        let out = body.plain_store().expect("results that are stored as they are");
        Ok(Attention { spec, sizes, sources, tiles, loops: loops(), out, block, blocks: all.div_ceil(parts) })
    }

    /// Estimated nanoseconds of a launch.
    pub fn nanoseconds(&self) -> f64 {
        self.spec.flops(&self.sizes) as f64 * 0.02
    }

    pub fn run(&self, launch: Launch) {
        let parts = self.sizes.queries.div_ceil(self.block * self.blocks);
        let out = Shared(launch.buffers[self.out].cast::<f32>());
        // Later parts of a matrix sum the gradients of its keys and values in memory of their own.
        let own = self.sizes.keys * (self.sizes.width + self.sizes.value_width);
        let partial_sums = if self.spec.gradient { self.sizes.matrices() * (parts - 1) * own } else { 0 };
        let mut scratch = Scratch::take(partial_sums * size_of::<f32>());
        let partial = Shared(scratch.pointer().cast::<f32>());
        parallel::ranges(self.sizes.matrices() * parts, self.nanoseconds(), |tasks| {
            let (mut packers, mut spare) = (array::from_fn(|_| Packer::default()), Packer::default());
            for number in tasks {
                let (matrix, part) = (number / parts, number % parts);
                let mut task = Task { attention: self, launch, matrix, packers: &mut packers, spare: &mut spare };
                if self.spec.gradient {
                    let sums = match part {
                        0 => None,
                        _ => Some(partial.at((matrix * (parts - 1) + part - 1) * own)),
                    };
                    // SAFETY: each task has results or partial sums of its own.
                    unsafe { task.gradient(part * self.blocks, out, sums) };
                } else {
                    // SAFETY: each task has results of its own.
                    unsafe { task.forward(part * self.blocks, out) };
                }
            }
        });
        if partial_sums > 0 {
            // SAFETY: all tasks have ended.
            unsafe { self.add_parts(out, partial, parts) };
        }
    }

    /// Adds the later parts' gradients of keys and values to those of the first, in order.
    ///
    /// # Safety
    /// All must be complete.
    unsafe fn add_parts(&self, out: Shared<f32>, partial: Shared<f32>, parts: usize) {
        let Sizes { keys, width, value_width, .. } = self.sizes;
        let mut begin = self.sizes.matrices() * self.sizes.queries * width;
        let own = keys * (width + value_width);
        for (from, width) in [(0, width), (keys * width, value_width)] {
            for matrix in 0..self.sizes.matrices() {
                let (row, start) = self.rows_of(matrix, keys, width);
                for part in 0..parts - 1 {
                    for key in 0..keys {
                        // SAFETY: the caller's contract.
                        let (to, later) = unsafe {
                            (
                                std::slice::from_raw_parts_mut(out.at(begin + start + key * row), width),
                                std::slice::from_raw_parts(
                                    partial.at((matrix * (parts - 1) + part) * own + from + key * width),
                                    width,
                                ),
                            )
                        };
                        to.iter_mut().zip(later).for_each(|(sum, &value)| *sum += value);
                    }
                }
            }
            begin += self.sizes.matrices() * keys * width;
        }
    }

    /// Elements from one row of a matrix to the next in the results, of which it has `of`, each `width` long; and where the
    /// matrix begins.
    fn rows_of(&self, matrix: usize, of: usize, width: usize) -> (usize, usize) {
        let heads = self.sizes.heads;
        let (batch, head) = (matrix / heads, matrix % heads);
        (heads * width, (batch * of * heads + head) * width)
    }
}

/// A part of one matrix's queries.
struct Task<'a> {
    attention: &'a Attention,
    launch: Launch<'a>,
    matrix: usize,
    packers: &'a mut [Packer; SOURCES],
    /// For what is no source.
    spare: &'a mut Packer,
}

/// A packed left factor: panels of so many rows, `depth` steps each.
#[derive(Clone, Copy)]
struct Left {
    start: *const f32,
    rows: usize,
    panel: usize,
    depth: usize,
}

/// A right factor of so many columns: packed for `depth` steps, or in place, with its steps so far apart.
#[derive(Clone, Copy)]
enum Right {
    Packed { start: *const f32, columns: usize, depth: usize },
    InPlace { start: *const f32, columns: usize, step: usize },
}

/// Memory of a task, handed out piece by piece.
struct Pieces {
    scratch: Scratch,
    used: usize,
}

impl Pieces {
    fn new(sizes: &[usize]) -> Pieces {
        Pieces {
            scratch: Scratch::take(sizes.iter().map(|size| size.next_multiple_of(16)).sum::<usize>() * 4),
            used: 0,
        }
    }

    fn take(&mut self, size: usize) -> *mut f32 {
        let piece = self.scratch.pointer().cast::<f32>().wrapping_add(self.used);
        self.used += size.next_multiple_of(16);
        piece
    }
}

impl Right {
    /// Together with the columns that fill its last vector.
    fn padded(mut self, whole: usize) -> Right {
        match &mut self {
            Right::Packed { columns, .. } | Right::InPlace { columns, .. } => *columns = whole,
        }
        self
    }
}

impl Task<'_> {
    /// Packs the left factor whose rows are `outer` elements of a source, whole.
    ///
    /// # Safety
    /// `panels` must be writable for all its elements.
    unsafe fn left(&mut self, source: Source, rows: usize, depth: usize, panels: *mut f32) -> Left {
        let panel = even(rows, self.attention.tiles.rows());
        // SAFETY: the caller's contract.
        unsafe { self.pack(source, (0, rows), (0, depth), panel, |rows| rows, panels) };
        Left { start: panels, rows, panel, depth }
    }

    /// Packs the right factor whose columns are `outer` elements of a source.
    ///
    /// # Safety
    /// `panels` must be writable for `depth` steps of whole vectors.
    unsafe fn right(
        &mut self,
        source: Source,
        outer: (usize, usize),
        inner: (usize, usize),
        panels: *mut f32,
    ) -> Right {
        let Tiles { vector, .. } = self.attention.tiles;
        let width = |columns: usize| columns.next_multiple_of(vector);
        // SAFETY: the caller's contract.
        unsafe { self.pack(source, outer, inner, self.attention.tiles.columns(), width, panels) };
        Right::Packed { start: panels, columns: outer.1, depth: inner.1 }
    }

    /// Copies what a source has for a block of queries, its columns one after another, `stride` apart.
    ///
    /// # Safety
    /// `block` must be writable for `stride` elements of each of so many columns.
    unsafe fn block(
        &mut self,
        source: Source,
        queries: (usize, usize),
        columns: usize,
        stride: usize,
        block: *mut f32,
    ) {
        // SAFETY: the caller's contract.
        unsafe { self.pack(source, queries, (0, columns), stride, |_| stride, block) }
    }

    /// # Safety
    /// As for [`product::Factor::pack`].
    unsafe fn pack(
        &mut self,
        source: Source,
        outer: (usize, usize),
        inner: (usize, usize),
        panel: usize,
        width: impl Fn(usize) -> usize,
        panels: *mut f32,
    ) {
        let factor = self.attention.sources[source as usize].as_ref().expect("a source of this kernel");
        let part = Part { job: self.matrix, outer, inner };
        // SAFETY: the caller's contract.
        unsafe { factor.pack(self.launch, part, panel, width, panels, &mut self.packers[source as usize]) }
    }

    /// Writes `left · right`, of as many rows and steps as are given, to results whose rows are `stride` apart, or adds it.
    /// Rows are whole panels.
    ///
    /// # Safety
    /// The factors must be packed, the results writable, whole vectors of columns among them if `padded`.
    unsafe fn multiply(
        &self,
        left: Left,
        rows: usize,
        right: Right,
        steps: usize,
        results: *mut f32,
        stride: usize,
        add: bool,
    ) {
        let tiles = self.attention.tiles;
        let (Right::Packed { columns, .. } | Right::InPlace { columns, .. }) = right;
        for first in (0..steps).step_by(DEPTH) {
            let depth = DEPTH.min(steps - first);
            for column in (0..columns).step_by(tiles.columns()) {
                let width = tiles.columns().min(columns - column);
                let (from, step) = match right {
                    Right::Packed { start, depth, .. } => {
                        let step = width.next_multiple_of(tiles.vector);
                        (start.wrapping_add(column * depth + first * step), step)
                    }
                    Right::InPlace { start, step, .. } => (start.wrapping_add(column + first * step), step),
                };
                for row in (0..rows).step_by(left.panel) {
                    let height = left.panel.min(left.rows - row);
                    let panel = left.start.wrapping_add(row * left.depth + first * height);
                    let to = results.wrapping_add(row * stride + column);
                    // SAFETY: the caller's contract.
                    unsafe {
                        let tile = tiles.tile(height, width);
                        tile(depth, panel, height, from, step, to, stride, width, add || first > 0)
                    };
                }
            }
        }
    }

    /// Writes a block's results, which lie transposed, each multiplied by a number of its query's.
    ///
    /// # Safety
    /// `columns` must hold `width` columns of `stride` queries, `turned` be writable for whole panels of them, and `out` for
    /// `count` rows.
    unsafe fn store(
        &mut self,
        columns: *const f32,
        (count, stride): (usize, usize),
        width: usize,
        factors: &[f32],
        turned: *mut f32,
        (out, row): (*mut f32, usize),
    ) {
        let lines = Lines { start: columns, outer: (width, stride), inner: (count, 1) };
        let panel = self.attention.tiles.columns();
        // SAFETY: the caller's contract.
        unsafe {
            lines.pack(panel, |_| panel, turned, self.spare);
            for first in (0..width).step_by(panel) {
                let len = panel.min(width - first);
                for (query, &factor) in factors.iter().enumerate().take(count) {
                    let from = std::slice::from_raw_parts(turned.add(first * count + query * panel), len);
                    let to = std::slice::from_raw_parts_mut(out.add(query * row + first), len);
                    to.iter_mut().zip(from).for_each(|(to, &value)| *to = value * factor);
                }
            }
        }
    }

    /// The blocks of the part: first query and number of queries of each, and how many keys the last of them sees.
    fn cut(&self, first: usize) -> (impl Iterator<Item = (usize, usize)> + use<>, usize) {
        let Attention { block, blocks, ref sizes, spec, .. } = *self.attention;
        let end = ((first + blocks) * block).min(sizes.queries);
        let seen = if spec.causal { sizes.keys.min(end) } else { sizes.keys };
        ((first * block..end).step_by(block).map(move |query| (query, block.min(end - query))), seen)
    }

    /// Keys that some query of a block sees, in whole panels.
    fn seen(&self, (query, count): (usize, usize), keys: Left) -> usize {
        match self.attention.spec.causal {
            true => keys.rows.min((query + count).next_multiple_of(keys.panel)),
            false => keys.rows,
        }
    }

    /// Makes scores of the products of a block: scaled, biased, minus infinity where a key is hidden.
    ///
    /// # Safety
    /// The block's products and as much memory as they take must be writable.
    unsafe fn prepare(&mut self, tile: Block, queries: (usize, usize), extra: *mut f32, greatest: &mut [f32]) {
        let Attention { spec, loops, .. } = *self.attention;
        // SAFETY: the caller's contract.
        unsafe {
            if spec.bias {
                self.block(Bias, queries, tile.keys, tile.stride, extra);
            }
            let bias = spec.bias.then_some(extra.cast_const());
            (loops.prepare)(tile, spec.scale.as_f64() as f32, bias, spec.causal.then_some(queries.0), greatest);
        }
    }

    /// # Safety
    /// The results of the part's queries must be writable, and nobody else's business.
    unsafe fn forward(&mut self, first: usize, out: Shared<f32>) {
        let Attention { spec, ref sizes, tiles, loops, block, .. } = *self.attention;
        let Sizes { width, value_width, queries, .. } = *sizes;
        let (blocks, keys) = self.cut(first);
        let across = value_width.next_multiple_of(tiles.columns());
        let pieces = [
            keys * width,
            keys * value_width,
            block * width,
            keys * block,
            keys * block,
            value_width * block,
            across * block,
        ];
        let mut memory = Pieces::new(&pieces);
        let [keys_at, values_at, queries_at, scores, extra, sums_at, turned] = pieces.map(|size| memory.take(size));
        let (row, start) = self.attention.rows_of(self.matrix, queries, value_width);
        let logarithms = sizes.matrices() * queries * value_width + self.matrix * queries;
        // SAFETY: the pieces are as long as what is packed into them; the results are the caller's contract.
        unsafe {
            let packed_keys = self.left(Key, keys, width, keys_at);
            let packed_values = self.left(ValueAcross, value_width, keys, values_at);
            for (query, count) in blocks {
                let stride = count.next_multiple_of(tiles.vector);
                let seen = self.seen((query, count), packed_keys);
                let right = self.right(Query, (query, count), (0, width), queries_at).padded(stride);
                self.multiply(packed_keys, seen, right, width, scores, stride, false);
                let mut reference = [f32::NEG_INFINITY; MOST_QUERIES];
                let mut total = [0.0; MOST_QUERIES];
                let tile = Block { scores, stride, keys: seen };
                self.prepare(tile, (query, count), extra, &mut reference[..stride]);
                (loops.weights)(tile, &mut reference[..stride], &mut total[..stride]);
                if spec.factor {
                    self.block(Times, (query, count), seen, stride, extra);
                    let weights = std::slice::from_raw_parts_mut(scores, seen * stride);
                    let factors = std::slice::from_raw_parts(extra, seen * stride);
                    weights.iter_mut().zip(factors).for_each(|(weight, factor)| *weight *= factor);
                }
                let right = Right::InPlace { start: scores, columns: stride, step: stride };
                self.multiply(packed_values, value_width, right, seen, sums_at, stride, false);
                let logarithm =
                    |(&total, &reference): (&f32, &f32)| if total == 0.0 { 0.0 } else { reference + total.ln() };
                for (n, value) in total.iter().zip(&reference).map(logarithm).take(count).enumerate() {
                    *out.at(logarithms + query + n) = value;
                }
                total.iter_mut().for_each(|total| *total = if *total == 0.0 { 0.0 } else { 1.0 / *total });
                let to = out.at(start + query * row);
                self.store(sums_at, (count, stride), value_width, &total, turned, (to, row));
            }
        }
    }

    /// # Safety
    /// The results of the part's queries must be writable, and either the memory for partial sums or the results of the
    /// matrix's keys and values; all nobody else's business.
    unsafe fn gradient(&mut self, first: usize, out: Shared<f32>, partial: Option<*mut f32>) {
        let Attention { spec, ref sizes, tiles, loops, block, .. } = *self.attention;
        let Sizes { width, value_width, queries, keys: all_keys, .. } = *sizes;
        let (blocks, keys) = self.cut(first);
        let widest = width.max(value_width);
        let columns = |width: usize| width.next_multiple_of(tiles.vector);
        let pieces = [
            keys * width,
            keys * width,
            keys * value_width,
            block * widest,
            keys * block,
            keys * block,
            keys * block,
            block * columns(widest),
            width * block,
            width.next_multiple_of(tiles.columns()) * block,
            2 * block,
        ];
        let mut memory = Pieces::new(&pieces);
        let [keys_at, across_at, values_at, queries_at, scores, slopes, extra, right_at, sums_at, turned, numbers] =
            pieces.map(|size| memory.take(size));
        let matrices = sizes.matrices();
        let (row, start) = self.attention.rows_of(self.matrix, queries, width);
        let (key_sums, value_sums) = match partial {
            Some(sums) => ((sums, width), (sums.wrapping_add(all_keys * width), value_width)),
            None => {
                let (key_row, key_start) = self.attention.rows_of(self.matrix, all_keys, width);
                let (value_row, value_start) = self.attention.rows_of(self.matrix, all_keys, value_width);
                let first = matrices * queries * width;
                let second = first + matrices * all_keys * width;
                ((out.at(first + key_start), key_row), (out.at(second + value_start), value_row))
            }
        };
        // SAFETY: the pieces are as long as what is packed into them; the results are the caller's contract.
        unsafe {
            for (sums, row, width) in [(key_sums.0, key_sums.1, width), (value_sums.0, value_sums.1, value_width)] {
                (0..all_keys).for_each(|key| sums.add(key * row).write_bytes(0, width));
            }
            let packed_keys = self.left(Key, keys, width, keys_at);
            let keys_across = self.left(KeyAcross, width, keys, across_at);
            let packed_values = self.left(Value, keys, value_width, values_at);
            for (query, count) in blocks {
                let stride = count.next_multiple_of(tiles.vector);
                let seen = self.seen((query, count), packed_keys);
                let right = self.right(Query, (query, count), (0, width), queries_at).padded(stride);
                self.multiply(packed_keys, seen, right, width, scores, stride, false);
                let right = self.right(Above, (query, count), (0, value_width), queries_at).padded(stride);
                self.multiply(packed_values, seen, right, value_width, slopes, stride, false);
                let (logarithm, slope) = (numbers, numbers.add(block));
                self.block(Logarithm, (query, count), 1, stride, logarithm);
                self.block(Slope, (query, count), 1, stride, slope);
                let tile = Block { scores, stride, keys: seen };
                self.prepare(tile, (query, count), extra, &mut [0.0; MOST_QUERIES][..stride]);
                if spec.factor {
                    self.block(Times, (query, count), seen, stride, extra);
                }
                let numbers = [logarithm, slope].map(|start| std::slice::from_raw_parts(start, stride));
                let factor = spec.factor.then_some(extra.cast_const());
                (loops.slopes)(tile, spec.scale.as_f64() as f32, factor, slopes, numbers);
                // Gradients of the values by the weights, of the keys by what the scores get.
                let panel = packed_keys.panel;
                let sides = [(scores, AboveAcross, value_width, value_sums), (slopes, QueryAcross, width, key_sums)];
                for (block, source, width, (sums, row)) in sides {
                    let right = self.right(source, (0, width), (query, count), right_at);
                    Lines { start: block, outer: (seen, stride), inner: (count, 1) }.pack(
                        panel,
                        |rows| rows,
                        extra,
                        self.spare,
                    );
                    let left = Left { start: extra, rows: seen, panel, depth: count };
                    self.multiply(left, seen, right, count, sums, row, true);
                }
                let right = Right::InPlace { start: slopes, columns: stride, step: stride };
                self.multiply(keys_across, width, right, seen, sums_at, stride, false);
                let to = out.at(start + query * row);
                self.store(sums_at, (count, stride), width, &[1.0; MOST_QUERIES], turned, (to, row));
            }
        }
    }
}
