//! Products of float32 and float64: batched matrix multiplication and convolution, with maps fused on load and on store.
//!
//! The output's axes become jobs (batch axes), rows (of the left factor) and columns (of the right one, or the other way
//! round: columns are what the output's innermost axis belongs to). The work is cut along one side into tasks that pack
//! their own part of that side's factor, block by block of the inner axes; the other side's factor is packed once for all
//! tasks. Sums stay in the order of the inner axes whatever the number of threads.

// Loops over constant numbers of registers, which compilers unroll.
#![allow(clippy::needless_range_loop)]

mod cut;
mod factor;
mod line;
mod pack;
mod strip;
mod thin;
mod tile;

use rutile_core::dtype::DType;
use rutile_core::error::Result;
use rutile_core::kernel::{Access, Block, Kernel, Role};
use rutile_core::shape::numel;
use rutile_core::view::View;

use crate::loops::Operand;
use crate::parallel::{self, Shared};
use crate::scratch::Scratch;
use crate::tile::{Body, Frame, Launch};
pub use cut::even;
use cut::{Cut, InPlace};
pub use factor::{Factor, FactorAxes, Lines, Packer, Part, single_load};
use line::{Entries, MOST_GUARDS};
pub use line::{Line, addresses};
use pack::Along;
use thin::Vectors;
use tile::MOST_SUMS;
pub use tile::{Tiles, single as tiles};

/// Floats that products are made for.
pub trait Real: tile::Float + Default + Send + Sync + std::ops::AddAssign + 'static {
    const DTYPE: DType;
    fn tiles() -> Tiles<Self>;
    /// See [`pack::single`].
    ///
    /// # Safety
    /// As for `pack::single`.
    unsafe fn pack(block: &pack::Block<Self>, range: std::ops::Range<usize>, panel: *mut Self, width: usize);
}

impl Real for f32 {
    const DTYPE: DType = DType::F32;
    fn tiles() -> Tiles<f32> {
        tile::single()
    }
    unsafe fn pack(block: &pack::Block<f32>, range: std::ops::Range<usize>, panel: *mut f32, width: usize) {
        // SAFETY: the caller's contract.
        unsafe { pack::single(block, range, panel, width) }
    }
}

impl Real for f64 {
    const DTYPE: DType = DType::F64;
    fn tiles() -> Tiles<f64> {
        tile::double()
    }
    unsafe fn pack(block: &pack::Block<f64>, range: std::ops::Range<usize>, panel: *mut f64, width: usize) {
        // SAFETY: the caller's contract.
        unsafe { pack::portable(block, range, panel, width) }
    }
}

pub struct Product<T: 'static> {
    left: Factor,
    right: Factor,
    body: Body,
    tiles: Tiles<T>,
    jobs: Side,
    rows: Side,
    columns: Side,
    inner: usize,
    /// An argument that sums may be accumulated in, and whether that is all there is to do.
    direct: Option<usize>,
    plain: bool,
    /// Whether the rest is done in a pass of its own, as a task's results lie in short pieces.
    apart: bool,
    cut: Cut,
    /// Rows for each index along the output's first axis, if rows are what that axis counts.
    rows_each: Option<usize>,
}

/// One direction of the output.
struct Side {
    count: usize,
    line: Line,
}

/// Results that lie beside each other below which the body would run over many small pieces.
const SHORT_RUN: usize = 32;
/// Multiplications and additions of a thread in a nanosecond, roughly.
pub const RATE: f64 = 80.0;

impl<T: Real> Product<T> {
    pub fn new(kernel: &Kernel, left: &Block, right: &Block, roles: &[Role]) -> Result<Product<T>> {
        let out = &kernel.out;
        let shape: Vec<usize> = out.iter().chain(&kernel.reduced).copied().collect();
        // Columns are what the innermost axis of the output belongs to that is no mere interleaving.
        let longer_than = |size: usize| (0..out.len()).rev().find(|&axis| out[axis] > size);
        let innermost = longer_than(7).or_else(|| longer_than(1));
        let swap = innermost.is_some_and(|axis| roles[axis] == Role::Left);
        let (left, right) = if swap { (right, left) } else { (left, right) };
        let (row_role, column_role) = if swap { (Role::Right, Role::Left) } else { (Role::Left, Role::Right) };
        let axes_of = |role: Role| (0..out.len()).filter(|&axis| roles[axis] == role).collect::<Vec<usize>>();
        let (jobs, rows, columns) = (axes_of(Role::Batch), axes_of(row_role), axes_of(column_role));
        let inner: Vec<usize> = (out.len()..shape.len()).collect();
        let axes = |outer| FactorAxes { jobs: &jobs, outer, inner: &inner };
        let left = Factor::new::<T>(left, &kernel.args, &shape, &axes(&rows))?;
        let right = Factor::new::<T>(right, &kernel.args, &shape, &axes(&columns))?;
        let body = Body::new(kernel)?;
        let output = &View::contiguous(out).levels[0];
        let side = |axes: &[usize]| Side {
            count: axes.iter().map(|&axis| out[axis]).product(),
            line: Line::new(output, axes),
        };
        let accumulates =
            |arg: &usize| kernel.args[*arg].dtype == T::DTYPE && kernel.args[*arg].access == Access::Write;
        let plain = body.plain_store().filter(accumulates);
        let (jobs, rows, columns) = (side(&jobs), side(&rows), side(&columns));
        let inner = numel(&kernel.reduced);
        let tiles = T::tiles();
        let rows_each = (roles.first() == Some(&row_role) && jobs.count == 1).then(|| rows.count / out[0].max(1));
        let cut = Cut::new(&tiles, [jobs.count, rows.count, columns.count, inner], [&left, &right]);
        let direct = plain.or_else(|| body.targets().find(accumulates));
        let run = match (columns.line.innermost(), rows.line.innermost()) {
            ((columns, 1), (rows, step)) if cut.by_rows && step == columns as i64 => columns * rows.min(cut.step),
            ((columns, 1), _) => {
                if cut.by_rows {
                    columns
                } else {
                    columns.min(cut.step)
                }
            }
            _ => 1,
        };
        Ok(Product {
            direct,
            plain: plain.is_some(),
            apart: plain.is_none() && cut.splits == 1 && run < SHORT_RUN,
            left,
            right,
            body,
            tiles,
            jobs,
            rows,
            columns,
            inner,
            cut,
            rows_each,
        })
    }

    /// Estimated nanoseconds of a launch.
    pub fn nanoseconds(&self) -> f64 {
        let results = (self.jobs.count * self.rows.count * self.columns.count) as f64;
        results * (2.0 * self.inner as f64 / RATE + 0.1)
    }

    pub fn run(&self, launch: Launch) {
        if self.jobs.count * self.rows.count * self.columns.count == 0 {
            return;
        }
        let ahead = if self.cut.ahead { self.other(&self.cut).1 * self.inner } else { 0 };
        let mut scratch = Scratch::take(ahead * self.jobs_ahead() * size_of::<T>());
        let ahead = Shared(scratch.pointer().cast::<T>());
        if self.cut.ahead {
            self.pack_ahead(launch, &self.cut, ahead);
        }
        if self.cut.splits == 1 {
            let tasks = self.jobs.count * self.blocks();
            // What the body reads of the output, sums must not lie over.
            let own = if self.apart && self.direct.is_none() { self.body.code.total() } else { 0 };
            let mut scratch = Scratch::take(own * size_of::<T>());
            let whole = match self.direct {
                Some(arg) => Some(Shared(launch.buffers[arg].cast::<T>())),
                None => self.apart.then(|| Shared(scratch.pointer().cast::<T>())),
            };
            parallel::ranges(tasks, self.nanoseconds(), |tasks| {
                let mut worker = Worker::new(&self.body);
                tasks.for_each(|task| self.run_task(launch, task, ahead, whole, &mut worker));
            });
            if let (true, Some(sums)) = (self.apart, whole) {
                self.finish_apart(launch, sums);
            }
        } else {
            self.run_splits(launch, ahead);
        }
    }

    fn blocks(&self) -> usize {
        let cut = if self.cut.by_rows { self.rows.count } else { self.columns.count };
        cut.div_ceil(self.cut.step)
    }

    /// The factor that is not cut, and its length in panels.
    fn other(&self, cut: &Cut) -> (&Factor, usize) {
        if cut.by_rows {
            (&self.right, self.columns.count.next_multiple_of(self.tiles.vector))
        } else {
            (&self.left, self.rows.count)
        }
    }

    /// Jobs for which the other factor is packed ahead.
    fn jobs_ahead(&self) -> usize {
        if self.other(&self.cut).0.is_shared { 1 } else { self.jobs.count }
    }

    /// Packs a part of the left factor, in panels of so many rows, or of the right one.
    ///
    /// # Safety
    /// `panels` must be writable for the panels of the part.
    unsafe fn pack(&self, launch: Launch, left: Option<usize>, part: Part, panels: *mut T, packer: &mut Packer) {
        let vector = self.tiles.vector;
        // SAFETY: the caller's contract.
        unsafe {
            if let Some(panel) = left {
                self.left.pack(launch, part, panel, |rows| rows, panels, packer)
            } else {
                let width = |columns: usize| columns.next_multiple_of(vector);
                self.right.pack(launch, part, self.tiles.columns(), width, panels, packer)
            }
        }
    }

    /// Packs the factor that is not cut.
    fn pack_ahead(&self, launch: Launch, cut: &Cut, ahead: Shared<T>) {
        let (_, padded) = self.other(cut);
        let left = (!cut.by_rows).then_some(cut.panel);
        let count = if cut.by_rows { self.columns.count } else { self.rows.count };
        let unit = left.unwrap_or(self.tiles.columns());
        let step = unit * (4096 / (unit * cut.depth)).max(1);
        let (pieces, depths) = (count.div_ceil(step), self.inner.div_ceil(cut.depth));
        let nanoseconds = (self.jobs_ahead() * count * self.inner) as f64 * 0.3;
        parallel::ranges(self.jobs_ahead() * depths * pieces, nanoseconds, |tasks| {
            let mut packer = Packer::default();
            for task in tasks {
                let (piece, rest) = (task % pieces, task / pieces);
                let (block, job) = (rest % depths, rest / depths);
                let outer = (piece * step, step.min(count - piece * step));
                let inner = (block * cut.depth, cut.depth.min(self.inner - block * cut.depth));
                let at = (job * self.inner + inner.0) * padded + outer.0 * inner.1;
                // SAFETY: each task has its own part of the memory, which holds all.
                unsafe { self.pack(launch, left, Part { job, outer, inner }, ahead.at(at), &mut packer) };
            }
        });
    }

    /// A task's job, rows and columns.
    fn task(&self, task: usize) -> (usize, (usize, usize), (usize, usize)) {
        let blocks = self.blocks();
        let (job, first) = (task / blocks, task % blocks * self.cut.step);
        if self.cut.by_rows {
            (job, (first, self.cut.step.min(self.rows.count - first)), (0, self.columns.count))
        } else {
            (job, (0, self.rows.count), (first, self.cut.step.min(self.columns.count - first)))
        }
    }

    /// `whole`: memory for the sums of all tasks, in the order of the output.
    fn run_task(&self, launch: Launch, task: usize, ahead: Shared<T>, whole: Option<Shared<T>>, worker: &mut Worker) {
        let (job, rows, columns) = self.task(task);
        let (base, _) = self.jobs.line.at(job);
        self.rows.line.list(rows.0, rows.1, &[0; MOST_GUARDS], &mut worker.rows);
        self.columns.line.list(columns.0, columns.1, &[0; MOST_GUARDS], &mut worker.columns);
        let mut scratch = Scratch::take(if whole.is_none() { rows.1 * columns.1 * size_of::<T>() } else { 0 });
        let results = match whole {
            Some(sums) => Results::Output(sums.at(0).wrapping_offset(base)),
            None => Results::Block(scratch.pointer().cast::<T>()),
        };
        self.accumulate(launch, &self.cut, job, rows, columns, 0..self.inner, ahead, &results, worker);
        if !self.plain && !self.apart {
            self.finish(launch, &results, base, worker);
        }
    }

    /// Sums a range of the inner axes into a block of results.
    fn accumulate(
        &self,
        launch: Launch,
        cut: &Cut,
        job: usize,
        rows: (usize, usize),
        columns: (usize, usize),
        range: std::ops::Range<usize>,
        ahead: Shared<T>,
        results: &Results<T>,
        worker: &mut Worker,
    ) {
        let Cut { by_rows, panel, depth, ahead: packed, left_in_place, in_place, .. } = *cut;
        if matches!(in_place, InPlace::Dots | InPlace::Sweep) {
            return self.thin(launch, in_place, job, rows, columns, range, results, worker);
        }
        let width = columns.1.next_multiple_of(self.tiles.vector);
        let sizes = [rows.1 * depth, width * depth].map(|size| size.next_multiple_of(16));
        let mut scratch = Scratch::take((sizes[0] + sizes[1]) * size_of::<T>());
        let own = [0, sizes[0]].map(|at| scratch.pointer().cast::<T>().wrapping_add(at));
        let mut first = range.start;
        loop {
            let inner = (first, depth.min(range.end - first));
            let left_place = left_in_place.and_then(|along| self.left.place::<T>(launch, job, along));
            let right_place = self.right.place::<T>(launch, job, Along::Outer).filter(|_| in_place == InPlace::Steps);
            let panels = [true, false].map(|left| {
                let outer = if left { rows } else { columns };
                if packed && left != by_rows {
                    let (factor, padded) = self.other(cut);
                    let job = if factor.is_shared { 0 } else { job };
                    return ahead.at((job * self.inner + first) * padded + outer.0 * inner.1).cast_const();
                }
                let memory = own[!left as usize];
                // What tiles read in place need not be packed, but for columns that fill no tile.
                let skipped = match (left, left_place, right_place) {
                    (true, Some(_), _) => outer.1,
                    (false, _, Some(_)) => outer.1 / self.tiles.columns() * self.tiles.columns(),
                    _ => 0,
                };
                if skipped == outer.1 {
                    return memory.cast_const();
                }
                let (memory, outer) = (memory.wrapping_add(skipped * inner.1), (outer.0 + skipped, outer.1 - skipped));
                // SAFETY: the scratch holds both sides' panels of one depth.
                unsafe {
                    let part = Part { job, outer, inner };
                    self.pack(launch, left.then_some(panel), part, memory, &mut worker.packers[left as usize])
                };
                memory.wrapping_sub(skipped * inner.1).cast_const()
            });
            let add = first > range.start;
            let multiply = |row: usize, column: usize| {
                let (height, width) = (panel.min(rows.1 - row), self.tiles.columns().min(columns.1 - column));
                let (left, left_step) = match left_place {
                    Some(place) => place.at(rows.0 + row, inner.0),
                    None => (panels[0].wrapping_add(row * inner.1), height),
                };
                let (right, step) = match right_place {
                    Some(place) if width == self.tiles.columns() => place.at(columns.0 + column, inner.0),
                    _ => (panels[1].wrapping_add(column * inner.1), width.next_multiple_of(self.tiles.vector)),
                };
                let tile = match left_in_place {
                    Some(Along::Inner) => self.tiles.across(height, width),
                    _ => self.tiles.tile(height, width),
                };
                let place = results.place(worker, (row, height), (column, width), columns.1);
                // SAFETY: the panels are packed, and the block's results belong to this task.
                unsafe {
                    match place {
                        Some((start, stride)) => tile(inner.1, left, left_step, right, step, start, stride, width, add),
                        None => {
                            let mut sums = [T::ZERO; MOST_SUMS];
                            let (block, stride) = (sums.as_mut_ptr(), self.tiles.columns());
                            tile(inner.1, left, left_step, right, step, block, stride, width, false);
                            results.scatter(worker, (row, height), (column, width), &sums, self.tiles.columns(), add);
                        }
                    }
                }
            };
            // The cut side's panels stay in the second-level cache, one of the other's in the first.
            if by_rows {
                for column in (0..columns.1).step_by(self.tiles.columns()) {
                    (0..rows.1).step_by(panel).for_each(|row| multiply(row, column));
                }
            } else {
                for row in (0..rows.1).step_by(panel) {
                    (0..columns.1).step_by(self.tiles.columns()).for_each(|column| multiply(row, column));
                }
            }
            first += inner.1;
            if first >= range.end {
                break;
            }
        }
    }

    /// A task's results from factors as they lie.
    fn thin(
        &self,
        launch: Launch,
        in_place: InPlace,
        job: usize,
        rows: (usize, usize),
        columns: (usize, usize),
        range: std::ops::Range<usize>,
        results: &Results<T>,
        worker: &Worker,
    ) {
        let vectors = |factor: &Factor, along: Along, outer: usize| {
            let place = factor.place::<T>(launch, job, along).expect("a factor that lies so, as the cut says");
            let (start, step) = place.at(outer, range.start);
            Vectors { start, step: step as isize }
        };
        let (sums, along): (thin::Product<T>, Along) = match in_place {
            InPlace::Dots => (thin::dots, Along::Inner),
            _ => (thin::sweep, Along::Outer),
        };
        let (left, right) = (vectors(&self.left, Along::Inner, rows.0), vectors(&self.right, along, columns.0));
        let size = (rows.1, columns.1, range.len());
        let place = results.place(worker, (0, rows.1), (0, columns.1), columns.1);
        // SAFETY: the factors' addresses lie in their arguments by the plan's contract, the results belong to this task.
        unsafe {
            match place {
                Some((start, stride)) => sums(size, left, right, start, stride),
                None => {
                    let mut scratch = Scratch::take(rows.1 * columns.1 * size_of::<T>());
                    let own = scratch.pointer().cast::<T>();
                    sums(size, left, right, own, columns.1);
                    let own = std::slice::from_raw_parts(own, rows.1 * columns.1);
                    results.scatter(worker, (0, rows.1), (0, columns.1), own, columns.1, false);
                }
            }
        }
    }

    /// Parts of the inner axes summed side by side into memory of their own, then together in order.
    fn run_splits(&self, launch: Launch, ahead: Shared<T>) {
        let (splits, jobs, blocks) = (self.cut.splits, self.jobs.count, self.blocks());
        let sums = self.rows.count * self.columns.count;
        let mut scratch = Scratch::take(splits * jobs * sums * size_of::<T>());
        let partial = Shared(scratch.pointer().cast::<T>());
        let depths = self.inner.div_ceil(self.cut.depth);
        let bound = |split: usize| (split * depths / splits * self.cut.depth).min(self.inner);
        parallel::ranges(splits * jobs * blocks, self.nanoseconds(), |tasks| {
            let mut worker = Worker::new(&self.body);
            for task in tasks {
                let (split, rest) = (task % splits, task / splits);
                let (job, rows, columns) = self.task(rest);
                let start = partial.at((split * jobs + job) * sums + rows.0 * self.columns.count + columns.0);
                let results = Results::Part(start, self.columns.count);
                let range = bound(split)..bound(split + 1);
                self.accumulate(launch, &self.cut, job, rows, columns, range, ahead, &results, &mut worker);
            }
        });
        let mut worker = Worker::new(&self.body);
        self.rows.line.list(0, self.rows.count, &[0; MOST_GUARDS], &mut worker.rows);
        self.columns.line.list(0, self.columns.count, &[0; MOST_GUARDS], &mut worker.columns);
        for job in 0..jobs {
            for split in 1..splits {
                // SAFETY: all parts lie in the scratch, and no other thread uses it any more.
                let (total, later) = unsafe {
                    (
                        std::slice::from_raw_parts_mut(partial.at(job * sums), sums),
                        std::slice::from_raw_parts(partial.at((split * jobs + job) * sums), sums),
                    )
                };
                total.iter_mut().zip(later).for_each(|(sum, value)| *sum += *value);
            }
            let (base, _) = self.jobs.line.at(job);
            self.finish(launch, &Results::Block(partial.at(job * sums)), base, &mut worker);
        }
    }

    /// Runs the body over the whole output, whose sums lie in the same order.
    fn finish_apart(&self, launch: Launch, sums: Shared<T>) {
        let code = &self.body.code;
        parallel::ranges(code.tiling().count(), code.nanoseconds(code.total()), |tiles| {
            let mut frame = code.frame();
            for (start, len) in tiles.map(|tile| code.tiling().tile(tile)) {
                let operand = Operand { pointer: sums.at(start).cast_const().cast(), uniform: false };
                self.body.run_over(launch, &[operand], start, len, &mut frame);
            }
        });
    }

    /// Runs the body over a finished block, in pieces that lie together in the output.
    fn finish(&self, launch: Launch, results: &Results<T>, base: isize, worker: &mut Worker) {
        let (rows, columns) = (&worker.rows.addresses, &worker.columns.addresses);
        let mut piece = |accumulator: *const T, start: usize, len: usize| {
            let mut done = 0;
            while done < len {
                let here = start + done;
                let count = self.body.code.piece(here, len - done);
                let operand = Operand { pointer: accumulator.wrapping_add(done).cast(), uniform: false };
                self.body.run_over(launch, &[operand], here, count, &mut worker.frame);
                done += count;
            }
        };
        let mut first = 0;
        while first < columns.len() {
            let run = run_of(&columns[first..]);
            let regular = rows.windows(2).all(|pair| pair[1] - pair[0] == run as isize);
            // Rows that follow one another in the output are one piece, where the sums lie so too.
            let joined = regular && (matches!(results, Results::Output(_)) || run == columns.len());
            let count = if joined { 1 } else { rows.len() };
            for row in 0..count {
                let address = base + rows[row] + columns[first];
                let accumulator = match results {
                    Results::Output(start) => start.wrapping_offset(rows[row] + columns[first]),
                    Results::Block(start) => start.wrapping_add(row * columns.len() + first),
                    Results::Part(start, stride) => start.wrapping_add(row * stride + first),
                };
                piece(accumulator, address as usize, run * if joined { rows.len() } else { 1 });
            }
            first += run;
        }
    }
}

/// Length of the run of consecutive addresses at the start.
fn run_of(addresses: &[isize]) -> usize {
    let breaks = |pair: &[isize]| pair[1] != pair[0] + 1;
    addresses.windows(2).position(breaks).map_or(addresses.len(), |last| last + 1)
}

/// Where a task's sums are accumulated.
enum Results<T> {
    /// In the output's own memory, from the job's first element.
    Output(*mut T),
    /// In memory of the task's own, row by row.
    Block(*mut T),
    /// In memory whose rows are so far apart.
    Part(*mut T, usize),
}

impl<T: Real> Results<T> {
    /// Start and row stride of a tile's sums, if a tile can write them where they belong.
    fn place(
        &self,
        worker: &Worker,
        rows: (usize, usize),
        columns: (usize, usize),
        width: usize,
    ) -> Option<(*mut T, usize)> {
        match self {
            Results::Block(start) => Some((start.wrapping_add(rows.0 * width + columns.0), width)),
            Results::Part(start, stride) => Some((start.wrapping_add(rows.0 * stride + columns.0), *stride)),
            Results::Output(start) => {
                let own = &worker.columns.addresses[columns.0..columns.0 + columns.1];
                let lines = &worker.rows.addresses[rows.0..rows.0 + rows.1];
                let stride = lines.get(1).map_or(0, |second| second - lines[0]);
                let regular = lines.windows(2).all(|pair| pair[1] - pair[0] == stride);
                (regular && own[columns.1 - 1] - own[0] == columns.1 as isize - 1)
                    .then(|| (start.wrapping_offset(lines[0] + own[0]), stride as usize))
            }
        }
    }

    /// Writes sums one by one where they belong in the output.
    ///
    /// # Safety
    /// The block's results must be writable, and belong to the caller.
    unsafe fn scatter(
        &self,
        worker: &Worker,
        rows: (usize, usize),
        columns: (usize, usize),
        sums: &[T],
        stride: usize,
        add: bool,
    ) {
        let Results::Output(start) = self else { unreachable!("other results have a place for every tile") };
        for row in 0..rows.1 {
            let line = start.wrapping_offset(worker.rows.addresses[rows.0 + row]);
            for column in 0..columns.1 {
                let sum = sums[row * stride + column];
                // SAFETY: the caller's contract.
                unsafe {
                    let result = line.offset(worker.columns.addresses[columns.0 + column]);
                    *result = if add { *result + sum } else { sum };
                }
            }
        }
    }
}

/// What a thread works with.
struct Worker {
    /// For the right factor and for the left one.
    packers: [Packer; 2],
    rows: Entries,
    columns: Entries,
    frame: Frame,
}

impl Worker {
    fn new(body: &Body) -> Worker {
        Worker {
            packers: Default::default(),
            rows: Entries::default(),
            columns: Entries::default(),
            frame: body.code.frame(),
        }
    }
}
