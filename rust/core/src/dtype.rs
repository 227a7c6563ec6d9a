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

    /// float16 and bfloat16, which are computed with as float32 and rounded when they are stored, cast or compared.
    pub fn is_half(self) -> bool {
        matches!(self, F16 | BF16)
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

    /// The dtype of sums and products of elements: the default integer for bools and smaller integers.
    pub fn sum(self) -> DType {
        match self {
            Bool | I8 | I16 => I32,
            U8 | U16 => U32,
            _ => self,
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

/// One number of a dtype: floats as f64 bits, integers as i64 bits (uint64 reinterpreted), bools as 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scalar {
    pub dtype: DType,
    bits: u64,
}

impl Scalar {
    /// A float becomes an integer as in a cast: cut towards zero, saturated, NaN as 0.
    pub fn float(value: f64, dtype: DType) -> Scalar {
        let bits = match dtype {
            F16 | BF16 | F32 | F64 => value.to_bits(),
            Bool => (value != 0.0) as u64,
            U8 => value as u8 as u64,
            U16 => value as u16 as u64,
            U32 => value as u32 as u64,
            U64 => value as u64,
            I8 => value as i8 as u64,
            I16 => value as i16 as u64,
            I32 => value as i32 as u64,
            I64 => value as i64 as u64,
        };
        Scalar { dtype, bits }
    }

    /// An integer wraps where the dtype is narrower.
    pub fn int(value: i64, dtype: DType) -> Scalar {
        let bits = match dtype {
            F16 | BF16 | F32 | F64 => return Scalar::float(value as f64, dtype),
            Bool => (value != 0) as u64,
            U8 => value as u8 as u64,
            U16 => value as u16 as u64,
            U32 => value as u32 as u64,
            I8 => value as i8 as u64,
            I16 => value as i16 as u64,
            I32 => value as i32 as u64,
            U64 | I64 => value as u64,
        };
        Scalar { dtype, bits }
    }

    /// The element that lies at the start of `bytes` in native byte order.
    pub fn from_bytes(bytes: &[u8], dtype: DType) -> Scalar {
        fn first<const N: usize>(bytes: &[u8]) -> [u8; N] {
            bytes[..N].try_into().expect("N bytes")
        }
        let bits = match dtype.size() {
            1 => bytes[0] as u64,
            2 => u16::from_ne_bytes(first(bytes)) as u64,
            4 => u32::from_ne_bytes(first(bytes)) as u64,
            _ => u64::from_ne_bytes(first(bytes)),
        };
        match dtype {
            F16 => Scalar::float(half::f16::from_bits(bits as u16).to_f64(), dtype),
            BF16 => Scalar::float(half::bf16::from_bits(bits as u16).to_f64(), dtype),
            F32 => Scalar::float(f32::from_bits(bits as u32) as f64, dtype),
            F64 => Scalar::float(f64::from_bits(bits), dtype),
            I8 => Scalar::int(bits as i8 as i64, dtype),
            I16 => Scalar::int(bits as i16 as i64, dtype),
            I32 => Scalar::int(bits as i32 as i64, dtype),
            _ => Scalar::int(bits as i64, dtype),
        }
    }

    /// The number converted to another dtype, as a cast converts it.
    pub fn cast(self, dtype: DType) -> Scalar {
        match self.dtype {
            F16 | BF16 | F32 | F64 => Scalar::float(self.as_f64(), dtype),
            U64 if dtype.is_float() => Scalar::float(self.bits as f64, dtype),
            _ => Scalar::int(self.bits as i64, dtype),
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

    /// The value as backends get it: float64 as its bits, other floats as float32 bits, integers in two's complement
    /// (sign-extended if they are signed), bools as 0 or 1.
    pub fn word(self) -> u64 {
        match self.dtype {
            F16 | BF16 | F32 => (self.as_f64() as f32).to_bits() as u64,
            _ => self.bits,
        }
    }

    /// The number of an unsigned dtype.
    pub fn as_u64(self) -> u64 {
        if self.dtype.is_float() { f64::from_bits(self.bits) as u64 } else { self.bits }
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
