//! Graphs built again: with a batch in front of every shape (`vmap.rs`), or computed a second time (`checkpoint.rs`).

use std::sync::{Arc, MutexGuard};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::call::GradientRule;
use crate::error::Result;
use crate::tensor::{Op, Tensor, WeakTensor};
use crate::variable::{Hook, When};

/// For each input of a node, what it has become, unless it stays what it is.
pub(crate) type Changed = SmallVec<[Option<Tensor>; 3]>;

/// What nodes have become.
#[derive(Default)]
pub(crate) struct Known {
    /// What stands in the place of nodes from the start.
    pub given: FxHashMap<u64, Tensor>,
    /// Nodes built before, as long as somebody else holds them.
    pub built: FxHashMap<u64, WeakTensor>,
}

impl Known {
    fn get(&self, id: u64) -> Option<Tensor> {
        self.given.get(&id).cloned().or_else(|| self.built.get(&id)?.upgrade())
    }
}

pub(crate) trait Rebuilder: Send + Sync + Sized + 'static {
    fn known(&self) -> MutexGuard<'_, Known>;

    /// Older nodes stay what they are, unless they are given.
    fn oldest(&self) -> u64;

    /// A placeholder that will become `given`.
    fn stand_in(&self, given: &Tensor) -> Result<Tensor>;

    /// Calls a function that builds nodes to be rebuilt.
    fn within<T>(&self, function: impl FnOnce() -> T) -> T;

    /// What a node becomes, or None if it stays what it is.
    fn rebuild(self: &Arc<Self>, node: &Tensor, inputs: &[Tensor], changed: &Changed) -> Result<Option<Tensor>>;

    /// What a tensor becomes where it may not stay what it is.
    fn whole(self: &Arc<Self>, tensor: &Tensor) -> Result<Tensor>;

    /// What a gradient of an input becomes, where the input stays what it is.
    fn shared_gradient(&self, grad: Tensor) -> Result<Tensor>;

    /// What a tensor becomes, or None if it stays what it is.
    fn find(self: &Arc<Self>, root: &Tensor) -> Result<Option<Tensor>> {
        let mut done: FxHashMap<u64, Option<Tensor>> = FxHashMap::default();
        let mut stack = vec![(root.clone(), false)];
        while let Some((tensor, expanded)) = stack.pop() {
            let id = tensor.id();
            if done.contains_key(&id) {
                continue;
            }
            if expanded {
                let inputs = tensor.inputs();
                let changed: Changed = inputs.iter().map(|input| done[&input.id()].clone()).collect();
                let result = self.rebuild(&tensor, &inputs, &changed)?;
                if let Some(result) = &result {
                    self.known().built.insert(id, result.downgrade());
                    self.move_hooks(&tensor, result)?;
                }
                done.insert(id, result);
                continue;
            }
            let known = self.known().get(id);
            if known.is_some() || id < self.oldest() {
                done.insert(id, known);
            } else {
                let inputs = tensor.inputs();
                stack.push((tensor, true));
                stack.extend(inputs.into_iter().map(|input| (input, false)));
            }
        }
        Ok(done.remove(&root.id()).flatten())
    }

    /// Hooks on a node see the gradient of what it has become, as if it were the node's.
    fn move_hooks(self: &Arc<Self>, from: &Tensor, to: &Tensor) -> Result<()> {
        let (None, Some(watch), true) = (from.variable(), from.watcher(), to.requires_grad()) else { return Ok(()) };
        for hook in watch.hooks(When::Known) {
            let rebuilder = self.clone();
            let moved: Hook = Arc::new(move |grad| {
                let call = |grads: &[Option<Tensor>]| Ok(vec![hook(grads[0].as_ref().expect("one is given"))?]);
                let results = rebuilder.ask(&[Some(grad.clone())], call)?;
                Ok(results.into_iter().next().flatten())
            });
            to.watch("hook")?.add_hook(When::Known, moved);
        }
        Ok(())
    }

    /// What a function of gradients gives for placeholders of the given ones, rebuilt.
    fn ask(
        self: &Arc<Self>,
        grads: &[Option<Tensor>],
        function: impl FnOnce(&[Option<Tensor>]) -> Result<Vec<Option<Tensor>>>,
    ) -> Result<Vec<Option<Tensor>>> {
        let stand_in = |grad: &Option<Tensor>| grad.as_ref().map(|grad| self.stand_in(grad)).transpose();
        let places: Vec<Option<Tensor>> = grads.iter().map(stand_in).collect::<Result<_>>()?;
        let results = self.within(|| function(&places));
        let whole = |result: Option<Tensor>| result.map(|result| self.whole(&result)).transpose();
        let results = results.and_then(|results| results.into_iter().map(whole).collect());
        // The gradients may depend on who holds this rebuilder.
        for place in places.iter().flatten() {
            let given = self.known().given.remove(&place.id());
            drop(given);
        }
        results
    }
}

/// The rule of a call that has been rebuilt: asks the call's own rule, and rebuilds what that gives.
pub(crate) struct RebuiltRule<R> {
    pub rule: Arc<dyn GradientRule>,
    pub rebuilder: Arc<R>,
    /// Which inputs of the call have changed.
    pub changed: Vec<bool>,
}

impl<R: Rebuilder> RebuiltRule<R> {
    pub fn of(rule: &Arc<dyn GradientRule>, rebuilder: &Arc<R>, changed: &Changed) -> Arc<dyn GradientRule> {
        let changed = changed.iter().map(Option::is_some).collect();
        Arc::new(RebuiltRule { rule: rule.clone(), rebuilder: rebuilder.clone(), changed })
    }
}

impl<R: Rebuilder> GradientRule for RebuiltRule<R> {
    fn name(&self) -> String {
        self.rule.name()
    }

    fn gradients(&self, outputs: &[Option<Tensor>]) -> Result<Vec<Option<Tensor>>> {
        let grads = self.rebuilder.ask(outputs, |outputs| self.rule.gradients(outputs))?;
        let finish = |(grad, &changed): (Option<Tensor>, &bool)| match grad {
            Some(grad) if !changed => self.rebuilder.shared_gradient(grad).map(Some),
            grad => Ok(grad),
        };
        grads.into_iter().zip(&self.changed).map(finish).collect()
    }

    fn release(&self) {
        self.rule.release();
    }
}

/// A node of the same op on other inputs.
pub(crate) fn again(node: &Tensor, op: Op, inputs: crate::tensor::Inputs) -> Tensor {
    Tensor::new(op, inputs, node.shape().into(), node.dtype(), node.device())
}
