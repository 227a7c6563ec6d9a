@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;

fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}
fn exp_f32(a: f32) -> f32 {
    return select(exp(a), a, is_nan(a));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let rest1 = i / p[0].y;
    let x0 = i - rest1 * p[0].y;
    let g2 = rest1 + p[1].x;
    let g3 = x0 + p[1].z;
    let address4 = rest1 + x0 * p[0].z + p[0].w;
    let ok5 = g2 < p[1].y && g3 < p[1].w;
    var v6 = 0.0;
    if (ok5) {
        v6 = a0[address4];
    }
    let v7 = exp_f32(v6);
    a1[i] = v7;
}
