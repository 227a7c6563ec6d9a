@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read> a1: array<i32>;
@group(0) @binding(2) var<storage, read_write> a2: array<i32>;
@group(0) @binding(3) var<storage, read_write> a3: array<i32>;
@group(0) @binding(4) var<storage, read_write> a4: array<i32>;
@group(0) @binding(5) var<storage, read_write> a5: array<i32>;
@group(0) @binding(6) var<storage, read_write> a6: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;
var<workgroup> tile_i32_0: array<i32, 256>;
var<workgroup> tile_i32_1: array<i32, 256>;
var<workgroup> tile_i32_2: array<i32, 256>;
var<workgroup> tile_i32_3: array<i32, 256>;

fn max_i32(a: i32, b: i32) -> i32 {
    return max(a, b);
}
fn min_i32(a: i32, b: i32) -> i32 {
    return min(a, b);
}
fn less_i32(a: i32, b: i32) -> bool {
    return a < b;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let part = lane % 32u;
    let wanted = group * 8u + lane / 32u;
    let i = min(wanted, p[0].x - 1u);
    let r0 = min(part + 0u, p[0].y - 1u);
    let rest2 = r0 / p[0].z;
    let y1 = r0 - rest2 * p[0].z;
    let place3 = rest2 * p[0].w + y1;
    var acc0: i32 = 0i;
    var acc1: i32 = 1i;
    var acc2: i32 = i32(-2147483648);
    var acc3: i32 = 2147483647i;
    let v4 = a0[place3];
    acc0 = select(acc0, (acc0 + v4), part + 0u < p[0].y);
    acc1 = select(acc1, (acc1 * v4), part + 0u < p[0].y);
    acc2 = select(acc2, max_i32(acc2, v4), part + 0u < p[0].y);
    acc3 = select(acc3, min_i32(acc3, v4), part + 0u < p[0].y);
    tile_i32_0[lane] = acc0;
    tile_i32_1[lane] = acc1;
    tile_i32_2[lane] = acc2;
    tile_i32_3[lane] = acc3;
    workgroupBarrier();
    for (var step = 16u; step > 0u; step = step / 2u) {
        if (part < step) {
            acc0 = (acc0 + tile_i32_0[lane + step]);
            acc1 = (acc1 * tile_i32_1[lane + step]);
            acc2 = max_i32(acc2, tile_i32_2[lane + step]);
            acc3 = min_i32(acc3, tile_i32_3[lane + step]);
            tile_i32_0[lane] = acc0;
            tile_i32_1[lane] = acc1;
            tile_i32_2[lane] = acc2;
            tile_i32_3[lane] = acc3;
        }
        workgroupBarrier();
    }
    acc0 = tile_i32_0[lane - part];
    acc1 = tile_i32_1[lane - part];
    acc2 = tile_i32_2[lane - part];
    acc3 = tile_i32_3[lane - part];
    workgroupBarrier();
    let v5 = a1[place3];
    let v6 = 0i;
    let v7 = less_i32(v5, v6);
    let v8 = bitcast<i32>(p[1].x);
    let v9 = (v5 + v8);
    let v10 = select(v5, v9, v7);
    let address11 = rest2 * p[1].y;
    let at12 = bitcast<u32>(v10);
    let ok13 = at12 < p[1].z;
    var v14 = 0i;
    if (ok13) {
        v14 = a0[address11 + at12];
    }
    if (part + 0u < p[0].y && wanted == i) {
        a2[place3] = v14;
    }
    if (part == 0u && wanted == i) {
        a3[i] = acc0;
        a4[i] = acc1;
        a5[i] = acc2;
        a6[i] = acc3;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read> a1: array<i32>;
@group(0) @binding(2) var<storage, read_write> a2: array<i32>;
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
    var acc0: i32 = 0i;
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

@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile: array<vec2<u32>, 8>;

fn sort_key_i32(a: i32) -> u32 {
    return bitcast<u32>(a) ^ 0x80000000u;
}
fn goes_before(a: vec2<u32>, b: vec2<u32>) -> bool {
    return a.x < b.x || (a.x == b.x && a.y < b.y);
}
fn key_of(row: u32, k: u32) -> u32 {
    let address0 = row * p[0].x + k;
    let v1 = a0[address0];
    return sort_key_i32(v1);
}
fn finish(row: u32, k: u32, position: u32) {
    let i = row * p[0].y + k;
    let place = i32(position);
    a1[i] = place;
}
@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let row = group;
    let first = 0u;
    let count = p[0].z;
    for (var k = lane; k < 8u; k += 32u) {
        var key = 0xffffffffu;
        if (k < count) {
            key = key_of(row, first + k);
        }
        tile[k] = vec2<u32>(key, first + k);
    }
    workgroupBarrier();
    for (var width = 2u; width <= 8u; width = width * 2u) {
        for (var step = width / 2u; step > 0u; step = step / 2u) {
            for (var pair = lane; pair < 4u; pair += 32u) {
                let low = 2u * pair - (pair & (step - 1u));
                let one = tile[low];
                let other = tile[low + step];
                if (goes_before(other, one) == ((low & width) == 0u)) {
                    tile[low] = other;
                    tile[low + step] = one;
                }
            }
            workgroupBarrier();
        }
    }
    for (var k = lane; k < count; k += 32u) {
        finish(row, first + k, tile[k].y);
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile: array<vec2<u32>, 4>;

fn sort_key_i32(a: i32) -> u32 {
    return bitcast<u32>(a) ^ 0x80000000u;
}
fn goes_before(a: vec2<u32>, b: vec2<u32>) -> bool {
    return a.x < b.x || (a.x == b.x && a.y < b.y);
}
fn key_of(row: u32, k: u32) -> u32 {
    let address0 = row + k * p[0].x;
    let v1 = a0[address0];
    return ~sort_key_i32(v1);
}
fn finish(row: u32, k: u32, position: u32) {
    let i = row * p[0].y + k;
    let place = i32(position);
    a1[i] = place;
}
@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let row = group;
    let first = 0u;
    let count = p[0].z;
    for (var k = lane; k < 4u; k += 32u) {
        var key = 0xffffffffu;
        if (k < count) {
            key = key_of(row, first + k);
        }
        tile[k] = vec2<u32>(key, first + k);
    }
    workgroupBarrier();
    for (var width = 2u; width <= 4u; width = width * 2u) {
        for (var step = width / 2u; step > 0u; step = step / 2u) {
            for (var pair = lane; pair < 2u; pair += 32u) {
                let low = 2u * pair - (pair & (step - 1u));
                let one = tile[low];
                let other = tile[low + step];
                if (goes_before(other, one) == ((low & width) == 0u)) {
                    tile[low] = other;
                    tile[low + step] = one;
                }
            }
            workgroupBarrier();
        }
    }
    for (var k = lane; k < count; k += 32u) {
        finish(row, first + k, tile[k].y);
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
    var acc0: i32 = 0i;
    for (var k = 0u; k < p[0].y; k++) {
        let at = i * p[0].y + k;
        let v0 = a0[at];
        acc0 = (acc0 + v0);
        a1[at] = acc0;
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
    var acc0: i32 = 1i;
    for (var k = 0u; k < p[0].y; k++) {
        let at = i * p[0].y + k;
        let v0 = a0[at];
        acc0 = (acc0 * v0);
        a1[at] = acc0;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn max_i32(a: i32, b: i32) -> i32 {
    return max(a, b);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    var acc0: i32 = i32(-2147483648);
    for (var k = 0u; k < p[0].y; k++) {
        let at = i * p[0].y + k;
        let v0 = a0[at];
        acc0 = max_i32(acc0, v0);
        a1[at] = acc0;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn min_i32(a: i32, b: i32) -> i32 {
    return min(a, b);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    var acc0: i32 = 2147483647i;
    for (var k = 0u; k < p[0].y; k++) {
        let at = i * p[0].y + k;
        let v0 = a0[at];
        acc0 = min_i32(acc0, v0);
        a1[at] = acc0;
    }
}
