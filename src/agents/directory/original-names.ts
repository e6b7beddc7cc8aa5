import { dataAnalysisPipeline } from "../catalog/data-analysis-pipeline.ts";
import { loadDataAgent } from "../catalog/load-data-agent.ts";
import { planner } from "../catalog/planner.ts";
import { previewFileAgent } from "../catalog/preview-file-agent.ts";
import { pythonInterpreter } from "../catalog/python-interpreter.ts";
import { retrievalAgent } from "../catalog/retrieval-agent.ts";
import { rhetoricalAgent } from "../catalog/rhetorical-agent.ts";
import { sparkSqlAgent } from "../catalog/spark-sql-agent.ts";
import { subquestionAgent } from "../catalog/subquestion-agent.ts";

/** Names under which Byzer-Agent knew these agents, and slips of the hand in it; no agent of ours bears one. */
const names: Readonly<Record<string, string>> = {
  privew_file_agent: previewFileAgent.name,
  rhetoorical_agent: rhetoricalAgent.name,
  reheorical_agent: rhetoricalAgent.name,
  llama_index_query_agent: retrievalAgent.name,
  llama_index_retrieval_agent: retrievalAgent.name,
  byzer_engine_agent: sparkSqlAgent.name,
  byzer_sql_agent: sparkSqlAgent.name,
  sql_agent: sparkSqlAgent.name,
  sub_question_agent: subquestionAgent.name,
  planner_agent: planner.name,
  load_data: loadDataAgent.name,
  python_codesandbox_agent: pythonInterpreter.name,
  data_analysis_pipeline_agent: dataAnalysisPipeline.name,
};

/** The agent that is meant by a name of the original; other names as they are. */
export function agentName(name: string): string {
  return Object.hasOwn(names, name) ? (names[name] ?? name) : name;
}
