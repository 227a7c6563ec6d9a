//! Running folds along the last axis: a workgroup takes a row block by block and carries the fold so far; an invocation
//! takes a short row alone.

use rutile_core::kernel::{Block, Fold, Kernel};
use rutile_core::shape::numel;

use crate::reduce::{combine, identity};
use crate::value::type_name;
use crate::wgsl::{Scope, Shader, WORKGROUP, Writer};

/// Rows of up to this many elements are left to one invocation each.
const SHORT: usize = 32;

pub fn generate(kernel: &Kernel, load: &Block, fold: Fold) -> Shader {
    let (&size, outer) = kernel.out.split_last().expect("a scan has an axis to run along");
    let mut writer = Writer::new(kernel);
    if size <= SHORT {
        by_invocation(&mut writer, load, fold, outer, size);
    } else {
        by_workgroup(&mut writer, load, fold, outer, size);
    }
    writer.finish()
}

fn by_invocation(writer: &mut Writer, load: &Block, fold: Fold, outer: &[usize], size: usize) {
    let dtype = load.code[load.results[0]].dtype;
    writer.open_elements(numel(outer), 1);
    let mut index = writer.split("i", outer, "x");
    index.push("k".into());
    let size = writer.integer(size as i64);
    writer.line(format!("var acc0: {} = {};", type_name(dtype), identity(fold, dtype)));
    writer.open(format!("for (var k = 0u; k < {size}; k++) {{"));
    writer.line(format!("let at = i * {size} + k;"));
    let accumulators = ["acc0".to_string()];
    let scope = Scope::of_body(&index, "at", &accumulators);
    let values = writer.block(load, &scope);
    writer.line(format!("acc0 = {};", combine(fold, dtype, "acc0", &values[load.results[0]])));
    writer.body(&scope);
    writer.close();
    writer.close();
}

/// Hillis and Steele's scan (1986) of one element per invocation, block after block.
fn by_workgroup(writer: &mut Writer, load: &Block, fold: Fold, outer: &[usize], size: usize) {
    let dtype = load.code[load.results[0]].dtype;
    let element = type_name(dtype);
    writer.global(format!("var<workgroup> tile0: array<{element}, {WORKGROUP}>;"));
    writer.open_groups(numel(outer), WORKGROUP);
    let mut index = writer.split("group", outer, "x");
    index.push("k".into());
    let size = writer.integer(size as i64);
    writer.line(format!("var carry: {element} = {};", identity(fold, dtype)));
    writer.open(format!("for (var first = 0u; first < {size}; first += {WORKGROUP}u) {{"));
    writer.line("let k = first + lane;");
    writer.line(format!("let at = group * {size} + k;"));
    writer.line(format!("var acc0: {element} = {};", identity(fold, dtype)));
    let accumulators = ["acc0".to_string()];
    let scope = Scope::of_body(&index, "at", &accumulators);
    writer.open(format!("if (k < {size}) {{"));
    let values = writer.block(load, &scope);
    writer.line(format!("acc0 = {};", values[load.results[0]]));
    writer.close();

    writer.open(format!("for (var step = 1u; step < {WORKGROUP}u; step = step * 2u) {{"));
    writer.line("tile0[lane] = acc0;");
    writer.line("workgroupBarrier();");
    writer.open("if (lane >= step) {");
    writer.line(format!("acc0 = {};", combine(fold, dtype, "tile0[lane - step]", "acc0")));
    writer.close();
    writer.line("workgroupBarrier();");
    writer.close();

    writer.line(format!("acc0 = {};", combine(fold, dtype, "carry", "acc0")));
    writer.line("tile0[lane] = acc0;");
    writer.line("workgroupBarrier();");
    writer.line(format!("carry = tile0[{}];", WORKGROUP - 1));
    writer.line("workgroupBarrier();");
    writer.open(format!("if (k < {size}) {{"));
    writer.body(&scope);
    writer.close();
    writer.close();
    writer.close();
}
