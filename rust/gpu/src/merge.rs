//! Merges sorted runs pairwise by the merge path (Odeh, Green, Mwassi, Shmueli and Birk, 2012): a workgroup finds, by
//! bisection along a diagonal, which parts of two runs a tile of the merged one comes from, and each of its invocations
//! does the same within the tile.
//!
//! A merge reads an element's key and then its entry (12 bytes; 24 where keys have two words) and writes the entry.
//! Neighbouring lanes read and write neighbouring elements, but entries are read in merged order, from two stretches that
//! are a tile long together. A tile takes 8 KiB of workgroup memory, and its choices 8 (or 4) registers of an invocation.

use crate::sort::Rows;
use crate::wgsl::{WORKGROUP, Writer};

impl Rows {
    /// One workgroup for each tile of the runs merged from two of `width`; `write` says what becomes of the entry that goes
    /// to a place of its row.
    pub fn write_merge(&self, writer: &mut Writer, width: usize, write: impl FnOnce(&mut Writer, &str, &str)) {
        let keys = &self.keys;
        // Neighbours in a merged run that one invocation chooses.
        let choices = keys.block / WORKGROUP;
        writer.global(format!("var<workgroup> tile: array<{}, {}>;", keys.key, keys.block));
        writer.global("var<workgroup> ends: array<u32, 2>;");
        self.write_bisection(writer, "bisect_runs", |place| format!("runs[{place}].{}", keys.key_part));
        self.write_bisection(writer, "bisect_tile", |place| format!("tile[{place}]"));
        self.open_tile(writer, width);
        // The tile's keys: those of the first run, then those of the other.
        writer.open(format!("for (var k = lane; k < count; k += {WORKGROUP}u) {{"));
        writer.line(format!("tile[k] = runs[k + select(other_at, one_at, k < taken)].{};", keys.key_part));
        writer.close();
        writer.line("workgroupBarrier();");
        self.write_choices(writer, choices);
        writer.open(format!("for (var k = lane; k < count; k += {WORKGROUP}u) {{"));
        writer.line(format!("let source = tile[k]{};", keys.first_word));
        writer.line("let entry = runs[source + select(other_at, one_at, source < taken)];");
        write(writer, "first + k", "entry");
        writer.close();
        writer.close();
    }

    /// Opens `main` and binds `row`, the first place of the tile, the `count` of its entries, how many of them are `taken`
    /// from the first run, and what to add to their numbers in the tile to find those of either run.
    fn open_tile(&self, writer: &mut Writer, width: usize) {
        let block = self.keys.block;
        let tiles = self.size.div_ceil(block);
        writer.open_groups(self.count * tiles, WORKGROUP);
        let [tiles, size, width, both] =
            [tiles, self.size, width, 2 * width].map(|number| writer.integer(number as i64));
        writer.line(format!("let row = group / {tiles};"));
        writer.line(format!("let first = (group - row * {tiles}) * {block}u;"));
        // Both runs begin at `origin`, and the tile `begin` places further.
        writer.line(format!("let origin = first - first % {both};"));
        writer.line(format!("let ones = min({width}, {size} - origin);"));
        writer.line(format!("let others = min({width}, {size} - origin - ones);"));
        writer.line("let begin = first - origin;");
        writer.line(format!("let end = min(begin + {block}u, ones + others);"));
        writer.line(format!("let one = row * {size} + origin;"));
        writer.line("let other = one + ones;");
        writer.open("if (lane < 2u) {");
        writer.line("ends[lane] = bisect_runs(one, ones, other, others, select(begin, end, lane == 1u));");
        writer.close();
        writer.line("workgroupBarrier();");
        writer.line("let count = end - begin;");
        writer.line("let taken = ends[1] - ends[0];");
        writer.line("let one_at = one + ends[0];");
        writer.line("let other_at = other + begin - ends[0] - taken;");
    }

    /// A function that tells how many of the first `count` entries of two merged runs come from the first one.
    fn write_bisection(&self, writer: &mut Writer, name: &str, key: impl Fn(&str) -> String) {
        writer.open(format!("fn {name}(one: u32, ones: u32, other: u32, others: u32, count: u32) -> u32 {{"));
        writer.line("var low = max(count, others) - others;");
        writer.line("var high = min(count, ones);");
        writer.open("while (low < high) {");
        writer.line("let middle = (low + high) / 2u;");
        let goes_on = self.keys.at_most(&key("one + middle"), &key("other + count - 1u - middle"));
        writer.open(format!("if ({goes_on}) {{"));
        writer.line("low = middle + 1u;");
        writer.reopen("} else {");
        writer.line("high = middle;");
        writer.close();
        writer.close();
        writer.line("return low;");
        writer.close();
    }

    /// Replaces the tile's keys by the numbers, in merged order, of the entries that have them.
    fn write_choices(&self, writer: &mut Writer, choices: usize) {
        writer.line(format!("let own = lane * {choices}u;"));
        for choice in 0..choices {
            writer.line(format!("var choice{choice} = 0u;"));
        }
        writer.open("if (own < count) {");
        writer.line("var a = bisect_tile(0u, taken, taken, count - taken, own);");
        writer.line("var b = taken + own - a;");
        for choice in 0..choices {
            let comes_first = self.keys.at_most("tile[a]", "tile[b]");
            writer.open(format!("if (b >= count || (a < taken && {comes_first})) {{"));
            writer.line(format!("choice{choice} = a;"));
            writer.line("a++;");
            writer.reopen("} else {");
            writer.line(format!("choice{choice} = b;"));
            writer.line("b++;");
            writer.close();
        }
        writer.close();
        writer.line("workgroupBarrier();");
        // Those beyond the end are not read again.
        for choice in 0..choices {
            writer.line(format!("tile[own + {choice}u]{} = choice{choice};", self.keys.first_word));
        }
        writer.line("workgroupBarrier();");
    }
}
