import { isUtf8 } from "node:buffer";
import { basename } from "node:path";
import { type Disposable, type LogOutputChannel, env, l10n } from "vscode";
import { catalog, isReservedName } from "../../agents/catalog/index.ts";
import { builtInTools } from "../../agents/declared/built-in-tools.ts";
import { FileAgents } from "../../agents/declared/file-agents.ts";
import type { KnownName, KnownNames } from "../../agents/declared/known-names.ts";
import type { AgentDirectory, AgentOrigin } from "../../agents/directory/agent-directory.ts";
import { loadAgents } from "../platform/agents.ts";
import { Disposables } from "../platform/disposables.ts";
import { AgentFileMarks } from "./agent-file-marks.ts";
import { AgentFolders, type AgentPaths } from "./agent-folders.ts";
import { FileLanguage } from "./file-language.ts";

export interface DeclaringParts {
  readonly log: LogOutputChannel;
  readonly directory: AgentDirectory;
  readonly models: () => readonly KnownName[];
  /** Tools besides those of the product. */
  readonly tools: () => readonly KnownName[];
  readonly tell: (paths: AgentPaths) => void;
}

/** What is known of the files that declare agents. */
export interface Declared extends Disposable {
  readonly files: FileAgents;
  readonly language: FileLanguage;
}

/** Reads the agents' files, puts them into the directory, and follows what happens to them. */
export async function createDeclared(parts: DeclaringParts): Promise<Declared> {
  const { directory, log, tell } = parts;
  const owned = new Disposables();
  const files = new FileAgents({ decode, others: () => knownBeside(parts) });
  owned.add({ dispose: directory.add(files) });
  const folders = owned.add(new AgentFolders());
  const take = async (paths: AgentPaths): Promise<void> => {
    const known = [...files.problems.keys()];
    const fresh = paths.files.filter((path) => !known.includes(path));
    const gone = known.filter((path) => !paths.files.includes(path));
    await files.refresh([...new Set([...fresh, ...gone, ...paths.changed])]);
    tell(paths);
  };
  owned.add(folders.onFound((paths) => void take(paths).catch((error: unknown) => log.error(String(error)))));
  owned.add({ dispose: followOthers(directory, files) });
  owned.add(new AgentFileMarks(files));
  await take(await folders.look());
  return { files, language: new FileLanguage({ ...parts, files }), dispose: () => owned.dispose() };
}

/** Most files are UTF-8; what knows other encodings is with the agents. */
async function decode(bytes: Buffer): Promise<string | null> {
  if (isUtf8(bytes) && !bytes.includes(0)) {
    return bytes.toString("utf8").replace(/^\ufeff/u, "");
  }
  return (await loadAgents()).decodeText(bytes);
}

/** Whoever else comes or goes may be named in a file, or bear its agent's name. */
function followOthers(directory: AgentDirectory, files: FileAgents): () => void {
  const namesOfOthers = (): string =>
    directory.entries
      .filter(({ origin }) => origin.kind !== "file")
      .map(({ definition }) => definition.name)
      .join("\n");
  let before = namesOfOthers();
  return directory.onChange(() => {
    const now = namesOfOthers();
    if (now !== before) {
      before = now;
      void files.refresh([]);
    }
  });
}

/** What there is besides files: the agents of the product, those in code and of extensions, and all tools. */
function knownBeside({ directory, tools }: DeclaringParts): KnownNames {
  const others = directory.entries.filter(({ origin }) => origin.kind !== "file").map(({ definition }) => definition);
  const shipped = catalog.map(({ name, purpose }) => ({ name, description: purpose }));
  const agents = new Map([...shipped, ...others].map(({ name, description }) => [name, { name, description }]));
  return {
    agents: [...agents.values()],
    tools: [...builtInTools(env.language), ...tools()],
    takenBy: (name) => {
      if (name === "user") {
        return l10n.t("the person");
      }
      if (isReservedName(name)) {
        return "Byzer Agent";
      }
      const found = directory.find(name);
      return found === undefined ? null : ownerOf(found.origin);
    },
  };
}

/** Whom a name belongs to; `null` where a file may bear it, too: files judge each other, and go before the catalog. */
function ownerOf(origin: AgentOrigin): string | null {
  switch (origin.kind) {
    case "code":
      return basename(origin.path);
    case "extension":
      return origin.extensionId;
    default:
      return null;
  }
}
