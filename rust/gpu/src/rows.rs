//! Rows kernels: some neighbouring invocations share a row, each with every so many-th of its elements in registers.
//!
//! A row is read from memory once: what one step has loaded or computed of an element, later steps find in registers
//! (neighbouring invocations read neighbouring elements). Folds end as a tree in workgroup memory, whose result all
//! invocations of the row read back.

use rutile_core::dtype::DType;
use rutile_core::kernel::{Block, Fold, Kernel, RowStep, RowStore};
use rutile_core::shape::numel;

use crate::reduce::{better, combine, identity, is_arg};
use crate::wgsl::{Memo, Scope, Shader, WORKGROUP, Writer, type_name};

/// Elements of a row that one invocation holds, where that leaves enough invocations to fill a device.
const HELD: usize = 8;
/// Invocations that fill a large device.
const MANY_INVOCATIONS: usize = 65536;

pub fn generate(kernel: &Kernel, steps: &[RowStep], each: &Block, stores: &[RowStore]) -> Shader {
    let (count, len) = (numel(&kernel.out), numel(&kernel.reduced));
    let parts = parts(count, len);
    let rows = WORKGROUP / parts;
    let mut writer = Writer::new(kernel);
    declare(&mut writer, steps);
    let overshoots = writer.open_main(count.div_ceil(rows), WORKGROUP);
    let whole = !overshoots && count.is_multiple_of(rows);
    writer.line(format!("let part = lane % {parts}u;"));
    writer.line(format!("let wanted = group * {rows}u + lane / {parts}u;"));
    if whole {
        writer.line("let i = wanted;");
    } else {
        // Invocations without a row of their own repeat the last one, as all must reach the barriers.
        let count = writer.parameter(count as u32);
        writer.line(format!("let i = min(wanted, {count} - 1u);"));
    }
    let out = writer.split("i", &kernel.out, "x");
    let held = len.div_ceil(parts);
    let exact = held * parts == len;
    let size = if exact { String::new() } else { writer.integer(len as i64) };
    let elements = writer.repeat(held, |writer, e| {
        let position = writer.name("r");
        if exact {
            writer.line(format!("let {position} = part + {}u;", e * parts));
        } else {
            // Elements beyond the end repeat the last one, and count for nothing.
            writer.line(format!("let {position} = min(part + {}u, {size} - 1u);", e * parts));
        }
        let mut index = out.clone();
        index.extend(writer.split(&position, &kernel.reduced, "y"));
        let inside = (!exact && (e + 1) * parts > len).then(|| format!("part + {}u < {size}", e * parts));
        Element { index, position, inside, memo: Memo::default() }
    });
    let mut of_rows = Memo::default();
    let mut row = Row { parts, out, elements, accumulators: Vec::new() };
    for step in steps {
        match step {
            RowStep::Compute(block) => {
                let scope = Scope { index: &row.out, linear: Some("i"), accumulators: &row.accumulators };
                let values = writer.shared_block(block, &scope, &mut of_rows);
                let results: Vec<String> = block.results.iter().map(|&value| values[value].clone()).collect();
                row.accumulators.extend(results);
            }
            RowStep::Fold { load, folds } => row.fold(&mut writer, load, folds),
        }
    }
    row.store(&mut writer, each, stores, whole);
    writer.open(if whole { "if (part == 0u) {" } else { "if (part == 0u && wanted == i) {" });
    writer.body(&Scope { index: &row.out, linear: Some("i"), accumulators: &row.accumulators });
    writer.close();
    writer.close();
    writer.finish()
}

/// Invocations of a row, a power of two.
fn parts(count: usize, len: usize) -> usize {
    let wanted = (MANY_INVOCATIONS / count.max(1)).max(len.div_ceil(HELD)).max(1);
    wanted.min(len).next_power_of_two().min(WORKGROUP)
}

/// An element of a row, in the registers of one invocation.
struct Element {
    index: Vec<String>,
    /// Its position in the row.
    position: String,
    /// The condition that there is such an element, if it may be missing.
    inside: Option<String>,
    memo: Memo,
}

/// A row as its invocations see it.
struct Row {
    parts: usize,
    out: Vec<String>,
    elements: Vec<Element>,
    accumulators: Vec<String>,
}

impl Row {
    fn fold(&mut self, writer: &mut Writer, load: &Block, folds: &[Fold]) {
        let first = self.accumulators.len();
        let dtypes: Vec<DType> = load.results.iter().map(|&value| load.code[value].dtype).collect();
        let names: Vec<(String, String)> =
            (0..folds.len()).map(|n| (format!("acc{}", first + n), format!("at{}", first + n))).collect();
        for ((acc, at), (&fold, &dtype)) in names.iter().zip(folds.iter().zip(&dtypes)) {
            writer.line(format!("var {acc}: {} = {};", type_name(dtype), identity(fold, dtype)));
            if is_arg(fold) {
                writer.line(format!("var {at} = part;"));
            }
        }
        let (count, accumulators) = (self.elements.len(), &self.accumulators);
        let elements = &mut self.elements;
        writer.repeat(count, |writer, e| {
            let Element { index, position, inside, memo } = &mut elements[e];
            let inside = inside.as_deref();
            let values = writer.shared_block(load, &Scope { index, linear: None, accumulators }, memo);
            for (n, ((acc, at), &fold)) in names.iter().zip(folds).enumerate() {
                let value = &values[load.results[n]];
                let guard = |condition: String| match inside {
                    Some(inside) => format!("({condition}) && {inside}"),
                    None => condition,
                };
                if is_arg(fold) {
                    writer.open(format!("if ({}) {{", guard(better(fold, dtypes[n], value, acc))));
                    writer.line(format!("{acc} = {value};"));
                    writer.line(format!("{at} = {position};"));
                    writer.close();
                    continue;
                }
                let total = combine(fold, dtypes[n], acc, value);
                match inside {
                    Some(inside) => writer.line(format!("{acc} = select({acc}, {total}, {inside});")),
                    None => writer.line(format!("{acc} = {total};")),
                }
            }
        });
        if self.parts > 1 {
            self.fold_tiles(writer, folds, &dtypes, &names);
        }
        for ((acc, at), &fold) in names.iter().zip(folds) {
            self.accumulators.push(if is_arg(fold) { format!("i32({at})") } else { acc.clone() });
        }
    }

    /// Folds what the row's invocations have pairwise; afterwards all of them have the result.
    fn fold_tiles(&self, writer: &mut Writer, folds: &[Fold], dtypes: &[DType], names: &[(String, String)]) {
        let tile = |n: usize| format!("tile_{}_{n}", type_name(dtypes[n]));
        let write = |writer: &mut Writer| {
            for (n, ((acc, at), &fold)) in names.iter().zip(folds).enumerate() {
                writer.line(format!("{}[lane] = {acc};", tile(n)));
                if is_arg(fold) {
                    writer.line(format!("places{n}[lane] = {at};"));
                }
            }
            writer.line("workgroupBarrier();");
        };
        write(writer);
        writer.open(format!("for (var step = {}u; step > 0u; step = step / 2u) {{", self.parts / 2));
        writer.open("if (part < step) {");
        for (n, ((acc, at), &fold)) in names.iter().zip(folds).enumerate() {
            let other = format!("{}[lane + step]", tile(n));
            if is_arg(fold) {
                let (value, place) = (writer.name("value"), writer.name("place"));
                writer.line(format!("let {value} = {other};"));
                writer.line(format!("let {place} = places{n}[lane + step];"));
                let wins = better(fold, dtypes[n], &value, acc);
                let loses = better(fold, dtypes[n], acc, &value);
                writer.open(format!("if ({wins} || (!{loses} && {place} < {at})) {{"));
                writer.line(format!("{acc} = {value};"));
                writer.line(format!("{at} = {place};"));
                writer.close();
            } else {
                writer.line(format!("{acc} = {};", combine(fold, dtypes[n], acc, &other)));
            }
        }
        writer.close();
        // Those that have folded write what the next step reads; the others' elements are not read any more.
        writer.line("workgroupBarrier();");
        writer.open("if (part < step) {");
        for (n, ((acc, at), &fold)) in names.iter().zip(folds).enumerate() {
            writer.line(format!("{}[lane] = {acc};", tile(n)));
            if is_arg(fold) {
                writer.line(format!("places{n}[lane] = {at};"));
            }
        }
        writer.close();
        writer.line("workgroupBarrier();");
        writer.close();
        for (n, ((acc, at), &fold)) in names.iter().zip(folds).enumerate() {
            writer.line(format!("{acc} = {}[lane - part];", tile(n)));
            if is_arg(fold) {
                writer.line(format!("{at} = places{n}[lane - part];"));
            }
        }
        writer.line("workgroupBarrier();");
    }

    /// Computes and stores what there is for each element.
    fn store(&mut self, writer: &mut Writer, each: &Block, stores: &[RowStore], whole: bool) {
        if stores.is_empty() {
            return;
        }
        let (count, accumulators) = (self.elements.len(), &self.accumulators);
        let elements = &mut self.elements;
        writer.repeat(count, |writer, e| {
            let Element { index, inside, memo, .. } = &mut elements[e];
            let values = writer.shared_block(each, &Scope { index, linear: None, accumulators }, memo);
            let mut conditions: Vec<String> = inside.iter().cloned().collect();
            if !whole {
                conditions.push("wanted == i".into());
            }
            if !conditions.is_empty() {
                writer.open(format!("if ({}) {{", conditions.join(" && ")));
            }
            for store in stores {
                let address = writer.linear(&store.strides, index);
                writer.store(store.arg, each.code[store.value].dtype, &values[store.value], &address);
            }
            if !conditions.is_empty() {
                writer.close();
            }
        });
    }
}

/// Workgroup memory for the folds of any step: steps use it one after the other.
fn declare(writer: &mut Writer, steps: &[RowStep]) {
    let mut tiles: Vec<String> = Vec::new();
    for step in steps {
        let RowStep::Fold { load, folds } = step else { continue };
        for (n, fold) in folds.iter().enumerate() {
            let element = type_name(load.code[load.results[n]].dtype);
            tiles.push(format!("var<workgroup> tile_{element}_{n}: array<{element}, {WORKGROUP}>;"));
            if is_arg(*fold) {
                tiles.push(format!("var<workgroup> places{n}: array<u32, {WORKGROUP}>;"));
            }
        }
    }
    tiles.sort();
    tiles.dedup();
    tiles.iter().for_each(|tile| writer.global(tile));
}
