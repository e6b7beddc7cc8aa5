import { execFile } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { createChildProcessLauncher } from "../../src/agents/python/child-process-launcher.ts";
import { interpreterPorts } from "../../src/agents/python/interpreter-ports.ts";
import { createInterpreterProvider } from "../../src/agents/python/interpreter-provider.ts";
import type { PythonLauncher } from "../../src/agents/ports/python-launcher.ts";
import { programDirectory, startTestInterpreter, type TestInterpreter, testPython } from "./test-python.ts";

const GIGABYTE = 1024 ** 3;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function goneWithin(pid: number, limitMs: number): Promise<boolean> {
  if (!isAlive(pid) || limitMs <= 0) {
    return !isAlive(pid);
  }
  await pause(50);
  return goneWithin(pid, limitMs - 50);
}

async function pidPrinted(session: TestInterpreter, code: string): Promise<number> {
  return Number((await session.run(code)).text.trim());
}

describe("the process ends", () => {
  it.each([
    ["import os; os._exit(3)", "exit code 3"],
    ["import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"],
    ["import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"],
  ])("%s: the cell is told as exited, with the reason", async (code, reason) => {
    const session = await startTestInterpreter();
    const result = await session.run(`print('before', flush=True)\n${code}`);
    expect(result.status).toBe("exited");
    expect(result.outputs.at(-1)).toMatchObject({ type: "error", name: "InterpreterExited" });
    expect(result.outputs.at(-1)).toMatchObject({ message: expect.stringContaining(reason) });
    expect(await session.interpreter.closed).toContain(reason);
    await expect(session.run("1")).rejects.toMatchObject({ code: "python.closed" });
    await expect(session.interpreter.inspect("1")).rejects.toMatchObject({ code: "python.closed" });
    await session.close();
  });

  it("is killed when code swallows every interrupt", async () => {
    const session = await startTestInterpreter();
    const abort = new AbortController();
    const code =
      "import time\nwhile True:\n    try:\n        print('inside', flush=True)\n        time.sleep(60)\n    except KeyboardInterrupt: pass";
    // Only an interrupt that comes inside the `try` can be swallowed.
    const request = { cellId: "deaf", code, timeLimitMs: 0, onOutput: () => abort.abort() };
    const result = await session.interpreter.run(request, abort.signal);
    expect(result.status).toBe("exited");
    expect(await session.interpreter.closed).toContain("did not stop when it was interrupted");
    await session.close();
  });

  it("leaves with its children when it is closed while a cell runs", async () => {
    const session = await startTestInterpreter();
    const child = await pidPrinted(session, "import subprocess\nprint(subprocess.Popen(['sleep', '600']).pid)");
    const running = session.run("while True: pass");
    await pause(100);
    await session.close();
    expect((await running).status).toMatch(/exited|interrupted/);
    expect(isAlive(session.interpreter.info.pid)).toBe(false);
    expect(await goneWithin(child, 2000)).toBe(true);
    expect(await session.interpreter.closed).toBe("The session's Python was closed.");
  });

  it("leaves by itself, with its children, when its host is killed", async () => {
    const host = `
      const { startTestInterpreter } = await import(${JSON.stringify(new URL("test-python.ts", import.meta.url).href)});
      const session = await startTestInterpreter();
      const { text } = await session.run("import subprocess\\nprint(subprocess.Popen(['sleep', '600']).pid)");
      console.log(session.interpreter.info.pid, text);
      session.run("while True: pass");
      setTimeout(() => process.kill(process.pid, "SIGKILL"), 200);
    `;
    const printed = await new Promise<string>((resolve) => {
      execFile(process.execPath, ["--input-type=module", "-e", host], (_error, stdout) => resolve(stdout));
    });
    const [python, child] = printed.trim().split(/\s+/).map(Number);
    expect(python).toBeGreaterThan(0);
    expect(await goneWithin(python ?? 0, 4000)).toBe(true);
    expect(await goneWithin(child ?? 0, 4000)).toBe(true);
  });
});

describe("limits", () => {
  it.runIf(process.platform === "linux")("turns eaten memory into an error that names the limit", async () => {
    const session = await startTestInterpreter({ memoryLimitBytes: GIGABYTE });
    const result = await session.run("small = 1\nblocks = []\nwhile True: blocks.append(bytearray(50_000_000))");
    expect(result.status).toBe("error");
    expect(result.outputs.at(-1)).toMatchObject({
      name: "MemoryError",
      message: expect.stringContaining("1.0 GB"),
    });
    expect((await session.run("del blocks\nsmall")).outputs).toEqual([{ type: "value", text: "1" }]);
    await session.close();
  });
});

function provider(launchers: readonly PythonLauncher[], connectTimeoutMs = 60_000) {
  return createInterpreterProvider({
    python: () => Promise.resolve(testPython()),
    launchers,
    programDirectory,
    connectTimeoutMs,
  });
}

/** Starts `code` in place of the interpreter program. */
function otherProgram(code: string): PythonLauncher {
  return { launch: (request) => createChildProcessLauncher().launch({ ...request, args: ["-c", code] }) };
}

describe("starting", () => {
  const options = { title: "t", workingDirectory: "/", outputDirectory: "/", memoryLimitBytes: 0 };

  it("says what Python said when it ends before it is ready", async () => {
    const start = provider([otherProgram("raise SystemExit('no such thing')")]).start(
      options,
      AbortSignal.timeout(60_000),
    );
    await expect(start).rejects.toMatchObject({
      code: "python.unreachable",
      message: expect.stringMatching(/exit code 1 before it was ready.*no such thing/),
    });
  });

  it("gives up when nothing dials back, and kills what it started", async () => {
    const start = provider([otherProgram("import time; time.sleep(60)")], 700).start(
      options,
      AbortSignal.timeout(60_000),
    );
    await expect(start).rejects.toMatchObject({ code: "python.unreachable", message: expect.stringContaining("0.7") });
  });

  it("lets nobody in without the token", async () => {
    const code = `
import os, socket, time, json
connection = socket.create_connection(("127.0.0.1", int(os.environ["BYZER_INTERPRETER_PORT"])))
connection.sendall(json.dumps({"t": "hello", "token": "guess", "pid": 1, "version": "3", "executable": "x",
    "packages": {}, "memoryLimited": False}).encode() + b"\\n")
print("dropped" if connection.recv(1) == b"" else "let in", flush=True)
time.sleep(60)`;
    const start = provider([otherProgram(code)], 6000).start(options, AbortSignal.timeout(60_000));
    await expect(start).rejects.toMatchObject({ details: { tail: "dropped" } });
  });

  it("falls back to the next launcher and says why", async () => {
    const reasons: string[] = [];
    const launchers = [otherProgram("raise SystemExit(9)"), createChildProcessLauncher()];
    const onFallback = (reason: string) => void reasons.push(reason);
    const interpreter = await provider(launchers).start({ ...options, onFallback }, AbortSignal.timeout(60_000));
    expect(interpreter.info.place).toBe("process");
    expect(reasons).toEqual([expect.stringContaining("exit code 9")]);
    await interpreter.close();
  });

  it("stops listening once it is connected", async () => {
    let port = 0;
    const watching: PythonLauncher = {
      launch: (request) => {
        port = Number(request.env["BYZER_INTERPRETER_PORT"]);
        return createChildProcessLauncher().launch(request);
      },
    };
    const session = await startTestInterpreter({ launcher: watching });
    expect(port).toBeGreaterThanOrEqual(interpreterPorts.first);
    expect(port).toBeLessThanOrEqual(interpreterPorts.last);
    const refused = await new Promise<string>((resolve) => {
      connect(port, "127.0.0.1")
        .on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""))
        .on("connect", () => resolve("connected"));
    });
    expect(refused).toBe("ECONNREFUSED");
    await session.close();
  });

  it("gives two sessions in one folder nothing to share but the folder", async () => {
    const [first, second] = await Promise.all([startTestInterpreter(), startTestInterpreter()]);
    await Promise.all([first?.run("x = 1"), second?.run("x = 2")]);
    expect((await first?.run("x"))?.outputs).toEqual([{ type: "value", text: "1" }]);
    expect((await second?.run("x"))?.outputs).toEqual([{ type: "value", text: "2" }]);
    await Promise.all([first?.close(), second?.close()]);
  });
});
