@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;
var<workgroup> left_tile: array<vec4<f32>, 272>;
var<workgroup> right_tile: array<vec4<f32>, 272>;

fn finish(b: u32, m: u32, n: u32, sum: f32) {
    let i = m * p[0].x + n;
    a2[i] = sum;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let first_n = (group % p[0].y) * 64u;
    let first_m = (group / p[0].y % p[0].z) * 64u;
    let b = group / p[0].y / p[0].z;
    let left_k = lane % 16u;
    let left_quad = lane / 16u;
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
    let row = lane / 16u;
    let column = lane % 16u;
    var acc0 = vec4<f32>();
    var acc1 = vec4<f32>();
    var acc2 = vec4<f32>();
    var acc3 = vec4<f32>();
    for (var first_k = 0u; first_k < p[0].w; first_k += 16u) {
        {
            let k = first_k + left_k;
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
            left_tile[left_k * 17u + left_quad] = vec4(load0, load1, load2, load3);
        }
        {
            let k = first_k + right_k;
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
            right_tile[right_k * 17u + right_quad] = vec4(load0, load1, load2, load3);
        }
        workgroupBarrier();
        let l0 = left_tile[0u + row];
        let r0 = right_tile[0u + column];
        acc0 = fma(vec4(l0.x), r0, acc0);
        acc1 = fma(vec4(l0.y), r0, acc1);
        acc2 = fma(vec4(l0.z), r0, acc2);
        acc3 = fma(vec4(l0.w), r0, acc3);
        let l1 = left_tile[17u + row];
        let r1 = right_tile[17u + column];
        acc0 = fma(vec4(l1.x), r1, acc0);
        acc1 = fma(vec4(l1.y), r1, acc1);
        acc2 = fma(vec4(l1.z), r1, acc2);
        acc3 = fma(vec4(l1.w), r1, acc3);
        let l2 = left_tile[34u + row];
        let r2 = right_tile[34u + column];
        acc0 = fma(vec4(l2.x), r2, acc0);
        acc1 = fma(vec4(l2.y), r2, acc1);
        acc2 = fma(vec4(l2.z), r2, acc2);
        acc3 = fma(vec4(l2.w), r2, acc3);
        let l3 = left_tile[51u + row];
        let r3 = right_tile[51u + column];
        acc0 = fma(vec4(l3.x), r3, acc0);
        acc1 = fma(vec4(l3.y), r3, acc1);
        acc2 = fma(vec4(l3.z), r3, acc2);
        acc3 = fma(vec4(l3.w), r3, acc3);
        let l4 = left_tile[68u + row];
        let r4 = right_tile[68u + column];
        acc0 = fma(vec4(l4.x), r4, acc0);
        acc1 = fma(vec4(l4.y), r4, acc1);
        acc2 = fma(vec4(l4.z), r4, acc2);
        acc3 = fma(vec4(l4.w), r4, acc3);
        let l5 = left_tile[85u + row];
        let r5 = right_tile[85u + column];
        acc0 = fma(vec4(l5.x), r5, acc0);
        acc1 = fma(vec4(l5.y), r5, acc1);
        acc2 = fma(vec4(l5.z), r5, acc2);
        acc3 = fma(vec4(l5.w), r5, acc3);
        let l6 = left_tile[102u + row];
        let r6 = right_tile[102u + column];
        acc0 = fma(vec4(l6.x), r6, acc0);
        acc1 = fma(vec4(l6.y), r6, acc1);
        acc2 = fma(vec4(l6.z), r6, acc2);
        acc3 = fma(vec4(l6.w), r6, acc3);
        let l7 = left_tile[119u + row];
        let r7 = right_tile[119u + column];
        acc0 = fma(vec4(l7.x), r7, acc0);
        acc1 = fma(vec4(l7.y), r7, acc1);
        acc2 = fma(vec4(l7.z), r7, acc2);
        acc3 = fma(vec4(l7.w), r7, acc3);
        let l8 = left_tile[136u + row];
        let r8 = right_tile[136u + column];
        acc0 = fma(vec4(l8.x), r8, acc0);
        acc1 = fma(vec4(l8.y), r8, acc1);
        acc2 = fma(vec4(l8.z), r8, acc2);
        acc3 = fma(vec4(l8.w), r8, acc3);
        let l9 = left_tile[153u + row];
        let r9 = right_tile[153u + column];
        acc0 = fma(vec4(l9.x), r9, acc0);
        acc1 = fma(vec4(l9.y), r9, acc1);
        acc2 = fma(vec4(l9.z), r9, acc2);
        acc3 = fma(vec4(l9.w), r9, acc3);
        let l10 = left_tile[170u + row];
        let r10 = right_tile[170u + column];
        acc0 = fma(vec4(l10.x), r10, acc0);
        acc1 = fma(vec4(l10.y), r10, acc1);
        acc2 = fma(vec4(l10.z), r10, acc2);
        acc3 = fma(vec4(l10.w), r10, acc3);
        let l11 = left_tile[187u + row];
        let r11 = right_tile[187u + column];
        acc0 = fma(vec4(l11.x), r11, acc0);
        acc1 = fma(vec4(l11.y), r11, acc1);
        acc2 = fma(vec4(l11.z), r11, acc2);
        acc3 = fma(vec4(l11.w), r11, acc3);
        let l12 = left_tile[204u + row];
        let r12 = right_tile[204u + column];
        acc0 = fma(vec4(l12.x), r12, acc0);
        acc1 = fma(vec4(l12.y), r12, acc1);
        acc2 = fma(vec4(l12.z), r12, acc2);
        acc3 = fma(vec4(l12.w), r12, acc3);
        let l13 = left_tile[221u + row];
        let r13 = right_tile[221u + column];
        acc0 = fma(vec4(l13.x), r13, acc0);
        acc1 = fma(vec4(l13.y), r13, acc1);
        acc2 = fma(vec4(l13.z), r13, acc2);
        acc3 = fma(vec4(l13.w), r13, acc3);
        let l14 = left_tile[238u + row];
        let r14 = right_tile[238u + column];
        acc0 = fma(vec4(l14.x), r14, acc0);
        acc1 = fma(vec4(l14.y), r14, acc1);
        acc2 = fma(vec4(l14.z), r14, acc2);
        acc3 = fma(vec4(l14.w), r14, acc3);
        let l15 = left_tile[255u + row];
        let r15 = right_tile[255u + column];
        acc0 = fma(vec4(l15.x), r15, acc0);
        acc1 = fma(vec4(l15.y), r15, acc1);
        acc2 = fma(vec4(l15.z), r15, acc2);
        acc3 = fma(vec4(l15.w), r15, acc3);
        workgroupBarrier();
    }
    let m = first_m + row * 4u;
    let n = first_n + column * 4u;
    finish(b, m + 0u, n + 0u, acc0.x);
    finish(b, m + 0u, n + 1u, acc0.y);
    finish(b, m + 0u, n + 2u, acc0.z);
    finish(b, m + 0u, n + 3u, acc0.w);
    finish(b, m + 1u, n + 0u, acc1.x);
    finish(b, m + 1u, n + 1u, acc1.y);
    finish(b, m + 1u, n + 2u, acc1.z);
    finish(b, m + 1u, n + 3u, acc1.w);
    finish(b, m + 2u, n + 0u, acc2.x);
    finish(b, m + 2u, n + 1u, acc2.y);
    finish(b, m + 2u, n + 2u, acc2.z);
    finish(b, m + 2u, n + 3u, acc2.w);
    finish(b, m + 3u, n + 0u, acc3.x);
    finish(b, m + 3u, n + 1u, acc3.y);
    finish(b, m + 3u, n + 2u, acc3.z);
    finish(b, m + 3u, n + 3u, acc3.w);
}
