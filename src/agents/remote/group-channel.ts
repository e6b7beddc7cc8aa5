import * as z from "zod/mini";
import type { BodyChannel } from "../ports/body-channel.ts";
import { groupBodySchema } from "../protocol/remote-group-lines.ts";
import type { ClusterLink } from "./cluster-link.ts";
import type { Opened, RemoteChannel } from "./link-channel.ts";

/** Which part of a cluster a host of agents is given. */
export interface GroupCreation {
  /** For people. */
  readonly title: string;
  readonly cpus: number;
  /** 0 for no limit. */
  readonly memoryBytes: number;
  /** Seconds without a window and without work after which it ends by itself; 0: never. */
  readonly idleS: number;
}

export interface GroupChannelOptions {
  readonly link: ClusterLink;
  /** Unique on the cluster: letters, figures, `-`, `_` and `.`. */
  readonly name: string;
  readonly create: GroupCreation;
  /** Whether a body is written down on its way, so that a host that takes another's place knows it. */
  readonly isWrittenDown: (body: unknown) => boolean;
  /** Told what a host printed last that ended by itself and was started again. */
  readonly onRestart: (tail: string) => void;
  readonly onWaiting?: (reason: string) => void;
  /** Told where it lives, at first and whenever it was found again. */
  readonly onOpened?: (where: { readonly node: string }) => void;
}

/**
 * Opens the host of a group on a cluster; one that lives there already is found again.
 *
 * @throws AgentError `remote.gone`, `remote.resources`, `remote.closed`
 */
export async function openGroupChannel(options: GroupChannelOptions, signal: AbortSignal): Promise<BodyChannel> {
  const { link, name, create, isWrittenDown, onRestart, onWaiting, onOpened } = options;
  const listeners = new Set<(body: unknown) => void>();
  const early: unknown[] = [];
  const ended = Promise.withResolvers<string>();
  const tell = (body: unknown): void => {
    if (listeners.size === 0) {
      early.push(body);
    } else {
      listeners.forEach((listener) => listener(body));
    }
  };
  const channel: RemoteChannel = link.open(
    { kind: "group", name, create: { ...create } },
    {
      onBody: (given) => {
        const body = groupBodySchema.parse(given);
        if ("line" in body) {
          tell(body.line);
        } else if ("passing" in body) {
          // What had passed when its host was lost is gone.
          if (body.passing !== null) {
            tell(body.passing);
          }
        } else if ("restarted" in body) {
          onRestart(body.restarted.tail);
        } else {
          ended.resolve(body.exited.tail === "" ? "its program ended too often" : body.exited.tail);
        }
      },
      onWaiting: (_code, message) => onWaiting?.(message),
      onResumed: (opened) => onOpened?.(whereIs(opened)),
    },
  );
  const giveUp = (): void => channel.close(false);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    signal.throwIfAborted();
    onOpened?.(whereIs(await channel.opened));
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", giveUp);
  }

  void channel.ended.then(({ message }) => ended.resolve(message));
  return {
    send: (body) => channel.post(isWrittenDown(body) ? { line: body } : { passing: body }),
    onBody: (listener) => {
      listeners.add(listener);
      early.splice(0).forEach((body) => listener(body));
      return () => listeners.delete(listener);
    },
    leave: (end) => channel.close(end),
    closed: ended.promise,
  };
}

const aboutSchema = z.object({ node: z.string() });

function whereIs({ about }: Opened): { readonly node: string } {
  return { node: aboutSchema.safeParse(about).data?.node ?? "" };
}
