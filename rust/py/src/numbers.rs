//! Numbers of an optimizer's step: run-time numbers that tensors take and Python cannot look into, so that a compiled function
//! can follow them.

use std::sync::atomic::{AtomicUsize, Ordering};

use pyo3::exceptions::PyTypeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat, PyList};

use crate::capture;
use crate::guards::{is_plain, same};

/// A float that only operations with tensors take.
#[pyclass(frozen, module = "rutile._core")]
pub struct Number {
    pub value: f64,
    pub id: usize,
}

#[pymethods]
impl Number {
    fn __repr__(&self) -> String {
        format!("Number({})", self.value)
    }
}

/// Counts a step in the states of parameters that share a group and the number of their steps; returns what the optimizer's
/// `numbers` says of it, floats as `Number`s.
#[pyfunction]
pub fn step_numbers<'py>(
    optimizer: &Bound<'py, PyAny>,
    group: &Bound<'py, PyDict>,
    states: &Bound<'py, PyList>,
) -> PyResult<Bound<'py, PyDict>> {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let py = optimizer.py();
    let steps =
        Steps { optimizer: optimizer.clone().unbind(), group: group.clone().unbind(), states: states.clone().unbind() };
    let step = steps.next(py)?;
    let settings = steps.settings(py, step)?;
    steps.count(py, step)?;
    let numbers = PyDict::new(py);
    let mut names = Vec::new();
    let mut ids = Vec::new();
    for (name, value) in settings.iter() {
        let Ok(float) = value.cast_exact::<PyFloat>() else {
            if !is_plain(&value) {
                let class = value.get_type().name()?;
                rutile_core::capture::refuse(&format!("numbers() of its optimizer gives a {class} as {name}"));
            }
            numbers.set_item(&name, &value)?;
            names.push((name.unbind(), Some(value.unbind())));
            continue;
        };
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        numbers.set_item(&name, Bound::new(py, Number { value: float.value(), id })?)?;
        names.push((name.unbind(), None));
        ids.push(id);
    }
    capture::note_numbers(|| (NumberSource { steps, names }, ids));
    Ok(numbers)
}

/// Parameters' states that count steps together.
struct Steps {
    optimizer: Py<PyAny>,
    group: Py<PyDict>,
    states: Py<PyList>,
}

impl Steps {
    /// The number of the next step, from 1; 0 where steps are not counted.
    fn next(&self, py: Python<'_>) -> PyResult<i64> {
        let mut common = None;
        for state in self.states.bind(py).iter() {
            let done = state.cast::<PyDict>()?.get_item(pyo3::intern!(py, "step"))?;
            let next = done.map_or(Ok(0), |done| done.extract::<i64>().map(|done| done + 1))?;
            if *common.get_or_insert(next) != next {
                return Err(PyTypeError::new_err("step_numbers needs states with the same number of steps"));
            }
        }
        Ok(common.unwrap_or(0))
    }

    fn settings<'py>(&self, py: Python<'py>, step: i64) -> PyResult<Bound<'py, PyDict>> {
        let settings = self.optimizer.bind(py).call_method1(pyo3::intern!(py, "numbers"), (&self.group, step))?;
        Ok(settings.cast_into::<PyDict>()?)
    }

    fn count(&self, py: Python<'_>, step: i64) -> PyResult<()> {
        if step > 0 {
            for state in self.states.bind(py).iter() {
                state.cast::<PyDict>()?.set_item(pyo3::intern!(py, "step"), step)?;
            }
        }
        Ok(())
    }
}

/// Where a compiled function's numbers come from.
pub struct NumberSource {
    steps: Steps,
    /// Floats are followed, other values must stay what they are.
    names: Vec<(Py<PyAny>, Option<Py<PyAny>>)>,
}

impl NumberSource {
    /// Appends this step's floats and returns its number, or None if the optimizer now does something else.
    pub fn next(&self, py: Python<'_>, floats: &mut Vec<f64>) -> PyResult<Option<i64>> {
        let Ok(step) = self.steps.next(py) else { return Ok(None) };
        let settings = self.steps.settings(py, step)?;
        if settings.len() != self.names.len() {
            return Ok(None);
        }
        for (name, fixed) in &self.names {
            let Some(value) = settings.get_item(name)? else { return Ok(None) };
            match (fixed, value.cast_exact::<PyFloat>()) {
                (None, Ok(float)) => floats.push(float.value()),
                (Some(fixed), Err(_)) if same(fixed.bind(py), &value) => {}
                _ => return Ok(None),
            }
        }
        Ok(Some(step))
    }

    pub fn count(&self, py: Python<'_>, step: i64) -> PyResult<()> {
        self.steps.count(py, step)
    }

    /// Whether another recording got its numbers from the same place.
    pub fn agrees(&self, py: Python<'_>, other: &NumberSource) -> bool {
        let states = (self.steps.states.bind(py), other.steps.states.bind(py));
        self.steps.optimizer.is(&other.steps.optimizer)
            && self.steps.group.is(&other.steps.group)
            && states.0.len() == states.1.len()
            && states.0.iter().zip(states.1.iter()).all(|(a, b)| a.is(&b))
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.steps.optimizer)?;
        visit.call(&self.steps.group)?;
        visit.call(&self.steps.states)
    }
}
