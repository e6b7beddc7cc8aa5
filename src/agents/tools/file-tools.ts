import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, isAbsolute, join, relative, resolve, sep } from "node:path";
import * as z from "zod/mini";
import { messageOf } from "../base/errors.ts";
import type { FileText } from "../ports/file-text.ts";
import type { Tool, ToolResult } from "../ports/tool.ts";
import { leftOutText } from "../protocol/words/left-out-text.ts";

const mostLines = 800;
const mostCharacters = 40_000;
const mostEntries = 500;
/** Folders that are listed by name only. */
const passedOver: ReadonlySet<string> = new Set([".git", "node_modules", ".hg", ".svn", "__pycache__", ".venv"]);

export interface FileToolParts {
  /** Absolute paths of the files and folders that may be read, the first first. */
  readonly places: () => readonly string[];
  readonly fileText: FileText;
}

/** Tools that read what a session may read: nothing outside its places, no keys, never too much at once. */
export function createFileTools(parts: FileToolParts): readonly Tool[] {
  return [readFileTool(parts), listFilesTool(parts)];
}

const readInput = z.object({
  path: z.string(),
  first_line: z.optional(z.number()),
  last_line: z.optional(z.number()),
});

function readFileTool(parts: FileToolParts): Tool {
  return {
    name: "read_file",
    description: `Reads the text of a file of the user, with line numbers, at most ${mostLines} lines at once.`,
    parameters: {
      type: "object",
      properties: {
        path: { type: "string", description: "As list_files gives it." },
        first_line: { type: "integer", minimum: 1 },
        last_line: { type: "integer", minimum: 1 },
      },
      required: ["path"],
      additionalProperties: false,
    },
    origin: "byzer",
    effect: "reads",
    run: (input, { signal }) => {
      const { path, first_line: first = 1, last_line: last } = z.parse(readInput, input);
      return answered(async () => {
        const found = await placeOf(parts, path);
        if (typeof found === "string") {
          return failed(found);
        }

        const reading = await parts.fileText.read(found.path, signal);
        return reading.type === "none"
          ? failed(`${path} is not read: ${leftOutText(reading.reason, "en")}.`)
          : { text: numbered(reading.text, first, last), failed: false };
      });
    },
  };
}

const listInput = z.object({ folder: z.optional(z.string()) });

function listFilesTool(parts: FileToolParts): Tool {
  return {
    name: "list_files",
    description: "Lists the files and folders in a folder of the user; without a folder, all that may be read.",
    parameters: {
      type: "object",
      properties: { folder: { type: "string" } },
      additionalProperties: false,
    },
    origin: "byzer",
    effect: "reads",
    run: (input) => {
      const { folder } = z.parse(listInput, input);
      return answered(async () => {
        const places = parts.places();
        const [only] = places;
        if (only === undefined) {
          return failed("Nothing may be read here: no folder is open, and nothing was added to the session.");
        }

        if (folder === undefined && places.length > 1) {
          return { text: places.join("\n"), failed: false };
        }

        const found = await placeOf(parts, folder ?? only);
        if (typeof found === "string") {
          return failed(found);
        }

        return (await stat(found.path)).isDirectory()
          ? await listed(found.path, parts.fileText)
          : { text: folder ?? only, failed: false };
      });
    },
  };
}

/** What the file system says of a path is told to the model. */
async function answered(work: () => Promise<ToolResult>): Promise<ToolResult> {
  try {
    return await work();
  } catch (error) {
    return failed(messageOf(error));
  }
}

/** Where a path leads; why it may not be read, where it leads nowhere that may be. Links are seen through. */
async function placeOf({ places, fileText }: FileToolParts, path: string): Promise<{ readonly path: string } | string> {
  for (const place of places()) {
    // The first place that has it counts.
    // oxlint-disable-next-line no-await-in-loop
    const real = await realIn(place, path);
    if (real !== undefined) {
      return fileText.isSecret(real) || fileText.isSecret(path)
        ? `${path} is not read: it is for keys or passwords.`
        : { path: real };
    }
  }

  return `There is no ${path} among what may be read. Ask list_files what there is.`;
}

async function realIn(place: string, path: string): Promise<string | undefined> {
  try {
    const root = await realpath(place);
    const isFolder = (await stat(root)).isDirectory();
    const wanted = isAbsolute(path) || isFolder ? resolve(root, path) : basename(root) === path ? root : undefined;
    const real = wanted === undefined ? undefined : await realpath(wanted);
    return real !== undefined && isWithin(root, real) ? real : undefined;
  } catch {
    return undefined;
  }
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

async function listed(folder: string, fileText: FileText): Promise<ToolResult> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => !passedOver.has(entry.name) && !fileText.isSecret(join(folder, entry.name)))
    .map(nameOf)
    .toSorted();
  const more = names.length > mostEntries ? [`… and ${names.length - mostEntries} more`] : [];
  return { text: [...names.slice(0, mostEntries), ...more].join("\n") || "The folder is empty.", failed: false };
}

function nameOf(entry: Dirent): string {
  return entry.isDirectory() ? `${entry.name}/` : entry.name;
}

/** Lines with their numbers, as many as may be read at once. */
function numbered(text: string, first: number, last: number | undefined): string {
  const lines = text.split(/\r\n|\r|\n/u);
  const from = Math.max(1, Math.floor(first));
  const to = Math.min(lines.length, last === undefined ? from + mostLines - 1 : Math.floor(last), from + mostLines - 1);
  const shown: string[] = [];
  let characters = 0;
  for (let number = from; number <= to; number += 1) {
    const line = `${number}: ${lines[number - 1] ?? ""}`;
    characters += line.length;
    if (characters > mostCharacters && shown.length > 0) {
      break;
    }

    shown.push(line.slice(0, mostCharacters));
  }

  const end = from + shown.length - 1;
  const rest = end < lines.length ? [`(${lines.length} lines in all; go on with first_line ${end + 1}.)`] : [];
  return shown.length === 0 ? `There are ${lines.length} lines.` : [...shown, ...rest].join("\n");
}

function failed(text: string): ToolResult {
  return { text, failed: true };
}
