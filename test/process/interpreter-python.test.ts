import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { environmentPython, findPython, probePython } from "../../src/agents/python/find-python.ts";
import { ensureManagedEnvironment } from "../../src/agents/python/managed-environment.ts";
import { testPython } from "./test-python.ts";

const signal = AbortSignal.timeout(300_000);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-python-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function script(name: string, body: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** The output of a probe of a Python that calls itself by its script's name. */
function bare(version: string, packages: string): string {
  return `echo '{"executable": "'$0'", "version": ${version}, "packages": ${packages}}'`;
}

describe.skipIf(process.platform === "win32")("finding a Python", () => {
  it("takes an executable or the folder of an environment, and says what it has", async () => {
    const candidates = [{ path: dirname(dirname(testPython())), origin: "the setting" }];
    const found = await findPython({ candidates, environment: {} }, signal);
    expect(found).toMatchObject({ executable: testPython(), origin: "the setting" });
    expect(found.packages).toEqual(["pandas", "matplotlib", "openpyxl", "pyarrow"]);
  });

  it("names every place and why it was refused", async () => {
    const old = script("old", `echo '{"executable": "/old", "version": [3, 6, 1], "packages": []}'`);
    const candidates = [
      { path: join(folder, "nothing"), origin: "the setting" },
      { path: old, origin: "the extension" },
      { path: script("noise", "echo hello"), origin: "a third" },
    ];
    script("path/python3", "echo broken >&2; exit 7");
    const failed = findPython({ candidates, environment: { PATH: join(folder, "path") } }, signal);
    await expect(failed).rejects.toMatchObject({
      code: "python.missing",
      details: {
        looked: [
          expect.stringMatching(/^the setting: .*nothing could not be run \(.*ENOENT/),
          expect.stringContaining("is Python 3.6.1, 3.9 or later is needed"),
          expect.stringContaining("is not a Python"),
          expect.stringMatching(/^PATH: .*failed with exit code 7 \(broken\)$/),
        ],
      },
    });
  });

  it("says which of those that were chosen it passed over, and why", async () => {
    const good = script("good", bare("[3, 12, 0]", '["pandas"]'));
    const candidates = [
      { path: join(folder, "nothing"), origin: "the setting" },
      { path: good, origin: "the extension" },
    ];
    const passedOver = [expect.stringMatching(/^the setting: .*nothing could not be run/)];
    expect(await findPython({ candidates, environment: {} }, signal)).toMatchObject({ executable: good, passedOver });
    const environment = { PATH: join(folder, "path") };
    const other = script("path/python3", bare("[3, 12, 0]", "[]"));
    script("path/python", "exit 7");
    const found = await findPython({ candidates: candidates.slice(0, 1), environment }, signal);
    expect(found).toMatchObject({ executable: other, passedOver });
    expect((await findPython({ candidates: [], environment }, signal)).passedOver).toEqual([]);
  });

  it("prefers a Python with pandas on PATH, and never looks into relative entries", async () => {
    script("one/python3", bare("[3, 12, 0]", "[]"));
    const second = script("two/python3", bare("[3, 10, 0]", '["pandas"]'));
    const environment = { PATH: `relative:${join(folder, "one")}:${join(folder, "two")}` };
    expect((await findPython({ candidates: [], environment }, signal)).executable).toBe(second);
    const refused = findPython({ candidates: [], environment: { PATH: "relative" } }, signal);
    await expect(refused).rejects.toMatchObject({ code: "python.missing" });
  });
});

function options(directory: string, lines: string[] = []) {
  return {
    directory,
    basePython: testPython(),
    packages: [],
    // No uv: the way that every machine has.
    environment: { PATH: join(folder, "empty"), HOME: folder },
    onProgress: (line: string) => void lines.push(line),
  };
}

describe.skipIf(process.platform === "win32")("the managed environment", () => {
  it("says how to get venv where the system comes without", async () => {
    const base = script(
      "debian",
      "echo 'The virtual environment was not created because ensurepip is not available.'; exit 1",
    );
    const failed = ensureManagedEnvironment({ ...options(join(folder, "env")), basePython: base }, signal);
    await expect(failed).rejects.toMatchObject({
      code: "python.unusable",
      message: expect.stringContaining("sudo apt install python3-venv"),
    });
    expect(existsSync(join(folder, "env.lock"))).toBe(false);
  });

  it("never clears a folder with other things in it", async () => {
    writeFileSync(join(folder, "mine.txt"), "");
    await expect(ensureManagedEnvironment(options(folder), signal)).rejects.toMatchObject({
      code: "python.unusable",
      message: expect.stringContaining("holds other files"),
    });
    expect(existsSync(join(folder, "mine.txt"))).toBe(true);
  });

  it("is built once for two at once, found again, and mended when broken", async () => {
    const directory = join(folder, "env");
    const base = script(
      "base",
      `[ "$4" = venv ] && mkdir -p "$5/bin" && cp ${join(folder, "python")} "$5/bin/python" && touch "$5/pyvenv.cfg" && echo x >> ${join(folder, "built")}`,
    );
    script("python", `echo '{"executable": "'$0'", "version": [3, 11, 0], "packages": []}'`);
    const lines: string[] = [];
    // The stand-in for Python is a shell script, which needs the system's tools; uv is not among them.
    const made = { ...options(directory, lines), basePython: base, environment: { PATH: "/usr/bin:/bin" } };
    const [first, second] = await Promise.all([
      ensureManagedEnvironment(made, signal),
      ensureManagedEnvironment(made, signal),
    ]);
    expect([first, second]).toEqual([environmentPython(directory), environmentPython(directory)]);
    expect(lines.filter((line) => line.startsWith("Creating"))).toHaveLength(1);
    expect(lines).toContain("Another window is preparing the environment; waiting for it.");
    writeFileSync(environmentPython(directory), "#!/bin/sh\nexit 1\n");
    await ensureManagedEnvironment(made, signal);
    expect(lines.some((line) => line.startsWith("The environment is broken"))).toBe(true);
    expect((await probePython({ path: directory, origin: "" }, {}, signal)).ok).toBe(true);
  });
});
