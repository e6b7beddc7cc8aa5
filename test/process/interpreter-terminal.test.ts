import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PythonLauncher } from "../../src/agents/ports/python-launcher.ts";
import { startTestInterpreter, type TestInterpreter, testPython } from "./test-python.ts";

/** Runs the interpreter on a pseudo terminal: what it shows, and a keyboard. */
class TestTerminal implements PythonLauncher {
  screen = "";
  type: (keys: string) => void = () => undefined;

  launch: PythonLauncher["launch"] = (request) => {
    const driver = join(import.meta.dirname, "pty-driver.py");
    const child = spawn(testPython(), [driver, request.executable, ...request.args], {
      cwd: request.workingDirectory,
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], TERM: "xterm", ...request.env },
      stdio: ["pipe", "pipe", "inherit"],
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.screen += Buffer.from(line, "base64").toString("utf8");
    });
    this.type = (keys) => child.stdin.write(keys);
    const exited = new Promise<number | undefined>((resolve) => {
      child.once("exit", (code) => resolve(code ?? undefined));
    });
    return Promise.resolve({
      place: "terminal",
      interrupt: () => this.type("\u0003"),
      kill: () => child.kill("SIGKILL"),
      exited,
      tail: () => "",
    });
  };

  /** Waits until `text` is on the screen. */
  async shows(text: string, limitMs = 5000): Promise<void> {
    if (this.screen.includes(text)) {
      return;
    }
    if (limitMs <= 0) {
      throw new Error(`The terminal never showed ${text}; it shows:\n${this.screen}`);
    }
    await pause(20);
    await this.shows(text, limitMs - 20);
  }
}

describe.skipIf(process.platform === "win32").each(["off", "strict"] as const)(
  "in a terminal, sandbox %s",
  (sandbox) => {
    let terminal: TestTerminal;
    let session: TestInterpreter;
    beforeEach(async () => {
      terminal = new TestTerminal();
      session = await startTestInterpreter({ launcher: terminal, title: "灾害.csv", sandbox });
      expect(session.interpreter.info.sandbox.mode).toBe(sandbox);
    });
    afterEach(() => session.close());

    it("explains itself and shows code, output and how cells end", async () => {
      await terminal.shows("Byzer Agent");
      await terminal.shows("灾害.csv");
      expect(terminal.screen.includes("has no network")).toBe(sandbox === "strict");
      await session.run("print('中文输出')\n1 / 0");
      await terminal.shows("│ \u001b[0mprint('中文输出')");
      await terminal.shows("ZeroDivisionError: division by zero");
      await terminal.shows("✗ 1 error");
      await session.run("import pandas as pd\npd.DataFrame({'a': [1, 2]})");
      await terminal.shows("2 rows × 1 columns");
      expect(terminal.screen).not.toContain("BYZER");
      await session.interpreter.close();
      await terminal.shows("The session has ended");
    });

    it("calls a cell by its number in the session, and counts on from there", async () => {
      const request = {
        cellId: "later",
        number: 7,
        code: "print('seventh')",
        timeLimitMs: 0,
        onOutput: () => undefined,
      };
      await session.interpreter.run(request, new AbortController().signal);
      await terminal.shows("7 │ ");
      await session.run("1 / 0");
      await terminal.shows("✗ 8 error");
    });

    it("takes input typed by the person, with the clock stopped", async () => {
      const running = session.run("name = input('Name? ')\nprint('Hello', name)", { timeLimitMs: 600 });
      await terminal.shows("Name? ");
      await pause(900);
      terminal.type("张三\r");
      const result = await running;
      expect(result.status).toBe("ok");
      expect(result.text).toBe("Name? Hello 张三\n");
    });

    it("asks for a password without showing it", async () => {
      const running = session.run("import getpass\nlen(getpass.getpass('Secret: '))");
      await terminal.shows("Secret: ");
      await pause(100);
      terminal.type("hidden\r");
      expect((await running).outputs.at(-1)).toEqual({ type: "value", text: "6" });
      expect(terminal.screen).not.toContain("hidden\r\n");
    });

    it("interrupts the cell on Ctrl-C, and only says so when nothing runs", async () => {
      const running = session.run("import time\nkept = 1\ntime.sleep(60)");
      await terminal.shows("time.sleep(60)");
      await pause(200);
      terminal.type("\u0003");
      expect((await running).status).toBe("interrupted");
      await terminal.shows("■ 1 interrupted");
      terminal.type("\u0003");
      await terminal.shows("Nothing is running");
      expect((await session.run("kept")).outputs).toEqual([{ type: "value", text: "1" }]);
    });

    it("interrupts a cell that waits for input from the panel", async () => {
      const abort = new AbortController();
      const running = session.run("input('Waiting? ')", { signal: abort.signal });
      await terminal.shows("Waiting? ");
      abort.abort();
      expect((await running).status).toBe("interrupted");
    });

    it("abridges a very long output on the screen only", async () => {
      await session.run("for i in range(200_000): print('line', i)");
      await terminal.shows("More was printed");
      await terminal.shows("✓ 1");
      expect(terminal.screen.length).toBeLessThan(200_000);
    });
  },
);
