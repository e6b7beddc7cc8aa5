import { readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { AgentError } from "../base/errors.ts";
import { isAlive } from "../base/is-alive.ts";

const lockSchema = z.object({ pid: z.number() });

/** How often an owner says that it is still there, milliseconds. */
const signOfLifeMs = 5_000;
/** After so long without a sign, the process of that number is somebody else, milliseconds. */
const staleMs = 60_000;

/**
 * Takes a session for this process. A lock left by a process that is gone is taken over, and so is one whose owner has
 * not been heard of for a minute: numbers of processes are used again.
 *
 * @returns What gives it back. @throws AgentError `session.elsewhere` while another process has it open.
 */
export async function lockSession(folder: string, sessionId: string): Promise<() => Promise<void>> {
  const path = join(folder, "lock.json");
  const content = JSON.stringify({ pid: process.pid });
  try {
    // Of two windows that come at the same time, one makes the file.
    await writeFile(path, content, { flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) {
      throw error;
    }

    const owner = await ownerOf(path);
    if (owner !== undefined && owner !== process.pid && isAlive(owner) && (await isFresh(path))) {
      throw new AgentError(
        "session.elsewhere",
        { sessionId, pid: owner },
        "This session is open in another window. Go on there, close it there, or start a new session here.",
      );
    }

    await writeFile(path, content);
  }

  const signs = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => clearInterval(signs));
  }, signOfLifeMs);
  signs.unref();
  return async () => {
    clearInterval(signs);
    if ((await ownerOf(path)) === process.pid) {
      await rm(path, { force: true });
    }
  };
}

async function ownerOf(path: string): Promise<number | undefined> {
  try {
    return lockSchema.parse(JSON.parse(await readFile(path, "utf8"))).pid;
  } catch {
    return undefined;
  }
}

async function isFresh(path: string): Promise<boolean> {
  const { mtimeMs } = await stat(path);
  return Date.now() - mtimeMs < staleMs;
}
