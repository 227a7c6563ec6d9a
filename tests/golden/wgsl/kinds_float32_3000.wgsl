@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;

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
    let v2 = a0[i];
    let v3 = 0i;
    let v4 = less_i32(v2, v3);
    let v5 = bitcast<i32>(p[0].z);
    let v6 = (v2 + v5);
    let v7 = select(v2, v6, v4);
    let address8 = rest1 * p[0].w;
    let at9 = bitcast<u32>(v7);
    let ok10 = at9 < p[1].x;
    var v11 = 0.0;
    if (ok10) {
        v11 = a1[address8 + at9];
    }
    a2[i] = v11;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;

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
    var acc0: f32 = 0.0;
    for (var y2 = 0u; y2 < p[0].z; y2++) {
        let address3 = rest1 * p[0].w + y2;
        let v4 = a0[address3];
        let v5 = 0i;
        let v6 = less_i32(v4, v5);
        let v7 = bitcast<i32>(p[1].x);
        let v8 = (v4 + v7);
        let v9 = select(v4, v8, v6);
        if (bitcast<u32>(v9) == x0) {
            let v10 = a1[address3];
            acc0 = (acc0 + v10);
        }
    }
    a2[i] = acc0;
}

// Next kernel.

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
    return sort_key_f32(v1);
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

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile: array<vec2<u32>, 4>;

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
    let address0 = row + k * p[0].x;
    let v1 = a0[address0];
    return ~sort_key_f32(v1);
}
fn finish(row: u32, k: u32, position: u32) {
    let i = row * p[0].y + k;
    let place = i32(position);
    a1[i] = place;
}
@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    for (var k = lane; k < 4u; k += 32u) {
        var key = 0xffffffffu;
        if (k < p[0].z) {
            key = key_of(group, k);
        }
        tile[k] = vec2(key, k);
    }
    workgroupBarrier();
    for (var width = 2u; width <= 4u; width = width * 2u) {
        for (var step = width / 2u; step > 0u; step = step / 2u) {
            for (var pair = lane; pair < 2u; pair += 32u) {
                let low = 2u * pair - (pair & (step - 1u));
                let first = tile[low];
                let second = tile[low + step];
                if (goes_before(second, first) == ((low & width) == 0u)) {
                    tile[low] = second;
                    tile[low + step] = first;
                }
            }
            workgroupBarrier();
        }
    }
    for (var k = lane; k < p[0].z; k += 32u) {
        finish(group, k, tile[k].y);
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
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
    let address2 = rest1 + x0 * p[0].z;
    let v3 = a0[address2];
    a1[i] = v3;
}

// Next kernel.

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

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(0) @binding(3) var<storage, read_write> a3: array<f32>;
@group(0) @binding(4) var<storage, read_write> a4: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile0: array<f32, 256>;
var<workgroup> tile1: array<f32, 256>;
var<workgroup> tile2: array<f32, 256>;
var<workgroup> tile3: array<f32, 256>;

var<private> infinity_bits: u32 = 0x7f800000u;
fn infinity() -> f32 {
    return bitcast<f32>(infinity_bits);
}
fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}
fn max_f32(a: f32, b: f32) -> f32 {
    return select(select(b, a, a > b), a, is_nan(a));
}
fn min_f32(a: f32, b: f32) -> f32 {
    return select(select(b, a, a < b), a, is_nan(a));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let part = lane;
    let wanted = group * 1u + 0u;
    let i = wanted;
    var acc0: f32 = 0.0;
    var acc1: f32 = 1.0;
    var acc2: f32 = -infinity();
    var acc3: f32 = infinity();
    for (var r = part; r < p[0].x; r += 256u) {
        let address0 = i * p[0].y + r;
        let v1 = a0[address0];
        acc0 = (acc0 + v1);
        acc1 = (acc1 * v1);
        acc2 = max_f32(acc2, v1);
        acc3 = min_f32(acc3, v1);
    }
    for (var step = 128u; step > 0u; step = step / 2u) {
        tile0[lane] = acc0;
        tile1[lane] = acc1;
        tile2[lane] = acc2;
        tile3[lane] = acc3;
        workgroupBarrier();
        if (part < step) {
            acc0 = (acc0 + tile0[lane + step]);
            acc1 = (acc1 * tile1[lane + step]);
            acc2 = max_f32(acc2, tile2[lane + step]);
            acc3 = min_f32(acc3, tile3[lane + step]);
        }
        workgroupBarrier();
    }
    if (part == 0u) {
        a1[i] = acc0;
        a2[i] = acc1;
        a3[i] = acc2;
        a4[i] = acc3;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read> a2: array<f32>;
@group(0) @binding(3) var<storage, read> a3: array<f32>;
@group(0) @binding(4) var<storage, read_write> a4: array<f32>;
@group(0) @binding(5) var<storage, read_write> a5: array<f32>;
@group(0) @binding(6) var<storage, read_write> a6: array<f32>;
@group(0) @binding(7) var<storage, read_write> a7: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

var<private> infinity_bits: u32 = 0x7f800000u;
fn infinity() -> f32 {
    return bitcast<f32>(infinity_bits);
}
fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}
fn max_f32(a: f32, b: f32) -> f32 {
    return select(select(b, a, a > b), a, is_nan(a));
}
fn min_f32(a: f32, b: f32) -> f32 {
    return select(select(b, a, a < b), a, is_nan(a));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let part = 0u;
    let wanted = group * 256u + lane;
    let i = min(wanted, p[0].x - 1u);
    var acc0: f32 = 0.0;
    var acc1: f32 = 1.0;
    var acc2: f32 = -infinity();
    var acc3: f32 = infinity();
    for (var y0 = 0u; y0 < p[0].y; y0++) {
        let v1 = a0[y0];
        let v2 = a1[y0];
        let v3 = a2[y0];
        let v4 = a3[y0];
        acc0 = (acc0 + v1);
        acc1 = (acc1 * v2);
        acc2 = max_f32(acc2, v3);
        acc3 = min_f32(acc3, v4);
    }
    if (wanted == i) {
        a4[i] = acc0;
        a5[i] = acc1;
        a6[i] = acc2;
        a7[i] = acc3;
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
    var carry: f32 = 1.0;
    for (var first = 0u; first < p[0].x; first += 256u) {
        let k = first + lane;
        let at = group * p[0].x + k;
        var acc0: f32 = 1.0;
        if (k < p[0].x) {
            let v0 = a0[at];
            acc0 = v0;
        }
        for (var step = 1u; step < 256u; step = step * 2u) {
            tile0[lane] = acc0;
            workgroupBarrier();
            if (lane >= step) {
                acc0 = (tile0[lane - step] * acc0);
            }
            workgroupBarrier();
        }
        acc0 = (carry * acc0);
        tile0[lane] = acc0;
        workgroupBarrier();
        carry = tile0[255];
        workgroupBarrier();
        if (k < p[0].x) {
            a1[at] = acc0;
        }
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile0: array<f32, 256>;

var<private> infinity_bits: u32 = 0x7f800000u;
fn infinity() -> f32 {
    return bitcast<f32>(infinity_bits);
}
fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}
fn max_f32(a: f32, b: f32) -> f32 {
    return select(select(b, a, a > b), a, is_nan(a));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    var carry: f32 = -infinity();
    for (var first = 0u; first < p[0].x; first += 256u) {
        let k = first + lane;
        let at = group * p[0].x + k;
        var acc0: f32 = -infinity();
        if (k < p[0].x) {
            let v0 = a0[at];
            acc0 = v0;
        }
        for (var step = 1u; step < 256u; step = step * 2u) {
            tile0[lane] = acc0;
            workgroupBarrier();
            if (lane >= step) {
                acc0 = max_f32(tile0[lane - step], acc0);
            }
            workgroupBarrier();
        }
        acc0 = max_f32(carry, acc0);
        tile0[lane] = acc0;
        workgroupBarrier();
        carry = tile0[255];
        workgroupBarrier();
        if (k < p[0].x) {
            a1[at] = acc0;
        }
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile0: array<f32, 256>;

var<private> infinity_bits: u32 = 0x7f800000u;
fn infinity() -> f32 {
    return bitcast<f32>(infinity_bits);
}
fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}
fn min_f32(a: f32, b: f32) -> f32 {
    return select(select(b, a, a < b), a, is_nan(a));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    var carry: f32 = infinity();
    for (var first = 0u; first < p[0].x; first += 256u) {
        let k = first + lane;
        let at = group * p[0].x + k;
        var acc0: f32 = infinity();
        if (k < p[0].x) {
            let v0 = a0[at];
            acc0 = v0;
        }
        for (var step = 1u; step < 256u; step = step * 2u) {
            tile0[lane] = acc0;
            workgroupBarrier();
            if (lane >= step) {
                acc0 = min_f32(tile0[lane - step], acc0);
            }
            workgroupBarrier();
        }
        acc0 = min_f32(carry, acc0);
        tile0[lane] = acc0;
        workgroupBarrier();
        carry = tile0[255];
        workgroupBarrier();
        if (k < p[0].x) {
            a1[at] = acc0;
        }
    }
}
