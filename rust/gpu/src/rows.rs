//! Rows kernels: some neighbouring invocations share a row, each with every so many-th of its elements in registers.
//!
//! A row is read from memory once: what one step has loaded or computed of an element, later steps find in registers
//! (neighbouring invocations read neighbouring elements, or words of them if they store words). Folds end as a tree in
//! workgroup memory, whose result all invocations of the row read back.

use rutile_core::dtype::DType;
use rutile_core::kernel::{Block, Fold, Instruction, Kernel, RowStep, RowStore, Value};
use rutile_core::shape::{Coefs, numel};

use crate::packed::{self, Neighbour, Neighbours, Words};
use crate::reduce::{Held, better, combine, finish_words, identity, is_arg};
use crate::value::type_name;
use crate::wgsl::{Memo, Scope, Shader, WORKGROUP, Writer};

/// Elements of a row that one invocation holds, where that leaves enough invocations to fill a device.
const HELD: usize = 8;
/// Invocations that fill a large device.
const MANY_INVOCATIONS: usize = 65536;

pub fn generate(kernel: &Kernel, steps: &[RowStep], each: &Block, stores: &[RowStore]) -> Shader {
    let (count, len) = (numel(&kernel.out), numel(&kernel.reduced));
    let (lanes, lanes_of_rows) = (lanes(kernel, stores), packed::lanes(kernel));
    let parts = parts(count, len.div_ceil(lanes)).min(WORKGROUP / lanes_of_rows);
    let rows = WORKGROUP / parts;
    let mut writer = Writer::new(kernel);
    declare(&mut writer, steps);
    let overshoots = writer.open_main(count.div_ceil(rows), WORKGROUP);
    let whole = !overshoots && count.is_multiple_of(rows);
    writer.line(format!("let part = lane % {parts}u;"));
    let mut own_row = format!("lane / {parts}u");
    if lanes_of_rows > 1 {
        writer.line(format!("let output = {own_row};"));
        own_row = "output".into();
    }
    writer.line(format!("let wanted = group * {rows}u + {own_row};"));
    let end = if whole { String::new() } else { writer.parameter(count as u32) };
    if whole {
        writer.line("let i = wanted;");
    } else {
        // Invocations without a row of their own repeat the last one, as all must reach the barriers.
        writer.line(format!("let i = min(wanted, {end} - 1u);"));
    }
    let out = writer.split("i", &kernel.out, "x");
    let runs = write_runs(&mut writer, &out, stores, parts, lanes);
    let mut of_rows = Memo::default();
    let mut row = Row { parts, out, runs, accumulators: Vec::new() };
    for step in steps {
        match step {
            RowStep::Compute(block) => {
                let scope = Scope::of_body(&row.out, "i", &row.accumulators);
                let values = writer.shared_block(block, &scope, &mut of_rows);
                let results: Vec<String> = block.results.iter().map(|&value| values[value].clone()).collect();
                row.accumulators.extend(results);
            }
            RowStep::Fold { load, folds } if folds.iter().any(|&fold| is_arg(fold)) => {
                // Positions must be those of the best among what would be stored.
                row.fold(&mut writer, &load.rounded(), folds)
            }
            RowStep::Fold { load, folds } => row.fold(&mut writer, load, folds),
        }
    }
    row.store(&mut writer, each, stores, whole);
    if lanes_of_rows > 1 {
        let held = row.held(&mut writer, rows);
        finish_words(&mut writer, &held, rows, lanes_of_rows, &end, !count.is_multiple_of(lanes_of_rows));
    } else if !kernel.stores.is_empty() {
        writer.open(if whole { "if (part == 0u) {" } else { "if (part == 0u && wanted == i) {" });
        writer.body(&Scope::of_body(&row.out, "i", &row.accumulators));
        writer.close();
    }
    writer.close();
    writer.finish()
}

/// Whether the words that elements are stored to lie along the rows, so that an invocation can have all of a word.
pub fn has_whole_words(kernel: &Kernel, stores: &[RowStore]) -> bool {
    let lanes = lanes(kernel, stores);
    let along = |store: &RowStore| store.strides.last() == Some(&1);
    lanes == 1 || (kernel.reduced.last().is_some_and(|size| size.is_multiple_of(lanes)) && stores.iter().all(along))
}

/// Neighbouring elements of a row that one invocation has so that it stores whole words of them.
fn lanes(kernel: &Kernel, stores: &[RowStore]) -> usize {
    stores.iter().map(|store| packed::per_word(kernel.args[store.arg].dtype)).max().unwrap_or(1)
}

/// Invocations of a row of `len` elements or words, a power of two.
fn parts(count: usize, len: usize) -> usize {
    let wanted = (MANY_INVOCATIONS / count.max(1)).max(len.div_ceil(HELD)).max(1);
    wanted.min(len).next_power_of_two().min(WORKGROUP)
}

/// Neighbouring elements of a row, in the registers of one invocation.
struct Run {
    elements: Vec<Element>,
    /// The condition that there are such elements, if they may be missing.
    inside: Option<String>,
    words: Words,
}

struct Element {
    index: Vec<String>,
    /// Its position in the row.
    position: String,
    /// The strides of the stores, and the address that they give.
    place: Option<(Coefs, String)>,
    memo: Memo,
}

impl Run {
    /// Writes a block's code for one of the elements; gives its values.
    fn block(&mut self, writer: &mut Writer, block: &Block, number: usize, accumulators: &[String]) -> Vec<String> {
        let first = self.elements[0].address().to_string();
        let (lanes, element) = (self.elements.len(), &mut self.elements[number]);
        let own = element.address().to_string();
        let neighbour = Neighbour { first, lanes, number, own, words: Words::new() };
        let Element { index, place, memo, .. } = element;
        let place = place.as_ref().map(|(strides, address)| (&strides[..], address.as_str()));
        let scope = Scope { index, place, accumulators, linear: None };
        writer.of_neighbour(neighbour, &mut self.words, |writer| writer.shared_block(block, &scope, memo))
    }
}

impl Element {
    fn address(&self) -> &str {
        self.place.as_ref().map_or("", |(_, address)| address)
    }
}

/// Writes where an invocation's elements are, in runs of `lanes` neighbours.
fn write_runs(writer: &mut Writer, out: &[String], stores: &[RowStore], parts: usize, lanes: usize) -> Vec<Run> {
    let kernel = writer.kernel;
    let len = numel(&kernel.reduced);
    let (step, count) = (parts * lanes, len.div_ceil(parts * lanes));
    let exact = count * step == len;
    let size = if exact { String::new() } else { writer.integer(len as i64) };
    let start = if lanes == 1 { "part".to_string() } else { writer.named("start", &format!("part * {lanes}u")) };
    writer.repeat(count, |writer, n| {
        let begin = format!("{start} + {}u", n * step);
        // Elements beyond the end repeat the last ones, and count for nothing.
        let first = if exact { begin.clone() } else { format!("min({begin}, {size} - {lanes}u)") };
        let first = writer.named("r", &first);
        let mut index = out.to_vec();
        index.extend(writer.split(&first, &kernel.reduced, "y"));
        let strides = stores.first().map(|store| store.strides.clone());
        let address = strides.as_ref().map(|strides| {
            let address = writer.linear(strides, &index);
            writer.named("place", &address)
        });
        let elements = (0..lanes).map(|number| {
            let next = |first: &String| if number == 0 { first.clone() } else { format!("({first} + {number}u)") };
            let mut index = index.clone();
            if let Some(innermost) = index.last_mut() {
                *innermost = next(innermost);
            }
            let place = strides.clone().zip(address.as_ref().map(next));
            Element { index, position: next(&first), place, memo: Memo::default() }
        });
        let inside = (!exact && (n + 1) * step > len).then(|| format!("{begin} < {size}"));
        Run { elements: elements.collect(), inside, words: Words::new() }
    })
}

/// A row as its invocations see it.
struct Row {
    parts: usize,
    out: Vec<String>,
    runs: Vec<Run>,
    accumulators: Vec<String>,
}

impl Row {
    /// Calls `write` for each element that an invocation has.
    fn each_element(&mut self, writer: &mut Writer, mut write: impl FnMut(&mut Writer, &mut Run, usize, &[String])) {
        let lanes = self.runs[0].elements.len();
        let (runs, accumulators) = (&mut self.runs, &self.accumulators);
        writer.repeat(runs.len() * lanes, |writer, e| write(writer, &mut runs[e / lanes], e % lanes, accumulators));
    }

    fn fold(&mut self, writer: &mut Writer, load: &Block, folds: &[Fold]) {
        let first = self.accumulators.len();
        let dtypes: Vec<DType> = load.results.iter().map(|&value| load.code[value].dtype).collect();
        let names: Vec<(String, String)> =
            (0..folds.len()).map(|n| (format!("acc{}", first + n), format!("at{}", first + n))).collect();
        for ((acc, at), (&fold, &dtype)) in names.iter().zip(folds.iter().zip(&dtypes)) {
            writer.line(format!("var {acc}: {} = {};", type_name(dtype), identity(fold, dtype)));
            if is_arg(fold) {
                writer.line(format!("var {at} = {};", self.runs[0].elements[0].position));
            }
        }
        self.each_element(writer, |writer, run, number, accumulators| {
            let values = run.block(writer, load, number, accumulators);
            let (inside, position) = (run.inside.as_deref(), &run.elements[number].position);
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
        };
        write(writer);
        writer.line("workgroupBarrier();");
        // In each step some read what none of the others writes.
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
        write(writer);
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
        let mut results: Vec<Vec<String>> = vec![Vec::new(); stores.len()];
        self.each_element(writer, |writer, run, number, accumulators| {
            let values = run.block(writer, each, number, accumulators);
            results.iter_mut().zip(stores).for_each(|(results, store)| results.push(values[store.value].clone()));
            let lanes = run.elements.len();
            if number + 1 < lanes {
                return;
            }
            let mut conditions: Vec<&str> = run.inside.as_deref().into_iter().collect();
            if !whole {
                conditions.push("wanted == i");
            }
            if !conditions.is_empty() {
                writer.open(format!("if ({}) {{", conditions.join(" && ")));
            }
            for (results, store) in results.iter_mut().zip(stores) {
                let results = std::mem::take(results);
                let own = Neighbours { first: run.elements[0].address(), lanes, count: None };
                writer.store(store.arg, &own, &results.iter().map(String::as_str).collect::<Vec<_>>());
            }
            if !conditions.is_empty() {
                writer.close();
            }
        });
    }

    /// Workgroup memory for what the body reads of `rows` rows.
    fn held(&self, writer: &mut Writer, rows: usize) -> Vec<Option<Held>> {
        let kernel = writer.kernel;
        let held = |(n, value): (usize, &String)| {
            let is_own = |instruction: &&Instruction| instruction.value == Value::Accumulator(n);
            let Instruction { dtype, .. } = kernel.body.code.iter().find(is_own)?;
            let array = format!("held{n}");
            writer.global(format!("var<workgroup> {array}: array<{}, {rows}>;", type_name(*dtype)));
            Some(Held { array, value: value.clone(), is_position: false })
        };
        self.accumulators.iter().enumerate().map(held).collect()
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
