//! Values in registers: their WGSL types, literals, casts and ops.
//!
//! Elements narrower than a word are computed with as words. Half-precision floats are f32, and are rounded when they are
//! stored, cast or compared; integers of 8 and 16 bits are i32 or u32, wrapped to their width by every op that may leave it.

use rutile_core::dtype::{DType, Kind, Scalar};
use rutile_core::elementwise::Elementwise;

/// The dtype whose WGSL type a value has while it is computed with.
pub fn register(dtype: DType) -> DType {
    match dtype {
        DType::I8 | DType::I16 => DType::I32,
        DType::U8 | DType::U16 => DType::U32,
        DType::F16 | DType::BF16 => DType::F32,
        DType::Bool | DType::I32 | DType::U32 | DType::I64 | DType::U64 | DType::F32 | DType::F64 => dtype,
    }
}

/// WGSL type of a value in registers.
pub fn type_name(dtype: DType) -> &'static str {
    match register(dtype) {
        DType::Bool => "bool",
        DType::I32 => "i32",
        DType::U32 => "u32",
        DType::I64 => "i64",
        DType::U64 => "u64",
        DType::F64 => "f64",
        _ => "f32",
    }
}

/// Whether values are wrapped after ops, as their registers are wider.
pub fn is_narrow_integer(dtype: DType) -> bool {
    dtype.is_int() && register(dtype) != dtype
}

/// What a literal of the dtype's registers ends in.
fn suffix(dtype: DType) -> &'static str {
    match register(dtype) {
        DType::I32 => "i",
        DType::U32 => "u",
        DType::I64 => "li",
        DType::U64 => "lu",
        DType::F64 => "lf",
        _ => "",
    }
}

pub fn zero(dtype: DType) -> String {
    match dtype.kind() {
        Kind::Bool => "false".into(),
        Kind::Float => format!("0.0{}", suffix(dtype)),
        _ => format!("0{}", suffix(dtype)),
    }
}

/// The literal of a number around which compilers simplify; None for those that may vary with sizes.
pub fn literal(scalar: Scalar) -> Option<String> {
    let suffix = suffix(scalar.dtype);
    match scalar.dtype.kind() {
        Kind::Bool => Some(if scalar.is(0) { "false" } else { "true" }.to_string()),
        Kind::Float => {
            let value = scalar.as_f64();
            let plain = [0.0f64, 0.5, 1.0, 2.0, -1.0].iter().any(|known| known.to_bits() == value.to_bits());
            plain.then(|| format!("{value:?}{suffix}"))
        }
        _ => [0, 1].into_iter().find(|&value| scalar.is(value)).map(|value| format!("{value}{suffix}")),
    }
}

/// The number whose [`Scalar::word`] the words are: one, or the low and the high one of a dtype of 64 bits.
pub fn from_words(words: &[String], dtype: DType) -> String {
    match (words, register(dtype)) {
        ([low, high], register) => format!("join_{}({low}, {high})", type_name(register)),
        ([word], DType::Bool) => format!("({word} != 0u)"),
        ([word], DType::U32) => word.clone(),
        ([word], register) => format!("bitcast<{}>({word})", type_name(register)),
        _ => unreachable!("a number has one word or two"),
    }
}

/// The value as one that the dtype's elements can hold: rounded or wrapped.
pub fn fitted(value: &str, dtype: DType) -> String {
    match dtype {
        DType::F16 | DType::BF16 => format!("round_{dtype}({value})"),
        _ if is_narrow_integer(dtype) => format!("wrap_{dtype}({value})"),
        _ => value.to_string(),
    }
}

/// The value converted. Floats are cut towards zero and saturate to become integers, integers wrap.
pub fn cast(value: &str, from: DType, to: DType) -> String {
    let (a, b) = (register(from), register(to));
    match (from.kind(), to.kind()) {
        _ if from == to => fitted(value, to),
        (Kind::Bool, Kind::Bool) => value.to_string(),
        // naga writes float != as an ordered comparison, which is false for NaN.
        (Kind::Float, Kind::Bool) => format!("!({value} == {})", zero(a)),
        (Kind::Float, Kind::Signed | Kind::Unsigned) if is_narrow_integer(to) => {
            let (least, greatest) = range(to);
            let suffix = suffix(to);
            format!("clamp({}_to_{}({value}), {least}{suffix}, {greatest}{suffix})", type_name(a), type_name(b))
        }
        (Kind::Float, Kind::Signed | Kind::Unsigned) => format!("{}_to_{}({value})", type_name(a), type_name(b)),
        (Kind::Float, Kind::Float) if a == DType::F64 && to.is_half() => fitted(&format!("f64_to_odd({value})"), to),
        (_, Kind::Bool) if matches!(a, DType::I64 | DType::U64) => format!("({value} != {})", zero(a)),
        // naga extends by the sign of the result rather than of the operand.
        (Kind::Unsigned, Kind::Signed) if b == DType::I64 && a == DType::U32 => format!("i64(u64({value}))"),
        (Kind::Signed, Kind::Unsigned) if b == DType::U64 && a == DType::I32 => format!("u64(i64({value}))"),
        _ if a == b => fitted(value, to),
        _ => fitted(&format!("{}({value})", type_name(b)), to),
    }
}

/// Least and greatest number of an integer dtype of less than 64 bits.
fn range(dtype: DType) -> (i64, i64) {
    let bits = 8 * dtype.size() as u32;
    match dtype.kind() {
        Kind::Signed => (-1 << (bits - 1), (1 << (bits - 1)) - 1),
        _ => (0, (1 << bits) - 1),
    }
}

/// The op's text for operands of `dtype`, with what WGSL itself spells differently for some types.
pub fn elementwise(op: Elementwise, dtype: DType, operands: &[&str]) -> String {
    use Elementwise::*;
    if !is_narrow_integer(dtype) {
        return of_registers(op, dtype, operands);
    }
    match op {
        Neg | Abs | Not | Add | Sub | Mul | FloorDiv | Gcd | Pow | ShiftLeft | Threefry => {
            fitted(&of_registers(op, dtype, operands), dtype)
        }
        _ => of_registers(op, dtype, operands),
    }
}

fn of_registers(op: Elementwise, dtype: DType, operands: &[&str]) -> String {
    use Elementwise::*;
    let kind = dtype.kind();
    match op {
        Threefry if dtype == DType::U64 => {
            let words: Vec<String> = operands.iter().map(|operand| format!("u32({operand})")).collect();
            return format!("u64(threefry({}))", words.join(", "));
        }
        Floor | Ceil | Round | Trunc if kind != Kind::Float => return operands[0].to_string(),
        Abs if kind == Kind::Unsigned => return operands[0].to_string(),
        Neg if kind == Kind::Unsigned => return format!("({} - {})", zero(dtype), operands[0]),
        Add if kind != Kind::Bool => return format!("({} + {})", operands[0], operands[1]),
        Mul if kind != Kind::Bool => return format!("({} * {})", operands[0], operands[1]),
        Not => return format!("({}{})", if kind == Kind::Bool { "!" } else { "~" }, operands[0]),
        // naga writes float != as an ordered comparison, which is false for NaN.
        NotEqual if kind == Kind::Float => return format!("!({} == {})", operands[0], operands[1]),
        _ => {}
    }
    let mut text = op.row().wgsl.replace("{T}", type_name(dtype));
    for (n, operand) in operands.iter().enumerate() {
        text = text.replace(&format!("{{{n}}}"), operand);
    }
    text
}
