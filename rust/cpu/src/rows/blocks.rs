//! The blocks of a rows kernel before they are compiled: what one of them computes, others need not.

use rustc_hash::FxHashMap;
use rutile_core::kernel::{Block, Instruction, RowStep, Value};

/// Most bytes of the values that are kept.
pub const MOST_KEPT: usize = 1 << 17;

/// Cheap operations from which a value is kept rather than computed again.
const LEAST_WORK: usize = 4;

/// Lets the last fold, if what is stored needs no result of it, compute that on its way: as results behind its own.
pub fn store_in_last_fold(steps: &[RowStep], blocks: &mut [Block], each: &mut Block, values: &mut Vec<usize>) -> bool {
    let (Some(RowStep::Fold { folds, .. }), Some(fold)) = (steps.last(), blocks.last_mut()) else { return false };
    let before = steps.iter().map(results_of).sum::<usize>() - folds.len();
    let needs = |i: &Instruction| matches!(i.value, Value::Accumulator(n) if n >= before);
    if each.code.iter().any(needs) {
        return false;
    }
    let mut place: Vec<usize> = Vec::new();
    for mut instruction in each.code.drain(..) {
        instruction.value.operands_mut().into_iter().for_each(|operand| *operand = place[*operand]);
        let known = fold.code.iter().position(|other| *other == instruction);
        place.push(known.unwrap_or_else(|| {
            fold.code.push(instruction);
            fold.code.len() - 1
        }));
    }
    fold.results.extend(values.drain(..).map(|value| place[value]));
    true
}

/// Lets values that several blocks compute for each element, and that take more than to read them again, be kept by the first
/// one: as results before its own, which the others read as accumulators from number `accumulators` on. `values` are those in
/// use of the last block.
pub fn keep_shared(blocks: &mut [&mut Block], values: &mut [usize], accumulators: usize, len: usize) {
    // What each value is, operands by their numbers; the block that computes it first, and what that takes.
    let mut known: FxHashMap<Instruction, usize> = FxHashMap::default();
    let mut first: Vec<(usize, usize)> = Vec::new();
    let mut work: Vec<usize> = Vec::new();
    let mut kept: Vec<usize> = Vec::new();
    let mut numbers: Vec<Vec<usize>> = Vec::new();
    let last = blocks.len() - 1;
    for (b, block) in blocks.iter().enumerate() {
        let mut own: Vec<usize> = Vec::new();
        for (n, instruction) in block.code.iter().enumerate() {
            let mut key = instruction.clone();
            key.value.operands_mut().into_iter().for_each(|operand| *operand = own[*operand]);
            let number = *known.entry(key).or_insert(first.len());
            if number == first.len() {
                let operands = instruction.value.operands();
                let before = operands.iter().map(|&operand| work[own[operand]]).max().unwrap_or(0);
                first.push((b, n));
                work.push(before + work_of(&instruction.value));
            }
            own.push(number);
        }
        // Of what earlier blocks compute, that which this one uses for something of its own.
        let is_shared = |n: usize| first[own[n]].0 < b;
        let users = block.code.iter().enumerate().filter(|(n, _)| !is_shared(*n));
        let used = users.flat_map(|(_, user)| user.value.operands()).chain(block.results.iter().copied());
        let used = used.chain(values.iter().copied().filter(|_| b == last));
        let wanted = used.filter(|&n| is_shared(n) && work[own[n]] >= LEAST_WORK).map(|n| own[n]);
        kept.extend(wanted);
        numbers.push(own);
    }
    kept.sort_unstable();
    kept.dedup();
    kept.sort_by_key(|&number| std::cmp::Reverse(work[number]));
    kept.truncate(MOST_KEPT / (4 * len.max(1)));
    kept.sort_unstable();
    let place: FxHashMap<usize, usize> = kept.iter().enumerate().map(|(place, &number)| (number, place)).collect();
    for (b, block) in blocks.iter_mut().enumerate() {
        let mut results: Vec<usize> =
            kept.iter().filter(|&&number| first[number].0 == b).map(|&number| first[number].1).collect();
        for (n, number) in numbers[b].iter().enumerate() {
            if let (Some(place), true) = (place.get(number), first[*number].0 < b) {
                block.code[n].value = Value::Accumulator(accumulators + place);
            }
        }
        results.append(&mut block.results);
        block.results = results;
        block.drop_unused(if b == last { values } else { &mut [] });
    }
}

/// What computing a value from its operands takes, in cheap operations.
fn work_of(value: &Value) -> usize {
    match value {
        Value::Elementwise { op, .. } if op.is_expensive() => LEAST_WORK,
        Value::Elementwise { .. } => 1,
        _ => 0,
    }
}

pub fn results_of(step: &RowStep) -> usize {
    match step {
        RowStep::Compute(block) => block.results.len(),
        RowStep::Fold { folds, .. } => folds.len(),
    }
}

/// The accumulators that a block reads, of `total`: further ones are kept values.
pub fn accumulators_of(block: &Block, total: usize) -> Vec<usize> {
    let read = |instruction: &Instruction| match instruction.value {
        Value::Accumulator(n) if n < total => Some(n),
        _ => None,
    };
    block.code.iter().filter_map(read).collect()
}
