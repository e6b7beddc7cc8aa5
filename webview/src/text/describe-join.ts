import type { TableJoin } from "../../../src/agents/protocol/table-join.ts";
import type { Strings } from "../strings/en.ts";
import type { Format } from "./format.ts";

const examplesNamed = 3;

/** A join in words. */
export interface DescribedJoin {
  readonly leftColumns: string;
  readonly rightColumns: string;
  /** How much fits, such as `98 % of values match · many-to-one`. */
  readonly facts: string;
  /** What would go wrong if nobody knew. */
  readonly cautions: readonly string[];
  /** Begins a question that joins the files. */
  readonly question: string;
}

/** Says a join in the page's language. */
export function describeJoin(join: TableJoin, strings: Strings, format: Format): DescribedJoin {
  const { left, right, also = [], cardinality, normalise } = join;
  const pairs = [{ left: left.column, right: right.column }, ...also];
  const about = join.approximate === true ? "≈ " : "";
  const multiplies = cardinality === "many-to-many";
  const facts = [about + matchOf(join, strings, format), multiplies ? null : strings.cardinalities[cardinality]];
  return {
    leftColumns: pairs.map((pair) => pair.left).join(" + "),
    rightColumns: pairs.map((pair) => pair.right).join(" + "),
    facts: facts.filter((fact) => fact !== null).join(" · "),
    cautions: [
      ...(multiplies ? [strings.cardinalities[cardinality]] : []),
      ...normalise.map((difference, index) => withExample(strings.normalisations[difference], join, index, strings)),
      ...lacking(join, strings),
    ],
    question: strings.joinQuestion(
      left.name,
      right.name,
      pairs.map((pair) => `${pair.left} = ${pair.right}`).join(", "),
    ),
  };
}

/** The share that matters: of the side whose rows are looked up in the other, else of the one that fits worse. */
function matchOf({ left, right, cardinality }: TableJoin, strings: Strings, format: Format): string {
  const worse = Math.min(left.found, right.found);
  const share = cardinality === "many-to-one" ? left.found : cardinality === "one-to-many" ? right.found : worse;
  return strings.joinMatch(format.percent(share));
}

/** The first difference is shown by a value that is written in two ways. */
function withExample(words: string, { examples }: TableJoin, index: number, strings: Strings): string {
  const example = index === 0 ? examples.find(({ left, right }) => left !== right) : undefined;
  return example === undefined ? words : `${words}: ${strings.joinExample(example.left, example.right)}`;
}

function lacking({ left, right }: TableJoin, strings: Strings): readonly string[] {
  const list = (values: readonly string[]): string =>
    values.slice(0, examplesNamed).join(strings.listSeparator) + (values.length > examplesNamed ? "…" : "");
  return [
    ...(left.unmatched.length === 0 ? [] : [strings.joinLacks(right.name, list(left.unmatched))]),
    ...(right.unmatched.length === 0 || left.found < 1 ? [] : [strings.joinLacks(left.name, list(right.unmatched))]),
  ];
}
