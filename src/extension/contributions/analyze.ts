import { type Disposable, type Uri, l10n } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import { activeUri, clickedUris } from "../platform/clicked-files.ts";
import { diskPath, pickTables } from "../platform/workspace-files.ts";
import { type Contribution, registerCommands } from "./contribution.ts";

/** "Analyze this CSV": from the Explorer, an editor's title, or the palette. */
export const analyze: Contribution = {
  name: "analyze",
  activate: (services): Disposable =>
    registerCommands(services, {
      "byzer.analyzeFile": async (clicked, selected) => {
        const paths = pathsOf(clickedUris(clicked, selected)) ?? activePaths() ?? (await pickTables());
        if (paths.length > 0) {
          void services.problems.guard(() => services.workshop.warmUp());
          void services.problems.guard(() => services.chat.reveal());
          await services.actions.analyze(paths);
        }
      },
    }),
};

/** @throws AgentError `table.not-readable` where a file is not on a disk. */
function pathsOf(uris: readonly Uri[]): readonly string[] | undefined {
  if (uris.length === 0) {
    return undefined;
  }
  return uris.map((uri) => {
    const path = diskPath(uri);
    if (path === undefined) {
      const reason = l10n.t(
        "{0} is not on a disk that Python can reach. Save a copy in a folder first.",
        uri.toString(),
      );
      throw new AgentError("table.not-readable", { path: uri.toString(), reason }, reason);
    }
    return path;
  });
}

function activePaths(): readonly string[] | undefined {
  const uri = activeUri();
  const path = uri === undefined ? undefined : diskPath(uri);
  return path === undefined ? undefined : [path];
}
