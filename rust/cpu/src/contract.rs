//! Products: batched matrix multiplication, with maps fused on load and on store.
//!
//! The output's axes become jobs (batch axes, and axes that do not join the others of their role in memory), rows and
//! columns of one matrix per job. A factor is used where it lies if it can be, see [`crate::factor`].

use std::marker::PhantomData;

use rutile_core::dtype::DType;
use rutile_core::error::{Error, Result};
use rutile_core::kernel::{Access, Block, Kernel, Role};
use rutile_core::shape::{contiguous_strides, numel};

use crate::dots::Dots;
use crate::element::register;
use crate::factor::{Elements, Factor, FactorAxes, Target};
use crate::loops::Operand;
use crate::matrix::{Matrix, Real, multiply};
use crate::parallel;
use crate::scratch::Scratch;
use crate::tile::{Body, Frame, Launch, TILE};

pub enum Contract {
    Single(Box<Product<f32>>),
    Double(Box<Product<f64>>),
    Dots(Box<Dots>),
}

impl Contract {
    pub fn new(kernel: &Kernel, left: &Block, right: &Block, roles: &[Role]) -> Result<Contract> {
        let [dtype, other] = [left, right].map(|block| register(block.code[block.results[0]].dtype));
        if dtype != other {
            return Err(Error::dtype("matmul", format!("factors of one dtype, as {dtype}"), other.name()));
        }
        Ok(match dtype {
            DType::F32 => Contract::Single(Box::new(Product::new(kernel, left, right, roles)?)),
            DType::F64 => Contract::Double(Box::new(Product::new(kernel, left, right, roles)?)),
            _ => Contract::Dots(Box::new(Dots::new(kernel, left, right, dtype)?)),
        })
    }

    /// Estimated nanoseconds of a launch.
    pub fn nanoseconds(&self) -> f64 {
        match self {
            Contract::Single(product) => product.nanoseconds(),
            Contract::Double(product) => product.nanoseconds(),
            Contract::Dots(dots) => dots.nanoseconds(),
        }
    }

    pub fn run(&self, launch: Launch) {
        match self {
            Contract::Single(product) => product.run(launch),
            Contract::Double(product) => product.run(launch),
            Contract::Dots(dots) => dots.run(launch),
        }
    }
}

/// A product of float32 or float64.
pub struct Product<T> {
    left: Factor,
    right: Factor,
    body: Body,
    job_sizes: Vec<usize>,
    /// Steps in the output for each job axis, for a row and for a column.
    job_strides: Vec<usize>,
    row_stride: usize,
    column_stride: usize,
    rows: usize,
    columns: usize,
    inner: usize,
    /// An argument that the product may be accumulated in, and whether that is all there is to do.
    direct: Option<usize>,
    plain: bool,
    panels: Option<Panels>,
    element: PhantomData<T>,
}

/// How the factor that is made in panels is cut: outer × inner elements a panel, and parts of the inner axis.
struct Panels {
    left: bool,
    outer: usize,
    inner: usize,
    splits: usize,
}

/// Elements of a panel: 256 KiB, half of a usual second-level cache.
const PANEL: usize = 1 << 16;
/// Elements of the output that are finished at a time, while they are in the cache.
const SLAB: usize = 1 << 20;

impl<T: Real> Product<T> {
    fn new(kernel: &Kernel, left: &Block, right: &Block, roles: &[Role]) -> Result<Product<T>> {
        let out = &kernel.out;
        let shape: Vec<usize> = out.iter().chain(&kernel.reduced).copied().collect();
        let strides: Vec<usize> = contiguous_strides(out).iter().map(|&stride| stride as usize).collect();
        // Columns are what the innermost axis of the output belongs to.
        let innermost = (0..out.len()).rev().find(|&axis| out[axis] > 1);
        let swap = innermost.is_some_and(|axis| roles[axis] == Role::Left);
        let (left, right) = if swap { (right, left) } else { (left, right) };
        let (row_role, column_role) = if swap { (Role::Right, Role::Left) } else { (Role::Left, Role::Right) };
        let (row_jobs, row_axes) = group(out, &strides, roles, row_role);
        let (column_jobs, column_axes) = group(out, &strides, roles, column_role);
        let of_role = |axis: &usize| roles[*axis] == Role::Batch && out[*axis] != 1;
        let mut jobs: Vec<usize> = (0..out.len()).filter(of_role).chain(row_jobs).chain(column_jobs).collect();
        jobs.sort_unstable();
        let inner_axes: Vec<usize> = (out.len()..shape.len()).collect();
        let axes = |outer| FactorAxes { jobs: &jobs, outer, inner: &inner_axes };
        let mut left = Factor::new::<T>(left, &kernel.args, &shape, &axes(&row_axes))?;
        let right = Factor::new::<T>(right, &kernel.args, &shape, &axes(&column_axes))?;
        if left.panels().is_some() && right.panels().is_some() {
            left = left.whole();
        }
        let body = Body::new(&kernel.body, &kernel.stores, &kernel.args, out)?;
        let size = |axes: &[usize]| axes.iter().map(|&axis| out[axis]).product::<usize>();
        let stride = |axes: &[usize]| axes.last().map_or(1, |&axis| strides[axis]);
        let accumulates =
            |arg: &usize| kernel.args[*arg].dtype == T::DTYPE && kernel.args[*arg].access == Access::Write;
        let plain = body.plain_store().filter(accumulates);
        let mut product = Product {
            left,
            right,
            direct: plain.or_else(|| body.targets().find(accumulates)),
            plain: plain.is_some(),
            body,
            job_sizes: jobs.iter().map(|&axis| out[axis]).collect(),
            job_strides: jobs.iter().map(|&axis| strides[axis]).collect(),
            row_stride: stride(&row_axes),
            column_stride: stride(&column_axes),
            rows: size(&row_axes),
            columns: size(&column_axes),
            inner: numel(&kernel.reduced),
            panels: None,
            element: PhantomData,
        };
        product.panels = product.plan_panels();
        Ok(product)
    }

    fn nanoseconds(&self) -> f64 {
        let jobs = numel(&self.job_sizes);
        let results = (jobs * self.rows * self.columns) as f64;
        results * (self.inner as f64 / 25.0 + 0.1)
    }

    fn run(&self, launch: Launch) {
        if numel(&self.job_sizes) * self.rows * self.columns == 0 {
            return;
        }
        let memory = [&self.left, &self.right].map(Factor::working_elements);
        let mut scratch = Scratch::take((memory[0] + memory[1]) * size_of::<T>());
        let start = scratch.pointer().cast::<T>();
        // SAFETY: the scratch holds both factors, one behind the other.
        let (left, right) =
            unsafe { (self.left.prepare(launch, start), self.right.prepare(launch, start.wrapping_add(memory[0]))) };
        match &self.panels {
            Some(panels) => self.run_panels(launch, panels, left, right),
            None => self.run_whole(launch, left, right),
        }
    }

    fn plan_panels(&self) -> Option<Panels> {
        let left = self.left.panels().is_some();
        if !left && self.right.panels().is_none() {
            return None;
        }
        let size = if left { self.rows } else { self.columns };
        let even = |size: usize, most: usize, unit: usize| {
            let pieces = size.div_ceil(most.max(1)).max(1);
            (size.div_ceil(pieces).div_ceil(unit) * unit).min(size).max(1)
        };
        let inner = even(self.inner, 256, 8);
        let outer = even(size, PANEL / inner, 16);
        let tasks = numel(&self.job_sizes) * size.div_ceil(outer);
        let splits = if tasks < 8 { (self.inner / 2048).clamp(1, 16) } else { 1 };
        Some(Panels { left, outer, inner, splits })
    }

    /// Both factors lie in memory.
    fn run_whole(&self, launch: Launch, left: Elements<T>, right: Elements<T>) {
        let jobs = numel(&self.job_sizes);
        let nanoseconds = self.nanoseconds();
        let own = self.direct.is_none();
        let share = parallel::worth_sharing(nanoseconds);
        // Thin products are split here: the matrix routine does not thread them.
        let thin = self.rows.min(self.columns) < 8;
        if jobs >= parallel::threads() * 2 || !share {
            return parallel::ranges(jobs, nanoseconds, |range| {
                let mut frame = self.body.code.frame();
                for job in range {
                    self.block(launch, left, right, job, (0, self.rows), (0, self.columns), own, false, &mut frame);
                }
            });
        }
        for job in 0..jobs {
            let nanoseconds = nanoseconds / jobs as f64;
            if thin {
                let by_rows = self.rows > self.columns;
                let unit = 64;
                parallel::ranges(self.rows.max(self.columns).div_ceil(unit), nanoseconds, |range| {
                    let mut frame = self.body.code.frame();
                    let (start, end) = (range.start * unit, (range.end * unit).min(self.rows.max(self.columns)));
                    let part = (start, end - start);
                    let (rows, columns) = if by_rows { (part, (0, self.columns)) } else { ((0, self.rows), part) };
                    self.block(launch, left, right, job, rows, columns, own, false, &mut frame);
                });
                continue;
            }
            let slab = if self.plain { self.rows } else { (SLAB / self.columns).clamp(128, self.rows.max(128)) };
            let mut frame = self.body.code.frame();
            for first in (0..self.rows).step_by(slab) {
                let rows = (first, slab.min(self.rows - first));
                self.block(launch, left, right, job, rows, (0, self.columns), own, true, &mut frame);
            }
        }
    }

    /// A block of one job's output: product, then body.
    #[allow(clippy::too_many_arguments)]
    fn block(
        &self,
        launch: Launch,
        left: Elements<T>,
        right: Elements<T>,
        job: usize,
        rows: (usize, usize),
        columns: (usize, usize),
        own: bool,
        share: bool,
        frame: &mut Frame,
    ) {
        let base = self.job_offset(job, &self.job_strides.iter().map(|&s| s as i64).collect::<Vec<_>>()) as usize;
        let mut scratch = Scratch::take(if own { rows.1 * columns.1 * size_of::<T>() } else { 0 });
        let results = match self.direct {
            Some(arg) => self.results_in(launch.buffers[arg].cast(), base, rows.0, columns.0),
            None => Matrix { start: scratch.pointer().cast(), row: columns.1 as isize, column: 1 },
        };
        let left = self.matrix(&self.left, left, job, rows.0);
        let right = self.matrix(&self.right, right, job, columns.0).transposed();
        // SAFETY: the factors' addresses lie in their buffers by the plan's contract, the block in the output or scratch.
        unsafe { multiply(rows.1, columns.1, self.inner, results, false, left, right, share) };
        self.finish(launch, results, base, rows, columns, share, frame);
    }

    fn run_panels(&self, launch: Launch, panels: &Panels, left: Elements<T>, right: Elements<T>) {
        let jobs = numel(&self.job_sizes);
        let size = if panels.left { self.rows } else { self.columns };
        let blocks = size.div_ceil(panels.outer);
        let splits = panels.splits;
        let results = self.rows * self.columns;
        let partial = if splits > 1 { splits * jobs * results } else { 0 };
        let mut partials = Scratch::take(partial * size_of::<T>());
        let partials = Target::<T>(partials.pointer().cast());
        let strides: Vec<i64> = self.job_strides.iter().map(|&s| s as i64).collect();
        parallel::ranges(jobs * blocks * splits, self.nanoseconds(), |tasks| {
            let mut frame = self.body.code.frame();
            for task in tasks {
                let (split, rest) = (task % splits, task / splits);
                let (block, job) = (rest % blocks, rest / blocks);
                let first = block * panels.outer;
                let part = (first, panels.outer.min(size - first));
                let (rows, columns) = if panels.left { (part, (0, self.columns)) } else { ((0, self.rows), part) };
                let base = self.job_offset(job, &strides) as usize;
                let own = splits == 1 && self.direct.is_none();
                let mut scratch = Scratch::take(if own { rows.1 * columns.1 * size_of::<T>() } else { 0 });
                let block = match self.direct {
                    _ if splits > 1 => Matrix {
                        start: partials.at((split * jobs + job) * results + rows.0 * self.columns + columns.0).cast(),
                        row: self.columns as isize,
                        column: 1,
                    },
                    Some(arg) => self.results_in(launch.buffers[arg].cast(), base, rows.0, columns.0),
                    None => Matrix { start: scratch.pointer().cast(), row: columns.1 as isize, column: 1 },
                };
                let bound = |split: usize| split * self.inner / splits;
                self.accumulate(launch, panels, left, right, job, rows, columns, bound(split)..bound(split + 1), block);
                if splits == 1 {
                    self.finish(launch, block, base, rows, columns, false, &mut frame);
                }
            }
        });
        if splits == 1 {
            return;
        }
        for split in 1..splits {
            let (total, later) = (partials.at(0), partials.at(split * jobs * results));
            // SAFETY: both parts lie in the scratch, and no other thread uses it any more.
            let (total, later) = unsafe {
                let len = jobs * results;
                (
                    std::slice::from_raw_parts_mut(total.cast::<T>(), len),
                    std::slice::from_raw_parts(later.cast::<T>(), len),
                )
            };
            total.iter_mut().zip(later).for_each(|(sum, value)| *sum += *value);
        }
        let mut frame = self.body.code.frame();
        for job in 0..jobs {
            let block = Matrix { start: partials.at(job * results).cast(), row: self.columns as isize, column: 1 };
            let base = self.job_offset(job, &strides) as usize;
            self.store(launch, block, base, (0, self.rows), (0, self.columns), &mut frame);
        }
    }

    /// Sums a range of the inner axis into a block, whose packed factor is evaluated panel by panel.
    #[allow(clippy::too_many_arguments)]
    fn accumulate(
        &self,
        launch: Launch,
        panels: &Panels,
        left: Elements<T>,
        right: Elements<T>,
        job: usize,
        rows: (usize, usize),
        columns: (usize, usize),
        range: std::ops::Range<usize>,
        results: Matrix<T>,
    ) {
        let (packed, part) = if panels.left { (&self.left, rows) } else { (&self.right, columns) };
        let code = packed.panels().expect("the factor that is made in panels");
        let mut frame = code.frame();
        let mut panel = Scratch::take(part.1 * panels.inner * size_of::<T>());
        let panel = panel.pointer();
        let job_start = self.job_offset(job, &packed.job_strides);
        let mut first = range.start;
        while first < range.end || first == range.start {
            let depth = panels.inner.min(range.end - first);
            let start = (job_start + packed.outer * part.0 as i64 + packed.inner * first as i64) as usize;
            // Rows of the panel lie along the axis that the code has innermost; whole rows may follow one another.
            let (lines, length, step) = if packed.inner == 1 {
                (part.1, depth, packed.outer as usize)
            } else {
                (depth, part.1, packed.inner as usize)
            };
            let (lines, length, step) = if length == step { (1, lines * length, step) } else { (lines, length, step) };
            for line in 0..lines {
                let out = panel.wrapping_add(line * length * size_of::<T>());
                // SAFETY: the panel's scratch holds all lines.
                unsafe { code.run_into(launch, start + line * step, length, size_of::<T>(), &mut frame, out) };
            }
            let made = if packed.inner == 1 {
                Matrix { start: panel.cast(), row: depth as isize, column: 1 }
            } else {
                Matrix { start: panel.cast(), row: 1, column: part.1 as isize }
            };
            let (left, right) = if panels.left {
                (made, self.matrix(&self.right, right, job, columns.0).shifted(0, first))
            } else {
                (self.matrix(&self.left, left, job, rows.0).shifted(0, first), made)
            };
            // SAFETY: the panel is complete, the other factor lies in memory, and the block belongs to this task.
            unsafe {
                multiply(rows.1, columns.1, depth, results, first > range.start, left, right.transposed(), false)
            };
            first += depth.max(1);
        }
    }

    /// A prepared factor as a matrix `outer × inner`, from outer index `first` on.
    fn matrix(&self, factor: &Factor, elements: Elements<T>, job: usize, first: usize) -> Matrix<T> {
        let offset = self.job_offset(job, &factor.job_strides);
        let start = elements.0.wrapping_offset(offset as isize).cast_mut();
        Matrix { start, row: factor.outer as isize, column: factor.inner as isize }.shifted(first, 0)
    }

    /// The output's own memory as the place of a block.
    fn results_in(&self, start: *mut T, base: usize, row: usize, column: usize) -> Matrix<T> {
        let whole = Matrix {
            start: start.wrapping_add(base),
            row: self.row_stride as isize,
            column: self.column_stride as isize,
        };
        whole.shifted(row, column)
    }

    fn job_offset(&self, job: usize, strides: &[i64]) -> i64 {
        let mut rest = job;
        let mut offset = 0;
        for (&size, &stride) in self.job_sizes.iter().zip(strides).rev() {
            offset += stride * (rest % size) as i64;
            rest /= size;
        }
        offset
    }

    /// Runs the body over a finished block, unless it already lies where it is wanted.
    #[allow(clippy::too_many_arguments)]
    fn finish(
        &self,
        launch: Launch,
        results: Matrix<T>,
        base: usize,
        rows: (usize, usize),
        columns: (usize, usize),
        share: bool,
        frame: &mut Frame,
    ) {
        if self.plain {
            return;
        }
        let nanoseconds = self.body.code.nanoseconds(rows.1 * columns.1);
        if !(share && parallel::worth_sharing(nanoseconds)) {
            return self.store(launch, results, base, rows, columns, frame);
        }
        parallel::ranges(rows.1, nanoseconds, |range| {
            let mut frame = self.body.code.frame();
            let part = results.shifted(range.start, 0);
            self.store(launch, part, base, (rows.0 + range.start, range.len()), columns, &mut frame);
        });
    }

    /// Runs the body over a block of results, which may lie in the output itself.
    fn store(
        &self,
        launch: Launch,
        results: Matrix<T>,
        base: usize,
        rows: (usize, usize),
        columns: (usize, usize),
        frame: &mut Frame,
    ) {
        let mut piece = |accumulator: *mut T, start: usize, len: usize| {
            let row = self.body.code.tiling().row();
            let mut done = 0;
            while done < len {
                let here = start + done;
                let left = (len - done).min(TILE);
                let count = if row >= TILE / 8 { left.min(row - here % row) } else { left };
                let operand = Operand { pointer: accumulator.wrapping_add(done).cast_const().cast(), uniform: false };
                self.body.run_over(launch, &[operand], here, count, frame);
                done += count;
            }
        };
        let start = |row: usize| base + (rows.0 + row) * self.row_stride + columns.0 * self.column_stride;
        let joined = self.column_stride == 1 && self.row_stride == columns.1 && results.row == columns.1 as isize;
        if joined && results.column == 1 {
            return piece(results.start, start(0), rows.1 * columns.1);
        }
        for row in 0..rows.1 {
            let line = results.shifted(row, 0);
            if (self.column_stride == 1 && line.column == 1) || columns.1 == 1 {
                piece(line.start, start(row), columns.1);
                continue;
            }
            for column in 0..columns.1 {
                piece(line.shifted(0, column).start, start(row) + column * self.column_stride, 1);
            }
        }
    }
}

/// Splits the axes of a role: those that join in the output up to the last one, and before them those that do not.
fn group(out: &[usize], strides: &[usize], roles: &[Role], role: Role) -> (Vec<usize>, Vec<usize>) {
    let mut axes: Vec<usize> = (0..out.len()).filter(|&axis| roles[axis] == role && out[axis] != 1).collect();
    let joins = |pair: &[usize]| strides[pair[0]] == strides[pair[1]] * out[pair[1]];
    let first = (0..axes.len().saturating_sub(1)).rev().find(|&i| !joins(&axes[i..i + 2])).map_or(0, |i| i + 1);
    let joined = axes.split_off(first);
    (axes, joined)
}
