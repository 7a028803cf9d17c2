//! A GPU: which there are, how one is started, and how it is given a kernel's work.

use std::{
    mem,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use parking_lot::Mutex;
use tokio::runtime;
use wgpu::{
    Adapter, AdapterInfo, Backends, BindGroupDescriptor, BindGroupEntry, BufferUsages,
    ComputePipeline, ComputePipelineDescriptor, DeviceDescriptor, DeviceType, Instance,
    InstanceDescriptor, Limits, MapMode, PollType, Queue,
};

/// How long one dispatch may take: seconds are long, and then a driver has given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A GPU that was started, with one kernel.
pub struct Device {
    pub(super) device: wgpu::Device,
    queue: Queue,
    pipeline: ComputePipeline,
    /// What the driver said that went wrong, the first first.
    failed: Arc<Mutex<Vec<String>>>,
    name: String,
    pub(super) patience: Duration,
}

/// Prints the GPUs that there are.
pub fn list() -> Result<()> {
    for adapter in adapters()? {
        println!("{}", name(&adapter.get_info()));
    }
    Ok(())
}

/// Starts the best GPU that there is with this kernel of `square.wgsl`, and has `work` done on it. Says to the error stream
/// which it was and how long both took: what is printed is the same on everything.
pub fn with<T>(kernel: &str, work: impl FnOnce(&Device) -> Result<T>) -> Result<T> {
    let begin = Instant::now();
    let adapter = adapters()?.remove(0);
    let device = Device::with_limits(&adapter, adapter.limits(), kernel)?;
    let started = begin.elapsed();
    let done =
        work(&device).with_context(|| format!("cannot compute on the GPU {}", device.name))?;
    let computed = begin.elapsed() - started;
    eprintln!(
        "On {}: started in {} ms, computed in {} ms",
        device.name,
        milliseconds(started),
        milliseconds(computed)
    );
    Ok(done)
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1e3)
}

impl Device {
    /// Starts this GPU with this kernel, and bounds that may be narrower than its own.
    pub(super) fn with_limits(adapter: &Adapter, limits: Limits, kernel: &str) -> Result<Self> {
        let name = name(&adapter.get_info());
        let request = adapter
            .request_device(&DeviceDescriptor { required_limits: limits, ..Default::default() });
        let (device, queue) =
            wait(request)?.with_context(|| format!("cannot start the GPU {name}"))?;
        let failed: Arc<Mutex<Vec<String>>> = Arc::default();
        let failures = failed.clone();
        device.on_uncaptured_error(Arc::new(move |error| failures.lock().push(error.to_string())));
        let failures = failed.clone();
        device.set_device_lost_callback(move |reason, why| {
            failures.lock().push(format!("the device was lost ({reason:?}) {why}"));
        });
        let module = device.create_shader_module(wgpu::include_wgsl!("square.wgsl"));
        let pipeline = device.create_compute_pipeline(&ComputePipelineDescriptor {
            label: None,
            layout: None,
            module: &module,
            entry_point: Some(kernel),
            compilation_options: Default::default(),
            cache: None,
        });
        let device = Self { device, queue, pipeline, failed, name, patience: PATIENCE };
        device.check()?;
        Ok(device)
    }

    /// Runs the kernel in so many groups, and gives the 16 bytes of each.
    pub fn run(&self, part: [u32; 2], numbers: Vec<u8>, groups: u32) -> Result<Vec<u8>> {
        let size = u64::from(groups) * 16;
        let part: Vec<u8> = part.into_iter().flat_map(u32::to_ne_bytes).collect();
        let part = self.buffer(BufferUsages::UNIFORM | BufferUsages::COPY_DST, 8, &part)?;
        let totals = self.buffer(BufferUsages::STORAGE | BufferUsages::COPY_SRC, size, &[])?;
        let answer = self.buffer(BufferUsages::MAP_READ | BufferUsages::COPY_DST, size, &[])?;
        let mut buffers = vec![part, totals.clone()];
        if !numbers.is_empty() {
            let usage = BufferUsages::STORAGE | BufferUsages::COPY_DST;
            buffers.push(self.buffer(usage, numbers.len() as u64, &numbers)?);
        }
        let entries: Vec<_> = buffers
            .iter()
            .zip(0..)
            .map(|(buffer, binding)| BindGroupEntry {
                binding,
                resource: buffer.as_entire_binding(),
            })
            .collect();
        let group = self.device.create_bind_group(&BindGroupDescriptor {
            label: None,
            layout: &self.pipeline.get_bind_group_layout(0),
            entries: &entries,
        });
        let mut commands = self.device.create_command_encoder(&Default::default());
        let mut pass = commands.begin_compute_pass(&Default::default());
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, &group, &[]);
        pass.dispatch_workgroups(groups, 1, 1);
        drop(pass);
        commands.copy_buffer_to_buffer(&totals, 0, &answer, 0, size);
        self.queue.submit([commands.finish()]);
        answer.map_async(MapMode::Read, .., |_| {});
        let timeout = Some(self.patience);
        let waited = self.device.poll(PollType::Wait { submission_index: None, timeout });
        if waited.is_err() {
            // To end a device is to wait for it, which would never end.
            mem::forget((self.device.clone(), self.queue.clone()));
        }
        self.check()?;
        waited.with_context(|| format!("no answer within {:?}", self.patience))?;
        Ok(answer.get_mapped_range(..)?.to_vec())
    }

    fn buffer(&self, usage: BufferUsages, size: u64, content: &[u8]) -> Result<wgpu::Buffer> {
        let descriptor =
            wgpu::BufferDescriptor { label: None, size, usage, mapped_at_creation: false };
        let buffer = self.device.create_buffer(&descriptor);
        self.check().with_context(|| format!("cannot get {size} bytes of its memory"))?;
        if !content.is_empty() {
            self.queue.write_buffer(&buffer, 0, content);
        }
        Ok(buffer)
    }

    /// An error, if the driver has said that something went wrong.
    fn check(&self) -> Result<()> {
        // That the device is lost is told to whoever asks.
        let _ = self.device.poll(PollType::Poll);
        if let Some(failed) = self.failed.lock().first() {
            bail!("{failed}");
        }
        Ok(())
    }
}

/// All that can compute, real ones first.
pub(super) fn adapters() -> Result<Vec<Adapter>> {
    // Not OpenGL: many of its drivers have no compute shaders.
    let backends = Backends::VULKAN | Backends::METAL | Backends::DX12;
    let instance = Instance::new(InstanceDescriptor {
        backends,
        ..InstanceDescriptor::new_without_display_handle()
    });
    let mut adapters = wait(instance.enumerate_adapters(backends))?;
    ensure!(
        !adapters.is_empty(),
        "there is no GPU that a driver answers for: install your card's Vulkan driver, or, to compute \
         on the processor in its place, `apt install mesa-vulkan-drivers`"
    );
    adapters.sort_by_key(|adapter| match adapter.get_info().device_type {
        DeviceType::DiscreteGpu => 0,
        DeviceType::IntegratedGpu | DeviceType::VirtualGpu => 1,
        DeviceType::Other => 2,
        DeviceType::Cpu => 3,
    });
    Ok(adapters)
}

/// A GPU's name, and what it is.
fn name(info: &AdapterInfo) -> String {
    let kind = match info.device_type {
        DeviceType::Cpu => ", a software adapter, no card",
        _ => "",
    };
    format!("{} ({}){kind}", info.name, info.backend)
}

fn wait<T>(future: impl Future<Output = T>) -> Result<T> {
    Ok(runtime::Builder::new_current_thread().build()?.block_on(future))
}
