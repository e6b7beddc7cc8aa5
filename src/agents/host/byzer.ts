import { messageOf } from "../base/errors.ts";
import { problemOf } from "../ports/problem-of.ts";
import { agentCommand } from "./agent-command.ts";
import { agentsCommand } from "./agents-command.ts";
import { analyzeCommand } from "./analyze-command.ts";
import { askCommand } from "./ask-command.ts";
import { CommandFailure } from "./command-failure.ts";
import { type CommandStreams, processStreams } from "./command-streams.ts";
import { asksForHelp, helpText } from "./help-text.ts";
import { indexCommand } from "./index-command.ts";
import { jsonLine } from "./json-line.ts";
import { memoryCommand } from "./memory-command.ts";
import { commandFirst, numbersJoined } from "./cluster-flags.ts";
import { profileFileCommand } from "./profile-file-command.ts";
import { rayCommand } from "./ray-command.ts";
import { searchCommand } from "./search-command.ts";

/** One command of `byzer`. It prints what it has to say and throws what went wrong. */
type Command = (args: readonly string[], streams: CommandStreams) => Promise<void>;

const commands: { readonly [name: string]: Command } = {
  analyze: analyzeCommand,
  profile: profileFileCommand,
  index: indexCommand,
  search: searchCommand,
  ask: askCommand,
  agents: agentsCommand,
  agent: agentCommand,
  ray: rayCommand,
  memory: memoryCommand,
};

/** Runs one command line. @returns The exit code: 0, or 1 after an error that was printed. */
export async function main(args: readonly string[], streams: CommandStreams = processStreams): Promise<number> {
  const [name, ...rest] = commandFirst(numbersJoined(args));
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    streams.out(helpText());
    return name === undefined ? 1 : 0;
  }

  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined || asksForHelp(rest)) {
      streams.out(helpText(name, rest));
      return 0;
    }

    await command(rest, streams);
    return 0;
  } catch (error) {
    reportFailure(error, args, streams);
    return 1;
  }
}

function reportFailure(error: unknown, args: readonly string[], streams: CommandStreams): void {
  if (error instanceof CommandFailure && error.isReported) {
    return;
  }

  const { code, message } = error instanceof CommandFailure ? error : (usageProblem(error) ?? problemOf(error));
  streams.err(`byzer: ${message}\n`);
  if (args.includes("--json") || args.includes("--queries")) {
    streams.out(jsonLine({ error: { code, message } }));
  }
}

/** What `parseArgs` of Node throws for flags it does not know. */
function usageProblem(error: unknown): { readonly code: string; readonly message: string } | undefined {
  const isUsage = error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
  // What follows is advice on "--", with quotes that do not match.
  const [what = ""] = messageOf(error).split(/\.? To specify a positional argument/u);
  return isUsage ? { code: "cli.usage", message: `${what.replace(/\.$/u, "")}. See byzer --help.` } : undefined;
}
