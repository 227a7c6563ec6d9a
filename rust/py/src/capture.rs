//! Compiled functions: a call that is recorded, and calls that replay it.

use std::cell::RefCell;

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyWeakrefReference};
use rutile_core::capture::{self, Memory, Origin, Replay};
use rutile_core::variable::Variable;
use rutile_core::{DType, Device, Scalar, Tensor, tensor, vmap};

use crate::devices;
use crate::errors::raise;
use crate::guards::Guards;
use crate::handle::{Handle, wrap, wrap_piece};
use crate::numbers::NumberSource;
use crate::random::RandomSource;
use crate::trees::Tree;

/// What only the bindings see while a function is recorded.
#[derive(Default)]
struct Notes {
    numbers: Vec<NumberSource>,
    ids: Vec<usize>,
    /// Tensors that were bound to another value, each with the number of the node that it was bound to before.
    bound: Vec<(Py<PyWeakrefReference>, u64)>,
}

thread_local! {
    static NOTES: RefCell<Notes> = RefCell::default();
}

/// Called before a tensor is bound to another value than `former`.
pub fn note_binding(handle: &Bound<'_, Handle>, former: &Tensor) -> PyResult<()> {
    if capture::is_recording() {
        let reference = PyWeakrefReference::new(handle)?.unbind();
        NOTES.with_borrow_mut(|notes| notes.bound.push((reference, former.id())));
    }
    Ok(())
}

pub fn note_numbers(numbers: impl FnOnce() -> (NumberSource, Vec<usize>)) {
    if capture::is_recording() {
        let (source, ids) = numbers();
        NOTES.with_borrow_mut(|notes| {
            notes.numbers.push(source);
            notes.ids.extend(ids);
        });
    }
}

/// Whether a function is being recorded or vectorised on this thread: what is called within must run as it is.
#[pyfunction]
pub fn is_tracing() -> bool {
    capture::is_recording() || vmap::is_active()
}

/// The arguments of a call.
#[pyclass(frozen, module = "rutile._core")]
pub struct Arguments {
    tree: Tree,
    tensors: Vec<Py<Handle>>,
}

#[pymethods]
impl Arguments {
    #[new]
    fn new(args: &Bound<'_, PyTuple>, kwargs: &Bound<'_, PyDict>) -> PyResult<Arguments> {
        let mut tensors: Vec<Py<Handle>> = Vec::new();
        let mut tensor = |handle: &Bound<'_, Handle>| {
            tensors.push(handle.clone().unbind());
            tensors.len() - 1
        };
        let tree =
            Tree::Tuple(args.get_type().unbind(), vec![Tree::of(args, &mut tensor)?, Tree::of(kwargs, &mut tensor)?]);
        Ok(Arguments { tree, tensors })
    }

    /// Those that are no tensors, numbers or strings, and no containers of them.
    fn objects(&self, py: Python<'_>) -> Vec<Py<PyAny>> {
        let mut found = Vec::new();
        self.tree.objects(&mut found);
        found.into_iter().map(|object| object.clone_ref(py)).collect()
    }
}

/// What a tensor must be like at each call.
struct Like {
    shape: Vec<usize>,
    dtype: DType,
    device: Device,
    leaf: bool,
    hooks: u64,
}

impl Like {
    fn of(tensor: &Tensor) -> Like {
        Like {
            shape: tensor.shape().to_vec(),
            dtype: tensor.dtype(),
            device: tensor.device().clone(),
            leaf: tensor.variable().is_some(),
            hooks: tensor.variable().map_or(0, |variable| variable.hooks_seen()),
        }
    }

    fn matches(&self, tensor: &Tensor) -> bool {
        self.shape == tensor.shape()
            && self.dtype == tensor.dtype()
            && self.device == *tensor.device()
            && self.leaf == tensor.variable().is_some()
            && self.leaf == tensor.requires_grad()
            && self.hooks == tensor.variable().map_or(0, |variable| variable.hooks_seen())
    }
}

/// Where a tensor is that the function may read and bind.
enum Owner {
    /// The nth tensor among the arguments.
    Argument(usize),
    Captured(Py<Handle>),
}

/// What happens to a place at the end.
enum Effect {
    /// It gets the nth of the tensors that the function leaves behind.
    Bind { place: usize, end: usize },
    /// Its gradient is forgotten.
    Forget { place: usize },
}

/// A recorded call, which others like it can replay.
#[pyclass(frozen, module = "rutile._core")]
pub struct Template {
    arguments: Tree,
    /// For each tensor among the arguments, its handle.
    handle_of: Vec<usize>,
    handles: Vec<(Owner, Like)>,
    /// Handles with a gradient, and whether it was there at the start; these places come after those of the handles.
    grads: Vec<(usize, bool)>,
    guards: Py<Guards>,
    grad_enabled: bool,
    device: Device,
    numbers: Vec<NumberSource>,
    generators: Vec<(Py<RandomSource>, u32)>,
    replay: Replay,
    effects: Vec<Effect>,
    results: Tree,
    /// Of the tensors among the results: a handle, or a tensor left behind.
    result_of: Vec<ResultTensor>,
}

/// The tensors and numbers of a call that is about to be replayed.
struct Ready<'py> {
    handles: Vec<Bound<'py, Handle>>,
    places: Vec<Option<Tensor>>,
    floats: Vec<f64>,
    steps: Vec<i64>,
}

#[derive(PartialEq)]
enum ResultTensor {
    Handle(usize),
    End { end: usize, shape: Vec<usize>, device: Device, piece: bool },
}

/// Calls `function` and tells how to replay the call, or why that cannot be done; what the call leaves pending is passed to
/// `evaluate`. `handles` are the tensors that the function may refer to.
#[pyfunction]
pub fn record<'py>(
    py: Python<'py>,
    function: &Bound<'py, PyAny>,
    args: &Bound<'py, PyTuple>,
    kwargs: &Bound<'py, PyDict>,
    evaluate: &Bound<'py, PyAny>,
    handles: Vec<Bound<'py, Handle>>,
    guards: Py<Guards>,
    generators: Vec<Bound<'py, RandomSource>>,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let arguments = Arguments::new(args, kwargs)?;
    let call = Call::prepare(py, &arguments, handles, evaluate)?;
    let before: Vec<(u64, u32)> = generators.iter().map(|source| source.get().state()).collect();
    let oldest = tensor::next_id();
    NOTES.take();
    let (called, recording) = capture::record(|| {
        let result = function.call(args, Some(kwargs))?;
        let ended = call.ended(&result, evaluate)?;
        Ok::<_, PyErr>((result, ended))
    });
    let notes = NOTES.take();
    let (result, ended) = called?;
    let template = || -> PyResult<Result<Template, String>> {
        let ended = match (recording.refusal(), ended) {
            (Some(reason), _) => return Ok(Err(reason.to_string())),
            (None, Ok(ended)) => ended,
            (None, Err(reason)) => return Ok(Err(reason)),
        };
        for (reference, former) in &notes.bound {
            let reference = reference.bind(py).call0()?;
            let known = call.handles.iter().any(|(handle, _)| handle.is(&reference));
            if !reference.is_none() && !known && *former < oldest {
                return Ok(Err("it binds a tensor that is neither an argument nor found in what it refers to".into()));
            }
        }
        if let Some(about) = guards.borrow(py).broken(py) {
            return Ok(Err(format!("it changes {about}, which would not happen again")));
        }
        if !arguments.tree.agrees(py, &Arguments::new(args, kwargs)?.tree) {
            return Ok(Err("it changes a list or a dict among its arguments".into()));
        }
        let mut replay = match recording.replay(&call.memory, &ended.ends) {
            Ok(replay) => replay,
            Err(reason) => return Ok(Err(reason)),
        };
        let after = generators.iter().map(|source| source.get().state());
        let mut counts = Vec::new();
        for ((source, (seed, start)), (seed_after, end)) in generators.iter().zip(&before).zip(after) {
            if *seed != seed_after {
                return Ok(Err("it seeds a generator".into()));
            }
            counts.push((source.get().address(), *start, end));
        }
        if let Err(reason) = replay.resolve(&notes.ids, &counts) {
            return Ok(Err(reason));
        }
        let drawn = |(source, (_, start, end)): (&Bound<'_, RandomSource>, &(usize, u32, u32))| {
            (source.clone().unbind(), end.wrapping_sub(*start))
        };
        Ok(Ok(Template {
            handle_of: call.handle_of,
            handles: call.owners,
            grads: call.grads,
            guards,
            grad_enabled: tensor::grad_enabled(),
            device: devices::current(py)?,
            numbers: notes.numbers,
            generators: generators.iter().zip(&counts).map(drawn).collect(),
            replay,
            effects: ended.effects,
            results: ended.results,
            result_of: ended.result_of,
            arguments: arguments.tree,
        }))
    };
    let template = match template()? {
        Ok(template) => Bound::new(py, template)?.into_any(),
        Err(reason) => reason.into_pyobject(py)?.into_any(),
    };
    Ok((result, template))
}

/// The tensors of a call to be recorded, as they are before it.
struct Call<'py> {
    handles: Vec<(Bound<'py, Handle>, Before)>,
    owners: Vec<(Owner, Like)>,
    handle_of: Vec<usize>,
    grads: Vec<(usize, bool)>,
    memory: Vec<Option<Memory>>,
}

/// What a handle was bound to, without holding it: the node, and its gradient's.
struct Before {
    id: u64,
    grad: Option<u64>,
    bad: bool,
}

struct Ended {
    ends: Vec<(Option<usize>, Tensor)>,
    effects: Vec<Effect>,
    results: Tree,
    result_of: Vec<ResultTensor>,
}

fn grad_of(tensor: &Tensor) -> Option<Tensor> {
    tensor.variable().and_then(|variable: &std::sync::Arc<Variable>| variable.grad())
}

impl<'py> Call<'py> {
    fn prepare(
        py: Python<'py>,
        arguments: &Arguments,
        captured: Vec<Bound<'py, Handle>>,
        evaluate: &Bound<'py, PyAny>,
    ) -> PyResult<Call<'py>> {
        let mut owners: Vec<(Bound<'py, Handle>, Owner)> = Vec::new();
        for handle in captured {
            // One with a history is no place: a function that uses it is refused.
            if handle.get().tensor().is_ok_and(|tensor| !tensor.requires_grad() || tensor.variable().is_some()) {
                owners.push((handle.clone(), Owner::Captured(handle.unbind())));
            }
        }
        let mut handle_of = Vec::new();
        for (number, handle) in arguments.tensors.iter().enumerate() {
            let known = owners.iter().position(|(known, _)| known.is(handle));
            handle_of.push(known.unwrap_or(owners.len()));
            if known.is_none() {
                owners.push((handle.bind(py).clone(), Owner::Argument(number)));
            }
        }
        let mut pending = Vec::new();
        for (handle, _) in &owners {
            let tensor = handle.get().tensor()?;
            for tensor in std::iter::once(&tensor).chain(&grad_of(&tensor)) {
                if !tensor.is_realized() && (tensor.variable().is_some() || !tensor.requires_grad()) {
                    pending.push(wrap(py, tensor.clone())?);
                }
            }
        }
        if !pending.is_empty() {
            evaluate.call1(PyTuple::new(py, pending)?)?;
        }
        let mut call =
            Call { handles: Vec::new(), owners: Vec::new(), handle_of, grads: Vec::new(), memory: Vec::new() };
        let mut grads = Vec::new();
        for (number, (handle, owner)) in owners.into_iter().enumerate() {
            let tensor = handle.get().tensor()?;
            let grad = grad_of(&tensor);
            let bad = !tensor.is_realized() || (tensor.requires_grad() && tensor.variable().is_none());
            call.memory.push(capture::memory(&tensor));
            if tensor.variable().is_some() {
                call.grads.push((number, grad.is_some()));
                grads.push(grad.as_ref().and_then(capture::memory));
            }
            let before = Before { id: tensor.id(), grad: grad.map(|grad| grad.id()), bad };
            call.owners.push((owner, Like::of(&tensor)));
            call.handles.push((handle, before));
        }
        call.memory.extend(grads);
        Ok(call)
    }

    /// What the call has left behind, evaluated; or why that cannot be left behind by a replay.
    fn ended(&self, result: &Bound<'py, PyAny>, evaluate: &Bound<'py, PyAny>) -> PyResult<Result<Ended, String>> {
        let py = result.py();
        if self.handles.iter().any(|(_, before)| before.bad) {
            return Ok(Err("it is given a tensor with a history for gradients".into()));
        }
        let mut tensors: Vec<Bound<'py, Handle>> = Vec::new();
        let results = Tree::of(result, &mut |handle| {
            tensors.push(handle.clone());
            tensors.len() - 1
        })?;
        let mut objects = Vec::new();
        results.objects(&mut objects);
        if let Some(object) = objects.first() {
            return Ok(Err(format!("it returns a {}", object.bind(py).get_type().name()?)));
        }
        let mut ended = Ended { ends: Vec::new(), effects: Vec::new(), results, result_of: Vec::new() };
        for (number, (handle, before)) in self.handles.iter().enumerate() {
            let tensor = handle.get().tensor()?;
            if !self.owners[number].1.matches(&tensor) {
                return Ok(Err("it binds a tensor to one of another kind".into()));
            }
            if tensor.id() != before.id {
                ended.effects.push(Effect::Bind { place: number, end: ended.ends.len() });
                ended.ends.push((Some(number), tensor));
            }
        }
        for (number, (handle, _)) in self.grads.iter().enumerate() {
            let place = self.handles.len() + number;
            let grad = grad_of(&self.handles[*handle].0.get().tensor()?);
            match grad {
                None if self.handles[*handle].1.grad.is_some() => ended.effects.push(Effect::Forget { place }),
                Some(grad) if self.handles[*handle].1.grad != Some(grad.id()) => {
                    ended.effects.push(Effect::Bind { place, end: ended.ends.len() });
                    ended.ends.push((Some(place), grad));
                }
                _ => {}
            }
        }
        for handle in tensors {
            let tensor = handle.get().tensor()?;
            if let Some(known) = self.handles.iter().position(|(known, _)| known.is(&handle)) {
                ended.result_of.push(ResultTensor::Handle(known));
                continue;
            }
            if tensor.has_history() || tensor.variable().is_some() {
                let reason = "its results have a history for gradients: put backward() into it, detach() them, or call \
                              it under no_grad()";
                return Ok(Err(reason.into()));
            }
            let (shape, device) = (tensor.shape().to_vec(), tensor.device().clone());
            let piece = handle.get().is_piece();
            ended.result_of.push(ResultTensor::End { end: ended.ends.len(), shape, device, piece });
            ended.ends.push((None, tensor));
        }
        if ended.ends.iter().any(|(_, tensor)| tensor.has_history()) {
            return Ok(Err("it leaves gradients behind that have a history".into()));
        }
        let pending = ended.ends.iter().filter(|(_, tensor)| !tensor.is_realized());
        let pending = pending.map(|(_, tensor)| wrap(py, tensor.clone())).collect::<PyResult<Vec<_>>>()?;
        if !pending.is_empty() {
            evaluate.call1(PyTuple::new(py, pending)?)?;
        }
        Ok(Ok(ended))
    }
}

#[pymethods]
impl Template {
    /// Why another recording of a call like this one was not the same, if it was not.
    fn differs(&self, py: Python<'_>, other: &Template) -> Option<String> {
        if let Err(reason) = self.replay.agree(&other.replay) {
            return Some(reason);
        }
        let effect = |effect: &Effect| match effect {
            Effect::Bind { place, end } => (*place, Some(*end)),
            Effect::Forget { place } => (*place, None),
        };
        let same_numbers = self.numbers.len() == other.numbers.len()
            && self.numbers.iter().zip(&other.numbers).all(|(a, b)| a.agrees(py, b));
        let drawn = |template: &Template| template.generators.iter().map(|(_, drawn)| *drawn).collect::<Vec<u32>>();
        let same = self.arguments.agrees(py, &other.arguments)
            && self.handles.len() == other.handles.len()
            && self.grads == other.grads
            && same_numbers
            && drawn(self) == drawn(other)
            && self.effects.iter().map(effect).eq(other.effects.iter().map(effect))
            && self.results.agrees(py, &other.results)
            && self.result_of == other.result_of;
        (!same).then(|| "it does something else from call to call".to_string())
    }

    /// Whether what the recording assumed has changed, and it holds tensors that are not found any more.
    fn outdated(&self, py: Python<'_>, tensors: Vec<Bound<'_, Handle>>) -> bool {
        let lost = |(owner, _): &(Owner, Like)| match owner {
            Owner::Argument(_) => false,
            Owner::Captured(handle) => !tensors.iter().any(|tensor| tensor.is(handle)),
        };
        !self.guards.borrow(py).hold(py) && self.handles.iter().any(lost)
    }

    /// Whether a call is like the recorded one.
    fn fits<'py>(&self, py: Python<'py>, args: &Bound<'py, PyTuple>, kwargs: &Bound<'py, PyDict>) -> PyResult<bool> {
        Ok(self.ready(py, args, kwargs)?.is_some())
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.arguments.traverse(&visit)?;
        self.results.traverse(&visit)?;
        visit.call(&self.guards)?;
        for (owner, _) in &self.handles {
            if let Owner::Captured(handle) = owner {
                visit.call(handle)?;
            }
        }
        self.numbers.iter().try_for_each(|source| source.traverse(&visit))?;
        self.generators.iter().try_for_each(|(generator, _)| visit.call(generator))
    }
}

/// The result of a call like one of the recorded ones, or NotImplemented if there is none that could be replayed.
#[pyfunction]
pub fn replay<'py>(
    py: Python<'py>,
    templates: Vec<Bound<'py, Template>>,
    args: &Bound<'py, PyTuple>,
    kwargs: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    if !is_tracing() {
        for template in &templates {
            if let Some(result) = template.get().call(py, args, kwargs)? {
                return Ok(result);
            }
        }
    }
    Ok(py.NotImplemented().into_bound(py))
}

impl Template {
    fn call<'py>(
        &self,
        py: Python<'py>,
        args: &Bound<'py, PyTuple>,
        kwargs: &Bound<'py, PyDict>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(Ready { handles, places, floats, steps }) = self.ready(py, args, kwargs)? else { return Ok(None) };
        let keys: Vec<_> = self.generators.iter().map(|(source, _)| source.get().generator_now()).collect();
        let word = |origin: &Origin, dtype: DType| match *origin {
            Origin::Number(n) => Scalar::float(floats[n], dtype).word(),
            Origin::Key { generator, calls, second } => {
                let key = keys[generator].key(calls);
                Scalar::int(if second { key.1 } else { key.0 } as i64, dtype).word()
            }
            Origin::Derived => unreachable!("such a recording is refused"),
        };
        let Some(ended) = py.detach(|| self.replay.run(&places, word)) else { return Ok(None) };
        for (source, step) in self.numbers.iter().zip(steps) {
            source.count(py, step)?;
        }
        self.generators.iter().filter(|(_, drawn)| *drawn > 0).for_each(|(source, drawn)| source.get().skip(*drawn));
        for effect in &self.effects {
            match *effect {
                Effect::Bind { place, end } => {
                    let Some(storage) = ended.ends[end].clone() else { continue };
                    self.bind(&handles, &places, place, storage)?;
                }
                Effect::Forget { place } => {
                    let (handle, _) = self.grads[place - handles.len()];
                    let variable = places[handle].as_ref().and_then(Tensor::variable);
                    variable.expect("a leaf").set_grad(None);
                }
            }
        }
        if let Some(fault) = ended.fault {
            return Err(raise(py, fault));
        }
        let result = self.results.build(py, &mut |number| match &self.result_of[number] {
            ResultTensor::Handle(handle) => Ok(handles[*handle].clone().into_any()),
            ResultTensor::End { end, shape, device, piece } => {
                let storage = ended.ends[*end].clone().expect("a run without a fault leaves all behind");
                let tensor = Tensor::from_storage(storage, shape, device);
                if *piece { wrap_piece(py, tensor) } else { wrap(py, tensor) }
            }
        });
        result.map(Some)
    }

    /// What a replay of this call needs, if the call is like the recorded one.
    fn ready<'py>(
        &self,
        py: Python<'py>,
        args: &Bound<'py, PyTuple>,
        kwargs: &Bound<'py, PyDict>,
    ) -> PyResult<Option<Ready<'py>>> {
        let Tree::Tuple(_, both) = &self.arguments else {
            unreachable!("arguments are positional ones and named ones")
        };
        let mut given = Vec::new();
        let alike = both[0].matches(args, &mut given) && both[1].matches(kwargs, &mut given);
        if !alike || self.grad_enabled != tensor::grad_enabled() || self.device != devices::current(py)? {
            return Ok(None);
        }
        let Some(handles) = self.find(py, &given) else { return Ok(None) };
        let Some(places) = self.places(&handles)? else { return Ok(None) };
        if !self.guards.borrow(py).hold(py) {
            return Ok(None);
        }
        let (mut floats, mut steps) = (Vec::new(), Vec::with_capacity(self.numbers.len()));
        for source in &self.numbers {
            let Some(step) = source.next(py, &mut floats)? else { return Ok(None) };
            steps.push(step);
        }
        Ok(Some(Ready { handles, places, floats, steps }))
    }

    /// The handles of a call, if the same ones are one tensor.
    fn find<'py>(&self, py: Python<'py>, given: &[Bound<'py, Handle>]) -> Option<Vec<Bound<'py, Handle>>> {
        let handle = |(owner, _): &(Owner, Like)| match owner {
            Owner::Argument(number) => given[*number].clone(),
            Owner::Captured(handle) => handle.bind(py).clone(),
        };
        let handles: Vec<Bound<'py, Handle>> = self.handles.iter().map(handle).collect();
        for (handle, &number) in given.iter().zip(&self.handle_of) {
            if handles.iter().position(|known| known.is(handle)) != Some(number) {
                return None;
            }
        }
        Some(handles)
    }

    /// The tensors at the places, computed, if they are like those of the recorded call.
    fn places(&self, handles: &[Bound<'_, Handle>]) -> PyResult<Option<Vec<Option<Tensor>>>> {
        let mut places = Vec::with_capacity(self.handles.len() + self.grads.len());
        for (handle, (_, like)) in handles.iter().zip(&self.handles) {
            let tensor = handle.get().tensor()?;
            if !like.matches(&tensor) {
                return Ok(None);
            }
            places.push(Some(tensor));
        }
        for &(handle, present) in &self.grads {
            let grad = places[handle].as_ref().and_then(grad_of);
            if grad.is_some() != present {
                return Ok(None);
            }
            places.push(grad);
        }
        let pending: Vec<Tensor> = places.iter().flatten().filter(|tensor| !tensor.is_realized()).cloned().collect();
        if !pending.is_empty() {
            let py = handles[0].py();
            if let Err(error) = py.detach(|| rutile_core::eval(&pending)) {
                return Err(raise(py, error));
            }
        }
        Ok(Some(places))
    }

    fn bind(
        &self,
        handles: &[Bound<'_, Handle>],
        places: &[Option<Tensor>],
        place: usize,
        storage: rutile_core::backend::Storage,
    ) -> PyResult<()> {
        match place.checked_sub(handles.len()) {
            None => {
                let tensor = places[place].as_ref().expect("each handle has a tensor");
                let renewed = tensor.renewed(storage);
                if renewed.id() != tensor.id() {
                    handles[place].get().set(renewed);
                }
            }
            Some(number) => {
                let owner = places[self.grads[number].0].as_ref().expect("each handle has a tensor");
                let variable = owner.variable().expect("only leaves have gradients");
                match &places[place] {
                    Some(grad) => variable.set_grad(Some(grad.renewed(storage))),
                    None => variable.set_grad(Some(Tensor::from_storage(storage, owner.shape(), owner.device()))),
                }
            }
        }
        Ok(())
    }
}
