import type { Disposable } from "vscode";
import { Disposables } from "../platform/disposables.ts";
import { onSettingsChange } from "../platform/configuration.ts";
import { type Contribution, registerCommands } from "./contribution.ts";

/** The index: its state, its commands, and the views of what it cites. */
export const retrieval: Contribution = {
  name: "retrieval",
  activate: (services): Disposable => {
    const { index, indexActions, leftOut, pdf, problems, texts } = services;
    const owned = new Disposables();
    owned.add(leftOut.register());
    owned.add(texts.register());
    owned.add(pdf.register());
    owned.add(
      registerCommands(services, {
        "byzer.manageIndex": () => indexActions.manage(),
        "byzer.rebuildIndex": () => indexActions.rebuild(),
        "byzer.deleteIndex": () => indexActions.delete(),
      }),
    );
    owned.add(
      onSettingsChange(["index.url", "index.maxFiles"], () => {
        void problems.guard(() => index.restart());
      }),
    );
    return owned;
  },
};
