@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile0: array<f32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    var carry: f32 = 0.0;
    for (var first = 0u; first < p[0].x; first += 256u) {
        let k = first + lane;
        let at = group * p[0].x + k;
        var acc0: f32 = 0.0;
        if (k < p[0].x) {
            let v0 = a0[at];
            acc0 = v0;
        }
        for (var step = 1u; step < 256u; step = step * 2u) {
            tile0[lane] = acc0;
            workgroupBarrier();
            if (lane >= step) {
                acc0 = (tile0[lane - step] + acc0);
            }
            workgroupBarrier();
        }
        acc0 = (carry + acc0);
        tile0[lane] = acc0;
        workgroupBarrier();
        carry = tile0[255];
        workgroupBarrier();
        if (k < p[0].x) {
            a1[at] = acc0;
        }
    }
}
