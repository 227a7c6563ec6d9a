//! Images seen through windows: which pixels the taps of a position see, and how a part of them is laid out without guards.

use std::ops::Range;

use rutile_core::dtype::DType;
use rutile_core::kernel::{Arg, Block};
use rutile_core::view::Level;

use crate::product::{addresses, single_load};
use crate::tile::Launch;

/// A factor that shows planes of pixels through windows.
pub struct Window {
    arg: usize,
    /// Where pixel (0, 0) of the first plane lies.
    origin: i64,
    /// From there on: where the planes of units and of terms lie.
    pub units: Vec<isize>,
    pub terms: Vec<isize>,
    /// Rows and columns.
    pub spans: [Span; 2],
}

/// An axis of a plane. Tap `t` at position `p` is pixel `scale·p + step·t + start`; there are zeros around the pixels.
///
/// Pixels that are `scale` apart are a *phase* of the axis, in which the taps of neighbours lie beside each other.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub positions: usize,
    pub taps: usize,
    pub scale: usize,
    step: usize,
    start: i64,
    pixels: i64,
    /// Elements from one pixel to the next.
    pitch: i64,
}

/// The axes of a plane, rows and columns, that positions and taps run along, where there are more than one.
#[derive(Clone, Copy, Debug)]
pub struct Axes {
    pub positions: [Option<usize>; 2],
    pub taps: [Option<usize>; 2],
}

impl Axes {
    /// Those of the given axes that are not among them.
    pub fn without(&self, axes: &[usize]) -> Vec<usize> {
        let own = self.positions.iter().chain(&self.taps);
        axes.iter().copied().filter(|&axis| own.clone().all(|&other| other != Some(axis))).collect()
    }
}

impl Window {
    /// The factor as windows, if that is what it is: at positions of the first axes, the innermost one being the first, over
    /// taps of the others. The planes of units belong to what is left of the axes `units`, those of terms to the rest.
    pub fn new(
        block: &Block,
        args: &[Arg],
        [positions, taps]: [&[usize]; 2],
        [units, terms]: [&[usize]; 2],
    ) -> Option<(Window, Axes)> {
        let (arg, level) = single_load(block, args, DType::F32)?;
        let mut places = positions.iter().copied();
        let column = places.next().filter(|&axis| level.strides[axis] > 0)?;
        let row = places.next().filter(|&axis| level.strides[axis] > 0);
        // Taps of a column are within a row.
        let within = row.map_or(level.shape[column] as i64, |axis| level.strides[axis]);
        let (columns, column_taps) = Span::new(level, Some(column), taps, within)?;
        let others: Vec<usize> = taps.iter().copied().filter(|&axis| Some(axis) != column_taps).collect();
        let (rows, row_taps) = Span::new(level, row, &others, i64::MAX)?;
        let axes = Axes { positions: [row, Some(column)], taps: [row_taps, column_taps] };
        let spans = [rows, columns];
        let guards = spans.iter().zip(axes.positions).filter(|(_, place)| place.is_some_and(|p| guards(level, p) > 0));
        let is_window = guards.count() == level.guards.len() && axes.taps.iter().any(Option::is_some);
        let origin = level.offset - spans.iter().map(|span| span.start * span.pitch).sum::<i64>();
        let [units, terms] = [units, terms].map(|all| addresses(level, &axes.without(all)));
        is_window.then_some((Window { arg, origin, units, terms, spans }, axes))
    }

    /// Where pixel (0, 0) of a plane lies.
    pub fn plane(&self, launch: Launch, unit: usize, term: usize) -> *const f32 {
        let start = launch.buffers[self.arg].cast::<f32>().cast_const();
        start.wrapping_offset(self.origin as isize + self.units[unit] + self.terms[term])
    }
}

/// Guards that an axis has a share in.
fn guards(level: &Level, axis: usize) -> usize {
    level.guards.iter().filter(|guard| guard.coefs[axis] != 0).count()
}

impl Span {
    /// The span of positions along an axis, and the axis of its taps among these.
    fn new(level: &Level, place: Option<usize>, taps: &[usize], within: i64) -> Option<(Span, Option<usize>)> {
        let Some(place) = place else {
            let single = Span { positions: 1, taps: 1, scale: 1, step: 1, start: 0, pixels: 1, pitch: 1 };
            return Some((single, None));
        };
        let (positions, stride) = (level.shape[place], level.strides[place]);
        let found = level.guards.iter().find(|guard| guard.coefs[place] != 0);
        let (axis, pitch) = match found {
            Some(guard) => {
                let mut others = (0..level.shape.len()).filter(|&axis| axis != place && guard.coefs[axis] != 0);
                let (axis, scale) = (others.next(), guard.coefs[place]);
                let pitch = (guard.divisor == 1 && scale > 0 && stride % scale == 0).then(|| stride / scale)?;
                let belongs = |axis: usize| {
                    let coef = guard.coefs[axis];
                    coef > 0 && taps.contains(&axis) && coef * pitch == level.strides[axis] && guards(level, axis) == 1
                };
                if others.next().is_some() || guards(level, place) > 1 || !axis.is_none_or(belongs) {
                    return None;
                }
                (axis, pitch)
            }
            None => {
                // Without a margin, windows are what overlaps.
                let reach = |axis: usize| (level.shape[axis] as i64 - 1) * level.strides[axis];
                let overlaps = |axis: usize| reach(axis) >= stride && reach(axis) < within && guards(level, axis) == 0;
                let axis = taps
                    .iter()
                    .copied()
                    .filter(|&axis| level.shape[axis] > 1 && level.strides[axis] > 0 && overlaps(axis))
                    .min_by_key(|&axis| level.strides[axis]);
                (axis, axis.map_or(stride, |axis| common_divisor(stride, level.strides[axis])))
            }
        };
        let (scale, step) = (stride / pitch, axis.map_or(pitch, |axis| level.strides[axis]) / pitch);
        let taps = axis.map_or(1, |axis| level.shape[axis]);
        let start = found.map_or(0, |guard| guard.offset);
        let seen = scale * (positions as i64 - 1) + step * (taps as i64 - 1) + 1 + start;
        let pixels = found.map_or(seen, |guard| guard.bound.min(seen));
        let (scale, step) = (scale as usize, step as usize);
        Some((Span { positions, taps, scale, step, start, pixels, pitch }, axis))
    }

    /// Elements of each phase that so many positions see.
    pub fn seen(&self, positions: usize) -> usize {
        positions + self.step * (self.taps - 1) / self.scale
    }

    /// The phase that a tap reads, and what it reads there for the first position.
    pub fn tap(&self, tap: usize) -> (usize, usize) {
        let place = self.step * tap;
        (place % self.scale, place / self.scale)
    }

    /// Which elements of a phase are pixels, seen from the position `first` on, where the first of these lies from pixel 0,
    /// and how far apart they are.
    pub fn pixels(&self, phase: usize, first: usize, positions: usize) -> (Range<usize>, isize, isize) {
        let scale = self.scale as i64;
        let base = scale * first as i64 + phase as i64 + self.start;
        let reaching = |pixel: i64| (pixel - base + scale - 1).div_euclid(scale).max(0);
        let end = reaching(self.pixels).min(self.seen(positions) as i64);
        let start = reaching(0).min(end);
        let (first, apart) = ((base + start * scale) * self.pitch, scale * self.pitch);
        (start as usize..end as usize, first as isize, apart as isize)
    }
}

fn common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_hold_the_pixels_that_taps_see() {
        for (positions, taps, scale, step, start, pixels) in
            [(5, 3, 1, 1, -1, 5), (4, 3, 2, 1, -1, 7), (4, 5, 2, 3, -6, 9), (6, 2, 3, 2, 0, 18), (3, 2, 1, 1, -9, 3)]
        {
            let span = Span { positions, taps, scale, step, start, pixels, pitch: 10 };
            for (first, position, tap) in
                (0..positions).flat_map(|f| (0..positions - f).flat_map(move |p| (0..taps).map(move |t| (f, p, t))))
            {
                let (phase, offset) = span.tap(tap);
                let (range, from, apart) = span.pixels(phase, first, positions - first);
                let (element, pixel) = (position + offset, (scale * (first + position) + step * tap) as i64 + start);
                assert!(element < span.seen(positions - first));
                assert_eq!(range.contains(&element), (0..pixels).contains(&pixel));
                if let Some(number) = element.checked_sub(range.start).filter(|_| range.contains(&element)) {
                    assert_eq!(from + number as isize * apart, 10 * pixel as isize);
                }
            }
        }
    }
}
