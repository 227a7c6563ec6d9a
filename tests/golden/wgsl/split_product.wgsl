@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 3>;
var<workgroup> left_tile: array<vec4<f32>, 72>;
var<workgroup> right_tile: array<vec4<f32>, 72>;

fn finish(b: u32, m: u32, n: u32, sum: f32) {
    let i = b * p[0].x + m * p[0].y + n;
    a2[i] = sum;
}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let first_n = (group % p[0].z) * 32u;
    let first_m = (group / p[0].z % p[0].w) * 32u;
    let b = group / p[0].z / p[0].w;
    let left_k = lane % 8u;
    let left_quad = lane / 8u;
    let left_at0 = first_m + left_quad * 4u + 0u;
    let left_at1 = first_m + left_quad * 4u + 1u;
    let left_at2 = first_m + left_quad * 4u + 2u;
    let left_at3 = first_m + left_quad * 4u + 3u;
    let right_k = lane / 8u;
    let right_quad = lane % 8u;
    let right_at0 = first_n + right_quad * 4u + 0u;
    let right_at1 = first_n + right_quad * 4u + 1u;
    let right_at2 = first_n + right_quad * 4u + 2u;
    let right_at3 = first_n + right_quad * 4u + 3u;
    let row = lane / 8u;
    let column = lane % 8u;
    var acc0_0 = vec4<f32>();
    var acc1_0 = vec4<f32>();
    var acc2_0 = vec4<f32>();
    var acc3_0 = vec4<f32>();
    for (var first_k = 0u; first_k < p[1].x; first_k += 8u) {
        {
            let k = first_k + left_k;
            var load0 = 0.0;
            var load1 = 0.0;
            var load2 = 0.0;
            var load3 = 0.0;
            {
                let address0 = b * p[1].y + left_at0 * p[1].z + k;
                let v1 = a0[address0];
                load0 = v1;
            }
            {
                let address2 = b * p[1].y + left_at1 * p[1].z + k;
                let v3 = a0[address2];
                load1 = v3;
            }
            {
                let address4 = b * p[1].y + left_at2 * p[1].z + k;
                let v5 = a0[address4];
                load2 = v5;
            }
            {
                let address6 = b * p[1].y + left_at3 * p[1].z + k;
                let v7 = a0[address6];
                load3 = v7;
            }
            left_tile[left_k * 9u + left_quad] = vec4(load0, load1, load2, load3);
        }
        {
            let k = first_k + right_k;
            var load0 = 0.0;
            var load1 = 0.0;
            var load2 = 0.0;
            var load3 = 0.0;
            {
                let address8 = b * p[1].w + right_at0 + k * p[2].x;
                let v9 = a1[address8];
                load0 = v9;
            }
            {
                let address10 = b * p[1].w + right_at1 + k * p[2].x;
                let v11 = a1[address10];
                load1 = v11;
            }
            {
                let address12 = b * p[1].w + right_at2 + k * p[2].x;
                let v13 = a1[address12];
                load2 = v13;
            }
            {
                let address14 = b * p[1].w + right_at3 + k * p[2].x;
                let v15 = a1[address14];
                load3 = v15;
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

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn relu_f32(a: f32) -> f32 {
    return select(a, 0.0, a <= 0.0);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let part = 0u;
    let wanted = group * 256u + lane;
    let i = wanted;
    var acc0: f32 = 0.0;
    for (var y0 = 0u; y0 < p[0].x; y0++) {
        let address1 = i + y0 * p[0].y;
        let v2 = a0[address1];
        acc0 = (acc0 + v2);
    }
    {
        let v3 = relu_f32(acc0);
        a1[i] = acc0;
        a2[i] = v3;
    }
}
