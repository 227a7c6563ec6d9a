enable wgpu_cooperative_matrix;
@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;
var<workgroup> left_tile: array<f32, 1088>;
var<workgroup> right_tile: array<f32, 1088>;
var<workgroup> finished: array<f32, 256>;

fn finish(b: u32, m: u32, n: u32, sum: f32) {
    let i = m * p[0].x + n;
    a2[i] = sum;
}
@compute @workgroup_size(128)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let first_n = (group % p[0].y) * 64u;
    let first_m = (group / p[0].y % p[0].z) * 64u;
    let b = group / p[0].y / p[0].z;
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
    let own = lane / 32u * 64u;
    let part_m = lane / 64u * 32u;
    let part_n = lane / 32u % 2u * 32u;
    for (var i = lane; i < 256u; i += 128u) {
        finished[i] = 0.0;
    }
    workgroupBarrier();
    var sums0_0 = coopLoad<coop_mat8x8<f32, C>>(&finished[own], 8u);
    var sums0_1 = coopLoad<coop_mat8x8<f32, C>>(&finished[own], 8u);
    var sums0_2 = coopLoad<coop_mat8x8<f32, C>>(&finished[own], 8u);
    var sums0_3 = coopLoad<coop_mat8x8<f32, C>>(&finished[own], 8u);
    var sums1_0 = coopLoad<coop_mat8x8<f32, C>>(&finished[own], 8u);
    var sums1_1 = coopLoad<coop_mat8x8<f32, C>>(&finished[own], 8u);
    var sums1_2 = coopLoad<coop_mat8x8<f32, C>>(&finished[own], 8u);
    var sums1_3 = coopLoad<coop_mat8x8<f32, C>>(&finished[own], 8u);
    var sums2_0 = coopLoad<coop_mat8x8<f32, C>>(&finished[own], 8u);
    var sums2_1 = coopLoad<coop_mat8x8<f32, C>>(&finished[own], 8u);
    var sums2_2 = coopLoad<coop_mat8x8<f32, C>>(&finished[own], 8u);
    var sums2_3 = coopLoad<coop_mat8x8<f32, C>>(&finished[own], 8u);
    var sums3_0 = coopLoad<coop_mat8x8<f32, C>>(&finished[own], 8u);
    var sums3_1 = coopLoad<coop_mat8x8<f32, C>>(&finished[own], 8u);
    var sums3_2 = coopLoad<coop_mat8x8<f32, C>>(&finished[own], 8u);
    var sums3_3 = coopLoad<coop_mat8x8<f32, C>>(&finished[own], 8u);
    for (var first_k = 0u; first_k < p[0].w; first_k += 16u) {
        for (var step = left_k; step < 16u; step += 8u) {
            {
                let k = first_k + step;
                var load0 = 0.0;
                var load1 = 0.0;
                var load2 = 0.0;
                var load3 = 0.0;
                {
                    let address0 = left_at0 * p[1].x + k;
                    let v1 = a0[address0];
                    load0 = v1;
                }
                {
                    let address2 = left_at1 * p[1].x + k;
                    let v3 = a0[address2];
                    load1 = v3;
                }
                {
                    let address4 = left_at2 * p[1].x + k;
                    let v5 = a0[address4];
                    load2 = v5;
                }
                {
                    let address6 = left_at3 * p[1].x + k;
                    let v7 = a0[address6];
                    load3 = v7;
                }
                let place = step * 68u + left_quad * 4u;
                left_tile[place + 0u] = load0;
                left_tile[place + 1u] = load1;
                left_tile[place + 2u] = load2;
                left_tile[place + 3u] = load3;
            }
        }
        for (var step = right_k; step < 16u; step += 8u) {
            {
                let k = first_k + step;
                var load0 = 0.0;
                var load1 = 0.0;
                var load2 = 0.0;
                var load3 = 0.0;
                {
                    let address8 = right_at0 + k * p[1].y;
                    let v9 = a1[address8];
                    load0 = v9;
                }
                {
                    let address10 = right_at1 + k * p[1].y;
                    let v11 = a1[address10];
                    load1 = v11;
                }
                {
                    let address12 = right_at2 + k * p[1].y;
                    let v13 = a1[address12];
                    load2 = v13;
                }
                {
                    let address14 = right_at3 + k * p[1].y;
                    let v15 = a1[address14];
                    load3 = v15;
                }
                let place = step * 68u + right_quad * 4u;
                right_tile[place + 0u] = load0;
                right_tile[place + 1u] = load1;
                right_tile[place + 2u] = load2;
                right_tile[place + 3u] = load3;
            }
        }
        workgroupBarrier();
        let l0_0 = coopLoad<coop_mat8x8<f32, A>>(&left_tile[part_m + 0u], 68u);
        let r0_0 = coopLoadT<coop_mat8x8<f32, B>>(&right_tile[part_n + 0u], 68u);
        let l0_1 = coopLoad<coop_mat8x8<f32, A>>(&left_tile[part_m + 8u], 68u);
        let r0_1 = coopLoadT<coop_mat8x8<f32, B>>(&right_tile[part_n + 8u], 68u);
        let l0_2 = coopLoad<coop_mat8x8<f32, A>>(&left_tile[part_m + 16u], 68u);
        let r0_2 = coopLoadT<coop_mat8x8<f32, B>>(&right_tile[part_n + 16u], 68u);
        let l0_3 = coopLoad<coop_mat8x8<f32, A>>(&left_tile[part_m + 24u], 68u);
        let r0_3 = coopLoadT<coop_mat8x8<f32, B>>(&right_tile[part_n + 24u], 68u);
        sums0_0 = coopMultiplyAdd(l0_0, r0_0, sums0_0);
        sums0_1 = coopMultiplyAdd(l0_0, r0_1, sums0_1);
        sums0_2 = coopMultiplyAdd(l0_0, r0_2, sums0_2);
        sums0_3 = coopMultiplyAdd(l0_0, r0_3, sums0_3);
        sums1_0 = coopMultiplyAdd(l0_1, r0_0, sums1_0);
        sums1_1 = coopMultiplyAdd(l0_1, r0_1, sums1_1);
        sums1_2 = coopMultiplyAdd(l0_1, r0_2, sums1_2);
        sums1_3 = coopMultiplyAdd(l0_1, r0_3, sums1_3);
        sums2_0 = coopMultiplyAdd(l0_2, r0_0, sums2_0);
        sums2_1 = coopMultiplyAdd(l0_2, r0_1, sums2_1);
        sums2_2 = coopMultiplyAdd(l0_2, r0_2, sums2_2);
        sums2_3 = coopMultiplyAdd(l0_2, r0_3, sums2_3);
        sums3_0 = coopMultiplyAdd(l0_3, r0_0, sums3_0);
        sums3_1 = coopMultiplyAdd(l0_3, r0_1, sums3_1);
        sums3_2 = coopMultiplyAdd(l0_3, r0_2, sums3_2);
        sums3_3 = coopMultiplyAdd(l0_3, r0_3, sums3_3);
        let l8_0 = coopLoad<coop_mat8x8<f32, A>>(&left_tile[part_m + 544u], 68u);
        let r8_0 = coopLoadT<coop_mat8x8<f32, B>>(&right_tile[part_n + 544u], 68u);
        let l8_1 = coopLoad<coop_mat8x8<f32, A>>(&left_tile[part_m + 552u], 68u);
        let r8_1 = coopLoadT<coop_mat8x8<f32, B>>(&right_tile[part_n + 552u], 68u);
        let l8_2 = coopLoad<coop_mat8x8<f32, A>>(&left_tile[part_m + 560u], 68u);
        let r8_2 = coopLoadT<coop_mat8x8<f32, B>>(&right_tile[part_n + 560u], 68u);
        let l8_3 = coopLoad<coop_mat8x8<f32, A>>(&left_tile[part_m + 568u], 68u);
        let r8_3 = coopLoadT<coop_mat8x8<f32, B>>(&right_tile[part_n + 568u], 68u);
        sums0_0 = coopMultiplyAdd(l8_0, r8_0, sums0_0);
        sums0_1 = coopMultiplyAdd(l8_0, r8_1, sums0_1);
        sums0_2 = coopMultiplyAdd(l8_0, r8_2, sums0_2);
        sums0_3 = coopMultiplyAdd(l8_0, r8_3, sums0_3);
        sums1_0 = coopMultiplyAdd(l8_1, r8_0, sums1_0);
        sums1_1 = coopMultiplyAdd(l8_1, r8_1, sums1_1);
        sums1_2 = coopMultiplyAdd(l8_1, r8_2, sums1_2);
        sums1_3 = coopMultiplyAdd(l8_1, r8_3, sums1_3);
        sums2_0 = coopMultiplyAdd(l8_2, r8_0, sums2_0);
        sums2_1 = coopMultiplyAdd(l8_2, r8_1, sums2_1);
        sums2_2 = coopMultiplyAdd(l8_2, r8_2, sums2_2);
        sums2_3 = coopMultiplyAdd(l8_2, r8_3, sums2_3);
        sums3_0 = coopMultiplyAdd(l8_3, r8_0, sums3_0);
        sums3_1 = coopMultiplyAdd(l8_3, r8_1, sums3_1);
        sums3_2 = coopMultiplyAdd(l8_3, r8_2, sums3_2);
        sums3_3 = coopMultiplyAdd(l8_3, r8_3, sums3_3);
        workgroupBarrier();
    }
    coopStoreT(sums0_0, &finished[own], 8u);
    workgroupBarrier();
    for (var i = member * 1u; i < 64u; i += 32u) {
        let m = first_m + part_m + 0u + i / 8u;
        let n = first_n + part_n + 0u + i % 8u;
        finish(b, m, n, finished[own + i + 0u]);
    }
    workgroupBarrier();
    coopStoreT(sums0_1, &finished[own], 8u);
    workgroupBarrier();
    for (var i = member * 1u; i < 64u; i += 32u) {
        let m = first_m + part_m + 0u + i / 8u;
        let n = first_n + part_n + 8u + i % 8u;
        finish(b, m, n, finished[own + i + 0u]);
    }
    workgroupBarrier();
    coopStoreT(sums0_2, &finished[own], 8u);
    workgroupBarrier();
    for (var i = member * 1u; i < 64u; i += 32u) {
        let m = first_m + part_m + 0u + i / 8u;
        let n = first_n + part_n + 16u + i % 8u;
        finish(b, m, n, finished[own + i + 0u]);
    }
    workgroupBarrier();
    coopStoreT(sums0_3, &finished[own], 8u);
    workgroupBarrier();
    for (var i = member * 1u; i < 64u; i += 32u) {
        let m = first_m + part_m + 0u + i / 8u;
        let n = first_n + part_n + 24u + i % 8u;
        finish(b, m, n, finished[own + i + 0u]);
    }
    workgroupBarrier();
    coopStoreT(sums1_0, &finished[own], 8u);
    workgroupBarrier();
    for (var i = member * 1u; i < 64u; i += 32u) {
        let m = first_m + part_m + 8u + i / 8u;
        let n = first_n + part_n + 0u + i % 8u;
        finish(b, m, n, finished[own + i + 0u]);
    }
    workgroupBarrier();
    coopStoreT(sums1_1, &finished[own], 8u);
    workgroupBarrier();
    for (var i = member * 1u; i < 64u; i += 32u) {
        let m = first_m + part_m + 8u + i / 8u;
        let n = first_n + part_n + 8u + i % 8u;
        finish(b, m, n, finished[own + i + 0u]);
    }
    workgroupBarrier();
    coopStoreT(sums1_2, &finished[own], 8u);
    workgroupBarrier();
    for (var i = member * 1u; i < 64u; i += 32u) {
        let m = first_m + part_m + 8u + i / 8u;
        let n = first_n + part_n + 16u + i % 8u;
        finish(b, m, n, finished[own + i + 0u]);
    }
    workgroupBarrier();
    coopStoreT(sums1_3, &finished[own], 8u);
    workgroupBarrier();
    for (var i = member * 1u; i < 64u; i += 32u) {
        let m = first_m + part_m + 8u + i / 8u;
        let n = first_n + part_n + 24u + i % 8u;
        finish(b, m, n, finished[own + i + 0u]);
    }
    workgroupBarrier();
    coopStoreT(sums2_0, &finished[own], 8u);
    workgroupBarrier();
    for (var i = member * 1u; i < 64u; i += 32u) {
        let m = first_m + part_m + 16u + i / 8u;
        let n = first_n + part_n + 0u + i % 8u;
        finish(b, m, n, finished[own + i + 0u]);
    }
    workgroupBarrier();
    coopStoreT(sums2_1, &finished[own], 8u);
    workgroupBarrier();
    for (var i = member * 1u; i < 64u; i += 32u) {
        let m = first_m + part_m + 16u + i / 8u;
        let n = first_n + part_n + 8u + i % 8u;
        finish(b, m, n, finished[own + i + 0u]);
    }
    workgroupBarrier();
    coopStoreT(sums2_2, &finished[own], 8u);
    workgroupBarrier();
    for (var i = member * 1u; i < 64u; i += 32u) {
        let m = first_m + part_m + 16u + i / 8u;
        let n = first_n + part_n + 16u + i % 8u;
        finish(b, m, n, finished[own + i + 0u]);
    }
    workgroupBarrier();
    coopStoreT(sums2_3, &finished[own], 8u);
    workgroupBarrier();
    for (var i = member * 1u; i < 64u; i += 32u) {
        let m = first_m + part_m + 16u + i / 8u;
        let n = first_n + part_n + 24u + i % 8u;
        finish(b, m, n, finished[own + i + 0u]);
    }
    workgroupBarrier();
    coopStoreT(sums3_0, &finished[own], 8u);
    workgroupBarrier();
    for (var i = member * 1u; i < 64u; i += 32u) {
        let m = first_m + part_m + 24u + i / 8u;
        let n = first_n + part_n + 0u + i % 8u;
        finish(b, m, n, finished[own + i + 0u]);
    }
    workgroupBarrier();
    coopStoreT(sums3_1, &finished[own], 8u);
    workgroupBarrier();
    for (var i = member * 1u; i < 64u; i += 32u) {
        let m = first_m + part_m + 24u + i / 8u;
        let n = first_n + part_n + 8u + i % 8u;
        finish(b, m, n, finished[own + i + 0u]);
    }
    workgroupBarrier();
    coopStoreT(sums3_2, &finished[own], 8u);
    workgroupBarrier();
    for (var i = member * 1u; i < 64u; i += 32u) {
        let m = first_m + part_m + 24u + i / 8u;
        let n = first_n + part_n + 16u + i % 8u;
        finish(b, m, n, finished[own + i + 0u]);
    }
    workgroupBarrier();
    coopStoreT(sums3_3, &finished[own], 8u);
    workgroupBarrier();
    for (var i = member * 1u; i < 64u; i += 32u) {
        let m = first_m + part_m + 24u + i / 8u;
        let n = first_n + part_n + 24u + i % 8u;
        finish(b, m, n, finished[own + i + 0u]);
    }
    workgroupBarrier();
}
