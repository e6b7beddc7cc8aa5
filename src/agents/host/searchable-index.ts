import type { AgentError } from "../base/errors.ts";
import type { ThreadedPassageIndex } from "../retrieval/passage-index.ts";
import type { CommandStreams } from "./command-streams.ts";
import { indexAddress, indexFolder } from "./index-folder.ts";
import { openPassageIndex } from "./open-passage-index.ts";

/** Which index the options of a command mean. */
interface IndexValues {
  readonly index?: string | undefined;
  readonly "index-url"?: string | undefined;
}

/** Opens the index that a command searches; one that it may not write is searched as it stands, which is said. */
export function searchableIndex(values: IndexValues, streams: CommandStreams): ThreadedPassageIndex {
  const say = ({ message }: AgentError): void => streams.err(`${message} It is searched as it stands.\n`);
  return openPassageIndex({
    folder: indexFolder(values.index),
    url: indexAddress(values["index-url"]),
    onReadOnly: say,
    onUnwritable: say,
  });
}
