@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read> a1: array<i32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(0) @binding(3) var<storage, read_write> a3: array<f32>;
@group(0) @binding(4) var<storage, read_write> a4: array<f32>;
@group(0) @binding(5) var<storage, read_write> a5: array<f32>;
@group(0) @binding(6) var<storage, read_write> a6: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;
var<workgroup> tile_f32_0: array<f32, 256>;
var<workgroup> tile_f32_1: array<f32, 256>;
var<workgroup> tile_f32_2: array<f32, 256>;
var<workgroup> tile_f32_3: array<f32, 256>;

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
    let part = lane % 256u;
    let wanted = group * 1u + lane / 256u;
    let i = wanted;
    let r0 = min(part + 0u, p[0].x - 1u);
    let rest2 = r0 / p[0].y;
    let y1 = r0 - rest2 * p[0].y;
    let place3 = rest2 * p[0].z + y1;
    let r4 = min(part + 256u, p[0].x - 1u);
    let rest6 = r4 / p[0].y;
    let y5 = r4 - rest6 * p[0].y;
    let place7 = rest6 * p[0].z + y5;
    let r8 = min(part + 512u, p[0].x - 1u);
    let rest10 = r8 / p[0].y;
    let y9 = r8 - rest10 * p[0].y;
    let place11 = rest10 * p[0].z + y9;
    let r12 = min(part + 768u, p[0].x - 1u);
    let rest14 = r12 / p[0].y;
    let y13 = r12 - rest14 * p[0].y;
    let place15 = rest14 * p[0].z + y13;
    let r16 = min(part + 1024u, p[0].x - 1u);
    let rest18 = r16 / p[0].y;
    let y17 = r16 - rest18 * p[0].y;
    let place19 = rest18 * p[0].z + y17;
    var acc0: f32 = 0.0;
    var acc1: f32 = 1.0;
    var acc2: f32 = -infinity();
    var acc3: f32 = infinity();
    let v20 = a0[place3];
    acc0 = (acc0 + v20);
    acc1 = (acc1 * v20);
    acc2 = max_f32(acc2, v20);
    acc3 = min_f32(acc3, v20);
    let v21 = a0[place7];
    acc0 = (acc0 + v21);
    acc1 = (acc1 * v21);
    acc2 = max_f32(acc2, v21);
    acc3 = min_f32(acc3, v21);
    let v22 = a0[place11];
    acc0 = (acc0 + v22);
    acc1 = (acc1 * v22);
    acc2 = max_f32(acc2, v22);
    acc3 = min_f32(acc3, v22);
    let v23 = a0[place15];
    acc0 = (acc0 + v23);
    acc1 = (acc1 * v23);
    acc2 = max_f32(acc2, v23);
    acc3 = min_f32(acc3, v23);
    let v24 = a0[place19];
    acc0 = select(acc0, (acc0 + v24), part + 1024u < p[0].x);
    acc1 = select(acc1, (acc1 * v24), part + 1024u < p[0].x);
    acc2 = select(acc2, max_f32(acc2, v24), part + 1024u < p[0].x);
    acc3 = select(acc3, min_f32(acc3, v24), part + 1024u < p[0].x);
    tile_f32_0[lane] = acc0;
    tile_f32_1[lane] = acc1;
    tile_f32_2[lane] = acc2;
    tile_f32_3[lane] = acc3;
    workgroupBarrier();
    for (var step = 128u; step > 0u; step = step / 2u) {
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
    let v25 = a1[place3];
    let v26 = 0i;
    let v27 = less_i32(v25, v26);
    let v28 = bitcast<i32>(p[0].w);
    let v29 = (v25 + v28);
    let v30 = select(v25, v29, v27);
    let address31 = rest2 * p[1].x;
    let at32 = bitcast<u32>(v30);
    let ok33 = at32 < p[1].y;
    var v34 = 0.0;
    if (ok33) {
        v34 = a0[address31 + at32];
    }
    a2[place3] = v34;
    let v35 = a1[place7];
    let v36 = 0i;
    let v37 = less_i32(v35, v36);
    let v38 = bitcast<i32>(p[0].w);
    let v39 = (v35 + v38);
    let v40 = select(v35, v39, v37);
    let address41 = rest6 * p[1].x;
    let at42 = bitcast<u32>(v40);
    let ok43 = at42 < p[1].y;
    var v44 = 0.0;
    if (ok43) {
        v44 = a0[address41 + at42];
    }
    a2[place7] = v44;
    let v45 = a1[place11];
    let v46 = 0i;
    let v47 = less_i32(v45, v46);
    let v48 = bitcast<i32>(p[0].w);
    let v49 = (v45 + v48);
    let v50 = select(v45, v49, v47);
    let address51 = rest10 * p[1].x;
    let at52 = bitcast<u32>(v50);
    let ok53 = at52 < p[1].y;
    var v54 = 0.0;
    if (ok53) {
        v54 = a0[address51 + at52];
    }
    a2[place11] = v54;
    let v55 = a1[place15];
    let v56 = 0i;
    let v57 = less_i32(v55, v56);
    let v58 = bitcast<i32>(p[0].w);
    let v59 = (v55 + v58);
    let v60 = select(v55, v59, v57);
    let address61 = rest14 * p[1].x;
    let at62 = bitcast<u32>(v60);
    let ok63 = at62 < p[1].y;
    var v64 = 0.0;
    if (ok63) {
        v64 = a0[address61 + at62];
    }
    a2[place15] = v64;
    let v65 = a1[place19];
    let v66 = 0i;
    let v67 = less_i32(v65, v66);
    let v68 = bitcast<i32>(p[0].w);
    let v69 = (v65 + v68);
    let v70 = select(v65, v69, v67);
    let address71 = rest18 * p[1].x;
    let at72 = bitcast<u32>(v70);
    let ok73 = at72 < p[1].y;
    var v74 = 0.0;
    if (ok73) {
        v74 = a0[address71 + at72];
    }
    if (part + 1024u < p[0].x) {
        a2[place19] = v74;
    }
    if (part == 0u) {
        a3[i] = acc0;
        a4[i] = acc1;
        a5[i] = acc2;
        a6[i] = acc3;
    }
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
var<workgroup> tile: array<vec2<u32>, 512>;

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
    let row = group;
    let first = 0u;
    let count = p[0].z;
    for (var k = lane; k < 512u; k += 256u) {
        var key = 0xffffffffu;
        if (k < count) {
            key = key_of(row, first + k);
        }
        tile[k] = vec2<u32>(key, first + k);
    }
    workgroupBarrier();
    for (var width = 2u; width <= 512u; width = width * 2u) {
        for (var step = width / 2u; step > 0u; step = step / 2u) {
            for (var pair = lane; pair < 256u; pair += 256u) {
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
    for (var k = lane; k < count; k += 256u) {
        finish(row, first + k, tile[k].y);
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
