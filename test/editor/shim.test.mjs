import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseElectronArguments } from "../../scripts/editor/electron-arguments.mjs";
import { ensureEditor } from "../../scripts/editor/install.mjs";

const shim = resolve("scripts/editor/code-server-shim.mjs");
const suites = resolve("test/editor/fixtures/suites");
let artifacts = "";

beforeEach(() => {
  artifacts = mkdtempSync(join(tmpdir(), "byzer-artifacts-"));
});
afterEach(() => rmSync(artifacts, { recursive: true }));

/**
 * @param {string} suite
 * @param {number} limitMs
 */
async function runShim(suite, limitMs) {
  await ensureEditor();
  const extension = resolve("test/editor/fixtures/probe-extension");
  const args = [`--extensionDevelopmentPath=${extension}`, `--extensionTestsPath=${join(suites, suite)}`];
  const env = { ...process.env, BYZER_EDITOR_ARTIFACTS: artifacts, BYZER_EDITOR_TIMEOUT_MS: String(limitMs) };
  return spawnSync(process.execPath, [shim, "--disable-workspace-trust", ...args], { encoding: "utf8", env });
}

test("a suite that throws ends the shim with 1, its console and a picture", async () => {
  const { status, stdout } = await runShim("throwing.cjs", 180_000);
  expect(stdout).toContain("about to throw");
  expect(stdout).toContain("thrown by the suite");
  expect({ status, files: readdirSync(artifacts).map((name) => name.split(".").at(-1)) }).toEqual({
    status: 1,
    files: ["log", "png"],
  });
});

test("a suite that never ends is ended", async () => {
  const { status, stdout } = await runShim("endless.cjs", 12_000);
  expect(status).toBe(1);
  expect(stdout).toContain("the suite did not end within 12 s");
});

test("an option that the server cannot honour is refused by name", () => {
  expect(() => parseElectronArguments(["--locale=de", "--extensionTestsPath=/s.cjs"])).toThrow("--locale=de");
  expect(() => parseElectronArguments(["/folder"])).toThrow("--extensionTestsPath is missing");
  const two = ["--extensionDevelopmentPath=/a", "--extensionDevelopmentPath=/b", "--extensionTestsPath=/s.cjs"];
  expect(() => parseElectronArguments(two)).toThrow("only one extension");
});

test("options are read in both spellings", () => {
  const args = ["/w", "--user-data-dir", "/d", "--extensions-dir=/e", "--no-sandbox", "--extensionTestsPath=/s.cjs"];
  const development = ["--extensionDevelopmentPath=/a", "--disable-workspace-trust"];
  expect(parseElectronArguments([...args, ...development])).toEqual({
    folder: "/w",
    extensionDevelopmentPath: "/a",
    extensionTestsPath: "/s.cjs",
    userDataDir: "/d",
    extensionsDir: "/e",
    trusted: true,
  });
});
