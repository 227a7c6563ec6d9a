@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read> a2: array<f32>;
@group(0) @binding(3) var<storage, read_write> a3: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 5>;
var<workgroup> tile: array<vec4<f32>, 288>;
var<workgroup> weights: array<vec4<f32>, 288>;

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
fn load_query(x0: u32, x1: u32, row: u32, column: u32) -> f32 {
    let address0 = x0 * p[0].x + x1 * p[0].y + row * p[0].z + column;
    let v1 = a0[address0];
    return v1;
}
fn load_key(x0: u32, x1: u32, row: u32, column: u32) -> f32 {
    let address2 = x0 * p[0].w + x1 * p[1].x + row * p[1].y + column;
    let v3 = a1[address2];
    return v3;
}
fn load_value(x0: u32, x1: u32, row: u32, column: u32) -> f32 {
    let address4 = x0 * p[1].z + x1 * p[1].w + row * p[2].x + column;
    let v5 = a2[address4];
    return v5;
}
fn exponentials(x: vec4<f32>) -> vec4<f32> {
    return vec4(exp_f32(x.x), exp_f32(x.y), exp_f32(x.z), exp_f32(x.w));
}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let matrix = group / p[2].y;
    let first_row = (p[2].y - 1u - group % p[2].y) * 32u;
    let row = lane / 8u;
    let column = lane % 8u;
    let at = first_row + row * 4u;
    let step = lane % 16u;
    let quad = lane / 16u;
    let rows = vec4(at, at + 1u, at + 2u, at + 3u);
    let scale = bitcast<f32>(p[2].z);
    let lowest = vec4(-infinity());
    var sum0_0 = vec4<f32>();
    var sum1_0 = vec4<f32>();
    var sum2_0 = vec4<f32>();
    var sum3_0 = vec4<f32>();
    let rest7 = matrix / p[2].w;
    let x6 = matrix - rest7 * p[2].w;
    var greatest = lowest;
    var total = vec4<f32>();
    let end = min(p[3].x, first_row + 32u);
    for (var first = 0u; first < end; first += 32u) {
        let at0 = first + column;
        let at1 = first + column + 8u;
        let at2 = first + column + 16u;
        let at3 = first + column + 24u;
        var score0 = vec4<f32>();
        var score1 = vec4<f32>();
        var score2 = vec4<f32>();
        var score3 = vec4<f32>();
        for (var depth = 0u; depth < p[3].y; depth += 16u) {
            let row8 = first_row + quad * 4u;
            tile[step * 9u + quad] = vec4(load_query(rest7, x6, row8, depth + step), load_query(rest7, x6, row8 + 1u, depth + step), load_query(rest7, x6, row8 + 2u, depth + step), load_query(rest7, x6, row8 + 3u, depth + step));
            let row9 = first_row + quad * 4u + 16u;
            tile[step * 9u + quad + 4u] = vec4(load_query(rest7, x6, row9, depth + step), load_query(rest7, x6, row9 + 1u, depth + step), load_query(rest7, x6, row9 + 2u, depth + step), load_query(rest7, x6, row9 + 3u, depth + step));
            let row10 = first + quad;
            tile[step * 9u + quad + 144u] = vec4(load_key(rest7, x6, row10, depth + step), load_key(rest7, x6, row10 + 8u, depth + step), load_key(rest7, x6, row10 + 16u, depth + step), load_key(rest7, x6, row10 + 24u, depth + step));
            let row11 = first + quad + 4u;
            tile[step * 9u + quad + 4u + 144u] = vec4(load_key(rest7, x6, row11, depth + step), load_key(rest7, x6, row11 + 8u, depth + step), load_key(rest7, x6, row11 + 16u, depth + step), load_key(rest7, x6, row11 + 24u, depth + step));
            workgroupBarrier();
            let l0 = tile[row];
            let r0 = tile[column + 144u];
            score0 = fma(l0, vec4(r0.x), score0);
            score1 = fma(l0, vec4(r0.y), score1);
            score2 = fma(l0, vec4(r0.z), score2);
            score3 = fma(l0, vec4(r0.w), score3);
            let l1 = tile[row + 9u];
            let r1 = tile[column + 153u];
            score0 = fma(l1, vec4(r1.x), score0);
            score1 = fma(l1, vec4(r1.y), score1);
            score2 = fma(l1, vec4(r1.z), score2);
            score3 = fma(l1, vec4(r1.w), score3);
            let l2 = tile[row + 18u];
            let r2 = tile[column + 162u];
            score0 = fma(l2, vec4(r2.x), score0);
            score1 = fma(l2, vec4(r2.y), score1);
            score2 = fma(l2, vec4(r2.z), score2);
            score3 = fma(l2, vec4(r2.w), score3);
            let l3 = tile[row + 27u];
            let r3 = tile[column + 171u];
            score0 = fma(l3, vec4(r3.x), score0);
            score1 = fma(l3, vec4(r3.y), score1);
            score2 = fma(l3, vec4(r3.z), score2);
            score3 = fma(l3, vec4(r3.w), score3);
            let l4 = tile[row + 36u];
            let r4 = tile[column + 180u];
            score0 = fma(l4, vec4(r4.x), score0);
            score1 = fma(l4, vec4(r4.y), score1);
            score2 = fma(l4, vec4(r4.z), score2);
            score3 = fma(l4, vec4(r4.w), score3);
            let l5 = tile[row + 45u];
            let r5 = tile[column + 189u];
            score0 = fma(l5, vec4(r5.x), score0);
            score1 = fma(l5, vec4(r5.y), score1);
            score2 = fma(l5, vec4(r5.z), score2);
            score3 = fma(l5, vec4(r5.w), score3);
            let l6 = tile[row + 54u];
            let r6 = tile[column + 198u];
            score0 = fma(l6, vec4(r6.x), score0);
            score1 = fma(l6, vec4(r6.y), score1);
            score2 = fma(l6, vec4(r6.z), score2);
            score3 = fma(l6, vec4(r6.w), score3);
            let l7 = tile[row + 63u];
            let r7 = tile[column + 207u];
            score0 = fma(l7, vec4(r7.x), score0);
            score1 = fma(l7, vec4(r7.y), score1);
            score2 = fma(l7, vec4(r7.z), score2);
            score3 = fma(l7, vec4(r7.w), score3);
            let l8 = tile[row + 72u];
            let r8 = tile[column + 216u];
            score0 = fma(l8, vec4(r8.x), score0);
            score1 = fma(l8, vec4(r8.y), score1);
            score2 = fma(l8, vec4(r8.z), score2);
            score3 = fma(l8, vec4(r8.w), score3);
            let l9 = tile[row + 81u];
            let r9 = tile[column + 225u];
            score0 = fma(l9, vec4(r9.x), score0);
            score1 = fma(l9, vec4(r9.y), score1);
            score2 = fma(l9, vec4(r9.z), score2);
            score3 = fma(l9, vec4(r9.w), score3);
            let l10 = tile[row + 90u];
            let r10 = tile[column + 234u];
            score0 = fma(l10, vec4(r10.x), score0);
            score1 = fma(l10, vec4(r10.y), score1);
            score2 = fma(l10, vec4(r10.z), score2);
            score3 = fma(l10, vec4(r10.w), score3);
            let l11 = tile[row + 99u];
            let r11 = tile[column + 243u];
            score0 = fma(l11, vec4(r11.x), score0);
            score1 = fma(l11, vec4(r11.y), score1);
            score2 = fma(l11, vec4(r11.z), score2);
            score3 = fma(l11, vec4(r11.w), score3);
            let l12 = tile[row + 108u];
            let r12 = tile[column + 252u];
            score0 = fma(l12, vec4(r12.x), score0);
            score1 = fma(l12, vec4(r12.y), score1);
            score2 = fma(l12, vec4(r12.z), score2);
            score3 = fma(l12, vec4(r12.w), score3);
            let l13 = tile[row + 117u];
            let r13 = tile[column + 261u];
            score0 = fma(l13, vec4(r13.x), score0);
            score1 = fma(l13, vec4(r13.y), score1);
            score2 = fma(l13, vec4(r13.z), score2);
            score3 = fma(l13, vec4(r13.w), score3);
            let l14 = tile[row + 126u];
            let r14 = tile[column + 270u];
            score0 = fma(l14, vec4(r14.x), score0);
            score1 = fma(l14, vec4(r14.y), score1);
            score2 = fma(l14, vec4(r14.z), score2);
            score3 = fma(l14, vec4(r14.w), score3);
            let l15 = tile[row + 135u];
            let r15 = tile[column + 279u];
            score0 = fma(l15, vec4(r15.x), score0);
            score1 = fma(l15, vec4(r15.y), score1);
            score2 = fma(l15, vec4(r15.z), score2);
            score3 = fma(l15, vec4(r15.w), score3);
            workgroupBarrier();
        }
        score0 *= scale;
        score0 = select(score0, lowest, (rows < vec4(at0)));
        score1 *= scale;
        score1 = select(score1, lowest, (rows < vec4(at1)));
        score2 *= scale;
        score2 = select(score2, lowest, (rows < vec4(at2)));
        score3 *= scale;
        score3 = select(score3, lowest, (rows < vec4(at3)));
        var best = greatest;
        best = select(best, score0, score0 > best);
        best = select(best, score1, score1 > best);
        best = select(best, score2, score2 > best);
        best = select(best, score3, score3 > best);
        tile[lane] = best;
        workgroupBarrier();
        for (var n = 0u; n < 8u; n++) {
            let other = tile[row * 8u + n];
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
        weights[column * 9u + row + 72u] = score1;
        weights[column * 9u + row + 144u] = score2;
        weights[column * 9u + row + 216u] = score3;
        sum0_0 *= kept[0];
        sum1_0 *= kept[1];
        sum2_0 *= kept[2];
        sum3_0 *= kept[3];
        for (var start = 0u; start < min(32u, end - first); start += 16u) {
            let item12 = lane;
            let row13 = first + start + item12 / 8u;
            let place14 = item12 % 8u;
            tile[item12] = vec4(load_value(rest7, x6, row13, place14), load_value(rest7, x6, row13, place14 + 8u), load_value(rest7, x6, row13, place14 + 16u), load_value(rest7, x6, row13, place14 + 24u));
            let item15 = lane + 64u;
            let row16 = first + start + item15 / 8u;
            let place17 = item15 % 8u;
            tile[item15] = vec4(load_value(rest7, x6, row16, place17), load_value(rest7, x6, row16, place17 + 8u), load_value(rest7, x6, row16, place17 + 16u), load_value(rest7, x6, row16, place17 + 24u));
            workgroupBarrier();
            let first_weights = start * 9u + row;
            let w0 = weights[first_weights];
            let v0_0 = tile[column];
            sum0_0 = fma(vec4(w0.x), v0_0, sum0_0);
            sum1_0 = fma(vec4(w0.y), v0_0, sum1_0);
            sum2_0 = fma(vec4(w0.z), v0_0, sum2_0);
            sum3_0 = fma(vec4(w0.w), v0_0, sum3_0);
            let w1 = weights[first_weights + 9u];
            let v1_0 = tile[column + 8u];
            sum0_0 = fma(vec4(w1.x), v1_0, sum0_0);
            sum1_0 = fma(vec4(w1.y), v1_0, sum1_0);
            sum2_0 = fma(vec4(w1.z), v1_0, sum2_0);
            sum3_0 = fma(vec4(w1.w), v1_0, sum3_0);
            let w2 = weights[first_weights + 18u];
            let v2_0 = tile[column + 16u];
            sum0_0 = fma(vec4(w2.x), v2_0, sum0_0);
            sum1_0 = fma(vec4(w2.y), v2_0, sum1_0);
            sum2_0 = fma(vec4(w2.z), v2_0, sum2_0);
            sum3_0 = fma(vec4(w2.w), v2_0, sum3_0);
            let w3 = weights[first_weights + 27u];
            let v3_0 = tile[column + 24u];
            sum0_0 = fma(vec4(w3.x), v3_0, sum0_0);
            sum1_0 = fma(vec4(w3.y), v3_0, sum1_0);
            sum2_0 = fma(vec4(w3.z), v3_0, sum2_0);
            sum3_0 = fma(vec4(w3.w), v3_0, sum3_0);
            let w4 = weights[first_weights + 36u];
            let v4_0 = tile[column + 32u];
            sum0_0 = fma(vec4(w4.x), v4_0, sum0_0);
            sum1_0 = fma(vec4(w4.y), v4_0, sum1_0);
            sum2_0 = fma(vec4(w4.z), v4_0, sum2_0);
            sum3_0 = fma(vec4(w4.w), v4_0, sum3_0);
            let w5 = weights[first_weights + 45u];
            let v5_0 = tile[column + 40u];
            sum0_0 = fma(vec4(w5.x), v5_0, sum0_0);
            sum1_0 = fma(vec4(w5.y), v5_0, sum1_0);
            sum2_0 = fma(vec4(w5.z), v5_0, sum2_0);
            sum3_0 = fma(vec4(w5.w), v5_0, sum3_0);
            let w6 = weights[first_weights + 54u];
            let v6_0 = tile[column + 48u];
            sum0_0 = fma(vec4(w6.x), v6_0, sum0_0);
            sum1_0 = fma(vec4(w6.y), v6_0, sum1_0);
            sum2_0 = fma(vec4(w6.z), v6_0, sum2_0);
            sum3_0 = fma(vec4(w6.w), v6_0, sum3_0);
            let w7 = weights[first_weights + 63u];
            let v7_0 = tile[column + 56u];
            sum0_0 = fma(vec4(w7.x), v7_0, sum0_0);
            sum1_0 = fma(vec4(w7.y), v7_0, sum1_0);
            sum2_0 = fma(vec4(w7.z), v7_0, sum2_0);
            sum3_0 = fma(vec4(w7.w), v7_0, sum3_0);
            let w8 = weights[first_weights + 72u];
            let v8_0 = tile[column + 64u];
            sum0_0 = fma(vec4(w8.x), v8_0, sum0_0);
            sum1_0 = fma(vec4(w8.y), v8_0, sum1_0);
            sum2_0 = fma(vec4(w8.z), v8_0, sum2_0);
            sum3_0 = fma(vec4(w8.w), v8_0, sum3_0);
            let w9 = weights[first_weights + 81u];
            let v9_0 = tile[column + 72u];
            sum0_0 = fma(vec4(w9.x), v9_0, sum0_0);
            sum1_0 = fma(vec4(w9.y), v9_0, sum1_0);
            sum2_0 = fma(vec4(w9.z), v9_0, sum2_0);
            sum3_0 = fma(vec4(w9.w), v9_0, sum3_0);
            let w10 = weights[first_weights + 90u];
            let v10_0 = tile[column + 80u];
            sum0_0 = fma(vec4(w10.x), v10_0, sum0_0);
            sum1_0 = fma(vec4(w10.y), v10_0, sum1_0);
            sum2_0 = fma(vec4(w10.z), v10_0, sum2_0);
            sum3_0 = fma(vec4(w10.w), v10_0, sum3_0);
            let w11 = weights[first_weights + 99u];
            let v11_0 = tile[column + 88u];
            sum0_0 = fma(vec4(w11.x), v11_0, sum0_0);
            sum1_0 = fma(vec4(w11.y), v11_0, sum1_0);
            sum2_0 = fma(vec4(w11.z), v11_0, sum2_0);
            sum3_0 = fma(vec4(w11.w), v11_0, sum3_0);
            let w12 = weights[first_weights + 108u];
            let v12_0 = tile[column + 96u];
            sum0_0 = fma(vec4(w12.x), v12_0, sum0_0);
            sum1_0 = fma(vec4(w12.y), v12_0, sum1_0);
            sum2_0 = fma(vec4(w12.z), v12_0, sum2_0);
            sum3_0 = fma(vec4(w12.w), v12_0, sum3_0);
            let w13 = weights[first_weights + 117u];
            let v13_0 = tile[column + 104u];
            sum0_0 = fma(vec4(w13.x), v13_0, sum0_0);
            sum1_0 = fma(vec4(w13.y), v13_0, sum1_0);
            sum2_0 = fma(vec4(w13.z), v13_0, sum2_0);
            sum3_0 = fma(vec4(w13.w), v13_0, sum3_0);
            let w14 = weights[first_weights + 126u];
            let v14_0 = tile[column + 112u];
            sum0_0 = fma(vec4(w14.x), v14_0, sum0_0);
            sum1_0 = fma(vec4(w14.y), v14_0, sum1_0);
            sum2_0 = fma(vec4(w14.z), v14_0, sum2_0);
            sum3_0 = fma(vec4(w14.w), v14_0, sum3_0);
            let w15 = weights[first_weights + 135u];
            let v15_0 = tile[column + 120u];
            sum0_0 = fma(vec4(w15.x), v15_0, sum0_0);
            sum1_0 = fma(vec4(w15.y), v15_0, sum1_0);
            sum2_0 = fma(vec4(w15.z), v15_0, sum2_0);
            sum3_0 = fma(vec4(w15.w), v15_0, sum3_0);
            workgroupBarrier();
        }
    }
    var all = vec4<f32>();
    tile[lane] = total;
    workgroupBarrier();
    for (var n = 0u; n < 8u; n++) {
        let other = tile[row * 8u + n];
        all += other;
    }
    workgroupBarrier();
    let inverse = select(1.0 / all, vec4<f32>(), all == vec4<f32>());
    let start18 = 0u + (matrix / p[3].w * p[3].z * p[3].w + matrix % p[3].w) * p[4].x;
    {
        let line = start18 + (at) * p[3].w * p[4].x;
        a3[line + column] = sum0_0.x * inverse.x;
        a3[line + column + 8u] = sum0_0.y * inverse.x;
        a3[line + column + 16u] = sum0_0.z * inverse.x;
        a3[line + column + 24u] = sum0_0.w * inverse.x;
    }
    {
        let line = start18 + (at + 1u) * p[3].w * p[4].x;
        a3[line + column] = sum1_0.x * inverse.y;
        a3[line + column + 8u] = sum1_0.y * inverse.y;
        a3[line + column + 16u] = sum1_0.z * inverse.y;
        a3[line + column + 24u] = sum1_0.w * inverse.y;
    }
    {
        let line = start18 + (at + 2u) * p[3].w * p[4].x;
        a3[line + column] = sum2_0.x * inverse.z;
        a3[line + column + 8u] = sum2_0.y * inverse.z;
        a3[line + column + 16u] = sum2_0.z * inverse.z;
        a3[line + column + 24u] = sum2_0.w * inverse.z;
    }
    {
        let line = start18 + (at + 3u) * p[3].w * p[4].x;
        a3[line + column] = sum3_0.x * inverse.w;
        a3[line + column + 8u] = sum3_0.y * inverse.w;
        a3[line + column + 16u] = sum3_0.z * inverse.w;
        a3[line + column + 24u] = sum3_0.w * inverse.w;
    }
    if (column == 0u) {
        let line = p[4].y + matrix * p[4].z + at;
        a3[line] = select(greatest[0] + log_f32(all[0]), 0.0, all[0] == 0.0);
        a3[line + 1u] = select(greatest[1] + log_f32(all[1]), 0.0, all[1] == 0.0);
        a3[line + 2u] = select(greatest[2] + log_f32(all[2]), 0.0, all[2] == 0.0);
        a3[line + 3u] = select(greatest[3] + log_f32(all[3]), 0.0, all[3] == 0.0);
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 4>;
var<workgroup> tile0: array<f32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let part = lane % 8u;
    let wanted = group * 32u + lane / 8u;
    let i = wanted;
    let rest1 = i / p[0].x;
    let x0 = i - rest1 * p[0].x;
    let rest3 = rest1 / p[0].y;
    let x2 = rest1 - rest3 * p[0].y;
    var acc0: f32 = 0.0;
    for (var r = part; r < p[0].z; r += 8u) {
        let address4 = rest3 * p[0].w + x2 * p[1].x + x0 * p[1].y + r;
        let v5 = a0[address4];
        let v6 = (v5 * v5);
        acc0 = (acc0 + v6);
    }
    for (var step = 4u; step > 0u; step = step / 2u) {
        tile0[lane] = acc0;
        workgroupBarrier();
        if (part < step) {
            acc0 = (acc0 + tile0[lane + step]);
        }
        workgroupBarrier();
    }
    if (part == 0u) {
        let g7 = rest3 * p[2].y + x2 * p[2].z + x0 + p[2].w;
        let address8 = rest3 * p[1].z + x2 * p[1].w + x0 + p[2].x;
        let ok9 = g7 < p[3].x;
        var v10 = 0.0;
        if (ok9) {
            v10 = a0[address8];
        }
        let v11 = (acc0 - v10);
        a1[i] = v11;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read> a2: array<f32>;
@group(0) @binding(3) var<storage, read> a3: array<f32>;
@group(0) @binding(4) var<storage, read> a4: array<f32>;
@group(0) @binding(5) var<storage, read_write> a5: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 7>;
var<workgroup> tile: array<vec4<f32>, 288>;
var<workgroup> weights: array<vec4<f32>, 288>;

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
fn load_query(x0: u32, x1: u32, row: u32, column: u32) -> f32 {
    let address0 = x0 * p[0].x + x1 * p[0].y + row * p[0].z + column;
    let v1 = a0[address0];
    return v1;
}
fn load_key(x0: u32, x1: u32, row: u32, column: u32) -> f32 {
    let address2 = x0 * p[0].w + x1 * p[1].x + row * p[1].y + column;
    let v3 = a1[address2];
    return v3;
}
fn load_value(x0: u32, x1: u32, row: u32, column: u32) -> f32 {
    let address4 = x0 * p[1].z + x1 * p[1].w + row * p[2].x + column;
    let v5 = a2[address4];
    return v5;
}
fn load_logarithm(x0: u32, x1: u32, row: u32) -> f32 {
    let address6 = x0 * p[2].y + x1 * p[2].z + row + p[2].w;
    let v7 = a3[address6];
    return v7;
}
fn load_slope(x0: u32, x1: u32, row: u32) -> f32 {
    let address8 = x0 * p[3].x + x1 * p[3].y + row;
    let v9 = a4[address8];
    return v9;
}
fn load_above(x0: u32, x1: u32, row: u32, column: u32) -> f32 {
    let address10 = x0 * p[3].z + x1 * p[3].w + row * p[4].x + column;
    let v11 = a3[address10];
    return v11;
}
fn exponentials(x: vec4<f32>) -> vec4<f32> {
    return vec4(exp_f32(x.x), exp_f32(x.y), exp_f32(x.z), exp_f32(x.w));
}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let matrix = group / p[4].y;
    let first_row = (p[4].y - 1u - group % p[4].y) * 32u;
    let row = lane / 8u;
    let column = lane % 8u;
    let at = first_row + row * 4u;
    let step = lane % 16u;
    let quad = lane / 16u;
    let rows = vec4(at, at + 1u, at + 2u, at + 3u);
    let scale = bitcast<f32>(p[4].z);
    let lowest = vec4(-infinity());
    var sum0_0 = vec4<f32>();
    var sum1_0 = vec4<f32>();
    var sum2_0 = vec4<f32>();
    var sum3_0 = vec4<f32>();
    let rest13 = matrix / p[4].w;
    let x12 = matrix - rest13 * p[4].w;
    let logarithms = vec4(load_logarithm(rest13, x12, at), load_logarithm(rest13, x12, at + 1u), load_logarithm(rest13, x12, at + 2u), load_logarithm(rest13, x12, at + 3u));
    let slopes = vec4(load_slope(rest13, x12, at), load_slope(rest13, x12, at + 1u), load_slope(rest13, x12, at + 2u), load_slope(rest13, x12, at + 3u));
    let end = min(p[5].x, first_row + 32u);
    for (var first = 0u; first < end; first += 32u) {
        let at0 = first + column;
        let at1 = first + column + 8u;
        let at2 = first + column + 16u;
        let at3 = first + column + 24u;
        var score0 = vec4<f32>();
        var score1 = vec4<f32>();
        var score2 = vec4<f32>();
        var score3 = vec4<f32>();
        for (var depth = 0u; depth < p[5].y; depth += 16u) {
            let row14 = first_row + quad * 4u;
            tile[step * 9u + quad] = vec4(load_query(rest13, x12, row14, depth + step), load_query(rest13, x12, row14 + 1u, depth + step), load_query(rest13, x12, row14 + 2u, depth + step), load_query(rest13, x12, row14 + 3u, depth + step));
            let row15 = first_row + quad * 4u + 16u;
            tile[step * 9u + quad + 4u] = vec4(load_query(rest13, x12, row15, depth + step), load_query(rest13, x12, row15 + 1u, depth + step), load_query(rest13, x12, row15 + 2u, depth + step), load_query(rest13, x12, row15 + 3u, depth + step));
            let row16 = first + quad;
            tile[step * 9u + quad + 144u] = vec4(load_key(rest13, x12, row16, depth + step), load_key(rest13, x12, row16 + 8u, depth + step), load_key(rest13, x12, row16 + 16u, depth + step), load_key(rest13, x12, row16 + 24u, depth + step));
            let row17 = first + quad + 4u;
            tile[step * 9u + quad + 4u + 144u] = vec4(load_key(rest13, x12, row17, depth + step), load_key(rest13, x12, row17 + 8u, depth + step), load_key(rest13, x12, row17 + 16u, depth + step), load_key(rest13, x12, row17 + 24u, depth + step));
            workgroupBarrier();
            let l0 = tile[row];
            let r0 = tile[column + 144u];
            score0 = fma(l0, vec4(r0.x), score0);
            score1 = fma(l0, vec4(r0.y), score1);
            score2 = fma(l0, vec4(r0.z), score2);
            score3 = fma(l0, vec4(r0.w), score3);
            let l1 = tile[row + 9u];
            let r1 = tile[column + 153u];
            score0 = fma(l1, vec4(r1.x), score0);
            score1 = fma(l1, vec4(r1.y), score1);
            score2 = fma(l1, vec4(r1.z), score2);
            score3 = fma(l1, vec4(r1.w), score3);
            let l2 = tile[row + 18u];
            let r2 = tile[column + 162u];
            score0 = fma(l2, vec4(r2.x), score0);
            score1 = fma(l2, vec4(r2.y), score1);
            score2 = fma(l2, vec4(r2.z), score2);
            score3 = fma(l2, vec4(r2.w), score3);
            let l3 = tile[row + 27u];
            let r3 = tile[column + 171u];
            score0 = fma(l3, vec4(r3.x), score0);
            score1 = fma(l3, vec4(r3.y), score1);
            score2 = fma(l3, vec4(r3.z), score2);
            score3 = fma(l3, vec4(r3.w), score3);
            let l4 = tile[row + 36u];
            let r4 = tile[column + 180u];
            score0 = fma(l4, vec4(r4.x), score0);
            score1 = fma(l4, vec4(r4.y), score1);
            score2 = fma(l4, vec4(r4.z), score2);
            score3 = fma(l4, vec4(r4.w), score3);
            let l5 = tile[row + 45u];
            let r5 = tile[column + 189u];
            score0 = fma(l5, vec4(r5.x), score0);
            score1 = fma(l5, vec4(r5.y), score1);
            score2 = fma(l5, vec4(r5.z), score2);
            score3 = fma(l5, vec4(r5.w), score3);
            let l6 = tile[row + 54u];
            let r6 = tile[column + 198u];
            score0 = fma(l6, vec4(r6.x), score0);
            score1 = fma(l6, vec4(r6.y), score1);
            score2 = fma(l6, vec4(r6.z), score2);
            score3 = fma(l6, vec4(r6.w), score3);
            let l7 = tile[row + 63u];
            let r7 = tile[column + 207u];
            score0 = fma(l7, vec4(r7.x), score0);
            score1 = fma(l7, vec4(r7.y), score1);
            score2 = fma(l7, vec4(r7.z), score2);
            score3 = fma(l7, vec4(r7.w), score3);
            let l8 = tile[row + 72u];
            let r8 = tile[column + 216u];
            score0 = fma(l8, vec4(r8.x), score0);
            score1 = fma(l8, vec4(r8.y), score1);
            score2 = fma(l8, vec4(r8.z), score2);
            score3 = fma(l8, vec4(r8.w), score3);
            let l9 = tile[row + 81u];
            let r9 = tile[column + 225u];
            score0 = fma(l9, vec4(r9.x), score0);
            score1 = fma(l9, vec4(r9.y), score1);
            score2 = fma(l9, vec4(r9.z), score2);
            score3 = fma(l9, vec4(r9.w), score3);
            let l10 = tile[row + 90u];
            let r10 = tile[column + 234u];
            score0 = fma(l10, vec4(r10.x), score0);
            score1 = fma(l10, vec4(r10.y), score1);
            score2 = fma(l10, vec4(r10.z), score2);
            score3 = fma(l10, vec4(r10.w), score3);
            let l11 = tile[row + 99u];
            let r11 = tile[column + 243u];
            score0 = fma(l11, vec4(r11.x), score0);
            score1 = fma(l11, vec4(r11.y), score1);
            score2 = fma(l11, vec4(r11.z), score2);
            score3 = fma(l11, vec4(r11.w), score3);
            let l12 = tile[row + 108u];
            let r12 = tile[column + 252u];
            score0 = fma(l12, vec4(r12.x), score0);
            score1 = fma(l12, vec4(r12.y), score1);
            score2 = fma(l12, vec4(r12.z), score2);
            score3 = fma(l12, vec4(r12.w), score3);
            let l13 = tile[row + 117u];
            let r13 = tile[column + 261u];
            score0 = fma(l13, vec4(r13.x), score0);
            score1 = fma(l13, vec4(r13.y), score1);
            score2 = fma(l13, vec4(r13.z), score2);
            score3 = fma(l13, vec4(r13.w), score3);
            let l14 = tile[row + 126u];
            let r14 = tile[column + 270u];
            score0 = fma(l14, vec4(r14.x), score0);
            score1 = fma(l14, vec4(r14.y), score1);
            score2 = fma(l14, vec4(r14.z), score2);
            score3 = fma(l14, vec4(r14.w), score3);
            let l15 = tile[row + 135u];
            let r15 = tile[column + 279u];
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
            let row18 = first_row + quad * 4u;
            tile[step * 9u + quad] = vec4(load_above(rest13, x12, row18, depth + step), load_above(rest13, x12, row18 + 1u, depth + step), load_above(rest13, x12, row18 + 2u, depth + step), load_above(rest13, x12, row18 + 3u, depth + step));
            let row19 = first_row + quad * 4u + 16u;
            tile[step * 9u + quad + 4u] = vec4(load_above(rest13, x12, row19, depth + step), load_above(rest13, x12, row19 + 1u, depth + step), load_above(rest13, x12, row19 + 2u, depth + step), load_above(rest13, x12, row19 + 3u, depth + step));
            let row20 = first + quad;
            tile[step * 9u + quad + 144u] = vec4(load_value(rest13, x12, row20, depth + step), load_value(rest13, x12, row20 + 8u, depth + step), load_value(rest13, x12, row20 + 16u, depth + step), load_value(rest13, x12, row20 + 24u, depth + step));
            let row21 = first + quad + 4u;
            tile[step * 9u + quad + 4u + 144u] = vec4(load_value(rest13, x12, row21, depth + step), load_value(rest13, x12, row21 + 8u, depth + step), load_value(rest13, x12, row21 + 16u, depth + step), load_value(rest13, x12, row21 + 24u, depth + step));
            workgroupBarrier();
            let l0 = tile[row];
            let r0 = tile[column + 144u];
            above0 = fma(l0, vec4(r0.x), above0);
            above1 = fma(l0, vec4(r0.y), above1);
            above2 = fma(l0, vec4(r0.z), above2);
            above3 = fma(l0, vec4(r0.w), above3);
            let l1 = tile[row + 9u];
            let r1 = tile[column + 153u];
            above0 = fma(l1, vec4(r1.x), above0);
            above1 = fma(l1, vec4(r1.y), above1);
            above2 = fma(l1, vec4(r1.z), above2);
            above3 = fma(l1, vec4(r1.w), above3);
            let l2 = tile[row + 18u];
            let r2 = tile[column + 162u];
            above0 = fma(l2, vec4(r2.x), above0);
            above1 = fma(l2, vec4(r2.y), above1);
            above2 = fma(l2, vec4(r2.z), above2);
            above3 = fma(l2, vec4(r2.w), above3);
            let l3 = tile[row + 27u];
            let r3 = tile[column + 171u];
            above0 = fma(l3, vec4(r3.x), above0);
            above1 = fma(l3, vec4(r3.y), above1);
            above2 = fma(l3, vec4(r3.z), above2);
            above3 = fma(l3, vec4(r3.w), above3);
            let l4 = tile[row + 36u];
            let r4 = tile[column + 180u];
            above0 = fma(l4, vec4(r4.x), above0);
            above1 = fma(l4, vec4(r4.y), above1);
            above2 = fma(l4, vec4(r4.z), above2);
            above3 = fma(l4, vec4(r4.w), above3);
            let l5 = tile[row + 45u];
            let r5 = tile[column + 189u];
            above0 = fma(l5, vec4(r5.x), above0);
            above1 = fma(l5, vec4(r5.y), above1);
            above2 = fma(l5, vec4(r5.z), above2);
            above3 = fma(l5, vec4(r5.w), above3);
            let l6 = tile[row + 54u];
            let r6 = tile[column + 198u];
            above0 = fma(l6, vec4(r6.x), above0);
            above1 = fma(l6, vec4(r6.y), above1);
            above2 = fma(l6, vec4(r6.z), above2);
            above3 = fma(l6, vec4(r6.w), above3);
            let l7 = tile[row + 63u];
            let r7 = tile[column + 207u];
            above0 = fma(l7, vec4(r7.x), above0);
            above1 = fma(l7, vec4(r7.y), above1);
            above2 = fma(l7, vec4(r7.z), above2);
            above3 = fma(l7, vec4(r7.w), above3);
            let l8 = tile[row + 72u];
            let r8 = tile[column + 216u];
            above0 = fma(l8, vec4(r8.x), above0);
            above1 = fma(l8, vec4(r8.y), above1);
            above2 = fma(l8, vec4(r8.z), above2);
            above3 = fma(l8, vec4(r8.w), above3);
            let l9 = tile[row + 81u];
            let r9 = tile[column + 225u];
            above0 = fma(l9, vec4(r9.x), above0);
            above1 = fma(l9, vec4(r9.y), above1);
            above2 = fma(l9, vec4(r9.z), above2);
            above3 = fma(l9, vec4(r9.w), above3);
            let l10 = tile[row + 90u];
            let r10 = tile[column + 234u];
            above0 = fma(l10, vec4(r10.x), above0);
            above1 = fma(l10, vec4(r10.y), above1);
            above2 = fma(l10, vec4(r10.z), above2);
            above3 = fma(l10, vec4(r10.w), above3);
            let l11 = tile[row + 99u];
            let r11 = tile[column + 243u];
            above0 = fma(l11, vec4(r11.x), above0);
            above1 = fma(l11, vec4(r11.y), above1);
            above2 = fma(l11, vec4(r11.z), above2);
            above3 = fma(l11, vec4(r11.w), above3);
            let l12 = tile[row + 108u];
            let r12 = tile[column + 252u];
            above0 = fma(l12, vec4(r12.x), above0);
            above1 = fma(l12, vec4(r12.y), above1);
            above2 = fma(l12, vec4(r12.z), above2);
            above3 = fma(l12, vec4(r12.w), above3);
            let l13 = tile[row + 117u];
            let r13 = tile[column + 261u];
            above0 = fma(l13, vec4(r13.x), above0);
            above1 = fma(l13, vec4(r13.y), above1);
            above2 = fma(l13, vec4(r13.z), above2);
            above3 = fma(l13, vec4(r13.w), above3);
            let l14 = tile[row + 126u];
            let r14 = tile[column + 270u];
            above0 = fma(l14, vec4(r14.x), above0);
            above1 = fma(l14, vec4(r14.y), above1);
            above2 = fma(l14, vec4(r14.z), above2);
            above3 = fma(l14, vec4(r14.w), above3);
            let l15 = tile[row + 135u];
            let r15 = tile[column + 279u];
            above0 = fma(l15, vec4(r15.x), above0);
            above1 = fma(l15, vec4(r15.y), above1);
            above2 = fma(l15, vec4(r15.z), above2);
            above3 = fma(l15, vec4(r15.w), above3);
            workgroupBarrier();
        }
        score0 *= scale;
        score0 = select(score0, lowest, (rows < vec4(at0)));
        score1 *= scale;
        score1 = select(score1, lowest, (rows < vec4(at1)));
        score2 *= scale;
        score2 = select(score2, lowest, (rows < vec4(at2)));
        score3 *= scale;
        score3 = select(score3, lowest, (rows < vec4(at3)));
        above0 = exponentials(score0 - logarithms) * (above0 - slopes) * scale;
        above1 = exponentials(score1 - logarithms) * (above1 - slopes) * scale;
        above2 = exponentials(score2 - logarithms) * (above2 - slopes) * scale;
        above3 = exponentials(score3 - logarithms) * (above3 - slopes) * scale;
        weights[column * 9u + row] = above0;
        weights[column * 9u + row + 72u] = above1;
        weights[column * 9u + row + 144u] = above2;
        weights[column * 9u + row + 216u] = above3;
        for (var start = 0u; start < min(32u, end - first); start += 16u) {
            let item22 = lane;
            let row23 = first + start + item22 / 8u;
            let place24 = item22 % 8u;
            tile[item22] = vec4(load_key(rest13, x12, row23, place24), load_key(rest13, x12, row23, place24 + 8u), load_key(rest13, x12, row23, place24 + 16u), load_key(rest13, x12, row23, place24 + 24u));
            let item25 = lane + 64u;
            let row26 = first + start + item25 / 8u;
            let place27 = item25 % 8u;
            tile[item25] = vec4(load_key(rest13, x12, row26, place27), load_key(rest13, x12, row26, place27 + 8u), load_key(rest13, x12, row26, place27 + 16u), load_key(rest13, x12, row26, place27 + 24u));
            workgroupBarrier();
            let first_weights = start * 9u + row;
            let w0 = weights[first_weights];
            let v0_0 = tile[column];
            sum0_0 = fma(vec4(w0.x), v0_0, sum0_0);
            sum1_0 = fma(vec4(w0.y), v0_0, sum1_0);
            sum2_0 = fma(vec4(w0.z), v0_0, sum2_0);
            sum3_0 = fma(vec4(w0.w), v0_0, sum3_0);
            let w1 = weights[first_weights + 9u];
            let v1_0 = tile[column + 8u];
            sum0_0 = fma(vec4(w1.x), v1_0, sum0_0);
            sum1_0 = fma(vec4(w1.y), v1_0, sum1_0);
            sum2_0 = fma(vec4(w1.z), v1_0, sum2_0);
            sum3_0 = fma(vec4(w1.w), v1_0, sum3_0);
            let w2 = weights[first_weights + 18u];
            let v2_0 = tile[column + 16u];
            sum0_0 = fma(vec4(w2.x), v2_0, sum0_0);
            sum1_0 = fma(vec4(w2.y), v2_0, sum1_0);
            sum2_0 = fma(vec4(w2.z), v2_0, sum2_0);
            sum3_0 = fma(vec4(w2.w), v2_0, sum3_0);
            let w3 = weights[first_weights + 27u];
            let v3_0 = tile[column + 24u];
            sum0_0 = fma(vec4(w3.x), v3_0, sum0_0);
            sum1_0 = fma(vec4(w3.y), v3_0, sum1_0);
            sum2_0 = fma(vec4(w3.z), v3_0, sum2_0);
            sum3_0 = fma(vec4(w3.w), v3_0, sum3_0);
            let w4 = weights[first_weights + 36u];
            let v4_0 = tile[column + 32u];
            sum0_0 = fma(vec4(w4.x), v4_0, sum0_0);
            sum1_0 = fma(vec4(w4.y), v4_0, sum1_0);
            sum2_0 = fma(vec4(w4.z), v4_0, sum2_0);
            sum3_0 = fma(vec4(w4.w), v4_0, sum3_0);
            let w5 = weights[first_weights + 45u];
            let v5_0 = tile[column + 40u];
            sum0_0 = fma(vec4(w5.x), v5_0, sum0_0);
            sum1_0 = fma(vec4(w5.y), v5_0, sum1_0);
            sum2_0 = fma(vec4(w5.z), v5_0, sum2_0);
            sum3_0 = fma(vec4(w5.w), v5_0, sum3_0);
            let w6 = weights[first_weights + 54u];
            let v6_0 = tile[column + 48u];
            sum0_0 = fma(vec4(w6.x), v6_0, sum0_0);
            sum1_0 = fma(vec4(w6.y), v6_0, sum1_0);
            sum2_0 = fma(vec4(w6.z), v6_0, sum2_0);
            sum3_0 = fma(vec4(w6.w), v6_0, sum3_0);
            let w7 = weights[first_weights + 63u];
            let v7_0 = tile[column + 56u];
            sum0_0 = fma(vec4(w7.x), v7_0, sum0_0);
            sum1_0 = fma(vec4(w7.y), v7_0, sum1_0);
            sum2_0 = fma(vec4(w7.z), v7_0, sum2_0);
            sum3_0 = fma(vec4(w7.w), v7_0, sum3_0);
            let w8 = weights[first_weights + 72u];
            let v8_0 = tile[column + 64u];
            sum0_0 = fma(vec4(w8.x), v8_0, sum0_0);
            sum1_0 = fma(vec4(w8.y), v8_0, sum1_0);
            sum2_0 = fma(vec4(w8.z), v8_0, sum2_0);
            sum3_0 = fma(vec4(w8.w), v8_0, sum3_0);
            let w9 = weights[first_weights + 81u];
            let v9_0 = tile[column + 72u];
            sum0_0 = fma(vec4(w9.x), v9_0, sum0_0);
            sum1_0 = fma(vec4(w9.y), v9_0, sum1_0);
            sum2_0 = fma(vec4(w9.z), v9_0, sum2_0);
            sum3_0 = fma(vec4(w9.w), v9_0, sum3_0);
            let w10 = weights[first_weights + 90u];
            let v10_0 = tile[column + 80u];
            sum0_0 = fma(vec4(w10.x), v10_0, sum0_0);
            sum1_0 = fma(vec4(w10.y), v10_0, sum1_0);
            sum2_0 = fma(vec4(w10.z), v10_0, sum2_0);
            sum3_0 = fma(vec4(w10.w), v10_0, sum3_0);
            let w11 = weights[first_weights + 99u];
            let v11_0 = tile[column + 88u];
            sum0_0 = fma(vec4(w11.x), v11_0, sum0_0);
            sum1_0 = fma(vec4(w11.y), v11_0, sum1_0);
            sum2_0 = fma(vec4(w11.z), v11_0, sum2_0);
            sum3_0 = fma(vec4(w11.w), v11_0, sum3_0);
            let w12 = weights[first_weights + 108u];
            let v12_0 = tile[column + 96u];
            sum0_0 = fma(vec4(w12.x), v12_0, sum0_0);
            sum1_0 = fma(vec4(w12.y), v12_0, sum1_0);
            sum2_0 = fma(vec4(w12.z), v12_0, sum2_0);
            sum3_0 = fma(vec4(w12.w), v12_0, sum3_0);
            let w13 = weights[first_weights + 117u];
            let v13_0 = tile[column + 104u];
            sum0_0 = fma(vec4(w13.x), v13_0, sum0_0);
            sum1_0 = fma(vec4(w13.y), v13_0, sum1_0);
            sum2_0 = fma(vec4(w13.z), v13_0, sum2_0);
            sum3_0 = fma(vec4(w13.w), v13_0, sum3_0);
            let w14 = weights[first_weights + 126u];
            let v14_0 = tile[column + 112u];
            sum0_0 = fma(vec4(w14.x), v14_0, sum0_0);
            sum1_0 = fma(vec4(w14.y), v14_0, sum1_0);
            sum2_0 = fma(vec4(w14.z), v14_0, sum2_0);
            sum3_0 = fma(vec4(w14.w), v14_0, sum3_0);
            let w15 = weights[first_weights + 135u];
            let v15_0 = tile[column + 120u];
            sum0_0 = fma(vec4(w15.x), v15_0, sum0_0);
            sum1_0 = fma(vec4(w15.y), v15_0, sum1_0);
            sum2_0 = fma(vec4(w15.z), v15_0, sum2_0);
            sum3_0 = fma(vec4(w15.w), v15_0, sum3_0);
            workgroupBarrier();
        }
    }
    let start28 = 0u + (matrix / p[6].x * p[5].w * p[6].x + matrix % p[6].x) * p[6].y;
    {
        let line = start28 + (at) * p[6].x * p[6].y;
        a5[line + column] = sum0_0.x;
        a5[line + column + 8u] = sum0_0.y;
        a5[line + column + 16u] = sum0_0.z;
        a5[line + column + 24u] = sum0_0.w;
    }
    {
        let line = start28 + (at + 1u) * p[6].x * p[6].y;
        a5[line + column] = sum1_0.x;
        a5[line + column + 8u] = sum1_0.y;
        a5[line + column + 16u] = sum1_0.z;
        a5[line + column + 24u] = sum1_0.w;
    }
    {
        let line = start28 + (at + 2u) * p[6].x * p[6].y;
        a5[line + column] = sum2_0.x;
        a5[line + column + 8u] = sum2_0.y;
        a5[line + column + 16u] = sum2_0.z;
        a5[line + column + 24u] = sum2_0.w;
    }
    {
        let line = start28 + (at + 3u) * p[6].x * p[6].y;
        a5[line + column] = sum3_0.x;
        a5[line + column + 8u] = sum3_0.y;
        a5[line + column + 16u] = sum3_0.z;
        a5[line + column + 24u] = sum3_0.w;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read> a2: array<f32>;
@group(0) @binding(3) var<storage, read> a3: array<f32>;
@group(0) @binding(4) var<storage, read> a4: array<f32>;
@group(0) @binding(5) var<storage, read_write> a5: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 8>;
var<workgroup> tile: array<vec4<f32>, 288>;
var<workgroup> weights: array<vec4<f32>, 288>;

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
fn load_query(x0: u32, x1: u32, row: u32, column: u32) -> f32 {
    let address0 = x0 * p[0].x + x1 * p[0].y + row * p[0].z + column;
    let v1 = a0[address0];
    return v1;
}
fn load_key(x0: u32, x1: u32, row: u32, column: u32) -> f32 {
    let address2 = x0 * p[0].w + x1 * p[1].x + row * p[1].y + column;
    let v3 = a1[address2];
    return v3;
}
fn load_value(x0: u32, x1: u32, row: u32, column: u32) -> f32 {
    let address4 = x0 * p[1].z + x1 * p[1].w + row * p[2].x + column;
    let v5 = a2[address4];
    return v5;
}
fn load_logarithm(x0: u32, x1: u32, row: u32) -> f32 {
    let address6 = x0 * p[2].y + x1 * p[2].z + row + p[2].w;
    let v7 = a3[address6];
    return v7;
}
fn load_slope(x0: u32, x1: u32, row: u32) -> f32 {
    let address8 = x0 * p[3].x + x1 * p[3].y + row;
    let v9 = a4[address8];
    return v9;
}
fn load_above(x0: u32, x1: u32, row: u32, column: u32) -> f32 {
    let address10 = x0 * p[3].z + x1 * p[3].w + row * p[4].x + column;
    let v11 = a3[address10];
    return v11;
}
fn exponentials(x: vec4<f32>) -> vec4<f32> {
    return vec4(exp_f32(x.x), exp_f32(x.y), exp_f32(x.z), exp_f32(x.w));
}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let matrix = group / p[4].y;
    let first_row = group % p[4].y * 32u;
    let row = lane / 8u;
    let column = lane % 8u;
    let at = first_row + row * 4u;
    let step = lane % 16u;
    let quad = lane / 16u;
    let rows = vec4(at, at + 1u, at + 2u, at + 3u);
    let scale = bitcast<f32>(p[4].z);
    let lowest = vec4(-infinity());
    var value0_0 = vec4<f32>();
    var value1_0 = vec4<f32>();
    var value2_0 = vec4<f32>();
    var value3_0 = vec4<f32>();
    var key0_0 = vec4<f32>();
    var key1_0 = vec4<f32>();
    var key2_0 = vec4<f32>();
    var key3_0 = vec4<f32>();
    let rest13 = matrix / p[4].w;
    let x12 = matrix - rest13 * p[4].w;
    let end = p[5].x;
    for (var first = first_row / 32u * 32u; first < end; first += 32u) {
        let at0 = first + column;
        let at1 = first + column + 8u;
        let at2 = first + column + 16u;
        let at3 = first + column + 24u;
        var score0 = vec4<f32>();
        var score1 = vec4<f32>();
        var score2 = vec4<f32>();
        var score3 = vec4<f32>();
        for (var depth = 0u; depth < p[5].y; depth += 16u) {
            let row14 = first_row + quad * 4u;
            tile[step * 9u + quad] = vec4(load_key(rest13, x12, row14, depth + step), load_key(rest13, x12, row14 + 1u, depth + step), load_key(rest13, x12, row14 + 2u, depth + step), load_key(rest13, x12, row14 + 3u, depth + step));
            let row15 = first_row + quad * 4u + 16u;
            tile[step * 9u + quad + 4u] = vec4(load_key(rest13, x12, row15, depth + step), load_key(rest13, x12, row15 + 1u, depth + step), load_key(rest13, x12, row15 + 2u, depth + step), load_key(rest13, x12, row15 + 3u, depth + step));
            let row16 = first + quad;
            tile[step * 9u + quad + 144u] = vec4(load_query(rest13, x12, row16, depth + step), load_query(rest13, x12, row16 + 8u, depth + step), load_query(rest13, x12, row16 + 16u, depth + step), load_query(rest13, x12, row16 + 24u, depth + step));
            let row17 = first + quad + 4u;
            tile[step * 9u + quad + 4u + 144u] = vec4(load_query(rest13, x12, row17, depth + step), load_query(rest13, x12, row17 + 8u, depth + step), load_query(rest13, x12, row17 + 16u, depth + step), load_query(rest13, x12, row17 + 24u, depth + step));
            workgroupBarrier();
            let l0 = tile[row];
            let r0 = tile[column + 144u];
            score0 = fma(l0, vec4(r0.x), score0);
            score1 = fma(l0, vec4(r0.y), score1);
            score2 = fma(l0, vec4(r0.z), score2);
            score3 = fma(l0, vec4(r0.w), score3);
            let l1 = tile[row + 9u];
            let r1 = tile[column + 153u];
            score0 = fma(l1, vec4(r1.x), score0);
            score1 = fma(l1, vec4(r1.y), score1);
            score2 = fma(l1, vec4(r1.z), score2);
            score3 = fma(l1, vec4(r1.w), score3);
            let l2 = tile[row + 18u];
            let r2 = tile[column + 162u];
            score0 = fma(l2, vec4(r2.x), score0);
            score1 = fma(l2, vec4(r2.y), score1);
            score2 = fma(l2, vec4(r2.z), score2);
            score3 = fma(l2, vec4(r2.w), score3);
            let l3 = tile[row + 27u];
            let r3 = tile[column + 171u];
            score0 = fma(l3, vec4(r3.x), score0);
            score1 = fma(l3, vec4(r3.y), score1);
            score2 = fma(l3, vec4(r3.z), score2);
            score3 = fma(l3, vec4(r3.w), score3);
            let l4 = tile[row + 36u];
            let r4 = tile[column + 180u];
            score0 = fma(l4, vec4(r4.x), score0);
            score1 = fma(l4, vec4(r4.y), score1);
            score2 = fma(l4, vec4(r4.z), score2);
            score3 = fma(l4, vec4(r4.w), score3);
            let l5 = tile[row + 45u];
            let r5 = tile[column + 189u];
            score0 = fma(l5, vec4(r5.x), score0);
            score1 = fma(l5, vec4(r5.y), score1);
            score2 = fma(l5, vec4(r5.z), score2);
            score3 = fma(l5, vec4(r5.w), score3);
            let l6 = tile[row + 54u];
            let r6 = tile[column + 198u];
            score0 = fma(l6, vec4(r6.x), score0);
            score1 = fma(l6, vec4(r6.y), score1);
            score2 = fma(l6, vec4(r6.z), score2);
            score3 = fma(l6, vec4(r6.w), score3);
            let l7 = tile[row + 63u];
            let r7 = tile[column + 207u];
            score0 = fma(l7, vec4(r7.x), score0);
            score1 = fma(l7, vec4(r7.y), score1);
            score2 = fma(l7, vec4(r7.z), score2);
            score3 = fma(l7, vec4(r7.w), score3);
            let l8 = tile[row + 72u];
            let r8 = tile[column + 216u];
            score0 = fma(l8, vec4(r8.x), score0);
            score1 = fma(l8, vec4(r8.y), score1);
            score2 = fma(l8, vec4(r8.z), score2);
            score3 = fma(l8, vec4(r8.w), score3);
            let l9 = tile[row + 81u];
            let r9 = tile[column + 225u];
            score0 = fma(l9, vec4(r9.x), score0);
            score1 = fma(l9, vec4(r9.y), score1);
            score2 = fma(l9, vec4(r9.z), score2);
            score3 = fma(l9, vec4(r9.w), score3);
            let l10 = tile[row + 90u];
            let r10 = tile[column + 234u];
            score0 = fma(l10, vec4(r10.x), score0);
            score1 = fma(l10, vec4(r10.y), score1);
            score2 = fma(l10, vec4(r10.z), score2);
            score3 = fma(l10, vec4(r10.w), score3);
            let l11 = tile[row + 99u];
            let r11 = tile[column + 243u];
            score0 = fma(l11, vec4(r11.x), score0);
            score1 = fma(l11, vec4(r11.y), score1);
            score2 = fma(l11, vec4(r11.z), score2);
            score3 = fma(l11, vec4(r11.w), score3);
            let l12 = tile[row + 108u];
            let r12 = tile[column + 252u];
            score0 = fma(l12, vec4(r12.x), score0);
            score1 = fma(l12, vec4(r12.y), score1);
            score2 = fma(l12, vec4(r12.z), score2);
            score3 = fma(l12, vec4(r12.w), score3);
            let l13 = tile[row + 117u];
            let r13 = tile[column + 261u];
            score0 = fma(l13, vec4(r13.x), score0);
            score1 = fma(l13, vec4(r13.y), score1);
            score2 = fma(l13, vec4(r13.z), score2);
            score3 = fma(l13, vec4(r13.w), score3);
            let l14 = tile[row + 126u];
            let r14 = tile[column + 270u];
            score0 = fma(l14, vec4(r14.x), score0);
            score1 = fma(l14, vec4(r14.y), score1);
            score2 = fma(l14, vec4(r14.z), score2);
            score3 = fma(l14, vec4(r14.w), score3);
            let l15 = tile[row + 135u];
            let r15 = tile[column + 279u];
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
            let row18 = first_row + quad * 4u;
            tile[step * 9u + quad] = vec4(load_value(rest13, x12, row18, depth + step), load_value(rest13, x12, row18 + 1u, depth + step), load_value(rest13, x12, row18 + 2u, depth + step), load_value(rest13, x12, row18 + 3u, depth + step));
            let row19 = first_row + quad * 4u + 16u;
            tile[step * 9u + quad + 4u] = vec4(load_value(rest13, x12, row19, depth + step), load_value(rest13, x12, row19 + 1u, depth + step), load_value(rest13, x12, row19 + 2u, depth + step), load_value(rest13, x12, row19 + 3u, depth + step));
            let row20 = first + quad;
            tile[step * 9u + quad + 144u] = vec4(load_above(rest13, x12, row20, depth + step), load_above(rest13, x12, row20 + 8u, depth + step), load_above(rest13, x12, row20 + 16u, depth + step), load_above(rest13, x12, row20 + 24u, depth + step));
            let row21 = first + quad + 4u;
            tile[step * 9u + quad + 4u + 144u] = vec4(load_above(rest13, x12, row21, depth + step), load_above(rest13, x12, row21 + 8u, depth + step), load_above(rest13, x12, row21 + 16u, depth + step), load_above(rest13, x12, row21 + 24u, depth + step));
            workgroupBarrier();
            let l0 = tile[row];
            let r0 = tile[column + 144u];
            above0 = fma(l0, vec4(r0.x), above0);
            above1 = fma(l0, vec4(r0.y), above1);
            above2 = fma(l0, vec4(r0.z), above2);
            above3 = fma(l0, vec4(r0.w), above3);
            let l1 = tile[row + 9u];
            let r1 = tile[column + 153u];
            above0 = fma(l1, vec4(r1.x), above0);
            above1 = fma(l1, vec4(r1.y), above1);
            above2 = fma(l1, vec4(r1.z), above2);
            above3 = fma(l1, vec4(r1.w), above3);
            let l2 = tile[row + 18u];
            let r2 = tile[column + 162u];
            above0 = fma(l2, vec4(r2.x), above0);
            above1 = fma(l2, vec4(r2.y), above1);
            above2 = fma(l2, vec4(r2.z), above2);
            above3 = fma(l2, vec4(r2.w), above3);
            let l3 = tile[row + 27u];
            let r3 = tile[column + 171u];
            above0 = fma(l3, vec4(r3.x), above0);
            above1 = fma(l3, vec4(r3.y), above1);
            above2 = fma(l3, vec4(r3.z), above2);
            above3 = fma(l3, vec4(r3.w), above3);
            let l4 = tile[row + 36u];
            let r4 = tile[column + 180u];
            above0 = fma(l4, vec4(r4.x), above0);
            above1 = fma(l4, vec4(r4.y), above1);
            above2 = fma(l4, vec4(r4.z), above2);
            above3 = fma(l4, vec4(r4.w), above3);
            let l5 = tile[row + 45u];
            let r5 = tile[column + 189u];
            above0 = fma(l5, vec4(r5.x), above0);
            above1 = fma(l5, vec4(r5.y), above1);
            above2 = fma(l5, vec4(r5.z), above2);
            above3 = fma(l5, vec4(r5.w), above3);
            let l6 = tile[row + 54u];
            let r6 = tile[column + 198u];
            above0 = fma(l6, vec4(r6.x), above0);
            above1 = fma(l6, vec4(r6.y), above1);
            above2 = fma(l6, vec4(r6.z), above2);
            above3 = fma(l6, vec4(r6.w), above3);
            let l7 = tile[row + 63u];
            let r7 = tile[column + 207u];
            above0 = fma(l7, vec4(r7.x), above0);
            above1 = fma(l7, vec4(r7.y), above1);
            above2 = fma(l7, vec4(r7.z), above2);
            above3 = fma(l7, vec4(r7.w), above3);
            let l8 = tile[row + 72u];
            let r8 = tile[column + 216u];
            above0 = fma(l8, vec4(r8.x), above0);
            above1 = fma(l8, vec4(r8.y), above1);
            above2 = fma(l8, vec4(r8.z), above2);
            above3 = fma(l8, vec4(r8.w), above3);
            let l9 = tile[row + 81u];
            let r9 = tile[column + 225u];
            above0 = fma(l9, vec4(r9.x), above0);
            above1 = fma(l9, vec4(r9.y), above1);
            above2 = fma(l9, vec4(r9.z), above2);
            above3 = fma(l9, vec4(r9.w), above3);
            let l10 = tile[row + 90u];
            let r10 = tile[column + 234u];
            above0 = fma(l10, vec4(r10.x), above0);
            above1 = fma(l10, vec4(r10.y), above1);
            above2 = fma(l10, vec4(r10.z), above2);
            above3 = fma(l10, vec4(r10.w), above3);
            let l11 = tile[row + 99u];
            let r11 = tile[column + 243u];
            above0 = fma(l11, vec4(r11.x), above0);
            above1 = fma(l11, vec4(r11.y), above1);
            above2 = fma(l11, vec4(r11.z), above2);
            above3 = fma(l11, vec4(r11.w), above3);
            let l12 = tile[row + 108u];
            let r12 = tile[column + 252u];
            above0 = fma(l12, vec4(r12.x), above0);
            above1 = fma(l12, vec4(r12.y), above1);
            above2 = fma(l12, vec4(r12.z), above2);
            above3 = fma(l12, vec4(r12.w), above3);
            let l13 = tile[row + 117u];
            let r13 = tile[column + 261u];
            above0 = fma(l13, vec4(r13.x), above0);
            above1 = fma(l13, vec4(r13.y), above1);
            above2 = fma(l13, vec4(r13.z), above2);
            above3 = fma(l13, vec4(r13.w), above3);
            let l14 = tile[row + 126u];
            let r14 = tile[column + 270u];
            above0 = fma(l14, vec4(r14.x), above0);
            above1 = fma(l14, vec4(r14.y), above1);
            above2 = fma(l14, vec4(r14.z), above2);
            above3 = fma(l14, vec4(r14.w), above3);
            let l15 = tile[row + 135u];
            let r15 = tile[column + 279u];
            above0 = fma(l15, vec4(r15.x), above0);
            above1 = fma(l15, vec4(r15.y), above1);
            above2 = fma(l15, vec4(r15.z), above2);
            above3 = fma(l15, vec4(r15.w), above3);
            workgroupBarrier();
        }
        score0 *= scale;
        score0 = select(score0, lowest, (rows > vec4(at0)));
        score1 *= scale;
        score1 = select(score1, lowest, (rows > vec4(at1)));
        score2 *= scale;
        score2 = select(score2, lowest, (rows > vec4(at2)));
        score3 *= scale;
        score3 = select(score3, lowest, (rows > vec4(at3)));
        score0 = exponentials(score0 - load_logarithm(rest13, x12, at0));
        above0 = score0 * (above0 - load_slope(rest13, x12, at0)) * scale;
        score1 = exponentials(score1 - load_logarithm(rest13, x12, at1));
        above1 = score1 * (above1 - load_slope(rest13, x12, at1)) * scale;
        score2 = exponentials(score2 - load_logarithm(rest13, x12, at2));
        above2 = score2 * (above2 - load_slope(rest13, x12, at2)) * scale;
        score3 = exponentials(score3 - load_logarithm(rest13, x12, at3));
        above3 = score3 * (above3 - load_slope(rest13, x12, at3)) * scale;
        weights[column * 9u + row] = score0;
        weights[column * 9u + row + 72u] = score1;
        weights[column * 9u + row + 144u] = score2;
        weights[column * 9u + row + 216u] = score3;
        for (var start = 0u; start < min(32u, end - first); start += 16u) {
            let item22 = lane;
            let row23 = first + start + item22 / 8u;
            let place24 = item22 % 8u;
            tile[item22] = vec4(load_above(rest13, x12, row23, place24), load_above(rest13, x12, row23, place24 + 8u), load_above(rest13, x12, row23, place24 + 16u), load_above(rest13, x12, row23, place24 + 24u));
            let item25 = lane + 64u;
            let row26 = first + start + item25 / 8u;
            let place27 = item25 % 8u;
            tile[item25] = vec4(load_above(rest13, x12, row26, place27), load_above(rest13, x12, row26, place27 + 8u), load_above(rest13, x12, row26, place27 + 16u), load_above(rest13, x12, row26, place27 + 24u));
            workgroupBarrier();
            let first_weights = start * 9u + row;
            let w0 = weights[first_weights];
            let v0_0 = tile[column];
            value0_0 = fma(vec4(w0.x), v0_0, value0_0);
            value1_0 = fma(vec4(w0.y), v0_0, value1_0);
            value2_0 = fma(vec4(w0.z), v0_0, value2_0);
            value3_0 = fma(vec4(w0.w), v0_0, value3_0);
            let w1 = weights[first_weights + 9u];
            let v1_0 = tile[column + 8u];
            value0_0 = fma(vec4(w1.x), v1_0, value0_0);
            value1_0 = fma(vec4(w1.y), v1_0, value1_0);
            value2_0 = fma(vec4(w1.z), v1_0, value2_0);
            value3_0 = fma(vec4(w1.w), v1_0, value3_0);
            let w2 = weights[first_weights + 18u];
            let v2_0 = tile[column + 16u];
            value0_0 = fma(vec4(w2.x), v2_0, value0_0);
            value1_0 = fma(vec4(w2.y), v2_0, value1_0);
            value2_0 = fma(vec4(w2.z), v2_0, value2_0);
            value3_0 = fma(vec4(w2.w), v2_0, value3_0);
            let w3 = weights[first_weights + 27u];
            let v3_0 = tile[column + 24u];
            value0_0 = fma(vec4(w3.x), v3_0, value0_0);
            value1_0 = fma(vec4(w3.y), v3_0, value1_0);
            value2_0 = fma(vec4(w3.z), v3_0, value2_0);
            value3_0 = fma(vec4(w3.w), v3_0, value3_0);
            let w4 = weights[first_weights + 36u];
            let v4_0 = tile[column + 32u];
            value0_0 = fma(vec4(w4.x), v4_0, value0_0);
            value1_0 = fma(vec4(w4.y), v4_0, value1_0);
            value2_0 = fma(vec4(w4.z), v4_0, value2_0);
            value3_0 = fma(vec4(w4.w), v4_0, value3_0);
            let w5 = weights[first_weights + 45u];
            let v5_0 = tile[column + 40u];
            value0_0 = fma(vec4(w5.x), v5_0, value0_0);
            value1_0 = fma(vec4(w5.y), v5_0, value1_0);
            value2_0 = fma(vec4(w5.z), v5_0, value2_0);
            value3_0 = fma(vec4(w5.w), v5_0, value3_0);
            let w6 = weights[first_weights + 54u];
            let v6_0 = tile[column + 48u];
            value0_0 = fma(vec4(w6.x), v6_0, value0_0);
            value1_0 = fma(vec4(w6.y), v6_0, value1_0);
            value2_0 = fma(vec4(w6.z), v6_0, value2_0);
            value3_0 = fma(vec4(w6.w), v6_0, value3_0);
            let w7 = weights[first_weights + 63u];
            let v7_0 = tile[column + 56u];
            value0_0 = fma(vec4(w7.x), v7_0, value0_0);
            value1_0 = fma(vec4(w7.y), v7_0, value1_0);
            value2_0 = fma(vec4(w7.z), v7_0, value2_0);
            value3_0 = fma(vec4(w7.w), v7_0, value3_0);
            let w8 = weights[first_weights + 72u];
            let v8_0 = tile[column + 64u];
            value0_0 = fma(vec4(w8.x), v8_0, value0_0);
            value1_0 = fma(vec4(w8.y), v8_0, value1_0);
            value2_0 = fma(vec4(w8.z), v8_0, value2_0);
            value3_0 = fma(vec4(w8.w), v8_0, value3_0);
            let w9 = weights[first_weights + 81u];
            let v9_0 = tile[column + 72u];
            value0_0 = fma(vec4(w9.x), v9_0, value0_0);
            value1_0 = fma(vec4(w9.y), v9_0, value1_0);
            value2_0 = fma(vec4(w9.z), v9_0, value2_0);
            value3_0 = fma(vec4(w9.w), v9_0, value3_0);
            let w10 = weights[first_weights + 90u];
            let v10_0 = tile[column + 80u];
            value0_0 = fma(vec4(w10.x), v10_0, value0_0);
            value1_0 = fma(vec4(w10.y), v10_0, value1_0);
            value2_0 = fma(vec4(w10.z), v10_0, value2_0);
            value3_0 = fma(vec4(w10.w), v10_0, value3_0);
            let w11 = weights[first_weights + 99u];
            let v11_0 = tile[column + 88u];
            value0_0 = fma(vec4(w11.x), v11_0, value0_0);
            value1_0 = fma(vec4(w11.y), v11_0, value1_0);
            value2_0 = fma(vec4(w11.z), v11_0, value2_0);
            value3_0 = fma(vec4(w11.w), v11_0, value3_0);
            let w12 = weights[first_weights + 108u];
            let v12_0 = tile[column + 96u];
            value0_0 = fma(vec4(w12.x), v12_0, value0_0);
            value1_0 = fma(vec4(w12.y), v12_0, value1_0);
            value2_0 = fma(vec4(w12.z), v12_0, value2_0);
            value3_0 = fma(vec4(w12.w), v12_0, value3_0);
            let w13 = weights[first_weights + 117u];
            let v13_0 = tile[column + 104u];
            value0_0 = fma(vec4(w13.x), v13_0, value0_0);
            value1_0 = fma(vec4(w13.y), v13_0, value1_0);
            value2_0 = fma(vec4(w13.z), v13_0, value2_0);
            value3_0 = fma(vec4(w13.w), v13_0, value3_0);
            let w14 = weights[first_weights + 126u];
            let v14_0 = tile[column + 112u];
            value0_0 = fma(vec4(w14.x), v14_0, value0_0);
            value1_0 = fma(vec4(w14.y), v14_0, value1_0);
            value2_0 = fma(vec4(w14.z), v14_0, value2_0);
            value3_0 = fma(vec4(w14.w), v14_0, value3_0);
            let w15 = weights[first_weights + 135u];
            let v15_0 = tile[column + 120u];
            value0_0 = fma(vec4(w15.x), v15_0, value0_0);
            value1_0 = fma(vec4(w15.y), v15_0, value1_0);
            value2_0 = fma(vec4(w15.z), v15_0, value2_0);
            value3_0 = fma(vec4(w15.w), v15_0, value3_0);
            workgroupBarrier();
        }
        weights[column * 9u + row] = above0;
        weights[column * 9u + row + 72u] = above1;
        weights[column * 9u + row + 144u] = above2;
        weights[column * 9u + row + 216u] = above3;
        for (var start = 0u; start < min(32u, end - first); start += 16u) {
            let item28 = lane;
            let row29 = first + start + item28 / 8u;
            let place30 = item28 % 8u;
            tile[item28] = vec4(load_query(rest13, x12, row29, place30), load_query(rest13, x12, row29, place30 + 8u), load_query(rest13, x12, row29, place30 + 16u), load_query(rest13, x12, row29, place30 + 24u));
            let item31 = lane + 64u;
            let row32 = first + start + item31 / 8u;
            let place33 = item31 % 8u;
            tile[item31] = vec4(load_query(rest13, x12, row32, place33), load_query(rest13, x12, row32, place33 + 8u), load_query(rest13, x12, row32, place33 + 16u), load_query(rest13, x12, row32, place33 + 24u));
            workgroupBarrier();
            let first_weights = start * 9u + row;
            let w0 = weights[first_weights];
            let v0_0 = tile[column];
            key0_0 = fma(vec4(w0.x), v0_0, key0_0);
            key1_0 = fma(vec4(w0.y), v0_0, key1_0);
            key2_0 = fma(vec4(w0.z), v0_0, key2_0);
            key3_0 = fma(vec4(w0.w), v0_0, key3_0);
            let w1 = weights[first_weights + 9u];
            let v1_0 = tile[column + 8u];
            key0_0 = fma(vec4(w1.x), v1_0, key0_0);
            key1_0 = fma(vec4(w1.y), v1_0, key1_0);
            key2_0 = fma(vec4(w1.z), v1_0, key2_0);
            key3_0 = fma(vec4(w1.w), v1_0, key3_0);
            let w2 = weights[first_weights + 18u];
            let v2_0 = tile[column + 16u];
            key0_0 = fma(vec4(w2.x), v2_0, key0_0);
            key1_0 = fma(vec4(w2.y), v2_0, key1_0);
            key2_0 = fma(vec4(w2.z), v2_0, key2_0);
            key3_0 = fma(vec4(w2.w), v2_0, key3_0);
            let w3 = weights[first_weights + 27u];
            let v3_0 = tile[column + 24u];
            key0_0 = fma(vec4(w3.x), v3_0, key0_0);
            key1_0 = fma(vec4(w3.y), v3_0, key1_0);
            key2_0 = fma(vec4(w3.z), v3_0, key2_0);
            key3_0 = fma(vec4(w3.w), v3_0, key3_0);
            let w4 = weights[first_weights + 36u];
            let v4_0 = tile[column + 32u];
            key0_0 = fma(vec4(w4.x), v4_0, key0_0);
            key1_0 = fma(vec4(w4.y), v4_0, key1_0);
            key2_0 = fma(vec4(w4.z), v4_0, key2_0);
            key3_0 = fma(vec4(w4.w), v4_0, key3_0);
            let w5 = weights[first_weights + 45u];
            let v5_0 = tile[column + 40u];
            key0_0 = fma(vec4(w5.x), v5_0, key0_0);
            key1_0 = fma(vec4(w5.y), v5_0, key1_0);
            key2_0 = fma(vec4(w5.z), v5_0, key2_0);
            key3_0 = fma(vec4(w5.w), v5_0, key3_0);
            let w6 = weights[first_weights + 54u];
            let v6_0 = tile[column + 48u];
            key0_0 = fma(vec4(w6.x), v6_0, key0_0);
            key1_0 = fma(vec4(w6.y), v6_0, key1_0);
            key2_0 = fma(vec4(w6.z), v6_0, key2_0);
            key3_0 = fma(vec4(w6.w), v6_0, key3_0);
            let w7 = weights[first_weights + 63u];
            let v7_0 = tile[column + 56u];
            key0_0 = fma(vec4(w7.x), v7_0, key0_0);
            key1_0 = fma(vec4(w7.y), v7_0, key1_0);
            key2_0 = fma(vec4(w7.z), v7_0, key2_0);
            key3_0 = fma(vec4(w7.w), v7_0, key3_0);
            let w8 = weights[first_weights + 72u];
            let v8_0 = tile[column + 64u];
            key0_0 = fma(vec4(w8.x), v8_0, key0_0);
            key1_0 = fma(vec4(w8.y), v8_0, key1_0);
            key2_0 = fma(vec4(w8.z), v8_0, key2_0);
            key3_0 = fma(vec4(w8.w), v8_0, key3_0);
            let w9 = weights[first_weights + 81u];
            let v9_0 = tile[column + 72u];
            key0_0 = fma(vec4(w9.x), v9_0, key0_0);
            key1_0 = fma(vec4(w9.y), v9_0, key1_0);
            key2_0 = fma(vec4(w9.z), v9_0, key2_0);
            key3_0 = fma(vec4(w9.w), v9_0, key3_0);
            let w10 = weights[first_weights + 90u];
            let v10_0 = tile[column + 80u];
            key0_0 = fma(vec4(w10.x), v10_0, key0_0);
            key1_0 = fma(vec4(w10.y), v10_0, key1_0);
            key2_0 = fma(vec4(w10.z), v10_0, key2_0);
            key3_0 = fma(vec4(w10.w), v10_0, key3_0);
            let w11 = weights[first_weights + 99u];
            let v11_0 = tile[column + 88u];
            key0_0 = fma(vec4(w11.x), v11_0, key0_0);
            key1_0 = fma(vec4(w11.y), v11_0, key1_0);
            key2_0 = fma(vec4(w11.z), v11_0, key2_0);
            key3_0 = fma(vec4(w11.w), v11_0, key3_0);
            let w12 = weights[first_weights + 108u];
            let v12_0 = tile[column + 96u];
            key0_0 = fma(vec4(w12.x), v12_0, key0_0);
            key1_0 = fma(vec4(w12.y), v12_0, key1_0);
            key2_0 = fma(vec4(w12.z), v12_0, key2_0);
            key3_0 = fma(vec4(w12.w), v12_0, key3_0);
            let w13 = weights[first_weights + 117u];
            let v13_0 = tile[column + 104u];
            key0_0 = fma(vec4(w13.x), v13_0, key0_0);
            key1_0 = fma(vec4(w13.y), v13_0, key1_0);
            key2_0 = fma(vec4(w13.z), v13_0, key2_0);
            key3_0 = fma(vec4(w13.w), v13_0, key3_0);
            let w14 = weights[first_weights + 126u];
            let v14_0 = tile[column + 112u];
            key0_0 = fma(vec4(w14.x), v14_0, key0_0);
            key1_0 = fma(vec4(w14.y), v14_0, key1_0);
            key2_0 = fma(vec4(w14.z), v14_0, key2_0);
            key3_0 = fma(vec4(w14.w), v14_0, key3_0);
            let w15 = weights[first_weights + 135u];
            let v15_0 = tile[column + 120u];
            key0_0 = fma(vec4(w15.x), v15_0, key0_0);
            key1_0 = fma(vec4(w15.y), v15_0, key1_0);
            key2_0 = fma(vec4(w15.z), v15_0, key2_0);
            key3_0 = fma(vec4(w15.w), v15_0, key3_0);
            workgroupBarrier();
        }
    }
    let start34 = p[5].w + (matrix / p[6].y * p[6].x * p[6].y + matrix % p[6].y) * p[6].z;
    {
        let line = start34 + (at) * p[6].y * p[6].z;
        a5[line + column] = value0_0.x;
        a5[line + column + 8u] = value0_0.y;
        a5[line + column + 16u] = value0_0.z;
        a5[line + column + 24u] = value0_0.w;
    }
    {
        let line = start34 + (at + 1u) * p[6].y * p[6].z;
        a5[line + column] = value1_0.x;
        a5[line + column + 8u] = value1_0.y;
        a5[line + column + 16u] = value1_0.z;
        a5[line + column + 24u] = value1_0.w;
    }
    {
        let line = start34 + (at + 2u) * p[6].y * p[6].z;
        a5[line + column] = value2_0.x;
        a5[line + column + 8u] = value2_0.y;
        a5[line + column + 16u] = value2_0.z;
        a5[line + column + 24u] = value2_0.w;
    }
    {
        let line = start34 + (at + 3u) * p[6].y * p[6].z;
        a5[line + column] = value3_0.x;
        a5[line + column + 8u] = value3_0.y;
        a5[line + column + 16u] = value3_0.z;
        a5[line + column + 24u] = value3_0.w;
    }
    let start35 = p[6].w + (matrix / p[7].y * p[7].x * p[7].y + matrix % p[7].y) * p[7].z;
    {
        let line = start35 + (at) * p[7].y * p[7].z;
        a5[line + column] = key0_0.x;
        a5[line + column + 8u] = key0_0.y;
        a5[line + column + 16u] = key0_0.z;
        a5[line + column + 24u] = key0_0.w;
    }
    {
        let line = start35 + (at + 1u) * p[7].y * p[7].z;
        a5[line + column] = key1_0.x;
        a5[line + column + 8u] = key1_0.y;
        a5[line + column + 16u] = key1_0.z;
        a5[line + column + 24u] = key1_0.w;
    }
    {
        let line = start35 + (at + 2u) * p[7].y * p[7].z;
        a5[line + column] = key2_0.x;
        a5[line + column + 8u] = key2_0.y;
        a5[line + column + 16u] = key2_0.z;
        a5[line + column + 24u] = key2_0.w;
    }
    {
        let line = start35 + (at + 3u) * p[7].y * p[7].z;
        a5[line + column] = key3_0.x;
        a5[line + column + 8u] = key3_0.y;
        a5[line + column + 16u] = key3_0.z;
        a5[line + column + 24u] = key3_0.w;
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(0) @binding(3) var<storage, read_write> a3: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 4>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    let rest1 = i / p[0].x;
    let x0 = i - rest1 * p[0].x;
    let rest3 = rest1 / p[0].y;
    let x2 = rest1 - rest3 * p[0].y;
    let rest5 = rest3 / p[0].z;
    let x4 = rest3 - rest5 * p[0].z;
    let address6 = rest5 * p[0].w + x4 * p[1].x + x2 * p[1].y + x0;
    let v7 = a0[address6];
    let address8 = rest5 * p[1].z + x4 * p[1].w + x2 * p[2].x + x0 + p[2].y;
    let v9 = a0[address8];
    let address10 = rest5 * p[2].z + x4 * p[2].w + x2 * p[3].x + x0 + p[3].y;
    let v11 = a0[address10];
    a1[i] = v7;
    a2[i] = v9;
    a3[i] = v11;
}
