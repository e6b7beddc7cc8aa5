import * as z from "zod/mini";

/** Version of the frames below; the first frame of either side says it, and another one is refused. */
export const remoteLinkVersion = 1;

/**
 * A message of the WebSocket carries one frame or several, each on a line of its own: no frame has the sign in it, since JSON
 * escapes it. `hello`, and what answers it, come alone.
 */
export const frameSeparator = "\n";

/** The largest frames that a gateway takes and sends, bytes of their JSON. What is larger goes as a blob. */
export const toGatewayLimitBytes = 16 * 1024 * 1024;
export const fromGatewayLimitBytes = 32 * 1024 * 1024;

const countSchema = z.int().check(z.gte(0));
/** Of a body, counted from 1: by each window on its own, and by each epoch of a target. */
const sequenceSchema = z.int().check(z.gte(1));
const codeSchema = z.string().check(z.minLength(1), z.maxLength(64));
const channelSchema = z.string().check(z.minLength(1), z.maxLength(200));
const nameSchema = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,120}$/));

/** Whatever JSON can say. It came out of a parser, so its parts are not looked at again. */
const bodySchema = z.custom((value) => value !== undefined, "a body is missing");

/** What a channel leads to. `create`: how it is made where none of that name lives; `null`: only one that lives. */
const targetSchema = z.object({
  kind: nameSchema,
  name: nameSchema,
  create: z.nullable(z.record(z.string(), z.json())),
});
export type RemoteTarget = z.infer<typeof targetSchema>;

const dataSchema = z.object({ t: z.literal("data"), channel: channelSchema, seq: sequenceSchema, body: bodySchema });
/** All bodies up to `seq` have arrived. */
const ackSchema = z.object({ t: z.literal("ack"), channel: channelSchema, seq: countSchema });
const pingSchema = z.object({ t: z.literal("ping"), n: z.int() });
/** Answers a ping of the same number. */
const pongSchema = z.object({ t: z.literal("pong"), n: z.int() });

/** What a window says to the gateway of a cluster, as one text frame each. `hello` comes first. */
export const toGatewaySchema = z.discriminatedUnion("t", [
  /** `window` stays the same for as long as the window remembers what it has sent; a second link of it replaces the first. */
  z.object({
    t: z.literal("hello"),
    v: z.literal(remoteLinkVersion),
    token: z.string().check(z.minLength(1), z.maxLength(200)),
    window: nameSchema,
  }),
  /** `epoch` and `received`: what this window has of the target; `null` and 0 for nothing. */
  z.object({
    t: z.literal("open"),
    channel: channelSchema,
    target: targetSchema,
    epoch: z.optional(z.nullable(nameSchema)),
    received: countSchema,
  }),
  /** The window leaves the channel. `end`: the child is to end, too. */
  z.object({ t: z.literal("close"), channel: channelSchema, end: z.boolean() }),
  dataSchema,
  ackSchema,
  pingSchema,
  pongSchema,
]);
export type ToGateway = z.infer<typeof toGatewaySchema>;

const serverSchema = z.object({ version: z.string(), ray: z.string(), python: z.string() });
/** What runs at the other end of a link: the version of our package, of Ray, and of Python. */
export type RemoteServer = z.infer<typeof serverSchema>;

const reasonSchema = z.object({ code: codeSchema, message: z.string() });
/**
 * Why a channel has ended: `taken`, `gone`, `ended`, `exited`, `lost`, `resources`, `refused`, `failed`; and a sentence.
 */
export type ChannelEnd = z.infer<typeof reasonSchema>;

/** What a gateway says to a window. `welcome` or `refused` comes first. */
export const fromGatewaySchema = z.discriminatedUnion("t", [
  z.object({ t: z.literal("welcome"), v: z.literal(remoteLinkVersion), server: serverSchema }),
  /** The link ends: `token`, `version`, `hello`, `busy`, `replaced`. */
  z.object({ t: z.literal("refused"), code: codeSchema, message: z.string() }),
  /** The target is not there yet: `starting`, `resources`. Said again while that lasts. */
  z.object({ t: z.literal("waiting"), channel: channelSchema, code: codeSchema, message: z.string() }),
  /**
   * `epoch`: of the target; where it is not the one that the window named, the target knows nothing of before.
   * `received`: the last body of this window that has arrived. `next`: number of the first body that comes now; what lies
   * between it and what the window has is lost to it. `fresh`: it knows nothing of what this window had before.
   */
  z.object({
    t: z.literal("opened"),
    channel: channelSchema,
    epoch: nameSchema,
    received: countSchema,
    next: sequenceSchema,
    fresh: z.boolean(),
    about: z.record(z.string(), z.json()),
  }),
  z.object({ t: z.literal("closed"), channel: channelSchema, reason: reasonSchema }),
  dataSchema,
  ackSchema,
  pingSchema,
  pongSchema,
]);
export type FromGateway = z.infer<typeof fromGatewaySchema>;

const toGatewayKinds: ReadonlySet<string> = new Set(["hello", "open", "close", "data", "ack", "ping", "pong"]);
const fromGatewayKinds: ReadonlySet<string> = new Set([
  "welcome",
  "refused",
  "waiting",
  "opened",
  "closed",
  "data",
  "ack",
  "ping",
  "pong",
]);

const kindSchema = z.looseObject({ t: z.string() });

/**
 * Reads a frame of a gateway. @returns `null` for a kind that this version does not know, which is passed over.
 *
 * @throws Error for what is no frame that a gateway may send.
 */
export function readFromGateway(text: string): FromGateway | null {
  const value: unknown = JSON.parse(text);
  const known = fromGatewaySchema.safeParse(value);
  return known.success ? known.data : passOver(value, fromGatewayKinds, known.error);
}

/**
 * Reads a frame of a window. @returns `null` for a kind that this version does not know, which is passed over.
 *
 * @throws Error for what is no frame that a window may send.
 */
export function readToGateway(text: string): ToGateway | null {
  const value: unknown = JSON.parse(text);
  const known = toGatewaySchema.safeParse(value);
  return known.success ? known.data : passOver(value, toGatewayKinds, known.error);
}

function passOver(value: unknown, kinds: ReadonlySet<string>, error: Error): null {
  const kind = kindSchema.safeParse(value);
  if (!kind.success || kinds.has(kind.data.t)) {
    throw error;
  }
  return null;
}
