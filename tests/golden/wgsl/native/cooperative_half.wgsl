enable f16;
enable wgpu_cooperative_matrix;
@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 3>;
var<workgroup> left_tile: array<f16, 2304>;
var<workgroup> right_tile: array<f16, 2304>;
var<workgroup> finished: array<f32, 1024>;

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
fn pack_float16(a: f32, b: f32) -> u32 {
    return bits_of_float16(a) | (bits_of_float16(b) << 16u);
}
fn relu_f32(a: f32) -> f32 {
    return select(a, 0.0, a <= 0.0);
}
fn finish(b: u32, m: u32, n: u32, sum: f32, sum1: f32) {
    if (m >= p[0].x || n >= p[0].y) {
        return;
    }
    let i = m * p[0].z + n;
    let v0 = relu_f32(sum);
    let v1 = relu_f32(sum1);
    a2[i >> 1u] = pack_float16(sum, sum1);
    a3[i >> 1u] = pack_float16(v0, v1);
}
@compute @workgroup_size(128)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let first_n = (group % p[0].w) * 64u;
    let first_m = (group / p[0].w % p[1].x) * 64u;
    let b = group / p[0].w / p[1].x;
    let left_k = lane % 8u;
    let left_quad = lane / 8u;
    let left_at0 = first_m + left_quad * 4u + 0u;
    let left_at1 = first_m + left_quad * 4u + 1u;
    let left_at2 = first_m + left_quad * 4u + 2u;
    let left_at3 = first_m + left_quad * 4u + 3u;
    let right_k = lane / 16u;
    let right_quad = lane % 16u;
    let right_at0 = first_n + right_quad * 4u + 0u;
    let right_at1 = first_n + right_quad * 4u + 1u;
    let right_at2 = first_n + right_quad * 4u + 2u;
    let right_at3 = first_n + right_quad * 4u + 3u;
    let member = lane % 32u;
    let own = lane / 32u * 256u;
    let part_m = lane / 64u * 32u;
    let part_n = lane / 32u % 2u * 32u;
    for (var i = lane; i < 1024u; i += 128u) {
        finished[i] = 0.0;
    }
    workgroupBarrier();
    var sums0_0 = coopLoad<coop_mat16x16<f32, C>>(&finished[own], 16u);
    var sums0_1 = coopLoad<coop_mat16x16<f32, C>>(&finished[own], 16u);
    var sums1_0 = coopLoad<coop_mat16x16<f32, C>>(&finished[own], 16u);
    var sums1_1 = coopLoad<coop_mat16x16<f32, C>>(&finished[own], 16u);
    for (var first_k = 0u; first_k < p[1].w; first_k += 32u) {
        for (var step = left_k; step < 32u; step += 8u) {
            {
                let k = first_k + step;
                var load0 = 0.0;
                var load1 = 0.0;
                var load2 = 0.0;
                var load3 = 0.0;
                if (k < p[1].w && left_at0 < p[1].y) {
                    let address2 = left_at0 * p[2].x + k;
                    let v3 = unpack_float16(a0[address2 >> 1u], address2);
                    let v4 = (v3 * v3);
                    load0 = v4;
                }
                if (k < p[1].w && left_at1 < p[1].y) {
                    let address5 = left_at1 * p[2].x + k;
                    let v6 = unpack_float16(a0[address5 >> 1u], address5);
                    let v7 = (v6 * v6);
                    load1 = v7;
                }
                if (k < p[1].w && left_at2 < p[1].y) {
                    let address8 = left_at2 * p[2].x + k;
                    let v9 = unpack_float16(a0[address8 >> 1u], address8);
                    let v10 = (v9 * v9);
                    load2 = v10;
                }
                if (k < p[1].w && left_at3 < p[1].y) {
                    let address11 = left_at3 * p[2].x + k;
                    let v12 = unpack_float16(a0[address11 >> 1u], address11);
                    let v13 = (v12 * v12);
                    load3 = v13;
                }
                let place = step * 72u + left_quad * 4u;
                left_tile[place + 0u] = f16(round_float16(load0));
                left_tile[place + 1u] = f16(round_float16(load1));
                left_tile[place + 2u] = f16(round_float16(load2));
                left_tile[place + 3u] = f16(round_float16(load3));
            }
        }
        for (var step = right_k; step < 32u; step += 8u) {
            {
                let k = first_k + step;
                var load0 = 0.0;
                var load1 = 0.0;
                var load2 = 0.0;
                var load3 = 0.0;
                if (k < p[1].w && right_at0 < p[1].z) {
                    let address14 = right_at0 + k * p[2].y;
                    let v15 = unpack_float16(a1[address14 >> 1u], address14);
                    load0 = v15;
                }
                if (k < p[1].w && right_at1 < p[1].z) {
                    let address16 = right_at1 + k * p[2].y;
                    let v17 = unpack_float16(a1[address16 >> 1u], address16);
                    load1 = v17;
                }
                if (k < p[1].w && right_at2 < p[1].z) {
                    let address18 = right_at2 + k * p[2].y;
                    let v19 = unpack_float16(a1[address18 >> 1u], address18);
                    load2 = v19;
                }
                if (k < p[1].w && right_at3 < p[1].z) {
                    let address20 = right_at3 + k * p[2].y;
                    let v21 = unpack_float16(a1[address20 >> 1u], address20);
                    load3 = v21;
                }
                let place = step * 72u + right_quad * 4u;
                right_tile[place + 0u] = f16(load0);
                right_tile[place + 1u] = f16(load1);
                right_tile[place + 2u] = f16(load2);
                right_tile[place + 3u] = f16(load3);
            }
        }
        workgroupBarrier();
        let l0_0 = coopLoad<coop_mat16x16<f16, A>>(&left_tile[part_m + 0u], 72u);
        let r0_0 = coopLoadT<coop_mat16x16<f16, B>>(&right_tile[part_n + 0u], 72u);
        let l0_1 = coopLoad<coop_mat16x16<f16, A>>(&left_tile[part_m + 16u], 72u);
        let r0_1 = coopLoadT<coop_mat16x16<f16, B>>(&right_tile[part_n + 16u], 72u);
        sums0_0 = coopMultiplyAdd(l0_0, r0_0, sums0_0);
        sums0_1 = coopMultiplyAdd(l0_0, r0_1, sums0_1);
        sums1_0 = coopMultiplyAdd(l0_1, r0_0, sums1_0);
        sums1_1 = coopMultiplyAdd(l0_1, r0_1, sums1_1);
        let l16_0 = coopLoad<coop_mat16x16<f16, A>>(&left_tile[part_m + 1152u], 72u);
        let r16_0 = coopLoadT<coop_mat16x16<f16, B>>(&right_tile[part_n + 1152u], 72u);
        let l16_1 = coopLoad<coop_mat16x16<f16, A>>(&left_tile[part_m + 1168u], 72u);
        let r16_1 = coopLoadT<coop_mat16x16<f16, B>>(&right_tile[part_n + 1168u], 72u);
        sums0_0 = coopMultiplyAdd(l16_0, r16_0, sums0_0);
        sums0_1 = coopMultiplyAdd(l16_0, r16_1, sums0_1);
        sums1_0 = coopMultiplyAdd(l16_1, r16_0, sums1_0);
        sums1_1 = coopMultiplyAdd(l16_1, r16_1, sums1_1);
        workgroupBarrier();
    }
    coopStoreT(sums0_0, &finished[own], 16u);
    workgroupBarrier();
    for (var i = member * 2u; i < 256u; i += 64u) {
        let m = first_m + part_m + 0u + i / 16u;
        let n = first_n + part_n + 0u + i % 16u;
        finish(b, m, n, finished[own + i + 0u], finished[own + i + 1u]);
    }
    workgroupBarrier();
    coopStoreT(sums0_1, &finished[own], 16u);
    workgroupBarrier();
    for (var i = member * 2u; i < 256u; i += 64u) {
        let m = first_m + part_m + 0u + i / 16u;
        let n = first_n + part_n + 16u + i % 16u;
        finish(b, m, n, finished[own + i + 0u], finished[own + i + 1u]);
    }
    workgroupBarrier();
    coopStoreT(sums1_0, &finished[own], 16u);
    workgroupBarrier();
    for (var i = member * 2u; i < 256u; i += 64u) {
        let m = first_m + part_m + 16u + i / 16u;
        let n = first_n + part_n + 0u + i % 16u;
        finish(b, m, n, finished[own + i + 0u], finished[own + i + 1u]);
    }
    workgroupBarrier();
    coopStoreT(sums1_1, &finished[own], 16u);
    workgroupBarrier();
    for (var i = member * 2u; i < 256u; i += 64u) {
        let m = first_m + part_m + 16u + i / 16u;
        let n = first_n + part_n + 16u + i % 16u;
        finish(b, m, n, finished[own + i + 0u], finished[own + i + 1u]);
    }
    workgroupBarrier();
}
