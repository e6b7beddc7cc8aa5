import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { AgentError } from "../base/errors.ts";
import type { CatalogOptions } from "../sessions/session-catalog.ts";
import { createTermFile } from "../team/term-file.ts";

/** The options by which a command is told what the catalog's agents need. */
export const catalogFlags = {
  "sql-engine": { type: "string", default: "duckdb" },
  "spark-remote": { type: "string", default: "" },
} as const;

/**
 * What the catalog's agents need on a command line.
 *
 * @param workspace The folder for which terms are kept: that in which the command runs where left out.
 * @throws AgentError `cli.usage`.
 */
export function commandCatalog(
  values: { readonly "sql-engine": string; readonly "spark-remote": string },
  workspace = ".",
): CatalogOptions {
  const { "sql-engine": engine, "spark-remote": sparkRemote } = values;
  if (engine !== "duckdb" && engine !== "spark") {
    const message = `--sql-engine wants duckdb or spark; got ${engine}.`;
    throw new AgentError("cli.usage", { argument: "--sql-engine" }, message);
  }

  if (sparkRemote !== "" && !sparkRemote.startsWith("sc://")) {
    const message = `--spark-remote wants the address of a Spark Connect server, such as sc://host:15002; got ${sparkRemote}.`;
    throw new AgentError("cli.usage", { argument: "--spark-remote" }, message);
  }

  const folder = createHash("sha256").update(resolve(workspace)).digest("hex").slice(0, 32);
  const terms = createTermFile(join(homedir(), ".byzer", "terms", `${folder}.json`));
  return { terms, sql: () => ({ engine, sparkRemote }) };
}
