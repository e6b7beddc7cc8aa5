import { describe, expect, test } from "vitest";
import { type Town, createTown, messageTo, says } from "../testing/core-fixture.ts";
import { terminating } from "./agent.ts";
import { type GroupChatOptions, groupChatReply } from "./group-chat.ts";
import { type ReplyFunction, answer, silence } from "./reply.ts";

function chat(options: Partial<GroupChatOptions> = {}) {
  const town = createTown();
  const heard: Record<string, string[]> = {};
  const members = ["ann", "ben", "cy"];
  for (const name of members) {
    heard[name] = [];
    town.add({
      name,
      replies: [
        says(({ message }) => {
          heard[name]?.push(message.content);
          return `${name} ${heard[name]?.length}`;
        }),
      ],
    });
  }

  const manager = town.add({ name: "manager", replies: [groupChatReply({ members, maxRound: 4, ...options })] });
  const user = town.add({ name: "user" });
  return { town, heard, manager, ask: () => user.send(town.run, "manager", "What now?") };
}

function speakers(town: Town): readonly string[] {
  return town.events.flatMap((event) =>
    event.type === "message" && event.message.to === "manager" && event.message.from !== "user"
      ? [event.message.from]
      : [],
  );
}

describe("group chat", () => {
  test("goes round in order and ends after maxRound with the last word", async () => {
    const { ask, town } = chat();
    expect((await ask())?.content).toBe("ann 2");
    expect(speakers(town)).toEqual(["ann", "ben", "cy", "ann"]);
  });

  test("each member hears the question once, and everything that others said since it last spoke", async () => {
    const { ask, heard } = chat({ maxRound: 5 });
    await ask();
    expect(heard).toEqual({
      ann: ["user: What now?", "ben: ben 1\n\ncy: cy 1"],
      ben: ["user: What now?\n\nann: ann 1", "cy: cy 1\n\nann: ann 2"],
      cy: ["user: What now?\n\nann: ann 1\n\nben: ben 1"],
    });
  });

  test("the choice decides; one that is no member falls back to the order; null ends", async () => {
    const choices = ["cy", undefined, "stranger", null];
    const { ask, town } = chat({ maxRound: 9, chooseSpeaker: () => Promise.resolve(choices.shift()) });
    expect((await ask())?.content).toBe("cy 2");
    expect(speakers(town)).toEqual(["cy", "ben", "cy"]);
  });

  test("the choice sees what was said", async () => {
    const seen: (readonly string[])[] = [];
    const { ask } = chat({
      maxRound: 3,
      chooseSpeaker: (said) => {
        seen.push(said.map(({ content }) => content));
        return Promise.resolve("ben");
      },
    });
    await ask();
    expect(seen).toEqual([[], ["ben 1"], ["ben 1", "ben 2"]]);
  });

  test("a choice of nobody at once is answered all the same", async () => {
    const { ask } = chat({ chooseSpeaker: () => Promise.resolve(null) });
    expect((await ask())?.content).toBe("Nobody had anything to say.");
  });

  test.each<[string, ReplyFunction["reply"], string, object]>([
    ["silence", () => Promise.resolve(silence), "ann 1", {}],
    ["termination", () => Promise.resolve(answer("enough", terminating)), "enough", { terminate: true }],
  ])("%s of a member ends it", async (_name, reply, last, metadata) => {
    const { ask, town } = chat({ members: ["ann", "last", "cy"] });
    town.add({ name: "last", replies: [{ name: "ends", trigger: "anyone", reply }] });
    expect(await ask()).toMatchObject({ content: last, metadata });
    expect(speakers(town)).not.toContain("cy");
  });

  test("a member that speaks to the manager is not passed round", async () => {
    const { manager, town } = chat();
    const message = messageTo("manager", { from: "ann", content: "by the way" });
    expect(await manager.receive(message, town.run)).toBeUndefined();
    expect(speakers(town)).toEqual([]);
  });

  test("a stop ends it between two speakers", async () => {
    const { ask, town } = chat({
      maxRound: 100,
      chooseSpeaker: (said) => {
        if (said.length === 2) {
          town.controller.abort(new Error("stopped"));
        }

        return Promise.resolve(undefined);
      },
    });
    await expect(ask()).rejects.toThrow("stopped");
    expect(speakers(town)).toEqual(["ann", "ben"]);
  });
});
