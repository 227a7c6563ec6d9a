//! The elementwise rows of the op table as loops over tiles, in one version for each instruction set.

use rutile_core::dtype::DType;
use rutile_core::elementwise::Elementwise;

use crate::simd::{Instructions, instructions};

/// Where the elements of a value lie; one element stands for all if it is uniform.
#[derive(Clone, Copy, Debug)]
pub struct Operand {
    pub pointer: *const u8,
    pub uniform: bool,
}

/// Computes `len` elements from operands that hold as many. The output overlaps no operand.
///
/// # Safety
/// Each operand must be readable for `len` elements (one if uniform) of the function's own types, the output writable.
pub type Loop = unsafe fn(operands: &[Operand; 3], out: *mut u8, len: usize);

/// The loop of an op for operands of a dtype of registers (of `where`: of its two alternatives), or None if the op
/// refuses it.
pub fn elementwise(op: Elementwise, dtype: DType) -> Option<Loop> {
    match dtype {
        DType::Bool => boolean::find(op),
        DType::U8 => uint8::find(op),
        DType::U16 => uint16::find(op),
        DType::U32 => uint32::find(op),
        DType::U64 => uint64::find(op),
        DType::I8 => int8::find(op),
        DType::I16 => int16::find(op),
        DType::I32 => int32::find(op),
        DType::I64 => int64::find(op),
        DType::F16 | DType::BF16 | DType::F32 => float32::find(op),
        DType::F64 => float64::find(op),
    }
}

/// An element in a register, and how it lies in memory: a bool is a byte that is zero or not.
pub trait Lane: Copy {
    type Stored: Copy;
    /// Whether its loops exist for all instruction sets and all ways of mixing in uniform operands. The others, of rarer
    /// dtypes, are kept few: they cost build time and size.
    const TUNED: bool;
    fn lift(stored: Self::Stored) -> Self;
    fn lower(self) -> Self::Stored;
}

/// A function of one to three elements; operands beyond ARITY repeat the first.
pub trait Function {
    const ARITY: usize;
    type A: Lane;
    type B: Lane;
    type C: Lane;
    type Out: Lane;
    fn call(a: Self::A, b: Self::B, c: Self::C) -> Self::Out;
    /// Whether `call`, kept free of branches, is not for this first element, and `call_far` is.
    #[inline(always)]
    fn is_far(_: Self::A) -> bool {
        false
    }
    fn call_far(a: Self::A, b: Self::B, c: Self::C) -> Self::Out {
        Self::call(a, b, c)
    }
}

macro_rules! plain_lanes {
    ($($t:ty, $tuned:literal;)*) => {$(
        impl Lane for $t {
            type Stored = $t;
            const TUNED: bool = $tuned;
            #[inline(always)]
            fn lift(stored: $t) -> $t {
                stored
            }
            #[inline(always)]
            fn lower(self) -> $t {
                self
            }
        }
    )*};
}

plain_lanes! {
    u8, false; u16, false; u32, true; u64, false;
    i8, false; i16, false; i32, true; i64, false;
    f32, true; f64, false;
}

impl Lane for bool {
    type Stored = u8;
    const TUNED: bool = true;
    #[inline(always)]
    fn lift(stored: u8) -> bool {
        stored != 0
    }
    #[inline(always)]
    fn lower(self) -> u8 {
        self as u8
    }
}

/// # Safety
/// As for [`Loop`]; operands whose flag is set are uniform, the others are not.
#[inline(always)]
unsafe fn rows<F: Function, const A: bool, const B: bool, const C: bool>(
    operands: &[Operand; 3],
    out: *mut u8,
    len: usize,
) {
    let a = operands[0].pointer.cast::<<F::A as Lane>::Stored>();
    let b = operands[1].pointer.cast::<<F::B as Lane>::Stored>();
    let c = operands[2].pointer.cast::<<F::C as Lane>::Stored>();
    let out = out.cast::<<F::Out as Lane>::Stored>();
    // SAFETY: `len` is not zero, so that element 0 of each operand exists; the others exist up to `len` by contract.
    unsafe {
        let (a0, b0, c0) = (F::A::lift(*a), F::B::lift(*b), F::C::lift(*c));
        let operands = |i: usize| {
            let a = if A { a0 } else { F::A::lift(*a.add(i)) };
            let b = if B { b0 } else { F::B::lift(*b.add(i)) };
            let c = if C { c0 } else { F::C::lift(*c.add(i)) };
            (a, b, c)
        };
        let mut far = false;
        for i in 0..len {
            let (a, b, c) = operands(i);
            far |= F::is_far(a);
            *out.add(i) = F::call(a, b, c).lower();
        }
        if far {
            for (i, (a, b, c)) in (0..len).map(|i| (i, operands(i))).filter(|(_, (a, _, _))| F::is_far(*a)) {
                *out.add(i) = F::call_far(a, b, c).lower();
            }
        }
    }
}

/// As `rows` for any mixture: uniform operands are stepped through by zero.
///
/// # Safety
/// As for [`Loop`].
#[inline(always)]
unsafe fn mixed<F: Function>(operands: &[Operand; 3], out: *mut u8, len: usize) {
    let steps = operands.map(|operand| !operand.uniform as usize);
    let a = operands[0].pointer.cast::<<F::A as Lane>::Stored>();
    let b = operands[1].pointer.cast::<<F::B as Lane>::Stored>();
    let c = operands[2].pointer.cast::<<F::C as Lane>::Stored>();
    let out = out.cast::<<F::Out as Lane>::Stored>();
    for i in 0..len {
        // SAFETY: the caller's contract; a uniform operand has element 0.
        unsafe {
            let (a, b, c) =
                (F::A::lift(*a.add(i * steps[0])), F::B::lift(*b.add(i * steps[1])), F::C::lift(*c.add(i * steps[2])));
            let call = if F::is_far(a) { F::call_far } else { F::call };
            *out.add(i) = call(a, b, c).lower();
        }
    }
}

/// # Safety
/// As for [`Loop`].
#[inline(always)]
unsafe fn dispatch<F: Function>(operands: &[Operand; 3], out: *mut u8, len: usize) {
    let uniform = operands.map(|operand| operand.uniform);
    // SAFETY: the flags are those of the operands; the rest is the caller's contract.
    unsafe {
        if !(F::B::TUNED && F::Out::TUNED) {
            if uniform.contains(&true) || len == 1 {
                mixed::<F>(operands, out, len)
            } else if F::ARITY == 1 {
                rows::<F, false, true, true>(operands, out, len)
            } else if F::ARITY == 2 {
                rows::<F, false, false, true>(operands, out, len)
            } else {
                rows::<F, false, false, false>(operands, out, len)
            }
        } else if len == 1 {
            rows::<F, true, true, true>(operands, out, 1)
        } else if F::ARITY == 1 {
            rows::<F, false, true, true>(operands, out, len)
        } else if F::ARITY == 2 {
            match (uniform[0], uniform[1]) {
                (true, _) => rows::<F, true, false, true>(operands, out, len),
                (_, true) => rows::<F, false, true, true>(operands, out, len),
                _ => rows::<F, false, false, true>(operands, out, len),
            }
        } else {
            match (uniform[0], uniform[1], uniform[2]) {
                (true, true, _) => rows::<F, true, true, false>(operands, out, len),
                (true, _, true) => rows::<F, true, false, true>(operands, out, len),
                (true, _, _) => rows::<F, true, false, false>(operands, out, len),
                (_, true, true) => rows::<F, false, true, true>(operands, out, len),
                (_, true, _) => rows::<F, false, true, false>(operands, out, len),
                (_, _, true) => rows::<F, false, false, true>(operands, out, len),
                _ => rows::<F, false, false, false>(operands, out, len),
            }
        }
    }
}

/// # Safety
/// As for [`Loop`].
unsafe fn baseline<F: Function>(operands: &[Operand; 3], out: *mut u8, len: usize) {
    // SAFETY: the caller's contract.
    unsafe { dispatch::<F>(operands, out, len) }
}

/// # Safety
/// As for [`Loop`], on a processor with AVX2 and FMA.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn avx2<F: Function>(operands: &[Operand; 3], out: *mut u8, len: usize) {
    // SAFETY: the caller's contract.
    unsafe { dispatch::<F>(operands, out, len) }
}

/// # Safety
/// As for [`Loop`], on a processor with these AVX-512 sets.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
unsafe fn avx512<F: Function>(operands: &[Operand; 3], out: *mut u8, len: usize) {
    // SAFETY: the caller's contract.
    unsafe { dispatch::<F>(operands, out, len) }
}

pub fn choose<F: Function>() -> Loop {
    match instructions() {
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx512 => {
            if const { F::B::TUNED && F::Out::TUNED } {
                avx512::<F>
            } else {
                avx2::<F>
            }
        }
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx2 => avx2::<F>,
        Instructions::Baseline => baseline::<F>,
    }
}

macro_rules! out_type {
    (same) => {
        T
    };
    (bool) => {
        bool
    };
}

/// One row's function for `T`, and its loop; nothing where the row's expression is empty.
macro_rules! row {
    ($op:ident $result:ident ($($arg:ident),*) {}) => {
        None
    };
    (Where $result:ident ($c:ident, $a:ident, $b:ident) { $($body:tt)+ }) => {
        row!(@function (3) (bool, T, T) ($c, $a, $b) same { $($body)+ })
    };
    (Sin $result:ident ($a:ident) { $($body:tt)+ }) => {
        row!(@function (1) (T, T, T) ($a, _, _) $result { $a.sin_near() } far { $($body)+ })
    };
    (Cos $result:ident ($a:ident) { $($body:tt)+ }) => {
        row!(@function (1) (T, T, T) ($a, _, _) $result { $a.cos_near() } far { $($body)+ })
    };
    (Tan $result:ident ($a:ident) { $($body:tt)+ }) => {
        row!(@function (1) (T, T, T) ($a, _, _) $result { $a.tan_near() } far { $($body)+ })
    };
    ($op:ident $result:ident ($a:ident) { $($body:tt)+ }) => {
        row!(@function (1) (T, T, T) ($a, _, _) $result { $($body)+ })
    };
    ($op:ident $result:ident ($a:ident, $b:ident) { $($body:tt)+ }) => {
        row!(@function (2) (T, T, T) ($a, $b, _) $result { $($body)+ })
    };
    ($op:ident $result:ident ($a:ident, $b:ident, $c:ident) { $($body:tt)+ }) => {
        row!(@function (3) (T, T, T) ($a, $b, $c) $result { $($body)+ })
    };
    (@function ($arity:literal) ($ta:ty, $tb:ty, $tc:ty) ($a:pat, $b:pat, $c:pat) $result:ident { $($body:tt)+ }
     $(far { $($far:tt)+ })?) => {{
        struct Row;
        impl Function for Row {
            const ARITY: usize = $arity;
            type A = $ta;
            type B = $tb;
            type C = $tc;
            type Out = out_type!($result);
            #[inline(always)]
            fn call($a: $ta, $b: $tb, $c: $tc) -> out_type!($result) {
                $($body)+
            }
            $(
                #[inline(always)]
                fn is_far(a: $ta) -> bool {
                    a.is_far()
                }
                fn call_far($a: $ta, $b: $tb, $c: $tc) -> out_type!($result) {
                    $($far)+
                }
            )?
        }
        Some(choose::<Row>())
    }};
}

/// A table of all rows for one dtype: which of a row's three expressions it takes is its callback's business.
macro_rules! dtype_table {
    ($module:ident $t:ty, $callback:ident, $($import:path),*) => {
        // Constants of the op table are those of float64.
        #[allow(clippy::excessive_precision)]
        mod $module {
            $(use $import;)*
            use super::{Elementwise, Function, Loop, choose};

            type T = $t;

            rutile_core::elementwise_rows!($callback);
        }
    };
}

macro_rules! float_rows {
    ($names:tt $({ $op:ident $name:literal $args:tt -> $result:ident $doc:literal;
         float $float:tt int $int:tt bool $bool:tt
         wgsl $wgsl:literal; grad $grad:tt; domain $domain:tt $tolerance:literal })*) => {
        pub fn find(op: Elementwise) -> Option<Loop> {
            match op {
                $(Elementwise::$op => row!($op $result $args $float),)*
            }
        }
    };
}

macro_rules! int_rows {
    ($names:tt $({ $op:ident $name:literal $args:tt -> $result:ident $doc:literal;
         float $float:tt int $int:tt bool $bool:tt
         wgsl $wgsl:literal; grad $grad:tt; domain $domain:tt $tolerance:literal })*) => {
        // Casts and negations are written for all integer types, and do nothing in some.
        #[allow(clippy::unnecessary_cast)]
        pub fn find(op: Elementwise) -> Option<Loop> {
            match op {
                $(Elementwise::$op => row!($op $result $args $int),)*
            }
        }
    };
}

macro_rules! bool_rows {
    ($names:tt $({ $op:ident $name:literal $args:tt -> $result:ident $doc:literal;
         float $float:tt int $int:tt bool $bool:tt
         wgsl $wgsl:literal; grad $grad:tt; domain $domain:tt $tolerance:literal })*) => {
        #[allow(clippy::bool_comparison, clippy::nonminimal_bool)]
        pub fn find(op: Elementwise) -> Option<Loop> {
            match op {
                $(Elementwise::$op => row!($op $result $args $bool),)*
            }
        }
    };
}

dtype_table!(float32 f32, float_rows, rutile_core::math::FloatMath);
dtype_table!(float64 f64, float_rows, rutile_core::math::FloatMath);
dtype_table!(int8 i8, int_rows, rutile_core::math::IntMath, rutile_core::math::threefry);
dtype_table!(int16 i16, int_rows, rutile_core::math::IntMath, rutile_core::math::threefry);
dtype_table!(int32 i32, int_rows, rutile_core::math::IntMath, rutile_core::math::threefry);
dtype_table!(int64 i64, int_rows, rutile_core::math::IntMath, rutile_core::math::threefry);
dtype_table!(uint8 u8, int_rows, rutile_core::math::IntMath, rutile_core::math::threefry);
dtype_table!(uint16 u16, int_rows, rutile_core::math::IntMath, rutile_core::math::threefry);
dtype_table!(uint32 u32, int_rows, rutile_core::math::IntMath, rutile_core::math::threefry);
dtype_table!(uint64 u64, int_rows, rutile_core::math::IntMath, rutile_core::math::threefry);
dtype_table!(boolean bool, bool_rows,);
