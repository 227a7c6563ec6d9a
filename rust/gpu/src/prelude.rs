//! WGSL functions that the op table's texts call; a kernel's text contains those that it uses.

use std::sync::LazyLock;

mod gamma;
mod narrow;
mod special;
mod wide;

/// (name, definition). Of a definition with `$` there are two: for numbers of 32 bits and for those of 64.
type Function = (&'static str, &'static str);

/// What a definition for both widths writes, for 32 and for 64 bits.
static WIDTHS: &[[&str; 3]] = &[
    ["$I", "i32", "i64"],
    ["$U", "u32", "u64"],
    ["$F", "f32", "f64"],
    // What literals end in, and the names of functions that only one float type had first.
    ["$i", "", "li"],
    ["$u", "u", "lu"],
    ["$f", "", "lf"],
    ["$w", "", "_f64"],
    // The highest bit, and what makes a count of bits of a number.
    ["$b", "31", "63"],
    ["$n", "", "u32"],
    // From where on all numbers are whole.
    ["$large", "16777216.0", "9007199254740992.0"],
    ["$pow", "pow", "pow_positive"],
    ["$exp", "exp", "exp_f64"],
    // Where the next term of a sum changes nothing.
    ["$epsilon", "1e-7", "2e-16"],
];

/// Every function, a function calling only earlier ones.
static ALL: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let both = |&(name, text): &Function| {
        let widths = if text.contains('$') { 1..3 } else { 1..2 };
        widths.map(move |width| {
            let written =
                |text: &str| WIDTHS.iter().fold(text.to_string(), |text, row| text.replace(row[0], row[width]));
            (written(name), written(text))
        })
    };
    [narrow::FUNCTIONS, wide::BITS, ARITHMETIC, special::FUNCTIONS, wide::FUNCTIONS, gamma::FUNCTIONS]
        .into_iter()
        .flatten()
        .flat_map(both)
        .collect()
});

/// Functions that `body` needs, callees first.
pub fn used(body: &str) -> Vec<&'static str> {
    let mut wanted = vec![false; ALL.len()];
    for n in (0..ALL.len()).rev() {
        let call = format!("{}(", ALL[n].0);
        let later = (n + 1..ALL.len()).any(|m| wanted[m] && calls(&ALL[m].1, &call));
        wanted[n] = later || calls(body, &call);
    }
    (0..ALL.len()).filter(|&n| wanted[n]).map(|n| ALL[n].1.as_str()).collect()
}

fn calls(text: &str, call: &str) -> bool {
    text.match_indices(call).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

static ARITHMETIC: &[Function] = &[
    // WGSL has no literal for it and refuses constant expressions that overflow: the bits pass through a variable.
    (
        "infinity",
        "var<private> infinity_bits: u32 = 0x7f800000u;
fn infinity() -> f32 {
    return bitcast<f32>(infinity_bits);
}",
    ),
    (
        "nan",
        "var<private> nan_bits: u32 = 0x7fc00000u;
fn nan() -> f32 {
    return bitcast<f32>(nan_bits);
}",
    ),
    // By bits, as compilers with fast mathematics assume that x == x.
    (
        "is_nan",
        "fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}",
    ),
    (
        "is_infinite",
        "fn is_infinite(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) == 0x7f800000u;
}",
    ),
    ("add_bool", "fn add_bool(a: bool, b: bool) -> bool {\n    return a | b;\n}"),
    ("mul_bool", "fn mul_bool(a: bool, b: bool) -> bool {\n    return a & b;\n}"),
    (
        "max_$F",
        "fn max_$F(a: $F, b: $F) -> $F {
    return select(select(b, a, a > b), a, is_nan$w(a));
}",
    ),
    (
        "min_$F",
        "fn min_$F(a: $F, b: $F) -> $F {
    return select(select(b, a, a < b), a, is_nan$w(a));
}",
    ),
    ("max_$I", "fn max_$I(a: $I, b: $I) -> $I {\n    return max(a, b);\n}"),
    ("min_$I", "fn min_$I(a: $I, b: $I) -> $I {\n    return min(a, b);\n}"),
    ("max_$U", "fn max_$U(a: $U, b: $U) -> $U {\n    return max(a, b);\n}"),
    ("min_$U", "fn min_$U(a: $U, b: $U) -> $U {\n    return min(a, b);\n}"),
    ("max_bool", "fn max_bool(a: bool, b: bool) -> bool {\n    return a | b;\n}"),
    ("min_bool", "fn min_bool(a: bool, b: bool) -> bool {\n    return a & b;\n}"),
    // Strict orders of argmax and argmin, in which NaN comes before every number.
    (
        "above_$F",
        "fn above_$F(a: $F, b: $F) -> bool {
    return (a > b || is_nan$w(a)) && !is_nan$w(b);
}",
    ),
    (
        "below_$F",
        "fn below_$F(a: $F, b: $F) -> bool {
    return (a < b || is_nan$w(a)) && !is_nan$w(b);
}",
    ),
    ("above_$I", "fn above_$I(a: $I, b: $I) -> bool {\n    return a > b;\n}"),
    ("below_$I", "fn below_$I(a: $I, b: $I) -> bool {\n    return a < b;\n}"),
    ("above_$U", "fn above_$U(a: $U, b: $U) -> bool {\n    return a > b;\n}"),
    ("below_$U", "fn below_$U(a: $U, b: $U) -> bool {\n    return a < b;\n}"),
    ("above_bool", "fn above_bool(a: bool, b: bool) -> bool {\n    return a && !b;\n}"),
    ("below_bool", "fn below_bool(a: bool, b: bool) -> bool {\n    return !a && b;\n}"),
    // Keys whose order as u32 is that of the values: -0.0 equals 0.0, and NaN is greatest.
    (
        "sort_key_f32",
        "fn sort_key_f32(a: f32) -> u32 {
    let word = bitcast<u32>(a);
    if ((word & 0x7fffffffu) > 0x7f800000u) {
        return 0xffffffffu;
    }
    if ((word & 0x80000000u) == 0u) {
        return word | 0x80000000u;
    }
    return 0x80000000u - (word & 0x7fffffffu);
}",
    ),
    ("sort_key_i32", "fn sort_key_i32(a: i32) -> u32 {\n    return bitcast<u32>(a) ^ 0x80000000u;\n}"),
    ("sort_key_u32", "fn sort_key_u32(a: u32) -> u32 {\n    return a;\n}"),
    ("sort_key_bool", "fn sort_key_bool(a: bool) -> u32 {\n    return u32(a);\n}"),
    // Of two (key, position).
    (
        "goes_before",
        "fn goes_before(a: vec2<u32>, b: vec2<u32>) -> bool {
    return a.x < b.x || (a.x == b.x && a.y < b.y);
}",
    ),
    (
        "sign_$F",
        "fn sign_$F(a: $F) -> $F {
    return select(sign(a), a, is_nan$w(a));
}",
    ),
    ("sign_$I", "fn sign_$I(a: $I) -> $I {\n    return sign(a);\n}"),
    ("sign_$U", "fn sign_$U(a: $U) -> $U {\n    return min(a, 1$u);\n}"),
    (
        "exp_f32",
        "fn exp_f32(a: f32) -> f32 {
    return select(exp(a), a, is_nan(a));
}",
    ),
    // Sine of a + turns * pi/2: Cody and Waite's reduction and Cephes' polynomials, since devices need only be right to
    // 2^-11. Loses digits as |a| grows beyond some ten thousand; from 2^24 on it has none,
    // and only stays within [-1, 1].
    (
        "sin_turned",
        "fn sin_turned(a: f32, turns: i32) -> f32 {
    let n = round(a * 0.63661975);
    let rest = fma(n, -7.5497899e-8, fma(n, -4.8375130e-4, fma(n, -1.5703125, a)));
    let r = clamp(rest, -0.79, 0.79);
    let z = r * r;
    let sine = fma(fma(fma(-1.9515296e-4, z, 8.3321609e-3), z, -1.6666655e-1) * z, r, r);
    let cosine = fma(fma(fma(2.4433157e-5, z, -1.3887316e-3), z, 4.1666646e-2), z * z, fma(-0.5, z, 1.0));
    let quadrant = i32(clamp(n, -2.0e9, 2.0e9)) + turns;
    let value = select(sine, cosine, (quadrant & 1) == 1);
    return select(select(value, -value, (quadrant & 2) == 2), nan(), is_nan(a) || is_infinite(a));
}",
    ),
    ("sin_f32", "fn sin_f32(a: f32) -> f32 {\n    return sin_turned(a, 0);\n}"),
    ("cos_f32", "fn cos_f32(a: f32) -> f32 {\n    return sin_turned(a, 1);\n}"),
    (
        "log_f32",
        "fn log_f32(a: f32) -> f32 {
    if (a < 0.0) {
        return nan();
    }
    if (a == 0.0) {
        return -infinity();
    }
    return select(log(a), a, is_infinite(a) || is_nan(a));
}",
    ),
    (
        "sqrt_$F",
        "fn sqrt_$F(a: $F) -> $F {
    return select(sqrt(a), nan$w(), a < 0.0);
}",
    ),
    // Cephes' polynomial near zero; elsewhere by exp, which must not see an argument that overflows it.
    (
        "tanh_f32",
        "fn tanh_f32(a: f32) -> f32 {
    let x = abs(a);
    let z = a * a;
    var near = fma(-5.7049887e-3, z, 2.0639089e-2);
    near = fma(near, z, -5.3739716e-2);
    near = fma(near, z, 1.3331442e-1);
    near = fma(near, z, -3.333328e-1);
    near = fma(near * z, a, a);
    let far = sign(a) * (1.0 - 2.0 / (exp(2.0 * min(x, 20.0)) + 1.0));
    return select(select(far, near, x < 0.625), a, is_nan(a));
}",
    ),
    // Minimax polynomials within 1 ulp: odd below 0.928, and 1 - exp(-polynomial) above.
    (
        "erf_f32",
        "fn erf_f32(a: f32) -> f32 {
    let t = min(abs(a), 4.0);
    let s = t * t;
    var far = fma(-1.72853470e-5, t, 3.83197126e-4);
    far = fma(far, s, fma(-3.88396438e-3, t, 2.42546219e-2));
    far = fma(far, t, -1.06777877e-1);
    far = fma(far, t, -6.34846687e-1);
    far = fma(far, t, -1.28717512e-1);
    far = sign(a) * (1.0 - exp(fma(far, t, -t)));
    var near = fma(-5.96761703e-4, s, 4.99119423e-3);
    near = fma(near, s, -2.67681349e-2);
    near = fma(near, s, 1.12819925e-1);
    near = fma(near, s, -3.76125336e-1);
    near = fma(near, s, 1.28379166e-1);
    near = fma(near, a, a);
    return select(select(far, near, t < 0.927734375), a, is_nan(a));
}",
    ),
    // Small integer powers by squaring: exact, of any sign, and free of the error of exp2(b * log2(a)).
    (
        "pow_$F",
        "fn pow_$F(a: $F, b: $F) -> $F {
    if (b == 0.0 || a == 1.0) {
        return 1.0;
    }
    if (is_nan$w(a) || is_nan$w(b)) {
        return nan$w();
    }
    let whole = floor(b) == b;
    if (whole && abs(b) <= 64.0) {
        var left = u32(abs(b));
        var base = a;
        var result = 1.0$f;
        while (left > 0u) {
            if ((left & 1u) == 1u) {
                result *= base;
            }
            base *= base;
            left = left >> 1u;
        }
        return select(result, 1.0 / result, b < 0.0);
    }
    let x = abs(a);
    if (is_infinite$w(b)) {
        let grows = (x > 1.0) == (b > 0.0);
        return select(select(0.0$f, infinity$w(), grows), 1.0$f, x == 1.0);
    }
    if (x == 0.0 || is_infinite$w(x)) {
        let grows = (x != 0.0) == (b > 0.0);
        let size = select(0.0$f, infinity$w(), grows);
        return select(size, -size, a < 0.0 && whole && floor(b * 0.5) * 2.0 != b);
    }
    if (a < 0.0 && !whole) {
        return nan$w();
    }
    let odd = a < 0.0 && floor(b * 0.5) * 2.0 != b;
    let size = $pow(x, b);
    return select(size, -size, odd);
}",
    ),
    (
        "pow_$U",
        "fn pow_$U(a: $U, b: $U) -> $U {
    var left = b;
    var base = a;
    var result = 1$u;
    while (left > 0$u) {
        if ((left & 1$u) == 1$u) {
            result *= base;
        }
        base *= base;
        left = left >> 1u;
    }
    return result;
}",
    ),
    (
        "pow_$I",
        "fn pow_$I(a: $I, b: $I) -> $I {
    if (b < 0) {
        return select(select(0$i, 1$i, a == 1), select(1$i, -1$i, (b & 1) == 1), a == -1);
    }
    return bitcast<$I>(pow_$U(bitcast<$U>(a), $U(b)));
}",
    ),
    (
        "copysign_f32",
        "fn copysign_f32(a: f32, b: f32) -> f32 {
    return bitcast<f32>((bitcast<u32>(a) & 0x7fffffffu) | (bitcast<u32>(b) & 0x80000000u));
}",
    ),
    // a - q * b without loss, though `fma` need not be fused: halves of the digits multiply exactly.
    (
        "rest_f32",
        "fn rest_f32(a: f32, q: f32, b: f32) -> f32 {
    let b_high = bitcast<f32>(bitcast<u32>(b) & 0xfffff000u);
    let q_high = bitcast<f32>(bitcast<u32>(q) & 0xfffff000u);
    let b_low = b - b_high;
    let q_low = q - q_high;
    return fma(-q_low, b_low, fma(-q_low, b_high, fma(-q_high, b_low, fma(-q_high, b_high, a))));
}",
    ),
    // The rounded quotient may be one more than the exact one, which leaves a rest of the wrong sign.
    (
        "fmod_$F",
        "fn fmod_$F(a: $F, b: $F) -> $F {
    if (b == 0.0 || is_nan$w(a) || is_nan$w(b) || is_infinite$w(a)) {
        return nan$w();
    }
    if (is_infinite$w(b)) {
        return a;
    }
    var rest = rest_$F(a, trunc(a / b), b);
    rest = select(rest, rest + copysign_$F(b, a), rest != 0.0 && (rest < 0.0) != (a < 0.0));
    return copysign_$F(rest, a);
}",
    ),
    (
        "fmod_$I",
        "fn fmod_$I(a: $I, b: $I) -> $I {
    if (b == 0 || b == -1) {
        return 0;
    }
    return a - (a / b) * b;
}",
    ),
    (
        "fmod_$U",
        "fn fmod_$U(a: $U, b: $U) -> $U {
    return select(a % max(b, 1$u), 0$u, b == 0$u);
}",
    ),
    (
        "gcd_$U",
        "fn gcd_$U(a: $U, b: $U) -> $U {
    var x = a;
    var y = b;
    while (y != 0$u) {
        let rest = x % y;
        x = y;
        y = rest;
    }
    return x;
}",
    ),
    (
        "gcd_$I",
        "fn gcd_$I(a: $I, b: $I) -> $I {
    return bitcast<$I>(gcd_$U(bitcast<$U>(abs(a)), bitcast<$U>(abs(b))));
}",
    ),
    // Quotients of 2^24 and more are whole as they are, infinite ones included.
    (
        "floor_div_$F",
        "fn floor_div_$F(a: $F, b: $F) -> $F {
    let quotient = a / b;
    if (is_infinite$w(b) || b == 0.0 || is_nan$w(quotient) || abs(quotient) >= $large) {
        return quotient;
    }
    let rest = fmod_$F(a, b);
    let below = rest != 0.0 && (rest < 0.0) != (b < 0.0);
    let whole = round((a - rest) / b) - select(0.0$f, 1.0$f, below);
    return select(whole, copysign_$F(0.0$f, quotient), whole == 0.0);
}",
    ),
    // Neither zero nor minus one reaches the division: the first is undefined, the second overflows at the least integer.
    (
        "floor_div_$I",
        "fn floor_div_$I(a: $I, b: $I) -> $I {
    if (b == 0) {
        return 0;
    }
    if (b == -1) {
        return -a;
    }
    let quotient = a / b;
    let inexact = quotient * b != a && (a < 0) != (b < 0);
    return select(quotient, quotient - 1, inexact);
}",
    ),
    (
        "floor_div_$U",
        "fn floor_div_$U(a: $U, b: $U) -> $U {
    return select(a / max(b, 1$u), 0$u, b == 0$u);
}",
    ),
    (
        "remainder_$F",
        "fn remainder_$F(a: $F, b: $F) -> $F {
    let rest = fmod_$F(a, b);
    let whole = copysign_$F(rest, b);
    return select(select(rest, rest + b, (rest < 0.0) != (b < 0.0)), whole, rest == 0.0);
}",
    ),
    (
        "remainder_$I",
        "fn remainder_$I(a: $I, b: $I) -> $I {
    return select(a - floor_div_$I(a, b) * b, 0$i, b == 0);
}",
    ),
    (
        "remainder_$U",
        "fn remainder_$U(a: $U, b: $U) -> $U {
    return select(a - floor_div_$U(a, b) * b, 0$u, b == 0$u);
}",
    ),
    ("relu_$F", "fn relu_$F(a: $F) -> $F {\n    return select(a, 0.0, a <= 0.0);\n}"),
    ("relu_$I", "fn relu_$I(a: $I) -> $I {\n    return max(a, 0);\n}"),
    ("relu_$U", "fn relu_$U(a: $U) -> $U {\n    return a;\n}"),
    ("xor_bool", "fn xor_bool(a: bool, b: bool) -> bool {\n    return a != b;\n}"),
    ("xor_$I", "fn xor_$I(a: $I, b: $I) -> $I {\n    return a ^ b;\n}"),
    ("xor_$U", "fn xor_$U(a: $U, b: $U) -> $U {\n    return a ^ b;\n}"),
    ("shl_$I", "fn shl_$I(a: $I, b: $I) -> $I {\n    return select(a << (u32(b) & $bu), 0$i, $U(b) > $b$u);\n}"),
    ("shl_$U", "fn shl_$U(a: $U, b: $U) -> $U {\n    return select(a << $n(b & $b$u), 0$u, b > $b$u);\n}"),
    ("shr_$I", "fn shr_$I(a: $I, b: $I) -> $I {\n    return a >> $n(min($U(b), $b$u));\n}"),
    ("shr_$U", "fn shr_$U(a: $U, b: $U) -> $U {\n    return select(a >> $n(b & $b$u), 0$u, b > $b$u);\n}"),
    ("less_$F", "fn less_$F(a: $F, b: $F) -> bool {\n    return a < b;\n}"),
    ("less_$I", "fn less_$I(a: $I, b: $I) -> bool {\n    return a < b;\n}"),
    ("less_$U", "fn less_$U(a: $U, b: $U) -> bool {\n    return a < b;\n}"),
    ("less_bool", "fn less_bool(a: bool, b: bool) -> bool {\n    return !a && b;\n}"),
    ("less_equal_$F", "fn less_equal_$F(a: $F, b: $F) -> bool {\n    return a <= b;\n}"),
    ("less_equal_$I", "fn less_equal_$I(a: $I, b: $I) -> bool {\n    return a <= b;\n}"),
    ("less_equal_$U", "fn less_equal_$U(a: $U, b: $U) -> bool {\n    return a <= b;\n}"),
    ("less_equal_bool", "fn less_equal_bool(a: bool, b: bool) -> bool {\n    return !a || b;\n}"),
    // Conversions saturate and take NaN to zero, as on the CPU.
    (
        "f32_to_i32",
        "fn f32_to_i32(a: f32) -> i32 {
    let inside = i32(clamp(a, -2147483648.0, 2147483520.0));
    return select(select(inside, 2147483647, a >= 2147483648.0), 0, is_nan(a));
}",
    ),
    (
        "f32_to_u32",
        "fn f32_to_u32(a: f32) -> u32 {
    let inside = u32(clamp(a, 0.0, 4294967040.0));
    return select(select(inside, 4294967295u, a >= 4294967296.0), 0u, is_nan(a));
}",
    ),
    (
        "rotate_left",
        "fn rotate_left(a: u32, count: u32) -> u32 {
    return (a << count) | (a >> (32u - count));
}",
    ),
    (
        "threefry_rounds",
        "fn threefry_rounds(state: vec2<u32>, rotations: vec4<u32>) -> vec2<u32> {
    var a = state.x;
    var b = state.y;
    a += b;
    b = rotate_left(b, rotations.x) ^ a;
    a += b;
    b = rotate_left(b, rotations.y) ^ a;
    a += b;
    b = rotate_left(b, rotations.z) ^ a;
    a += b;
    b = rotate_left(b, rotations.w) ^ a;
    return vec2(a, b);
}",
    ),
    // Threefry-2x32 with 20 rounds (Salmon et al., 2011) on counter (counter, 0): the first word.
    (
        "threefry",
        "fn threefry(k0: u32, k1: u32, counter: u32) -> u32 {
    let k2 = 0x1bd11bdau ^ k0 ^ k1;
    let even = vec4(13u, 15u, 26u, 6u);
    let odd = vec4(17u, 29u, 16u, 24u);
    var state = vec2(counter + k0, k1);
    state = threefry_rounds(state, even) + vec2(k1, k2 + 1u);
    state = threefry_rounds(state, odd) + vec2(k2, k0 + 2u);
    state = threefry_rounds(state, even) + vec2(k0, k1 + 3u);
    state = threefry_rounds(state, odd) + vec2(k1, k2 + 4u);
    state = threefry_rounds(state, even) + vec2(k2, k0 + 5u);
    return state.x;
}",
    ),
];
