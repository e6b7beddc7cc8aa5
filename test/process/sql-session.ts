import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sparkSqlAgent } from "../../src/agents/catalog/spark-sql-agent.ts";
import type { Turn } from "../../src/agents/protocol/session-state.ts";
import { createChildProcessLauncher } from "../../src/agents/python/child-process-launcher.ts";
import { createInterpreterProvider } from "../../src/agents/python/interpreter-provider.ts";
import type { SqlSettings } from "../../src/agents/sql/sql-dialect.ts";
import { createTableProfiler } from "../../src/agents/tables/table-profiler.ts";
import { type CatalogTown, createCatalogTown } from "../../src/agents/testing/catalog-fixture.ts";
import { programDirectory, testPython } from "./test-python.ts";

/** The catalog's agents with real Python, real files and the real profiler; models follow a script. */
export interface SqlSession {
  /** A folder of its own for data, which goes with it. */
  readonly folder: string;
  readonly town: CatalogTown;
  /** Asks an agent, `spark_sql_agent` where none is named. */
  readonly ask: (question: string, agent?: string) => Promise<Turn>;
  readonly dispose: () => Promise<void>;
}

/** Opens a session without files. */
export function createSqlSession(sql?: SqlSettings, executable = testPython()): SqlSession {
  const folder = mkdtempSync(join(tmpdir(), "byzer-sql-"));
  const downloads = mkdtempSync(join(tmpdir(), "byzer-sql-output-"));
  const profiler = createTableProfiler();
  const python = createInterpreterProvider({
    python: () => Promise.resolve(executable),
    launchers: [createChildProcessLauncher()],
    programDirectory,
  });
  const town = createCatalogTown({ python, profiler, folder, downloads, ...(sql === undefined ? {} : { sql }) });
  return {
    folder,
    town,
    ask: (question, agent = sparkSqlAgent.name) => town.ask(agent, question),
    dispose: async () => {
      await town.closePython();
      profiler.dispose();
      rmSync(folder, { recursive: true, force: true });
      rmSync(downloads, { recursive: true, force: true });
    },
  };
}

/** A statement as a model writes it. */
export function statement(sql: string): string {
  return `\`\`\`sql\n${sql}\n\`\`\``;
}
