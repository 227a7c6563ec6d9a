//! Which instruction set the loops are taken in, found once.

use std::sync::OnceLock;

/// Instruction sets that the loops are compiled for. The baseline is SSE2 on x86-64 and NEON on 64-bit ARM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instructions {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    Baseline,
}

/// The best set of this processor; `RUTILE_CPU=avx2` or `RUTILE_CPU=baseline` asks for a lesser one.
pub fn instructions() -> Instructions {
    static FOUND: OnceLock<Instructions> = OnceLock::new();
    *FOUND.get_or_init(|| match (std::env::var("RUTILE_CPU").as_deref(), find()) {
        (Ok("baseline"), _) => Instructions::Baseline,
        #[cfg(target_arch = "x86_64")]
        (Ok("avx2"), Instructions::Avx512) => Instructions::Avx2,
        (_, best) => best,
    })
}

/// Names of the processor's features that matter to the loops and products.
pub fn features() -> Vec<String> {
    #[cfg(target_arch = "x86_64")]
    let found = [
        ("avx2", std::is_x86_feature_detected!("avx2")),
        ("fma", std::is_x86_feature_detected!("fma")),
        ("avx512f", std::is_x86_feature_detected!("avx512f")),
    ];
    #[cfg(target_arch = "aarch64")]
    let found = [("neon", true)];
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    let found: [(&str, bool); 0] = [];
    found.iter().filter(|(_, present)| *present).map(|(name, _)| name.to_string()).collect()
}

#[cfg(target_arch = "x86_64")]
fn find() -> Instructions {
    let avx512 = std::is_x86_feature_detected!("avx512f")
        && std::is_x86_feature_detected!("avx512bw")
        && std::is_x86_feature_detected!("avx512dq")
        && std::is_x86_feature_detected!("avx512vl");
    let avx2 = std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma");
    match (avx512, avx2) {
        (true, true) => Instructions::Avx512,
        (_, true) => Instructions::Avx2,
        _ => Instructions::Baseline,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn find() -> Instructions {
    Instructions::Baseline
}
