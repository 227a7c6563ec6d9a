//! Products: `accumulator 0 = Σ over k of left(b, m, k) · right(b, n, k)`, where b, m, n and k are the row-major numbers
//! over the batch, left, right and reduced axes. A matrix product, a convolution and their gradients are all of this form.

use rutile_core::dtype::DType;
use rutile_core::elementwise::Elementwise;
use rutile_core::kernel::{Block, Fold, Instruction, Kernel, KernelKind, Role, Value};
use rutile_core::shape::{contiguous_strides, numel};

use crate::packed::{self, Neighbours};
use crate::simplify::axes_of;
use crate::value::{fitted, is_narrow_integer, type_name, zero};
use crate::wgsl::{Scope, Shader, Writer};

/// Neighbouring rows or columns that one invocation loads and accumulates as a vector.
const QUAD: usize = 4;
/// Products with fewer rows or columns than this are sums per result: a tile would stay mostly empty.
const THIN: usize = 8;

/// How a workgroup of `side * side` invocations shares a square tile of the results. Of each side of it an invocation has
/// `spread` quads, `side` quads apart, so that neighbours read neighbouring vectors of workgroup memory. In one step each
/// loads one quad of each factor into workgroup memory, which makes the tile `depth` deep. Each result is summed in the order
/// of k by one invocation, whatever the tile (`tune` chooses it).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    side: usize,
    spread: usize,
}

impl Tile {
    /// 64 results in the registers of each invocation: 64 products for each four vectors from workgroup memory.
    pub const LARGE: Tile = Tile { side: 16, spread: 2 };
    /// 16 results: 16 products for each two vectors.
    pub const MEDIUM: Tile = Tile { side: 16, spread: 1 };
    /// As large as `MEDIUM`, by a quarter of the invocations, which have 64 results each.
    pub const DENSE: Tile = Tile { side: 8, spread: 2 };
    pub const SMALL: Tile = Tile { side: 8, spread: 1 };
    pub const ALL: [Tile; 4] = [Tile::LARGE, Tile::MEDIUM, Tile::DENSE, Tile::SMALL];

    fn quads(self) -> usize {
        self.side * self.spread
    }

    /// Rows and columns.
    pub fn size(self) -> usize {
        self.quads() * QUAD
    }

    pub fn invocations(self) -> usize {
        self.side * self.side
    }

    fn depth(self) -> usize {
        self.invocations() / self.quads()
    }

    /// Vectors from one depth to the next: one of padding spreads them over the banks of workgroup memory.
    fn stride(self) -> usize {
        self.quads() + 1
    }
}

/// How large a product is.
pub struct Sizes {
    pub batch: usize,
    pub rows: usize,
    pub columns: usize,
    pub depth: usize,
    /// Elements of 64 bits, of which workgroup memory holds no large tiles.
    pub wide: bool,
}

pub fn generate(kernel: &Kernel, left: &Block, right: &Block, roles: &[Role], tile: Tile) -> Shader {
    tiled(kernel, left, right, roles, &Sizes::of(kernel, roles), tile)
}

/// Whether each invocation has whole words of the output among the rows or columns that it accumulates.
pub fn has_whole_words(kernel: &Kernel, roles: &[Role]) -> bool {
    let whole = |innermost: &usize| innermost.is_multiple_of(packed::lanes(kernel));
    kernel.out.last().is_some_and(whole) && roles.last() != Some(&Role::Batch)
}

/// A product with few rows or columns as a sum; any other kernel as it is.
pub fn thin_as_sum(kernel: Kernel) -> Kernel {
    let KernelKind::Contract { left, right, roles } = &kernel.kind else { return kernel };
    let sizes = Sizes::of(&kernel, roles);
    if sizes.rows >= THIN && sizes.columns >= THIN {
        return kernel;
    }
    let load = as_one(left, right);
    Kernel { kind: KernelKind::Reduce { load, folds: vec![Fold::Sum] }, ..kernel }
}

impl Sizes {
    pub fn of(kernel: &Kernel, roles: &[Role]) -> Sizes {
        let size = |role| axes_of(roles, role).iter().map(|&axis| kernel.out[axis]).product::<usize>();
        Sizes {
            batch: size(Role::Batch),
            rows: size(Role::Left),
            columns: size(Role::Right),
            depth: numel(&kernel.reduced),
            wide: matches!(&kernel.kind, KernelKind::Contract { left, .. } if left.code[left.results[0]].dtype.size() == 8),
        }
    }

    /// Results that are asked for.
    pub fn results(&self) -> usize {
        self.batch * self.rows * self.columns
    }

    /// Results that tiles compute, those beyond the ends included.
    pub fn computed(&self, tile: Tile) -> usize {
        self.workgroups(tile) * tile.size() * tile.size()
    }

    pub fn workgroups(&self, tile: Tile) -> usize {
        self.batch * self.rows.div_ceil(tile.size()) * self.columns.div_ceil(tile.size())
    }
}

/// The product of both factors, element by element.
fn as_one(left: &Block, right: &Block) -> Block {
    let mut load = left.clone();
    let shift = left.code.len();
    for instruction in &right.code {
        let mut instruction = instruction.clone();
        instruction.value.operands_mut().into_iter().for_each(|n| *n += shift);
        load.code.push(instruction);
    }
    let operands = vec![left.results[0], right.results[0] + shift];
    let dtype = left.code[left.results[0]].dtype;
    load.results = vec![load.code.len()];
    load.code.push(Instruction { dtype, value: Value::Elementwise { op: Elementwise::Mul, operands } });
    load
}

/// One factor of the product, seen from one invocation that loads four neighbours along its long side per step.
pub struct Side<'a> {
    pub block: &'a Block,
    /// "left" or "right".
    pub name: &'static str,
    pub role: Role,
    /// Elements along the side that is not reduced over.
    pub extent: usize,
    /// First element of the workgroup's tile along it.
    pub origin: &'static str,
}

impl<'a> Side<'a> {
    pub fn both(left: &'a Block, right: &'a Block, sizes: &Sizes) -> [Side<'a>; 2] {
        [
            Side { block: left, name: "left", role: Role::Left, extent: sizes.rows, origin: "first_m" },
            Side { block: right, name: "right", role: Role::Right, extent: sizes.columns, origin: "first_n" },
        ]
    }
}

fn tiled(kernel: &Kernel, left: &Block, right: &Block, roles: &[Role], sizes: &Sizes, tile: Tile) -> Shader {
    let mut writer = Writer::new(kernel);
    let (size, depth) = (tile.size(), tile.depth());
    let dtype = left.code[left.results[0]].dtype;
    let element = type_name(dtype);
    for name in ["left", "right"] {
        writer.global(format!("var<workgroup> {name}_tile: array<vec4<{element}>, {}>;", depth * tile.stride()));
    }
    let exact =
        sizes.rows.is_multiple_of(size) && sizes.columns.is_multiple_of(size) && sizes.depth.is_multiple_of(depth);
    write_epilogue(&mut writer, kernel, roles, sizes, exact, dtype);
    let batch = open_tiles(&mut writer, kernel, roles, sizes, size, tile.invocations());

    let sides = Side::both(left, right, sizes);
    let shared = (tile.quads(), depth);
    let loads = sides.each_ref().map(|side| prepare(&mut writer, kernel, roles, side, &batch, shared, exact));
    writer.line(format!("let row = lane / {}u;", tile.side));
    writer.line(format!("let column = lane % {}u;", tile.side));
    for (row, quad) in rows_and_quads(tile) {
        writer.line(format!("var {} = vec4<{element}>();", sums_of(row, quad)));
    }
    let steps = writer.integer(sizes.depth as i64);
    writer.open(format!("for (var first_k = 0u; first_k < {steps}; first_k += {depth}u) {{"));
    for (side, load) in sides.iter().zip(&loads) {
        let (name, stride) = (side.name, tile.stride());
        write_load(&mut writer, kernel, side, load, &format!("first_k + {name}_k"), &steps, exact, |writer| {
            writer.line(format!("{name}_tile[{name}_k * {stride}u + {name}_quad] = vec4(load0, load1, load2, load3);"));
        });
    }
    writer.line("workgroupBarrier();");
    for k in 0..depth {
        for quad in 0..tile.spread {
            let first = k * tile.stride() + quad * tile.side;
            writer.line(format!("let l{k}_{quad} = left_tile[{first}u + row];"));
            writer.line(format!("let r{k}_{quad} = right_tile[{first}u + column];"));
        }
        for (row, quad) in rows_and_quads(tile) {
            let (left, right) = (format!("l{k}_{}.{}", row / QUAD, LANES[row % QUAD]), format!("r{k}_{quad}"));
            let sums = sums_of(row, quad);
            let product = match element {
                "f32" | "f64" => format!("fma(vec4({left}), {right}, {sums})"),
                _ => format!("{sums} + {left} * {right}"),
            };
            writer.line(format!("{sums} = {product};"));
        }
    }
    writer.line("workgroupBarrier();");
    writer.close();
    writer.line(format!("let m = first_m + row * {QUAD}u;"));
    writer.line(format!("let n = first_n + column * {QUAD}u;"));
    let lanes = packed::lanes(kernel);
    let along_rows = lanes > 1 && roles.last() == Some(&Role::Left);
    let (rows_at_once, columns_at_once) = if along_rows { (lanes, 1) } else { (1, lanes) };
    for (row, quad) in rows_and_quads(tile).filter(|(row, _)| row.is_multiple_of(rows_at_once)) {
        for column in (0..QUAD).step_by(columns_at_once) {
            let sum = |n: usize| match along_rows {
                true => format!("{}.{}", sums_of(row + n, quad), LANES[column]),
                false => format!("{}.{}", sums_of(row, quad), LANES[column + n]),
            };
            let sums: Vec<String> = (0..lanes).map(sum).collect();
            // Quads of one invocation lie as far apart as those of all invocations of a side.
            let far = |quad: usize| quad * tile.side * QUAD;
            let (m, n) = (far(row / QUAD) + row % QUAD, far(quad) + column);
            writer.line(format!("finish(b, m + {m}u, n + {n}u, {});", sums.join(", ")));
        }
    }
    writer.close();
    writer.finish()
}

const LANES: [&str; QUAD] = ["x", "y", "z", "w"];

/// Each row that an invocation accumulates, with each quad of columns.
fn rows_and_quads(tile: Tile) -> impl Iterator<Item = (usize, usize)> {
    (0..tile.spread * QUAD).flat_map(move |row| (0..tile.spread).map(move |quad| (row, quad)))
}

/// The variable of a row's sums for a quad of columns.
fn sums_of(row: usize, quad: usize) -> String {
    format!("acc{row}_{quad}")
}

/// Opens `main` for the tiles of `size` rows and columns, with the first of both and the batch's number and index.
pub fn open_tiles(
    writer: &mut Writer,
    kernel: &Kernel,
    roles: &[Role],
    sizes: &Sizes,
    size: usize,
    invocations: usize,
) -> Vec<String> {
    let (tile_rows, tile_columns) = (sizes.rows.div_ceil(size), sizes.columns.div_ceil(size));
    writer.open_groups(sizes.batch * tile_rows * tile_columns, invocations);
    let (per_row, per_column) = (writer.parameter(tile_columns as u32), writer.parameter(tile_rows as u32));
    writer.line(format!("let first_n = (group % {per_row}) * {size}u;"));
    writer.line(format!("let first_m = (group / {per_row} % {per_column}) * {size}u;"));
    writer.line(format!("let b = group / {per_row} / {per_column};"));
    writer.split("b", &role_sizes(kernel, roles, Role::Batch), "b")
}

/// Where in a tile one invocation loads, and the indices that stay the same over the steps along k.
pub struct Load {
    /// For each of the four neighbours: indices of the axes of `out`.
    index: Vec<Vec<String>>,
    /// For each of the four: the condition that it lies inside.
    inside: Vec<String>,
}

/// Binds the place in the tile of what an invocation loads, which all share as so many quads along the side and so deep.
pub fn prepare(
    writer: &mut Writer,
    kernel: &Kernel,
    roles: &[Role],
    side: &Side,
    batch: &[String],
    (quads, depth): (usize, usize),
    exact: bool,
) -> Load {
    let name = side.name;
    // Neighbouring invocations take neighbouring elements of memory: along k, or along the side itself.
    let (k, quad) = match reads_along_reduced(kernel, side.block) {
        true => (format!("% {depth}u"), format!("/ {depth}u")),
        false => (format!("/ {quads}u"), format!("% {quads}u")),
    };
    writer.line(format!("let {name}_k = lane {k};"));
    writer.line(format!("let {name}_quad = lane {quad};"));
    let extent = if exact { String::new() } else { writer.integer(side.extent as i64) };
    let axes = role_sizes(kernel, roles, side.role);
    let neighbours = writer.repeat(QUAD, |writer, e| {
        let linear = format!("{name}_at{e}");
        writer.line(format!("let {linear} = {} + {name}_quad * {QUAD}u + {e}u;", side.origin));
        let own = writer.split(&linear, &axes, "x");
        (place(roles, &[(Role::Batch, batch), (side.role, &own)]), format!("{linear} < {extent}"))
    });
    let (index, inside) = neighbours.into_iter().unzip();
    Load { index, inside }
}

/// Loads four neighbours at `k`, zeros beyond the ends, and has them stored into the workgroup's tile.
pub fn write_load(
    writer: &mut Writer,
    kernel: &Kernel,
    side: &Side,
    load: &Load,
    k: &str,
    depth: &str,
    exact: bool,
    store: impl FnOnce(&mut Writer),
) {
    let dtype = side.block.code[side.block.results[0]].dtype;
    writer.open("{");
    writer.line(format!("let k = {k};"));
    let reduced = writer.split("k", &kernel.reduced, "k");
    for e in 0..QUAD {
        writer.line(format!("var load{e} = {};", zero(dtype)));
    }
    writer.repeat(QUAD, |writer, e| {
        if exact {
            writer.open("{");
        } else {
            writer.open(format!("if (k < {depth} && {}) {{", load.inside[e]));
        }
        let index: Vec<String> = load.index[e].iter().chain(&reduced).cloned().collect();
        let values = writer.block(side.block, &Scope { index: &index, ..Scope::default() });
        writer.line(format!("load{e} = {};", values[side.block.results[0]]));
        writer.close();
    });
    store(writer);
    writer.close();
}

/// A function that takes one finished sum, or those of a word, through the kernel's body to memory.
pub fn write_epilogue(writer: &mut Writer, kernel: &Kernel, roles: &[Role], sizes: &Sizes, exact: bool, dtype: DType) {
    let (lanes, element) = (packed::lanes(kernel), type_name(dtype));
    let sum = |n: usize| if n == 0 { "sum".to_string() } else { format!("sum{n}") };
    let sums: Vec<String> = (0..lanes).map(|n| format!("{}: {element}", sum(n))).collect();
    writer.open(format!("fn finish(b: u32, m: u32, n: u32, {}) {{", sums.join(", ")));
    if !exact {
        let (rows, columns) = (writer.integer(sizes.rows as i64), writer.integer(sizes.columns as i64));
        writer.open(format!("if (m >= {rows} || n >= {columns}) {{"));
        writer.line("return;");
        writer.close();
    }
    let batch = writer.split("b", &role_sizes(kernel, roles, Role::Batch), "x");
    let left = writer.split("m", &role_sizes(kernel, roles, Role::Left), "x");
    let right = writer.split("n", &role_sizes(kernel, roles, Role::Right), "x");
    let first = place(roles, &[(Role::Batch, &batch), (Role::Left, &left), (Role::Right, &right)]);
    let strides = contiguous_strides(&kernel.out);
    let linear = writer.linear(&strides, &first);
    writer.line(format!("let i = {linear};"));
    writer.body_of_neighbours(&Neighbours { first: "i", lanes, count: None }, |_, n, _| {
        let mut index = first.clone();
        if let (Some(innermost), true) = (index.last_mut(), n > 0) {
            *innermost = format!("({innermost} + {n}u)");
        }
        let total = if is_narrow_integer(dtype) { fitted(&sum(n), dtype) } else { sum(n) };
        (index, vec![total])
    });
    writer.close();
}

fn role_sizes(kernel: &Kernel, roles: &[Role], role: Role) -> Vec<usize> {
    axes_of(roles, role).into_iter().map(|axis| kernel.out[axis]).collect()
}

/// Indices of all axes of `out`; axes of roles that are not given stay at zero.
fn place(roles: &[Role], given: &[(Role, &[String])]) -> Vec<String> {
    let mut index = vec!["0u".to_string(); roles.len()];
    for (role, values) in given {
        for (axis, value) in axes_of(roles, *role).into_iter().zip(values.iter()) {
            index[axis] = value.clone();
        }
    }
    index
}

/// Whether the first load of a factor steps by one element along the innermost reduced axis.
pub fn reads_along_reduced(kernel: &Kernel, block: &Block) -> bool {
    block.code.iter().any(|instruction| match &instruction.value {
        Value::Load { view, .. } => !kernel.reduced.is_empty() && view.levels[0].strides.last() == Some(&1),
        _ => false,
    })
}
