import { randomInt, randomUUID } from "node:crypto";
import { AgentError } from "../base/errors.ts";
import type { Interpreter, InterpreterOptions, InterpreterProvider } from "../ports/interpreter.ts";
import {
  type FolderChanges,
  type KernelAbout,
  type KernelCreation,
  type ToKernel,
  kernelAboutSchema,
} from "../protocol/remote-kernel.ts";
import { PendingAnswers } from "../python/pending-answers.ts";
import { RunningInterpreter } from "../python/running-interpreter.ts";
import { helloSchema } from "../python/wire.ts";
import type { Cluster } from "./cluster.ts";
import { unlessAborted } from "./pause.ts";
import { Homecoming } from "./homecoming.ts";
import { KernelFiles, type PlaceAnswer, type PlaceOrder } from "./kernel-files.ts";
import { KernelPaths } from "./kernel-paths.ts";
import { KernelProcess } from "./kernel-process.ts";
import { KernelStream } from "./kernel-stream.ts";
import type { ChannelEvents, Opened, RemoteChannel } from "./link-channel.ts";
import { RemoteInterpreter } from "./remote-interpreter.ts";

/** Which part of a cluster a kernel is given. */
export interface KernelResources {
  readonly cpus: number;
  readonly gpus?: number;
  /** 0 for no limit. */
  readonly memoryBytes: number;
  /** Custom ones, by name. */
  readonly custom?: { readonly [name: string]: number };
  /** Packages that are installed for it before it starts, and for what its code spreads over the cluster, as pip reads them. */
  readonly packages?: readonly string[];
}

/** Shows a kernel to the person: what a terminal is to a Python of this machine. */
export interface KernelTerminal {
  write(text: string): void;
  /** The kernel has ended, or was left. */
  close(reason: string): void;
}

/** What a terminal can do to its kernel. */
export interface KernelKeys {
  type(text: string): void;
  resize(columns: number, rows: number): void;
}

export interface RemoteInterpreterProviderParts {
  /** The cluster, connected; asked at each start. */
  readonly cluster: (signal: AbortSignal) => Promise<Cluster>;
  /** Asked at each start. */
  readonly resources: () => KernelResources;
  /** Seconds without a window after which a kernel ends by itself; a day where left out. */
  readonly idleS?: number;
  /** Makes the terminal that shows a kernel; there is none where left out. */
  readonly terminal?: (options: InterpreterOptions, node: string, keys: KernelKeys) => KernelTerminal;
  /** Told of what went wrong beside a cell, such as a picture that could not be fetched. */
  readonly onTrouble?: (error: unknown) => void;
}

const defaultIdleS = 24 * 60 * 60;

/**
 * Starts interpreters on a cluster. One that the session had and that still runs is found again, with its variables.
 */
export function createRemoteInterpreterProvider(parts: RemoteInterpreterProviderParts): InterpreterProvider {
  return {
    async start(options, signal) {
      const cluster = await parts.cluster(signal);
      const { kernel } = options;
      if (kernel?.cluster === cluster.address.dashboard) {
        const found = await new KernelStart({ parts, cluster, options }).join(kernel.name, null, signal);
        if (found !== undefined) {
          return found;
        }
      }
      const name = `kernel-${randomUUID()}`;
      const made = await new KernelStart({ parts, cluster, options }).join(name, creationOf(parts, options), signal);
      if (made === undefined) {
        const message = "The cluster has lost the Python that was just started.";
        throw new AgentError("remote.gone", { name, why: "gone", reason: message }, message);
      }
      options.onKernel?.({ cluster: cluster.address.dashboard, name });
      return made;
    },
  };
}

function creationOf(
  { resources, idleS }: RemoteInterpreterProviderParts,
  { title }: InterpreterOptions,
): KernelCreation {
  const { cpus, gpus, memoryBytes, custom, packages = [] } = resources();
  return {
    title: title.slice(0, 200),
    cpus,
    memoryBytes,
    resources: { ...custom },
    idleS: idleS ?? defaultIdleS,
    gpus: gpus ?? 0,
    ...(packages.length === 0 ? {} : { pip: packages }),
  };
}

/** As it travels. */
function plain({ pip, resources, ...rest }: KernelCreation) {
  return { ...rest, resources: { ...resources }, ...(pip === undefined ? {} : { pip: [...pip] }) };
}

/** One start, or one attempt to find what was started. */
class KernelStart {
  readonly #parts: RemoteInterpreterProviderParts;
  readonly #cluster: Cluster;
  readonly #options: InterpreterOptions;
  readonly #process: KernelProcess;
  readonly #stream: KernelStream;
  readonly #placing = new PendingAnswers<PlaceAnswer>(randomInt(2 ** 40));
  readonly #earlier = Promise.withResolvers<void>();
  #earlierCell: string | null = null;
  #terminal: KernelTerminal | undefined;
  #homecoming: Homecoming | undefined;
  /** What was told of written files before the channel was known to be open. */
  readonly #toldEarly: FolderChanges[] = [];
  /** What it showed before there was a terminal. */
  #shown = "";

  constructor({
    parts,
    cluster,
    options,
  }: {
    readonly parts: RemoteInterpreterProviderParts;
    readonly cluster: Cluster;
    readonly options: InterpreterOptions;
  }) {
    this.#parts = parts;
    this.#cluster = cluster;
    this.#options = options;
    this.#process = new KernelProcess(cluster.link);
    const onTrouble = parts.onTrouble ?? (() => undefined);
    this.#stream = new KernelStream({
      gateway: cluster.gateway,
      outputDirectory: options.outputDirectory,
      onTerminal: (text) => this.#show(text),
      onDone: (cellId) => cellId === this.#earlierCell && this.#earlier.resolve(),
      onPlaced: ({ id, ...answer }) => this.#placing.settle(id, answer),
      onWritten: (changes) =>
        this.#homecoming === undefined ? this.#toldEarly.push(changes) : this.#homecoming.receive(changes),
      onExit: (exit) => this.#process.end(exit),
      onTrouble,
    });
  }

  /** @returns `undefined` where none of that name lives and none is to be made. */
  async join(name: string, create: KernelCreation | null, signal: AbortSignal): Promise<Interpreter | undefined> {
    const channel = this.#cluster.link.open(
      { kind: "kernel", name, create: create === null ? null : plain(create) },
      this.#events(),
    );
    this.#stream.attach(channel);
    const giveUp = (): void => channel.close(create !== null);
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      signal.throwIfAborted();
      const opened = await channel.opened;
      return this.#interpreter(channel, opened, create === null);
    } catch (error) {
      giveUp();
      signal.throwIfAborted();
      if (create === null && AgentError.is(error, "remote.gone")) {
        return undefined;
      }
      throw this.#explained(error);
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  #events(): ChannelEvents {
    return {
      onBody: (body) => this.#stream.receive(body),
      onWaiting: (code, message) => code !== "starting" && this.#options.onWaiting?.(message),
      onResumed: (_opened, { renewed }) => {
        if (renewed) {
          this.#process.lose("Another one has taken its place.");
        }
      },
    };
  }

  #interpreter(channel: RemoteChannel, opened: Opened, isResumed: boolean): Interpreter {
    const about = aboutOf(opened, this.#cluster.address.dashboard);
    const options = this.#options;
    this.#openTerminal(channel, about);
    this.#earlierCell = isResumed ? about.running : null;
    void this.#process.follow(channel, () => this.#stream.settled());
    const hello = helloSchema.parse({ ...about.hello, token: "" });
    const connection = { socket: this.#stream, hello, rest: Buffer.alloc(0) };
    const running = new RunningInterpreter(connection, this.#process, { mode: "off", folders: [] });
    void this.#end(running, channel);
    this.#sayUnheld(about);
    const paths = new KernelPaths(options.workingDirectory, about.workingDirectory);
    const files = new KernelFiles({
      gateway: this.#cluster.gateway,
      paths,
      place: (order, asked) => this.#place(channel, order, asked),
    });
    return new RemoteInterpreter({
      running,
      options,
      paths,
      files,
      homecoming: this.#homecomingOf(channel, about, { running, files }),
      node: about.node,
      isResumed,
      earlierCell:
        this.#earlierCell === null
          ? undefined
          : { ended: this.#earlier.promise, interrupt: () => this.#interruptEarlier(channel) },
      leave: () => channel.close(false),
    });
  }

  /** What was written while no window was there begins to come at once. */
  #homecomingOf(
    channel: RemoteChannel,
    about: KernelAbout,
    { running, files }: { readonly running: RunningInterpreter; readonly files: KernelFiles },
  ): Homecoming {
    const { workingDirectory, outputDirectory, sandbox = "off" } = this.#options;
    const { gateway, link } = this.#cluster;
    const homecoming = new Homecoming({
      gateway,
      workingDirectory,
      outputDirectory,
      sandbox,
      node: about.node,
      folderThere: about.workingDirectory,
      tells: about.written !== undefined,
      link: () => link.state.phase,
      keepTheirs: (path) => files.keepTheirs(path),
      confirm: (id) => channel.post({ brought: id } satisfies ToKernel),
      closed: running.closed,
      goesOn: () => this.#process.goesOn,
    });
    this.#homecoming = homecoming;
    [...(about.written ?? []), ...this.#toldEarly].forEach((changes) => homecoming.receive(changes));
    return homecoming;
  }

  #openTerminal(channel: RemoteChannel, about: KernelAbout): void {
    const post = (body: ToKernel): void => channel.post(body);
    this.#terminal = this.#parts.terminal?.(this.#options, about.node, {
      type: (text) => post({ typed: text }),
      resize: (columns, rows) => post({ size: { columns, rows } }),
    });
    this.#terminal?.write(this.#shown);
    this.#shown = "";
  }

  #show(text: string): void {
    if (this.#terminal === undefined) {
      this.#shown = this.#parts.terminal === undefined ? "" : this.#shown + text;
    } else {
      this.#terminal.write(text);
    }
  }

  async #end(running: RunningInterpreter, channel: RemoteChannel): Promise<void> {
    const reason = await running.closed;
    this.#terminal?.close(reason);
    this.#placing.fail(new AgentError("python.closed", { reason }, reason));
    channel.close(true);
  }

  async #place(channel: RemoteChannel, { files, spread }: PlaceOrder, signal: AbortSignal): Promise<PlaceAnswer> {
    signal.throwIfAborted();
    const { id, answer } = this.#placing.open();
    const body: ToKernel = { place: { id, files: [...files], ...(spread ? { spread } : {}) } };
    channel.post(body);
    return unlessAborted(answer, signal);
  }

  #interruptEarlier(channel: RemoteChannel): void {
    const body: ToKernel = { line: { t: "interrupt", cell: this.#earlierCell, reason: "stop" } };
    channel.post(body);
  }

  #sayUnheld({ node }: KernelAbout): void {
    if ((this.#options.sandbox ?? "off") !== "off") {
      this.#options.onUnheld?.(`It runs on ${node} of the cluster, where nothing holds it.`);
    }
  }

  #explained(error: unknown): unknown {
    if (!AgentError.is(error, "remote.gone")) {
      return error;
    }
    const { why, reason } = error.details;
    const address = this.#cluster.address.dashboard;
    if (why === "packages") {
      const packages = (this.#parts.resources().packages ?? []).join(", ");
      const message = `What the session's Python was to have (${packages}) could not be installed on the cluster at ${address}: ${reason}`;
      return new AgentError("remote.packages", { address, packages, reason }, message, error);
    }
    if (why === "resources") {
      const message = `The cluster cannot give the session's Python what it wants: ${reason}`;
      return new AgentError("remote.resources", { address, reason }, message, error);
    }
    return error;
  }
}

/** @throws AgentError `remote.malformed` */
function aboutOf(opened: Opened, address: string): KernelAbout {
  const about = kernelAboutSchema.safeParse(opened.about).data;
  if (about === undefined) {
    const reason = "what it says of a Python there";
    throw new AgentError(
      "remote.malformed",
      { address, reason },
      `The cluster at ${address}: ${reason} cannot be understood.`,
    );
  }
  return about;
}
