import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { environmentPython } from "../../src/agents/python/find-python.ts";
import { findUv } from "../../src/agents/python/find-uv.ts";
import { installPackage, lookAtEnvironment } from "../../src/agents/python/install-package.ts";
import { type ModelServer, startModelServer } from "../../src/agents/testing/model-server.ts";
import { called, said } from "../../src/agents/testing/server-answers.ts";
import { analyzeArguments, runCommandLine } from "./command-line.ts";
import { startTestInterpreter, testPython } from "./test-python.ts";

const signal = AbortSignal.timeout(240_000);
let folder: string;
let wheels: string;
/** No settings and no index of this machine: what is installed comes from the folder. */
let offline: { readonly [name: string]: string };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "byzer-packages-"));
  wheels = join(folder, "wheels");
  mkdirSync(wheels);
  wheel("byzer-tiny", "1.0", "byzer_tiny", "answer = 42");
  wheel("byzer-base", "1.0", "byzer_base", "version = 1");
  wheel("byzer-base", "2.0", "byzer_base", "version = 2");
  wheel("byzer-needs-two", "1.0", "byzer_needs_two", "import byzer_base", "byzer-base>=2");
  const source = join(folder, "sdist", "byzer-source-1.0");
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, "setup.py"), `open(${JSON.stringify(join(folder, "ran"))}, "w")`);
  spawnSync("tar", ["czf", join(wheels, "byzer-source-1.0.tar.gz"), "-C", dirname(source), "byzer-source-1.0"]);
  offline = {
    HOME: folder,
    PIP_NO_INDEX: "1",
    PIP_FIND_LINKS: wheels,
    PIP_CONFIG_FILE: join(folder, "none"),
    UV_OFFLINE: "1",
    UV_FIND_LINKS: wheels,
    UV_NO_CONFIG: "1",
    UV_CACHE_DIR: join(folder, "cache"),
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function wheel(...args: readonly string[]): void {
  const made = spawnSync(testPython(), [join(import.meta.dirname, "make-wheel.py"), wheels, ...args]);
  expect(String(made.stderr)).toBe("");
}

function emptyEnvironment(name: string): string {
  const directory = join(folder, name);
  const made = spawnSync(testPython(), ["-m", "venv", "--without-pip", directory]);
  expect(made.status, String(made.stderr)).toBe(0);
  return environmentPython(directory);
}

/** A `PATH` with uv on it, and one without. */
function paths(): { readonly uv: string; readonly pip: string } {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  copyFileSync(join(dirname(testPython()), "uv"), join(bin, "uv"));
  return { uv: bin, pip: join(folder, "empty") };
}

describe.skipIf(process.platform === "win32").each(["uv", "pip"] as const)("installing with %s", (way) => {
  const lines: string[] = [];
  let executable: string;
  let environment: { readonly [name: string]: string };
  const install = (name: string) =>
    installPackage({ name, executable, environment, onProgress: (line) => void lines.push(line) }, signal);
  beforeAll(async () => {
    environment = { ...offline, PATH: paths()[way] };
    executable = emptyEnvironment(way);
    expect((await findUv({ executable, environment }, signal)) !== undefined).toBe(way === "uv");
  });

  it("looks first where packages would go: an environment takes them, the Python of a system does not", async () => {
    const { folder: place, takesPackages } = await lookAtEnvironment(executable, environment, signal);
    expect({ place, takesPackages }).toEqual({ place: join(folder, way), takesPackages: true });
    expect((await lookAtEnvironment("/usr/bin/python3", environment, signal)).takesPackages).toBe(false);
  });

  it("brings a package into a running Python, which keeps its variables", async () => {
    const session = await startTestInterpreter({ python: executable, sandbox: "strict" });
    const code = "import byzer_tiny\nprint(kept + byzer_tiny.answer)";
    await session.run("kept = 1");
    expect((await session.run(code)).outputs.at(-1)).toMatchObject({ name: "ModuleNotFoundError" });
    expect(await install("byzer-tiny")).toEqual({ changedOthers: false });
    await session.interpreter.refresh();
    expect((await session.run(code)).text).toBe("43\n");
    expect(lines).toContain(`Installing byzer-tiny with ${way}`);
    await session.close();
  });

  it("changes other packages only where it must, and says so", async () => {
    await install("byzer-base==1.0");
    expect(await install("byzer-needs-two")).toEqual({ changedOthers: true });
    const { packages } = await lookAtEnvironment(executable, environment, signal);
    expect(packages).toMatchObject({ "byzer-base": "2.0", "byzer-needs-two": "1.0" });
  });

  it("builds nothing: a package that comes as source alone is refused, and none of its code runs", async () => {
    await expect(install("byzer-source")).rejects.toMatchObject({
      code: "package.failed",
      message: expect.stringMatching(/^The package index has no ready-made build of byzer-source/),
    });
    expect(existsSync(join(folder, "ran"))).toBe(false);
  });

  it("says first that an index cannot be reached, and keeps its password", async () => {
    const address = "http://user:hidden-word@127.0.0.1:9/simple";
    const unreachable = { PIP_INDEX_URL: address, UV_INDEX_URL: address, UV_HTTP_RETRIES: "0" };
    const { PIP_NO_INDEX: _pip, UV_OFFLINE: _uv, ...reachable } = environment;
    const options = {
      name: "seaborn",
      executable,
      environment: { ...reachable, ...unreachable },
      onProgress: () => undefined,
    };
    const failure = await installPackage(options, signal).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "package.failed",
      message: expect.stringMatching(/^The package index could not be reached: .*(?:[Cc]onnect)/),
    });
    expect(JSON.stringify(failure)).not.toContain("hidden-word");
  });
});

describe.skipIf(process.platform === "win32")("on the command line", () => {
  let server: ModelServer;
  let table: string;
  beforeAll(() => {
    table = join(folder, "sales.csv");
    writeFileSync(table, "city,sales\nA,10\n");
    offline = { ...offline, PATH: `${paths().uv}:/usr/bin:/bin` };
  });
  beforeEach(async () => {
    server = await startModelServer();
  });
  afterEach(() => server.close());

  const analyze = (python: string, ...args: readonly string[]) => {
    const common = analyzeArguments(server.baseUrl, join(folder, "sessions"));
    const last = ["--question", "Compute", "--json", "--agent", "assistant_agent"];
    return runCommandLine(["analyze", table, ...common, "--python", python, ...last, ...args], { env: offline });
  };

  it("--yes installs a well-known package into the environment, and the same cell runs again", async () => {
    wheel("seaborn", "0.13.2", "seaborn", "themes = 3");
    server.expectChat(called("import seaborn\nprint(seaborn.themes)"), said("There are 3."));
    const { code, out, err } = await analyze(emptyEnvironment("cli"), "--yes");
    expect(err).toContain("Installing seaborn with uv");
    expect(JSON.parse(out)).toMatchObject({ cells: [{ status: "ok", output: "3" }] });
    expect(code).toBe(0);
  });

  it("--yes does not install a name that is not well known", async () => {
    server.expectChat(called("import byzer_tiny"), said("It is not there."));
    const { out, err } = await analyze(emptyEnvironment("cli-unknown"), "--yes");
    expect(err).toContain("byzer-tiny is not installed, and it is not a well-known package");
    expect(JSON.parse(out)).toMatchObject({ cells: [{ status: "error" }] });
  });
});
