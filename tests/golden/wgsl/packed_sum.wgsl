@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile0: array<f32, 256>;

fn unpack_float16(word: u32, at: u32) -> f32 {
    return unpack2x16float(word >> ((at & 1u) * 16u)).x;
}
fn bits_of_float16(a: f32) -> u32 {
    let word = bitcast<u32>(a);
    let size = word & 0x7fffffffu;
    let normal = (size + 0xc8000fffu + ((size >> 13u) & 1u)) >> 13u;
    let subnormal = bitcast<u32>(bitcast<f32>(size) + 0.5) - 0x3f000000u;
    let finite = select(normal, subnormal, size < 0x38800000u);
    let large = select(0x7c00u, 0x7e00u, size > 0x7f800000u);
    return ((word >> 16u) & 0x8000u) | select(finite, large, size >= 0x47800000u);
}
fn pack_float16(a: f32, b: f32) -> u32 {
    return bits_of_float16(a) | (bits_of_float16(b) << 16u);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let part = lane % 128u;
    let output = lane / 128u;
    let wanted = group * 2u + output;
    let i = min(wanted, p[0].x - 1u);
    var acc0: f32 = 0.0;
    for (var r = part; r < p[0].y; r += 128u) {
        let address0 = i * p[0].z + r;
        let v1 = unpack_float16(a0[address0 >> 1u], address0);
        acc0 = (acc0 + v1);
    }
    for (var step = 64u; step > 0u; step = step / 2u) {
        tile0[lane] = acc0;
        workgroupBarrier();
        if (part < step) {
            acc0 = (acc0 + tile0[lane + step]);
        }
        workgroupBarrier();
    }
    if (part == 0u) {
        tile0[output] = acc0;
    }
    workgroupBarrier();
    let first = lane * 2u;
    let begin = group * 2u + first;
    if (first < 2u && begin < p[0].x) {
        a1[begin >> 1u] = pack_float16(tile0[first + 0u], tile0[first + 1u]);
    }
}
