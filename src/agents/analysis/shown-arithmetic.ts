import { unsupportedFigures } from "./unsupported-figures.ts";

const figure = String.raw`\d{1,3}(?:[,\u00a0\u202f\u2009']\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?`;
const unit = String.raw`(?:[^\S\n]*(?:[%％€$¥£]|\p{L}{1,8}))?`;
const calculation = new RegExp(
  String.raw`(?<left>${figure})(?<leftUnit>${unit})[^\S\n]*(?<sign>[+\-−–×xX*·/÷])[^\S\n]*(?<right>${figure})(?<rightUnit>${unit})[^\S\n]*[=＝≈][^\S\n]*(?:[€$¥£][^\S\n]*)?(?<result>${figure})`,
  "gu",
);

/**
 * The results of calculations that a text shows, `1200 × 3% = 36`: those that are right and begin from figures in `known`, or
 * from ones too small to say anything.
 */
export function shownResults(text: string, known: string): readonly string[] {
  const bare = text.replaceAll(/[*_`]{1,2}(?=[\d€$¥£])|(?<=[\d%％\p{L}])\*\*/gu, "");
  return [...bare.matchAll(calculation)].flatMap(({ groups = {} }) => {
    const { left = "", leftUnit = "", sign = "", right = "", rightUnit = "", result = "" } = groups;
    const value = valueOf(sign, scaled(left, leftUnit), scaled(right, rightUnit));
    const isKnown = unsupportedFigures(`${left} ${right}`, known).length === 0;
    return isKnown && isRounded(plain(result), value, result) ? [result] : [];
  });
}

function valueOf(sign: string, left: number, right: number): number {
  switch (sign) {
    case "+":
      return left + right;
    case "-":
    case "−":
    case "–":
      return left - right;
    case "/":
    case "÷":
      return left / right;
    default:
      return left * right;
  }
}

function scaled(written: string, after: string): number {
  return /[%％]/u.test(after) ? plain(written) / 100 : plain(written);
}

function plain(written: string): number {
  return Number(written.replaceAll(/[^\d.]/gu, ""));
}

/** Whether a figure is a value to as many decimals as it is written with; of a share it may be the percentage. */
function isRounded(stated: number, value: number, written: string): boolean {
  const decimals = /\.(\d+)$/u.exec(written)?.[1]?.length ?? 0;
  const tolerance = 0.5 * 10 ** -decimals * (1 + 1e-9);
  return [value, value * 100].some((candidate) => Math.abs(candidate - stated) <= tolerance);
}
