import type { TableProfile } from "../protocol/table-profile.ts";

/** One table of the session, and what it is called in SQL. */
export interface NamedTable {
  /** Letters of any script, figures and `_`; told apart without regard to case. */
  readonly name: string;
  readonly profile: TableProfile;
}

const longest = 48;

/** Words that no engine takes as the name of a table without quotes. */
const reserved = new Set(
  "all alter analyze and any array as asc both by case cast check collate column constraint create cross current_date current_time current_timestamp current_user default delete desc describe distinct do drop else end except exists explain false fetch filter for foreign from full function grant group having in inner insert intersect into is join lateral leading left like limit minus natural not null offset on only or order outer over overlaps partition pivot primary qualify range references right row rows select session_user set show some summarize table then to trailing true truncate union unique unknown unpivot update user using values variadic view when where window with".split(
    " ",
  ),
);

/** Gives every table a name that needs no quotes, made of its file and, where a file has several, of its part. */
export function namedTables(profiles: readonly TableProfile[]): readonly NamedTable[] {
  const taken = new Set<string>();
  return profiles.map((profile) => {
    const name = freeName(nameOf(profile), taken);
    taken.add(name.toLowerCase());
    return { name, profile };
  });
}

function nameOf({ name, sheets, dialect }: TableProfile): string {
  const stem = plain(name.replace(/(?:\.[^.\s]{1,8}){1,2}$/u, ""));
  const part = sheets.length > 1 && dialect.sheet !== null ? plain(dialect.sheet) : "";
  if (part === "") {
    return usable(stem);
  }

  return usable(dialect.format === "sqlite" ? part : `${stem}_${part}`);
}

/** As Python and SQL both take it for a name. */
function plain(text: string): string {
  return text
    .normalize("NFKC")
    .replaceAll(/[^\p{L}\p{Nd}_]+/gu, "_")
    .replaceAll(/^_+|_+$/gu, "");
}

function usable(name: string): string {
  const short = Array.from(name).slice(0, longest).join("");
  if (short === "" || /^\p{Nd}/u.test(short)) {
    return `t_${short}`.replace(/_$/u, "able");
  }

  return reserved.has(short.toLowerCase()) ? `${short}_table` : short;
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 2, free = name; ; number += 1) {
    if (!taken.has(free.toLowerCase())) {
      return free;
    }

    free = `${name}_${number}`;
  }
}
