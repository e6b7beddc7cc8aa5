import { AgentError, messageOf } from "../base/errors.ts";
import { problemOf } from "../sessions/problem.ts";
import { analyzeCommand } from "./analyze-command.ts";
import { askCommand } from "./ask-command.ts";
import { CommandFailure } from "./command-failure.ts";
import { type CommandStreams, processStreams } from "./command-streams.ts";
import { indexCommand } from "./index-command.ts";
import { profileFileCommand } from "./profile-file-command.ts";
import { searchCommand } from "./search-command.ts";

/** One command of `byzer`. It prints what it has to say and throws what went wrong. */
type Command = (args: readonly string[], streams: CommandStreams) => Promise<void>;

const commands: { readonly [name: string]: Command } = {
  analyze: analyzeCommand,
  profile: profileFileCommand,
  index: indexCommand,
  search: searchCommand,
  ask: askCommand,
};

const usage = `byzer: agents that answer questions about your files

  byzer analyze FILE… --question Q [--yes] [--json]
      Lets the data analysis group answer: it writes Python, runs it, mends its errors.
      --yes                allow code to run without asking, and packages to be installed where they are missing
      --agent NAME         assistant_agent or visualization_agent, instead of letting the pipeline choose
      --python PATH        the Python that runs the code; else BYZER_PYTHON, VIRTUAL_ENV, PATH
      --export OUT         write the session to OUT as well: a notebook (.ipynb), a script (.py) or a report (.md);
                           may be given several times
      --time-limit SECONDS how long one piece of code may run (600)
      --sandbox MODE       what holds the code: workspace (the default: it writes beside the files and in the session's
                           folder only, and cannot read the places of keys in the home folder), strict (writes in
                           the session's folder only, no network), off
      --review             let code_review_agent read all code, not only what does more than compute
      --sessions FOLDER    where the session and its pictures are kept (~/.byzer/sessions)
  byzer profile FILE [--rows N] [--json]
      Says what is in a table, without a model. How it is written is found; where that fails, say it:
      --encoding NAME      such as utf-8, gb18030, windows-1252
      --delimiter TEXT     a character or several; tab, comma, semicolon, pipe, space and fixed as words
      --quote CHARACTER    or none
      --decimal MARK       point or comma; --thousands MARK, space or none
      --header-row LINE    the line of the column names, from 1, or none; --header-rows N where they take several
      --sheet NAME         the sheet, or another part of a file that has several
  byzer index PATH [--json] [--rebuild]
      Reads the text files under a folder, or one file, into an index; later only what has changed. With an embedding
      model it then waits until all passages are embedded, and --json says so in "embedding".
  byzer search PATH (QUESTION | --queries FILE.jsonl) [--top K]
      Brings the index up to date and finds passages. A line {"_id", "text"} of the queries gives a line
      {"_id", "results": [{path, startLine, endLine, start, end, page, score, scores, text}]}: lines from 1; start and end in
      characters (Unicode code points) of the decoded file, without its byte order mark, from 0.
      --within PATH        only in this file or folder under PATH; may be given again
      --exclude GLOB       leave out, besides what .gitignore and .byzerignore say; may be given again
      --index FOLDER       where indexes are kept; else BYZER_INDEX, else the system's folder for caches
      --index-url URL      an index that a team shares, in PostgreSQL: postgres://USER@HOST/DATABASE?corpus=NAME; else
                           BYZER_INDEX_URL. Its password: PGPASSWORD or a .pgpass file
      --embedding-model NAME  search by meaning too, with a model that embeds; else BYZER_EMBEDDING_MODEL. It runs at
                           --embedding-base-url URL, else BYZER_EMBEDDING_BASE_URL (and BYZER_EMBEDDING_API_KEY), else
                           --base-url, else OPENAI_BASE_URL, else Ollama or LM Studio of this machine
  byzer ask PATH… --question Q [--json]
      Answers from what files and folders say. Every citation was found in its file, word for word; what nothing
      supports is marked [?1]. Without a model the best passages are quoted.
      {"answer", "citations": [{number, path, startLine, endLine, quote, start, end, page, place}], "notInFiles",
      "doubts", "passages", "notices", "problems", "usage", "durationMs"}
      --exclude, --index, --index-url, --embedding-model, --embedding-base-url   as in search
      --rerank model|URL   puts what was found into order: the chat model, or a rerank service with --rerank-model NAME
                           (else BYZER_RERANK_MODEL; its key: BYZER_RERANK_API_KEY)
      --sessions FOLDER    where the session is kept (~/.byzer/sessions)

  Models: --base-url URL, --model NAME, --api-key-env VARIABLE, or the environment:
      OPENAI_BASE_URL, OPENAI_API_KEY, BYZER_MODEL (and BYZER_ROUTER_MODEL, BYZER_REVIEWER_MODEL).
      With nothing set, Ollama and LM Studio are looked for on this machine.
  --json prints one JSON document on standard output; everything else goes to standard error.
`;

/** Runs one command line. @returns The exit code: 0, or 1 after an error that was printed. */
export async function main(args: readonly string[], streams: CommandStreams = processStreams): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    streams.out(usage);
    return name === undefined ? 1 : 0;
  }

  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) {
      throw new AgentError(
        "cli.usage",
        { argument: name },
        `There is no command "${name}". Commands: ${Object.keys(commands).join(", ")}. See byzer --help.`,
      );
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
    streams.out(`${JSON.stringify({ error: { code, message } })}\n`);
  }
}

/** What `parseArgs` of Node throws for flags it does not know. */
function usageProblem(error: unknown): { readonly code: string; readonly message: string } | undefined {
  const isUsage = error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
  return isUsage ? { code: "cli.usage", message: `${messageOf(error)} See byzer --help.` } : undefined;
}
