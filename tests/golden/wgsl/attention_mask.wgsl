@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read> a2: array<f32>;
@group(0) @binding(3) var<storage, read> a3: array<f32>;
@group(0) @binding(4) var<storage, read_write> a4: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 6>;
var<workgroup> tile: array<vec4<f32>, 416>;
var<workgroup> weights: array<vec4<f32>, 576>;

var<private> infinity_bits: u32 = 0x7f800000u;
fn infinity() -> f32 {
    return bitcast<f32>(infinity_bits);
}
var<private> nan_bits: u32 = 0x7fc00000u;
fn nan() -> f32 {
    return bitcast<f32>(nan_bits);
}
fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}
fn is_infinite(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) == 0x7f800000u;
}
fn exp_f32(a: f32) -> f32 {
    return select(exp(a), a, is_nan(a));
}
fn log_f32(a: f32) -> f32 {
    if (a < 0.0) {
        return nan();
    }
    if (a == 0.0) {
        return -infinity();
    }
    return select(log(a), a, is_infinite(a) || is_nan(a));
}
fn load_query(row: u32, column: u32) -> f32 {
    let i0 = min(row, p[0].x - 1u);
    let i1 = min(column, p[0].y - 1u);
    let address2 = i0 * p[0].z + i1;
    let v3 = a0[address2];
    return select(0.0, v3, (row < p[0].x) & (column < p[0].y));
}
fn load_key(row: u32, column: u32) -> f32 {
    let i4 = min(row, p[0].w - 1u);
    let i5 = min(column, p[1].x - 1u);
    let address6 = i4 * p[1].y + i5;
    let v7 = a1[address6];
    return select(0.0, v7, (row < p[0].w) & (column < p[1].x));
}
fn load_value(row: u32, column: u32) -> f32 {
    let i8 = min(row, p[1].z - 1u);
    let i9 = min(column, p[1].w - 1u);
    let address10 = i8 * p[2].x + i9;
    let v11 = a2[address10];
    return select(0.0, v11, (row < p[1].z) & (column < p[1].w));
}
fn load_bias(row: u32, column: u32) -> f32 {
    let i12 = min(row, p[2].y - 1u);
    let i13 = min(column, p[2].z - 1u);
    let address14 = i12 * p[2].w + i13;
    let v15 = a3[address14];
    return select(0.0, v15, (row < p[2].y) & (column < p[2].z));
}
fn exponentials(x: vec4<f32>) -> vec4<f32> {
    return vec4(exp_f32(x.x), exp_f32(x.y), exp_f32(x.z), exp_f32(x.w));
}
@compute @workgroup_size(128)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let matrix = group / p[3].x;
    let first_row = group % p[3].x * 32u;
    let row = lane / 16u;
    let column = lane % 16u;
    let at = first_row + row * 4u;
    let step = lane % 16u;
    let quad = lane / 16u;
    let rows = vec4(at, at + 1u, at + 2u, at + 3u);
    let scale = bitcast<f32>(p[3].y);
    let lowest = vec4(-infinity());
    var sum0_0 = vec4<f32>();
    var sum0_1 = vec4<f32>();
    var sum1_0 = vec4<f32>();
    var sum1_1 = vec4<f32>();
    var sum2_0 = vec4<f32>();
    var sum2_1 = vec4<f32>();
    var sum3_0 = vec4<f32>();
    var sum3_1 = vec4<f32>();
    var greatest = lowest;
    var total = vec4<f32>();
    let end = p[3].z;
    for (var first = 0u; first < end; first += 64u) {
        let at0 = first + column;
        let at1 = first + column + 16u;
        let at2 = first + column + 32u;
        let at3 = first + column + 48u;
        var score0 = vec4<f32>();
        var score1 = vec4<f32>();
        var score2 = vec4<f32>();
        var score3 = vec4<f32>();
        for (var depth = 0u; depth < p[3].w; depth += 16u) {
            let row16 = first_row + quad * 4u;
            tile[step * 9u + quad] = vec4(load_query(row16, depth + step), load_query(row16 + 1u, depth + step), load_query(row16 + 2u, depth + step), load_query(row16 + 3u, depth + step));
            let row17 = first + quad;
            tile[step * 17u + quad + 144u] = vec4(load_key(row17, depth + step), load_key(row17 + 16u, depth + step), load_key(row17 + 32u, depth + step), load_key(row17 + 48u, depth + step));
            let row18 = first + quad + 8u;
            tile[step * 17u + quad + 8u + 144u] = vec4(load_key(row18, depth + step), load_key(row18 + 16u, depth + step), load_key(row18 + 32u, depth + step), load_key(row18 + 48u, depth + step));
            workgroupBarrier();
            let l0 = tile[row];
            let r0 = tile[column + 144u];
            score0 = fma(l0, vec4(r0.x), score0);
            score1 = fma(l0, vec4(r0.y), score1);
            score2 = fma(l0, vec4(r0.z), score2);
            score3 = fma(l0, vec4(r0.w), score3);
            let l1 = tile[row + 9u];
            let r1 = tile[column + 161u];
            score0 = fma(l1, vec4(r1.x), score0);
            score1 = fma(l1, vec4(r1.y), score1);
            score2 = fma(l1, vec4(r1.z), score2);
            score3 = fma(l1, vec4(r1.w), score3);
            let l2 = tile[row + 18u];
            let r2 = tile[column + 178u];
            score0 = fma(l2, vec4(r2.x), score0);
            score1 = fma(l2, vec4(r2.y), score1);
            score2 = fma(l2, vec4(r2.z), score2);
            score3 = fma(l2, vec4(r2.w), score3);
            let l3 = tile[row + 27u];
            let r3 = tile[column + 195u];
            score0 = fma(l3, vec4(r3.x), score0);
            score1 = fma(l3, vec4(r3.y), score1);
            score2 = fma(l3, vec4(r3.z), score2);
            score3 = fma(l3, vec4(r3.w), score3);
            let l4 = tile[row + 36u];
            let r4 = tile[column + 212u];
            score0 = fma(l4, vec4(r4.x), score0);
            score1 = fma(l4, vec4(r4.y), score1);
            score2 = fma(l4, vec4(r4.z), score2);
            score3 = fma(l4, vec4(r4.w), score3);
            let l5 = tile[row + 45u];
            let r5 = tile[column + 229u];
            score0 = fma(l5, vec4(r5.x), score0);
            score1 = fma(l5, vec4(r5.y), score1);
            score2 = fma(l5, vec4(r5.z), score2);
            score3 = fma(l5, vec4(r5.w), score3);
            let l6 = tile[row + 54u];
            let r6 = tile[column + 246u];
            score0 = fma(l6, vec4(r6.x), score0);
            score1 = fma(l6, vec4(r6.y), score1);
            score2 = fma(l6, vec4(r6.z), score2);
            score3 = fma(l6, vec4(r6.w), score3);
            let l7 = tile[row + 63u];
            let r7 = tile[column + 263u];
            score0 = fma(l7, vec4(r7.x), score0);
            score1 = fma(l7, vec4(r7.y), score1);
            score2 = fma(l7, vec4(r7.z), score2);
            score3 = fma(l7, vec4(r7.w), score3);
            let l8 = tile[row + 72u];
            let r8 = tile[column + 280u];
            score0 = fma(l8, vec4(r8.x), score0);
            score1 = fma(l8, vec4(r8.y), score1);
            score2 = fma(l8, vec4(r8.z), score2);
            score3 = fma(l8, vec4(r8.w), score3);
            let l9 = tile[row + 81u];
            let r9 = tile[column + 297u];
            score0 = fma(l9, vec4(r9.x), score0);
            score1 = fma(l9, vec4(r9.y), score1);
            score2 = fma(l9, vec4(r9.z), score2);
            score3 = fma(l9, vec4(r9.w), score3);
            let l10 = tile[row + 90u];
            let r10 = tile[column + 314u];
            score0 = fma(l10, vec4(r10.x), score0);
            score1 = fma(l10, vec4(r10.y), score1);
            score2 = fma(l10, vec4(r10.z), score2);
            score3 = fma(l10, vec4(r10.w), score3);
            let l11 = tile[row + 99u];
            let r11 = tile[column + 331u];
            score0 = fma(l11, vec4(r11.x), score0);
            score1 = fma(l11, vec4(r11.y), score1);
            score2 = fma(l11, vec4(r11.z), score2);
            score3 = fma(l11, vec4(r11.w), score3);
            let l12 = tile[row + 108u];
            let r12 = tile[column + 348u];
            score0 = fma(l12, vec4(r12.x), score0);
            score1 = fma(l12, vec4(r12.y), score1);
            score2 = fma(l12, vec4(r12.z), score2);
            score3 = fma(l12, vec4(r12.w), score3);
            let l13 = tile[row + 117u];
            let r13 = tile[column + 365u];
            score0 = fma(l13, vec4(r13.x), score0);
            score1 = fma(l13, vec4(r13.y), score1);
            score2 = fma(l13, vec4(r13.z), score2);
            score3 = fma(l13, vec4(r13.w), score3);
            let l14 = tile[row + 126u];
            let r14 = tile[column + 382u];
            score0 = fma(l14, vec4(r14.x), score0);
            score1 = fma(l14, vec4(r14.y), score1);
            score2 = fma(l14, vec4(r14.z), score2);
            score3 = fma(l14, vec4(r14.w), score3);
            let l15 = tile[row + 135u];
            let r15 = tile[column + 399u];
            score0 = fma(l15, vec4(r15.x), score0);
            score1 = fma(l15, vec4(r15.y), score1);
            score2 = fma(l15, vec4(r15.z), score2);
            score3 = fma(l15, vec4(r15.w), score3);
            workgroupBarrier();
        }
        score0 *= scale;
        score0 += vec4(load_bias(at, at0), load_bias(at + 1u, at0), load_bias(at + 2u, at0), load_bias(at + 3u, at0));
        score0 = select(score0, lowest, vec4(at0 >= p[4].x));
        score1 *= scale;
        score1 += vec4(load_bias(at, at1), load_bias(at + 1u, at1), load_bias(at + 2u, at1), load_bias(at + 3u, at1));
        score1 = select(score1, lowest, vec4(at1 >= p[4].x));
        score2 *= scale;
        score2 += vec4(load_bias(at, at2), load_bias(at + 1u, at2), load_bias(at + 2u, at2), load_bias(at + 3u, at2));
        score2 = select(score2, lowest, vec4(at2 >= p[4].x));
        score3 *= scale;
        score3 += vec4(load_bias(at, at3), load_bias(at + 1u, at3), load_bias(at + 2u, at3), load_bias(at + 3u, at3));
        score3 = select(score3, lowest, vec4(at3 >= p[4].x));
        var best = greatest;
        best = select(best, score0, score0 > best);
        best = select(best, score1, score1 > best);
        best = select(best, score2, score2 > best);
        best = select(best, score3, score3 > best);
        tile[lane] = best;
        workgroupBarrier();
        for (var n = 0u; n < 16u; n++) {
            let other = tile[row * 16u + n];
            best = select(best, other, other > best);
        }
        workgroupBarrier();
        let reference = select(best, vec4<f32>(), best == lowest);
        let kept = exponentials(greatest - reference);
        greatest = best;
        score0 = exponentials(score0 - reference);
        score1 = exponentials(score1 - reference);
        score2 = exponentials(score2 - reference);
        score3 = exponentials(score3 - reference);
        total = fma(total, kept, (score0 + score1) + (score2 + score3));
        weights[column * 9u + row] = score0;
        weights[column * 9u + row + 144u] = score1;
        weights[column * 9u + row + 288u] = score2;
        weights[column * 9u + row + 432u] = score3;
        sum0_0 *= kept[0];
        sum0_1 *= kept[0];
        sum1_0 *= kept[1];
        sum1_1 *= kept[1];
        sum2_0 *= kept[2];
        sum2_1 *= kept[2];
        sum3_0 *= kept[3];
        sum3_1 *= kept[3];
        for (var start = 0u; start < min(64u, end - first); start += 8u) {
            let item19 = lane;
            let row20 = first + start + item19 / 32u;
            let place21 = item19 % 32u;
            tile[item19] = vec4(load_value(row20, place21), load_value(row20, place21 + 32u), load_value(row20, place21 + 64u), load_value(row20, place21 + 96u));
            let item22 = lane + 128u;
            let row23 = first + start + item22 / 32u;
            let place24 = item22 % 32u;
            tile[item22] = vec4(load_value(row23, place24), load_value(row23, place24 + 32u), load_value(row23, place24 + 64u), load_value(row23, place24 + 96u));
            workgroupBarrier();
            let first_weights = start * 9u + row;
            let w0 = weights[first_weights];
            let v0_0 = tile[column];
            let v0_1 = tile[column + 16u];
            sum0_0 = fma(vec4(w0.x), v0_0, sum0_0);
            sum0_1 = fma(vec4(w0.x), v0_1, sum0_1);
            sum1_0 = fma(vec4(w0.y), v0_0, sum1_0);
            sum1_1 = fma(vec4(w0.y), v0_1, sum1_1);
            sum2_0 = fma(vec4(w0.z), v0_0, sum2_0);
            sum2_1 = fma(vec4(w0.z), v0_1, sum2_1);
            sum3_0 = fma(vec4(w0.w), v0_0, sum3_0);
            sum3_1 = fma(vec4(w0.w), v0_1, sum3_1);
            let w1 = weights[first_weights + 9u];
            let v1_0 = tile[column + 32u];
            let v1_1 = tile[column + 48u];
            sum0_0 = fma(vec4(w1.x), v1_0, sum0_0);
            sum0_1 = fma(vec4(w1.x), v1_1, sum0_1);
            sum1_0 = fma(vec4(w1.y), v1_0, sum1_0);
            sum1_1 = fma(vec4(w1.y), v1_1, sum1_1);
            sum2_0 = fma(vec4(w1.z), v1_0, sum2_0);
            sum2_1 = fma(vec4(w1.z), v1_1, sum2_1);
            sum3_0 = fma(vec4(w1.w), v1_0, sum3_0);
            sum3_1 = fma(vec4(w1.w), v1_1, sum3_1);
            let w2 = weights[first_weights + 18u];
            let v2_0 = tile[column + 64u];
            let v2_1 = tile[column + 80u];
            sum0_0 = fma(vec4(w2.x), v2_0, sum0_0);
            sum0_1 = fma(vec4(w2.x), v2_1, sum0_1);
            sum1_0 = fma(vec4(w2.y), v2_0, sum1_0);
            sum1_1 = fma(vec4(w2.y), v2_1, sum1_1);
            sum2_0 = fma(vec4(w2.z), v2_0, sum2_0);
            sum2_1 = fma(vec4(w2.z), v2_1, sum2_1);
            sum3_0 = fma(vec4(w2.w), v2_0, sum3_0);
            sum3_1 = fma(vec4(w2.w), v2_1, sum3_1);
            let w3 = weights[first_weights + 27u];
            let v3_0 = tile[column + 96u];
            let v3_1 = tile[column + 112u];
            sum0_0 = fma(vec4(w3.x), v3_0, sum0_0);
            sum0_1 = fma(vec4(w3.x), v3_1, sum0_1);
            sum1_0 = fma(vec4(w3.y), v3_0, sum1_0);
            sum1_1 = fma(vec4(w3.y), v3_1, sum1_1);
            sum2_0 = fma(vec4(w3.z), v3_0, sum2_0);
            sum2_1 = fma(vec4(w3.z), v3_1, sum2_1);
            sum3_0 = fma(vec4(w3.w), v3_0, sum3_0);
            sum3_1 = fma(vec4(w3.w), v3_1, sum3_1);
            let w4 = weights[first_weights + 36u];
            let v4_0 = tile[column + 128u];
            let v4_1 = tile[column + 144u];
            sum0_0 = fma(vec4(w4.x), v4_0, sum0_0);
            sum0_1 = fma(vec4(w4.x), v4_1, sum0_1);
            sum1_0 = fma(vec4(w4.y), v4_0, sum1_0);
            sum1_1 = fma(vec4(w4.y), v4_1, sum1_1);
            sum2_0 = fma(vec4(w4.z), v4_0, sum2_0);
            sum2_1 = fma(vec4(w4.z), v4_1, sum2_1);
            sum3_0 = fma(vec4(w4.w), v4_0, sum3_0);
            sum3_1 = fma(vec4(w4.w), v4_1, sum3_1);
            let w5 = weights[first_weights + 45u];
            let v5_0 = tile[column + 160u];
            let v5_1 = tile[column + 176u];
            sum0_0 = fma(vec4(w5.x), v5_0, sum0_0);
            sum0_1 = fma(vec4(w5.x), v5_1, sum0_1);
            sum1_0 = fma(vec4(w5.y), v5_0, sum1_0);
            sum1_1 = fma(vec4(w5.y), v5_1, sum1_1);
            sum2_0 = fma(vec4(w5.z), v5_0, sum2_0);
            sum2_1 = fma(vec4(w5.z), v5_1, sum2_1);
            sum3_0 = fma(vec4(w5.w), v5_0, sum3_0);
            sum3_1 = fma(vec4(w5.w), v5_1, sum3_1);
            let w6 = weights[first_weights + 54u];
            let v6_0 = tile[column + 192u];
            let v6_1 = tile[column + 208u];
            sum0_0 = fma(vec4(w6.x), v6_0, sum0_0);
            sum0_1 = fma(vec4(w6.x), v6_1, sum0_1);
            sum1_0 = fma(vec4(w6.y), v6_0, sum1_0);
            sum1_1 = fma(vec4(w6.y), v6_1, sum1_1);
            sum2_0 = fma(vec4(w6.z), v6_0, sum2_0);
            sum2_1 = fma(vec4(w6.z), v6_1, sum2_1);
            sum3_0 = fma(vec4(w6.w), v6_0, sum3_0);
            sum3_1 = fma(vec4(w6.w), v6_1, sum3_1);
            let w7 = weights[first_weights + 63u];
            let v7_0 = tile[column + 224u];
            let v7_1 = tile[column + 240u];
            sum0_0 = fma(vec4(w7.x), v7_0, sum0_0);
            sum0_1 = fma(vec4(w7.x), v7_1, sum0_1);
            sum1_0 = fma(vec4(w7.y), v7_0, sum1_0);
            sum1_1 = fma(vec4(w7.y), v7_1, sum1_1);
            sum2_0 = fma(vec4(w7.z), v7_0, sum2_0);
            sum2_1 = fma(vec4(w7.z), v7_1, sum2_1);
            sum3_0 = fma(vec4(w7.w), v7_0, sum3_0);
            sum3_1 = fma(vec4(w7.w), v7_1, sum3_1);
            workgroupBarrier();
        }
    }
    var all = vec4<f32>();
    tile[lane] = total;
    workgroupBarrier();
    for (var n = 0u; n < 16u; n++) {
        let other = tile[row * 16u + n];
        all += other;
    }
    workgroupBarrier();
    let inverse = select(1.0 / all, vec4<f32>(), all == vec4<f32>());
    let start25 = 0u + (matrix / 1u * p[4].y * 1u + matrix % 1u) * p[4].z;
    if (at < p[4].y) {
        let line = start25 + (at) * 1u * p[4].z;
        a4[line + column] = sum0_0.x * inverse.x;
        a4[line + column + 32u] = sum0_0.y * inverse.x;
        a4[line + column + 64u] = sum0_0.z * inverse.x;
        if (column + 96u < p[4].z) {
            a4[line + column + 96u] = sum0_0.w * inverse.x;
        }
        a4[line + column + 16u] = sum0_1.x * inverse.x;
        a4[line + column + 48u] = sum0_1.y * inverse.x;
        a4[line + column + 80u] = sum0_1.z * inverse.x;
    }
    if (at + 1u < p[4].y) {
        let line = start25 + (at + 1u) * 1u * p[4].z;
        a4[line + column] = sum1_0.x * inverse.y;
        a4[line + column + 32u] = sum1_0.y * inverse.y;
        a4[line + column + 64u] = sum1_0.z * inverse.y;
        if (column + 96u < p[4].z) {
            a4[line + column + 96u] = sum1_0.w * inverse.y;
        }
        a4[line + column + 16u] = sum1_1.x * inverse.y;
        a4[line + column + 48u] = sum1_1.y * inverse.y;
        a4[line + column + 80u] = sum1_1.z * inverse.y;
    }
    if (at + 2u < p[4].y) {
        let line = start25 + (at + 2u) * 1u * p[4].z;
        a4[line + column] = sum2_0.x * inverse.z;
        a4[line + column + 32u] = sum2_0.y * inverse.z;
        a4[line + column + 64u] = sum2_0.z * inverse.z;
        if (column + 96u < p[4].z) {
            a4[line + column + 96u] = sum2_0.w * inverse.z;
        }
        a4[line + column + 16u] = sum2_1.x * inverse.z;
        a4[line + column + 48u] = sum2_1.y * inverse.z;
        a4[line + column + 80u] = sum2_1.z * inverse.z;
    }
    if (at + 3u < p[4].y) {
        let line = start25 + (at + 3u) * 1u * p[4].z;
        a4[line + column] = sum3_0.x * inverse.w;
        a4[line + column + 32u] = sum3_0.y * inverse.w;
        a4[line + column + 64u] = sum3_0.z * inverse.w;
        if (column + 96u < p[4].z) {
            a4[line + column + 96u] = sum3_0.w * inverse.w;
        }
        a4[line + column + 16u] = sum3_1.x * inverse.w;
        a4[line + column + 48u] = sum3_1.y * inverse.w;
        a4[line + column + 80u] = sum3_1.z * inverse.w;
    }
    if (column == 0u) {
        let line = p[4].w + matrix * p[5].x + at;
        if (at < p[5].x) {
            a4[line] = select(greatest[0] + log_f32(all[0]), 0.0, all[0] == 0.0);
        }
        if (at + 1u < p[5].x) {
            a4[line + 1u] = select(greatest[1] + log_f32(all[1]), 0.0, all[1] == 0.0);
        }
        if (at + 2u < p[5].x) {
            a4[line + 2u] = select(greatest[2] + log_f32(all[2]), 0.0, all[2] == 0.0);
        }
        if (at + 3u < p[5].x) {
            a4[line + 3u] = select(greatest[3] + log_f32(all[3]), 0.0, all[3] == 0.0);
        }
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;
var<workgroup> tile0: array<f32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let part = lane % 16u;
    let wanted = group * 16u + lane / 16u;
    let i = min(wanted, p[0].x - 1u);
    var acc0: f32 = 0.0;
    for (var r = part; r < p[0].y; r += 16u) {
        let address0 = i * p[0].z + r;
        let v1 = a0[address0];
        let v2 = (v1 * v1);
        acc0 = (acc0 + v2);
    }
    for (var step = 8u; step > 0u; step = step / 2u) {
        tile0[lane] = acc0;
        workgroupBarrier();
        if (part < step) {
            acc0 = (acc0 + tile0[lane + step]);
        }
        workgroupBarrier();
    }
    if (part == 0u && wanted == i) {
        let g3 = i + p[1].x;
        let address4 = i + p[0].w;
        let ok5 = g3 < p[1].y;
        var v6 = 0.0;
        if (ok5) {
            v6 = a0[address4];
        }
        let v7 = (acc0 - v6);
        a1[i] = v7;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read> a2: array<f32>;
@group(0) @binding(3) var<storage, read> a3: array<f32>;
@group(0) @binding(4) var<storage, read> a4: array<f32>;
@group(0) @binding(5) var<storage, read> a5: array<f32>;
@group(0) @binding(6) var<storage, read_write> a6: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 7>;
var<workgroup> tile: array<vec4<f32>, 416>;
var<workgroup> weights: array<vec4<f32>, 576>;

var<private> infinity_bits: u32 = 0x7f800000u;
fn infinity() -> f32 {
    return bitcast<f32>(infinity_bits);
}
fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}
fn exp_f32(a: f32) -> f32 {
    return select(exp(a), a, is_nan(a));
}
fn load_query(row: u32, column: u32) -> f32 {
    let i0 = min(row, p[0].x - 1u);
    let i1 = min(column, p[0].y - 1u);
    let address2 = i0 * p[0].z + i1;
    let v3 = a0[address2];
    return select(0.0, v3, (row < p[0].x) & (column < p[0].y));
}
fn load_key(row: u32, column: u32) -> f32 {
    let i4 = min(row, p[0].w - 1u);
    let i5 = min(column, p[1].x - 1u);
    let address6 = i4 * p[1].y + i5;
    let v7 = a1[address6];
    return select(0.0, v7, (row < p[0].w) & (column < p[1].x));
}
fn load_value(row: u32, column: u32) -> f32 {
    let i8 = min(row, p[1].z - 1u);
    let i9 = min(column, p[1].w - 1u);
    let address10 = i8 * p[2].x + i9;
    let v11 = a2[address10];
    return select(0.0, v11, (row < p[1].z) & (column < p[1].w));
}
fn load_bias(row: u32, column: u32) -> f32 {
    let i12 = min(row, p[2].y - 1u);
    let i13 = min(column, p[2].z - 1u);
    let address14 = i12 * p[2].w + i13;
    let v15 = a3[address14];
    return select(0.0, v15, (row < p[2].y) & (column < p[2].z));
}
fn load_logarithm(row: u32) -> f32 {
    let i16 = min(row, p[3].x - 1u);
    let address17 = i16 + p[3].y;
    let v18 = a4[address17];
    return select(0.0, v18, (row < p[3].x));
}
fn load_slope(row: u32) -> f32 {
    let i19 = min(row, p[3].z - 1u);
    let v20 = a5[i19];
    return select(0.0, v20, (row < p[3].z));
}
fn load_above(row: u32, column: u32) -> f32 {
    let i21 = min(row, p[3].w - 1u);
    let i22 = min(column, p[4].x - 1u);
    let address23 = i21 * p[4].y + i22;
    let v24 = a4[address23];
    return select(0.0, v24, (row < p[3].w) & (column < p[4].x));
}
fn exponentials(x: vec4<f32>) -> vec4<f32> {
    return vec4(exp_f32(x.x), exp_f32(x.y), exp_f32(x.z), exp_f32(x.w));
}
@compute @workgroup_size(128)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let matrix = group / p[4].z;
    let first_row = group % p[4].z * 32u;
    let row = lane / 16u;
    let column = lane % 16u;
    let at = first_row + row * 4u;
    let step = lane % 16u;
    let quad = lane / 16u;
    let rows = vec4(at, at + 1u, at + 2u, at + 3u);
    let scale = bitcast<f32>(p[4].w);
    let lowest = vec4(-infinity());
    var sum0_0 = vec4<f32>();
    var sum0_1 = vec4<f32>();
    var sum1_0 = vec4<f32>();
    var sum1_1 = vec4<f32>();
    var sum2_0 = vec4<f32>();
    var sum2_1 = vec4<f32>();
    var sum3_0 = vec4<f32>();
    var sum3_1 = vec4<f32>();
    let logarithms = vec4(load_logarithm(at), load_logarithm(at + 1u), load_logarithm(at + 2u), load_logarithm(at + 3u));
    let slopes = vec4(load_slope(at), load_slope(at + 1u), load_slope(at + 2u), load_slope(at + 3u));
    let end = p[5].x;
    for (var first = 0u; first < end; first += 64u) {
        let at0 = first + column;
        let at1 = first + column + 16u;
        let at2 = first + column + 32u;
        let at3 = first + column + 48u;
        var score0 = vec4<f32>();
        var score1 = vec4<f32>();
        var score2 = vec4<f32>();
        var score3 = vec4<f32>();
        for (var depth = 0u; depth < p[5].y; depth += 16u) {
            let row25 = first_row + quad * 4u;
            tile[step * 9u + quad] = vec4(load_query(row25, depth + step), load_query(row25 + 1u, depth + step), load_query(row25 + 2u, depth + step), load_query(row25 + 3u, depth + step));
            let row26 = first + quad;
            tile[step * 17u + quad + 144u] = vec4(load_key(row26, depth + step), load_key(row26 + 16u, depth + step), load_key(row26 + 32u, depth + step), load_key(row26 + 48u, depth + step));
            let row27 = first + quad + 8u;
            tile[step * 17u + quad + 8u + 144u] = vec4(load_key(row27, depth + step), load_key(row27 + 16u, depth + step), load_key(row27 + 32u, depth + step), load_key(row27 + 48u, depth + step));
            workgroupBarrier();
            let l0 = tile[row];
            let r0 = tile[column + 144u];
            score0 = fma(l0, vec4(r0.x), score0);
            score1 = fma(l0, vec4(r0.y), score1);
            score2 = fma(l0, vec4(r0.z), score2);
            score3 = fma(l0, vec4(r0.w), score3);
            let l1 = tile[row + 9u];
            let r1 = tile[column + 161u];
            score0 = fma(l1, vec4(r1.x), score0);
            score1 = fma(l1, vec4(r1.y), score1);
            score2 = fma(l1, vec4(r1.z), score2);
            score3 = fma(l1, vec4(r1.w), score3);
            let l2 = tile[row + 18u];
            let r2 = tile[column + 178u];
            score0 = fma(l2, vec4(r2.x), score0);
            score1 = fma(l2, vec4(r2.y), score1);
            score2 = fma(l2, vec4(r2.z), score2);
            score3 = fma(l2, vec4(r2.w), score3);
            let l3 = tile[row + 27u];
            let r3 = tile[column + 195u];
            score0 = fma(l3, vec4(r3.x), score0);
            score1 = fma(l3, vec4(r3.y), score1);
            score2 = fma(l3, vec4(r3.z), score2);
            score3 = fma(l3, vec4(r3.w), score3);
            let l4 = tile[row + 36u];
            let r4 = tile[column + 212u];
            score0 = fma(l4, vec4(r4.x), score0);
            score1 = fma(l4, vec4(r4.y), score1);
            score2 = fma(l4, vec4(r4.z), score2);
            score3 = fma(l4, vec4(r4.w), score3);
            let l5 = tile[row + 45u];
            let r5 = tile[column + 229u];
            score0 = fma(l5, vec4(r5.x), score0);
            score1 = fma(l5, vec4(r5.y), score1);
            score2 = fma(l5, vec4(r5.z), score2);
            score3 = fma(l5, vec4(r5.w), score3);
            let l6 = tile[row + 54u];
            let r6 = tile[column + 246u];
            score0 = fma(l6, vec4(r6.x), score0);
            score1 = fma(l6, vec4(r6.y), score1);
            score2 = fma(l6, vec4(r6.z), score2);
            score3 = fma(l6, vec4(r6.w), score3);
            let l7 = tile[row + 63u];
            let r7 = tile[column + 263u];
            score0 = fma(l7, vec4(r7.x), score0);
            score1 = fma(l7, vec4(r7.y), score1);
            score2 = fma(l7, vec4(r7.z), score2);
            score3 = fma(l7, vec4(r7.w), score3);
            let l8 = tile[row + 72u];
            let r8 = tile[column + 280u];
            score0 = fma(l8, vec4(r8.x), score0);
            score1 = fma(l8, vec4(r8.y), score1);
            score2 = fma(l8, vec4(r8.z), score2);
            score3 = fma(l8, vec4(r8.w), score3);
            let l9 = tile[row + 81u];
            let r9 = tile[column + 297u];
            score0 = fma(l9, vec4(r9.x), score0);
            score1 = fma(l9, vec4(r9.y), score1);
            score2 = fma(l9, vec4(r9.z), score2);
            score3 = fma(l9, vec4(r9.w), score3);
            let l10 = tile[row + 90u];
            let r10 = tile[column + 314u];
            score0 = fma(l10, vec4(r10.x), score0);
            score1 = fma(l10, vec4(r10.y), score1);
            score2 = fma(l10, vec4(r10.z), score2);
            score3 = fma(l10, vec4(r10.w), score3);
            let l11 = tile[row + 99u];
            let r11 = tile[column + 331u];
            score0 = fma(l11, vec4(r11.x), score0);
            score1 = fma(l11, vec4(r11.y), score1);
            score2 = fma(l11, vec4(r11.z), score2);
            score3 = fma(l11, vec4(r11.w), score3);
            let l12 = tile[row + 108u];
            let r12 = tile[column + 348u];
            score0 = fma(l12, vec4(r12.x), score0);
            score1 = fma(l12, vec4(r12.y), score1);
            score2 = fma(l12, vec4(r12.z), score2);
            score3 = fma(l12, vec4(r12.w), score3);
            let l13 = tile[row + 117u];
            let r13 = tile[column + 365u];
            score0 = fma(l13, vec4(r13.x), score0);
            score1 = fma(l13, vec4(r13.y), score1);
            score2 = fma(l13, vec4(r13.z), score2);
            score3 = fma(l13, vec4(r13.w), score3);
            let l14 = tile[row + 126u];
            let r14 = tile[column + 382u];
            score0 = fma(l14, vec4(r14.x), score0);
            score1 = fma(l14, vec4(r14.y), score1);
            score2 = fma(l14, vec4(r14.z), score2);
            score3 = fma(l14, vec4(r14.w), score3);
            let l15 = tile[row + 135u];
            let r15 = tile[column + 399u];
            score0 = fma(l15, vec4(r15.x), score0);
            score1 = fma(l15, vec4(r15.y), score1);
            score2 = fma(l15, vec4(r15.z), score2);
            score3 = fma(l15, vec4(r15.w), score3);
            workgroupBarrier();
        }
        var above0 = vec4<f32>();
        var above1 = vec4<f32>();
        var above2 = vec4<f32>();
        var above3 = vec4<f32>();
        for (var depth = 0u; depth < p[5].z; depth += 16u) {
            let row28 = first_row + quad * 4u;
            tile[step * 9u + quad] = vec4(load_above(row28, depth + step), load_above(row28 + 1u, depth + step), load_above(row28 + 2u, depth + step), load_above(row28 + 3u, depth + step));
            let row29 = first + quad;
            tile[step * 17u + quad + 144u] = vec4(load_value(row29, depth + step), load_value(row29 + 16u, depth + step), load_value(row29 + 32u, depth + step), load_value(row29 + 48u, depth + step));
            let row30 = first + quad + 8u;
            tile[step * 17u + quad + 8u + 144u] = vec4(load_value(row30, depth + step), load_value(row30 + 16u, depth + step), load_value(row30 + 32u, depth + step), load_value(row30 + 48u, depth + step));
            workgroupBarrier();
            let l0 = tile[row];
            let r0 = tile[column + 144u];
            above0 = fma(l0, vec4(r0.x), above0);
            above1 = fma(l0, vec4(r0.y), above1);
            above2 = fma(l0, vec4(r0.z), above2);
            above3 = fma(l0, vec4(r0.w), above3);
            let l1 = tile[row + 9u];
            let r1 = tile[column + 161u];
            above0 = fma(l1, vec4(r1.x), above0);
            above1 = fma(l1, vec4(r1.y), above1);
            above2 = fma(l1, vec4(r1.z), above2);
            above3 = fma(l1, vec4(r1.w), above3);
            let l2 = tile[row + 18u];
            let r2 = tile[column + 178u];
            above0 = fma(l2, vec4(r2.x), above0);
            above1 = fma(l2, vec4(r2.y), above1);
            above2 = fma(l2, vec4(r2.z), above2);
            above3 = fma(l2, vec4(r2.w), above3);
            let l3 = tile[row + 27u];
            let r3 = tile[column + 195u];
            above0 = fma(l3, vec4(r3.x), above0);
            above1 = fma(l3, vec4(r3.y), above1);
            above2 = fma(l3, vec4(r3.z), above2);
            above3 = fma(l3, vec4(r3.w), above3);
            let l4 = tile[row + 36u];
            let r4 = tile[column + 212u];
            above0 = fma(l4, vec4(r4.x), above0);
            above1 = fma(l4, vec4(r4.y), above1);
            above2 = fma(l4, vec4(r4.z), above2);
            above3 = fma(l4, vec4(r4.w), above3);
            let l5 = tile[row + 45u];
            let r5 = tile[column + 229u];
            above0 = fma(l5, vec4(r5.x), above0);
            above1 = fma(l5, vec4(r5.y), above1);
            above2 = fma(l5, vec4(r5.z), above2);
            above3 = fma(l5, vec4(r5.w), above3);
            let l6 = tile[row + 54u];
            let r6 = tile[column + 246u];
            above0 = fma(l6, vec4(r6.x), above0);
            above1 = fma(l6, vec4(r6.y), above1);
            above2 = fma(l6, vec4(r6.z), above2);
            above3 = fma(l6, vec4(r6.w), above3);
            let l7 = tile[row + 63u];
            let r7 = tile[column + 263u];
            above0 = fma(l7, vec4(r7.x), above0);
            above1 = fma(l7, vec4(r7.y), above1);
            above2 = fma(l7, vec4(r7.z), above2);
            above3 = fma(l7, vec4(r7.w), above3);
            let l8 = tile[row + 72u];
            let r8 = tile[column + 280u];
            above0 = fma(l8, vec4(r8.x), above0);
            above1 = fma(l8, vec4(r8.y), above1);
            above2 = fma(l8, vec4(r8.z), above2);
            above3 = fma(l8, vec4(r8.w), above3);
            let l9 = tile[row + 81u];
            let r9 = tile[column + 297u];
            above0 = fma(l9, vec4(r9.x), above0);
            above1 = fma(l9, vec4(r9.y), above1);
            above2 = fma(l9, vec4(r9.z), above2);
            above3 = fma(l9, vec4(r9.w), above3);
            let l10 = tile[row + 90u];
            let r10 = tile[column + 314u];
            above0 = fma(l10, vec4(r10.x), above0);
            above1 = fma(l10, vec4(r10.y), above1);
            above2 = fma(l10, vec4(r10.z), above2);
            above3 = fma(l10, vec4(r10.w), above3);
            let l11 = tile[row + 99u];
            let r11 = tile[column + 331u];
            above0 = fma(l11, vec4(r11.x), above0);
            above1 = fma(l11, vec4(r11.y), above1);
            above2 = fma(l11, vec4(r11.z), above2);
            above3 = fma(l11, vec4(r11.w), above3);
            let l12 = tile[row + 108u];
            let r12 = tile[column + 348u];
            above0 = fma(l12, vec4(r12.x), above0);
            above1 = fma(l12, vec4(r12.y), above1);
            above2 = fma(l12, vec4(r12.z), above2);
            above3 = fma(l12, vec4(r12.w), above3);
            let l13 = tile[row + 117u];
            let r13 = tile[column + 365u];
            above0 = fma(l13, vec4(r13.x), above0);
            above1 = fma(l13, vec4(r13.y), above1);
            above2 = fma(l13, vec4(r13.z), above2);
            above3 = fma(l13, vec4(r13.w), above3);
            let l14 = tile[row + 126u];
            let r14 = tile[column + 382u];
            above0 = fma(l14, vec4(r14.x), above0);
            above1 = fma(l14, vec4(r14.y), above1);
            above2 = fma(l14, vec4(r14.z), above2);
            above3 = fma(l14, vec4(r14.w), above3);
            let l15 = tile[row + 135u];
            let r15 = tile[column + 399u];
            above0 = fma(l15, vec4(r15.x), above0);
            above1 = fma(l15, vec4(r15.y), above1);
            above2 = fma(l15, vec4(r15.z), above2);
            above3 = fma(l15, vec4(r15.w), above3);
            workgroupBarrier();
        }
        score0 *= scale;
        score0 += vec4(load_bias(at, at0), load_bias(at + 1u, at0), load_bias(at + 2u, at0), load_bias(at + 3u, at0));
        score0 = select(score0, lowest, vec4(at0 >= p[5].w));
        score1 *= scale;
        score1 += vec4(load_bias(at, at1), load_bias(at + 1u, at1), load_bias(at + 2u, at1), load_bias(at + 3u, at1));
        score1 = select(score1, lowest, vec4(at1 >= p[5].w));
        score2 *= scale;
        score2 += vec4(load_bias(at, at2), load_bias(at + 1u, at2), load_bias(at + 2u, at2), load_bias(at + 3u, at2));
        score2 = select(score2, lowest, vec4(at2 >= p[5].w));
        score3 *= scale;
        score3 += vec4(load_bias(at, at3), load_bias(at + 1u, at3), load_bias(at + 2u, at3), load_bias(at + 3u, at3));
        score3 = select(score3, lowest, vec4(at3 >= p[5].w));
        above0 = exponentials(score0 - logarithms) * (above0 - slopes) * scale;
        above1 = exponentials(score1 - logarithms) * (above1 - slopes) * scale;
        above2 = exponentials(score2 - logarithms) * (above2 - slopes) * scale;
        above3 = exponentials(score3 - logarithms) * (above3 - slopes) * scale;
        weights[column * 9u + row] = above0;
        weights[column * 9u + row + 144u] = above1;
        weights[column * 9u + row + 288u] = above2;
        weights[column * 9u + row + 432u] = above3;
        for (var start = 0u; start < min(64u, end - first); start += 8u) {
            let item31 = lane;
            let row32 = first + start + item31 / 32u;
            let place33 = item31 % 32u;
            tile[item31] = vec4(load_key(row32, place33), load_key(row32, place33 + 32u), load_key(row32, place33 + 64u), load_key(row32, place33 + 96u));
            let item34 = lane + 128u;
            let row35 = first + start + item34 / 32u;
            let place36 = item34 % 32u;
            tile[item34] = vec4(load_key(row35, place36), load_key(row35, place36 + 32u), load_key(row35, place36 + 64u), load_key(row35, place36 + 96u));
            workgroupBarrier();
            let first_weights = start * 9u + row;
            let w0 = weights[first_weights];
            let v0_0 = tile[column];
            let v0_1 = tile[column + 16u];
            sum0_0 = fma(vec4(w0.x), v0_0, sum0_0);
            sum0_1 = fma(vec4(w0.x), v0_1, sum0_1);
            sum1_0 = fma(vec4(w0.y), v0_0, sum1_0);
            sum1_1 = fma(vec4(w0.y), v0_1, sum1_1);
            sum2_0 = fma(vec4(w0.z), v0_0, sum2_0);
            sum2_1 = fma(vec4(w0.z), v0_1, sum2_1);
            sum3_0 = fma(vec4(w0.w), v0_0, sum3_0);
            sum3_1 = fma(vec4(w0.w), v0_1, sum3_1);
            let w1 = weights[first_weights + 9u];
            let v1_0 = tile[column + 32u];
            let v1_1 = tile[column + 48u];
            sum0_0 = fma(vec4(w1.x), v1_0, sum0_0);
            sum0_1 = fma(vec4(w1.x), v1_1, sum0_1);
            sum1_0 = fma(vec4(w1.y), v1_0, sum1_0);
            sum1_1 = fma(vec4(w1.y), v1_1, sum1_1);
            sum2_0 = fma(vec4(w1.z), v1_0, sum2_0);
            sum2_1 = fma(vec4(w1.z), v1_1, sum2_1);
            sum3_0 = fma(vec4(w1.w), v1_0, sum3_0);
            sum3_1 = fma(vec4(w1.w), v1_1, sum3_1);
            let w2 = weights[first_weights + 18u];
            let v2_0 = tile[column + 64u];
            let v2_1 = tile[column + 80u];
            sum0_0 = fma(vec4(w2.x), v2_0, sum0_0);
            sum0_1 = fma(vec4(w2.x), v2_1, sum0_1);
            sum1_0 = fma(vec4(w2.y), v2_0, sum1_0);
            sum1_1 = fma(vec4(w2.y), v2_1, sum1_1);
            sum2_0 = fma(vec4(w2.z), v2_0, sum2_0);
            sum2_1 = fma(vec4(w2.z), v2_1, sum2_1);
            sum3_0 = fma(vec4(w2.w), v2_0, sum3_0);
            sum3_1 = fma(vec4(w2.w), v2_1, sum3_1);
            let w3 = weights[first_weights + 27u];
            let v3_0 = tile[column + 96u];
            let v3_1 = tile[column + 112u];
            sum0_0 = fma(vec4(w3.x), v3_0, sum0_0);
            sum0_1 = fma(vec4(w3.x), v3_1, sum0_1);
            sum1_0 = fma(vec4(w3.y), v3_0, sum1_0);
            sum1_1 = fma(vec4(w3.y), v3_1, sum1_1);
            sum2_0 = fma(vec4(w3.z), v3_0, sum2_0);
            sum2_1 = fma(vec4(w3.z), v3_1, sum2_1);
            sum3_0 = fma(vec4(w3.w), v3_0, sum3_0);
            sum3_1 = fma(vec4(w3.w), v3_1, sum3_1);
            let w4 = weights[first_weights + 36u];
            let v4_0 = tile[column + 128u];
            let v4_1 = tile[column + 144u];
            sum0_0 = fma(vec4(w4.x), v4_0, sum0_0);
            sum0_1 = fma(vec4(w4.x), v4_1, sum0_1);
            sum1_0 = fma(vec4(w4.y), v4_0, sum1_0);
            sum1_1 = fma(vec4(w4.y), v4_1, sum1_1);
            sum2_0 = fma(vec4(w4.z), v4_0, sum2_0);
            sum2_1 = fma(vec4(w4.z), v4_1, sum2_1);
            sum3_0 = fma(vec4(w4.w), v4_0, sum3_0);
            sum3_1 = fma(vec4(w4.w), v4_1, sum3_1);
            let w5 = weights[first_weights + 45u];
            let v5_0 = tile[column + 160u];
            let v5_1 = tile[column + 176u];
            sum0_0 = fma(vec4(w5.x), v5_0, sum0_0);
            sum0_1 = fma(vec4(w5.x), v5_1, sum0_1);
            sum1_0 = fma(vec4(w5.y), v5_0, sum1_0);
            sum1_1 = fma(vec4(w5.y), v5_1, sum1_1);
            sum2_0 = fma(vec4(w5.z), v5_0, sum2_0);
            sum2_1 = fma(vec4(w5.z), v5_1, sum2_1);
            sum3_0 = fma(vec4(w5.w), v5_0, sum3_0);
            sum3_1 = fma(vec4(w5.w), v5_1, sum3_1);
            let w6 = weights[first_weights + 54u];
            let v6_0 = tile[column + 192u];
            let v6_1 = tile[column + 208u];
            sum0_0 = fma(vec4(w6.x), v6_0, sum0_0);
            sum0_1 = fma(vec4(w6.x), v6_1, sum0_1);
            sum1_0 = fma(vec4(w6.y), v6_0, sum1_0);
            sum1_1 = fma(vec4(w6.y), v6_1, sum1_1);
            sum2_0 = fma(vec4(w6.z), v6_0, sum2_0);
            sum2_1 = fma(vec4(w6.z), v6_1, sum2_1);
            sum3_0 = fma(vec4(w6.w), v6_0, sum3_0);
            sum3_1 = fma(vec4(w6.w), v6_1, sum3_1);
            let w7 = weights[first_weights + 63u];
            let v7_0 = tile[column + 224u];
            let v7_1 = tile[column + 240u];
            sum0_0 = fma(vec4(w7.x), v7_0, sum0_0);
            sum0_1 = fma(vec4(w7.x), v7_1, sum0_1);
            sum1_0 = fma(vec4(w7.y), v7_0, sum1_0);
            sum1_1 = fma(vec4(w7.y), v7_1, sum1_1);
            sum2_0 = fma(vec4(w7.z), v7_0, sum2_0);
            sum2_1 = fma(vec4(w7.z), v7_1, sum2_1);
            sum3_0 = fma(vec4(w7.w), v7_0, sum3_0);
            sum3_1 = fma(vec4(w7.w), v7_1, sum3_1);
            workgroupBarrier();
        }
    }
    let start37 = 0u + (matrix / 1u * p[6].x * 1u + matrix % 1u) * p[6].y;
    if (at < p[6].x) {
        let line = start37 + (at) * 1u * p[6].y;
        a6[line + column] = sum0_0.x;
        a6[line + column + 32u] = sum0_0.y;
        a6[line + column + 64u] = sum0_0.z;
        if (column + 96u < p[6].y) {
            a6[line + column + 96u] = sum0_0.w;
        }
        a6[line + column + 16u] = sum0_1.x;
        a6[line + column + 48u] = sum0_1.y;
        a6[line + column + 80u] = sum0_1.z;
    }
    if (at + 1u < p[6].x) {
        let line = start37 + (at + 1u) * 1u * p[6].y;
        a6[line + column] = sum1_0.x;
        a6[line + column + 32u] = sum1_0.y;
        a6[line + column + 64u] = sum1_0.z;
        if (column + 96u < p[6].y) {
            a6[line + column + 96u] = sum1_0.w;
        }
        a6[line + column + 16u] = sum1_1.x;
        a6[line + column + 48u] = sum1_1.y;
        a6[line + column + 80u] = sum1_1.z;
    }
    if (at + 2u < p[6].x) {
        let line = start37 + (at + 2u) * 1u * p[6].y;
        a6[line + column] = sum2_0.x;
        a6[line + column + 32u] = sum2_0.y;
        a6[line + column + 64u] = sum2_0.z;
        if (column + 96u < p[6].y) {
            a6[line + column + 96u] = sum2_0.w;
        }
        a6[line + column + 16u] = sum2_1.x;
        a6[line + column + 48u] = sum2_1.y;
        a6[line + column + 80u] = sum2_1.z;
    }
    if (at + 3u < p[6].x) {
        let line = start37 + (at + 3u) * 1u * p[6].y;
        a6[line + column] = sum3_0.x;
        a6[line + column + 32u] = sum3_0.y;
        a6[line + column + 64u] = sum3_0.z;
        if (column + 96u < p[6].y) {
            a6[line + column + 96u] = sum3_0.w;
        }
        a6[line + column + 16u] = sum3_1.x;
        a6[line + column + 48u] = sum3_1.y;
        a6[line + column + 80u] = sum3_1.z;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read> a2: array<f32>;
@group(0) @binding(3) var<storage, read> a3: array<f32>;
@group(0) @binding(4) var<storage, read> a4: array<f32>;
@group(0) @binding(5) var<storage, read> a5: array<f32>;
@group(0) @binding(6) var<storage, read_write> a6: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 8>;
var<workgroup> tile: array<vec4<f32>, 416>;
var<workgroup> weights: array<vec4<f32>, 576>;

var<private> infinity_bits: u32 = 0x7f800000u;
fn infinity() -> f32 {
    return bitcast<f32>(infinity_bits);
}
fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}
fn exp_f32(a: f32) -> f32 {
    return select(exp(a), a, is_nan(a));
}
fn load_query(row: u32, column: u32) -> f32 {
    let i0 = min(row, p[0].x - 1u);
    let i1 = min(column, p[0].y - 1u);
    let address2 = i0 * p[0].z + i1;
    let v3 = a0[address2];
    return select(0.0, v3, (row < p[0].x) & (column < p[0].y));
}
fn load_key(row: u32, column: u32) -> f32 {
    let i4 = min(row, p[0].w - 1u);
    let i5 = min(column, p[1].x - 1u);
    let address6 = i4 * p[1].y + i5;
    let v7 = a1[address6];
    return select(0.0, v7, (row < p[0].w) & (column < p[1].x));
}
fn load_value(row: u32, column: u32) -> f32 {
    let i8 = min(row, p[1].z - 1u);
    let i9 = min(column, p[1].w - 1u);
    let address10 = i8 * p[2].x + i9;
    let v11 = a2[address10];
    return select(0.0, v11, (row < p[1].z) & (column < p[1].w));
}
fn load_bias(row: u32, column: u32) -> f32 {
    let i12 = min(row, p[2].y - 1u);
    let i13 = min(column, p[2].z - 1u);
    let address14 = i12 * p[2].w + i13;
    let v15 = a3[address14];
    return select(0.0, v15, (row < p[2].y) & (column < p[2].z));
}
fn load_logarithm(row: u32) -> f32 {
    let i16 = min(row, p[3].x - 1u);
    let address17 = i16 + p[3].y;
    let v18 = a4[address17];
    return select(0.0, v18, (row < p[3].x));
}
fn load_slope(row: u32) -> f32 {
    let i19 = min(row, p[3].z - 1u);
    let v20 = a5[i19];
    return select(0.0, v20, (row < p[3].z));
}
fn load_above(row: u32, column: u32) -> f32 {
    let i21 = min(row, p[3].w - 1u);
    let i22 = min(column, p[4].x - 1u);
    let address23 = i21 * p[4].y + i22;
    let v24 = a4[address23];
    return select(0.0, v24, (row < p[3].w) & (column < p[4].x));
}
fn exponentials(x: vec4<f32>) -> vec4<f32> {
    return vec4(exp_f32(x.x), exp_f32(x.y), exp_f32(x.z), exp_f32(x.w));
}
@compute @workgroup_size(128)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let matrix = group / p[4].z;
    let first_row = group % p[4].z * 32u;
    let row = lane / 16u;
    let column = lane % 16u;
    let at = first_row + row * 4u;
    let step = lane % 16u;
    let quad = lane / 16u;
    let rows = vec4(at, at + 1u, at + 2u, at + 3u);
    let scale = bitcast<f32>(p[4].w);
    let lowest = vec4(-infinity());
    var value0_0 = vec4<f32>();
    var value0_1 = vec4<f32>();
    var value1_0 = vec4<f32>();
    var value1_1 = vec4<f32>();
    var value2_0 = vec4<f32>();
    var value2_1 = vec4<f32>();
    var value3_0 = vec4<f32>();
    var value3_1 = vec4<f32>();
    var key0_0 = vec4<f32>();
    var key0_1 = vec4<f32>();
    var key1_0 = vec4<f32>();
    var key1_1 = vec4<f32>();
    var key2_0 = vec4<f32>();
    var key2_1 = vec4<f32>();
    var key3_0 = vec4<f32>();
    var key3_1 = vec4<f32>();
    let end = p[5].x;
    for (var first = 0u; first < end; first += 64u) {
        let at0 = first + column;
        let at1 = first + column + 16u;
        let at2 = first + column + 32u;
        let at3 = first + column + 48u;
        var score0 = vec4<f32>();
        var score1 = vec4<f32>();
        var score2 = vec4<f32>();
        var score3 = vec4<f32>();
        for (var depth = 0u; depth < p[5].y; depth += 16u) {
            let row25 = first_row + quad * 4u;
            tile[step * 9u + quad] = vec4(load_key(row25, depth + step), load_key(row25 + 1u, depth + step), load_key(row25 + 2u, depth + step), load_key(row25 + 3u, depth + step));
            let row26 = first + quad;
            tile[step * 17u + quad + 144u] = vec4(load_query(row26, depth + step), load_query(row26 + 16u, depth + step), load_query(row26 + 32u, depth + step), load_query(row26 + 48u, depth + step));
            let row27 = first + quad + 8u;
            tile[step * 17u + quad + 8u + 144u] = vec4(load_query(row27, depth + step), load_query(row27 + 16u, depth + step), load_query(row27 + 32u, depth + step), load_query(row27 + 48u, depth + step));
            workgroupBarrier();
            let l0 = tile[row];
            let r0 = tile[column + 144u];
            score0 = fma(l0, vec4(r0.x), score0);
            score1 = fma(l0, vec4(r0.y), score1);
            score2 = fma(l0, vec4(r0.z), score2);
            score3 = fma(l0, vec4(r0.w), score3);
            let l1 = tile[row + 9u];
            let r1 = tile[column + 161u];
            score0 = fma(l1, vec4(r1.x), score0);
            score1 = fma(l1, vec4(r1.y), score1);
            score2 = fma(l1, vec4(r1.z), score2);
            score3 = fma(l1, vec4(r1.w), score3);
            let l2 = tile[row + 18u];
            let r2 = tile[column + 178u];
            score0 = fma(l2, vec4(r2.x), score0);
            score1 = fma(l2, vec4(r2.y), score1);
            score2 = fma(l2, vec4(r2.z), score2);
            score3 = fma(l2, vec4(r2.w), score3);
            let l3 = tile[row + 27u];
            let r3 = tile[column + 195u];
            score0 = fma(l3, vec4(r3.x), score0);
            score1 = fma(l3, vec4(r3.y), score1);
            score2 = fma(l3, vec4(r3.z), score2);
            score3 = fma(l3, vec4(r3.w), score3);
            let l4 = tile[row + 36u];
            let r4 = tile[column + 212u];
            score0 = fma(l4, vec4(r4.x), score0);
            score1 = fma(l4, vec4(r4.y), score1);
            score2 = fma(l4, vec4(r4.z), score2);
            score3 = fma(l4, vec4(r4.w), score3);
            let l5 = tile[row + 45u];
            let r5 = tile[column + 229u];
            score0 = fma(l5, vec4(r5.x), score0);
            score1 = fma(l5, vec4(r5.y), score1);
            score2 = fma(l5, vec4(r5.z), score2);
            score3 = fma(l5, vec4(r5.w), score3);
            let l6 = tile[row + 54u];
            let r6 = tile[column + 246u];
            score0 = fma(l6, vec4(r6.x), score0);
            score1 = fma(l6, vec4(r6.y), score1);
            score2 = fma(l6, vec4(r6.z), score2);
            score3 = fma(l6, vec4(r6.w), score3);
            let l7 = tile[row + 63u];
            let r7 = tile[column + 263u];
            score0 = fma(l7, vec4(r7.x), score0);
            score1 = fma(l7, vec4(r7.y), score1);
            score2 = fma(l7, vec4(r7.z), score2);
            score3 = fma(l7, vec4(r7.w), score3);
            let l8 = tile[row + 72u];
            let r8 = tile[column + 280u];
            score0 = fma(l8, vec4(r8.x), score0);
            score1 = fma(l8, vec4(r8.y), score1);
            score2 = fma(l8, vec4(r8.z), score2);
            score3 = fma(l8, vec4(r8.w), score3);
            let l9 = tile[row + 81u];
            let r9 = tile[column + 297u];
            score0 = fma(l9, vec4(r9.x), score0);
            score1 = fma(l9, vec4(r9.y), score1);
            score2 = fma(l9, vec4(r9.z), score2);
            score3 = fma(l9, vec4(r9.w), score3);
            let l10 = tile[row + 90u];
            let r10 = tile[column + 314u];
            score0 = fma(l10, vec4(r10.x), score0);
            score1 = fma(l10, vec4(r10.y), score1);
            score2 = fma(l10, vec4(r10.z), score2);
            score3 = fma(l10, vec4(r10.w), score3);
            let l11 = tile[row + 99u];
            let r11 = tile[column + 331u];
            score0 = fma(l11, vec4(r11.x), score0);
            score1 = fma(l11, vec4(r11.y), score1);
            score2 = fma(l11, vec4(r11.z), score2);
            score3 = fma(l11, vec4(r11.w), score3);
            let l12 = tile[row + 108u];
            let r12 = tile[column + 348u];
            score0 = fma(l12, vec4(r12.x), score0);
            score1 = fma(l12, vec4(r12.y), score1);
            score2 = fma(l12, vec4(r12.z), score2);
            score3 = fma(l12, vec4(r12.w), score3);
            let l13 = tile[row + 117u];
            let r13 = tile[column + 365u];
            score0 = fma(l13, vec4(r13.x), score0);
            score1 = fma(l13, vec4(r13.y), score1);
            score2 = fma(l13, vec4(r13.z), score2);
            score3 = fma(l13, vec4(r13.w), score3);
            let l14 = tile[row + 126u];
            let r14 = tile[column + 382u];
            score0 = fma(l14, vec4(r14.x), score0);
            score1 = fma(l14, vec4(r14.y), score1);
            score2 = fma(l14, vec4(r14.z), score2);
            score3 = fma(l14, vec4(r14.w), score3);
            let l15 = tile[row + 135u];
            let r15 = tile[column + 399u];
            score0 = fma(l15, vec4(r15.x), score0);
            score1 = fma(l15, vec4(r15.y), score1);
            score2 = fma(l15, vec4(r15.z), score2);
            score3 = fma(l15, vec4(r15.w), score3);
            workgroupBarrier();
        }
        var above0 = vec4<f32>();
        var above1 = vec4<f32>();
        var above2 = vec4<f32>();
        var above3 = vec4<f32>();
        for (var depth = 0u; depth < p[5].z; depth += 16u) {
            let row28 = first_row + quad * 4u;
            tile[step * 9u + quad] = vec4(load_value(row28, depth + step), load_value(row28 + 1u, depth + step), load_value(row28 + 2u, depth + step), load_value(row28 + 3u, depth + step));
            let row29 = first + quad;
            tile[step * 17u + quad + 144u] = vec4(load_above(row29, depth + step), load_above(row29 + 16u, depth + step), load_above(row29 + 32u, depth + step), load_above(row29 + 48u, depth + step));
            let row30 = first + quad + 8u;
            tile[step * 17u + quad + 8u + 144u] = vec4(load_above(row30, depth + step), load_above(row30 + 16u, depth + step), load_above(row30 + 32u, depth + step), load_above(row30 + 48u, depth + step));
            workgroupBarrier();
            let l0 = tile[row];
            let r0 = tile[column + 144u];
            above0 = fma(l0, vec4(r0.x), above0);
            above1 = fma(l0, vec4(r0.y), above1);
            above2 = fma(l0, vec4(r0.z), above2);
            above3 = fma(l0, vec4(r0.w), above3);
            let l1 = tile[row + 9u];
            let r1 = tile[column + 161u];
            above0 = fma(l1, vec4(r1.x), above0);
            above1 = fma(l1, vec4(r1.y), above1);
            above2 = fma(l1, vec4(r1.z), above2);
            above3 = fma(l1, vec4(r1.w), above3);
            let l2 = tile[row + 18u];
            let r2 = tile[column + 178u];
            above0 = fma(l2, vec4(r2.x), above0);
            above1 = fma(l2, vec4(r2.y), above1);
            above2 = fma(l2, vec4(r2.z), above2);
            above3 = fma(l2, vec4(r2.w), above3);
            let l3 = tile[row + 27u];
            let r3 = tile[column + 195u];
            above0 = fma(l3, vec4(r3.x), above0);
            above1 = fma(l3, vec4(r3.y), above1);
            above2 = fma(l3, vec4(r3.z), above2);
            above3 = fma(l3, vec4(r3.w), above3);
            let l4 = tile[row + 36u];
            let r4 = tile[column + 212u];
            above0 = fma(l4, vec4(r4.x), above0);
            above1 = fma(l4, vec4(r4.y), above1);
            above2 = fma(l4, vec4(r4.z), above2);
            above3 = fma(l4, vec4(r4.w), above3);
            let l5 = tile[row + 45u];
            let r5 = tile[column + 229u];
            above0 = fma(l5, vec4(r5.x), above0);
            above1 = fma(l5, vec4(r5.y), above1);
            above2 = fma(l5, vec4(r5.z), above2);
            above3 = fma(l5, vec4(r5.w), above3);
            let l6 = tile[row + 54u];
            let r6 = tile[column + 246u];
            above0 = fma(l6, vec4(r6.x), above0);
            above1 = fma(l6, vec4(r6.y), above1);
            above2 = fma(l6, vec4(r6.z), above2);
            above3 = fma(l6, vec4(r6.w), above3);
            let l7 = tile[row + 63u];
            let r7 = tile[column + 263u];
            above0 = fma(l7, vec4(r7.x), above0);
            above1 = fma(l7, vec4(r7.y), above1);
            above2 = fma(l7, vec4(r7.z), above2);
            above3 = fma(l7, vec4(r7.w), above3);
            let l8 = tile[row + 72u];
            let r8 = tile[column + 280u];
            above0 = fma(l8, vec4(r8.x), above0);
            above1 = fma(l8, vec4(r8.y), above1);
            above2 = fma(l8, vec4(r8.z), above2);
            above3 = fma(l8, vec4(r8.w), above3);
            let l9 = tile[row + 81u];
            let r9 = tile[column + 297u];
            above0 = fma(l9, vec4(r9.x), above0);
            above1 = fma(l9, vec4(r9.y), above1);
            above2 = fma(l9, vec4(r9.z), above2);
            above3 = fma(l9, vec4(r9.w), above3);
            let l10 = tile[row + 90u];
            let r10 = tile[column + 314u];
            above0 = fma(l10, vec4(r10.x), above0);
            above1 = fma(l10, vec4(r10.y), above1);
            above2 = fma(l10, vec4(r10.z), above2);
            above3 = fma(l10, vec4(r10.w), above3);
            let l11 = tile[row + 99u];
            let r11 = tile[column + 331u];
            above0 = fma(l11, vec4(r11.x), above0);
            above1 = fma(l11, vec4(r11.y), above1);
            above2 = fma(l11, vec4(r11.z), above2);
            above3 = fma(l11, vec4(r11.w), above3);
            let l12 = tile[row + 108u];
            let r12 = tile[column + 348u];
            above0 = fma(l12, vec4(r12.x), above0);
            above1 = fma(l12, vec4(r12.y), above1);
            above2 = fma(l12, vec4(r12.z), above2);
            above3 = fma(l12, vec4(r12.w), above3);
            let l13 = tile[row + 117u];
            let r13 = tile[column + 365u];
            above0 = fma(l13, vec4(r13.x), above0);
            above1 = fma(l13, vec4(r13.y), above1);
            above2 = fma(l13, vec4(r13.z), above2);
            above3 = fma(l13, vec4(r13.w), above3);
            let l14 = tile[row + 126u];
            let r14 = tile[column + 382u];
            above0 = fma(l14, vec4(r14.x), above0);
            above1 = fma(l14, vec4(r14.y), above1);
            above2 = fma(l14, vec4(r14.z), above2);
            above3 = fma(l14, vec4(r14.w), above3);
            let l15 = tile[row + 135u];
            let r15 = tile[column + 399u];
            above0 = fma(l15, vec4(r15.x), above0);
            above1 = fma(l15, vec4(r15.y), above1);
            above2 = fma(l15, vec4(r15.z), above2);
            above3 = fma(l15, vec4(r15.w), above3);
            workgroupBarrier();
        }
        score0 *= scale;
        score0 += vec4(load_bias(at0, at), load_bias(at0, at + 1u), load_bias(at0, at + 2u), load_bias(at0, at + 3u));
        score0 = select(score0, lowest, vec4(at0 >= p[5].w));
        score1 *= scale;
        score1 += vec4(load_bias(at1, at), load_bias(at1, at + 1u), load_bias(at1, at + 2u), load_bias(at1, at + 3u));
        score1 = select(score1, lowest, vec4(at1 >= p[5].w));
        score2 *= scale;
        score2 += vec4(load_bias(at2, at), load_bias(at2, at + 1u), load_bias(at2, at + 2u), load_bias(at2, at + 3u));
        score2 = select(score2, lowest, vec4(at2 >= p[5].w));
        score3 *= scale;
        score3 += vec4(load_bias(at3, at), load_bias(at3, at + 1u), load_bias(at3, at + 2u), load_bias(at3, at + 3u));
        score3 = select(score3, lowest, vec4(at3 >= p[5].w));
        score0 = exponentials(score0 - load_logarithm(at0));
        above0 = score0 * (above0 - load_slope(at0)) * scale;
        score1 = exponentials(score1 - load_logarithm(at1));
        above1 = score1 * (above1 - load_slope(at1)) * scale;
        score2 = exponentials(score2 - load_logarithm(at2));
        above2 = score2 * (above2 - load_slope(at2)) * scale;
        score3 = exponentials(score3 - load_logarithm(at3));
        above3 = score3 * (above3 - load_slope(at3)) * scale;
        weights[column * 9u + row] = score0;
        weights[column * 9u + row + 144u] = score1;
        weights[column * 9u + row + 288u] = score2;
        weights[column * 9u + row + 432u] = score3;
        for (var start = 0u; start < min(64u, end - first); start += 8u) {
            let item31 = lane;
            let row32 = first + start + item31 / 32u;
            let place33 = item31 % 32u;
            tile[item31] = vec4(load_above(row32, place33), load_above(row32, place33 + 32u), load_above(row32, place33 + 64u), load_above(row32, place33 + 96u));
            let item34 = lane + 128u;
            let row35 = first + start + item34 / 32u;
            let place36 = item34 % 32u;
            tile[item34] = vec4(load_above(row35, place36), load_above(row35, place36 + 32u), load_above(row35, place36 + 64u), load_above(row35, place36 + 96u));
            workgroupBarrier();
            let first_weights = start * 9u + row;
            let w0 = weights[first_weights];
            let v0_0 = tile[column];
            let v0_1 = tile[column + 16u];
            value0_0 = fma(vec4(w0.x), v0_0, value0_0);
            value0_1 = fma(vec4(w0.x), v0_1, value0_1);
            value1_0 = fma(vec4(w0.y), v0_0, value1_0);
            value1_1 = fma(vec4(w0.y), v0_1, value1_1);
            value2_0 = fma(vec4(w0.z), v0_0, value2_0);
            value2_1 = fma(vec4(w0.z), v0_1, value2_1);
            value3_0 = fma(vec4(w0.w), v0_0, value3_0);
            value3_1 = fma(vec4(w0.w), v0_1, value3_1);
            let w1 = weights[first_weights + 9u];
            let v1_0 = tile[column + 32u];
            let v1_1 = tile[column + 48u];
            value0_0 = fma(vec4(w1.x), v1_0, value0_0);
            value0_1 = fma(vec4(w1.x), v1_1, value0_1);
            value1_0 = fma(vec4(w1.y), v1_0, value1_0);
            value1_1 = fma(vec4(w1.y), v1_1, value1_1);
            value2_0 = fma(vec4(w1.z), v1_0, value2_0);
            value2_1 = fma(vec4(w1.z), v1_1, value2_1);
            value3_0 = fma(vec4(w1.w), v1_0, value3_0);
            value3_1 = fma(vec4(w1.w), v1_1, value3_1);
            let w2 = weights[first_weights + 18u];
            let v2_0 = tile[column + 64u];
            let v2_1 = tile[column + 80u];
            value0_0 = fma(vec4(w2.x), v2_0, value0_0);
            value0_1 = fma(vec4(w2.x), v2_1, value0_1);
            value1_0 = fma(vec4(w2.y), v2_0, value1_0);
            value1_1 = fma(vec4(w2.y), v2_1, value1_1);
            value2_0 = fma(vec4(w2.z), v2_0, value2_0);
            value2_1 = fma(vec4(w2.z), v2_1, value2_1);
            value3_0 = fma(vec4(w2.w), v2_0, value3_0);
            value3_1 = fma(vec4(w2.w), v2_1, value3_1);
            let w3 = weights[first_weights + 27u];
            let v3_0 = tile[column + 96u];
            let v3_1 = tile[column + 112u];
            value0_0 = fma(vec4(w3.x), v3_0, value0_0);
            value0_1 = fma(vec4(w3.x), v3_1, value0_1);
            value1_0 = fma(vec4(w3.y), v3_0, value1_0);
            value1_1 = fma(vec4(w3.y), v3_1, value1_1);
            value2_0 = fma(vec4(w3.z), v3_0, value2_0);
            value2_1 = fma(vec4(w3.z), v3_1, value2_1);
            value3_0 = fma(vec4(w3.w), v3_0, value3_0);
            value3_1 = fma(vec4(w3.w), v3_1, value3_1);
            let w4 = weights[first_weights + 36u];
            let v4_0 = tile[column + 128u];
            let v4_1 = tile[column + 144u];
            value0_0 = fma(vec4(w4.x), v4_0, value0_0);
            value0_1 = fma(vec4(w4.x), v4_1, value0_1);
            value1_0 = fma(vec4(w4.y), v4_0, value1_0);
            value1_1 = fma(vec4(w4.y), v4_1, value1_1);
            value2_0 = fma(vec4(w4.z), v4_0, value2_0);
            value2_1 = fma(vec4(w4.z), v4_1, value2_1);
            value3_0 = fma(vec4(w4.w), v4_0, value3_0);
            value3_1 = fma(vec4(w4.w), v4_1, value3_1);
            let w5 = weights[first_weights + 45u];
            let v5_0 = tile[column + 160u];
            let v5_1 = tile[column + 176u];
            value0_0 = fma(vec4(w5.x), v5_0, value0_0);
            value0_1 = fma(vec4(w5.x), v5_1, value0_1);
            value1_0 = fma(vec4(w5.y), v5_0, value1_0);
            value1_1 = fma(vec4(w5.y), v5_1, value1_1);
            value2_0 = fma(vec4(w5.z), v5_0, value2_0);
            value2_1 = fma(vec4(w5.z), v5_1, value2_1);
            value3_0 = fma(vec4(w5.w), v5_0, value3_0);
            value3_1 = fma(vec4(w5.w), v5_1, value3_1);
            let w6 = weights[first_weights + 54u];
            let v6_0 = tile[column + 192u];
            let v6_1 = tile[column + 208u];
            value0_0 = fma(vec4(w6.x), v6_0, value0_0);
            value0_1 = fma(vec4(w6.x), v6_1, value0_1);
            value1_0 = fma(vec4(w6.y), v6_0, value1_0);
            value1_1 = fma(vec4(w6.y), v6_1, value1_1);
            value2_0 = fma(vec4(w6.z), v6_0, value2_0);
            value2_1 = fma(vec4(w6.z), v6_1, value2_1);
            value3_0 = fma(vec4(w6.w), v6_0, value3_0);
            value3_1 = fma(vec4(w6.w), v6_1, value3_1);
            let w7 = weights[first_weights + 63u];
            let v7_0 = tile[column + 224u];
            let v7_1 = tile[column + 240u];
            value0_0 = fma(vec4(w7.x), v7_0, value0_0);
            value0_1 = fma(vec4(w7.x), v7_1, value0_1);
            value1_0 = fma(vec4(w7.y), v7_0, value1_0);
            value1_1 = fma(vec4(w7.y), v7_1, value1_1);
            value2_0 = fma(vec4(w7.z), v7_0, value2_0);
            value2_1 = fma(vec4(w7.z), v7_1, value2_1);
            value3_0 = fma(vec4(w7.w), v7_0, value3_0);
            value3_1 = fma(vec4(w7.w), v7_1, value3_1);
            workgroupBarrier();
        }
        weights[column * 9u + row] = above0;
        weights[column * 9u + row + 144u] = above1;
        weights[column * 9u + row + 288u] = above2;
        weights[column * 9u + row + 432u] = above3;
        for (var start = 0u; start < min(64u, end - first); start += 8u) {
            let item37 = lane;
            let row38 = first + start + item37 / 32u;
            let place39 = item37 % 32u;
            tile[item37] = vec4(load_query(row38, place39), load_query(row38, place39 + 32u), load_query(row38, place39 + 64u), load_query(row38, place39 + 96u));
            let item40 = lane + 128u;
            let row41 = first + start + item40 / 32u;
            let place42 = item40 % 32u;
            tile[item40] = vec4(load_query(row41, place42), load_query(row41, place42 + 32u), load_query(row41, place42 + 64u), load_query(row41, place42 + 96u));
            workgroupBarrier();
            let first_weights = start * 9u + row;
            let w0 = weights[first_weights];
            let v0_0 = tile[column];
            let v0_1 = tile[column + 16u];
            key0_0 = fma(vec4(w0.x), v0_0, key0_0);
            key0_1 = fma(vec4(w0.x), v0_1, key0_1);
            key1_0 = fma(vec4(w0.y), v0_0, key1_0);
            key1_1 = fma(vec4(w0.y), v0_1, key1_1);
            key2_0 = fma(vec4(w0.z), v0_0, key2_0);
            key2_1 = fma(vec4(w0.z), v0_1, key2_1);
            key3_0 = fma(vec4(w0.w), v0_0, key3_0);
            key3_1 = fma(vec4(w0.w), v0_1, key3_1);
            let w1 = weights[first_weights + 9u];
            let v1_0 = tile[column + 32u];
            let v1_1 = tile[column + 48u];
            key0_0 = fma(vec4(w1.x), v1_0, key0_0);
            key0_1 = fma(vec4(w1.x), v1_1, key0_1);
            key1_0 = fma(vec4(w1.y), v1_0, key1_0);
            key1_1 = fma(vec4(w1.y), v1_1, key1_1);
            key2_0 = fma(vec4(w1.z), v1_0, key2_0);
            key2_1 = fma(vec4(w1.z), v1_1, key2_1);
            key3_0 = fma(vec4(w1.w), v1_0, key3_0);
            key3_1 = fma(vec4(w1.w), v1_1, key3_1);
            let w2 = weights[first_weights + 18u];
            let v2_0 = tile[column + 64u];
            let v2_1 = tile[column + 80u];
            key0_0 = fma(vec4(w2.x), v2_0, key0_0);
            key0_1 = fma(vec4(w2.x), v2_1, key0_1);
            key1_0 = fma(vec4(w2.y), v2_0, key1_0);
            key1_1 = fma(vec4(w2.y), v2_1, key1_1);
            key2_0 = fma(vec4(w2.z), v2_0, key2_0);
            key2_1 = fma(vec4(w2.z), v2_1, key2_1);
            key3_0 = fma(vec4(w2.w), v2_0, key3_0);
            key3_1 = fma(vec4(w2.w), v2_1, key3_1);
            let w3 = weights[first_weights + 27u];
            let v3_0 = tile[column + 96u];
            let v3_1 = tile[column + 112u];
            key0_0 = fma(vec4(w3.x), v3_0, key0_0);
            key0_1 = fma(vec4(w3.x), v3_1, key0_1);
            key1_0 = fma(vec4(w3.y), v3_0, key1_0);
            key1_1 = fma(vec4(w3.y), v3_1, key1_1);
            key2_0 = fma(vec4(w3.z), v3_0, key2_0);
            key2_1 = fma(vec4(w3.z), v3_1, key2_1);
            key3_0 = fma(vec4(w3.w), v3_0, key3_0);
            key3_1 = fma(vec4(w3.w), v3_1, key3_1);
            let w4 = weights[first_weights + 36u];
            let v4_0 = tile[column + 128u];
            let v4_1 = tile[column + 144u];
            key0_0 = fma(vec4(w4.x), v4_0, key0_0);
            key0_1 = fma(vec4(w4.x), v4_1, key0_1);
            key1_0 = fma(vec4(w4.y), v4_0, key1_0);
            key1_1 = fma(vec4(w4.y), v4_1, key1_1);
            key2_0 = fma(vec4(w4.z), v4_0, key2_0);
            key2_1 = fma(vec4(w4.z), v4_1, key2_1);
            key3_0 = fma(vec4(w4.w), v4_0, key3_0);
            key3_1 = fma(vec4(w4.w), v4_1, key3_1);
            let w5 = weights[first_weights + 45u];
            let v5_0 = tile[column + 160u];
            let v5_1 = tile[column + 176u];
            key0_0 = fma(vec4(w5.x), v5_0, key0_0);
            key0_1 = fma(vec4(w5.x), v5_1, key0_1);
            key1_0 = fma(vec4(w5.y), v5_0, key1_0);
            key1_1 = fma(vec4(w5.y), v5_1, key1_1);
            key2_0 = fma(vec4(w5.z), v5_0, key2_0);
            key2_1 = fma(vec4(w5.z), v5_1, key2_1);
            key3_0 = fma(vec4(w5.w), v5_0, key3_0);
            key3_1 = fma(vec4(w5.w), v5_1, key3_1);
            let w6 = weights[first_weights + 54u];
            let v6_0 = tile[column + 192u];
            let v6_1 = tile[column + 208u];
            key0_0 = fma(vec4(w6.x), v6_0, key0_0);
            key0_1 = fma(vec4(w6.x), v6_1, key0_1);
            key1_0 = fma(vec4(w6.y), v6_0, key1_0);
            key1_1 = fma(vec4(w6.y), v6_1, key1_1);
            key2_0 = fma(vec4(w6.z), v6_0, key2_0);
            key2_1 = fma(vec4(w6.z), v6_1, key2_1);
            key3_0 = fma(vec4(w6.w), v6_0, key3_0);
            key3_1 = fma(vec4(w6.w), v6_1, key3_1);
            let w7 = weights[first_weights + 63u];
            let v7_0 = tile[column + 224u];
            let v7_1 = tile[column + 240u];
            key0_0 = fma(vec4(w7.x), v7_0, key0_0);
            key0_1 = fma(vec4(w7.x), v7_1, key0_1);
            key1_0 = fma(vec4(w7.y), v7_0, key1_0);
            key1_1 = fma(vec4(w7.y), v7_1, key1_1);
            key2_0 = fma(vec4(w7.z), v7_0, key2_0);
            key2_1 = fma(vec4(w7.z), v7_1, key2_1);
            key3_0 = fma(vec4(w7.w), v7_0, key3_0);
            key3_1 = fma(vec4(w7.w), v7_1, key3_1);
            workgroupBarrier();
        }
    }
    let start43 = p[6].x + (matrix / 1u * p[6].y * 1u + matrix % 1u) * p[6].z;
    if (at < p[6].y) {
        let line = start43 + (at) * 1u * p[6].z;
        a6[line + column] = value0_0.x;
        a6[line + column + 32u] = value0_0.y;
        a6[line + column + 64u] = value0_0.z;
        if (column + 96u < p[6].z) {
            a6[line + column + 96u] = value0_0.w;
        }
        a6[line + column + 16u] = value0_1.x;
        a6[line + column + 48u] = value0_1.y;
        a6[line + column + 80u] = value0_1.z;
    }
    if (at + 1u < p[6].y) {
        let line = start43 + (at + 1u) * 1u * p[6].z;
        a6[line + column] = value1_0.x;
        a6[line + column + 32u] = value1_0.y;
        a6[line + column + 64u] = value1_0.z;
        if (column + 96u < p[6].z) {
            a6[line + column + 96u] = value1_0.w;
        }
        a6[line + column + 16u] = value1_1.x;
        a6[line + column + 48u] = value1_1.y;
        a6[line + column + 80u] = value1_1.z;
    }
    if (at + 2u < p[6].y) {
        let line = start43 + (at + 2u) * 1u * p[6].z;
        a6[line + column] = value2_0.x;
        a6[line + column + 32u] = value2_0.y;
        a6[line + column + 64u] = value2_0.z;
        if (column + 96u < p[6].z) {
            a6[line + column + 96u] = value2_0.w;
        }
        a6[line + column + 16u] = value2_1.x;
        a6[line + column + 48u] = value2_1.y;
        a6[line + column + 80u] = value2_1.z;
    }
    if (at + 3u < p[6].y) {
        let line = start43 + (at + 3u) * 1u * p[6].z;
        a6[line + column] = value3_0.x;
        a6[line + column + 32u] = value3_0.y;
        a6[line + column + 64u] = value3_0.z;
        if (column + 96u < p[6].z) {
            a6[line + column + 96u] = value3_0.w;
        }
        a6[line + column + 16u] = value3_1.x;
        a6[line + column + 48u] = value3_1.y;
        a6[line + column + 80u] = value3_1.z;
    }
    let start44 = p[6].w + (matrix / 1u * p[7].x * 1u + matrix % 1u) * p[7].y;
    if (at < p[7].x) {
        let line = start44 + (at) * 1u * p[7].y;
        a6[line + column] = key0_0.x;
        a6[line + column + 32u] = key0_0.y;
        a6[line + column + 64u] = key0_0.z;
        if (column + 96u < p[7].y) {
            a6[line + column + 96u] = key0_0.w;
        }
        a6[line + column + 16u] = key0_1.x;
        a6[line + column + 48u] = key0_1.y;
        a6[line + column + 80u] = key0_1.z;
    }
    if (at + 1u < p[7].x) {
        let line = start44 + (at + 1u) * 1u * p[7].y;
        a6[line + column] = key1_0.x;
        a6[line + column + 32u] = key1_0.y;
        a6[line + column + 64u] = key1_0.z;
        if (column + 96u < p[7].y) {
            a6[line + column + 96u] = key1_0.w;
        }
        a6[line + column + 16u] = key1_1.x;
        a6[line + column + 48u] = key1_1.y;
        a6[line + column + 80u] = key1_1.z;
    }
    if (at + 2u < p[7].x) {
        let line = start44 + (at + 2u) * 1u * p[7].y;
        a6[line + column] = key2_0.x;
        a6[line + column + 32u] = key2_0.y;
        a6[line + column + 64u] = key2_0.z;
        if (column + 96u < p[7].y) {
            a6[line + column + 96u] = key2_0.w;
        }
        a6[line + column + 16u] = key2_1.x;
        a6[line + column + 48u] = key2_1.y;
        a6[line + column + 80u] = key2_1.z;
    }
    if (at + 3u < p[7].x) {
        let line = start44 + (at + 3u) * 1u * p[7].y;
        a6[line + column] = key3_0.x;
        a6[line + column + 32u] = key3_0.y;
        a6[line + column + 64u] = key3_0.z;
        if (column + 96u < p[7].y) {
            a6[line + column + 96u] = key3_0.w;
        }
        a6[line + column + 16u] = key3_1.x;
        a6[line + column + 48u] = key3_1.y;
        a6[line + column + 80u] = key3_1.z;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(0) @binding(3) var<storage, read_write> a3: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let address1 = i + p[0].y;
    let v2 = a0[address1];
    let address3 = i + p[0].z;
    let v4 = a0[address3];
    a1[i] = v0;
    a2[i] = v2;
    a3[i] = v4;
}
