//! The arguments and the results of a compiled function: tensors in containers, beside other values.

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple, PyType};

use crate::guards::{is_plain, same};
use crate::handle::Handle;

/// Containers down to tensors, which are numbered, and other objects.
pub enum Tree {
    Tensor(usize),
    /// A number or a string, of which an equal one will do.
    Plain(Py<PyAny>),
    /// Itself and no other.
    Object(Py<PyAny>),
    List(Vec<Tree>),
    Tuple(Py<PyType>, Vec<Tree>),
    Dict(Vec<(Py<PyAny>, Tree)>),
}

impl Tree {
    /// The tree of an object; `tensor` gives a tensor's number.
    pub fn of<'py>(object: &Bound<'py, PyAny>, tensor: &mut dyn FnMut(&Bound<'py, Handle>) -> usize) -> PyResult<Tree> {
        if let Ok(handle) = object.cast::<Handle>() {
            return Ok(Tree::Tensor(tensor(handle)));
        }
        if is_plain(object) {
            return Ok(Tree::Plain(object.clone().unbind()));
        }
        if let Ok(list) = object.cast_exact::<PyList>() {
            return Ok(Tree::List(list.iter().map(|item| Tree::of(&item, tensor)).collect::<PyResult<_>>()?));
        }
        if let Ok(dict) = object.cast_exact::<PyDict>() {
            let entry =
                |(key, value): (Bound<'py, PyAny>, Bound<'py, PyAny>)| Ok((key.unbind(), Tree::of(&value, tensor)?));
            return Ok(Tree::Dict(dict.iter().map(entry).collect::<PyResult<_>>()?));
        }
        match object.cast::<PyTuple>() {
            Ok(tuple) if object.is_exact_instance_of::<PyTuple>() || object.hasattr("_make")? => {
                let items = tuple.iter().map(|item| Tree::of(&item, tensor)).collect::<PyResult<_>>()?;
                Ok(Tree::Tuple(object.get_type().unbind(), items))
            }
            _ => Ok(Tree::Object(object.clone().unbind())),
        }
    }

    /// Whether an object has this tree; appends its tensors.
    pub fn matches<'py>(&self, object: &Bound<'py, PyAny>, tensors: &mut Vec<Bound<'py, Handle>>) -> bool {
        let py = object.py();
        match self {
            Tree::Tensor(_) => object.cast::<Handle>().map(|handle| tensors.push(handle.clone())).is_ok(),
            Tree::Plain(value) => same(value.bind(py), object),
            Tree::Object(value) => value.is(object),
            Tree::List(items) => object.cast_exact::<PyList>().is_ok_and(|list| {
                list.len() == items.len() && items.iter().zip(list.iter()).all(|(a, b)| a.matches(&b, tensors))
            }),
            Tree::Tuple(class, items) => object.cast::<PyTuple>().is_ok_and(|tuple| {
                object.get_type().is(class)
                    && tuple.len() == items.len()
                    && items.iter().zip(tuple.iter_borrowed()).all(|(a, b)| a.matches(&b, tensors))
            }),
            Tree::Dict(entries) => object.cast_exact::<PyDict>().is_ok_and(|dict| {
                dict.len() == entries.len()
                    && entries
                        .iter()
                        .zip(dict.iter())
                        .all(|((key, tree), (k, value))| same(key.bind(py), &k) && tree.matches(&value, tensors))
            }),
        }
    }

    /// A new object of this tree.
    pub fn build<'py>(
        &self,
        py: Python<'py>,
        tensor: &mut dyn FnMut(usize) -> PyResult<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        Ok(match self {
            Tree::Tensor(number) => tensor(*number)?,
            Tree::Plain(value) | Tree::Object(value) => value.bind(py).clone(),
            Tree::List(items) => {
                let items = items.iter().map(|item| item.build(py, tensor)).collect::<PyResult<Vec<_>>>()?;
                PyList::new(py, items)?.into_any()
            }
            Tree::Tuple(class, items) => {
                let items = items.iter().map(|item| item.build(py, tensor)).collect::<PyResult<Vec<_>>>()?;
                let tuple = PyTuple::new(py, items)?;
                match class.bind(py).is(py.get_type::<PyTuple>()) {
                    true => tuple.into_any(),
                    false => class.bind(py).call_method1("_make", (tuple,))?,
                }
            }
            Tree::Dict(entries) => {
                let dict = PyDict::new(py);
                for (key, item) in entries {
                    dict.set_item(key, item.build(py, tensor)?)?;
                }
                dict.into_any()
            }
        })
    }

    /// Calls a function with each object that is itself and no other.
    pub fn objects<'a>(&'a self, found: &mut Vec<&'a Py<PyAny>>) {
        match self {
            Tree::Tensor(_) | Tree::Plain(_) => {}
            Tree::Object(object) => found.push(object),
            Tree::List(items) | Tree::Tuple(_, items) => items.iter().for_each(|item| item.objects(found)),
            Tree::Dict(entries) => entries.iter().for_each(|(_, item)| item.objects(found)),
        }
    }

    /// Whether two trees are the same, numbers of tensors and other values included.
    pub fn agrees(&self, py: Python<'_>, other: &Tree) -> bool {
        match (self, other) {
            (Tree::Tensor(a), Tree::Tensor(b)) => a == b,
            (Tree::Plain(a), Tree::Plain(b)) => same(a.bind(py), b.bind(py)),
            (Tree::Object(a), Tree::Object(b)) => a.is(b),
            (Tree::List(a), Tree::List(b)) => agree(py, a, b),
            (Tree::Tuple(class, a), Tree::Tuple(other, b)) => class.is(other) && agree(py, a, b),
            (Tree::Dict(a), Tree::Dict(b)) => {
                let alike = |((key, a), (k, b)): (&(Py<PyAny>, Tree), &(Py<PyAny>, Tree))| {
                    same(key.bind(py), k.bind(py)) && a.agrees(py, b)
                };
                a.len() == b.len() && a.iter().zip(b).all(alike)
            }
            _ => false,
        }
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        let mut objects = Vec::new();
        self.objects(&mut objects);
        objects.into_iter().try_for_each(|object| visit.call(object))
    }
}

fn agree(py: Python<'_>, a: &[Tree], b: &[Tree]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.agrees(py, b))
}
