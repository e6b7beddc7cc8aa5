/** Characters of a set, as an escape sequence chooses it. */
interface CharacterSet {
  readonly bytes: 1 | 2;
  /** What EUC-JP has before a character of the set. */
  readonly prefix: readonly number[];
}

const plain: CharacterSet = { bytes: 1, prefix: [] };
const escape = 0x1b;

/** Escape sequences by what follows the escape. */
const sets: Readonly<Record<string, CharacterSet>> = {
  "(B": plain,
  "(J": plain,
  "(I": { bytes: 1, prefix: [0x8e] },
  $B: { bytes: 2, prefix: [] },
  "$@": { bytes: 2, prefix: [] },
  "$(D": { bytes: 2, prefix: [0x8f] },
};
const longestSequence = 4;

// oxlint-disable-next-line no-control-regex -- escapes are what is looked for
const japanese = /\u001b\$[@B][\u0021-\u007e]{2,}\u001b\([BJ]/u;

/** Says whether ASCII bytes switch to Japanese and back, as ISO-2022-JP does. */
export function isIso2022Jp(head: Buffer): boolean {
  return head.includes(escape) && japanese.test(head.toString("latin1"));
}

/**
 * Turns ISO-2022-JP into EUC-JP, piece by piece: the same characters, without escape sequences.
 *
 * @returns the bytes of the next piece as EUC-JP
 */
export function eucFromIso2022(): (bytes: Buffer) => Buffer {
  let rest: Buffer = Buffer.alloc(0);
  let set = plain;
  return (bytes) => {
    const all = Buffer.concat([rest, bytes]);
    const found: number[] = [];
    let at = 0;
    while (at < all.length) {
      const byte = all[at] ?? 0;
      if (byte === escape) {
        const known = Object.keys(sets).find(
          (sequence) => all.toString("latin1", at + 1, at + 1 + sequence.length) === sequence,
        );
        if (known === undefined && all.length - at < longestSequence) {
          break;
        }
        set = (known === undefined ? undefined : sets[known]) ?? set;
        at += 1 + (known?.length ?? 0);
      } else if (byte <= 0x20 || set === plain) {
        set = byte === 10 || byte === 13 ? plain : set;
        found.push(byte);
        at += 1;
      } else if (at + set.bytes > all.length) {
        break;
      } else {
        found.push(...set.prefix, ...all.subarray(at, at + set.bytes).map((code) => code + 0x80));
        at += set.bytes;
      }
    }
    rest = Buffer.from(all.subarray(at));
    return Buffer.from(found);
  };
}
