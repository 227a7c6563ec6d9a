//! Positions in sorted order along the last axis: Batcher's bitonic network in workgroup memory for rows that fit, and
//! for longer ones a count, for each element, of those that go before it.
//!
//! Elements are compared as keys of the same order, unsigned words, and then by position, so the order is total and the sort
//! stable.

use rutile_core::dtype::DType;
use rutile_core::kernel::{Block, Kernel};
use rutile_core::shape::numel;

use crate::value::type_name;
use crate::wgsl::{Scope, Shader, WORKGROUP, Writer};

/// Invocations of the smallest workgroup, which short rows leave partly idle.
const LEAST_INVOCATIONS: usize = 32;

pub fn generate(kernel: &Kernel, load: &Block, descending: bool) -> Shader {
    let (&size, outer) = kernel.out.split_last().expect("a sort has an axis to run along");
    let load = load.rounded();
    let keys = Keys::of(load.code[load.results[0]].dtype);
    let mut writer = Writer::new(kernel);
    write_key(&mut writer, &load, &keys, descending, outer);
    write_finish(&mut writer, outer, size);
    if size <= keys.most {
        by_network(&mut writer, &keys, numel(outer), size);
    } else {
        by_rank(&mut writer, &keys, numel(outer), size);
    }
    writer.finish()
}

/// How keys are written, one or two words each.
struct Keys {
    key: &'static str,
    greatest: &'static str,
    /// The vector of a key and a position, the name of its last part, and the order of two.
    entry: &'static str,
    position: &'static str,
    goes_before: &'static str,
    /// Longest row whose entries fit into the 16 KiB of workgroup memory of every WebGPU device.
    most: usize,
}

impl Keys {
    fn of(dtype: DType) -> Keys {
        let [key, greatest, entry, position, goes_before] = match dtype.size() {
            8 => ["vec2<u32>", "vec2(0xffffffffu)", "vec3", "z", "goes_before_wide"],
            _ => ["u32", "0xffffffffu", "vec2", "y", "goes_before"],
        };
        Keys { key, greatest, entry, position, goes_before, most: if dtype.size() == 8 { 1024 } else { 2048 } }
    }
}

/// A function that loads element `k` of a row and gives its key: a smaller one goes before.
fn write_key(writer: &mut Writer, load: &Block, keys: &Keys, descending: bool, outer: &[usize]) {
    writer.open(format!("fn key_of(row: u32, k: u32) -> {} {{", keys.key));
    let mut index = writer.split("row", outer, "x");
    index.push("k".into());
    let values = writer.block(load, &Scope { index: &index, ..Scope::default() });
    let value = load.results[0];
    let complement = if descending { "~" } else { "" };
    writer.line(format!("return {complement}sort_key_{}({});", type_name(load.code[value].dtype), values[value]));
    writer.close();
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

/// One workgroup per row.
fn by_network(writer: &mut Writer, keys: &Keys, rows: usize, size: usize) {
    let Keys { greatest, entry, position, goes_before, .. } = keys;
    let padded = size.next_power_of_two();
    let invocations = (padded / 2).clamp(LEAST_INVOCATIONS, WORKGROUP);
    writer.global(format!("var<workgroup> tile: array<{entry}<u32>, {padded}>;"));
    writer.open_groups(rows, invocations);
    let size = writer.integer(size as i64);
    writer.open(format!("for (var k = lane; k < {padded}u; k += {invocations}u) {{"));
    // What pads the row has the greatest key and later positions, so it stays at the end.
    writer.line(format!("var key = {greatest};"));
    writer.open(format!("if (k < {size}) {{"));
    writer.line("key = key_of(group, k);");
    writer.close();
    writer.line(format!("tile[k] = {entry}(key, k);"));
    writer.close();
    writer.line("workgroupBarrier();");

    writer.open(format!("for (var width = 2u; width <= {padded}u; width = width * 2u) {{"));
    writer.open("for (var step = width / 2u; step > 0u; step = step / 2u) {");
    writer.open(format!("for (var pair = lane; pair < {}u; pair += {invocations}u) {{", padded / 2));
    writer.line("let low = 2u * pair - (pair & (step - 1u));");
    writer.line("let first = tile[low];");
    writer.line("let second = tile[low + step];");
    writer.open(format!("if ({goes_before}(second, first) == ((low & width) == 0u)) {{"));
    writer.line("tile[low] = second;");
    writer.line("tile[low + step] = first;");
    writer.close();
    writer.close();
    writer.line("workgroupBarrier();");
    writer.close();
    writer.close();

    writer.open(format!("for (var k = lane; k < {size}; k += {invocations}u) {{"));
    writer.line(format!("finish(group, k, tile[k].{position});"));
    writer.close();
    writer.close();
}

/// One invocation per element; those of a workgroup share a row and pass over it together.
fn by_rank(writer: &mut Writer, keys: &Keys, rows: usize, size: usize) {
    let Keys { key, entry, goes_before, .. } = keys;
    let groups_per_row = size.div_ceil(WORKGROUP);
    writer.global(format!("var<workgroup> tile: array<{key}, {WORKGROUP}>;"));
    writer.open_groups(rows * groups_per_row, WORKGROUP);
    let (size, groups_per_row) = (writer.integer(size as i64), writer.integer(groups_per_row as i64));
    writer.line(format!("let row = group / {groups_per_row};"));
    writer.line(format!("let own = (group - row * {groups_per_row}) * {WORKGROUP}u + lane;"));
    writer.line(format!("let mine = {entry}(key_of(row, min(own, {size} - 1u)), own);"));
    writer.line("var rank = 0u;");
    writer.open(format!("for (var first = 0u; first < {size}; first += {WORKGROUP}u) {{"));
    writer.line(format!("tile[lane] = key_of(row, min(first + lane, {size} - 1u));"));
    writer.line("workgroupBarrier();");
    writer.line(format!("let count = min({WORKGROUP}u, {size} - first);"));
    writer.open("for (var n = 0u; n < count; n++) {");
    writer.line(format!("rank += u32({goes_before}({entry}(tile[n], first + n), mine));"));
    writer.close();
    writer.line("workgroupBarrier();");
    writer.close();
    writer.open(format!("if (own < {size}) {{"));
    writer.line("finish(row, rank, own);");
    writer.close();
    writer.close();
}
