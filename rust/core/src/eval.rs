//! Evaluation: finds the pending graph behind some tensors, gets its plan from the cache or makes it, and runs it.

use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::backend::{Program, Ran, Storage, Timed};
use crate::capture::{self, Evaluation, Memory};
use crate::device::Device;
use crate::dtype::DType;
use crate::error::{Error, ErrorKind, Result};
use crate::kernel::{BufferSpec, Plan};
use crate::schedule::{self, InputInfo, Kind, Node, Pending, Place, Wanted};
use crate::stats::PlanLoad;
use crate::tensor::{Op, Tensor};

/// Computes tensors, those of one device in one run.
pub fn eval(tensors: &[Tensor]) -> Result<()> {
    evaluate(tensors, None).map(|_| ())
}

impl Tensor {
    /// All elements, row-major, in native byte order (bools as one byte each); computes them if need be.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        capture::refuse_read();
        if !self.is_realized()
            && let Some(bytes) = evaluate(std::slice::from_ref(self), Some(self))?
        {
            return Ok(bytes);
        }
        let storage = self.storage().expect("an evaluated tensor has storage");
        match storage.host_bytes() {
            Some(bytes) => Ok(bytes.to_vec()),
            None => self.device().backend().download(&storage),
        }
    }

    /// The plan that evaluating these tensors now would run, for reading and for tests.
    pub fn explain(tensors: &[Tensor]) -> Result<Arc<Plan>> {
        let _running = RUNNING.lock();
        let device = tensors[0].device().clone();
        let found = Found::search(&device, tensors)?;
        Ok(found.compiled(&device)?.plan.clone())
    }
}

/// Plans of a device, by the structure of the graph; those not used for longest are forgotten.
#[derive(Default)]
pub(crate) struct PlanCache {
    entries: FxHashMap<Box<[u64]>, CacheEntry>,
    /// Counts look-ups: the clock by which entries age.
    clock: u64,
    temporary_bytes: usize,
}

struct CacheEntry {
    compiled: Arc<Compiled>,
    last_used: u64,
}

const MOST_PLANS: usize = 1024;
/// Working memory that plans may hold together, beside that of the one in use.
const MOST_TEMPORARY_BYTES: usize = 1 << 30;

impl PlanCache {
    fn get(&mut self, key: &[u64]) -> Option<Arc<Compiled>> {
        self.clock += 1;
        let entry = self.entries.get_mut(key)?;
        entry.last_used = self.clock;
        Some(entry.compiled.clone())
    }

    fn insert(&mut self, key: &[u64], compiled: Arc<Compiled>) {
        self.temporary_bytes += compiled.temporary_bytes();
        self.entries.insert(key.into(), CacheEntry { compiled, last_used: self.clock });
        let crowded = |cache: &PlanCache| {
            cache.entries.len() > MOST_PLANS
                || (cache.temporary_bytes > MOST_TEMPORARY_BYTES && cache.entries.len() > 1)
        };
        while crowded(self) {
            let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.last_used);
            let key = oldest.expect("a crowded cache has entries").0.clone();
            let forgotten = self.entries.remove(&key).expect("the oldest entry is there");
            self.temporary_bytes -= forgotten.compiled.temporary_bytes();
        }
    }
}

/// A plan made ready to run.
pub(crate) struct Compiled {
    pub plan: Arc<Plan>,
    program: Arc<dyn Program>,
    produced: Vec<(usize, Place)>,
    load: PlanLoad,
}

impl Compiled {
    /// Runs the program, counts that, and times its launches if somebody profiles the device.
    pub fn run(&self, device: &Device, inputs: &mut Vec<Storage>, words: &[u64], read: &[usize]) -> Result<Ran> {
        let ran = match device.profile() {
            None => self.program.run(inputs, words, read)?,
            Some(mut profile) => {
                let Timed { ran, plan, nanoseconds } = self.program.run_timed(inputs, words, read)?;
                profile.iter_mut().for_each(|profile| profile.add(&plan, &nanoseconds));
                ran
            }
        };
        device.count(|work| work.load.add(&self.load));
        Ok(ran)
    }

    /// Inputs whose memory becomes an output's.
    pub fn donated(&self) -> impl Iterator<Item = usize> {
        self.plan.outputs.iter().filter_map(|output| output.reuses)
    }

    fn temporary_bytes(&self) -> usize {
        self.plan.temporaries.iter().map(BufferSpec::bytes).sum()
    }
}

/// One evaluation at a time: what is donated must not be read by another.
pub(crate) static RUNNING: Mutex<()> = Mutex::new(());

/// Nodes of the graph evaluated last.
static LAST_SIZE: AtomicUsize = AtomicUsize::new(0);

/// About what describes a node in a key.
const WORDS_PER_NODE: usize = 16;

fn evaluate(tensors: &[Tensor], read: Option<&Tensor>) -> Result<Option<Vec<u8>>> {
    let _running = RUNNING.lock();
    let mut devices: Vec<Device> = Vec::new();
    for tensor in tensors {
        if !devices.contains(tensor.device()) {
            devices.push(tensor.device().clone());
        }
    }
    let mut bytes = None;
    for device in devices {
        let mine: Vec<Tensor> = tensors.iter().filter(|t| *t.device() == device).cloned().collect();
        bytes = run(&device, mine, read)?;
    }
    Ok(bytes)
}

fn run(device: &Device, roots: Vec<Tensor>, read: Option<&Tensor>) -> Result<Option<Vec<u8>>> {
    let mut found = Found::search(device, &roots)?;
    if found.waits_for_another_device() {
        // What it holds would count as handles of the user's.
        drop(found);
        transfer(&roots)?;
        found = Found::search(device, &roots)?;
    }
    if found.input_of.iter().all(Option::is_some) {
        return Ok(None);
    }
    let compiled = found.compiled(device)?;
    let output_of = |tensor: &Tensor| {
        let (_, place) = compiled.produced.iter().find(|(n, _)| found.order[*n].key() == tensor.key())?;
        match place {
            Place::Output(output) => Some(*output),
            Place::Input(_) => None,
        }
    };
    let wanted: SmallVec<[usize; 1]> =
        read.filter(|_| !device.backend().capabilities().host_memory).and_then(output_of).into_iter().collect();
    let noted = capture::is_recording().then(|| (found.inputs.iter().map(Memory::of).collect(), found.scalars()));
    let Found { order, mut inputs, donors, words, .. } = found;
    // Donated storages leave their nodes, so that the program is their only holder.
    compiled.donated().flat_map(|input| &donors[input]).for_each(|tensor| drop(tensor.take_storage()));
    let kept = compiled.produced.iter().filter_map(|(_, place)| match place {
        Place::Input(input) => Some((*input, inputs[*input].clone())),
        Place::Output(_) => None,
    });
    let kept: FxHashMap<usize, Storage> = kept.collect();
    let mut ran = compiled.run(device, &mut inputs, &words, &wanted).inspect_err(|_| {
        let restore = |input: usize| donors[input].iter().for_each(|x| x.set_storage(inputs[input].clone(), false));
        compiled.donated().for_each(restore);
    })?;
    if let Some((inputs, scalars)) = noted {
        capture::note_evaluation(|origins| Evaluation {
            device: device.clone(),
            compiled: compiled.clone(),
            inputs,
            words: words.iter().zip(&scalars).map(|(&word, id)| (word, origins.get(id).copied())).collect(),
            outputs: ran.outputs.iter().map(Memory::of).collect(),
        });
    }
    // One tensor that is at fault stays as it was, so that it says so at every read. A step's results are kept, whatever
    // their worth: what they were made from may be overwritten, and training shall be able to go on.
    let alone = roots.len() == 1 && roots[0].variable().is_none() && compiled.donated().next().is_none();
    if let (Some(fault), true) = (&ran.fault, alone) {
        return Err(fault.clone());
    }
    for (n, place) in &compiled.produced {
        let storage = match place {
            Place::Output(output) => ran.outputs[*output].clone(),
            Place::Input(input) => kept[input].clone(),
        };
        let node = order[*n].node();
        let keeps_inputs = node.requires_grad && !node.released.load(Ordering::Relaxed) && node.variable.is_none();
        order[*n].set_storage(storage, !keeps_inputs);
    }
    ran.fault.map_or_else(|| Ok(ran.read.pop()), Err)
}

/// Computes what the pending graph needs from other devices.
fn transfer(roots: &[Tensor]) -> Result<()> {
    let mut seen = rustc_hash::FxHashSet::default();
    let mut stack: Vec<Tensor> = roots.to_vec();
    while let Some(tensor) = stack.pop() {
        if tensor.is_realized() || !seen.insert(tensor.key()) {
            continue;
        }
        let inputs = tensor.inputs();
        if tensor.node().op == Op::Transfer {
            capture::refuse("it copies tensors from one device to another");
            let source = &inputs[0];
            run(source.device(), vec![source.clone()], None)?;
            let storage = source.storage().expect("an evaluated tensor has storage");
            let bytes = source.device().backend().download(&storage)?;
            let keeps_inputs = tensor.requires_grad();
            tensor.set_storage(tensor.device().backend().upload(tensor.dtype(), &bytes)?, !keeps_inputs);
        } else {
            stack.extend(inputs);
        }
    }
    Ok(())
}

/// A pending graph, its inputs and numbers, and the key that describes its structure exactly.
struct Found {
    order: Vec<Tensor>,
    edges: Vec<SmallVec<[usize; 3]>>,
    wanted: Vec<Wanted>,
    /// Plan input of a realised node.
    input_of: Vec<Option<usize>>,
    inputs: Vec<Storage>,
    /// Nodes that hold each input's storage.
    donors: Vec<SmallVec<[Tensor; 1]>>,
    sole: Vec<bool>,
    words: Vec<u64>,
    key: Vec<u64>,
}

impl Found {
    fn search(device: &Device, roots: &[Tensor]) -> Result<Found> {
        // A training loop's graphs are alike.
        let likely = LAST_SIZE.load(Ordering::Relaxed);
        let mut found = Found {
            order: Vec::with_capacity(likely),
            edges: Vec::with_capacity(likely),
            wanted: Vec::new(),
            input_of: Vec::with_capacity(likely),
            inputs: Vec::new(),
            donors: Vec::new(),
            sole: Vec::new(),
            words: Vec::new(),
            key: vec![device.fuses() as u64],
        };
        let position = found.visit(roots, likely)?;
        LAST_SIZE.store(found.order.len(), Ordering::Relaxed);
        found.judge_handles(roots, &position);
        found.describe();
        Ok(found)
    }

    fn waits_for_another_device(&self) -> bool {
        let waits =
            |(tensor, input): (&Tensor, &Option<usize>)| input.is_none() && matches!(tensor.node().op, Op::Transfer);
        self.order.iter().zip(&self.input_of).any(waits)
    }

    /// Lists the graph in topological order, inputs first.
    fn visit(&mut self, roots: &[Tensor], likely: usize) -> Result<FxHashMap<*const (), usize>> {
        const OPEN: usize = usize::MAX;
        let mut position: FxHashMap<*const (), usize> = FxHashMap::with_capacity_and_hasher(likely, Default::default());
        let mut storages: FxHashMap<*const (), usize> = FxHashMap::default();
        let mut stack: Vec<(Tensor, bool)> = roots.iter().rev().map(|root| (root.clone(), false)).collect();
        while let Some((tensor, expanded)) = stack.pop() {
            let key = tensor.key();
            if !expanded {
                if position.contains_key(&key) {
                    continue;
                }
                position.insert(key, OPEN);
                match &tensor.node().op {
                    Op::Placeholder => return Err(without_value()),
                    // What its rule holds would count as held by the user.
                    Op::Call(call) if tensor.node().released.load(Ordering::Relaxed) => call.rule.release(),
                    _ => {}
                }
                let storage = tensor.with_inputs(|inputs, storage| {
                    if storage.is_none() {
                        stack.push((tensor.clone(), true));
                        stack.extend(inputs.iter().rev().map(|input| (input.clone(), false)));
                    }
                    storage.cloned()
                });
                let Some(storage) = storage else { continue };
                let identity = Arc::as_ptr(&storage) as *const ();
                let input = *storages.entry(identity).or_insert_with(|| {
                    self.inputs.push(storage);
                    self.donors.push(SmallVec::new());
                    self.inputs.len() - 1
                });
                self.donors[input].push(tensor.clone());
                self.input_of.push(Some(input));
                self.edges.push(SmallVec::new());
            } else {
                self.input_of.push(None);
                self.edges.push(tensor.with_inputs(|inputs, _| inputs.iter().map(|i| position[&i.key()]).collect()));
            }
            position.insert(key, self.order.len());
            self.order.push(tensor);
        }
        Ok(position)
    }

    /// Who holds each node besides the graph itself.
    fn judge_handles(&mut self, roots: &[Tensor], position: &FxHashMap<*const (), usize>) {
        // One reference is `order`'s; leaves have another in `donors`.
        let mut internal: Vec<usize> = self.input_of.iter().map(|input| 1 + input.is_some() as usize).collect();
        self.edges.iter().flatten().for_each(|&input| internal[input] += 1);
        self.wanted = (0..self.order.len())
            .map(|n| if self.order[n].references() > internal[n] { Wanted::Held } else { Wanted::No })
            .collect();
        // A storage has one reference from `inputs` and one from each node that holds it.
        self.sole = (0..self.inputs.len())
            .map(|i| {
                let donors = &self.donors[i];
                let private = donors.iter().all(|tensor| self.wanted[position[&tensor.key()]] == Wanted::No);
                private && Arc::strong_count(&self.inputs[i]) == donors.len() + 1
            })
            .collect();
        roots.iter().for_each(|root| self.wanted[position[&root.key()]] = Wanted::Root);
    }

    /// Whether evaluation must leave the node's inputs in place for a backward pass.
    fn keeps_inputs(&self, n: usize) -> bool {
        let node = self.order[n].node();
        node.requires_grad && node.variable.is_none() && !node.released.load(Ordering::Relaxed)
    }

    fn describe(&mut self) {
        let mut recorder = Recorder(std::mem::take(&mut self.key));
        recorder.0.reserve(WORDS_PER_NODE * self.order.len());
        for n in 0..self.order.len() {
            let node = self.order[n].node();
            match (self.input_of[n], &node.op) {
                (Some(input), _) => (0u8, input, self.sole[input]).hash(&mut recorder),
                (None, Op::Scalar(value)) => {
                    1u8.hash(&mut recorder);
                    self.words.push(value.word());
                }
                (None, op) => (2u8, op).hash(&mut recorder),
            }
            (node.dtype, &node.shape[..], &self.edges[n][..]).hash(&mut recorder);
            (self.wanted[n], self.keeps_inputs(n)).hash(&mut recorder);
        }
        self.key = recorder.0;
    }

    /// The nodes that the words are of.
    fn scalars(&self) -> Vec<u64> {
        let pending = self.order.iter().zip(&self.input_of).filter(|(_, input)| input.is_none());
        let scalar = |tensor: &Tensor| matches!(tensor.node().op, Op::Scalar(_)).then(|| tensor.id());
        pending.filter_map(|(tensor, _)| scalar(tensor)).collect()
    }

    /// The plan for this graph and its program, made on first sight.
    fn compiled(&self, device: &Device) -> Result<Arc<Compiled>> {
        if let Some(known) = device.cache().get(&self.key) {
            device.count(|work| work.plan_hits += 1);
            return Ok(known);
        }
        let planned = self.plan(device);
        let plan = Arc::new(planned.plan);
        crate::debug::show_plan(&plan);
        let load = PlanLoad::of(&plan);
        let program = device.backend().compile(plan.clone())?;
        let compiled = Arc::new(Compiled { plan, program, produced: planned.produced, load });
        device.count(|work| work.plans_built += 1);
        device.cache().insert(&self.key, compiled.clone());
        Ok(compiled)
    }

    fn plan(&self, device: &Device) -> schedule::Planned {
        let mut scalars: Vec<DType> = Vec::new();
        let mut pending = Vec::new();
        for n in 0..self.order.len() {
            let node = self.order[n].node();
            let kind = match (self.input_of[n], &node.op) {
                (Some(input), _) => Kind::Input(input),
                (None, Op::Scalar(value)) => {
                    scalars.push(value.dtype);
                    Kind::Scalar(scalars.len() - 1)
                }
                (None, op) => Kind::Op(op.clone()),
            };
            let inputs = self.edges[n].iter().copied().collect();
            let id = node.id;
            let node = Node { kind, inputs, shape: node.shape.clone(), dtype: node.dtype };
            pending.push(Pending { node, id, wanted: self.wanted[n], keeps_inputs: self.keeps_inputs(n) });
        }
        let info = |(storage, &sole): (&Storage, &bool)| {
            let spec = BufferSpec { dtype: storage.dtype(), len: storage.len() };
            InputInfo { spec, sole }
        };
        let inputs: Vec<InputInfo> = self.inputs.iter().zip(&self.sole).map(info).collect();
        schedule::plan(&pending, &inputs, &scalars, device.backend().capabilities(), device.fuses())
    }
}

/// What reading a tensor raises while it only stands for others.
fn without_value() -> Error {
    let got = "one inside vmap, which stands for every element of the batch";
    Error::new(ErrorKind::Tracing, "reading", "a tensor that has a value", got)
        .hint("choose with where() instead of if, and read results outside")
}

/// Records what is hashed, so that keys are compared exactly.
struct Recorder(Vec<u64>);

impl Hasher for Recorder {
    fn finish(&self) -> u64 {
        0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.push(bytes.len() as u64);
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0.push(u64::from_ne_bytes(word));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.0.push(value as u64);
    }

    fn write_u32(&mut self, value: u32) {
        self.0.push(value as u64);
    }

    fn write_u64(&mut self, value: u64) {
        self.0.push(value);
    }

    fn write_usize(&mut self, value: usize) {
        self.0.push(value as u64);
    }

    fn write_isize(&mut self, value: isize) {
        self.0.push(value as u64);
    }

    fn write_i64(&mut self, value: i64) {
        self.0.push(value as u64);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::backend::{Backend, Capabilities, DeviceCounters, DeviceInfo, Memory};
    use crate::null::NullBackend;
    use crate::variable::Variable;

    /// The null backend, except that runs fail while `FAILS` is set.
    #[derive(Default)]
    struct Failing(NullBackend);

    thread_local! {
        static FAILS: Cell<bool> = const { Cell::new(false) };
    }

    struct FailingProgram(Arc<dyn Program>);

    impl Program for FailingProgram {
        fn run(&self, inputs: &mut Vec<Storage>, scalars: &[u64], read: &[usize]) -> Result<Ran> {
            if FAILS.get() {
                return Err(Error::new(ErrorKind::OutOfMemory, "run", "memory", "none"));
            }
            self.0.run(inputs, scalars, read)
        }
        fn run_timed(&self, inputs: &mut Vec<Storage>, scalars: &[u64], read: &[usize]) -> Result<Timed> {
            self.0.run_timed(inputs, scalars, read)
        }
    }

    impl Backend for Failing {
        fn info(&self) -> &DeviceInfo {
            self.0.info()
        }
        fn capabilities(&self) -> &Capabilities {
            self.0.capabilities()
        }
        fn upload(&self, dtype: DType, bytes: &[u8]) -> Result<Storage> {
            self.0.upload(dtype, bytes)
        }
        fn download(&self, storage: &Storage) -> Result<Vec<u8>> {
            self.0.download(storage)
        }
        fn compile(&self, plan: Arc<Plan>) -> Result<Arc<dyn Program>> {
            Ok(Arc::new(FailingProgram(self.0.compile(plan)?)))
        }
        fn synchronize(&self) -> Result<()> {
            self.0.synchronize()
        }
        fn memory(&self) -> Memory {
            self.0.memory()
        }
        fn reset_peak_memory(&self) {
            self.0.reset_peak_memory()
        }
        fn counters(&self) -> DeviceCounters {
            self.0.counters()
        }
    }

    #[test]
    fn a_failed_run_gives_donated_parameters_back() {
        let device = Device::new(Failing::default());
        let variable = Arc::new(Variable::default());
        let start = Tensor::from_slice(&[1.0, 2.0], &[2], &device).unwrap();
        let mut parameter = start.as_variable(variable.clone()).unwrap();
        drop(start);
        let mut step = |fails: bool| {
            FAILS.set(fails);
            let next = (parameter.detach() * 2.0).as_variable(variable.clone()).unwrap();
            // The only handle left is the graph's, so the step may overwrite the parameter.
            let former = std::mem::replace(&mut parameter, next.clone());
            drop(former);
            let plan = Tensor::explain(std::slice::from_ref(&next)).unwrap();
            (plan.outputs[0].reuses, eval(std::slice::from_ref(&next)), eval(&[next]))
        };
        let (reuses, first, _) = step(true);
        assert_eq!(reuses, Some(0));
        assert_eq!(first.unwrap_err().kind, ErrorKind::OutOfMemory);
        FAILS.set(false);
        eval(std::slice::from_ref(&parameter)).unwrap();
        assert!(parameter.is_realized());
    }

    #[test]
    fn a_failed_replay_gives_donated_parameters_back() {
        let device = Device::new(Failing::default());
        let variable = Arc::new(Variable::default());
        let start = Tensor::from_slice(&[1.0, 2.0], &[2], &device).unwrap();
        let mut parameter = start.as_variable(variable.clone()).unwrap();
        drop(start);
        let places = [capture::memory(&parameter)];
        let ((), recording) = capture::record(|| {
            parameter = (parameter.detach() * 2.0).as_variable(variable.clone()).unwrap();
            eval(std::slice::from_ref(&parameter)).unwrap();
        });
        let replay = recording.replay(&places, &[(Some(0), parameter.clone())]).unwrap();
        let places = [Some(parameter.clone())];
        let held = parameter.detach();
        assert!(replay.run(&places, |_, _| 0).is_none(), "a value that somebody holds is not overwritten");
        drop(held);
        FAILS.set(true);
        let ended = replay.run(&places, |_, _| 0).unwrap();
        assert_eq!(ended.fault.unwrap().kind, ErrorKind::OutOfMemory);
        assert!(ended.ends[0].is_none() && parameter.is_realized());
        FAILS.set(false);
        let ended = replay.run(&places, |_, _| 0).unwrap();
        assert!(ended.ends[0].is_some() && !parameter.is_realized());
    }
}
