import { turnDigest } from "../analysis/digest.ts";
import { sparkSqlAgent } from "../catalog/spark-sql-agent.ts";
import type { Block, Turn } from "../protocol/session-state.ts";
import { pythonText } from "./sql-code.ts";

/** One earlier question for an author of SQL: its statements instead of the Python that ran them, and no set-up. */
export function sqlDigest(turn: Turn): string {
  const statements = turn.messages.flatMap(({ from, metadata }) =>
    from === sparkSqlAgent.name && typeof metadata["sql"] === "string" ? [metadata["sql"]] : [],
  );
  return turnDigest({ ...turn, blocks: turn.blocks.flatMap((block) => asStatement(block, statements)) });
}

function asStatement(block: Block, statements: readonly string[]): readonly Block[] {
  if (block.kind !== "cell" || block.agent !== sparkSqlAgent.name) {
    return [block];
  }

  const sql = statements.find((statement) => block.code.includes(pythonText(statement)));
  // Code that the person edited holds another statement.
  const isSetUp = sql === undefined && block.code.startsWith("import ");
  return isSetUp ? [] : [{ ...block, code: sql ?? block.code }];
}
