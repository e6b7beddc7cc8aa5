import { EventEmitter, type ExtensionContext, type LogOutputChannel, Uri, window } from "vscode";
import { catalogFinder } from "../agents/directory/catalog-finder.ts";
import { AgentRoom } from "./agents/agent-room.ts";
import type { ByzerAgentApi } from "./api/api-types.ts";
import { askAgent } from "./api/ask-agent.ts";
import { createApi } from "./api/create-api.ts";
import { ApiRegistrations } from "./api/registrations.ts";
import { AskingRoom } from "./asking/asking-room.ts";
import { ChatView } from "./chat/chat-view.ts";
import { MemoryActions } from "./memory/memory-actions.ts";
import { MemoryRoom } from "./memory/memory-room.ts";
import { findEmbedder } from "./models/find-embedder.ts";
import { DeclaredRoom } from "./declared/declared-room.ts";
import { McpRoom } from "./mcp/mcp-room.ts";
import { EndpointActions } from "./models/endpoint-actions.ts";
import { ModelCatalog } from "./models/model-catalog.ts";
import { ModelChoices } from "./models/model-choices.ts";
import { agentModelWay } from "./ray/agent-model-way.ts";
import { createModelPlaces } from "./models/model-places.ts";
import { loadAgents } from "./platform/agents.ts";
import { readSetting } from "./platform/configuration.ts";
import { Disposables } from "./platform/disposables.ts";
import { createEndpointKeys } from "./platform/endpoint-keys.ts";
import { type Problems, createProblems, sentenceOf } from "./platform/problems.ts";
import type { TerminalLauncher } from "./platform/terminal-launcher.ts";
import { type Transcript, createTranscript } from "./platform/transcript.ts";
import { ClusterPythons } from "./python/cluster-pythons.ts";
import { createPython } from "./python/create-python.ts";
import { KernelTerminals } from "./python/kernel-terminals.ts";
import { managedFolder } from "./python/python-candidates.ts";
import type { PythonChoice } from "./python/python-choice.ts";
import { SessionPythons } from "./python/session-pythons.ts";
import { AnalysisWorkshop } from "./sessions/analysis-workshop.ts";
import { workspaceKey } from "./platform/workspace-key.ts";
import { ApprovalDesk } from "./sessions/approval-desk.ts";
import { ClusterAgents } from "./ray/cluster-agents.ts";
import { ClusterDesk } from "./ray/cluster-desk.ts";
import { PackageDesk } from "./sessions/package-desk.ts";
import { PlaceDesk } from "./sessions/place-desk.ts";
import { SessionActions } from "./sessions/session-actions.ts";
import { SessionDesk } from "./sessions/session-desk.ts";

/** What contributions share, made once in {@link createServices}. */
export interface Services {
  readonly extensionUri: Uri;
  readonly log: LogOutputChannel;
  readonly problems: Problems;
  readonly transcript: Transcript;
  readonly catalog: ModelCatalog;
  readonly endpoints: EndpointActions;
  readonly launcher: TerminalLauncher;
  /** The terminals of Pythons on a cluster. */
  readonly kernels: KernelTerminals;
  readonly python: PythonChoice;
  readonly pythons: SessionPythons;
  /** Those of them that run on a cluster. */
  readonly clusterPythons: ClusterPythons;
  /** The cluster of the workspace, where one is named. */
  readonly cluster: ClusterDesk;
  readonly approvals: ApprovalDesk;
  readonly packages: PackageDesk;
  readonly asking: AskingRoom;
  /** Agents of the workspace's own: `declared.directory` knows them all. */
  readonly declared: DeclaredRoom;
  /** Agents that run code, and the tools on `agents.shelf`. */
  readonly agents: AgentRoom;
  /** Those of them that live on the cluster. */
  readonly clusterAgents: ClusterAgents;
  /** Tools of MCP servers. */
  readonly mcp: McpRoom;
  /** What other extensions get. */
  readonly api: ByzerAgentApi;
  /** Fires when the text of a document is to be shown anew. */
  readonly textChanges: EventEmitter<Uri>;
  readonly workshop: AnalysisWorkshop;
  readonly desk: SessionDesk;
  readonly actions: SessionActions;
  /** Where sessions run. */
  readonly places: PlaceDesk;
  /** Earlier conversations of the workspace. */
  readonly memory: MemoryRoom;
  readonly memoryActions: MemoryActions;
  readonly chat: ChatView;
}

/**
 * The composition root: the one place that decides which implementation stands behind each port. Nothing here reads a
 * file, asks a server or loads the agents: that happens at first use.
 */
export function createServices(context: ExtensionContext): Services {
  const owned = new Disposables();
  context.subscriptions.push(owned);
  const log = owned.add(window.createOutputChannel("Byzer Agent", { log: true }));
  const problems = createProblems(log);
  const transcript = owned.add(createTranscript());
  const keys = createEndpointKeys(context.secrets);
  const modelPlaces = createModelPlaces(keys);
  const choices = new ModelChoices(context.workspaceState);
  const catalog = owned.add(new ModelCatalog({ choices, ...modelPlaces }));
  const endpoints = new EndpointActions({ catalog, keys, test: modelPlaces.test });
  const { python, launcher } = createPython(context, log);
  owned.add(python);
  const cluster = owned.add(new ClusterDesk({ context, log, endpoints }));
  const kernels = owned.add(new KernelTerminals());
  const clusterPythons = owned.add(
    new ClusterPythons({
      cluster,
      terminals: kernels,
      idleS: kernelIdleS,
      packages: () => readSetting("ray.packages"),
      sentenceOf,
      log,
    }),
  );
  const pythons = owned.add(new SessionPythons(python, clusterPythons));
  const approvals = owned.add(new ApprovalDesk(context.workspaceState));
  const adopt = (executable: string | undefined): Promise<void> => python.adopt(executable);
  const packages = owned.add(new PackageDesk({ managedFolder: managedFolder(context), adopt }));
  const { extensionUri } = context;
  const textChanges = owned.add(new EventEmitter<Uri>());
  const asking = owned.add(
    new AskingRoom({
      extensionUri,
      storage: context.globalStorageUri,
      secrets: context.secrets,
      log,
      catalog,
      choices,
      keys,
      endpoints,
      cluster,
      textChanges,
    }),
  );
  const models = (): readonly { readonly name: string; readonly description: string }[] =>
    catalog.state.sources.flatMap((source) => source.models.map((name) => ({ name, description: source.name })));
  const declared = owned.add(new DeclaredRoom({ log, models }));
  const registrations = new ApiRegistrations();
  const agents = owned.add(new AgentRoom({ context, log, registrations, declared }));
  const mcp = owned.add(new McpRoom({ state: context.workspaceState, log, declared, shelf: agents.shelf }));
  declared.directory.add(catalogFinder);
  const sessionsFolder = Uri.joinPath(context.globalStorageUri, "sessions", workspaceKey());
  const memory = owned.add(
    new MemoryRoom({
      extensionUri,
      folder: Uri.joinPath(context.globalStorageUri, "memory", workspaceKey()),
      sessions: sessionsFolder,
      findEmbedder: (signal) => findEmbedder({ choices, keys }, signal),
      log,
    }),
  );
  const clusterAgents = owned.add(
    new ClusterAgents({
      cluster,
      declared,
      agents,
      models: catalog,
      way: () => agentModelWay(catalog, keys),
      state: context.workspaceState,
      log,
    }),
  );
  const workshop = owned.add(
    new AnalysisWorkshop({
      models: catalog,
      pythons,
      approvals,
      packages,
      asking,
      declared,
      agents,
      clusterAgents,
      memory,
      extensionUri,
      termsFile: Uri.joinPath(context.globalStorageUri, "terms", `${workspaceKey()}.json`),
      log,
    }),
  );
  const desk = owned.add(
    new SessionDesk({
      store: async () => new (await loadAgents()).SessionStore(sessionsFolder.fsPath),
      openAnalysis: () => workshop.opener(),
      forget: (sessionId) => memory.forget(sessionId),
      firstPlace: () => places.first,
      endKernel: (kernel) => cluster.end("kernel", kernel.name, kernel.cluster),
      state: context.workspaceState,
      onFailure: problems.show,
      onDamage: (id, lines) => log.warn(`Session ${id}: passed over damaged lines ${lines.join(", ")}.`),
    }),
  );
  const places = new PlaceDesk({
    state: context.workspaceState,
    cluster,
    clusterPythons,
    desk,
    onFailure: problems.show,
  });
  clusterAgents.follow(desk);
  const api = createApi({
    registrations,
    ask: async (to, content, signal) => {
      await agents.open();
      return askAgent(desk, { to, content }, signal);
    },
    onMessage: (listener) => desk.onEvent(({ event }) => event.type === "message" && listener(event.message)),
    onFailure: (error) => log.error("A listener of another extension failed", error),
  });
  const chat = owned.add(new ChatView({ extensionUri, sessionsFolder }));
  const actions = new SessionActions(desk);
  const memoryActions = new MemoryActions({ memory, desk, chat });
  return {
    extensionUri,
    log,
    problems,
    transcript,
    catalog,
    endpoints,
    launcher,
    kernels,
    python,
    pythons,
    clusterPythons,
    cluster,
    approvals,
    packages,
    asking,
    declared,
    agents,
    clusterAgents,
    mcp,
    api,
    textChanges,
    workshop,
    desk,
    actions,
    places,
    memory,
    memoryActions,
    chat,
  };
}

function kernelIdleS(): number {
  return readSetting("ray.idleHours") * 3600;
}
