import { existsSync } from "node:fs";
import { basename, extname, join, relative } from "node:path";
import { sessionNames } from "../analysis/question-language.ts";
import { pythonString } from "../analysis/reading-code.ts";
import { loadDataAgent } from "../catalog/load-data-agent.ts";
import { pythonInterpreter } from "../catalog/python-interpreter.ts";
import { Speech } from "../conversing/speech.ts";
import { terminating } from "../core/agent.ts";
import { type Reply, type ReplyContext, type ReplyFunction, answer } from "../core/reply.ts";
import type { Session } from "../protocol/session-state.ts";
import { filesIn, findFile, placesOf, tableFilesIn } from "./find-file.ts";
import { type NamedData, fileNameOf, namedData, withoutPassword } from "./named-data.ts";
import { type TeamWords, teamWords } from "./team-words.ts";

/** What loading data needs from the session. */
export interface LoadDataParts {
  readonly session: () => Session;
  /** Adds a file and reads it; what is wrong with it is in the session then. */
  readonly attach: (path: string) => Promise<void>;
  /** The workspace folders, and where relative paths start: files in them may be loaded whoever names them. */
  readonly roots: () => readonly string[];
  /** Where downloads go; exists once Python has been started. */
  readonly downloads: () => string;
}

const mostListed = 20;
const mostColumns = 30;
const mostTables = 50;

/** The reply function of `load_data_agent`: gets what a message names into the session, and says what is in it. */
export function loadDataReply(parts: LoadDataParts): ReplyFunction {
  return {
    name: "load",
    trigger: "anyone",
    reply: (context) => new Loading(parts, context).reply(),
  };
}

/** What came of one thing. `declined`: the person does not want it. */
interface Loaded {
  readonly text: string;
  readonly declined?: boolean;
}

class Loading {
  readonly #parts: LoadDataParts;
  readonly #context: ReplyContext;
  readonly #words: TeamWords;

  constructor(parts: LoadDataParts, context: ReplyContext) {
    this.#parts = parts;
    this.#context = context;
    this.#words = teamWords(context.message.content, sessionNames(parts.session()));
  }

  async reply(): Promise<Reply> {
    const { message, run } = this.#context;
    const named = await this.#named(message.content);
    const told: Loaded[] = [];
    for (const data of named) {
      const detail = withoutPassword(data.written);
      run.emit({ type: "progress", agent: loadDataAgent.name, activity: "reading", detail });
      // One after the other: each may ask the person.
      // oxlint-disable-next-line no-await-in-loop
      told.push(await this.#load(data));
    }

    const text = named.length === 0 ? await this.#whatThereIs() : told.map((one) => one.text).join("\n\n");
    const shown = new Speech(run, loadDataAgent.name, message).end(text);
    const isDeclined = told.length > 0 && told.every(({ declined }) => declined === true);
    return answer(text, { ...shown, ...(isDeclined ? terminating : {}) });
  }

  async #load(data: NamedData): Promise<Loaded> {
    switch (data.kind) {
      case "server":
        return { text: this.#words.server(withoutPassword(data.written)) };
      case "address":
        return await this.#loadAddress(data.written);
      case "path":
        return { text: await this.#loadPath(data.written) };
    }
  }

  async #whatThereIs(): Promise<string> {
    const files = await tableFilesIn(this.#parts.roots(), mostListed);
    return files.length === 0
      ? this.#words.nameSomething
      : `${this.#words.nameSomething} ${this.#words.dataFiles(this.#list(files))}`;
  }

  async #loadPath(written: string): Promise<string> {
    const found = await findFile(written, this.#parts.roots());
    const isAllowed = found.kind === "none" || found.kind === "several" || this.#isAllowed(found);
    switch (found.kind) {
      case "none":
        return this.#words.notFound(written);
      case "several":
        return this.#words.several(written, this.#list(found.paths.slice(0, mostListed)));
      case "folder": {
        const files = await tableFilesIn([found.path], mostListed);
        return isAllowed ? this.#words.isFolder(written, this.#list(files)) : this.#words.outside(written);
      }
      case "file":
        return isAllowed ? await this.#attach(found.path) : this.#words.outside(written);
    }
  }

  /** What a text names; of a name with blanks the longest reading that leads to something, without the parts of it. */
  async #named(text: string): Promise<readonly NamedData[]> {
    const roots = this.#parts.roots();
    let listing: Promise<readonly string[]> | undefined;
    const listed = () => (listing ??= filesIn(roots));
    const whole = await Promise.all(
      namedData(text).map(async (data) => {
        const longer = data.kind === "path" ? data.longer : [];
        const found = await Promise.all(longer.map((name) => findFile(name, roots, listed)));
        const written = longer.find((_name, index) => found[index]?.kind !== "none");
        return written === undefined ? data : { kind: "path" as const, written, longer: [] };
      }),
    );
    const isPart = (one: string) => whole.some(({ written }) => written.startsWith(`${one} `));
    return whole.filter(({ written }) => !isPart(written));
  }

  /** What lies outside must be named by the person: another agent may have it from a file. */
  #isAllowed({ isInside, path }: { readonly isInside: boolean; readonly path: string }): boolean {
    const named = namedData(this.#parts.session().turns.at(-1)?.question ?? "").flatMap((data) =>
      data.kind === "path" ? [data.written, ...data.longer] : [],
    );
    return isInside || named.some((name) => placesOf(name, this.#parts.roots()).includes(path));
  }

  async #loadAddress(written: string): Promise<Loaded> {
    const url = URL.parse(written);
    const shown = withoutPassword(written);
    if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
      return { text: this.#words.otherAddress(shown) };
    }

    const target = this.#freePath(fileNameOf(url));
    const code = downloadCode(url.href, target);
    const comment = this.#words.download(withoutPassword(url.href));
    const question = this.#context.message.content;
    const cellId = crypto.randomUUID();
    // The code is the product's, and the person is asked in any case: a reviewer warns of the address.
    const metadata = { code, cellId, comment, repair: 0, question, review: "advice" };
    const result = await this.#context.ask(pythonInterpreter.name, `\`\`\`python\n${code}\n\`\`\``, { metadata });
    const status = result?.metadata["status"];
    if (status === "denied") {
      return { text: this.#words.declined(shown), declined: true };
    }

    if (status !== "ok") {
      const reason = result?.content.trim().split("\n").at(-1) ?? "";
      return { text: this.#words.failed(shown, reason) };
    }

    return { text: await this.#attach(target) };
  }

  #freePath(name: string): string {
    const folder = this.#parts.downloads();
    const extension = extname(name);
    const stem = basename(name, extension);
    for (let number = 1, free = name; ; free = `${stem}-${number}${extension}`) {
      if (!existsSync(join(folder, free))) {
        return join(folder, free);
      }

      number += 1;
    }
  }

  async #attach(path: string): Promise<string> {
    await this.#parts.attach(path);
    const file = this.#parts.session().files.find((candidate) => candidate.path === path);
    const name = basename(path);
    if (file === undefined || file.profile === null || file.problem !== null) {
      return this.#words.failed(name, file?.problem?.message ?? "");
    }

    const { columns, sheets, rowCount } = file.profile;
    const titles = columns.slice(0, mostColumns).map((column) => `\`${column.name}\``);
    const more = columns.length > mostColumns ? ", …" : "";
    const parts = sheets
      .slice(0, mostTables)
      .map((sheet) => (sheet.rowCount === null ? `\`${sheet.name}\`` : `\`${sheet.name}\` (${sheet.rowCount})`));
    const facts = [
      this.#words.rows(rowCount, titles.join(", ") + more),
      ...(sheets.length > 1 ? [this.#words.tables(parts.join(", "))] : []),
    ];
    return this.#words.loaded(name, facts.join(" "));
  }

  #list(paths: readonly string[]): string {
    const [root = ""] = this.#parts.roots();
    return paths
      .map((path) => {
        const below = relative(root, path);
        return `- \`${below.startsWith("..") ? path : below}\``;
      })
      .join("\n");
  }
}

/** The cell that downloads a file; it is asked for like any code that uses the network. */
export function downloadCode(address: string, target: string): string {
  return [
    "import shutil",
    "import urllib.request",
    "",
    `request = urllib.request.Request(${pythonString(address)}, headers={"User-Agent": "Mozilla/5.0"})`,
    `with urllib.request.urlopen(request, timeout=60) as answer, open(${pythonString(target)}, "wb") as file:`,
    "    shutil.copyfileobj(answer, file)",
  ].join("\n");
}
