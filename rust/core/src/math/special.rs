//! Functions of floats that the standard library lacks.

use super::{FloatMath, float32};

/// libm's, which gives numbers to some arguments below one.
#[inline(always)]
pub fn acosh_f64(x: f64) -> f64 {
    if x < 1.0 { f64::NAN } else { libm::acosh(x) }
}

/// ln(e^x + e^y); equal infinities have no difference.
#[inline(always)]
pub fn logaddexp_f64(x: f64, y: f64) -> f64 {
    let larger = x.max_(y);
    let sum = larger + (-(x - y).abs()).exp().ln_1p();
    if larger.is_infinite() { larger } else { sum }
}

/// Inverse of the error function (Giles, 2010).
#[inline(always)]
pub fn erfinv_f32(x: f32) -> f32 {
    const CENTRAL: [f32; 9] = [
        2.810_226_4e-8,
        3.432_739_4e-7,
        -3.523_387_7e-6,
        -4.391_506_5e-6,
        2.185_808_7e-4,
        -1.253_725_e-3,
        -4.177_681_6e-3,
        2.466_407_3e-1,
        1.501_409_4,
    ];
    const TAIL: [f32; 9] = [
        -2.002_142_6e-4,
        1.009_505_6e-4,
        1.349_343_2e-3,
        -3.673_428_4e-3,
        5.739_507_8e-3,
        -7.622_461_3e-3,
        9.438_87e-3,
        1.001_674,
        2.832_976_8,
    ];
    let w = -float32::log((1.0 - x) * (1.0 + x));
    let central = w < 5.0;
    let place = if central { w - 2.5 } else { w.sqrt() - 3.0 };
    let mut p = if central { CENTRAL[0] } else { TAIL[0] };
    for (central_term, tail_term) in CENTRAL.into_iter().zip(TAIL).skip(1) {
        p = p * place + if central { central_term } else { tail_term };
    }
    if x.abs() == 1.0 { x * f32::INFINITY } else { p * x }
}

/// As `erfinv_f32`, made precise by two of Halley's steps.
pub fn erfinv_f64(x: f64) -> f64 {
    let size = x.abs();
    if x == 0.0 {
        return x;
    }
    if size >= 1.0 || x.is_nan() {
        return if size == 1.0 { x * f64::INFINITY } else { f64::NAN };
    }
    // Close to one, float32 has no digits: there the complement's asymptotic form is the first guess.
    let rest = 1.0 - size;
    let mut y =
        if rest > 1e-6 { erfinv_f32(size as f32) as f64 } else { (-rest.ln() - 0.5 * (-rest.ln()).ln()).sqrt() };
    for _ in 0..if rest > 1e-6 { 2 } else { 5 } {
        let error = if size < 0.5 { libm::erf(y) - size } else { rest - libm::erfc(y) };
        let step = error / (std::f64::consts::FRAC_2_SQRT_PI * (-y * y).exp());
        y -= step / (1.0 + y * step);
    }
    y.copysign(x)
}

/// Derivative of the logarithm of the gamma function: recurrence up to where the asymptotic series is precise, and
/// reflection below zero (Abramowitz and Stegun, 6.3). At a negative integer it is NaN, as its sign there is undefined.
pub fn digamma(x: f64) -> f64 {
    const SERIES: [f64; 7] =
        [1.0 / 12.0, -691.0 / 32760.0, 1.0 / 132.0, -1.0 / 240.0, 1.0 / 252.0, -1.0 / 120.0, 1.0 / 12.0];
    if x == 0.0 {
        return f64::INFINITY.copysign(-x);
    }
    if x < 0.0 {
        let distance = x - x.round();
        let cotangent = 1.0 / (std::f64::consts::PI * distance).tan();
        return if distance == 0.0 || x.is_infinite() {
            f64::NAN
        } else {
            digamma(1.0 - x) - std::f64::consts::PI * cotangent
        };
    }
    let (mut z, mut below) = (x, 0.0);
    while z < 10.0 {
        below += 1.0 / z;
        z += 1.0;
    }
    let square = 1.0 / (z * z);
    let series = SERIES.iter().fold(0.0, |sum, number| (sum + number) * square);
    z.ln() - 0.5 / z - series - below
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(name: &str, x: f64, got: f64, expected: f64, relative: f64) {
        let fits = got == expected
            || (got.is_nan() && expected.is_nan())
            || (got - expected).abs() <= relative * expected.abs();
        assert!(fits, "{name}({x:e}): {got:e}, expected {expected:e}");
    }

    #[test]
    fn inverse_error_function_inverts() {
        for y in [1e-300, 1e-9, 0.1, 0.4, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 5.8] {
            let x = libm::erf(y);
            // Near one, what x itself was rounded by is all that is left.
            let spread = 2.3e-16 / (std::f64::consts::FRAC_2_SQRT_PI * (-y * y).exp()) / y;
            close("erfinv", x, erfinv_f64(x), y, 1e-14 + spread);
            close("erfinv", -x, erfinv_f64(-x), -y, 1e-14 + spread);
        }
        close("erfinv", 1.0, erfinv_f64(1.0), f64::INFINITY, 0.0);
        assert!(erfinv_f64(1.5).is_nan() && erfinv_f32(1.5).is_nan() && erfinv_f64(f64::NAN).is_nan());
    }

    #[test]
    fn digamma_has_its_known_values() {
        const EULER: f64 = 0.577_215_664_901_532_9;
        for (x, expected) in [
            (1.0, -EULER),
            (0.5, -EULER - 2.0 * std::f64::consts::LN_2),
            (-0.5, -EULER - 2.0 * std::f64::consts::LN_2 + 2.0),
            (10.0, 2.251_752_589_066_721),
            (0.0, f64::NEG_INFINITY),
            (-0.0, f64::INFINITY),
            (-3.0, f64::NAN),
            (f64::INFINITY, f64::INFINITY),
        ] {
            close("digamma", x, digamma(x), expected, 1e-14);
        }
    }
}
