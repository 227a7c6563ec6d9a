//! Elements in memory. WebGPU addresses nothing smaller than a 32-bit word, so elements of 8 and 16 bits share words, the
//! first one in the lowest bits: byte for byte what the host has, so that copies need no conversion.
//!
//! Two invocations must never write the same word, as one would undo the other. So an invocation produces all elements of
//! the words that it writes, neighbours of each other: without atomics, each word is written once and whole, a load of
//! neighbours is one load, and no memory needs to be cleared first. Kernels that cannot arrange their work so leave it to
//! a second one (`split`). float16 takes the same path on every device: array<f16> would move half as much per load.

use rutile_core::dtype::DType;
use rutile_core::kernel::Kernel;

use crate::value::{self, is_narrow_integer, register, type_name};
use crate::view::Address;
use crate::wgsl::{Scope, Writer};

/// Elements that share a word.
pub fn per_word(dtype: DType) -> usize {
    (4 / dtype.size()).max(1)
}

/// Neighbouring elements of the output that one invocation produces so that it writes whole words.
pub fn lanes(kernel: &Kernel) -> usize {
    kernel.stores.iter().map(|store| per_word(kernel.args[store.arg].dtype)).max().unwrap_or(1)
}

/// WGSL type of what an argument's array is made of.
pub fn array_element(dtype: DType) -> &'static str {
    if per_word(dtype) > 1 { "u32" } else { type_name(dtype) }
}

/// The elements of the output that an invocation produces: `lanes` neighbours, the first of which begins a word.
pub struct Neighbours<'a> {
    /// The number of the first.
    pub first: &'a str,
    pub lanes: usize,
    /// How many elements the output has, if the last neighbours may lie beyond them.
    pub count: Option<&'a str>,
}

/// The neighbour whose code is being written.
pub struct Neighbour {
    pub first: String,
    pub lanes: usize,
    pub number: usize,
    /// The number of the neighbour's own element.
    pub own: String,
    pub words: Words,
}

/// Words that earlier neighbours have loaded: argument, number of the word, name.
pub type Words = Vec<(usize, usize, String)>;

impl Writer<'_> {
    /// Runs the kernel's body for each neighbour and stores the results. `prepare` gives the index and the accumulators
    /// of neighbour n, whose number is the given expression.
    pub fn body_of_neighbours(
        &mut self,
        own: &Neighbours,
        mut prepare: impl FnMut(&mut Self, usize, &str) -> (Vec<String>, Vec<String>),
    ) {
        let kernel = self.kernel;
        let mut words = Vec::new();
        let values = self.repeat(own.lanes, |writer, number| {
            let linear = writer.neighbour_number(own, number);
            let (index, accumulators) = prepare(writer, number, &linear);
            let first = own.first.to_string();
            let neighbour = Neighbour { first, lanes: own.lanes, number, own: linear.clone(), words: Vec::new() };
            let scope = Scope::of_body(&index, &linear, &accumulators);
            writer.of_neighbour(neighbour, &mut words, |writer| writer.block(&kernel.body, &scope))
        });
        for store in &kernel.stores {
            let results: Vec<&str> = values.iter().map(|values| values[store.value].as_str()).collect();
            self.store(store.arg, own, &results);
        }
    }

    /// Writes a neighbour's code, which shares words with that of the others.
    pub fn of_neighbour<T>(
        &mut self,
        neighbour: Neighbour,
        words: &mut Words,
        write: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.neighbour = Some(Neighbour { words: std::mem::take(words), ..neighbour });
        let written = write(self);
        *words = self.neighbour.take().expect("code leaves it in place").words;
        written
    }

    fn neighbour_number(&mut self, own: &Neighbours, number: usize) -> String {
        if number == 0 || self.kernel.body.views().next().is_none() {
            return own.first.to_string();
        }
        let name = self.name("next");
        let next = format!("{} + {number}u", own.first);
        // Beyond the end the last element is computed again, and not stored.
        self.line(match own.count {
            Some(count) => format!("let {name} = min({next}, {count} - 1u);"),
            None => format!("let {name} = {next};"),
        });
        name
    }

    /// Writes the words of an argument that the results of all neighbours make.
    pub fn store(&mut self, arg: usize, own: &Neighbours, results: &[&str]) {
        let dtype = self.kernel.args[arg].dtype;
        let per_word = per_word(dtype);
        for element in (0..own.lanes).step_by(per_word) {
            let word = match &results[element..element + per_word] {
                [result] => result.to_string(),
                results => format!("pack_{dtype}({})", results.join(", ")),
            };
            let place = word_place(own.first, per_word, element / per_word);
            let guard = own.count.filter(|_| element > 0);
            if let Some(count) = guard {
                self.open(format!("if ({} + {element}u < {count}) {{", own.first));
            }
            self.line(format!("a{arg}[{place}] = {word};"));
            if guard.is_some() {
                self.close();
            }
        }
    }

    /// The element of an argument at an address, as a value of `dtype`, which is the argument's or one that its dtype holds
    /// whole.
    pub fn element(&mut self, arg: usize, dtype: DType, address: &Address) -> String {
        let stored = self.kernel.args[arg].dtype;
        let at = &address.expression;
        let element = match per_word(stored) {
            1 => format!("a{arg}[{at}]"),
            _ if self.neighbour.as_ref().is_some_and(|neighbour| neighbour.own == *at) => {
                self.shared_element(arg, stored, at)
            }
            per_word => {
                let at = if at.contains(' ') { self.named("at", at) } else { at.clone() };
                format!("unpack_{stored}(a{arg}[{}], {at})", word_place(&at, per_word, 0))
            }
        };
        match dtype {
            _ if dtype == stored => element,
            DType::Bool => format!("({element} != {})", value::zero(stored)),
            _ if is_narrow_integer(dtype) => value::fitted(&element, dtype),
            _ => element,
        }
    }

    /// The present neighbour's own element, from a word that the other neighbours share.
    fn shared_element(&mut self, arg: usize, stored: DType, at: &str) -> String {
        let per_word = per_word(stored);
        let neighbour = self.neighbour.as_ref().expect("the caller has looked");
        let (word, first) = (neighbour.number / per_word, neighbour.first.clone());
        let place =
            if per_word > neighbour.lanes { at.to_string() } else { format!("{}u", neighbour.number % per_word) };
        let known = neighbour.words.iter().find(|(other, number, _)| (*other, *number) == (arg, word));
        let name = known.map(|(_, _, name)| name.clone()).unwrap_or_else(|| {
            let name = self.named("word", &format!("a{arg}[{}]", word_place(&first, per_word, word)));
            self.neighbour.as_mut().expect("as before").words.push((arg, word, name.clone()));
            name
        });
        format!("unpack_{stored}({name}, {place})")
    }
}

/// The place in an array of the word `step` words after that of element `first`.
fn word_place(first: &str, per_word: usize, step: usize) -> String {
    let place = match per_word {
        1 => first.to_string(),
        _ => format!("{first} >> {}u", per_word.ilog2()),
    };
    match (per_word, step) {
        (_, 0) => place,
        (1, _) => format!("{place} + {step}u"),
        _ => format!("({place}) + {step}u"),
    }
}

/// The dtype of working memory that holds a dtype's results as they are in registers, each in a word of its own.
pub fn working(dtype: DType) -> DType {
    if dtype == DType::Bool { DType::U32 } else { register(dtype) }
}
