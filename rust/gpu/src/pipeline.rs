//! Compiled kernels, shared by all programs of a device and kept on disk where the driver can.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use rutile_core::error::{Error, Result};
use rutile_core::kernel::Access;
use wgpu::{BindGroupLayout, BufferBindingType, ComputePipeline, ErrorFilter, ShaderStages};

use crate::disk;
use crate::wgsl::Shader;

/// Least time between two writes of the pipeline cache to disk.
const SAVE_INTERVAL: Duration = Duration::from_secs(5);

/// Pipelines by the text of their shader.
pub struct Pipelines {
    device: wgpu::Device,
    /// Layout of the parameter page and the scalars, the same for all kernels.
    common: BindGroupLayout,
    /// Layout of where kernels with checks report.
    faults: BindGroupLayout,
    arguments: Mutex<FxHashMap<Vec<bool>, BindGroupLayout>>,
    known: Mutex<FxHashMap<String, ComputePipeline>>,
    built: AtomicU64,
    disk: Option<DiskCache>,
}

impl Pipelines {
    pub fn new(device: wgpu::Device, adapter: &wgpu::AdapterInfo, faults: BindGroupLayout) -> Pipelines {
        let uniform = |binding, has_dynamic_offset| entry(binding, BufferBindingType::Uniform, has_dynamic_offset);
        let common = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("parameters"),
            entries: &[uniform(0, true), uniform(1, false)],
        });
        let disk = DiskCache::open(&device, adapter);
        Pipelines {
            device,
            common,
            faults,
            arguments: Mutex::default(),
            known: Mutex::default(),
            built: AtomicU64::new(0),
            disk,
        }
    }

    pub fn common_layout(&self) -> &BindGroupLayout {
        &self.common
    }

    pub fn built(&self) -> u64 {
        self.built.load(Ordering::Relaxed)
    }

    /// The pipeline of each shader; those not known yet are compiled side by side.
    pub fn get(&self, shaders: &[&Shader]) -> Result<Vec<ComputePipeline>> {
        let mut missing: Vec<&Shader> = {
            let known = self.known.lock().expect("no holder of the lock panics");
            shaders.iter().copied().filter(|shader| !known.contains_key(&shader.text)).collect()
        };
        missing.sort_by(|a, b| a.text.cmp(&b.text));
        missing.dedup_by(|a, b| a.text == b.text);
        if rutile_core::debug::level() >= 4 {
            missing.iter().for_each(|shader| eprintln!("{}", shader.text));
        }
        let compiled: Vec<ComputePipeline> =
            missing.par_iter().map(|shader| self.compile(shader)).collect::<Result<_>>()?;
        let mut known = self.known.lock().expect("no holder of the lock panics");
        for (shader, pipeline) in missing.iter().zip(compiled) {
            known.insert(shader.text.clone(), pipeline);
        }
        let pipelines = shaders.iter().map(|shader| known[&shader.text].clone()).collect();
        drop(known);
        if let Some(disk) = &self.disk
            && !missing.is_empty()
        {
            disk.save_if_due();
        }
        Ok(pipelines)
    }

    /// Layout of the bind group that holds a kernel's arguments.
    pub fn argument_layout(&self, accesses: &[Access]) -> BindGroupLayout {
        let read_only: Vec<bool> = accesses.iter().map(|&access| access == Access::Read).collect();
        let mut layouts = self.arguments.lock().expect("no holder of the lock panics");
        let create = |read_only: &Vec<bool>| {
            let storage =
                |(n, &read_only): (usize, &bool)| entry(n as u32, BufferBindingType::Storage { read_only }, false);
            let entries: Vec<_> = read_only.iter().enumerate().map(storage).collect();
            self.device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
                label: Some("arguments"),
                entries: &entries,
            })
        };
        layouts.entry(read_only).or_insert_with_key(create).clone()
    }

    fn compile(&self, shader: &Shader) -> Result<ComputePipeline> {
        let scopes = [ErrorFilter::OutOfMemory, ErrorFilter::Internal, ErrorFilter::Validation]
            .map(|filter| self.device.push_error_scope(filter));
        let descriptor =
            wgpu::ShaderModuleDescriptor { label: None, source: wgpu::ShaderSource::Wgsl(shader.text.as_str().into()) };
        // SAFETY: kernels index within the buffers that `program` binds, guard launches that are not exact, divide
        // integers by nonzero numbers only and have bounded loops, so the checks that this leaves out never act.
        let module =
            unsafe { self.device.create_shader_module_trusted(descriptor, wgpu::ShaderRuntimeChecks::unchecked()) };
        let arguments = self.argument_layout(&shader.accesses);
        let layouts = [Some(&arguments), Some(&self.common), Some(&self.faults)];
        let layout = self.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: None,
            bind_group_layouts: &layouts[..if shader.checks.is_empty() { 2 } else { 3 }],
            immediate_size: 0,
        });
        let pipeline = self.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: None,
            layout: Some(&layout),
            module: &module,
            entry_point: Some("main"),
            compilation_options: wgpu::PipelineCompilationOptions {
                zero_initialize_workgroup_memory: false,
                ..Default::default()
            },
            cache: self.disk.as_ref().map(|disk| &disk.cache),
        });
        let mut errors = Vec::new();
        for scope in scopes.into_iter().rev() {
            errors.extend(pollster::block_on(scope.pop()));
        }
        if let Some(error) = errors.first() {
            let got = format!("{error}\nin the kernel\n{}", shader.text);
            return Err(Error::device("compile", "a kernel that the driver accepts", got)
                .hint("this is a defect of rutile or of the driver: report it with this text, and use device=\"cpu\" meanwhile"));
        }
        self.built.fetch_add(1, Ordering::Relaxed);
        Ok(pipeline)
    }
}

fn entry(binding: u32, ty: BufferBindingType, has_dynamic_offset: bool) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset, min_binding_size: None },
        count: None,
    }
}

/// The driver's compiled code in the user's cache directory. Whatever goes wrong with it costs time, never a result.
struct DiskCache {
    cache: wgpu::PipelineCache,
    path: PathBuf,
    /// When it was saved last, and whether pipelines have come since.
    saved: Mutex<(Option<Instant>, bool)>,
}

impl DiskCache {
    fn open(device: &wgpu::Device, adapter: &wgpu::AdapterInfo) -> Option<DiskCache> {
        if !device.features().contains(wgpu::Features::PIPELINE_CACHE) {
            return None;
        }
        let path = disk::path(&wgpu::util::pipeline_cache_key(adapter)?)?;
        let data = std::fs::read(&path).ok();
        let scope = device.push_error_scope(ErrorFilter::Validation);
        let descriptor = wgpu::PipelineCacheDescriptor { label: Some("rutile"), data: data.as_deref(), fallback: true };
        // SAFETY: the file was written by `save` from the same call's data, under a name of this adapter alone; its header,
        // which wgpu checks, refuses files of other devices and driver versions.
        let cache = unsafe { device.create_pipeline_cache(&descriptor) };
        pollster::block_on(scope.pop()).is_none().then(|| DiskCache { cache, path, saved: Mutex::default() })
    }

    /// Saves at most every few seconds: each time writes the whole cache.
    fn save_if_due(&self) {
        let mut saved = self.saved.lock().expect("no holder of the lock panics");
        let due = saved.0.is_none_or(|last| last.elapsed() > SAVE_INTERVAL);
        if due {
            self.save();
            saved.0 = Some(Instant::now());
        }
        saved.1 = !due;
    }

    fn save(&self) {
        if let Some(data) = self.cache.get_data() {
            disk::replace(&self.path, &data);
        }
    }
}

impl Drop for DiskCache {
    fn drop(&mut self) {
        if self.saved.get_mut().is_ok_and(|saved| saved.1) {
            self.save();
        }
    }
}
