//! Sorts: each row's elements become integer keys that end in their position, so that sorting the keys is stable.

use rayon::prelude::*;
use rutile_core::dtype::DType;
use rutile_core::error::Result;
use rutile_core::kernel::{Block, Kernel};

use crate::compile::rounded;
use crate::element::{Element, register, with_element};
use crate::loops::Operand;
use crate::parallel;
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
const LONG: usize = 1 << 14;

impl Sort {
    pub fn new(kernel: &Kernel, load: &Block, descending: bool) -> Result<Sort> {
        let axes: Vec<usize> = (0..kernel.out.len()).collect();
        let load = rounded(load);
        let dtype = load.code[load.results[0]].dtype;
        let (length, before) = kernel.out.split_last().map_or((1, &[][..]), |(&length, before)| (length, before));
        Ok(Sort {
            sort: sorter(dtype),
            load: Code::new(&load, &load.results, &kernel.args, &kernel.out, &axes)?,
            body: Body::new(&kernel.body, &kernel.stores, &kernel.args, &kernel.out)?,
            descending,
            rows: if length == 0 { 0 } else { before.iter().product() },
            length,
        })
    }

    /// Estimated nanoseconds of a launch.
    pub fn nanoseconds(&self) -> f64 {
        let elements = self.rows * self.length;
        let depth = (self.length.max(2) as f64).log2();
        self.load.nanoseconds(elements) + elements as f64 * 1.5 * depth + self.body.code.nanoseconds(elements)
    }

    pub fn run(&self, launch: Launch) {
        (self.sort)(self, launch)
    }

    fn run_as<T: Element>(&self, launch: Launch) {
        let long = self.length >= LONG && self.rows < 2 * parallel::threads();
        let work = |rows: std::ops::Range<usize>| {
            let mut scratch = Scratch::take(self.length * size_of::<T::Key>());
            // SAFETY: the scratch is aligned for keys, holds a row of them, and belongs to this call alone; any bits are a key.
            let keys = unsafe { std::slice::from_raw_parts_mut(scratch.pointer().cast::<T::Key>(), self.length) };
            for row in rows {
                self.load_keys::<T>(launch, row, keys);
                if long {
                    keys.par_sort_unstable()
                } else {
                    keys.sort_unstable()
                }
                self.store::<T>(launch, row, keys);
            }
        };
        if long { work(0..self.rows) } else { parallel::ranges(self.rows, self.nanoseconds(), work) }
    }

    fn load_keys<T: Element>(&self, launch: Launch, row: usize, keys: &mut [T::Key]) {
        let mut frame = self.load.frame();
        for first in (0..self.length).step_by(TILE) {
            let len = TILE.min(self.length - first);
            self.load.run(launch, &[], row * self.length + first, len, &mut frame, &[]);
            let values = self.load.slice::<T>(0, len, &mut frame);
            for (i, (key, value)) in keys[first..first + len].iter_mut().zip(values).enumerate() {
                *key = value.key(self.descending, (first + i) as u32);
            }
        }
    }

    fn store<T: Element>(&self, launch: Launch, row: usize, keys: &[T::Key]) {
        let mut frame = self.body.code.frame();
        let mut positions = [0i32; TILE];
        for (n, keys) in keys.chunks(TILE).enumerate() {
            positions.iter_mut().zip(keys).for_each(|(position, &key)| *position = T::position(key) as i32);
            let operand = Operand { pointer: positions.as_ptr().cast(), uniform: false };
            self.body.run(launch, &[operand], row * self.length + n * TILE, keys.len(), &mut frame);
        }
    }
}

fn sorter(dtype: DType) -> SortRows {
    with_element!(register(dtype), T => Sort::run_as::<T>)
}
