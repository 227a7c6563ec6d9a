//! Vectorisation: a graph that was built for one element of a batch is rebuilt for all of them.
//!
//! The function to be vectorised is called with placeholders of one element's shape. Then each node that depends on one of
//! them is built again with the batch as its first axis; what depends on none of them is shared by all elements.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, MutexGuard};

use smallvec::smallvec;

use crate::call::{self, Call};
use crate::conv;
use crate::dtype::{DType, Scalar};
use crate::elementwise::Elementwise;
use crate::error::{Error, Result, show_shape};
use crate::kernel::Fold;
use crate::rebuild::{Changed, Known, Rebuilder, RebuiltRule};
use crate::shape::{Axes, Shape};
use crate::tensor::{Inputs, Op, Tensor, next_id, with_grad_enabled};
use crate::view::Affine;

/// What random numbers drawn by a vectorised function are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Randomness {
    /// Drawing raises.
    Refused,
    /// Every element gets the same numbers.
    Same,
    /// Every element gets its own.
    Different,
}

impl Randomness {
    pub fn from_name(name: &str) -> Result<Randomness> {
        match name {
            "error" => Ok(Randomness::Refused),
            "same" => Ok(Randomness::Same),
            "different" => Ok(Randomness::Different),
            _ => Err(Error::value("vmap", "randomness \"error\", \"same\" or \"different\"", format!("{name:?}"))),
        }
    }
}

/// One call of a vectorised function.
pub struct Batch {
    size: usize,
    randomness: Randomness,
    /// Older nodes depend on no placeholder.
    oldest: u64,
    known: Mutex<Known>,
}

thread_local! {
    static LEVELS: RefCell<Vec<Randomness>> = const { RefCell::new(Vec::new()) };
}

/// Whether a function is being vectorised on this thread.
pub fn is_active() -> bool {
    LEVELS.with_borrow(|levels| !levels.is_empty())
}

/// An error if a vectorised function that may not draw random numbers is being called on this thread; numbers that are
/// drawn on the host are the same for all elements.
pub(crate) fn check_random(op: &str, on_host: bool) -> Result<()> {
    let forbids = |level: &Randomness| *level == Randomness::Refused || (on_host && *level == Randomness::Different);
    if LEVELS.with_borrow(|levels| !levels.iter().any(forbids)) {
        return Ok(());
    }
    let error = Error::value(op, "to know what vmap shall draw", "vmap(…, randomness=\"error\")");
    Err(match on_host {
        false => error.hint("pass randomness=\"different\" or \"same\", or draw outside and pass the numbers in"),
        true => Error::value(op, "numbers of the device", "an order that is drawn on the host")
            .hint("pass randomness=\"same\" to vmap, or argsort uniform numbers"),
    })
}

impl Batch {
    pub fn new(size: usize, randomness: Randomness) -> Arc<Batch> {
        Arc::new(Batch { size, randomness, oldest: next_id(), known: Mutex::default() })
    }

    /// Calls the function to be vectorised on this thread.
    pub fn call<T>(&self, function: impl FnOnce() -> T) -> T {
        self.within(function)
    }

    /// A placeholder for one element of a tensor whose first axis is the batch.
    pub fn one(&self, all: &Tensor) -> Result<Tensor> {
        self.stand_in(all)
    }

    /// What a tensor is for all elements, the batch as its first axis; None if it is the same for all.
    pub fn all(self: &Arc<Batch>, one: &Tensor) -> Result<Option<Tensor>> {
        self.find(one)
    }

    fn shape(&self, one: &[usize]) -> Shape {
        std::iter::once(self.size).chain(one.iter().copied()).collect()
    }

    /// With the batch as its first axis in any case.
    fn lift(&self, one: &Tensor, all: Option<&Tensor>) -> Result<Tensor> {
        match all {
            Some(all) => Ok(all.clone()),
            None => {
                let row = std::iter::once(1).chain(one.shape().iter().copied()).collect();
                one.reshape_to(row).expand(&self.shape(one.shape()))
            }
        }
    }

    /// The node for all elements, where some of its inputs are mapped.
    fn rule(self: &Arc<Batch>, one: &Tensor, inputs: &[Tensor], mapped: &Changed) -> Result<Tensor> {
        let node = one.node();
        let shape = || self.shape(one.shape());
        let lifted = |n: usize| self.lift(&inputs[n], mapped[n].as_ref());
        let with = |op: Op, inputs: Inputs| Tensor::new(op, inputs, shape(), one.dtype(), one.device());
        Ok(match &node.op {
            Op::Leaf | Op::Placeholder | Op::Scalar(_) | Op::Constant(_) | Op::Iota => {
                unreachable!("no input is mapped")
            }
            Op::Elementwise(Elementwise::Threefry) => self.words(one, inputs, mapped)?,
            Op::Elementwise(op) => {
                let operand = |n: usize| if inputs[n].is_number() { Ok(inputs[n].clone()) } else { lifted(n) };
                Tensor::elementwise(*op, &(0..inputs.len()).map(operand).collect::<Result<Inputs>>()?)?
            }
            Op::Cast => lifted(0)?.cast(one.dtype())?,
            Op::Detach => lifted(0)?.detach(),
            Op::Transfer => lifted(0)?.to_device(one.device())?,
            Op::Reshape => lifted(0)?.reshape_to(shape()),
            Op::Permute(order) => {
                lifted(0)?.permute_to(std::iter::once(0).chain(order.iter().map(|axis| axis + 1)).collect())
            }
            Op::Expand => {
                let added = one.ndim() - inputs[0].ndim();
                let ones = std::iter::repeat_n(1, added).chain(inputs[0].shape().iter().copied());
                lifted(0)?.reshape_to(std::iter::once(self.size).chain(ones).collect()).expand(&shape())?
            }
            Op::Affine { affine, fill } => {
                let with = affine.with.map(|(axis, step)| (axis + 1, step));
                lifted(0)?.affine(Affine { axis: affine.axis + 1, with, ..*affine }, *fill)
            }
            Op::Reduce { fold, axes, first } => {
                let axes = axes.iter().map(|axis| axis + 1).collect();
                with(Op::Reduce { fold: *fold, axes, first: *first }, smallvec![lifted(0)?])
            }
            Op::Gather { axis } if mapped[0].is_none() => {
                // The positions of all elements in a row: the source, which they share, is not repeated.
                let positions = lifted(1)?;
                let there: Axes = (1..=*axis).chain([0]).chain(axis + 1..one.ndim() + 1).collect();
                let back: Axes = [*axis].into_iter().chain(0..*axis).chain(axis + 1..one.ndim() + 1).collect();
                let moved = positions.permute_to(there);
                let mut row: Shape = one.shape().into();
                row[*axis] *= self.size;
                let found = inputs[0].gather(&moved.reshape_to(row), *axis);
                found.reshape_to(moved.shape().into()).permute_to(back)
            }
            Op::Gather { axis } => lifted(0)?.gather(&lifted(1)?, axis + 1),
            Op::Scatter { axis } => lifted(0)?.scatter(&lifted(1)?, axis + 1, one.shape()[*axis]),
            Op::Scan { .. } | Op::Sort { .. } | Op::Check(_) => with(node.op.clone(), smallvec![lifted(0)?]),
            Op::Dot => self.dot(inputs, mapped)?,
            Op::Attention(spec) => spec.batched((0..inputs.len()).map(lifted).collect::<Result<Inputs>>()?)?,
            Op::Linalg(_) => with(node.op.clone(), (0..inputs.len()).map(lifted).collect::<Result<Inputs>>()?),
            Op::Conv(spec) => match &mapped[..] {
                [Some(x), None] => conv::of_inputs(x, &inputs[1], spec, one),
                [None, Some(w)] => conv::of_weights(&inputs[0], w, spec, one),
                _ => conv::of_pairs(&lifted(0)?, &lifted(1)?, spec, one),
            },
            Op::Barrier => {
                let after: Vec<Tensor> =
                    (1..inputs.len()).map(|n| mapped[n].clone().unwrap_or_else(|| inputs[n].clone())).collect();
                lifted(0)?.barrier(&after)
            }
            Op::Call(call) => self.batched(call, inputs, mapped),
            Op::Output(n) => {
                let call = match (&mapped[0], &inputs[0].node().op) {
                    (Some(call), _) => call.clone(),
                    // Its inputs are the same for all elements, but not what its rule computes.
                    (None, Op::Call(call)) => {
                        let inputs = inputs[0].inputs();
                        self.batched(call, &inputs, &smallvec![None; inputs.len()])
                    }
                    (None, op) => unreachable!("an output of {op:?}"),
                };
                call::output(&call, *n, &lifted(1)?)
            }
        })
    }

    /// Each element's words are those that follow the ones of the element before.
    fn words(&self, one: &Tensor, inputs: &[Tensor], mapped: &Changed) -> Result<Tensor> {
        let count = self.size * one.numel();
        if count > u32::MAX as usize {
            return Err(Error::value("vmap", "at most 4294967295 random numbers in one call", count.to_string()));
        }
        let mut column: Shape = smallvec![1; one.ndim() + 1];
        column[0] = self.size;
        let number = Tensor::iota(self.size, one.device()).cast(DType::U32)?.reshape_to(column);
        let first = &number * &Tensor::constant(Scalar::int(one.numel() as i64, DType::U32), one.device());
        let counter = &self.lift(&inputs[2], mapped[2].as_ref())? + &first;
        Tensor::elementwise(Elementwise::Threefry, &[inputs[0].clone(), inputs[1].clone(), counter])
    }

    fn dot(&self, inputs: &[Tensor], mapped: &Changed) -> Result<Tensor> {
        let (a, b) = (&inputs[0], &inputs[1]);
        let (m, n) = (a.shape()[a.ndim() - 2], b.shape()[b.ndim() - 1]);
        match &mapped[..] {
            // All rows, or all columns, make one product.
            [Some(all), None] if b.ndim() == 2 => {
                let rows = all.reshape_to(smallvec![self.size * m, a.shape()[1]]);
                Ok(rows.dot(b).reshape_to(smallvec![self.size, m, n]))
            }
            [None, Some(all)] if a.ndim() == 2 && n == 1 => {
                let columns = all.reshape_to(smallvec![self.size, b.shape()[0]]).permute_to(smallvec![1, 0]);
                Ok(a.dot(&columns).permute_to(smallvec![1, 0]).reshape_to(smallvec![self.size, m, 1]))
            }
            _ => Ok(self.lift(a, mapped[0].as_ref())?.dot(&self.lift(b, mapped[1].as_ref())?)),
        }
    }

    fn batched(self: &Arc<Batch>, call: &Call, inputs: &[Tensor], mapped: &Changed) -> Tensor {
        let given = inputs.iter().zip(mapped).map(|(one, all)| all.as_ref().unwrap_or(one).clone());
        let rule = RebuiltRule::of(&call.rule, self, mapped);
        call::node(Call { outputs: call.outputs, rule }, given.collect(), inputs[0].device())
    }
}

impl Rebuilder for Batch {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(|poison| poison.into_inner())
    }

    fn oldest(&self) -> u64 {
        self.oldest
    }

    fn stand_in(&self, all: &Tensor) -> Result<Tensor> {
        if all.shape().first() != Some(&self.size) {
            let needs = format!("axes of one size, {}, to be mapped over", self.size);
            return Err(Error::shape("vmap", needs, format!("shape {}", show_shape(all.shape()))));
        }
        let one = Tensor::placeholder(all.shape()[1..].into(), all.dtype(), all.device(), all.requires_grad());
        self.known().given.insert(one.id(), all.clone());
        Ok(one)
    }

    fn within<T>(&self, function: impl FnOnce() -> T) -> T {
        struct Leave;
        impl Drop for Leave {
            fn drop(&mut self) {
                LEVELS.with_borrow_mut(|levels| levels.pop());
            }
        }
        LEVELS.with_borrow_mut(|levels| levels.push(self.randomness));
        let _leave = Leave;
        function()
    }

    fn rebuild(self: &Arc<Batch>, one: &Tensor, inputs: &[Tensor], mapped: &Changed) -> Result<Option<Tensor>> {
        let node = one.node();
        let draws = node.op == Op::Elementwise(Elementwise::Threefry) && self.randomness == Randomness::Different;
        if !draws && mapped.iter().all(Option::is_none) {
            return Ok(None);
        }
        let all = with_grad_enabled(node.requires_grad, || self.rule(one, inputs, mapped))?;
        debug_assert!(
            matches!(node.op, Op::Call(_)) || all.shape() == &self.shape(one.shape())[..],
            "{one:?}, {all:?}"
        );
        Ok(Some(all))
    }

    fn whole(self: &Arc<Batch>, one: &Tensor) -> Result<Tensor> {
        let all = self.find(one)?;
        self.lift(one, all.as_ref())
    }

    /// All elements share the input.
    fn shared_gradient(&self, grad: Tensor) -> Result<Tensor> {
        grad.reduce(Fold::Sum, Some(&[0]), false)
    }
}
