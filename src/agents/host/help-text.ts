import { AgentError } from "../base/errors.ts";
import { rayHelpText, rayVerbs } from "./ray-help-text.ts";

const fileHelp: Readonly<Record<string, string>> = {
  analyze: `byzer analyze FILE… --question Q [--yes] [--json]
      Lets the data analysis group answer: it writes Python, runs it, mends its errors.
      --yes                allow code to run without asking, and packages to be installed where they are missing
      --agent NAME         who answers, instead of letting the pipeline choose: assistant_agent, visualization_agent,
                           spark_sql_agent, planner, subquestion_agent, load_data_agent, rhetorical_agent,
                           common_agent, or an agent that the folder declares (byzer agents). "@NAME …" at the
                           beginning of the question does the same
      --sql-engine ENGINE  what runs the SQL of spark_sql_agent: duckdb (the default) or spark, here or on the server of
                           --spark-remote sc://HOST:PORT
      --python PATH        the Python that runs the code; else BYZER_PYTHON, VIRTUAL_ENV, PATH
      --export OUT         write the session to OUT as well: a notebook (.ipynb), a script (.py) or a report (.md);
                           may be given several times
      --mcp-config FILE    MCP servers, in the form of mcp.json, whose tools such an agent may name; may be given again
      --time-limit SECONDS how long one piece of code may run (600)
      --sandbox MODE       what holds the code: workspace (the default: it writes beside the files and in the session's
                           folder only, and cannot read the places of keys in the home folder), strict (writes in
                           the session's folder only, no network), off
      --review             let code_review_agent read all code, not only what does more than compute
      --sessions FOLDER    where the session and its pictures are kept (~/.byzer/sessions)
`,
  profile: `byzer profile FILE [--rows N] [--json]
      Says what is in a table, without a model. How it is written is found; where that fails, say it:
      --encoding NAME      such as utf-8, gb18030, windows-1252
      --delimiter TEXT     a character or several; tab, comma, semicolon, pipe, space and fixed as words
      --quote CHARACTER    or none
      --decimal MARK       point or comma; --thousands MARK, space or none
      --header-row LINE    the line of the column names, from 1, or none; --header-rows N where they take several
      --sheet NAME         the sheet, or another part of a file that has several
`,
  index: `byzer index PATH [--json] [--rebuild] [--exclude GLOB]
      Reads the text files under a folder, or one file, into an index; later only what has changed. With an embedding
      model it then waits until all passages are embedded, and --json says so in "embedding".
      --exclude GLOB       takes such files out of the index, until an update is told otherwise; globs as in search
      --index, --index-url, --embedding-model, --embedding-base-url   as in search
      --ray ADDRESS        lets a Ray cluster read, cut, embed and write, on all its machines; the index is then one that
                           is shared (--index-url), at an address that the cluster reaches, too. PATH may be
                           cluster:/data/corpus, a place that the cluster reads itself, or cluster:s3://bucket/folder.
                           What is written stays written; --ray-cpus N: so many tasks at a time. Also for search and ask
`,
  search: `byzer search PATH (QUESTION | --queries FILE.jsonl) [--top K]
      Brings the index up to date and finds passages. A line {"_id", "text"} of the queries gives a line
      {"_id", "results": [{path, startLine, endLine, start, end, page, place, score, scores, text}]}.
      path is relative to PATH. Lines from 1, start and end in characters (Unicode code points) from 0: of the decoded
      file without its byte order mark; of the text that is taken out of pdf, docx, pptx, epub, ipynb, html and xlsx
      (lines of a workbook are the rows of its sheet). place: the headings, the function or the sheet above.
      --within PATH        only in this file or folder under PATH; may be given again
      --exclude GLOB       pass over, besides what .gitignore and .byzerignore leave out; may be given again. *.md and
                           drafts are left out at every depth, /*.md and docs/*.md where they say. What others have put
                           into the index stays in it
      --index FOLDER       where indexes are kept; else BYZER_INDEX, else the system's folder for caches
      --index-url URL      an index that a team shares, in PostgreSQL: postgres://USER@HOST/DATABASE?corpus=NAME; else
                           BYZER_INDEX_URL. Its password: PGPASSWORD or a .pgpass file
      --embedding-model NAME  search by meaning too, with a model that embeds; else BYZER_EMBEDDING_MODEL. It runs at
                           --embedding-base-url URL, else BYZER_EMBEDDING_BASE_URL (and BYZER_EMBEDDING_API_KEY), else
                           --base-url, else OPENAI_BASE_URL, else Ollama or LM Studio of this machine
`,
  ask: `byzer ask PATH… --question Q [--json]
      Answers from what files and folders say. Every citation was found in its file, word for word; what nothing
      supports is marked [?1]. Without a model the best passages are quoted.
      {"answer", "citations": [{number, path, file, startLine, endLine, quote, start, end, page, place}],
      "notInFiles", "doubts", "passages", "notices", "problems", "usage", "durationMs"}: what --json prints. path is
      relative to the folder where one is named, else it begins with PATH as it was named; file is the absolute path.
      Lines, start and end count as in search.
      --exclude, --index, --index-url, --embedding-model, --embedding-base-url   as in search
      --rerank model|URL   puts what was found into order: the chat model, or a rerank service with --rerank-model NAME
                           (else BYZER_RERANK_MODEL; its key: BYZER_RERANK_API_KEY)
      --sessions FOLDER    where the session is kept (~/.byzer/sessions)
`,
};

const agentHelp: Readonly<Record<string, string>> = {
  agents: `byzer agents [--folder FOLDER] [--json]
      Lists who can be asked: the agents that a folder declares in .byzer/agents and .github/agents, and those that come
      with the program. Runs no code of theirs.
`,
  agent: `byzer agent run NAME|FILE --message M [--json]
      Tells one agent something and prints what comes of it. The code of a named FILE runs; other code is asked about.
      --folder FOLDER      where agents are declared, and what they may read (the current folder)
      --file TABLE         a table to analyze; may be given again
      --source FOLDER      a folder to search in; may be given again
      --mcp-config FILE    MCP servers, in the form of mcp.json, whose tools it may name; may be given again. They start
                           when they are needed
      --yes                allow code to run and tools to act without asking
      --python PATH, --sessions FOLDER   as in analyze; --index, --index-url   as in search
`,
};

const memoryHelp: Readonly<Record<string, string>> = {
  memory: `byzer memory search WORDS [--json], byzer memory forget (SESSION… | --all --yes)
      Finds what was asked and found in earlier sessions of the command line, and forgets it: the sessions stay, what is
      remembered of them goes for good. {"turns": [{sessionId, turnId, title, question, at, excerpt}]}: what search
      prints with --json.
      --sessions FOLDER    where sessions are kept (~/.byzer/sessions); what is remembered lies in .memory there
`,
};

const commandHelp = { ...fileHelp, ...agentHelp, ...memoryHelp, ray: rayHelpText() };

const models = `  Models: --base-url URL, --model NAME, --api-key-env VARIABLE, or the environment:
      OPENAI_BASE_URL, OPENAI_API_KEY, BYZER_MODEL (and BYZER_ROUTER_MODEL, BYZER_REVIEWER_MODEL).
      With nothing set, Ollama and LM Studio are looked for on this machine.
  --json prints one JSON document on standard output; everything else goes to standard error.
`;

/**
 * What the program can do; of one command where it is named.
 *
 * @param args What follows the command: some have pages of their own for what they are told first.
 * @throws AgentError `cli.usage` for a command that there is not
 */
export function helpText(command?: string, args: readonly string[] = []): string {
  if (command === undefined) {
    const all = Object.values(commandHelp).map((text) => `  ${text}`);
    return `byzer: agents that answer questions about your files\n\n${all.join("")}\n${models}`;
  }

  const text = Object.entries(commandHelp).find(([name]) => name === command)?.[1];
  if (text === undefined) {
    const known = Object.keys(commandHelp).join(", ");
    const message = `There is no command "${command}". Commands: ${known}. See byzer --help.`;
    throw new AgentError("cli.usage", { argument: command }, message);
  }

  const verb = args.find((word) => rayVerbs.includes(word));
  return command === "ray" ? rayHelpText(verb) : `${text}\n${models}`;
}

/** Whether arguments of a command ask for its help. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  return own.includes("--help") || own.includes("-h");
}
