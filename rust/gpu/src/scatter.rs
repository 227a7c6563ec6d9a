//! Sums by position: one invocation per element of the output looks at every position and takes those that are its own.
//!
//! Without atomics, so every run gives the same bits. The work is that of all outputs times all positions; many of both are
//! left to `segments`.

use rutile_core::kernel::{Block, Fold, Kernel};
use rutile_core::shape::numel;

use crate::reduce::combine;
use crate::value::{type_name, zero};
use crate::wgsl::{Scope, Shader, Writer, Written};

pub fn generate(kernel: &Kernel, load: &Block, axis: usize) -> Shader {
    let [position, value] = load.results[..] else { unreachable!("a scatter loads a position and a value") };
    let dtype = load.code[value].dtype;
    let mut writer = Writer::new(kernel);
    writer.open_elements(numel(&kernel.out), 1);
    let out = writer.split("i", &kernel.out, "x");
    writer.line(format!("var acc0: {} = {};", type_name(dtype), zero(dtype)));
    let mut index = out.clone();
    for &size in &kernel.reduced {
        let (name, size) = (writer.name("y"), writer.integer(size as i64));
        writer.open(format!("for (var {name} = 0u; {name} < {size}; {name}++) {{"));
        index.push(name);
    }
    // Most positions belong to other invocations: the value is loaded only for those that do not.
    let scope = Scope { index: &index, ..Scope::default() };
    let mut written = Written::default();
    writer.block_until(load, position + 1, &scope, &mut written);
    writer.open(format!("if (bitcast<u32>({}) == {}) {{", written.values[position], out[axis]));
    writer.block_until(load, load.code.len(), &scope, &mut written);
    writer.line(format!("acc0 = {};", combine(Fold::Sum, dtype, "acc0", &written.values[value])));
    writer.close();
    for _ in &kernel.reduced {
        writer.close();
    }
    writer.body(&Scope::of_body(&out, "i", &["acc0".into()]));
    writer.close();
    writer.finish()
}
