//! Attention and its gradient by their definition, in float64.

use rutile_core::attention::{Attention, Sizes};
use rutile_core::kernel::Operand;

/// All results, one after another, given the elements of operands.
pub fn attention(spec: &Attention, operands: &[Operand], element: impl Fn(&Operand, &[usize]) -> f64) -> Vec<f64> {
    let sizes = Sizes::of_operands(operands);
    let Sizes { heads, queries, keys, width, value_width, .. } = sizes;
    let batch = &operands[0].shape[..operands[0].shape.len() - 2];
    let mut starts = vec![0];
    spec.results(&sizes).iter().for_each(|len| starts.push(starts[starts.len() - 1] + len));
    let mut results = vec![0.0; starts[starts.len() - 1]];
    for (matrix, index) in super::indices(batch).enumerate() {
        // Of each operand its matrix, or vector, row by row.
        let part = |operand: &Operand| -> Vec<f64> {
            let own = &operand.shape[index.len()..];
            super::indices(own).map(|own| element(operand, &[&index[..], &own].concat())).collect()
        };
        let parts: Vec<Vec<f64>> = operands.iter().map(part).collect();
        let at = |n: usize, own: &[usize]| match *own {
            [i, j] => parts[n][i * operands[n].shape[index.len() + 1] + j],
            _ => parts[n][own[0]],
        };
        let [bias, factor] = [3, 3 + spec.bias as usize];
        let factor_of = |i, j| if spec.factor { at(factor, &[i, j]) } else { 1.0 };
        let rest = factor + spec.factor as usize;
        let score = |i: usize, j: usize| {
            let product: f64 = (0..width).map(|e| at(0, &[i, e]) * at(1, &[j, e])).sum();
            let biased = product * spec.scale.as_f64() + if spec.bias { at(bias, &[i, j]) } else { 0.0 };
            if spec.causal && j > i { f64::NEG_INFINITY } else { biased }
        };
        // The place of a row of a result that has its heads inside its rows.
        let row = |result: usize, rows: usize, i: usize, width: usize| {
            starts[result] + ((matrix / heads * rows + i) * heads + matrix % heads) * width
        };
        for i in 0..queries {
            let scores: Vec<f64> = (0..keys).map(|j| score(i, j)).collect();
            if !spec.gradient {
                let greatest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let reference = if greatest == f64::NEG_INFINITY { 0.0 } else { greatest };
                let weights: Vec<f64> = scores.iter().map(|score| (score - reference).exp()).collect();
                let total: f64 = weights.iter().sum();
                if total == 0.0 {
                    continue;
                }
                let place = row(0, queries, i, value_width);
                for (j, weight) in weights.iter().enumerate() {
                    let share = weight / total * factor_of(i, j);
                    (0..value_width).for_each(|e| results[place + e] += share * at(2, &[j, e]));
                }
                results[starts[1] + matrix * queries + i] = reference + total.ln();
                continue;
            }
            for (j, score) in scores.iter().enumerate() {
                let weight = (score - at(rest, &[i])).exp();
                let product: f64 = (0..value_width).map(|e| at(rest + 2, &[i, e]) * at(2, &[j, e])).sum();
                let of_product = weight * (product * factor_of(i, j) - at(rest + 1, &[i])) * spec.scale.as_f64();
                let places = [row(0, queries, i, width), row(1, keys, j, width), row(2, keys, j, value_width)];
                for e in 0..width {
                    results[places[0] + e] += of_product * at(1, &[j, e]);
                    results[places[1] + e] += of_product * at(0, &[i, e]);
                }
                for e in 0..value_width {
                    results[places[2] + e] += weight * factor_of(i, j) * at(rest + 2, &[i, e]);
                }
            }
        }
    }
    results
}
