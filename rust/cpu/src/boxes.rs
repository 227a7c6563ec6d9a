//! What lies side by side, part by part: where guards hold for whole boxes of the iteration space alone, as those of stacked
//! tensors do, each box gets code of its own, in which nothing is left of the parts that have no element there.

use rutile_core::dtype::Scalar;
use rutile_core::elementwise::Elementwise;
use rutile_core::kernel::{Block, Kernel, Value};
use rutile_core::view::{Guard, Level, View};

/// Shortest run of elements of a box in the output, and most boxes: beyond, tiles would be too small to gain anything.
const SHORTEST_RUN: usize = 64;
const MOST_BOXES: usize = 128;

/// Elementwise code for a box.
pub struct Part {
    /// A kernel over the box alone.
    pub kernel: Kernel,
    /// Where its elements lie in the output.
    pub place: View,
}

/// An elementwise kernel as parts, if it has guards that are known for all elements of a box.
pub fn parts(kernel: &Kernel) -> Option<Vec<Part>> {
    let checks = kernel.body.code.iter().any(|instruction| matches!(instruction.value, Value::Check { .. }));
    if checks || !kernel.body.views().any(View::has_guards) {
        return None;
    }
    let mut parts = Vec::new();
    split(Part { kernel: kernel.clone(), place: View::contiguous(&kernel.out) }, &mut parts);
    (2..=MOST_BOXES).contains(&parts.len()).then_some(parts)
}

/// Cuts a part along its first axis that guards tell to cut, and what comes of it further.
fn split(part: Part, parts: &mut Vec<Part>) {
    if parts.len() > MOST_BOXES {
        return;
    }
    let bounds = bounds(&part.kernel);
    let Some(axis) = bounds.iter().position(|bounds| bounds.len() > 2) else { return parts.push(part) };
    for range in bounds[axis].windows(2) {
        let whole = part.kernel.out.iter().map(|&size| (0, size));
        let mut ranges: Vec<(usize, usize)> = whole.collect();
        ranges[axis] = (range[0], range[1]);
        split(part.within(&ranges), parts);
    }
}

/// The ends of boxes along each axis, 0 and the axis' size included; neither boxes nor what is left of rows may be too small.
fn bounds(kernel: &Kernel) -> Vec<Vec<usize>> {
    let mut bounds: Vec<Vec<usize>> = kernel.out.iter().map(|&size| vec![0, size]).collect();
    for view in kernel.body.views().filter(|view| view.levels.len() == 1) {
        for (axis, ends) in view.levels[0].guards.iter().filter_map(|guard| ends(guard, &kernel.out)) {
            let inside = ends.into_iter().filter(|end| (1..kernel.out[axis] as i64).contains(end));
            bounds[axis].extend(inside.map(|end| end as usize));
        }
    }
    let mut run = 1;
    for (bounds, &size) in bounds.iter_mut().zip(&kernel.out).rev() {
        bounds.sort_unstable();
        bounds.dedup();
        let shortest = bounds.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap_or(0);
        if run * shortest < SHORTEST_RUN {
            *bounds = vec![0, size];
        }
        run *= size;
    }
    bounds
}

/// The axis on which a guard holds from one index up to another, whatever the indices along the others.
pub fn ends(guard: &Guard, shape: &[usize]) -> Option<(usize, [i64; 2])> {
    let axis = (0..shape.len()).find(|&axis| guard.coefs[axis] != 0 && shape[axis] > 1)?;
    let step = guard.coefs[axis];
    let rest = || (axis + 1..shape.len()).filter(|&axis| shape[axis] > 1).map(|axis| guard.coefs[axis]);
    let span: i64 = (axis + 1..shape.len()).map(|axis| guard.coefs[axis].abs() * (shape[axis] as i64 - 1)).sum();
    let ends = [-guard.offset, guard.bound - guard.offset];
    // Axes that together count through a larger step are that step's remainder.
    let alone = span == 0 || (step > span && rest().all(|coef| coef >= 0) && ends.iter().all(|end| end % step == 0));
    let known = guard.divisor == 1 && step != 0 && alone;
    let rising = |end: i64| -(-end).div_euclid(step);
    let falling = |end: i64| (-end).div_euclid(-step) + 1;
    known.then(|| (axis, if step > 0 { ends.map(rising) } else { ends.map(falling) }))
}

impl Part {
    /// The elements whose index lies within a range along each axis.
    fn within(&self, ranges: &[(usize, usize)]) -> Part {
        let (mut kernel, mut place) = (self.kernel.clone(), self.place.clone());
        kernel.out = ranges.iter().map(|&(start, end)| end - start).collect();
        narrow(&mut place, ranges);
        let places = restrict(&mut kernel.body, ranges);
        let mut values: Vec<usize> = kernel.stores.iter().map(|store| places[store.value]).collect();
        kernel.body.drop_unused(&mut values);
        kernel.stores.iter_mut().zip(values).for_each(|(store, value)| store.value = value);
        Part { kernel, place }
    }
}

/// Lets a block's views see the index within a box; what is known of its guards becomes constants, and choices by those the
/// values chosen. Returns which value each one has become.
fn restrict(block: &mut Block, ranges: &[(usize, usize)]) -> Vec<usize> {
    let mut places: Vec<usize> = Vec::with_capacity(block.code.len());
    for n in 0..block.code.len() {
        let (before, rest) = block.code.split_at_mut(n);
        let instruction = &mut rest[0];
        instruction.value.operands_mut().into_iter().for_each(|operand| *operand = places[*operand]);
        let dtype = instruction.dtype;
        let exists = instruction.value.view_mut().map(|view| narrow(view, ranges));
        let constant = |n: usize| match before[n].value {
            Value::Constant(scalar) => Some(scalar),
            _ => None,
        };
        let adds_nothing = |n: &usize| {
            let zero = |scalar: Scalar| scalar.is(0) && scalar.as_f64().is_sign_negative() == dtype.is_float();
            constant(*n).is_some_and(zero)
        };
        let mut same = n;
        match (&instruction.value, exists) {
            (Value::Valid { .. }, Some(Some(exists))) => {
                instruction.value = Value::Constant(Scalar::int(exists as i64, dtype));
            }
            (Value::Load { .. } | Value::Gather { .. } | Value::Index { .. }, Some(Some(false))) => {
                instruction.value = Value::Constant(Scalar::int(0, dtype));
            }
            (Value::Elementwise { op: Elementwise::Where, operands }, _) => {
                if let Some(chosen) = constant(operands[0]) {
                    same = operands[if chosen.is(0) { 2 } else { 1 }];
                }
            }
            (Value::Elementwise { op: Elementwise::Add, operands }, _) => {
                if let Some(n) = operands.iter().position(adds_nothing) {
                    same = operands[1 - n];
                }
            }
            _ => {}
        }
        places.push(same);
    }
    places
}

/// Lets a view see the index within a box; tells whether its elements all exist, or none, if that is known.
fn narrow(view: &mut View, ranges: &[(usize, usize)]) -> Option<bool> {
    let single = view.levels.len() == 1;
    let Level { shape, strides, offset, guards } = &mut view.levels[0];
    let at = |coefs: &[i64]| coefs.iter().zip(ranges).map(|(coef, range)| coef * range.0 as i64).sum::<i64>();
    shape.iter_mut().zip(ranges).for_each(|(size, range)| *size = range.1 - range.0);
    *offset += at(strides);
    let mut absent = false;
    guards.retain_mut(|guard| {
        guard.offset += at(&guard.coefs);
        let reach = |sign: i64| {
            guard.coefs.iter().zip(&*shape).map(
                move |(coef, &size)| {
                    if coef.signum() == sign { coef * (size as i64 - 1) } else { 0 }
                },
            )
        };
        let (least, most) = (guard.offset + reach(-1).sum::<i64>(), guard.offset + reach(1).sum::<i64>());
        let known = guard.divisor == 1;
        absent |= known && (most < 0 || least >= guard.bound);
        !(known && least >= 0 && most < guard.bound)
    });
    match (absent, single && guards.is_empty()) {
        (true, _) => Some(false),
        (false, true) => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rutile_core::shape::numel;

    use super::*;

    #[test]
    fn guards_hold_between_their_ends() {
        for (coefs, offset, bound, shape) in [
            (vec![0, 1], -2, 3, vec![4, 7]),
            (vec![7, 1], -14, 7, vec![4, 7]),
            (vec![7, 1], -15, 7, vec![4, 7]),
            (vec![0, -1], 5, 3, vec![4, 7]),
            (vec![2, 0], -1, 4, vec![5, 3]),
            (vec![-2, 0], 7, 4, vec![5, 3]),
        ] {
            let guard = Guard { coefs: coefs.into(), offset, divisor: 1, bound, stride: 0 };
            let Some((axis, ends)) = ends(&guard, &shape) else {
                assert_eq!(guard.offset, -15, "{guard:?}");
                continue;
            };
            for linear in 0..numel(&shape) {
                let index = [linear / shape[1], linear % shape[1]];
                let value = guard.offset + (0..2).map(|axis| guard.coefs[axis] * index[axis] as i64).sum::<i64>();
                let inside = (ends[0].min(ends[1])..ends[0].max(ends[1])).contains(&(index[axis] as i64));
                assert_eq!((0..bound).contains(&value), inside, "{guard:?} {index:?}");
            }
        }
    }
}
