//! What the device runs for a kernel: one pass, or several that hand working memory from one to the next.

use rutile_core::kernel::{Access, Kernel};

use crate::stage::{Source, Stage};
use crate::wgsl::{Shader, Writer};

/// One dispatch.
#[derive(Clone, Debug)]
pub struct Pass {
    pub shader: Shader,
    /// What the shader's bindings are: arguments of the kernel, then pieces of its working memory.
    pub sources: Vec<Source>,
}

/// The passes of a kernel.
#[derive(Clone, Debug, Default)]
pub struct Passes {
    pub list: Vec<Pass>,
    /// Bytes of each piece of working memory.
    pub work: Vec<u64>,
}

/// A piece of working memory as a pass sees it.
#[derive(Clone, Copy)]
pub struct Work {
    pub piece: usize,
    pub name: &'static str,
    /// WGSL type of an element.
    pub element: &'static str,
}

impl Passes {
    /// A kernel that takes a single pass.
    pub fn single(kernel: &Kernel, shader: Shader) -> Passes {
        let sources = (0..kernel.args.len()).map(Source::Argument).collect();
        Passes { list: vec![Pass { shader, sources }], work: vec![] }
    }

    /// Another piece of working memory.
    pub fn piece(&mut self, bytes: usize) -> usize {
        self.work.push(bytes as u64);
        self.work.len() - 1
    }

    /// Adds a pass with the stage's arguments and some working memory.
    pub fn add(&mut self, stage: &Stage, work: &[(Work, Access)], write: impl FnOnce(&mut Writer)) {
        let mut writer = Writer::new(&stage.kernel);
        work.iter().for_each(|&(work, access)| writer.bind(work.name, access, work.element));
        write(&mut writer);
        let pieces = work.iter().map(|(work, _)| Source::Piece(work.piece));
        let sources = stage.sources.iter().copied().chain(pieces).collect();
        self.list.push(Pass { shader: writer.finish(), sources });
    }
}
