//! Sorts: each row's elements become integer keys that end in their position, so that sorting the keys is stable.

use std::ops::Range;

use rutile_core::dtype::DType;
use rutile_core::error::Result;
use rutile_core::kernel::{Block, Kernel};

use crate::element::{Element, register, with_element};
use crate::loops::Operand;
use crate::parallel::{self, Shared};
use crate::radix;
use crate::scratch::Scratch;
use crate::tile::{Body, Code, Launch, TILE};

pub struct Sort {
    load: Code,
    body: Body,
    sort: SortRows,
    descending: bool,
    rows: usize,
    length: usize,
}

type SortRows = fn(&Sort, Launch);

/// Rows of at least this many elements are sorted by several threads, if there are too few rows to share.
const LONG: usize = 1 << 15;
/// Rows of at least this many elements are sorted by their digits, shorter ones by comparing.
const MANY: usize = 1 << 9;

impl Sort {
    pub fn new(kernel: &Kernel, load: &Block, descending: bool) -> Result<Sort> {
        let axes: Vec<usize> = (0..kernel.out.len()).collect();
        let load = load.rounded();
        let dtype = load.code[load.results[0]].dtype;
        let (length, before) = kernel.out.split_last().map_or((1, &[][..]), |(&length, before)| (length, before));
        Ok(Sort {
            sort: sorter(dtype),
            load: Code::new(&load, &load.results, &kernel.args, &kernel.out, &axes)?,
            body: Body::new(kernel)?,
            descending,
            rows: if length == 0 { 0 } else { before.iter().product() },
            length,
        })
    }

    /// Estimated nanoseconds of a launch.
    pub fn nanoseconds(&self) -> f64 {
        let elements = self.rows * self.length;
        let sorting = if self.length < MANY { 1.5 * (self.length.max(2) as f64).log2() } else { 10.0 };
        self.load.nanoseconds(elements) + elements as f64 * sorting + self.body.code.nanoseconds(elements)
    }

    pub fn run(&self, launch: Launch) {
        (self.sort)(self, launch)
    }

    fn run_as<T: Element>(&self, launch: Launch) {
        let long = self.length >= LONG && self.rows < 2 * parallel::threads();
        let pieces = if long { parallel::threads() } else { 1 };
        let work = |rows: Range<usize>| {
            let mut scratch = Scratch::take(2 * self.length * size_of::<T::Key>());
            let memory = scratch.pointer().cast::<T::Key>();
            // SAFETY: the scratch is aligned for keys, holds two rows of them, and belongs to this call alone; any bits are
            // a key.
            let both = unsafe { std::slice::from_raw_parts_mut(memory, 2 * self.length) };
            let (keys, spare) = both.split_at_mut(self.length);
            let tiles = self.length.div_ceil(TILE);
            let cost = |code: &Code| if long { code.nanoseconds(self.length) + self.length as f64 } else { 0.0 };
            for row in rows {
                let target = Shared(keys.as_mut_ptr());
                parallel::ranges(tiles, cost(&self.load), |tiles| self.load_keys::<T>(launch, row, tiles, target));
                let sorted = if self.length < MANY {
                    keys.sort_unstable();
                    &*keys
                } else {
                    radix::sort(keys, spare, pieces)
                };
                parallel::ranges(tiles, cost(&self.body.code), |tiles| self.store::<T>(launch, row, tiles, sorted));
            }
        };
        if long { work(0..self.rows) } else { parallel::ranges(self.rows, self.nanoseconds(), work) }
    }

    fn load_keys<T: Element>(&self, launch: Launch, row: usize, tiles: Range<usize>, keys: Shared<T::Key>) {
        let mut frame = self.load.frame();
        for first in tiles.map(|tile| tile * TILE) {
            let len = TILE.min(self.length - first);
            self.load.run(launch, &[], row * self.length + first, len, &mut frame, &[]);
            let values = self.load.slice::<T>(0, len, &mut frame);
            for (i, value) in (first..).zip(values) {
                // SAFETY: the row has this place, which no other tile has.
                unsafe { *keys.at(i) = value.key(self.descending, i as u32) };
            }
        }
    }

    fn store<T: Element>(&self, launch: Launch, row: usize, tiles: Range<usize>, keys: &[T::Key]) {
        let mut frame = self.body.code.frame();
        let mut positions = [0i32; TILE];
        for first in tiles.map(|tile| tile * TILE) {
            let keys = &keys[first..self.length.min(first + TILE)];
            positions.iter_mut().zip(keys).for_each(|(position, &key)| *position = T::position(key) as i32);
            let operand = Operand { pointer: positions.as_ptr().cast(), uniform: false };
            self.body.run(launch, &[operand], row * self.length + first, keys.len(), &mut frame);
        }
    }
}

fn sorter(dtype: DType) -> SortRows {
    with_element!(register(dtype), T => Sort::run_as::<T>)
}
