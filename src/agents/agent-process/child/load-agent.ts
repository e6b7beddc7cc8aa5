import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { AgentError, messageOf } from "../../base/errors.ts";
import { AgentProgram } from "../../byzer-agent/agent-program.ts";
import { placeOf, placeOfLoadError, placeText } from "./error-place.ts";

/** What to load, and how it is told. */
export interface LoadOptions {
  readonly path: string;
  /** What the agent is called unless it says so itself. */
  readonly name: string;
  /** Every file that was loaded until now. */
  readonly files: readonly string[];
  readonly log: (text: string) => void;
}

/**
 * Loads the agent of a file: its default export, with the tools that it exports as `tools`.
 *
 * @throws AgentError `agent.broken` with the line where it is known, `agent.declaration`, `agent.threw`.
 */
export async function loadAgent({ path, name, files, log }: LoadOptions): Promise<AgentProgram> {
  const loaded = await importFile(path, files);
  const { default: declaration, tools } = loaded;
  if (declaration === undefined) {
    throw broken(path, null, "it has no default export; write export default defineAgent({ … })");
  }

  if (tools !== undefined && !Array.isArray(tools)) {
    throw broken(path, null, "what it exports as tools is no list");
  }

  const readPlace = (error: unknown): string => placeText(placeOf(error, files));
  return AgentProgram.create(declaration, { name, tools: tools ?? [], log, placeOf: readPlace });
}

async function importFile(path: string, files: readonly string[]): Promise<{ readonly [name: string]: unknown }> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    if (error instanceof AgentError && error.code === "agent.broken") {
      throw error;
    }

    const place = await placeOfLoadError(error, files);
    const kind = error instanceof Error && error.name !== "Error" ? `${error.name}: ` : "";
    throw broken(place?.path ?? path, place?.line ?? null, `${kind}${messageOf(error)}`);
  }
}

function broken(path: string, line: number | null, reason: string): AgentError {
  const place = `${basename(path)}${line === null ? "" : `:${line}`}`;
  return new AgentError("agent.broken", { path, line, reason }, `${place} cannot be loaded: ${reason}.`);
}
