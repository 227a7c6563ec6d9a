//! Loads across rows: a view whose innermost axis strides through memory while another axis is the one that lies there.
//!
//! A line of the cache that such a load fetches holds elements of the next rows, so a block of rows is read at once, and
//! kept until the tiles that need it have run: tiles of a map are taken in an order that makes them neighbours.

use crate::scratch::Scratch;
use crate::tile::{TILE, Tiling};
use crate::view::Rows;

/// Rows of a block: 4-byte elements of one line.
const BLOCK: usize = 16;
/// Elements between rows of a block: not a power of two, which would put all rows into the same set of the cache.
const SPACING: usize = TILE + 16;

/// The axis whose elements lie beside each other in memory: its steps are `span` elements of the iteration space apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crossing {
    pub span: usize,
    pub size: usize,
}

impl Crossing {
    /// Place on the axis of an element, and how many of its block are before it and in it.
    fn place(&self, element: usize) -> (usize, usize) {
        let position = element / self.span % self.size;
        let before = position % BLOCK;
        (before, BLOCK.min(self.size - (position - before)))
    }

    /// Whether a range is several whole rows, which lie beside each other.
    pub fn holds_rows(&self, row: usize, start: usize, len: usize) -> bool {
        self.span == row && len > row && start.is_multiple_of(row) && len.is_multiple_of(row)
    }

    /// For such a range: stretches of rows up to the end of the axis, as where each begins and how many it has.
    pub fn stretches(self, start: usize, len: usize) -> impl Iterator<Item = (usize, usize)> {
        let mut done = 0;
        std::iter::from_fn(move || {
            let left = (len - done) / self.span;
            let count = left.min(self.size - (start + done) / self.span % self.size);
            let stretch = (done, count);
            done += count * self.span;
            (count > 0).then_some(stretch)
        })
    }

    /// Whether tiles repeat from one step of the axis to the next, so that they can be taken block by block.
    pub fn suits(&self, tiling: &Tiling) -> bool {
        if tiling.total() <= self.span {
            return false;
        }
        let (_, len) = tiling.tile(0);
        len <= self.span && tiling.tile(tiling.number_of(self.span)) == (self.span, len)
    }

    /// The tile that is taken as the `turn`-th one: those of a block one after the other.
    pub fn tile_at(&self, turn: usize, tiling: &Tiling) -> usize {
        let across = tiling.number_of(self.span);
        let (outer, rest) = (turn / (across * self.size), turn % (across * self.size));
        let first = rest / (across * BLOCK) * BLOCK;
        let members = BLOCK.min(self.size - first);
        let rest = rest - first * across;
        (outer * self.size + first + rest % members) * across + rest / members
    }
}

/// A thread's copy of a block of rows.
pub struct Lines {
    scratch: Scratch,
    /// Start and length of the block's first tile.
    held: Option<(usize, usize)>,
}

impl Lines {
    pub fn new() -> Lines {
        Lines { scratch: Scratch::take(BLOCK * SPACING * 8), held: None }
    }

    /// The range `start..start + len`, a tile that lies in one step of the axis.
    ///
    /// # Safety
    /// The view's addresses must lie in `base`, whose elements no one writes while the lines are in use.
    pub unsafe fn read<T: Copy>(
        &mut self,
        crossing: Crossing,
        rows: &Rows,
        base: *const T,
        start: usize,
        len: usize,
    ) -> *const T {
        let (before, members) = crossing.place(start);
        let first = start - before * crossing.span;
        let lines = self.scratch.pointer().cast::<T>();
        if self.held != Some((first, len)) {
            rows.runs(first, len, &mut |run| {
                let from = base.wrapping_offset(run.address as isize);
                // SAFETY: members of a block exist, their elements lie one after the other, and a line holds a tile.
                unsafe { transpose(from, run.step as isize, run.count, members, lines.wrapping_add(run.at), SPACING) };
            });
            self.held = Some((first, len));
        }
        lines.wrapping_add(before * SPACING)
    }
}

/// Element `j` of row `i` is at `from + step·j + i`, and is written to `out + spacing·i + j`.
///
/// # Safety
/// All these must be readable and writable, for `j` below `width` and `i` below `rows`.
pub unsafe fn transpose<T: Copy>(from: *const T, step: isize, width: usize, rows: usize, out: *mut T, spacing: usize) {
    /// Columns taken together: as many lines as a set of the cache holds at least.
    const COLUMNS: usize = 8;
    let mut column = 0;
    while column < width {
        let from = from.wrapping_offset(step * column as isize);
        let out = out.wrapping_add(column);
        // SAFETY: the caller's contract; an array of elements is aligned as one is.
        unsafe {
            if column + COLUMNS <= width {
                for row in 0..rows {
                    let line = std::array::from_fn(|i| *from.offset(step * i as isize + row as isize));
                    *out.add(row * spacing).cast::<[T; COLUMNS]>() = line;
                }
            } else {
                for (row, i) in (0..rows).flat_map(|row| (0..width - column).map(move |i| (row, i))) {
                    *out.add(row * spacing + i) = *from.offset(step * i as isize + row as isize);
                }
            }
        }
        column += COLUMNS;
    }
}
