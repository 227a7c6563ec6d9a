//! Checks of integers while a plan runs: a scan for those that are not as demanded, and what is remembered of them.

use std::sync::Mutex;

use rutile_core::dtype::DType;
use rutile_core::error::Error;
use rutile_core::kernel;

use crate::loops::Operand;

/// What integers of one dtype must be.
pub struct Check {
    number: usize,
    low: i64,
    high: i64,
    except: Option<i64>,
    find: Find,
}

/// The first of `len` integers that is not as it must be, and where it is. `valid`: whether each of them counts.
///
/// # Safety
/// The operands must hold `len` elements, or one if they are uniform.
type Find = unsafe fn(check: &Check, values: Operand, valid: Option<Operand>, len: usize) -> Option<(usize, i128)>;

/// What a run has met that is not as it must be: the first by launch and element, on any number of threads.
#[derive(Default)]
pub struct Faults {
    first: Mutex<Option<Fault>>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fault {
    launch: usize,
    element: usize,
    check: usize,
    value: i128,
}

impl Faults {
    /// The error of the run, by the checks of its plan.
    pub fn error(self, checks: &[kernel::Check]) -> Option<Error> {
        let first = self.first.into_inner().expect("no panic while locked")?;
        Some(checks[first.check].error(first.value))
    }
}

impl Check {
    pub fn new(dtype: DType, number: usize, low: i64, high: i64, except: Option<i64>) -> Check {
        Check { number, low, high, except, find: finder(dtype) }
    }

    /// Looks at `len` integers, the first of which is element `start` of launch number `launch`.
    ///
    /// # Safety
    /// The operands must hold `len` elements, or one if they are uniform.
    pub unsafe fn run(
        &self,
        values: Operand,
        valid: Option<Operand>,
        faults: &Faults,
        launch: usize,
        start: usize,
        len: usize,
    ) {
        // SAFETY: the caller's contract.
        if let Some((place, value)) = unsafe { (self.find)(self, values, valid, len) } {
            let fault = Fault { launch, element: start + place, check: self.number, value };
            let mut first = faults.first.lock().expect("no panic while locked");
            *first = Some(first.map_or(fault, |known| known.min(fault)));
        }
    }
}

trait Integer: Copy + PartialOrd + TryFrom<i64> + Into<i128> {
    const MIN: Self;
    const MAX: Self;
}

/// # Safety
/// As for [`Find`].
unsafe fn find<T: Integer>(
    check: &Check,
    values: Operand,
    valid: Option<Operand>,
    len: usize,
) -> Option<(usize, i128)> {
    // Bounds that the type cannot hold: none is below what is lower still, and so on.
    let at_least = |bound: i64| T::try_from(bound).unwrap_or(if bound < 0 { T::MIN } else { T::MAX });
    let (mut low, mut high) = (at_least(check.low), at_least(check.high));
    if (check.high as i128) < T::MIN.into() || (check.low as i128) > T::MAX.into() {
        (low, high) = (T::MAX, T::MIN);
    }
    let except = check.except.and_then(|value| T::try_from(value).ok()).unwrap_or(high);
    let wrong = |value: T| ((value < low) | (value > high)) & (value != except);
    // SAFETY: the caller's contract.
    let values =
        unsafe { std::slice::from_raw_parts(values.pointer.cast::<T>(), if values.uniform { 1 } else { len }) };
    if !values.iter().fold(false, |any, &value| any | wrong(value)) {
        return None;
    }
    let counts = |place: usize| {
        // SAFETY: the caller's contract.
        valid.is_none_or(|valid| unsafe { *valid.pointer.add(if valid.uniform { 0 } else { place }) } != 0)
    };
    let value = |place: usize| if values.len() == 1 { values[0] } else { values[place] };
    let place = (0..len).find(|&place| wrong(value(place)) && counts(place))?;
    Some((place, value(place).into()))
}

macro_rules! integers {
    ($($variant:ident $type:ident;)*) => {
        $(impl Integer for $type {
            const MIN: $type = $type::MIN;
            const MAX: $type = $type::MAX;
        })*

        fn finder(dtype: DType) -> Find {
            match dtype {
                $(DType::$variant => find::<$type>,)*
                _ => unreachable!("checks are of integers"),
            }
        }
    };
}

integers! {
    U8 u8; U16 u16; U32 u32; U64 u64; I8 i8; I16 i16; I32 i32; I64 i64;
}
