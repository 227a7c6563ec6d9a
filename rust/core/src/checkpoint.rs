//! Checkpoints: results of a function without what lies between, which is computed again when gradients need it.
//!
//! The graph that the function built is kept as a pattern and never evaluated. The results are a copy of it without history;
//! their gradients come from another copy, behind barriers that keep it apart from the first and hold it back until the
//! gradients of the results are there.

use std::sync::{Arc, Mutex, MutexGuard};

use rustc_hash::FxHashSet;

use crate::call::{self, Call, GradientRule};
use crate::elementwise::Elementwise;
use crate::error::Result;
use crate::grad::gradients_if_any;
use crate::rebuild::{Changed, Known, Rebuilder, RebuiltRule, again};
use crate::tensor::{Inputs, Op, Tensor, grad_enabled, with_grad_enabled};

/// The results of a function that has just built them, from nodes older than `oldest`: nothing between those and the results
/// is kept for the gradients.
pub fn checkpoint(results: &[Tensor], oldest: u64) -> Result<Vec<Tensor>> {
    let sources = sources(results, oldest);
    let wanted: Vec<Tensor> = sources.iter().filter(|source| source.requires_grad()).cloned().collect();
    if wanted.is_empty() || !results.iter().any(Tensor::requires_grad) {
        return Ok(results.to_vec());
    }
    let copy = Copy::new(oldest, Vec::new(), false);
    let values = results.iter().map(|result| copy.whole(result)).collect::<Result<Vec<_>>>()?;
    let pattern = Pattern { results: results.to_vec(), sources, oldest };
    let rule = Arc::new(Checkpoint { pattern: Mutex::new(Some(pattern)) });
    Ok(call::call(&values, &wanted, rule).1)
}

/// What the function built.
#[derive(Clone)]
struct Pattern {
    results: Vec<Tensor>,
    sources: Vec<Tensor>,
    oldest: u64,
}

/// Computed by the function neither in one copy nor in the other.
fn is_source(tensor: &Tensor, oldest: u64) -> bool {
    let ends = tensor.variable().is_some() || tensor.id() < oldest || tensor.with_inputs(|inputs, _| inputs.is_empty());
    ends && !is_number(tensor)
}

fn is_number(tensor: &Tensor) -> bool {
    matches!(tensor.node().op, Op::Scalar(_) | Op::Constant(_) | Op::Iota)
}

fn sources(results: &[Tensor], oldest: u64) -> Vec<Tensor> {
    let mut found = Vec::new();
    let mut seen = FxHashSet::default();
    let mut stack = results.to_vec();
    while let Some(tensor) = stack.pop() {
        if !seen.insert(tensor.id()) {
            continue;
        }
        if is_source(&tensor, oldest) {
            found.push(tensor);
        } else {
            stack.extend(tensor.inputs());
        }
    }
    found
}

struct Checkpoint {
    pattern: Mutex<Option<Pattern>>,
}

impl Checkpoint {
    fn pattern(&self) -> MutexGuard<'_, Option<Pattern>> {
        self.pattern.lock().unwrap_or_else(|poison| poison.into_inner())
    }
}

impl GradientRule for Checkpoint {
    fn name(&self) -> String {
        "checkpoint".into()
    }

    fn gradients(&self, outputs: &[Option<Tensor>]) -> Result<Vec<Option<Tensor>>> {
        let Some(Pattern { results, sources, oldest }) = self.pattern().clone() else {
            return Err(call::released("checkpoint"));
        };
        let after: Vec<Tensor> = outputs.iter().flatten().cloned().collect();
        let recording = grad_enabled();
        let copy = Copy::new(oldest, after, true);
        let mut wanted = Vec::new();
        for source in &sources {
            let mut again = source.barrier(&copy.after);
            if source.requires_grad() {
                if !recording {
                    again = again.as_variable(Default::default())?;
                }
                wanted.push(again.clone());
            }
            copy.known().given.insert(source.id(), again);
        }
        let results = results.iter().map(|result| copy.whole(result)).collect::<Result<Vec<_>>>()?;
        let arrived = results.into_iter().zip(outputs).filter(|(_, grad)| grad.is_some());
        let (results, grads): (Vec<Tensor>, Vec<Option<Tensor>>) = arrived.map(|(y, grad)| (y, grad.clone())).unzip();
        gradients_if_any(&results, &grads, &wanted)
    }

    fn release(&self) {
        let pattern = self.pattern().take();
        drop(pattern);
    }
}

/// One more copy of what a function built.
struct Copy {
    oldest: u64,
    /// What has to be there before it is computed.
    after: Vec<Tensor>,
    records: bool,
    known: Mutex<Known>,
}

impl Copy {
    fn new(oldest: u64, after: Vec<Tensor>, records: bool) -> Arc<Copy> {
        Arc::new(Copy { oldest, after, records, known: Mutex::default() })
    }
}

impl Rebuilder for Copy {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(|poison| poison.into_inner())
    }

    fn oldest(&self) -> u64 {
        self.oldest
    }

    fn stand_in(&self, given: &Tensor) -> Result<Tensor> {
        let place = Tensor::placeholder(given.shape().into(), given.dtype(), given.device(), given.requires_grad());
        self.known().given.insert(place.id(), given.clone());
        Ok(place)
    }

    fn within<T>(&self, function: impl FnOnce() -> T) -> T {
        function()
    }

    fn rebuild(self: &Arc<Copy>, node: &Tensor, inputs: &[Tensor], changed: &Changed) -> Result<Option<Tensor>> {
        if is_number(node) || is_source(node, self.oldest) {
            return Ok(None);
        }
        let given = inputs.iter().zip(changed).map(|(input, copy)| copy.as_ref().unwrap_or(input).clone());
        let mut given: Inputs = given.collect();
        let op = match &node.node().op {
            Op::Output(_) if !self.records => return Ok(Some(given[1].clone())),
            Op::Call(call) => {
                Op::Call(Call { outputs: call.outputs, rule: RebuiltRule::of(&call.rule, self, changed) })
            }
            Op::Elementwise(Elementwise::Threefry) if self.records => {
                // Random numbers depend on no source, so they would be taken for those of the other copy.
                given[2] = given[2].barrier(&self.after);
                Op::Elementwise(Elementwise::Threefry)
            }
            op => op.clone(),
        };
        let build = || again(node, op, given);
        Ok(Some(with_grad_enabled(self.records && node.requires_grad(), build)))
    }

    fn whole(self: &Arc<Copy>, tensor: &Tensor) -> Result<Tensor> {
        Ok(self.find(tensor)?.unwrap_or_else(|| tensor.clone()))
    }

    fn shared_gradient(&self, grad: Tensor) -> Result<Tensor> {
        Ok(grad)
    }
}
