//! The lazy graph: tensors are nodes, built by ops and computed when somebody reads them.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, Weak};

use smallvec::{SmallVec, smallvec};

use crate::attention::Attention;
use crate::backend::{HostMemory, Storage};
use crate::call::Call;
use crate::conv::ConvSpec;
use crate::device::Device;
use crate::dtype::{DType, Scalar};
use crate::elementwise::Elementwise;
use crate::error::{Error, ErrorKind, Result, show_shape};
use crate::kernel::{Check, Fold};
use crate::linalg::Routine;
use crate::shape::{Axes, Shape, numel};
use crate::variable::Variable;
use crate::view::Affine;

/// A node of the graph. Cloning shares the node.
#[derive(Clone)]
pub struct Tensor(Arc<Node>);

/// A node that is there only as long as somebody else holds it.
pub struct WeakTensor(Weak<Node>);

impl WeakTensor {
    pub fn upgrade(&self) -> Option<Tensor> {
        self.0.upgrade().map(Tensor)
    }
}

pub type Inputs = SmallVec<[Tensor; 3]>;

pub(crate) struct Node {
    pub id: u64,
    pub op: Op,
    pub shape: Shape,
    pub dtype: DType,
    pub device: Device,
    /// Set on leaves that gradients are collected for.
    pub variable: Option<Arc<Variable>>,
    pub requires_grad: bool,
    /// Whether computing it, or what it is computed from, can be an error.
    can_fail: bool,
    /// Set on other nodes whose gradients somebody wants to see.
    watch: OnceLock<Arc<Variable>>,
    /// Set once a backward pass has used the node, so that evaluation may let go of its inputs.
    pub released: AtomicBool,
    state: Mutex<State>,
}

struct State {
    inputs: Inputs,
    storage: Option<Storage>,
}

/// What a node computes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Op {
    /// Has its storage from the start.
    Leaf,
    /// Stands for a value that is put in its place later, when the graph behind it is rebuilt.
    Placeholder,
    /// A number that may change from run to run without a new plan; 0-d.
    Scalar(Scalar),
    /// A number that is part of the plan; 0-d.
    Constant(Scalar),
    /// 0, 1, 2, …; 1-d, int32.
    Iota,
    Elementwise(Elementwise),
    /// To the node's dtype.
    Cast,
    /// The input itself, integers: one that is not as the check demands makes the evaluation an error.
    Check(Arc<Check>),
    /// The input itself, cut off from gradients.
    Detach,
    Reshape,
    Permute(Axes),
    /// Broadcast to the node's shape; missing axes are leading ones.
    Expand,
    /// An axis re-indexed; elements without a source read as `fill`.
    Affine {
        affine: Affine,
        fill: Scalar,
    },
    /// The listed axes folded away; `first`: the gradient of Max and Min goes to the first best element alone.
    Reduce {
        fold: Fold,
        axes: Axes,
        first: bool,
    },
    /// Element `position` of the first input's axis; the second input, int32 of the node's shape, says which position.
    Gather {
        axis: usize,
    },
    /// Sums of elements of the first input, each counted at the position of the axis that the second input, int32 of the same
    /// shape, says.
    Scatter {
        axis: usize,
    },
    /// The fold of the elements up to each one, along the last axis.
    Scan {
        fold: Fold,
    },
    /// The int32 positions that sort the last axis, stably; NaN counts as greatest.
    Sort {
        descending: bool,
    },
    /// (batch…, m, k) · (batch…, k, n).
    Dot,
    Conv(Box<ConvSpec>),
    /// The packed results of an attention, or of its gradient.
    Attention(Attention),
    /// The packed results of a routine for each matrix of the last axes of its operands, which have equal batch axes.
    Linalg(Routine),
    /// A copy of an input that lies on another device.
    Transfer,
    /// The first input, kept in memory; what is computed from here on is not what was computed from that input elsewhere,
    /// and waits for the other inputs.
    Barrier,
    /// A function with a gradient rule of its own; has no value, only outputs.
    Call(Call),
    /// The value of the second input, which is output n of the first input, a call.
    Output(usize),
}

static NEXT_ID: AtomicU64 = AtomicU64::new(0);

/// The least id that a node made from now on can have.
pub fn next_id() -> u64 {
    NEXT_ID.load(Ordering::Relaxed)
}

thread_local! {
    static GRAD_ENABLED: Cell<bool> = const { Cell::new(true) };
}

/// Whether ops on this thread record gradients; returns the former setting.
pub fn set_grad_enabled(enabled: bool) -> bool {
    GRAD_ENABLED.replace(enabled)
}

/// What `build` gives while ops on this thread record gradients, or do not.
pub fn with_grad_enabled<T>(enabled: bool, build: impl FnOnce() -> T) -> T {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            set_grad_enabled(self.0);
        }
    }
    let _restore = Restore(set_grad_enabled(enabled));
    build()
}

pub fn grad_enabled() -> bool {
    GRAD_ENABLED.get()
}

impl Tensor {
    pub(crate) fn node(&self) -> &Node {
        &self.0
    }

    pub(crate) fn new(op: Op, inputs: Inputs, shape: Shape, dtype: DType, device: &Device) -> Tensor {
        let differentiable = dtype.is_float() && !matches!(op, Op::Detach);
        let requires_grad = differentiable && grad_enabled() && inputs.iter().any(|input| input.0.requires_grad);
        Tensor::build(op, inputs, shape, dtype, device, None, requires_grad, None)
    }

    fn build(
        op: Op,
        inputs: Inputs,
        shape: Shape,
        dtype: DType,
        device: &Device,
        storage: Option<Storage>,
        requires_grad: bool,
        variable: Option<Arc<Variable>>,
    ) -> Tensor {
        let fails = matches!(op, Op::Linalg(routine) if routine.can_fail());
        let can_fail = fails || inputs.iter().any(Tensor::can_fail);
        Tensor(Arc::new(Node {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            op,
            shape,
            dtype,
            device: device.clone(),
            variable,
            requires_grad,
            can_fail,
            watch: OnceLock::new(),
            released: AtomicBool::new(false),
            state: Mutex::new(State { inputs, storage }),
        }))
    }

    /// A tensor over device memory.
    pub fn from_storage(storage: Storage, shape: &[usize], device: &Device) -> Tensor {
        debug_assert_eq!(storage.len(), numel(shape));
        let dtype = storage.dtype();
        Tensor::build(Op::Leaf, smallvec![], shape.into(), dtype, device, Some(storage), false, None)
    }

    /// Copies host bytes (native order, bools as one byte each) to a device.
    pub fn from_bytes(bytes: &[u8], shape: &[usize], dtype: DType, device: &Device) -> Result<Tensor> {
        Tensor::check_bytes(bytes.len(), shape, dtype, device)?;
        Ok(Tensor::from_storage(device.backend().upload(dtype, bytes)?, shape, device))
    }

    /// A tensor in memory of somebody else's, laid out as `from_bytes` takes it; a copy where the device can't read it.
    pub fn from_memory(memory: Box<dyn HostMemory>, shape: &[usize], dtype: DType, device: &Device) -> Result<Tensor> {
        Tensor::check_bytes(memory.bytes().len(), shape, dtype, device)?;
        Ok(Tensor::from_storage(device.backend().adopt(dtype, memory)?, shape, device))
    }

    fn check_bytes(bytes: usize, shape: &[usize], dtype: DType, device: &Device) -> Result<()> {
        device.check_dtype("tensor", dtype)?;
        if bytes != numel(shape) * dtype.size() {
            let needs = format!("{} bytes for shape {} of {dtype}", numel(shape) * dtype.size(), show_shape(shape));
            return Err(Error::value("tensor", needs, format!("{bytes} bytes")));
        }
        Ok(())
    }

    /// Copies float32 values to a device.
    pub fn from_slice(values: &[f32], shape: &[usize], device: &Device) -> Result<Tensor> {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_ne_bytes()).collect();
        Tensor::from_bytes(&bytes, shape, DType::F32, device)
    }

    /// A run-time number: changing it from step to step never makes a new plan.
    pub fn scalar(value: Scalar, device: &Device) -> Tensor {
        Tensor::new(Op::Scalar(value), smallvec![], smallvec![], value.dtype, device)
    }

    /// A number that is part of the plan.
    pub fn constant(value: Scalar, device: &Device) -> Tensor {
        Tensor::new(Op::Constant(value), smallvec![], smallvec![], value.dtype, device)
    }

    /// A 0-d constant of this tensor's dtype and device; elementwise ops broadcast it.
    pub fn constant_like(&self, value: f64) -> Tensor {
        Tensor::constant(Scalar::float(value, self.dtype()), self.device())
    }

    /// 0, 1, …, n - 1 as int32.
    pub fn iota(n: usize, device: &Device) -> Tensor {
        Tensor::new(Op::Iota, smallvec![], smallvec![n], DType::I32, device)
    }

    /// One value everywhere.
    pub fn full(shape: &[usize], value: Scalar, device: &Device) -> Result<Tensor> {
        device.check_dtype("full", value.dtype)?;
        Tensor::scalar(value, device).expand(shape)
    }

    pub fn shape(&self) -> &[usize] {
        &self.0.shape
    }

    pub fn ndim(&self) -> usize {
        self.0.shape.len()
    }

    pub fn numel(&self) -> usize {
        numel(&self.0.shape)
    }

    pub fn dtype(&self) -> DType {
        self.0.dtype
    }

    pub fn device(&self) -> &Device {
        &self.0.device
    }

    pub fn requires_grad(&self) -> bool {
        self.0.requires_grad
    }

    pub fn variable(&self) -> Option<&Arc<Variable>> {
        self.0.variable.as_ref()
    }

    /// Where the gradient is collected and seen: a leaf's variable, or what `watch` made.
    pub fn watcher(&self) -> Option<&Arc<Variable>> {
        self.variable().or_else(|| self.0.watch.get())
    }

    /// A place for this tensor's gradient, and for hooks that see it.
    pub fn watch(&self, op: &str) -> Result<&Arc<Variable>> {
        if !self.requires_grad() {
            let needs = "a tensor that depends on one with requires_grad=True";
            return Err(Error::new(ErrorKind::Gradient, op, needs, "one that does not"));
        }
        Ok(self.variable().unwrap_or_else(|| self.0.watch.get_or_init(Default::default)))
    }

    /// A number that identifies the node; greater than those of all nodes that it depends on.
    pub fn id(&self) -> u64 {
        self.0.id
    }

    /// A node of its own with the same value, through which gradients flow.
    pub fn fresh(&self) -> Tensor {
        Tensor::new(Op::Reshape, smallvec![self.clone()], self.0.shape.clone(), self.dtype(), self.device())
    }

    /// A stand-in for values of a shape, to be replaced when the graph behind it is rebuilt.
    pub(crate) fn placeholder(shape: Shape, dtype: DType, device: &Device, requires_grad: bool) -> Tensor {
        Tensor::build(Op::Placeholder, smallvec![], shape, dtype, device, None, requires_grad, None)
    }

    /// The same values without a history.
    pub fn detach(&self) -> Tensor {
        if let Some(storage) = self.storage() {
            return Tensor::from_storage(storage, self.shape(), self.device());
        }
        Tensor::new(Op::Detach, smallvec![self.clone()], self.0.shape.clone(), self.dtype(), self.device())
    }

    /// The same values as a leaf whose gradient is collected in `variable`.
    pub fn as_variable(&self, variable: Arc<Variable>) -> Result<Tensor> {
        if !self.dtype().is_float() {
            return Err(Error::dtype("requires_grad", "a float tensor", self.dtype().name())
                .hint("convert it with .astype(float32) first"));
        }
        let storage = self.storage();
        let (op, inputs) = match storage {
            Some(_) => (Op::Leaf, smallvec![]),
            None => (Op::Detach, smallvec![self.clone()]),
        };
        let shape = self.0.shape.clone();
        Ok(Tensor::build(op, inputs, shape, self.dtype(), self.device(), storage, true, Some(variable)))
    }

    /// The computed values, if they have been computed.
    pub fn storage(&self) -> Option<Storage> {
        self.0.lock().storage.clone()
    }

    /// Whether evaluating it can be an error of what is computed, such as a singular matrix.
    pub fn can_fail(&self) -> bool {
        self.0.can_fail && !self.is_realized()
    }

    pub fn is_realized(&self) -> bool {
        self.0.lock().storage.is_some()
    }

    /// Whether gradients can still flow through it: it has a history, which no backward pass has used up.
    pub fn has_history(&self) -> bool {
        self.requires_grad() && self.variable().is_none() && !self.0.released.load(Ordering::Relaxed)
    }

    /// A leaf like this one with another value: this one itself, where besides the caller only one holds it.
    pub fn renewed(&self, storage: Storage) -> Tensor {
        if self.references() == 2 && Arc::weak_count(&self.0) == 0 {
            self.set_storage(storage, true);
            return self.clone();
        }
        let (shape, variable) = (self.0.shape.clone(), self.0.variable.clone());
        let requires_grad = variable.is_some();
        Tensor::build(Op::Leaf, smallvec![], shape, self.dtype(), self.device(), Some(storage), requires_grad, variable)
    }

    pub(crate) fn inputs(&self) -> Inputs {
        self.0.lock().inputs.clone()
    }

    /// The name of the op that computes it, and what its gradient flows to.
    pub fn origin(&self) -> (String, Inputs) {
        let text = match &self.0.op {
            Op::Elementwise(op) => format!("{op:?}"),
            Op::Reduce { fold, .. } | Op::Scan { fold } => format!("{fold:?}"),
            op => format!("{op:?}"),
        };
        let name = text.split(['(', ' ', '{']).next().unwrap_or_default().to_string();
        (name, if self.variable().is_some() { Inputs::new() } else { self.history() })
    }

    /// The inputs that gradients flow to.
    pub(crate) fn history(&self) -> Inputs {
        let mut inputs = self.inputs();
        if matches!(self.0.op, Op::Barrier | Op::Output(_)) {
            inputs.truncate(1);
        }
        inputs
    }

    pub(crate) fn with_inputs<R>(&self, read: impl FnOnce(&[Tensor], Option<&Storage>) -> R) -> R {
        let state = self.0.lock();
        read(&state.inputs, state.storage.as_ref())
    }

    pub(crate) fn set_storage(&self, storage: Storage, release_inputs: bool) {
        let released = {
            let mut state = self.0.lock();
            state.storage = Some(storage);
            if release_inputs { std::mem::take(&mut state.inputs) } else { Inputs::new() }
        };
        drop(released);
    }

    pub(crate) fn take_storage(&self) -> Option<Storage> {
        self.0.lock().storage.take()
    }

    /// Whether nobody else holds the memory.
    pub(crate) fn holds_alone(&self) -> bool {
        self.0.lock().storage.as_ref().is_some_and(|storage| Arc::strong_count(storage) == 1)
    }

    pub(crate) fn references(&self) -> usize {
        Arc::strong_count(&self.0)
    }

    pub(crate) fn downgrade(&self) -> WeakTensor {
        WeakTensor(Arc::downgrade(&self.0))
    }

    pub(crate) fn key(&self) -> *const () {
        Arc::as_ptr(&self.0) as *const ()
    }

    /// An error unless all tensors lie on one device.
    pub(crate) fn same_device(op: &str, tensors: &[&Tensor]) -> Result<Device> {
        let device = tensors[0].device();
        match tensors.iter().find(|tensor| tensor.device() != device) {
            None => Ok(device.clone()),
            Some(other) => {
                let got = format!("{} and {}", device.id(), other.device().id());
                Err(Error::device(op, "tensors on one device", got)
                    .hint(format!("move one with .to(\"{}\")", device.id())))
            }
        }
    }

    /// Copies to another device.
    pub fn to_device(&self, device: &Device) -> Result<Tensor> {
        if device == self.device() {
            return Ok(self.clone());
        }
        device.check_dtype("to", self.dtype())?;
        Ok(Tensor::new(Op::Transfer, smallvec![self.clone()], self.0.shape.clone(), self.dtype(), device))
    }

    /// The only element, as a number.
    pub fn item(&self) -> Result<Scalar> {
        if self.numel() != 1 {
            let got = format!("shape {}", show_shape(self.shape()));
            return Err(Error::shape("item", "a tensor of one element", got).hint("use numpy() or tolist()"));
        }
        let bytes = self.to_bytes()?;
        Ok(Scalar::from_bytes(&bytes, self.dtype()))
    }

    /// All elements of a float32 tensor, row-major.
    pub fn to_vec(&self) -> Result<Vec<f32>> {
        if self.dtype() != DType::F32 {
            return Err(Error::dtype("to_vec", "float32", self.dtype().name()).hint("cast it first"));
        }
        let bytes = self.to_bytes()?;
        Ok(bytes.chunks_exact(4).map(|c| f32::from_ne_bytes(c.try_into().expect("four bytes"))).collect())
    }
}

impl Node {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poison| poison.into_inner())
    }
}

impl Drop for Node {
    // A long chain of nodes is dropped in a loop: recursion would overflow the stack.
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(|poison| poison.into_inner());
        let mut pending = std::mem::take(&mut state.inputs);
        while let Some(tensor) = pending.pop() {
            if let Some(mut node) = Arc::into_inner(tensor.0) {
                let state = node.state.get_mut().unwrap_or_else(|poison| poison.into_inner());
                pending.extend(std::mem::take(&mut state.inputs));
            }
        }
    }
}

impl std::fmt::Debug for Tensor {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "Tensor({:?}, {}, {})", self.0.op, show_shape(self.shape()), self.dtype())
    }
}
