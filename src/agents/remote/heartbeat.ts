/** After so much silence the other side is asked for a sign of life, milliseconds. */
export const pingAfterMs = 1000;
/** After so much silence the connection counts as lost, milliseconds: the person is told within three seconds. */
export const silenceLimitMs = 2700;
const tickMs = 200;

/** Watches whether the other side of a connection lives. */
export interface Heartbeat {
  /** Something came. */
  heard(): void;
  stop(): void;
}

/** What a heartbeat does. */
export interface HeartbeatActions {
  /** Asks for a sign of life. @param n Another number each time. */
  readonly ping: (n: number) => void;
  /** Called once, when none came. */
  readonly silent: () => void;
  /** Milliseconds of a clock that only goes forward; for tests. */
  readonly now?: () => number;
}

/** Starts to watch. Time in which this process itself did nothing is not held against the other side. */
export function startHeartbeat({ ping, silent, now = () => performance.now() }: HeartbeatActions): Heartbeat {
  let heardAt = now();
  let tickedAt = heardAt;
  let pinged = 0;
  let pingedAt = Number.NEGATIVE_INFINITY;
  const timer = setInterval(() => {
    const at = now();
    heardAt += Math.max(0, at - tickedAt - 2 * tickMs);
    tickedAt = at;
    const silence = at - heardAt;
    if (silence >= silenceLimitMs) {
      clearInterval(timer);
      silent();
    } else if (silence >= pingAfterMs && at - pingedAt >= pingAfterMs) {
      pingedAt = at;
      ping((pinged += 1));
    }
  }, tickMs);
  timer.unref();
  return {
    heard: () => {
      heardAt = Math.max(heardAt, now());
    },
    stop: () => clearInterval(timer),
  };
}
