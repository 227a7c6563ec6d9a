//! Products a strip of rows at a time, for launches that go through the rows of a batch together (`strips.rs`).

use std::ops::Range;

use super::cut::{Cut, DEPTH, InPlace, even, left_in_place};
use super::line::MOST_GUARDS;
use super::{Product, Real, Results, Worker};
use crate::parallel::Shared;
use crate::scratch::Scratch;
use crate::tile::Launch;

impl<T: Real> Product<T> {
    /// Bytes of the factor that all strips read, in panels, if the output's first axis counts rows.
    pub fn shared_bytes(&self) -> Option<usize> {
        self.rows_each.map(|_| self.other(&self.strip(1)).1 * self.inner * size_of::<T>())
    }

    /// Packs the factor that all strips read.
    ///
    /// # Safety
    /// `panels` must be writable for `shared_bytes`.
    pub unsafe fn pack_shared(&self, launch: Launch, panels: *mut u8) {
        self.pack_ahead(launch, &self.strip(1), Shared(panels.cast()));
    }

    /// Runs the part of a launch whose index along the output's first axis lies in a range.
    pub fn run_strip(&self, launch: Launch, range: Range<usize>, panels: *mut u8) {
        let each = self.rows_each.expect("a product whose first axis counts rows");
        let (rows, columns) = ((range.start * each, range.len() * each), (0, self.columns.count));
        let mut worker = Worker::new(&self.body);
        self.rows.line.list(rows.0, rows.1, &[0; MOST_GUARDS], &mut worker.rows);
        self.columns.line.list(columns.0, columns.1, &[0; MOST_GUARDS], &mut worker.columns);
        let own = if self.direct.is_none() { rows.1 * columns.1 * size_of::<T>() } else { 0 };
        let mut scratch = Scratch::take(own);
        let results = match self.direct {
            Some(arg) => Results::Output(launch.buffers[arg].cast::<T>()),
            None => Results::Block(scratch.pointer().cast::<T>()),
        };
        let (cut, panels) = (self.strip(rows.1), Shared(panels.cast()));
        self.accumulate(launch, &cut, 0, rows, columns, 0..self.inner, panels, &results, &mut worker);
        if !self.plain {
            self.finish(launch, &results, 0, &mut worker);
        }
    }

    fn strip(&self, rows: usize) -> Cut {
        let (panel, depth) = (even(rows, self.tiles.rows()), even(self.inner, DEPTH));
        let left_in_place = left_in_place(&self.left, &self.tiles, self.columns.count, self.inner);
        Cut { by_rows: true, step: rows, ahead: true, panel, depth, splits: 1, left_in_place, in_place: InPlace::No }
    }
}
