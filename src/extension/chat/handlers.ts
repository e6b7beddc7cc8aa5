import type { RequestHandlers } from "../../agents/protocol/page.ts";
import type { Services } from "../services.ts";
import { editorHandlers } from "./editor-handlers.ts";
import { modelHandlers } from "./model-handlers.ts";
import type { PageFeed } from "./page-feed.ts";
import { placeHandlers } from "./place-handlers.ts";
import { sessionHandlers } from "./session-handlers.ts";
import { sourceHandlers } from "./source-handlers.ts";

/** Everything that the page may ask. */
export function createHandlers(services: Services, feed: PageFeed): RequestHandlers {
  return {
    ...feed.handlers,
    ...sessionHandlers(services),
    ...sourceHandlers(services),
    ...modelHandlers(services),
    ...placeHandlers(services),
    ...editorHandlers(services),
  };
}
