@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;
var<workgroup> tile0: array<f32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let part = lane / 16u;
    let wanted = group * 16u + lane % 16u;
    let i = min(wanted, p[0].x - 1u);
    let rest1 = i / p[0].y;
    let x0 = i - rest1 * p[0].y;
    var acc0: f32 = 0.0;
    for (var r = part; r < p[0].z; r += 16u) {
        let address2 = rest1 * p[0].w + r;
        let v3 = a0[address2];
        let address4 = x0 + r * p[1].x;
        let v5 = a1[address4];
        let v6 = (v3 * v5);
        acc0 = (acc0 + v6);
    }
    for (var step = 8u; step > 0u; step = step / 2u) {
        tile0[lane] = acc0;
        workgroupBarrier();
        if (part < step) {
            acc0 = (acc0 + tile0[lane + step * 16u]);
        }
        workgroupBarrier();
    }
    if (part == 0u && wanted == i) {
        a2[i] = acc0;
    }
}
