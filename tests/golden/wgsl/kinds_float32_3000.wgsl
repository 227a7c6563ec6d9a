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
@group(0) @binding(1) var<storage, read_write> sorted: array<vec2<u32>>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;
var<workgroup> tile: array<vec2<u32>, 2048>;

fn goes_before(a: vec2<u32>, b: vec2<u32>) -> bool {
    return a.x < b.x || (a.x == b.x && a.y < b.y);
}
fn less_i32(a: i32, b: i32) -> bool {
    return a < b;
}
fn key_of(row: u32, k: u32) -> u32 {
    let address0 = row * p[0].x + k;
    let v1 = a0[address0];
    let v2 = 0i;
    let v3 = less_i32(v1, v2);
    let v4 = bitcast<i32>(p[0].y);
    let v5 = (v1 + v4);
    let v6 = select(v1, v5, v3);
    return bitcast<u32>(v6);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let row = group / p[0].w;
    let first = (group - row * p[0].w) * 2048u;
    let count = min(p[0].z - first, 2048u);
    for (var k = lane; k < 2048u; k += 256u) {
        var key = 0xffffffffu;
        if (k < count) {
            key = key_of(row, first + k);
        }
        tile[k] = vec2<u32>(key, first + k);
    }
    workgroupBarrier();
    for (var width = 2u; width <= 2048u; width = width * 2u) {
        for (var step = width / 2u; step > 0u; step = step / 2u) {
            for (var pair = lane; pair < 1024u; pair += 256u) {
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
        sorted[row * p[1].x + first + k] = tile[k];
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> runs: array<vec2<u32>>;
@group(0) @binding(1) var<storage, read_write> sorted: array<vec2<u32>>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;
var<workgroup> tile: array<u32, 2048>;
var<workgroup> ends: array<u32, 2>;

fn bisect_runs(one: u32, ones: u32, other: u32, others: u32, count: u32) -> u32 {
    var low = max(count, others) - others;
    var high = min(count, ones);
    while (low < high) {
        let middle = (low + high) / 2u;
        if (runs[one + middle].x <= runs[other + count - 1u - middle].x) {
            low = middle + 1u;
        } else {
            high = middle;
        }
    }
    return low;
}
fn bisect_tile(one: u32, ones: u32, other: u32, others: u32, count: u32) -> u32 {
    var low = max(count, others) - others;
    var high = min(count, ones);
    while (low < high) {
        let middle = (low + high) / 2u;
        if (tile[one + middle] <= tile[other + count - 1u - middle]) {
            low = middle + 1u;
        } else {
            high = middle;
        }
    }
    return low;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let row = group / p[0].x;
    let first = (group - row * p[0].x) * 2048u;
    let origin = first - first % p[0].w;
    let ones = min(p[0].z, p[0].y - origin);
    let others = min(p[0].z, p[0].y - origin - ones);
    let begin = first - origin;
    let end = min(begin + 2048u, ones + others);
    let one = row * p[0].y + origin;
    let other = one + ones;
    if (lane < 2u) {
        ends[lane] = bisect_runs(one, ones, other, others, select(begin, end, lane == 1u));
    }
    workgroupBarrier();
    let count = end - begin;
    let taken = ends[1] - ends[0];
    let one_at = one + ends[0];
    let other_at = other + begin - ends[0] - taken;
    for (var k = lane; k < count; k += 256u) {
        tile[k] = runs[k + select(other_at, one_at, k < taken)].x;
    }
    workgroupBarrier();
    let own = lane * 8u;
    var choice0 = 0u;
    var choice1 = 0u;
    var choice2 = 0u;
    var choice3 = 0u;
    var choice4 = 0u;
    var choice5 = 0u;
    var choice6 = 0u;
    var choice7 = 0u;
    if (own < count) {
        var a = bisect_tile(0u, taken, taken, count - taken, own);
        var b = taken + own - a;
        if (b >= count || (a < taken && tile[a] <= tile[b])) {
            choice0 = a;
            a++;
        } else {
            choice0 = b;
            b++;
        }
        if (b >= count || (a < taken && tile[a] <= tile[b])) {
            choice1 = a;
            a++;
        } else {
            choice1 = b;
            b++;
        }
        if (b >= count || (a < taken && tile[a] <= tile[b])) {
            choice2 = a;
            a++;
        } else {
            choice2 = b;
            b++;
        }
        if (b >= count || (a < taken && tile[a] <= tile[b])) {
            choice3 = a;
            a++;
        } else {
            choice3 = b;
            b++;
        }
        if (b >= count || (a < taken && tile[a] <= tile[b])) {
            choice4 = a;
            a++;
        } else {
            choice4 = b;
            b++;
        }
        if (b >= count || (a < taken && tile[a] <= tile[b])) {
            choice5 = a;
            a++;
        } else {
            choice5 = b;
            b++;
        }
        if (b >= count || (a < taken && tile[a] <= tile[b])) {
            choice6 = a;
            a++;
        } else {
            choice6 = b;
            b++;
        }
        if (b >= count || (a < taken && tile[a] <= tile[b])) {
            choice7 = a;
            a++;
        } else {
            choice7 = b;
            b++;
        }
    }
    workgroupBarrier();
    tile[own + 0u] = choice0;
    tile[own + 1u] = choice1;
    tile[own + 2u] = choice2;
    tile[own + 3u] = choice3;
    tile[own + 4u] = choice4;
    tile[own + 5u] = choice5;
    tile[own + 6u] = choice6;
    tile[own + 7u] = choice7;
    workgroupBarrier();
    for (var k = lane; k < count; k += 256u) {
        let source = tile[k];
        let entry = runs[source + select(other_at, one_at, source < taken)];
        sorted[row * p[1].x + first + k] = entry;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read> sorted: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let rest1 = i / p[0].y;
    let x0 = i - rest1 * p[0].y;
    let row2 = x0;
    let begin = row2 * p[0].z + rest1 * p[1].x;
    let wanted = sorted[begin].x;
    if (wanted >= p[1].y || sorted[begin + p[1].x - 1u].x != wanted) {
        return;
    }
    var acc0: f32 = 0.0;
    for (var n = 0u; n < 32u; n++) {
        let source = sorted[begin + n].y;
        let address3 = x0 * p[1].z + source;
        let v4 = a0[address3];
        acc0 = (acc0 + v4);
    }
    sums[(rest1) * p[1].w + x0] = acc0;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> sorted: array<vec2<u32>>;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 3>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let rest1 = i / p[0].y;
    let x0 = i - rest1 * p[0].y;
    let row2 = x0;
    let begin = row2 * p[0].z + rest1 * p[1].x;
    let wanted = sorted[begin].x;
    if (wanted >= p[1].y || sorted[begin + p[1].x - 1u].x != wanted) {
        return;
    }
    var acc0: f32 = 0.0;
    for (var n = 0u; n < 32u; n++) {
        acc0 = (acc0 + (sums[(rest1 * 32u + n) * p[1].z + x0]));
    }
    sums[(p[1].w + rest1) * p[2].x + x0] = acc0;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(0) @binding(2) var<storage, read> sorted: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read> sums: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 3>;

fn first_at(begin: u32, wanted: u32) -> u32 {
    var low = 0u;
    var high = p[0].x;
    while (low < high) {
        let middle = (low + high) / 2u;
        if (sorted[begin + middle].x < wanted) {
            low = middle + 1u;
        } else {
            high = middle;
        }
    }
    return low;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].y) {
        return;
    }
    let rest1 = i / p[0].z;
    let x0 = i - rest1 * p[0].z;
    let row2 = rest1;
    let column3 = rest1;
    let begin = row2 * p[0].w;
    let stretch = vec2(first_at(begin, x0), first_at(begin, x0 + 1u));
    var acc0: f32 = 0.0;
    var k = stretch.x;
    while (k < stretch.y) {
        if (k % 1024u == 0u && k + 1024u <= stretch.y) {
            acc0 = (acc0 + (sums[(p[1].y + k / 1024u) * p[1].z + column3]));
            k += 1024u;
        } else if (k % 32u == 0u && k + 32u <= stretch.y) {
            acc0 = (acc0 + (sums[(k / 32u) * p[1].w + column3]));
            k += 32u;
        } else {
            let source = sorted[begin + k].y;
            let address4 = rest1 * p[2].x + source;
            let v5 = a0[address4];
            acc0 = (acc0 + v5);
            k += 1u;
        }
    }
    a1[i] = acc0;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> sorted: array<vec2<u32>>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile: array<vec2<u32>, 2048>;

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
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let row = group / p[0].z;
    let first = (group - row * p[0].z) * 2048u;
    let count = min(p[0].y - first, 2048u);
    for (var k = lane; k < 2048u; k += 256u) {
        var key = 0xffffffffu;
        if (k < count) {
            key = key_of(row, first + k);
        }
        tile[k] = vec2<u32>(key, first + k);
    }
    workgroupBarrier();
    for (var width = 2u; width <= 2048u; width = width * 2u) {
        for (var step = width / 2u; step > 0u; step = step / 2u) {
            for (var pair = lane; pair < 1024u; pair += 256u) {
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
        sorted[row * p[0].w + first + k] = tile[k];
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read_write> a0: array<i32>;
@group(0) @binding(1) var<storage, read> runs: array<vec2<u32>>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;
var<workgroup> tile: array<u32, 2048>;
var<workgroup> ends: array<u32, 2>;

fn finish(row: u32, k: u32, position: u32) {
    let i = row * p[0].x + k;
    let place = i32(position);
    a0[i] = place;
}
fn bisect_runs(one: u32, ones: u32, other: u32, others: u32, count: u32) -> u32 {
    var low = max(count, others) - others;
    var high = min(count, ones);
    while (low < high) {
        let middle = (low + high) / 2u;
        if (runs[one + middle].x <= runs[other + count - 1u - middle].x) {
            low = middle + 1u;
        } else {
            high = middle;
        }
    }
    return low;
}
fn bisect_tile(one: u32, ones: u32, other: u32, others: u32, count: u32) -> u32 {
    var low = max(count, others) - others;
    var high = min(count, ones);
    while (low < high) {
        let middle = (low + high) / 2u;
        if (tile[one + middle] <= tile[other + count - 1u - middle]) {
            low = middle + 1u;
        } else {
            high = middle;
        }
    }
    return low;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let row = group / p[0].y;
    let first = (group - row * p[0].y) * 2048u;
    let origin = first - first % p[1].x;
    let ones = min(p[0].w, p[0].z - origin);
    let others = min(p[0].w, p[0].z - origin - ones);
    let begin = first - origin;
    let end = min(begin + 2048u, ones + others);
    let one = row * p[0].z + origin;
    let other = one + ones;
    if (lane < 2u) {
        ends[lane] = bisect_runs(one, ones, other, others, select(begin, end, lane == 1u));
    }
    workgroupBarrier();
    let count = end - begin;
    let taken = ends[1] - ends[0];
    let one_at = one + ends[0];
    let other_at = other + begin - ends[0] - taken;
    for (var k = lane; k < count; k += 256u) {
        tile[k] = runs[k + select(other_at, one_at, k < taken)].x;
    }
    workgroupBarrier();
    let own = lane * 8u;
    var choice0 = 0u;
    var choice1 = 0u;
    var choice2 = 0u;
    var choice3 = 0u;
    var choice4 = 0u;
    var choice5 = 0u;
    var choice6 = 0u;
    var choice7 = 0u;
    if (own < count) {
        var a = bisect_tile(0u, taken, taken, count - taken, own);
        var b = taken + own - a;
        if (b >= count || (a < taken && tile[a] <= tile[b])) {
            choice0 = a;
            a++;
        } else {
            choice0 = b;
            b++;
        }
        if (b >= count || (a < taken && tile[a] <= tile[b])) {
            choice1 = a;
            a++;
        } else {
            choice1 = b;
            b++;
        }
        if (b >= count || (a < taken && tile[a] <= tile[b])) {
            choice2 = a;
            a++;
        } else {
            choice2 = b;
            b++;
        }
        if (b >= count || (a < taken && tile[a] <= tile[b])) {
            choice3 = a;
            a++;
        } else {
            choice3 = b;
            b++;
        }
        if (b >= count || (a < taken && tile[a] <= tile[b])) {
            choice4 = a;
            a++;
        } else {
            choice4 = b;
            b++;
        }
        if (b >= count || (a < taken && tile[a] <= tile[b])) {
            choice5 = a;
            a++;
        } else {
            choice5 = b;
            b++;
        }
        if (b >= count || (a < taken && tile[a] <= tile[b])) {
            choice6 = a;
            a++;
        } else {
            choice6 = b;
            b++;
        }
        if (b >= count || (a < taken && tile[a] <= tile[b])) {
            choice7 = a;
            a++;
        } else {
            choice7 = b;
            b++;
        }
    }
    workgroupBarrier();
    tile[own + 0u] = choice0;
    tile[own + 1u] = choice1;
    tile[own + 2u] = choice2;
    tile[own + 3u] = choice3;
    tile[own + 4u] = choice4;
    tile[own + 5u] = choice5;
    tile[own + 6u] = choice6;
    tile[own + 7u] = choice7;
    workgroupBarrier();
    for (var k = lane; k < count; k += 256u) {
        let source = tile[k];
        let entry = runs[source + select(other_at, one_at, source < taken)];
        finish(row, first + k, entry.y);
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
