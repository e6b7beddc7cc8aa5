import type { AgentCard } from "../core/agent-card.ts";
import { assistantAgent } from "./assistant-agent.ts";
import { codeReviewAgent } from "./code-review-agent.ts";
import { commonAgent } from "./common-agent.ts";
import { dataAnalysisPipeline } from "./data-analysis-pipeline.ts";
import { loadDataAgent } from "./load-data-agent.ts";
import { memoryAgent } from "./memory-agent.ts";
import { planner } from "./planner.ts";
import { previewFileAgent } from "./preview-file-agent.ts";
import { pythonInterpreter } from "./python-interpreter.ts";
import { retrievalAgent } from "./retrieval-agent.ts";
import { rhetoricalAgent } from "./rhetorical-agent.ts";
import { sparkSqlAgent } from "./spark-sql-agent.ts";
import { sqlReviewerAgent } from "./sql-reviewer-agent.ts";
import { subquestionAgent } from "./subquestion-agent.ts";
import { visualizationAgent } from "./visualization-agent.ts";

/** Every agent the product ships. `catalog.test.ts` keeps it equal to the folder. */
export const catalog: readonly AgentCard[] = [
  assistantAgent,
  codeReviewAgent,
  commonAgent,
  dataAnalysisPipeline,
  loadDataAgent,
  memoryAgent,
  planner,
  previewFileAgent,
  pythonInterpreter,
  retrievalAgent,
  rhetoricalAgent,
  sparkSqlAgent,
  sqlReviewerAgent,
  subquestionAgent,
  visualizationAgent,
];

const workingTogether: ReadonlySet<string> = new Set(
  [
    assistantAgent,
    codeReviewAgent,
    dataAnalysisPipeline,
    memoryAgent,
    previewFileAgent,
    pythonInterpreter,
    retrievalAgent,
    visualizationAgent,
  ].map(({ name }) => name),
);

/** Whether nobody else may bear a name: its agent works with others of the product, who ask for it by this name. */
export function isReservedName(name: string): boolean {
  return workingTogether.has(name);
}
