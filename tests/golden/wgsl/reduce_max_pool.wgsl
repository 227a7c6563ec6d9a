@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;

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
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let part = 0u;
    let wanted = group * 256u + lane;
    let i = min(wanted, p[0].x - 1u);
    let rest1 = i / p[0].y;
    let x0 = i - rest1 * p[0].y;
    var acc0: f32 = -infinity();
    for (var y2 = 0u; y2 < p[0].z; y2++) {
        for (var y3 = 0u; y3 < p[0].w; y3++) {
            let address4 = rest1 * p[1].x + x0 * p[1].y + y2 * p[1].z + y3;
            let v5 = a0[address4];
            acc0 = max_f32(acc0, v5);
        }
    }
    if (wanted == i) {
        a1[i] = acc0;
    }
}
