//! Measured tiles of products. Alone in its process, as it depends on the environment.

mod common;

use std::path::{Path, PathBuf};

use common::{data, open};
use rutile_core::backend::Backend;
use rutile_core::{DType, Device, compose};
use rutile_gpu::{GpuBackend, Options};

#[test]
fn measured_tiles_change_no_bit_and_outlive_the_process() {
    let directory = std::env::temp_dir().join(format!("rutile-tune-{}", std::process::id()));
    set("XDG_CACHE_HOME", directory.to_str().unwrap());
    set("LOCALAPPDATA", directory.to_str().unwrap());
    set("RUTILE_TUNE", "0");
    let (expected, built) = results(open("gpu"));
    assert!(tile_file(&directory).is_none());

    set("RUTILE_TUNE", "600");
    let (got, measured) = results(open("gpu"));
    assert_eq!(got, expected);
    // Each class of product has a tile, found by building those of others.
    assert!(measured > built);
    let file = tile_file(&directory).expect("measured tiles are kept");
    let text = std::fs::read_to_string(&file).unwrap();
    let (header, lines) = text.split_once('\n').unwrap();
    assert!(header.contains(&open("gpu").info().name), "{header}");
    let classes: Vec<&str> = lines.lines().map(|line| line.split_once('\t').unwrap().0).collect();
    assert_eq!(classes.len(), 2, "{text}");

    for tile in ["128x128 by 256", "64x64 by 256", "64x64 by 64", "32x32 by 64"] {
        let lines: Vec<String> = classes.iter().map(|class| format!("{class}\t{tile}")).collect();
        let text = format!("{header}\n{}\n", lines.join("\n"));
        std::fs::write(&file, &text).unwrap();
        assert_eq!(results(open("gpu")), (expected.clone(), built), "{tile}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    }
    // A broken file counts as none; a device without timestamps is measured by the clock of the host.
    std::fs::write(&file, [0xff, 0, b'\n', b'\t']).unwrap();
    let plain = GpuBackend::open_with("gpu", Options { webgpu_defaults: true, ..Options::default() }).unwrap();
    assert_eq!(results(plain).0, expected);
    assert!(std::fs::read_to_string(&file).unwrap().starts_with(header));
    std::fs::remove_dir_all(directory).unwrap();
}

/// The bits of a product and a convolution whose sizes no tile divides, and the pipelines that they took.
fn results(backend: GpuBackend) -> (Vec<Vec<u8>>, u64) {
    let d = Device::new(backend);
    let half = |shape: &[usize]| data(shape, &d).cast(DType::F16).unwrap();
    let (image, filter) = (data(&[4, 13, 34, 34], &d), data(&[36, 13, 3, 3], &d));
    let all = [
        half(&[250, 260]).matmul(&half(&[260, 270])).unwrap().relu(),
        compose::conv(&image, &filter, None, &[1; 2], &[(1, 1); 2], &[1; 2], 1).unwrap(),
    ];
    let bytes = all.iter().map(|tensor| tensor.to_bytes().unwrap()).collect();
    (bytes, d.backend().counters().pipelines_built)
}

fn tile_file(directory: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(directory.join("rutile")).ok()?;
    let files = entries.map(|entry| entry.unwrap().path());
    files.into_iter().find(|path| path.file_name().unwrap().to_str().unwrap().starts_with("tiles_"))
}

fn set(name: &str, value: &str) {
    // SAFETY: no other thread of this process reads the environment meanwhile: this is its only test.
    unsafe { std::env::set_var(name, value) };
}
