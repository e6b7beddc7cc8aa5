import type { DialectChoice } from "../ports/table-profiler.ts";
import type { TableProfile } from "../protocol/table-profile.ts";

/** A file to profile, as it is sent to the worker. */
export interface ProfileOrder {
  readonly id: number;
  readonly path: string;
  readonly sampleRows: number;
  readonly dialect: DialectChoice;
  readonly wantsProgress: boolean;
}

/** What the worker answers. Errors travel as data: their class would not survive. */
export type ProfileAnswer =
  | { readonly id: number; readonly type: "progress"; readonly profile: TableProfile; readonly readBytes: number }
  | { readonly id: number; readonly type: "done"; readonly profile: TableProfile }
  | {
      readonly id: number;
      readonly type: "failed";
      /** An error code, or `null` for a fault of the program. */
      readonly code: string | null;
      readonly details: unknown;
      readonly message: string;
      readonly stack: string;
    };
