@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read> a1: array<i32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<u32>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;
var<workgroup> tile_u32_0: array<u32, 256>;
var<workgroup> tile_u32_1: array<u32, 256>;
var<workgroup> tile_u32_2: array<u32, 256>;
var<workgroup> tile_u32_3: array<u32, 256>;
var<workgroup> held0: array<u32, 16>;
var<workgroup> held1: array<u32, 16>;
var<workgroup> held2: array<u32, 16>;
var<workgroup> held3: array<u32, 16>;

fn unpack_uint16(word: u32, at: u32) -> u32 {
    return (word >> ((at & 1u) * 16u)) & 0xffffu;
}
fn pack_uint16(a: u32, b: u32) -> u32 {
    return a | (b << 16u);
}
fn max_u32(a: u32, b: u32) -> u32 {
    return max(a, b);
}
fn min_u32(a: u32, b: u32) -> u32 {
    return min(a, b);
}
fn less_i32(a: i32, b: i32) -> bool {
    return a < b;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let part = lane % 16u;
    let output = lane / 16u;
    let wanted = group * 16u + output;
    let i = min(wanted, p[0].x - 1u);
    let start0 = part * 2u;
    let r1 = min(start0 + 0u, p[0].y - 2u);
    let rest3 = r1 / p[0].z;
    let y2 = r1 - rest3 * p[0].z;
    let place4 = rest3 * p[0].w + y2;
    var acc0: u32 = 0u;
    var acc1: u32 = 1u;
    var acc2: u32 = 0u;
    var acc3: u32 = 4294967295u;
    let word5 = a0[place4 >> 1u];
    let v6 = unpack_uint16(word5, 0u);
    let v7 = v6;
    acc0 = select(acc0, (acc0 + v7), start0 + 0u < p[0].y);
    acc1 = select(acc1, (acc1 * v7), start0 + 0u < p[0].y);
    acc2 = select(acc2, max_u32(acc2, v6), start0 + 0u < p[0].y);
    acc3 = select(acc3, min_u32(acc3, v6), start0 + 0u < p[0].y);
    let v8 = unpack_uint16(word5, 1u);
    let v9 = v8;
    acc0 = select(acc0, (acc0 + v9), start0 + 0u < p[0].y);
    acc1 = select(acc1, (acc1 * v9), start0 + 0u < p[0].y);
    acc2 = select(acc2, max_u32(acc2, v8), start0 + 0u < p[0].y);
    acc3 = select(acc3, min_u32(acc3, v8), start0 + 0u < p[0].y);
    tile_u32_0[lane] = acc0;
    tile_u32_1[lane] = acc1;
    tile_u32_2[lane] = acc2;
    tile_u32_3[lane] = acc3;
    workgroupBarrier();
    for (var step = 8u; step > 0u; step = step / 2u) {
        if (part < step) {
            acc0 = (acc0 + tile_u32_0[lane + step]);
            acc1 = (acc1 * tile_u32_1[lane + step]);
            acc2 = max_u32(acc2, tile_u32_2[lane + step]);
            acc3 = min_u32(acc3, tile_u32_3[lane + step]);
            tile_u32_0[lane] = acc0;
            tile_u32_1[lane] = acc1;
            tile_u32_2[lane] = acc2;
            tile_u32_3[lane] = acc3;
        }
        workgroupBarrier();
    }
    acc0 = tile_u32_0[lane - part];
    acc1 = tile_u32_1[lane - part];
    acc2 = tile_u32_2[lane - part];
    acc3 = tile_u32_3[lane - part];
    workgroupBarrier();
    let v10 = a1[place4];
    let v11 = 0i;
    let v12 = less_i32(v10, v11);
    let v13 = bitcast<i32>(p[1].x);
    let v14 = (v10 + v13);
    let v15 = select(v10, v14, v12);
    let address16 = rest3 * p[1].y;
    let at17 = bitcast<u32>(v15);
    let ok18 = at17 < p[1].z;
    let at19 = address16 + at17;
    var v20 = 0u;
    if (ok18) {
        v20 = unpack_uint16(a0[at19 >> 1u], at19);
    }
    let v21 = a1[(place4 + 1u)];
    let v22 = 0i;
    let v23 = less_i32(v21, v22);
    let v24 = bitcast<i32>(p[1].x);
    let v25 = (v21 + v24);
    let v26 = select(v21, v25, v23);
    let address27 = rest3 * p[1].y;
    let at28 = bitcast<u32>(v26);
    let ok29 = at28 < p[1].z;
    let at30 = address27 + at28;
    var v31 = 0u;
    if (ok29) {
        v31 = unpack_uint16(a0[at30 >> 1u], at30);
    }
    if (start0 + 0u < p[0].y && wanted == i) {
        a2[place4 >> 1u] = pack_uint16(v20, v31);
    }
    if (part == 0u) {
        held0[output] = acc0;
        held1[output] = acc1;
        held2[output] = acc2;
        held3[output] = acc3;
    }
    workgroupBarrier();
    let first = lane * 2u;
    let begin = group * 16u + first;
    if (first < 16u && begin < p[0].x) {
        a3[begin] = held0[first + 0u];
        if (begin + 1u < p[0].x) {
            a3[begin + 1u] = held0[first + 1u];
        }
        a4[begin] = held1[first + 0u];
        if (begin + 1u < p[0].x) {
            a4[begin + 1u] = held1[first + 1u];
        }
        a5[begin >> 1u] = pack_uint16(held2[first + 0u], held2[first + 1u]);
        a6[begin >> 1u] = pack_uint16(held3[first + 0u], held3[first + 1u]);
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;

fn unpack_uint16(word: u32, at: u32) -> u32 {
    return (word >> ((at & 1u) * 16u)) & 0xffffu;
}
fn wrap_uint16(a: u32) -> u32 {
    return a & 0xffffu;
}
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
    var acc0: u32 = 0u;
    for (var y2 = 0u; y2 < p[0].z; y2++) {
        let address3 = rest1 * p[0].w + y2;
        let v4 = a0[address3];
        let v5 = 0i;
        let v6 = less_i32(v4, v5);
        let v7 = bitcast<i32>(p[1].x);
        let v8 = (v4 + v7);
        let v9 = select(v4, v8, v6);
        if (bitcast<u32>(v9) == x0) {
            let v10 = unpack_uint16(a1[address3 >> 1u], address3);
            acc0 = wrap_uint16((acc0 + v10));
        }
    }
    a2[i] = acc0;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn wrap_uint16(a: u32) -> u32 {
    return a & 0xffffu;
}
fn pack_uint16(a: u32, b: u32) -> u32 {
    return a | (b << 16u);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 2u;
    if (i >= p[0].x) {
        return;
    }
    let v0 = wrap_uint16(a0[i]);
    let next1 = min(i + 1u, p[0].x - 1u);
    let v2 = wrap_uint16(a0[next1]);
    a1[i >> 1u] = pack_uint16(v0, v2);
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile: array<vec2<u32>, 8>;

fn unpack_uint16(word: u32, at: u32) -> u32 {
    return (word >> ((at & 1u) * 16u)) & 0xffffu;
}
fn sort_key_u32(a: u32) -> u32 {
    return a;
}
fn goes_before(a: vec2<u32>, b: vec2<u32>) -> bool {
    return a.x < b.x || (a.x == b.x && a.y < b.y);
}
fn key_of(row: u32, k: u32) -> u32 {
    let address0 = row * p[0].x + k;
    let v1 = unpack_uint16(a0[address0 >> 1u], address0);
    return sort_key_u32(v1);
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

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile: array<vec2<u32>, 4>;

fn unpack_uint16(word: u32, at: u32) -> u32 {
    return (word >> ((at & 1u) * 16u)) & 0xffffu;
}
fn sort_key_u32(a: u32) -> u32 {
    return a;
}
fn goes_before(a: vec2<u32>, b: vec2<u32>) -> bool {
    return a.x < b.x || (a.x == b.x && a.y < b.y);
}
fn key_of(row: u32, k: u32) -> u32 {
    let address0 = row + k * p[0].x;
    let v1 = unpack_uint16(a0[address0 >> 1u], address0);
    return ~sort_key_u32(v1);
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

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_uint16(word: u32, at: u32) -> u32 {
    return (word >> ((at & 1u) * 16u)) & 0xffffu;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    var acc0: u32 = 0u;
    for (var k = 0u; k < p[0].y; k++) {
        let at = i * p[0].y + k;
        let v0 = unpack_uint16(a0[at >> 1u], at);
        let v1 = v0;
        acc0 = (acc0 + v1);
        a1[at] = acc0;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_uint16(word: u32, at: u32) -> u32 {
    return (word >> ((at & 1u) * 16u)) & 0xffffu;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    var acc0: u32 = 1u;
    for (var k = 0u; k < p[0].y; k++) {
        let at = i * p[0].y + k;
        let v0 = unpack_uint16(a0[at >> 1u], at);
        let v1 = v0;
        acc0 = (acc0 * v1);
        a1[at] = acc0;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_uint16(word: u32, at: u32) -> u32 {
    return (word >> ((at & 1u) * 16u)) & 0xffffu;
}
fn max_u32(a: u32, b: u32) -> u32 {
    return max(a, b);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    var acc0: u32 = 0u;
    for (var k = 0u; k < p[0].y; k++) {
        let at = i * p[0].y + k;
        let v0 = unpack_uint16(a0[at >> 1u], at);
        acc0 = max_u32(acc0, v0);
        a1[at] = acc0;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn wrap_uint16(a: u32) -> u32 {
    return a & 0xffffu;
}
fn pack_uint16(a: u32, b: u32) -> u32 {
    return a | (b << 16u);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 2u;
    if (i >= p[0].x) {
        return;
    }
    let v0 = wrap_uint16(a0[i]);
    let next1 = i + 1u;
    let v2 = wrap_uint16(a0[next1]);
    a1[i >> 1u] = pack_uint16(v0, v2);
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_uint16(word: u32, at: u32) -> u32 {
    return (word >> ((at & 1u) * 16u)) & 0xffffu;
}
fn min_u32(a: u32, b: u32) -> u32 {
    return min(a, b);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    var acc0: u32 = 4294967295u;
    for (var k = 0u; k < p[0].y; k++) {
        let at = i * p[0].y + k;
        let v0 = unpack_uint16(a0[at >> 1u], at);
        acc0 = min_u32(acc0, v0);
        a1[at] = acc0;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn wrap_uint16(a: u32) -> u32 {
    return a & 0xffffu;
}
fn pack_uint16(a: u32, b: u32) -> u32 {
    return a | (b << 16u);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 2u;
    if (i >= p[0].x) {
        return;
    }
    let v0 = wrap_uint16(a0[i]);
    let next1 = i + 1u;
    let v2 = wrap_uint16(a0[next1]);
    a1[i >> 1u] = pack_uint16(v0, v2);
}
