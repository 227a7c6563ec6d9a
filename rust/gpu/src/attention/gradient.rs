//! Backward, in two passes: blocks of queries sum over keys, then blocks of keys sum over queries.

use super::{Factor, Logarithm, Pass, QUAD, Slope, Source};
use crate::wgsl::Writer;

impl Pass<'_> {
    pub(super) fn write_gradient_of_queries(&self, writer: &mut Writer) {
        let batch = self.open(writer);
        writer.line(format!("let logarithms = {};", self.of_rows(Logarithm, &batch)));
        writer.line(format!("let slopes = {};", self.of_rows(Slope, &batch)));
        self.open_blocks(writer);
        self.write_products(writer, &batch);
        self.write_scores(writer, &batch);
        for n in 0..QUAD {
            if self.spec.factor {
                writer.line(format!("above{n} *= {};", self.of_pairs(Factor, &batch, n)));
            }
            writer.line(format!("above{n} = exponentials(score{n} - logarithms) * (above{n} - slopes) * scale;"));
        }
        self.write_weights(writer, "above");
        self.write_sums(writer, &batch, self.sums[0]);
        writer.close();
        self.write_results(writer, self.sums[0], 0, None);
        writer.close();
    }

    pub(super) fn write_gradient_of_keys(&self, writer: &mut Writer) {
        let batch = self.open(writer);
        self.open_blocks(writer);
        self.write_products(writer, &batch);
        self.write_scores(writer, &batch);
        for n in 0..QUAD {
            let own = |source: Source| format!("load_{}({batch}at{n})", source.name());
            writer.line(format!("score{n} = exponentials(score{n} - {});", own(Logarithm)));
            if self.spec.factor {
                let factor = writer.named("factor", &self.of_pairs(Factor, &batch, n));
                writer.line(format!("above{n} = score{n} * (above{n} * {factor} - {}) * scale;", own(Slope)));
                writer.line(format!("score{n} *= {factor};"));
            } else {
                writer.line(format!("above{n} = score{n} * (above{n} - {}) * scale;", own(Slope)));
            }
        }
        self.write_weights(writer, "score");
        self.write_sums(writer, &batch, self.sums[0]);
        self.write_weights(writer, "above");
        self.write_sums(writer, &batch, self.sums[1]);
        writer.close();
        let results = self.spec.results(&self.sizes);
        self.write_results(writer, self.sums[0], results[0] + results[1], None);
        self.write_results(writer, self.sums[1], results[0], None);
        writer.close();
    }
}
