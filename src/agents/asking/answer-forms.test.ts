import { expect, test } from "vitest";
import { answerBlockOf } from "../testing/asking-fixture.ts";
import { useAsking } from "../testing/use-asking.ts";

const handbook = "Refunds are paid within 14 days. A fee of EUR 20 is charged.\n\nHolidays: 28 days a year.";

const open = useAsking();
const quoted = 'Within 14 days [1: "within 14 days"].';

test.each([
  ["a list of sources", `${quoted}\n\nSources:\n[1]\n- [1: "within 14 days"]`, "Within 14 days [1]."],
  ["a heading and sources", `${quoted}\n\n**References**\n1. [1]`, "Within 14 days [1]."],
  ["sources in Chinese", `${quoted}\n来源：[1]、[2]`, "Within 14 days [1]."],
  ["sources that say more", `${quoted}\n\nSources:\n- a good book`, "Within 14 days [1].\n\nSources:\n- a good book"],
  ["a word that only begins so", `${quoted}\nSource of it all.`, "Within 14 days [1].\nSource of it all."],
  ["sources that alone cite", 'Soon.\n\nSources: [1: "within 14 days"]', "Soon.\n\nSources: [1]"],
  ["JSON", JSON.stringify({ answer: quoted }), "Within 14 days [1]."],
  [
    "JSON with citations in a fence",
    '```json\n{"answer": "Soon.", "citations": [{"passage": 1, "quote": "within 14 days"}]}\n```',
    "Soon. [1]",
  ],
  ["code that is no such JSON", `{ "fee": 20 } ${quoted}`, '{ "fee": 20 } Within 14 days [1].'],
  ["only a quote", '[1: "Refunds are paid within 14 days"]', "Refunds are paid within 14 days [1]"],
  ["a quote as an item", 'So:\n- [1: "within 14 days"]', "So:\n- within 14 days [1]"],
  ["a quote below its sentence", 'Quite soon.\n[1: "within 14 days"]', "Quite soon.\n[1]"],
  ["a word for the passage", "Refunds are paid within 14 days (Passage 1).", "Refunds are paid within 14 days [1]."],
])("an answer is shown alike however a model writes it: %s", async (_what, text, shown) => {
  const { session, author, assertFinished } = await open({ files: { "handbook.md": handbook } });
  author.expect({ text, pieceLength: 1 });
  const turn = await session.ask("When are refunds paid?");
  expect(answerBlockOf(turn)).toMatchObject({ text: shown, doubts: [], citations: [{ number: 1, passage: 1 }] });
  assertFinished();
});
