//! Evaluations captured while a function runs, to be run again without it: what `rutile.compile` stands on.
//!
//! The function reads tensors at *places*, which the caller knows, and leaves tensors behind. Each input of an evaluation is
//! found among the places and the outputs of earlier evaluations by the memory that it is.

use std::cell::RefCell;
use std::sync::{Arc, Weak};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::backend::{Storage, StorageObject};
use crate::device::Device;
use crate::dtype::DType;
use crate::error::Error;
use crate::eval::{Compiled, RUNNING};
use crate::tensor::Tensor;

/// Where a run-time number comes from, if it may differ from run to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// One of the numbers that the caller counts.
    Number(usize),
    /// A word of the key of a generator's call. Generators are told apart by their address.
    Key { generator: usize, calls: u32, second: bool },
    /// Computed from such a number.
    Derived,
}

/// What happened on this thread while a function ran.
#[derive(Default)]
pub struct Recording {
    evaluations: Vec<Evaluation>,
    origins: FxHashMap<u64, Origin>,
    refusal: Option<String>,
}

pub(crate) struct Evaluation {
    pub device: Device,
    pub compiled: Arc<Compiled>,
    pub inputs: Vec<Memory>,
    pub words: Vec<(u64, Option<Origin>)>,
    pub outputs: Vec<Memory>,
}

/// Names memory without keeping it: as long as this lives, no other storage has its address.
#[derive(Clone)]
pub struct Memory(Weak<dyn StorageObject>);

impl Memory {
    pub(crate) fn of(storage: &Storage) -> Memory {
        Memory(Arc::downgrade(storage))
    }

    fn address(&self) -> *const () {
        self.0.as_ptr() as *const ()
    }
}

thread_local! {
    static RECORDING: RefCell<Option<Recording>> = const { RefCell::new(None) };
}

/// Whether a function is being recorded on this thread.
pub fn is_recording() -> bool {
    RECORDING.with_borrow(Option::is_some)
}

/// Calls a function and tells which evaluations it made.
pub fn record<T>(function: impl FnOnce() -> T) -> (T, Recording) {
    struct Stop;
    impl Drop for Stop {
        fn drop(&mut self) {
            RECORDING.take();
        }
    }
    RECORDING.set(Some(Recording::default()));
    let stop = Stop;
    let result = function();
    let recording = RECORDING.take().unwrap_or_default();
    drop(stop);
    (result, recording)
}

/// Says that what is being recorded, if anything is, cannot be run again, and why.
pub fn refuse(reason: &str) {
    note(|recording| {
        recording.refusal.get_or_insert_with(|| reason.to_string());
    });
}

/// Says that a value is read, on which anything may depend.
pub fn refuse_read() {
    refuse("it reads a value, as item(), numpy() and if do: return the tensor and read it outside");
}

/// Says where the number of a scalar comes from.
pub fn tag(scalar: &Tensor, origin: Origin) {
    note(|recording| {
        recording.origins.insert(scalar.id(), origin);
    });
}

/// Says that a scalar's number was made from another's.
pub(crate) fn derived(from: &Tensor, to: &Tensor) {
    note(|recording| {
        if recording.origins.contains_key(&from.id()) {
            recording.origins.insert(to.id(), Origin::Derived);
        }
    });
}

pub(crate) fn note_evaluation(evaluation: impl FnOnce(&FxHashMap<u64, Origin>) -> Evaluation) {
    note(|recording| {
        let evaluation = evaluation(&recording.origins);
        recording.evaluations.push(evaluation);
    });
}

fn note(note: impl FnOnce(&mut Recording)) {
    RECORDING.with_borrow_mut(|recording| recording.as_mut().map(note));
}

/// A tensor's memory, if it has been computed.
pub fn memory(tensor: &Tensor) -> Option<Memory> {
    tensor.storage().map(|storage| Memory::of(&storage))
}

/// Where memory comes from in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Place(usize),
    Output { step: usize, output: usize },
}

/// Evaluations that can be run again with other values.
pub struct Replay {
    steps: Vec<Step>,
    /// What the function leaves behind.
    ends: Vec<Source>,
    /// Places whose memory is overwritten.
    donated: Vec<usize>,
}

struct Step {
    device: Device,
    fuses: bool,
    compiled: Arc<Compiled>,
    inputs: Vec<Source>,
    donated: SmallVec<[usize; 8]>,
    words: Vec<(u64, Option<Origin>)>,
}

/// What a run leaves behind: None for what is missing after a fault.
pub struct Ended {
    pub ends: Vec<Option<Storage>>,
    pub fault: Option<Error>,
}

impl Recording {
    /// Why what was recorded cannot be run again, if something said so.
    pub fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }

    /// The evaluations as something to run again: `places` is where the tensors lay that the function read, `ends` are the
    /// tensors that it left behind, and at which place if at one. An error says why it cannot be.
    pub fn replay(
        self,
        places: &[Option<Memory>],
        ends: &[(Option<usize>, Tensor)],
    ) -> std::result::Result<Replay, String> {
        if let Some(refusal) = self.refusal {
            return Err(refusal);
        }
        let mut known: FxHashMap<*const (), Source> = FxHashMap::default();
        let mut shared = vec![false; places.len()];
        for (place, memory) in places.iter().enumerate() {
            let Some(memory) = memory else { continue };
            match known.get(&memory.address()) {
                Some(&Source::Place(first)) => (shared[first], shared[place]) = (true, true),
                _ => drop(known.insert(memory.address(), Source::Place(place))),
            }
        }
        let unknown = "it uses a tensor that is neither an argument nor found in what it refers to, such as one made of \
                       host data inside it: make it outside and pass it in";
        let mut steps = Vec::new();
        for (number, evaluation) in self.evaluations.iter().enumerate() {
            let inputs: Option<Vec<Source>> =
                evaluation.inputs.iter().map(|memory| known.get(&memory.address()).copied()).collect();
            let inputs = inputs.ok_or(unknown)?;
            for (output, memory) in evaluation.outputs.iter().enumerate() {
                known.insert(memory.address(), Source::Output { step: number, output });
            }
            if evaluation.words.iter().any(|(_, origin)| *origin == Some(Origin::Derived)) {
                return Err("it computes with a number that changes from step to step".to_string());
            }
            let (device, compiled) = (evaluation.device.clone(), evaluation.compiled.clone());
            let donated = compiled.donated().collect();
            steps.push(Step {
                fuses: device.fuses(),
                device,
                compiled,
                inputs,
                donated,
                words: evaluation.words.clone(),
            });
        }
        let places_of: Vec<Option<usize>> = ends.iter().map(|(place, _)| *place).collect();
        let source = |(_, tensor): &(Option<usize>, Tensor)| known.get(&memory(tensor)?.address()).copied();
        let ends: Vec<Source> = ends.iter().map(source).collect::<Option<_>>().ok_or(unknown)?;
        let mut donated = Vec::new();
        for (number, step) in steps.iter().enumerate() {
            for &input in &step.donated {
                let Source::Place(place) = step.inputs[input] else { continue };
                // A later step may fail, and the tensor must have a value then.
                let end = places_of.iter().position(|end| *end == Some(place)).map(|end| ends[end]);
                let renewed = matches!(end, Some(Source::Output { step, .. }) if step == number);
                if shared[place] || !(renewed || number + 1 == steps.len()) {
                    return Err("it overwrites a tensor that later parts of it bind to something else".to_string());
                }
                donated.push(place);
            }
        }
        Ok(Replay { steps, ends, donated })
    }
}

impl Replay {
    /// Whether another recording came to the same evaluations; an error says what differs.
    pub fn agree(&self, other: &Replay) -> std::result::Result<(), String> {
        let same_plan = |(a, b): (&Step, &Step)| {
            Arc::ptr_eq(&a.compiled, &b.compiled) && a.inputs == b.inputs && a.fuses == b.fuses
        };
        let same_plans = self.steps.len() == other.steps.len() && self.steps.iter().zip(&other.steps).all(same_plan);
        if !same_plans || self.ends != other.ends {
            return Err("it computes something else from call to call".to_string());
        }
        let same_word = |((a, from), (b, other)): (&(u64, Option<Origin>), &(u64, Option<Origin>))| {
            from == other && (from.is_some() || a == b)
        };
        let same_words = |(a, b): (&Step, &Step)| a.words.iter().zip(&b.words).all(same_word);
        if !self.steps.iter().zip(&other.steps).all(same_words) {
            return Err("it uses a number that changes from call to call, and nothing says why".to_string());
        }
        Ok(())
    }

    /// Names numbers by their place in `numbers`, and each generator's calls by the generator's place in `generators` (address,
    /// calls before and after) and their distance from where it stood: an error if one is not known.
    pub fn resolve(&mut self, numbers: &[usize], generators: &[(usize, u32, u32)]) -> std::result::Result<(), String> {
        for (_, origin) in self.steps.iter_mut().flat_map(|step| &mut step.words) {
            if let Some(Origin::Number(number)) = origin {
                let place = numbers.iter().position(|known| known == number);
                *number = place.ok_or("it uses an optimizer's number of another step")?;
            }
            let Some(Origin::Key { generator, calls, .. }) = origin else { continue };
            let mut drawn = generators.iter().enumerate().filter(|(_, (address, start, end))| {
                address == generator && calls.wrapping_sub(*start).wrapping_sub(1) < end.wrapping_sub(*start)
            });
            let Some((number, (_, start, _))) = drawn.next() else {
                return Err(
                    "it seeds a generator, or draws from one that is not found in what it refers to".to_string()
                );
            };
            (*generator, *calls) = (number, calls.wrapping_sub(*start));
        }
        Ok(())
    }

    /// Runs the evaluations on the tensors at the places now. `word` gives the numbers that have an origin; None if memory
    /// to be overwritten is held elsewhere, or a device fuses otherwise than it did. After an error all is as the last step that succeeded left it.
    /// Callers hold each tensor twice: where it is, and in `places`.
    pub fn run(&self, places: &[Option<Tensor>], word: impl Fn(&Origin, DType) -> u64) -> Option<Ended> {
        let _running = RUNNING.lock();
        let place = |place: usize| places[place].as_ref().expect("a place that is read has a tensor");
        let sole = |&donated: &usize| place(donated).references() == 2 && place(donated).holds_alone();
        let fuses_as_before = |step: &Step| step.device.fuses() == step.fuses;
        if !self.donated.iter().all(sole) || !self.steps.iter().all(fuses_as_before) {
            return None;
        }
        let mut outputs: Vec<Vec<Option<Storage>>> = Vec::with_capacity(self.steps.len());
        let mut fault = None;
        for step in &self.steps {
            let mut inputs: Vec<Storage> = Vec::with_capacity(step.inputs.len());
            for (number, source) in step.inputs.iter().enumerate() {
                let donated = step.donated.contains(&number);
                inputs.push(
                    match *source {
                        Source::Place(n) if donated => place(n).take_storage(),
                        Source::Place(n) => place(n).storage(),
                        Source::Output { step, output } if donated => outputs[step][output].take(),
                        Source::Output { step, output } => outputs[step][output].clone(),
                    }
                    .expect("what a step reads has been computed"),
                );
            }
            let dtypes = &step.compiled.plan.scalars;
            let words = step.words.iter().zip(dtypes).map(|((constant, origin), &dtype)| match origin {
                Some(origin) => word(origin, dtype),
                None => *constant,
            });
            let words: SmallVec<[u64; 64]> = words.collect();
            let ran = match step.compiled.run(&step.device, &mut inputs, &words, &[]) {
                Ok(ran) => ran,
                Err(error) => {
                    for &input in &step.donated {
                        if let Source::Place(n) = step.inputs[input] {
                            place(n).set_storage(inputs[input].clone(), true);
                        }
                    }
                    fault = Some(error);
                    break;
                }
            };
            step.device.count(|work| work.plan_hits += 1);
            outputs.push(ran.outputs.into_iter().map(Some).collect());
            if ran.fault.is_some() {
                fault = ran.fault;
                break;
            }
        }
        let end = |source: &Source| match *source {
            Source::Place(n) => place(n).storage(),
            Source::Output { step, output } => outputs.get(step)?[output].clone(),
        };
        Some(Ended { ends: self.ends.iter().map(end).collect(), fault })
    }
}
