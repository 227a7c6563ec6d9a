//! Elementwise kernels: one invocation per element, or per word of them.

use rutile_core::shape::numel;

use crate::packed::{self, Neighbours};
use crate::wgsl::{Writer, needs_index};

pub fn write(writer: &mut Writer) {
    let kernel = writer.kernel;
    let lanes = packed::lanes(kernel);
    let count = writer.open_elements(numel(&kernel.out), lanes);
    let needs_index = needs_index(&kernel.body);
    writer.body_of_neighbours(&Neighbours { first: "i", lanes, count: count.as_deref() }, |writer, _, linear| {
        (if needs_index { writer.split(linear, &kernel.out, "x") } else { Vec::new() }, Vec::new())
    });
    writer.close();
}
