//! The incomplete gamma functions, which call the gamma function of either width.

use super::Function;

pub static FUNCTIONS: &[Function] = &[
    // x^a exp(-x) / gamma(a); by Stirling's formula where its factors would be great.
    (
        "gamma_scale_$F",
        "fn gamma_scale_$F(a: $F, x: $F) -> $F {
    if (a < 8.0) {
        return $exp(a * log_$F(x) - x - lgamma_$F(a));
    }
    let distance = (x - a) / a;
    let s = 1.0 / (a * a);
    let series = (0.08333333333333333 - (0.002777777777777778 - s * 0.0007936507936507937) * s) / a;
    return $exp(a * (log1p_$F(distance) - distance) - series) * sqrt(a * 0.15915494309189535);
}",
    ),
    // Temme's uniform expansion for great a; distance - log(1 + distance) has terms that cancel where it is small.
    (
        "gamma_great_$F",
        "fn gamma_great_$F(a: $F, x: $F, upper: bool) -> $F {
    let distance = clamp((x - a) / a, -0.99$f, 9.0$f);
    let tail = 0.25 - (0.2 - 0.16666666666666666 * distance) * distance;
    let near = (0.5 - (0.3333333333333333 - tail * distance) * distance) * distance * distance;
    let half = select(distance - log1p_$F(distance), near, abs(distance) < 0.01);
    let eta = select(sqrt(2.0 * half), -sqrt(2.0 * half), distance < 0.0);
    let terms = ((eta * 0.0011574074074074073 - 0.014814814814814815) * eta + 0.08333333333333333) * eta;
    let rest = (terms - 0.3333333333333333) * $exp(-min(half * a, 700.0$f)) / sqrt(6.283185307179586 * a);
    let reach = eta * sqrt(0.5 * a);
    return select(0.5 * erfc_$F(-reach) - rest, 0.5 * erfc_$F(reach) + rest, upper);
}",
    ),
    // The upper part of a < 0.01 and x < 1: a power series that begins with 1 - x^a / gamma(1 + a).
    (
        "gamma_small_$F",
        "fn gamma_small_$F(a: $F, x: $F) -> $F {
    var taylor = -0.207385551028674 + 0.1695571769974082 * a;
    taylor = 0.2705808084277845 + taylor * a;
    taylor = -0.4006856343865314 + taylor * a;
    taylor = 0.8224670334241132 + taylor * a;
    taylor = -0.5772156649015329 + taylor * a;
    let grown = expm1_$F(a * log_$F(x) - taylor * a);
    var power = 1.0$f;
    var sum = 0.0$f;
    var n = 0.0$f;
    for (var i = 0u; i < 20u; i++) {
        n += 1.0;
        power *= -x / n;
        sum += power / (a + n);
    }
    return -grown - a * (grown + 1.0) * sum;
}",
    ),
    // The lower part, or the upper one: a series below a + 1, a continued fraction by Lentz's method above.
    (
        "gamma_part_$F",
        "fn gamma_part_$F(a: $F, x: $F, upper: bool) -> $F {
    if (is_nan$w(a) || is_nan$w(x) || a < 0.0 || x < 0.0 || (a == 0.0 && x == 0.0)) {
        return nan$w();
    }
    if (is_infinite$w(a) && is_infinite$w(x)) {
        return nan$w();
    }
    if (a == 0.0 || is_infinite$w(x)) {
        return select(1.0$f, 0.0$f, upper);
    }
    if (x == 0.0 || is_infinite$w(a)) {
        return select(0.0$f, 1.0$f, upper);
    }
    if (a > 1e5) {
        return gamma_great_$F(a, x, upper);
    }
    if (a < 0.01 && x < 1.0) {
        let part = gamma_small_$F(a, x);
        return select(1.0 - part, part, upper);
    }
    let scale = gamma_scale_$F(a, x);
    if (x < a + 1.0) {
        var term = 1.0 / a;
        var sum = term;
        var n = a;
        for (var i = 0u; i < 10000u && term > sum * $epsilon; i++) {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        return select(scale * sum, 1.0 - scale * sum, upper);
    }
    var b = x + 1.0 - a;
    var d = 1.0 / b;
    var product = d;
    // The first step adds nothing to b.
    var inverse = 0.0$f;
    var n = 0.0$f;
    for (var i = 0u; i < 10000u; i++) {
        n += 1.0;
        let step = n * (a - n);
        b += 2.0;
        d = 1.0 / (step * d + b);
        let c = b + step * inverse;
        inverse = 1.0 / c;
        product *= c * d;
        if (abs(c * d - 1.0) < $epsilon) {
            break;
        }
    }
    return select(1.0 - scale * product, scale * product, upper);
}",
    ),
    ("igamma_$F", "fn igamma_$F(a: $F, x: $F) -> $F {\n    return gamma_part_$F(a, x, false);\n}"),
    ("igammac_$F", "fn igammac_$F(a: $F, x: $F) -> $F {\n    return gamma_part_$F(a, x, true);\n}"),
];
