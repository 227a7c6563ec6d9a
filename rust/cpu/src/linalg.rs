//! Linear algebra: each matrix of a batch is loaded, factored in float64, and its results stored. Batches run in parallel.

use std::sync::Mutex;

use rutile_core::dtype::DType;
use rutile_core::error::{Error, ErrorKind, Result, show_shape};
use rutile_core::kernel::{Kernel, Operand as Source, Value};
use rutile_core::linalg::Routine;
use rutile_core::shape::numel;

use crate::element::register;
use crate::loops::Operand;
use crate::parallel;
use crate::routines::{self, Fault, Values};
use crate::scratch::Scratch;
use crate::tile::{Body, Code, Frame, Launch, TILE};

pub struct Linalg {
    routine: Routine,
    operands: Vec<Input>,
    body: Body,
    /// dtype of the results in registers.
    dtype: DType,
    batch: Vec<usize>,
    /// Elements of one matrix's results.
    packed: usize,
    flops: u64,
}

struct Input {
    load: Code,
    dtype: DType,
    /// Of one matrix.
    shape: Vec<usize>,
}

impl Linalg {
    pub fn new(kernel: &Kernel, routine: Routine, operands: &[Source]) -> Result<Linalg> {
        let (&packed, batch) = kernel.out.split_last().expect("packed results");
        let input = |operand: &Source| {
            let (load, shape) = (&operand.load, &operand.shape);
            let axes: Vec<usize> = (0..shape.len()).collect();
            Ok(Input {
                load: Code::new(load, &load.results, &kernel.args, shape, &axes)?,
                dtype: load.code[load.results[0]].dtype,
                shape: shape[batch.len()..].to_vec(),
            })
        };
        let result = kernel.body.code.iter().find(|instruction| instruction.value == Value::Accumulator(0));
        Ok(Linalg {
            routine,
            operands: operands.iter().map(input).collect::<Result<Vec<Input>>>()?,
            body: Body::new(kernel)?,
            dtype: register(result.expect("a body that reads the results").dtype),
            batch: batch.to_vec(),
            packed,
            flops: kernel.flops(),
        })
    }

    /// Estimated nanoseconds of a launch: besides its arithmetic, a matrix costs a few allocations.
    pub fn nanoseconds(&self) -> f64 {
        let loads: f64 = self.operands.iter().map(|input| input.load.nanoseconds(input.load.total())).sum();
        loads + self.flops as f64 * 0.2 + numel(&self.batch) as f64 * 300.0
    }

    /// The first matrix of the batch that has no results ends the launch.
    pub fn run(&self, launch: Launch) -> Result<()> {
        let failed: Mutex<Option<(usize, Fault)>> = Mutex::new(None);
        parallel::ranges(numel(&self.batch), self.nanoseconds(), |matrices| {
            let mut frames: Vec<Frame> = self.operands.iter().map(|input| input.load.frame()).collect();
            let mut values: Vec<Vec<f64>> = self.operands.iter().map(|input| vec![0.0; numel(&input.shape)]).collect();
            let mut results = vec![0.0; self.packed];
            for number in matrices {
                for ((input, frame), values) in self.operands.iter().zip(&mut frames).zip(&mut values) {
                    input.load(launch, number, frame, values);
                }
                let operands: Vec<Values> =
                    values.iter().zip(&self.operands).map(|(values, input)| (&values[..], &input.shape[..])).collect();
                if let Err(fault) = routines::run(self.routine, &operands, &mut results) {
                    let mut failed = failed.lock().expect("no panic while locked");
                    if failed.is_none_or(|(earlier, _)| number < earlier) {
                        *failed = Some((number, fault));
                    }
                    return;
                }
                match self.dtype {
                    DType::F32 => self.store(launch, number, &results, |x| x as f32),
                    DType::I32 => self.store(launch, number, &results, |x| x as i32),
                    _ => self.store(launch, number, &results, |x| x),
                }
            }
        });
        match failed.into_inner().expect("no panic while locked") {
            Some((number, fault)) => Err(self.error(number, fault)),
            None => Ok(()),
        }
    }

    fn store<T: Copy + Default>(&self, launch: Launch, number: usize, results: &[f64], convert: fn(f64) -> T) {
        let mut frame = self.body.code.frame();
        let mut piece = [T::default(); TILE];
        for (n, results) in results.chunks(TILE).enumerate() {
            piece.iter_mut().zip(results).for_each(|(element, &result)| *element = convert(result));
            let operand = Operand { pointer: piece.as_ptr().cast(), uniform: false };
            self.body.run(launch, &[operand], number * self.packed + n * TILE, results.len(), &mut frame);
        }
    }

    fn error(&self, number: usize, fault: Fault) -> Error {
        let mut rest = number;
        let mut index = vec![0; self.batch.len()];
        for (place, &size) in index.iter_mut().zip(&self.batch).rev() {
            (*place, rest) = (rest % size, rest / size);
        }
        let place =
            if self.batch.is_empty() { String::new() } else { format!(" at {} of the batch", show_shape(&index)) };
        let (needs, got, hint) = match fault {
            Fault::NotPositive(order) => (
                "positive-definite matrices",
                format!("one{place} whose leading minor of order {order} is not positive"),
                "add a small multiple of the identity, or use cholesky_ex, which says where it stopped",
            ),
            Fault::Singular(pivot) => (
                "matrices that have an inverse",
                format!("a singular one{place}: its pivot {pivot} is zero"),
                "pinv and lstsq take singular matrices",
            ),
            Fault::NoConvergence => (
                "matrices that its iteration converges for",
                format!("one{place} that it does not"),
                "scale it, so that its elements are near 1",
            ),
            Fault::Pivot(place) => (
                "pivots as lu_factor gives them: pivot i from i to n",
                format!("another one as pivot {place}"),
                "pass those that came with the factors",
            ),
        };
        Error::new(ErrorKind::Linalg, self.routine.name(), needs, got).hint(hint)
    }
}

impl Input {
    /// Matrix `number` of the batch, as float64.
    fn load(&self, launch: Launch, number: usize, frame: &mut Frame, values: &mut [f64]) {
        let count = values.len();
        if self.dtype == DType::F64 {
            // SAFETY: the values are `count` elements of this dtype, and borrowed for this call alone.
            unsafe { self.load.run_into(launch, number * count, count, 8, frame, values.as_mut_ptr().cast()) };
            return;
        }
        let mut scratch = Scratch::take(count * 4);
        let pointer = scratch.pointer();
        // SAFETY: the scratch holds `count` float32, to which run_into gives values; it belongs to this call alone.
        let singles = unsafe {
            self.load.run_into(launch, number * count, count, 4, frame, pointer);
            std::slice::from_raw_parts(pointer.cast::<f32>(), count)
        };
        values.iter_mut().zip(singles).for_each(|(value, &single)| *value = single as f64);
    }
}
