import { stripVTControlCharacters } from "node:util";
import type { LaunchedProcess } from "../ports/python-launcher.ts";
import type { ChannelEnd } from "../protocol/remote-link.ts";
import type { KernelExit, ToKernel } from "../protocol/remote-kernel.ts";
import type { ClusterLink } from "./cluster-link.ts";
import type { RemoteChannel } from "./link-channel.ts";

/** How long a kernel that is told to end may take to say that it has, milliseconds. */
const killGraceMs = 5000;

/** The process of a kernel, as far as a window knows it through its channel. */
export class KernelProcess implements LaunchedProcess {
  readonly place = "cluster";
  readonly exited: Promise<number | undefined>;
  readonly #link: ClusterLink;
  readonly #resolveExited: (code: number | undefined) => void;
  #channel: RemoteChannel | undefined;
  #exit: KernelExit | undefined;
  #end: ChannelEnd | undefined;

  constructor(link: ClusterLink) {
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    this.exited = promise;
    this.#resolveExited = resolve;
    this.#link = link;
  }

  /** The channel that leads to it; to be called once. @param settled Resolves when all that it said has been dealt with. */
  async follow(channel: RemoteChannel, settled: () => Promise<void>): Promise<void> {
    this.#channel = channel;
    const end = await channel.ended;
    this.#end ??= end;
    await settled();
    this.#resolveExited(exitCodeOf(this.#exit));
  }

  /** It has told its end. */
  end(exit: KernelExit): void {
    this.#exit = exit;
    this.#resolveExited(exitCodeOf(exit));
  }

  /** It was made anew behind our back, so that what ran in it is lost. */
  lose(message: string): void {
    this.#end ??= { code: "lost", message };
    this.#resolveExited(undefined);
  }

  interrupt(): void {
    const body: ToKernel = { signal: "interrupt" };
    this.#channel?.post(body);
  }

  kill(): void {
    const body: ToKernel = { signal: "kill" };
    this.#channel?.post(body);
    this.#channel?.close(true);
    // What cannot be told now is told over the next link; nobody waits here for as long.
    setTimeout(() => this.#resolveExited(undefined), this.isReachable() ? killGraceMs : 0).unref();
  }

  isReachable(): boolean {
    return this.#link.state.phase === "up";
  }

  /** Whether it has gone on without this window, as far as is known. */
  get goesOn(): boolean {
    return this.#end?.code === "left" || this.#end?.code === "taken";
  }

  tail(): string {
    return stripVTControlCharacters(this.#exit?.tail ?? "").replaceAll("\r", "");
  }

  explanation(): string | undefined {
    if (this.#exit?.reason === "memory") {
      return "Python was ended on the cluster because the machine ran out of memory. Its variables are lost.";
    }
    if (this.#exit !== undefined) {
      return undefined;
    }
    const end = this.#end;
    switch (end?.code) {
      case "left":
        return "This window has left the session's Python, which goes on for as long as the cluster runs.";
      case "taken":
        return "Another window has taken over this session's Python on the cluster.";
      case "ended":
        return "This session's Python on the cluster was ended. Its variables are lost.";
      case "lost":
      case "gone":
        return `The cluster has lost this session's Python: ${end.message} Its variables are lost.`;
      case undefined:
        return undefined;
      default:
        return end?.message;
    }
  }
}

/** As shells tell it: 128 and the number of a signal. */
function exitCodeOf(exit: KernelExit | undefined): number | undefined {
  if (exit === undefined || exit.code === null) {
    return undefined;
  }
  return exit.code < 0 ? 128 - exit.code : exit.code;
}
