//! Sums by position, where comparing every source with every target (`scatter`) would take long: the sources are sorted by
//! position, so that those of a target lie in a stretch side by side, and each element of the output sums its stretch in
//! order. No atomics, so every run gives the same bits.
//!
//! A target with very many sources would keep one invocation busy while the others wait. So blocks of 32 sources that belong
//! to one target, 32 such blocks and so on are summed first, and an element of the output takes the largest blocks that fit
//! in its stretch. An invocation loads each source of a block, or of a stretch outside blocks, once: its entry (8 bytes, the
//! same for neighbours along the axes after the positions' axis) and its value (beside each other along those axes). It takes
//! no workgroup memory, and a register for the sum.

use rutile_core::dtype::DType;
use rutile_core::kernel::{Access, Block, Fold, Kernel, KernelKind};
use rutile_core::shape::{contiguous_strides, numel};

use crate::packed;
use crate::passes::{Passes, Work};
use crate::reduce::combine;
use crate::sort::{Keys, Rows};
use crate::stage::Stage;
use crate::value::{type_name, zero};
use crate::wgsl::{Scope, Writer};

/// Positions that an invocation of a scatter may look at in turn, and that all of them may, before sorting is faster.
const MOST_IN_TURN: usize = 2048;
const MOST_COMPARED: usize = 1 << 20;
/// As many comparisons take what an element of the output takes when positions are sorted.
const ALWAYS_COMPARED: usize = 16;
/// Blocks, or sources, that make a block of the next level.
const BLOCK: usize = 32;
/// Elements of the output with the same stretch that are worth a pass which finds it for all of them.
const LEAST_SHARED: usize = 8;

/// Whether the kernel is a scatter for which sorting is worth it.
pub fn are_many(kernel: &Kernel) -> bool {
    let (sources, outputs) = (numel(&kernel.reduced), numel(&kernel.out));
    let compared = sources.saturating_sub(ALWAYS_COMPARED) * outputs;
    matches!(kernel.kind, KernelKind::Scatter { .. }) && (sources > MOST_IN_TURN || compared > MOST_COMPARED)
}

/// Whether shaders may bind working memory beside what the kernel reads and writes, if it needs some.
pub fn have_room(kernel: &Kernel, max_buffers: usize) -> bool {
    let KernelKind::Scatter { load, axis } = &kernel.kind else { return true };
    !are_many(kernel) || {
        let (stage, _) = Segments::new(kernel, load, *axis).last_stage();
        stage.kernel.args.len() + WORK + kernel.has_checks() as usize <= max_buffers
    }
}

/// Pieces of working memory that the last pass binds.
const WORK: usize = 2;

pub fn passes(kernel: &Kernel, load: &Block, axis: usize) -> Passes {
    let segments = Segments::new(kernel, load, axis);
    let mut passes = Passes::default();
    let mut first = Stage::of(kernel);
    let positions = first.adopt(&segments.positions, &kernel.args);
    let rows = &segments.rows;
    let stretches = if segments.shares_stretches() { rows.count * segments.targets } else { 0 };
    let sorted =
        rows.sort(&mut passes, &first, rows.size, stretches, |writer| segments.write_key_of(writer, &positions));
    if stretches > 0 {
        passes.add(&Stage::of(kernel), &[(sorted, Access::ReadWrite)], |writer| segments.write_stretches(writer));
    }
    let dtype = packed::working(segments.dtype);
    let bytes = segments.first_block(segments.levels + 1) * segments.columns * dtype.size();
    let sums = Work { piece: passes.piece(bytes), name: "sums", element: type_name(dtype) };
    let work = |access| match segments.levels {
        0 => vec![(sorted, Access::Read)],
        _ => vec![(sorted, Access::Read), (sums, access)],
    };
    for level in 1..=segments.levels {
        let mut stage = Stage::of(kernel);
        let values = if level == 1 { stage.adopt(&segments.values, &kernel.args) } else { Block::default() };
        passes.add(&stage, &work(Access::ReadWrite), |writer| segments.write_blocks(writer, level, &values));
    }
    let (last, values) = segments.last_stage();
    passes.add(&last, &work(Access::Read), |writer| segments.write_sums(writer, &values));
    passes
}

struct Segments<'a> {
    kernel: &'a Kernel,
    axis: usize,
    positions: Block,
    values: Block,
    dtype: DType,
    /// Positions of the axis.
    targets: usize,
    /// The output's other axes, and the number of their indices.
    others: Vec<usize>,
    columns: usize,
    /// Those that positions vary along: each of their indices has a row of sources.
    own: Vec<usize>,
    rows: Rows,
    levels: usize,
}

impl<'a> Segments<'a> {
    fn new(kernel: &'a Kernel, load: &Block, axis: usize) -> Segments<'a> {
        let [positions, values] = load.results[..] else { unreachable!("a scatter loads a position and a value") };
        let dtype = load.code[values].dtype;
        let (positions, values) = (load.part(positions), load.part(values));
        let others: Vec<usize> = (0..kernel.out.len()).filter(|&other| other != axis).collect();
        let varies = |&other: &usize| !positions.views().all(|view| view.ignores(other));
        let own: Vec<usize> = others.iter().copied().filter(varies).collect();
        let count = |axes: &[usize]| axes.iter().map(|&axis| kernel.out[axis]).product();
        let size = numel(&kernel.reduced);
        Segments {
            kernel,
            axis,
            targets: kernel.out[axis],
            columns: count(&others),
            rows: Rows { count: count(&own), size, keys: Keys::of(DType::U32) },
            levels: size.checked_ilog(BLOCK).unwrap_or(0) as usize,
            positions,
            values,
            dtype,
            others,
            own,
        }
    }

    fn shares_stretches(&self) -> bool {
        self.columns / self.rows.count >= LEAST_SHARED
    }

    /// Sources in a block.
    fn block_size(level: usize) -> usize {
        BLOCK.pow(level as u32)
    }

    /// Whole blocks of a row.
    fn blocks(&self, level: usize) -> usize {
        self.rows.size / Self::block_size(level)
    }

    /// The number of a level's first block.
    fn first_block(&self, level: usize) -> usize {
        (1..level).map(|level| self.blocks(level)).sum()
    }

    fn last_stage(&self) -> (Stage, Block) {
        let mut stage = Stage::of(self.kernel);
        let values = stage.adopt(&self.values, &self.kernel.args);
        stage.adopt_body(self.kernel);
        (stage, values)
    }

    fn sizes(&self, axes: &[usize]) -> Vec<usize> {
        axes.iter().map(|&axis| self.kernel.out[axis]).collect()
    }

    /// The function that gives the key of source `k` of a row: its position. Those outside the axis are greater than all on it.
    fn write_key_of(&self, writer: &mut Writer, positions: &Block) {
        writer.open("fn key_of(row: u32, k: u32) -> u32 {");
        let mut index = vec!["0u".to_string(); self.kernel.out.len()];
        let split = writer.split("row", &self.sizes(&self.own), "x");
        self.own.iter().zip(split).for_each(|(&axis, x)| index[axis] = x);
        index.extend(writer.split("k", &self.kernel.reduced, "y"));
        let values = writer.block(positions, &Scope { index: &index, ..Scope::default() });
        writer.line(format!("return bitcast<u32>({});", values[positions.results[0]]));
        writer.close();
    }

    /// A function that gives the number of a row's first source that has a position of at least `wanted`.
    fn write_bisection(&self, writer: &mut Writer) {
        writer.open("fn first_at(begin: u32, wanted: u32) -> u32 {");
        writer.line("var low = 0u;");
        let size = writer.integer(self.rows.size as i64);
        writer.line(format!("var high = {size};"));
        writer.open("while (low < high) {");
        writer.line("let middle = (low + high) / 2u;");
        writer.open("if (sorted[begin + middle].x < wanted) {");
        writer.line("low = middle + 1u;");
        writer.reopen("} else {");
        writer.line("high = middle;");
        writer.close();
        writer.close();
        writer.line("return low;");
        writer.close();
    }

    /// One invocation for each target of each row: where its sources begin and end goes behind the rows.
    fn write_stretches(&self, writer: &mut Writer) {
        self.write_bisection(writer);
        writer.open_elements(self.rows.count * self.targets, 1);
        let index = writer.split("i", &[self.rows.count, self.targets], "x");
        let (row, target) = (&index[0], &index[1]);
        let [size, entries] = self.row_sizes(writer);
        writer.line(format!("let begin = {row} * {size};"));
        writer
            .line(format!("sorted[{entries} + i] = vec2(first_at(begin, {target}), first_at(begin, {target} + 1u));"));
        writer.close();
    }

    /// One invocation for each element of each block of a level; those of blocks with several targets have nothing to do.
    fn write_blocks(&self, writer: &mut Writer, level: usize, values: &Block) {
        writer.open_elements(self.blocks(level) * self.columns, 1);
        let split = writer.split("i", &[self.blocks(level), self.columns], "x");
        let (block, column) = (&split[0], &split[1]);
        let mut out = vec!["wanted".to_string(); self.kernel.out.len()];
        let split = writer.split(column, &self.sizes(&self.others), "x");
        self.others.iter().zip(split).for_each(|(&axis, x)| out[axis] = x);
        let row = self.row(writer, &out);
        let row = writer.named("row", &row);
        let [size, _] = self.row_sizes(writer);
        let [block_size, targets] = [Self::block_size(level), self.targets].map(|number| writer.integer(number as i64));
        writer.line(format!("let begin = {row} * {size} + {block} * {block_size};"));
        writer.line("let wanted = sorted[begin].x;");
        writer.open(format!("if (wanted >= {targets} || sorted[begin + {block_size} - 1u].x != wanted) {{"));
        writer.line("return;");
        writer.close();
        writer.line(format!("var acc0: {} = {};", type_name(self.dtype), zero(self.dtype)));
        writer.open(format!("for (var n = 0u; n < {BLOCK}u; n++) {{"));
        if level == 1 {
            self.add_source(writer, &out, values, "begin + n");
        } else {
            self.add_block(writer, level - 1, &format!("{block} * {BLOCK}u + n"), column);
        }
        writer.close();
        let place = self.block_place(writer, level, block, column);
        let sum = if self.dtype == DType::Bool { "u32(acc0)" } else { "acc0" };
        writer.line(format!("sums[{place}] = {sum};"));
        writer.close();
    }

    /// One invocation for each element of the output.
    fn write_sums(&self, writer: &mut Writer, values: &Block) {
        if !self.shares_stretches() {
            self.write_bisection(writer);
        }
        writer.open_elements(numel(&self.kernel.out), 1);
        let out = writer.split("i", &self.kernel.out, "x");
        let target = &out[self.axis];
        let row = self.row(writer, &out);
        let row = writer.named("row", &row);
        let strides = contiguous_strides(&self.sizes(&self.others));
        let index: Vec<String> = self.others.iter().map(|&axis| out[axis].clone()).collect();
        let column = writer.linear(&strides, &index);
        let column = writer.named("column", &column);
        let [size, entries] = self.row_sizes(writer);
        writer.line(format!("let begin = {row} * {size};"));
        if self.shares_stretches() {
            let targets = writer.integer(self.targets as i64);
            writer.line(format!("let stretch = sorted[{entries} + {row} * {targets} + {target}];"));
        } else {
            writer.line(format!("let stretch = vec2(first_at(begin, {target}), first_at(begin, {target} + 1u));"));
        }
        writer.line(format!("var acc0: {} = {};", type_name(self.dtype), zero(self.dtype)));
        writer.line("var k = stretch.x;");
        writer.open("while (k < stretch.y) {");
        for level in (1..=self.levels).rev() {
            let size = Self::block_size(level);
            let condition = format!("if (k % {size}u == 0u && k + {size}u <= stretch.y) {{");
            if level == self.levels {
                writer.open(condition)
            } else {
                writer.reopen(format!("}} else {condition}"))
            };
            self.add_block(writer, level, &format!("k / {size}u"), &column);
            writer.line(format!("k += {size}u;"));
        }
        if self.levels > 0 {
            writer.reopen("} else {")
        } else {
            writer.open("{")
        };
        self.add_source(writer, &out, values, "begin + k");
        writer.line("k += 1u;");
        writer.close();
        writer.close();
        writer.body(&Scope::of_body(&out, "i", &["acc0".into()]));
        writer.close();
    }

    /// Adds the value of the source whose entry lies at `place`.
    fn add_source(&self, writer: &mut Writer, out: &[String], values: &Block, place: &str) {
        writer.line(format!("let source = sorted[{place}].y;"));
        let mut index = out.to_vec();
        index.extend(writer.split("source", &self.kernel.reduced, "y"));
        let names = writer.block(values, &Scope { index: &index, ..Scope::default() });
        self.add(writer, &names[values.results[0]]);
    }

    /// Adds the sum of a block.
    fn add_block(&self, writer: &mut Writer, level: usize, block: &str, column: &str) {
        let place = self.block_place(writer, level, block, column);
        let nonzero = if self.dtype == DType::Bool { " != 0u" } else { "" };
        self.add(writer, &format!("(sums[{place}]{nonzero})"));
    }

    fn add(&self, writer: &mut Writer, value: &str) {
        writer.line(format!("acc0 = {};", combine(Fold::Sum, self.dtype, "acc0", value)));
    }

    fn block_place(&self, writer: &mut Writer, level: usize, block: &str, column: &str) -> String {
        let first = if level == 1 { String::new() } else { writer.parameter(self.first_block(level) as u32) + " + " };
        let columns = writer.integer(self.columns as i64);
        format!("({first}{block}) * {columns} + {column}")
    }

    /// Sources in a row and in all rows.
    fn row_sizes(&self, writer: &mut Writer) -> [String; 2] {
        [self.rows.size, self.rows.size * self.rows.count].map(|number| writer.integer(number as i64))
    }

    /// The number of the row that an index of the output belongs to.
    fn row(&self, writer: &mut Writer, out: &[String]) -> String {
        let index: Vec<String> = self.own.iter().map(|&axis| out[axis].clone()).collect();
        writer.linear(&contiguous_strides(&self.sizes(&self.own)), &index)
    }
}
