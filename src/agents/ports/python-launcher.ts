/** A program to start, without a shell. */
export interface LaunchRequest {
  readonly title: string;
  /** The session that it runs for. */
  readonly sessionId?: string;
  readonly executable: string;
  readonly args: readonly string[];
  /** Added to an environment that holds no keys. */
  readonly env: { readonly [name: string]: string };
  readonly workingDirectory: string;
}

/** A started program. */
export interface LaunchedProcess {
  readonly place: "terminal" | "process" | "cluster";
  /** Sends the interrupt that Ctrl-C sends. */
  interrupt(): void;
  kill(): void;
  /** Resolves when it is gone, with the exit code where one is known. */
  readonly exited: Promise<number | undefined>;
  /** What it printed outside the protocol, newest last, for explaining a failed start; empty for a terminal. */
  readonly tail: () => string;
  /** Whether what is said to it reaches it now: on a cluster a link may be cut for a while. Always where left out. */
  readonly isReachable?: () => boolean;
  /** Why it has gone, in plain words, where more is known than its exit code. */
  readonly explanation?: () => string | undefined;
}

/** Starts programs: in an integrated terminal, or as child processes. */
export interface PythonLauncher {
  launch(request: LaunchRequest): Promise<LaunchedProcess>;
}
