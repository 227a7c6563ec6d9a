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

/// The loop of an op for operands of a dtype (of `where`: of its two alternatives), or None if there is none.
pub fn elementwise(op: Elementwise, dtype: DType) -> Option<Loop> {
    match dtype {
        DType::F32 => float32::find(op),
        DType::I32 => int32::find(op),
        DType::U32 => uint32::find(op),
        DType::Bool => boolean::find(op),
        _ => None,
    }
}

/// The loop that converts one dtype to another, or None if there is none.
pub fn cast(from: DType, to: DType) -> Option<Loop> {
    macro_rules! table {
        ($($from:ident $to:ident $function:ty;)*) => {
            match (from, to) {
                $((DType::$from, DType::$to) => Some(choose::<$function>()),)*
                _ => None,
            }
        };
    }
    table! {
        F32 F32 Convert<f32, f32>; F32 I32 Convert<f32, i32>; F32 U32 Convert<f32, u32>; F32 Bool Convert<f32, bool>;
        I32 F32 Convert<i32, f32>; I32 I32 Convert<i32, i32>; I32 U32 Convert<i32, u32>; I32 Bool Convert<i32, bool>;
        U32 F32 Convert<u32, f32>; U32 I32 Convert<u32, i32>; U32 U32 Convert<u32, u32>; U32 Bool Convert<u32, bool>;
        Bool F32 Convert<bool, f32>; Bool I32 Convert<bool, i32>; Bool U32 Convert<bool, u32>; Bool Bool Convert<bool, bool>;
    }
}

/// An element in a register, and how it lies in memory: a bool is a byte that is zero or not.
pub trait Lane: Copy {
    type Stored: Copy;
    fn lift(stored: Self::Stored) -> Self;
    fn lower(self) -> Self::Stored;
}

/// A function of one to three elements; operands beyond ARITY repeat the first.
trait Function {
    const ARITY: usize;
    type A: Lane;
    type B: Lane;
    type C: Lane;
    type Out: Lane;
    fn call(a: Self::A, b: Self::B, c: Self::C) -> Self::Out;
}

macro_rules! plain_lanes {
    ($($t:ty)*) => {$(
        impl Lane for $t {
            type Stored = $t;
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

plain_lanes!(f32 i32 u32);

impl Lane for bool {
    type Stored = u8;
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
        for i in 0..len {
            let a = if A { a0 } else { F::A::lift(*a.add(i)) };
            let b = if B { b0 } else { F::B::lift(*b.add(i)) };
            let c = if C { c0 } else { F::C::lift(*c.add(i)) };
            *out.add(i) = F::call(a, b, c).lower();
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
        if len == 1 {
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

fn choose<F: Function>() -> Loop {
    match instructions() {
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx512 => avx512::<F>,
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx2 => avx2::<F>,
        Instructions::Baseline => baseline::<F>,
    }
}

struct Convert<From, To>(std::marker::PhantomData<(From, To)>);

macro_rules! conversions {
    ($($from:ty, $to:ty, |$x:ident| $value:expr;)*) => {$(
        impl Function for Convert<$from, $to> {
            const ARITY: usize = 1;
            type A = $from;
            type B = $from;
            type C = $from;
            type Out = $to;
            #[inline(always)]
            fn call($x: $from, _: $from, _: $from) -> $to {
                $value
            }
        }
    )*};
}

conversions! {
    f32, f32, |x| x; f32, i32, |x| x as i32; f32, u32, |x| x as u32; f32, bool, |x| x != 0.0;
    i32, f32, |x| x as f32; i32, i32, |x| x; i32, u32, |x| x as u32; i32, bool, |x| x != 0;
    u32, f32, |x| x as f32; u32, i32, |x| x as i32; u32, u32, |x| x; u32, bool, |x| x != 0;
    bool, f32, |x| if x { 1.0 } else { 0.0 }; bool, i32, |x| x as i32; bool, u32, |x| x as u32; bool, bool, |x| x;
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
    ($op:ident $result:ident ($a:ident) { $($body:tt)+ }) => {
        row!(@function (1) (T, T, T) ($a, _, _) $result { $($body)+ })
    };
    ($op:ident $result:ident ($a:ident, $b:ident) { $($body:tt)+ }) => {
        row!(@function (2) (T, T, T) ($a, $b, _) $result { $($body)+ })
    };
    ($op:ident $result:ident ($a:ident, $b:ident, $c:ident) { $($body:tt)+ }) => {
        row!(@function (3) (T, T, T) ($a, $b, $c) $result { $($body)+ })
    };
    (@function ($arity:literal) ($ta:ty, $tb:ty, $tc:ty) ($a:pat, $b:pat, $c:pat) $result:ident { $($body:tt)+ }) => {{
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
        }
        Some(choose::<Row>())
    }};
}

/// A table of all rows for one dtype: which of a row's three expressions it takes is its callback's business.
macro_rules! dtype_table {
    ($module:ident $t:ty, $callback:ident, $($import:path),*) => {
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
dtype_table!(int32 i32, int_rows, rutile_core::math::IntMath, rutile_core::math::threefry);
dtype_table!(uint32 u32, int_rows, rutile_core::math::IntMath, rutile_core::math::threefry);
dtype_table!(boolean bool, bool_rows,);
