@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 5>;
struct Report {
    taken: atomic<u32>,
    check: u32,
    low: u32,
    high: u32,
}
@group(2) @binding(0) var<storage, read_write> fault: Report;
fn report(check: u32, low: u32, high: u32) {
    if (atomicExchange(&fault.taken, 1u) == 0u) {
        fault.check = check;
        fault.low = low;
        fault.high = high;
    }
}

fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}
fn exp_f32(a: f32) -> f32 {
    return select(exp(a), a, is_nan(a));
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
    let g2 = rest1 + p[0].w;
    let address3 = rest1 + p[0].z;
    let ok4 = g2 < p[1].x;
    var v5 = 0i;
    if (ok4) {
        v5 = a0[address3];
    }
    let v6 = bitcast<i32>(p[1].y);
    let v7 = (v5 - v6);
    let v8 = ok4;
    if (v8 && bitcast<u32>(v7) - p[1].w > p[2].x) {
        report(p[1].z, bitcast<u32>(v7), bitcast<u32>(v7 >> 31u));
    }
    let v9 = 0i;
    let v10 = less_i32(v7, v9);
    let v11 = (v7 + v6);
    let v12 = select(v7, v11, v10);
    let g13 = rest1 + p[2].y;
    let ok14 = g13 < p[2].z;
    let at15 = bitcast<u32>(v12);
    let ok16 = at15 < p[2].w && ok14;
    var v17 = 0.0;
    if (ok16) {
        v17 = a1[x0 + at15 * p[3].x];
    }
    let g18 = rest1 + p[3].w;
    let address19 = rest1 * p[3].y + x0 + p[3].z;
    let ok20 = g18 < p[4].x;
    let v21 = ok20;
    let v22 = 0.0;
    let v23 = select(v22, v17, v21);
    let v24 = exp_f32(v23);
    a2[i] = v24;
}
