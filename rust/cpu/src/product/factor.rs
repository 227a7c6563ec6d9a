//! A factor of a product: where its elements come from, and how a block of them gets into panels.

use rutile_core::dtype::DType;
use rutile_core::error::Result;
use rutile_core::kernel::{Arg, Block, Value};
use rutile_core::view::{Level, View};

use super::Real;
use super::line::{Entries, Line, MOST_GUARDS};
use super::pack::{self, Along};
use crate::scratch::Scratch;
use crate::tile::{Code, Frame, Launch};

/// A matrix `outer × inner` (inner: the axes that are summed over) for each job.
pub struct Factor {
    source: Source,
    /// Whether it is the same for all jobs.
    pub is_shared: bool,
    /// Whether neighbours read the same elements again and again, as the windows of a convolution do.
    pub expands: bool,
}

enum Source {
    /// Elements of an argument, read where they lie.
    Memory(Memory),
    /// Code, evaluated line by line before it is packed.
    Code(Evaluated),
}

struct Memory {
    arg: usize,
    offset: i64,
    jobs: Line,
    outer: Line,
    inner: Line,
    bounds: Vec<i32>,
    starts: [i32; MOST_GUARDS],
    along: Along,
}

struct Evaluated {
    code: Code,
    job_sizes: Vec<usize>,
    /// In elements of the code's iteration space; one of `outer` and `inner` is 1.
    job_strides: Vec<usize>,
    outer: usize,
    inner: usize,
}

/// The axes of a product, by what they are to a factor.
pub struct FactorAxes<'a> {
    pub jobs: &'a [usize],
    pub outer: &'a [usize],
    pub inner: &'a [usize],
}

/// A matrix as it lies in memory: elements beside each other in one direction, and so far apart in the other.
#[derive(Clone, Copy)]
pub struct Place<T> {
    start: *const T,
    step: isize,
    along: Along,
}

impl<T> Place<T> {
    /// An element, and the distance of the next one in the direction in which they are apart.
    pub fn at(&self, outer: usize, inner: usize) -> (*const T, usize) {
        let (beside, apart) = if self.along == Along::Inner { (inner, outer) } else { (outer, inner) };
        (self.start.wrapping_offset(beside as isize + apart as isize * self.step), self.step as usize)
    }
}

/// A thread's working memory for packing one factor.
#[derive(Default)]
pub struct Packer {
    outer: Entries,
    inner: Entries,
    frame: Option<Frame>,
}

/// A part of one job's matrix.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    pub job: usize,
    pub outer: (usize, usize),
    pub inner: (usize, usize),
}

impl Factor {
    /// The factor for a product of `T`.
    pub fn new<T: Real>(block: &Block, args: &[Arg], shape: &[usize], axes: &FactorAxes) -> Result<Factor> {
        let is_shared = axes.jobs.iter().all(|&axis| block.views().all(|view| view.ignores(axis)));
        let size = |axes: &[usize]| axes.iter().map(|&axis| shape[axis]).product::<usize>();
        let source = match Memory::new::<T>(block, args, axes) {
            Some(memory) => Source::Memory(memory),
            None => Source::Code(Evaluated::new(block, args, shape, axes)?),
        };
        let reads = block.views().map(span).max().unwrap_or(0);
        let all = size(axes.outer) * size(axes.inner) * if is_shared { 1 } else { size(axes.jobs) };
        Ok(Factor { source, is_shared, expands: 2 * all > 3 * reads })
    }

    /// The direction along which the factor's elements lie beside each other, if products can read it where it lies.
    pub fn reading(&self, inner: usize) -> Option<Along> {
        let Source::Memory(memory) = &self.source else { return None };
        let [outer_axes, inner_axes] = [&memory.outer, &memory.inner].map(Line::axes);
        let plain = memory.bounds.is_empty() && outer_axes <= 1 && inner_axes <= 1;
        match (memory.outer.innermost(), memory.inner.innermost()) {
            (_, (size, 1)) if plain && size == inner => Some(Along::Inner),
            ((_, 1), _) if plain => Some(Along::Outer),
            _ => None,
        }
    }

    /// Where a job's matrix lies, if `reading` says that it lies along this direction.
    pub fn place<T>(&self, launch: Launch, job: usize, along: Along) -> Option<Place<T>> {
        let Source::Memory(memory) = &self.source else { return None };
        let line = if along == Along::Inner { &memory.outer } else { &memory.inner };
        Some(Place { start: memory.start(launch, job).0, step: line.innermost().1 as isize, along })
    }

    /// Packs a part into panels of so many outer elements each, for the inner elements one after the other; panels of less
    /// are as wide as `width` says.
    ///
    /// # Safety
    /// `panels` must be writable for as many elements as the panels have.
    pub unsafe fn pack<T: Real>(
        &self,
        launch: Launch,
        part: Part,
        panel: usize,
        width: impl Fn(usize) -> usize,
        panels: *mut T,
        packer: &mut Packer,
    ) {
        let (first, count) = part.outer;
        match &self.source {
            Source::Memory(memory) => {
                let (start, starts) = memory.start(launch, part.job);
                memory.outer.list(first, count, &starts, &mut packer.outer);
                memory.inner.list(part.inner.0, part.inner.1, &[0; MOST_GUARDS], &mut packer.inner);
                let block = pack::Block {
                    start,
                    outer: &packer.outer,
                    inner: &packer.inner,
                    bounds: &memory.bounds,
                    along: memory.along,
                };
                // SAFETY: the view's addresses lie in its argument by the plan's contract; the rest is the caller's.
                unsafe { pack_panels(&block, count, panel, width, panels) }
            }
            Source::Code(evaluated) => {
                let mut scratch = Scratch::take(count * part.inner.1 * size_of::<T>());
                let lines = scratch.pointer();
                let frame = packer.frame.get_or_insert_with(|| evaluated.code.frame());
                // SAFETY: the scratch holds the whole part.
                let along = unsafe { evaluated.evaluate::<T>(launch, part, lines, frame) };
                let (outer, inner) = if along == Along::Inner { (part.inner.1, 1) } else { (1, count) };
                let start = lines.cast::<T>().cast_const();
                // SAFETY: the lines have been evaluated.
                unsafe {
                    Lines { start, outer: (count, outer), inner: (part.inner.1, inner) }
                        .pack(panel, width, panels, packer)
                }
            }
        }
    }
}

/// A matrix of evenly spaced elements: how many there are along both directions, and how far apart.
pub struct Lines<T> {
    pub start: *const T,
    pub outer: (usize, usize),
    pub inner: (usize, usize),
}

impl<T: Real> Lines<T> {
    /// As [`Factor::pack`].
    ///
    /// # Safety
    /// Its elements must be readable, `panels` writable for as many elements as the panels have.
    pub unsafe fn pack(&self, panel: usize, width: impl Fn(usize) -> usize, panels: *mut T, packer: &mut Packer) {
        // SAFETY: the caller's contract.
        unsafe { self.pack_planes((1, 0, 0), panel, width, panels, packer) }
    }

    /// As `pack`, for so many matrices: how far apart they lie, and how far apart their panels.
    ///
    /// # Safety
    /// As for `pack`.
    pub unsafe fn pack_planes(
        &self,
        (count, from, to): (usize, usize, usize),
        panel: usize,
        width: impl Fn(usize) -> usize,
        panels: *mut T,
        packer: &mut Packer,
    ) {
        let list = |(count, step): (usize, usize), entries: &mut Entries| {
            Line::regular(count, step as i64).list(0, count, &[0; MOST_GUARDS], entries);
        };
        list(self.outer, &mut packer.outer);
        list(self.inner, &mut packer.inner);
        let along = if self.inner.1 == 1 { Along::Inner } else { Along::Outer };
        for plane in 0..count {
            let start = self.start.wrapping_add(plane * from);
            let block = pack::Block { start, outer: &packer.outer, inner: &packer.inner, bounds: &[], along };
            // SAFETY: the caller's contract.
            unsafe { pack_panels(&block, self.outer.0, panel, &width, panels.wrapping_add(plane * to)) }
        }
    }
}

/// # Safety
/// As for [`Factor::pack`], and the block's elements must be readable.
unsafe fn pack_panels<T: Real>(
    block: &pack::Block<T>,
    count: usize,
    panel: usize,
    width: impl Fn(usize) -> usize,
    mut panels: *mut T,
) {
    for first in (0..count).step_by(panel) {
        let end = (first + panel).min(count);
        let width = width(end - first);
        // SAFETY: the caller's contract.
        unsafe { T::pack(block, first..end, panels, width) };
        panels = panels.wrapping_add(width * block.inner.len());
    }
}

/// The argument and the one level of its view, if the block is no more than a load of elements of `dtype`.
pub fn single_load<'a>(block: &'a Block, args: &[Arg], dtype: DType) -> Option<(usize, &'a Level)> {
    let [instruction] = &block.code[..] else { return None };
    let Value::Load { arg, view } = &instruction.value else { return None };
    let [level] = &view.levels[..] else { return None };
    (args[*arg].dtype == dtype).then_some((*arg, level))
}

impl Memory {
    /// The factor as it lies in memory, if it is a single load of `T` whose view packing can follow.
    fn new<T: Real>(block: &Block, args: &[Arg], axes: &FactorAxes) -> Option<Memory> {
        let (arg, level) = single_load(block, args, T::DTYPE)?;
        let guards = &level.guards;
        let small = |guard: &rutile_core::view::Guard| {
            guard.divisor == 1 && guard.bound < i32::MAX as i64 && guard.offset.unsigned_abs() < 1 << 30
        };
        if guards.len() > MOST_GUARDS || !guards.iter().all(small) {
            return None;
        }
        let [jobs, outer, inner] = [axes.jobs, axes.outer, axes.inner].map(|axes| Line::new(level, axes));
        let run = |line: &Line| match line.innermost() {
            (size, 1) => size,
            (size, 2) => size / 2,
            _ => 0,
        };
        let along = match (run(&outer), run(&inner)) {
            (0, 0) => Along::Neither,
            (outer, inner) if outer >= inner => Along::Outer,
            _ => Along::Inner,
        };
        let mut starts = [0; MOST_GUARDS];
        starts.iter_mut().zip(guards).for_each(|(start, guard)| *start = guard.offset as i32);
        let bounds = guards.iter().map(|guard| guard.bound as i32).collect();
        Some(Memory { arg, offset: level.offset, jobs, outer, inner, bounds, starts, along })
    }

    /// A job's first element, and what its guards' values start from.
    fn start<T>(&self, launch: Launch, job: usize) -> (*const T, [i32; MOST_GUARDS]) {
        let (address, mut starts) = self.jobs.at(job);
        starts.iter_mut().zip(&self.starts).for_each(|(start, own)| *start += own);
        let start = launch.buffers[self.arg].cast::<T>().cast_const();
        (start.wrapping_offset(self.offset as isize + address), starts)
    }
}

impl Evaluated {
    fn new(block: &Block, args: &[Arg], shape: &[usize], axes: &FactorAxes) -> Result<Evaluated> {
        let own: Vec<usize> =
            axes.jobs.iter().copied().filter(|&axis| !block.views().all(|view| view.ignores(axis))).collect();
        let compile = |last: [&[usize]; 2]| {
            let order = [&own[..], last[0], last[1]].concat();
            Code::new(block, &block.results, args, shape, &order)
        };
        let (inner_last, outer_last) = (compile([axes.outer, axes.inner])?, compile([axes.inner, axes.outer])?);
        let length = |code: &Code| {
            let rows = code.innermost_steps().filter(|(step, _)| *step == Some(1)).map(|(_, row)| row);
            rows.max().unwrap_or(0)
        };
        let size = |axes: &[usize]| axes.iter().map(|&axis| shape[axis]).product::<usize>();
        let (outer, inner) = (size(axes.outer), size(axes.inner));
        let by_lines = length(&inner_last) >= length(&outer_last);
        let mut stride = outer * inner;
        let mut job_strides = vec![0; axes.jobs.len()];
        for (n, axis) in axes.jobs.iter().enumerate().rev().filter(|(_, axis)| own.contains(axis)) {
            job_strides[n] = stride;
            stride *= shape[*axis];
        }
        Ok(Evaluated {
            code: if by_lines { inner_last } else { outer_last },
            job_sizes: axes.jobs.iter().map(|&axis| shape[axis]).collect(),
            job_strides,
            outer: if by_lines { inner } else { 1 },
            inner: if by_lines { 1 } else { outer },
        })
    }

    /// Evaluates a part into lines along the direction that is returned.
    ///
    /// # Safety
    /// `lines` must be writable for the elements of the part.
    unsafe fn evaluate<T: Real>(&self, launch: Launch, part: Part, lines: *mut u8, frame: &mut Frame) -> Along {
        let mut start = part.outer.0 * self.outer + part.inner.0 * self.inner;
        let mut rest = part.job;
        for (&size, &stride) in self.job_sizes.iter().zip(&self.job_strides).rev() {
            start += stride * (rest % size);
            rest /= size;
        }
        let (count, length, step, along) = match self.inner {
            1 => (part.outer.1, part.inner.1, self.outer, Along::Inner),
            _ => (part.inner.1, part.outer.1, self.inner, Along::Outer),
        };
        // Whole lines that follow one another are one.
        let (count, length) = if length == step { (1, count * length) } else { (count, length) };
        for line in 0..count {
            let out = lines.wrapping_add(line * length * size_of::<T>());
            // SAFETY: the caller's contract.
            unsafe { self.code.run_into(launch, start + line * step, length, size_of::<T>(), frame, out) };
        }
        along
    }
}

/// Elements between the least and the greatest address of a view, roughly; at most as many as there are indices.
fn span(view: &View) -> usize {
    let level = view.levels.last().expect("at least one level");
    let reach = level.strides.iter().zip(&level.shape).map(|(s, &n)| s.unsigned_abs() as usize * n.saturating_sub(1));
    let guards: usize = level.guards.iter().map(|g| (g.stride * g.bound.max(1)).unsigned_abs() as usize).sum();
    let all = rutile_core::shape::numel(view.levels.first().map_or(&[][..], |level| &level.shape));
    (1 + reach.sum::<usize>() + guards).min(all)
}
