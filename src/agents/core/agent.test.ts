import { describe, expect, test } from "vitest";
import { createTown, messageTo, overTheWire, says } from "../testing/core-fixture.ts";
import { ConversableAgent, forgettingAll, terminating } from "./agent.ts";
import { type Position, type ReplyFunction, type Trigger, answer, pass, silence } from "./reply.ts";

const texts = (messages: readonly { readonly content: string }[]) => messages.map(({ content }) => content);

function named(name: string, tried: string[], trigger: Trigger = "anyone"): ReplyFunction {
  return {
    name,
    trigger,
    reply: () => {
      tried.push(name);
      return Promise.resolve(pass);
    },
  };
}

describe("reply functions", () => {
  test("are tried in the given order, registered ones newest first, before the default reply", async () => {
    const tried: string[] = [];
    const town = createTown();
    const user = town.add({ name: "user" });
    const bot = town.add({
      name: "bot",
      replies: [named("first", tried), named("second", tried)],
      defaultReply: "nobody knew",
    });
    bot.registerReply(named("newer", tried));
    bot.registerReply(named("newest", tried));
    expect((await user.send(town.run, "bot", "hi"))?.content).toBe("nobody knew");
    expect(tried).toEqual(["newest", "newer", "first", "second"]);
  });

  test.each<[Position, readonly string[]]>([
    ["first", ["new", "a", "b"]],
    ["last", ["a", "b", "new"]],
    [{ before: "b" }, ["a", "new", "b"]],
    [{ after: "a" }, ["a", "new", "b"]],
    [{ after: "b" }, ["a", "b", "new"]],
    [{ before: "unknown" }, ["new", "a", "b"]],
  ])("placed %j", async (position, order) => {
    const tried: string[] = [];
    const town = createTown();
    const bot = town.add({ name: "bot", replies: [named("a", tried), named("b", tried)] });
    bot.registerReply(named("new", tried), position);
    await bot.receive(messageTo("bot"), town.run);
    expect(tried).toEqual(order);
  });

  test("the first answer ends the search, and so does silence", async () => {
    const tried: string[] = [];
    const town = createTown();
    const quiet: ReplyFunction = { name: "quiet", trigger: "anyone", reply: () => Promise.resolve(silence) };
    const answering = town.add({ name: "answering", replies: [says("yes"), named("late", tried)] });
    const silent = town.add({ name: "silent", replies: [quiet, named("late", tried)], defaultReply: "never said" });
    expect((await answering.receive(messageTo("answering"), town.run))?.content).toBe("yes");
    expect(await silent.receive(messageTo("silent"), town.run)).toBeUndefined();
    expect(tried).toEqual([]);
  });

  test("triggers are honoured: names, predicates, anyone", async () => {
    const tried: string[] = [];
    const town = createTown();
    const bot = town.add({
      name: "bot",
      replies: [
        named("by name", tried, ["alice"]),
        named("by predicate", tried, ({ metadata }) => metadata["urgent"] === true),
        named("anyone", tried),
      ],
    });
    await bot.receive(messageTo("bot", { from: "alice" }), town.run);
    await bot.receive(messageTo("bot", { from: "bob", metadata: { urgent: true } }), town.run);
    await bot.receive(messageTo("bot", { from: "bob", content: "urgent" }), town.run);
    expect(tried).toEqual(["by name", "anyone", "by predicate", "anyone", "anyone"]);
  });

  test("without an answer and a default reply the agent is silent", async () => {
    const town = createTown();
    const bot = town.add({ name: "bot", replies: [named("a", [])] });
    expect(await bot.receive(messageTo("bot"), town.run)).toBeUndefined();
  });

  test("see the raw message, what was said with its sender, and all that was said", async () => {
    const town = createTown();
    const alice = town.add({ name: "alice" });
    const bob = town.add({ name: "bob" });
    const seen: { readonly messages: readonly string[]; readonly timeline: readonly string[] }[] = [];
    town.add({
      name: "bot",
      replies: [
        says(({ message, messages, timeline }) => {
          seen.push({ messages: texts(messages), timeline: texts(timeline) });
          return `to ${message.content}`;
        }),
      ],
    });
    await alice.send(town.run, "bot", "a1");
    await bob.send(town.run, "bot", "b1");
    await alice.send(town.run, "bot", "a2");
    expect(seen.at(-1)).toEqual({
      messages: ["a1", "to a1", "a2"],
      timeline: ["a1", "to a1", "b1", "to b1", "a2"],
    });
  });

  test("use the system message as it is at that moment", async () => {
    const town = createTown();
    const user = town.add({ name: "user" });
    const bot = town.add({ name: "bot", systemMessage: "old", replies: [says(({ systemMessage }) => systemMessage)] });
    expect((await user.send(town.run, "bot", "?"))?.content).toBe("old");
    bot.systemMessage = "new";
    expect((await user.send(town.run, "bot", "?"))?.content).toBe("new");
  });
});

describe("histories", () => {
  test("are kept per peer on both sides, with the answer as reply to the question", async () => {
    const town = createTown();
    const user = town.add({ name: "user" });
    const bot = town.add({ name: "bot", replies: [says(({ message }) => `${message.content}!`)] });
    const other = town.add({ name: "other", replies: [says("other")] });
    const reply = await user.send(town.run, "bot", "one");
    await user.send(town.run, "other", "two");
    const said = [
      ["user", "one"],
      ["bot", "one!"],
    ];
    expect(user.messagesWith("bot").map(({ from, content }) => [from, content])).toEqual(said);
    expect(bot.messagesWith("user").map(({ from, content }) => [from, content])).toEqual(said);
    expect(texts(other.messagesWith("user"))).toEqual(["two", "other"]);
    expect(reply?.inReplyTo).toBe(user.messagesWith("bot")[0]?.id);
  });

  test("what the receiver does to a message does not reach the sender", async () => {
    const town = createTown();
    const user = town.add({ name: "user" });
    const bot = town.add({
      name: "bot",
      replies: [
        says(({ message }) => {
          const { list } = message.metadata;
          if (Array.isArray(list)) {
            list.push("changed");
          }

          return "done";
        }),
      ],
    });
    await user.send(town.run, "bot", "one", { metadata: { list: ["a"] } });
    expect(user.messagesWith("bot")[0]?.metadata).toEqual({ list: ["a"] });
    expect(bot.messagesWith("user")[0]?.metadata).toEqual({ list: ["a", "changed"] });
  });

  test("requestReply false is remembered and not answered", async () => {
    const town = createTown();
    const user = town.add({ name: "user" });
    const bot = town.add({ name: "bot", replies: [says("never")] });
    expect(await user.send(town.run, "bot", "for your information", { requestReply: false })).toBeUndefined();
    expect(texts(bot.messagesWith("user"))).toEqual(["for your information"]);
  });

  test("silent messages and their answers stay out of the transcript, and so does what they cause", async () => {
    const town = createTown();
    const user = town.add({ name: "user" });
    town.add({ name: "deep", replies: [says("deep")] });
    const asking: ReplyFunction = {
      name: "asking",
      trigger: "anyone",
      reply: async ({ ask, tell }) => {
        await tell("deep", "told");
        return answer((await ask("deep", "asked"))?.content ?? "");
      },
    };
    const bot = town.add({ name: "bot", replies: [asking] });
    const shown = () => town.events.flatMap((event) => (event.type === "message" ? [event.message.content] : []));
    expect((await user.send(town.run, "bot", "psst", { silent: true }))?.content).toBe("deep");
    expect(shown()).toEqual([]);
    await user.send(town.run, "bot", "aloud");
    expect(shown()).toEqual(["aloud", "told", "asked", "deep", "deep"]);
    expect(texts(bot.messagesWith("user"))).toEqual(["psst", "deep", "aloud", "deep"]);
  });

  test("reset forgets one peer, or everyone", async () => {
    const town = createTown();
    const alice = town.add({ name: "alice" });
    const bob = town.add({ name: "bob" });
    const timelines: number[] = [];
    const bot = town.add({
      name: "bot",
      replies: [
        says(({ timeline }) => {
          timelines.push(timeline.length);
          return "ok";
        }),
      ],
    });
    await alice.send(town.run, "bot", "a");
    await bob.send(town.run, "bot", "b");
    bot.reset("alice");
    expect(bot.messagesWith("alice")).toEqual([]);
    expect(texts(bot.messagesWith("bob"))).toEqual(["b", "ok"]);
    await bob.send(town.run, "bot", "b2");
    expect(timelines).toEqual([1, 3, 3]);
    bot.reset();
    expect(bot.messagesWith("bob")).toEqual([]);
    await alice.send(town.run, "bot", "a2", { metadata: forgettingAll });
    expect(timelines.at(-1)).toBe(1);
  });

  test("a message that arrives twice is answered once, with the same answer", async () => {
    const town = createTown();
    let answers = 0;
    const bot = town.add({ name: "bot", replies: [says(() => `answer ${(answers += 1)}`)] });
    const message = messageTo("bot");
    const [first, again] = await Promise.all([bot.receive(message, town.run), bot.receive(message, town.run)]);
    const late = await bot.receive(message, town.run);
    expect([first?.content, again?.id, late?.id]).toEqual(["answer 1", first?.id, first?.id]);
    expect(bot.messagesWith("someone")).toHaveLength(2);
  });
});

const echo = () => says(({ message }) => `${message.content}.`);

describe("ending", () => {
  test("typed metadata ends a conversation; the word TERMINATE in a text does nothing", async () => {
    const town = createTown();
    let count = 0;
    const user = town.add({ name: "user", replies: [says("Please TERMINATE. exit. TERMINATE")] });
    const ending: ReplyFunction = {
      name: "ending",
      trigger: "anyone",
      reply: ({ message }) => {
        count += 1;
        return Promise.resolve(answer(`${message.content} TERMINATE`, count === 3 ? terminating : {}));
      },
    };
    town.add({ name: "bot", replies: [ending] });
    const last = await user.initiateChat(town.run, "bot", "TERMINATE");
    expect(count).toBe(3);
    expect(last?.metadata).toEqual({ terminate: true });
    expect(texts(user.messagesWith("bot"))).toHaveLength(6);
  });

  test("isTerminationMessage may read other metadata", async () => {
    const town = createTown();
    const user = town.add({ name: "user", isTerminationMessage: ({ metadata }) => metadata["done"] === 1 });
    user.registerReply(says("go on"));
    const done: ReplyFunction = {
      name: "done",
      trigger: "anyone",
      reply: ({ messages }) => Promise.resolve(answer("so", messages.length > 2 ? { done: 1 } : terminating)),
    };
    town.add({ name: "bot", replies: [done] });
    await user.initiateChat(town.run, "bot", "hi");
    expect(user.messagesWith("bot")).toHaveLength(4);
  });

  test("maxConsecutiveAutoReply ends a chat of two that would never stop, and counts per peer", async () => {
    const town = createTown();
    const user = town.add({ name: "user", replies: [echo()], maxConsecutiveAutoReply: 2 });
    town.add({ name: "bot", replies: [echo()] });
    town.add({ name: "other", replies: [echo()] });
    expect((await user.initiateChat(town.run, "bot", "x"))?.content).toBe("x.....");
    expect((await user.initiateChat(town.run, "other", "y"))?.content).toBe("y.....");
    expect((await user.initiateChat(town.run, "bot", "z"))?.content).toBe("z.....");
  });

  test("initiateChat clears the history on both sides unless told otherwise", async () => {
    const town = createTown();
    const user = town.add({ name: "user", maxConsecutiveAutoReply: 0 });
    const bot = town.add({ name: "bot", replies: [echo()] });
    await user.initiateChat(town.run, "bot", "one");
    await user.initiateChat(town.run, "bot", "two", { clearHistory: false });
    expect(texts(bot.messagesWith("user"))).toEqual(["one", "one.", "two", "two."]);
    await user.initiateChat(town.run, "bot", "three");
    expect(texts(bot.messagesWith("user"))).toEqual(["three", "three."]);
    expect(texts(user.messagesWith("bot"))).toEqual(["three", "three."]);
  });

  test("initiateChat of an agent that stays silent gives nothing", async () => {
    const town = createTown();
    const user = town.add({ name: "user" });
    town.add({ name: "bot" });
    expect(await user.initiateChat(town.run, "bot", "hello?")).toBeUndefined();
  });
});

function personAtBot(
  words: readonly (string | null)[],
  options: Partial<ConstructorParameters<typeof ConversableAgent>[0]>,
) {
  const prompts: string[] = [];
  const left = [...words];
  const humanInput = {
    ask: (prompt: string) => {
      prompts.push(prompt);
      const next = left.shift();
      return next === undefined ? Promise.reject(new Error("asked too often")) : Promise.resolve(next);
    },
  };
  const town = createTown();
  const bot = town.add({ name: "bot", replies: [says("auto")], humanInput, ...options });
  const ask = async (fields = {}) => (await bot.receive(messageTo("bot", fields), town.run))?.content;
  return { prompts, ask };
}

describe("the person", () => {
  test("ALWAYS: asked before every reply; nothing typed leaves it to the functions; null ends", async () => {
    const { ask, prompts } = personAtBot(["mine", "", null], { humanInputMode: "ALWAYS" });
    expect([await ask({ content: "what?" }), await ask(), await ask()]).toEqual(["mine", "auto", undefined]);
    expect(prompts).toHaveLength(3);
    expect(prompts[0]).toContain("someone (to bot):\n\nwhat?");
  });

  test("TERMINATE: asked at a termination message; nothing typed ends", async () => {
    const { ask, prompts } = personAtBot(["go on", "", null], { humanInputMode: "TERMINATE" });
    const metadata = terminating;
    expect(await ask()).toBe("auto");
    expect(prompts).toHaveLength(0);
    expect([await ask({ metadata }), await ask({ metadata }), await ask({ metadata })]).toEqual([
      "go on",
      undefined,
      undefined,
    ]);
    expect(prompts).toHaveLength(3);
  });

  test("TERMINATE: asked when there were too many automatic replies; nothing typed lets them go on", async () => {
    const { ask, prompts } = personAtBot(["", "stop it"], { humanInputMode: "TERMINATE", maxConsecutiveAutoReply: 1 });
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual(["auto", "auto", "auto", "stop it"]);
    expect(prompts).toHaveLength(2);
  });

  test("NEVER: not asked, and the conversation ends by itself", async () => {
    const { ask, prompts } = personAtBot([], { humanInputMode: "NEVER", maxConsecutiveAutoReply: 1 });
    expect([await ask(), await ask(), await ask(), await ask({ metadata: terminating })]).toEqual([
      "auto",
      undefined,
      "auto",
      undefined,
    ]);
    expect(prompts).toEqual([]);
  });

  test("nobody there to ask is an error with a code", async () => {
    const town = createTown();
    const bot = town.add({ name: "bot", humanInputMode: "ALWAYS" });
    await expect(bot.receive(messageTo("bot"), town.run)).rejects.toMatchObject({ code: "agent.no-human" });
  });
});

describe("abort", () => {
  test("ends before the next function, before the next message, and while the person is asked", async () => {
    const town = createTown();
    const user = town.add({ name: "user" });
    const tried: string[] = [];
    const stopping: ReplyFunction = {
      name: "stopping",
      trigger: "anyone",
      reply: () => {
        town.controller.abort(new Error("stopped"));
        return Promise.resolve(pass);
      },
    };
    town.add({ name: "bot", replies: [stopping, named("late", tried)] });
    await expect(user.send(town.run, "bot", "go")).rejects.toThrow("stopped");
    await expect(user.send(town.run, "bot", "again")).rejects.toThrow("stopped");
    expect(tried).toEqual([]);
  });

  test("the person's input gets the signal", async () => {
    const town = createTown();
    const humanInput = {
      ask: (_prompt: string, signal: AbortSignal) =>
        new Promise<null>((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("no longer asked")));
        }),
    };
    const bot = town.add({ name: "bot", humanInputMode: "ALWAYS", humanInput });
    const reading = bot.receive(messageTo("bot"), town.run);
    setImmediate(() => town.controller.abort());
    await expect(reading).rejects.toThrow("no longer asked");
  });
});

test("a mailbox behind a wire behaves like one in this process", async () => {
  const conversations = await Promise.all(
    [false, true].map(async (wired) => {
      const town = createTown();
      const user = town.add({ name: "user", replies: [says("thanks")], maxConsecutiveAutoReply: 1 });
      const bot = new ConversableAgent({
        name: "bot",
        replies: [
          {
            name: "asking",
            trigger: "anyone",
            reply: async ({ ask, message }) => {
              const known = await ask("library", message.content, { metadata: { shelf: [1, { row: null }] } });
              return answer(`${known?.content}; you wrote ${JSON.stringify(message.metadata)}`);
            },
          },
        ],
      });
      town.office.register("bot", wired ? overTheWire(bot) : bot);
      const library = new ConversableAgent({
        name: "library",
        replies: [says(({ message }) => `书架 ${JSON.stringify(message.metadata["shelf"])}`)],
      });
      town.office.register("library", wired ? overTheWire(library) : library);
      await user.initiateChat(town.run, "bot", "你好", { metadata: { a: { b: [true] } } });
      return [...user.messagesWith("bot"), ...bot.messagesWith("user"), ...library.messagesWith("bot")].map(
        ({ id: _id, inReplyTo: _reply, ...rest }) => rest,
      );
    }),
  );
  expect(conversations[1]).toEqual(conversations[0]);
  expect(conversations[0]).toHaveLength(12);
});
