@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<u32>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(0) @binding(7) var<storage, read_write> a7: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn add_bool(a: bool, b: bool) -> bool {
    return a | b;
}
fn mul_bool(a: bool, b: bool) -> bool {
    return a & b;
}
fn max_bool(a: bool, b: bool) -> bool {
    return a | b;
}
fn min_bool(a: bool, b: bool) -> bool {
    return a & b;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = !(v0 == 0.0);
    let v2 = (!v1);
    let v3 = add_bool(v1, v1);
    let v4 = mul_bool(v1, v1);
    let v5 = max_bool(v1, v1);
    let v6 = min_bool(v1, v1);
    let v7 = (v1 & v1);
    a1[i] = select(0u, 1u, v1);
    a2[i] = select(0u, 1u, v2);
    a3[i] = select(0u, 1u, v3);
    a4[i] = select(0u, 1u, v4);
    a5[i] = select(0u, 1u, v5);
    a6[i] = select(0u, 1u, v6);
    a7[i] = select(0u, 1u, v7);
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<f32>;
@group(0) @binding(4) var<storage, read_write> a4: array<i32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = !(v0 == 0.0);
    let v2 = (a1[i] != 0u);
    let v3 = select(v2, v2, v1);
    let v4 = f32(v2);
    let v5 = i32(v2);
    let v6 = u32(v2);
    a2[i] = select(0u, 1u, v3);
    a3[i] = v4;
    a4[i] = v5;
    a5[i] = v6;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<u32>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn xor_bool(a: bool, b: bool) -> bool {
    return a != b;
}
fn less_bool(a: bool, b: bool) -> bool {
    return !a && b;
}
fn less_equal_bool(a: bool, b: bool) -> bool {
    return !a || b;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = (a0[i] != 0u);
    let v1 = (v0 | v0);
    let v2 = xor_bool(v0, v0);
    let v3 = less_bool(v0, v0);
    let v4 = less_equal_bool(v0, v0);
    let v5 = (v0 == v0);
    let v6 = (v0 != v0);
    a1[i] = select(0u, 1u, v1);
    a2[i] = select(0u, 1u, v2);
    a3[i] = select(0u, 1u, v3);
    a4[i] = select(0u, 1u, v4);
    a5[i] = select(0u, 1u, v5);
    a6[i] = select(0u, 1u, v6);
}
