@group(0) @binding(0) var<storage, read_write> a0: array<f32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(0) @binding(3) var<storage, read> a3: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;
@group(1) @binding(1) var<uniform> s: array<vec4<u32>, 4096>;

fn part0(group: u32, lane: u32) {
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = a1[i];
    let v2 = bitcast<f32>(s[p[0].y >> 2u][p[0].y & 3u]);
    let v3 = (v1 * v2);
    let v4 = (v0 - v3);
    a0[i] = v4;
}
fn part1(group: u32, lane: u32) {
    let i = group * 256u + lane;
    if (i >= p[0].z) {
        return;
    }
    let v5 = a2[i];
    let v6 = a3[i];
    let v7 = bitcast<f32>(s[p[0].w >> 2u][p[0].w & 3u]);
    let v8 = (v6 * v7);
    let v9 = (v5 - v8);
    a2[i] = v9;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    if (group < p[1].x) {
        part0(group, lane);
    } else if (group < p[1].y) {
        part1(group - p[1].x, lane);
    }
}
