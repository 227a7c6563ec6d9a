@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let rest1 = i / p[0].y;
    let x0 = i - rest1 * p[0].y;
    var acc0: f32 = 0.0;
    for (var y2 = 0u; y2 < p[0].z; y2++) {
        let v3 = a0[y2];
        let v4 = u32(v3);
        let v5 = i32(v4);
        if (bitcast<u32>(v5) == rest1) {
            let address6 = x0 + y2 * p[0].w;
            let v7 = a1[address6];
            acc0 = (acc0 + v7);
        }
    }
    a2[i] = acc0;
}
