@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile0: array<f32, 256>;
var<workgroup> places0: array<u32, 256>;

var<private> infinity_bits: u32 = 0x7f800000u;
fn infinity() -> f32 {
    return bitcast<f32>(infinity_bits);
}
fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}
fn above_f32(a: f32, b: f32) -> bool {
    return (a > b || is_nan(a)) && !is_nan(b);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let part = lane % 64u;
    let wanted = group * 4u + lane / 64u;
    let i = wanted;
    var acc0: f32 = -infinity();
    var at0 = part;
    for (var r = part; r < p[0].x; r += 64u) {
        let address0 = i * p[0].y + r;
        let v1 = a0[address0];
        if (above_f32(v1, acc0)) {
            acc0 = v1;
            at0 = r;
        }
    }
    for (var step = 32u; step > 0u; step = step / 2u) {
        tile0[lane] = acc0;
        places0[lane] = at0;
        workgroupBarrier();
        if (part < step) {
            let value0 = tile0[lane + step];
            let place0 = places0[lane + step];
            if (above_f32(value0, acc0) || (!above_f32(acc0, value0) && place0 < at0)) {
                acc0 = value0;
                at0 = place0;
            }
        }
        workgroupBarrier();
    }
    if (part == 0u) {
        a1[i] = i32(at0);
    }
}
