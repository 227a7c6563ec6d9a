//! Products by cooperative matrices: a subgroup multiplies small square matrices at once, on the units that GPUs have for it.
//!
//! Only where no precision is lost: float16 factors with float32 sums, and float32 factors where the device takes those. Which
//! units a device has, `units` finds out.
//!
//! A workgroup of four subgroups has a tile of 64 × 64 results, of which each subgroup sums 32 × 32 as 4 or 16 matrices: 32
//! registers of each of 32 invocations. Per step it loads 64 × 32 (float32: 64 × 16) elements of each factor into workgroup
//! memory, each for 64 results; with 128 invocations that is 4 (2) quads of a factor for each. They read neighbouring quads of
//! a side, or runs of 8 elements along k. The tiles take 9 (8.5) KiB of workgroup memory; 1 or 4 KiB more hold one finished
//! matrix of each subgroup, whose invocations run the kernel's body on its elements, neighbours in memory side by side.
//!
//! Not run on hardware yet. With float16 llvmpipe of Mesa 26 runs it in 8 × 8 and subgroups of 8; of 16 × 16 and of float32 it is
//! known that naga validates the text and translates it.

use rutile_core::dtype::DType;
use rutile_core::kernel::{Block, Kernel, Role};

use crate::contract::{self, Side, Sizes};
use crate::packed;
use crate::units::{Unit, Units};
use crate::value::fitted;
use crate::wgsl::{Shader, Writer};

/// Rows and columns of a workgroup's tile, and of a subgroup's part of it.
const TILE: usize = 64;
const PART: usize = 32;
const SUBGROUPS: usize = (TILE / PART) * (TILE / PART);
const QUAD: usize = 4;
/// Bytes along k of a step.
const STEP_BYTES: usize = 64;

/// The unit that a product is computed by, if there is one and the tiles do not compute twice what is asked for.
pub fn unit(left: &Block, right: &Block, sizes: &Sizes, units: &Units) -> Option<Unit> {
    let [dtype, other] = [left, right].map(dtype_of);
    let suits = sizes.rows >= PART && sizes.columns >= PART && sizes.depth >= PART;
    let fills = workgroups(sizes) * TILE * TILE <= 2 * sizes.results();
    units.of(dtype).filter(|_| dtype == other && suits && fills)
}

pub fn workgroups(sizes: &Sizes) -> usize {
    sizes.batch * sizes.rows.div_ceil(TILE) * sizes.columns.div_ceil(TILE)
}

fn dtype_of(block: &Block) -> DType {
    block.code[block.results[0]].dtype
}

pub fn generate(kernel: &Kernel, left: &Block, right: &Block, roles: &[Role], unit: Unit) -> Shader {
    let sizes = Sizes::of(kernel, roles);
    let mut writer = Writer::new(kernel);
    let dtype = dtype_of(left);
    let element = if dtype == DType::F16 { "f16" } else { "f32" };
    let Unit { size, subgroup } = unit;
    // Rows of the tiles in workgroup memory are 16 bytes longer, for its banks and as matrices must be aligned.
    let (depth, stride) = (STEP_BYTES / dtype.size(), TILE + 16 / dtype.size());
    if dtype == DType::F16 {
        writer.enable("f16");
    }
    writer.enable("wgpu_cooperative_matrix");
    for name in ["left", "right"] {
        writer.global(format!("var<workgroup> {name}_tile: array<{element}, {}>;", depth * stride));
    }
    writer.global(format!("var<workgroup> finished: array<f32, {}>;", SUBGROUPS * size * size));
    let exact =
        sizes.rows.is_multiple_of(TILE) && sizes.columns.is_multiple_of(TILE) && sizes.depth.is_multiple_of(depth);
    contract::write_epilogue(&mut writer, kernel, roles, &sizes, exact, dtype);

    let invocations = SUBGROUPS * subgroup;
    let batch = contract::open_tiles(&mut writer, kernel, roles, &sizes, TILE, invocations);
    let sides = Side::both(left, right, &sizes);
    // Quads of the side that lie beside each other, and elements along k.
    let shared = (TILE / QUAD, invocations / (TILE / QUAD));
    let loads = sides.each_ref().map(|side| contract::prepare(&mut writer, kernel, roles, side, &batch, shared, exact));

    writer.line(format!("let member = lane % {subgroup}u;"));
    writer.line(format!("let own = lane / {subgroup}u * {}u;", size * size));
    writer.line(format!("let part_m = lane / {}u * {PART}u;", subgroup * TILE / PART));
    writer.line(format!("let part_n = lane / {subgroup}u % {}u * {PART}u;", TILE / PART));
    // Sums start from zeros in memory: not every language that WGSL becomes has matrices that are zero.
    writer.open(format!("for (var i = lane; i < {}u; i += {invocations}u) {{", SUBGROUPS * size * size));
    writer.line("finished[i] = 0.0;");
    writer.close();
    writer.line("workgroupBarrier();");
    let matrix = |element: &str, role: &str| format!("coop_mat{size}x{size}<{element}, {role}>");
    for (row, column) in matrices(size) {
        let sums = matrix("f32", "C");
        writer.line(format!("var sums{row}_{column} = coopLoad<{sums}>(&finished[own], {size}u);"));
    }
    let steps = writer.integer(sizes.depth as i64);
    writer.open(format!("for (var first_k = 0u; first_k < {steps}; first_k += {depth}u) {{"));
    for (side, load) in sides.iter().zip(&loads) {
        write_tile(&mut writer, kernel, side, load, &steps, (depth, shared.1, stride), exact);
    }
    writer.line("workgroupBarrier();");
    for k in (0..depth).step_by(size) {
        for n in 0..PART / size {
            let at = |part: &str| format!("{part} + {}u", k * stride + n * size);
            let (left, right) = (matrix(element, "A"), matrix(element, "B"));
            writer.line(format!("let l{k}_{n} = coopLoad<{left}>(&left_tile[{}], {stride}u);", at("part_m")));
            writer.line(format!("let r{k}_{n} = coopLoadT<{right}>(&right_tile[{}], {stride}u);", at("part_n")));
        }
        for (row, column) in matrices(size) {
            let sums = format!("sums{row}_{column}");
            writer.line(format!("{sums} = coopMultiplyAdd(l{k}_{row}, r{k}_{column}, {sums});"));
        }
    }
    writer.line("workgroupBarrier();");
    writer.close();
    for (row, column) in matrices(size) {
        write_results(&mut writer, kernel, roles, unit, row, column);
    }
    writer.close();
    writer.finish()
}

/// Rows and columns of the matrices of a subgroup's sums.
fn matrices(size: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..PART / size).flat_map(move |row| (0..PART / size).map(move |column| (row, column)))
}

/// Loads a step's elements of a factor, of which all invocations at once load `beside` along k.
fn write_tile(
    writer: &mut Writer,
    kernel: &Kernel,
    side: &Side,
    load: &contract::Load,
    steps: &str,
    (depth, beside, stride): (usize, usize, usize),
    exact: bool,
) {
    let name = side.name;
    let result = side.block.results[0];
    let dtype = side.block.code[result].dtype;
    let is_rounded = writer.is_rounded(side.block, result);
    let element = |value: String| match dtype {
        DType::F16 if is_rounded => format!("f16({value})"),
        DType::F16 => format!("f16({})", fitted(&value, dtype)),
        _ => value,
    };
    writer.open(format!("for (var step = {name}_k; step < {depth}u; step += {beside}u) {{"));
    contract::write_load(writer, kernel, side, load, "first_k + step", steps, exact, |writer| {
        writer.line(format!("let place = step * {stride}u + {name}_quad * {QUAD}u;"));
        for n in 0..QUAD {
            writer.line(format!("{name}_tile[place + {n}u] = {};", element(format!("load{n}"))));
        }
    });
    writer.close();
}

/// Hands the sums of a matrix to the invocations of the subgroup, neighbours in memory to neighbours.
fn write_results(writer: &mut Writer, kernel: &Kernel, roles: &[Role], unit: Unit, row: usize, column: usize) {
    let Unit { size, subgroup } = unit;
    let lanes = packed::lanes(kernel);
    let along_rows = roles.last() == Some(&Role::Left);
    let store = if along_rows { "coopStore" } else { "coopStoreT" };
    writer.line(format!("{store}(sums{row}_{column}, &finished[own], {size}u);"));
    writer.line("workgroupBarrier();");
    writer.open(format!("for (var i = member * {lanes}u; i < {}u; i += {}u) {{", size * size, subgroup * lanes));
    let (m, n) = if along_rows { ("%", "/") } else { ("/", "%") };
    writer.line(format!("let m = first_m + part_m + {}u + i {m} {size}u;", row * size));
    writer.line(format!("let n = first_n + part_n + {}u + i {n} {size}u;", column * size));
    let sums: Vec<String> = (0..lanes).map(|lane| format!("finished[own + i + {lane}u]")).collect();
    writer.line(format!("finish(b, m, n, {});", sums.join(", ")));
    writer.close();
    writer.line("workgroupBarrier();");
}
