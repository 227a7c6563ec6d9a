//! The native CPU backend: plans run over cache-sized tiles with SIMD loops and work-stealing threads.
//!
//! From the outside in: [`CpuBackend`] compiles a plan to a program (`program`), whose kernels are maps (`map`; `pick` where they copy rows),
//! reductions (`reduce`, `fold`), several of them over rows (`rows`), products (`contract`, `product`, `winograd`, `stencil`, `dots`), scatters, scans,
//! sorts, attention (`attention`) or linear algebra (`linalg`, `routines`). All of them run straight-line code (`compile`) over tiles (`tile`) with the loops of the op table (`loops`) and of casts
//! (`convert`) on what views address (`view`, `read`, `cross`); `stream` stores past the caches;
//! `check` looks for what makes a run an error.

mod attention;
mod backend;
mod boxes;
mod check;
mod compile;
mod contract;
mod convert;
mod cross;
mod dots;
mod element;
mod fold;
mod linalg;
mod loops;
mod map;
mod parallel;
mod pick;
mod pool;
mod product;
mod program;
mod radix;
mod read;
mod reduce;
mod routines;
mod rows;
mod scan;
mod scatter;
mod scratch;
mod simd;
mod sort;
mod stencil;
mod storage;
mod stream;
mod strips;
mod tile;
mod view;
mod winograd;

pub use backend::CpuBackend;
