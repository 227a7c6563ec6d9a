//! Which tile a product has.
//!
//! The kind of device and the sizes of the product give a default (`DEFAULTS`). On hardware a product of a class that is new to
//! the device is run with the few tiles that suit it when its program is compiled, and the fastest is kept in a file beside the
//! pipeline cache. Measuring takes at most two seconds of a process; then defaults serve what is still unknown.
//!
//! Every tile sums each result in the same order, so what is measured changes no bit of a result. What would change one, as
//! cutting sums in pieces does (`split`), follows from sizes and the kind of device alone.
//!
//! `RUTILE_TUNE` is the number of seconds instead, on software adapters too; with 0 all products have their defaults.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;
use rutile_core::backend::Program;
use rutile_core::error::Result;
use rutile_core::kernel::{Block, BufferRef, BufferSpec, Instruction, Kernel, KernelKind, Launch, Plan, Value};
use wgpu::{AdapterInfo, DeviceType, Features};

use crate::backend::Shared;
use crate::contract::{self, Sizes, Tile};
use crate::cooperative;
use crate::disk;
use crate::memory::bytes_of;
use crate::program::GpuProgram;

/// Tiles in the order in which they are tried, each with the workgroups that it takes to fill the device: with fewer, a smaller
/// tile serves better than the reuse that this one gives. The last resort is the small tile.
pub type Defaults = &'static [(Tile, usize)];

/// Devices of many compute units.
pub const LARGE_DEVICE: Defaults = &[(Tile::LARGE, 128), (Tile::MEDIUM, 64)];

const APPLE: u32 = 0x106b;
const INTEL: u32 = 0x8086;

/// Defaults of what is not a large device; the first row that fits holds. They follow from the number of compute units and from
/// the registers of an invocation, of which 64 sums take half of Intel's. None was measured.
const DEFAULTS: &[(DeviceType, Option<u32>, Defaults)] = &[
    (DeviceType::IntegratedGpu, Some(APPLE), &[(Tile::LARGE, 64), (Tile::MEDIUM, 32)]),
    (DeviceType::IntegratedGpu, Some(INTEL), &[(Tile::MEDIUM, 16)]),
    (DeviceType::IntegratedGpu, None, &[(Tile::LARGE, 32), (Tile::MEDIUM, 16)]),
];

/// Most time that measuring takes of a process; only a first compilation that is unusually slow can exceed it.
const BUDGET: Duration = Duration::from_secs(2);
/// Products (multiplications) below which the choice is worth less than the time to measure it.
const LEAST_PRODUCTS: usize = 1 << 24;
/// Products of a second that even slow hardware computes.
const LEAST_RATE: f64 = 1e11;
/// Most memory that a measurement takes.
const MAX_BYTES: u64 = 256 << 20;
/// Runs of each tile, of which the fastest counts.
const ROUNDS: usize = 3;
/// Time that the launches of one run fill, if they are short, and how many they are at most.
const RUN: Duration = Duration::from_millis(1);
const MAX_LAUNCHES: usize = 32;

/// Time that all devices of the process have spent on measuring. Whoever measures holds it.
static SPENT: Mutex<Duration> = Mutex::new(Duration::ZERO);

pub fn defaults(kind: DeviceType, vendor: u32) -> Defaults {
    let fits = |row: &&(DeviceType, Option<u32>, Defaults)| row.0 == kind && row.1.is_none_or(|only| only == vendor);
    DEFAULTS.iter().find(fits).map_or(LARGE_DEVICE, |row| row.2)
}

/// The tile of a product for which none was measured.
pub fn default_tile(sizes: &Sizes, defaults: Defaults) -> Tile {
    let fits = |(tile, least): &&(Tile, usize)| {
        // The largest one computes at most a quarter more than what is asked for.
        let fills = *tile != Tile::LARGE || sizes.computed(*tile) * 4 <= sizes.results() * 5;
        sizes.workgroups(*tile) >= *least && !sizes.wide && fills
    };
    defaults.iter().find(fits).map_or(Tile::SMALL, |(tile, _)| *tile)
}

/// The tiles that were measured to be the fastest on one device.
pub struct Tuner {
    /// Time for measuring in this process; none where all products have their defaults.
    budget: Duration,
    file: Option<PathBuf>,
    /// First line of the file: the device and driver that it holds for.
    header: String,
    /// By class of product.
    fastest: Mutex<FxHashMap<String, Tile>>,
}

impl Tuner {
    pub fn new(adapter: &AdapterInfo) -> Tuner {
        let AdapterInfo { name, vendor, device, driver, driver_info, .. } = adapter;
        let wanted = std::env::var("RUTILE_TUNE").ok().and_then(|seconds| seconds.parse().ok());
        let usual = if adapter.device_type == DeviceType::Cpu { Duration::ZERO } else { BUDGET };
        let budget = wanted.map_or(usual, Duration::from_secs);
        let header = format!("rutile tiles 1, {name}, {driver} {driver_info}").replace(['\n', '\r'], " ");
        Tuner::with_file(budget, disk::path(&format!("tiles_{:?}_{vendor}_{device}", adapter.backend)), header)
    }

    fn with_file(budget: Duration, file: Option<PathBuf>, header: String) -> Tuner {
        let text = file.as_ref().and_then(|file| std::fs::read_to_string(file).ok());
        let fastest = text.map(|text| read(&text, &header)).unwrap_or_default();
        Tuner { budget, file, header, fastest: Mutex::new(fastest) }
    }

    /// What `build` makes of the tiles of the plan's kernels, None being a default. Where it fails with tiles that were measured,
    /// perhaps by an earlier process, these are dropped and it builds with the defaults.
    pub fn build<T>(
        &self,
        shared: &Arc<Shared>,
        plan: &Plan,
        build: impl Fn(&[Option<Tile>]) -> Result<T>,
    ) -> Result<T> {
        let product = |kernel| if self.budget.is_zero() { None } else { Product::of(kernel, shared) };
        let products: Vec<Option<Product>> = plan.kernels.iter().map(product).collect();
        let tile = |(kernel, product): (usize, &Option<Product>)| {
            let product = product.as_ref()?;
            self.tile(product, || measure(shared, plan, kernel, product, self.budget))
        };
        let tiles: Vec<Option<Tile>> = products.iter().enumerate().map(tile).collect();
        self.build_with(&products, &tiles, build)
    }

    fn build_with<T>(
        &self,
        products: &[Option<Product>],
        tiles: &[Option<Tile>],
        build: impl Fn(&[Option<Tile>]) -> Result<T>,
    ) -> Result<T> {
        build(tiles).or_else(|error| {
            if tiles.iter().all(Option::is_none) {
                return Err(error);
            }
            let mut fastest = self.fastest.lock().expect("no holder of the lock panics");
            for product in products.iter().flatten() {
                fastest.remove(&product.class);
            }
            self.save(&fastest);
            drop(fastest);
            build(&vec![None; tiles.len()])
        })
    }

    /// The tile that is known to be the fastest for such a product, or is now found to be.
    fn tile(&self, product: &Product, measure: impl FnOnce() -> Option<Tile>) -> Option<Tile> {
        let known = self.fastest.lock().expect("no holder of the lock panics").get(&product.class).copied();
        if let Some(tile) = known {
            return product.tiles.contains(&tile).then_some(tile);
        }
        let tile = measure()?;
        let mut fastest = self.fastest.lock().expect("no holder of the lock panics");
        fastest.insert(product.class.clone(), tile);
        self.save(&fastest);
        Some(tile)
    }

    fn save(&self, fastest: &FxHashMap<String, Tile>) {
        let mut lines: Vec<String> = fastest.iter().map(|(class, tile)| format!("{class}\t{}", name(*tile))).collect();
        lines.sort();
        if let Some(file) = &self.file {
            disk::replace(file, format!("{}\n{}\n", self.header, lines.join("\n")).as_bytes());
        }
    }
}

/// What the file says, as far as it is understood and holds for the device.
fn read(text: &str, header: &str) -> FxHashMap<String, Tile> {
    let Some(text) = text.strip_prefix(header).and_then(|rest| rest.strip_prefix('\n')) else {
        return FxHashMap::default();
    };
    let line = |line: &str| {
        let (class, tile) = line.split_once('\t')?;
        Some((class.to_string(), Tile::ALL.into_iter().find(|known| name(*known) == tile)?))
    };
    text.lines().filter_map(line).collect()
}

fn name(tile: Tile) -> String {
    format!("{}x{} by {}", tile.size(), tile.size(), tile.invocations())
}

/// A product that is worth measuring.
struct Product {
    /// Products of one class have the same fastest tile, or nearly so.
    class: String,
    products: usize,
    /// The default first.
    tiles: Vec<Tile>,
}

impl Product {
    fn of(kernel: &Kernel, shared: &Shared) -> Option<Product> {
        let KernelKind::Contract { left, right, roles } = &kernel.kind else { return None };
        let sizes = Sizes::of(kernel, roles);
        let products = sizes.results() * sizes.depth;
        // Checks would report what lies in the memory that is measured with.
        if products < LEAST_PRODUCTS || sizes.wide || kernel.has_checks() {
            return None;
        }
        // Their order of sums is that of the device.
        if cooperative::unit(left, right, &sizes, &shared.limits.units).is_some() {
            return None;
        }
        let default = default_tile(&sizes, shared.limits.tiles);
        let suits = |tile: &Tile| *tile != default && sizes.computed(*tile) <= 2 * sizes.results();
        let tiles = std::iter::once(default).chain(Tile::ALL.into_iter().filter(suits)).collect();
        let factors = [left, right].map(|block| factor(kernel, block)).join(" ");
        let Sizes { batch, rows, columns, depth, .. } = sizes;
        let [batch, rows, columns, depth] = [batch, rows, columns, depth].map(rounded);
        Some(Product { class: format!("{factors} {batch}x{rows}x{columns}x{depth}"), products, tiles })
    }
}

/// How a factor is read: dtypes in memory, along which side, and how much code that takes.
fn factor(kernel: &Kernel, block: &Block) -> String {
    let dtype = |instruction: &Instruction| match instruction.value {
        Value::Load { arg, .. } | Value::Gather { arg, .. } => Some(kernel.args[arg].dtype.name()),
        _ => None,
    };
    let dtypes: Vec<&str> = block.code.iter().filter_map(dtype).collect();
    let side = if contract::reads_along_reduced(kernel, block) { "inner" } else { "outer" };
    format!("{}-{side}-{}", dtypes.join("+"), block.code.len())
}

/// Up to the next quarter of a power of two.
fn rounded(size: usize) -> usize {
    size.next_multiple_of((size.next_power_of_two() / 4).max(1))
}

/// The fastest tile of the plan's product number `kernel`; None if the time does not suffice or the device fails.
fn measure(shared: &Arc<Shared>, plan: &Plan, kernel: usize, product: &Product, budget: Duration) -> Option<Tile> {
    let launch = plan.launches.iter().find(|launch| launch.kernel == kernel)?;
    let alone = alone(plan, launch);
    let mut spent = SPENT.lock().expect("no holder of the lock panics");
    let left = budget.saturating_sub(*spent);
    let expected = Duration::from_secs_f64(product.products as f64 / LEAST_RATE);
    if product.tiles.len() < 2 || expected * 4 > left || alone.temporaries.iter().map(bytes_of).sum::<u64>() > MAX_BYTES
    {
        return None;
    }
    let begin = Instant::now();
    let mut launches = 1;
    let mut times: Vec<String> = Vec::new();
    let fastest = fastest(
        product.tiles.len(),
        left,
        || begin.elapsed(),
        |n| {
            let taken = run(shared, &alone, product.tiles[n], launches).ok()?;
            launches = (RUN.as_nanos() / taken.as_nanos().max(1)).clamp(1, MAX_LAUNCHES as u128) as usize;
            times.push(format!("{} {taken:.1?}", name(product.tiles[n])));
            Some(taken)
        },
    );
    *spent += begin.elapsed();
    if rutile_core::debug::level() >= 2 {
        eprintln!("  tiles of {}: {}", product.class, times.join(", "));
    }
    Some(product.tiles[fastest?])
}

/// A plan of this launch only, in memory of its own, whose content is undefined.
fn alone(plan: &Plan, launch: &Launch) -> Plan {
    let spec = |buffer: &BufferRef| -> BufferSpec {
        match *buffer {
            BufferRef::Input(n) => plan.inputs[n],
            BufferRef::Output(n) => plan.outputs[n].buffer,
            BufferRef::Temporary(n) => plan.temporaries[n],
        }
    };
    let buffers = (0..launch.buffers.len()).map(BufferRef::Temporary).collect();
    Plan {
        inputs: Vec::new(),
        outputs: Vec::new(),
        temporaries: launch.buffers.iter().map(spec).collect(),
        scalars: plan.scalars.clone(),
        kernels: vec![plan.kernels[launch.kernel].clone()],
        launches: vec![Launch { kernel: 0, buffers, scalars: launch.scalars.clone() }],
        checks: Vec::new(),
    }
}

/// How long a launch takes: by the device's clock if it has one, else its share of a submit.
fn run(shared: &Arc<Shared>, alone: &Plan, tile: Tile, launches: usize) -> Result<Duration> {
    let plan = Plan { launches: vec![alone.launches[0].clone(); launches], ..alone.clone() };
    let scalars = vec![0; plan.scalars.len()];
    let program = GpuProgram::assemble(shared.clone(), Arc::new(plan), &[Some(tile)])?;
    shared.wait(None)?;
    if shared.device.features().contains(Features::TIMESTAMP_QUERY) {
        let nanoseconds = program.run_timed(&mut Vec::new(), &scalars, &[])?.nanoseconds;
        return Ok(Duration::from_nanos(nanoseconds.into_iter().min().unwrap_or(0)));
    }
    let begin = Instant::now();
    program.run(&mut Vec::new(), &scalars, &[])?;
    shared.wait(None)?;
    Ok(begin.elapsed() / launches as u32)
}

/// The fastest of `count` candidates, the first of which is what others must beat by a twentieth; None if it fails or there
/// is not enough time to run each once. `measure` runs one and gives its time; a run is begun if by the longest one so far,
/// doubled, it will end in the time that is left. A candidate that falls behind by a quarter in two rounds is not run again.
fn fastest(
    count: usize,
    left: Duration,
    clock: impl Fn() -> Duration,
    mut measure: impl FnMut(usize) -> Option<Duration>,
) -> Option<usize> {
    let end = clock() + left;
    let mut longest = Duration::ZERO;
    let mut times: Vec<Option<Duration>> = vec![None; count];
    let mut rest: Vec<usize> = (0..count).collect();
    'rounds: for round in 0..ROUNDS {
        for &n in &rest {
            let begin = clock();
            if begin + longest * 2 > end {
                match round {
                    0 => return None,
                    _ => break 'rounds,
                }
            }
            let taken = measure(n);
            longest = longest.max(clock() - begin);
            times[n] = taken.map(|taken| times[n].map_or(taken, |before| before.min(taken)));
        }
        times[0]?;
        let best = times.iter().flatten().min()?;
        let limit = *best + *best / 4;
        rest.retain(|&n| times[n].is_some_and(|time| time <= limit || round == 0));
        if rest.len() < 2 {
            break;
        }
    }
    let default = times[0]?;
    let best = (0..count).filter(|&n| times[n].is_some()).min_by_key(|&n| times[n])?;
    Some(if times[best]? * 20 < default * 19 { best } else { 0 })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use rutile_core::error::Error;

    use super::*;

    fn milliseconds(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    #[test]
    fn defaults_follow_the_device_and_the_sizes() {
        let tile = |kind, vendor, rows, columns, wide| {
            let sizes = Sizes { batch: 1, rows, columns, depth: 64, wide };
            default_tile(&sizes, defaults(kind, vendor))
        };
        let (discrete, integrated) = (DeviceType::DiscreteGpu, DeviceType::IntegratedGpu);
        for (kind, vendor, rows, columns, wide, expected) in [
            (discrete, INTEL, 1408, 1536, false, Tile::LARGE),
            (discrete, INTEL, 1408, 1536, true, Tile::SMALL),
            (discrete, 0, 1024, 1024, false, Tile::MEDIUM),
            (discrete, 0, 256, 256, false, Tile::SMALL),
            (DeviceType::Cpu, 0, 1408, 1536, false, Tile::LARGE),
            (integrated, 0, 1024, 1024, false, Tile::LARGE),
            (integrated, INTEL, 1024, 1024, false, Tile::MEDIUM),
            (integrated, APPLE, 1024, 1024, false, Tile::LARGE),
            (integrated, APPLE, 512, 512, false, Tile::MEDIUM),
            (integrated, 0, 192, 192, false, Tile::SMALL),
        ] {
            assert_eq!(tile(kind, vendor, rows, columns, wide), expected, "{kind:?} {vendor:x} {rows}x{columns}");
        }
    }

    /// What wins if candidate n takes `times[n][round]` milliseconds (0: it fails), and how often each was run.
    fn search(times: &[&[u64]], left: u64) -> (Option<usize>, Vec<usize>) {
        let now = Cell::new(Duration::ZERO);
        let mut runs = vec![0; times.len()];
        let winner = fastest(
            times.len(),
            milliseconds(left),
            || now.get(),
            |n| {
                let taken = milliseconds(times[n][runs[n]]);
                runs[n] += 1;
                now.set(now.get() + taken);
                (!taken.is_zero()).then_some(taken)
            },
        );
        assert!(now.get() <= milliseconds(left), "{times:?} took {:?} of {left} ms", now.get());
        (winner, runs)
    }

    #[test]
    fn the_fastest_candidate_is_found_in_the_time_that_is_left() {
        for (times, left, winner, runs) in [
            // The best run counts; whoever falls behind by a quarter is not run again.
            (&[&[20, 20, 20][..], &[18, 16, 18], &[10, 30]][..], 2000, Some(2), vec![2, 2, 2]),
            (&[&[99, 20, 20], &[18, 17, 18], &[30, 30]], 2000, Some(1), vec![3, 3, 2]),
            // Little faster than the default is not enough.
            (&[&[100, 100, 100], &[96, 96, 96]], 2000, Some(0), vec![3, 3]),
            (&[&[100, 100], &[50, 50]], 2000, Some(1), vec![2, 2]),
            // Candidates that fail are left out; without the default there is nothing to compare with.
            (&[&[100, 100, 100], &[0], &[90, 90, 90]], 2000, Some(2), vec![3, 1, 3]),
            (&[&[0], &[90]], 2000, None, vec![1, 1]),
            (&[&[20, 20], &[10, 0]], 2000, Some(0), vec![2, 2]),
            // The time ends before each candidate ran once, and after.
            (&[&[100], &[90]], 250, None, vec![1, 0]),
            (&[&[100, 100, 100], &[90, 90, 90]], 400, Some(1), vec![2, 1]),
        ] {
            assert_eq!(search(times, left), (winner, runs), "{times:?} in {left} ms");
        }
    }

    #[test]
    fn files_are_read_as_far_as_they_hold() {
        let large = name(Tile::LARGE);
        for (text, known) in [
            (format!("device\na\t{large}\nb\t64x64 by 64\n"), vec!["a", "b"]),
            (format!("device 2\na\t{large}\n"), vec![]),
            (format!("device\na\t{large}\nb\t7x7\nc {large}\n\t\n\0"), vec!["a"]),
            ("device".into(), vec![]),
            (String::new(), vec![]),
        ] {
            let mut classes: Vec<String> = read(&text, "device").into_keys().collect();
            classes.sort();
            assert_eq!(classes, known, "{text:?}");
        }
    }

    #[test]
    fn tiles_that_do_not_build_are_dropped() {
        let file = std::env::temp_dir().join(format!("rutile-tiles-{}", std::process::id()));
        std::fs::write(&file, format!("device\na\t{}\nb\t{}\n", name(Tile::DENSE), name(Tile::LARGE))).unwrap();
        let tuner = Tuner::with_file(BUDGET, Some(file.clone()), "device".into());
        let product = Product { class: "a".into(), products: 0, tiles: Tile::ALL.into() };
        let tiles = [None, tuner.tile(&product, || unreachable!("it is known"))];
        assert_eq!(tiles, [None, Some(Tile::DENSE)]);
        let refuse = |tile: Tile| {
            move |tiles: &[Option<Tile>]| match tiles.contains(&Some(tile)) {
                true => Err(Error::device("compile", "a tile that works", name(tile))),
                false => Ok(tiles.to_vec()),
            }
        };
        let products = [None, Some(product)];
        assert_eq!(tuner.build_with(&products, &tiles, refuse(Tile::SMALL)).unwrap(), tiles);
        assert_eq!(tuner.build_with(&products, &tiles, refuse(Tile::DENSE)).unwrap(), [None, None]);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("device\nb\t{}\n", name(Tile::LARGE)));
        assert_eq!(tuner.tile(products[1].as_ref().unwrap(), || None), None);
        std::fs::remove_file(file).unwrap();
    }
}
