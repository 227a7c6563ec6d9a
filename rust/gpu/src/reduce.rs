//! Reductions: a workgroup holds `outputs` results, each folded by `parts` invocations and then by a tree.

use rutile_core::dtype::{DType, Scalar};
use rutile_core::elementwise::Elementwise;
use rutile_core::kernel::{Block, Fold, Kernel, Value};
use rutile_core::shape::numel;

use crate::packed::{self, Neighbours};
use crate::value::{elementwise, literal, register, type_name, zero};
use crate::wgsl::{Scope, WORKGROUP, Writer, needs_index};

/// How the invocations of a workgroup share the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tiling {
    /// Invocations that fold one result, a power of two.
    parts: usize,
    /// Neighbouring invocations take neighbouring elements of one result, rather than neighbouring results.
    reduced_fast: bool,
}

pub fn write(writer: &mut Writer, load: &Block, folds: &[Fold]) {
    let kernel = writer.kernel;
    // Positions must be those of the best among what would be stored.
    let load = &if folds.iter().any(|&fold| is_arg(fold)) { load.rounded() } else { load.clone() };
    let lanes = packed::lanes(kernel);
    let tiling = choose(kernel, load, lanes);
    let count = numel(&kernel.out);
    let outputs = WORKGROUP / tiling.parts;
    let dtypes: Vec<DType> = load.results.iter().map(|&value| load.code[value].dtype).collect();
    if tiling.parts > 1 || lanes > 1 {
        declare_tiles(writer, folds, &dtypes);
    }
    let overshoots = writer.open_main(count.div_ceil(outputs), WORKGROUP);
    let exact = !overshoots && count.is_multiple_of(outputs);
    let size = if exact { String::new() } else { writer.parameter(count as u32) };

    let (part, mut output) = match (tiling.parts, tiling.reduced_fast) {
        (1, _) => ("0u".to_string(), "lane".to_string()),
        (WORKGROUP, _) => ("lane".into(), "0u".into()),
        (parts, true) => (format!("lane % {parts}u"), format!("lane / {parts}u")),
        (_, false) => (format!("lane / {outputs}u"), format!("lane % {outputs}u")),
    };
    writer.line(format!("let part = {part};"));
    if lanes > 1 {
        writer.line(format!("let output = {output};"));
        output = "output".into();
    }
    writer.line(format!("let wanted = group * {outputs}u + {output};"));
    if exact {
        writer.line("let i = wanted;");
    } else {
        // Invocations without a result of their own repeat the last one, as all must reach the barriers.
        writer.line(format!("let i = min(wanted, {size} - 1u);"));
    }

    let out = writer.split("i", &kernel.out, "x");
    fold_part(writer, kernel, load, folds, &dtypes, &tiling, &out);
    if tiling.parts > 1 {
        let stride = if tiling.reduced_fast { 1 } else { outputs };
        fold_tiles(writer, folds, &dtypes, tiling.parts, stride);
    }
    if lanes > 1 {
        let held = |(n, &fold): (usize, &Fold)| match is_arg(fold) {
            true => Some(Held { array: format!("places{n}"), value: format!("at{n}"), is_position: true }),
            false => Some(Held { array: format!("tile{n}"), value: format!("acc{n}"), is_position: false }),
        };
        let held: Vec<_> = folds.iter().enumerate().map(held).collect();
        finish_words(writer, &held, outputs, lanes, &size, !count.is_multiple_of(lanes));
        writer.close();
        return;
    }
    match (tiling.parts, exact) {
        (1, true) => writer.open("{"),
        (1, false) => writer.open("if (wanted == i) {"),
        (_, true) => writer.open("if (part == 0u) {"),
        (_, false) => writer.open("if (part == 0u && wanted == i) {"),
    }
    let results: Vec<String> =
        (0..folds.len()).map(|n| if is_arg(folds[n]) { format!("i32(at{n})") } else { format!("acc{n}") }).collect();
    let scope = Scope::of_body(&out, "i", &results);
    writer.body(&scope);
    writer.close();
    writer.close();
}

/// A result on its way through workgroup memory.
pub struct Held {
    pub array: String,
    pub value: String,
    /// Positions are kept as u32.
    pub is_position: bool,
}

/// Hands the accumulators that the body reads, those of the workgroup's `outputs`, to its first invocations, each of which
/// stores whole words. `end` is the number of all outputs, if some invocations have none; `partial`: they end within a word.
pub fn finish_words(
    writer: &mut Writer,
    held: &[Option<Held>],
    outputs: usize,
    lanes: usize,
    end: &str,
    partial: bool,
) {
    let kernel = writer.kernel;
    writer.open("if (part == 0u) {");
    for Held { array, value, .. } in held.iter().flatten() {
        writer.line(format!("{array}[output] = {value};"));
    }
    writer.close();
    writer.line("workgroupBarrier();");
    writer.line(format!("let first = lane * {lanes}u;"));
    writer.line(format!("let begin = group * {outputs}u + first;"));
    let inside = if end.is_empty() { String::new() } else { format!(" && begin < {end}") };
    writer.open(format!("if (first < {outputs}u{inside}) {{"));
    let own = Neighbours { first: "begin", lanes, count: partial.then_some(end) };
    writer.body_of_neighbours(&own, |writer, number, linear| {
        let index = if needs_index(&kernel.body) { writer.split(linear, &kernel.out, "x") } else { Vec::new() };
        let result = |held: &Option<Held>| match held {
            Some(Held { array, is_position: true, .. }) => format!("i32({array}[first + {number}u])"),
            Some(Held { array, .. }) => format!("{array}[first + {number}u]"),
            None => String::new(),
        };
        (index, held.iter().map(result).collect())
    });
    writer.close();
}

/// Enough invocations to fill a device, in the order in which memory lies; a workgroup has at least `lanes` results.
fn choose(kernel: &Kernel, load: &Block, lanes: usize) -> Tiling {
    let (outputs, reduced) = (numel(&kernel.out), numel(&kernel.reduced));
    let reduced_fast = reads_along_reduced(kernel, load);
    let floor_power = |n: usize| if n < 2 { 1 } else { 1 << n.ilog2() };
    let parts = if reduced <= 16 {
        1
    } else if reduced_fast {
        floor_power(reduced / 4)
    } else {
        // Column sums: results keep at least 16 neighbours, so that a row of memory is read as a whole.
        let wanted = (16384 / outputs.max(1)).min(reduced / 8);
        let most = (WORKGROUP / floor_power(outputs).min(16)).max(1);
        floor_power(wanted).min(most)
    };
    Tiling { parts: parts.clamp(1, WORKGROUP / lanes), reduced_fast }
}

/// Whether most loads step by one element along the innermost reduced axis.
fn reads_along_reduced(kernel: &Kernel, load: &Block) -> bool {
    let mut votes = 0i32;
    for instruction in &load.code {
        if let Value::Load { view, .. } = &instruction.value {
            let strides = &view.levels[0].strides;
            if !kernel.reduced.is_empty() && strides.last() == Some(&1) {
                votes += 1;
            } else if !kernel.out.is_empty() && strides[kernel.out.len() - 1] == 1 {
                votes -= 1;
            }
        }
    }
    votes > 0 || (votes == 0 && kernel.out.is_empty())
}

/// The loop in which one invocation folds its share of the elements into `acc` and `at` variables.
fn fold_part(
    writer: &mut Writer,
    kernel: &Kernel,
    load: &Block,
    folds: &[Fold],
    dtypes: &[DType],
    tiling: &Tiling,
    out: &[String],
) {
    for (n, (&fold, &dtype)) in folds.iter().zip(dtypes).enumerate() {
        writer.line(format!("var acc{n}: {} = {};", type_name(dtype), identity(fold, dtype)));
        if is_arg(fold) {
            writer.line(format!("var at{n} = part;"));
        }
    }
    let mut index = out.to_vec();
    let mut loops = 1;
    if tiling.parts == 1 {
        let counts = folds.iter().any(|&fold| is_arg(fold));
        if counts {
            writer.line("var r = 0u;");
        }
        loops = kernel.reduced.len();
        for &size in &kernel.reduced {
            let (name, size) = (writer.name("y"), writer.integer(size as i64));
            writer.open(format!("for (var {name} = 0u; {name} < {size}; {name}++) {{"));
            index.push(name);
        }
        fold_element(writer, load, folds, dtypes, &index);
        if counts {
            writer.line("r++;");
        }
    } else {
        let size = writer.integer(numel(&kernel.reduced) as i64);
        writer.open(format!("for (var r = part; r < {size}; r += {}u) {{", tiling.parts));
        index.extend(writer.split("r", &kernel.reduced, "y"));
        fold_element(writer, load, folds, dtypes, &index);
    }
    for _ in 0..loops {
        writer.close();
    }
}

fn fold_element(writer: &mut Writer, load: &Block, folds: &[Fold], dtypes: &[DType], index: &[String]) {
    let values = writer.block(load, &Scope { index, ..Scope::default() });
    for (n, (&fold, &dtype)) in folds.iter().zip(dtypes).enumerate() {
        let value = &values[load.results[n]];
        if is_arg(fold) {
            writer.open(format!("if ({}) {{", better(fold, dtype, value, &format!("acc{n}"))));
            writer.line(format!("acc{n} = {value};"));
            writer.line(format!("at{n} = r;"));
            writer.close();
        } else {
            writer.line(format!("acc{n} = {};", combine(fold, dtype, &format!("acc{n}"), value)));
        }
    }
}

fn declare_tiles(writer: &mut Writer, folds: &[Fold], dtypes: &[DType]) {
    for (n, (&fold, &dtype)) in folds.iter().zip(dtypes).enumerate() {
        writer.global(format!("var<workgroup> tile{n}: array<{}, {WORKGROUP}>;", type_name(dtype)));
        if is_arg(fold) {
            writer.global(format!("var<workgroup> places{n}: array<u32, {WORKGROUP}>;"));
        }
    }
}

/// Folds the invocations' results pairwise; afterwards the first invocation of each result has it.
fn fold_tiles(writer: &mut Writer, folds: &[Fold], dtypes: &[DType], parts: usize, stride: usize) {
    writer.open(format!("for (var step = {}u; step > 0u; step = step / 2u) {{", parts / 2));
    for (n, &fold) in folds.iter().enumerate() {
        writer.line(format!("tile{n}[lane] = acc{n};"));
        if is_arg(fold) {
            writer.line(format!("places{n}[lane] = at{n};"));
        }
    }
    writer.line("workgroupBarrier();");
    writer.open("if (part < step) {");
    let partner = if stride == 1 { "lane + step".to_string() } else { format!("lane + step * {stride}u") };
    for (n, (&fold, &dtype)) in folds.iter().zip(dtypes).enumerate() {
        let (mine, other) = (format!("acc{n}"), format!("tile{n}[{partner}]"));
        if is_arg(fold) {
            writer.line(format!("let value{n} = {other};"));
            writer.line(format!("let place{n} = places{n}[{partner}];"));
            let wins = better(fold, dtype, &format!("value{n}"), &mine);
            let loses = better(fold, dtype, &mine, &format!("value{n}"));
            writer.open(format!("if ({wins} || (!{loses} && place{n} < at{n})) {{"));
            writer.line(format!("acc{n} = value{n};"));
            writer.line(format!("at{n} = place{n};"));
            writer.close();
        } else {
            writer.line(format!("acc{n} = {};", combine(fold, dtype, &mine, &other)));
        }
    }
    writer.close();
    writer.line("workgroupBarrier();");
    writer.close();
}

pub fn is_arg(fold: Fold) -> bool {
    matches!(fold, Fold::ArgMax | Fold::ArgMin)
}

/// Both values folded into one.
pub fn combine(fold: Fold, dtype: DType, a: &str, b: &str) -> String {
    let op = match fold {
        Fold::Sum => Elementwise::Add,
        Fold::Product => Elementwise::Mul,
        Fold::Max | Fold::ArgMax => Elementwise::Maximum,
        Fold::Min | Fold::ArgMin => Elementwise::Minimum,
    };
    elementwise(op, dtype, &[a, b])
}

/// The condition that a comes before b.
pub fn better(fold: Fold, dtype: DType, a: &str, b: &str) -> String {
    let name = if fold == Fold::ArgMax { "above" } else { "below" };
    format!("{name}_{}({a}, {b})", type_name(dtype))
}

/// What a fold starts from.
pub fn identity(fold: Fold, dtype: DType) -> String {
    use DType::*;
    use Fold::*;
    match (fold, register(dtype)) {
        (Sum, _) => zero(dtype),
        (Product | Min | ArgMin, Bool) => "true".into(),
        (Max | ArgMax, Bool) => "false".into(),
        (Product, dtype) => literal(Scalar::int(1, dtype)).expect("one has a literal"),
        (Max | ArgMax, I32) => "i32(-2147483648)".into(),
        (Max | ArgMax, U32 | U64) => zero(dtype),
        (Min | ArgMin, I32) => "2147483647i".into(),
        (Min | ArgMin, U32) => "4294967295u".into(),
        (Max | ArgMax, I64) => "(-9223372036854775807li - 1li)".into(),
        (Min | ArgMin, I64) => "9223372036854775807li".into(),
        (Min | ArgMin, U64) => "18446744073709551615lu".into(),
        (Max | ArgMax, F32) => "-infinity()".into(),
        (Min | ArgMin, F32) => "infinity()".into(),
        (Max | ArgMax, _) => "-infinity_f64()".into(),
        (Min | ArgMin, _) => "infinity_f64()".into(),
    }
}
