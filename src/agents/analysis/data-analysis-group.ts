import type { FinderParts } from "../asking/find-passages.ts";
import { retrievalReply } from "../asking/retrieval-reply.ts";
import { assistantAgent } from "../catalog/assistant-agent.ts";
import { codeReviewAgent } from "../catalog/code-review-agent.ts";
import { dataAnalysisPipeline } from "../catalog/data-analysis-pipeline.ts";
import { memoryAgent } from "../catalog/memory-agent.ts";
import { previewFileAgent } from "../catalog/preview-file-agent.ts";
import { pythonInterpreter } from "../catalog/python-interpreter.ts";
import { retrievalAgent } from "../catalog/retrieval-agent.ts";
import { visualizationAgent } from "../catalog/visualization-agent.ts";
import { ConversableAgent } from "../core/agent.ts";
import type { AgentCard } from "../core/agent-card.ts";
import { PostOffice } from "../core/post-office.ts";
import type { ReplyFunction } from "../core/reply.ts";
import type { Mailbox } from "../core/run.ts";
import { memoryReply } from "../memory/memory-reply.ts";
import { mayRecall } from "../memory/may-recall.ts";
import type { SessionMemory } from "../memory/session-memory.ts";
import type { ModelProvider } from "../ports/chat-model.ts";
import type { TermStore } from "../ports/term-store.ts";
import type { Session } from "../protocol/session-state.ts";
import { userName } from "./agent-names.ts";
import { codeAuthorReply } from "./code-author.ts";
import { type InterpreterParts, interpreterReply } from "./interpreter-reply.ts";
import { pipelineReply } from "./pipeline-reply.ts";
import { previewReply, readingMeans } from "./preview-reply.ts";
import { reviewReply } from "./review-reply.ts";

/** What the group needs from the session that hosts it. */
export interface GroupParts extends InterpreterParts {
  readonly models: ModelProvider;
  readonly session: () => Session;
  /** Finds passages in what is asked about; `retrieval_agent` answers only where it is there. */
  readonly retrieval?: FinderParts;
  /** Earlier conversations; `memory_agent` answers only where they are there. */
  readonly memory?: SessionMemory;
  /** What the person's terms mean; none are known where left out. */
  readonly terms?: TermStore;
  /** Finds agents that are not of the group; nobody where left out. */
  readonly resolve?: (name: string) => Mailbox | undefined;
}

/** The agents of one session, and the person among them. */
export interface DataAnalysisGroup {
  readonly office: PostOffice;
  readonly user: ConversableAgent;
  /** By name, so that a system message can be edited while the session runs. */
  readonly agents: ReadonlyMap<string, ConversableAgent>;
}

function withReranker(reranker: FinderParts["reranker"]): Pick<FinderParts, "reranker"> {
  return reranker === undefined ? {} : { reranker };
}

/** Brings the data analysis group together. */
export function createDataAnalysisGroup(parts: GroupParts): DataAnalysisGroup {
  const { models, python, session } = parts;
  const brief = (signal: AbortSignal) => python.brief(signal);
  const means = async (signal: AbortSignal) => {
    const known = await brief(signal);
    return known.available ? readingMeans(known.info) : { hasPandas: true, packages: [] };
  };
  const model = (signal: AbortSignal) => models.modelFor("chat", signal);
  const { retrieval, memory } = parts;
  const maySearch = () => retrieval !== undefined && retrieval.scopes().length > 0;
  const author = { model, python: brief, session, maySearch };
  const roles: readonly (readonly [AgentCard, ReplyFunction])[] = [
    [
      dataAnalysisPipeline,
      pipelineReply({
        router: (signal) => models.modelFor("router", signal),
        session,
        variablesKept: () => python.keepsVariables,
        reads: retrieval !== undefined,
        ...(parts.terms === undefined ? {} : { terms: parts.terms }),
        ...(memory === undefined ? {} : { recalls: (question) => mayRecall(memory, session(), question) }),
      }),
    ],
    [previewFileAgent, previewReply(session, means)],
    [assistantAgent, codeAuthorReply(assistantAgent, author)],
    [visualizationAgent, codeAuthorReply(visualizationAgent, author)],
    [codeReviewAgent, reviewReply((signal) => models.modelFor("reviewer", signal))],
    [pythonInterpreter, interpreterReply(parts)],
    ...(retrieval === undefined ? [] : [[retrievalAgent, retrievalReply({ ...retrieval, model })] as const]),
    ...(memory === undefined
      ? []
      : [[memoryAgent, memoryReply({ memory, model, ...withReranker(retrieval?.reranker) })] as const]),
  ];
  const office = new PostOffice(parts.resolve);
  const agents = new Map<string, ConversableAgent>();
  for (const [card, reply] of roles) {
    const agent = new ConversableAgent({
      name: card.name,
      systemMessage: card.instructions,
      replies: [reply],
      maxConsecutiveAutoReply: Number.POSITIVE_INFINITY,
    });
    agents.set(card.name, agent);
    office.register(card.name, agent);
  }

  const user = new ConversableAgent({ name: userName, humanInputMode: "NEVER", maxConsecutiveAutoReply: 0 });
  office.register(userName, user);
  return { office, user, agents };
}
