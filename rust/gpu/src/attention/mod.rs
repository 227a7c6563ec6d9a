//! Attention and its gradient in blocks, as FlashAttention-2 does it (Dao, 2023): no score is ever in memory.
//!
//! A workgroup owns a block of rows: queries, or in the second pass of the gradient keys. The other side streams by in blocks
//! of columns. Of each block the workgroup computes products of rows and columns (scores, and for the gradient what the
//! weights get), makes weights of them, and adds the columns' vectors times the weights to sums in registers. So each sum has
//! one owner, there are no atomics, and results repeat bit for bit. The gradient computes the weights again in each of its
//! passes, from the logarithms that the forward pass has left.
//!
//! An invocation has 4 rows, and of a block's columns 4. Per 16 steps of a product it loads one or two vectors of each factor
//! into workgroup memory (neighbours read neighbouring steps of a row, 64 bytes together) and reads 2 vectors for 16
//! multiply-adds; per column of a sum it reads 2 vectors (3 if there are more than 64 results) for 16 (32), which 16
//! invocations have loaded side by side. Columns lie in vectors `columns` or `quads` apart, so that neighbouring invocations
//! read, and store, neighbouring elements. Biases and factors are loaded once a pass for each pair, neighbours beside each
//! other where columns are keys; where they are queries, 4 keys together.
//!
//! | tile: rows × columns | invocations | workgroup memory | loads of a row's or column's element |
//! |---|---|---|---|
//! | 64 × 64 | 256 | 25.5 KiB | rows once for each 64 columns, columns once for each 64 rows |
//! | 32 × 64 | 128 | 15.5 KiB | 64, 32 |
//! | 64 × 32, sums of up to 32 | 128 | 15 KiB | 32, 64 |
//! | 32 × 32, sums of up to 32 | 64 | 9 KiB | 32, 32 |
//!
//! Registers: 16 sums, or 32 of more than 64 results, twice that in the gradient of keys and values; 16 products, in the
//! gradient 32; the greatest scores and their sums, or logarithms and slopes; some 12 for what is being multiplied.

mod forward;
mod gradient;

use rutile_core::attention::{Attention as Spec, Sizes};
use rutile_core::kernel::{Kernel, Operand};

use crate::Limits;
use crate::passes::Passes;
use crate::stage::Stage;
use crate::wgsl::{Scope, Writer};

/// Most elements of a row of any operand: two vectors of sums for each of a tile's columns.
pub const MOST_COLUMNS: usize = 128;
/// Elements of a vector.
const QUAD: usize = 4;
/// Steps of products that workgroup memory holds, and vectors of sums for each column of invocations.
const DEPTH: usize = 16;
const LANES: [&str; QUAD] = ["x", "y", "z", "w"];

/// How a workgroup of `rows × columns` invocations shares a block: each has `QUAD` neighbouring rows, and as many columns,
/// `columns` apart.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Tile {
    rows: usize,
    columns: usize,
    /// Workgroups below which smaller tiles serve a device better.
    least: usize,
}

impl Tile {
    const LARGE: Tile = Tile { rows: 16, columns: 16, least: 128 };
    const WIDE: Tile = Tile { rows: 8, columns: 16, least: 0 };
    const TALL: Tile = Tile { rows: 16, columns: 8, least: 128 };
    const SMALL: Tile = Tile { rows: 8, columns: 8, least: 0 };

    /// For so many matrices of so many rows, whose sums have up to `width` elements.
    fn choose(matrices: usize, rows: usize, width: usize, limits: &Limits) -> Tile {
        let candidates =
            if width <= QUAD * Tile::SMALL.columns { [Tile::TALL, Tile::SMALL] } else { [Tile::LARGE, Tile::WIDE] };
        let fits = |tile: &&Tile| {
            let bytes = (tile.staged() + tile.weights()) * QUAD * size_of::<f32>();
            matrices * rows.div_ceil(tile.own()) >= tile.least && bytes <= limits.workgroup_bytes
        };
        *candidates.iter().find(fits).unwrap_or(&candidates[1])
    }

    fn invocations(self) -> usize {
        self.rows * self.columns
    }

    /// Rows of a block.
    fn own(self) -> usize {
        QUAD * self.rows
    }

    /// Columns of a block.
    fn streamed(self) -> usize {
        QUAD * self.columns
    }

    /// Vectors from one step or column to the next: one of padding spreads them over the banks of workgroup memory.
    fn row_stride(self) -> usize {
        self.rows + 1
    }

    fn column_stride(self) -> usize {
        self.columns + 1
    }

    /// Where the columns' vectors begin behind the rows'.
    fn right(self) -> usize {
        DEPTH * self.row_stride()
    }

    /// Vectors of workgroup memory for steps of products, which vectors of sums take turns with.
    fn staged(self) -> usize {
        self.right() + DEPTH * self.column_stride()
    }

    /// Vectors of a block's weights.
    fn weights(self) -> usize {
        self.streamed() * self.row_stride()
    }

    /// Vectors of sums that an invocation has for each row.
    fn spread(self, width: usize) -> usize {
        width.div_ceil(QUAD * self.columns)
    }

    /// Vectors of sums of a row. One has elements as far apart as there are vectors.
    fn quads(self, width: usize) -> usize {
        self.columns * self.spread(width)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Queries,
    Keys,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Query,
    Key,
    Value,
    Bias,
    Factor,
    Logarithm,
    Slope,
    Above,
}

use Source::*;

impl Source {
    const ALL: [Source; 8] = [Query, Key, Value, Bias, Factor, Logarithm, Slope, Above];

    fn name(self) -> &'static str {
        match self {
            Query => "query",
            Key => "key",
            Value => "value",
            Bias => "bias",
            Factor => "factor",
            Logarithm => "logarithm",
            Slope => "slope",
            Above => "above",
        }
    }

    fn is_in(self, spec: &Spec) -> bool {
        match self {
            Query | Key | Value => true,
            Bias => spec.bias,
            Factor => spec.factor,
            Logarithm | Slope | Above => spec.gradient,
        }
    }

    fn is_of_keys(self) -> bool {
        matches!(self, Key | Value)
    }
}

/// One pass: which blocks it owns, and what it computes of them.
struct Pass<'a> {
    kernel: &'a Kernel,
    spec: &'a Spec,
    operands: &'a [Operand],
    sizes: Sizes,
    own: Side,
    tile: Tile,
    /// Name, and factors by rows and by columns.
    products: &'a [(&'static str, Source, Source)],
    /// Name, and the vectors that are summed.
    sums: &'a [(&'static str, Source)],
}

pub fn passes(kernel: &Kernel, spec: &Spec, operands: &[Operand], limits: &Limits) -> Passes {
    let sizes = Sizes::of_operands(operands);
    let stage = Stage::whole(kernel.clone());
    let pass = |own: Side, products, sums: &'static [(&'static str, Source)]| {
        let (rows, widest) = match own {
            Side::Queries => (sizes.queries, if spec.gradient { sizes.width } else { sizes.value_width }),
            Side::Keys => (sizes.keys, sizes.width.max(sizes.value_width)),
        };
        let tile = Tile::choose(sizes.matrices(), rows, widest, limits);
        Pass { kernel, spec, operands, sizes, own, tile, products, sums }
    };
    let mut passes = Passes::default();
    if spec.gradient {
        let of_queries = pass(Side::Queries, &[("score", Query, Key), ("above", Above, Value)], &[("sum", Key)]);
        passes.add(&stage, &[], |writer| of_queries.write_gradient_of_queries(writer));
        let of_keys =
            pass(Side::Keys, &[("score", Key, Query), ("above", Value, Above)], &[("value", Above), ("key", Query)]);
        passes.add(&stage, &[], |writer| of_keys.write_gradient_of_keys(writer));
    } else {
        let forward = pass(Side::Queries, &[("score", Query, Key)], &[("sum", Value)]);
        passes.add(&stage, &[], |writer| forward.write_forward(writer));
    }
    passes
}

impl Pass<'_> {
    fn operand(&self, source: Source) -> &Operand {
        let before = Source::ALL.into_iter().take_while(|&other| other != source);
        &self.operands[before.filter(|other| other.is_in(self.spec)).count()]
    }

    /// Elements of a row of a matrix of vectors.
    fn width(&self, source: Source) -> usize {
        match source {
            Query | Key => self.sizes.width,
            _ => self.sizes.value_width,
        }
    }

    /// Elements along a side, and whether blocks of it are all whole.
    fn extent(&self, side: Side) -> (usize, bool) {
        let size = if side == Side::Queries { self.sizes.queries } else { self.sizes.keys };
        let block = if side == self.own { self.tile.own() } else { self.tile.streamed() };
        (size, size.is_multiple_of(block))
    }

    fn streamed(&self) -> Side {
        if self.own == Side::Queries { Side::Keys } else { Side::Queries }
    }

    /// Whether all elements of a row that are asked for exist.
    fn has_whole_rows(&self, source: Source) -> bool {
        let width = self.width(source);
        let multiplied = self.products.iter().any(|&(_, left, right)| left == source || right == source);
        let summed = self.sums.iter().any(|&(_, vectors)| vectors == source);
        (!multiplied || width.is_multiple_of(DEPTH)) && (!summed || width == QUAD * self.tile.quads(width))
    }

    /// Declares workgroup memory and loads, and opens `main`: `row` and `column` are the invocation's, `at` its first row,
    /// `first_row` that of the block. Gives the indices of the matrix, as arguments of the loads.
    fn open(&self, writer: &mut Writer) -> String {
        let tile = self.tile;
        writer.global(format!("var<workgroup> tile: array<vec4<f32>, {}>;", tile.staged()));
        writer.global(format!("var<workgroup> weights: array<vec4<f32>, {}>;", tile.weights()));
        let batch = self.operands[0].shape.len() - 2;
        for source in Source::ALL.into_iter().filter(|source| source.is_in(self.spec)) {
            self.write_load(writer, source, batch);
        }
        writer.open("fn exponentials(x: vec4<f32>) -> vec4<f32> {");
        writer.line("return vec4(exp_f32(x.x), exp_f32(x.y), exp_f32(x.z), exp_f32(x.w));");
        writer.close();
        let blocks = self.extent(self.own).0.div_ceil(tile.own());
        writer.open_groups(self.sizes.matrices() * blocks, tile.invocations());
        let blocks = writer.parameter(blocks as u32);
        writer.line(format!("let matrix = group / {blocks};"));
        // Blocks that see most start first.
        let block = match (self.spec.causal, self.own) {
            (true, Side::Queries) => format!("({blocks} - 1u - group % {blocks})"),
            _ => format!("group % {blocks}"),
        };
        writer.line(format!("let first_row = {block} * {}u;", tile.own()));
        writer.line(format!("let row = lane / {}u;", tile.columns));
        writer.line(format!("let column = lane % {}u;", tile.columns));
        writer.line(format!("let at = first_row + row * {QUAD}u;"));
        writer.line(format!("let step = lane % {DEPTH}u;"));
        writer.line(format!("let quad = lane / {DEPTH}u;"));
        writer.line("let rows = vec4(at, at + 1u, at + 2u, at + 3u);");
        let scale = writer.number(self.spec.scale.word(), self.spec.scale.dtype);
        writer.line(format!("let scale = {scale};"));
        writer.line("let lowest = vec4(-infinity());");
        for &(name, source) in self.sums {
            for (row, quad) in self.sums_of(source) {
                writer.line(format!("var {name}{row}_{quad} = vec4<f32>();"));
            }
        }
        let index = writer.split("matrix", &self.operands[0].shape[..batch], "x");
        index.iter().map(|index| format!("{index}, ")).collect()
    }

    /// A function that gives an element of an operand, zero outside it.
    fn write_load(&self, writer: &mut Writer, source: Source, batch: usize) {
        let operand = self.operand(source);
        let mut index: Vec<String> = (0..batch).map(|n| format!("x{n}")).collect();
        let side = if source.is_of_keys() { Side::Keys } else { Side::Queries };
        let mut axes = vec![("row", self.extent(side))];
        if operand.shape.len() == batch + 2 {
            let columns = match source {
                Bias | Factor => self.extent(Side::Keys),
                _ => (self.width(source), self.has_whole_rows(source)),
            };
            axes.push(("column", columns));
        }
        let names = index.iter().map(String::as_str).chain(axes.iter().map(|(name, _)| *name));
        let parameters: Vec<String> = names.map(|name| format!("{name}: u32")).collect();
        writer.open(format!("fn load_{}({}) -> f32 {{", source.name(), parameters.join(", ")));
        let mut inside = Vec::new();
        for (name, (size, whole)) in axes {
            if whole {
                index.push(name.into());
                continue;
            }
            // Outside the last element is loaded, without a branch, and not used.
            let size = writer.integer(size as i64);
            index.push(writer.named("i", &format!("min({name}, {size} - 1u)")));
            inside.push(format!("({name} < {size})"));
        }
        let values = writer.block(&operand.load, &Scope { index: &index, ..Scope::default() });
        let value = &values[operand.load.results[0]];
        writer.line(match inside.is_empty() {
            true => format!("return {value};"),
            false => format!("return select(0.0, {value}, {});", inside.join(" & ")),
        });
        writer.close();
    }

    /// Opens the loop over the blocks of columns that some row of this block has to do with.
    fn open_blocks(&self, writer: &mut Writer) {
        let size = writer.integer(self.extent(self.streamed()).0 as i64);
        let (own, streamed) = (self.tile.own(), self.tile.streamed());
        let (begin, end) = match (self.spec.causal, self.own) {
            (true, Side::Queries) => ("0u".to_string(), format!("min({size}, first_row + {own}u)")),
            (true, Side::Keys) => (format!("first_row / {streamed}u * {streamed}u"), size),
            (false, _) => ("0u".to_string(), size),
        };
        writer.line(format!("let end = {end};"));
        writer.open(format!("for (var first = {begin}; first < end; first += {streamed}u) {{"));
        for n in 0..QUAD {
            writer.line(format!("let at{n} = {};", plus("first + column", n * self.tile.columns)));
        }
    }

    /// Computes the products of the invocation's rows and columns: a vector of rows for each column.
    fn write_products(&self, writer: &mut Writer, batch: &str) {
        let tile = self.tile;
        for &(name, left, right) in self.products {
            (0..QUAD).for_each(|n| writer.line(format!("var {name}{n} = vec4<f32>();")));
            let depth = writer.integer(self.width(left) as i64);
            writer.open(format!("for (var depth = 0u; depth < {depth}; depth += {DEPTH}u) {{"));
            // Steps of a row are read side by side; a vector has four rows, or four columns.
            let sides = [
                (left, "first_row", tile.rows, 0, tile.row_stride()),
                (right, "first", tile.columns, tile.right(), tile.column_stride()),
            ];
            for (source, first, quads, begin, stride) in sides {
                for n in 0..DEPTH * quads / tile.invocations() {
                    let at = plus("quad", n * tile.invocations() / DEPTH);
                    let (row, far) = match source == left {
                        true => (plus(&format!("{first} + quad * {QUAD}u"), n * tile.invocations() / DEPTH * QUAD), 1),
                        false => (format!("{first} + {at}"), quads),
                    };
                    let row = writer.named("row", &row);
                    let element =
                        |n: usize| format!("load_{}({batch}{}, depth + step)", source.name(), plus(&row, n * far));
                    let place = plus(&format!("step * {stride}u + {at}"), begin);
                    writer.line(format!("tile[{place}] = {};", vector(element)));
                }
            }
            writer.line("workgroupBarrier();");
            for k in 0..DEPTH {
                writer.line(format!("let l{k} = tile[{}];", plus("row", k * tile.row_stride())));
                writer.line(format!("let r{k} = tile[{}];", plus("column", tile.right() + k * tile.column_stride())));
                for (n, lane) in LANES.iter().enumerate() {
                    writer.line(format!("{name}{n} = fma(l{k}, vec4(r{k}.{lane}), {name}{n});"));
                }
            }
            writer.line("workgroupBarrier();");
            writer.close();
        }
    }

    /// Makes scores of the products: scaled, biased, minus infinity where there is no pair or it is hidden.
    fn write_scores(&self, writer: &mut Writer, batch: &str) {
        let (size, whole) = self.extent(self.streamed());
        let size = if whole { String::new() } else { writer.integer(size as i64) };
        for n in 0..QUAD {
            writer.line(format!("score{n} *= scale;"));
            if self.spec.bias {
                writer.line(format!("score{n} += {};", self.of_pairs(Bias, batch, n)));
            }
            let mut hidden = Vec::new();
            if self.spec.causal {
                let later = if self.own == Side::Queries { "<" } else { ">" };
                hidden.push(format!("(rows {later} vec4(at{n}))"));
            }
            if !whole {
                hidden.push(format!("vec4(at{n} >= {size})"));
            }
            if !hidden.is_empty() {
                writer.line(format!("score{n} = select(score{n}, lowest, {});", hidden.join(" | ")));
            }
        }
    }

    /// A vector of what an operand has for the invocation's rows and its column n.
    fn of_pairs(&self, source: Source, batch: &str, n: usize) -> String {
        vector(|row| match self.own {
            Side::Queries => format!("load_{}({batch}{}, at{n})", source.name(), plus("at", row)),
            Side::Keys => format!("load_{}({batch}at{n}, {})", source.name(), plus("at", row)),
        })
    }

    /// A vector of an operand's numbers of the invocation's rows.
    fn of_rows(&self, source: Source, batch: &str) -> String {
        vector(|row| format!("load_{}({batch}{})", source.name(), plus("at", row)))
    }

    /// Puts vectors of rows, one for each column, where all invocations of the rows find them.
    fn write_weights(&self, writer: &mut Writer, name: &str) {
        let Tile { columns, .. } = self.tile;
        for n in 0..QUAD {
            let place =
                plus(&format!("column * {}u + row", self.tile.row_stride()), n * columns * self.tile.row_stride());
            writer.line(format!("weights[{place}] = {name}{n};"));
        }
    }

    /// The invocation's rows, each with its vectors of sums.
    fn sums_of(&self, source: Source) -> impl Iterator<Item = (usize, usize)> + use<> {
        let spread = self.tile.spread(self.width(source));
        (0..QUAD).flat_map(move |row| (0..spread).map(move |quad| (row, quad)))
    }

    /// Adds the columns' vectors, each times the weights, to the rows' sums.
    fn write_sums(&self, writer: &mut Writer, batch: &str, (name, source): (&str, Source)) {
        let tile = self.tile;
        let (spread, quads) = (tile.spread(self.width(source)), tile.quads(self.width(source)));
        if spread == 0 {
            return;
        }
        let at_once = DEPTH / spread;
        let end = match self.extent(self.streamed()).1 && !self.spec.causal {
            true => format!("{}u", tile.streamed()),
            false => format!("min({}u, end - first)", tile.streamed()),
        };
        writer.open(format!("for (var start = 0u; start < {end}; start += {at_once}u) {{"));
        for n in 0..at_once * quads / tile.invocations() {
            let item = writer.named("item", &plus("lane", n * tile.invocations()));
            let row = writer.named("row", &format!("first + start + {item} / {quads}u"));
            let place = writer.named("place", &format!("{item} % {quads}u"));
            let element = |n: usize| format!("load_{}({batch}{row}, {})", source.name(), plus(&place, n * quads));
            writer.line(format!("tile[{item}] = {};", vector(element)));
        }
        writer.line("workgroupBarrier();");
        writer.line(format!("let first_weights = start * {}u + row;", tile.row_stride()));
        for n in 0..at_once {
            writer.line(format!("let w{n} = weights[{}];", plus("first_weights", n * tile.row_stride())));
            for quad in 0..spread {
                let place = n * quads + quad * tile.columns;
                writer.line(format!("let v{n}_{quad} = tile[{}];", plus("column", place)));
            }
            for (row, quad) in self.sums_of(source) {
                let sum = format!("{name}{row}_{quad}");
                writer.line(format!("{sum} = fma(vec4(w{n}.{}), v{n}_{quad}, {sum});", LANES[row]));
            }
        }
        writer.line("workgroupBarrier();");
        writer.close();
    }

    /// Stores the rows' sums, each times its row's element of a vector, from element `begin` of the results on.
    fn write_results(&self, writer: &mut Writer, (name, source): (&str, Source), begin: usize, factor: Option<&str>) {
        let width = self.width(source);
        let quads = self.tile.quads(width);
        let (size, whole) = self.extent(self.own);
        let [begin, size, heads] = [begin, size, self.sizes.heads].map(|number| writer.integer(number as i64));
        let width_name = writer.integer(width as i64);
        let start = format!("{begin} + (matrix / {heads} * {size} * {heads} + matrix % {heads}) * {width_name}");
        let start = writer.named("start", &start);
        for (row, of_row) in LANES.iter().enumerate() {
            writer.open(if whole { "{".into() } else { format!("if ({} < {size}) {{", plus("at", row)) });
            writer.line(format!("let line = {start} + ({}) * {heads} * {width_name};", plus("at", row)));
            for quad in 0..self.tile.spread(width) {
                for (lane, element) in LANES.iter().enumerate() {
                    let first = quad * self.tile.columns + lane * quads;
                    let whole = first + self.tile.columns <= width;
                    if first >= width {
                        continue;
                    }
                    let value = format!("{name}{row}_{quad}.{element}");
                    let value = factor.map_or(value.clone(), |factor| format!("{value} * {factor}.{of_row}"));
                    if !whole {
                        writer.open(format!("if ({} < {width_name}) {{", plus("column", first)));
                    }
                    writer.line(format!("a{}[{}] = {value};", self.out(), plus("line + column", first)));
                    if !whole {
                        writer.close();
                    }
                }
            }
            writer.close();
        }
    }

    /// The argument that takes the results, which are stored as they are.
    fn out(&self) -> usize {
        self.kernel.stores[0].arg
    }
}

/// The number that lies `n` further.
fn plus(number: &str, n: usize) -> String {
    if n == 0 { number.into() } else { format!("{number} + {n}u") }
}

fn vector(element: impl Fn(usize) -> String) -> String {
    format!("vec4({})", (0..QUAD).map(element).collect::<Vec<_>>().join(", "))
}
