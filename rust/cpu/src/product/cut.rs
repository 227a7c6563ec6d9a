//! How a product is cut into tasks.

use super::factor::Factor;
use super::pack::Along;
use super::tile::Tiles;
use super::{RATE, thin};
use crate::parallel;

/// The side that is cut, and by how much.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    /// The side that is cut: rows, or columns.
    pub by_rows: bool,
    /// Elements of that side for each task.
    pub step: usize,
    /// Whether the other side's factor is packed once for all tasks.
    pub ahead: bool,
    /// Rows of a left panel.
    pub panel: usize,
    /// Inner elements that are packed at a time.
    pub depth: usize,
    /// Parts of the inner axes that are summed on their own, where there is little else to cut.
    pub splits: usize,
    /// How the left factor lies, if it is read there.
    pub left_in_place: Option<Along>,
    /// Whether the right one is.
    pub in_place: InPlace,
}

/// How few rows leave the right factor unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InPlace {
    No,
    /// Its columns lie beside each other: tiles read them.
    Steps,
    /// So they do, and it is read from end to end.
    Sweep,
    /// Its inner elements lie beside each other: one dot product for each result.
    Dots,
}

/// Most inner elements of a panel, so that a left panel stays in the first-level cache.
pub const DEPTH: usize = 384;
/// Most rows or columns of a task, so that its block of the packed factor stays in the second-level cache.
const STEP: usize = 256;
/// Inner elements that a part has at least, and sums that a job has at most, where the inner axes are split.
const SPLIT_DEPTH: usize = 2048;
const SPLIT_SUMS: usize = 1 << 16;
const MOST_SPLITS: usize = 16;
/// Columns of a task that reads the right factor from end to end, and least columns for which that is done.
const SWEEP: usize = 1024;
const LEAST_SWEEP: usize = 256;

/// How often a left factor is read at most where it lies, far from what the first-level cache holds.
const MOST_READS: usize = 16;

/// The size of parts of at most so many, as even as can be.
pub fn even(count: usize, most: usize) -> usize {
    count.div_ceil(count.div_ceil(most.max(1)).max(1)).max(1)
}

impl Cut {
    /// For so many jobs, rows, columns and inner elements.
    pub fn new<T>(tiles: &Tiles<T>, [jobs, rows, columns, inner]: [usize; 4], [left, right]: [&Factor; 2]) -> Cut {
        let panel = even(rows, tiles.rows());
        let depth = even(inner, DEPTH);
        // The side whose factor repeats elements is packed once only if it is the one that is cut.
        let by_rows = match (left.expands, right.expands) {
            (false, true) => false,
            (true, false) => true,
            _ => 4 * rows > columns,
        };
        let (count, unit) = if by_rows { (rows, panel) } else { (columns, tiles.columns()) };
        let threads = parallel::threads();
        let work = 2.0 * (rows * columns * inner) as f64 / RATE;
        let wanted = if parallel::worth_sharing(work * jobs as f64) { (4 * threads).div_ceil(jobs.max(1)) } else { 1 };
        let thin = rows <= thin::MOST_ROWS && left.reading(inner) == Some(Along::Inner);
        let in_place = match right.reading(inner) {
            Some(Along::Inner) if thin => InPlace::Dots,
            Some(Along::Outer) if thin && !by_rows && columns >= LEAST_SWEEP => InPlace::Sweep,
            Some(Along::Outer) if rows <= tiles.rows() && !by_rows => InPlace::Steps,
            _ => InPlace::No,
        };
        let most = count.div_ceil(wanted).next_multiple_of(unit).min((STEP / unit).max(1) * unit);
        let step = if in_place == InPlace::Sweep { SWEEP.min(count) } else { even(count, most).next_multiple_of(unit) };
        let blocks = count.div_ceil(step.max(1));
        let sums = rows * columns;
        let few = jobs * blocks < 8 && sums <= SPLIT_SUMS && in_place != InPlace::Dots;
        let splits = if few { (inner / SPLIT_DEPTH).clamp(1, MOST_SPLITS) } else { 1 };
        let shared = if by_rows { right.is_shared } else { left.is_shared };
        let is_thin = matches!(in_place, InPlace::Dots | InPlace::Sweep);
        let ahead = (blocks > 1 || (jobs > 1 && shared)) && !is_thin;
        let left_in_place = left_in_place(left, tiles, columns, inner).filter(|_| by_rows);
        Cut { by_rows, step, ahead, panel, depth, splits, left_in_place, in_place }
    }
}

/// How the left factor lies, if tiles may as well read it there: few do so in turn.
pub fn left_in_place<T>(left: &Factor, tiles: &Tiles<T>, columns: usize, inner: usize) -> Option<Along> {
    left.reading(inner).filter(|_| columns <= MOST_READS * tiles.columns())
}
