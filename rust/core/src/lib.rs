//! The engine behind rutile: tensors, the op table, gradients, scheduling and memory plans.
//!
//! Pure: no device, no Python, no I/O. A [`Device`] wraps a backend that runs the plans made here.

pub mod attention;
pub mod backend;
pub mod call;
pub mod capture;
pub mod checkpoint;
pub mod compose;
pub mod conv;
pub mod debug;
pub mod device;
pub mod dtype;
pub mod elementwise;
pub mod error;
pub mod eval;
pub mod grad;
pub mod index;
pub mod kernel;
pub mod linalg;
pub mod math;
mod memory;
pub mod null;
pub mod ops;
pub mod profile;
pub mod random;
mod rebuild;
mod schedule;
pub mod shape;
pub mod stats;
pub mod tensor;
pub mod variable;
pub mod view;
pub mod vmap;

pub use device::Device;
pub use dtype::{DType, Scalar};
pub use elementwise::Elementwise;
pub use error::{Error, ErrorKind, Result};
pub use eval::eval;
pub use grad::{Backward, backward, gradients};
pub use stats::Stats;
pub use tensor::Tensor;
