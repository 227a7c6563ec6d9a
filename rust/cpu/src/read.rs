//! How arguments are read: in place where a view lets them be, else element by element into a slot.

use crate::cross::{Crossing, Lines, transpose};
use crate::loops::{Loop, Operand};
use crate::view::{Extent, Rows};

/// Bytes that any absent element can be read from.
pub static ZERO: [u64; 1] = [0];

/// An argument that is read.
pub struct Source {
    pub arg: usize,
    pub size: usize,
    /// Converts half precision to what registers hold.
    pub widen: Option<Loop>,
}

/// Memory for a value that is read: for all elements, for one that stands for all, and before it is widened.
#[derive(Clone, Copy)]
pub struct Places {
    pub out: *mut u8,
    pub slot: *mut u8,
    pub spare: *mut u8,
}

/// Positions along an axis of `bound` elements, `stride` apart.
#[derive(Clone, Copy)]
pub struct Positions<'a> {
    pub positions: &'a [i32],
    pub stride: i64,
    pub bound: i64,
}

impl Positions<'_> {
    /// What an element's position adds to its address, if it lies on the axis.
    fn offset(&self, element: usize) -> Option<i64> {
        let position = self.positions[element] as i64;
        (0..self.bound).contains(&position).then(|| position * self.stride)
    }
}

impl Source {
    /// A range of a view: where it lies, if it has a simple form there.
    ///
    /// # Safety
    /// The view's addresses must lie in `base`, and the places must be writable for `len` elements.
    pub unsafe fn read(&self, rows: &Rows, base: *const u8, start: usize, len: usize, places: Places) -> Operand {
        let uniform = |pointer: *const u8| Operand { pointer, uniform: true };
        let operand = match rows.extent(start, len) {
            Extent::Consecutive(address) => Operand { pointer: base.wrapping_add(address * self.size), uniform: false },
            Extent::Constant(address) => uniform(base.wrapping_add(address * self.size)),
            Extent::Absent => return uniform(ZERO.as_ptr().cast()),
            Extent::Mixed => {
                let out = if self.widen.is_some() { places.spare } else { places.out };
                // SAFETY: the caller's contract.
                unsafe {
                    match self.size {
                        1 => gather::<u8>(rows, base.cast(), start, len, out),
                        2 => gather::<u16>(rows, base.cast(), start, len, out.cast()),
                        4 => gather::<u32>(rows, base.cast(), start, len, out.cast()),
                        _ => gather::<u64>(rows, base.cast(), start, len, out.cast()),
                    }
                }
                Operand { pointer: out, uniform: false }
            }
        };
        // SAFETY: the operand holds `len` elements, or one.
        unsafe { self.widened(operand, len, places) }
    }

    /// As `read`, a tile of a map that is ordered by the crossing.
    ///
    /// # Safety
    /// As for `read`, and no one writes the argument meanwhile.
    pub unsafe fn read_across(
        &self,
        rows: &Rows,
        base: *const u8,
        start: usize,
        len: usize,
        (crossing, lines): (Crossing, &mut Lines),
        places: Places,
    ) -> Operand {
        // SAFETY: the caller's contract.
        unsafe {
            let pointer = match self.size {
                1 => lines.read::<u8>(crossing, rows, base.cast(), start, len).cast(),
                2 => lines.read::<u16>(crossing, rows, base.cast(), start, len).cast(),
                4 => lines.read::<u32>(crossing, rows, base.cast(), start, len).cast(),
                _ => lines.read::<u64>(crossing, rows, base.cast(), start, len).cast(),
            };
            self.widened(Operand { pointer, uniform: false }, len, places)
        }
    }

    /// As `read`, each element at a position of its own.
    ///
    /// # Safety
    /// The view's addresses must lie in `base` for all positions, and the places must be writable.
    pub unsafe fn pick(
        &self,
        rows: &Rows,
        base: *const u8,
        start: usize,
        positions: Positions,
        places: Places,
    ) -> Operand {
        let out = if self.widen.is_some() { places.spare } else { places.out };
        // SAFETY: the caller's contract.
        unsafe {
            match self.size {
                1 => pick::<u8>(rows, base.cast(), start, positions, out),
                2 => pick::<u16>(rows, base.cast(), start, positions, out.cast()),
                4 => pick::<u32>(rows, base.cast(), start, positions, out.cast()),
                _ => pick::<u64>(rows, base.cast(), start, positions, out.cast()),
            }
            self.widened(Operand { pointer: out, uniform: false }, positions.positions.len(), places)
        }
    }

    /// # Safety
    /// The operand must hold `len` elements of the argument, the places must be writable for as many.
    unsafe fn widened(&self, operand: Operand, len: usize, places: Places) -> Operand {
        let Some(widen) = self.widen else { return operand };
        let (out, len) = if operand.uniform { (places.slot, 1) } else { (places.out, len) };
        // SAFETY: the caller's contract.
        unsafe { widen(&[operand; 3], out, len) };
        Operand { pointer: out, ..operand }
    }
}

/// Reads a range of a view, element by element where it has no simple form.
///
/// # Safety
/// The view's addresses must lie in `base`, and `out` must be writable for `len` elements.
unsafe fn gather<T: Copy>(rows: &Rows, base: *const T, start: usize, len: usize, out: *mut T) {
    if rows.has_guards() {
        // SAFETY: the caller's contract; zero bytes are a zero of every element type.
        unsafe { out.write_bytes(0, len) };
    }
    if let (Some(crossing), Some(step)) = (rows.crossing(), rows.innermost_step())
        && crossing.holds_rows(rows.row(), start, len)
    {
        for (done, count) in crossing.stretches(start, len) {
            let from = base.wrapping_add(rows.address(start + done));
            // SAFETY: the caller's contract; rows of a stretch lie one element apart.
            unsafe { transpose(from, step as isize, crossing.span, count, out.wrapping_add(done), crossing.span) };
        }
        return;
    }
    let short_rows = rows.stretches(start, len, &mut |part| {
        let (from, to) = (base.wrapping_offset(part.base as isize), out.wrapping_add(part.at));
        for (i, &offset) in part.offsets.iter().enumerate() {
            if part.exist.is_none_or(|exist| exist[i]) {
                // SAFETY: the caller's contract.
                unsafe { *to.add(i) = *from.offset(offset as isize) };
            }
        }
    });
    if short_rows {
        return;
    }
    rows.runs(start, len, &mut |run| {
        let mut from = base.wrapping_offset(run.address as isize);
        let mut to = out.wrapping_add(run.at);
        // SAFETY: runs stay within the range, and their addresses within the buffer.
        unsafe {
            match (run.spacing, run.step) {
                (1, 1) if run.count >= 16 => std::ptr::copy_nonoverlapping(from, to, run.count),
                (1, 1) => {
                    for i in 0..run.count {
                        *to.add(i) = *from.add(i);
                    }
                }
                (1, 0) => std::slice::from_raw_parts_mut(to, run.count).fill(*from),
                // Common in pooling, and vectorised where the step is known.
                (1, 2) => {
                    for i in 0..run.count {
                        *to.add(i) = *from.add(2 * i);
                    }
                }
                (spacing, step) => {
                    for _ in 0..run.count {
                        *to = *from;
                        from = from.wrapping_offset(step as isize);
                        to = to.wrapping_add(spacing);
                    }
                }
            }
        }
    });
}

/// As `gather`, each element displaced by its position; zero where that lies outside. Stretches of one position, as the
/// rows of an embedding are, are copied at once.
///
/// # Safety
/// The view's addresses must lie in `base` for all positions, and `out` must be writable for as many elements.
unsafe fn pick<T: Copy>(rows: &Rows, base: *const T, start: usize, positions: Positions, out: *mut T) {
    let len = positions.positions.len();
    // SAFETY: the caller's contract; zero bytes are a zero of every element type.
    unsafe { out.write_bytes(0, len) };
    rows.runs(start, len, &mut |run| {
        let from = base.wrapping_offset(run.address as isize);
        let to = out.wrapping_add(run.at);
        if (run.spacing, run.step) == (1, 1) && run.count >= 8 {
            let own = &positions.positions[run.at..run.at + run.count];
            if own.iter().fold(0, |differences, position| differences | (position ^ own[0])) == 0 {
                if let Some(offset) = positions.offset(run.at) {
                    // SAFETY: as in `gather`, and the offset stays on the axis.
                    unsafe { std::ptr::copy_nonoverlapping(from.wrapping_offset(offset as isize), to, run.count) };
                }
                return;
            }
        }
        for i in 0..run.count {
            if let Some(offset) = positions.offset(run.at + i * run.spacing) {
                // SAFETY: as above.
                unsafe { *to.add(i * run.spacing) = *from.wrapping_offset((run.step * i as i64 + offset) as isize) };
            }
        }
    });
}

/// # Safety
/// `out` must be writable for `len` elements.
pub unsafe fn index(rows: &Rows, start: usize, len: usize, out: *mut i32) {
    // SAFETY: the caller's contract.
    let out = unsafe { std::slice::from_raw_parts_mut(out, len) };
    if rows.has_guards() {
        out.fill(0);
    }
    let short_rows = rows.stretches(start, len, &mut |part| {
        let own = out[part.at..].iter_mut().zip(part.offsets).enumerate();
        own.filter(|(i, _)| part.exist.is_none_or(|exist| exist[*i]))
            .for_each(|(_, (place, offset))| *place = part.base as i32 + offset);
    });
    if short_rows {
        return;
    }
    rows.runs(start, len, &mut |run| {
        for i in 0..run.count {
            out[run.at + i * run.spacing] = (run.address + run.step * i as i64) as i32;
        }
    });
}

/// # Safety
/// `out` must be writable for `len` elements.
pub unsafe fn valid(rows: &Rows, start: usize, len: usize, out: *mut u8) {
    // SAFETY: the caller's contract.
    let out = unsafe { std::slice::from_raw_parts_mut(out, len) };
    out.fill(0);
    let short_rows = rows.stretches(start, len, &mut |part| match part.exist {
        Some(exist) => {
            out[part.at..].iter_mut().zip(exist).for_each(|(valid, exists)| *valid = *exists as u8);
        }
        None => out[part.at..part.at + part.offsets.len()].fill(1),
    });
    if short_rows {
        return;
    }
    rows.runs(start, len, &mut |run| (0..run.count).for_each(|i| out[run.at + i * run.spacing] = 1));
}
