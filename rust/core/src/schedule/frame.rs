//! How a kernel's index relates to the axes of the heavy nodes in it.

use super::graph::Graph;
use crate::kernel::Role;
use crate::shape::{Axes, Coefs, Shape, contiguous_strides};
use crate::tensor::Op;
use crate::view::{View, Walk};

/// The kernel's output shape, and each axis of the heavy node as an affine expression of the output index.
///
/// A convolution's filter axis is split into (groups, filters of a group) if it has groups.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub out: Shape,
    pub axes: Vec<(Coefs, i64)>,
    /// For contractions, what each axis of `out` is.
    pub roles: Vec<Role>,
}

impl Frame {
    /// For a chain that begins at a heavy node and goes on through elementwise ops, reshapes and permutations.
    pub fn of_chain(graph: &Graph, chain: &[usize]) -> Option<Frame> {
        let heavy = &graph.nodes[chain[0]];
        let refined = refined_shape(graph, chain[0]);
        let end = &graph.nodes[*chain.last()?];
        let permutes = chain.iter().any(|&n| matches!(graph.nodes[n].op(), Some(Op::Permute(_))));
        let seen_from_end = || {
            let mut walk = Walk::start(&end.shape);
            for pair in chain.windows(2).rev() {
                match graph.nodes[pair[1]].op() {
                    Some(Op::Reshape) => walk.reshape(&graph.nodes[pair[0]].shape),
                    Some(Op::Permute(order)) => walk.permute(order),
                    _ => {}
                }
            }
            walk.reshape(&refined);
            Some((end.shape.clone(), walk.affine_axes()?))
        };
        let as_is = || (refined.clone(), Walk::start(&refined).affine_axes().expect("plain variables"));
        let (out, axes) = seen_from_end().or_else(|| (!permutes).then(as_is))?;
        let roles = if heavy.is_contraction() { roles(&out, &axes, &axis_roles(graph, chain[0]))? } else { vec![] };
        Some(Frame { out, axes, roles })
    }
}

impl Frame {
    /// The same with each axis of the output cut into axes of these sizes.
    pub fn cut(&self, pieces: &[Axes]) -> Frame {
        let mut result = Frame { out: Shape::new(), axes: Vec::new(), roles: Vec::new() };
        result.out = pieces.iter().flatten().copied().collect();
        result.axes = self.axes.iter().map(|(coefs, offset)| (cut_coefs(coefs, pieces), *offset)).collect();
        let roles = pieces.iter().zip(&self.roles);
        result.roles = roles.flat_map(|(sizes, &role)| std::iter::repeat_n(role, sizes.len())).collect();
        result
    }
}

/// The coefficients of variables that have been cut into such pieces, given those of the whole variables.
pub(crate) fn cut_coefs(coefs: &[i64], pieces: &[Axes]) -> Coefs {
    let mut result = Coefs::new();
    for (sizes, coef) in pieces.iter().zip(coefs) {
        let strides = contiguous_strides(sizes).into_iter().zip(sizes);
        result.extend(strides.map(|(stride, &size)| if size == 1 { 0 } else { stride * coef }));
    }
    result
}

/// The heavy node's shape, with a grouped convolution's filters split by group.
fn refined_shape(graph: &Graph, heavy: usize) -> Shape {
    let node = &graph.nodes[heavy];
    let mut shape = node.shape.clone();
    if let Some(Op::Conv(spec)) = node.op()
        && spec.groups > 1
    {
        shape[1] = spec.groups;
        shape.insert(2, node.shape[1] / spec.groups);
    }
    shape
}

/// The role of each axis of the refined shape.
fn axis_roles(graph: &Graph, heavy: usize) -> Vec<Role> {
    let node = &graph.nodes[heavy];
    match node.op() {
        Some(Op::Conv(spec)) => {
            let head: &[Role] =
                if spec.groups > 1 { &[Role::Right, Role::Batch, Role::Left] } else { &[Role::Right, Role::Left] };
            head.iter().copied().chain(spec.axes.iter().map(|_| Role::Right)).collect()
        }
        _ => {
            let batch = node.shape.len() - 2;
            std::iter::repeat_n(Role::Batch, batch).chain([Role::Left, Role::Right]).collect()
        }
    }
}

/// The role of each output axis: that of the axes whose expressions it stands in, which must agree.
fn roles(out: &[usize], axes: &[(Coefs, i64)], of_axes: &[Role]) -> Option<Vec<Role>> {
    (0..out.len())
        .map(|var| {
            let mut found = of_axes.iter().zip(axes).filter(|(_, (coefs, _))| coefs[var] != 0).map(|(role, _)| *role);
            let role = found.next().unwrap_or(Role::Left);
            found.all(|other| other == role).then_some(role)
        })
        .collect()
}

/// The rows that a kernel works on: tensors of this shape, whose listed axes are folded away.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RowFrame {
    pub shape: Shape,
    pub axes: Axes,
}

/// Rows below which a kernel that takes them one by one leaves a device idle, unless the whole is small.
const FEW_ROWS: usize = 4;
const SMALL: usize = 1 << 14;

impl RowFrame {
    /// The frame of a reduction.
    pub fn of_reduction(graph: &Graph, heavy: usize) -> Option<RowFrame> {
        let node = &graph.nodes[heavy];
        let Some(Op::Reduce { axes, .. }) = node.op() else { return None };
        Some(RowFrame { shape: graph.nodes[node.inputs[0]].shape.clone(), axes: axes.clone() })
    }

    pub fn kept(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.shape.len()).filter(|axis| !self.axes.contains(axis))
    }

    /// Sizes of the axes that stay.
    pub fn out(&self) -> Shape {
        self.kept().map(|axis| self.shape[axis]).collect()
    }

    /// Sizes of the axes that stay, then of those that are folded.
    pub fn vars(&self) -> Shape {
        self.kept().chain(self.axes.iter().copied()).map(|axis| self.shape[axis]).collect()
    }

    /// Whether rows of this form can be taken one by one: their elements lie beside each other, and there are neither too
    /// many of them nor too few rows.
    pub fn is_suitable(&self, max_row: usize) -> bool {
        let innermost = (0..self.shape.len()).rev().find(|&axis| self.shape[axis] != 1);
        let row: usize = self.axes.iter().map(|&axis| self.shape[axis]).product();
        let rows: usize = self.out().iter().product();
        innermost.is_some_and(|axis| self.axes.contains(&axis))
            && (2..=max_row).contains(&row)
            && (rows >= FEW_ROWS || rows * row <= SMALL)
    }

    /// Whether the element that a view of the whole shape shows is one value for each row.
    pub fn is_row_value(&self, view: &View) -> bool {
        let [level] = &view.levels[..] else { return false };
        let strides = contiguous_strides(&self.out());
        let mut kept = strides.iter();
        level.offset == 0
            && level.guards.is_empty()
            && (0..self.shape.len()).all(|axis| {
                let wanted = if self.axes.contains(&axis) { 0 } else { *kept.next().expect("a stride for each") };
                self.shape[axis] == 1 || level.strides[axis] == wanted
            })
    }
}
