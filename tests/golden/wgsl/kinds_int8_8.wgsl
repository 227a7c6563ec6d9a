@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read> a1: array<i32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<i32>;
@group(0) @binding(4) var<storage, read_write> a4: array<i32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;
var<workgroup> tile_i32_0: array<i32, 256>;
var<workgroup> tile_i32_1: array<i32, 256>;
var<workgroup> tile_i32_2: array<i32, 256>;
var<workgroup> tile_i32_3: array<i32, 256>;
var<workgroup> held0: array<i32, 32>;
var<workgroup> held1: array<i32, 32>;
var<workgroup> held2: array<i32, 32>;
var<workgroup> held3: array<i32, 32>;

fn unpack_int8(word: u32, at: u32) -> i32 {
    return bitcast<i32>(word << (24u - (at & 3u) * 8u)) >> 24u;
}
fn pack_int8(a: i32, b: i32, c: i32, d: i32) -> u32 {
    return bitcast<u32>((a & 0xff) | ((b & 0xff) << 8u) | ((c & 0xff) << 16u) | (d << 24u));
}
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
    let part = lane % 8u;
    let output = lane / 8u;
    let wanted = group * 32u + output;
    let i = min(wanted, p[0].x - 1u);
    let start0 = part * 4u;
    let r1 = min(start0 + 0u, p[0].y - 4u);
    let rest3 = r1 / p[0].z;
    let y2 = r1 - rest3 * p[0].z;
    let place4 = rest3 * p[0].w + y2;
    var acc0: i32 = 0i;
    var acc1: i32 = 1i;
    var acc2: i32 = i32(-2147483648);
    var acc3: i32 = 2147483647i;
    let word5 = a0[place4 >> 2u];
    let v6 = unpack_int8(word5, 0u);
    let v7 = v6;
    acc0 = select(acc0, (acc0 + v7), start0 + 0u < p[0].y);
    acc1 = select(acc1, (acc1 * v7), start0 + 0u < p[0].y);
    acc2 = select(acc2, max_i32(acc2, v6), start0 + 0u < p[0].y);
    acc3 = select(acc3, min_i32(acc3, v6), start0 + 0u < p[0].y);
    let v8 = unpack_int8(word5, 1u);
    let v9 = v8;
    acc0 = select(acc0, (acc0 + v9), start0 + 0u < p[0].y);
    acc1 = select(acc1, (acc1 * v9), start0 + 0u < p[0].y);
    acc2 = select(acc2, max_i32(acc2, v8), start0 + 0u < p[0].y);
    acc3 = select(acc3, min_i32(acc3, v8), start0 + 0u < p[0].y);
    let v10 = unpack_int8(word5, 2u);
    let v11 = v10;
    acc0 = select(acc0, (acc0 + v11), start0 + 0u < p[0].y);
    acc1 = select(acc1, (acc1 * v11), start0 + 0u < p[0].y);
    acc2 = select(acc2, max_i32(acc2, v10), start0 + 0u < p[0].y);
    acc3 = select(acc3, min_i32(acc3, v10), start0 + 0u < p[0].y);
    let v12 = unpack_int8(word5, 3u);
    let v13 = v12;
    acc0 = select(acc0, (acc0 + v13), start0 + 0u < p[0].y);
    acc1 = select(acc1, (acc1 * v13), start0 + 0u < p[0].y);
    acc2 = select(acc2, max_i32(acc2, v12), start0 + 0u < p[0].y);
    acc3 = select(acc3, min_i32(acc3, v12), start0 + 0u < p[0].y);
    tile_i32_0[lane] = acc0;
    tile_i32_1[lane] = acc1;
    tile_i32_2[lane] = acc2;
    tile_i32_3[lane] = acc3;
    workgroupBarrier();
    for (var step = 4u; step > 0u; step = step / 2u) {
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
    let v14 = a1[place4];
    let v15 = 0i;
    let v16 = less_i32(v14, v15);
    let v17 = bitcast<i32>(p[1].x);
    let v18 = (v14 + v17);
    let v19 = select(v14, v18, v16);
    let address20 = rest3 * p[1].y;
    let at21 = bitcast<u32>(v19);
    let ok22 = at21 < p[1].z;
    let at23 = address20 + at21;
    var v24 = 0i;
    if (ok22) {
        v24 = unpack_int8(a0[at23 >> 2u], at23);
    }
    let v25 = a1[(place4 + 1u)];
    let v26 = 0i;
    let v27 = less_i32(v25, v26);
    let v28 = bitcast<i32>(p[1].x);
    let v29 = (v25 + v28);
    let v30 = select(v25, v29, v27);
    let address31 = rest3 * p[1].y;
    let at32 = bitcast<u32>(v30);
    let ok33 = at32 < p[1].z;
    let at34 = address31 + at32;
    var v35 = 0i;
    if (ok33) {
        v35 = unpack_int8(a0[at34 >> 2u], at34);
    }
    let v36 = a1[(place4 + 2u)];
    let v37 = 0i;
    let v38 = less_i32(v36, v37);
    let v39 = bitcast<i32>(p[1].x);
    let v40 = (v36 + v39);
    let v41 = select(v36, v40, v38);
    let address42 = rest3 * p[1].y;
    let at43 = bitcast<u32>(v41);
    let ok44 = at43 < p[1].z;
    let at45 = address42 + at43;
    var v46 = 0i;
    if (ok44) {
        v46 = unpack_int8(a0[at45 >> 2u], at45);
    }
    let v47 = a1[(place4 + 3u)];
    let v48 = 0i;
    let v49 = less_i32(v47, v48);
    let v50 = bitcast<i32>(p[1].x);
    let v51 = (v47 + v50);
    let v52 = select(v47, v51, v49);
    let address53 = rest3 * p[1].y;
    let at54 = bitcast<u32>(v52);
    let ok55 = at54 < p[1].z;
    let at56 = address53 + at54;
    var v57 = 0i;
    if (ok55) {
        v57 = unpack_int8(a0[at56 >> 2u], at56);
    }
    if (start0 + 0u < p[0].y && wanted == i) {
        a2[place4 >> 2u] = pack_int8(v24, v35, v46, v57);
    }
    if (part == 0u) {
        held0[output] = acc0;
        held1[output] = acc1;
        held2[output] = acc2;
        held3[output] = acc3;
    }
    workgroupBarrier();
    let first = lane * 4u;
    let begin = group * 32u + first;
    if (first < 32u && begin < p[0].x) {
        a3[begin] = held0[first + 0u];
        if (begin + 1u < p[0].x) {
            a3[begin + 1u] = held0[first + 1u];
        }
        if (begin + 2u < p[0].x) {
            a3[begin + 2u] = held0[first + 2u];
        }
        if (begin + 3u < p[0].x) {
            a3[begin + 3u] = held0[first + 3u];
        }
        a4[begin] = held1[first + 0u];
        if (begin + 1u < p[0].x) {
            a4[begin + 1u] = held1[first + 1u];
        }
        if (begin + 2u < p[0].x) {
            a4[begin + 2u] = held1[first + 2u];
        }
        if (begin + 3u < p[0].x) {
            a4[begin + 3u] = held1[first + 3u];
        }
        a5[begin >> 2u] = pack_int8(held2[first + 0u], held2[first + 1u], held2[first + 2u], held2[first + 3u]);
        a6[begin >> 2u] = pack_int8(held3[first + 0u], held3[first + 1u], held3[first + 2u], held3[first + 3u]);
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;

fn unpack_int8(word: u32, at: u32) -> i32 {
    return bitcast<i32>(word << (24u - (at & 3u) * 8u)) >> 24u;
}
fn wrap_int8(a: i32) -> i32 {
    return (a << 24u) >> 24u;
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
            let v10 = unpack_int8(a1[address3 >> 2u], address3);
            acc0 = wrap_int8((acc0 + v10));
        }
    }
    a2[i] = acc0;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn wrap_int8(a: i32) -> i32 {
    return (a << 24u) >> 24u;
}
fn pack_int8(a: i32, b: i32, c: i32, d: i32) -> u32 {
    return bitcast<u32>((a & 0xff) | ((b & 0xff) << 8u) | ((c & 0xff) << 16u) | (d << 24u));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 4u;
    if (i >= p[0].x) {
        return;
    }
    let v0 = wrap_int8(a0[i]);
    let next1 = min(i + 1u, p[0].x - 1u);
    let v2 = wrap_int8(a0[next1]);
    let next3 = min(i + 2u, p[0].x - 1u);
    let v4 = wrap_int8(a0[next3]);
    let next5 = min(i + 3u, p[0].x - 1u);
    let v6 = wrap_int8(a0[next5]);
    a1[i >> 2u] = pack_int8(v0, v2, v4, v6);
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile: array<vec2<u32>, 8>;

fn unpack_int8(word: u32, at: u32) -> i32 {
    return bitcast<i32>(word << (24u - (at & 3u) * 8u)) >> 24u;
}
fn sort_key_i32(a: i32) -> u32 {
    return bitcast<u32>(a) ^ 0x80000000u;
}
fn goes_before(a: vec2<u32>, b: vec2<u32>) -> bool {
    return a.x < b.x || (a.x == b.x && a.y < b.y);
}
fn key_of(row: u32, k: u32) -> u32 {
    let address0 = row * p[0].x + k;
    let v1 = unpack_int8(a0[address0 >> 2u], address0);
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

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile: array<vec2<u32>, 4>;

fn unpack_int8(word: u32, at: u32) -> i32 {
    return bitcast<i32>(word << (24u - (at & 3u) * 8u)) >> 24u;
}
fn sort_key_i32(a: i32) -> u32 {
    return bitcast<u32>(a) ^ 0x80000000u;
}
fn goes_before(a: vec2<u32>, b: vec2<u32>) -> bool {
    return a.x < b.x || (a.x == b.x && a.y < b.y);
}
fn key_of(row: u32, k: u32) -> u32 {
    let address0 = row + k * p[0].x;
    let v1 = unpack_int8(a0[address0 >> 2u], address0);
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

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_int8(word: u32, at: u32) -> i32 {
    return bitcast<i32>(word << (24u - (at & 3u) * 8u)) >> 24u;
}
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
        let v0 = unpack_int8(a0[at >> 2u], at);
        let v1 = v0;
        acc0 = (acc0 + v1);
        a1[at] = acc0;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_int8(word: u32, at: u32) -> i32 {
    return bitcast<i32>(word << (24u - (at & 3u) * 8u)) >> 24u;
}
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
        let v0 = unpack_int8(a0[at >> 2u], at);
        let v1 = v0;
        acc0 = (acc0 * v1);
        a1[at] = acc0;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_int8(word: u32, at: u32) -> i32 {
    return bitcast<i32>(word << (24u - (at & 3u) * 8u)) >> 24u;
}
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
        let v0 = unpack_int8(a0[at >> 2u], at);
        acc0 = max_i32(acc0, v0);
        a1[at] = acc0;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn wrap_int8(a: i32) -> i32 {
    return (a << 24u) >> 24u;
}
fn pack_int8(a: i32, b: i32, c: i32, d: i32) -> u32 {
    return bitcast<u32>((a & 0xff) | ((b & 0xff) << 8u) | ((c & 0xff) << 16u) | (d << 24u));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 4u;
    if (i >= p[0].x) {
        return;
    }
    let v0 = wrap_int8(a0[i]);
    let next1 = i + 1u;
    let v2 = wrap_int8(a0[next1]);
    let next3 = i + 2u;
    let v4 = wrap_int8(a0[next3]);
    let next5 = i + 3u;
    let v6 = wrap_int8(a0[next5]);
    a1[i >> 2u] = pack_int8(v0, v2, v4, v6);
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_int8(word: u32, at: u32) -> i32 {
    return bitcast<i32>(word << (24u - (at & 3u) * 8u)) >> 24u;
}
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
        let v0 = unpack_int8(a0[at >> 2u], at);
        acc0 = min_i32(acc0, v0);
        a1[at] = acc0;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn wrap_int8(a: i32) -> i32 {
    return (a << 24u) >> 24u;
}
fn pack_int8(a: i32, b: i32, c: i32, d: i32) -> u32 {
    return bitcast<u32>((a & 0xff) | ((b & 0xff) << 8u) | ((c & 0xff) << 16u) | (d << 24u));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 4u;
    if (i >= p[0].x) {
        return;
    }
    let v0 = wrap_int8(a0[i]);
    let next1 = i + 1u;
    let v2 = wrap_int8(a0[next1]);
    let next3 = i + 2u;
    let v4 = wrap_int8(a0[next3]);
    let next5 = i + 3u;
    let v6 = wrap_int8(a0[next5]);
    a1[i >> 2u] = pack_int8(v0, v2, v4, v6);
}
