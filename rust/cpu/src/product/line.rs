//! Where a matrix's elements lie along one of its directions.

use rutile_core::view::Level;

/// Guards that packing can test; views with more are evaluated as code.
pub const MOST_GUARDS: usize = 4;

/// One direction of a matrix in memory: an affine expression of the axes that it consists of, for the address and for
/// what each guard tests.
#[derive(Clone, Debug)]
pub struct Line {
    sizes: Vec<usize>,
    /// For the address and each guard: a step for each axis.
    steps: Vec<Vec<i64>>,
}

/// The addresses of a range of a line, and its share in the values of guards.
#[derive(Debug, Default)]
pub struct Entries {
    count: usize,
    pub addresses: Vec<isize>,
    /// Followed by room for a vector.
    pub guards: Vec<Vec<i32>>,
}

/// Values that may be read beyond the last entry, so that vectors can be loaded.
const ROOM: usize = 16;

/// Where the elements along these axes lie.
pub fn addresses(level: &Level, axes: &[usize]) -> Vec<isize> {
    let (line, count) = (Line::new(level, axes), axes.iter().map(|&axis| level.shape[axis]).product());
    (0..count).map(|number| line.at(number).0).collect()
}

impl Line {
    /// The given axes of a view of one level, outermost first.
    pub fn new(level: &Level, axes: &[usize]) -> Line {
        let coefs: Vec<_> =
            std::iter::once(&level.strides).chain(level.guards.iter().map(|guard| &guard.coefs)).collect();
        let mut line = Line { sizes: Vec::new(), steps: vec![Vec::new(); coefs.len()] };
        for &axis in axes.iter().filter(|&&axis| level.shape[axis] != 1) {
            let size = level.shape[axis];
            // An axis that goes on where the one before it ends joins it.
            let joins = |(steps, coefs): (&Vec<i64>, &&rutile_core::shape::Coefs)| {
                steps.last().is_some_and(|&outer| outer == coefs[axis] * size as i64)
            };
            let all = line.steps.iter().zip(&coefs).all(joins);
            if all {
                *line.sizes.last_mut().expect("an axis to join") *= size;
            } else {
                line.sizes.push(size);
            }
            for (steps, coefs) in line.steps.iter_mut().zip(&coefs) {
                if all {
                    steps.pop();
                }
                steps.push(coefs[axis]);
            }
        }
        line
    }

    /// Evenly spaced elements without guards.
    pub fn regular(size: usize, step: i64) -> Line {
        Line { sizes: vec![size], steps: vec![vec![step]] }
    }

    /// Axes that could not be joined.
    pub fn axes(&self) -> usize {
        self.sizes.len()
    }

    /// Length of the innermost axis, and its step in memory.
    pub fn innermost(&self) -> (usize, i64) {
        match (self.sizes.last(), self.steps[0].last()) {
            (Some(&size), Some(&step)) => (size, step),
            _ => (1, 0),
        }
    }

    /// Address and guard values of one element.
    pub fn at(&self, number: usize) -> (isize, [i32; MOST_GUARDS]) {
        let mut rest = number;
        let mut values = [0; 1 + MOST_GUARDS];
        for axis in (0..self.sizes.len()).rev() {
            let index = (rest % self.sizes[axis]) as i64;
            rest /= self.sizes[axis];
            for (value, steps) in values.iter_mut().zip(&self.steps) {
                *value += steps[axis] * index;
            }
        }
        let mut guards = [0; MOST_GUARDS];
        guards.iter_mut().zip(&values[1..]).for_each(|(guard, &value)| *guard = value as i32);
        (values[0] as isize, guards)
    }

    /// Lists the elements `first..first + count`, whose guard values are counted from `starts`.
    pub fn list(&self, first: usize, count: usize, starts: &[i32; MOST_GUARDS], entries: &mut Entries) {
        entries.count = count;
        entries.addresses.clear();
        let guards = self.steps.len() - 1;
        entries.guards.resize(guards.max(entries.guards.len()), Vec::new());
        entries.guards.iter_mut().for_each(Vec::clear);
        let (inner, _) = self.innermost();
        let mut number = first;
        while number < first + count {
            let column = number % inner;
            let run = (inner - column).min(first + count - number);
            let (address, values) = self.at(number);
            let step = |n: usize| self.steps[n].last().copied().unwrap_or(0);
            entries.addresses.extend((0..run).map(|i| address + i as isize * step(0) as isize));
            for guard in 0..guards {
                let (start, step) = (values[guard] + starts[guard], step(guard + 1) as i32);
                entries.guards[guard].extend((0..run as i32).map(|i| start + i * step));
            }
            number += run;
        }
        entries.guards[..guards].iter_mut().for_each(|values| values.resize(count + ROOM, 0));
    }
}

impl Entries {
    pub fn len(&self) -> usize {
        self.count
    }
}
