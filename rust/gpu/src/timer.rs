//! What launches take by the device's own clock, which writes down when each compute pass begins and ends.

use rutile_core::error::Result;
use wgpu::{BufferUsages, QUERY_SET_MAX_QUERIES, QUERY_SIZE};

use crate::backend::{Shared, lost};

/// Passes whose beginnings and ends one query set holds.
const PASSES: usize = QUERY_SET_MAX_QUERIES as usize / 2;

/// Times the passes of one submit.
pub struct Timer {
    /// Each with the number of its queries.
    sets: Vec<(wgpu::QuerySet, u32)>,
    resolved: wgpu::Buffer,
    staging: wgpu::Buffer,
    /// Nanoseconds of a tick.
    period: f64,
}

impl Timer {
    pub fn new(shared: &Shared, passes: usize) -> Timer {
        let queries = (0..passes).step_by(PASSES).map(|first| 2 * (passes - first).min(PASSES) as u32);
        let set = |count: u32| {
            let descriptor = wgpu::QuerySetDescriptor { label: Some("timer"), ty: wgpu::QueryType::Timestamp, count };
            (shared.device.create_query_set(&descriptor), count)
        };
        let buffer = |usage: BufferUsages| {
            shared.device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("timer"),
                size: (2 * passes).max(1) as u64 * QUERY_SIZE as u64,
                usage,
                mapped_at_creation: false,
            })
        };
        Timer {
            sets: queries.map(set).collect(),
            resolved: buffer(BufferUsages::QUERY_RESOLVE | BufferUsages::COPY_SRC),
            staging: buffer(BufferUsages::MAP_READ | BufferUsages::COPY_DST),
            period: shared.queue.get_timestamp_period() as f64,
        }
    }

    /// Where pass number `pass` writes its times.
    pub fn writes(&self, pass: usize) -> wgpu::ComputePassTimestampWrites<'_> {
        let first = 2 * (pass % PASSES) as u32;
        wgpu::ComputePassTimestampWrites {
            query_set: &self.sets[pass / PASSES].0,
            beginning_of_pass_write_index: Some(first),
            end_of_pass_write_index: Some(first + 1),
        }
    }

    /// Adds a copy of the times to the commands whose passes wrote them.
    pub fn record(&self, encoder: &mut wgpu::CommandEncoder) {
        for (n, (set, queries)) in self.sets.iter().enumerate() {
            let offset = n as u64 * QUERY_SET_MAX_QUERIES as u64 * QUERY_SIZE as u64;
            encoder.resolve_query_set(set, 0..*queries, &self.resolved, offset);
        }
        encoder.copy_buffer_to_buffer(&self.resolved, 0, &self.staging, 0, self.staging.size());
        encoder.map_buffer_on_submit(&self.staging, wgpu::MapMode::Read, .., |_| {});
    }

    /// The nanoseconds of each pass, once the submit has ended.
    pub fn nanoseconds(&self) -> Result<Vec<u64>> {
        let view = self.staging.slice(..).get_mapped_range().map_err(|error| lost(&error.to_string()))?;
        let ticks: &[u64] = bytemuck::cast_slice(&view);
        // Clocks of some devices run backwards now and then.
        let taken = |pass: &[u64]| (pass[1].saturating_sub(pass[0]) as f64 * self.period) as u64;
        Ok(ticks.chunks_exact(2).map(taken).collect())
    }
}
