import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod/mini";
import { AgentError } from "../base/errors.ts";
import { messageSchema } from "../protocol/message.ts";
import { clusterAddress } from "../remote/cluster-address.ts";
import type { OpenSession, SessionStore } from "../sessions/session-store.ts";
import type { ClusterFlags } from "./cluster-flags.ts";

const owedSchema = z.object({ run: z.string(), message: messageSchema, sessionId: z.string(), turnId: z.string() });
const spaceSchema = z.object({ session: z.nullable(z.string()), owed: z.array(owedSchema) });

/** An answer of an agent on a cluster that was still to come when it was noted, and the turn it belongs to. */
export type OwedToSpace = z.infer<typeof owedSchema>;

/** More than these nobody has under way; older ones are not asked for any more. */
const mostOwed = 50;

/** The name under which agents on a cluster are found again by later commands, and what this machine keeps of them. */
export class KeptSpace {
  readonly name: string;
  readonly #path: string;
  #kept: z.infer<typeof spaceSchema>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(name: string, path: string, kept: z.infer<typeof spaceSchema>) {
    this.name = name;
    this.#path = path;
    this.#kept = kept;
  }

  /** @param folder Of the sessions. @param dashboard Address of the cluster's dashboard. */
  static async open(folder: string, name: string, dashboard: string): Promise<KeptSpace> {
    const key = createHash("sha256").update(`${name}\n${dashboard}`).digest("hex").slice(0, 32);
    const path = join(folder, ".ray", `${key}.json`);
    return new KeptSpace(name, path, await read(path));
  }

  /** Answers that are owed to earlier commands. */
  get owed(): readonly OwedToSpace[] {
    return this.#kept.owed;
  }

  async keep(owed: OwedToSpace): Promise<void> {
    await this.#write({ owed: [...this.#without(owed.message.id), owed].slice(-mostOwed) });
  }

  /** It has come, or nobody wants it any more. */
  async forget(messageId: string): Promise<void> {
    await this.#write({ owed: this.#without(messageId) });
  }

  /**
   * Opens the conversation of this space, or begins it.
   *
   * @throws AgentError `session.elsewhere` while another command goes on with it.
   */
  async conversation(store: SessionStore, title: string): Promise<OpenSession> {
    const { session } = this.#kept;
    const opened =
      session === null ? undefined : await store.open(session).catch((error: unknown) => this.#missed(error));
    if (opened !== undefined) {
      return opened;
    }
    const begun = await store.create(title);
    await this.#write({ session: begun.log.id });
    return begun;
  }

  #missed(error: unknown): undefined {
    if (AgentError.is(error, "session.elsewhere")) {
      const text = `Another command speaks with the agents of "${this.name}" right now. Wait for its end, or give another name with --ray-space.`;
      throw new AgentError("session.elsewhere", error.details, text, error);
    }
    if (AgentError.is(error, "session.unknown")) {
      return undefined;
    }
    throw error;
  }

  #without(messageId: string): OwedToSpace[] {
    return this.#kept.owed.filter(({ message }) => message.id !== messageId);
  }

  async #write(part: Partial<z.infer<typeof spaceSchema>>): Promise<void> {
    this.#kept = { ...this.#kept, ...part };
    const text = JSON.stringify(this.#kept);
    this.#writing = this.#after(this.#writing, text);
    await this.#writing;
  }

  async #after(before: Promise<void>, text: string): Promise<void> {
    await before;
    await mkdir(dirname(this.#path), { recursive: true });
    await writeFile(`${this.#path}.new`, text, { mode: 0o600 });
    await rename(`${this.#path}.new`, this.#path);
  }
}

/**
 * The space that `--ray-space` names, else `BYZER_RAY_SPACE`; `undefined` where agents end with their command.
 *
 * @throws AgentError `cli.usage` for a space without a cluster
 */
export async function commandSpace(flags: ClusterFlags, sessions: string): Promise<KeptSpace | undefined> {
  const named = flags["ray-space"]?.trim();
  if (flags.ray === undefined) {
    if (named === undefined) {
      return undefined;
    }
    const text = "--ray-space names agents that live on a cluster: say which cluster, with --ray ADDRESS.";
    throw new AgentError("cli.usage", { argument: "--ray-space" }, text);
  }
  const name = named ?? process.env["BYZER_RAY_SPACE"]?.trim() ?? "";
  const { dashboard } = clusterAddress(flags.ray, flags["ray-serve"]);
  return name === "" ? undefined : await KeptSpace.open(sessions, name, dashboard);
}

async function read(path: string): Promise<z.infer<typeof spaceSchema>> {
  try {
    return spaceSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    // There is none yet, or it is damaged: a new conversation begins.
    return { session: null, owed: [] };
  }
}
