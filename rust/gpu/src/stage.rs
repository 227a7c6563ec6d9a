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

    /// The kernel with those of its arguments that it uses.
    pub fn of_used(mut kernel: Kernel) -> Stage {
        let args = kernel.args.clone();
        let mut used: Vec<usize> = Vec::new();
        kernel.replace_args(&[], |arg| {
            used.iter().position(|&known| known == arg).unwrap_or_else(|| {
                used.push(arg);
                used.len() - 1
            })
        });
        kernel.args = used.iter().map(|&arg| args[arg]).collect();
        Stage { kernel, sources: used.into_iter().map(Source::Argument).collect() }
    }

    /// Stages side by side in one kernel.
    pub fn beside(mut stages: Vec<Stage>) -> Stage {
        if stages.len() == 1 {
            return stages.remove(0);
        }
        let mut whole = Stage::of(&stages[0].kernel);
        for stage in &mut stages {
            for (source, arg) in stage.sources.iter().zip(&stage.kernel.args) {
                whole.argument(*source, *arg);
            }
        }
        let Stage { kernel: Kernel { args, .. }, sources } = whole;
        let place = |source: Source| sources.iter().position(|&known| known == source).expect("added above");
        let parts = stages.into_iter().map(|mut stage| {
            stage.kernel.replace_args(&args, |arg| place(stage.sources[arg]));
            stage.kernel
        });
        Stage { kernel: Kernel::horizontal(parts.collect()), sources }
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
