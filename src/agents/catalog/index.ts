import type { AgentCard } from "../core/agent-card.ts";
import { assistantAgent } from "./assistant-agent.ts";
import { codeReviewAgent } from "./code-review-agent.ts";
import { dataAnalysisPipeline } from "./data-analysis-pipeline.ts";
import { previewFileAgent } from "./preview-file-agent.ts";
import { pythonInterpreter } from "./python-interpreter.ts";
import { retrievalAgent } from "./retrieval-agent.ts";
import { visualizationAgent } from "./visualization-agent.ts";

/** Every agent the product ships. `catalog.test.ts` keeps it equal to the folder. */
export const catalog: readonly AgentCard[] = [
  assistantAgent,
  codeReviewAgent,
  dataAnalysisPipeline,
  previewFileAgent,
  pythonInterpreter,
  retrievalAgent,
  visualizationAgent,
];
