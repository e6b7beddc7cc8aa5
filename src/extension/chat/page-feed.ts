import { type Disposable, Uri, env, workspace } from "vscode";
import type { PageSettings, RequestHandlers } from "../../agents/protocol/page.ts";
import { Disposables } from "../platform/disposables.ts";
import type { Services } from "../services.ts";
import { describeEnded } from "../python/describe-python.ts";
import { namedAgents } from "./named-agents.ts";
import { EventBatch } from "./event-batch.ts";

/** The list of sessions is read from disk, so many changes at once cost one reading. */
const listDelayMs = 200;

/** Keeps the page up to date: everything when it loads, then what changes. */
export class PageFeed implements Disposable {
  readonly #services: Services;
  readonly #owned = new Disposables();
  readonly #batch: EventBatch;
  #listTimer: NodeJS.Timeout | undefined;

  constructor(services: Services) {
    this.#services = services;
    const { chat, catalog, cluster, clusterPythons, declared, desk, memory, python, pythons } = services;
    this.#batch = new EventBatch((events) => {
      if (desk.shown !== undefined) {
        chat.post({ kind: "events", sessionId: desk.shown.id, events: [...events] });
      }
    });
    this.#owned.add(desk.onShow(() => this.#postSession()));
    this.#owned.add(desk.onEvent(({ session, event }) => session === desk.shown && this.#batch.add(event)));
    this.#owned.add(desk.onList(() => this.#listSoon()));
    this.#owned.add(catalog.onChange((state) => chat.post({ kind: "models", state })));
    this.#owned.add({ dispose: declared.directory.onChange(() => this.#postAgents()) });
    this.#owned.add(desk.onShow(() => this.#postPython()));
    this.#owned.add(python.onChange(() => this.#postPython()));
    this.#owned.add(pythons.onChange((sessionId) => sessionId === desk.shown?.id && this.#postPython()));
    this.#owned.add(clusterPythons.onChange((sessionId) => sessionId === desk.shown?.id && this.#postPython()));
    this.#owned.add(
      desk.onEvent(({ session, event }) => event.type === "place-choose" && session === desk.shown && this.#moved()),
    );
    this.#owned.add(cluster.onChange(() => this.#moved()));
    this.#owned.add(workspace.onDidGrantWorkspaceTrust(() => this.#postSession()));
    this.#owned.add(memory.onChange(() => this.#postSession()));
    this.#owned.add({ dispose: () => clearTimeout(this.#listTimer) });
    this.#owned.add({ dispose: () => this.#batch.clear() });
  }

  /** The requests that are about the page itself. */
  get handlers(): Pick<RequestHandlers, "page-ready" | "page-failed"> {
    return {
      "page-ready": async () => {
        await this.#pageReady();
        return {};
      },
      "page-failed": async ({ message, stack }) => {
        this.#services.log.error(`The chat page failed: ${message}\n${stack}`);
        return {};
      },
    };
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** The session comes first; models and Python are looked for when no data card waits. */
  async #pageReady(): Promise<void> {
    const { actions, catalog, chat, desk, problems, python } = this.#services;
    const waiting = chat.pageLoaded();
    this.#postSession();
    chat.post({ kind: "models", state: catalog.state });
    this.#postAgents();
    this.#moved();
    for (const push of waiting) {
      chat.post(push);
    }
    await problems.guard(() => desk.resume());
    await this.#postList();
    void problems.guard(async () => {
      await actions.quiet();
      await Promise.all([catalog.ensureLooked(), python.ensureLooked()]);
    });
  }

  #postSession(): void {
    const { chat, desk } = this.#services;
    this.#batch.clear();
    chat.post({ kind: "session", settings: this.#settings(), events: [...(desk.shown?.events ?? [])] });
  }

  #postAgents(): void {
    const { chat, declared } = this.#services;
    chat.post({ kind: "agents", agents: [...namedAgents(declared.directory)] });
  }

  #postPython(): void {
    const { chat, clusterPythons, desk, python, pythons } = this.#services;
    const { shown } = desk;
    const hasEnded = shown !== undefined && pythons.hasEnded(shown.id);
    const state = hasEnded ? describeEnded(python.state) : python.state;
    const isThere = shown?.analysis.place.current.kind === "cluster";
    chat.post({ kind: "python", state: isThere ? { ...state, kernel: clusterPythons.stateOf(shown.id) } : state });
  }

  /** What is known of the cluster is told before what runs there. */
  #moved(): void {
    const { chat, cluster, places } = this.#services;
    chat.post({ kind: "cluster", state: cluster.state, last: places.lastSize });
    this.#postPython();
  }

  #settings(): PageSettings {
    const { chat, desk, memory } = this.#services;
    return {
      locale: env.language,
      resourceBase: desk.shown === undefined ? "" : chat.addressOf(Uri.file(desk.shown.outputFolder)),
      trusted: workspace.isTrusted,
      ...(workspace.isTrusted ? { remembers: memory.isOn } : {}),
    };
  }

  #listSoon(): void {
    clearTimeout(this.#listTimer);
    this.#listTimer = setTimeout(() => void this.#services.problems.guard(() => this.#postList()), listDelayMs);
  }

  async #postList(): Promise<void> {
    const { chat, desk } = this.#services;
    if (chat.visible) {
      chat.post({ kind: "sessions", sessions: [...(await desk.list())] });
    }
  }
}
