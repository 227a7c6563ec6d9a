//! Row iteration over views: runs of addresses instead of one address per element.

use rutile_core::shape::{Coefs, Shape, numel};
use rutile_core::view::View;
use smallvec::SmallVec;

use crate::cross::Crossing;
use crate::tile::TILE;

/// A view over a linear iteration space, with axes merged where that changes nothing.
#[derive(Clone, Debug)]
pub struct Rows {
    levels: Vec<Level>,
    /// Aligned ranges of this many elements have consecutive addresses (no guards anywhere).
    consecutive: usize,
    /// Aligned ranges of this many elements have one address (no guards anywhere).
    constant: usize,
    crossing: Option<Crossing>,
    pattern: Option<Pattern>,
}

/// Addresses that repeat, each time displaced, where rows are short.
#[derive(Clone, Debug)]
struct Pattern {
    /// Of the elements of one period, counted from the first.
    offsets: Vec<i32>,
    /// What each guard tests, counted likewise, and its bound.
    guards: Vec<(Vec<i32>, i32)>,
}

/// A part of a range: its elements' addresses are a base plus offsets. Those exist for which `exist` is true, or all.
pub struct Stretch<'a> {
    pub at: usize,
    pub base: i64,
    pub offsets: &'a [i32],
    pub exist: Option<&'a [bool]>,
}

/// Elements `at, at + spacing, …` of a range have the addresses `address, address + step, …`, `count` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    pub at: usize,
    pub spacing: usize,
    pub count: usize,
    pub address: i64,
    pub step: i64,
}

/// What is known of a whole range of elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Consecutive addresses from this one on.
    Consecutive(usize),
    /// The same address throughout.
    Constant(usize),
    /// Reads as zero throughout.
    Absent,
    /// Anything else.
    Mixed,
}

#[derive(Clone, Debug)]
struct Level {
    shape: Shape,
    strides: Coefs,
    offset: i64,
    guards: Vec<Guard>,
}

#[derive(Clone, Debug)]
struct Guard {
    coefs: Coefs,
    offset: i64,
    divisor: i64,
    bound: i64,
    stride: i64,
}

impl Rows {
    /// Iterates over the axes of the view's space in the given order; axes that are left out must not matter to the view.
    pub fn new(view: &View, axes: &[usize]) -> Rows {
        let mut levels: Vec<Level> = Vec::new();
        for (depth, source) in view.levels.iter().enumerate() {
            let all: Vec<usize> = (0..source.shape.len()).collect();
            let axes = if depth == 0 { axes } else { &all };
            let pick = |coefs: &Coefs| axes.iter().map(|&axis| coefs[axis]).collect::<Coefs>();
            let guards = source.guards.iter().map(|guard| Guard {
                coefs: pick(&guard.coefs),
                offset: guard.offset,
                divisor: guard.divisor,
                bound: guard.bound,
                stride: guard.stride,
            });
            levels.push(Level {
                shape: axes.iter().map(|&axis| source.shape[axis]).collect(),
                strides: pick(&source.strides),
                offset: source.offset,
                guards: guards.collect(),
            });
        }
        levels.iter_mut().for_each(Level::merge);
        let plain = levels.len() == 1 && levels[0].guards.is_empty();
        let first = &levels[0];
        let (mut consecutive, mut constant) = (1, 1);
        if plain {
            let mut axes = (0..first.shape.len()).rev();
            consecutive = 1;
            for axis in axes.by_ref() {
                if first.shape[axis] != 1 && first.strides[axis] != consecutive as i64 {
                    break;
                }
                consecutive *= first.shape[axis].max(1);
            }
            for axis in (0..first.shape.len()).rev() {
                if first.shape[axis] != 1 && first.strides[axis] != 0 {
                    break;
                }
                constant *= first.shape[axis].max(1);
            }
        }
        let crossing = if plain { first.crossing() } else { None };
        let pattern = if levels.len() == 1 { levels[0].pattern() } else { None };
        Rows { levels, consecutive, constant, crossing, pattern }
    }

    /// Length of the innermost merged axis; the whole space where the view is contiguous or constant.
    pub fn row(&self) -> usize {
        let innermost = *self.levels[0].shape.last().expect("at least one axis");
        innermost.max(self.consecutive).max(self.constant)
    }

    /// The axis that lies in memory where the innermost one strides through it.
    pub fn crossing(&self) -> Option<Crossing> {
        self.crossing
    }

    /// Step of the address along the innermost merged axis, if it is regular.
    pub fn innermost_step(&self) -> Option<i64> {
        if self.levels.len() > 1 || self.levels[0].guards.iter().any(|guard| guard.stride != 0) {
            return None;
        }
        self.levels[0].strides.last().copied()
    }

    /// How the range `start..start + len` lies in memory; `len` is not zero.
    pub fn extent(&self, start: usize, len: usize) -> Extent {
        let last = start + len - 1;
        let first = &self.levels[0];
        if self.levels.len() > 1 {
            return Extent::Mixed;
        }
        if first.guards.is_empty() {
            let within = |span: usize| span > 1 && start / span == last / span;
            if within(self.consecutive) || len == 1 {
                return Extent::Consecutive(self.address(start));
            }
            if within(self.constant) {
                return Extent::Constant(self.address(start));
            }
            return Extent::Mixed;
        }
        let row = *first.shape.last().expect("at least one axis");
        if start / row != last / row {
            return Extent::Mixed;
        }
        let mut found = None;
        self.runs(start, len, &mut |run| found = Some(run));
        match found {
            None => Extent::Absent,
            Some(run) if run.count < len => Extent::Mixed,
            Some(Run { address, step: 1, .. }) => Extent::Consecutive(address as usize),
            Some(Run { address, step: 0, .. }) => Extent::Constant(address as usize),
            Some(_) => Extent::Mixed,
        }
    }

    /// True if some elements may read as zero.
    pub fn has_guards(&self) -> bool {
        self.levels.iter().any(|level| !level.guards.is_empty())
    }

    /// Gives all elements of the range that exist, as runs.
    pub fn runs(&self, start: usize, len: usize, emit: &mut impl FnMut(Run)) {
        if let [level] = &self.levels[..]
            && level.guards.is_empty()
        {
            return level.runs(start, len, emit);
        }
        walk(&self.levels, Run { at: 0, spacing: 1, count: len, address: start as i64, step: 1 }, emit);
    }

    /// Gives the range, of a tile at most, in stretches if it is made of short rows; else returns false.
    pub fn stretches(&self, start: usize, len: usize, emit: &mut impl FnMut(Stretch)) -> bool {
        let Some(Pattern { offsets, guards }) = &self.pattern else { return false };
        let level = &self.levels[0];
        let mut exist = [true; TILE];
        let mut at = 0;
        while at < len {
            let before = (start + at) % offsets.len();
            let part = before..before + (offsets.len() - before).min(len - at);
            let index = level.index(start + at - before);
            let dot = |coefs: &Coefs| index.iter().zip(coefs).map(|(i, coef)| i * coef).sum::<i64>();
            let exist = &mut exist[..part.len()];
            exist.fill(true);
            for (guard, (inner, bound)) in level.guards.iter().zip(guards) {
                let base = (guard.offset + dot(&guard.coefs)) as i32;
                let holds = |value: i32| ((base + value) as u32) < *bound as u32;
                exist.iter_mut().zip(&inner[part.clone()]).for_each(|(exists, &value)| *exists &= holds(value));
            }
            emit(Stretch {
                at,
                base: level.offset + dot(&level.strides),
                offsets: &offsets[part.clone()],
                exist: (!guards.is_empty()).then_some(exist),
            });
            at += part.len();
        }
        true
    }

    /// Address of an element of a view of one level without guards.
    pub fn address(&self, linear: usize) -> usize {
        let level = &self.levels[0];
        if let [step] = level.strides[..] {
            return (level.offset + step * linear as i64) as usize;
        }
        let index = level.index(linear);
        (level.offset + index.iter().zip(&level.strides).map(|(i, stride)| i * stride).sum::<i64>()) as usize
    }
}

impl Level {
    /// The index of an element along each axis.
    fn index(&self, linear: usize) -> SmallVec<[i64; 6]> {
        let mut index: SmallVec<[i64; 6]> = SmallVec::from_elem(0, self.shape.len());
        let mut rest = linear;
        for axis in (1..self.shape.len()).rev() {
            index[axis] = (rest % self.shape[axis]) as i64;
            rest /= self.shape[axis];
        }
        index[0] = rest as i64;
        index
    }

    /// The runs of a range where there are no guards: from one row to the next by additions alone.
    fn runs(&self, start: usize, len: usize, emit: &mut impl FnMut(Run)) {
        let inner = self.shape.len() - 1;
        let mut index = self.index(start);
        let mut address = self.offset + index.iter().zip(&self.strides).map(|(i, stride)| i * stride).sum::<i64>();
        let step = self.strides[inner];
        let mut done = 0;
        while done < len {
            let column = index[inner] as usize;
            let count = (len - done).min(self.shape[inner] - column);
            emit(Run { at: done, spacing: 1, count, address, step });
            done += count;
            address -= step * column as i64;
            index[inner] = 0;
            for axis in (0..inner).rev() {
                index[axis] += 1;
                address += self.strides[axis];
                if index[axis] < self.shape[axis] as i64 || axis == 0 {
                    break;
                }
                address -= self.strides[axis] * index[axis];
                index[axis] = 0;
            }
        }
    }

    /// Where rows are short: the inner axes that have some hundred elements together.
    fn pattern(&self) -> Option<Pattern> {
        const SHORT: usize = 16;
        const MOST: usize = 2048;
        let inner = *self.shape.last().expect("at least one axis");
        let mut axis = self.shape.len() - 1;
        let mut period = inner;
        while axis > 0 && period * self.shape[axis - 1] <= MOST {
            axis -= 1;
            period *= self.shape[axis];
        }
        let small = |guard: &Guard| guard.divisor == 1 && guard.bound < 1 << 30 && guard.offset.abs() < 1 << 30;
        if inner >= SHORT || period < SHORT || !self.guards.iter().all(small) {
            return None;
        }
        let along = |coefs: &Coefs| {
            let value = |element| self.index(element).iter().zip(coefs).map(|(i, coef)| i * coef).sum::<i64>();
            (0..period).map(|element| i32::try_from(value(element)).ok()).collect::<Option<Vec<i32>>>()
        };
        let guards = self.guards.iter().map(|guard| Some((along(&guard.coefs)?, guard.bound as i32)));
        Some(Pattern { offsets: along(&self.strides)?, guards: guards.collect::<Option<_>>()? })
    }

    fn crossing(&self) -> Option<Crossing> {
        const FEWEST: usize = 4;
        let inner = self.shape.len() - 1;
        let axis = (0..inner).rev().find(|&axis| self.strides[axis] == 1 && self.shape[axis] >= FEWEST)?;
        let strides = self.shape[inner] > 1 && self.strides[inner].abs() > 1;
        strides.then(|| Crossing { span: self.shape[axis + 1..].iter().product(), size: self.shape[axis] })
    }

    /// Drops axes of one element, and joins neighbours of which the outer one continues the inner one.
    fn merge(&mut self) {
        if numel(&self.shape) == 0 {
            return self.set_axes(&[], &[0]);
        }
        let mut kept: SmallVec<[usize; 6]> = SmallVec::new();
        let mut sizes: SmallVec<[usize; 6]> = SmallVec::new();
        for axis in (0..self.shape.len()).rev() {
            if self.shape[axis] == 1 {
                continue;
            }
            let continues = kept.last().is_some_and(|&inner| {
                let size = *sizes.last().expect("as many as kept") as i64;
                let regular = |coefs: &Coefs| coefs[axis] == coefs[inner] * size;
                regular(&self.strides) && self.guards.iter().all(|guard| regular(&guard.coefs))
            });
            if continues {
                *sizes.last_mut().expect("as many as kept") *= self.shape[axis];
            } else {
                kept.push(axis);
                sizes.push(self.shape[axis]);
            }
        }
        kept.reverse();
        sizes.reverse();
        if kept.is_empty() { self.set_axes(&[], &[1]) } else { self.set_axes(&kept, &sizes) }
    }

    fn set_axes(&mut self, kept: &[usize], sizes: &[usize]) {
        let pick = |coefs: &Coefs| -> Coefs {
            if kept.is_empty() { SmallVec::from_elem(0, 1) } else { kept.iter().map(|&axis| coefs[axis]).collect() }
        };
        self.strides = pick(&self.strides);
        for guard in &mut self.guards {
            guard.coefs = pick(&guard.coefs);
        }
        self.shape = sizes.into();
    }
}

/// Takes a run of linear numbers through the levels: it splits where the innermost axis wraps and where guards say so.
fn walk(levels: &[Level], numbers: Run, emit: &mut impl FnMut(Run)) {
    let level = &levels[0];
    let inner = level.shape.len() - 1;
    let size = level.shape[inner] as i64;
    let mut index: SmallVec<[i64; 6]> = SmallVec::from_elem(0, inner + 1);
    let (mut done, mut number) = (0, numbers.address);
    let mut fresh = true;
    while done < numbers.count {
        if fresh || numbers.step != 1 {
            let mut rest = number;
            for axis in (1..=inner).rev() {
                index[axis] = rest % level.shape[axis] as i64;
                rest /= level.shape[axis] as i64;
            }
            index[0] = rest;
            fresh = false;
        } else {
            index[inner] = 0;
            for axis in (0..inner).rev() {
                index[axis] += 1;
                if index[axis] < level.shape[axis] as i64 || axis == 0 {
                    break;
                }
                index[axis] = 0;
            }
        }
        let left = (numbers.count - done) as i64;
        let column = index[inner];
        let count = match numbers.step {
            0 => left,
            1 => left.min(size - column),
            step if step > 0 => left.min((size - column + step - 1) / step),
            step => left.min(column / -step + 1),
        };
        if let Some(run) = level.row(&index, numbers.step, count) {
            let placed = Run {
                at: numbers.at + numbers.spacing * (done + run.at),
                spacing: numbers.spacing * run.spacing,
                ..run
            };
            match &levels[1..] {
                [] => emit(placed),
                deeper => walk(deeper, placed, emit),
            }
        }
        done += count as usize;
        number += count * numbers.step;
    }
}

impl Level {
    /// The existing elements among `count` of a row, which starts at `index` and steps along the innermost axis.
    fn row(&self, index: &[i64], step: i64, count: i64) -> Option<Run> {
        let inner = index.len() - 1;
        let dot = |coefs: &Coefs| coefs.iter().zip(index).map(|(c, i)| c * i).sum::<i64>();
        let mut address = self.offset + dot(&self.strides);
        let mut address_step = self.strides[inner] * step;
        let (mut low, mut high, mut spacing) = (0, count, 1);
        let mut divided = false;
        for guard in &self.guards {
            let value = guard.offset + dot(&guard.coefs);
            let slope = guard.coefs[inner] * step;
            let limit = guard.bound * guard.divisor;
            if slope == 0 {
                if value < 0 || value >= limit || value % guard.divisor != 0 {
                    return None;
                }
                address += guard.stride * (value / guard.divisor);
                continue;
            }
            // 0 <= value + slope·j < limit
            let (from, to) = if slope > 0 {
                (ceil_div(-value, slope), ceil_div(limit - value, slope))
            } else {
                (ceil_div(value - limit + 1, -slope), ceil_div(value + 1, -slope))
            };
            low = low.max(from);
            high = high.min(to);
            divided |= guard.divisor > 1;
        }
        if divided {
            let sloped = || self.guards.iter().filter(|guard| guard.divisor > 1 && guard.coefs[inner] * step != 0);
            for guard in sloped() {
                let period = guard.divisor / gcd(guard.divisor, (guard.coefs[inner] * step).abs());
                spacing = spacing / gcd(spacing, period) * period;
            }
            let start = |guard: &Guard| guard.offset + dot(&guard.coefs);
            let divides = |j: i64| sloped().all(|g| (start(g) + g.coefs[inner] * step * j) % g.divisor == 0);
            low = (low..high.min(low + spacing)).find(|&j| divides(j))?;
            for guard in sloped() {
                let slope = guard.coefs[inner] * step;
                // From here on `address` is that of element `low` minus `low` plain steps.
                address += guard.stride * ((start(guard) + slope * low) / guard.divisor);
            }
            let plain = address_step;
            address += plain * low;
            address_step = plain * spacing;
            for guard in sloped() {
                address_step += guard.stride * (guard.coefs[inner] * step * spacing / guard.divisor);
            }
        } else {
            address += address_step * low;
        }
        (low < high).then(|| Run {
            at: low as usize,
            spacing: spacing as usize,
            count: ((high - 1 - low) / spacing + 1) as usize,
            address,
            step: address_step,
        })
    }
}

fn ceil_div(a: i64, b: i64) -> i64 {
    a.div_euclid(b) + (a.rem_euclid(b) != 0) as i64
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use rutile_core::view::{Affine, Walk};

    use super::*;

    /// Compares runs with the addresses that the plan format defines, for all ranges.
    fn check(view: &View) {
        let shape = view.shape().to_vec();
        let axes: Vec<usize> = (0..shape.len()).collect();
        let rows = Rows::new(view, &axes);
        let total = numel(&shape);
        let expected: Vec<Option<usize>> = (0..total)
            .map(|linear| {
                let mut rest = linear;
                let mut index = vec![0; shape.len()];
                for axis in (0..shape.len()).rev() {
                    index[axis] = rest % shape[axis];
                    rest /= shape[axis];
                }
                view.address(&index)
            })
            .collect();
        for start in 0..total {
            for len in 1..=total - start {
                let mut got = vec![None; len];
                rows.runs(start, len, &mut |run| {
                    for i in 0..run.count {
                        got[run.at + i * run.spacing] = Some((run.address + run.step * i as i64) as usize);
                    }
                });
                let want = &expected[start..start + len];
                assert_eq!(got, want, "{view:?} {start} {len}");
                got.fill(None);
                let stretches = rows.stretches(start, len, &mut |part| {
                    let places = part.offsets.iter().map(|offset| (part.base + *offset as i64) as usize).enumerate();
                    let exists = |i: usize| part.exist.is_none_or(|exist| exist[i]);
                    places.for_each(|(i, place)| got[part.at + i] = exists(i).then_some(place));
                });
                assert!(!stretches || got == want, "{view:?} {start} {len}");
                match rows.extent(start, len) {
                    Extent::Consecutive(a) => assert!((0..len).all(|i| want[i] == Some(a + i))),
                    Extent::Constant(a) => assert!(want.iter().all(|&w| w == Some(a))),
                    Extent::Absent => assert!(want.iter().all(|w| w.is_none())),
                    Extent::Mixed => {}
                }
            }
        }
    }

    fn affine(axis: usize, size: usize, scale: i64, offset: i64, divisor: i64, with: Option<(usize, i64)>) -> Affine {
        Affine { axis, size, scale, offset, divisor, with }
    }

    #[test]
    fn runs_agree_with_the_definition() {
        check(&View::contiguous(&[2, 3, 4]));
        check(&View::contiguous(&[]));
        let mut transposed = Walk::start(&[3, 4]);
        transposed.permute(&[1, 0]);
        check(&transposed.finish());
        let mut broadcast = Walk::start(&[3, 4]);
        broadcast.expand(&[3, 1]);
        check(&broadcast.finish());
        let mut broadcast = Walk::start(&[3, 4]);
        broadcast.expand(&[1, 4]);
        check(&broadcast.finish());
        let mut pad = Walk::start(&[4, 7]);
        pad.affine(&affine(1, 7, 1, -2, 1, None), 3);
        pad.affine(&affine(0, 4, -1, 3, 1, None), 4);
        check(&pad.finish());
        for divisor in [2, 3] {
            let mut dilated = Walk::start(&[2, 11]);
            dilated.affine(&affine(1, 11, 1, -1, divisor, None), 4);
            check(&dilated.finish());
            let mut flipped = Walk::start(&[11, 2]);
            flipped.affine(&affine(0, 11, -1, 9, divisor, None), 4);
            check(&flipped.finish());
        }
        let mut window = Walk::start(&[4, 3]);
        window.affine(&affine(0, 4, 2, 0, 1, Some((1, 1))), 9);
        window.expand(&[9, 1]);
        window.reshape(&[9]);
        window.affine(&affine(0, 9, 1, -1, 2, None), 4);
        check(&window.finish());
        let mut repeated = Walk::start(&[3, 5, 2, 7, 2]);
        repeated.expand(&[3, 5, 1, 7, 1]);
        check(&repeated.finish());
        let mut padded = Walk::start(&[2, 6, 4]);
        padded.affine(&affine(2, 4, 1, -1, 1, Some((1, -1))), 5);
        padded.affine(&affine(1, 6, 1, 1, 1, None), 9);
        padded.permute(&[1, 0, 2]);
        check(&padded.finish());
        let mut levels = Walk::start(&[24]);
        levels.reshape(&[2, 3, 4]);
        levels.affine(&affine(2, 4, 1, -1, 1, None), 2);
        levels.affine(&affine(1, 3, -1, 2, 1, None), 3);
        check(&levels.finish());
        let mut stepped = Walk::start(&[6]);
        stepped.affine(&affine(0, 6, -3, 17, 1, None), 18);
        stepped.reshape(&[3, 6]);
        stepped.affine(&affine(1, 6, 1, -1, 1, None), 4);
        stepped.reshape(&[12]);
        check(&stepped.finish());
    }
}
