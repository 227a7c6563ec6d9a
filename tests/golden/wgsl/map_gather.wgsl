@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;

fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}
fn tanh_f32(a: f32) -> f32 {
    let x = abs(a);
    let z = a * a;
    var near = fma(-5.7049887e-3, z, 2.0639089e-2);
    near = fma(near, z, -5.3739716e-2);
    near = fma(near, z, 1.3331442e-1);
    near = fma(near, z, -3.333328e-1);
    near = fma(near * z, a, a);
    let far = sign(a) * (1.0 - 2.0 / (exp(2.0 * min(x, 20.0)) + 1.0));
    return select(select(far, near, x < 0.625), a, is_nan(a));
}
fn less_i32(a: i32, b: i32) -> bool {
    return a < b;
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
    let v2 = a0[rest1];
    let v3 = 0i;
    let v4 = less_i32(v2, v3);
    let v5 = bitcast<i32>(p[0].z);
    let v6 = (v2 + v5);
    let v7 = select(v2, v6, v4);
    let at8 = bitcast<u32>(v7);
    let ok9 = at8 < p[0].w;
    var v10 = 0.0;
    if (ok9) {
        v10 = a1[x0 + at8 * p[1].x];
    }
    let v11 = tanh_f32(v10);
    a2[i] = v11;
}
