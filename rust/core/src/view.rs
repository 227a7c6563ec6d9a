//! Views: how a kernel's iteration index becomes an address in a buffer.
//!
//! A view is a chain of levels. The first level's shape is the iteration space; a level turns its index into a linear
//! number, which the next level splits again (row-major) over its own shape; the last number is the element's address.
//! One level expresses any mixture of permute, expand, pad, slice, window and of reshapes that keep strides regular;
//! only a reshape across padding or across irregular strides needs a second one.

use serde::{Deserialize, Serialize};
use smallvec::{SmallVec, smallvec};

use crate::shape::{Coefs, Shape, contiguous_strides, numel};

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct View {
    pub levels: SmallVec<[Level; 1]>,
}

/// `address = offset + Σ strides·index + Σ guard.stride · quotient(guard)`; the element exists if every guard holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Level {
    pub shape: Shape,
    pub strides: Coefs,
    pub offset: i64,
    pub guards: Vec<Guard>,
}

/// Holds if `value = Σ coefs·index + offset` is a multiple of `divisor` and `0 <= value / divisor < bound`.
/// Where it does not hold, the view reads as zero. `stride` is nonzero only if `divisor > 1`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Guard {
    pub coefs: Coefs,
    pub offset: i64,
    pub divisor: i64,
    pub bound: i64,
    pub stride: i64,
}

impl Guard {
    /// Whether it holds for every index, or for none, where it tests what is the same for all.
    fn existence(&self, shape: &[usize]) -> Option<bool> {
        let fixed = self.coefs.iter().zip(shape).all(|(&coef, &size)| coef == 0 || size == 1);
        let quotient = self.offset.div_euclid(self.divisor);
        fixed.then(|| self.offset.rem_euclid(self.divisor) == 0 && (0..self.bound).contains(&quotient))
    }
}

impl View {
    pub fn contiguous(shape: &[usize]) -> View {
        let level = Level { shape: shape.into(), strides: contiguous_strides(shape), offset: 0, guards: Vec::new() };
        View { levels: smallvec![level] }
    }

    /// The iteration space.
    pub fn shape(&self) -> &[usize] {
        &self.levels[0].shape
    }

    /// True if the element at row-major position `i` of the iteration space lies at address `i`.
    pub fn is_contiguous(&self) -> bool {
        self.levels.len() == 1 && self.levels[0].is_identity()
    }

    /// True if the element at each index lies at the address `Σ strides·index`.
    pub fn is_plain(&self, strides: &[i64]) -> bool {
        let [level] = &self.levels[..] else { return false };
        let same = |axis: usize| level.shape[axis] == 1 || level.strides[axis] == strides[axis];
        level.offset == 0 && level.guards.is_empty() && (0..level.shape.len()).all(same)
    }

    pub fn has_guards(&self) -> bool {
        self.levels.iter().any(|level| !level.guards.is_empty())
    }

    /// Whether the view shows an element at every index, or at none; None if that differs, or is not plain to see.
    pub fn existence(&self) -> Option<bool> {
        let guards =
            || self.levels.iter().flat_map(|level| level.guards.iter().map(|guard| guard.existence(&level.shape)));
        if guards().any(|exists| exists == Some(false)) {
            return Some(false);
        }
        guards().all(|exists| exists == Some(true)).then_some(true)
    }

    /// True if the address does not depend on `axis` of the iteration space.
    pub fn ignores(&self, axis: usize) -> bool {
        let first = &self.levels[0];
        first.shape[axis] == 1 || (first.strides[axis] == 0 && first.guards.iter().all(|guard| guard.coefs[axis] == 0))
    }

    /// The address of the element at `index`, or None where the view reads as zero.
    pub fn address(&self, index: &[usize]) -> Option<usize> {
        let mut index: SmallVec<[usize; 6]> = index.into();
        let mut address = 0;
        for (depth, level) in self.levels.iter().enumerate() {
            if depth > 0 {
                let mut rest = address as usize;
                index = smallvec![0; level.shape.len()];
                for axis in (0..level.shape.len()).rev() {
                    index[axis] = rest % level.shape[axis];
                    rest /= level.shape[axis];
                }
            }
            let dot = |coefs: &Coefs| coefs.iter().zip(&index).map(|(c, &i)| c * i as i64).sum::<i64>();
            address = level.offset + dot(&level.strides);
            for guard in &level.guards {
                let value = dot(&guard.coefs) + guard.offset;
                let quotient = value.div_euclid(guard.divisor);
                if value.rem_euclid(guard.divisor) != 0 || !(0..guard.bound).contains(&quotient) {
                    return None;
                }
                address += guard.stride * quotient;
            }
        }
        Some(address as usize)
    }
}

impl Level {
    fn is_identity(&self) -> bool {
        let strides = contiguous_strides(&self.shape);
        let regular = |axis: usize| self.shape[axis] == 1 || self.strides[axis] == strides[axis];
        self.guards.is_empty() && self.offset == 0 && (0..self.shape.len()).all(regular)
    }
}

/// An integer expression of the iteration variables: `(Σ coefs·var + offset) / divisor`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Expr {
    coefs: Coefs,
    offset: i64,
    divisor: i64,
}

/// The axis relation behind pad, slice, flip, dilate and window: output index `i` (and `k`, the index of axis `with`)
/// reads input index `j` where `scale·i + step·k + offset == divisor·j`; other output elements have no source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Affine {
    pub axis: usize,
    pub size: usize,
    pub scale: i64,
    pub offset: i64,
    pub divisor: i64,
    pub with: Option<(usize, i64)>,
}

impl Affine {
    /// The relation read from the other side: from elements of a source of shape `source` to those of the view.
    pub fn adjoint(&self, source: &[usize]) -> Affine {
        Affine {
            axis: self.axis,
            size: source[self.axis],
            scale: self.divisor,
            offset: -self.offset,
            divisor: self.scale,
            with: self.with.map(|(axis, step)| (axis, -step)),
        }
    }
}

/// A view under construction: walks from a kernel's iteration space back through view operations to their source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Walk {
    done: Vec<Level>,
    vars: Shape,
    extents: Shape,
    exprs: Vec<Expr>,
    guards: Vec<(Expr, i64)>,
    /// Variables that reshapes could not follow, and into pieces of what size they would have to be cut.
    cuts: Vec<(usize, usize)>,
}

impl Walk {
    /// Starts at a node of the kernel's own iteration shape.
    pub fn start(shape: &[usize]) -> Walk {
        let mut walk = Walk::over(shape, shape);
        walk.exprs = (0..shape.len()).map(|axis| walk.var(axis)).collect();
        walk
    }

    /// Starts at a source of shape `extents`, each of whose axes reads the iteration space `vars` by
    /// `(Σ coefs·var + offset) / divisor`, given as (coefs, offset, divisor).
    pub fn project(vars: &[usize], extents: &[usize], axes: Vec<(Coefs, i64, i64)>) -> Walk {
        let mut walk = Walk::over(vars, extents);
        for ((coefs, offset, divisor), &extent) in axes.into_iter().zip(extents) {
            let expr = walk.guarded(Expr { coefs, offset, divisor }, extent);
            walk.exprs.push(expr);
        }
        walk
    }

    fn over(vars: &[usize], extents: &[usize]) -> Walk {
        Walk {
            done: Vec::new(),
            vars: vars.into(),
            extents: extents.into(),
            exprs: Vec::new(),
            guards: Vec::new(),
            cuts: Vec::new(),
        }
    }

    /// Axes of the iteration space, and into pieces of what size they would have to be cut, for the view to need fewer levels.
    pub fn cuts(&self) -> &[(usize, usize)] {
        &self.cuts
    }

    /// Coefficients over the iteration variables and offset of each axis of the node that the walk has reached,
    /// if all of them are plain affine expressions that need no guard.
    pub fn affine_axes(&self) -> Option<Vec<(Coefs, i64)>> {
        let plain = self.done.is_empty() && self.guards.is_empty() && self.exprs.iter().all(|expr| expr.divisor == 1);
        plain.then(|| self.exprs.iter().map(|expr| (expr.coefs.clone(), expr.offset)).collect())
    }

    /// Shape of the node that the walk has reached.
    pub fn extents(&self) -> &[usize] {
        &self.extents
    }

    pub fn has_guards(&self) -> bool {
        !self.guards.is_empty() || self.done.iter().any(|level| !level.guards.is_empty())
    }

    pub fn permute(&mut self, axes: &[usize]) {
        let mut exprs = self.exprs.clone();
        let mut extents = self.extents.clone();
        for (position, &axis) in axes.iter().enumerate() {
            exprs[axis] = self.exprs[position].clone();
            extents[axis] = self.extents[position];
        }
        (self.exprs, self.extents) = (exprs, extents);
    }

    /// Through a broadcast from `source`, whose missing axes are leading ones.
    pub fn expand(&mut self, source: &[usize]) {
        let added = self.extents.len() - source.len();
        self.exprs.drain(..added);
        self.extents.drain(..added);
        for (axis, &size) in source.iter().enumerate() {
            if size == 1 && self.extents[axis] != 1 {
                self.exprs[axis] = self.constant(0);
            }
        }
        self.extents = source.into();
    }

    /// To a source whose `axis` has `size` elements and is read at a position that is found elsewhere, counted from here as 0.
    pub fn drop_axis(&mut self, axis: usize, size: usize) {
        self.exprs[axis] = self.constant(0);
        self.extents[axis] = size;
    }

    /// Through an [`Affine`] view of a source whose axis has `source_size` elements.
    pub fn affine(&mut self, affine: &Affine, source_size: usize) {
        let with = affine.with.map(|(axis, _)| axis);
        let divided = |axis: usize| self.exprs[axis].divisor != 1;
        if divided(affine.axis) || with.is_some_and(divided) {
            self.flush();
        }
        let main = &self.exprs[affine.axis];
        let mut expr = Expr {
            coefs: main.coefs.iter().map(|c| c * affine.scale).collect(),
            offset: main.offset * affine.scale + affine.offset,
            divisor: affine.divisor,
        };
        if let Some((axis, step)) = affine.with {
            let other = &self.exprs[axis];
            expr.offset += other.offset * step;
            expr.coefs.iter_mut().zip(&other.coefs).for_each(|(c, o)| *c += o * step);
        }
        self.exprs[affine.axis] = self.guarded(expr, source_size);
        self.extents[affine.axis] = source_size;
    }

    /// Through a reshape of a source of shape `source`.
    pub fn reshape(&mut self, source: &[usize]) {
        match self.regroup(source) {
            Ok(exprs) => self.exprs = exprs,
            Err(cuts) => {
                if self.done.is_empty() {
                    self.cuts.extend(cuts);
                }
                self.flush_as(source);
            }
        }
        self.extents = source.into();
    }

    /// The view of a contiguous buffer that holds the node which the walk has reached.
    pub fn finish(mut self) -> View {
        self.flush();
        let mut levels: SmallVec<[Level; 1]> = self.done.into_iter().collect();
        for Level { shape, guards, .. } in &mut levels {
            guards.retain(|guard| guard.stride != 0 || guard.existence(shape) != Some(true));
        }
        let mut depth = 1;
        while depth < levels.len() {
            if levels[depth].is_identity() {
                levels.remove(depth);
            } else {
                depth += 1;
            }
        }
        if levels.len() > 1 && levels[0].is_identity() && numel(&levels[0].shape) == numel(&levels[1].shape) {
            // The kernel iterates over the first level's shape, so it stays unless the shapes are the same.
            if levels[0].shape == levels[1].shape {
                levels.remove(0);
            }
        }
        View { levels }
    }

    fn var(&self, axis: usize) -> Expr {
        let mut expr = self.constant(0);
        if self.vars[axis] != 1 {
            expr.coefs[axis] = 1;
        }
        expr
    }

    fn constant(&self, value: i64) -> Expr {
        Expr { coefs: smallvec![0; self.vars.len()], offset: value, divisor: 1 }
    }

    /// Least and greatest value of the numerator.
    fn range(&self, expr: &Expr) -> (i64, i64) {
        let span = |(c, &n): (&i64, &usize)| c * (n.max(1) as i64 - 1);
        let spans = expr.coefs.iter().zip(&self.vars).map(span);
        spans.fold((expr.offset, expr.offset), |(low, high), s| (low + s.min(0), high + s.max(0)))
    }

    /// Reduces the fraction and adds the guard that the expression needs to stay within `0..size`.
    fn guarded(&mut self, mut expr: Expr, size: usize) -> Expr {
        if expr.divisor < 0 {
            expr.divisor = -expr.divisor;
            expr.offset = -expr.offset;
            expr.coefs.iter_mut().for_each(|c| *c = -*c);
        }
        let divisor = expr.divisor;
        if divisor > 1 && expr.offset % divisor == 0 && expr.coefs.iter().all(|c| c % divisor == 0) {
            expr.coefs.iter_mut().for_each(|c| *c /= divisor);
            expr.offset /= divisor;
            expr.divisor = 1;
        }
        let (low, high) = self.range(&expr);
        if expr.divisor > 1 || low < 0 || high >= size as i64 {
            self.guards.push((expr.clone(), size as i64));
        }
        expr
    }

    /// Ends the current level: everything so far becomes one linear number over `extents`.
    fn flush(&mut self) {
        let extents = self.extents.clone();
        self.flush_as(&extents);
    }

    fn flush_as(&mut self, next: &[usize]) {
        let contiguous = contiguous_strides(&self.extents);
        let mut strides: Coefs = smallvec![0; self.vars.len()];
        let mut offset = 0;
        let mut guards: Vec<Guard> = Vec::new();
        for (expr, bound) in std::mem::take(&mut self.guards) {
            let guard = Guard { coefs: expr.coefs, offset: expr.offset, divisor: expr.divisor, bound, stride: 0 };
            if !guards.contains(&guard) {
                guards.push(guard);
            }
        }
        for (expr, &stride) in self.exprs.iter().zip(&contiguous) {
            if expr.divisor == 1 {
                offset += expr.offset * stride;
                strides.iter_mut().zip(&expr.coefs).for_each(|(s, c)| *s += c * stride);
            } else {
                let own = |guard: &&mut Guard| {
                    guard.coefs == expr.coefs && guard.offset == expr.offset && guard.divisor == expr.divisor
                };
                let guard = guards.iter_mut().find(own).expect("a divided expression has its guard");
                guard.stride += stride;
            }
        }
        self.done.push(Level { shape: self.vars.clone(), strides, offset, guards });
        self.vars = next.into();
        self.extents = next.into();
        self.exprs = (0..next.len()).map(|axis| self.var(axis)).collect();
    }

    /// Expressions of the axes of `source`, if they are regular functions of the present ones; else the variables that would
    /// have to be cut, and the sizes of the pieces.
    fn regroup(&self, source: &[usize]) -> Result<Vec<Expr>, Vec<(usize, usize)>> {
        let mut result = vec![self.constant(0); source.len()];
        if numel(source) == 0 {
            return Ok(result);
        }
        let present: Vec<usize> = (0..self.extents.len()).filter(|&axis| self.extents[axis] != 1).collect();
        let wanted: Vec<usize> = (0..source.len()).filter(|&axis| source[axis] != 1).collect();
        let (mut i, mut j) = (0, 0);
        let mut cuts: Option<Vec<(usize, usize)>> = None;
        'groups: while i < present.len() {
            let (first_i, first_j) = (i, j);
            let (mut p, mut q) = (self.extents[present[i]], source[wanted[j]]);
            while p != q {
                if p < q {
                    i += 1;
                    p *= self.extents[present[i]];
                } else {
                    j += 1;
                    q *= source[wanted[j]];
                }
            }
            (i, j) = (i + 1, j + 1);
            let (from, to) = (&present[first_i..i], &wanted[first_j..j]);
            if let ([axis], [target]) = (from, to) {
                result[*target] = self.exprs[*axis].clone();
                continue;
            }
            let mut rest = self.constant(0);
            let mut stride = 1;
            for &axis in from.iter().rev() {
                let expr = &self.exprs[axis];
                if expr.divisor != 1 {
                    cuts.get_or_insert_default();
                    continue 'groups;
                }
                rest.offset += expr.offset * stride;
                rest.coefs.iter_mut().zip(&expr.coefs).for_each(|(r, c)| *r += c * stride);
                stride *= self.extents[axis] as i64;
            }
            for &target in to[1..].iter().rev() {
                let size = source[target] as i64;
                let mut low = self.constant(rest.offset.rem_euclid(size));
                let mut high = self.constant(rest.offset.div_euclid(size));
                for (axis, &c) in rest.coefs.iter().enumerate() {
                    let part = if c % size == 0 { &mut high.coefs[axis] } else { &mut low.coefs[axis] };
                    *part = if c % size == 0 { c / size } else { c };
                }
                let (least, greatest) = self.range(&low);
                if least < 0 || greatest >= size {
                    cuts.get_or_insert_default().extend(self.pieces(&rest, size));
                    continue 'groups;
                }
                result[target] = low;
                rest = high;
            }
            result[to[0]] = rest;
        }
        cuts.map_or(Ok(result), Err)
    }

    /// The variables of an expression that go on beyond `size`, with the length at which they reach it.
    fn pieces(&self, expr: &Expr, size: i64) -> impl Iterator<Item = (usize, usize)> {
        let beyond = move |(axis, coef): (usize, i64)| {
            let piece = if coef > 0 && size % coef == 0 { size / coef } else { return None };
            let extent = self.vars[axis] as i64;
            (piece > 1 && extent > piece && extent % piece == 0).then_some((axis, piece as usize))
        };
        expr.coefs.clone().into_iter().enumerate().filter_map(beyond)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Addresses of all elements, row-major; None where the view reads as zero.
    fn addresses(view: &View) -> Vec<Option<usize>> {
        let shape = view.shape();
        let mut all = Vec::new();
        for linear in 0..numel(shape) {
            let mut rest = linear;
            let mut index = vec![0; shape.len()];
            for axis in (0..shape.len()).rev() {
                index[axis] = rest % shape[axis];
                rest /= shape[axis];
            }
            all.push(view.address(&index));
        }
        all
    }

    fn some(list: &[usize]) -> Vec<Option<usize>> {
        list.iter().map(|&i| Some(i)).collect()
    }

    fn affine(axis: usize, size: usize, scale: i64, offset: i64, divisor: i64) -> Affine {
        Affine { axis, size, scale, offset, divisor, with: None }
    }

    #[test]
    fn permute_then_reshape_stays_one_level_where_strides_are_regular() {
        let mut walk = Walk::start(&[6]);
        walk.reshape(&[3, 2]);
        walk.permute(&[1, 0]);
        assert_eq!(addresses(&walk.finish()), some(&[0, 3, 1, 4, 2, 5]));

        let mut walk = Walk::start(&[3, 4]);
        walk.reshape(&[3, 2, 2]);
        let view = walk.finish();
        assert!(view.is_contiguous());
    }

    #[test]
    fn pad_slice_flip_and_dilate() {
        let mut pad = Walk::start(&[5]);
        pad.affine(&affine(0, 5, 1, -1, 1), 3);
        assert_eq!(addresses(&pad.finish()), [None, Some(0), Some(1), Some(2), None]);

        let mut flip = Walk::start(&[3]);
        flip.affine(&affine(0, 3, -1, 2, 1), 3);
        assert_eq!(addresses(&flip.finish()), some(&[2, 1, 0]));

        let mut dilate = Walk::start(&[5]);
        dilate.affine(&affine(0, 5, 1, 0, 2), 3);
        assert_eq!(addresses(&dilate.finish()), [Some(0), None, Some(1), None, Some(2)]);
    }

    #[test]
    fn window_of_a_pad_is_one_level() {
        let mut walk = Walk::start(&[3, 2]);
        walk.affine(&Affine { axis: 0, size: 3, scale: 1, offset: 0, divisor: 1, with: Some((1, 1)) }, 4);
        walk.expand(&[4, 1]);
        walk.reshape(&[4]);
        walk.affine(&affine(0, 4, 1, -1, 1), 2);
        let view = walk.finish();
        assert_eq!(view.levels.len(), 1);
        assert_eq!(addresses(&view), [None, Some(0), Some(0), Some(1), Some(1), None]);
    }

    #[test]
    fn a_reshape_that_needs_a_level_says_what_cuts_would_spare_it() {
        let through = |space: &[usize]| {
            let mut walk = Walk::start(space);
            walk.reshape(&[3, 4]);
            walk.permute(&[1, 0]);
            walk.reshape(&[2, 2, 3]);
            walk.permute(&[1, 0, 2]);
            walk
        };
        let walk = through(&[12]);
        assert_eq!(walk.cuts(), [(0, 4)]);
        let walk = through(&[3, 4]);
        assert_eq!(walk.cuts(), [(1, 2)]);
        let walk = through(&[3, 2, 2]);
        assert!(walk.cuts().is_empty());
        assert_eq!(walk.finish().levels.len(), 1);
    }

    #[test]
    fn reshape_across_padding_adds_a_level() {
        let mut walk = Walk::start(&[8]);
        walk.reshape(&[2, 4]);
        walk.affine(&affine(1, 4, 1, -1, 1), 2);
        let view = walk.finish();
        assert_eq!(view.levels.len(), 2);
        assert_eq!(addresses(&view), [None, Some(0), Some(1), None, None, Some(2), Some(3), None]);
    }
}
