//! Powers, angles and the special functions: devices need only be right to a few digits in their own.

use super::Function;

/// A function calls only earlier ones, and those of the arithmetic.
pub static FUNCTIONS: &[Function] = &[
    ("exp2_f32", "fn exp2_f32(a: f32) -> f32 {\n    return select(exp2(a), a, is_nan(a));\n}"),
    // Taylor's series near zero.
    (
        "expm1_f32",
        "fn expm1_f32(a: f32) -> f32 {
    let x = clamp(a, -0.5, 0.5);
    var p = fma(2.4801587e-5, x, 1.9841270e-4);
    p = fma(p, x, 1.3888889e-3);
    p = fma(p, x, 8.3333333e-3);
    p = fma(p, x, 4.1666667e-2);
    p = fma(p, x, 1.6666667e-1);
    p = fma(p, x, 0.5);
    let near = fma(p * x, x, x);
    return select(select(exp(a) - 1.0, near, abs(a) < 0.5), a, is_nan(a) || a == 0.0);
}",
    ),
    // 2 atanh(z) for z = x / (2 + x), which is at most a third.
    (
        "log1p_f32",
        "fn log1p_f32(a: f32) -> f32 {
    let x = clamp(a, -0.5, 0.5);
    let z = x / (x + 2.0);
    let s = z * z;
    var p = fma(0.13333333, s, 0.15384615);
    p = fma(p, s, 0.18181818);
    p = fma(p, s, 0.22222222);
    p = fma(p, s, 0.28571429);
    p = fma(p, s, 0.4);
    p = fma(p, s, 0.66666667);
    p = fma(p, s, 2.0);
    return select(log_f32(a + 1.0), z * p, abs(a) < 0.5);
}",
    ),
    (
        "log2_f32",
        "fn log2_f32(a: f32) -> f32 {
    if (a < 0.0) {
        return nan();
    }
    if (a == 0.0) {
        return -infinity();
    }
    return select(log2(a), a, is_infinite(a) || is_nan(a));
}",
    ),
    ("log10_$F", "fn log10_$F(a: $F) -> $F {\n    return log_$F(a) * 0.4342944819032518;\n}"),
    (
        "logaddexp_$F",
        "fn logaddexp_$F(a: $F, b: $F) -> $F {
    let larger = max_$F(a, b);
    if (is_infinite$w(larger)) {
        return larger;
    }
    return larger + log1p_$F($exp(-abs(a - b)));
}",
    ),
    (
        "hypot_$F",
        "fn hypot_$F(a: $F, b: $F) -> $F {
    if (is_infinite$w(a) || is_infinite$w(b)) {
        return infinity$w();
    }
    let larger = max(abs(a), abs(b));
    let scale = select(larger, 1.0$f, larger == 0.0);
    let x = a / scale;
    let y = b / scale;
    return sqrt(fma(x, x, y * y)) * scale;
}",
    ),
    (
        "nextafter_f32",
        "fn nextafter_f32(a: f32, b: f32) -> f32 {
    if (is_nan(a) || is_nan(b)) {
        return nan();
    }
    if (a == b) {
        return b;
    }
    if (a == 0.0) {
        return copysign_f32(bitcast<f32>(1u), b);
    }
    let grows = (a < b) == (a > 0.0);
    return bitcast<f32>(bitcast<u32>(a) + select(0xffffffffu, 1u, grows));
}",
    ),
    ("tan_$F", "fn tan_$F(a: $F) -> $F {\n    return sin_turned$w(a, 0) / sin_turned$w(a, 1);\n}"),
    // Cephes: three ranges, a polynomial of |z| <= tan(pi / 8).
    (
        "atan_f32",
        "fn atan_f32(a: f32) -> f32 {
    let x = abs(a);
    let high = x > 2.4142135;
    let middle = x > 0.41421357;
    let z = select(select(x, (x - 1.0) / (x + 1.0), middle), -1.0 / x, high);
    let base = select(select(0.0, 0.78539816, middle), 1.5707964, high);
    let s = z * z;
    var p = fma(8.0537449e-2, s, -1.3877686e-1);
    p = fma(p, s, 1.9977711e-1);
    p = fma(p, s, -3.3332949e-1);
    let size = base + fma(p * s, z, z);
    return select(select(size, -size, a < 0.0), a, is_nan(a) || a == 0.0);
}",
    ),
    // Of the two quotients the one that does not exceed 1; of equal infinities it is 1.
    (
        "atan2_$F",
        "fn atan2_$F(a: $F, b: $F) -> $F {
    if (is_nan$w(a) || is_nan$w(b)) {
        return nan$w();
    }
    let y = abs(a);
    let x = abs(b);
    var angle = 0.0$f;
    if (is_infinite$w(x) && is_infinite$w(y)) {
        angle = 0.7853981633974483$f;
    } else if (y > x) {
        angle = 1.5707963267948966 - atan_$F(x / y);
    } else if (x > 0.0) {
        angle = atan_$F(y / x);
    }
    let backwards = copysign_$F(1.0$f, b) < 0.0;
    return copysign_$F(select(angle, 3.141592653589793 - angle, backwards), a);
}",
    ),
    (
        "asin_$F",
        "fn asin_$F(a: $F) -> $F {
    return 2.0 * atan_$F(a / (1.0 + sqrt_$F((1.0 - a) * (1.0 + a))));
}",
    ),
    (
        "acos_$F",
        "fn acos_$F(a: $F) -> $F {
    return 2.0 * atan_$F(sqrt_$F((1.0 - a) / (1.0 + a)));
}",
    ),
    // Apart from zero by exponentials of what is half as large, which stay in range for as long as the result does.
    (
        "sinh_$F",
        "fn sinh_$F(a: $F) -> $F {
    let grown = expm1_$F(clamp(a, -1.0, 1.0));
    let near = 0.5 * (grown + grown / (grown + 1.0));
    let far = $exp(a - 0.6931471805599453) - $exp(-a - 0.6931471805599453);
    return select(select(far, near, abs(a) < 1.0), a, is_nan$w(a));
}",
    ),
    (
        "cosh_$F",
        "fn cosh_$F(a: $F) -> $F {
    return select($exp(a - 0.6931471805599453) + $exp(-a - 0.6931471805599453), a, is_nan$w(a));
}",
    ),
    (
        "asinh_$F",
        "fn asinh_$F(a: $F) -> $F {
    let x = abs(a);
    let near = min(x, 1.0e9);
    let s = near * near;
    let close = log1p_$F(near + s / (1.0 + sqrt(1.0 + s)));
    let size = select(close, log_$F(x) + 0.6931471805599453, x > 1.0e9);
    return select(copysign_$F(size, a), a, is_nan$w(a));
}",
    ),
    (
        "acosh_$F",
        "fn acosh_$F(a: $F) -> $F {
    let above = min(a, 1.0e9) - 1.0;
    let close = log1p_$F(above + sqrt_$F(above * 2.0 + above * above));
    let size = select(close, log_$F(a) + 0.6931471805599453, a > 1.0e9);
    return select(select(size, nan$w(), a < 1.0), a, is_nan$w(a));
}",
    ),
    // exp of minus |x| cannot overflow.
    (
        "sigmoid_$F",
        "fn sigmoid_$F(a: $F) -> $F {
    let decay = exp_$F(-abs(a));
    return select(1.0, decay, a < 0.0) / (1.0 + decay);
}",
    ),
    (
        "atanh_$F",
        "fn atanh_$F(a: $F) -> $F {
    let x = abs(a);
    return copysign_$F(0.5 * log1p_$F(2.0 * x / (1.0 - x)), a);
}",
    ),
    // Press et al., Numerical Recipes, 6.2.
    (
        "erfc_f32",
        "fn erfc_f32(a: f32) -> f32 {
    let x = clamp(a, 0.5, 20.0);
    let t = 1.0 / (1.0 + 0.5 * x);
    var p = fma(0.17087277, t, -0.82215223);
    p = fma(p, t, 1.48851587);
    p = fma(p, t, -1.13520398);
    p = fma(p, t, 0.27886807);
    p = fma(p, t, -0.18628806);
    p = fma(p, t, 0.09678418);
    p = fma(p, t, 0.37409196);
    p = fma(p, t, 1.00002368);
    p = fma(p, t, -1.26551223);
    return select(1.0 - erf_f32(a), t * exp(fma(-x, x, p)), a > 0.5);
}",
    ),
    // Giles, 2010.
    (
        "erfinv_f32",
        "fn erfinv_f32(a: f32) -> f32 {
    let w = -log_f32((1.0 - a) * (1.0 + a));
    let central = w < 5.0;
    let x = select(sqrt(w) - 3.0, w - 2.5, central);
    var p = fma(select(-2.0021426e-4, 2.8102263e-8, central), x, select(1.0095056e-4, 3.4327394e-7, central));
    p = fma(p, x, select(1.3493432e-3, -3.5233877e-6, central));
    p = fma(p, x, select(-3.6734284e-3, -4.3915065e-6, central));
    p = fma(p, x, select(5.7395077e-3, 2.1858087e-4, central));
    p = fma(p, x, select(-7.6224613e-3, -1.2537250e-3, central));
    p = fma(p, x, select(9.4388705e-3, -4.1776816e-3, central));
    p = fma(p, x, select(1.0016741, 0.24664073, central));
    p = fma(p, x, select(2.8329768, 1.5014094, central));
    return select(p * a, a * infinity(), abs(a) == 1.0);
}",
    ),
    // Where it is near zero no large terms may cancel. Below 8 the argument is moved to 2 + t with |t| <= 1/2 by factors, where
    // 1 / gamma(2 + t) = 1 + t S(t); above, Stirling's series. Mirrored, it is one logarithm of one quotient.
    (
        "lgamma_f32",
        "fn lgamma_f32(a: f32) -> f32 {
    if (is_infinite(a) || is_nan(a)) {
        return abs(a);
    }
    if (a <= 0.0 && floor(a) == a) {
        return infinity();
    }
    let mirrored = a < 0.5;
    let x = select(a, 1.0 - a, mirrored);
    let sine = abs(sin_f32((a - round(a)) * 3.1415927));
    if (x >= 8.0) {
        let inverse = 1.0 / x;
        let s = inverse * inverse;
        let series = fma(fma(7.9365079e-4, s, -2.7777778e-3), s, 8.3333333e-2) * inverse;
        let plain = (x - 0.5) * log_f32(x) - x + 0.91893853 + series;
        return select(plain, 1.1447299 - log_f32(sine) - plain, mirrored);
    }
    let below = x < 1.5;
    var t = select(x - 2.0, x - 1.0, below);
    var passed = 1.0;
    while (t > 0.5) {
        passed *= t + 1.0;
        t -= 1.0;
    }
    var p = fma(-3.7041983e-4, t, -7.3199774e-4);
    p = fma(p, t, 8.0250517e-3);
    p = fma(p, t, -1.7656522e-2);
    p = fma(p, t, -2.4552613e-2);
    p = fma(p, t, 0.19109166);
    p = fma(p, t, -0.23309373);
    p = fma(p, t, -0.42278434) * t;
    if (mirrored) {
        return log1p_f32(3.1415927 * (1.0 + p) * select(1.0, x, below) / (sine * passed) - 1.0);
    }
    return log_f32(passed) - log1p_f32(p) - select(0.0, log1p_f32(t), below);
}",
    ),
    (
        "digamma_f32",
        "fn digamma_f32(a: f32) -> f32 {
    if (is_nan(a) || (a < 0.0 && floor(a) == a)) {
        return nan();
    }
    if (a == 0.0) {
        return copysign_f32(infinity(), -a);
    }
    let mirrored = a < 0.5;
    var z = select(a, 1.0 - a, mirrored);
    var below = 0.0;
    while (z < 7.0) {
        below += 1.0 / z;
        z += 1.0;
    }
    let inverse = 1.0 / z;
    let s = inverse * inverse;
    let series = fma(fma(fma(4.1666667e-3, s, -3.9682540e-3), s, 8.3333333e-3), s, -8.3333333e-2) * s;
    let plain = log_f32(z) - 0.5 * inverse + series - below;
    return select(plain, plain - 3.1415927 / tan_f32((a - round(a)) * 3.1415927), mirrored);
}",
    ),
    // Abramowitz and Stegun, 9.8.1 to 9.8.4; the exponential in two factors, as it overflows before the function does.
    (
        "i0_f32",
        "fn i0_f32(a: f32) -> f32 {
    if (is_nan(a) || is_infinite(a)) {
        return abs(a);
    }
    let x = abs(a);
    let t = min(x / 3.75, 1.0) * min(x / 3.75, 1.0);
    var near = fma(0.0045813, t, 0.0360768);
    near = fma(near, t, 0.2659732);
    near = fma(near, t, 1.2067492);
    near = fma(near, t, 3.0899424);
    near = fma(near, t, 3.5156229);
    near = fma(near, t, 1.0);
    let y = 3.75 / max(x, 3.75);
    var far = fma(0.00392377, y, -0.01647633);
    far = fma(far, y, 0.02635537);
    far = fma(far, y, -0.02057706);
    far = fma(far, y, 0.00916281);
    far = fma(far, y, -0.00157565);
    far = fma(far, y, 0.00225319);
    far = fma(far, y, 0.01328592);
    far = fma(far, y, 0.39894228);
    let half = exp(0.5 * x);
    return select(half * (far / sqrt(max(x, 3.75))) * half, near, x < 3.75);
}",
    ),
    (
        "i1_f32",
        "fn i1_f32(a: f32) -> f32 {
    if (is_nan(a) || is_infinite(a)) {
        return a;
    }
    let x = abs(a);
    let t = min(x / 3.75, 1.0) * min(x / 3.75, 1.0);
    var near = fma(0.00032411, t, 0.00301532);
    near = fma(near, t, 0.02658733);
    near = fma(near, t, 0.15084934);
    near = fma(near, t, 0.51498869);
    near = fma(near, t, 0.87890594);
    near = fma(near, t, 0.5);
    let y = 3.75 / max(x, 3.75);
    var far = fma(-0.00420059, y, 0.01787654);
    far = fma(far, y, -0.02895312);
    far = fma(far, y, 0.02282967);
    far = fma(far, y, -0.01031555);
    far = fma(far, y, 0.00163801);
    far = fma(far, y, -0.00362018);
    far = fma(far, y, -0.03988024);
    far = fma(far, y, 0.39894228);
    let half = exp(0.5 * x);
    let size = half * (far / sqrt(max(x, 3.75))) * half;
    return select(copysign_f32(size, a), near * a, x < 3.75);
}",
    ),
];
