"""The golden WGSL in another compiler than naga: Tint, as Chromium's WebGPU has it, through a page on localhost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import browser

GOLDEN = Path(__file__).parent / "golden" / "wgsl"
SEPARATOR = "// Next kernel."
# Compiles each text to a pipeline, and gives what the compiler says, by name.
PAGE = """<!doctype html><title>WGSL</title><script>
(async () => {
  const results = {};
  const shaders = await (await fetch("/data")).json();
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) {
    results["WebGPU"] = "the browser has no adapter";
  } else {
    // WebGPU's default limits: what every browser grants.
    const features = ["shader-f16", "subgroups"].filter((name) => adapter.features.has(name));
    const device = await adapter.requestDevice({requiredFeatures: features});
    for (const [name, code] of Object.entries(shaders)) {
      device.pushErrorScope("validation");
      const module = device.createShaderModule({code});
      const messages = (await module.getCompilationInfo()).messages.filter((message) => message.type === "error");
      let text = messages.map((message) => `line ${message.lineNum}: ${message.message}`).join("; ");
      if (!text) {
        try {
          await device.createComputePipelineAsync({layout: "auto", compute: {module}});
        } catch (error) {
          text = error.message;
        }
      }
      const scope = await device.popErrorScope();
      text = text || scope?.message || "";
      if (text) results[name] = text;
    }
  }
  await fetch("/result", {method: "POST", body: JSON.stringify(results)});
})().catch((error) => fetch("/result", {method: "POST", body: JSON.stringify({page: String(error)})}));
</script>"""

needs_browser = pytest.mark.skipif(
    browser.find() is None, reason="needs Chromium: apt-get install chromium-headless-shell"
)


def kernels() -> dict[str, str]:
    """Every kernel of the golden files, by file and number."""
    texts = {}
    for path in sorted(GOLDEN.glob("*.wgsl")):
        for number, text in enumerate(path.read_text().split(SEPARATOR)):
            texts[f"{path.stem} {number}"] = text
    return texts


def complaints(shaders: dict[str, str], profile: Path) -> dict[str, Any]:
    return browser.run(PAGE, shaders, profile)


@needs_browser
def test_tint_compiles_every_golden_kernel(tmp_path: Path):
    shaders = kernels()
    assert len(shaders) >= 100
    assert complaints(shaders, tmp_path) == {}


@needs_browser
def test_what_tint_refuses_is_reported(tmp_path: Path):
    said = complaints({"fine": "@compute @workgroup_size(1) fn main() {}", "wrong": "fn main( {}"}, tmp_path)
    assert said.keys() == {"wrong"} and said["wrong"].startswith("line 1")
