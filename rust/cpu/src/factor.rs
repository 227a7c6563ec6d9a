//! How a factor of a product reaches the matrix routine: as it lies in memory, evaluated beforehand, or block by block.

use rutile_core::error::Result;
use rutile_core::kernel::{Arg, Block, Value};
use rutile_core::shape::numel;
use rutile_core::view::View;

use crate::matrix::Real;
use crate::parallel;
use crate::tile::{Code, Launch};

/// A matrix `outer × inner` (inner: the axes that are summed over) for each job.
pub struct Factor {
    pub source: Source,
    pub offset: i64,
    /// Steps for each job axis, along the outer axes, and along the inner ones: in elements of the source.
    pub job_strides: Vec<i64>,
    pub outer: i64,
    pub inner: i64,
}

pub enum Source {
    /// A kernel argument whose strides are regular.
    Buffer(usize),
    /// Evaluated into working memory before the product.
    Whole(Code),
    /// Evaluated block by block inside the product, as it is larger than what it is read from (convolution windows).
    Panels(Code),
}

/// The axes of a product, by what they are to a factor.
pub struct FactorAxes<'a> {
    pub jobs: &'a [usize],
    pub outer: &'a [usize],
    pub inner: &'a [usize],
}

/// A factor may be this many times larger than what it is read from before it is made in panels.
const EXPANSION: f64 = 1.5;
/// Factors of at most this many elements are evaluated whole in any case.
const SMALL: usize = 1 << 15;

impl Factor {
    /// The factor for a product of `T`.
    pub fn new<T: Real>(block: &Block, args: &[Arg], shape: &[usize], axes: &FactorAxes) -> Result<Factor> {
        if let Some(factor) = Factor::in_place::<T>(block, args, shape, axes) {
            return Ok(factor);
        }
        let own: Vec<usize> =
            axes.jobs.iter().copied().filter(|&axis| !views(block).all(|v| v.ignores(axis))).collect();
        let order = |last: [&[usize]; 2]| [&own[..], last[0], last[1]].concat();
        let compile = |axes: Vec<usize>| Code::new(block, &block.results, args, shape, &axes);
        let inner_last = compile(order([axes.outer, axes.inner]))?;
        let outer_last = compile(order([axes.inner, axes.outer]))?;
        let length = |code: &Code| {
            let rows = code.innermost_steps().filter(|(step, _)| *step == Some(1)).map(|(_, row)| row);
            rows.max().unwrap_or(0)
        };
        let sizes =
            [axes.outer, axes.inner].map(|group| group.iter().map(|&axis| shape[axis]).product::<usize>() as i64);
        let (code, outer, inner) = if length(&inner_last) >= length(&outer_last) {
            (inner_last, sizes[1], 1)
        } else {
            (outer_last, 1, sizes[0])
        };
        let mut stride = sizes[0] * sizes[1];
        let mut job_strides = vec![0; axes.jobs.len()];
        for (n, &axis) in axes.jobs.iter().enumerate().rev() {
            if own.contains(&axis) {
                job_strides[n] = stride;
                stride *= shape[axis] as i64;
            }
        }
        let read = views(block).map(span).max().unwrap_or(0);
        let expands = code.total() > SMALL && code.total() as f64 > EXPANSION * read as f64;
        let source = if expands { Source::Panels(code) } else { Source::Whole(code) };
        Ok(Factor { source, offset: 0, job_strides, outer, inner })
    }

    /// The factor as it lies in memory, if it is one load with a single stride along the outer axes and along the inner ones.
    fn in_place<T: Real>(block: &Block, args: &[Arg], shape: &[usize], axes: &FactorAxes) -> Option<Factor> {
        let [instruction] = &block.code[..] else { return None };
        let Value::Load { arg, view } = &instruction.value else { return None };
        let [level] = &view.levels[..] else { return None };
        if args[*arg].dtype != T::DTYPE || !level.guards.is_empty() {
            return None;
        }
        let single = |axes: &[usize]| {
            let mut stride = None;
            let mut expected = 0;
            for &axis in axes.iter().rev().filter(|&&axis| shape[axis] != 1) {
                let found = level.strides[axis];
                if stride.is_some() && found != expected {
                    return None;
                }
                stride = stride.or(Some(found));
                expected = found * shape[axis] as i64;
            }
            Some(stride.unwrap_or(1))
        };
        Some(Factor {
            source: Source::Buffer(*arg),
            offset: level.offset,
            job_strides: axes.jobs.iter().map(|&axis| level.strides[axis]).collect(),
            outer: single(axes.outer)?,
            inner: single(axes.inner)?,
        })
    }

    /// Makes a factor whole that would be made in panels.
    pub fn whole(self) -> Factor {
        match self.source {
            Source::Panels(code) => Factor { source: Source::Whole(code), ..self },
            _ => self,
        }
    }

    pub fn panels(&self) -> Option<&Code> {
        match &self.source {
            Source::Panels(code) => Some(code),
            _ => None,
        }
    }

    /// Elements of working memory that it needs.
    pub fn working_elements(&self) -> usize {
        match &self.source {
            Source::Whole(code) => code.total(),
            _ => 0,
        }
    }

    /// Where its elements lie; evaluates them into `memory` first if they lie nowhere.
    ///
    /// # Safety
    /// `memory` must be writable for `working_elements` elements that nobody else touches.
    pub unsafe fn prepare<T: Real>(&self, launch: Launch, memory: *mut T) -> Elements<T> {
        match &self.source {
            Source::Buffer(arg) => {
                Elements(launch.buffers[*arg].cast::<T>().cast_const().wrapping_offset(self.offset as isize))
            }
            Source::Panels(_) => Elements(std::ptr::null()),
            Source::Whole(code) => {
                let memory = Target(memory);
                let tiling = code.tiling();
                parallel::ranges(tiling.count(), code.nanoseconds(code.total()), |tiles| {
                    let mut frame = code.frame();
                    for number in tiles {
                        let (start, len) = tiling.tile(number);
                        // SAFETY: tiles are disjoint ranges of the memory.
                        unsafe { code.run_into(launch, start, len, size_of::<T>(), &mut frame, memory.at(start)) };
                    }
                });
                Elements(memory.0)
            }
        }
    }
}

/// First element of a prepared factor; null if it is made in panels.
#[derive(Clone, Copy)]
pub struct Elements<T>(pub *const T);

// SAFETY: the elements are only read while the product runs.
unsafe impl<T> Send for Elements<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Elements<T> {}

/// Memory that several threads fill, each its own part.
#[derive(Clone, Copy)]
pub struct Target<T>(pub *mut T);

// SAFETY: tasks write disjoint ranges.
unsafe impl<T> Send for Target<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Target<T> {}

impl<T> Target<T> {
    pub fn at(&self, element: usize) -> *mut u8 {
        self.0.wrapping_add(element).cast()
    }
}

fn views(block: &Block) -> impl Iterator<Item = &View> {
    block.code.iter().filter_map(|instruction| instruction.value.view())
}

/// Elements between the least and the greatest address of a view, roughly; at most as many as there are indices.
fn span(view: &View) -> usize {
    let level = view.levels.last().expect("at least one level");
    let reach = level.strides.iter().zip(&level.shape).map(|(s, &n)| s.unsigned_abs() as usize * n.saturating_sub(1));
    let guards: usize = level.guards.iter().map(|g| (g.stride * g.bound.max(1)).unsigned_abs() as usize).sum();
    let all = numel(view.levels.first().map_or(&[][..], |level| &level.shape));
    (1 + reach.sum::<usize>() + guards).min(all)
}
