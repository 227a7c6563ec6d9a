//! Rows of a table, as an embedding looks them up: the positions of many are found first, and then each row is copied whole
//! while those that follow it are fetched.

use rutile_core::error::Result;
use rutile_core::kernel::{Access, Kernel, Value};
use rutile_core::shape::Coefs;

use crate::parallel;
use crate::stream;
use crate::tile::{Code, Launch};
use crate::view::{Extent, Rows};

/// Fewest bytes of a row that are worth copying whole.
const LEAST: usize = 64;
/// Rows that are on their way from memory while one is copied, and most bytes that are fetched of each.
const AHEAD: usize = 4;
const FETCHED: usize = 4096;
/// Bytes that are copied in a nanosecond.
const RATE: f64 = 10.0;

pub struct Pick {
    /// Gives each row's position in the table.
    positions: Code,
    /// Where each row would lie at position 0.
    origins: Rows,
    /// Bytes from one position to the next, and how many positions there are.
    stride: isize,
    bound: i32,
    table: usize,
    target: usize,
    /// Bytes of an element and of a row.
    size: usize,
    row: usize,
}

impl Pick {
    /// A kernel that does nothing but copy rows, the last axes of its output.
    pub fn new(kernel: &Kernel) -> Result<Option<Pick>> {
        let Kernel { out, body, args, stores, .. } = kernel;
        let [store] = &stores[..] else { return Ok(None) };
        let Value::Gather { arg: table, view, position, stride, bound } = &body.code[store.value].value else {
            return Ok(None);
        };
        let positions = body.part(*position);
        let dtype = args[*table].dtype;
        let plain = view.levels.len() == 1 && view.levels[0].guards.is_empty();
        let whole = args[store.arg].dtype == dtype && body.code[store.value].dtype == dtype;
        let only = positions.code.len() + 1 == body.code.len() && args[store.arg].access == Access::Write;
        if !(plain && whole && only) {
            return Ok(None);
        }
        let matters = |axis: usize| {
            let varies = |coefs: &Coefs| coefs[axis] != 0;
            let levels = || positions.views().map(|view| &view.levels[0]);
            levels().any(|level| varies(&level.strides) || level.guards.iter().any(|guard| varies(&guard.coefs)))
        };
        let (mut elements, mut kept) = (1, out.len());
        let in_row = |axis: usize, elements: usize| {
            out[axis] == 1 || (view.levels[0].strides[axis] == elements as i64 && !matters(axis))
        };
        while kept > 0 && in_row(kept - 1, elements) {
            elements *= out[kept - 1];
            kept -= 1;
        }
        let (size, row) = (dtype.size(), elements * dtype.size());
        if row < LEAST {
            return Ok(None);
        }
        let axes: Vec<usize> = (0..kept).collect();
        Ok(Some(Pick {
            positions: Code::new(&positions, &positions.results, args, out, &axes)?,
            origins: Rows::new(view, &axes),
            stride: *stride as isize * size as isize,
            bound: i32::try_from(*bound).unwrap_or(i32::MAX),
            table: *table,
            target: store.arg,
            size,
            row,
        }))
    }

    /// Estimated nanoseconds of a launch.
    pub fn nanoseconds(&self) -> f64 {
        let rows = self.positions.total();
        self.positions.nanoseconds(rows) + (rows * self.row) as f64 / RATE
    }

    pub fn run(&self, launch: Launch) {
        let past_caches = self.positions.total() * self.row >= stream::LARGE;
        parallel::ranges(self.positions.total(), self.nanoseconds(), |rows| {
            let mut frame = self.positions.frame();
            let mut first = rows.start;
            while first < rows.end {
                let count = self.positions.piece(first, rows.end - first);
                self.positions.run(launch, &[], first, count, &mut frame, &[]);
                self.copy(launch, first, self.positions.slice(0, count, &mut frame), past_caches);
                first += count;
            }
            if past_caches {
                stream::finish();
            }
        });
    }

    /// Copies the rows from `first` on that lie at the given positions; zeros where these are outside the table.
    fn copy(&self, launch: Launch, first: usize, positions: &[i32], past_caches: bool) {
        let table: *const u8 = launch.buffers[self.table];
        let origins = self.origins.extent(first, positions.len());
        let source = |n: usize| {
            let origin = match origins {
                Extent::Constant(origin) => origin,
                _ => self.origins.address(first + n),
            };
            let offset = (origin * self.size) as isize + positions[n] as isize * self.stride;
            (0..self.bound).contains(&positions[n]).then(|| table.wrapping_offset(offset))
        };
        let fetched = self.row.min(FETCHED);
        for n in 0..positions.len() {
            if let Some(later) = (n + AHEAD < positions.len()).then(|| source(n + AHEAD)).flatten() {
                stream::fetch(later, fetched);
            }
            let target = launch.buffers[self.target].wrapping_add((first + n) * self.row);
            // SAFETY: a row at a position of the table lies in it by the plan's contract, and each row of the output is one task's.
            unsafe {
                match source(n) {
                    Some(row) if past_caches => stream::copy(row, target, self.row),
                    Some(row) => std::ptr::copy_nonoverlapping(row, target, self.row),
                    None => target.write_bytes(0, self.row),
                }
            }
        }
    }
}
