import type { KeptTexts } from "./memory-folder.ts";
import type { SessionsReading } from "./read-sessions.ts";
/** Reads sessions in a thread that ends with its work, so that nobody waits while they are taken apart. @param program the thread's */
export declare function readInThread(program: URL, reading: SessionsReading): Promise<KeptTexts>;
