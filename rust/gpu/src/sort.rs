//! Positions in sorted order along the last axis. A row that fits into workgroup memory is sorted by Batcher's bitonic
//! network; blocks of a longer one are, and then merged pairwise (`merge`) until one run is left.
//!
//! Elements are compared as keys of the same order, unsigned words, and then by position, so the order is total and the sort
//! stable.

use rutile_core::dtype::DType;
use rutile_core::kernel::{Access, Block, Kernel};
use rutile_core::shape::numel;

use crate::passes::{Passes, Work};
use crate::stage::Stage;
use crate::value::type_name;
use crate::wgsl::{Scope, WORKGROUP, Writer};

/// Invocations of the smallest workgroup, which short rows leave partly idle.
const LEAST_INVOCATIONS: usize = 32;

pub fn passes(kernel: &Kernel, load: &Block, descending: bool) -> Passes {
    let (&size, outer) = kernel.out.split_last().expect("a sort has an axis to run along");
    let load = load.rounded();
    let rows = Rows { count: numel(outer), size, keys: Keys::of(load.code[load.results[0]].dtype) };
    let mut passes = Passes::default();
    if size <= rows.keys.block {
        passes.add(&Stage::whole(kernel.clone()), &[], |writer| {
            rows.write_key_of(writer, &load, descending, outer);
            write_finish(writer, outer, size);
            rows.write_blocks(writer, |writer, place, entry| rows.write_finished(writer, place, entry));
        });
        return passes;
    }
    let mut first = Stage::of(kernel);
    let load = first.adopt(&load, &kernel.args);
    // The last merge goes on to the kernel's body.
    let width = rows.keys.block * size.div_ceil(rows.keys.block).next_power_of_two() / 2;
    let write_key_of = |writer: &mut Writer| rows.write_key_of(writer, &load, descending, outer);
    let runs = rows.sort(&mut passes, &first, width, 0, write_key_of);
    let mut last = Stage::of(kernel);
    last.adopt_body(kernel);
    passes.add(&last, &[(Work { name: "runs", ..runs }, Access::Read)], |writer| {
        write_finish(writer, outer, size);
        rows.write_merge(writer, width, |writer, place, entry| rows.write_finished(writer, place, entry));
    });
    passes
}

/// How keys are written, one or two words each.
pub struct Keys {
    pub key: &'static str,
    greatest: &'static str,
    /// The vector of a key and a position, in workgroup memory and in working memory, the names of its parts, and the order
    /// of two.
    pub entry: &'static str,
    pub key_part: &'static str,
    pub position: &'static str,
    goes_before: &'static str,
    /// What follows a key to give its first word.
    pub first_word: &'static str,
    /// Entries that fit into the 16 KiB of workgroup memory of every WebGPU device.
    pub block: usize,
    /// Bytes of an entry in working memory, where vectors of three words take the place of four.
    bytes: usize,
}

impl Keys {
    pub fn of(dtype: DType) -> Keys {
        match dtype.size() {
            8 => Keys {
                key: "vec2<u32>",
                greatest: "vec2(0xffffffffu)",
                entry: "vec3<u32>",
                key_part: "xy",
                position: "z",
                goes_before: "goes_before_wide",
                first_word: ".x",
                block: 1024,
                bytes: 16,
            },
            _ => Keys {
                key: "u32",
                greatest: "0xffffffffu",
                entry: "vec2<u32>",
                key_part: "x",
                position: "y",
                goes_before: "goes_before",
                first_word: "",
                block: 2048,
                bytes: 8,
            },
        }
    }

    /// The condition that a key is not greater than another.
    pub fn at_most(&self, a: &str, b: &str) -> String {
        if self.first_word.is_empty() { format!("{a} <= {b}") } else { format!("at_most_wide({a}, {b})") }
    }
}

/// Rows of which a function `key_of(row, k)` gives the keys: a smaller one goes before.
pub struct Rows {
    pub count: usize,
    pub size: usize,
    pub keys: Keys,
}

impl Rows {
    /// Adds passes that leave entries in working memory, row after row, sorted in runs of `length`, and says where. `first`
    /// has the arguments that `write_key_of` needs. Behind the rows there is room for `more` entries.
    pub fn sort(
        &self,
        passes: &mut Passes,
        first: &Stage,
        length: usize,
        more: usize,
        write_key_of: impl FnOnce(&mut Writer),
    ) -> Work {
        let entries = self.count * self.size;
        let mut piece = || Work {
            piece: passes.piece((entries + more) * self.keys.bytes),
            name: "sorted",
            element: self.keys.entry,
        };
        let mut sorted = piece();
        let mut spare = (length > self.keys.block).then(&mut piece);
        passes.add(first, &[(sorted, Access::Write)], |writer| {
            write_key_of(writer);
            self.write_blocks(writer, |writer, place, entry| self.write_entry(writer, place, entry));
        });
        let mut width = self.keys.block;
        while width < length {
            let spare = spare.as_mut().expect("there is more than one block");
            std::mem::swap(&mut sorted, spare);
            let work = [(Work { name: "runs", ..*spare }, Access::Read), (sorted, Access::Write)];
            passes.add(&Stage::of(&first.kernel), &work, |writer| {
                self.write_merge(writer, width, |writer, place, entry| self.write_entry(writer, place, entry));
            });
            width *= 2;
        }
        sorted
    }

    /// The function `key_of` of elements that a block loads.
    fn write_key_of(&self, writer: &mut Writer, load: &Block, descending: bool, outer: &[usize]) {
        writer.open(format!("fn key_of(row: u32, k: u32) -> {} {{", self.keys.key));
        let mut index = writer.split("row", outer, "x");
        index.push("k".into());
        let values = writer.block(load, &Scope { index: &index, ..Scope::default() });
        let value = load.results[0];
        let complement = if descending { "~" } else { "" };
        writer.line(format!("return {complement}sort_key_{}({});", type_name(load.code[value].dtype), values[value]));
        writer.close();
    }

    fn write_entry(&self, writer: &mut Writer, place: &str, entry: &str) {
        let size = writer.integer(self.size as i64);
        writer.line(format!("sorted[row * {size} + {place}] = {entry};"));
    }

    fn write_finished(&self, writer: &mut Writer, place: &str, entry: &str) {
        writer.line(format!("finish(row, {place}, {entry}.{});", self.keys.position));
    }

    /// One workgroup for each block of a row; `write` says what becomes of the entry that goes to a place of its row.
    fn write_blocks(&self, writer: &mut Writer, write: impl FnOnce(&mut Writer, &str, &str)) {
        let Keys { greatest, entry, goes_before, .. } = self.keys;
        let padded = self.size.min(self.keys.block).next_power_of_two();
        let invocations = (padded / 2).clamp(LEAST_INVOCATIONS, WORKGROUP);
        let blocks = self.size.div_ceil(padded);
        writer.global(format!("var<workgroup> tile: array<{entry}, {padded}>;"));
        writer.open_groups(self.count * blocks, invocations);
        let size = writer.integer(self.size as i64);
        if blocks == 1 {
            writer.line("let row = group;");
            writer.line("let first = 0u;");
            writer.line(format!("let count = {size};"));
        } else {
            let blocks = writer.integer(blocks as i64);
            writer.line(format!("let row = group / {blocks};"));
            writer.line(format!("let first = (group - row * {blocks}) * {padded}u;"));
            writer.line(format!("let count = min({size} - first, {padded}u);"));
        }
        writer.open(format!("for (var k = lane; k < {padded}u; k += {invocations}u) {{"));
        // What pads the block has the greatest key and later positions, so it stays at the end.
        writer.line(format!("var key = {greatest};"));
        writer.open("if (k < count) {");
        writer.line("key = key_of(row, first + k);");
        writer.close();
        writer.line(format!("tile[k] = {entry}(key, first + k);"));
        writer.close();
        writer.line("workgroupBarrier();");

        writer.open(format!("for (var width = 2u; width <= {padded}u; width = width * 2u) {{"));
        writer.open("for (var step = width / 2u; step > 0u; step = step / 2u) {");
        writer.open(format!("for (var pair = lane; pair < {}u; pair += {invocations}u) {{", padded / 2));
        writer.line("let low = 2u * pair - (pair & (step - 1u));");
        writer.line("let one = tile[low];");
        writer.line("let other = tile[low + step];");
        writer.open(format!("if ({goes_before}(other, one) == ((low & width) == 0u)) {{"));
        writer.line("tile[low] = other;");
        writer.line("tile[low + step] = one;");
        writer.close();
        writer.close();
        writer.line("workgroupBarrier();");
        writer.close();
        writer.close();

        writer.open(format!("for (var k = lane; k < count; k += {invocations}u) {{"));
        write(writer, "first + k", "tile[k]");
        writer.close();
        writer.close();
    }
}

/// A function that takes the position of the element at place `k` of a sorted row through the kernel's body to memory.
fn write_finish(writer: &mut Writer, outer: &[usize], size: usize) {
    writer.open("fn finish(row: u32, k: u32, position: u32) {");
    let mut index = writer.split("row", outer, "x");
    index.push("k".into());
    let size = writer.integer(size as i64);
    writer.line(format!("let i = row * {size} + k;"));
    writer.line("let place = i32(position);");
    writer.body(&Scope::of_body(&index, "i", &["place".into()]));
    writer.close();
}
