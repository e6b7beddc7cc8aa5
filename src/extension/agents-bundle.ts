/**
 * The agents, loaded at first use as a bundle of their own: nothing of it is needed to start the extension.
 * `platform/agents.ts` is the only file that imports it.
 */
export { exportName, writeExport } from "../agents/export/write-export.ts";
export { decodeText } from "../agents/encoding/decode-text.ts";
export { openPassageIndex } from "../agents/host/open-passage-index.ts";
export { ConversationMemory } from "../agents/memory/conversation-memory.ts";
export { readInThread } from "../agents/memory/read-in-thread.ts";
export { createEndpointMemory } from "../agents/models/endpoint-memory.ts";
export { createChatReranker } from "../agents/models/chat-reranker.ts";
export { createEndpointReranker } from "../agents/models/endpoint-reranker.ts";
export { discoverEmbedders } from "../agents/models/discover-embedders.ts";
export { discoverModels } from "../agents/models/discover-models.ts";
export { createOpenAiEmbedder } from "../agents/models/openai-embedder.ts";
export { createOpenAiChatModel } from "../agents/models/openai-chat-model.ts";
export { testConnection } from "../agents/models/test-connection.ts";
export { createChildProcessLauncher } from "../agents/python/child-process-launcher.ts";
export { cleanEnvironment } from "../agents/python/clean-environment.ts";
export { findPython, probePython } from "../agents/python/find-python.ts";
export { createInterpreterProvider } from "../agents/python/interpreter-provider.ts";
export { installInPlace, packagePlace } from "../agents/python/install-in-place.ts";
export { ensureManagedEnvironment } from "../agents/python/managed-environment.ts";
export { findSandbox } from "../agents/python/sandbox/find-sandbox.ts";
export { createFileText } from "../agents/retrieval/file-text.ts";
export { AnalysisSession } from "../agents/sessions/analysis-session.ts";
export { SessionStore } from "../agents/sessions/session-store.ts";
export { createTermFile } from "../agents/team/term-file.ts";
export { createTableProfiler } from "../agents/tables/table-profiler.ts";
