//! Random numbers from a counter-based generator: the same seed gives the same numbers on every device.

use crate::capture::{self, Origin};
use crate::device::Device;
use crate::dtype::{DType, Scalar};
use crate::elementwise::Elementwise;
use crate::error::{Error, Result};
use crate::math::{threefry, threefry_pair};
use crate::shape::{Shape, numel};
use crate::tensor::Tensor;
use crate::vmap;

/// A stream of keys: each call that draws numbers takes the next one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Generator {
    pub seed: u64,
    pub calls: u32,
}

impl Generator {
    pub const fn new(seed: u64) -> Generator {
        Generator { seed, calls: 0 }
    }

    /// Word pair `(calls, branch)` of the seed: branch 0 keys the numbers of a call, the others seed split streams.
    fn derive(&self, branch: u32) -> (u32, u32) {
        threefry_pair(self.seed as u32, (self.seed >> 32) as u32, self.calls, branch)
    }

    /// The key of the nth call from now on, counted from 1.
    pub fn key(&self, n: u32) -> (u32, u32) {
        Generator { seed: self.seed, calls: self.calls.wrapping_add(n) }.derive(0)
    }

    fn next_key(&mut self) -> (u32, u32) {
        self.calls = self.calls.wrapping_add(1);
        self.derive(0)
    }

    /// `n` generators whose streams have nothing to do with each other's nor with this one's.
    pub fn split(&mut self, n: u32) -> Vec<Generator> {
        self.calls = self.calls.wrapping_add(1);
        (1..=n)
            .map(|branch| self.derive(branch))
            .map(|(low, high)| Generator::new(low as u64 | (high as u64) << 32))
            .collect()
    }

    /// Uniform random words of dtype uint32.
    pub fn bits(&mut self, shape: &[usize], device: &Device) -> Result<Tensor> {
        vmap::check_random("random", false)?;
        let key = self.next_key();
        let (generator, calls) = (std::ptr::from_ref(self) as usize, self.calls);
        let word = |value: u32, second: bool| {
            let word = Tensor::scalar(Scalar::int(value as i64, DType::U32), device);
            capture::tag(&word, Origin::Key { generator, calls, second });
            word
        };
        let shape = Shape::from_slice(shape);
        if numel(&shape) > i32::MAX as usize {
            return Err(Error::value("random", "at most 2147483647 numbers in one call", numel(&shape).to_string()));
        }
        let counter = Tensor::iota(numel(&shape), device).cast(DType::U32)?.reshape_to(shape);
        Tensor::elementwise(Elementwise::Threefry, &[word(key.0, false), word(key.1, true), counter])
    }

    /// Numbers from [low, high), each of as many equally likely steps above low as the dtype has digits.
    pub fn uniform(&mut self, shape: &[usize], low: f64, high: f64, dtype: DType, device: &Device) -> Result<Tensor> {
        if !(low <= high && (high - low).is_finite()) {
            return Err(Error::value("uniform", "finite low <= high", format!("{low} and {high}")));
        }
        let unit = self.unit(shape, dtype, device)?;
        let wide = unit.dtype();
        let number = |value: f64| Tensor::scalar(Scalar::float(value, wide), device);
        // Rounding may reach `high` itself, which the interval leaves out.
        let below = next_below(high, dtype)?.max(low);
        (unit * &number(high - low) + &number(low)).minimum(&number(below)).cast(dtype)
    }

    /// Numbers from [0, 1), multiples of 2^-(digits of the dtype); half types are computed, and given, in float32.
    fn unit(&mut self, shape: &[usize], dtype: DType, device: &Device) -> Result<Tensor> {
        let mut top = |digits: i32, wide: DType| -> Result<Tensor> {
            let shift = Tensor::constant(Scalar::int(32 - digits as i64, DType::U32), device);
            Tensor::elementwise(Elementwise::ShiftRight, &[self.bits(shape, device)?, shift])?.cast(wide)
        };
        if dtype == DType::F64 {
            let high = top(27, dtype)? * 2f64.powi(26);
            return Ok((high + &top(26, dtype)?) * 2f64.powi(-53));
        }
        let digits = digits(dtype)?;
        Ok(top(digits, DType::F32)? * 2f64.powi(-digits))
    }

    /// Numbers of the normal distribution, by Box and Muller's transform.
    pub fn normal(
        &mut self,
        shape: &[usize],
        mean: f64,
        deviation: f64,
        dtype: DType,
        device: &Device,
    ) -> Result<Tensor> {
        digits(dtype)?;
        let wide = if dtype == DType::F64 { dtype } else { DType::F32 };
        let radius = (-&(1.0 - &self.unit(shape, wide, device)?).log()) * 2.0;
        let angle = self.unit(shape, wide, device)? * std::f64::consts::TAU;
        let standard = radius.sqrt() * &angle.cos();
        let number = |value: f64| Tensor::scalar(Scalar::float(value, wide), device);
        (standard * &number(deviation) + &number(mean)).cast(dtype)
    }

    /// 0 … n - 1 in random order, as int32: Fisher and Yates' shuffle on the host.
    pub fn permutation(&mut self, n: usize, device: &Device) -> Result<Tensor> {
        vmap::check_random("permutation", true)?;
        if n > i32::MAX as usize {
            return Err(Error::value("permutation", "n of at most 2147483647", n.to_string()));
        }
        let key = self.next_key();
        let mut order: Vec<i32> = (0..n as i32).collect();
        for last in (1..n).rev() {
            // The bias of the product method is below last / 2^32.
            let word = threefry(key.0, key.1, last as u32) as u64;
            order.swap(last, ((word * (last as u64 + 1)) >> 32) as usize);
        }
        let bytes: Vec<u8> = order.iter().flat_map(|value| value.to_ne_bytes()).collect();
        Tensor::from_bytes(&bytes, &[n], DType::I32, device)
    }
}

/// Binary digits of a float's significand.
fn digits(dtype: DType) -> Result<i32> {
    match dtype {
        DType::F64 => Ok(53),
        DType::F32 => Ok(24),
        DType::F16 => Ok(11),
        DType::BF16 => Ok(8),
        _ => Err(Error::dtype("random", "a float dtype", dtype.name())),
    }
}

/// The greatest number of a float dtype below `value`, up to a last digit.
fn next_below(value: f64, dtype: DType) -> Result<f64> {
    let round = |number: f64| match dtype {
        DType::F16 => half::f16::from_f64(number).to_f64(),
        DType::BF16 => half::bf16::from_f64(number).to_f64(),
        DType::F32 => number as f32 as f64,
        _ => number,
    };
    let mut step = (value.abs() * 2f64.powi(-digits(dtype)?)).max(f32::MIN_POSITIVE as f64);
    let mut below = round(value);
    while below >= value {
        below = round(value - step);
        step *= 2.0;
    }
    Ok(below)
}

#[cfg(test)]
mod tests {
    use super::{Generator, next_below};
    use crate::DType;
    use crate::math::threefry;

    #[test]
    fn numbers_below() {
        for (value, dtype, expected) in [
            (1.0, DType::F32, 1.0 - 2f64.powi(-24)),
            (1.0, DType::F64, 1.0 - 2f64.powi(-53)),
            (-1.0, DType::F16, -1.0 - 2f64.powi(-10)),
            (3.0, DType::BF16, 3.0 - 2f64.powi(-6)),
            (0.1, DType::F32, 0.1f32.next_down() as f64),
        ] {
            assert_eq!(next_below(value, dtype).unwrap(), expected, "{value} {dtype:?}");
        }
        assert!(next_below(0.0, DType::F16).unwrap() < 0.0);
    }

    #[test]
    fn split_streams_differ_from_each_other_and_from_their_parent() {
        let mut parent = Generator::new(3);
        let mut streams = parent.split(3);
        streams.push(parent);
        let keys: std::collections::HashSet<_> = streams.iter_mut().map(Generator::next_key).collect();
        assert_eq!(keys.len(), 4);
        assert_eq!(Generator::new(3).split(2)[..], Generator::new(3).split(3)[..2]);
    }

    #[test]
    fn threefry_gives_the_published_words() {
        // Random123's known answers for threefry2x32, 20 rounds, with the second counter word zero.
        assert_eq!(threefry(0, 0, 0), 0x6b20_0159);
    }
}
