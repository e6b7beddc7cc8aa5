import type { ErrorData } from "../base/error-data.ts";
import type { DialectChoice } from "../ports/table-profiler.ts";
import type { TableJoin } from "../protocol/table-join.ts";
import type { TableProfile } from "../protocol/table-profile.ts";

/** A file to profile, as it is sent to the worker. */
export interface ProfileOrder {
  readonly type: "profile";
  readonly id: number;
  readonly path: string;
  readonly sampleRows: number;
  readonly dialect: DialectChoice;
  readonly wantsProgress: boolean;
}

/** Files between which joins are looked for, as they are sent to the worker. */
export interface JoinsOrder {
  readonly type: "joins";
  readonly id: number;
  readonly profiles: readonly TableProfile[];
}

/** What the worker can be told to do. */
export type WorkOrder = ProfileOrder | JoinsOrder;

/** What the worker is told besides: to stop an order, or to go through its work once before somebody waits for it. */
export type WorkNote = { readonly type: "stop"; readonly id: number } | { readonly type: "rehearse" };

/** What the worker answers. Errors travel as data: their class would not survive. */
export type ProfileAnswer =
  | { readonly id: number; readonly type: "progress"; readonly profile: TableProfile; readonly readBytes: number }
  | { readonly id: number; readonly type: "done"; readonly profile: TableProfile }
  | { readonly id: number; readonly type: "joined"; readonly joins: readonly TableJoin[] }
  /** The order was stopped; the worker is free. */
  | { readonly id: number; readonly type: "stopped" }
  | ({ readonly id: number; readonly type: "failed" } & ErrorData);
