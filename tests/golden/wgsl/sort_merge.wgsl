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
    return ~sort_key_f32(v1);
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
