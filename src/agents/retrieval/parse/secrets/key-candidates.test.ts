import { expect, test } from "vitest";
import { keyCandidates } from "./key-candidates.ts";
import { keysByForm } from "./key-forms.ts";

/** Keys of their form that open nothing; written in pieces, so that nobody takes this file for a leak. */
const mixed = "aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0dF2hJ4kL6nP8rS0uV2xY4zA6cE8gI0kM2oQ4sU6wY8";
const hex = "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9";
const capitals = "Q2W3E4R5T6Y7U2I3O4P5A6S7D2F3G4H5J6K7L2Z3X4C5V6B7N2M3Q4W5E6R7T2Y3";

const forms: readonly (readonly [begin: string, rest: string])[] = [
  ["AK", `IA${capitals.slice(0, 16)}`],
  ["AS", `IA${capitals.slice(0, 16)}`],
  ["gh", `o_${mixed.slice(0, 36)}`],
  ["github", `_pat_${mixed.slice(0, 60)}`],
  ["gl", `cbt-${mixed.slice(0, 20)}`],
  ["xoxp", `-${mixed.slice(0, 16)}`],
  ["xoxe.xoxp", `-1-${mixed.slice(0, 30)}`],
  ["xapp", `-1-A02BCD3E-1234567890-${hex.slice(0, 30)}`],
  ["sk", `-ant-api03-${mixed.slice(0, 40)}`],
  ["xai", `-${mixed.slice(0, 40)}`],
  ["gsk", `_${mixed.slice(0, 40)}`],
  ["pplx", `-${mixed.slice(0, 40)}`],
  ["csk", `-${mixed.slice(0, 40)}`],
  ["AI", `za${mixed.slice(0, 35)}`],
  ["GOC", `SPX-${mixed.slice(0, 28)}`],
  ["ya29", `.${mixed.slice(0, 40)}`],
  ["rk", `_live_${mixed.slice(0, 24)}`],
  ["wh", `sec_a+B/${mixed.slice(0, 24)}`],
  ["np", `m_${mixed.slice(0, 36)}`],
  ["py", `pi-${mixed.slice(0, 60)}`],
  ["ruby", `gems_${hex.slice(0, 48)}`],
  ["hf", `_${mixed.slice(0, 34)}`],
  ["r8", `_${mixed.slice(0, 37)}`],
  ["SG", `.${mixed.slice(0, 22)}.${mixed.slice(0, 43)}`],
  ["dop", `_v1_${hex}`],
  ["da", `pi${hex.slice(0, 32)}-2`],
  ["sh", `pat_${hex.slice(0, 32)}`],
  ["sq", `0csp-${mixed.slice(0, 43)}`],
  ["hv", `s.${mixed.slice(0, 24)}`],
  [mixed.slice(0, 14), `.atlasv1.${mixed.slice(0, 60)}`],
  ["AT", `ATT3${mixed}${mixed}`],
  ["dc", `kr_pat_${mixed.slice(0, 27)}`],
  ["gl", `sa_a/b+${mixed.slice(0, 32)}`],
  ["sn", `trys_a=b/${mixed.slice(0, 60)}`],
  ["NR", `AK-${capitals.slice(0, 27)}`],
  ["PM", `AK-${hex.slice(0, 24)}-${hex.slice(0, 34)}`],
  ["li", `n_api_${mixed.slice(0, 40)}`],
  ["nt", `n_${mixed.slice(0, 43)}`],
  ["se", `cret_${mixed.slice(0, 43)}`],
  ["fi", `gd_${mixed.slice(0, 40)}`],
  ["sb", `p_${hex.slice(0, 40)}`],
  ["ps", `cale_pw_a.b=${mixed.slice(0, 32)}`],
  ["dp", `.st.dev.${mixed.slice(0, 43)}`],
  ["LT", `AI${mixed.slice(0, 18)}`],
  ["AK", `ID${mixed.slice(0, 32)}`],
  ["AG", `E-SECRET-KEY-1${capitals.slice(0, 58)}`],
  ["ke", `y-${hex.slice(0, 32)}`],
  [hex.slice(0, 32), "-us12"],
  ["123456789", `:AA${mixed.slice(0, 33)}`],
  ["a~.", `8Q~${mixed.slice(0, 33)}`],
  ["ey", `JhbGciOiJIUzI1NiJ9.eyJ${mixed.slice(0, 20)}.${mixed.slice(0, 40)}`],
];

function found(text: string): readonly string[] {
  return keysByForm(text, keyCandidates(text)).map(({ start, end }) => text.slice(start, end));
}

test.each(forms)("a key that begins with %s is found alone and in a sentence, not inside of a word", (begin, rest) => {
  const key = begin + rest;
  expect(found(key)).toEqual([key]);
  expect(found(`日本 (${key}) and more`)).toEqual([key]);
  expect(found(`word_${key}`)).not.toContain(key);
});

test.each([
  ['secret_access_key: "', mixed.slice(0, 40), '"'],
  ["SECRET_KEY\n  ", mixed.slice(0, 40), "\n"],
  ["SharedAccessKey=", `${mixed.slice(0, 43)}=`, ";"],
  ["https://x.example.org/a?sv=1&sig=", mixed.slice(0, 43), "%3D"],
  ["client-key-data:\n  ", mixed.slice(0, 44), "\n"],
  ["//registry.example.org/:_password = ", mixed.slice(0, 20), "\n"],
  ["Proxy-Authorization: Basic ", mixed.slice(0, 24), "\n"],
  ["https://hooks.slack.com/services/", `T0AB1CD2/B0AB1CD2/${mixed.slice(0, 24)}`, "\n"],
  ["https://discord.com/api/webhooks/", `123456789012345678/${mixed.slice(0, 68)}`, "\n"],
])("what stands behind %j is a key", (before, key, behind) => {
  expect(found(`x\n${before}${key}${behind}`).some((one) => one.startsWith(key))).toBe(true);
});

test.each([1, 2, 5, 9, 20, 35])(
  "what stands at the border of two blocks of a text is found: %d characters before it",
  (before) => {
    const key = `AKIA${capitals.slice(0, 16)}`;
    const assigned = `secret_key: "${mixed.slice(0, 40)}" `;
    for (const size of [8192, 16_384]) {
      const text = "x ".repeat(size).slice(size + before);
      expect(found(`${text}${key} end`)).toEqual([key]);
      expect(found(`${text}${assigned}end`)).toHaveLength(1);
      expect(found(`${"x".repeat(size - before)} ${key}`)).toEqual([key]);
      const scheme = `${text} https`;
      expect(keyCandidates(`${scheme}://user`).addresses).toEqual([scheme.length]);
    }
  },
);

test("what stands at the end of a text is found, however long the text is", () => {
  const key = `sk-${mixed.slice(0, 40)}`;
  for (let before = 0; before < 70; before += 1) {
    const text = `${"x ".repeat(5500).slice(0, 8150 + before)} ${key}`;
    expect(found(text)).toEqual([key]);
    const name = `${"- ".repeat(50 + before)}access_key`;
    expect(keyCandidates(name).names).toEqual([name.length - 10, name.length]);
    expect(keyCandidates(`${name}:`).names).toEqual([name.length - 10, name.length]);
  }
});

test("runs of the shortest length at which they may be keys, and of one less, are told apart", () => {
  for (let before = 1; before < 40; before += 1) {
    const text = `${".".repeat(before)}sk-${"0".repeat(12)} sk-${"1".repeat(11)} ${"2".repeat(36)} ${"3".repeat(35)} ${"4".repeat(14)}.`;
    const starts = ["sk-0", "222", "444"].map((run) => text.indexOf(run));
    expect(keyCandidates(text).starts).toEqual(starts);
  }
});
