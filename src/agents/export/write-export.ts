import { lstat, mkdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { AgentError, messageOf } from "../base/errors.ts";
import type { SessionEvent } from "../protocol/session-event.ts";
import type { Session } from "../protocol/session-state.ts";
import { type ExportDocument, exportDocument } from "./export-document.ts";
import { linkTarget } from "./markdown-text.ts";
import { type ExportAssets, wholeLimitBytes } from "./notebook-outputs.ts";
import { notebookText } from "./notebook.ts";
import { reportText } from "./report.ts";
import { scriptText } from "./script.ts";

/** What a session can be exported to, by the extension of the file. */
export const exportFormats = { ".ipynb": "notebook", ".py": "script", ".md": "report" } as const;
export type ExportFormat = (typeof exportFormats)[keyof typeof exportFormats];

/** What an export is made of, and where it goes. */
export interface ExportRequest {
  /** All events of the session. */
  readonly events: readonly SessionEvent[];
  /** Absolute path of the session's folder; its pictures and whole outputs are in its `output`. */
  readonly sessionFolder: string;
  /** Where its code ran. Absolute; `null`: in the folder of its first file. */
  readonly workingDirectory: string | null;
  /** Absolute path of the file to write; its extension says the format. */
  readonly target: string;
  /** A folder that is moved as a whole, such as the workspace; `null` for none. */
  readonly root: string | null;
  /** One question; `null`: the whole session. */
  readonly turnId: string | null;
  readonly failedAttempts: boolean;
}

/** The format that a path asks for; `undefined` where it asks for none that there is. */
export function exportFormatOf(path: string): ExportFormat | undefined {
  const formats: { readonly [extension: string]: ExportFormat } = exportFormats;
  return formats[extname(path).toLowerCase()];
}

/**
 * Refuses a target before work is spent on it.
 *
 * @throws AgentError `export.unknown-format`, `export.is-input` for a file of the session, `export.not-writable`.
 */
export async function checkExportTarget(target: string, inputs: readonly string[]): Promise<void> {
  if (exportFormatOf(target) === undefined) {
    const message = `${basename(target)} names no format to export to: end it with .ipynb (notebook), .py (script) or .md (report).`;
    throw new AgentError("export.unknown-format", { path: target }, message);
  }

  const own = await Promise.all(inputs.map((path) => isSameFile(path, target)));
  if (own.includes(true)) {
    const message = `${target} is one of the analyzed files and is not overwritten. Name another file.`;
    throw new AgentError("export.is-input", { path: target }, message);
  }

  const folder = await stat(dirname(target)).catch(() => undefined);
  const there = await lstat(target).catch(() => undefined);
  if (folder?.isDirectory() !== true) {
    throw notWritable(target, `there is no folder ${dirname(target)}`);
  }

  if (there?.isDirectory() === true) {
    throw notWritable(target, "it is a folder");
  }
}

/** Files that were asked about: no export takes their place. */
function askedFiles(events: readonly SessionEvent[]): readonly string[] {
  return events.flatMap((event) =>
    event.type === "source-add" && ["file", "lines"].includes(event.source.kind) ? [event.source.path] : [],
  );
}

/**
 * Writes an export: the file, and what belongs beside it. Every file is there whole or as it was before.
 *
 * @returns Absolute paths of what was written, the export itself first.
 * @throws AgentError `export.empty`, and those of {@link checkExportTarget}.
 */
export async function writeExport(request: ExportRequest): Promise<readonly string[]> {
  const { events, target, root, turnId, failedAttempts } = request;
  const inputs = events.flatMap((event) => (event.type === "file-attach" ? [event.path] : []));
  await checkExportTarget(target, [...inputs, ...askedFiles(events)]);
  const workingDirectory = request.workingDirectory ?? dirname(inputs[0] ?? target);
  const place = { target, workingDirectory, root };
  const document = exportDocument(events, place, { turnId, failedAttempts, now: Date.now() });
  if (document.sections.length === 0) {
    const message = "There is nothing to export yet: ask a question first, and wait for its answer.";
    throw new AgentError("export.empty", {}, message);
  }

  const assets = await readAssets(document, join(request.sessionFolder, "output"));
  const files = await renderedFiles(document, assets, target);
  try {
    for (const { path, content } of files.toReversed()) {
      // oxlint-disable-next-line no-await-in-loop -- what the export refers to is there before the export
      await writeWhole(path, content);
    }
  } catch (error) {
    throw notWritable(target, messageOf(error), error);
  }

  return files.map(({ path }) => path);
}

interface RenderedFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

async function renderedFiles(
  document: ExportDocument,
  assets: ExportAssets,
  target: string,
): Promise<readonly RenderedFile[]> {
  const stem = basename(target, extname(target));
  switch (exportFormatOf(target)) {
    case "notebook":
      return [{ path: target, content: notebookText(document, assets) }];
    case "script":
      return [{ path: target, content: scriptText(document, stem) }];
    default: {
      const folder = await pictureFolder(target, stem);
      const { text, pictures } = reportText(document, assets, folder);
      const beside = [...pictures].map(([name, content]) => ({ path: join(dirname(target), folder, name), content }));
      return [{ path: target, content: text }, ...beside];
    }
  }
}

/** A new report takes no folder that is there already: it may be somebody's. One that is replaced takes its own again. */
async function pictureFolder(target: string, stem: string): Promise<string> {
  const replaced = await readFile(target, "utf8").catch(() => "");
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? `${stem}_files` : `${stem}_files-${count}`;
    // oxlint-disable-next-line no-await-in-loop -- the next name is tried only where this one is taken
    const found = await lstat(join(dirname(target), name)).catch(() => undefined);
    const isOwn = found?.isDirectory() === true && replaced.includes(`](${linkTarget(name)}/plot-`);
    if (found === undefined || isOwn) {
      return name;
    }
  }
}

/** Pictures and whole outputs that the document shows; what is gone, or too much for a document, is left out. */
async function readAssets({ sections }: ExportDocument, folder: string): Promise<ExportAssets> {
  const outputs = sections.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.kind === "answer" ? [] : part.cell.block.outputs)),
  );
  const names = outputs.flatMap((output) => {
    const isWanted = output.type === "image" || (output.type === "truncation" && output.totalBytes <= wholeLimitBytes);
    return isWanted && basename(output.file) === output.file ? [output.file] : [];
  });
  const read = await Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, name)).catch(() => undefined)] as const),
  );
  return new Map(read.flatMap(([name, bytes]) => (bytes === undefined ? [] : [[name, bytes] as const])));
}

async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  try {
    await writeFile(unfinished, content, { flag: "wx" });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function isSameFile(path: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([path, other].map((each) => realpath(each).catch(() => resolve(each))));
  return first === second;
}

function notWritable(path: string, reason: string, cause?: unknown): AgentError<"export.not-writable"> {
  const message = `${path} could not be written (${reason}). Choose another place.`;
  return new AgentError("export.not-writable", { path, reason }, message, cause);
}

/** A name for the file of an export, without its extension, after what the session is called. */
export function exportName({ title }: Pick<Session, "title">): string {
  const plain = title
    .replaceAll(/[\\/:*?"<>|#%\p{Cc}]/gu, " ")
    .replaceAll(/\s+/gu, " ")
    .trim();
  const short = Array.from(new Intl.Segmenter().segment(plain), ({ segment }) => segment)
    .slice(0, 60)
    .join("");
  const name = short.replaceAll(/^[. ]+|[. …]+$/gu, "");
  return name === "" || /^(?:con|prn|aux|nul|com\d|lpt\d)$/iu.test(name) ? "session" : name;
}
