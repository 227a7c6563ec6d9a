//! Convolutions by 3×3 taps, and the gradients of their taps, by Winograd's minimal filtering.
//!
//! A tile of 4×4 pixels and a filter's taps are transformed to 16 numbers each, whose products are summed over channels;
//! 2×2 results come back from the 16 sums: 16 multiplications in place of 36. Sums over positions give the gradients of 3×3
//! taps in the same way from tiles of 2×2 slopes. Additions aside, all of the work is 16 products of matrices, tile by tile
//! of registers. Results are about as exact as plain sums: none depends on pixels that it does not see. An infinite pixel,
//! which is added and subtracted, gives NaN.

mod images;
mod taps;
mod transform;
mod window;

use rutile_core::error::Result;
use rutile_core::kernel::{Block, Kernel, Role};
use rutile_core::view::View;

use crate::product::{self, Packer, Tiles, addresses, even};
use crate::tile::{Body, Frame, Launch};
use transform::{LANES, POINTS, TOGETHER, Transforms, transforms};
pub use window::Matrix;
use window::{Pairs, TAPS, Window, without};

pub struct Winograd {
    window: Window,
    matrix: Matrix,
    results: Results,
    out: Output,
    body: Body,
    tiles: Tiles<f32>,
    transforms: Transforms,
    filters: usize,
    channels: usize,
    images: usize,
    /// Tiles of an image's rows and columns.
    across: [usize; 2],
    /// Tiles of a row that are taken together, as a part of it or as all of it with other rows.
    run: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Results {
    /// An image for each filter.
    Images,
    /// Sums over the positions of all images, for each tap.
    Taps,
}

/// Where results go.
struct Output {
    filters: Vec<isize>,
    /// Images, or channels.
    others: Vec<isize>,
    steps: [i64; 2],
}

/// Tiles beside each other in one row of an image's tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    image: usize,
    row: usize,
    first: usize,
    count: usize,
}

/// Filters and channels, and tiles of all images, below which the transforms cost what they save.
const FEWEST: usize = 16;
const FEWEST_TILES: usize = 32;
/// Multiplications of a plain product for each one here, at least: tiles at an image's edge may be in part beyond it.
const SAVED: f64 = 1.6;
/// Elements between the sums of a point and those of the next one.
const SUMS: usize = 14 * LANES;

impl Winograd {
    /// The kernel's contraction, if it is a convolution, or the gradient of one's taps, that this is good for.
    pub fn new(kernel: &Kernel, left: &Block, right: &Block, roles: &[Role]) -> Result<Option<Winograd>> {
        let rank = kernel.out.len();
        let axes_of = |role: Role| (0..rank).filter(|&axis| roles[axis] == role).collect::<Vec<usize>>();
        let inner: Vec<usize> = (rank..rank + kernel.reduced.len()).collect();
        if axes_of(Role::Batch).iter().any(|&axis| kernel.out[axis] > 1) {
            return Ok(None);
        }
        for (image, other, [role, opposite]) in
            [(right, left, [Role::Right, Role::Left]), (left, right, [Role::Left, Role::Right])]
        {
            let (own, outer) = (axes_of(role), axes_of(opposite));
            for results in [Results::Images, Results::Taps] {
                let found = Winograd::find(kernel, [image, other], results, [&own, &outer, &inner])?;
                if found.as_ref().is_some_and(Winograd::is_worth_it) {
                    return Ok(found);
                }
            }
        }
        Ok(None)
    }

    fn find(
        kernel: &Kernel,
        [image, other]: [&Block; 2],
        results: Results,
        [own, outer, inner]: [&[usize]; 3],
    ) -> Result<Option<Winograd>> {
        let [positions, taps] = if results == Results::Images { [own, inner] } else { [inner, own] };
        let Some((window, pairs)) = Window::new(image, &kernel.args, [positions, taps]) else { return Ok(None) };
        let Pairs { positions: places, taps: tap_axes } = pairs;
        let [images, channels] = [without(positions, &places), without(taps, &tap_axes)];
        let (summed, kept, matrix_pair, out_pair) = match results {
            Results::Images => (&channels, &images, tap_axes, places),
            Results::Taps => (&images, &channels, places, tap_axes),
        };
        let Some(matrix) = Matrix::new(other, &kernel.args, [outer, summed], matrix_pair.map(Some)) else {
            return Ok(None);
        };
        let level = &View::contiguous(&kernel.out).levels[0];
        let [filters, others] = [outer, kept].map(|axes| addresses(level, axes));
        let out = Output { filters, others, steps: out_pair.map(|axis| level.strides[axis]) };
        let fits = match results {
            Results::Images => out.steps[1] == 1,
            // Taps follow one another, channel by channel, and slopes lie beside each other.
            Results::Taps => {
                let taps = (TAPS * TAPS) as isize;
                let regular = out.others.windows(2).all(|pair| pair[1] - pair[0] == taps);
                out.steps == [TAPS as i64, 1] && regular && matrix.steps[1] == 1
            }
        };
        if !fits {
            return Ok(None);
        }
        let shape = [&kernel.out[..], &kernel.reduced[..]].concat();
        let count = |axes: &[usize]| axes.iter().map(|&axis| shape[axis]).product::<usize>();
        let tiles = product::tiles();
        let across = window.spans.map(|span| span.positions.div_ceil(2));
        let run = even(across[1], tiles.columns());
        Ok(Some(Winograd {
            filters: out.filters.len(),
            channels: count(&channels),
            images: count(&images),
            window,
            matrix,
            results,
            out,
            body: Body::new(kernel)?,
            tiles,
            transforms: transforms(),
            across,
            run,
        }))
    }

    fn is_worth_it(&self) -> bool {
        let tiles = self.across[0] * self.across[1];
        let positions: usize = self.window.spans.iter().map(|span| span.positions).product();
        let saved = (TAPS * TAPS * positions) as f64 / (POINTS * tiles) as f64;
        self.filters.min(self.channels) >= FEWEST && self.images * tiles >= FEWEST_TILES && saved >= SAVED
    }

    /// Estimated nanoseconds of a launch.
    pub fn nanoseconds(&self) -> f64 {
        let tiles = (self.images * self.across[0] * self.across[1]) as f64;
        let products = tiles * (self.filters * self.channels * POINTS) as f64;
        products * 2.0 / product::RATE + self.body.code.total() as f64 * 0.1
    }

    pub fn run(&self, launch: Launch) {
        match self.results {
            Results::Images => self.run_images(launch),
            Results::Taps => self.run_taps(launch),
        }
    }

    /// Blocks that all tiles are cut into.
    fn blocks(&self) -> usize {
        let rows = self.images * self.across[0];
        match self.across[1].div_ceil(self.run) {
            1 => rows.div_ceil(self.tiles.columns() / self.run),
            runs => rows * runs,
        }
    }

    /// A block's tiles.
    fn block(&self, block: usize) -> impl Iterator<Item = Run> {
        let runs = self.across[1].div_ceil(self.run);
        let each = if runs == 1 { self.tiles.columns() / self.run } else { 1 };
        let end = ((block + 1) * each).min(self.images * self.across[0] * runs);
        let (rows, run, columns) = (self.across[0], self.run, self.across[1]);
        (block * each..end).map(move |number| {
            let (row, first) = (number / runs, number % runs * run);
            Run { image: row / rows, row: row % rows, first, count: run.min(columns - first) }
        })
    }

    /// Transforms a channel's pixels of a block, run after run.
    ///
    /// # Safety
    /// `out` must be writable for the block's tiles and [`LANES`] more, at each point.
    unsafe fn transform_pixels(&self, starts: &[(Run, *const f32)], channel: usize, out: *mut f32, stride: usize) {
        let channel = self.window.channel(channel);
        let mut at = out;
        for &(run, start) in starts {
            let (lines, before, count) = self.window.pixels(run.row, run.first, run.count);
            let rows = lines.map(|line| line.map(|line| start.wrapping_offset(channel + line)));
            // SAFETY: pixels that exist lie in the argument; the rest is the caller's contract.
            unsafe { (self.transforms.pixels)(rows, before, count, run.count, at, stride) };
            at = at.wrapping_add(run.count);
        }
    }

    fn starts(&self, launch: Launch, block: usize, starts: &mut Vec<(Run, *const f32)>) -> usize {
        starts.clear();
        starts.extend(self.block(block).map(|run| (run, self.window.image(launch, run.image))));
        starts.iter().map(|(run, _)| run.count).sum()
    }

    /// The rows of an image that a run's results lie in, and how many of each.
    fn rows_of(&self, run: &Run) -> impl Iterator<Item = (usize, usize)> {
        let [rows, columns] = self.window.spans.map(|span| span.positions);
        let columns = (2 * run.count).min(columns - 2 * run.first);
        (2 * run.row..(2 * run.row + 2).min(rows)).map(move |row| (row, columns))
    }
}

/// Elements from one row of so many to the next: there is room for what is written beyond them, and rows that are read
/// together do not meet in the same lines of a cache.
fn apart(count: usize) -> usize {
    count.next_multiple_of(TOGETHER) + LANES + LANES / 2
}

/// What a thread works with.
struct Worker {
    /// A block's runs of tiles, and where their images lie.
    starts: Vec<(Run, *const f32)>,
    packer: Packer,
    frame: Frame,
}

impl Worker {
    fn new(winograd: &Winograd) -> Worker {
        Worker { starts: Vec::new(), packer: Packer::default(), frame: winograd.body.code.frame() }
    }
}
