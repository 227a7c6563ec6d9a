@group(0) @binding(0) var<storage, read_write> a0: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 3>;
@group(1) @binding(1) var<uniform> s: array<vec4<u32>, 4096>;

fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}
fn min_f32(a: f32, b: f32) -> f32 {
    return select(select(b, a, a < b), a, is_nan(a));
}
fn shr_u32(a: u32, b: u32) -> u32 {
    return select(a >> (b & 31u), 0u, b > 31u);
}
fn less_equal_f32(a: f32, b: f32) -> bool {
    return a <= b;
}
fn rotate_left(a: u32, count: u32) -> u32 {
    return (a << count) | (a >> (32u - count));
}
fn threefry_rounds(state: vec2<u32>, rotations: vec4<u32>) -> vec2<u32> {
    var a = state.x;
    var b = state.y;
    a += b;
    b = rotate_left(b, rotations.x) ^ a;
    a += b;
    b = rotate_left(b, rotations.y) ^ a;
    a += b;
    b = rotate_left(b, rotations.z) ^ a;
    a += b;
    b = rotate_left(b, rotations.w) ^ a;
    return vec2(a, b);
}
fn threefry(k0: u32, k1: u32, counter: u32) -> u32 {
    let k2 = 0x1bd11bdau ^ k0 ^ k1;
    let even = vec4(13u, 15u, 26u, 6u);
    let odd = vec4(17u, 29u, 16u, 24u);
    var state = vec2(counter + k0, k1);
    state = threefry_rounds(state, even) + vec2(k1, k2 + 1u);
    state = threefry_rounds(state, odd) + vec2(k2, k0 + 2u);
    state = threefry_rounds(state, even) + vec2(k0, k1 + 3u);
    state = threefry_rounds(state, odd) + vec2(k1, k2 + 4u);
    state = threefry_rounds(state, even) + vec2(k2, k0 + 5u);
    return state.x;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = bitcast<f32>(s[p[0].y >> 2u][p[0].y & 3u]);
    let v1 = s[p[0].z >> 2u][p[0].z & 3u];
    let v2 = s[p[0].w >> 2u][p[0].w & 3u];
    let v3 = i32(i);
    let v4 = u32(v3);
    let v5 = threefry(v1, v2, v4);
    let v6 = p[1].x;
    let v7 = shr_u32(v5, v6);
    let v8 = f32(v7);
    let v9 = bitcast<f32>(p[1].y);
    let v10 = (v8 * v9);
    let v11 = bitcast<f32>(s[p[1].z >> 2u][p[1].z & 3u]);
    let v12 = (v10 * v11);
    let v13 = bitcast<f32>(s[p[1].w >> 2u][p[1].w & 3u]);
    let v14 = (v12 + v13);
    let v15 = bitcast<f32>(s[p[2].x >> 2u][p[2].x & 3u]);
    let v16 = min_f32(v14, v15);
    let v17 = less_equal_f32(v0, v16);
    let v18 = 1.0;
    let v19 = bitcast<f32>(s[p[2].y >> 2u][p[2].y & 3u]);
    let v20 = (v18 * v19);
    let v21 = 0.0;
    let v22 = select(v21, v20, v17);
    a0[i] = v22;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read> a2: array<f32>;
@group(0) @binding(3) var<storage, read> a3: array<f32>;
@group(0) @binding(4) var<storage, read_write> a4: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 7>;
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
fn load_query(x0: u32, row: u32, column: u32) -> f32 {
    let i0 = min(row, p[0].x - 1u);
    let i1 = min(column, p[0].y - 1u);
    let address2 = x0 * p[0].z + i0 * p[0].w + i1;
    let v3 = a0[address2];
    return select(0.0, v3, (row < p[0].x) & (column < p[0].y));
}
fn load_key(x0: u32, row: u32, column: u32) -> f32 {
    let i4 = min(row, p[1].x - 1u);
    let i5 = min(column, p[1].y - 1u);
    let address6 = x0 * p[1].z + i4 * p[1].w + i5;
    let v7 = a1[address6];
    return select(0.0, v7, (row < p[1].x) & (column < p[1].y));
}
fn load_value(x0: u32, row: u32, column: u32) -> f32 {
    let i8 = min(row, p[2].x - 1u);
    let i9 = min(column, p[2].y - 1u);
    let address10 = x0 * p[2].z + i8 * p[2].w + i9;
    let v11 = a2[address10];
    return select(0.0, v11, (row < p[2].x) & (column < p[2].y));
}
fn load_factor(x0: u32, row: u32, column: u32) -> f32 {
    let i12 = min(row, p[3].x - 1u);
    let i13 = min(column, p[3].y - 1u);
    let address14 = x0 * p[3].z + i12 * p[3].w + i13;
    let v15 = a3[address14];
    return select(0.0, v15, (row < p[3].x) & (column < p[3].y));
}
fn exponentials(x: vec4<f32>) -> vec4<f32> {
    return vec4(exp_f32(x.x), exp_f32(x.y), exp_f32(x.z), exp_f32(x.w));
}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let matrix = group / p[4].x;
    let first_row = (p[4].x - 1u - group % p[4].x) * 32u;
    let row = lane / 8u;
    let column = lane % 8u;
    let at = first_row + row * 4u;
    let step = lane % 16u;
    let quad = lane / 16u;
    let rows = vec4(at, at + 1u, at + 2u, at + 3u);
    let scale = bitcast<f32>(p[4].y);
    let lowest = vec4(-infinity());
    var sum0_0 = vec4<f32>();
    var sum1_0 = vec4<f32>();
    var sum2_0 = vec4<f32>();
    var sum3_0 = vec4<f32>();
    var greatest = lowest;
    var total = vec4<f32>();
    let end = min(p[4].z, first_row + 32u);
    for (var first = 0u; first < end; first += 32u) {
        let at0 = first + column;
        let at1 = first + column + 8u;
        let at2 = first + column + 16u;
        let at3 = first + column + 24u;
        var score0 = vec4<f32>();
        var score1 = vec4<f32>();
        var score2 = vec4<f32>();
        var score3 = vec4<f32>();
        for (var depth = 0u; depth < p[4].w; depth += 16u) {
            let row16 = first_row + quad * 4u;
            tile[step * 9u + quad] = vec4(load_query(matrix, row16, depth + step), load_query(matrix, row16 + 1u, depth + step), load_query(matrix, row16 + 2u, depth + step), load_query(matrix, row16 + 3u, depth + step));
            let row17 = first_row + quad * 4u + 16u;
            tile[step * 9u + quad + 4u] = vec4(load_query(matrix, row17, depth + step), load_query(matrix, row17 + 1u, depth + step), load_query(matrix, row17 + 2u, depth + step), load_query(matrix, row17 + 3u, depth + step));
            let row18 = first + quad;
            tile[step * 9u + quad + 144u] = vec4(load_key(matrix, row18, depth + step), load_key(matrix, row18 + 8u, depth + step), load_key(matrix, row18 + 16u, depth + step), load_key(matrix, row18 + 24u, depth + step));
            let row19 = first + quad + 4u;
            tile[step * 9u + quad + 4u + 144u] = vec4(load_key(matrix, row19, depth + step), load_key(matrix, row19 + 8u, depth + step), load_key(matrix, row19 + 16u, depth + step), load_key(matrix, row19 + 24u, depth + step));
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
        score0 = select(score0, lowest, (rows < vec4(at0)) | vec4(at0 >= p[5].x));
        score1 *= scale;
        score1 = select(score1, lowest, (rows < vec4(at1)) | vec4(at1 >= p[5].x));
        score2 *= scale;
        score2 = select(score2, lowest, (rows < vec4(at2)) | vec4(at2 >= p[5].x));
        score3 *= scale;
        score3 = select(score3, lowest, (rows < vec4(at3)) | vec4(at3 >= p[5].x));
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
        score0 *= vec4(load_factor(matrix, at, at0), load_factor(matrix, at + 1u, at0), load_factor(matrix, at + 2u, at0), load_factor(matrix, at + 3u, at0));
        score1 *= vec4(load_factor(matrix, at, at1), load_factor(matrix, at + 1u, at1), load_factor(matrix, at + 2u, at1), load_factor(matrix, at + 3u, at1));
        score2 *= vec4(load_factor(matrix, at, at2), load_factor(matrix, at + 1u, at2), load_factor(matrix, at + 2u, at2), load_factor(matrix, at + 3u, at2));
        score3 *= vec4(load_factor(matrix, at, at3), load_factor(matrix, at + 1u, at3), load_factor(matrix, at + 2u, at3), load_factor(matrix, at + 3u, at3));
        weights[column * 9u + row] = score0;
        weights[column * 9u + row + 72u] = score1;
        weights[column * 9u + row + 144u] = score2;
        weights[column * 9u + row + 216u] = score3;
        sum0_0 *= kept[0];
        sum1_0 *= kept[1];
        sum2_0 *= kept[2];
        sum3_0 *= kept[3];
        for (var start = 0u; start < min(32u, end - first); start += 16u) {
            let item20 = lane;
            let row21 = first + start + item20 / 8u;
            let place22 = item20 % 8u;
            tile[item20] = vec4(load_value(matrix, row21, place22), load_value(matrix, row21, place22 + 8u), load_value(matrix, row21, place22 + 16u), load_value(matrix, row21, place22 + 24u));
            let item23 = lane + 64u;
            let row24 = first + start + item23 / 8u;
            let place25 = item23 % 8u;
            tile[item23] = vec4(load_value(matrix, row24, place25), load_value(matrix, row24, place25 + 8u), load_value(matrix, row24, place25 + 16u), load_value(matrix, row24, place25 + 24u));
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
    let start26 = 0u + (matrix / p[5].z * p[5].y * p[5].z + matrix % p[5].z) * p[5].w;
    if (at < p[5].y) {
        let line = start26 + (at) * p[5].z * p[5].w;
        a4[line + column] = sum0_0.x * inverse.x;
        a4[line + column + 8u] = sum0_0.y * inverse.x;
        if (column + 16u < p[5].w) {
            a4[line + column + 16u] = sum0_0.z * inverse.x;
        }
    }
    if (at + 1u < p[5].y) {
        let line = start26 + (at + 1u) * p[5].z * p[5].w;
        a4[line + column] = sum1_0.x * inverse.y;
        a4[line + column + 8u] = sum1_0.y * inverse.y;
        if (column + 16u < p[5].w) {
            a4[line + column + 16u] = sum1_0.z * inverse.y;
        }
    }
    if (at + 2u < p[5].y) {
        let line = start26 + (at + 2u) * p[5].z * p[5].w;
        a4[line + column] = sum2_0.x * inverse.z;
        a4[line + column + 8u] = sum2_0.y * inverse.z;
        if (column + 16u < p[5].w) {
            a4[line + column + 16u] = sum2_0.z * inverse.z;
        }
    }
    if (at + 3u < p[5].y) {
        let line = start26 + (at + 3u) * p[5].z * p[5].w;
        a4[line + column] = sum3_0.x * inverse.w;
        a4[line + column + 8u] = sum3_0.y * inverse.w;
        if (column + 16u < p[5].w) {
            a4[line + column + 16u] = sum3_0.z * inverse.w;
        }
    }
    if (column == 0u) {
        let line = p[6].x + matrix * p[6].y + at;
        if (at < p[6].y) {
            a4[line] = select(greatest[0] + log_f32(all[0]), 0.0, all[0] == 0.0);
        }
        if (at + 1u < p[6].y) {
            a4[line + 1u] = select(greatest[1] + log_f32(all[1]), 0.0, all[1] == 0.0);
        }
        if (at + 2u < p[6].y) {
            a4[line + 2u] = select(greatest[2] + log_f32(all[2]), 0.0, all[2] == 0.0);
        }
        if (at + 3u < p[6].y) {
            a4[line + 3u] = select(greatest[3] + log_f32(all[3]), 0.0, all[3] == 0.0);
        }
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 3>;
var<workgroup> tile0: array<f32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let part = lane % 4u;
    let wanted = group * 64u + lane / 4u;
    let i = min(wanted, p[0].x - 1u);
    let rest1 = i / p[0].y;
    let x0 = i - rest1 * p[0].y;
    var acc0: f32 = 0.0;
    for (var r = part; r < p[0].z; r += 4u) {
        let address2 = rest1 * p[0].w + x0 * p[1].x + r;
        let v3 = a0[address2];
        let v4 = (v3 * v3);
        acc0 = (acc0 + v4);
    }
    for (var step = 2u; step > 0u; step = step / 2u) {
        tile0[lane] = acc0;
        workgroupBarrier();
        if (part < step) {
            acc0 = (acc0 + tile0[lane + step]);
        }
        workgroupBarrier();
    }
    if (part == 0u && wanted == i) {
        let g5 = rest1 * p[1].w + x0 + p[2].x;
        let address6 = rest1 * p[1].y + x0 + p[1].z;
        let ok7 = g5 < p[2].y;
        var v8 = 0.0;
        if (ok7) {
            v8 = a0[address6];
        }
        let v9 = (acc0 - v8);
        a1[i] = v9;
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
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 9>;
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
fn load_query(x0: u32, row: u32, column: u32) -> f32 {
    let i0 = min(row, p[0].x - 1u);
    let i1 = min(column, p[0].y - 1u);
    let address2 = x0 * p[0].z + i0 * p[0].w + i1;
    let v3 = a0[address2];
    return select(0.0, v3, (row < p[0].x) & (column < p[0].y));
}
fn load_key(x0: u32, row: u32, column: u32) -> f32 {
    let i4 = min(row, p[1].x - 1u);
    let i5 = min(column, p[1].y - 1u);
    let address6 = x0 * p[1].z + i4 * p[1].w + i5;
    let v7 = a1[address6];
    return select(0.0, v7, (row < p[1].x) & (column < p[1].y));
}
fn load_value(x0: u32, row: u32, column: u32) -> f32 {
    let i8 = min(row, p[2].x - 1u);
    let i9 = min(column, p[2].y - 1u);
    let address10 = x0 * p[2].z + i8 * p[2].w + i9;
    let v11 = a2[address10];
    return select(0.0, v11, (row < p[2].x) & (column < p[2].y));
}
fn load_factor(x0: u32, row: u32, column: u32) -> f32 {
    let i12 = min(row, p[3].x - 1u);
    let i13 = min(column, p[3].y - 1u);
    let address14 = x0 * p[3].z + i12 * p[3].w + i13;
    let v15 = a3[address14];
    return select(0.0, v15, (row < p[3].x) & (column < p[3].y));
}
fn load_logarithm(x0: u32, row: u32) -> f32 {
    let i16 = min(row, p[4].x - 1u);
    let address17 = x0 * p[4].y + i16 + p[4].z;
    let v18 = a4[address17];
    return select(0.0, v18, (row < p[4].x));
}
fn load_slope(x0: u32, row: u32) -> f32 {
    let i19 = min(row, p[4].w - 1u);
    let address20 = x0 * p[5].x + i19;
    let v21 = a5[address20];
    return select(0.0, v21, (row < p[4].w));
}
fn load_above(x0: u32, row: u32, column: u32) -> f32 {
    let i22 = min(row, p[5].y - 1u);
    let i23 = min(column, p[5].z - 1u);
    let address24 = x0 * p[5].w + i22 * p[6].x + i23;
    let v25 = a4[address24];
    return select(0.0, v25, (row < p[5].y) & (column < p[5].z));
}
fn exponentials(x: vec4<f32>) -> vec4<f32> {
    return vec4(exp_f32(x.x), exp_f32(x.y), exp_f32(x.z), exp_f32(x.w));
}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let matrix = group / p[6].y;
    let first_row = (p[6].y - 1u - group % p[6].y) * 32u;
    let row = lane / 8u;
    let column = lane % 8u;
    let at = first_row + row * 4u;
    let step = lane % 16u;
    let quad = lane / 16u;
    let rows = vec4(at, at + 1u, at + 2u, at + 3u);
    let scale = bitcast<f32>(p[6].z);
    let lowest = vec4(-infinity());
    var sum0_0 = vec4<f32>();
    var sum1_0 = vec4<f32>();
    var sum2_0 = vec4<f32>();
    var sum3_0 = vec4<f32>();
    let logarithms = vec4(load_logarithm(matrix, at), load_logarithm(matrix, at + 1u), load_logarithm(matrix, at + 2u), load_logarithm(matrix, at + 3u));
    let slopes = vec4(load_slope(matrix, at), load_slope(matrix, at + 1u), load_slope(matrix, at + 2u), load_slope(matrix, at + 3u));
    let end = min(p[6].w, first_row + 32u);
    for (var first = 0u; first < end; first += 32u) {
        let at0 = first + column;
        let at1 = first + column + 8u;
        let at2 = first + column + 16u;
        let at3 = first + column + 24u;
        var score0 = vec4<f32>();
        var score1 = vec4<f32>();
        var score2 = vec4<f32>();
        var score3 = vec4<f32>();
        for (var depth = 0u; depth < p[7].x; depth += 16u) {
            let row26 = first_row + quad * 4u;
            tile[step * 9u + quad] = vec4(load_query(matrix, row26, depth + step), load_query(matrix, row26 + 1u, depth + step), load_query(matrix, row26 + 2u, depth + step), load_query(matrix, row26 + 3u, depth + step));
            let row27 = first_row + quad * 4u + 16u;
            tile[step * 9u + quad + 4u] = vec4(load_query(matrix, row27, depth + step), load_query(matrix, row27 + 1u, depth + step), load_query(matrix, row27 + 2u, depth + step), load_query(matrix, row27 + 3u, depth + step));
            let row28 = first + quad;
            tile[step * 9u + quad + 144u] = vec4(load_key(matrix, row28, depth + step), load_key(matrix, row28 + 8u, depth + step), load_key(matrix, row28 + 16u, depth + step), load_key(matrix, row28 + 24u, depth + step));
            let row29 = first + quad + 4u;
            tile[step * 9u + quad + 4u + 144u] = vec4(load_key(matrix, row29, depth + step), load_key(matrix, row29 + 8u, depth + step), load_key(matrix, row29 + 16u, depth + step), load_key(matrix, row29 + 24u, depth + step));
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
        for (var depth = 0u; depth < p[7].y; depth += 16u) {
            let row30 = first_row + quad * 4u;
            tile[step * 9u + quad] = vec4(load_above(matrix, row30, depth + step), load_above(matrix, row30 + 1u, depth + step), load_above(matrix, row30 + 2u, depth + step), load_above(matrix, row30 + 3u, depth + step));
            let row31 = first_row + quad * 4u + 16u;
            tile[step * 9u + quad + 4u] = vec4(load_above(matrix, row31, depth + step), load_above(matrix, row31 + 1u, depth + step), load_above(matrix, row31 + 2u, depth + step), load_above(matrix, row31 + 3u, depth + step));
            let row32 = first + quad;
            tile[step * 9u + quad + 144u] = vec4(load_value(matrix, row32, depth + step), load_value(matrix, row32 + 8u, depth + step), load_value(matrix, row32 + 16u, depth + step), load_value(matrix, row32 + 24u, depth + step));
            let row33 = first + quad + 4u;
            tile[step * 9u + quad + 4u + 144u] = vec4(load_value(matrix, row33, depth + step), load_value(matrix, row33 + 8u, depth + step), load_value(matrix, row33 + 16u, depth + step), load_value(matrix, row33 + 24u, depth + step));
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
        score0 = select(score0, lowest, (rows < vec4(at0)) | vec4(at0 >= p[7].z));
        score1 *= scale;
        score1 = select(score1, lowest, (rows < vec4(at1)) | vec4(at1 >= p[7].z));
        score2 *= scale;
        score2 = select(score2, lowest, (rows < vec4(at2)) | vec4(at2 >= p[7].z));
        score3 *= scale;
        score3 = select(score3, lowest, (rows < vec4(at3)) | vec4(at3 >= p[7].z));
        above0 *= vec4(load_factor(matrix, at, at0), load_factor(matrix, at + 1u, at0), load_factor(matrix, at + 2u, at0), load_factor(matrix, at + 3u, at0));
        above0 = exponentials(score0 - logarithms) * (above0 - slopes) * scale;
        above1 *= vec4(load_factor(matrix, at, at1), load_factor(matrix, at + 1u, at1), load_factor(matrix, at + 2u, at1), load_factor(matrix, at + 3u, at1));
        above1 = exponentials(score1 - logarithms) * (above1 - slopes) * scale;
        above2 *= vec4(load_factor(matrix, at, at2), load_factor(matrix, at + 1u, at2), load_factor(matrix, at + 2u, at2), load_factor(matrix, at + 3u, at2));
        above2 = exponentials(score2 - logarithms) * (above2 - slopes) * scale;
        above3 *= vec4(load_factor(matrix, at, at3), load_factor(matrix, at + 1u, at3), load_factor(matrix, at + 2u, at3), load_factor(matrix, at + 3u, at3));
        above3 = exponentials(score3 - logarithms) * (above3 - slopes) * scale;
        weights[column * 9u + row] = above0;
        weights[column * 9u + row + 72u] = above1;
        weights[column * 9u + row + 144u] = above2;
        weights[column * 9u + row + 216u] = above3;
        for (var start = 0u; start < min(32u, end - first); start += 16u) {
            let item34 = lane;
            let row35 = first + start + item34 / 8u;
            let place36 = item34 % 8u;
            tile[item34] = vec4(load_key(matrix, row35, place36), load_key(matrix, row35, place36 + 8u), load_key(matrix, row35, place36 + 16u), load_key(matrix, row35, place36 + 24u));
            let item37 = lane + 64u;
            let row38 = first + start + item37 / 8u;
            let place39 = item37 % 8u;
            tile[item37] = vec4(load_key(matrix, row38, place39), load_key(matrix, row38, place39 + 8u), load_key(matrix, row38, place39 + 16u), load_key(matrix, row38, place39 + 24u));
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
    let start40 = 0u + (matrix / p[8].x * p[7].w * p[8].x + matrix % p[8].x) * p[8].y;
    if (at < p[7].w) {
        let line = start40 + (at) * p[8].x * p[8].y;
        a6[line + column] = sum0_0.x;
        a6[line + column + 8u] = sum0_0.y;
        if (column + 16u < p[8].y) {
            a6[line + column + 16u] = sum0_0.z;
        }
    }
    if (at + 1u < p[7].w) {
        let line = start40 + (at + 1u) * p[8].x * p[8].y;
        a6[line + column] = sum1_0.x;
        a6[line + column + 8u] = sum1_0.y;
        if (column + 16u < p[8].y) {
            a6[line + column + 16u] = sum1_0.z;
        }
    }
    if (at + 2u < p[7].w) {
        let line = start40 + (at + 2u) * p[8].x * p[8].y;
        a6[line + column] = sum2_0.x;
        a6[line + column + 8u] = sum2_0.y;
        if (column + 16u < p[8].y) {
            a6[line + column + 16u] = sum2_0.z;
        }
    }
    if (at + 3u < p[7].w) {
        let line = start40 + (at + 3u) * p[8].x * p[8].y;
        a6[line + column] = sum3_0.x;
        a6[line + column + 8u] = sum3_0.y;
        if (column + 16u < p[8].y) {
            a6[line + column + 16u] = sum3_0.z;
        }
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
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 10>;
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
fn load_query(x0: u32, row: u32, column: u32) -> f32 {
    let i0 = min(row, p[0].x - 1u);
    let i1 = min(column, p[0].y - 1u);
    let address2 = x0 * p[0].z + i0 * p[0].w + i1;
    let v3 = a0[address2];
    return select(0.0, v3, (row < p[0].x) & (column < p[0].y));
}
fn load_key(x0: u32, row: u32, column: u32) -> f32 {
    let i4 = min(row, p[1].x - 1u);
    let i5 = min(column, p[1].y - 1u);
    let address6 = x0 * p[1].z + i4 * p[1].w + i5;
    let v7 = a1[address6];
    return select(0.0, v7, (row < p[1].x) & (column < p[1].y));
}
fn load_value(x0: u32, row: u32, column: u32) -> f32 {
    let i8 = min(row, p[2].x - 1u);
    let i9 = min(column, p[2].y - 1u);
    let address10 = x0 * p[2].z + i8 * p[2].w + i9;
    let v11 = a2[address10];
    return select(0.0, v11, (row < p[2].x) & (column < p[2].y));
}
fn load_factor(x0: u32, row: u32, column: u32) -> f32 {
    let i12 = min(row, p[3].x - 1u);
    let i13 = min(column, p[3].y - 1u);
    let address14 = x0 * p[3].z + i12 * p[3].w + i13;
    let v15 = a3[address14];
    return select(0.0, v15, (row < p[3].x) & (column < p[3].y));
}
fn load_logarithm(x0: u32, row: u32) -> f32 {
    let i16 = min(row, p[4].x - 1u);
    let address17 = x0 * p[4].y + i16 + p[4].z;
    let v18 = a4[address17];
    return select(0.0, v18, (row < p[4].x));
}
fn load_slope(x0: u32, row: u32) -> f32 {
    let i19 = min(row, p[4].w - 1u);
    let address20 = x0 * p[5].x + i19;
    let v21 = a5[address20];
    return select(0.0, v21, (row < p[4].w));
}
fn load_above(x0: u32, row: u32, column: u32) -> f32 {
    let i22 = min(row, p[5].y - 1u);
    let i23 = min(column, p[5].z - 1u);
    let address24 = x0 * p[5].w + i22 * p[6].x + i23;
    let v25 = a4[address24];
    return select(0.0, v25, (row < p[5].y) & (column < p[5].z));
}
fn exponentials(x: vec4<f32>) -> vec4<f32> {
    return vec4(exp_f32(x.x), exp_f32(x.y), exp_f32(x.z), exp_f32(x.w));
}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let matrix = group / p[6].y;
    let first_row = group % p[6].y * 32u;
    let row = lane / 8u;
    let column = lane % 8u;
    let at = first_row + row * 4u;
    let step = lane % 16u;
    let quad = lane / 16u;
    let rows = vec4(at, at + 1u, at + 2u, at + 3u);
    let scale = bitcast<f32>(p[6].z);
    let lowest = vec4(-infinity());
    var value0_0 = vec4<f32>();
    var value1_0 = vec4<f32>();
    var value2_0 = vec4<f32>();
    var value3_0 = vec4<f32>();
    var key0_0 = vec4<f32>();
    var key1_0 = vec4<f32>();
    var key2_0 = vec4<f32>();
    var key3_0 = vec4<f32>();
    let end = p[6].w;
    for (var first = first_row / 32u * 32u; first < end; first += 32u) {
        let at0 = first + column;
        let at1 = first + column + 8u;
        let at2 = first + column + 16u;
        let at3 = first + column + 24u;
        var score0 = vec4<f32>();
        var score1 = vec4<f32>();
        var score2 = vec4<f32>();
        var score3 = vec4<f32>();
        for (var depth = 0u; depth < p[7].x; depth += 16u) {
            let row26 = first_row + quad * 4u;
            tile[step * 9u + quad] = vec4(load_key(matrix, row26, depth + step), load_key(matrix, row26 + 1u, depth + step), load_key(matrix, row26 + 2u, depth + step), load_key(matrix, row26 + 3u, depth + step));
            let row27 = first_row + quad * 4u + 16u;
            tile[step * 9u + quad + 4u] = vec4(load_key(matrix, row27, depth + step), load_key(matrix, row27 + 1u, depth + step), load_key(matrix, row27 + 2u, depth + step), load_key(matrix, row27 + 3u, depth + step));
            let row28 = first + quad;
            tile[step * 9u + quad + 144u] = vec4(load_query(matrix, row28, depth + step), load_query(matrix, row28 + 8u, depth + step), load_query(matrix, row28 + 16u, depth + step), load_query(matrix, row28 + 24u, depth + step));
            let row29 = first + quad + 4u;
            tile[step * 9u + quad + 4u + 144u] = vec4(load_query(matrix, row29, depth + step), load_query(matrix, row29 + 8u, depth + step), load_query(matrix, row29 + 16u, depth + step), load_query(matrix, row29 + 24u, depth + step));
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
        for (var depth = 0u; depth < p[7].y; depth += 16u) {
            let row30 = first_row + quad * 4u;
            tile[step * 9u + quad] = vec4(load_value(matrix, row30, depth + step), load_value(matrix, row30 + 1u, depth + step), load_value(matrix, row30 + 2u, depth + step), load_value(matrix, row30 + 3u, depth + step));
            let row31 = first_row + quad * 4u + 16u;
            tile[step * 9u + quad + 4u] = vec4(load_value(matrix, row31, depth + step), load_value(matrix, row31 + 1u, depth + step), load_value(matrix, row31 + 2u, depth + step), load_value(matrix, row31 + 3u, depth + step));
            let row32 = first + quad;
            tile[step * 9u + quad + 144u] = vec4(load_above(matrix, row32, depth + step), load_above(matrix, row32 + 8u, depth + step), load_above(matrix, row32 + 16u, depth + step), load_above(matrix, row32 + 24u, depth + step));
            let row33 = first + quad + 4u;
            tile[step * 9u + quad + 4u + 144u] = vec4(load_above(matrix, row33, depth + step), load_above(matrix, row33 + 8u, depth + step), load_above(matrix, row33 + 16u, depth + step), load_above(matrix, row33 + 24u, depth + step));
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
        score0 = select(score0, lowest, (rows > vec4(at0)) | vec4(at0 >= p[7].z));
        score1 *= scale;
        score1 = select(score1, lowest, (rows > vec4(at1)) | vec4(at1 >= p[7].z));
        score2 *= scale;
        score2 = select(score2, lowest, (rows > vec4(at2)) | vec4(at2 >= p[7].z));
        score3 *= scale;
        score3 = select(score3, lowest, (rows > vec4(at3)) | vec4(at3 >= p[7].z));
        score0 = exponentials(score0 - load_logarithm(matrix, at0));
        let factor34 = vec4(load_factor(matrix, at0, at), load_factor(matrix, at0, at + 1u), load_factor(matrix, at0, at + 2u), load_factor(matrix, at0, at + 3u));
        above0 = score0 * (above0 * factor34 - load_slope(matrix, at0)) * scale;
        score0 *= factor34;
        score1 = exponentials(score1 - load_logarithm(matrix, at1));
        let factor35 = vec4(load_factor(matrix, at1, at), load_factor(matrix, at1, at + 1u), load_factor(matrix, at1, at + 2u), load_factor(matrix, at1, at + 3u));
        above1 = score1 * (above1 * factor35 - load_slope(matrix, at1)) * scale;
        score1 *= factor35;
        score2 = exponentials(score2 - load_logarithm(matrix, at2));
        let factor36 = vec4(load_factor(matrix, at2, at), load_factor(matrix, at2, at + 1u), load_factor(matrix, at2, at + 2u), load_factor(matrix, at2, at + 3u));
        above2 = score2 * (above2 * factor36 - load_slope(matrix, at2)) * scale;
        score2 *= factor36;
        score3 = exponentials(score3 - load_logarithm(matrix, at3));
        let factor37 = vec4(load_factor(matrix, at3, at), load_factor(matrix, at3, at + 1u), load_factor(matrix, at3, at + 2u), load_factor(matrix, at3, at + 3u));
        above3 = score3 * (above3 * factor37 - load_slope(matrix, at3)) * scale;
        score3 *= factor37;
        weights[column * 9u + row] = score0;
        weights[column * 9u + row + 72u] = score1;
        weights[column * 9u + row + 144u] = score2;
        weights[column * 9u + row + 216u] = score3;
        for (var start = 0u; start < min(32u, end - first); start += 16u) {
            let item38 = lane;
            let row39 = first + start + item38 / 8u;
            let place40 = item38 % 8u;
            tile[item38] = vec4(load_above(matrix, row39, place40), load_above(matrix, row39, place40 + 8u), load_above(matrix, row39, place40 + 16u), load_above(matrix, row39, place40 + 24u));
            let item41 = lane + 64u;
            let row42 = first + start + item41 / 8u;
            let place43 = item41 % 8u;
            tile[item41] = vec4(load_above(matrix, row42, place43), load_above(matrix, row42, place43 + 8u), load_above(matrix, row42, place43 + 16u), load_above(matrix, row42, place43 + 24u));
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
            let item44 = lane;
            let row45 = first + start + item44 / 8u;
            let place46 = item44 % 8u;
            tile[item44] = vec4(load_query(matrix, row45, place46), load_query(matrix, row45, place46 + 8u), load_query(matrix, row45, place46 + 16u), load_query(matrix, row45, place46 + 24u));
            let item47 = lane + 64u;
            let row48 = first + start + item47 / 8u;
            let place49 = item47 % 8u;
            tile[item47] = vec4(load_query(matrix, row48, place49), load_query(matrix, row48, place49 + 8u), load_query(matrix, row48, place49 + 16u), load_query(matrix, row48, place49 + 24u));
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
    let start50 = p[7].w + (matrix / p[8].y * p[8].x * p[8].y + matrix % p[8].y) * p[8].z;
    if (at < p[8].x) {
        let line = start50 + (at) * p[8].y * p[8].z;
        a6[line + column] = value0_0.x;
        a6[line + column + 8u] = value0_0.y;
        if (column + 16u < p[8].z) {
            a6[line + column + 16u] = value0_0.z;
        }
    }
    if (at + 1u < p[8].x) {
        let line = start50 + (at + 1u) * p[8].y * p[8].z;
        a6[line + column] = value1_0.x;
        a6[line + column + 8u] = value1_0.y;
        if (column + 16u < p[8].z) {
            a6[line + column + 16u] = value1_0.z;
        }
    }
    if (at + 2u < p[8].x) {
        let line = start50 + (at + 2u) * p[8].y * p[8].z;
        a6[line + column] = value2_0.x;
        a6[line + column + 8u] = value2_0.y;
        if (column + 16u < p[8].z) {
            a6[line + column + 16u] = value2_0.z;
        }
    }
    if (at + 3u < p[8].x) {
        let line = start50 + (at + 3u) * p[8].y * p[8].z;
        a6[line + column] = value3_0.x;
        a6[line + column + 8u] = value3_0.y;
        if (column + 16u < p[8].z) {
            a6[line + column + 16u] = value3_0.z;
        }
    }
    let start51 = p[8].w + (matrix / p[9].y * p[9].x * p[9].y + matrix % p[9].y) * p[9].z;
    if (at < p[9].x) {
        let line = start51 + (at) * p[9].y * p[9].z;
        a6[line + column] = key0_0.x;
        a6[line + column + 8u] = key0_0.y;
        if (column + 16u < p[9].z) {
            a6[line + column + 16u] = key0_0.z;
        }
    }
    if (at + 1u < p[9].x) {
        let line = start51 + (at + 1u) * p[9].y * p[9].z;
        a6[line + column] = key1_0.x;
        a6[line + column + 8u] = key1_0.y;
        if (column + 16u < p[9].z) {
            a6[line + column + 16u] = key1_0.z;
        }
    }
    if (at + 2u < p[9].x) {
        let line = start51 + (at + 2u) * p[9].y * p[9].z;
        a6[line + column] = key2_0.x;
        a6[line + column + 8u] = key2_0.y;
        if (column + 16u < p[9].z) {
            a6[line + column + 16u] = key2_0.z;
        }
    }
    if (at + 3u < p[9].x) {
        let line = start51 + (at + 3u) * p[9].y * p[9].z;
        a6[line + column] = key3_0.x;
        a6[line + column + 8u] = key3_0.y;
        if (column + 16u < p[9].z) {
            a6[line + column + 16u] = key3_0.z;
        }
    }
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(0) @binding(3) var<storage, read_write> a3: array<f32>;
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
    let rest3 = rest1 / p[0].z;
    let x2 = rest1 - rest3 * p[0].z;
    let address4 = rest3 * p[0].w + x2 * p[1].x + x0;
    let v5 = a0[address4];
    let address6 = rest3 * p[1].y + x2 * p[1].z + x0 + p[1].w;
    let v7 = a0[address6];
    let address8 = rest3 * p[2].x + x2 * p[2].y + x0 + p[2].z;
    let v9 = a0[address8];
    a1[i] = v5;
    a2[i] = v7;
    a3[i] = v9;
}
