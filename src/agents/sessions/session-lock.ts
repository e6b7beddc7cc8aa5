import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { AgentError } from "../base/errors.ts";

const lockSchema = z.object({ pid: z.number() });

/**
 * Takes a session for this process. A lock left by a process that is gone is taken over.
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
    if (owner !== undefined && owner !== process.pid && isAlive(owner)) {
      throw new AgentError(
        "session.elsewhere",
        { sessionId, pid: owner },
        "This session is open in another window. Go on there, close it there, or start a new session here.",
      );
    }

    await writeFile(path, content);
  }

  return async () => {
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

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
