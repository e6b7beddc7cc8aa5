import { describe, expect, test } from "vitest";
import { answer, silence } from "../core/reply.ts";
import type { DirectoryEntry } from "../directory/agent-directory.ts";
import type { GroupPlan } from "../protocol/agent-definition.ts";
import { createCircle, entryOf, toolOf } from "../testing/conversing-fixture.ts";

const call = (name: string, input: object) => ({ toolCalls: [{ name, arguments: input }] });

function group(plan: Partial<GroupPlan>, name = "team"): DirectoryEntry {
  const whole = {
    members: ["ann", "ben"],
    speaker: "round-robin" as const,
    script: [],
    maxRounds: 4,
    end: [],
    answer: "last" as const,
    ...plan,
  };
  return entryOf({ name, group: whole, systemMessage: `You are ${name}.` });
}

const members = [entryOf({ name: "ann", description: "writes" }), entryOf({ name: "ben", description: "reads" })];

describe("who speaks", () => {
  test("in turn, up to the last round; each hears what it has not heard, and the person reads everyone", async () => {
    const circle = createCircle([group({ maxRounds: 3 }), ...members]);
    circle.model.expect("A1", "B1", "A2");
    expect((await circle.ask("team", "Write it"))?.content).toBe("A2");
    expect(circle.messages).toEqual([
      "user > team: Write it",
      "team > ann: user: Write it",
      "ann > team: A1",
      "team > ben: user: Write it\n\nann: A1",
      "ben > team: B1",
      "team > ann: ben: B1",
      "ann > team: A2",
      "team > user: A2",
    ]);
    expect(circle.shown).toEqual(["ann (comment): A1", "ben (comment): B1", "ann (answer): A2"]);
    expect(circle.model.requests[0]?.messages[0]?.content).toContain(
      "You are ann and speak in the group team, with ben.",
    );
  });

  test("as a script says; after its end the group ends", async () => {
    const circle = createCircle([
      group({ speaker: "script", script: ["ben", "ben", "ann"], maxRounds: 9 }),
      ...members,
    ]);
    circle.model.expect("B1", "B2", "A1");
    await circle.ask("team");
    expect(circle.shown).toEqual(["ben (comment): B1", "ben (comment): B2", "ann (answer): A1"]);
  });

  test("as the group's model says, which knows what was said and who is there", async () => {
    const circle = createCircle([group({ speaker: "model", maxRounds: 2 }), ...members]);
    circle.model.expect("ben", "B1", "I think **ann** should.", "A1");
    await circle.ask("team", "Write it");
    expect(circle.shown).toEqual(["ben (comment): B1", "ann (answer): A1"]);
    const [system, user] = circle.model.requests[2]?.messages ?? [];
    expect(system?.content).toBe("You are team.\n\nYou lead the group team: ann, ben.");
    expect(user?.content).toContain("Task:\nWrite it\n\nSaid so far:\nben: B1");
    expect(user?.content).toContain("- ann: writes\n- ben: reads");
  });

  test("in turn, where the model names nobody, also when asked again; that is said once", async () => {
    const circle = createCircle([group({ speaker: "model", maxRounds: 2 }), ...members]);
    circle.model.expect("nobody", "ann or ben", "A1", "?", "?", "B1");
    await circle.ask("team");
    expect(circle.shown).toEqual(["ann (comment): A1", "ben (answer): B1"]);
    const notices = circle.events.filter(({ type }) => type === "notice");
    expect(notices).toEqual([expect.objectContaining({ code: "speaker-unclear", values: { group: "team" } })]);
  });
});

describe("how it ends", () => {
  test("when a member finishes it, with that answer", async () => {
    const circle = createCircle([group({ end: [{ rule: "finish" }], maxRounds: 9 }), ...members]);
    circle.model.expect("A1", call("finish", { answer: "The answer." }));
    const reply = await circle.ask("team");
    expect(reply).toMatchObject({ content: "The answer." });
    expect(reply?.metadata).not.toHaveProperty("finished");
    expect(circle.shown).toEqual(["ann (comment): A1", "ben (answer): The answer."]);
  });

  test("not by who speaks first: nobody has looked at it yet", async () => {
    const circle = createCircle([group({ end: [{ rule: "finish" }], maxRounds: 3 }), ...members]);
    circle.model.expect(call("finish", { answer: "Mine." }), "A1", "B1", call("finish", { answer: "Ours." }));
    expect((await circle.ask("team"))?.content).toBe("Ours.");
    const offered = circle.model.requests.map(({ tools = [] }) => tools.map(({ name }) => name));
    expect(offered).toEqual([[], [], ["finish"], ["finish"]]);
    expect(circle.model.requests[0]?.messages[0]?.content).not.toContain("finish");
  });

  test("by the only member at once", async () => {
    const circle = createCircle([group({ members: ["ann"], end: [{ rule: "finish" }] }), ...members]);
    circle.model.expect(call("finish", { answer: "Mine." }));
    expect((await circle.ask("team"))?.content).toBe("Mine.");
  });

  test("not by words: a member that writes the name of a rule goes on talking", async () => {
    const circle = createCircle([group({ end: [{ rule: "finish" }], maxRounds: 2 }), ...members]);
    circle.model.expect("TERMINATE finish", "B1");
    expect((await circle.ask("team"))?.content).toBe("B1");
  });

  test("after a member has spoken", async () => {
    const circle = createCircle([group({ end: [{ rule: "speaker", agent: "ben" }], maxRounds: 9 }), ...members]);
    circle.model.expect("A1", "B1");
    expect((await circle.ask("team"))?.content).toBe("B1");
  });

  test("when its model finds the task done", async () => {
    const circle = createCircle([group({ end: [{ rule: "judge" }], maxRounds: 9 }), ...members]);
    circle.model.expect("A1", "No.", "B1", "Yes!");
    expect((await circle.ask("team"))?.content).toBe("B1");
  });

  test("when a member has nothing to add, where that is a rule", async () => {
    const circle = createCircle([group({ end: [{ rule: "silence" }], maxRounds: 9 }), ...members]);
    circle.model.expect("A1", call("nothing_to_add", {}));
    expect((await circle.ask("team"))?.content).toBe("A1");
  });

  test("not when one is silent without such a rule, but when all are", async () => {
    const mute = { replies: [{ name: "m", trigger: "anyone" as const, reply: () => Promise.resolve(silence) }] };
    const circle = createCircle([group({ maxRounds: 9 }), entryOf({ name: "ann" }, mute), entryOf({ name: "ben" })]);
    circle.model.expect("B1", "B2", "B3", "B4");
    expect((await circle.ask("team"))?.content).toBe("B4");
    const quiet = createCircle([
      group({ maxRounds: 9 }),
      entryOf({ name: "ann" }, mute),
      entryOf({ name: "ben" }, mute),
    ]);
    expect((await quiet.ask("team"))?.content).toBe("Nobody had anything to say.");
  });

  test("with a summary by its model", async () => {
    const circle = createCircle([group({ maxRounds: 2, answer: "summary" }), ...members]);
    circle.model.expect("A1", "B1", { text: "In short.", pieceLength: 3 });
    expect((await circle.ask("team"))?.content).toBe("In short.");
    expect(circle.shown).toEqual(["ann (comment): A1", "ben (comment): B1", "team (answer): In short."]);
    expect(circle.model.requests[2]?.messages[1]?.content).toContain("ann: A1\n\nben: B1");
  });
});

describe("a group in a group", () => {
  const nested = [
    group({ members: ["pair", "cy"], maxRounds: 2 }, "team"),
    group({ members: ["ann", "ben"], maxRounds: 2 }, "pair"),
    ...members,
    entryOf({ name: "cy" }),
  ];

  test("is a member like others: its answer is a word of the group around it", async () => {
    const circle = createCircle(nested);
    circle.model.expect("A1", "B1", "C1");
    expect((await circle.ask("team", "Go"))?.content).toBe("C1");
    expect(circle.messages.slice(1)).toEqual([
      "team > pair: user: Go",
      "pair > ann: user: Go",
      "ann > pair: A1",
      "pair > ben: user: Go\n\nann: A1",
      "ben > pair: B1",
      "pair > team: B1",
      "team > cy: user: Go\n\npair: B1",
      "cy > team: C1",
      "team > user: C1",
    ]);
    expect(circle.shown).toEqual(["ann (comment): A1", "ben (comment): B1", "cy (answer): C1"]);
  });

  test("that is finished is finished alone", async () => {
    const circle = createCircle([
      group({ members: ["pair", "cy"], maxRounds: 2 }, "team"),
      group({ members: ["ann", "ben"], maxRounds: 9, end: [{ rule: "finish" }] }, "pair"),
      ...nested.slice(2),
    ]);
    circle.model.expect("A1", call("finish", { answer: "Pair's." }), "C1");
    expect((await circle.ask("team"))?.content).toBe("C1");
  });

  test("is stopped with everything around it", async () => {
    const circle = createCircle(nested);
    circle.model.expect("A1", {
      until: new Promise(() => undefined),
    });
    const asking = circle.ask("team");
    await expect.poll(() => circle.model.requests.length).toBe(2);
    circle.controller.abort(new Error("stopped"));
    await expect(asking).rejects.toThrow("stopped");
    expect(circle.model.requests).toHaveLength(2);
  });

  test("that has the outer one as a member is refused, with the way round", async () => {
    const circle = createCircle([
      group({ members: ["pair"] }, "team"),
      group({ members: ["middle"] }, "pair"),
      group({ members: ["team"] }, "middle"),
    ]);
    await expect(circle.ask("team")).rejects.toMatchObject({
      code: "agent.circle",
      message: expect.stringContaining("team → pair → middle → team"),
    });
  });

  test("that has itself as a member is refused", async () => {
    const circle = createCircle([group({ members: ["team"] }, "team")]);
    await expect(circle.ask("team")).rejects.toMatchObject({ code: "agent.itself" });
  });
});

test("members use tools and are asked by others as ever, a failing one ends the group with its reason", async () => {
  const look = toolOf("look", () => "seen");
  const circle = createCircle(
    [
      group({ maxRounds: 2 }),
      entryOf({ name: "ann", tools: ["look"] }),
      entryOf(
        { name: "ben" },
        { replies: [{ name: "own", trigger: "anyone", reply: () => Promise.reject(new Error("ill")) }] },
      ),
    ],
    { tools: [look] },
  );
  circle.model.expect(call("look", { text: "a" }), "I saw it.");
  await expect(circle.ask("team")).rejects.toMatchObject({ code: "agent.threw", message: "ben failed in own: ill" });
  expect(circle.shown).toEqual(["ann (comment): I saw it."]);
});

test("a member that hands its turn on is heard as the one who spoke", async () => {
  const circle = createCircle([
    group({ members: ["ann"], maxRounds: 1 }),
    entryOf({ name: "ann", handOffs: [{ agent: "cy", label: "", prompt: "" }] }),
    entryOf(
      { name: "cy" },
      { replies: [{ name: "own", trigger: "anyone", reply: () => Promise.resolve(answer("C")) }] },
    ),
  ]);
  circle.model.expect(call("hand_off", { agent: "cy" }));
  expect((await circle.ask("team"))?.content).toBe("C");
  expect(circle.shown).toEqual(["cy (answer): C"]);
});
