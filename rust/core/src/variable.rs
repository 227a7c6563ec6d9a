//! Where a tensor's gradient is collected, and the hooks that see it on its way.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::error::{Error, Result, show_shape};
use crate::tensor::Tensor;

/// Sees a gradient; may give another one in its place.
pub type Hook = Arc<dyn Fn(&Tensor) -> Result<Option<Tensor>> + Send + Sync>;

/// What belongs to a leaf whatever value it is bound to, or to a node whose gradient somebody wants to see.
#[derive(Default)]
pub struct Variable {
    grad: Mutex<Option<Tensor>>,
    hooks: Mutex<Vec<(u64, When, Hook)>>,
    /// A node that is no leaf collects its gradient only if asked to.
    retains: AtomicBool,
}

/// When a hook is called during a backward pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// As soon as the tensor's gradient is known.
    Known,
    /// After it has been added to what was collected before.
    Collected,
}

impl Variable {
    pub fn grad(&self) -> Option<Tensor> {
        lock(&self.grad).clone()
    }

    pub fn set_grad(&self, grad: Option<Tensor>) {
        // What is dropped may call back, so it is dropped when the lock is free.
        let former = std::mem::replace(&mut *lock(&self.grad), grad);
        drop(former);
    }

    pub fn retains(&self) -> bool {
        self.retains.load(Ordering::Relaxed)
    }

    pub fn retain(&self) {
        self.retains.store(true, Ordering::Relaxed);
    }

    /// A number by which the hook can be removed.
    pub fn add_hook(&self, when: When, hook: Hook) -> u64 {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        lock(&self.hooks).push((number, when, hook));
        number
    }

    /// A number that tells sets of hooks apart.
    pub fn hooks_seen(&self) -> u64 {
        lock(&self.hooks).iter().fold(0, |seen, (number, ..)| seen.wrapping_mul(31).wrapping_add(number + 1))
    }

    pub fn remove_hook(&self, number: u64) {
        let mut hooks = lock(&self.hooks);
        let place = hooks.iter().position(|(known, ..)| *known == number);
        let removed = place.map(|place| hooks.remove(place));
        drop(hooks);
        drop(removed);
    }

    pub(crate) fn clear_hooks(&self) {
        let removed = std::mem::take(&mut *lock(&self.hooks));
        drop(removed);
    }

    /// The hooks of that time, in the order in which they came.
    pub(crate) fn hooks(&self, when: When) -> Vec<Hook> {
        let of_time = |(_, time, hook): &(u64, When, Hook)| (*time == when).then(|| hook.clone());
        lock(&self.hooks).iter().filter_map(of_time).collect()
    }

    /// The gradient after all hooks of that time.
    pub(crate) fn call_hooks(&self, when: When, grad: &Tensor) -> Result<Tensor> {
        let mut grad = grad.clone();
        for hook in self.hooks(when) {
            let Some(other) = hook(&grad)? else { continue };
            Tensor::same_device("a hook", &[&grad, &other])?;
            if other.shape() != grad.shape() || other.dtype() != grad.dtype() {
                let show = |t: &Tensor| format!("{} {}", show_shape(t.shape()), t.dtype());
                let needs = format!("to return None or a gradient like the one it got, {}", show(&grad));
                return Err(Error::shape("a hook", needs, show(&other)));
            }
            grad = other;
        }
        Ok(grad)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poison| poison.into_inner())
}
