//! The op table's elementwise rows: everything about such an op is here, and derived from here.
//!
//! A row reads
//!
//! ```text
//! { Name "python_name" (operands) -> result          result: `same` as the last operand, or `bool`
//!   "one line of documentation";
//!   float { CPU expression } int { … } bool { … }     empty braces: the op refuses that kind
//!   wgsl "text with {0} {1} {2} and {T}";             {T}: the operands' WGSL type
//!   grad [ one expression per operand of g, the operands and out ] or [ none ];
//!   domain (low, high) tolerance }                    for the generated tests
//! ```
//!
//! CPU expressions are tokens: each backend that runs on the host instantiates them for its own loops with
//! [`elementwise_rows!`](crate::elementwise_rows), and they may call the traits of [`crate::math`].

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::device::Device;
use crate::dtype::{DType, Kind};
use crate::tensor::Tensor;

/// Calls `$callback!` with the names that gradient rules use for the output's gradient and the output, then all rows.
#[macro_export]
macro_rules! elementwise_rows {
    ($callback:ident) => {
        $callback! {
            (g, out)
            { Neg "negative" (a) -> same "Negated value.";
              float { -a } int { a.wrapping_neg() } bool {}
              wgsl "(-{0})"; grad [-g]; domain (-3.0, 3.0) 1e-6 }
            { Abs "abs" (a) -> same "Absolute value.";
              float { a.abs() } int { a.abs_() } bool {}
              wgsl "abs({0})"; grad [g * &a.sign()]; domain (-3.0, 3.0) 1e-6 }
            { Sign "sign" (a) -> same "Minus one, zero or one, by the sign.";
              float { a.sign_() } int { IntMath::sign_(a) } bool {}
              wgsl "sign_{T}({0})"; grad [zeros_like(a)]; domain (-3.0, 3.0) 1e-6 }
            { Exp "exp" (a) -> same "e to the power of x.";
              float { a.exp_() } int {} bool {}
              wgsl "exp_{T}({0})"; grad [g * out]; domain (-3.0, 3.0) 3e-6 }
            { Exp2 "exp2" (a) -> same "2 to the power of x.";
              float { a.exp2_() } int {} bool {}
              wgsl "exp2_{T}({0})"; grad [g * out * std::f64::consts::LN_2]; domain (-3.0, 3.0) 3e-6 }
            { Expm1 "expm1" (a) -> same "exp(x) - 1, precise near zero.";
              float { a.expm1_() } int {} bool {}
              wgsl "expm1_{T}({0})"; grad [g * &(out + 1.0)]; domain (-3.0, 3.0) 3e-6 }
            { Log "log" (a) -> same "Natural logarithm.";
              float { a.log_() } int {} bool {}
              wgsl "log_{T}({0})"; grad [g / a]; domain (0.1, 5.0) 3e-6 }
            { Log2 "log2" (a) -> same "Logarithm to the base 2.";
              float { a.log2_() } int {} bool {}
              wgsl "log2_{T}({0})"; grad [g / &(a * std::f64::consts::LN_2)]; domain (0.1, 5.0) 3e-6 }
            { Log10 "log10" (a) -> same "Logarithm to the base 10.";
              float { a.log10_() } int {} bool {}
              wgsl "log10_{T}({0})"; grad [g / &(a * std::f64::consts::LN_10)]; domain (0.1, 5.0) 3e-6 }
            { Log1p "log1p" (a) -> same "Natural logarithm of 1 + x, precise near zero.";
              float { a.log1p_() } int {} bool {}
              wgsl "log1p_{T}({0})"; grad [g / &(a + 1.0)]; domain (-0.9, 5.0) 3e-6 }
            { Sqrt "sqrt" (a) -> same "Square root.";
              float { a.sqrt() } int {} bool {}
              wgsl "sqrt_{T}({0})"; grad [g * 0.5 / out]; domain (0.1, 5.0) 3e-6 }
            { Reciprocal "reciprocal" (a) -> same "One divided by x.";
              float { a.recip() } int {} bool {}
              wgsl "(1.0 / {0})"; grad [-&(g * out * out)]; domain (0.3, 3.0) 3e-6 }
            { Sin "sin" (a) -> same "Sine of x in radians.";
              float { a.sin_() } int {} bool {}
              wgsl "sin_{T}({0})"; grad [g * &a.cos()]; domain (-3.0, 3.0) 1e-5 }
            { Cos "cos" (a) -> same "Cosine of x in radians.";
              float { a.cos_() } int {} bool {}
              wgsl "cos_{T}({0})"; grad [-&(g * &a.sin())]; domain (-3.0, 3.0) 1e-5 }
            { Tan "tan" (a) -> same "Tangent of x in radians.";
              float { a.tan_() } int {} bool {}
              wgsl "tan_{T}({0})"; grad [g * &(out * out + 1.0)]; domain (-1.4, 1.4) 1e-5 }
            { Asin "asin" (a) -> same "Angle in radians whose sine is x.";
              float { a.asin_() } int {} bool {}
              wgsl "asin_{T}({0})"; grad [g / &((1.0 - a) * (a + 1.0)).sqrt()]; domain (-0.95, 0.95) 1e-5 }
            { Acos "acos" (a) -> same "Angle in radians whose cosine is x.";
              float { a.acos_() } int {} bool {}
              wgsl "acos_{T}({0})"; grad [-&(g / &((1.0 - a) * (a + 1.0)).sqrt())]; domain (-0.95, 0.95) 1e-5 }
            { Atan "atan" (a) -> same "Angle in radians whose tangent is x.";
              float { a.atan_() } int {} bool {}
              wgsl "atan_{T}({0})"; grad [g / &(a * a + 1.0)]; domain (-5.0, 5.0) 1e-5 }
            { Sinh "sinh" (a) -> same "Hyperbolic sine.";
              float { a.sinh_() } int {} bool {}
              wgsl "sinh_{T}({0})"; grad [g * &a.cosh()]; domain (-3.0, 3.0) 1e-5 }
            { Cosh "cosh" (a) -> same "Hyperbolic cosine.";
              float { a.cosh_() } int {} bool {}
              wgsl "cosh_{T}({0})"; grad [g * &a.sinh()]; domain (-3.0, 3.0) 1e-5 }
            { Tanh "tanh" (a) -> same "Hyperbolic tangent.";
              float { a.tanh_() } int {} bool {}
              wgsl "tanh_{T}({0})"; grad [g * &(1.0 - &(out * out))]; domain (-3.0, 3.0) 1e-5 }
            { Sigmoid "sigmoid" (a) -> same "1 / (1 + exp(-x)), the logistic function.";
              float { ((-a).exp_() + 1.0).recip() } int {} bool {}
              wgsl "sigmoid_{T}({0})"; grad [g * &(out - &(out * out))]; domain (-5.0, 5.0) 1e-5 }
            { Gelu "gelu" (a) -> same "x·Φ(x), Φ the distribution function of normal numbers.";
              float { a * 0.5 * ((a * 0.707_106_781_186_547_5).erf_() + 1.0) } int {} bool {}
              wgsl "(0.5 * {0} * (erf_{T}({0} * 0.7071067811865476) + 1.0))"; grad [g * &gelu_slope(a)]; domain (-3.0, 3.0) 1e-5 }
            { GeluTanh "gelu_tanh" (a) -> same "The approximation of gelu by tanh: x·sigmoid(2u), u = √(2/π)·(x + 0.044715·x³).";
              float { a / (((a * a * 0.044_715 + 1.0) * a * -1.595_769_121_605_730_8).exp_() + 1.0) } int {} bool {}
              wgsl "({0} * sigmoid_{T}(({0} * {0} * 0.044715 + 1.0) * {0} * 1.5957691216057308))"; grad [g * &gelu_tanh_slope(a)]; domain (-3.0, 3.0) 1e-5 }
            { Silu "silu" (a) -> same "x·sigmoid(x).";
              float { a / ((-a).exp_() + 1.0) } int {} bool {}
              wgsl "({0} * sigmoid_{T}({0}))"; grad [g * &silu_slope(a)]; domain (-5.0, 5.0) 1e-5 }
            { Asinh "asinh" (a) -> same "Inverse of the hyperbolic sine.";
              float { a.asinh_() } int {} bool {}
              wgsl "asinh_{T}({0})"; grad [g / &(a * a + 1.0).sqrt()]; domain (-5.0, 5.0) 1e-5 }
            { Acosh "acosh" (a) -> same "Inverse of the hyperbolic cosine.";
              float { a.acosh_() } int {} bool {}
              wgsl "acosh_{T}({0})"; grad [g / &((a - 1.0) * (a + 1.0)).sqrt()]; domain (1.1, 5.0) 1e-5 }
            { Atanh "atanh" (a) -> same "Inverse of the hyperbolic tangent.";
              float { a.atanh_() } int {} bool {}
              wgsl "atanh_{T}({0})"; grad [g / &((1.0 - a) * (a + 1.0))]; domain (-0.9, 0.9) 1e-5 }
            { Erf "erf" (a) -> same "Gauss error function.";
              float { a.erf_() } int {} bool {}
              wgsl "erf_{T}({0})"; grad [g * &(-&(a * a)).exp() * std::f64::consts::FRAC_2_SQRT_PI]; domain (-3.0, 3.0) 1e-5 }
            { Erfc "erfc" (a) -> same "1 - erf(x), precise where it is small.";
              float { a.erfc_() } int {} bool {}
              wgsl "erfc_{T}({0})"; grad [g * &(-&(a * a)).exp() * -std::f64::consts::FRAC_2_SQRT_PI]; domain (-3.0, 3.0) 1e-5 }
            { Erfinv "erfinv" (a) -> same "Inverse of the error function.";
              float { a.erfinv_() } int {} bool {}
              wgsl "erfinv_{T}({0})"; grad [g * &(out * out).exp() * (1.0 / std::f64::consts::FRAC_2_SQRT_PI)]; domain (-0.95, 0.95) 1e-5 }
            { Lgamma "lgamma" (a) -> same "Logarithm of the absolute value of the gamma function.";
              float { a.lgamma_() } int {} bool {}
              wgsl "lgamma_{T}({0})"; grad [g * &a.digamma()]; domain (0.3, 5.0) 1e-5 }
            { Digamma "digamma" (a) -> same "Derivative of the logarithm of the gamma function.";
              float { a.digamma_() } int {} bool {}
              wgsl "digamma_{T}({0})"; grad [g * &trigamma(a)]; domain (0.3, 5.0) 1e-5 }
            { BesselI0 "i0" (a) -> same "Modified Bessel function of the first kind of order 0.";
              float { a.i0_() } int {} bool {}
              wgsl "i0_{T}({0})"; grad [g * &a.bessel_i1()]; domain (-5.0, 5.0) 1e-5 }
            { BesselI1 "i1" (a) -> same "Modified Bessel function of the first kind of order 1.";
              float { a.i1_() } int {} bool {}
              wgsl "i1_{T}({0})"; grad [g * &bessel_i1_slope(a, out)]; domain (-5.0, 5.0) 1e-5 }
            { Floor "floor" (a) -> same "Greatest integer that is not above x.";
              float { a.floor() } int { a } bool {}
              wgsl "floor({0})"; grad [zeros_like(a)]; domain (-3.0, 3.0) 1e-6 }
            { Ceil "ceil" (a) -> same "Least integer that is not below x.";
              float { a.ceil() } int { a } bool {}
              wgsl "ceil({0})"; grad [zeros_like(a)]; domain (-3.0, 3.0) 1e-6 }
            { Round "round" (a) -> same "Nearest integer, halves to the even one.";
              float { a.round_ties_even() } int { a } bool {}
              wgsl "round({0})"; grad [zeros_like(a)]; domain (-3.0, 3.0) 1e-6 }
            { Trunc "trunc" (a) -> same "Integer part of x, towards zero.";
              float { a.trunc() } int { a } bool {}
              wgsl "trunc({0})"; grad [zeros_like(a)]; domain (-3.0, 3.0) 1e-6 }
            { Relu "relu" (a) -> same "x where it is positive, else zero; its gradient at zero is zero.";
              float { if a > 0.0 || a.is_nan() { a } else { 0.0 } } int { a.max(0) } bool {}
              wgsl "relu_{T}({0})"; grad [where_positive(out, g)]; domain (-3.0, 3.0) 1e-6 }
            { Not "bitwise_invert" (a) -> same "Complement: of truth for bool, of each bit for integers.";
              float {} int { !a } bool { !a }
              wgsl "not_{T}({0})"; grad [none]; domain (-3.0, 3.0) 0.0 }
            { Add "add" (a, b) -> same "Sum.";
              float { a + b } int { a.wrapping_add(b) } bool { a | b }
              wgsl "add_{T}({0}, {1})"; grad [g, g]; domain (-3.0, 3.0) 1e-6 }
            { Sub "subtract" (a, b) -> same "Difference.";
              float { a - b } int { a.wrapping_sub(b) } bool {}
              wgsl "({0} - {1})"; grad [g, -g]; domain (-3.0, 3.0) 1e-6 }
            { Mul "multiply" (a, b) -> same "Product.";
              float { a * b } int { a.wrapping_mul(b) } bool { a & b }
              wgsl "mul_{T}({0}, {1})"; grad [g * b, g * a]; domain (-3.0, 3.0) 1e-6 }
            { Div "divide" (a, b) -> same "Quotient.";
              float { a / b } int {} bool {}
              wgsl "({0} / {1})"; grad [g / b, -&(g * out / b)]; domain (0.3, 3.0) 3e-6 }
            { FloorDiv "floor_divide" (a, b) -> same "Quotient rounded down; integers divided by zero give zero.";
              float { FloatMath::floor_div(a, b) } int { IntMath::floor_div(a, b) } bool {}
              wgsl "floor_div_{T}({0}, {1})"; grad [zeros_like(a), zeros_like(b)]; domain (0.3, 3.0) 1e-6 }
            { Remainder "remainder" (a, b) -> same "Remainder with the divisor's sign; integers divided by zero give zero.";
              float { FloatMath::floor_rem(a, b) } int { IntMath::floor_rem(a, b) } bool {}
              wgsl "remainder_{T}({0}, {1})"; grad [g, -&(g * &a.floor_divide(b))]; domain (0.3, 3.0) 1e-5 }
            { Fmod "fmod" (a, b) -> same "Remainder with the dividend's sign; integers divided by zero give zero.";
              float { a % b } int { a.trunc_rem(b) } bool {}
              wgsl "fmod_{T}({0}, {1})"; grad [g, -&(g * &(a / b).trunc())]; domain (0.3, 3.0) 1e-5 }
            { Gcd "gcd" (a, b) -> same "Greatest common divisor; that of zeros is zero.";
              float {} int { a.gcd(b) } bool {}
              wgsl "gcd_{T}({0}, {1})"; grad [none]; domain (-3.0, 3.0) 0.0 }
            { Pow "pow" (a, b) -> same "x to the power of y.";
              float { FloatMath::pow_(a, b) } int { IntMath::pow_(a, b) } bool {}
              wgsl "pow_{T}({0}, {1})"; grad [power_slope(g, a, b), g * out * &a.safe_log()]; domain (0.3, 3.0) 2e-5 }
            { Atan2 "atan2" (a, b) -> same "Angle in radians, from -pi to pi, of the point (y, x).";
              float { a.atan2_(b) } int {} bool {}
              wgsl "atan2_{T}({0}, {1})"; grad [g * b / &nonzero(&(a * a + &(b * b))), -&(g * a / &nonzero(&(a * a + &(b * b))))]; domain (0.3, 3.0) 1e-5 }
            { Hypot "hypot" (a, b) -> same "Square root of x² + y², without overflow on the way.";
              float { a.hypot_(b) } int {} bool {}
              wgsl "hypot_{T}({0}, {1})"; grad [g * &(a / &nonzero(out)), g * &(b / &nonzero(out))]; domain (-3.0, 3.0) 1e-5 }
            { LogAddExp "logaddexp" (a, b) -> same "log(exp(x) + exp(y)), without overflow.";
              float { a.logaddexp_(b) } int {} bool {}
              wgsl "logaddexp_{T}({0}, {1})"; grad [g * &share_of_sum(a, out), g * &share_of_sum(b, out)]; domain (-3.0, 3.0) 1e-5 }
            { Igamma "igamma" (a, x) -> same "Regularised lower incomplete gamma function of a and x; gradients are for x alone.";
              float { a.igamma_(x) } int {} bool {}
              wgsl "igamma_{T}({0}, {1})"; grad [zeros_like(a), g * &gamma_density(a, x)]; domain (0.3, 5.0) 1e-5 }
            { Igammac "igammac" (a, x) -> same "Regularised upper incomplete gamma function of a and x; gradients are for x alone.";
              float { a.igammac_(x) } int {} bool {}
              wgsl "igammac_{T}({0}, {1})"; grad [zeros_like(a), -&(g * &gamma_density(a, x))]; domain (0.3, 5.0) 1e-5 }
            { CopySign "copysign" (a, b) -> same "|x| with the sign of y, that of zeros and NaN included.";
              float { a.copysign(b) } int {} bool {}
              wgsl "copysign_{T}({0}, {1})"; grad [g * &(a.sign() * &a.constant_like(1.0).copysign(b)), zeros_like(b)]; domain (0.3, 3.0) 1e-6 }
            { NextAfter "nextafter" (a, b) -> same "The next number after x in the direction of y.";
              float { a.nextafter_(b) } int {} bool {}
              wgsl "nextafter_{T}({0}, {1})"; grad [none]; domain (-3.0, 3.0) 1e-6 }
            { Maximum "maximum" (a, b) -> same "The larger of two values; NaN if either is; ties share the gradient.";
              float { FloatMath::max_(a, b) } int { a.max(b) } bool { a | b }
              wgsl "max_{T}({0}, {1})"; grad [g * &share(a, b), g * &share(b, a)]; domain (-3.0, 3.0) 1e-6 }
            { Minimum "minimum" (a, b) -> same "The smaller of two values; NaN if either is; ties share the gradient.";
              float { FloatMath::min_(a, b) } int { a.min(b) } bool { a & b }
              wgsl "min_{T}({0}, {1})"; grad [g * &share(b, a), g * &share(a, b)]; domain (-3.0, 3.0) 1e-6 }
            { And "bitwise_and" (a, b) -> same "Conjunction of truth values or of bits.";
              float {} int { a & b } bool { a & b }
              wgsl "({0} & {1})"; grad [none]; domain (-3.0, 3.0) 0.0 }
            { Or "bitwise_or" (a, b) -> same "Disjunction of truth values or of bits.";
              float {} int { a | b } bool { a | b }
              wgsl "({0} | {1})"; grad [none]; domain (-3.0, 3.0) 0.0 }
            { Xor "bitwise_xor" (a, b) -> same "Exclusive disjunction of truth values or of bits.";
              float {} int { a ^ b } bool { a ^ b }
              wgsl "xor_{T}({0}, {1})"; grad [none]; domain (-3.0, 3.0) 0.0 }
            { ShiftLeft "bitwise_left_shift" (a, b) -> same "Bits shifted towards the high end; zero for counts of the width or more, and negative ones.";
              float {} int { a.shift_left(b) } bool {}
              wgsl "shl_{T}({0}, {1})"; grad [none]; domain (0.0, 5.0) 0.0 }
            { ShiftRight "bitwise_right_shift" (a, b) -> same "Bits shifted towards the low end, keeping the sign; nothing else remains for counts of the width or more.";
              float {} int { a.shift_right(b) } bool {}
              wgsl "shr_{T}({0}, {1})"; grad [none]; domain (0.0, 5.0) 0.0 }
            { Less "less" (a, b) -> bool "Whether x < y.";
              float { a < b } int { a < b } bool { !a & b }
              wgsl "less_{T}({0}, {1})"; grad [none]; domain (-3.0, 3.0) 0.0 }
            { LessEqual "less_equal" (a, b) -> bool "Whether x <= y.";
              float { a <= b } int { a <= b } bool { !a | b }
              wgsl "less_equal_{T}({0}, {1})"; grad [none]; domain (-3.0, 3.0) 0.0 }
            { Equal "equal" (a, b) -> bool "Whether x == y.";
              float { a == b } int { a == b } bool { a == b }
              wgsl "({0} == {1})"; grad [none]; domain (-3.0, 3.0) 0.0 }
            { NotEqual "not_equal" (a, b) -> bool "Whether x != y.";
              float { a != b } int { a != b } bool { a != b }
              wgsl "({0} != {1})"; grad [none]; domain (-3.0, 3.0) 0.0 }
            { Where "where" (c, a, b) -> same "a where the bool c holds, else b.";
              float { if c { a } else { b } } int { if c { a } else { b } } bool { if c { a } else { b } }
              wgsl "select({2}, {1}, {0})"; grad [zeros_like(g), select(c, g, &zeros_like(g)), select(c, &zeros_like(g), g)]; domain (-3.0, 3.0) 1e-6 }
            { Threefry "threefry" (k, l, a) -> same "Random word number a of the uint32 key (k, l): Threefry-2x32 with 20 rounds.";
              float {} int { threefry(k as u32, l as u32, a as u32) as _ } bool {}
              wgsl "threefry({0}, {1}, {2})"; grad [none]; domain (0.0, 100.0) 0.0 }
        }
    };
}

/// What is recorded of one elementwise op.
pub struct ElementwiseRow {
    pub op: Elementwise,
    /// Name in Python: the array API's where it has one.
    pub name: &'static str,
    pub arity: usize,
    pub bool_result: bool,
    pub doc: &'static str,
    pub accepts_float: bool,
    pub accepts_int: bool,
    pub accepts_bool: bool,
    pub wgsl: &'static str,
    pub differentiable: bool,
    pub domain: (f64, f64),
    pub tolerance: f64,
    /// Gradients by operand, from the gradient of the output, the operands and the output.
    pub gradient: fn(&Tensor, &[Tensor], &Tensor) -> Vec<Tensor>,
}

macro_rules! present {
    () => {
        false
    };
    ($($token:tt)+) => {
        true
    };
}

macro_rules! gradient {
    (($g:ident, $out:ident) ($($arg:ident),*) [none]) => {
        |_, _, _| Vec::new()
    };
    (($g:ident, $out:ident) ($($arg:ident),*) [$($rule:expr),*]) => {
        |$g, operands, $out| {
            let [$($arg),*] = operands else { unreachable!("arity is checked at the call") };
            let _ = ($g, $out, $($arg),*);
            vec![$(own($rule)),*]
        }
    };
}

macro_rules! differentiable {
    (none) => {
        false
    };
    ($($token:tt)*) => {
        true
    };
}

macro_rules! bool_result {
    (bool) => {
        true
    };
    (same) => {
        false
    };
}

macro_rules! define_elementwise {
    (($g:ident, $out:ident) $({ $op:ident $name:literal ($($arg:ident),*) -> $result:ident $doc:literal;
         float { $($float:tt)* } int { $($int:tt)* } bool { $($bool:tt)* }
         wgsl $wgsl:literal; grad [$($grad:tt)*]; domain ($low:literal, $high:literal) $tolerance:literal })*) => {
        /// An elementwise op: the key of its row.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Elementwise {
            $(#[doc = $doc] $op),*
        }

        pub static ELEMENTWISE: &[ElementwiseRow] = &[$(ElementwiseRow {
            op: Elementwise::$op,
            name: $name,
            arity: [$(stringify!($arg)),*].len(),
            bool_result: bool_result!($result),
            doc: $doc,
            accepts_float: present!($($float)*),
            accepts_int: present!($($int)*),
            accepts_bool: present!($($bool)*),
            wgsl: $wgsl,
            differentiable: differentiable!($($grad)*),
            domain: ($low, $high),
            tolerance: $tolerance,
            gradient: gradient!(($g, $out) ($($arg),*) [$($grad)*]),
        }),*];
    };
}

elementwise_rows!(define_elementwise);

impl Elementwise {
    pub fn row(self) -> &'static ElementwiseRow {
        &ELEMENTWISE[self as usize]
    }

    /// The op of this number, as bindings pass it.
    pub fn from_index(index: usize) -> Option<Elementwise> {
        ELEMENTWISE.get(index).map(|row| row.op)
    }

    pub fn from_name(name: &str) -> Option<Elementwise> {
        ELEMENTWISE.iter().find(|row| row.name == name).map(|row| row.op)
    }

    /// Which values the gradient rule reads, found by applying it.
    pub fn gradient_reads(self) -> &'static GradientReads {
        static READS: LazyLock<Vec<GradientReads>> =
            LazyLock::new(|| ELEMENTWISE.iter().map(GradientReads::of).collect());
        &READS[self as usize]
    }

    /// True if evaluating it costs so much that a value used twice is worth storing.
    pub fn is_expensive(self) -> bool {
        use Elementwise::*;
        let powers = matches!(self, Exp | Exp2 | Expm1 | Log | Log2 | Log10 | Log1p | LogAddExp | Pow | Hypot);
        let angles = matches!(self, Sin | Cos | Tan | Asin | Acos | Atan | Atan2);
        let special = matches!(self, Erf | Erfc | Erfinv | Lgamma | Digamma | BesselI0 | BesselI1 | Igamma | Igammac);
        let hyperbolic = matches!(self, Gelu | GeluTanh | Silu | Sinh | Cosh | Tanh | Sigmoid | Asinh | Acosh | Atanh);
        powers || angles || hyperbolic || special || matches!(self, Threefry | FloorDiv | Remainder | Fmod | Gcd)
    }
}

/// What a gradient rule reads besides the gradient of the output.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct GradientReads {
    pub operands: [bool; 3],
    pub output: bool,
}

impl GradientReads {
    fn of(row: &ElementwiseRow) -> GradientReads {
        let device = Device::null();
        let dtype = if row.accepts_float { DType::F32 } else { DType::U32 };
        let leaf = |dtype| Tensor::iota(1, &device).cast(dtype).expect("the null device holds the dtype");
        let mut operands: Vec<Tensor> = (0..row.arity).map(|_| leaf(dtype)).collect();
        if row.op == Elementwise::Where {
            operands[0] = leaf(DType::Bool);
        }
        let (g, output) = (leaf(dtype), leaf(dtype));
        let mut reads = GradientReads::default();
        let mut stack = (row.gradient)(&g, &operands, &output);
        while let Some(tensor) = stack.pop() {
            reads.output |= tensor.id() == output.id();
            operands.iter().enumerate().for_each(|(i, operand)| reads.operands[i] |= tensor.id() == operand.id());
            stack.extend(tensor.inputs());
        }
        reads
    }
}

impl ElementwiseRow {
    pub fn accepts(&self, dtype: DType) -> bool {
        match dtype.kind() {
            Kind::Float => self.accepts_float,
            Kind::Bool => self.accepts_bool,
            Kind::Signed => self.accepts_int && self.op != Elementwise::Threefry,
            Kind::Unsigned => self.accepts_int,
        }
    }

    /// The kinds that the op accepts, in words.
    pub fn accepted_kinds(&self) -> String {
        let kinds = [(self.accepts_float, "float"), (self.accepts_int, "integer"), (self.accepts_bool, "bool")];
        kinds.iter().filter(|(accepted, _)| *accepted).map(|(_, name)| *name).collect::<Vec<_>>().join(" or ")
    }
}

fn own(value: impl std::borrow::Borrow<Tensor>) -> Tensor {
    value.borrow().clone()
}

fn zeros_like(x: &Tensor) -> Tensor {
    x.constant_like(0.0)
}

fn select(condition: &Tensor, yes: &Tensor, no: &Tensor) -> Tensor {
    Tensor::elementwise(Elementwise::Where, &[condition.clone(), yes.clone(), no.clone()])
        .expect("operands of equal shape")
}

/// g · b · a^(b - 1), and zero where a and b are both zero: there the formula gives 0 · inf.
fn power_slope(g: &Tensor, a: &Tensor, b: &Tensor) -> Tensor {
    let apply = |op, operands: &[&Tensor]| Tensor::apply(op, operands).expect("operands of one device that broadcast");
    let zero = zeros_like(a);
    let both = apply(Elementwise::And, &[&a.equal(&zero), &b.equal(&zero)]);
    apply(Elementwise::Where, &[&both, &zero, &(g * b * &a.power(&(b - 1.0)))])
}

/// `x` where it is not zero, else one: a divisor for what is zero there anyway.
fn nonzero(x: &Tensor) -> Tensor {
    select(&x.equal(&x.constant_like(0.0)), &x.constant_like(1.0), x)
}

/// The part of exp(x) in a sum whose logarithm is `total`; zero if the sum is.
fn share_of_sum(x: &Tensor, total: &Tensor) -> Tensor {
    let empty = total.equal(&x.constant_like(f64::NEG_INFINITY));
    (x - &select(&empty, &x.constant_like(0.0), total)).exp()
}

/// I0(x) - I1(x) / x, which is 1/2 at zero.
fn bessel_i1_slope(x: &Tensor, i1: &Tensor) -> Tensor {
    let zero = x.equal(&x.constant_like(0.0));
    select(&zero, &x.constant_like(0.5), &(x.bessel_i0() - &(i1 / &nonzero(x))))
}

/// x^(a - 1) exp(-x) / gamma(a), how fast the incomplete gamma function grows with x.
fn gamma_density(a: &Tensor, x: &Tensor) -> Tensor {
    let apply = |op, operands: &[&Tensor]| Tensor::apply(op, operands).expect("operands of one device that broadcast");
    let powers = &(a - 1.0) * &apply(Elementwise::Log, &[x]);
    (&(&powers - x) - &apply(Elementwise::Lgamma, &[a])).exp()
}

/// Φ(x) + x·φ(x).
fn gelu_slope(x: &Tensor) -> Tensor {
    let share = ((x * std::f64::consts::FRAC_1_SQRT_2).erf() + 1.0) * 0.5;
    let density = (x * x * -0.5).exp() * (0.5 * std::f64::consts::FRAC_2_SQRT_PI * std::f64::consts::FRAC_1_SQRT_2);
    share + &(x * &density)
}

fn gelu_tanh_slope(x: &Tensor) -> Tensor {
    const SCALE: f64 = std::f64::consts::FRAC_2_SQRT_PI * std::f64::consts::SQRT_2;
    let square = x * x;
    let share = sigmoid((&square * 0.044715 + 1.0) * x * SCALE);
    let inner = (square * (3.0 * 0.044715) + 1.0) * SCALE;
    &share + &(x * &(&share - &(&share * &share)) * &inner)
}

fn silu_slope(x: &Tensor) -> Tensor {
    let share = sigmoid(x.clone());
    &share + &(x * &(&share - &(&share * &share)))
}

fn sigmoid(x: Tensor) -> Tensor {
    Tensor::elementwise(Elementwise::Sigmoid, &[x]).expect("one float operand")
}

/// Derivative of the digamma function, of operations that have derivatives themselves: recurrence up to where the
/// asymptotic series is precise, and reflection below 1/2 (Abramowitz and Stegun, 6.4).
fn trigamma(x: &Tensor) -> Tensor {
    const BERNOULLI: [f64; 6] = [1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2730.0];
    let mirrored = x.less(&x.constant_like(0.5));
    let size = select(&mirrored, &(1.0 - x), x);
    let inverse = |z: &Tensor| 1.0 / z;
    let below = (0..10).map(|step| inverse(&(&size + step as f64)));
    let below = below.map(|part| &part * &part).reduce(|sum, part| sum + part).expect("ten terms");
    let far = inverse(&(&size + 10.0));
    let square = &far * &far;
    let series = BERNOULLI.iter().rev().fold(x.constant_like(0.0), |sum, &number| (&sum + number) * &square);
    let plain = below + &far + &(&square * 0.5) + &(series * &far);
    // The sine of pi times the distance to the nearest integer keeps its precision.
    let folded = select(&mirrored, x, &x.constant_like(0.25));
    let sine = ((&folded - &folded.round()) * std::f64::consts::PI).sin() * (1.0 / std::f64::consts::PI);
    select(&mirrored, &(inverse(&(&sine * &sine)) - &plain), &plain)
}

/// `g` where `x` is positive, else zero.
fn where_positive(x: &Tensor, g: &Tensor) -> Tensor {
    select(&x.constant_like(0.0).less(x), g, &zeros_like(g))
}

/// One where a > b, one half where they are equal, else zero: how maximum(a, b) passes its gradient to a.
fn share(a: &Tensor, b: &Tensor) -> Tensor {
    let tie = select(&a.equal(b), &a.constant_like(0.5), &a.constant_like(0.0));
    select(&b.less(a), &a.constant_like(1.0), &tie)
}
