//! Index arithmetic: a view's address and the condition under which it has one, as WGSL.

use rutile_core::view::{Guard, Level, View};

use crate::wgsl::{Scope, Writer};

#[derive(Clone, Debug)]
pub struct Address {
    pub expression: String,
    /// A bool expression, if the view has guards.
    pub valid: Option<String>,
}

impl Writer<'_> {
    /// Writes what computes the address of `view` at the scope's index. All arithmetic is u32 and wraps, so a value
    /// below zero becomes a huge one and one comparison with the bound covers both ends.
    pub fn address(&mut self, view: &View, scope: &Scope) -> Address {
        if let Some(linear) = scope.linear
            && view.is_contiguous()
        {
            return Address { expression: linear.to_string(), valid: None };
        }
        if let Some((strides, place)) = scope.place
            && view.is_plain(strides)
        {
            return Address { expression: place.to_string(), valid: None };
        }
        let mut conditions = Vec::new();
        let mut expression = String::new();
        for (depth, level) in view.levels.iter().enumerate() {
            let index = match depth {
                0 => scope.index.to_vec(),
                _ => self.split(&expression, &level.shape, "j"),
            };
            expression = self.level(level, &index, &mut conditions);
        }
        let valid = (!conditions.is_empty()).then(|| {
            let name = self.name("ok");
            self.line(format!("let {name} = {};", conditions.join(" && ")));
            name
        });
        Address { expression, valid }
    }

    /// The address `position` steps of `stride` further, valid only for positions from 0 to `bound` - 1.
    pub fn gathered(&mut self, base: Address, position: &str, stride: i64, bound: i64) -> Address {
        let (at, valid) = (self.name("at"), self.name("ok"));
        self.line(format!("let {at} = bitcast<u32>({position});"));
        let inside = format!("{at} < {}", self.integer(bound));
        let guards = base.valid.map_or(String::new(), |valid| format!(" && {valid}"));
        self.line(format!("let {valid} = {inside}{guards};"));
        let step = if stride == 1 { at } else { format!("{at} * {}", self.integer(stride)) };
        let expression = if base.expression == "0u" { step } else { format!("{} + {step}", base.expression) };
        Address { expression, valid: Some(valid) }
    }

    fn level(&mut self, level: &Level, index: &[String], conditions: &mut Vec<String>) -> String {
        let mut terms = self.terms(&level.strides, level.offset, index);
        for guard in &level.guards {
            terms.extend(self.guard(guard, index, conditions));
        }
        match terms.as_slice() {
            [] => "0u".into(),
            [term] if !term.contains(' ') => term.clone(),
            _ => {
                let name = self.name("address");
                self.line(format!("let {name} = {};", terms.join(" + ")));
                name
            }
        }
    }

    /// Adds the guard's condition; gives its term of the address, if it has one.
    fn guard(&mut self, guard: &Guard, index: &[String], conditions: &mut Vec<String>) -> Option<String> {
        let terms = self.terms(&guard.coefs, guard.offset, index);
        let value = match terms.as_slice() {
            [] => "0u".into(),
            [term] if !term.contains(' ') => term.clone(),
            _ => {
                let name = self.name("g");
                self.line(format!("let {name} = {};", terms.join(" + ")));
                name
            }
        };
        let mut quotient = value.clone();
        if guard.divisor != 1 {
            let divisor = self.integer(guard.divisor);
            quotient = self.name("q");
            self.line(format!("let {quotient} = {value} / {divisor};"));
            conditions.push(format!("{quotient} * {divisor} == {value}"));
        }
        let bound = self.integer(guard.bound);
        conditions.push(format!("{quotient} < {bound}"));
        match guard.stride {
            0 => None,
            1 => Some(quotient),
            stride => Some(format!("{quotient} * {}", self.integer(stride))),
        }
    }

    fn terms(&mut self, coefs: &[i64], offset: i64, index: &[String]) -> Vec<String> {
        let mut terms = Vec::new();
        for (&coef, index) in coefs.iter().zip(index) {
            match coef {
                _ if index == "0u" => {}
                0 => {}
                1 => terms.push(index.clone()),
                _ => terms.push(format!("{index} * {}", self.integer(coef))),
            }
        }
        if offset != 0 {
            terms.push(self.integer(offset));
        }
        terms
    }
}
