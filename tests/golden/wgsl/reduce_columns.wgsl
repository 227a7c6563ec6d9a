@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile0: array<f32, 256>;

var<private> infinity_bits: u32 = 0x7f800000u;
fn infinity() -> f32 {
    return bitcast<f32>(infinity_bits);
}
fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}
fn max_f32(a: f32, b: f32) -> f32 {
    return select(select(b, a, a > b), a, is_nan(a));
}
fn exp_f32(a: f32) -> f32 {
    return select(exp(a), a, is_nan(a));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let part = lane / 16u;
    let wanted = group * 16u + lane % 16u;
    let i = min(wanted, p[0].x - 1u);
    var acc0: f32 = -infinity();
    for (var r = part; r < p[0].y; r += 16u) {
        let address0 = i + r * p[0].z;
        let v1 = a0[address0];
        let v2 = exp_f32(v1);
        acc0 = max_f32(acc0, v2);
    }
    for (var step = 8u; step > 0u; step = step / 2u) {
        tile0[lane] = acc0;
        workgroupBarrier();
        if (part < step) {
            acc0 = max_f32(acc0, tile0[lane + step * 16u]);
        }
        workgroupBarrier();
    }
    if (part == 0u && wanted == i) {
        a1[i] = acc0;
    }
}
