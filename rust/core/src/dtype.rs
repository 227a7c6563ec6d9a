//! Element types, their promotion table, and scalar values.

use serde::{Deserialize, Serialize};

/// The type of a tensor's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DType {
    Bool,
    U8,
    U16,
    U32,
    U64,
    I8,
    I16,
    I32,
    I64,
    F16,
    BF16,
    F32,
    F64,
}

/// What sort of number a dtype holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Bool,
    Unsigned,
    Signed,
    Float,
}

use DType::*;

impl DType {
    pub const ALL: [DType; 13] = [Bool, U8, U16, U32, U64, I8, I16, I32, I64, F16, BF16, F32, F64];

    pub fn name(self) -> &'static str {
        match self {
            Bool => "bool",
            U8 => "uint8",
            U16 => "uint16",
            U32 => "uint32",
            U64 => "uint64",
            I8 => "int8",
            I16 => "int16",
            I32 => "int32",
            I64 => "int64",
            F16 => "float16",
            BF16 => "bfloat16",
            F32 => "float32",
            F64 => "float64",
        }
    }

    pub fn from_name(name: &str) -> Option<DType> {
        DType::ALL.into_iter().find(|dtype| dtype.name() == name)
    }

    /// Bytes of one element in host memory.
    pub fn size(self) -> usize {
        match self {
            Bool | U8 | I8 => 1,
            U16 | I16 | F16 | BF16 => 2,
            U32 | I32 | F32 => 4,
            U64 | I64 | F64 => 8,
        }
    }

    pub fn kind(self) -> Kind {
        match self {
            Bool => Kind::Bool,
            U8 | U16 | U32 | U64 => Kind::Unsigned,
            I8 | I16 | I32 | I64 => Kind::Signed,
            F16 | BF16 | F32 | F64 => Kind::Float,
        }
    }

    pub fn is_float(self) -> bool {
        self.kind() == Kind::Float
    }

    pub fn is_int(self) -> bool {
        matches!(self.kind(), Kind::Signed | Kind::Unsigned)
    }

    /// The dtype of an operation between two tensors: the array API's table, and PyTorch's choice where that leaves it open
    /// (an integer with a float gives the float; uint64 with a signed integer gives float32, as no integer holds both).
    pub fn promote(self, other: DType) -> DType {
        let (low, high) = if self.kind() <= other.kind() { (self, other) } else { (other, self) };
        match (low.kind(), high.kind()) {
            (a, b) if a == b => match (low, high) {
                (F16, BF16) | (BF16, F16) => F32,
                _ if low.size() >= high.size() => low,
                _ => high,
            },
            (Kind::Unsigned, Kind::Signed) if low.size() < high.size() => high,
            (Kind::Unsigned, Kind::Signed) => match low {
                U8 => I16,
                U16 => I32,
                U32 => I64,
                _ => F32,
            },
            _ => high,
        }
    }

    /// The dtype that a Python scalar takes beside a tensor of this dtype: its own kind decides only when it is higher.
    pub fn with_scalar(self, scalar: Kind) -> DType {
        match (self.kind(), scalar) {
            (Kind::Bool, Kind::Signed | Kind::Unsigned) => I32,
            (Kind::Bool | Kind::Signed | Kind::Unsigned, Kind::Float) => F32,
            _ => self,
        }
    }
}

impl std::fmt::Display for DType {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// One number, kept exactly whatever its dtype: floats as f64 bits, integers as i64 (uint64 reinterpreted), bools as 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scalar {
    pub dtype: DType,
    bits: u64,
}

impl Scalar {
    pub fn float(value: f64, dtype: DType) -> Scalar {
        if dtype.is_float() { Scalar { dtype, bits: value.to_bits() } } else { Scalar::int(value as i64, dtype) }
    }

    pub fn int(value: i64, dtype: DType) -> Scalar {
        match dtype.kind() {
            Kind::Float => Scalar::float(value as f64, dtype),
            Kind::Bool => Scalar { dtype, bits: (value != 0) as u64 },
            _ => Scalar { dtype, bits: value as u64 },
        }
    }

    pub fn as_f64(self) -> f64 {
        match self.dtype.kind() {
            Kind::Float => f64::from_bits(self.bits),
            Kind::Unsigned => self.bits as f64,
            _ => self.bits as i64 as f64,
        }
    }

    pub fn as_i64(self) -> i64 {
        if self.dtype.is_float() { f64::from_bits(self.bits) as i64 } else { self.bits as i64 }
    }

    pub fn is(self, value: i64) -> bool {
        self.as_f64() == value as f64
    }

    /// The value as a 32-bit word, as backends pass scalars of 32-bit dtypes: float bits, two's complement, or 0/1.
    pub fn word(self) -> u32 {
        if self.dtype.is_float() { (self.as_f64() as f32).to_bits() } else { self.bits as u32 }
    }
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self.dtype.kind() {
            Kind::Float => write!(f, "{:?}", self.as_f64()),
            Kind::Bool => write!(f, "{}", self.bits != 0),
            Kind::Unsigned => write!(f, "{}", self.bits),
            Kind::Signed => write!(f, "{}", self.bits as i64),
        }
    }
}
