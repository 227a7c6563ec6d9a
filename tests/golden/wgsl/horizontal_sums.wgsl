@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(0) @binding(2) var<storage, read> a2: array<f32>;
@group(0) @binding(3) var<storage, read_write> a3: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;
var<workgroup> tile0: array<f32, 256>;

fn part0(group: u32, lane: u32) {
    let part = lane;
    let wanted = group * 1u + 0u;
    let i = wanted;
    var acc0: f32 = 0.0;
    for (var r = part; r < p[0].x; r += 256u) {
        let address0 = i * p[0].y + r;
        let v1 = a0[address0];
        let v2 = (v1 * v1);
        acc0 = (acc0 + v2);
    }
    for (var step = 128u; step > 0u; step = step / 2u) {
        tile0[lane] = acc0;
        workgroupBarrier();
        if (part < step) {
            acc0 = (acc0 + tile0[lane + step]);
        }
        workgroupBarrier();
    }
    if (part == 0u) {
        a1[i] = acc0;
    }
}
fn part1(group: u32, lane: u32) {
    let part = lane % 64u;
    let wanted = group * 4u + lane / 64u;
    let i = min(wanted, p[0].z - 1u);
    var acc0: f32 = 0.0;
    for (var r = part; r < p[0].w; r += 64u) {
        let v3 = a2[r];
        let v4 = (v3 * v3);
        acc0 = (acc0 + v4);
    }
    for (var step = 32u; step > 0u; step = step / 2u) {
        tile0[lane] = acc0;
        workgroupBarrier();
        if (part < step) {
            acc0 = (acc0 + tile0[lane + step]);
        }
        workgroupBarrier();
    }
    if (part == 0u && wanted == i) {
        a3[i] = acc0;
    }
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

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile0: array<f32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let part = lane % 4u;
    let wanted = group * 64u + lane / 4u;
    let i = min(wanted, p[0].x - 1u);
    var acc0: f32 = 0.0;
    for (var r = part; r < p[0].y; r += 4u) {
        let v0 = a0[r];
        acc0 = (acc0 + v0);
    }
    for (var step = 2u; step > 0u; step = step / 2u) {
        tile0[lane] = acc0;
        workgroupBarrier();
        if (part < step) {
            acc0 = (acc0 + tile0[lane + step]);
        }
        workgroupBarrier();
    }
    if (part == 0u && wanted == i) {
        a1[i] = acc0;
    }
}
