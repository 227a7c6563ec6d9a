//! A device as the engine sees it: a backend with its plan cache and its counters.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::backend::{Backend, DeviceInfo};
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::eval::PlanCache;
use crate::profile::{KernelTime, Profile};
use crate::stats::{Stats, WorkCounters};

/// Shares a backend. Two devices are equal if they share it.
#[derive(Clone)]
pub struct Device(Arc<Inner>);

struct Inner {
    id: String,
    backend: Box<dyn Backend>,
    cache: Mutex<PlanCache>,
    counters: Mutex<Counters>,
    fuse: AtomicBool,
    profile: Mutex<Option<Profile>>,
    /// Whether there is a profile: what each run asks.
    is_profiled: AtomicBool,
}

#[derive(Default)]
struct Counters {
    work: WorkCounters,
    /// Submits, readbacks and pipelines of the backend at the last reset.
    base: crate::backend::DeviceCounters,
}

impl Device {
    pub fn new(backend: impl Backend + 'static) -> Device {
        let fuse = std::env::var("RUTILE_FUSE").map_or(true, |value| value != "0");
        Device(Arc::new(Inner {
            id: backend.info().id.clone(),
            backend: Box::new(backend),
            cache: Mutex::default(),
            counters: Mutex::default(),
            fuse: AtomicBool::new(fuse),
            profile: Mutex::default(),
            is_profiled: AtomicBool::new(false),
        }))
    }

    /// A device that plans but computes nothing; its tensors read as zeros.
    pub fn null() -> Device {
        Device::new(crate::null::NullBackend::default())
    }

    pub fn id(&self) -> &str {
        &self.0.id
    }

    pub fn info(&self) -> &DeviceInfo {
        self.0.backend.info()
    }

    pub fn backend(&self) -> &dyn Backend {
        &*self.0.backend
    }

    /// Whether ops are fused into kernels; off, each op is a kernel of its own.
    pub fn fuses(&self) -> bool {
        self.0.fuse.load(Ordering::Relaxed)
    }

    pub fn set_fuse(&self, fuse: bool) {
        self.0.fuse.store(fuse, Ordering::Relaxed);
    }

    /// What has been done since the last reset.
    pub fn stats(&self) -> Stats {
        let counters = lock(&self.0.counters);
        Stats::new(&counters.work, self.backend().counters(), counters.base, self.backend().memory())
    }

    /// Sets the counters to zero and the peak of memory to what is live.
    pub fn reset_stats(&self) {
        *lock(&self.0.counters) = Counters { work: WorkCounters::default(), base: self.backend().counters() };
        self.backend().reset_peak_memory();
    }

    /// Begins to time every launch. An error if the device cannot, or is being profiled already.
    pub fn start_profile(&self) -> Result<()> {
        self.backend().check_timing()?;
        let mut profile = lock(&self.0.profile);
        if profile.is_some() {
            let needs = format!("that nobody profiles {} yet", self.id());
            return Err(Error::value("profile", needs, "one that has begun").hint("end that one first"));
        }
        *profile = Some(Profile::default());
        self.0.is_profiled.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Ends it: what each kernel took since, the longest first; nothing if nobody had begun.
    pub fn end_profile(&self) -> Vec<KernelTime> {
        self.0.is_profiled.store(false, Ordering::Relaxed);
        lock(&self.0.profile).take().map_or_else(Vec::new, |profile| profile.kernels())
    }

    /// An error unless the device holds elements of this dtype.
    pub fn check_dtype(&self, op: &str, dtype: DType) -> Result<()> {
        if self.backend().capabilities().dtypes.contains(&dtype) {
            return Ok(());
        }
        let known = self.backend().capabilities().dtypes.iter().map(|d| d.name()).collect::<Vec<_>>().join(", ");
        let got = format!("{dtype} on {} ({})", self.id(), self.info().name);
        Err(Error::dtype(op, format!("a dtype that the device holds ({known})"), got)
            .hint("convert the data, for example to float32 or int32, or choose another device"))
    }

    pub(crate) fn count(&self, count: impl FnOnce(&mut WorkCounters)) {
        count(&mut lock(&self.0.counters).work);
    }

    /// Where runs are to add what their launches took, if somebody profiles.
    pub(crate) fn profile(&self) -> Option<MutexGuard<'_, Option<Profile>>> {
        self.0.is_profiled.load(Ordering::Relaxed).then(|| lock(&self.0.profile))
    }

    pub(crate) fn cache(&self) -> MutexGuard<'_, PlanCache> {
        lock(&self.0.cache)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poison| poison.into_inner())
}

impl PartialEq for Device {
    fn eq(&self, other: &Device) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Device {}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "Device({})", self.id())
    }
}
