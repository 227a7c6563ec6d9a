@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 8>;
var<workgroup> left_tile: array<vec4<f32>, 72>;
var<workgroup> right_tile: array<vec4<f32>, 72>;

fn finish(b: u32, m: u32, n: u32, sum: f32) {
    if (m >= p[0].x || n >= p[0].y) {
        return;
    }
    let rest1 = n / p[0].z;
    let x0 = n - rest1 * p[0].z;
    let rest3 = rest1 / p[0].w;
    let x2 = rest1 - rest3 * p[0].w;
    let i = rest3 * p[1].x + m * p[1].y + x2 * p[1].z + x0;
    a2[i] = sum;
}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let first_n = (group % p[1].w) * 32u;
    let first_m = (group / p[1].w % p[2].x) * 32u;
    let b = group / p[1].w / p[2].x;
    let left_k = lane % 8u;
    let left_quad = lane / 8u;
    let left_at0 = first_m + left_quad * 4u + 0u;
    let left_at1 = first_m + left_quad * 4u + 1u;
    let left_at2 = first_m + left_quad * 4u + 2u;
    let left_at3 = first_m + left_quad * 4u + 3u;
    let right_k = lane % 8u;
    let right_quad = lane / 8u;
    let right_at0 = first_n + right_quad * 4u + 0u;
    let rest5 = right_at0 / p[2].w;
    let x4 = right_at0 - rest5 * p[2].w;
    let rest7 = rest5 / p[3].x;
    let x6 = rest5 - rest7 * p[3].x;
    let right_at1 = first_n + right_quad * 4u + 1u;
    let rest9 = right_at1 / p[2].w;
    let x8 = right_at1 - rest9 * p[2].w;
    let rest11 = rest9 / p[3].x;
    let x10 = rest9 - rest11 * p[3].x;
    let right_at2 = first_n + right_quad * 4u + 2u;
    let rest13 = right_at2 / p[2].w;
    let x12 = right_at2 - rest13 * p[2].w;
    let rest15 = rest13 / p[3].x;
    let x14 = rest13 - rest15 * p[3].x;
    let right_at3 = first_n + right_quad * 4u + 3u;
    let rest17 = right_at3 / p[2].w;
    let x16 = right_at3 - rest17 * p[2].w;
    let rest19 = rest17 / p[3].x;
    let x18 = rest17 - rest19 * p[3].x;
    let row = lane / 8u;
    let column = lane % 8u;
    var acc0_0 = vec4<f32>();
    var acc1_0 = vec4<f32>();
    var acc2_0 = vec4<f32>();
    var acc3_0 = vec4<f32>();
    for (var first_k = 0u; first_k < p[3].y; first_k += 8u) {
        {
            let k = first_k + left_k;
            let rest21 = k / p[3].z;
            let k20 = k - rest21 * p[3].z;
            let rest23 = rest21 / p[3].w;
            let k22 = rest21 - rest23 * p[3].w;
            var load0 = 0.0;
            var load1 = 0.0;
            var load2 = 0.0;
            var load3 = 0.0;
            if (k < p[3].y && left_at0 < p[2].y) {
                let address24 = left_at0 * p[4].x + rest23 * p[4].y + k22 * p[4].z + k20;
                let v25 = a0[address24];
                load0 = v25;
            }
            if (k < p[3].y && left_at1 < p[2].y) {
                let address26 = left_at1 * p[4].x + rest23 * p[4].y + k22 * p[4].z + k20;
                let v27 = a0[address26];
                load1 = v27;
            }
            if (k < p[3].y && left_at2 < p[2].y) {
                let address28 = left_at2 * p[4].x + rest23 * p[4].y + k22 * p[4].z + k20;
                let v29 = a0[address28];
                load2 = v29;
            }
            if (k < p[3].y && left_at3 < p[2].y) {
                let address30 = left_at3 * p[4].x + rest23 * p[4].y + k22 * p[4].z + k20;
                let v31 = a0[address30];
                load3 = v31;
            }
            left_tile[left_k * 9u + left_quad] = vec4(load0, load1, load2, load3);
        }
        {
            let k = first_k + right_k;
            let rest33 = k / p[4].w;
            let k32 = k - rest33 * p[4].w;
            let rest35 = rest33 / p[5].x;
            let k34 = rest33 - rest35 * p[5].x;
            var load0 = 0.0;
            var load1 = 0.0;
            var load2 = 0.0;
            var load3 = 0.0;
            if (k < p[3].y && right_at0 < p[2].z) {
                let g36 = x6 + k34 + p[6].z;
                let g37 = x4 + k32 + p[7].x;
                let address38 = rest7 * p[5].y + x6 * p[5].z + x4 + rest35 * p[5].w + k34 * p[6].x + k32 + p[6].y;
                let ok39 = g36 < p[6].w && g37 < p[7].y;
                var v40 = 0.0;
                if (ok39) {
                    v40 = a1[address38];
                }
                load0 = v40;
            }
            if (k < p[3].y && right_at1 < p[2].z) {
                let g41 = x10 + k34 + p[6].z;
                let g42 = x8 + k32 + p[7].x;
                let address43 = rest11 * p[5].y + x10 * p[5].z + x8 + rest35 * p[5].w + k34 * p[6].x + k32 + p[6].y;
                let ok44 = g41 < p[6].w && g42 < p[7].y;
                var v45 = 0.0;
                if (ok44) {
                    v45 = a1[address43];
                }
                load1 = v45;
            }
            if (k < p[3].y && right_at2 < p[2].z) {
                let g46 = x14 + k34 + p[6].z;
                let g47 = x12 + k32 + p[7].x;
                let address48 = rest15 * p[5].y + x14 * p[5].z + x12 + rest35 * p[5].w + k34 * p[6].x + k32 + p[6].y;
                let ok49 = g46 < p[6].w && g47 < p[7].y;
                var v50 = 0.0;
                if (ok49) {
                    v50 = a1[address48];
                }
                load2 = v50;
            }
            if (k < p[3].y && right_at3 < p[2].z) {
                let g51 = x18 + k34 + p[6].z;
                let g52 = x16 + k32 + p[7].x;
                let address53 = rest19 * p[5].y + x18 * p[5].z + x16 + rest35 * p[5].w + k34 * p[6].x + k32 + p[6].y;
                let ok54 = g51 < p[6].w && g52 < p[7].y;
                var v55 = 0.0;
                if (ok54) {
                    v55 = a1[address53];
                }
                load3 = v55;
            }
            right_tile[right_k * 9u + right_quad] = vec4(load0, load1, load2, load3);
        }
        workgroupBarrier();
        let l0_0 = left_tile[0u + row];
        let r0_0 = right_tile[0u + column];
        acc0_0 = fma(vec4(l0_0.x), r0_0, acc0_0);
        acc1_0 = fma(vec4(l0_0.y), r0_0, acc1_0);
        acc2_0 = fma(vec4(l0_0.z), r0_0, acc2_0);
        acc3_0 = fma(vec4(l0_0.w), r0_0, acc3_0);
        let l1_0 = left_tile[9u + row];
        let r1_0 = right_tile[9u + column];
        acc0_0 = fma(vec4(l1_0.x), r1_0, acc0_0);
        acc1_0 = fma(vec4(l1_0.y), r1_0, acc1_0);
        acc2_0 = fma(vec4(l1_0.z), r1_0, acc2_0);
        acc3_0 = fma(vec4(l1_0.w), r1_0, acc3_0);
        let l2_0 = left_tile[18u + row];
        let r2_0 = right_tile[18u + column];
        acc0_0 = fma(vec4(l2_0.x), r2_0, acc0_0);
        acc1_0 = fma(vec4(l2_0.y), r2_0, acc1_0);
        acc2_0 = fma(vec4(l2_0.z), r2_0, acc2_0);
        acc3_0 = fma(vec4(l2_0.w), r2_0, acc3_0);
        let l3_0 = left_tile[27u + row];
        let r3_0 = right_tile[27u + column];
        acc0_0 = fma(vec4(l3_0.x), r3_0, acc0_0);
        acc1_0 = fma(vec4(l3_0.y), r3_0, acc1_0);
        acc2_0 = fma(vec4(l3_0.z), r3_0, acc2_0);
        acc3_0 = fma(vec4(l3_0.w), r3_0, acc3_0);
        let l4_0 = left_tile[36u + row];
        let r4_0 = right_tile[36u + column];
        acc0_0 = fma(vec4(l4_0.x), r4_0, acc0_0);
        acc1_0 = fma(vec4(l4_0.y), r4_0, acc1_0);
        acc2_0 = fma(vec4(l4_0.z), r4_0, acc2_0);
        acc3_0 = fma(vec4(l4_0.w), r4_0, acc3_0);
        let l5_0 = left_tile[45u + row];
        let r5_0 = right_tile[45u + column];
        acc0_0 = fma(vec4(l5_0.x), r5_0, acc0_0);
        acc1_0 = fma(vec4(l5_0.y), r5_0, acc1_0);
        acc2_0 = fma(vec4(l5_0.z), r5_0, acc2_0);
        acc3_0 = fma(vec4(l5_0.w), r5_0, acc3_0);
        let l6_0 = left_tile[54u + row];
        let r6_0 = right_tile[54u + column];
        acc0_0 = fma(vec4(l6_0.x), r6_0, acc0_0);
        acc1_0 = fma(vec4(l6_0.y), r6_0, acc1_0);
        acc2_0 = fma(vec4(l6_0.z), r6_0, acc2_0);
        acc3_0 = fma(vec4(l6_0.w), r6_0, acc3_0);
        let l7_0 = left_tile[63u + row];
        let r7_0 = right_tile[63u + column];
        acc0_0 = fma(vec4(l7_0.x), r7_0, acc0_0);
        acc1_0 = fma(vec4(l7_0.y), r7_0, acc1_0);
        acc2_0 = fma(vec4(l7_0.z), r7_0, acc2_0);
        acc3_0 = fma(vec4(l7_0.w), r7_0, acc3_0);
        workgroupBarrier();
    }
    let m = first_m + row * 4u;
    let n = first_n + column * 4u;
    finish(b, m + 0u, n + 0u, acc0_0.x);
    finish(b, m + 0u, n + 1u, acc0_0.y);
    finish(b, m + 0u, n + 2u, acc0_0.z);
    finish(b, m + 0u, n + 3u, acc0_0.w);
    finish(b, m + 1u, n + 0u, acc1_0.x);
    finish(b, m + 1u, n + 1u, acc1_0.y);
    finish(b, m + 1u, n + 2u, acc1_0.z);
    finish(b, m + 1u, n + 3u, acc1_0.w);
    finish(b, m + 2u, n + 0u, acc2_0.x);
    finish(b, m + 2u, n + 1u, acc2_0.y);
    finish(b, m + 2u, n + 2u, acc2_0.z);
    finish(b, m + 2u, n + 3u, acc2_0.w);
    finish(b, m + 3u, n + 0u, acc3_0.x);
    finish(b, m + 3u, n + 1u, acc3_0.y);
    finish(b, m + 3u, n + 2u, acc3_0.z);
    finish(b, m + 3u, n + 3u, acc3_0.w);
}
