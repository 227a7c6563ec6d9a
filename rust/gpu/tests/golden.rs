//! The generated WGSL of representative kernels, kept as text: `RUTILE_BLESS=1 cargo test -p rutile-gpu --test golden` renews it.
//! Needs no GPU.

mod common;

use std::path::PathBuf;

use common::{ReferenceBackend, data, integers};
use rutile_core::attention::{self, Options};
use rutile_core::backend::Capabilities;
use rutile_core::elementwise::{ELEMENTWISE, Elementwise};
use rutile_core::kernel::Fold;
use rutile_core::random::Generator;
use rutile_core::{DType, Device, Scalar, Tensor, compose, gradients};
use rutile_gpu::{Limits, Unit};
use wgpu::naga;

fn device() -> Device {
    Device::new(ReferenceBackend::new(Capabilities {
        max_buffers: 8,
        dtypes: DType::ALL.into(),
        max_instructions: 256,
        attention: 128,
        linalg: false,
        max_row: 4096,
        recomputed: 64,
        rematerialized: usize::MAX,
        horizontal: true,
        host_memory: false,
    }))
}

/// Compares the kernels behind `tensors` with the file of that name, or writes it.
fn check(name: &str, tensors: &[Tensor]) {
    check_for(&Limits::WEBGPU, name, tensors);
}

/// As `check`, for a device with such limits.
fn check_for(limits: &Limits, name: &str, tensors: &[Tensor]) {
    let texts = texts_for(limits, tensors);
    texts.iter().for_each(|text| validate(text));
    let text = texts.join("\n// Next kernel.\n\n");
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/golden/wgsl/{name}.wgsl"));
    if std::env::var_os("RUTILE_BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == text, "{name}.wgsl differs from the golden text; RUTILE_BLESS=1 renews it. Now:\n{text}");
}

/// The texts of all passes of all kernels.
fn texts(tensors: &[Tensor]) -> Vec<String> {
    texts_for(&Limits::WEBGPU, tensors)
}

fn texts_for(limits: &Limits, tensors: &[Tensor]) -> Vec<String> {
    let plan = rutile_gpu::split(&Tensor::explain(tensors).unwrap(), limits);
    plan.kernels
        .iter()
        .flat_map(|kernel| rutile_gpu::generate(kernel, limits).list)
        .map(|pass| pass.shader.text)
        .collect()
}

fn validate(text: &str) {
    let module =
        naga::front::wgsl::parse_str(text).unwrap_or_else(|error| panic!("{}\n{text}", error.emit_to_string(text)));
    use naga::valid::{Capabilities, ValidationFlags, Validator};
    let mut needed = Capabilities::SHADER_FLOAT16_IN_FLOAT32 | Capabilities::SHADER_INT64 | Capabilities::FLOAT64;
    if text.contains("enable") {
        needed |= Capabilities::SHADER_FLOAT16 | Capabilities::COOPERATIVE_MATRIX;
    }
    let mut validator = Validator::new(ValidationFlags::all(), needed);
    validator.validate(&module).unwrap_or_else(|error| panic!("{}\n{text}", error.emit_to_string(text)));
}

#[test]
fn map() {
    let d = device();
    let rate = Tensor::scalar(Scalar::float(0.1, DType::F32), &d);
    let (w, g) = (data(&[1024], &d), data(&[1024], &d));
    check("map_update", &[&w - &(&g * &rate)]);
    let (x, row) = (data(&[10, 30], &d), data(&[30], &d));
    check("map_broadcast", &[(&x + &row).tanh()]);
}

#[test]
fn views() {
    let d = device();
    let zero = Scalar::float(0.0, DType::F32);
    let x = data(&[4, 6], &d);
    check("view_pad_transpose", &[x.pad(&[(1, 1), (2, 0)], zero).unwrap().transpose(0, 1).unwrap().exp()]);
}

#[test]
fn reductions() {
    let d = device();
    check("reduce_rows", &[data(&[64, 1000], &d).reduce(Fold::Sum, Some(&[1]), false).unwrap()]);
    check("reduce_columns", &[data(&[1000, 60], &d).exp().reduce(Fold::Max, Some(&[0]), false).unwrap()]);
    check("reduce_argmax", &[data(&[8, 300], &d).reduce(Fold::ArgMax, Some(&[1]), false).unwrap()]);
    let pooled = compose::max_pool(&data(&[2, 3, 8, 8], &d), &[2, 2], &[2, 2], &[(0, 0); 2], &[1, 1]).unwrap();
    check("reduce_max_pool", &[pooled]);
    let logits = data(&[32, 10], &d);
    let options = compose::CrossEntropy {
        weight: None,
        ignore_index: -100,
        reduction: compose::Reduction::Mean,
        label_smoothing: 0.0,
    };
    check("cross_entropy", &[compose::cross_entropy(&logits, &integers(&[1; 32], &[32], &d), &options).unwrap()]);
}

#[test]
fn rows() {
    let d = device();
    check("rows_softmax", &[compose::softmax(&data(&[50, 300], &d), 1).unwrap()]);
    let (x, w) = (data(&[8, 64], &d), data(&[64], &d));
    check("rows_layer_norm", &[compose::layer_norm(&x, &[64], Some(&w), Some(&w), 1e-5).unwrap()]);
    check("rows_of_channels", &[compose::standardize(&data(&[4, 8, 25], &d), &[0, 2], 1e-5).unwrap()]);
}

#[test]
fn side_by_side() {
    let d = device();
    let rate = Tensor::scalar(Scalar::float(0.1, DType::F32), &d);
    let update = |size: usize| {
        let (w, g) = (data(&[size], &d), data(&[size], &d));
        &w - &(&g * &rate)
    };
    check("horizontal_updates", &[update(1024), update(30)]);
    let square = |size: usize| {
        let x = data(&[size], &d);
        (&x * &x).reduce(Fold::Sum, None, false).unwrap()
    };
    check("horizontal_sums", &[square(50_000), square(300)]);
}

#[test]
fn products() {
    let d = device();
    let (x, w, b) = (data(&[33, 50], &d), data(&[40, 50], &d), data(&[40], &d));
    check("contract_linear", &[compose::linear(&x, &w, Some(&b)).unwrap().relu()]);
    check("contract_exact", &[data(&[512, 64], &d).matmul(&data(&[64, 512], &d)).unwrap()]);
    check("contract_large", &[data(&[1408, 64], &d).matmul(&data(&[64, 1536], &d)).unwrap()]);
    let (image, filter) = (data(&[2, 3, 16, 16], &d), data(&[8, 3, 3, 3], &d));
    check("contract_conv2d", &[compose::conv(&image, &filter, None, &[1; 2], &[(1, 1); 2], &[1; 2], 1).unwrap()]);
    check("contract_thin", &[data(&[4, 300], &d).matmul(&data(&[300, 50], &d)).unwrap()]);
}

#[test]
fn cooperative_products() {
    let d = device();
    let of = |dtype, shape: &[usize]| stored(data(shape, &d).cast(dtype).unwrap());
    let product = |dtype, m: usize, k: usize, n: usize| of(dtype, &[m, k]).matmul(&of(dtype, &[k, n])).unwrap();
    let mut limits = Limits::WEBGPU;
    limits.units.half = Some(Unit { size: 16, subgroup: 32 });
    let (x, w) = (of(DType::F16, &[100, 50]), of(DType::F16, &[50, 90]));
    check_for(&limits, "native/cooperative_half", &[(&x * &x).matmul(&w).unwrap().relu()]);
    let single = product(DType::F32, 128, 64, 128);
    assert!(!texts_for(&limits, std::slice::from_ref(&single))[0].contains("coop"));
    limits.units.single = Some(Unit { size: 8, subgroup: 32 });
    check_for(&limits, "native/cooperative_single", &[single]);
    // What would lose precision, or compute more than twice what is asked for.
    let mixed = of(DType::F16, &[128, 64]).matmul(&of(DType::F32, &[64, 128])).unwrap();
    let others =
        [product(DType::BF16, 128, 64, 128), product(DType::F16, 40, 50, 40), product(DType::I32, 128, 64, 128)];
    assert!(texts_for(&limits, &others).iter().all(|text| !text.contains("coop")));
    // Factors are converted to their common dtype first.
    assert!(texts_for(&limits, &[mixed])[0].contains("coop_mat8x8<f32, A>"));
}

#[test]
fn attention() {
    let d = device();
    let check_attention = |name: &str, shape: &[usize], options: &Options| {
        let [q, k, v] = [0; 3].map(|_| data(shape, &d).as_variable(Default::default()).unwrap());
        let result = attention::attention(&q, &k, &v, options, &mut Generator::new(0)).unwrap();
        check(name, &gradients(std::slice::from_ref(&result), &[Some(result.detach())], &[q, k, v]).unwrap());
    };
    let options = |mask| Options { mask, causal: false, scale: None, dropout: 0.0, grouped: false };
    let causal = Options { causal: true, ..options(None) };
    check_attention("attention_causal", &[2, 3, 64, 32], &causal);
    let mask = data(&[50, 50], &d);
    check_attention("attention_mask", &[50, 100], &options(Some(&mask)));
    check_attention("attention_dropout", &[3, 70, 20], &Options { dropout: 0.5, ..causal });
}

#[test]
fn splits() {
    let d = device();
    check("split_sum", &[data(&[60000], &d).exp().reduce(Fold::Sum, None, false).unwrap()]);
    check("split_uneven", &[data(&[50021], &d).exp().reduce(Fold::Max, None, false).unwrap()]);
    check("split_product", &[data(&[32, 8192], &d).matmul(&data(&[8192, 32], &d)).unwrap().relu()]);
}

#[test]
fn every_kind_of_kernel_for_every_dtype() {
    let d = device();
    for dtype in DType::ALL {
        for size in [8, 400, 3000] {
            let x = stored(data(&[3, size], &d).cast(dtype).unwrap());
            let positions = integers(&vec![1; 3 * size], &[3, size], &d);
            let mut all = vec![
                x.take_along_axis(&positions, 1).unwrap(),
                x.scatter_add(&positions, 1, 5).unwrap(),
                x.argsort(1, false).unwrap(),
                x.argsort(0, true).unwrap(),
            ];
            for fold in [Fold::Sum, Fold::Product, Fold::Max, Fold::Min] {
                all.extend([x.cumulate(fold, 1).unwrap(), x.reduce(fold, None, false).unwrap()]);
            }
            if dtype == DType::F32 || size == 8 {
                check(&format!("{}_{size}", name("kinds", dtype)), &all);
                continue;
            }
            texts(&all).iter().for_each(|text| validate(text));
        }
    }
}

#[test]
fn gathers_and_scatters() {
    let d = device();
    let (table, positions) = (data(&[50, 8], &d), integers(&[3; 20], &[20, 1], &d));
    let taken = table.take_along_axis(&positions.expand(&[20, 8]).unwrap(), 0).unwrap();
    check("map_gather", &[taken.tanh()]);
    let sums =
        data(&[20, 8], &d).scatter_add(&positions.cast(DType::U32).unwrap().expand(&[20, 8]).unwrap(), 0, 50).unwrap();
    check("scatter_rows", &[sums]);
    // Many sources are sorted: once for all columns, or for each.
    let (x, positions) = (data(&[5000, 8], &d), integers(&[3; 5000], &[5000, 1], &d));
    let checked = positions.checked_positions("index_add", 0, 50).unwrap().expand(&[5000, 8]).unwrap();
    check("scatter_sorted", &[x.scatter_add(&checked, 0, 50).unwrap().tanh()]);
    let columns = integers(&[3; 9000], &[3, 3000], &d).transpose(0, 1).unwrap();
    check("scatter_sorted_columns", &[data(&[3000, 3], &d).scatter_add(&columns, 0, 9000).unwrap()]);
}

#[test]
fn checks() {
    let d = device();
    let (table, positions) = (data(&[50, 8], &d), integers(&[53; 20], &[20, 1], &d));
    let checked = (&positions - 50.0).checked_positions("take", 0, 50).unwrap();
    let zero = Scalar::float(0.0, DType::F32);
    check("check_padded", &[table.take_along_axis(&checked, 0).unwrap().pad(&[(1, 0), (0, 0)], zero).unwrap().exp()]);
    let words = positions.cast(DType::U32).unwrap().checked_positions("scatter_add", 0, 60).unwrap();
    check("check_scatter", &[data(&[20, 1], &d).scatter_add(&words, 0, 60).unwrap()]);
    // Beyond the end of an axis that is cut unevenly nothing is checked.
    let many = integers(&[7; 50021], &[50021], &d).checked_positions("take", 0, 50).unwrap();
    let taken = table.slice(1, 0, 1, 1).unwrap().reshape(&[50]).unwrap().take_along_axis(&many, 0).unwrap();
    check("check_split", &[taken.reduce(Fold::Sum, None, false).unwrap()]);
}

#[test]
fn scans() {
    let d = device();
    check("scan_long", &[data(&[5, 1000], &d).cumulate(Fold::Sum, 1).unwrap()]);
    check("scan_short", &[data(&[1000, 5], &d).cumulate(Fold::Max, 1).unwrap()]);
}

#[test]
fn sorts() {
    let d = device();
    check("sort_network", &[data(&[5, 1000], &d).argsort(1, false).unwrap()]);
    check("sort_merge", &[data(&[5, 5000], &d).argsort(1, true).unwrap()]);
}

#[test]
fn kernels_that_differ_in_sizes_share_their_text() {
    let d = device();
    let product = |m: usize, k: usize, n: usize| texts(&[data(&[m, k], &d).matmul(&data(&[k, n], &d)).unwrap().relu()]);
    assert_eq!(product(33, 40, 50), product(70, 21, 90));
    let sum = |rows: usize, columns: usize| texts(&[&data(&[rows, columns], &d) + &data(&[columns], &d)]);
    assert_eq!(sum(33, 40), sum(70, 21));
    let scan = |rows: usize, columns: usize| texts(&[data(&[rows, columns], &d).cumulate(Fold::Sum, 1).unwrap()]);
    assert_eq!(scan(3, 1000), scan(7, 500));
    // All merges but the last have one text.
    let sort = |rows: usize, columns: usize| texts(&[data(&[rows, columns], &d).argsort(1, false).unwrap()]);
    let (short, long) = (sort(3, 3000), sort(2, 40_000));
    assert_eq!((short.len(), long.len()), (2, 6));
    assert_eq!((&short[0], &short[1]), (&long[0], &long[5]));
    assert!(long[1..5].iter().all(|text| *text == long[1]));
}

#[test]
fn packed_elements() {
    let d = device();
    let half = |shape: &[usize], dtype| stored(data(shape, &d).cast(dtype).unwrap());
    let rate = Tensor::scalar(Scalar::float(0.1, DType::F16), &d);
    check("packed_update", &[&half(&[1023], DType::F16) - &(&half(&[1023], DType::F16) * &rate)]);
    let image = half(&[8, 3, 20], DType::U8);
    let mean = data(&[3, 1], &d);
    check("packed_image", &[(&image.cast(DType::F32).unwrap() - &mean).cast(DType::U8).unwrap()]);
    let linear = |rows: usize| {
        let (x, w) = (half(&[40, 50], DType::BF16), half(&[rows, 50], DType::BF16));
        compose::linear(&x, &w, Some(&half(&[rows], DType::BF16))).unwrap().relu()
    };
    check("packed_product", &[linear(30)]);
    check("packed_product_odd", &[linear(31)]);
    check("packed_softmax", &[compose::softmax(&half(&[40, 50], DType::BF16), 1).unwrap()]);
    check("packed_softmax_odd", &[compose::softmax(&half(&[40, 51], DType::BF16), 1).unwrap()]);
    check("packed_sum", &[half(&[31, 1000], DType::F16).reduce(Fold::Sum, Some(&[1]), false).unwrap()]);
}

#[test]
fn every_op_for_every_dtype() {
    let d = device();
    for dtype in DType::ALL {
        let x = stored(data(&[4], &d).cast(dtype).unwrap());
        let condition = stored(data(&[4], &d).cast(DType::Bool).unwrap());
        let results = ELEMENTWISE.iter().filter(|row| row.accepts(dtype)).map(|row| {
            let mut operands = vec![&x; row.arity];
            if row.op == Elementwise::Where {
                operands[0] = &condition;
            }
            Tensor::apply(row.op, &operands).unwrap()
        });
        let others = DType::ALL.into_iter().filter(|other| is_wide(dtype) || !is_wide(*other));
        let casts = others.map(|other| x.cast(other).unwrap());
        check(&name("elementwise", dtype), &results.chain(casts).collect::<Vec<_>>());
    }
}

/// The tensor as an input of what is computed from it.
fn stored(x: Tensor) -> Tensor {
    rutile_core::eval(std::slice::from_ref(&x)).unwrap();
    x
}

/// Browsers have no numbers of 64 bits: what computes with them is kept apart.
fn name(kind: &str, dtype: DType) -> String {
    format!("{}{kind}_{dtype}", if is_wide(dtype) { "native/" } else { "" })
}

fn is_wide(dtype: DType) -> bool {
    dtype.size() == 8
}
