//! Generators of random numbers for Python: the default one, which dropout takes part in, and explicit ones.

use std::sync::{Mutex, MutexGuard};

use pyo3::prelude::*;
use rutile_core::random::Generator;

use crate::devices;
use crate::errors::OrRaise;
use crate::handle::wrap;
use crate::verbs::dtype;

static DEFAULT: Mutex<Generator> = Mutex::new(Generator::new(0));

/// The default generator.
pub fn default() -> MutexGuard<'static, Generator> {
    DEFAULT.lock().unwrap_or_else(|poison| poison.into_inner())
}

/// A generator of its own, or, without a seed, the default one.
#[pyclass(frozen, module = "rutile._core")]
pub struct RandomSource {
    own: Option<Mutex<Generator>>,
}

impl RandomSource {
    fn new(generator: Generator) -> RandomSource {
        RandomSource { own: Some(Mutex::new(generator)) }
    }

    fn generator(&self) -> MutexGuard<'_, Generator> {
        match &self.own {
            Some(own) => own.lock().unwrap_or_else(|poison| poison.into_inner()),
            None => default(),
        }
    }
}

impl RandomSource {
    /// What tells this generator from others.
    pub fn address(&self) -> usize {
        std::ptr::from_ref(&*self.generator()) as usize
    }

    pub fn generator_now(&self) -> Generator {
        *self.generator()
    }

    /// Goes on as if numbers had been drawn so many times.
    pub fn skip(&self, calls: u32) {
        let mut generator = self.generator();
        generator.calls = generator.calls.wrapping_add(calls);
    }
}

#[pymethods]
impl RandomSource {
    #[new]
    #[pyo3(signature = (seed=None))]
    fn create(seed: Option<u64>) -> RandomSource {
        seed.map_or(RandomSource { own: None }, |seed| RandomSource::new(Generator::new(seed)))
    }

    #[getter]
    fn is_default(&self) -> bool {
        self.own.is_none()
    }

    pub fn state(&self) -> (u64, u32) {
        let generator = self.generator();
        (generator.seed, generator.calls)
    }

    fn set_state(&self, seed: u64, calls: u32) {
        *self.generator() = Generator { seed, calls };
    }

    fn split(&self, n: u32) -> Vec<RandomSource> {
        self.generator().split(n).into_iter().map(RandomSource::new).collect()
    }

    #[pyo3(signature = (shape, device=None))]
    fn bits<'py>(&self, py: Python<'py>, shape: Vec<usize>, device: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
        let device = devices::resolve(py, device)?;
        wrap(py, self.generator().bits(&shape, &device).or_raise(py)?)
    }

    #[pyo3(signature = (shape, low, high, dtype_name, device=None))]
    fn uniform<'py>(
        &self,
        py: Python<'py>,
        shape: Vec<usize>,
        low: f64,
        high: f64,
        dtype_name: &str,
        device: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (dtype, device) = (dtype(dtype_name)?, devices::resolve(py, device)?);
        wrap(py, self.generator().uniform(&shape, low, high, dtype, &device).or_raise(py)?)
    }

    #[pyo3(signature = (shape, mean, deviation, dtype_name, device=None))]
    fn normal<'py>(
        &self,
        py: Python<'py>,
        shape: Vec<usize>,
        mean: f64,
        deviation: f64,
        dtype_name: &str,
        device: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (dtype, device) = (dtype(dtype_name)?, devices::resolve(py, device)?);
        wrap(py, self.generator().normal(&shape, mean, deviation, dtype, &device).or_raise(py)?)
    }

    #[pyo3(signature = (n, device=None))]
    fn permutation<'py>(&self, py: Python<'py>, n: usize, device: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
        let device = devices::resolve(py, device)?;
        wrap(py, self.generator().permutation(n, &device).or_raise(py)?)
    }
}
