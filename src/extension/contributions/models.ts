import type { Disposable } from "vscode";
import { Disposables } from "../platform/disposables.ts";
import { onSettingsChange } from "../platform/configuration.ts";
import { type Contribution, registerCommands } from "./contribution.ts";

/** Choosing models, adding endpoints, keys. */
export const models: Contribution = {
  name: "models",
  activate: (services): Disposable => {
    const { catalog, endpoints } = services;
    const owned = new Disposables();
    owned.add(
      registerCommands(services, {
        "byzer.chooseModel": () => endpoints.choose(),
        "byzer.addEndpoint": () => endpoints.add(),
        "byzer.setApiKey": () => endpoints.setKey(),
        "byzer.removeApiKey": () => endpoints.removeKey(),
        "byzer.testConnection": () => endpoints.showTest(),
      }),
    );
    owned.add(
      onSettingsChange(["models.endpoints", "models.discover"], () => {
        void services.problems.guard(() => catalog.refresh());
      }),
    );
    owned.add(
      onSettingsChange(["model", "models.router", "models.reviewer", "models.embedding"], () => catalog.announce()),
    );
    return owned;
  },
};
