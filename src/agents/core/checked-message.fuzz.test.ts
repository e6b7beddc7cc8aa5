import { expect, test } from "vitest";
import { type Message, messageSchema } from "../protocol/message.ts";
import { checkedMessage } from "./checked-message.ts";
import { noMetadata } from "./reply.ts";

/** Numbers from 0 to 1 that are the same in every run. */
function createDice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const odd: readonly (() => unknown)[] = [
  () => undefined,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => 1n,
  () => new Date(0),
  () => new Map(),
  () => Symbol("x"),
  () => () => 1,
  () => Object.create({ inherited: 1 }) as unknown,
  () => Object.create(null) as unknown,
  () => JSON.parse('{"__proto__": {"admin": true}, "x": 1}') as unknown,
  () => Array.from({ length: 2 }),
];
const plain: readonly (() => unknown)[] = [() => "words", () => "", () => 0, () => -1.5, () => true, () => null];

class Mess {
  readonly #dice: () => number;

  constructor(seed: number) {
    this.#dice = createDice(seed);
  }

  pick<T>(list: readonly T[]): T {
    const [picked] = list.slice(Math.floor(this.#dice() * list.length));
    if (picked === undefined) {
      throw new Error("There is nothing to pick from.");
    }

    return picked;
  }

  chance(share: number): boolean {
    return this.#dice() < share;
  }

  value(depth: number): unknown {
    if (this.chance(0.04)) {
      return this.pick(odd)();
    }

    if (depth > 0 && this.chance(0.4)) {
      const items = Array.from({ length: Math.floor(this.#dice() * 3) }, () => this.value(depth - 1));
      return this.chance(0.5) ? items : Object.fromEntries(items.map((item, at) => [`key${at}`, item]));
    }

    return this.pick(plain)();
  }

  message(): Message {
    const message: Message = {
      id: "1",
      from: "ann",
      to: "ben",
      content: "words",
      metadata: this.pick([{}, noMetadata]),
      requestReply: this.chance(0.5),
      silent: this.chance(0.5),
    };
    const metadata = Object.fromEntries(Array.from({ length: 3 }, (_none, at) => [`m${at}`, this.value(10)]));
    Object.assign(
      message,
      this.chance(0.3) ? {} : { metadata },
      this.chance(0.4) ? { inReplyTo: this.chance(0.8) ? "0" : undefined } : {},
    );
    if (this.chance(0.15)) {
      Reflect.set(message, this.pick(Object.keys(message)), this.value(1));
    }
    if (this.chance(0.1)) {
      Reflect.deleteProperty(message, this.pick(Object.keys(message)));
    }
    if (this.chance(0.1)) {
      Reflect.set(message, this.pick<PropertyKey>(["extra", Symbol("extra")]), this.value(1));
    }
    return this.chance(0.5) ? Object.freeze(message) : message;
  }
}

/** What becomes of a message; `undefined` where it is refused. */
function outcome(check: () => Message): string | undefined {
  try {
    const { inReplyTo, ...rest } = check();
    return JSON.stringify({ ...rest, ...(inReplyTo === undefined ? {} : { inReplyTo }) }, sorted);
  } catch {
    return undefined;
  }
}

function sorted(_key: string, value: unknown): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    : value;
}

test("the quick look at a message and its schema agree, whatever the message", () => {
  const mess = new Mess(7);
  const seen = { taken: 0, refused: 0 };
  for (let round = 0; round < 1_200; round += 1) {
    const given = mess.message();
    const bySchema = outcome(() => messageSchema.parse(given));
    expect(
      outcome(() => checkedMessage(given)),
      `message ${round}`,
    ).toBe(bySchema);
    seen[bySchema === undefined ? "refused" : "taken"] += 1;
  }

  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(200);
});

test("what is carried cannot be written into by whoever sent it", () => {
  const mess = new Mess(11);
  for (let round = 0; round < 300; round += 1) {
    const given = mess.message();
    const before = outcome(() => checkedMessage(given));
    if (before !== undefined) {
      const carried = checkedMessage(given);
      const isShared = carried === given;
      expect(isShared && !(Object.isFrozen(given) && given.metadata === noMetadata)).toBe(false);
      expect(carried.metadata !== given.metadata || Object.isFrozen(given.metadata)).toBe(true);
    }
  }
});
