import { existsSync } from "node:fs";
import { removeDatabase } from "./index/database.ts";
import { openIndex } from "./open-index.ts";
import { serveIndexes } from "./serve-indexes.ts";

/** The thread that owns the databases on this machine. */
serveIndexes({ open: openIndex, isThere: existsSync, removeClosed: removeDatabase });
