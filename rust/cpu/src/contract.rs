//! Products, by the dtype of their factors.

use std::ops::Range;

use rutile_core::dtype::DType;
use rutile_core::error::{Error, Result};
use rutile_core::kernel::{Block, Kernel, Role};

use crate::dots::Dots;
use crate::element::register;
use crate::product::Product;
use crate::stencil::Stencil;
use crate::tile::Launch;
use crate::winograd::Winograd;

pub enum Contract {
    Single(Box<Product<f32>>),
    Winograd(Box<Winograd>),
    Stencil(Box<Stencil>),
    Double(Box<Product<f64>>),
    Dots(Box<Dots>),
}

impl Contract {
    pub fn new(kernel: &Kernel, left: &Block, right: &Block, roles: &[Role]) -> Result<Contract> {
        let [dtype, other] = [left, right].map(|block| register(block.code[block.results[0]].dtype));
        if dtype != other {
            return Err(Error::dtype("matmul", format!("factors of one dtype, as {dtype}"), other.name()));
        }
        Ok(match dtype {
            DType::F32 => {
                if let Some(winograd) = Winograd::new(kernel, left, right, roles)? {
                    Contract::Winograd(Box::new(winograd))
                } else if let Some(stencil) = Stencil::new(kernel, left, right)? {
                    Contract::Stencil(Box::new(stencil))
                } else {
                    Contract::Single(Box::new(Product::new(kernel, left, right, roles)?))
                }
            }
            DType::F64 => Contract::Double(Box::new(Product::new(kernel, left, right, roles)?)),
            _ => Contract::Dots(Box::new(Dots::new(kernel, left, right, dtype)?)),
        })
    }

    /// Estimated nanoseconds of a launch.
    pub fn nanoseconds(&self) -> f64 {
        match self {
            Contract::Single(product) => product.nanoseconds(),
            Contract::Double(product) => product.nanoseconds(),
            Contract::Winograd(winograd) => winograd.nanoseconds(),
            Contract::Stencil(stencil) => stencil.nanoseconds(),
            Contract::Dots(dots) => dots.nanoseconds(),
        }
    }

    /// As [`Product::shared_bytes`].
    pub fn shared_bytes(&self) -> Option<usize> {
        match self {
            Contract::Single(product) => product.shared_bytes(),
            Contract::Double(product) => product.shared_bytes(),
            Contract::Winograd(_) | Contract::Stencil(_) | Contract::Dots(_) => None,
        }
    }

    /// As [`Product::pack_shared`].
    ///
    /// # Safety
    /// As for `Product::pack_shared`.
    pub unsafe fn pack_shared(&self, launch: Launch, panels: *mut u8) {
        // SAFETY: the caller's contract.
        unsafe {
            match self {
                Contract::Single(product) => product.pack_shared(launch, panels),
                Contract::Double(product) => product.pack_shared(launch, panels),
                Contract::Winograd(_) | Contract::Stencil(_) | Contract::Dots(_) => {}
            }
        }
    }

    /// As [`Product::run_strip`].
    pub fn run_strip(&self, launch: Launch, range: Range<usize>, panels: *mut u8) {
        match self {
            Contract::Single(product) => product.run_strip(launch, range, panels),
            Contract::Double(product) => product.run_strip(launch, range, panels),
            Contract::Winograd(_) | Contract::Stencil(_) | Contract::Dots(_) => {
                unreachable!("these are not cut into strips")
            }
        }
    }

    pub fn run(&self, launch: Launch) {
        match self {
            Contract::Single(product) => product.run(launch),
            Contract::Double(product) => product.run(launch),
            Contract::Winograd(winograd) => winograd.run(launch),
            Contract::Stencil(stencil) => stencil.run(launch),
            Contract::Dots(dots) => dots.run(launch),
        }
    }
}
