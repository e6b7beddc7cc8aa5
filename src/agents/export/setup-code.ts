import type { CodePaths } from "./export-place.ts";
import { pythonString } from "./rewrite-code.ts";

/** What exported code needs beside itself. */
export interface SetupNeeds {
  readonly paths: CodePaths;
  /** Packages of the reading calls, where the code uses them. */
  readonly usesPandas: boolean;
  readonly draws: boolean;
  /** Whether Python was started anew between two of the cells. */
  readonly restarts: boolean;
}

/** Fonts with Chinese glyphs in the order in which the product prefers them, and those that code asks for by habit. */
const fonts = `_chinese = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC", "PingFang HK",
    "Hiragino Sans GB", "Heiti SC", "STHeiti", "Microsoft YaHei", "SimHei", "Noto Sans CJK JP", "Noto Sans CJK TC",
    "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Sarasa Gothic SC", "Arial Unicode MS", "Droid Sans Fallback",
    "Noto Serif CJK SC", "Noto Serif CJK JP", "AR PL UMing CN", "AR PL UKai CN", "SimSun",
)
_habitual = ("SimHei", "Microsoft YaHei", "PingFang SC", "WenQuanYi Micro Hei", "Noto Sans CJK SC", "Heiti SC", "SimSun", "Arial")`;

const adoptFont = `def _adopt_chinese_font():
    """Puts a font with Chinese glyphs first; names that are asked for and not installed lead to it too."""
    regular = {}
    for entry in font_manager.fontManager.ttflist:
        if entry.style == "normal" and entry.weight in (400, 500, "normal", "regular", "book", "roman", "medium"):
            regular.setdefault(entry.name, entry)
    found = next((regular[name] for name in _chinese if name in regular), None)
    if found is None:
        return
    present = {entry.name for entry in font_manager.fontManager.ttflist}
    for name in _habitual:
        if name not in present:
            alias = copy.copy(found)
            object.__setattr__(alias, "name", name)
            font_manager.fontManager.ttflist.append(alias)
    families = [name for name in matplotlib.rcParams["font.sans-serif"] if name != found.name]
    matplotlib.rcParams["font.sans-serif"] = [found.name, *families]`;

/** The first cell of a notebook: what the product sets up by itself, in plain code; empty where nothing is needed. */
export function notebookSetup(needs: SetupNeeds, comments: SetupComments): string {
  const { workingDirectory } = needs.paths;
  const moves = workingDirectory !== "";
  const prepare = [
    ...(moves ? [`os.chdir(${notebookFolder(needs.paths)})`] : []),
    ...(needs.draws ? ["matplotlib.rcdefaults()", ...drawing, "_adopt_chinese_font()"] : []),
  ];
  const imports = [
    ...(needs.draws ? ["import copy"] : []),
    ...(moves ? ["import os"] : []),
    ...(needs.draws
      ? ["", "import matplotlib", "import matplotlib.pyplot as plt", "from matplotlib import font_manager"]
      : []),
    ...(needs.usesPandas ? [...(needs.draws ? [] : [""]), "import pandas as pd"] : []),
  ];
  const folder = moves && workingDirectory !== null ? ['_folder = globals().get("_folder", os.getcwd())'] : [];
  return sections([
    [`# ${comments.setup}`],
    trimmed(imports),
    folder.length > 0 ? [`# ${comments.folder}`, ...folder] : [],
    needs.draws ? [`# ${comments.fonts}`, fonts] : [],
    needs.draws ? [adoptFont] : [],
    preparation(prepare, needs.restarts),
  ]);
}

/** Sentences that setup code carries, in the language of the export. */
export interface SetupComments {
  readonly setup: string;
  readonly folder: string;
  readonly fonts: string;
  readonly pictures: string;
  readonly restart: string;
  readonly display: string;
}

const drawing = ['matplotlib.rcParams["figure.dpi"] = 144', 'matplotlib.rcParams["savefig.dpi"] = 100'];

function notebookFolder({ workingDirectory, absoluteWorkingDirectory }: CodePaths): string {
  return workingDirectory === null
    ? pythonString(absoluteWorkingDirectory)
    : `os.path.join(_folder, ${pythonString(workingDirectory)})`;
}

/** Done at once, or, where Python is started anew in between, by a function that is called again then. */
function preparation(lines: readonly string[], again: boolean): readonly string[] {
  if (!again) {
    return lines;
  }

  const body = (lines.length === 0 ? ["pass"] : lines).map((line) => `    ${line}`);
  return ["def _prepare():", ...body, "", "", "_prepare()", "_kept = set(globals())"];
}

/** Code that stands where Python was started anew: variables are gone, settings are as they were at first. */
export function restartCode(comments: SetupComments): string {
  return [
    `# ${comments.restart}`,
    'for _name in [name for name in globals() if name not in _kept and not name.startswith("_")]:',
    "    del globals()[_name]",
    "_prepare()",
  ].join("\n");
}

/** The first cell of a script. @param picturePrefix How the names of its pictures begin. */
export function scriptSetup(needs: SetupNeeds, comments: SetupComments, picturePrefix: string): string {
  const { workingDirectory, absoluteWorkingDirectory } = needs.paths;
  const folder =
    workingDirectory === null
      ? pythonString(absoluteWorkingDirectory)
      : workingDirectory === ""
        ? "_folder"
        : `os.path.join(_folder, ${pythonString(workingDirectory)})`;
  const prepare = [
    `os.chdir(${folder})`,
    ...(needs.draws ? ["matplotlib.rcdefaults()", 'matplotlib.use("Agg")', "_adopt_chinese_font()"] : []),
    ...(needs.usesPandas ? ['pd.set_option("display.max_columns", 20)'] : []),
  ];
  return sections([
    [`# ${comments.setup}`],
    [...(needs.draws ? ["import copy"] : []), "import os"],
    trimmed([
      ...(needs.draws ? ["import matplotlib", "import matplotlib.pyplot as plt"] : []),
      ...(needs.usesPandas ? ["import pandas as pd"] : []),
      ...(needs.draws ? ["from matplotlib import font_manager"] : []),
    ]),
    [`# ${comments.folder}`, "_folder = os.path.dirname(os.path.abspath(__file__))"],
    needs.draws ? [`# ${comments.fonts}`, fonts] : [],
    needs.draws ? [adoptFont] : [],
    needs.draws ? [savePictures(picturePrefix, comments.pictures)] : [],
    [displayFunction(needs.draws, comments.display)],
    preparation(prepare, needs.restarts),
  ]);
}

function savePictures(prefix: string, comment: string): string {
  return `# ${comment}
_pictures = 0


def _picture_file():
    global _pictures
    _pictures += 1
    file = os.path.join(_folder, ${pythonString(prefix)} + f"-{_pictures}.png")
    print(file)
    return file


def save_pictures(*_arguments, **_options):
    for number in plt.get_fignums():
        figure = plt.figure(number)
        if figure.axes or figure.texts or figure.images:
            figure.savefig(_picture_file(), dpi=144, bbox_inches="tight")
        plt.close(figure)


plt.show = save_pictures`;
}

function displayFunction(draws: boolean, comment: string): string {
  const skip = draws
    ? [
        '        if value is None or type(value).__module__.startswith("matplotlib"):',
        "            continue",
        '        if hasattr(value, "_repr_png_"):',
        '            with open(_picture_file(), "wb") as _target:',
        "                _target.write(value._repr_png_())",
        "            continue",
      ]
    : ["        if value is None:", "            continue"];
  const lines = ["def display(*values, **_options):", "    for value in values:", ...skip, "        print(value)"];
  return [`# ${comment}`, ...lines].join("\n");
}

function sections(parts: readonly (readonly string[])[]): string {
  const filled = parts.filter((lines) => lines.length > 0);
  return filled.length < 2 ? "" : filled.map((lines) => lines.join("\n")).join("\n\n");
}

function trimmed(lines: readonly string[]): readonly string[] {
  return lines[0] === "" ? lines.slice(1) : lines;
}
