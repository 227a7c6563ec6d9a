//! Writes WGSL: bindings, the parameter page, and straight-line code.
//!
//! Numbers that depend on sizes (extents, strides, offsets, bounds, constants other than a few) go to the parameter page,
//! so the text depends on the kernel's structure alone and is the key under which its pipeline is shared.

use std::fmt::Write;

use rustc_hash::FxHashMap;
use rutile_core::dtype::{DType, Scalar};
use rutile_core::kernel::{Access, Block, Instruction, Kernel, Value};
use rutile_core::view::View;

use crate::fault::{self, Limits};
use crate::packed::{Neighbour, Neighbours, array_element};
use crate::prelude;
use crate::value::{cast, elementwise, fitted, from_words, literal, zero};
use crate::view::Address;

/// Invocations of a workgroup in kernels that leave the choice to us; every WebGPU device allows it.
pub const WORKGROUP: usize = 256;
/// Run-time scalars that a plan may have: what a uniform binding holds on every device, as words.
pub const MAX_SCALARS: usize = 65536 / 4;
/// Workgroups along one dimension of a grid that every device allows.
const MAX_GROUPS: usize = 65535;

/// A kernel in the form that the device compiles, with what one launch of it needs.
#[derive(Clone, Debug)]
pub struct Shader {
    pub text: String,
    /// The kernel's part of the parameter page.
    pub parameters: Vec<u32>,
    /// (place in `parameters`, scalar of the kernel, word of it): filled with where that word lies among those of the plan's
    /// scalars.
    pub scalars: Vec<(usize, usize, usize)>,
    /// (place in `parameters`, check of the plan): filled with the check's number on the device.
    pub checks: Vec<(usize, usize)>,
    pub grid: (u32, u32),
    /// Accesses of the arguments in binding order.
    pub accesses: Vec<Access>,
}

impl Shader {
    /// The shader of a kernel that is written so.
    pub fn of(kernel: &Kernel, write: impl FnOnce(&mut Writer)) -> Shader {
        let mut writer = Writer::new(kernel);
        write(&mut writer);
        writer.finish()
    }
}

/// What code in a block may refer to.
#[derive(Default)]
pub struct Scope<'a> {
    /// WGSL expressions of the indices of the iteration space.
    pub index: &'a [String],
    /// The row-major number of the index, if it is at hand.
    pub linear: Option<&'a str>,
    /// The address `Σ strides·index`, if it is at hand, and the strides.
    pub place: Option<(&'a [i64], &'a str)>,
    /// Results of the kernel's reduction.
    pub accumulators: &'a [String],
}

impl<'a> Scope<'a> {
    /// What a kernel's body sees at an index of which `linear` is the row-major number.
    pub fn of_body(index: &'a [String], linear: &'a str, accumulators: &'a [String]) -> Scope<'a> {
        Scope { index, linear: Some(linear), accumulators, ..Scope::default() }
    }
}

/// A block of which a part is written already: expressions of its values, and addresses that later code may share.
#[derive(Default)]
pub struct Written {
    pub values: Vec<String>,
    addresses: Vec<(View, Address)>,
}

/// Values of one element that several blocks share: what is written once is a name ever after.
#[derive(Default)]
pub struct Memo {
    /// Of each instruction, its operands by their numbers here.
    numbers: FxHashMap<Instruction, usize>,
    names: Vec<String>,
    addresses: Vec<(View, Address)>,
}

/// The text under construction.
pub struct Writer<'a> {
    pub kernel: &'a Kernel,
    /// Whose code is being written, while an invocation's neighbouring elements take turns.
    pub neighbour: Option<Neighbour>,
    /// The function that is being written instead of `main`, and the workgroups that it is for.
    function: Option<(String, usize)>,
    /// Working memory that is bound after the kernel's arguments: name, access and WGSL type of an element.
    work: Vec<(&'static str, Access, &'static str)>,
    enabled: String,
    body: String,
    globals: String,
    depth: usize,
    parameters: Vec<u32>,
    /// Where the next parameter is found, while code is repeated that has put its parameters onto the page already.
    repeated: Option<usize>,
    scalars: Vec<(usize, usize, usize)>,
    checks: Vec<(usize, usize)>,
    grid: (u32, u32),
    names: usize,
}

impl<'a> Writer<'a> {
    pub fn new(kernel: &'a Kernel) -> Writer<'a> {
        Writer {
            kernel,
            neighbour: None,
            function: None,
            work: Vec::new(),
            enabled: String::new(),
            body: String::new(),
            globals: String::new(),
            depth: 0,
            parameters: Vec::new(),
            repeated: None,
            scalars: Vec::new(),
            checks: Vec::new(),
            grid: (1, 1),
            names: 0,
        }
    }

    pub fn line(&mut self, text: impl AsRef<str>) {
        for _ in 0..self.depth {
            self.body.push_str("    ");
        }
        self.body.push_str(text.as_ref());
        self.body.push('\n');
    }

    /// A line that ends in `{`: what follows is indented until `close`.
    pub fn open(&mut self, text: impl AsRef<str>) {
        self.line(text);
        self.depth += 1;
    }

    pub fn close(&mut self) {
        self.depth -= 1;
        self.line("}");
    }

    /// Closes one block and opens the next on the same line.
    pub fn reopen(&mut self, text: impl AsRef<str>) {
        self.depth -= 1;
        self.open(text);
    }

    /// A declaration at module scope, which parts side by side share.
    pub fn global(&mut self, text: impl AsRef<str>) {
        if !self.globals.lines().any(|line| line == text.as_ref()) {
            self.globals.push_str(text.as_ref());
            self.globals.push('\n');
        }
    }

    /// Uses an extension of WGSL, which the device must have been asked for.
    pub fn enable(&mut self, extension: &str) {
        writeln!(self.enabled, "enable {extension};").expect("to a string");
    }

    /// Binds working memory after the kernel's arguments.
    pub fn bind(&mut self, name: &'static str, access: Access, element: &'static str) {
        self.work.push((name, access, element));
    }

    /// Puts a number onto the parameter page and gives the expression that reads it.
    pub fn parameter(&mut self, value: u32) -> String {
        let place = self.parameter_place(value);
        format!("p[{}].{}", place / 4, ["x", "y", "z", "w"][place % 4])
    }

    fn parameter_place(&mut self, value: u32) -> usize {
        if let Some(place) = self.repeated {
            debug_assert_eq!(self.parameters[place], value);
            self.repeated = Some(place + 1);
            return place;
        }
        self.parameters.push(value);
        self.parameters.len() - 1
    }

    /// Writes the same code `count` times, for neighbouring elements: they share their parameters.
    pub fn repeat<T>(&mut self, count: usize, mut write: impl FnMut(&mut Self, usize) -> T) -> Vec<T> {
        let start = self.parameters.len();
        let mut results = vec![write(self, 0)];
        for n in 1..count {
            self.repeated = Some(start);
            results.push(write(self, n));
        }
        self.repeated = None;
        results
    }

    /// A size, stride or offset modulo 2^32: addresses are computed in wrapping u32 arithmetic.
    pub fn integer(&mut self, value: i64) -> String {
        match value {
            0 | 1 => format!("{value}u"),
            _ => self.parameter(value as u32),
        }
    }

    /// A fresh name for a local value.
    pub fn name(&mut self, stem: &str) -> String {
        self.names += 1;
        format!("{stem}{}", self.names - 1)
    }

    /// Binds a fresh name to an expression.
    pub fn named(&mut self, stem: &str, expression: &str) -> String {
        let name = self.name(stem);
        self.line(format!("let {name} = {expression};"));
        name
    }

    /// Writes a kernel that has this one's arguments as a function of `group` and `lane`. Gives the number of its workgroups.
    pub fn part(&mut self, name: String, kernel: &'a Kernel, write: impl FnOnce(&mut Self)) -> usize {
        let whole = std::mem::replace(&mut self.kernel, kernel);
        self.function = Some((name, 0));
        write(self);
        self.kernel = whole;
        self.function.take().expect("code leaves it in place").1
    }

    /// Opens `main` for `groups` workgroups of `size` invocations and binds `group` to the linear workgroup number.
    /// Returns whether the grid holds more workgroups than were asked for.
    pub fn open_main(&mut self, groups: usize, size: usize) -> bool {
        if let Some((name, of_part)) = &mut self.function {
            *of_part = groups;
            let text = format!("fn {name}(group: u32, lane: u32) {{");
            self.open(text);
            return false;
        }
        self.line(format!("@compute @workgroup_size({size})"));
        self.open("fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {");
        if groups <= MAX_GROUPS {
            self.grid = (groups as u32, 1);
            self.line("let group = workgroup.x;");
            return false;
        }
        let rows = groups.div_ceil(MAX_GROUPS);
        let width = groups.div_ceil(rows);
        self.grid = (width as u32, rows as u32);
        let width = self.parameter(width as u32);
        self.line(format!("let group = workgroup.x + workgroup.y * {width};"));
        rows * self.grid.0 as usize != groups
    }

    /// Opens `main` for `groups` workgroups of `size` invocations; those beyond return at once.
    pub fn open_groups(&mut self, groups: usize, size: usize) {
        if self.open_main(groups, size) {
            let groups = self.parameter(groups as u32);
            self.return_if(&format!("group >= {groups}"));
        }
    }

    /// Opens `main` for one invocation per `lanes` elements of `count` and binds `i` to the number of its first element.
    /// Gives the expression of `count` if the last invocation may have fewer.
    pub fn open_elements(&mut self, count: usize, lanes: usize) -> Option<String> {
        let overshoots = self.open_main(count.div_ceil(WORKGROUP * lanes), WORKGROUP);
        match lanes {
            1 => self.line(format!("let i = group * {WORKGROUP}u + lane;")),
            _ => self.line(format!("let i = (group * {WORKGROUP}u + lane) * {lanes}u;")),
        }
        // Parts side by side test it anyway, so that those of other sizes have the same text.
        if !overshoots && count.is_multiple_of(WORKGROUP * lanes) && self.function.is_none() {
            return None;
        }
        let expression = self.parameter(count as u32);
        self.return_if(&format!("i >= {expression}"));
        (!count.is_multiple_of(lanes)).then_some(expression)
    }

    fn return_if(&mut self, condition: &str) {
        self.open(format!("if ({condition}) {{"));
        self.line("return;");
        self.close();
    }

    /// Splits the row-major number `linear` into indices of axes of the given sizes, outermost first.
    pub fn split(&mut self, linear: &str, sizes: &[usize], stem: &str) -> Vec<String> {
        if sizes.is_empty() {
            return Vec::new();
        }
        let mut index = vec![String::new(); sizes.len()];
        let mut rest = linear.to_string();
        for axis in (1..sizes.len()).rev() {
            let size = self.integer(sizes[axis].max(1) as i64);
            let (inner, outer) = (self.name(stem), self.name("rest"));
            self.line(format!("let {outer} = {rest} / {size};"));
            self.line(format!("let {inner} = {rest} - {outer} * {size};"));
            index[axis] = inner;
            rest = outer;
        }
        index[0] = rest;
        index
    }

    /// Writes a block's code; gives the expression of each of its values.
    pub fn block(&mut self, block: &Block, scope: &Scope) -> Vec<String> {
        let mut written = Written::default();
        self.block_until(block, block.code.len(), scope, &mut written);
        written.values
    }

    /// As `block`, where values that the memo has are not written again. All must stand in one scope of the text.
    pub fn shared_block(&mut self, block: &Block, scope: &Scope, memo: &mut Memo) -> Vec<String> {
        let mut written = Written { values: Vec::new(), addresses: std::mem::take(&mut memo.addresses) };
        let mut numbers: Vec<usize> = Vec::new();
        for instruction in &block.code {
            let mut key = instruction.clone();
            key.value.operands_mut().into_iter().for_each(|operand| *operand = numbers[*operand]);
            // Steps that compute the same give the same name.
            if let Value::Accumulator(n) = &mut key.value {
                let first = scope.accumulators.iter().position(|name| *name == scope.accumulators[*n]);
                *n = first.expect("itself at least");
            }
            let number = match memo.numbers.get(&key) {
                Some(&number) => number,
                None => {
                    let name = self.instruction(instruction, block, &mut written, scope);
                    memo.names.push(name);
                    memo.numbers.insert(key, memo.names.len() - 1);
                    memo.names.len() - 1
                }
            };
            numbers.push(number);
            written.values.push(memo.names[number].clone());
        }
        memo.addresses = written.addresses;
        written.values
    }

    /// The address `Σ strides·index`.
    pub fn linear(&mut self, strides: &[i64], index: &[String]) -> String {
        let terms: Vec<String> = strides
            .iter()
            .zip(index)
            .map(|(&stride, index)| match stride {
                1 => index.clone(),
                _ => format!("{index} * {}", self.integer(stride)),
            })
            .collect();
        if terms.is_empty() { "0u".into() } else { terms.join(" + ") }
    }

    /// Writes a block's code before instruction `end`, from where `written` has stopped.
    pub fn block_until(&mut self, block: &Block, end: usize, scope: &Scope, written: &mut Written) {
        while written.values.len() < end {
            let instruction = &block.code[written.values.len()];
            let value = self.instruction(instruction, block, written, scope);
            written.values.push(value);
        }
    }

    /// Runs the body for one element of the output, which has words of its own, and stores its results at the scope's
    /// row-major number.
    pub fn body(&mut self, scope: &Scope) {
        let first = scope.linear.expect("stores need the number of the element");
        let own = Neighbours { first, lanes: 1, count: None };
        self.body_of_neighbours(&own, |_, _, _| (scope.index.to_vec(), scope.accumulators.to_vec()));
    }

    pub fn finish(self) -> Shader {
        let mut text = self.enabled;
        let args = self.kernel.args.iter().enumerate();
        let args = args.map(|(n, arg)| (format!("a{n}"), arg.access, array_element(arg.dtype)));
        let work = self.work.iter().map(|&(name, access, element)| (name.to_string(), access, element));
        let mut accesses = Vec::new();
        for (n, (name, access, element)) in args.chain(work).enumerate() {
            let mode = if access == Access::Read { "read" } else { "read_write" };
            writeln!(text, "@group(0) @binding({n}) var<storage, {mode}> {name}: array<{element}>;")
                .expect("to a string");
            accesses.push(access);
        }
        let words = self.parameters.len().div_ceil(4).max(1);
        writeln!(text, "@group(1) @binding(0) var<uniform> p: array<vec4<u32>, {words}>;").expect("to a string");
        if !self.scalars.is_empty() {
            let rows = MAX_SCALARS / 4;
            writeln!(text, "@group(1) @binding(1) var<uniform> s: array<vec4<u32>, {rows}>;").expect("to a string");
        }
        if !self.checks.is_empty() {
            text.push_str(fault::REPORT);
        }
        text.push_str(&self.globals);
        let functions = prelude::used(&self.body);
        text.push('\n');
        for function in functions {
            text.push_str(function);
            text.push('\n');
        }
        text.push_str(&self.body);
        Shader {
            text,
            parameters: self.parameters,
            scalars: self.scalars,
            checks: self.checks,
            grid: self.grid,
            accesses,
        }
    }

    fn instruction(
        &mut self,
        instruction: &Instruction,
        block: &Block,
        written: &mut Written,
        scope: &Scope,
    ) -> String {
        let dtype = instruction.dtype;
        let Written { values, addresses } = written;
        let text = match &instruction.value {
            Value::Accumulator(n) => return scope.accumulators[*n].clone(),
            Value::Load { arg, view } => {
                let address = self.cached_address(view, addresses, scope);
                return self.load(*arg, dtype, &address);
            }
            Value::Gather { arg, view, position, stride, bound } => {
                let address = self.cached_address(view, addresses, scope);
                let address = self.gathered(address, &values[*position], *stride, *bound);
                return self.load(*arg, dtype, &address);
            }
            Value::Index { view } => {
                let address = self.cached_address(view, addresses, scope);
                let number = match &address.valid {
                    Some(valid) => format!("select(0u, {}, {valid})", address.expression),
                    None => address.expression.clone(),
                };
                cast(&number, DType::U32, dtype)
            }
            Value::Valid { view } => {
                let address = self.cached_address(view, addresses, scope);
                address.valid.unwrap_or_else(|| "true".into())
            }
            Value::Scalar(n) => {
                let words: Vec<String> = (0..words_of(dtype)).map(|word| self.scalar_word(*n, word)).collect();
                from_words(&words, dtype)
            }
            Value::Constant(scalar) => self.constant(*scalar),
            Value::Elementwise { op, operands } => {
                let kind = block.code[operands[operands.len() - 1]].dtype;
                // Comparisons must see what a stored operand would be: else x == max(x) could fail.
                let operand =
                    |&n: &usize| if op.row().bool_result { self.rounded(block, values, n) } else { values[n].clone() };
                let texts: Vec<String> = operands.iter().map(operand).collect();
                elementwise(*op, kind, &texts.iter().map(String::as_str).collect::<Vec<_>>())
            }
            Value::Cast(operand) => {
                let from = block.code[*operand].dtype;
                let source =
                    if from == dtype { values[*operand].clone() } else { self.rounded(block, values, *operand) };
                cast(&source, from, dtype)
            }
            Value::Check { operand, valid, low, high, except, number } => {
                let (value, limits) = (values[*operand].clone(), Limits::new(dtype, *low, *high, *except));
                let place = self.repeated.unwrap_or(self.parameters.len());
                let name = self.parameter(0);
                self.checks.push((place, *number));
                fault::write_check(self, &value, dtype, valid.map(|n| values[n].as_str()), &limits, &name);
                return value;
            }
        };
        self.named("v", &text)
    }

    /// A value, a half-precision one rounded to what it would be in memory.
    fn rounded(&self, block: &Block, values: &[String], n: usize) -> String {
        let dtype = block.code[n].dtype;
        if dtype.is_half() && !self.is_rounded(block, n) { fitted(&values[n], dtype) } else { values[n].clone() }
    }

    /// Whether a half-precision value is one that memory holds already.
    pub fn is_rounded(&self, block: &Block, n: usize) -> bool {
        let Instruction { dtype, value } = &block.code[n];
        match value {
            Value::Load { arg, .. } | Value::Gather { arg, .. } => self.kernel.args[*arg].dtype == *dtype,
            Value::Cast(_) => true,
            _ => false,
        }
    }

    /// Word `word` of run-time scalar n.
    fn scalar_word(&mut self, n: usize, word: usize) -> String {
        let place = self.repeated.unwrap_or(self.parameters.len());
        let number = self.parameter(0);
        self.scalars.push((place, n, word));
        format!("s[{number} >> 2u][{number} & 3u]")
    }

    fn cached_address(&mut self, view: &View, addresses: &mut Vec<(View, Address)>, scope: &Scope) -> Address {
        if let Some((_, address)) = addresses.iter().find(|(known, _)| known == view) {
            return address.clone();
        }
        let address = self.address(view, scope);
        addresses.push((view.clone(), address.clone()));
        address
    }

    fn load(&mut self, arg: usize, dtype: DType, address: &Address) -> String {
        let value = self.element(arg, dtype, address);
        let name = self.name("v");
        match &address.valid {
            None => self.line(format!("let {name} = {value};")),
            Some(valid) => {
                self.line(format!("var {name} = {};", zero(dtype)));
                self.open(format!("if ({valid}) {{"));
                self.line(format!("{name} = {value};"));
                self.close();
            }
        }
        name
    }

    /// A few numbers are literals, as compilers simplify around them; the others may vary with sizes.
    fn constant(&mut self, scalar: Scalar) -> String {
        literal(scalar).unwrap_or_else(|| self.number(scalar.word(), scalar.dtype))
    }

    /// Puts a number onto the parameter page, given as [`Scalar::word`], and gives the expression that reads it.
    pub fn number(&mut self, word: u64, dtype: DType) -> String {
        let words: Vec<String> = (0..words_of(dtype)).map(|n| self.parameter((word >> (32 * n)) as u32)).collect();
        from_words(&words, dtype)
    }
}

/// Words of a number on the parameter page or among the scalars.
pub fn words_of(dtype: DType) -> usize {
    dtype.size().div_ceil(4)
}

/// Whether the block has a view that is not simply the row-major number of the index.
pub fn needs_index(block: &Block) -> bool {
    block.views().any(|view| !view.is_contiguous())
}
