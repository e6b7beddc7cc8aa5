import { type ReplyFunction, answer, pass } from "../core/reply.ts";
import type { InterpreterInfo } from "../ports/interpreter.ts";
import type { Session } from "../protocol/session-state.ts";
import type { TableJoin } from "../protocol/table-join.ts";
import { fileBriefing } from "./briefing.ts";
import type { TableRoom } from "./table-room.ts";
import { type RoomNotice, roomNotice } from "./table-way.ts";

/** What the Python of a session can read with; `packages` by import name. */
export interface ReadingMeans {
  readonly hasPandas: boolean;
  readonly packages: readonly string[];
  readonly room?: TableRoom;
}

/** What a running Python can read with. */
export function readingMeans({ packages, memoryBytes, place }: InterpreterInfo): ReadingMeans {
  const names = Object.keys(packages);
  const means = { hasPandas: names.includes("pandas"), packages: names };
  return memoryBytes === undefined
    ? means
    : { ...means, room: { memoryBytes, place: place === "cluster" ? "cluster" : "here" } };
}

/** The reply function of `preview_file_agent`: describes the file whose path the metadata names, from its profile. */
export function previewReply(
  session: () => Pick<Session, "files" | "joins" | "turns">,
  means: (signal: AbortSignal) => Promise<ReadingMeans>,
): ReplyFunction {
  return {
    name: "preview",
    trigger: (message) => typeof message.metadata["path"] === "string",
    reply: async ({ message, run }) => {
      const { files, joins, turns } = session();
      const index = files.findIndex(({ path }) => path === message.metadata["path"]);
      const file = files[index];
      if (file === undefined) {
        return pass;
      }

      const isRead = file.profile !== null && file.problem === null;
      const has = isRead ? await means(run.signal) : noMeans;
      const notice = file.profile === null || !isRead ? null : roomNotice(file.profile, has);
      if (notice !== null && !isTold(turns, notice)) {
        run.emit({ type: "notice", severity: "warning", ...notice });
      }

      return answer(fileDescription({ files, joins }, index, has));
    },
  };
}

/** A fact of the file and the machine is told once in a session, and again where it has changed. */
function isTold(turns: Session["turns"], { code, values }: RoomNotice): boolean {
  const told = turns
    .flatMap(({ blocks }) => blocks)
    .findLast((block) => block.kind === "notice" && block.code === code && block.values["file"] === values.file);
  return told?.kind === "notice" && told.values["way"] === values.way && told.values["has"] === values.has;
}

const noMeans: ReadingMeans = { hasPandas: false, packages: [] };

/** What agents are told of a file: from its profile; that it could not be read, where there is none. */
export function fileDescription(
  { files, joins }: Pick<Session, "files" | "joins">,
  index: number,
  means: ReadingMeans,
): string {
  const file = files[index];
  if (file === undefined) {
    return "";
  }

  if (file.profile === null || file.problem !== null) {
    return `${file.name} could not be read: ${file.problem?.message ?? "it has not been profiled"}`;
  }

  const earlier = new Set(files.slice(0, index).map(({ path }) => path));
  return fileBriefing(file.profile, {
    ...means,
    fileNumber: index === 0 ? 0 : index + 1,
    check: file.check,
    joins: joinsWithEarlier(joins, file.path, earlier),
  });
}

/** A join is told once, with the later of its two files. */
function joinsWithEarlier(
  joins: readonly TableJoin[],
  path: string,
  earlier: ReadonlySet<string>,
): readonly TableJoin[] {
  return joins.filter(
    ({ left, right }) =>
      (left.path === path && earlier.has(right.path)) || (right.path === path && earlier.has(left.path)),
  );
}
