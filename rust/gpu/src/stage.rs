//! A kernel made from a part of another one.

use rutile_core::kernel::{Arg, Block, Kernel, Value};

/// A kernel and what its arguments are.
pub struct Stage {
    pub kernel: Kernel,
    pub sources: Vec<Source>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Argument n of the original kernel.
    Argument(usize),
    /// Piece n of working memory.
    Piece(usize),
}

impl Stage {
    pub fn whole(kernel: Kernel) -> Stage {
        let sources = (0..kernel.args.len()).map(Source::Argument).collect();
        Stage { kernel, sources }
    }

    /// The kernel without arguments yet.
    pub fn of(kernel: &Kernel) -> Stage {
        Stage { kernel: Kernel { args: Vec::new(), ..kernel.clone() }, sources: Vec::new() }
    }

    /// The number of a source among the arguments.
    pub fn argument(&mut self, source: Source, arg: Arg) -> usize {
        match self.sources.iter().position(|&known| known == source) {
            Some(place) => place,
            None => {
                self.sources.push(source);
                self.kernel.args.push(arg);
                self.sources.len() - 1
            }
        }
    }

    /// A block of the original kernel with its arguments renumbered.
    pub fn adopt(&mut self, block: &Block, args: &[Arg]) -> Block {
        let mut block = block.clone();
        for instruction in &mut block.code {
            if let Value::Load { arg, .. } | Value::Gather { arg, .. } = &mut instruction.value {
                *arg = self.argument(Source::Argument(*arg), args[*arg]);
            }
        }
        block
    }

    /// Runs the original kernel's body and stores to the arguments that its stores go to.
    pub fn adopt_body(&mut self, kernel: &Kernel) {
        self.kernel.body = self.adopt(&kernel.body, &kernel.args);
        self.adopt_stores(kernel);
    }

    /// Stores to the arguments that the original kernel's stores go to.
    pub fn adopt_stores(&mut self, kernel: &Kernel) {
        for (n, store) in kernel.stores.iter().enumerate() {
            self.kernel.stores[n].arg = self.argument(Source::Argument(store.arg), kernel.args[store.arg]);
        }
    }
}
