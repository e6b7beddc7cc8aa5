import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createChildProcessLauncher } from "../../src/agents/python/child-process-launcher.ts";
import { createInterpreterProvider } from "../../src/agents/python/interpreter-provider.ts";
import type { CellOutput } from "../../src/agents/protocol/cell-output.ts";
import type { CellResult, Interpreter, InterpreterOptions } from "../../src/agents/ports/interpreter.ts";
import type { SandboxTool } from "../../src/agents/python/sandbox/find-sandbox.ts";
import type { PythonLauncher } from "../../src/agents/ports/python-launcher.ts";

const root = resolve(import.meta.dirname, "../..");

/** The folder of the interpreter program. */
export const programDirectory = join(root, "src/python/byzer_interpreter");

/**
 * A Python with pandas, matplotlib, openpyxl, pyarrow and pillow: `BYZER_TEST_PYTHON`, else the environment that
 * `npm test` prepares in `.cache/python`.
 */
export function testPython(): string {
  const executable = process.env["BYZER_TEST_PYTHON"] ?? environmentPython(join(root, ".cache/python"));
  if (!existsSync(executable)) {
    throw new Error(`There is no ${executable}: run npm test, or set BYZER_TEST_PYTHON to a Python with pandas.`);
  }
  return executable;
}

function environmentPython(directory: string): string {
  return process.platform === "win32" ? join(directory, "Scripts/python.exe") : join(directory, "bin/python");
}

/** A cell's result with its outputs; neighbouring text of one stream is joined. */
export interface RunCell extends CellResult {
  readonly outputs: readonly CellOutput[];
  /** All printed text. */
  readonly text: string;
}

/** An interpreter in folders of its own, which go with it. */
export interface TestInterpreter {
  readonly interpreter: Interpreter;
  readonly workingDirectory: string;
  readonly outputDirectory: string;
  run(code: string, options?: { readonly timeLimitMs?: number; readonly signal?: AbortSignal }): Promise<RunCell>;
  close(): Promise<void>;
}

export interface TestInterpreterOptions extends Partial<InterpreterOptions> {
  readonly launcher?: PythonLauncher;
  readonly python?: string;
  /** What holds code; what is found on this machine where left out. */
  readonly tool?: SandboxTool;
}

let count = 0;

/** Starts the real program in a child process, or through `launcher`. */
export async function startTestInterpreter(options: TestInterpreterOptions = {}): Promise<TestInterpreter> {
  const workingDirectory = options.workingDirectory ?? mkdtempSync(join(tmpdir(), "byzer-work-"));
  const outputDirectory = mkdtempSync(join(tmpdir(), "byzer-output-"));
  const provider = createInterpreterProvider({
    python: () => Promise.resolve(options.python ?? testPython()),
    launchers: [options.launcher ?? createChildProcessLauncher()],
    programDirectory,
    ...(options.tool === undefined ? {} : { sandbox: sandboxOf(options.tool) }),
  });
  const interpreter = await provider.start(
    { title: "test.csv", memoryLimitBytes: 0, ...options, workingDirectory, outputDirectory },
    AbortSignal.timeout(30_000),
  );
  return {
    interpreter,
    workingDirectory,
    outputDirectory,
    run: (code, { timeLimitMs = 0, signal = new AbortController().signal } = {}) =>
      runCell(interpreter, code, { timeLimitMs, signal }),
    close: async () => {
      await interpreter.close();
      rmSync(workingDirectory, { recursive: true, force: true });
      rmSync(outputDirectory, { recursive: true, force: true });
    },
  };
}

function sandboxOf(tool: SandboxTool): () => Promise<SandboxTool> {
  return () => Promise.resolve(tool);
}

async function runCell(
  interpreter: Interpreter,
  code: string,
  limits: { readonly timeLimitMs: number; readonly signal: AbortSignal },
): Promise<RunCell> {
  const outputs: CellOutput[] = [];
  const request = {
    cellId: `test-${++count}`,
    code,
    timeLimitMs: limits.timeLimitMs,
    onOutput: (output: CellOutput) => {
      const last = outputs.at(-1);
      if (last?.type === "text" && output.type === "text" && last.stream === output.stream) {
        outputs[outputs.length - 1] = { ...last, text: last.text + output.text };
      } else {
        outputs.push(output);
      }
    },
  };
  const result = await interpreter.run(request, limits.signal);
  const text = outputs.map((output) => (output.type === "text" ? output.text : "")).join("");
  return { ...result, outputs, text };
}
