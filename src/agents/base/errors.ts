/** What each error code carries: the details a client needs to say it in its own words. */
export interface ErrorDetails {
  /** Two agents may not bear one name. */
  "agent.taken": { readonly name: string };
  /** An agent wants to ask the person, and nobody is there. */
  "agent.no-human": { readonly name: string };
  /** An agent wanted to send a message to itself. */
  "agent.itself": { readonly name: string };
  /** Groups that have each other as members; in the order in which they ask each other. */
  "agent.circle": { readonly names: readonly string[] };
  /** A message was sent to a name that nobody bears. `near`: whom a person may have meant, with commas between them. */
  "agent.unknown": { readonly name: string; readonly near?: string };
  /** The file of an agent cannot be loaded. `line`: counted from 1, where it is known. */
  "agent.broken": { readonly path: string; readonly line: number | null; readonly reason: string };
  /** What should be an agent is none, or lacks something. */
  "agent.declaration": { readonly name: string; readonly reason: string };
  /** A reply function threw. `place`: file and line, empty where they are not known. */
  "agent.threw": { readonly name: string; readonly reason: string; readonly place: string };
  /** A reply function gave back what is no reply; `got` says what. */
  "agent.nonsense": { readonly name: string; readonly got: string };
  "agent.timeout": { readonly name: string; readonly seconds: number };
  /** Its thread did not answer a sign of life, so its process was ended. */
  "agent.blocked": { readonly name: string; readonly seconds: number };
  /** Its process has ended by itself. `tail`: what it printed last. */
  "agent.exited": { readonly name: string; readonly exitCode: number | null; readonly tail: string };
  "agent.stopped": { readonly name: string };
  /** Its code may not run: the workspace is not trusted, or the person said no. */
  "agent.untrusted": { readonly name: string; readonly path: string };
  /** A message is too large to be sent to another process, or to be kept. */
  "agent.too-large": { readonly name: string; readonly sizeBytes: number; readonly limitBytes: number };
  /** Its process said something that cannot be understood. */
  "agent.protocol": { readonly name: string; readonly reason: string };
  /** It asks for a model or a tool where it was given none. */
  "agent.no-help": { readonly name: string; readonly what: "model" | "tool" | "peer" };
  /** Code may not run without a yes, and nobody is there to ask. */
  "approval.needed": { readonly effects: readonly string[] };
  /** Arguments of the command line that make no sense. */
  "cli.usage": { readonly argument: string };
  /** No address is known for a model that embeds. `looked`: the local models that were found. */
  "embedding.missing": { readonly model: string; readonly looked: readonly string[] };
  /** Nothing answers at the address that embeds. */
  "embedding.unreachable": { readonly baseUrl: string; readonly reason: string };
  "embedding.wrong-key": { readonly baseUrl: string };
  /** `known`: the models of the address that embed. */
  "embedding.unknown-model": { readonly baseUrl: string; readonly model: string; readonly known: readonly string[] };
  /** 429. `retryAfterMs` as the server said, where it did. */
  "embedding.rate-limited": { readonly baseUrl: string; readonly retryAfterMs: number | null };
  "embedding.failed": { readonly baseUrl: string; readonly status: number | null; readonly reason: string };
  /** What came is no embedding: too few, zeros, no numbers. `texts`: the places of those texts that got none. */
  "embedding.malformed": { readonly baseUrl: string; readonly reason: string; readonly texts: readonly number[] };
  /** The model gives vectors of another length than before. */
  "embedding.changed": { readonly baseUrl: string; readonly model: string; readonly was: number; readonly is: number };
  /** What shall be indexed is not there, or cannot be read. */
  "index.not-found": { readonly path: string };
  /** This Node's SQLite has no full-text search. */
  "index.unavailable": { readonly node: string };
  /** Another process goes on writing the index. */
  "index.busy": { readonly path: string };
  /** No room is left where the index is kept, or it may not grow further. */
  "index.full": { readonly path: string };
  "index.not-writable": { readonly path: string; readonly reason: string };
  /** The address of a shared index is none, or has a password in it. */
  "index.address": { readonly reason: string };
  /** The server of a shared index does not answer, or the connection was lost and could not be had again. */
  "index.unreachable": { readonly server: string; readonly reason: string };
  "index.wrong-password": { readonly server: string; readonly user: string };
  /** The database of a shared index does not let this user do what is needed. */
  "index.denied": { readonly server: string; readonly user: string; readonly reason: string };
  /** A shared index that this user may search and not write. */
  "index.read-only": { readonly server: string; readonly user: string; readonly corpus: string };
  /** A shared index made by another version of this program. */
  "index.other-version": { readonly corpus: string; readonly found: number; readonly wanted: number };
  /** The server of a shared index has no vectors: text search alone. */
  "index.no-vectors": { readonly server: string; readonly reason: string };
  /** A cluster was to update an index that is kept on this machine. */
  "index.not-shared": { readonly root: string };
  /** Two folders of this machine would share one name in a shared index. */
  "index.name-taken": { readonly corpus: string; readonly root: string; readonly other: string };
  /** Nothing was asked and answered that could be exported. */
  "export.empty": Record<string, never>;
  /** An export would overwrite a file that the session reads. */
  "export.is-input": { readonly path: string };
  "export.not-writable": { readonly path: string; readonly reason: string };
  /** The extension of an export's file says no format. */
  "export.unknown-format": { readonly path: string };
  /** A server of MCP that came with a workspace, and that the person has not allowed. */
  "mcp.denied": { readonly server: string };
  /** Its program has ended. `exitCode`: `null` where a signal ended it. `tail`: what it printed last. */
  "mcp.exited": { readonly server: string; readonly exitCode: number | null; readonly tail: string };
  /** It sent more than anybody could want, and was ended. */
  "mcp.flood": { readonly server: string };
  /** It ended too often within a short time. */
  "mcp.gave-up": { readonly server: string; readonly times: number };
  /** It left a call unanswered and gave no sign of life, so it was ended. */
  "mcp.silent": { readonly server: string };
  /** A call took too long; the server is alive. */
  "mcp.timeout": { readonly server: string; readonly tool: string; readonly seconds: number };
  /** It cannot be started, reached or understood. */
  "mcp.unreachable": { readonly server: string; readonly reason: string };
  /** A variable of its configuration has no value; as it stands between the braces. */
  "mcp.variable": { readonly server: string; readonly variable: string };
  /** No model is configured and none was found. `looked` names every place that was tried and what was there. */
  "model.missing": { readonly looked: readonly string[] };
  /** Nothing answers at the address. */
  "model.unreachable": { readonly baseUrl: string; readonly reason: string };
  "model.wrong-key": { readonly baseUrl: string };
  "model.unknown": { readonly baseUrl: string; readonly model: string; readonly known: readonly string[] };
  /** 429. `retryAfterMs` as the server said, where it did. */
  "model.rate-limited": { readonly baseUrl: string; readonly retryAfterMs: number | null };
  /** The server refused the request or failed. */
  "model.failed": { readonly baseUrl: string; readonly status: number | null; readonly reason: string };
  /** The answer stopped in the middle. `text` is what had come. */
  "model.cut": { readonly baseUrl: string; readonly text: string };
  "model.empty": { readonly baseUrl: string; readonly model: string };
  /** The conversation does not fit into the model's context. */
  "model.too-long": { readonly baseUrl: string; readonly reason: string };
  /** The answer could not be understood, after asking once more. */
  "model.malformed": { readonly baseUrl: string; readonly reason: string };
  /** A package could not be installed. */
  "package.failed": { readonly name: string; readonly reason: string };
  /** The page asked for something beyond its session. */
  "page.refused": { readonly what: string };
  /** A file that an answer cites has gone. */
  "place.gone": { readonly path: string };
  /** The text of a document that an answer cites cannot be taken out of it any more. */
  "place.unreadable": { readonly path: string; readonly reason: string };
  /** No Python was found. `looked` names every place that was tried. */
  "python.missing": { readonly looked: readonly string[] };
  /** Python is there and too old, or broken. */
  "python.unusable": { readonly executable: string; readonly reason: string };
  /** It was started and never dialled back. */
  "python.unreachable": { readonly executable: string; readonly tail: string };
  "python.closed": { readonly reason: string };
  "python.untrusted": { readonly reason: string };
  /** The gateway of the cluster did not take our token, or does not understand us. `why`: the code that it gave. */
  "remote.refused": { readonly address: string; readonly why: string };
  /** Nothing of Ray answers at the address. */
  "remote.unreachable": { readonly address: string; readonly reason: string };
  /** The cluster wants a token, and none was given. */
  "remote.token-missing": { readonly address: string };
  "remote.token-wrong": { readonly address: string };
  /** What answers at the address is no Ray, or one that this program cannot use. */
  "remote.not-ray": { readonly address: string; readonly reason: string };
  "remote.ray-version": { readonly address: string; readonly found: string; readonly wanted: string };
  "remote.python-version": { readonly address: string; readonly found: string; readonly wanted: string };
  /** The cluster has no Ray Serve. */
  "remote.serve-missing": { readonly address: string };
  /** Ray Serve was started by somebody else so that only its own machine reaches it. */
  "remote.serve-local": { readonly address: string; readonly serve: string };
  /** Another application has our place on Serve; it was left alone. */
  "remote.prefix-taken": { readonly address: string; readonly application: string };
  /** The head of the cluster has no memory left for what is to be put there. Sizes with their units. */
  "remote.memory": {
    readonly address: string;
    readonly free: string;
    readonly total: string;
    readonly needed: string;
  };
  /** Packages could not be installed for a Python on the cluster. `reason`: what pip said. */
  "remote.packages": { readonly address: string; readonly packages: string; readonly reason: string };
  /** The cluster cannot give what is asked of it. */
  "remote.resources": { readonly address: string; readonly reason: string };
  /** A job of ours on the cluster failed. `tail`: what it printed last. */
  "remote.job-failed": { readonly address: string; readonly verb: string; readonly tail: string };
  /** The cluster did not answer in time. */
  "remote.timeout": { readonly address: string; readonly what: string; readonly seconds: number };
  /** The cluster answered what cannot be understood. */
  "remote.malformed": { readonly address: string; readonly reason: string };
  /** Somebody closed the link to the cluster. */
  "remote.closed": { readonly address: string };
  /** Nothing of ours is on a cluster any more: it was removed, or the cluster was started anew. */
  "remote.removed": { readonly address: string };
  /** An agent that lives on a cluster was spoken to where none is connected. */
  "remote.not-connected": { readonly name: string };
  /** Something needs a cluster, and the person has named none. */
  "remote.none-named": Record<string, never>;
  /** What a channel led to has ended, or is not there. `why`: the code that the cluster gave. */
  "remote.gone": { readonly name: string; readonly why: string; readonly reason: string };
  /** A model that is to be deployed is not described as it must be. `fault`: in which way; `reason`: the engine's own words. */
  "remote.model-order": { readonly field: string; readonly fault: string; readonly reason: string };
  /** The cluster's Python lacks the engine of models. */
  "remote.llm-missing": { readonly address: string; readonly module: string; readonly reason: string };
  /** An application that is not ours has the name that a model would have. */
  "remote.model-name-taken": { readonly address: string; readonly application: string };
  /** A model of that name is not on the cluster. */
  "remote.model-missing": { readonly name: string; readonly known: readonly string[] };
  /** A model is on the cluster and does not run. `state`: as in `ClusterModelState`. */
  "remote.model-not-running": { readonly name: string; readonly state: string; readonly reason: string };
  /** A message is too large for the link. */
  "remote.too-large": { readonly sizeBytes: number; readonly limitBytes: number };
  /** A file could not be put on the cluster, or fetched from there. */
  "remote.file": { readonly path: string; readonly reason: string };
  /** The workspace is not trusted. */
  "remote.untrusted": Record<string, never>;
  /** Nothing answers at the address that reranks. */
  "rerank.unreachable": { readonly baseUrl: string; readonly reason: string };
  "rerank.wrong-key": { readonly baseUrl: string };
  /** `known`: the models of the address that rerank. */
  "rerank.unknown-model": { readonly baseUrl: string; readonly model: string; readonly known: readonly string[] };
  "rerank.rate-limited": { readonly baseUrl: string; readonly retryAfterMs: number | null };
  "rerank.failed": { readonly baseUrl: string; readonly status: number | null; readonly reason: string };
  /** What came is no judgement of the passages. */
  "rerank.malformed": { readonly baseUrl: string; readonly reason: string };
  /** A run spent all that it was given, or an agent what it may spend on one message. */
  /** A message that was to be changed is not there any more, or the questions before its own are not. */
  "replay.gone": { readonly messageId: string };
  "run.budget": {
    readonly what: "messages" | "model calls" | "tokens" | "time";
    readonly limit: number;
    readonly agent?: string;
  };
  /** Nothing can be written where sessions are kept. */
  "session.not-writable": { readonly path: string };
  "session.unknown": { readonly sessionId: string };
  /** Another window has it open. */
  "session.elsewhere": { readonly sessionId: string; readonly pid: number };
  "session.damaged": { readonly path: string; readonly line: number };
  /** One question at a time. */
  "session.busy": { readonly sessionId: string };
  /** What is asked about is no longer there. */
  "source.not-found": { readonly path: string };
  /** Nothing of the file can be asked about; `reason` as the index gives it. */
  "source.left-out": { readonly path: string; readonly reason: string };
  /** None of the things that are asked about can be read. */
  "source.none": { readonly names: readonly string[] };
  "table.not-found": { readonly path: string };
  "table.not-readable": { readonly path: string; readonly reason: string };
  /** Its bytes no longer fit together: another program wrote it while it was read. */
  "table.changed": { readonly path: string };
  /** A directory, a pipe, a device. */
  "table.not-a-file": { readonly path: string };
  "table.empty": { readonly path: string };
  /** The content is no table that can be read. */
  "table.not-a-table": { readonly path: string; readonly reason: string };
  "table.damaged": { readonly path: string; readonly reason: string };
  /** As the person chose to read it, nothing is left of a file that has rows. */
  "table.no-rows": { readonly path: string };
  /** The person stopped the reading before anything was known. */
  "table.stopped": { readonly path: string };
  "table.password": { readonly path: string };
  "table.too-large": { readonly path: string; readonly reason: string };
  /** Two tools may not bear one name. */
  "tool.taken": { readonly tool: string };
  /** The file that keeps what a person's terms mean. */
  "terms.not-readable": { readonly path: string; readonly reason: string };
  /** The model called a tool with input its schema refuses. */
  "tool.input": { readonly tool: string; readonly issues: readonly string[] };
}

export type ErrorCode = keyof ErrorDetails;

/** The one error class of the product: a code, typed details, a sentence that says the way out, and its cause. */
export class AgentError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "AgentError";
  readonly code: C;
  readonly details: ErrorDetails[C];

  constructor(code: C, details: ErrorDetails[C], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }

  /** One that another bundle of the product made is one too: each bundle has its own copy of this class. */
  static override [Symbol.hasInstance](value: unknown): value is AgentError {
    return value instanceof Error && value.name === "AgentError" && "code" in value;
  }

  /** Narrows by code; compares names, not classes, so an error that crossed a process still matches. */
  static is<C extends ErrorCode>(error: unknown, code: C): error is AgentError<C> {
    return error instanceof Error && error.name === "AgentError" && "code" in error && error.code === code;
  }
}

/** The sentence of any thrown thing. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
