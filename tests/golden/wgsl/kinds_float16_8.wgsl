@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read> a1: array<i32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<u32>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;
var<workgroup> tile_f32_0: array<f32, 256>;
var<workgroup> tile_f32_1: array<f32, 256>;
var<workgroup> tile_f32_2: array<f32, 256>;
var<workgroup> tile_f32_3: array<f32, 256>;
var<workgroup> held0: array<f32, 16>;
var<workgroup> held1: array<f32, 16>;
var<workgroup> held2: array<f32, 16>;
var<workgroup> held3: array<f32, 16>;

fn unpack_float16(word: u32, at: u32) -> f32 {
    return unpack2x16float(word >> ((at & 1u) * 16u)).x;
}
fn bits_of_float16(a: f32) -> u32 {
    let word = bitcast<u32>(a);
    let size = word & 0x7fffffffu;
    let normal = (size + 0xc8000fffu + ((size >> 13u) & 1u)) >> 13u;
    let subnormal = bitcast<u32>(bitcast<f32>(size) + 0.5) - 0x3f000000u;
    let finite = select(normal, subnormal, size < 0x38800000u);
    let large = select(0x7c00u, 0x7e00u, size > 0x7f800000u);
    return ((word >> 16u) & 0x8000u) | select(finite, large, size >= 0x47800000u);
}
fn pack_float16(a: f32, b: f32) -> u32 {
    return bits_of_float16(a) | (bits_of_float16(b) << 16u);
}
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
    var acc0: f32 = 0.0;
    var acc1: f32 = 1.0;
    var acc2: f32 = -infinity();
    var acc3: f32 = infinity();
    let word5 = a0[place4 >> 1u];
    let v6 = unpack_float16(word5, 0u);
    acc0 = select(acc0, (acc0 + v6), start0 + 0u < p[0].y);
    acc1 = select(acc1, (acc1 * v6), start0 + 0u < p[0].y);
    acc2 = select(acc2, max_f32(acc2, v6), start0 + 0u < p[0].y);
    acc3 = select(acc3, min_f32(acc3, v6), start0 + 0u < p[0].y);
    let v7 = unpack_float16(word5, 1u);
    acc0 = select(acc0, (acc0 + v7), start0 + 0u < p[0].y);
    acc1 = select(acc1, (acc1 * v7), start0 + 0u < p[0].y);
    acc2 = select(acc2, max_f32(acc2, v7), start0 + 0u < p[0].y);
    acc3 = select(acc3, min_f32(acc3, v7), start0 + 0u < p[0].y);
    tile_f32_0[lane] = acc0;
    tile_f32_1[lane] = acc1;
    tile_f32_2[lane] = acc2;
    tile_f32_3[lane] = acc3;
    workgroupBarrier();
    for (var step = 8u; step > 0u; step = step / 2u) {
        if (part < step) {
            acc0 = (acc0 + tile_f32_0[lane + step]);
            acc1 = (acc1 * tile_f32_1[lane + step]);
            acc2 = max_f32(acc2, tile_f32_2[lane + step]);
            acc3 = min_f32(acc3, tile_f32_3[lane + step]);
            tile_f32_0[lane] = acc0;
            tile_f32_1[lane] = acc1;
            tile_f32_2[lane] = acc2;
            tile_f32_3[lane] = acc3;
        }
        workgroupBarrier();
    }
    acc0 = tile_f32_0[lane - part];
    acc1 = tile_f32_1[lane - part];
    acc2 = tile_f32_2[lane - part];
    acc3 = tile_f32_3[lane - part];
    workgroupBarrier();
    let v8 = a1[place4];
    let v9 = 0i;
    let v10 = less_i32(v8, v9);
    let v11 = bitcast<i32>(p[1].x);
    let v12 = (v8 + v11);
    let v13 = select(v8, v12, v10);
    let address14 = rest3 * p[1].y;
    let at15 = bitcast<u32>(v13);
    let ok16 = at15 < p[1].z;
    let at17 = address14 + at15;
    var v18 = 0.0;
    if (ok16) {
        v18 = unpack_float16(a0[at17 >> 1u], at17);
    }
    let v19 = a1[(place4 + 1u)];
    let v20 = 0i;
    let v21 = less_i32(v19, v20);
    let v22 = bitcast<i32>(p[1].x);
    let v23 = (v19 + v22);
    let v24 = select(v19, v23, v21);
    let address25 = rest3 * p[1].y;
    let at26 = bitcast<u32>(v24);
    let ok27 = at26 < p[1].z;
    let at28 = address25 + at26;
    var v29 = 0.0;
    if (ok27) {
        v29 = unpack_float16(a0[at28 >> 1u], at28);
    }
    if (start0 + 0u < p[0].y && wanted == i) {
        a2[place4 >> 1u] = pack_float16(v18, v29);
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
        a3[begin >> 1u] = pack_float16(held0[first + 0u], held0[first + 1u]);
        a4[begin >> 1u] = pack_float16(held1[first + 0u], held1[first + 1u]);
        a5[begin >> 1u] = pack_float16(held2[first + 0u], held2[first + 1u]);
        a6[begin >> 1u] = pack_float16(held3[first + 0u], held3[first + 1u]);
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;

fn unpack_float16(word: u32, at: u32) -> f32 {
    return unpack2x16float(word >> ((at & 1u) * 16u)).x;
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
            let v10 = unpack_float16(a1[address3 >> 1u], address3);
            acc0 = (acc0 + v10);
        }
    }
    a2[i] = acc0;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn bits_of_float16(a: f32) -> u32 {
    let word = bitcast<u32>(a);
    let size = word & 0x7fffffffu;
    let normal = (size + 0xc8000fffu + ((size >> 13u) & 1u)) >> 13u;
    let subnormal = bitcast<u32>(bitcast<f32>(size) + 0.5) - 0x3f000000u;
    let finite = select(normal, subnormal, size < 0x38800000u);
    let large = select(0x7c00u, 0x7e00u, size > 0x7f800000u);
    return ((word >> 16u) & 0x8000u) | select(finite, large, size >= 0x47800000u);
}
fn pack_float16(a: f32, b: f32) -> u32 {
    return bits_of_float16(a) | (bits_of_float16(b) << 16u);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 2u;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let next1 = min(i + 1u, p[0].x - 1u);
    let v2 = a0[next1];
    a1[i >> 1u] = pack_float16(v0, v2);
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile: array<vec2<u32>, 8>;

fn unpack_float16(word: u32, at: u32) -> f32 {
    return unpack2x16float(word >> ((at & 1u) * 16u)).x;
}
fn bits_of_float16(a: f32) -> u32 {
    let word = bitcast<u32>(a);
    let size = word & 0x7fffffffu;
    let normal = (size + 0xc8000fffu + ((size >> 13u) & 1u)) >> 13u;
    let subnormal = bitcast<u32>(bitcast<f32>(size) + 0.5) - 0x3f000000u;
    let finite = select(normal, subnormal, size < 0x38800000u);
    let large = select(0x7c00u, 0x7e00u, size > 0x7f800000u);
    return ((word >> 16u) & 0x8000u) | select(finite, large, size >= 0x47800000u);
}
fn round_float16(a: f32) -> f32 {
    return unpack2x16float(bits_of_float16(a)).x;
}
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
    let v1 = unpack_float16(a0[address0 >> 1u], address0);
    let v2 = round_float16(v1);
    return sort_key_f32(v2);
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

fn unpack_float16(word: u32, at: u32) -> f32 {
    return unpack2x16float(word >> ((at & 1u) * 16u)).x;
}
fn bits_of_float16(a: f32) -> u32 {
    let word = bitcast<u32>(a);
    let size = word & 0x7fffffffu;
    let normal = (size + 0xc8000fffu + ((size >> 13u) & 1u)) >> 13u;
    let subnormal = bitcast<u32>(bitcast<f32>(size) + 0.5) - 0x3f000000u;
    let finite = select(normal, subnormal, size < 0x38800000u);
    let large = select(0x7c00u, 0x7e00u, size > 0x7f800000u);
    return ((word >> 16u) & 0x8000u) | select(finite, large, size >= 0x47800000u);
}
fn round_float16(a: f32) -> f32 {
    return unpack2x16float(bits_of_float16(a)).x;
}
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
    let v1 = unpack_float16(a0[address0 >> 1u], address0);
    let v2 = round_float16(v1);
    return ~sort_key_f32(v2);
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
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_float16(word: u32, at: u32) -> f32 {
    return unpack2x16float(word >> ((at & 1u) * 16u)).x;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    var acc0: f32 = 0.0;
    for (var k = 0u; k < p[0].y; k++) {
        let at = i * p[0].y + k;
        let v0 = unpack_float16(a0[at >> 1u], at);
        acc0 = (acc0 + v0);
        a1[at] = acc0;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn bits_of_float16(a: f32) -> u32 {
    let word = bitcast<u32>(a);
    let size = word & 0x7fffffffu;
    let normal = (size + 0xc8000fffu + ((size >> 13u) & 1u)) >> 13u;
    let subnormal = bitcast<u32>(bitcast<f32>(size) + 0.5) - 0x3f000000u;
    let finite = select(normal, subnormal, size < 0x38800000u);
    let large = select(0x7c00u, 0x7e00u, size > 0x7f800000u);
    return ((word >> 16u) & 0x8000u) | select(finite, large, size >= 0x47800000u);
}
fn pack_float16(a: f32, b: f32) -> u32 {
    return bits_of_float16(a) | (bits_of_float16(b) << 16u);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 2u;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let next1 = i + 1u;
    let v2 = a0[next1];
    a1[i >> 1u] = pack_float16(v0, v2);
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_float16(word: u32, at: u32) -> f32 {
    return unpack2x16float(word >> ((at & 1u) * 16u)).x;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    var acc0: f32 = 1.0;
    for (var k = 0u; k < p[0].y; k++) {
        let at = i * p[0].y + k;
        let v0 = unpack_float16(a0[at >> 1u], at);
        acc0 = (acc0 * v0);
        a1[at] = acc0;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn bits_of_float16(a: f32) -> u32 {
    let word = bitcast<u32>(a);
    let size = word & 0x7fffffffu;
    let normal = (size + 0xc8000fffu + ((size >> 13u) & 1u)) >> 13u;
    let subnormal = bitcast<u32>(bitcast<f32>(size) + 0.5) - 0x3f000000u;
    let finite = select(normal, subnormal, size < 0x38800000u);
    let large = select(0x7c00u, 0x7e00u, size > 0x7f800000u);
    return ((word >> 16u) & 0x8000u) | select(finite, large, size >= 0x47800000u);
}
fn pack_float16(a: f32, b: f32) -> u32 {
    return bits_of_float16(a) | (bits_of_float16(b) << 16u);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 2u;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let next1 = i + 1u;
    let v2 = a0[next1];
    a1[i >> 1u] = pack_float16(v0, v2);
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_float16(word: u32, at: u32) -> f32 {
    return unpack2x16float(word >> ((at & 1u) * 16u)).x;
}
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
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    var acc0: f32 = -infinity();
    for (var k = 0u; k < p[0].y; k++) {
        let at = i * p[0].y + k;
        let v0 = unpack_float16(a0[at >> 1u], at);
        acc0 = max_f32(acc0, v0);
        a1[at] = acc0;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn bits_of_float16(a: f32) -> u32 {
    let word = bitcast<u32>(a);
    let size = word & 0x7fffffffu;
    let normal = (size + 0xc8000fffu + ((size >> 13u) & 1u)) >> 13u;
    let subnormal = bitcast<u32>(bitcast<f32>(size) + 0.5) - 0x3f000000u;
    let finite = select(normal, subnormal, size < 0x38800000u);
    let large = select(0x7c00u, 0x7e00u, size > 0x7f800000u);
    return ((word >> 16u) & 0x8000u) | select(finite, large, size >= 0x47800000u);
}
fn pack_float16(a: f32, b: f32) -> u32 {
    return bits_of_float16(a) | (bits_of_float16(b) << 16u);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 2u;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let next1 = i + 1u;
    let v2 = a0[next1];
    a1[i >> 1u] = pack_float16(v0, v2);
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_float16(word: u32, at: u32) -> f32 {
    return unpack2x16float(word >> ((at & 1u) * 16u)).x;
}
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
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    var acc0: f32 = infinity();
    for (var k = 0u; k < p[0].y; k++) {
        let at = i * p[0].y + k;
        let v0 = unpack_float16(a0[at >> 1u], at);
        acc0 = min_f32(acc0, v0);
        a1[at] = acc0;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn bits_of_float16(a: f32) -> u32 {
    let word = bitcast<u32>(a);
    let size = word & 0x7fffffffu;
    let normal = (size + 0xc8000fffu + ((size >> 13u) & 1u)) >> 13u;
    let subnormal = bitcast<u32>(bitcast<f32>(size) + 0.5) - 0x3f000000u;
    let finite = select(normal, subnormal, size < 0x38800000u);
    let large = select(0x7c00u, 0x7e00u, size > 0x7f800000u);
    return ((word >> 16u) & 0x8000u) | select(finite, large, size >= 0x47800000u);
}
fn pack_float16(a: f32, b: f32) -> u32 {
    return bits_of_float16(a) | (bits_of_float16(b) << 16u);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 2u;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let next1 = i + 1u;
    let v2 = a0[next1];
    a1[i >> 1u] = pack_float16(v0, v2);
}
