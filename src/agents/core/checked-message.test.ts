import { describe, expect, test } from "vitest";
import { createTown, messageTo, says } from "../testing/core-fixture.ts";
import { checkedMessage, longestMessage } from "./checked-message.ts";

const broken = (fields: object) => ({ ...messageTo("bot"), ...fields });

describe("a message", () => {
  test("that is as it should be is carried as it is, and nobody reaches into what another keeps", () => {
    const list = [1, "a", null, { deep: true }];
    const message = messageTo("bot", { metadata: { list }, inReplyTo: "x" });
    const carried = checkedMessage(message);
    expect(carried).toEqual(message);
    expect(carried.metadata["list"]).not.toBe(list);
  });

  test.each<[string, object]>([
    ["a number as its text", { content: 1 }],
    ["no metadata", { metadata: null }],
    ["a function in its metadata", { metadata: { run: () => 1 } }],
    ["a date in its metadata", { metadata: { at: new Date() } }],
    ["no number in its metadata", { metadata: { count: Number.NaN } }],
    ["a list as metadata", { metadata: [1] }],
    ["a number as what it answers", { inReplyTo: 5 }],
  ])("with %s is refused", (_what, fields) => {
    expect(() => checkedMessage(broken(fields))).toThrow();
  });

  test("loses what does not belong there", () => {
    expect(checkedMessage(broken({ tool: () => 1 }))).not.toHaveProperty("tool");
  });

  test("that lies deep is read by the schema", () => {
    let metadata: object = { leaf: 1 };
    for (let depth = 0; depth < 20; depth += 1) {
      metadata = { metadata };
    }

    expect(checkedMessage(broken({ metadata })).metadata).toEqual(metadata);
  });

  test.each([
    ["text", { content: "x".repeat(longestMessage + 1) }],
    ["metadata", { metadata: { code: ["x".repeat(longestMessage)] } }],
  ])("with too much %s is refused, with the way out", (_what, fields) => {
    expect(() => checkedMessage(broken(fields))).toThrow(
      expect.objectContaining({ code: "agent.too-large", message: expect.stringContaining("write a file") }),
    );
  });
});

test("an answer of 50 million characters ends the run with a clear error, and the next one is answered", async () => {
  const town = createTown();
  const user = town.add({ name: "user" });
  town.add({ name: "bot", replies: [says(({ message }) => message.content.repeat(10_000_000))] });
  await expect(user.send(town.run, "bot", "words")).rejects.toMatchObject({
    code: "agent.too-large",
    message: expect.stringContaining("bot wanted to send user 50.0 million characters, and 10.0 million are the most."),
  });
  expect((await user.send(town.open(), "bot", "w"))?.content).toHaveLength(longestMessage);
});
