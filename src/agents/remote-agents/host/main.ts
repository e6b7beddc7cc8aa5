import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CodeAgents } from "../../agent-process/code-agents.ts";
import { processLimits } from "../../agent-process/process-limits.ts";
import { messageOf } from "../../base/errors.ts";
import { LineCutter } from "../../base/line-cutter.ts";
import { isWrittenDown } from "../../protocol/remote-agents.ts";
import { type FromGroupProgram, toGroupProgramSchema } from "../../protocol/remote-group-lines.ts";
import { cleanEnvironment } from "../../python/clean-environment.ts";
import { AgentHost } from "./agent-host.ts";
import { Residents } from "./residents.ts";
import { ToldAgain } from "./told-again.ts";

/**
 * The program in which agents live on a cluster: lines of `remote-group-lines.ts` on standard input and output. It ends
 * when its input ends: the actor that started it is gone then.
 */
const longestLineBytes = 32 * 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), "byzer-agents-"));
const before = new ToldAgain();
const host = new AgentHost({
  say: (body) => say({ t: isWrittenDown(body) ? "body" : "passing", body }),
  onBusy: (busy) => say({ t: "busy", busy }),
  residents: new Residents(
    folder,
    new CodeAgents({
      node: process.execPath,
      program: join(dirname(fileURLToPath(import.meta.url)), "agent-process.mjs"),
      environment: () => cleanEnvironment(process.env),
      workingDirectory: () => folder,
      limits: processLimits,
      // Code is sent here only after the person's yes.
      trust: { isTrusted: () => true, ask: () => Promise.resolve(true) },
      onLog: (path, { text }) => say({ t: "log", text: `${path}: ${text}\n` }),
    }),
  ),
});

const cutter = new LineCutter(longestLineBytes);
process.stdin.on("data", (chunk: Buffer) => {
  try {
    for (const line of cutter.push(chunk)) {
      hear(JSON.parse(line));
    }
  } catch (error) {
    say({ t: "log", text: `A line could not be understood: ${messageOf(error)}\n` });
  }
});
process.stdin.on("end", () => {
  void host.dispose().then(() => process.exit(0));
});

function hear(line: unknown): void {
  const said = toGroupProgramSchema.parse(line);
  switch (said.t) {
    case "begin":
    case "window":
      return;
    case "replay":
      return before.hear(said.from, said.body);
    case "live": {
      const { entries, orders } = before.resumption;
      host.hear({ type: "restore", entries });
      orders.forEach((order) => host.hear(order));
      return;
    }
    case "body":
    case "passing":
      host.hear(said.body);
  }
}

function say(line: FromGroupProgram): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
