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
        let address3 = x0 + source * p[1].z;
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
    let row2 = x0;
    let column3 = x0;
    let begin = row2 * p[0].w;
    let stretch = vec2(first_at(begin, rest1), first_at(begin, rest1 + 1u));
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
            let address4 = x0 + source * p[2].x;
            let v5 = a0[address4];
            acc0 = (acc0 + v5);
            k += 1u;
        }
    }
    a1[i] = acc0;
}
