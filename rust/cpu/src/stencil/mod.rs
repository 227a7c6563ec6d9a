//! Sums over few taps of planes of pixels, as in depthwise convolutions, and the gradients of such taps.
//!
//! A product would have one row, or a few, and its windows would be packed for no other use. Here the pixels that a piece of a
//! plane sees are laid out once, with the zeros around them, so that what a tap sees at neighbouring positions is a vector
//! without guards: results are sums of such vectors, each times its tap, and gradients of taps are sums of their products with
//! slopes. With strides, pixels that lie a stride apart are laid out beside each other.

mod loops;
mod window;

use std::ops::Range;

use rutile_core::dtype::DType;
use rutile_core::error::Result;
use rutile_core::kernel::{Access, Block, Kernel};
use rutile_core::view::View;

use crate::parallel;
use crate::product::{self, addresses, single_load};
use crate::scratch::Scratch;
use crate::tile::{Body, Frame, Launch, TILE};
use crate::winograd::Matrix;
use loops::{Copying, FEWEST_LANES, Loops, MOST_LANES, Place, TAPS, TOGETHER, Tap, loops};
use window::{Span, Window};

pub struct Stencil {
    window: Window,
    /// Taps, or slopes.
    matrix: Matrix,
    results: Results,
    /// Where the results of each unit, a plane or a table of taps, go.
    units: Vec<isize>,
    /// Units that follow each other here, whose planes are interleaved, and elements from a row or column of one to the next.
    interleaved: usize,
    steps: [usize; 2],
    body: Body,
    /// The argument that results go to as they are.
    plain: Option<usize>,
    loops: Loops,
    /// Into how many pieces rows and columns of positions are cut.
    pieces: [usize; 2],
    layout: Layout,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Results {
    /// A plane for each unit, a sum over terms.
    Planes,
    /// A table of taps for each unit, summed over the positions of all terms.
    Taps,
}

/// How the pixels of a piece are laid out: the phases of rows, in each of them those of columns.
#[derive(Clone, Copy, Debug)]
struct Layout {
    columns: usize,
    phase: usize,
    term: usize,
}

/// Positions of a plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    first: [usize; 2],
    count: [usize; 2],
}

/// Units that see the same plane, beyond which a product makes better use of packed windows.
const MOST_SHARING: usize = 4;
/// Terms that are summed up to a plane.
const MOST_TERMS: usize = 16;
/// Planes that are interleaved.
const MOST_INTERLEAVED: usize = 16;
/// Rows that a piece has at least, if there are as many.
const FEWEST_ROWS: usize = 8;
/// Bytes of a piece's pixels: a part of the second-level cache.
const PIXELS: usize = 64 << 10;

impl Stencil {
    /// The kernel's contraction, if it is a sum over few taps of planes, or the gradient of such taps.
    pub fn new(kernel: &Kernel, left: &Block, right: &Block) -> Result<Option<Stencil>> {
        for [image, other] in [[right, left], [left, right]] {
            for results in [Results::Planes, Results::Taps] {
                if let Some(stencil) = Stencil::find(kernel, [image, other], results)? {
                    return Ok(Some(stencil));
                }
            }
        }
        Ok(None)
    }

    fn find(kernel: &Kernel, [image, other]: [&Block; 2], results: Results) -> Result<Option<Stencil>> {
        let rank = kernel.out.len();
        let shape = [&kernel.out[..], &kernel.reduced[..]].concat();
        let [mut outer, inner]: [Vec<usize>; 2] = [(0..rank).collect(), (rank..shape.len()).collect()];
        let [seen, level] = [image, other].map(|block| single_load(block, &kernel.args, DType::F32));
        let (Some((_, seen)), Some((_, level))) = (seen, level) else { return Ok(None) };
        // What windows are seen along, the other factor does not vary along.
        let is_shared = |axis: &usize| level.strides[*axis] == 0;
        let wide = |axes: &[usize]| axes.iter().rev().copied().filter(|&axis| shape[axis] > 1).collect::<Vec<usize>>();
        let mut between = Vec::new();
        let (positions, taps) = match results {
            Results::Planes => {
                let (positions, others) = interleaving(&wide(&outer), is_shared, |axis| seen.strides[*axis] == 0);
                between = others;
                (positions, inner.clone())
            }
            Results::Taps => (wide(&inner), outer.iter().copied().filter(is_shared).collect()),
        };
        // Units whose planes are interleaved follow each other.
        outer.retain(|axis| !between.contains(axis));
        outer.extend(between.iter().rev());
        let Some((window, axes)) = Window::new(image, &kernel.args, [&positions, &taps], [&outer, &inner]) else {
            return Ok(None);
        };
        let [units, terms] = [&outer, &inner].map(|all| axes.without(all));
        let pair = if results == Results::Planes { axes.taps } else { axes.positions };
        let Some(matrix) = Matrix::new(other, &kernel.args, [&units, &terms], pair) else { return Ok(None) };
        let elements = |axes: &[usize]| axes.iter().map(|&axis| shape[axis]).product::<usize>();
        let interleaved = elements(&between);
        let sharing: Vec<usize> = units.iter().copied().filter(|&axis| seen.strides[axis] == 0).collect();
        let sharing = elements(&sharing) / interleaved;
        let output = &View::contiguous(&kernel.out).levels[0];
        // Else what look like taps are slopes, or the other way round.
        let count = |of: fn(&Span) -> usize| window.spans.iter().map(of).product::<usize>();
        let are_few = count(|span| span.taps) <= count(|span| span.positions);
        let fits = match results {
            Results::Planes => window.terms.len() <= MOST_TERMS && interleaved <= MOST_INTERLEAVED,
            // Taps follow one another, and slopes lie beside each other.
            Results::Taps => {
                let steps = axes.taps.map(|axis| axis.map(|axis| output.strides[axis]));
                let table = [window.spans[1].taps as i64, 1];
                let is_table = steps.into_iter().zip(table).all(|(step, own)| step.is_none_or(|step| step == own));
                is_table && matrix.steps[0] >= 0 && matrix.steps[1] == 1
            }
        };
        if shape.contains(&0) || sharing > MOST_SHARING || !are_few || !fits {
            return Ok(None);
        }
        let together = if results == Results::Planes { window.terms.len() } else { 1 };
        let Some((pieces, layout)) = Layout::new(&window.spans, together) else { return Ok(None) };
        let [row, column] = axes.positions;
        if interleaved > 1 && (pieces[1] > 1 || row.is_some() != (positions.len() > 1)) {
            return Ok(None);
        }
        let across = column.filter(|&axis| axis < rank).map_or(1, |axis| output.strides[axis] as usize);
        let all = across * window.spans[1].positions;
        let down = row.filter(|&axis| axis < rank).map_or(all, |axis| output.strides[axis] as usize);
        let body = Body::new(kernel)?;
        let is_float = |arg: &usize| kernel.args[*arg].dtype == DType::F32 && kernel.args[*arg].access == Access::Write;
        Ok(Some(Stencil {
            plain: body.plain_store().filter(|arg| is_float(arg) && interleaved == 1),
            loops: loops(window.spans[1].positions / pieces[1]),
            units: addresses(output, &units),
            interleaved,
            steps: [down, across],
            window,
            matrix,
            results,
            body,
            pieces,
            layout,
        }))
    }

    /// Estimated nanoseconds of a launch.
    pub fn nanoseconds(&self) -> f64 {
        let each: usize = self.window.spans.iter().map(|span| span.positions * span.taps).product();
        let sums = (self.units.len() * self.window.terms.len() * each) as f64;
        sums * 4.0 / product::RATE + self.body.code.total() as f64 * 0.1
    }

    pub fn run(&self, launch: Launch) {
        match self.results {
            Results::Planes => self.run_planes(launch),
            Results::Taps => self.run_taps(launch),
        }
    }

    fn run_planes(&self, launch: Launch) {
        let units = self.units.len() / self.interleaved;
        parallel::ranges(units * self.pieces[0] * self.pieces[1], self.nanoseconds(), |tasks| {
            let mut worker = Worker::new(self);
            for task in tasks {
                let (first, piece) = (task % units * self.interleaved, self.piece(task / units));
                for unit in first..first + self.interleaved {
                    self.show(launch, unit, 0..self.window.terms.len(), piece, &mut worker);
                    self.list_taps(launch, unit, &mut worker);
                    self.sum(launch, unit, piece, &mut worker);
                }
            }
        });
    }

    /// Sums a piece of a unit's plane, and stores it, the last one of several that are interleaved with the others.
    fn sum(&self, launch: Launch, unit: usize, Piece { first, count }: Piece, worker: &mut Worker) {
        let [rows, columns] = count;
        let [down, across] = self.steps;
        let number = unit % self.interleaved;
        let start = self.units[unit - number] as usize + first[0] * down + first[1] * across;
        let out = match self.plain {
            Some(arg) => launch.buffers[arg].cast::<f32>().wrapping_add(start),
            None => {
                worker.sums.resize(rows * columns, 0.0);
                worker.sums.as_mut_ptr()
            }
        };
        // SAFETY: the layout holds what the taps of the piece's positions see, and the piece's results are this task's own.
        unsafe { (self.loops.sums)(&worker.places, &worker.taps, worker.pixels, out) };
        if self.plain.is_some() {
            return;
        }
        if self.interleaved > 1 {
            worker.interleaved.resize(rows * down, 0.0);
            let own = (self.units[unit] - self.units[unit - number]) as usize;
            let lines = worker.interleaved.chunks_exact_mut(down).zip(worker.sums.chunks_exact(columns));
            for (line, sums) in lines {
                line[own..].iter_mut().step_by(across).zip(sums).for_each(|(to, &sum)| *to = sum);
            }
        }
        if number + 1 == self.interleaved {
            let results = if self.interleaved == 1 { &worker.sums } else { &worker.interleaved };
            let run = if columns == self.window.spans[1].positions { rows * down } else { columns };
            for (row, results) in results.chunks_exact(run).enumerate() {
                self.body.run_all(launch, results, start + row * down, &mut worker.frame);
            }
        }
    }

    fn run_taps(&self, launch: Launch) {
        let [rows, columns] = self.window.spans.map(|span| span.taps);
        let (taps, terms) = (rows * columns, self.window.terms.len());
        let mut offsets = self.offsets();
        offsets.resize(taps.next_multiple_of(TAPS), 0);
        let (offsets, _) = offsets.as_chunks::<TAPS>();
        parallel::ranges(self.units.len(), self.nanoseconds(), |units| {
            let mut worker = Worker::new(self);
            let mut totals = vec![[[0.0; MOST_LANES]; TAPS]; offsets.len()];
            let mut gradients = Gradients { start: 0, values: Vec::new() };
            for unit in units {
                totals.fill([[0.0; MOST_LANES]; TAPS]);
                for piece in (0..self.pieces[0] * self.pieces[1]).map(|number| self.piece(number)) {
                    for term in 0..terms {
                        self.show(launch, unit, term..term + 1, piece, &mut worker);
                        let [row, column] = [0, 1].map(|n| piece.first[n] as isize * self.matrix.steps[n] as isize);
                        let slopes = self.matrix.at(launch, unit, term).wrapping_offset(row + column);
                        for (offsets, totals) in offsets.iter().zip(&mut totals) {
                            // SAFETY: the layout holds what the taps of the piece's positions see; each has a slope.
                            unsafe { (self.loops.products)(&worker.places, offsets, worker.pixels, slopes, totals) };
                        }
                    }
                }
                let start = self.units[unit] as usize;
                if !gradients.values.is_empty() && (start != gradients.end() || gradients.values.len() + taps > TILE) {
                    gradients.store(self, launch, &mut worker.frame);
                }
                if gradients.values.is_empty() {
                    gradients.start = start;
                }
                let sums = totals.as_flattened().iter().map(|lanes| lanes.iter().sum::<f64>() as f32);
                gradients.values.extend(sums.take(taps));
            }
            gradients.store(self, launch, &mut worker.frame);
        });
    }

    fn piece(&self, number: usize) -> Piece {
        let numbers = [number / self.pieces[1], number % self.pieces[1]];
        let bound = |n: usize, number: usize| number * self.window.spans[n].positions / self.pieces[n];
        let first = [0, 1].map(|n| bound(n, numbers[n]));
        Piece { first, count: [0, 1].map(|n| bound(n, numbers[n] + 1) - first[n]) }
    }

    /// Lays out what a piece sees of some terms, if that is not what lies there already, and lists its places.
    fn show(&self, launch: Launch, unit: usize, terms: Range<usize>, piece: Piece, worker: &mut Worker) {
        if worker.piece != Some(piece) {
            // Whatever is no pixel stays zero from here on.
            worker.scratch.clear();
            self.list_phases(piece, &mut worker.phases);
            self.list_places(piece.count, &mut worker.places);
            (worker.piece, worker.shown) = (Some(piece), None);
        }
        let start = self.window.plane(launch, unit, terms.start);
        if worker.shown.replace(start) == Some(start) {
            return;
        }
        for (number, term) in terms.enumerate() {
            let plane = self.window.plane(launch, unit, term);
            let to = worker.pixels.wrapping_add(number * self.layout.term);
            for phase in &worker.phases {
                // SAFETY: these pixels exist, and the layout holds what a piece sees of the terms.
                unsafe {
                    (self.loops.copy)(plane.wrapping_offset(phase.from), to.wrapping_add(phase.to), phase.copying)
                };
            }
        }
    }

    /// Which pixels a piece sees, phase by phase.
    fn list_phases(&self, piece: Piece, phases: &mut Vec<Phase>) {
        let [rows, columns] = self.window.spans;
        phases.clear();
        for (row, column) in (0..rows.scale).flat_map(|row| (0..columns.scale).map(move |column| (row, column))) {
            let (down, top, down_apart) = rows.pixels(row, piece.first[0], piece.count[0]);
            let (across, left, apart) = columns.pixels(column, piece.first[1], piece.count[1]);
            let within = down.start * self.layout.columns + across.start;
            let steps = [down_apart, self.layout.columns as isize];
            phases.push(Phase {
                from: top + left,
                to: (row * columns.scale + column) * self.layout.phase + within,
                copying: Copying { rows: down.len(), elements: across.len(), apart, steps },
            });
        }
    }

    /// Where the taps of all terms lie in a layout from their positions on.
    fn offsets(&self) -> Vec<usize> {
        let [rows, columns] = self.window.spans;
        let terms = if self.results == Results::Planes { self.window.terms.len() } else { 1 };
        let taps = (0..rows.taps).flat_map(|row| (0..columns.taps).map(move |column| (row, column)));
        let within = taps.map(|(row, column)| {
            let ((row_phase, row), (column_phase, column)) = (rows.tap(row), columns.tap(column));
            (row_phase * columns.scale + column_phase) * self.layout.phase + row * self.layout.columns + column
        });
        let within: Vec<usize> = within.collect();
        (0..terms).flat_map(|term| within.iter().map(move |offset| term * self.layout.term + offset)).collect()
    }

    /// The places of a piece, in vectors that may begin within the one before.
    fn list_places(&self, [rows, columns]: [usize; 2], places: &mut Vec<Place>) {
        let lanes = self.loops.lanes;
        let step = match (self.results, self.plain) {
            (Results::Planes, None) => columns,
            (Results::Planes, Some(_)) => self.window.spans[1].positions,
            (Results::Taps, _) => self.matrix.steps[0] as usize,
        };
        places.clear();
        for (row, column) in (0..rows).flat_map(|row| (0..columns).step_by(lanes).map(move |column| (row, column))) {
            let start = column.min(columns - lanes);
            let (image, other) = (row * self.layout.columns + start, row * step + start);
            places.push(Place { image, other, repeated: column - start });
        }
        if let (Results::Planes, Some(&last)) = (self.results, places.last()) {
            places.resize(places.len().next_multiple_of(TOGETHER), last);
        }
    }

    fn list_taps(&self, launch: Launch, unit: usize, worker: &mut Worker) {
        let [rows, columns] = self.window.spans.map(|span| span.taps);
        let [down, across] = self.matrix.steps.map(|step| step as isize);
        for (term, taps) in worker.taps.chunks_exact_mut(rows * columns).enumerate() {
            let mut start = self.matrix.at(launch, unit, term);
            for row in taps.chunks_exact_mut(columns) {
                for (column, tap) in row.iter_mut().enumerate() {
                    // SAFETY: all taps of a unit's terms lie in the argument by the plan's contract.
                    tap.value = unsafe { *start.wrapping_offset(column as isize * across) };
                }
                start = start.wrapping_offset(down);
            }
        }
    }
}

/// Of axes of the output from the innermost one on: those of positions, and those between them along which nothing varies but
/// what their planes are multiplied by.
fn interleaving(
    axes: &[usize],
    is_position: impl Fn(&usize) -> bool,
    is_between: impl Fn(&usize) -> bool,
) -> (Vec<usize>, Vec<usize>) {
    let (mut positions, mut between, mut passed) = (Vec::new(), Vec::new(), Vec::new());
    for &axis in axes {
        if positions.len() < 2 && is_position(&axis) {
            positions.push(axis);
            between.append(&mut passed);
        } else if is_between(&axis) {
            passed.push(axis);
        } else {
            break;
        }
    }
    (positions, between)
}

impl Layout {
    /// Into how many pieces to cut planes of which so many are laid out together, and how these are.
    fn new(spans: &[Span; 2], terms: usize) -> Option<([usize; 2], Layout)> {
        let [rows, columns] = spans;
        let phases = terms * rows.scale * columns.scale;
        let most = PIXELS / size_of::<f32>() / phases;
        let fitting = |span: &Span, others: usize| (most / others + 1).saturating_sub(span.seen(1));
        let width = fitting(columns, rows.seen(rows.positions.min(FEWEST_ROWS)));
        let across = columns.positions.div_ceil(width.max(1));
        let widest = columns.positions.div_ceil(across);
        let down = rows.positions.div_ceil(fitting(rows, columns.seen(widest)).max(1));
        let columns = columns.seen(widest);
        let phase = columns * rows.seen(rows.positions.div_ceil(down));
        let layout = Layout { columns, phase, term: phase * rows.scale * spans[1].scale };
        (spans[1].positions / across >= FEWEST_LANES).then_some(([down, across], layout))
    }
}

/// Gradients of taps of units that follow one another in the output.
struct Gradients {
    start: usize,
    values: Vec<f32>,
}

impl Gradients {
    fn end(&self) -> usize {
        self.start + self.values.len()
    }

    fn store(&mut self, stencil: &Stencil, launch: Launch, frame: &mut Frame) {
        stencil.body.run_all(launch, &self.values, self.start, frame);
        self.values.clear();
    }
}

/// Pixels of a phase: from where in a plane to where in a layout they are copied.
struct Phase {
    from: isize,
    to: usize,
    copying: Copying,
}

/// What a thread works with.
struct Worker {
    scratch: Scratch,
    /// Where the pixels of a piece are laid out, and the plane that they are from, the first of several terms.
    pixels: *mut f32,
    piece: Option<Piece>,
    shown: Option<*const f32>,
    phases: Vec<Phase>,
    places: Vec<Place>,
    taps: Vec<Tap>,
    /// Results that the body is still to be run over.
    sums: Vec<f32>,
    interleaved: Vec<f32>,
    frame: Frame,
}

impl Worker {
    fn new(stencil: &Stencil) -> Worker {
        let terms = if stencil.results == Results::Planes { stencil.window.terms.len() } else { 1 };
        let mut scratch = Scratch::take(terms * stencil.layout.term * size_of::<f32>());
        Worker {
            pixels: scratch.pointer().cast(),
            scratch,
            piece: None,
            shown: None,
            phases: Vec::new(),
            places: Vec::new(),
            sums: Vec::new(),
            interleaved: Vec::new(),
            taps: stencil.offsets().into_iter().map(|offset| Tap { offset, value: 0.0 }).collect(),
            frame: stencil.body.code.frame(),
        }
    }
}

#[cfg(test)]
mod tests {
    use rutile_core::kernel::{Arg, Instruction, KernelKind, Role, Store, Value};
    use rutile_core::view::{Guard, Level};

    use super::*;

    /// Strides, and guards of two axes at offset -1, below a bound.
    type Factor<'a> = (&'a [i64], &'a [[usize; 3]]);

    /// What stencil a contraction of these factors is.
    fn found(out: &[usize], reduced: &[usize], factors: [Factor; 2]) -> Option<Results> {
        let shape = [out, reduced].concat();
        let block = |arg: usize| {
            let (strides, guards) = factors[arg];
            let guard = |&[place, tap, bound]: &[usize; 3]| {
                let coefs = (0..shape.len()).map(|axis| (axis == place || axis == tap) as i64).collect();
                Guard { coefs, offset: -1, divisor: 1, bound: bound as i64, stride: 0 }
            };
            let guards = guards.iter().map(guard).collect();
            let level = Level { shape: shape[..].into(), strides: strides.into(), offset: 0, guards };
            let view = View { levels: [level].into_iter().collect() };
            Block { code: vec![Instruction { dtype: DType::F32, value: Value::Load { arg, view } }], results: vec![0] }
        };
        let accumulator = Instruction { dtype: DType::F32, value: Value::Accumulator(0) };
        let argument = |access| Arg { dtype: DType::F32, access };
        let kernel = Kernel {
            kind: KernelKind::Contract { left: block(0), right: block(1), roles: vec![Role::Batch; out.len()] },
            out: out.into(),
            reduced: reduced.into(),
            args: vec![argument(Access::Read), argument(Access::Read), argument(Access::Write)],
            scalars: Vec::new(),
            body: Block { code: vec![accumulator], results: Vec::new() },
            stores: vec![Store { arg: 2, value: 0 }],
        };
        Stencil::new(&kernel, &block(0), &block(1)).unwrap().map(|stencil| stencil.results)
    }

    #[test]
    fn few_taps_of_planes_are_a_stencil() {
        let image: Factor = (&[6272, 784, 28, 1, 0, 28, 1], &[[2, 5, 28], [3, 6, 28]]);
        // A depthwise convolution; its input's gradient has the taps turned; factors in either order.
        let taps: Factor = (&[0, 9, 0, 0, 0, 3, 1], &[]);
        let turned: Factor = (&[0, 9, 0, 0, 0, -3, -1], &[]);
        for factors in [[taps, image], [turned, image], [image, taps]] {
            assert_eq!(found(&[4, 8, 28, 28], &[1, 3, 3], factors), Some(Results::Planes));
        }
        // The gradient of the input of one with a stride: four planes are interleaved.
        let taps: Factor = (&[0, 16, 0, 8, 0, 4, 2, 1], &[]);
        let slopes: Factor = (&[1568, 196, 14, 0, 1, 0, 14, 1], &[[2, 6, 14], [4, 7, 14]]);
        assert_eq!(found(&[4, 8, 14, 2, 14, 2], &[2, 2], [taps, slopes]), Some(Results::Planes));
        // The gradient of its taps.
        let slopes: Factor = (&[784, 0, 0, 0, 6272, 28, 1], &[]);
        let image: Factor = (&[784, 0, 28, 1, 6272, 28, 1], &[[2, 5, 28], [3, 6, 28]]);
        assert_eq!(found(&[8, 1, 3, 3], &[4, 28, 28], [slopes, image]), Some(Results::Taps));
        // Many filters that see the same planes.
        let taps: Factor = (&[0, 9, 0, 0, 3, 1], &[]);
        let image: Factor = (&[784, 0, 28, 1, 28, 1], &[[2, 4, 28], [3, 5, 28]]);
        assert_eq!(found(&[4, 32, 28, 28], &[3, 3], [taps, image]), None);
        // A vector times a matrix, alone and for each of a batch: nothing overlaps.
        assert_eq!(found(&[64], &[32], [(&[0, 1], &[]), (&[1, 64], &[])]), None);
        assert_eq!(found(&[4, 64], &[32], [(&[32, 0, 1], &[]), (&[2048, 1, 64], &[])]), None);
    }
}
