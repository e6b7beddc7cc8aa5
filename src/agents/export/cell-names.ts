import { type LineNames, lineNames } from "./line-names.ts";
import { type PythonLine, type PythonStatement, pythonStatements } from "./python-statements.ts";
import { stringValue } from "./python-tokens.ts";

/** What a cell does with the variables of its Python, as far as reading its code tells; on the safe side. */
export interface CellNames {
  /** Variables that it needs from before. */
  readonly needs: ReadonlySet<string>;
  /** Variables that it sets, whatever happens in it, so that nothing from before matters for them. */
  readonly replaces: ReadonlySet<string>;
  /** Variables that it may set. */
  readonly sets: ReadonlySet<string>;
  /** Variables from before whose value it may change in place. */
  readonly changes: ReadonlySet<string>;
  /** Functions and classes that it defines, with the variables that running them needs. */
  readonly functions: ReadonlyMap<string, ReadonlySet<string>>;
  /** Variables that may share a value, in groups. */
  readonly shares: readonly ReadonlySet<string>[];
  /** Names that are modules. */
  readonly modules: ReadonlySet<string>;
  /** Last parts of the texts in it that could name files. */
  readonly texts: ReadonlySet<string>;
  readonly anything: boolean;
}

class Names implements CellNames {
  readonly needs = new Set<string>();
  readonly replaces = new Set<string>();
  readonly sets = new Set<string>();
  readonly changes = new Set<string>();
  readonly functions = new Map<string, ReadonlySet<string>>();
  readonly shares: ReadonlySet<string>[] = [];
  readonly modules = new Set<string>();
  readonly texts = new Set<string>();
  anything = false;
  /** Variables whose value was made in this cell. */
  readonly own = new Set<string>();
  /** Functions of the session. */
  readonly known: ReadonlySet<string>;

  constructor(known: ReadonlySet<string>) {
    this.known = known;
  }
}

/** Functions and classes of the session: what they are given may be changed by them. */
export function definedNames(codes: readonly string[]): ReadonlySet<string> {
  return new Set(codes.flatMap((code) => pythonStatements(code).flatMap((found) => definedName(found) ?? [])));
}

/**
 * Reads a cell's code.
 *
 * @param options `functions`: see {@link definedNames}. `lastLine`, 1-based: statements that start after it are left out,
 *   because they never ran.
 */
export function cellNames(
  code: string,
  options: { readonly functions?: ReadonlySet<string>; readonly lastLine?: number } = {},
): CellNames {
  const { functions = new Set<string>(), lastLine = Number.POSITIVE_INFINITY } = options;
  const names = new Names(functions);
  for (const statement of pythonStatements(code).filter(({ line }) => line <= lastLine)) {
    readTexts(names, statement);
    if (definedName(statement) === undefined) {
      readStatement(names, statement);
    } else {
      readDefinition(names, statement);
    }
  }

  return names;
}

function readTexts(names: Names, { lines }: PythonStatement): void {
  for (const token of lines.flatMap(({ tokens }) => tokens)) {
    const last = stringValue(token)?.split(/[\\/]/).at(-1);
    if (last !== undefined && last !== "" && last.length < 256) {
      names.texts.add(last);
    }
  }
}

function definedName({ lines }: PythonStatement): string | undefined {
  const words = lines.find(({ tokens }) => tokens[0]?.text !== "@")?.tokens.map(({ text }) => text) ?? [];
  const start = words[0] === "async" ? 1 : 0;
  return words[start] === "def" || words[start] === "class" ? words[start + 1] : undefined;
}

/** What a function needs matters where it is called; what its decorators, defaults and a class's body need, at once. */
function readDefinition(names: Names, statement: PythonStatement): void {
  const name = definedName(statement) ?? "";
  const read = statement.lines.map((line) => ({ line, found: lineNames(line.tokens) }));
  const local = new Set(read.flatMap(({ found }) => [...found.binds]));
  const parameters = new Set(read.flatMap(({ line }) => parametersOf(line)));
  const free = new Set(
    read.flatMap(({ found }) => [...found.mentions]).filter((used) => !local.has(used) && !parameters.has(used)),
  );
  const isClass = statement.lines.some(({ tokens }) => tokens[0]?.text === "class");
  for (const { line, found } of read) {
    names.anything ||= found.anything;
    if (isClass || line.indent === 0) {
      found.mentions.forEach((used) => need(names, free.has(used) ? used : ""));
    }
  }

  names.functions.set(name, free);
  set(names, name);
  names.own.add(name);
}

function parametersOf({ tokens }: PythonLine): readonly string[] {
  const isFunction = tokens[0]?.text === "def" || (tokens[0]?.text === "async" && tokens[1]?.text === "def");
  return isFunction
    ? tokens.flatMap(({ kind, text }, index) =>
        kind === "name" && /^(?:[(,]|\*\*?)$/.test(tokens[index - 1]?.text ?? "") ? [text] : [],
      )
    : [];
}

function need(names: Names, name: string): void {
  if (name !== "" && !names.replaces.has(name)) {
    names.needs.add(name);
  }
}

function set(names: Names, name: string): void {
  names.sets.add(name);
  names.replaces.add(name);
}

/** A block of a compound statement: what has been set for certain while it runs. */
interface Frame {
  readonly indent: number;
  readonly bound: Set<string>;
  /** Whether the block runs for certain, as that of `with` does. */
  readonly certain: boolean;
}

function readStatement(names: Names, statement: PythonStatement): void {
  const frames: Frame[] = [{ indent: 0, bound: new Set(), certain: true }];
  let header: { readonly binds: ReadonlySet<string>; readonly certain: boolean } | undefined;
  for (const line of statement.lines) {
    const top = enter(frames, line.indent, header);
    const found = lineNames(line.tokens);
    const known = new Set(frames.flatMap(({ bound }) => [...bound]));
    found.mentions.forEach((name) => need(names, known.has(name) ? "" : name));
    readLine(names, found, line);
    const word = line.tokens[0]?.text ?? "";
    header = line.tokens.at(-1)?.text === ":" ? { binds: found.binds, certain: word === "with" } : undefined;
    if (header === undefined || header.certain) {
      found.binds.forEach((name) => top.bound.add(name));
    }
  }

  enter(frames, 0, undefined).bound.forEach((name) => names.replaces.add(name));
}

/** The frame of a line: deeper lines open one, shallower ones close some. */
function enter(
  frames: Frame[],
  indent: number,
  header: { readonly binds: ReadonlySet<string>; readonly certain: boolean } | undefined,
): Frame {
  let top = frames.at(-1);
  while (top !== undefined && top.indent > indent) {
    frames.pop();
    const below = frames.at(-1);
    if (top.certain && below !== undefined) {
      top.bound.forEach((name) => below.bound.add(name));
    }

    top = below;
  }

  if (top === undefined || indent > top.indent) {
    top = { indent, bound: new Set(header?.binds), certain: header?.certain ?? false };
    frames.push(top);
  }

  return top;
}

const builtIns = new Set(
  "abs all any bool bytes dict display enumerate filter float format frozenset int isinstance iter len list map max min object open print range repr reversed round set sorted str sum tuple type zip Exception KeyError ValueError".split(
    " ",
  ),
);
const makers = /^(?:read_\w+|DataFrame|Series|open|list|dict|set|copy|deepcopy)$/;

/** Whether what is assigned comes straight from a call that makes something new: `frame = pd.read_csv(…)`. */
function makesNew({ tokens }: PythonLine): boolean {
  const value = tokens.slice(tokens.findIndex(({ text }) => text === "=") + 1);
  const head = value.slice(
    0,
    Math.max(
      0,
      value.findIndex(({ text }) => text === "("),
    ),
  );
  const isName = head.every(({ kind, text }) => kind === "name" || text === ".");
  return isName && makers.test(head.at(-1)?.text ?? "");
}

function readLine(names: Names, found: LineNames, line: PythonLine): void {
  names.anything ||= found.anything;
  found.imports.forEach((name) => names.modules.add(name));
  found.changes.forEach((name) => {
    if (names.modules.has(name) || !(names.own.has(name) || builtIns.has(name))) {
      names.changes.add(name);
    }
  });
  const values = [...found.mentions].filter((name) => !names.modules.has(name) && !builtIns.has(name));
  if (values.some((name) => names.known.has(name))) {
    values.filter((name) => !names.own.has(name)).forEach((name) => names.changes.add(name));
  }

  const isMade = makesNew(line);
  const makesOwn = isMade || values.every((name) => names.own.has(name));
  for (const name of found.binds) {
    names.sets.add(name);
    if (makesOwn) {
      names.own.add(name);
    } else {
      names.own.delete(name);
    }
  }

  if (found.binds.size > 0 && values.length > 0 && !isMade) {
    names.shares.push(new Set([...found.binds, ...values]));
  }

  if (line.tokens.some(({ text }) => text === "lambda")) {
    found.binds.forEach((name) => names.functions.set(name, new Set(values)));
  }
}
