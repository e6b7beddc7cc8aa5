import type { Mailbox } from "../core/run.ts";
import type { ConversingParts } from "./conversing-parts.ts";

/** Where agents live that do not live in this process. */
export interface RemoteHomes {
  /** Where an agent receives whose definition says that it lives on a cluster; what it needs of the session comes with it. */
  mailbox(name: string, parts: ConversingParts): Mailbox;
  /** Nothing more comes of the question that a run was opened for. */
  finish(run: string): void;
}
