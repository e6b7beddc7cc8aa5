import type { Disposable } from "vscode";
import { type Contribution, registerCommands } from "./contribution.ts";

/** The log, and what agents say to each other. */
export const logs: Contribution = {
  name: "logs",
  activate: (services): Disposable =>
    registerCommands(services, {
      "byzer.showLog": () => services.log.show(),
      "byzer.showTranscript": () => services.transcript.show(services.desk.shown),
    }),
};
