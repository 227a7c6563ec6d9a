//! The float32 functions beside float64 ones: within the bound of their row over all numbers, and right at special ones.

use rutile_core::math::FloatMath;

/// A prime, so that the patterns visited differ in all their bits.
const STRIDE: u32 = 4_999;

/// Greatest error of what is rounded once from float64, in units in the last place.
const ROUNDED: f64 = 0.70;

struct Unary(&'static str, fn(f32) -> f32, fn(f64) -> f64, f64);

const UNARY: [Unary; 22] = [
    Unary("exp", FloatMath::exp_, f64::exp, 1.0),
    Unary("exp2", FloatMath::exp2_, f64::exp2, ROUNDED),
    Unary("expm1", FloatMath::expm1_, f64::exp_m1, ROUNDED),
    Unary("log", FloatMath::log_, f64::ln, ROUNDED),
    Unary("log2", FloatMath::log2_, f64::log2, ROUNDED),
    Unary("log10", FloatMath::log10_, f64::log10, ROUNDED),
    Unary("log1p", FloatMath::log1p_, f64::ln_1p, ROUNDED),
    Unary("sinh", FloatMath::sinh_, f64::sinh, ROUNDED),
    Unary("cosh", FloatMath::cosh_, f64::cosh, ROUNDED),
    Unary("tanh", FloatMath::tanh_, f64::tanh, ROUNDED),
    Unary("asinh", FloatMath::asinh_, FloatMath::asinh_, ROUNDED),
    Unary("acosh", FloatMath::acosh_, FloatMath::acosh_, ROUNDED),
    Unary("atanh", FloatMath::atanh_, FloatMath::atanh_, ROUNDED),
    Unary("sin", FloatMath::sin_, f64::sin, ROUNDED),
    Unary("cos", FloatMath::cos_, f64::cos, ROUNDED),
    Unary("tan", FloatMath::tan_, f64::tan, ROUNDED),
    Unary("asin", FloatMath::asin_, f64::asin, ROUNDED),
    Unary("acos", FloatMath::acos_, f64::acos, ROUNDED),
    Unary("atan", FloatMath::atan_, f64::atan, ROUNDED),
    Unary("erf", FloatMath::erf_, FloatMath::erf_, ROUNDED),
    Unary("erfc", FloatMath::erfc_, FloatMath::erfc_, ROUNDED),
    Unary("sqrt", f32::sqrt, f64::sqrt, 0.5),
];

struct Binary(&'static str, fn(f32, f32) -> f32, fn(f64, f64) -> f64, f64);

const BINARY: [Binary; 3] = [
    Binary("pow", FloatMath::pow_, f64::powf, ROUNDED),
    Binary("atan2", FloatMath::atan2_, f64::atan2, ROUNDED),
    Binary("hypot", FloatMath::hypot_, f64::hypot, ROUNDED),
];

/// Zeros, infinities, NaN, subnormal numbers, and both sides of where results overflow, vanish or change their form.
fn special() -> Vec<f32> {
    let positive = [
        0.0,
        f32::from_bits(1),
        f32::MIN_POSITIVE / 2.0,
        f32::MIN_POSITIVE,
        1e-20,
        0.414_213_57,
        0.5,
        0.707_106_77,
        1.0,
        std::f32::consts::FRAC_PI_2,
        2.0,
        3.0,
        4.0,
        9.05,
        10.054,
        87.336_55,
        88.722_84,
        89.415_99,
        103.972_08,
        126.0,
        128.0,
        149.0,
        1e10,
        16_777_215.0,
        16_777_216.0,
        1e20,
        f32::MAX,
        f32::INFINITY,
        f32::NAN,
        f32::from_bits(0x7f80_0001),
    ];
    let around = |x: f32| [x.next_down(), x, x.next_up()];
    positive.into_iter().flat_map(around).flat_map(|x| [x, -x]).collect()
}

fn all() -> impl Iterator<Item = f32> {
    (0..=u32::MAX / STRIDE).map(|n| f32::from_bits(n * STRIDE)).chain(special())
}

/// How many units in the last place of `exact` lie between it and `got`; infinite if they differ in kind.
fn distance(got: f32, exact: f64) -> f64 {
    let rounded = exact as f32;
    let same = got == rounded && (got != 0.0 || got.is_sign_negative() == rounded.is_sign_negative());
    if got.is_nan() || exact.is_nan() {
        return if got.is_nan() && exact.is_nan() { 0.0 } else { f64::INFINITY };
    }
    if got.is_infinite() || rounded.is_infinite() || got == 0.0 && exact == 0.0 {
        return if same { 0.0 } else { f64::INFINITY };
    }
    let exponent = ((exact.abs().to_bits() >> 52) as i32 - 1023).max(-126);
    (got as f64 - exact).abs() / 2f64.powi(exponent - 23)
}

#[test]
fn functions_of_one_number() {
    for Unary(name, function, exact, bound) in UNARY {
        let (error, worst) = all()
            .map(|x| (distance(function(x), exact(x as f64)), x))
            .fold((0.0, 0.0), |most, one| if one.0 > most.0 { one } else { most });
        assert!(
            error <= bound,
            "{name}({worst:e}): {:e}, {error:.2} ulp of {:e}",
            function(worst),
            exact(worst as f64)
        );
    }
}

#[test]
fn functions_of_two_numbers() {
    let special = special();
    let near = [-7.0, -1.0, -0.5, 1e-3, 1.0 / 3.0, 1.5, 2.5, 11.0, 40.0];
    for Binary(name, function, exact, bound) in BINARY {
        let check = |x: f32, y: f32| {
            let error = distance(function(x, y), exact(x as f64, y as f64));
            let expected = exact(x as f64, y as f64);
            assert!(error <= bound, "{name}({x:e}, {y:e}): {:e}, {error:.2} ulp of {expected:e}", function(x, y));
        };
        special.iter().for_each(|&x| special.iter().for_each(|&y| check(x, y)));
        for y in near {
            all().step_by(5).for_each(|x| check(x, y));
            all().step_by(5).for_each(|x| check(y, x));
        }
    }
}

#[test]
fn exact_results_are_exact() {
    for power in -149..=127 {
        let x = 2f64.powi(power) as f32;
        assert_eq!((power as f32).exp2_(), x);
        assert_eq!(x.log2_(), power as f32);
    }
    for power in 0..=10 {
        let x = 10f32.powi(power);
        assert_eq!((x.log10_(), 10f32.pow_(power as f32)), (power as f32, x));
    }
    assert_eq!((3f32.pow_(2.0), (-2f32).pow_(3.0), 9f32.pow_(0.5), 2f32.pow_(-1.0)), (9.0, -8.0, 3.0, 0.5));
}
