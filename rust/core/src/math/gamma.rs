//! The incomplete gamma functions.

/// From here on the uniform asymptotic expansion is precise; below, the sums need fewer terms than `MOST_TERMS`.
const GREAT: f64 = 1e5;
const MOST_TERMS: usize = 10_000;

/// Below, where x < 1 too, the upper part is too small to be what the lower one leaves.
const SMALL: f64 = 0.01;

/// The regularised lower and upper incomplete gamma functions: a series below a + 1, a continued fraction above
/// (Press et al., Numerical Recipes, 6.2), and for great a Temme's expansion (1979).
pub fn incomplete(a: f64, x: f64) -> (f64, f64) {
    if a.is_nan() || x.is_nan() || a < 0.0 || x < 0.0 || (a == 0.0 && x == 0.0) || (a.is_infinite() && x.is_infinite())
    {
        return (f64::NAN, f64::NAN);
    }
    if a == 0.0 || x.is_infinite() {
        return (1.0, 0.0);
    }
    if x == 0.0 || a.is_infinite() {
        return (0.0, 1.0);
    }
    if a > GREAT {
        return great(a, x);
    }
    if a < SMALL && x < 1.0 {
        let upper = small(a, x);
        return (1.0 - upper, upper);
    }
    if x < a + 1.0 {
        let lower = scale(a, x) * series(a, x);
        return (lower, 1.0 - lower);
    }
    let upper = scale(a, x) * fraction(a, x);
    (1.0 - upper, upper)
}

/// x^a exp(-x) / gamma(a); by Stirling's formula where its factors would be great.
fn scale(a: f64, x: f64) -> f64 {
    if a < 16.0 {
        return (a * x.ln() - x - libm::lgamma(a)).exp();
    }
    let distance = (x - a) / a;
    let square = 1.0 / (a * a);
    let series = (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - square / 1680.0) * square) * square) / a;
    (a * (distance.ln_1p() - distance) - series).exp() * (a / std::f64::consts::TAU).sqrt()
}

/// The upper part: a power series whose first term is 1 - x^a / gamma(1 + a).
fn small(a: f64, x: f64) -> f64 {
    // ln gamma(1 + a) by Taylor's series.
    const TAYLOR: [f64; 6] = [
        0.169_557_176_997_408_2,
        -0.207_385_551_028_674,
        0.270_580_808_427_784_5,
        -0.400_685_634_386_531_4,
        0.822_467_033_424_113_2,
        -0.577_215_664_901_532_9,
    ];
    let grown = (a * x.ln() - TAYLOR.iter().fold(0.0, |sum, number| (sum + number) * a)).exp_m1();
    let (mut power, mut sum) = (1.0, 0.0);
    for n in 1..20 {
        power *= -x / n as f64;
        sum += power / (a + n as f64);
    }
    -grown - a * (grown + 1.0) * sum
}

fn great(a: f64, x: f64) -> (f64, f64) {
    let distance = (x - a) / a;
    // distance - ln(1 + distance), whose terms cancel where it is small.
    let series = [1.0 / 6.0, 0.2, 0.25, 1.0 / 3.0, 0.5].iter().fold(0.0, |sum, number| number - sum * distance);
    let half = if distance.abs() < 0.01 { series * distance * distance } else { distance - distance.ln_1p() };
    let eta = (2.0 * half).sqrt().copysign(distance);
    let rest = [1.0 / 864.0, -2.0 / 135.0, 1.0 / 12.0, -1.0 / 3.0].iter().fold(0.0, |sum, number| sum * eta + number);
    let rest = if half * a < 700.0 { rest * (-half * a).exp() / (std::f64::consts::TAU * a).sqrt() } else { 0.0 };
    let reach = eta * (0.5 * a).sqrt();
    (0.5 * libm::erfc(-reach) - rest, 0.5 * libm::erfc(reach) + rest)
}

fn series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
    for _ in 0..MOST_TERMS {
        n += 1.0;
        term *= x / n;
        sum += term;
        if term < sum * f64::EPSILON {
            break;
        }
    }
    sum
}

/// Lentz's method; no denominator is zero for x above a + 1.
fn fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (f64::INFINITY, 1.0 / b);
    let mut product = d;
    for n in 1..MOST_TERMS {
        let step = n as f64 * (a - n as f64);
        b += 2.0;
        d = 1.0 / (step * d + b);
        c = b + step / c;
        product *= c * d;
        if (c * d - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_their_known_values() {
        // 1 - exp(-x) for a = 1; SciPy's values for the others.
        for (a, x, expected) in [
            (1.0, 0.5, 1.0 - (-0.5_f64).exp()),
            (1e-3, 0.25, 0.998_955_655_619_728_8),
            (0.5, 2.0, 0.954_499_736_103_641_5),
            (3.0, 7.0, 0.970_363_836_119_478_2),
            (100.0, 90.0, 0.158_220_989_186_430_07),
            (1e4, 1e4, 0.501_329_808_339_955_2),
            (2e5, 1.995e5, 0.131_736_194_864_963_5),
            (1e10, 1e10, 0.500_001_329_807_601_4),
        ] {
            let (lower, upper) = incomplete(a, x);
            assert!((lower - expected).abs() < 1e-11, "{a} {x}: {lower}");
            assert!((lower + upper - 1.0).abs() < 1e-15);
        }
    }
}
