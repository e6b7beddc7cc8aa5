import { type ReplyFunction, answer, pass } from "../core/reply.ts";
import type { AttachedFile } from "../protocol/session-state.ts";
import { fileBriefing } from "./briefing.ts";

/** The reply function of `preview_file_agent`: describes the file whose path the metadata names, from its profile. */
export function previewReply(
  files: () => readonly AttachedFile[],
  hasPandas: (signal: AbortSignal) => Promise<boolean>,
): ReplyFunction {
  return {
    name: "preview",
    trigger: (message) => typeof message.metadata["path"] === "string",
    reply: async ({ message, run }) => {
      const index = files().findIndex(({ path }) => path === message.metadata["path"]);
      const file = files()[index];
      if (file === undefined) {
        return pass;
      }

      if (file.profile === null || file.problem !== null) {
        return answer(`${file.name} could not be read: ${file.problem?.message ?? "it has not been profiled"}`);
      }

      return answer(
        fileBriefing(file.profile, { hasPandas: await hasPandas(run.signal), fileNumber: index === 0 ? 0 : index + 1 }),
      );
    },
  };
}
