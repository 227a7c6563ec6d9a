//! A software adapter is never taken silently. Alone in its process, as it depends on the environment.

use rutile_core::ErrorKind;
use rutile_gpu::{GpuBackend, enumerate};

#[test]
fn a_software_adapter_must_be_named_or_allowed() {
    // SAFETY: no other thread of this process reads the environment meanwhile: this is its only test.
    unsafe { std::env::remove_var("RUTILE_SOFTWARE_GPU") };
    let Some(info) = enumerate().into_iter().next() else { return };
    let opened = GpuBackend::open("gpu");
    if !info.software {
        assert!(opened.is_ok());
        return;
    }
    let error = opened.err().unwrap();
    assert_eq!(error.kind, ErrorKind::Device);
    let text = error.to_string();
    assert!(text.contains("RUTILE_SOFTWARE_GPU=1") && text.contains("vulkan:0") && text.contains("cpu"), "{text}");
    // SAFETY: as above.
    unsafe { std::env::set_var("RUTILE_SOFTWARE_GPU", "1") };
    assert!(GpuBackend::open("gpu").is_ok());
}
