import { execFile } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod/mini";
import { type Bench, figure, rounds } from "./bench.ts";

const run = promisify(execFile);
const probeSchema = z.object({
  loadMs: z.number(),
  activateMs: z.number(),
  loadedBytes: z.number(),
  subscriptions: z.number(),
});
const roundCount = 15;
const warmUps = 2;
const activateLimitMs = 20;
const codeLimitBytes = 250_000;
const vsixLimitBytes = 8_000_000;

/**
 * What the extension costs a person who has not used it yet: the time of `activate()` in a fresh process, the code that
 * is read for it, and the size of the package. Measures `dist`, so build first.
 */
export const activationBench: Bench = {
  name: "activation",
  run: async () => {
    const probes = await rounds(roundCount, warmUps, probe);
    const sizes = [await vsixBytes()];
    return [
      figure(
        "activate()",
        "ms",
        probes.map(({ activateMs }) => activateMs),
        activateLimitMs,
      ),
      figure(
        "code loaded at activation",
        "bytes",
        probes.map(({ loadedBytes }) => loadedBytes),
        codeLimitBytes,
      ),
      figure("VSIX", "bytes", sizes, vsixLimitBytes),
    ];
  },
};

async function probe(): Promise<z.infer<typeof probeSchema>> {
  const { stdout } = await run(process.execPath, ["test/bench/activation-probe.cjs", "dist"]);
  const result = probeSchema.parse(JSON.parse(stdout));
  if (result.subscriptions === 0 || result.loadedBytes === 0) {
    throw new Error("The extension did not activate in the probe.");
  }
  return result;
}

async function vsixBytes(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "byzer-vsix-"));
  try {
    const out = join(folder, "byzer-agent.vsix");
    const flags = ["--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links"];
    await run("vsce", ["package", ...flags, "--out", out]);
    return (await stat(out)).size;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
