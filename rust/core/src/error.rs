//! One error type: the op, what it needs, what it got, what to do.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Which exception a caller should see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ErrorKind {
    Shape,
    DType,
    Value,
    Index,
    Device,
    OutOfMemory,
    Gradient,
    /// A matrix that has no factors or no inverse.
    Linalg,
    /// A value was asked for where a function is only traced.
    Tracing,
    /// What a rule or hook from outside raised: its own error, in `cause`.
    Raised,
}

/// An error of somebody else's, to be handed on as it is.
#[derive(Clone, Debug)]
pub struct Cause(pub Arc<dyn Any + Send + Sync>);

impl PartialEq for Cause {
    fn eq(&self, other: &Cause) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Cause {}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub kind: ErrorKind,
    pub op: String,
    pub needs: String,
    pub got: String,
    pub hint: Option<String>,
    pub cause: Option<Cause>,
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub fn new(kind: ErrorKind, op: &str, needs: impl Into<String>, got: impl Into<String>) -> Error {
        Error { kind, op: op.into(), needs: needs.into(), got: got.into(), hint: None, cause: None }
    }

    pub fn shape(op: &str, needs: impl Into<String>, got: impl Into<String>) -> Error {
        Error::new(ErrorKind::Shape, op, needs, got)
    }

    pub fn dtype(op: &str, needs: impl Into<String>, got: impl Into<String>) -> Error {
        Error::new(ErrorKind::DType, op, needs, got)
    }

    pub fn value(op: &str, needs: impl Into<String>, got: impl Into<String>) -> Error {
        Error::new(ErrorKind::Value, op, needs, got)
    }

    pub fn device(op: &str, needs: impl Into<String>, got: impl Into<String>) -> Error {
        Error::new(ErrorKind::Device, op, needs, got)
    }

    /// An error of somebody else's on its way through the engine.
    pub fn raised(cause: impl Any + Send + Sync, text: String) -> Error {
        let cause = Some(Cause(Arc::new(cause)));
        Error { cause, ..Error::new(ErrorKind::Raised, "a function from outside", "to succeed", text) }
    }

    /// What the user can do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} needs {}, got {}", self.op, self.needs, self.got)?;
        match &self.hint {
            Some(hint) => write!(f, ": {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// A shape as Python writes it: `(2, 3)`, `(4,)`, `()`.
pub fn show_shape(shape: &[usize]) -> String {
    match shape {
        [n] => format!("({n},)"),
        _ => format!("({})", shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
    }
}
