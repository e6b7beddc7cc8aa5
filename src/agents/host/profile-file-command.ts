import { parseArgs } from "node:util";
import { AgentError } from "../base/errors.ts";
import type { CommandStreams } from "./command-streams.ts";
import { dialectChoice, dialectOptions } from "./dialect-options.ts";
import { profileCard, profileDocument } from "./profile-command.ts";

const options = {
  rows: { type: "string", default: "20" },
  json: { type: "boolean", default: false },
  ...dialectOptions,
} as const;

/** `byzer profile FILE`: what is in a table, without a model. */
export async function profileFileCommand(args: readonly string[], streams: CommandStreams): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) {
    throw new AgentError("cli.usage", { argument: "FILE" }, "Name one file: byzer profile FILE [--rows N] [--json]");
  }

  const rows = Number(values.rows);
  if (!Number.isInteger(rows) || rows < 0) {
    throw new AgentError("cli.usage", { argument: "--rows" }, `--rows wants a whole number; got ${values.rows}.`);
  }

  const dialect = dialectChoice(values);
  const text = values.json
    ? `${JSON.stringify(await profileDocument(path, rows, dialect))}\n`
    : await profileCard(path, rows, dialect);
  streams.out(text);
}
