@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile: array<u32, 256>;

fn sort_key_f32(a: f32) -> u32 {
    let word = bitcast<u32>(a);
    if ((word & 0x7fffffffu) > 0x7f800000u) {
        return 0xffffffffu;
    }
    if ((word & 0x80000000u) == 0u) {
        return word | 0x80000000u;
    }
    return 0x80000000u - (word & 0x7fffffffu);
}
fn goes_before(a: vec2<u32>, b: vec2<u32>) -> bool {
    return a.x < b.x || (a.x == b.x && a.y < b.y);
}
fn key_of(row: u32, k: u32) -> u32 {
    let address0 = row * p[0].x + k;
    let v1 = a0[address0];
    return ~sort_key_f32(v1);
}
fn finish(row: u32, k: u32, position: u32) {
    let i = row * p[0].y + k;
    let place = i32(position);
    a1[i] = place;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let row = group / p[0].w;
    let own = (group - row * p[0].w) * 256u + lane;
    let mine = vec2(key_of(row, min(own, p[0].z - 1u)), own);
    var rank = 0u;
    for (var first = 0u; first < p[0].z; first += 256u) {
        tile[lane] = key_of(row, min(first + lane, p[0].z - 1u));
        workgroupBarrier();
        let count = min(256u, p[0].z - first);
        for (var n = 0u; n < count; n++) {
            rank += u32(goes_before(vec2(tile[n], first + n), mine));
        }
        workgroupBarrier();
    }
    if (own < p[0].z) {
        finish(row, rank, own);
    }
}
