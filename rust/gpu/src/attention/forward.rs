//! Forward: each query's softmax streams, its sums and their total being rescaled whenever a greater score comes.

use super::{Factor, Pass, QUAD, Value, plus};
use crate::wgsl::Writer;

impl Pass<'_> {
    pub(super) fn write_forward(&self, writer: &mut Writer) {
        let batch = self.open(writer);
        writer.line("var greatest = lowest;");
        writer.line("var total = vec4<f32>();");
        self.open_blocks(writer);
        self.write_products(writer, &batch);
        self.write_scores(writer, &batch);
        writer.line("var best = greatest;");
        for n in 0..QUAD {
            writer.line(format!("best = select(best, score{n}, score{n} > best);"));
        }
        self.exchange(writer, "best", "best = select(best, other, other > best);");
        // Where nothing has been seen yet, any number serves.
        writer.line("let reference = select(best, vec4<f32>(), best == lowest);");
        writer.line("let kept = exponentials(greatest - reference);");
        writer.line("greatest = best;");
        for n in 0..QUAD {
            writer.line(format!("score{n} = exponentials(score{n} - reference);"));
        }
        writer.line("total = fma(total, kept, (score0 + score1) + (score2 + score3));");
        if self.spec.factor {
            for n in 0..QUAD {
                writer.line(format!("score{n} *= {};", self.of_pairs(Factor, &batch, n)));
            }
        }
        self.write_weights(writer, "score");
        for (row, quad) in self.sums_of(Value) {
            writer.line(format!("sum{row}_{quad} *= kept[{row}];"));
        }
        self.write_sums(writer, &batch, self.sums[0]);
        writer.close();
        writer.line("var all = vec4<f32>();");
        self.exchange(writer, "total", "all += other;");
        writer.line("let inverse = select(1.0 / all, vec4<f32>(), all == vec4<f32>());");
        self.write_results(writer, self.sums[0], 0, Some("inverse"));
        self.write_logarithms(writer);
        writer.close();
    }

    /// Lets each invocation see what all invocations of its rows have, as `other`, in one order.
    fn exchange(&self, writer: &mut Writer, own: &str, combine: &str) {
        let columns = self.tile.columns;
        writer.line(format!("tile[lane] = {own};"));
        writer.line("workgroupBarrier();");
        writer.open(format!("for (var n = 0u; n < {columns}u; n++) {{"));
        writer.line(format!("let other = tile[row * {columns}u + n];"));
        writer.line(combine);
        writer.close();
        writer.line("workgroupBarrier();");
    }

    /// The first invocation of each row stores the logarithms of its sums of exponentials; 0 where there is none.
    fn write_logarithms(&self, writer: &mut Writer) {
        let (size, whole) = self.extent(self.own);
        let begin = writer.integer(self.spec.results(&self.sizes)[0] as i64);
        let size = writer.integer(size as i64);
        writer.open("if (column == 0u) {");
        writer.line(format!("let line = {begin} + matrix * {size} + at;"));
        for row in 0..QUAD {
            if !whole {
                writer.open(format!("if ({} < {size}) {{", plus("at", row)));
            }
            let logarithm = format!("greatest[{row}] + log_f32(all[{row}])");
            let place = plus("line", row);
            writer.line(format!("a{}[{place}] = select({logarithm}, 0.0, all[{row}] == 0.0);", self.out()));
            if !whole {
                writer.close();
            }
        }
        writer.close();
    }
}
