import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createChildProcessLauncher } from "../../src/agents/python/child-process-launcher.ts";
import { findSandbox, type SandboxTool } from "../../src/agents/python/sandbox/find-sandbox.ts";
import { type RunCell, startTestInterpreter, type TestInterpreter, testPython } from "./test-python.ts";

const tool = await findSandbox();
const landlockVersion = Number(
  spawnSync(testPython(), ["-c", "from byzer_interpreter.landlock import version; print(version() or 0)"], {
    cwd: join(import.meta.dirname, "../../src/python"),
    encoding: "utf8",
  }).stdout,
);

/** What holds code on this machine; each is put to the same questions. */
const backends: readonly SandboxTool[] = [
  ...(tool.kind === "landlock" ? [] : [tool]),
  ...(landlockVersion >= 3 ? [{ kind: "landlock", why: "asked for by the test" } as const] : []),
].filter(({ kind }) => kind !== "none");

it("has something on this machine that the tests below are about", () => {
  expect(
    backends.map(({ kind }) => kind),
    JSON.stringify(tool),
  ).not.toEqual([]);
});

it.runIf(process.platform === "linux")("has bubblewrap, or says why it cannot be had", () => {
  expect(tool.kind === "bubblewrap" ? "" : tool.kind === "landlock" ? tool.why : "no word").toMatch(
    /^$|user namespaces|does not work here/,
  );
});

const cleaning: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0).toReversed()) {
    // Interpreters end before their folders go.
    // oxlint-disable-next-line no-await-in-loop
    await clean();
  }
});

function folder(name: string, parent = tmpdir()): string {
  const path = realpathSync(mkdtempSync(join(parent, name)));
  cleaning.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function held(
  sandbox: SandboxTool,
  mode: "workspace" | "strict",
  options: { readonly workspace?: string; readonly environment?: { readonly [name: string]: string } } = {},
): Promise<TestInterpreter> {
  const workingDirectory = options.workspace ?? folder("byzer-held-");
  const launcher = createChildProcessLauncher({ ...process.env, ...options.environment });
  const session = await startTestInterpreter({ sandbox: mode, tool: sandbox, workingDirectory, launcher });
  cleaning.push(() => session.close());
  return session;
}

/** The name of the error that a cell ended with, or what it printed. */
function outcome(cell: RunCell): string {
  const error = cell.outputs.find(({ type }) => type === "error");
  return error?.type === "error" ? `${error.name}: ${error.message}` : cell.text.trim();
}

const write = (path: string): string => `open(${JSON.stringify(path)}, "w").write("x")\nprint("written")`;
const refused = /^(?:PermissionError|OSError|FileNotFoundError): /;

describe.each(backends.map((backend) => [backend.kind, backend] as const))("%s", (kind, backend) => {
  it("says in what it runs", async () => {
    const session = await held(backend, "strict");
    expect(session.interpreter.info.sandbox).toEqual({
      mode: "strict",
      folders: [realpathSync(session.outputDirectory)],
    });
  });

  it("lets code write where it may, and nowhere else", async () => {
    const outside = folder("byzer-outside-");
    for (const mode of ["workspace", "strict"] as const) {
      // oxlint-disable-next-line no-await-in-loop
      const session = await held(backend, mode);
      const { workingDirectory, outputDirectory } = session;
      // oxlint-disable-next-line no-await-in-loop
      const results = await inOrder(session, [
        write(join(outputDirectory, "own.txt")),
        "import tempfile\nwith tempfile.NamedTemporaryFile('w') as file:\n    file.write('x')\nprint('written')",
        write(join(workingDirectory, "work.txt")),
        write(join(outside, "out.txt")),
        write(join(homedir(), "byzer-sandbox-test.txt")),
        write("/etc/byzer-sandbox-test"),
        write("/var/tmp/byzer-sandbox-test"),
      ]);
      expect(results.slice(0, 2)).toEqual(["written", "written"]);
      expect(results[2]).toMatch(mode === "workspace" ? /^written$/ : refused);
      expect(results.slice(3)).toEqual([
        expect.stringMatching(refused),
        expect.stringMatching(refused),
        expect.stringMatching(refused),
        expect.stringMatching(refused),
      ]);
      expect(existsSync(join(outside, "out.txt"))).toBe(false);
      expect(readFileSync(join(outputDirectory, "own.txt"), "utf8")).toBe("x");
    }
  });

  it("keeps what lies outside from being removed, moved, emptied or linked into reach", async () => {
    const outside = folder("byzer-outside-");
    const victim = join(outside, "kept.txt");
    writeFileSync(victim, "kept");
    const session = await held(backend, "workspace");
    const path = JSON.stringify(victim);
    symlinkSync(victim, join(session.workingDirectory, "link.txt"));
    symlinkSync(outside, join(session.workingDirectory, "linked"));
    const results = await inOrder(session, [
      `import os; os.remove(${path})`,
      `import os; os.rename(${path}, 'moved.txt')`,
      `import os; os.truncate(${path}, 0)`,
      `open('link.txt', 'w')`,
      `open('linked/new.txt', 'w')`,
      `import os; os.link(${path}, 'hard.txt'); open('hard.txt', 'w')`,
      `import os; os.symlink(${path}, 'own-link.txt'); open('own-link.txt', 'w')`,
      `import subprocess; subprocess.run(['/bin/sh', '-c', 'echo x > ' + ${path}], check=True)`,
      `import os\nroot = [p for p in os.listdir('/proc') if p.isdigit()]\nfor p in root:\n    try:\n        open(f'/proc/{p}/root' + ${path}, 'w')\n        print('opened through', p)\n    except OSError: pass`,
    ]);
    expect(results).toEqual([
      ...Array.from({ length: 7 }, () => expect.stringMatching(refused)),
      expect.stringMatching(/^CalledProcessError/),
      "",
    ]);
    expect(readFileSync(victim, "utf8")).toBe("kept");
  });

  it("has no network in strict, not even this machine, nor through a child", async () => {
    const server = createServer((socket) => socket.end("hello"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    cleaning.push(() => server.close());
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const connect = `import socket\nprint(socket.create_connection(("127.0.0.1", ${port}), 3).recv(5).decode())`;
    const child = `import subprocess, sys\ndone = subprocess.run([sys.executable, "-c", ${JSON.stringify(connect)}], capture_output=True)\nprint(done.returncode)`;
    const datagram = `import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53))\nprint("sent")`;
    const strict = await held(backend, "strict");
    const results = await inOrder(strict, [connect, child, datagram]);
    expect(results[0]).toMatch(/Refused|PermissionError|OSError/);
    expect(results[1]).toBe("1");
    expect(results[2]).toMatch(/PermissionError|OSError/);
    expect(outcome(await (await held(backend, "workspace")).run(connect))).toBe("hello");
  });

  it.runIf(process.platform === "linux")("reaches no service over a socket in the file system", async () => {
    const service = join(tmpdir(), `byzer-service-${process.pid}`);
    mkdirSync(service);
    const path = join(service, "socket");
    const server = createServer((socket) => socket.end("done"));
    await new Promise<void>((resolve) => server.listen(path, resolve));
    cleaning.push(
      () => server.close(),
      () => rmSync(service, { recursive: true, force: true }),
    );
    const code = `import socket\ns = socket.socket(socket.AF_UNIX)\ns.connect(${JSON.stringify(path)})\nprint(s.recv(4).decode())`;
    for (const mode of ["workspace", "strict"] as const) {
      // oxlint-disable-next-line no-await-in-loop
      expect(outcome(await (await held(backend, mode)).run(code))).toMatch(refused);
    }
  });

  describe("with a home of its own", () => {
    let before: string | undefined;
    let home: string;
    beforeAll(() => {
      before = process.env["HOME"];
      home = realpathSync(mkdtempSync(join(tmpdir(), "byzer-home-")));
      process.env["HOME"] = home;
      mkdirSync(join(home, ".ssh"));
      mkdirSync(join(home, "elsewhere"));
      mkdirSync(join(home, ".config"));
      writeFileSync(join(home, ".ssh", "id_ed25519"), "SECRET");
      writeFileSync(join(home, ".netrc"), "SECRET");
      writeFileSync(join(home, "elsewhere", "credentials"), "SECRET");
      symlinkSync(join(home, "elsewhere"), join(home, ".aws"));
      writeFileSync(join(home, "data.csv"), "a\n1\n");
    });
    afterAll(() => {
      process.env["HOME"] = before;
      rmSync(home, { recursive: true, force: true });
    });

    it("cannot read where keys are kept, by no way around", async () => {
      const session = await held(backend, "workspace");
      const key = JSON.stringify(join(home, ".ssh", "id_ed25519"));
      const results = await inOrder(session, [
        `print(open(${key}).read())`,
        `print(open(${JSON.stringify(join(home, ".netrc"))}).read())`,
        `print(open(${JSON.stringify(join(home, ".aws", "credentials"))}).read())`,
        `print(open(${JSON.stringify(join(home, "elsewhere", "credentials"))}).read())`,
        `import os; os.symlink(${key}, "way.txt"); print(open("way.txt").read())`,
        `import os; os.link(${key}, "hard.txt"); print(open("hard.txt").read())`,
        `import subprocess; print(subprocess.run(["cat", ${key}], capture_output=True, text=True).stdout)`,
        `import glob\nfor path in glob.glob("/proc/*/root" + ${key}) + glob.glob("/proc/*/cwd/../.ssh/*"):\n    try: print(open(path).read())\n    except OSError: pass`,
        `print(open(${JSON.stringify(join(home, "data.csv"))}).read())`,
      ]);
      expect(results.slice(0, -1).join("\n")).not.toContain("SECRET");
      expect(results.at(-1)).toBe("a\n1");
    });

    it("does not open a whole home for writing", async () => {
      const session = await held(backend, "workspace", { workspace: home });
      cleaning.push(() => undefined);
      expect(outcome(await session.run(write(join(home, ".profile"))))).toMatch(refused);
      expect(outcome(await session.run("print(open('data.csv').read())"))).toBe("a\n1");
    });
  });

  it.runIf(process.platform === "linux")("sees the environment of no other process", async () => {
    const other = spawn("sleep", ["60"], { env: { ...process.env, OTHER_SECRET: "hunter2hunter2" }, stdio: "ignore" });
    cleaning.push(() => other.kill("SIGKILL"));
    const session = await held(backend, "workspace");
    const code = `import glob\nfound = []\nfor path in glob.glob("/proc/[0-9]*/environ"):\n    try:\n        if b"hunter2hunter2" in open(path, "rb").read(): found.append(path)\n    except OSError: pass\nprint(found)`;
    expect(outcome(await session.run(code))).toBe("[]");
    const unheld = await startTestInterpreter();
    cleaning.push(() => unheld.close());
    expect(outcome(await unheld.run(code))).toContain(`/proc/${other.pid}/environ`);
  });

  it("draws, keeps variables, starts children and counts in parallel as elsewhere", async () => {
    const session = await held(backend, "strict");
    const results = await session.run(
      "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('销量')\nplt.show()\nkept = 7",
    );
    const picture = results.outputs.find(({ type }) => type === "image");
    expect(results.outputs.filter(({ type }) => type === "error" || type === "text")).toEqual([]);
    expect(existsSync(join(session.outputDirectory, picture?.type === "image" ? picture.file : "none"))).toBe(true);
    expect(
      outcome(
        await session.run(
          "import subprocess\nprint(kept, subprocess.run(['echo', 'child'], capture_output=True, text=True).stdout)",
        ),
      ),
    ).toBe("7 child");
    const parallel = "import multiprocessing\nprint(multiprocessing.Pool(2).map(abs, [-1, 2]))";
    expect(outcome(await session.run(parallel))).toBe("[1, 2]");
  });

  it.runIf(process.platform === "linux")(
    "is interrupted with what it has started, keeps variables, and ends whole",
    async () => {
      const session = await held(backend, "strict");
      await session.run("kept = 1");
      const abort = new AbortController();
      const code = "import subprocess\nprint('going', flush=True)\nsubprocess.run(['sleep', '61.5'])";
      const request = { cellId: "long", code, timeLimitMs: 0, onOutput: () => abort.abort() };
      expect((await session.interpreter.run(request, abort.signal)).status).toBe("interrupted");
      expect(outcome(await session.run("print(kept)"))).toBe("1");
      await session.run("import subprocess\nchild = subprocess.Popen(['sleep', '62.5'])");
      await session.close();
      await expect
        .poll(() => running("sleep"), { timeout: 60_000 })
        .not.toEqual(expect.arrayContaining([expect.stringMatching(/^sleep 6[12][.]5/)]));
    },
  );

  it.runIf(process.platform === "linux")("keeps the memory limit", async () => {
    const session = await startTestInterpreter({ sandbox: "strict", tool: backend, memoryLimitBytes: 1024 ** 3 });
    cleaning.push(() => session.close());
    expect(outcome(await session.run("blocks = [bytearray(50_000_000) for _ in range(100)]"))).toMatch(/^MemoryError/);
  });

  it.runIf(kind === "bubblewrap")("hides keys in the workspace and guards what runs later", async () => {
    const workspace = folder("byzer-space-");
    mkdirSync(join(workspace, ".git", "hooks"), { recursive: true });
    writeFileSync(join(workspace, ".env"), "SECRET=1");
    mkdirSync(join(workspace, "deploy"));
    writeFileSync(join(workspace, "deploy", "server.pem"), "SECRET");
    writeFileSync(join(workspace, ".env.example"), "NAME=");
    const session = await held(backend, "workspace", { workspace });
    const results = await inOrder(session, [
      "print(open('.env').read() + open('deploy/server.pem').read())",
      "open('.env', 'w')",
      "import os; os.remove('.env')",
      "open('.git/hooks/post-checkout', 'w')",
      "import os; os.rename('.git', 'git')",
      "print(open('.env.example').read())",
      write("out.csv"),
      "print(open('out.csv').read())",
    ]);
    expect(results[0]).toMatch(/^$|PermissionError/);
    expect(results.slice(1, 5).filter((result) => !refused.test(result))).toEqual([]);
    expect(results.slice(5)).toEqual(["NAME=", "written", "x"]);
    expect(readFileSync(join(workspace, ".env"), "utf8")).toBe("SECRET=1");
  });
});

it("says why and the way out where nothing can hold code, and runs it all the same", async () => {
  const reasons: string[] = [];
  const session = await startTestInterpreter({
    sandbox: "strict",
    tool: { kind: "none", reason: "There is none." },
    onUnheld: (reason) => void reasons.push(reason),
  });
  cleaning.push(() => session.close());
  expect(reasons).toEqual(["There is none."]);
  expect(session.interpreter.info.sandbox).toEqual({ mode: "off", folders: [] });
  expect(outcome(await session.run("print(1)"))).toBe("1");
});

/** The command lines of the processes of this machine that run `program`. */
function running(program: string): readonly string[] {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const lines = ids.map((id) => {
    try {
      return readFileSync(join("/proc", id, "cmdline"), "utf8").replaceAll("\0", " ");
    } catch {
      return "";
    }
  });
  return lines.filter((line) => line.startsWith(program));
}

async function inOrder(session: TestInterpreter, codes: readonly string[]): Promise<readonly string[]> {
  const results: string[] = [];
  for (const code of codes) {
    // One interpreter runs one cell at a time.
    // oxlint-disable-next-line no-await-in-loop
    results.push(outcome(await session.run(code)));
  }
  return results;
}
