import type { PythonHost } from "../analysis/python-host.ts";
import { answeringAgents } from "../analysis/agent-names.ts";
import { commonAgent } from "../catalog/common-agent.ts";
import { loadDataAgent } from "../catalog/load-data-agent.ts";
import { planner } from "../catalog/planner.ts";
import { retrievalAgent } from "../catalog/retrieval-agent.ts";
import { rhetoricalAgent } from "../catalog/rhetorical-agent.ts";
import { sparkSqlAgent } from "../catalog/spark-sql-agent.ts";
import { sqlReviewerAgent } from "../catalog/sql-reviewer-agent.ts";
import { subquestionAgent } from "../catalog/subquestion-agent.ts";
import type { AgentCard } from "../core/agent-card.ts";
import type { ReplyFunction } from "../core/reply.ts";
import type { AgentFinder } from "../directory/agent-directory.ts";
import { catalogAgentCards, catalogEntry } from "../directory/catalog-finder.ts";
import type { ModelProvider } from "../ports/chat-model.ts";
import type { TableProfiler } from "../ports/table-profiler.ts";
import type { TermStore } from "../ports/term-store.ts";
import type { Session } from "../protocol/session-state.ts";
import { sqlAuthorReply } from "../sql/sql-author-reply.ts";
import { SqlDesk } from "../sql/sql-desk.ts";
import type { SqlSettings } from "../sql/sql-dialect.ts";
import { sqlReviewReply } from "../sql/sql-review-reply.ts";
import type { StepAgent } from "./ask-step.ts";
import { loadDataReply } from "./load-data-reply.ts";
import { rhetoricalReply } from "./rhetorical-reply.ts";
import { StepWork, type StepParts, type StepRules } from "./step-work.ts";

/** What the catalog's agents beside the data analysis group need from the session that hosts them. */
export interface CatalogAgentParts {
  readonly models: ModelProvider;
  readonly session: () => Session;
  readonly python: PythonHost;
  readonly profiler: TableProfiler;
  readonly terms: TermStore;
  readonly sql: () => SqlSettings;
  /** Adds a file to the session and reads it. */
  readonly attach: (path: string) => Promise<void>;
  /** The workspace folders, and where relative paths start. */
  readonly roots: () => readonly string[];
  /** An existing folder of the session, to which code may write. */
  readonly downloads: () => string;
  /** Agents of the person's own that steps may be given to. */
  readonly others: () => readonly StepAgent[];
}

const plans: StepRules = { card: planner, mostSteps: 6, mostInAll: 8, revises: true };
const splits: StepRules = { card: subquestionAgent, mostSteps: 4, mostInAll: 4, revises: false };

/** Finds the catalog's agents beside the data analysis group, for one session. Nothing runs before one is spoken to. */
export function catalogAgents(parts: CatalogAgentParts): AgentFinder {
  const model = (signal: AbortSignal) => parts.models.modelFor("chat", signal);
  const { session, terms } = parts;
  const sql = { session, python: parts.python, profiler: parts.profiler, settings: parts.sql, terms, model };
  const desk = new SqlDesk(sql);
  const steps: StepParts = { session, terms, model, agents: () => stepAgents(parts) };
  const work = (rules: StepRules): ReplyFunction => ({
    name: "split-and-join",
    trigger: "anyone",
    reply: (context) => new StepWork(steps, rules, context).answer(),
  });
  const replies: ReadonlyMap<AgentCard, ReplyFunction> = new Map([
    [sparkSqlAgent, sqlAuthorReply(sql, desk)],
    [sqlReviewerAgent, sqlReviewReply(sql, desk)],
    [rhetoricalAgent, rhetoricalReply({ terms, session, model })],
    [planner, work(plans)],
    [subquestionAgent, work(splits)],
    [loadDataAgent, loadDataReply(parts)],
  ]);
  const entries = catalogAgentCards.map((card) => {
    const own = replies.get(card);
    return catalogEntry(card, own === undefined ? [] : [own]);
  });
  return { entries, onChange: () => () => undefined };
}

/** Who may be given a step: those of the group that fit the session, the catalog's, and the person's own. */
function stepAgents({ session, others }: CatalogAgentParts): readonly StepAgent[] {
  const { sources } = session();
  const group = answeringAgents.filter((card) => card !== retrievalAgent || sources.length > 0);
  const own = others().filter(({ name }) => !catalogAgentCards.some((card) => card.name === name));
  return [...group, sparkSqlAgent, loadDataAgent, commonAgent, ...own];
}
