import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CodeAgents } from "../../agent-process/code-agents.ts";
import { JsonLineCutter, encodeLine } from "../../agent-process/json-lines.ts";
import { processLimits } from "../../agent-process/process-limits.ts";
import { cleanEnvironment } from "../../python/clean-environment.ts";
import { AgentHost } from "./agent-host.ts";
import { Residents } from "./residents.ts";

/**
 * The program in which agents live on a cluster: one JSON object a line, orders on standard input, words on standard
 * output; what is logged goes to standard error. It ends when its input ends: whoever started it is gone then.
 */
const folder = mkdtempSync(join(tmpdir(), "byzer-agents-"));
const host = new AgentHost({
  say: (body) => process.stdout.write(encodeLine("the host of agents", body)),
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
      onLog: (path, { text }) => process.stderr.write(`${path}: ${text}\n`),
    }),
  ),
});

const cutter = new JsonLineCutter();
process.stdin.on("data", (chunk: Buffer) => {
  for (const body of cutter.push(chunk)) {
    host.hear(body);
  }
});
process.stdin.on("end", () => {
  void host.dispose().then(() => process.exit(0));
});
