@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile0: array<f32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let part = lane % 128u;
    let wanted = group * 2u + lane / 128u;
    let i = wanted;
    var acc0: f32 = 0.0;
    for (var r = part; r < p[0].x; r += 128u) {
        let address0 = i * p[0].y + r;
        let v1 = a0[address0];
        acc0 = (acc0 + v1);
    }
    for (var step = 64u; step > 0u; step = step / 2u) {
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
