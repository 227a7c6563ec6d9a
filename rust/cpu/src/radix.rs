//! Sorting by digits, the lowest first: stable, and with the same result on any number of threads.

use rayon::prelude::*;

use crate::parallel::Shared;

/// Bits of a digit: few enough that the ends of all buckets stay in the first-level cache.
const BITS: u32 = 8;
const PLACES: usize = 1 << BITS;

/// Most digits that are sorted by: comparing is faster than more passes.
const MOST: usize = 4;

/// An integer that is sorted by its digits above the lowest 32 bits, which hold a position.
pub trait Digits: Ord + Copy + Send + Sync {
    const COUNT: usize;
    fn digit(self, number: usize) -> usize;
    /// The bits in which two integers differ.
    fn difference(self, other: Self) -> Self;
    fn either(self, other: Self) -> Self;
}

macro_rules! digits {
    ($($type:ident $count:literal;)*) => {$(
        impl Digits for $type {
            const COUNT: usize = $count;
            #[inline(always)]
            fn digit(self, number: usize) -> usize {
                (self >> (32 + BITS * number as u32)) as usize % PLACES
            }
            #[inline(always)]
            fn difference(self, other: $type) -> $type {
                self ^ other
            }
            #[inline(always)]
            fn either(self, other: $type) -> $type {
                self | other
            }
        }
    )*};
}

digits! { u64 4; u128 8; }

/// How many keys have each value of a digit; or where those that do begin.
type Buckets = [u32; PLACES];

/// Sorts keys in `pieces` parallel parts. Equal ones must come in the order of their positions. The result lies in one of
/// both slices, which are of one length.
pub fn sort<'a, K: Digits>(mut keys: &'a mut [K], mut spare: &'a mut [K], pieces: usize) -> &'a [K] {
    let length = keys.len().div_ceil(pieces).max(1);
    let Some(&first) = keys.first() else { return keys };
    let varying = keys.iter().fold(first.difference(first), |bits, key| bits.either(key.difference(first)));
    // A digit that all have in common moves nothing.
    let numbers: Vec<usize> = (0..K::COUNT).filter(|&number| varying.digit(number) != 0).collect();
    if numbers.len() > MOST {
        match pieces {
            1 => keys.sort_unstable(),
            _ => keys.par_sort_unstable(),
        }
        return keys;
    }
    for number in numbers {
        let counts = in_pieces(keys, length, |piece| {
            let mut counts = [0; PLACES];
            piece.iter().for_each(|key| counts[key.digit(number)] += 1);
            counts
        });
        let target = Shared(spare.as_mut_ptr());
        let place = |(piece, mut next): (&[K], Buckets)| {
            for &key in piece {
                let place = &mut next[key.digit(number)];
                // SAFETY: each piece fills, for each digit, as many places as it has keys of it, from a start of its own.
                unsafe { *target.at(*place as usize) = key };
                *place += 1;
            }
        };
        match pieces {
            1 => keys.chunks(length).zip(starts(counts)).for_each(place),
            _ => keys.par_chunks(length).zip(starts(counts)).for_each(place),
        }
        std::mem::swap(&mut keys, &mut spare);
    }
    keys
}

fn in_pieces<K: Digits, T: Send>(keys: &[K], length: usize, count: impl Fn(&[K]) -> T + Sync + Send) -> Vec<T> {
    match keys.len() <= length {
        true => vec![count(keys)],
        false => keys.par_chunks(length).map(count).collect(),
    }
}

/// Where each piece's keys of each digit go: by digit, then by piece.
fn starts(mut counts: Vec<Buckets>) -> Vec<Buckets> {
    let mut next = 0;
    for place in 0..PLACES {
        for piece in &mut counts {
            let own = piece[place];
            piece[place] = next;
            next += own;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_pieces_gives_what_comparing_gives() {
        for spread in [1u64, 3, 300, 70_000, u32::MAX as u64] {
            let value = |position: u64| position.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
            let keys: Vec<u64> = (0..5000).map(|position| (value(position) % spread) << 32 | position).collect();
            let wide: Vec<u128> =
                keys.iter().map(|&key| ((key as u128 >> 32) << 60) | (key as u128 % (1 << 32))).collect();
            for pieces in 1..4 {
                let (mut own, mut spare) = (keys.clone(), vec![0; keys.len()]);
                assert!(sort(&mut own, &mut spare, pieces).is_sorted(), "{spread} {pieces}");
                let (mut own, mut spare) = (wide.clone(), vec![0; wide.len()]);
                assert!(sort(&mut own, &mut spare, pieces).is_sorted(), "{spread} {pieces}");
            }
        }
    }
}
