import type { PackageCare, PackageRequest } from "../ports/package-care.ts";
import { installInPlace, packagePlace } from "../python/install-in-place.ts";
import type { CommandStreams } from "./command-streams.ts";

export interface CommandPackagesOptions {
  /** `--yes`: well-known packages are installed without asking. */
  readonly yes: boolean;
  readonly streams: CommandStreams;
  /** Where the command line keeps an environment of its own. */
  readonly managedFolder: string;
  /** Makes another Python run code from the next start on. */
  readonly use: (executable: string) => void;
}

/** Packages on a command line: asked for at the terminal; a name that is not well known is asked for by itself, always. */
export function commandPackages({ yes, streams, managedFolder, use }: CommandPackagesOptions): PackageCare {
  const environment = process.env;
  const onProgress = (line: string): void => streams.err(`${line}\n`);
  return {
    place: ({ executable }, signal) => packagePlace({ executable, environment, managedFolder }, signal),
    ask: async (request, signal) => {
      if (yes && request.package.known) {
        return { decision: "install", how: "command-line" };
      }

      if (streams.ask === undefined) {
        streams.err(`${refusal(request)}\n`);
        return { decision: "skip", how: "command-line" };
      }

      const isYes = await (request.package.known ? askKnown : askUnknown)(request, streams.ask, signal);
      return { decision: isYes ? "install" : "skip", how: "person" };
    },
    install: async ({ name, place, info }, signal) => {
      const { executable } = info;
      const placed = await installInPlace({ name, place, executable, environment, onProgress }, signal);
      if (placed.executable !== executable) {
        use(placed.executable);
      }

      return placed;
    },
  };
}

type Ask = NonNullable<CommandStreams["ask"]>;

async function askKnown({ package: { name }, place }: PackageRequest, ask: Ask, signal: AbortSignal): Promise<boolean> {
  const reply = await ask(
    `${name} is not installed. Install it into ${place.folder} and run again? [y]es, [n]o: `,
    signal,
  );
  return /^(?:y|j|是|好)/i.test(reply);
}

/** The name itself is the yes: it has to be looked at. */
async function askUnknown(request: PackageRequest, ask: Ask, signal: AbortSignal): Promise<boolean> {
  const { name } = request.package;
  const question = `${warning(request)}\nTo install it all the same into ${request.place.folder}, type its name; Enter goes without: `;
  return (await ask(question, signal)).trim() === name;
}

function warning({ package: { name, similar } }: PackageRequest): string {
  const hint = similar === null ? "" : ` It resembles ${similar}.`;
  return `${name} is not installed, and it is not a well-known package: the model may have made the name up, and somebody may have published harmful code under it.${hint}`;
}

function refusal(request: PackageRequest): string {
  return request.package.known
    ? `${request.package.name} is not installed, and nobody is there to ask. With --yes it is installed.`
    : `${warning(request)} It is installed only where somebody at a terminal says so.`;
}
