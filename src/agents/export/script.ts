import { plainCitationLines } from "./citation-lines.ts";
import type { ExportCell, ExportDocument, ExportSection } from "./export-document.ts";
import { withoutControls } from "./markdown-text.ts";
import { awaitsAtTop, endsWithName, pythonString, withShownEnd, withoutMagics } from "./rewrite-code.ts";
import { cellNotes, momentText, pathNote, setupNeeds } from "./session-facts.ts";
import { restartCode, scriptSetup } from "./setup-code.ts";

/**
 * A Python script in cells (`# %%`) of what was asked and answered: `python script.py` prints what the cells showed and
 * saves their plots beside the script.
 *
 * @param picturePrefix How the names of the plots begin.
 */
export function scriptText(document: ExportDocument, picturePrefix: string): string {
  const { strings, title, files, sections, exportedAt } = document;
  const needs = setupNeeds(document);
  const head = [
    title,
    strings.exportedOn(momentText(exportedAt, strings)),
    ...files.map(({ name, profile }) =>
      profile === null
        ? name
        : `${name}: ${strings.rowsAndColumns(String(profile.rowCount), String(profile.columns.length))}`,
    ),
    pathNote(document),
  ];
  const awaits = sections.some(({ parts }) => parts.some((part) => part.kind === "cell" && awaitsAtTop(part.code)));
  const parts = [
    comment(head.join("\n")),
    `# %%\n${scriptSetup(needs, strings.setup, picturePrefix)}`,
    ...(awaits ? [awaitFunction] : []),
    ...sections.flatMap((section) => sectionParts(section, document, needs.draws)),
  ];
  return `${parts.map((part) => part.trimEnd()).join("\n\n")}\n`.toWellFormed();
}

function sectionParts(section: ExportSection, { strings }: ExportDocument, draws: boolean): readonly string[] {
  const { turn, isPreparation } = section;
  const heading = isPreparation ? strings.preparation : strings.question;
  const cells = section.parts.flatMap((part) => (part.kind === "cell" ? [part] : []));
  const answers = section.parts.flatMap((part) =>
    part.kind === "answer" ? [[part.block.text, ...plainCitationLines(part.block, strings)].join("\n")] : [],
  );
  return [
    `# %% [markdown]\n${comment(`${heading}: ${turn.question}`)}`,
    ...cells.flatMap((cell) => [
      ...(cell.restartsBefore ? [`# %%\n${restartCode(strings.setup)}`] : []),
      `# %%\n${[...cellNotes(cell, strings).map(comment), scriptCode(cell, draws)].join("\n")}`,
    ]),
    ...answers.map((answer) => `# %% [markdown]\n${comment(`${strings.answer}: ${answer}`)}`),
  ];
}

function scriptCode({ cell, code }: ExportCell, draws: boolean): string {
  const { outputs } = cell.block;
  // What draws gives back what it drew; only a name can stand for the picture itself.
  const isPicture = outputs.some(({ type }) => type === "image") && endsWithName(code);
  const showsValue = isPicture || outputs.some(({ type }) => type === "value" || type === "table");
  const shown = showsValue && cell.how !== "guarded" ? withShownEnd(code.trimEnd()) : code.trimEnd();
  const runs = awaitsAtTop(shown) ? `_run_waiting(${pythonString(shown)})` : withoutMagics(shown);
  const drew = draws && outputs.some(({ type }) => type === "image");
  return drew ? `${runs}\nsave_pictures()` : runs;
}

/** Code that waits outside of a coroutine runs as notebooks run it, with its variables kept. */
const awaitFunction = `# %%
import ast
import asyncio
import inspect

_loop = asyncio.new_event_loop()


def _run_waiting(code):
    result = eval(compile(code, "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), globals())
    if inspect.iscoroutine(result):
        _loop.run_until_complete(result)`;

/** Comments cannot be left by any end of a line that Python or an editor knows. */
function comment(text: string): string {
  return withoutControls(text)
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map((line) => `# ${line}`.trimEnd())
    .join("\n");
}
