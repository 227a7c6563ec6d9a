//! One verb per class of op: adding an op to the table edits none of them.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyEllipsis, PyInt, PySlice, PyTuple};
use rutile_core::compose::{self, CrossEntropy, Reduction};
use rutile_core::dtype::Kind;
use rutile_core::elementwise::ELEMENTWISE;
use rutile_core::index::Index;
use rutile_core::kernel::{Check, Fold};
use rutile_core::linalg::Routine;
use rutile_core::{DType, Elementwise, ErrorKind, Scalar, Tensor};

use crate::errors::OrRaise;
use crate::handle::{Handle, Operand, wrap, wrap_piece};

type Result<'py> = PyResult<Bound<'py, PyAny>>;

pub fn dtype(name: &str) -> PyResult<DType> {
    let names = || DType::ALL.map(DType::name).join(", ");
    DType::from_name(name).ok_or_else(|| PyTypeError::new_err(format!("dtype needs one of {}, got {name:?}", names())))
}

/// Numbers of the op table's rows by name.
#[pyfunction]
pub fn op_numbers() -> Vec<(&'static str, usize)> {
    ELEMENTWISE.iter().enumerate().map(|(number, row)| (row.name, number)).collect()
}

/// The op table as dictionaries, for tests and documentation.
#[pyfunction]
pub fn op_table(py: Python<'_>) -> PyResult<Vec<Bound<'_, pyo3::types::PyDict>>> {
    let row = |row: &rutile_core::elementwise::ElementwiseRow| {
        let dict = pyo3::types::PyDict::new(py);
        let dtypes: Vec<&str> = DType::ALL.into_iter().filter(|&d| row.accepts(d)).map(DType::name).collect();
        dict.set_item("name", row.name)?;
        dict.set_item("arity", row.arity)?;
        dict.set_item("doc", row.doc)?;
        dict.set_item("dtypes", dtypes)?;
        dict.set_item("bool_result", row.bool_result)?;
        dict.set_item("differentiable", row.differentiable)?;
        dict.set_item("domain", row.domain)?;
        dict.set_item("tolerance", row.tolerance)?;
        Ok(dict)
    };
    ELEMENTWISE.iter().map(row).collect()
}

fn op(number: usize) -> PyResult<Elementwise> {
    Elementwise::from_index(number)
        .ok_or_else(|| PyValueError::new_err(format!("op needs a number of the table, got {number}")))
}

#[pyfunction]
#[pyo3(signature = (number, x, /))]
pub fn unary<'py>(py: Python<'py>, number: usize, x: &Bound<'py, Handle>) -> Result<'py> {
    wrap(py, Tensor::apply(op(number)?, &[&x.get().tensor()?]).or_raise(py)?)
}

/// NotImplemented for operands that are neither tensors nor numbers, so that Python may ask the other side.
#[pyfunction]
#[pyo3(signature = (number, x, y, /))]
pub fn binary<'py>(py: Python<'py>, number: usize, x: &Bound<'py, PyAny>, y: &Bound<'py, PyAny>) -> Result<'py> {
    let op = op(number)?;
    let (Some(x), Some(y)) = (Operand::from_object(x)?, Operand::from_object(y)?) else {
        return Ok(py.NotImplemented().into_bound(py));
    };
    let name = op.row().name;
    let (x, y) = match (x, y) {
        (Operand::Tensor(x), Operand::Tensor(y)) => (x, y),
        (Operand::Tensor(x), y) => {
            let y = y.beside(py, name, &x)?;
            (x, y)
        }
        (x, Operand::Tensor(y)) => {
            let x = x.beside(py, name, &y)?;
            (x, y)
        }
        _ => return Err(PyTypeError::new_err(format!("{name} needs at least one Tensor, got two numbers"))),
    };
    wrap(py, Tensor::apply(op, &[&x, &y]).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (condition, x, y, /))]
pub fn select<'py>(
    py: Python<'py>,
    condition: &Bound<'py, Handle>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
) -> Result<'py> {
    let condition = condition.get().tensor()?;
    let both = (Operand::from_object(x)?, Operand::from_object(y)?);
    let (Some(x), Some(y)) = both else {
        return Err(PyTypeError::new_err("where needs tensors or numbers to choose from"));
    };
    let (x, y) = match (x, y) {
        (Operand::Tensor(x), y) => {
            let y = y.beside(py, "where", &x)?;
            (x, y)
        }
        (x, Operand::Tensor(y)) => (x.beside(py, "where", &y)?, y),
        (Operand::Number(a, i, kind), Operand::Number(b, j, other)) => {
            let dtype = match kind.max(other) {
                Kind::Float => DType::F32,
                Kind::Bool => DType::Bool,
                _ => DType::I32,
            };
            let number = |float, int| {
                let value = if dtype.is_float() { Scalar::float(float, dtype) } else { Scalar::int(int, dtype) };
                Tensor::scalar(value, condition.device())
            };
            (number(a, i), number(b, j))
        }
        _ => return Err(PyTypeError::new_err("where needs a tensor beside a number of an optimizer's step")),
    };
    wrap(py, Tensor::apply(Elementwise::Where, &[&condition, &x, &y]).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (x, dtype_name, /))]
pub fn cast<'py>(py: Python<'py>, x: &Bound<'py, Handle>, dtype_name: &str) -> Result<'py> {
    wrap(py, x.get().tensor()?.cast(dtype(dtype_name)?).or_raise(py)?)
}

/// The dtype of an operation between tensors of two dtypes.
#[pyfunction]
#[pyo3(signature = (x, y, /))]
pub fn promote(x: &str, y: &str) -> PyResult<&'static str> {
    Ok(dtype(x)?.promote(dtype(y)?).name())
}

/// The dtype of an operation between a tensor of a dtype and a number.
#[pyfunction]
#[pyo3(signature = (x, number, /))]
pub fn promote_number(x: &str, number: &Bound<'_, PyAny>) -> PyResult<&'static str> {
    match Operand::from_object(number)? {
        Some(Operand::Number(_, _, kind)) => Ok(dtype(x)?.with_scalar(kind).name()),
        _ => Err(PyTypeError::new_err("promote_number needs a bool, an int or a float")),
    }
}

#[pyfunction]
#[pyo3(signature = (fold, x, axes, keepdims, /))]
pub fn reduce<'py>(
    py: Python<'py>,
    fold: &str,
    x: &Bound<'py, Handle>,
    axes: Option<Vec<i64>>,
    keepdims: bool,
) -> Result<'py> {
    wrap(py, x.get().tensor()?.reduce(fold_named("reduce", fold)?, axes.as_deref(), keepdims).or_raise(py)?)
}

fn fold_named(op: &str, name: &str) -> PyResult<Fold> {
    let folds = [Fold::Sum, Fold::Product, Fold::Max, Fold::Min, Fold::ArgMax, Fold::ArgMin];
    let known = folds.into_iter().find(|known| known.name() == name);
    known.ok_or_else(|| PyValueError::new_err(format!("{op} needs a fold of the engine, got {name:?}")))
}

#[pyfunction]
#[pyo3(signature = (x, axes, keepdims, /))]
pub fn mean<'py>(py: Python<'py>, x: &Bound<'py, Handle>, axes: Option<Vec<i64>>, keepdims: bool) -> Result<'py> {
    wrap(py, compose::mean(&x.get().tensor()?, axes.as_deref(), keepdims).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (x, axes, correction, keepdims, /))]
pub fn var<'py>(
    py: Python<'py>,
    x: &Bound<'py, Handle>,
    axes: Option<Vec<i64>>,
    correction: f64,
    keepdims: bool,
) -> Result<'py> {
    wrap(py, compose::var(&x.get().tensor()?, axes.as_deref(), correction, keepdims).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (x, shape, /))]
pub fn reshape<'py>(py: Python<'py>, x: &Bound<'py, Handle>, shape: Vec<i64>) -> Result<'py> {
    wrap(py, x.get().tensor()?.reshape(&shape).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (x, axes, /))]
pub fn permute<'py>(py: Python<'py>, x: &Bound<'py, Handle>, axes: Vec<i64>) -> Result<'py> {
    wrap(py, x.get().tensor()?.permute(&axes).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (x, a, b, /))]
pub fn transpose<'py>(py: Python<'py>, x: &Bound<'py, Handle>, a: i64, b: i64) -> Result<'py> {
    wrap(py, x.get().tensor()?.transpose(a, b).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (x, shape, /))]
pub fn expand<'py>(py: Python<'py>, x: &Bound<'py, Handle>, shape: Vec<usize>) -> Result<'py> {
    wrap(py, x.get().tensor()?.expand(&shape).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (x, axis, /))]
pub fn unsqueeze<'py>(py: Python<'py>, x: &Bound<'py, Handle>, axis: i64) -> Result<'py> {
    wrap(py, x.get().tensor()?.unsqueeze(axis).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (x, axes, /))]
pub fn flip<'py>(py: Python<'py>, x: &Bound<'py, Handle>, axes: Vec<i64>) -> Result<'py> {
    let mut tensor = x.get().tensor()?;
    for axis in axes {
        tensor = tensor.flip(rutile_core::shape::normalize_axis("flip", axis, tensor.ndim()).or_raise(py)?);
    }
    wrap(py, tensor)
}

#[pyfunction]
#[pyo3(signature = (x, padding, value, /))]
pub fn pad<'py>(py: Python<'py>, x: &Bound<'py, Handle>, padding: Vec<(i64, i64)>, value: f64) -> Result<'py> {
    let tensor = x.get().tensor()?;
    let fill = Scalar::float(value, tensor.dtype());
    wrap(py, tensor.pad(&padding, fill).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (x, y, /))]
pub fn matmul<'py>(py: Python<'py>, x: &Bound<'py, Handle>, y: &Bound<'py, Handle>) -> Result<'py> {
    wrap(py, x.get().tensor()?.matmul(&y.get().tensor()?).or_raise(py)?)
}

/// The results of a routine of linear algebra, by the name of its public function. What another device holds goes to the
/// CPU and back.
#[pyfunction]
#[pyo3(signature = (name, operands, first=false, second=false, /))]
pub fn linalg<'py>(
    py: Python<'py>,
    name: &str,
    operands: Vec<Bound<'py, Handle>>,
    first: bool,
    second: bool,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let unknown = || PyValueError::new_err(format!("linalg needs a routine of the engine, got {name:?}"));
    let routine = Routine::named(name, first, second).ok_or_else(unknown)?;
    let operands = operands.iter().map(|x| x.get().tensor()).collect::<PyResult<Vec<_>>>()?;
    let cpu = crate::devices::resolve(py, Some("cpu"))?;
    let results = rutile_core::linalg::linalg(routine, &operands.iter().collect::<Vec<_>>(), &cpu).or_raise(py)?;
    results.into_iter().map(|result| wrap(py, result)).collect()
}

#[pyfunction]
#[pyo3(signature = (x, key, /))]
pub fn index<'py>(py: Python<'py>, x: &Bound<'py, Handle>, key: &Bound<'py, PyAny>) -> Result<'py> {
    let tensor = x.get().tensor()?;
    let index = parse_index(&tensor, key)?;
    wrap_piece(py, tensor.index(&index).or_raise(py)?)
}

/// The tensor with the selected elements replaced.
#[pyfunction]
#[pyo3(signature = (x, key, value, /))]
pub fn with_index<'py>(
    py: Python<'py>,
    x: &Bound<'py, Handle>,
    key: &Bound<'py, PyAny>,
    value: &Bound<'py, PyAny>,
) -> Result<'py> {
    let tensor = x.get().tensor()?;
    let index = parse_index(&tensor, key)?;
    let value =
        Operand::from_object(value)?.ok_or_else(|| PyTypeError::new_err("assignment needs a tensor or a number"))?;
    let value = value.beside(py, "assignment", &tensor)?;
    wrap(py, tensor.with_index(&index, &value).or_raise(py)?)
}

fn parse_index(tensor: &Tensor, key: &Bound<'_, PyAny>) -> PyResult<Vec<Index>> {
    let entries: Vec<Bound<'_, PyAny>> = match key.cast::<PyTuple>() {
        Ok(tuple) => tuple.iter().collect(),
        Err(_) => vec![key.clone()],
    };
    let is_ellipsis = |entry: &&Bound<'_, PyAny>| entry.is_instance_of::<PyEllipsis>();
    let consumed = entries.iter().filter(|entry| !entry.is_none() && !is_ellipsis(entry)).count();
    if entries.iter().filter(is_ellipsis).count() > 1 {
        return Err(PyValueError::new_err("indexing needs at most one ellipsis, got several"));
    }
    let rank = tensor.ndim();
    let Some(rest) = rank.checked_sub(consumed) else {
        let error = rutile_core::Error::new(
            rutile_core::ErrorKind::Index,
            "indexing",
            format!("at most {rank} indices for shape {}", rutile_core::error::show_shape(tensor.shape())),
            consumed.to_string(),
        );
        return Err(crate::errors::raise(key.py(), error));
    };
    let mut index = Vec::new();
    let mut axis = 0;
    for entry in &entries {
        if entry.is_none() {
            index.push(Index::NewAxis);
        } else if is_ellipsis(&entry) {
            let whole = |size: &usize| Index::Slice { start: 0, step: 1, size: *size };
            index.extend(tensor.shape()[axis..axis + rest].iter().map(whole));
            axis += rest;
        } else if let Ok(slice) = entry.cast::<PySlice>() {
            let indices = slice.indices(tensor.shape()[axis] as isize)?;
            // An empty slice may name a start outside the axis.
            let start = if indices.slicelength == 0 { 0 } else { indices.start as usize };
            index.push(Index::Slice { start, step: indices.step as i64, size: indices.slicelength });
            axis += 1;
        } else if entry.is_instance_of::<PyInt>() && !entry.is_instance_of::<pyo3::types::PyBool>() || is_index(entry) {
            index.push(Index::Element(entry.extract()?));
            axis += 1;
        } else {
            let got = entry.get_type().name()?;
            let text = format!(
                "indexing needs integers, slices, None or Ellipsis, got {got}: tensor indices come with a later release"
            );
            return Err(PyTypeError::new_err(text));
        }
    }
    Ok(index)
}

/// NumPy's integers and the like, but no arrays and no tensors.
fn is_index(entry: &Bound<'_, PyAny>) -> bool {
    let scalar = !entry.is_instance_of::<Handle>() && !entry.is_instance_of::<pyo3::types::PyBool>();
    scalar && entry.hasattr("__index__").unwrap_or(false) && !entry.hasattr("__len__").unwrap_or(true)
}

#[pyfunction]
#[pyo3(signature = (x, w, b=None))]
pub fn linear<'py>(
    py: Python<'py>,
    x: &Bound<'py, Handle>,
    w: &Bound<'py, Handle>,
    b: Option<&Bound<'py, Handle>>,
) -> Result<'py> {
    let b = b.map(|b| b.get().tensor()).transpose()?;
    wrap(py, compose::linear(&x.get().tensor()?, &w.get().tensor()?, b.as_ref()).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (x, w, b, stride, padding, dilation, groups))]
pub fn conv<'py>(
    py: Python<'py>,
    x: &Bound<'py, Handle>,
    w: &Bound<'py, Handle>,
    b: Option<&Bound<'py, Handle>>,
    stride: Vec<usize>,
    padding: Vec<(i64, i64)>,
    dilation: Vec<usize>,
    groups: usize,
) -> Result<'py> {
    let b = b.map(|b| b.get().tensor()).transpose()?;
    let (x, w) = (x.get().tensor()?, w.get().tensor()?);
    wrap(py, compose::conv(&x, &w, b.as_ref(), &stride, &padding, &dilation, groups).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (x, w, b, stride, padding, dilation, groups))]
pub fn conv_transpose<'py>(
    py: Python<'py>,
    x: &Bound<'py, Handle>,
    w: &Bound<'py, Handle>,
    b: Option<&Bound<'py, Handle>>,
    stride: Vec<usize>,
    padding: Vec<(i64, i64)>,
    dilation: Vec<usize>,
    groups: usize,
) -> Result<'py> {
    let b = b.map(|b| b.get().tensor()).transpose()?;
    let (x, w) = (x.get().tensor()?, w.get().tensor()?);
    wrap(py, compose::conv_transpose(&x, &w, b.as_ref(), &stride, &padding, &dilation, groups).or_raise(py)?)
}

/// Windows of an axis, which becomes two: (windows, size).
#[pyfunction]
#[pyo3(signature = (x, axis, size, stride, dilation, /))]
pub fn window<'py>(
    py: Python<'py>,
    x: &Bound<'py, Handle>,
    axis: i64,
    size: usize,
    stride: usize,
    dilation: usize,
) -> Result<'py> {
    let tensor = x.get().tensor()?;
    let axis = rutile_core::shape::normalize_axis("window", axis, tensor.ndim()).or_raise(py)?;
    wrap(py, tensor.window(axis, size, stride, dilation).or_raise(py)?)
}

/// The sum of overlapping windows: two axes, (windows, size), become one of n elements.
#[pyfunction]
#[pyo3(signature = (x, axis, n, stride, dilation, /))]
pub fn overlap<'py>(
    py: Python<'py>,
    x: &Bound<'py, Handle>,
    axis: i64,
    n: usize,
    stride: usize,
    dilation: usize,
) -> Result<'py> {
    wrap(py, compose::overlap(&x.get().tensor()?, axis, n, stride, dilation).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (tensors, axis, /))]
pub fn concat<'py>(py: Python<'py>, tensors: Vec<Bound<'py, Handle>>, axis: i64) -> Result<'py> {
    let tensors = tensors.iter().map(|x| x.get().tensor()).collect::<PyResult<Vec<_>>>()?;
    wrap(py, compose::concat(&tensors, axis).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (x, positions, axis, /))]
pub fn take_along_axis<'py>(
    py: Python<'py>,
    x: &Bound<'py, Handle>,
    positions: &Bound<'py, Handle>,
    axis: i64,
) -> Result<'py> {
    wrap(py, x.get().tensor()?.take_along_axis(&positions.get().tensor()?, axis).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (x, positions, axis, size, /))]
pub fn scatter_add<'py>(
    py: Python<'py>,
    x: &Bound<'py, Handle>,
    positions: &Bound<'py, Handle>,
    axis: i64,
    size: usize,
) -> Result<'py> {
    wrap(py, x.get().tensor()?.scatter_add(&positions.get().tensor()?, axis, size).or_raise(py)?)
}

/// These positions, demanding that each lie on an axis; `function` is who asks for it.
#[pyfunction]
#[pyo3(signature = (positions, function, axis, size, /))]
pub fn checked_positions<'py>(
    py: Python<'py>,
    positions: &Bound<'py, Handle>,
    function: &str,
    axis: usize,
    size: usize,
) -> Result<'py> {
    wrap(py, positions.get().tensor()?.checked_positions(function, axis, size).or_raise(py)?)
}

/// These integers, demanding that each lie from `low` to `high` or be `except`: `function` needs `needs`.
#[pyfunction]
#[pyo3(signature = (x, function, needs, low, high, except=None, /))]
pub fn checked<'py>(
    py: Python<'py>,
    x: &Bound<'py, Handle>,
    function: &str,
    needs: &str,
    low: i64,
    high: i64,
    except: Option<i64>,
) -> Result<'py> {
    let check = Check { low, high, except, kind: ErrorKind::Index, op: function.into(), needs: needs.into() };
    wrap(py, x.get().tensor()?.checked(check).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (fold, x, axis, /))]
pub fn cumulate<'py>(py: Python<'py>, fold: &str, x: &Bound<'py, Handle>, axis: i64) -> Result<'py> {
    wrap(py, x.get().tensor()?.cumulate(fold_named("cumulate", fold)?, axis).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (x, axis, descending, /))]
pub fn argsort<'py>(py: Python<'py>, x: &Bound<'py, Handle>, axis: i64, descending: bool) -> Result<'py> {
    wrap(py, x.get().tensor()?.argsort(axis, descending).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (x, axes, keepdims, /))]
pub fn logsumexp<'py>(py: Python<'py>, x: &Bound<'py, Handle>, axes: Option<Vec<i64>>, keepdims: bool) -> Result<'py> {
    wrap(py, compose::logsumexp(&x.get().tensor()?, axes.as_deref(), keepdims).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (x, axes, eps, /))]
pub fn standardize<'py>(py: Python<'py>, x: &Bound<'py, Handle>, axes: Vec<i64>, eps: f64) -> Result<'py> {
    wrap(py, compose::standardize(&x.get().tensor()?, &axes, eps).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (x, shape, w, b, eps, /))]
pub fn layer_norm<'py>(
    py: Python<'py>,
    x: &Bound<'py, Handle>,
    shape: Vec<usize>,
    w: Option<&Bound<'py, Handle>>,
    b: Option<&Bound<'py, Handle>>,
    eps: f64,
) -> Result<'py> {
    let w = w.map(|w| w.get().tensor()).transpose()?;
    let b = b.map(|b| b.get().tensor()).transpose()?;
    wrap(py, compose::layer_norm(&x.get().tensor()?, &shape, w.as_ref(), b.as_ref(), eps).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (x, shape, w, eps, /))]
pub fn rms_norm<'py>(
    py: Python<'py>,
    x: &Bound<'py, Handle>,
    shape: Vec<usize>,
    w: Option<&Bound<'py, Handle>>,
    eps: f64,
) -> Result<'py> {
    let w = w.map(|w| w.get().tensor()).transpose()?;
    wrap(py, compose::rms_norm(&x.get().tensor()?, &shape, w.as_ref(), eps).or_raise(py)?)
}

#[pyfunction]
pub fn max_pool<'py>(
    py: Python<'py>,
    x: &Bound<'py, Handle>,
    kernel: Vec<usize>,
    stride: Vec<usize>,
    padding: Vec<(usize, usize)>,
    dilation: Vec<usize>,
) -> Result<'py> {
    wrap(py, compose::max_pool(&x.get().tensor()?, &kernel, &stride, &padding, &dilation).or_raise(py)?)
}

#[pyfunction]
pub fn avg_pool<'py>(
    py: Python<'py>,
    x: &Bound<'py, Handle>,
    kernel: Vec<usize>,
    stride: Vec<usize>,
    padding: Vec<(usize, usize)>,
) -> Result<'py> {
    wrap(py, compose::avg_pool(&x.get().tensor()?, &kernel, &stride, &padding).or_raise(py)?)
}

#[pyfunction]
pub fn softmax<'py>(py: Python<'py>, x: &Bound<'py, Handle>, axis: i64) -> Result<'py> {
    wrap(py, compose::softmax(&x.get().tensor()?, axis).or_raise(py)?)
}

#[pyfunction]
pub fn log_softmax<'py>(py: Python<'py>, x: &Bound<'py, Handle>, axis: i64) -> Result<'py> {
    wrap(py, compose::log_softmax(&x.get().tensor()?, axis).or_raise(py)?)
}

#[pyfunction]
#[pyo3(signature = (x, target, weight=None, ignore_index=-100, reduction="mean", label_smoothing=0.0))]
pub fn cross_entropy<'py>(
    py: Python<'py>,
    x: &Bound<'py, Handle>,
    target: &Bound<'py, Handle>,
    weight: Option<&Bound<'py, Handle>>,
    ignore_index: i64,
    reduction: &str,
    label_smoothing: f64,
) -> Result<'py> {
    let weight = weight.map(|weight| weight.get().tensor()).transpose()?;
    let reduction = Reduction::from_name("cross_entropy", reduction).or_raise(py)?;
    let options = CrossEntropy { weight: weight.as_ref(), ignore_index, reduction, label_smoothing };
    wrap(py, compose::cross_entropy(&x.get().tensor()?, &target.get().tensor()?, &options).or_raise(py)?)
}

#[pyfunction]
pub fn mse_loss<'py>(py: Python<'py>, x: &Bound<'py, Handle>, y: &Bound<'py, Handle>, reduction: &str) -> Result<'py> {
    let reduction = Reduction::from_name("mse_loss", reduction).or_raise(py)?;
    wrap(py, compose::mse_loss(&x.get().tensor()?, &y.get().tensor()?, reduction).or_raise(py)?)
}
