//! Elements of 8 and 16 bits: out of words and into them, and values as such elements hold them.

use super::Function;

pub static FUNCTIONS: &[Function] = &[
    (
        "unpack_bool",
        "fn unpack_bool(word: u32, at: u32) -> bool {
    return ((word >> ((at & 3u) * 8u)) & 0xffu) != 0u;
}",
    ),
    (
        "unpack_uint8",
        "fn unpack_uint8(word: u32, at: u32) -> u32 {
    return (word >> ((at & 3u) * 8u)) & 0xffu;
}",
    ),
    (
        "unpack_int8",
        "fn unpack_int8(word: u32, at: u32) -> i32 {
    return bitcast<i32>(word << (24u - (at & 3u) * 8u)) >> 24u;
}",
    ),
    (
        "unpack_uint16",
        "fn unpack_uint16(word: u32, at: u32) -> u32 {
    return (word >> ((at & 1u) * 16u)) & 0xffffu;
}",
    ),
    (
        "unpack_int16",
        "fn unpack_int16(word: u32, at: u32) -> i32 {
    return bitcast<i32>(word << (16u - (at & 1u) * 16u)) >> 16u;
}",
    ),
    (
        "unpack_float16",
        "fn unpack_float16(word: u32, at: u32) -> f32 {
    return unpack2x16float(word >> ((at & 1u) * 16u)).x;
}",
    ),
    (
        "unpack_bfloat16",
        "fn unpack_bfloat16(word: u32, at: u32) -> f32 {
    return bitcast<f32>((word >> ((at & 1u) * 16u)) << 16u);
}",
    ),
    ("wrap_int8", "fn wrap_int8(a: i32) -> i32 {\n    return (a << 24u) >> 24u;\n}"),
    ("wrap_uint8", "fn wrap_uint8(a: u32) -> u32 {\n    return a & 0xffu;\n}"),
    ("wrap_int16", "fn wrap_int16(a: i32) -> i32 {\n    return (a << 16u) >> 16u;\n}"),
    ("wrap_uint16", "fn wrap_uint16(a: u32) -> u32 {\n    return a & 0xffffu;\n}"),
    // To nearest, ties to even, by integers: what pack2x16float does with ties and overflow is the device's choice.
    // Adding one half leaves a subnormal's bits, rounded, at the low end.
    (
        "bits_of_float16",
        "fn bits_of_float16(a: f32) -> u32 {
    let word = bitcast<u32>(a);
    let size = word & 0x7fffffffu;
    let normal = (size + 0xc8000fffu + ((size >> 13u) & 1u)) >> 13u;
    let subnormal = bitcast<u32>(bitcast<f32>(size) + 0.5) - 0x3f000000u;
    let finite = select(normal, subnormal, size < 0x38800000u);
    let large = select(0x7c00u, 0x7e00u, size > 0x7f800000u);
    return ((word >> 16u) & 0x8000u) | select(finite, large, size >= 0x47800000u);
}",
    ),
    (
        "bits_of_bfloat16",
        "fn bits_of_bfloat16(a: f32) -> u32 {
    let word = bitcast<u32>(a);
    let rounded = (word + 0x7fffu + ((word >> 16u) & 1u)) >> 16u;
    return select(rounded, (word >> 16u) | 0x40u, (word & 0x7fffffffu) > 0x7f800000u);
}",
    ),
    ("round_float16", "fn round_float16(a: f32) -> f32 {\n    return unpack2x16float(bits_of_float16(a)).x;\n}"),
    ("round_bfloat16", "fn round_bfloat16(a: f32) -> f32 {\n    return bitcast<f32>(bits_of_bfloat16(a) << 16u);\n}"),
    (
        "pack_bool",
        "fn pack_bool(a: bool, b: bool, c: bool, d: bool) -> u32 {
    return u32(a) | (u32(b) << 8u) | (u32(c) << 16u) | (u32(d) << 24u);
}",
    ),
    (
        "pack_uint8",
        "fn pack_uint8(a: u32, b: u32, c: u32, d: u32) -> u32 {
    return a | (b << 8u) | (c << 16u) | (d << 24u);
}",
    ),
    (
        "pack_int8",
        "fn pack_int8(a: i32, b: i32, c: i32, d: i32) -> u32 {
    return bitcast<u32>((a & 0xff) | ((b & 0xff) << 8u) | ((c & 0xff) << 16u) | (d << 24u));
}",
    ),
    ("pack_uint16", "fn pack_uint16(a: u32, b: u32) -> u32 {\n    return a | (b << 16u);\n}"),
    ("pack_int16", "fn pack_int16(a: i32, b: i32) -> u32 {\n    return bitcast<u32>((a & 0xffff) | (b << 16u));\n}"),
    (
        "pack_float16",
        "fn pack_float16(a: f32, b: f32) -> u32 {
    return bits_of_float16(a) | (bits_of_float16(b) << 16u);
}",
    ),
    (
        "pack_bfloat16",
        "fn pack_bfloat16(a: f32, b: f32) -> u32 {
    return bits_of_bfloat16(a) | (bits_of_bfloat16(b) << 16u);
}",
    ),
];
