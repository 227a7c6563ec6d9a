@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
@group(1) @binding(1) var<uniform> s: array<vec4<u32>, 4096>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    let v0 = a0[i];
    let v1 = a1[i];
    let v2 = bitcast<f32>(s[p[0].x >> 2u][p[0].x & 3u]);
    let v3 = (v1 * v2);
    let v4 = (v0 - v3);
    a2[i] = v4;
}
