//! What a compiled function assumes of Python's objects, checked at each call.

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString};

/// Whether two objects are one, or equal numbers or strings of one type.
pub fn same(a: &Bound<'_, PyAny>, b: &Bound<'_, PyAny>) -> bool {
    if a.is(b) {
        return true;
    }
    if let (Ok(a), Ok(b)) = (a.cast_exact::<PyFloat>(), b.cast_exact::<PyFloat>()) {
        return a.value().to_bits() == b.value().to_bits();
    }
    is_plain(a) && a.get_type().is(b.get_type()) && a.eq(b).unwrap_or(false)
}

/// Whether the object is a value that nothing can change.
pub fn is_plain(object: &Bound<'_, PyAny>) -> bool {
    object.is_none()
        || object.is_exact_instance_of::<PyFloat>()
        || object.is_exact_instance_of::<PyInt>()
        || object.is_exact_instance_of::<PyString>()
        || object.is_exact_instance_of::<PyBool>()
        || object.is_exact_instance_of::<PyBytes>()
}

enum Guard {
    /// All entries of a dict, in order.
    Entries(Py<PyDict>, Vec<(Py<PyAny>, Py<PyAny>)>),
    /// Some entries of a dict; None for what it has not.
    Names(Py<PyDict>, Vec<(Py<PyAny>, Option<Py<PyAny>>)>),
    Items(Py<PyList>, Vec<Py<PyAny>>),
    Attribute(Py<PyAny>, Py<PyString>, Py<PyAny>),
    Equal(Py<PyAny>, Py<PyAny>),
}

impl Guard {
    fn holds(&self, py: Python<'_>) -> bool {
        match self {
            Guard::Entries(dict, entries) => {
                let dict = dict.bind(py);
                let alike =
                    |((key, value), (k, v)): (&(Py<PyAny>, Py<PyAny>), (Bound<'_, PyAny>, Bound<'_, PyAny>))| {
                        same(key.bind(py), &k) && same(value.bind(py), &v)
                    };
                dict.len() == entries.len() && entries.iter().zip(dict.iter()).all(alike)
            }
            Guard::Names(dict, names) => {
                let dict = dict.bind(py);
                names.iter().all(|(name, value)| match (dict.get_item(name), value) {
                    (Ok(Some(now)), Some(value)) => same(value.bind(py), &now),
                    (Ok(None), None) => true,
                    _ => false,
                })
            }
            Guard::Items(list, items) => {
                let list = list.bind(py);
                list.len() == items.len() && items.iter().zip(list.iter()).all(|(a, b)| same(a.bind(py), &b))
            }
            Guard::Attribute(object, name, value) => {
                object.bind(py).getattr(name).is_ok_and(|now| same(value.bind(py), &now))
            }
            Guard::Equal(object, value) => object.bind(py).eq(value).unwrap_or(false),
        }
    }

    fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        let values: Box<dyn Iterator<Item = &Py<PyAny>>> = match self {
            Guard::Entries(dict, entries) => {
                visit.call(dict)?;
                Box::new(entries.iter().flat_map(|(key, value)| [key, value]))
            }
            Guard::Names(dict, names) => {
                visit.call(dict)?;
                Box::new(names.iter().filter_map(|(_, value)| value.as_ref()))
            }
            Guard::Items(list, items) => {
                visit.call(list)?;
                Box::new(items.iter())
            }
            Guard::Attribute(object, _, value) | Guard::Equal(object, value) => Box::new([object, value].into_iter()),
        };
        for value in values {
            visit.call(value)?;
        }
        Ok(())
    }
}

/// Assumptions, each with words for what it is about.
#[pyclass(module = "rutile._core")]
#[derive(Default)]
pub struct Guards {
    guards: Vec<(Guard, String)>,
}

#[pymethods]
impl Guards {
    #[new]
    fn new() -> Guards {
        Guards::default()
    }

    /// That the dict keeps its entries.
    fn entries(&mut self, dict: Bound<'_, PyDict>, about: String) {
        let entries = dict.iter().map(|(key, value)| (key.unbind(), value.unbind())).collect();
        self.guards.push((Guard::Entries(dict.unbind(), entries), about));
    }

    /// That the dict keeps these entries, or goes on to lack them.
    fn names(&mut self, dict: Bound<'_, PyDict>, names: Vec<Bound<'_, PyString>>, about: String) -> PyResult<()> {
        let entry = |name: Bound<'_, PyString>| {
            let value = dict.get_item(&name)?.map(Bound::unbind);
            Ok((name.into_any().unbind(), value))
        };
        let names = names.into_iter().map(entry).collect::<PyResult<_>>()?;
        self.guards.push((Guard::Names(dict.unbind(), names), about));
        Ok(())
    }

    /// That the list keeps its items.
    fn items(&mut self, list: Bound<'_, PyList>, about: String) {
        let items = list.iter().map(Bound::unbind).collect();
        self.guards.push((Guard::Items(list.unbind(), items), about));
    }

    /// That the object keeps the value of this attribute.
    fn attribute(&mut self, object: Bound<'_, PyAny>, name: Bound<'_, PyString>, about: String) -> PyResult<()> {
        let value = object.getattr(&name)?.unbind();
        self.guards.push((Guard::Attribute(object.unbind(), name.unbind(), value), about));
        Ok(())
    }

    /// That the object goes on to equal the value.
    fn equal(&mut self, object: Py<PyAny>, value: Py<PyAny>, about: String) {
        self.guards.push((Guard::Equal(object, value), about));
    }

    /// What the first assumption that does not hold is about.
    pub fn broken(&self, py: Python<'_>) -> Option<String> {
        self.guards.iter().find(|(guard, _)| !guard.holds(py)).map(|(_, about)| about.clone())
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.guards.iter().try_for_each(|(guard, _)| guard.visit(&visit))
    }

    fn __clear__(&mut self) {
        self.guards.clear();
    }
}

impl Guards {
    pub fn hold(&self, py: Python<'_>) -> bool {
        self.guards.iter().all(|(guard, _)| guard.holds(py))
    }
}
