//! Random numbers from a counter-based generator: the same seed gives the same numbers on every device.

use crate::device::Device;
use crate::dtype::{DType, Scalar};
use crate::elementwise::Elementwise;
use crate::error::{Error, Result};
use crate::math::threefry;
use crate::shape::{Shape, numel};
use crate::tensor::Tensor;

/// A stream of keys: each call that draws numbers takes the next one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Generator {
    pub seed: u32,
    pub calls: u32,
}

impl Generator {
    pub fn new(seed: u32) -> Generator {
        Generator { seed, calls: 0 }
    }

    fn next_key(&mut self) -> (u32, u32) {
        self.calls = self.calls.wrapping_add(1);
        (self.seed, self.calls)
    }

    /// Uniform random words of dtype uint32.
    pub fn bits(&mut self, shape: &[usize], device: &Device) -> Result<Tensor> {
        let (seed, call) = self.next_key();
        let word = |value: u32| Tensor::scalar(Scalar::int(value as i64, DType::U32), device);
        let shape = Shape::from_slice(shape);
        if numel(&shape) > i32::MAX as usize {
            return Err(Error::value("random", "at most 2147483647 numbers in one call", numel(&shape).to_string()));
        }
        let counter = Tensor::iota(numel(&shape), device).cast(DType::U32)?.reshape_to(shape);
        Tensor::elementwise(Elementwise::Threefry, &[word(seed), word(call), counter])
    }

    /// float32 numbers from [low, high), each a multiple of (high - low) / 2^24 above low.
    pub fn uniform(&mut self, shape: &[usize], low: f64, high: f64, device: &Device) -> Result<Tensor> {
        let unit = self.unit(shape, device)?;
        let number = |value: f64| Tensor::scalar(Scalar::float(value, DType::F32), device);
        // Rounding may reach `high` itself, which the interval leaves out.
        let below = (high as f32).next_down().max(low as f32);
        Ok((unit * &number(high - low) + &number(low)).minimum(&number(below as f64)))
    }

    /// float32 numbers from [0, 1).
    fn unit(&mut self, shape: &[usize], device: &Device) -> Result<Tensor> {
        let bits = self.bits(shape, device)?;
        let shift = Tensor::constant(Scalar::int(8, DType::U32), device);
        let top = Tensor::elementwise(Elementwise::ShiftRight, &[bits, shift])?;
        Ok(top.cast(DType::F32)? * (1.0 / 16_777_216.0))
    }

    /// float32 numbers of the normal distribution, by Box and Muller's transform.
    pub fn normal(&mut self, shape: &[usize], mean: f64, deviation: f64, device: &Device) -> Result<Tensor> {
        let radius = (-&(1.0 - &self.unit(shape, device)?).log()) * 2.0;
        let angle = self.unit(shape, device)? * std::f64::consts::TAU;
        let standard = radius.sqrt() * &angle.cos();
        let number = |value: f64| Tensor::scalar(Scalar::float(value, DType::F32), device);
        Ok(standard * &number(deviation) + &number(mean))
    }

    /// 0 … n - 1 in random order, as int32: Fisher and Yates' shuffle on the host.
    pub fn permutation(&mut self, n: usize, device: &Device) -> Result<Tensor> {
        if n > i32::MAX as usize {
            return Err(Error::value("permutation", "n of at most 2147483647", n.to_string()));
        }
        let (seed, call) = self.next_key();
        let mut order: Vec<i32> = (0..n as i32).collect();
        for last in (1..n).rev() {
            // The bias of the product method is below last / 2^32.
            let word = threefry(seed, call, last as u32) as u64;
            order.swap(last, ((word * (last as u64 + 1)) >> 32) as usize);
        }
        let bytes: Vec<u8> = order.iter().flat_map(|value| value.to_ne_bytes()).collect();
        Tensor::from_bytes(&bytes, &[n], DType::I32, device)
    }
}

#[cfg(test)]
mod tests {
    use crate::math::threefry;

    #[test]
    fn threefry_gives_the_published_words() {
        // Random123's known answers for threefry2x32, 20 rounds, with the second counter word zero.
        assert_eq!(threefry(0, 0, 0), 0x6b20_0159);
    }
}
