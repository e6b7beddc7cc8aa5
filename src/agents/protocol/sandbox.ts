import * as z from "zod/mini";

/**
 * What holds code that runs. `off`: nothing; `workspace`: it writes in the workspace and the session's folder only and
 * cannot read where keys are kept; `strict`: it writes in the session's folder only, and has no network either.
 */
export const sandboxModeSchema = z.enum(["off", "workspace", "strict"]);
export type SandboxMode = z.infer<typeof sandboxModeSchema>;
