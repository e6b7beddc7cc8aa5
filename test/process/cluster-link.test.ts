import { afterEach, describe, expect, test, vi } from "vitest";
import { AgentError } from "../../src/agents/base/errors.ts";
import { type ClusterLink, type LinkState, connectCluster } from "../../src/agents/remote/cluster-link.ts";
import { type CuttableWire, openWire } from "../../src/agents/testing/cuttable-wire.ts";
import { FakeGateway } from "../../src/agents/testing/fake-gateway.ts";

const token = "t".repeat(43);
const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) {
    // oxlint-disable-next-line no-await-in-loop -- in order
    await cleanUp();
  }
});

/** A gateway whose children say each body again, behind a wire that can be cut. */
async function gatewayBehindWire(): Promise<{ readonly gateway: FakeGateway; readonly wire: CuttableWire }> {
  const gateway = new FakeGateway({ token, behaviours: { echo: (body, say) => say({ heard: body }) } });
  await gateway.listen();
  const wire = await openWire(gateway.port);
  cleanUps.push(
    () => gateway.close(),
    () => wire.close(),
  );
  return { gateway, wire };
}

async function linkTo(
  port: number,
  states: LinkState[] = [],
  more: { readonly signal?: AbortSignal; readonly whyGone?: () => Promise<AgentError | null> } = {},
): Promise<ClusterLink> {
  const { signal = new AbortController().signal, whyGone = async () => null } = more;
  const link = await connectCluster(
    {
      url: `ws://127.0.0.1:${port}/byzer/v1/link`,
      token: async () => token,
      onState: (state) => states.push(state),
      whyGone,
    },
    signal,
  );
  cleanUps.push(() => link.close());
  return link;
}

const echo = { kind: "echo", name: "echo-1", create: {} };

test("bodies go there and back", async () => {
  const { wire } = await gatewayBehindWire();
  const link = await linkTo(wire.port);
  const heard: unknown[] = [];
  const channel = link.open(echo, { onBody: (body) => heard.push(body) });
  channel.post("before it is open");
  const opened = await channel.opened;
  channel.post({ n: 2 });

  await vi.waitFor(() => expect(heard).toEqual([{ heard: "before it is open" }, { heard: { n: 2 } }]));
  expect(opened.fresh).toBe(true);
  expect(link.state.phase).toBe("up");
});

describe("a link that is cut", () => {
  test("is made again; nothing is lost or done twice", async () => {
    const { gateway, wire } = await gatewayBehindWire();
    const states: LinkState[] = [];
    const link = await linkTo(wire.port, states);
    const heard: unknown[] = [];
    const channel = link.open(echo, { onBody: (body) => heard.push(body) });
    await channel.opened;
    const wanted: unknown[] = [];
    for (let round = 0; round < 6; round += 1) {
      for (let n = 0; n < 50; n += 1) {
        channel.post(round * 100 + n);
        wanted.push({ heard: round * 100 + n });
      }
      wire.cut();
      channel.post(`while it is cut ${round}`);
      wanted.push({ heard: `while it is cut ${round}` });
      gateway.say("echo-1", `by itself ${round}`);
      wire.heal();
      // oxlint-disable-next-line no-await-in-loop -- one cut after the other
      await vi.waitFor(() => expect(heard.length).toBe(wanted.length + round + 1), { timeout: 60_000 });
    }

    expect(heard.filter((body) => typeof body !== "string")).toEqual(wanted);
    expect(heard.filter((body) => typeof body === "string")).toEqual(
      [0, 1, 2, 3, 4, 5].map((round) => `by itself ${round}`),
    );
    expect(states.some(({ phase }) => phase === "reconnecting")).toBe(true);
    expect(gateway.frames.filter((frame) => frame.t === "open" && frame.target.create !== null)).toHaveLength(1);
  });

  test("is given up where nothing is at the other end any more, and what it led to is told so", async () => {
    const { gateway, wire } = await gatewayBehindWire();
    const answers = [null, new AgentError("remote.removed", { address: "a" }, "It was removed.")];
    const link = await linkTo(wire.port, [], { whyGone: async () => answers.shift() ?? null });
    const channel = link.open(echo, { onBody: () => undefined });
    await channel.opened;
    await gateway.close();
    await vi.waitFor(() => expect(link.state).toMatchObject({ phase: "down", problem: { code: "remote.removed" } }), {
      timeout: 60_000,
    });
    expect(answers).toEqual([]);
    expect(await channel.ended).toEqual({ code: "closed", message: "It was removed." });
  });

  test("stands for others when who asked for it has given up", async () => {
    const { wire } = await gatewayBehindWire();
    const asking = new AbortController();
    const states: LinkState[] = [];
    const link = await linkTo(wire.port, states, { signal: asking.signal });
    asking.abort();
    const channel = link.open(echo, { onBody: () => undefined });
    await channel.opened;
    expect(states.map(({ phase }) => phase)).toEqual(["up"]);
  });

  test("says nothing any more, and is noticed within three seconds", async () => {
    const { wire } = await gatewayBehindWire();
    const states: LinkState[] = [];
    const link = await linkTo(wire.port, states);
    const heard: unknown[] = [];
    const channel = link.open(echo, { onBody: (body) => heard.push(body) });
    await channel.opened;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(states.map(({ phase }) => phase)).toEqual(["up"]);

    wire.freeze();
    channel.post("into the silence");
    const since = performance.now();
    await vi.waitFor(() => expect(link.state.phase).toBe("reconnecting"), { timeout: 60_000, interval: 20 });
    // That it is noticed at all is what is tested; that three seconds are enough is what the limit is for.
    expect(performance.now() - since).toBeGreaterThan(2000);

    wire.heal();
    await vi.waitFor(() => expect(heard).toEqual([{ heard: "into the silence" }]), { timeout: 60_000 });
  });

  test("while a channel is closed: it is told when the link is back", async () => {
    const { gateway, wire } = await gatewayBehindWire();
    const link = await linkTo(wire.port);
    const channel = link.open(echo, { onBody: () => undefined });
    await channel.opened;
    wire.cut();
    await vi.waitFor(() => expect(link.state.phase).toBe("reconnecting"));
    channel.close(true);
    expect(gateway.children.has("echo-1")).toBe(true);

    wire.heal();
    expect(await channel.ended).toEqual({ code: "ended", message: "It was ended." });
    expect(gateway.children.has("echo-1")).toBe(false);
  });

  test("what has gone meanwhile is not made anew", async () => {
    const { gateway, wire } = await gatewayBehindWire();
    const link = await linkTo(wire.port);
    const channel = link.open(echo, { onBody: () => undefined });
    await channel.opened;
    wire.cut();
    gateway.children.delete("echo-1");
    wire.heal();

    expect((await channel.ended).code).toBe("gone");
    expect(gateway.children.size).toBe(0);
  });

  test("what was made anew meanwhile is told, and gets what nobody has heard", async () => {
    const { gateway, wire } = await gatewayBehindWire();
    const link = await linkTo(wire.port);
    const heard: unknown[] = [];
    const resumed: unknown[] = [];
    const channel = link.open(echo, {
      onBody: (body) => heard.push(body),
      onResumed: (_opened, resumption) => resumed.push(resumption),
    });
    await channel.opened;
    channel.post("one");
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    wire.cut();
    gateway.renew("echo-1");
    channel.post("two");
    wire.heal();

    await vi.waitFor(() => expect(heard).toEqual([{ heard: "one" }, { heard: "two" }]));
    expect(resumed).toEqual([{ cut: 0, renewed: true }]);
  });

  test("a gateway that ends and comes back at the same place is found", async () => {
    const gateway = new FakeGateway({ token, behaviours: { echo: (body, say) => say({ heard: body }) } });
    await gateway.listen();
    const link = await linkTo(gateway.port);
    const { port } = gateway;
    await gateway.close();
    await vi.waitFor(() => expect(link.state).toMatchObject({ phase: "reconnecting" }));
    const heard: unknown[] = [];
    const channel = link.open(echo, { onBody: (body) => heard.push(body) });
    channel.post("early");

    const next = new FakeGateway({ token, behaviours: { echo: (body, say) => say({ heard: body }) } });
    await next.listen(port);
    cleanUps.push(() => next.close());
    await vi.waitFor(() => expect(heard).toEqual([{ heard: "early" }]), { timeout: 60_000 });
  });
});

describe("two windows", () => {
  test("the newer one takes over, the older one is told, and neither drops the other's words", async () => {
    const { gateway, wire } = await gatewayBehindWire();
    const [older, newer] = [await linkTo(wire.port), await linkTo(wire.port)];
    const first: unknown[] = [];
    const before = older.open(echo, { onBody: (body) => first.push(body) });
    await before.opened;
    before.post(1);
    before.post(2);
    await vi.waitFor(() => expect(first).toHaveLength(2));

    const second: unknown[] = [];
    const after = newer.open(echo, { onBody: (body) => second.push(body) });
    expect((await after.opened).fresh).toBe(true);
    after.post(3);
    expect((await before.ended).code).toBe("taken");
    await vi.waitFor(() => expect(second).toEqual([{ heard: 1 }, { heard: 2 }, { heard: 3 }]));
    expect(gateway.children.size).toBe(1);
  });
});

describe("what refuses", () => {
  test.each([
    ["token", "remote.refused"],
    ["version", "remote.refused"],
  ])("a refusal for %s is told", async (why, code) => {
    const { gateway, wire } = await gatewayBehindWire();
    gateway.refusal = { code: why, message: "No." };
    const failure = await linkTo(wire.port).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, details: { why } });
  });

  test("a token that is no longer admitted ends the link for good", async () => {
    const { gateway, wire } = await gatewayBehindWire();
    const link = await linkTo(wire.port);
    const channel = link.open(echo, { onBody: () => undefined });
    await channel.opened;
    gateway.refusal = { code: "token", message: "Not any more." };
    gateway.dropLinks();
    await vi.waitFor(() => expect(link.state.phase).toBe("down"));
    expect(await channel.ended).toMatchObject({ code: "closed" });
    expect(link.state).toMatchObject({ problem: { code: "remote.refused" } });
    const later = link.open(echo, { onBody: () => undefined });
    await expect(later.opened).rejects.toSatisfy((error) => AgentError.is(error, "remote.gone"));
  });

  test("a gateway that is busy is asked again", async () => {
    const { gateway, wire } = await gatewayBehindWire();
    const link = await linkTo(wire.port);
    gateway.refusal = { code: "busy", message: "Not now." };
    gateway.dropLinks();
    await vi.waitFor(() => expect(link.state).toMatchObject({ phase: "reconnecting", attempts: 1 }));
    gateway.refusal = null;
    await vi.waitFor(() => expect(link.state.phase).toBe("up"), { timeout: 60_000 });
  });

  test("nobody there, and somebody else there", async () => {
    const gateway = new FakeGateway({ token });
    await gateway.listen();
    const { port } = gateway;
    const url = `ws://127.0.0.1:${port}/elsewhere`;
    const signal = new AbortController().signal;
    const stranger = connectCluster({ url, token: async () => token }, signal).catch((error: unknown) => error);
    expect(await stranger).toMatchObject({ code: "remote.not-ray" });
    await gateway.close();
    await expect(linkTo(port)).rejects.toMatchObject({ code: "remote.unreachable" });
  });
});

test("what is not there yet is waited for, and said so", async () => {
  const { gateway, wire } = await gatewayBehindWire();
  gateway.hasRoom = false;
  const link = await linkTo(wire.port);
  const waits: string[] = [];
  const channel = link.open(echo, { onBody: () => undefined, onWaiting: (code, message) => waits.push(code, message) });
  await vi.waitFor(() => expect(waits).toEqual(["resources", "No node has 16 GB free."]));
  channel.close(false);
  expect((await channel.ended).code).toBe("left");
});

test("the token travels in the first frame and in nothing else", async () => {
  const { gateway, wire } = await gatewayBehindWire();
  const seen: string[] = [];
  gateway.server.on("upgrade", (request) => seen.push(`${request.url} ${JSON.stringify(request.headers)}`));
  const link = await linkTo(wire.port);
  await link.open(echo, { onBody: () => undefined }).opened;
  expect(seen).toHaveLength(1);
  expect(seen.join(" ")).not.toContain(token);
  expect(seen.join(" ")).not.toContain("permessage-deflate");
  const told = gateway.frames.filter((frame) => JSON.stringify(frame).includes(token));
  expect(told.map(({ t }) => t)).toEqual(["hello"]);
});
