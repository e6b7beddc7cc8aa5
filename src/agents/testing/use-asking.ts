import { afterEach } from "vitest";
import type { ModelRequest } from "../ports/chat-model.ts";
import { type AskingFixture, type AskingOptions, createAsking } from "./asking-fixture.ts";

/** A file of three paragraphs about refunds and holidays. */
export const handbook =
  "# Refunds\n\nRefunds are paid within 14 days. A fee of EUR 20 is charged.\n\nHolidays: 28 days a year.";
/** The same on refunds, with another fee, in Chinese. */
export const chinese = "# 退款\n\n退款将在十四天内支付。手续费为20元，不予退还。";

/** Opens a session that is asked about files; it is disposed of after each test. To be called once in a file of tests. */
export function useAsking(): (options?: AskingOptions) => Promise<AskingFixture> {
  const opened: AskingFixture[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((asking) => asking.dispose()));
  });
  return async (options = {}) => {
    const asking = await createAsking(options);
    opened.push(asking);
    return asking;
  };
}

/** What a model was told last in a request; empty where there was none. */
export function lastMessage(request: ModelRequest | undefined): string {
  return request?.messages.at(-1)?.content ?? "";
}
