import { expect, test } from "vitest";
import { AgentError } from "../base/errors.ts";
import { type Draw, seededDraw } from "../testing/seeded-draw.ts";
import { type NumberedBody, ReliableChannel } from "./reliable-channel.ts";

/** The other end as the protocol describes it, written apart from the class under test. */
class FarEnd {
  readonly got: number[] = [];
  readonly kept = new Map<number, number>();
  posted = 0;

  take({ seq, json }: NumberedBody): void {
    if (seq === this.got.length + 1) {
      this.got.push(Number(json));
    }
  }

  post(body: number): number {
    this.posted += 1;
    this.kept.set(this.posted, body);
    return this.posted;
  }

  acknowledged(seq: number): void {
    [...this.kept.keys()].filter((known) => known <= seq).forEach((known) => this.kept.delete(known));
  }
}

/** A window and a far end with links between them that are cut again and again, with what was on its way. */
class Journey {
  readonly near: (number | undefined)[] = [];
  readonly far = new FarEnd();
  readonly #draw: Draw;
  #toFar: NumberedBody[] = [];
  #toNear: number[] = [];
  readonly channel = new ReliableChannel((body) => this.#toFar.push(body));
  gaps = 0;

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  connect(): void {
    const missing = [...this.far.kept.keys()].filter((seq) => seq > this.channel.received);
    this.channel.resume({
      epoch: "e",
      received: this.far.got.length,
      next: missing[0] ?? this.far.posted + 1,
    });
    this.#toNear.push(...missing);
  }

  /** Part of what is on its way arrives yet, in this order; the rest never does. */
  cut(): void {
    this.#toFar.splice(0, this.#draw(this.#toFar.length + 1)).forEach((body) => this.far.take(body));
    this.#toNear.splice(0, this.#draw(this.#toNear.length + 1)).forEach((seq) => this.#arrive(seq));
    this.#toFar = [];
    this.#toNear = [];
    this.channel.suspend();
  }

  speak(number: number): void {
    if (this.#draw(2) === 0) {
      this.channel.post(number);
    } else {
      const seq = this.far.post(number);
      if (this.channel.isUp) {
        this.#toNear.push(seq);
      }
    }
  }

  /** One frame moves: most arrive, some arrive twice or out of their turn. */
  move(): void {
    const [body] = this.#toFar.splice(0, 1);
    if (body !== undefined) {
      this.far.take(body);
      if (this.#draw(4) === 0) {
        this.far.take(body);
      }
      if (this.#draw(3) === 0 && this.channel.isUp) {
        this.channel.acknowledge(this.far.got.length);
      }
    }

    const at = this.#draw(12) === 0 ? Math.min(1, this.#toNear.length - 1) : 0;
    const [seq] = this.#toNear.splice(at, 1);
    if (seq !== undefined) {
      this.#arrive(seq);
      if (this.#draw(4) === 0) {
        this.#arrive(seq);
      }
    }

    const seen = this.channel.takeAcknowledgement();
    if (seen !== null && this.#draw(2) === 0) {
      this.far.acknowledged(seen);
    }
  }

  #arrive(seq: number): void {
    const verdict = this.channel.accept(seq);
    if (verdict === "next") {
      this.near.push(this.far.kept.get(seq));
    } else if (verdict === "gap") {
      this.gaps += 1;
      this.cut();
    }
  }
}

test("nothing is lost, doubled or turned around, whatever happens to the links", () => {
  let gaps = 0;
  for (let seed = 1; seed <= 300; seed += 1) {
    const draw = seededDraw(seed);
    const journey = new Journey(draw);
    let spoken = 0;
    for (let step = 0; step < 200; step += 1) {
      const what = draw(10);
      if (what === 0) {
        journey.cut();
      } else if (what === 1 || what === 2) {
        journey.cut();
        journey.connect();
      } else if (what < 6) {
        journey.speak((spoken += 1));
      } else {
        journey.move();
      }
    }

    while (journey.channel.waitingCharacters > 0 || journey.near.length < journey.far.posted) {
      journey.cut();
      journey.connect();
      for (let step = 0; step < 400; step += 1) {
        journey.move();
      }
      journey.channel.acknowledge(journey.far.got.length);
    }

    gaps += journey.gaps;
    const heard = [...journey.near, ...journey.far.got].map(Number);
    expect(journey.near).toHaveLength(journey.far.posted);
    expect(heard.toSorted((left, right) => left - right)).toEqual(Array.from({ length: spoken }, (_, at) => at + 1));
    expect(journey.near).toEqual(journey.near.map(Number).toSorted((left, right) => left - right));
    expect(journey.far.got).toEqual(journey.far.got.toSorted((left, right) => left - right));
  }

  expect(gaps).toBeGreaterThan(100);
});

test("what is posted before the other side was met is sent then; what was cut is counted", () => {
  const sent: NumberedBody[] = [];
  const channel = new ReliableChannel((body) => sent.push(body));
  channel.post("one");
  expect(sent).toEqual([]);

  expect(channel.resume({ epoch: "e", received: 0, next: 5 })).toEqual({ cut: 4, renewed: false });
  channel.post("two");

  expect(sent).toEqual([
    { seq: 1, json: '"one"' },
    { seq: 2, json: '"two"' },
  ]);
  expect(channel.accept(4)).toBe("again");
  expect(channel.accept(5)).toBe("next");
  expect(channel.accept(7)).toBe("gap");
});

test("another one at the far end is told apart, and gets what nobody has", () => {
  const sent: NumberedBody[] = [];
  const channel = new ReliableChannel((body) => sent.push(body));
  channel.resume({ epoch: "first", received: 0, next: 1 });
  ["a", "b", "c"].forEach((body) => channel.post(body));
  channel.acknowledge(2);
  channel.accept(1);
  channel.suspend();
  sent.length = 0;

  expect(channel.resume({ epoch: "second", received: 0, next: 1 })).toEqual({ cut: 0, renewed: true });

  expect(sent).toEqual([{ seq: 1, json: '"c"' }]);
  expect(channel.accept(1)).toBe("next");
});

test("what is opened a second time by the same window is counted on from what it had of the first", () => {
  const sent: NumberedBody[] = [];
  const channel = new ReliableChannel((body) => sent.push(body));
  channel.post("before");
  expect(channel.resume({ epoch: "e", received: 7, next: 1 })).toEqual({ cut: 0, renewed: false });
  channel.post("after");
  expect(sent).toEqual([
    { seq: 8, json: '"before"' },
    { seq: 9, json: '"after"' },
  ]);
});

test("an acknowledgement is due once for what has come, and again for what comes twice", () => {
  const channel = new ReliableChannel(() => undefined);
  channel.resume({ epoch: "e", received: 0, next: 1 });
  expect(channel.takeAcknowledgement()).toBeNull();
  channel.accept(1);
  channel.accept(2);
  expect(channel.takeAcknowledgement()).toBe(2);
  expect(channel.takeAcknowledgement()).toBeNull();
  channel.accept(2);
  expect(channel.takeAcknowledgement()).toBe(2);
});

test("whoever posts much is asked to wait until the other side has taken it", async () => {
  const channel = new ReliableChannel(() => undefined, 100);
  channel.resume({ epoch: "e", received: 0, next: 1 });
  channel.post("x".repeat(60));
  await channel.room;
  channel.post("y".repeat(60));
  let hasRoom = false;
  const waiting = channel.room.then(() => (hasRoom = true));
  await Promise.resolve();
  expect(hasRoom).toBe(false);

  channel.acknowledge(1);
  await waiting;
  expect(hasRoom).toBe(true);
});

test("a body that no frame can carry is refused, and the channel goes on", () => {
  const channel = new ReliableChannel(() => undefined);
  expect(() => channel.post("é".repeat(9 * 1024 * 1024))).toThrow(AgentError);
  channel.post("small");
  expect(channel.waitingCharacters).toBe(7);
});
