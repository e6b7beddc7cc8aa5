import { similarName } from "../declared/similar-name.ts";

const fewestLetters = 3;

/** The candidate that `name` most likely means: the same but for case and signs, a slip, or a part of it. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const wanted = letters(name);
  const same = candidates.find((candidate) => letters(candidate) === wanted);
  if (same !== undefined || wanted === "") {
    return same;
  }

  const held = candidates.filter((candidate) => shares(wanted, letters(candidate)));
  return (
    similarName(name, candidates) ??
    held.toSorted((one, other) => Math.abs(one.length - name.length) - Math.abs(other.length - name.length))[0]
  );
}

function letters(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
}

/** Whether one is a part of the other; a part in letters needs three of them, one in characters of Chinese two. */
function shares(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  const fewest = /\p{Script=Han}/u.test(short) ? 2 : fewestLetters;
  return short.length >= fewest && long.includes(short);
}
