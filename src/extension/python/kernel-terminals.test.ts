import { beforeEach, expect, test, vi } from "vitest";
import type { InterpreterOptions } from "../../agents/ports/interpreter.ts";
import { KernelTerminals } from "./kernel-terminals.ts";

interface FakePty {
  readonly onDidWrite: (listener: (text: string) => void) => unknown;
  open(size: { readonly columns: number; readonly rows: number } | undefined): void;
  close(): void;
  handleInput(text: string): void;
  setDimensions(size: { readonly columns: number; readonly rows: number }): void;
}
interface FakeTerminal {
  readonly name: string;
  readonly pty: FakePty;
  readonly calls: string[];
  /** What the person sees. */
  screen: string;
}

const { terminals } = vi.hoisted((): { terminals: FakeTerminal[] } => ({ terminals: [] }));
vi.mock("vscode", async () => ({
  EventEmitter: (await import("../testing/fake-event-emitter.ts")).FakeEventEmitter,
  ThemeIcon: vi.fn(),
  l10n: { t: (text: string, value: string) => text.replace("{0}", value) },
  window: {
    createTerminal: ({ name, pty }: FakeTerminal) => {
      const terminal: FakeTerminal = { name, pty, calls: [], screen: "" };
      pty.onDidWrite((text) => (terminal.screen += text));
      terminals.push(terminal);
      return {
        show: (preserveFocus: boolean) => terminal.calls.push(preserveFocus ? "shown" : "focused"),
        dispose: () => {
          terminal.calls.push("disposed");
          pty.close();
        },
      };
    },
  },
}));

const options: InterpreterOptions = {
  title: "sales.csv",
  sessionId: "s1",
  workingDirectory: "/",
  outputDirectory: "/",
  memoryLimitBytes: 0,
};
const clear = "\u001B[2J\u001B[3J\u001B[H";
beforeEach(() => terminals.splice(0));

function keys() {
  const done: string[] = [];
  return {
    done,
    type: (text: string) => void done.push(`typed ${text}`),
    resize: (columns: number, rows: number) => void done.push(`${columns}x${rows}`),
  };
}

test("a terminal is called after the session, shows what came before it was open, and hands on keys and its size", () => {
  const kernels = new KernelTerminals();
  const pressed = keys();
  const terminal = kernels.open(options, pressed);
  terminal.write("early ");
  const [shown] = terminals;
  expect([shown?.name, shown?.calls]).toEqual(["sales.csv · cluster", ["shown"]]);
  shown?.pty.open({ columns: 80, rows: 24 });
  terminal.write("late");
  expect(shown?.screen).toBe("early late");
  shown?.pty.handleInput("\u0003");
  shown?.pty.setDimensions({ columns: 100, rows: 30 });
  shown?.pty.setDimensions({ columns: 0, rows: 0 });
  expect(pressed.done).toEqual(["80x24", "typed \u0003", "100x30"]);
});

test("closing it ends nothing: it opens again with what was shown meanwhile, which is bounded", () => {
  const kernels = new KernelTerminals();
  const terminal = kernels.open(options, keys());
  terminals[0]?.pty.open(undefined);
  terminal.write("one\r\n");
  terminals[0]?.pty.close();
  terminal.write("two\r\n");
  expect(terminals[0]?.screen).toBe("one\r\n");
  expect([kernels.reveal("other"), kernels.reveal("s1")]).toEqual([false, true]);
  terminals[1]?.pty.open(undefined);
  expect([terminals[1]?.screen, terminals[1]?.calls]).toEqual(["one\r\ntwo\r\n", ["focused"]]);
  terminals[1]?.pty.close();
  terminal.write("x".repeat(150_000));
  terminal.write(`\r\n${"y".repeat(100_000)}`);
  expect(kernels.reveal(undefined)).toBe(true);
  terminals[2]?.pty.open(undefined);
  expect(terminals[2]?.screen).toBe("y".repeat(100_000));
});

test("an end is told in it, and whatever its Python says afterwards is not", () => {
  const kernels = new KernelTerminals();
  const pressed = keys();
  const terminal = kernels.open(options, pressed);
  terminals[0]?.pty.open(undefined);
  terminal.close("It ended.\nSo.");
  terminal.close("Twice.");
  terminal.write("ghost");
  terminals[0]?.pty.handleInput("a");
  expect(terminals[0]?.screen).toBe("\r\n\u001B[2mIt ended.\r\nSo.\u001B[0m\r\n");
  expect(pressed.done).toEqual([]);
});

test("the next Python of a session takes its terminal over, cleared; one that is only found again opens no panel", () => {
  const kernels = new KernelTerminals();
  const before = kernels.open({ ...options, onlyKnown: true }, keys());
  const [shown] = terminals;
  expect(shown?.calls).toEqual([]);
  shown?.pty.open({ columns: 80, rows: 24 });
  before.write("before");
  const pressed = keys();
  const next = kernels.open(options, pressed);
  before.write("ghost");
  before.close("late end");
  next.write("next");
  expect([terminals.length, shown?.screen, shown?.calls]).toEqual([1, `before${clear}next`, ["shown"]]);
  expect(pressed.done).toEqual(["80x24"]);
});

test("a terminal whose Python was ended on purpose goes", () => {
  const kernels = new KernelTerminals();
  kernels.open(options, keys());
  kernels.drop("s1");
  expect([terminals[0]?.calls, kernels.reveal("s1")]).toEqual([["shown", "disposed"], false]);
});
