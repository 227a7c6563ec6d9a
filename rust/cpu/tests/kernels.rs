//! Kernels against the literal meaning of the plan format: rows of shapes and views through one helper.

mod common;

use common::*;
use rutile_core::backend::Backend;
use rutile_core::dtype::DType::{self, Bool, F32, I32, U32};
use rutile_core::elementwise::Elementwise::*;
use rutile_core::kernel::*;
use rutile_core::shape::numel;
use rutile_core::view::{Affine, View, Walk};
use rutile_cpu::CpuBackend;

/// A view of a buffer of shape `shape[axes]`, permuted to `shape` (axes[i]: which axis of the buffer axis i is).
fn permuted(shape: &[usize], axes: &[usize]) -> View {
    let mut walk = Walk::start(shape);
    walk.permute(axes);
    walk.finish()
}

/// A view of a buffer whose axes outside `kept` have one element.
fn broadcast(shape: &[usize], kept: &[usize]) -> View {
    let source: Vec<usize> = (0..shape.len()).map(|axis| if kept.contains(&axis) { shape[axis] } else { 1 }).collect();
    let mut walk = Walk::start(shape);
    walk.expand(&source);
    walk.finish()
}

fn padded(shape: &[usize], axis: usize, before: i64, source: usize) -> View {
    let mut walk = Walk::start(shape);
    walk.affine(&Affine { axis, size: shape[axis], scale: 1, offset: -before, divisor: 1, with: None }, source);
    walk.finish()
}

#[test]
fn maps_of_broadcast_permuted_and_padded_operands() {
    let cpu = CpuBackend::new();
    for shape in [&[][..], &[1], &[7], &[5000], &[3, 5], &[40, 1030], &[130, 10], &[9, 3, 49], &[2, 3, 4, 600], &[0, 4]]
    {
        let rank = shape.len();
        let mut body = Builder::default();
        let x = body.load(0, F32, View::contiguous(shape));
        let scalar = body.scalar(0);
        let mut sum = body.op(Mul, &[x, scalar]);
        let mut lengths = vec![numel(shape)];
        for axis in 0..rank {
            let loaded = body.load(lengths.len(), F32, broadcast(shape, &[axis]));
            lengths.push(shape[axis]);
            sum = body.op(Add, &[loaded, sum]);
        }
        let axes: Vec<usize> = (0..rank).rev().collect();
        let turned = body.load(lengths.len(), F32, permuted(shape, &axes));
        lengths.push(numel(shape));
        sum = body.op(Sub, &[sum, turned]);
        if rank > 0 && shape[0] > 2 {
            let padded = body.load(lengths.len(), F32, padded(shape, 0, 1, shape[0] - 2));
            lengths.push(numel(shape) / shape[0] * (shape[0] - 2));
            sum = body.op(Maximum, &[sum, padded]);
        }
        let one = body.constant(1.0);
        let two = body.op(Add, &[one, scalar]);
        let small = body.op(Less, &[sum, two]);
        body.op(Where, &[small, sum, x]);
        let kernel = kernel(KernelKind::Map, shape, &[], &vec![F32; lengths.len()], body.done(), 1);
        check(&cpu, &kernel, &lengths, &[0.5], 1e-6);
    }
}

/// Parts beside each other along an axis, the way that the scheduler puts them together, two of them with code of their own.
#[test]
fn maps_of_parts_side_by_side() {
    let cpu = CpuBackend::new();
    for (shape, axis, sizes) in [
        (&[5, 700][..], 1, &[200, 300, 200][..]),
        (&[3, 90, 4], 1, &[20, 30, 40]),
        (&[9000], 0, &[1000, 4000, 3000, 1000]),
        (&[7, 40], 0, &[2, 5]),
        (&[60, 8], 1, &[3, 5]),
    ] {
        let mut body = Builder::default();
        let (mut start, mut sum, mut lengths) = (0, None, Vec::new());
        let (fill, number) = (body.constant(-0.0), body.constant(1.5));
        for (n, &size) in sizes.iter().enumerate() {
            let own = || padded(shape, axis, start, size);
            let mut part = body.load(n, F32, own());
            if n < 2 {
                part = body.op([Mul, Sub][n], &[part, number]);
            }
            let valid = body.valid(own());
            let part = body.op(Where, &[valid, part, fill]);
            sum = Some(sum.map_or(part, |sum| body.op(Add, &[sum, part])));
            lengths.push(numel(shape) / shape[axis] * size);
            start += size as i64;
        }
        let kernel = kernel(KernelKind::Map, shape, &[], &vec![F32; sizes.len()], body.done(), 0);
        check(&cpu, &kernel, &lengths, &[], 1e-6);
    }
}

#[test]
fn maps_of_indices_validity_and_casts() {
    let cpu = CpuBackend::new();
    let shape = [30, 70];
    let mut body = Builder::default();
    let index = body.index(padded(&shape, 1, 3, 60));
    let valid = body.valid(padded(&shape, 1, 3, 60));
    let number = body.cast(valid, I32);
    let sum = body.op(Add, &[index, number]);
    let x = body.load(0, U32, View::contiguous(&shape));
    let x = body.cast(x, I32);
    let sum = body.op(Add, &[sum, x]);
    let flag = body.load(1, Bool, permuted(&shape, &[1, 0]));
    let zero = body.op(Sub, &[sum, sum]);
    let chosen = body.op(Where, &[flag, sum, zero]);
    body.cast(chosen, F32);
    let kernel = kernel(KernelKind::Map, &shape, &[], &[U32, Bool], body.done(), 0);
    check(&cpu, &kernel, &[2100, 2100], &[], 0.0);
}

#[test]
fn vector_functions_are_precise() {
    let cpu = CpuBackend::new();
    for (op, tolerance) in [(Exp, 1e-6), (Tanh, 1e-6), (Abs, 0.0)] {
        let mut body = Builder::default();
        let x = body.load(0, F32, View::contiguous(&[1037]));
        body.op(op, &[x]);
        check(&cpu, &kernel(KernelKind::Map, &[1037], &[], &[F32], body.done(), 0), &[1037], &[], tolerance);
    }
}

/// Reduces `space`'s axes named in `reduced` of a contiguous buffer, with every fold.
fn check_reduce(cpu: &dyn Backend, space: &[usize], reduced: &[usize], dtype: DType, fold: Fold) {
    let kept: Vec<usize> = (0..space.len()).filter(|axis| !reduced.contains(axis)).collect();
    let order: Vec<usize> = kept.iter().chain(reduced).copied().collect();
    let sizes = |axes: &[usize]| axes.iter().map(|&axis| space[axis]).collect::<Vec<usize>>();
    let mut load = Builder::default();
    let x = load.load(0, dtype, permuted(&sizes(&order), &order));
    let load = load.result(x);
    let kind = KernelKind::Reduce { load, folds: vec![fold] };
    let kernel = kernel(kind, &sizes(&kept), &sizes(reduced), &[dtype], store(fold.result(dtype)), 0);
    check(cpu, &kernel, &[numel(space)], &[], 1e-6);
}

#[test]
fn reductions_over_any_axes() {
    let cpu = CpuBackend::new();
    let spaces: [(&[usize], &[usize]); 14] = [
        (&[10], &[0]),
        (&[5000], &[0]),
        (&[300_000], &[0]),
        (&[30, 10], &[1]),
        (&[30, 10], &[0]),
        (&[3, 3000], &[1]),
        (&[3, 3000], &[0]),
        (&[2000, 70], &[0]),
        (&[30_000, 7], &[0]),
        (&[4, 5, 49], &[0, 2]),
        (&[4, 5, 49], &[1]),
        (&[1, 1, 6], &[0, 1]),
        (&[3, 0], &[1]),
        (&[0, 3], &[1]),
    ];
    for (space, reduced) in spaces {
        for fold in [Fold::Sum, Fold::Max, Fold::Min, Fold::ArgMax, Fold::ArgMin] {
            let empty = numel(space) == 0;
            for dtype in [F32, I32] {
                if !(empty && (fold != Fold::Sum || dtype != F32)) {
                    check_reduce(&cpu, space, reduced, dtype, fold);
                }
            }
        }
    }
    check_reduce(&cpu, &[3, 4], &[1], F32, Fold::Product);
    let any = |fold| check_any(&cpu, fold);
    [Fold::Max, Fold::Min].into_iter().for_each(any);
}

fn check_any(cpu: &dyn Backend, fold: Fold) {
    check_reduce(cpu, &[40, 7], &[1], Bool, fold);
    check_reduce(cpu, &[40, 70], &[0], Bool, fold);
}

#[test]
fn max_pool_windows_in_a_reduction() {
    let cpu = CpuBackend::new();
    let shape = [2, 3, 6, 7, 2, 2];
    let mut walk = Walk::start(&shape);
    let window = |axis: usize, size: usize, with: usize| Affine {
        axis,
        size,
        scale: 2,
        offset: 0,
        divisor: 1,
        with: Some((with, 1)),
    };
    walk.affine(&window(2, 6, 4), 12);
    walk.affine(&window(3, 7, 5), 14);
    walk.expand(&[2, 3, 12, 14, 1, 1]);
    walk.reshape(&[2, 3, 12, 14]);
    let mut load = Builder::default();
    let x = load.load(0, F32, walk.finish());
    let two = load.constant(2.0);
    let x = load.op(Mul, &[x, two]);
    for fold in [Fold::Max, Fold::ArgMax, Fold::Sum] {
        let kind = KernelKind::Reduce { load: Builder(load.0.clone()).result(x), folds: vec![fold] };
        let kernel = kernel(kind, &shape[..4], &shape[4..], &[F32], store(fold.result(F32)), 0);
        check(&cpu, &kernel, &[2 * 3 * 12 * 14], &[], 1e-6);
    }
}

#[test]
fn a_sum_of_ten_million_is_precise_and_the_same_on_any_number_of_threads() {
    let count = 10_000_000;
    let mut load = Builder::default();
    let x = load.load(0, F32, View::contiguous(&[count]));
    let kind = KernelKind::Reduce { load: load.result(x), folds: vec![Fold::Sum] };
    let kernel = kernel(kind, &[], &[count], &[F32], store(F32), 0);
    let input: Vec<f64> = (0..count).map(|i| (0.1 + (i % 1000) as f64 * 1e-3) as f32 as f64).collect();
    let exact: f64 = input.iter().sum();
    let sum = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run(&CpuBackend::new(), &kernel, std::slice::from_ref(&input), &[])[0])
    };
    assert!((sum(1) - exact).abs() <= 1e-6 * exact, "{} {exact}", sum(1));
    assert_eq!(sum(1).to_bits(), sum(3).to_bits());
}

/// A product whose output axes have the given roles: each factor's buffer has its axes in the order of the output, then `k`.
fn check_contract(
    cpu: &dyn Backend,
    out: &[usize],
    k: usize,
    roles: &[Role],
    inner_last: (bool, bool),
    dtype: DType,
    bias: bool,
) {
    let all: Vec<usize> = out.iter().copied().chain([k]).collect();
    let factor = |arg: usize, role: Role, inner_last: bool| {
        let mut kept: Vec<usize> =
            (0..out.len()).filter(|&axis| roles[axis] == Role::Batch || roles[axis] == role).collect();
        let rank = out.len();
        if inner_last {
            kept.push(rank)
        } else {
            kept.insert(0, rank)
        }
        // Axes of the buffer in the order `kept`; the rest are broadcast.
        let rest: Vec<usize> = (0..=rank).filter(|axis| !kept.contains(axis)).collect();
        let order: Vec<usize> = rest.iter().chain(&kept).copied().collect();
        let mut walk = Walk::start(&all);
        let position = |axis| order.iter().position(|&other| other == axis).unwrap();
        walk.permute(&(0..=rank).map(position).collect::<Vec<usize>>());
        let source: Vec<usize> = order.iter().map(|&axis| if kept.contains(&axis) { all[axis] } else { 1 }).collect();
        walk.expand(&source);
        let mut load = Builder::default();
        let x = load.load(arg, dtype, walk.finish());
        (load.result(x), kept.iter().map(|&axis| all[axis]).product::<usize>())
    };
    let (left, left_len) = factor(0, Role::Left, inner_last.0);
    let (right, right_len) = factor(1, Role::Right, inner_last.1);
    let mut body = Builder::default();
    let sum = body.accumulator(0, dtype);
    let mut lengths = vec![left_len, right_len];
    if bias {
        let last = out.len() - 1;
        let b = body.load(2, dtype, broadcast(out, &[last]));
        lengths.push(out[last]);
        let sum = body.op(Add, &[sum, b]);
        body.op(Relu, &[sum]);
    }
    let kind = KernelKind::Contract { left, right, roles: roles.to_vec() };
    let kernel = kernel(kind, out, &[k], &vec![dtype; lengths.len()], body.done(), 0);
    check(cpu, &kernel, &lengths, &[], 1e-5);
}

#[test]
fn products_of_all_layouts_and_roles() {
    use Role::{Batch, Left, Right};
    let cpu = CpuBackend::new();
    let rows: [(&[usize], usize, &[Role]); 20] = [
        (&[3, 4], 5, &[Left, Right]),
        (&[4, 3], 5, &[Right, Left]),
        (&[70, 90], 130, &[Left, Right]),
        (&[1, 90], 33, &[Left, Right]),
        (&[90, 1], 33, &[Left, Right]),
        (&[1, 1], 33, &[Left, Right]),
        (&[5, 3, 4], 6, &[Batch, Left, Right]),
        (&[3, 5, 4], 6, &[Left, Batch, Right]),
        (&[3, 4, 5], 6, &[Left, Right, Batch]),
        (&[2, 3, 4, 5], 6, &[Left, Left, Right, Right]),
        (&[2, 3, 4, 5], 6, &[Right, Left, Right, Right]),
        (&[33, 70], 400, &[Left, Right]),
        (&[2, 300], 40, &[Left, Right]),
        (&[4, 1100], 13, &[Left, Right]),
        (&[1, 270], 4100, &[Left, Right]),
        (&[300, 3], 40, &[Left, Right]),
        (&[9, 13, 33], 17, &[Batch, Left, Right]),
        (&[27, 4, 2, 8], 9, &[Left, Right, Left, Right]),
        (&[3, 0], 4, &[Left, Right]),
        (&[3, 4], 0, &[Left, Right]),
    ];
    for (out, k, roles) in rows {
        for layout in [(true, true), (true, false), (false, true), (false, false)] {
            for bias in [false, true] {
                check_contract(&cpu, out, k, roles, layout, F32, bias);
            }
        }
        if numel(out) < 1000 {
            check_contract(&cpu, out, k, roles, (true, false), I32, true);
        }
    }
}

/// A convolution as it is lowered: windows of a padded image are the right factor, `stride` 1 or 2.
fn convolution(batch: usize, from: usize, to: usize, size: usize, stride: usize) -> (Kernel, Vec<usize>) {
    let out_size = size.div_ceil(stride);
    let out = [batch, to, out_size, out_size];
    let reduced = [from, 3, 3];
    let all: Vec<usize> = out.iter().chain(&reduced).copied().collect();
    let mut weights = Walk::start(&all);
    weights.permute(&[4, 0, 5, 6, 1, 2, 3]);
    weights.expand(&[to, from, 3, 3, 1, 1, 1]);
    let mut left = Builder::default();
    let w = left.load(0, F32, weights.finish());
    let mut windows = Walk::start(&all);
    let along = |axis: usize, with: usize| Affine {
        axis,
        size: out_size,
        scale: stride as i64,
        offset: -1,
        divisor: 1,
        with: Some((with, 1)),
    };
    windows.affine(&along(2, 5), size);
    windows.affine(&along(3, 6), size);
    windows.expand(&[batch, 1, size, size, from, 1, 1]);
    windows.permute(&[0, 4, 2, 3, 1, 5, 6]);
    let mut right = Builder::default();
    let x = right.load(1, F32, windows.finish());
    let mut body = Builder::default();
    let sum = body.accumulator(0, F32);
    let bias = body.load(2, F32, broadcast(&out, &[1]));
    body.op(Add, &[sum, bias]);
    let roles = vec![Role::Right, Role::Left, Role::Right, Role::Right];
    let kind = KernelKind::Contract { left: left.result(w), right: right.result(x), roles };
    let kernel = kernel(kind, &out, &reduced, &[F32; 3], body.done(), 0);
    (kernel, vec![to * from * 9, batch * from * size * size, to])
}

#[test]
fn convolutions_in_panels() {
    let cpu = CpuBackend::new();
    for (batch, from, to, size, stride) in [
        (2, 3, 4, 6, 1),
        (2, 2, 3, 7, 2),
        (3, 20, 5, 17, 1),
        (1, 40, 3, 31, 1),
        (1, 16, 3, 40, 2),
        // Winograd's filtering: several images to a block, an edge in the middle of tiles, rows in several runs.
        (9, 16, 30, 4, 1),
        (10, 33, 70, 4, 1),
        (2, 70, 16, 9, 1),
        (1, 16, 17, 67, 1),
    ] {
        let (kernel, lengths) = convolution(batch, from, to, size, stride);
        check(&cpu, &kernel, &lengths, &[], 1e-5);
    }
}

/// Winograd's filtering, which is for 16 channels or more, adds and subtracts each pixel; results that do not see it stay.
#[test]
fn an_infinite_pixel_is_no_number_in_a_convolution_of_many_channels() {
    let cpu = CpuBackend::new();
    for (channels, filtered) in [(8, false), (16, true)] {
        let (kernel, lengths) = convolution(1, channels, 16, 12, 1);
        let mut inputs: Vec<_> = lengths.iter().enumerate().map(|(arg, &len)| values(F32, len, arg)).collect();
        inputs[1][13] = f64::INFINITY;
        let got = run(&cpu, &kernel, &inputs, &[]);
        assert_eq!([0, 3].map(|column| got[column].is_nan()), [filtered, false], "{channels} channels");
        assert_eq!([0, 3].map(|column| got[column].is_finite()), [false, true], "{channels} channels");
    }
}

#[test]
fn gradients_of_convolution_weights_in_panels_and_parts() {
    let cpu = CpuBackend::new();
    // The last two by Winograd's filtering, one of them in several chunks.
    for (batch, from, to, size) in [(8, 4, 3, 24), (6, 17, 20, 7), (10, 33, 16, 16)] {
        let out = [to, from, 3, 3];
        let reduced = [batch, size, size];
        let all: Vec<usize> = out.iter().chain(&reduced).copied().collect();
        let mut gradient = Walk::start(&all);
        gradient.permute(&[1, 4, 5, 6, 0, 2, 3]);
        gradient.expand(&[batch, to, size, size, 1, 1, 1]);
        let mut left = Builder::default();
        let g = left.load(0, F32, gradient.finish());
        let mut windows = Walk::start(&all);
        let along =
            |axis: usize, with: usize| Affine { axis, size, scale: 1, offset: -1, divisor: 1, with: Some((with, 1)) };
        windows.affine(&along(5, 2), size);
        windows.affine(&along(6, 3), size);
        windows.expand(&[1, from, 1, 1, batch, size, size]);
        windows.permute(&[4, 1, 5, 6, 0, 2, 3]);
        let mut right = Builder::default();
        let x = right.load(1, F32, windows.finish());
        let roles = vec![Role::Left, Role::Right, Role::Right, Role::Right];
        let kind = KernelKind::Contract { left: left.result(g), right: right.result(x), roles };
        let kernel = kernel(kind, &out, &reduced, &[F32; 2], store(F32), 0);
        check(&cpu, &kernel, &[batch * to * size * size, batch * from * size * size], &[], 1e-5);
    }
}

/// A load of a buffer of these axes of the index, each of which has so many elements.
fn load_of_axes(arg: usize, mut walk: Walk, axes: [usize; 8], size: impl Fn(usize) -> usize) -> Block {
    let extents: Vec<usize> = (0..8).map(size).collect();
    walk.expand(&extents);
    let place = |axis| axes.iter().position(|&other| other == axis).unwrap();
    walk.permute(&(0..8).map(place).collect::<Vec<usize>>());
    let mut load = Builder::default();
    let value = load.load(arg, F32, walk.finish());
    load.result(value)
}

/// A convolution in groups, and the gradient of its taps: `channels` of each of the groups, and filters.
#[derive(Clone, Copy)]
struct Grouped {
    batch: usize,
    groups: usize,
    channels: usize,
    filters: usize,
    size: [usize; 2],
    taps: [usize; 2],
    stride: i64,
    dilation: i64,
    margin: i64,
}

impl Grouped {
    fn positions(&self) -> [usize; 2] {
        let reach = |n: usize| self.dilation * (self.taps[n] as i64 - 1);
        [0, 1].map(|n| ((self.size[n] as i64 + 2 * self.margin - reach(n) - 1) / self.stride + 1) as usize)
    }

    /// A load of the image, (batch, groups, channels, height, width), where an index of `all` sees it: `axes` says which of
    /// it are these, filters, and rows and columns of taps.
    fn windows(&self, arg: usize, all: &[usize], axes: [usize; 8]) -> Block {
        let [_, _, _, down, across, filter, row, column] = axes;
        let mut walk = Walk::start(all);
        for (axis, with, size) in [(down, row, self.size[0]), (across, column, self.size[1])] {
            let (scale, with) = (self.stride, Some((with, self.dilation)));
            walk.affine(&Affine { axis, size: all[axis], scale, offset: -self.margin, divisor: 1, with }, size);
        }
        load_of_axes(arg, walk, axes, |axis| match axis {
            _ if axis == down => self.size[0],
            _ if axis == across => self.size[1],
            _ if [filter, row, column].contains(&axis) => 1,
            _ => all[axis],
        })
    }

    fn plain(arg: usize, all: &[usize], axes: [usize; 8]) -> Block {
        load_of_axes(arg, Walk::start(all), axes, |axis| if axes[5..].contains(&axis) { 1 } else { all[axis] })
    }

    fn check(&self, cpu: &CpuBackend) {
        use Role::{Batch, Left, Right};
        let Grouped { batch, groups, channels, filters, size, taps, .. } = *self;
        let positions = self.positions();
        let weights = groups * filters * channels * taps[0] * taps[1];
        let pixels = batch * groups * channels * size[0] * size[1];
        let results = batch * groups * filters * positions[0] * positions[1];

        let (out, reduced) = ([batch, groups, filters, positions[0], positions[1]], [channels, taps[0], taps[1]]);
        let all = [&out[..], &reduced].concat();
        let left = Grouped::plain(0, &all, [1, 2, 5, 6, 7, 0, 3, 4]);
        let right = self.windows(1, &all, [0, 1, 5, 3, 4, 2, 6, 7]);
        let kind = KernelKind::Contract { left, right, roles: vec![Right, Batch, Left, Right, Right] };
        check(cpu, &kernel(kind.clone(), &out, &reduced, &[F32; 2], store(F32), 0), &[weights, pixels], &[], 1e-5);
        let mut body = Builder::default();
        let sum = body.accumulator(0, F32);
        let bias = body.load(2, F32, broadcast(&out, &[1]));
        let sum = body.op(Add, &[sum, bias]);
        body.op(Relu, &[sum]);
        check(cpu, &kernel(kind, &out, &reduced, &[F32; 3], body.done(), 0), &[weights, pixels, groups], &[], 1e-5);

        let (out, reduced) = ([groups, filters, channels, taps[0], taps[1]], [batch, positions[0], positions[1]]);
        let all = [&out[..], &reduced].concat();
        let left = Grouped::plain(0, &all, [5, 0, 1, 6, 7, 2, 3, 4]);
        let right = self.windows(1, &all, [5, 0, 2, 6, 7, 1, 3, 4]);
        let kind = KernelKind::Contract { left, right, roles: vec![Batch, Left, Right, Right, Right] };
        check(cpu, &kernel(kind, &out, &reduced, &[F32; 2], store(F32), 0), &[results, pixels], &[], 1e-5);
    }
}

#[test]
fn convolutions_in_groups_with_margins_strides_and_dilation() {
    let cpu = CpuBackend::new();
    for (batch, [groups, channels, filters], size, taps, [stride, dilation, margin]) in [
        (2, [3, 1, 1], [9, 13], [3, 3], [1, 1, 1]),
        (1, [2, 1, 1], [5, 4], [3, 3], [1, 1, 1]),
        (2, [2, 1, 1], [12, 11], [3, 3], [1, 1, 0]),
        // A margin wider than the image.
        (2, [2, 1, 1], [3, 5], [3, 3], [1, 1, 7]),
        (2, [2, 1, 1], [10, 15], [5, 5], [2, 1, 2]),
        (2, [2, 1, 1], [11, 16], [3, 2], [3, 1, 1]),
        (2, [2, 1, 1], [11, 14], [3, 3], [1, 2, 2]),
        (2, [2, 1, 1], [14, 17], [4, 3], [2, 3, 3]),
        (2, [2, 1, 1], [19, 21], [7, 7], [1, 1, 3]),
        (2, [2, 1, 3], [9, 10], [3, 3], [1, 1, 1]),
        (3, [2, 3, 2], [9, 10], [3, 3], [1, 1, 1]),
        (3, [2, 2, 2], [8, 18], [3, 3], [2, 1, 1]),
        (2, [3, 1, 1], [1, 40], [1, 9], [1, 1, 0]),
        // Planes in several pieces, of rows and of columns.
        (1, [2, 2, 1], [100, 110], [3, 5], [1, 1, 2]),
        (1, [1, 1, 1], [3, 20_000], [3, 3], [1, 1, 1]),
    ] {
        Grouped { batch, groups, channels, filters, size, taps, stride, dilation, margin }.check(&cpu);
    }
}

/// As in gradients of convolutions with strides: the rows and columns of several planes alternate.
#[test]
fn convolutions_of_interleaved_planes() {
    use Role::{Batch, Left, Right};
    let cpu = CpuBackend::new();
    for (batch, groups, size, parts, taps, offset) in [
        (2, 3, [7, 9], [2, 2], [2, 2], 0),
        (1, 2, [6, 8], [1, 3], [2, 3], -1),
        (2, 2, [5, 6], [3, 1], [3, 3], -1),
        (1, 1, [1, 40], [1, 2], [1, 3], -2),
        (1, 1, [200, 120], [2, 2], [3, 3], -1),
    ] {
        let (out, reduced) = ([batch, groups, size[0], parts[0], size[1], parts[1]], taps);
        let all = [&out[..], &reduced].concat();
        let sized = |axes: &[usize], axis: usize| if axes.contains(&axis) { all[axis] } else { 1 };
        let (weights, image) = ([1, 3, 5, 6, 7], [0, 1, 2, 4]);
        let left = load_of_axes(0, Walk::start(&all), [1, 3, 5, 6, 7, 0, 2, 4], |axis| sized(&weights, axis));
        let mut walk = Walk::start(&all);
        for (axis, with, size) in [(2, 6, size[0]), (4, 7, size[1])] {
            walk.affine(&Affine { axis, size, scale: 1, offset, divisor: 1, with: Some((with, 1)) }, size);
        }
        let right = load_of_axes(1, walk, [0, 1, 2, 4, 3, 5, 6, 7], |axis| sized(&image, axis));
        let kind = KernelKind::Contract { left, right, roles: vec![Right, Batch, Right, Left, Right, Left] };
        let mut body = Builder::default();
        let sum = body.accumulator(0, F32);
        let bias = body.load(2, F32, View::contiguous(&out));
        body.op(Add, &[sum, bias]);
        let count = |axes: &[usize]| axes.iter().map(|&axis| all[axis]).product::<usize>();
        let lengths = [count(&weights), count(&image), numel(&out)];
        check(&cpu, &kernel(kind, &out, &reduced, &[F32; 3], body.done(), 0), &lengths, &[], 1e-5);
    }
}

#[test]
fn not_a_number_passes_through_products_and_sums() {
    let cpu = CpuBackend::new();
    let mut load = Builder::default();
    let x = load.load(0, F32, View::contiguous(&[2, 40]));
    let kind = KernelKind::Reduce { load: load.result(x), folds: vec![Fold::Max] };
    let kernel = kernel(kind, &[2], &[40], &[F32], store(F32), 0);
    let mut input = values(F32, 80, 0);
    input[3] = f64::NAN;
    let got = run(&cpu, &kernel, &[input], &[]);
    assert!(got[0].is_nan() && got[1].is_finite());
}

/// The other tests of this file once more, by lesser instruction sets than this processor's best.
#[test]
fn every_instruction_set_computes_the_same() {
    const NAME: &str = "every_instruction_set_computes_the_same";
    if std::env::var("RUTILE_CPU").is_ok() {
        return;
    }
    for set in ["avx2", "baseline"] {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        let output = command.args(["--exact", "--skip", NAME]).env("RUTILE_CPU", set).output().unwrap();
        assert!(output.status.success(), "{set}: {}", String::from_utf8_lossy(&output.stdout));
    }
}
