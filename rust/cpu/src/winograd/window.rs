//! What a contraction needs to be for Winograd's filtering: an image seen through windows of 3×3, and a matrix.

use rutile_core::dtype::DType;
use rutile_core::kernel::{Arg, Block};

use crate::product::{addresses, single_load};
use crate::tile::Launch;

/// Pixels of a window along either axis.
pub const TAPS: usize = 3;

/// A factor that shows images through windows.
pub struct Window {
    arg: usize,
    /// Where pixel (0, 0) of the first channel of the first image lies.
    origin: i64,
    images: Vec<isize>,
    channels: Vec<isize>,
    /// Rows and columns.
    pub spans: [Span; 2],
}

/// An axis of an image. Tap `t` at position `p` is pixel `p + t + start`; there is nothing but zeros around the pixels.
#[derive(Clone, Copy)]
pub struct Span {
    pub positions: usize,
    start: i64,
    pixels: i64,
    step: i64,
}

/// The axes of rows and columns: those of positions, and those of taps.
pub struct Pairs {
    pub positions: [usize; 2],
    pub taps: [usize; 2],
}

/// The other factor: for each outer and inner element, a filter's taps or what belongs to an image's positions.
pub struct Matrix {
    arg: usize,
    offset: i64,
    outer: Vec<isize>,
    inner: Vec<isize>,
    /// From row to row, and from column to column.
    pub steps: [i64; 2],
}

pub fn without(axes: &[usize], pair: &[usize; 2]) -> Vec<usize> {
    axes.iter().copied().filter(|axis| !pair.contains(axis)).collect()
}

impl Window {
    /// The factor as windows, if that is what it is: one for each of the first axes, over the last ones.
    pub fn new(block: &Block, args: &[Arg], [positions, taps]: [&[usize]; 2]) -> Option<(Window, Pairs)> {
        let (arg, level) = single_load(block, args, DType::F32)?;
        let belongs = |place: usize, tap: usize| {
            let guards = || level.guards.iter().filter(|guard| guard.coefs[tap] != 0 || guard.coefs[place] != 0);
            let together = guards().all(|guard| {
                let only = guard.coefs.iter().enumerate().all(|(n, &coef)| coef == (n == tap || n == place) as i64);
                only && guard.divisor == 1
            });
            level.strides[tap] != 0 && level.strides[tap] == level.strides[place] && together && guards().count() <= 1
        };
        let mut pairs = taps.iter().filter(|&&tap| level.shape[tap] == TAPS).filter_map(|&tap| {
            let place = positions.iter().copied().find(|&place| level.shape[place] > 1 && belongs(place, tap))?;
            Some((place, tap))
        });
        let (rows, columns) = (pairs.next()?, pairs.next()?);
        let pairs = Pairs { positions: [rows.0, columns.0], taps: [rows.1, columns.1] };
        let mut guards = 0;
        let spans = [0, 1].map(|n| {
            let (positions, step) = (level.shape[pairs.positions[n]], level.strides[pairs.positions[n]]);
            let guard = level.guards.iter().find(|guard| guard.coefs[pairs.taps[n]] != 0);
            guards += guard.is_some() as usize;
            let start = guard.map_or(0, |guard| guard.offset);
            let seen = (positions + TAPS - 1) as i64 + start;
            Span { positions, start, pixels: guard.map_or(seen, |guard| guard.bound.min(seen)), step }
        });
        let is_image = guards == level.guards.len() && pairs.positions[0] != pairs.positions[1] && spans[1].step == 1;
        let origin = level.offset - spans.iter().map(|span| span.start * span.step).sum::<i64>();
        let images = addresses(level, &without(positions, &pairs.positions));
        let channels = addresses(level, &without(taps, &pairs.taps));
        is_image.then_some((Window { arg, origin, images, channels, spans }, pairs))
    }

    /// Where the images' first channel lies.
    pub fn image(&self, launch: Launch, image: usize) -> *const f32 {
        let start = launch.buffers[self.arg].cast::<f32>().cast_const();
        start.wrapping_offset(self.origin as isize + self.images[image])
    }

    pub fn channel(&self, channel: usize) -> isize {
        self.channels[channel]
    }

    /// Where the pixels that a row of tiles sees lie from a channel's pixel (0, 0), of each row that exists, and how
    /// many of the first tile's are missing, how many there are.
    pub fn pixels(&self, row: usize, first: usize, tiles: usize) -> ([Option<isize>; 4], usize, usize) {
        let [rows, columns] = self.spans;
        let column = (2 * first) as i64 + columns.start;
        // A wide margin may be all that the tiles see.
        let last = column + (2 * tiles + 2) as i64;
        let start = column.max(0).min(last);
        let end = last.min(columns.pixels).max(start);
        let lines = [0, 1, 2, 3].map(|n| {
            let pixel = (2 * row + n) as i64 + rows.start;
            (0..rows.pixels).contains(&pixel).then_some((pixel * rows.step + start) as isize)
        });
        (lines, (start - column) as usize, (end - start) as usize)
    }
}

impl Matrix {
    pub fn new(block: &Block, args: &[Arg], [outer, inner]: [&[usize]; 2], pair: [Option<usize>; 2]) -> Option<Matrix> {
        let (arg, level) = single_load(block, args, DType::F32)?;
        let steps = pair.map(|axis| axis.map_or(0, |axis| level.strides[axis]));
        let [outer, inner] = [outer, inner].map(|axes| addresses(level, axes));
        let matrix = Matrix { arg, offset: level.offset, outer, inner, steps };
        level.guards.is_empty().then_some(matrix)
    }

    pub fn at(&self, launch: Launch, outer: usize, inner: usize) -> *const f32 {
        let start = launch.buffers[self.arg].cast::<f32>().cast_const();
        start.wrapping_offset(self.offset as isize + self.outer[outer] + self.inner[inner])
    }
}
