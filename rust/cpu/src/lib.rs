//! The native CPU backend: plans run over cache-sized tiles with SIMD loops and work-stealing threads.
//!
//! From the outside in: [`CpuBackend`] compiles a plan to a program (`program`), whose kernels are maps (`map`),
//! reductions (`reduce`, `fold`) or products (`contract`, `factor`, `matrix`, `dots`). All of them run straight-line code
//! over tiles (`tile`) with the loops of the op table (`loops`) on what views address (`view`).

mod backend;
mod contract;
mod dots;
mod factor;
mod fold;
mod loops;
mod map;
mod matrix;
mod parallel;
mod pool;
mod program;
mod reduce;
mod scratch;
mod simd;
mod storage;
mod tile;
mod view;

pub use backend::CpuBackend;
