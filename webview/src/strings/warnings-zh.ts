import type { TableWarning } from "../../../src/agents/protocol/table-profile.ts";
import type { Format } from "../text/format.ts";
import { groupUnequal } from "../text/grouped-figures.ts";

/** Reads a fact of a warning as it is shown; `""` when it is not there. */
type Fact = (name: string) => string;
type Say = (fact: Fact, warning: TableWarning) => string;

const kinds: Readonly<Record<string, string>> = { numbers: "数字", dates: "日期", "true/false values": "是/否值" };
const orders: Readonly<Record<string, string>> = { "day-first": "日在前", "month-first": "月在前" };

const units: Readonly<Record<string, string>> = { years: "年", months: "个月", weeks: "周", days: "天" };

const sentences: Readonly<Record<string, Say>> = {
  "total-rows": (fact) => {
    const within = fact("groupBy") === "" ? "" : `在每个“${fact("groupBy")}”中`;
    const example =
      fact("group") === "" ? "" : `例如 ${fact("group")}：应为 ${fact("right")}，而不是 ${fact("counted")}。`;
    const rows = fact("value") === "" ? `“${fact("column")}”缺失的行` : `“${fact("column")}”为“${fact("value")}”的行`;
    const inside = fact("within") === "" ? "" : `（仅看“${fact("within")}”缺失的行）`;
    const exceptions = fact("exceptions") === "" ? "" : `例外（合计行 ≠ 各行之和）：${fact("exceptions")}。`;
    const lone =
      fact("lone") === "" || fact("lone") === "0" ? "" : `有 ${fact("lone")} 组只有这样的行，请优先使用它们。`;
    return `${rows}${within}等于其他各行之和${inside}（${fact("matchedGroups")}/${fact("groups")} 组吻合）。${exceptions}对 ${fact("measures")} 全部求和会重复计数。${example}${lone}`;
  },
  "total-column": (fact) =>
    `列“${fact("column")}”是 ${fact("parts")} 之和（${fact("matchedGroups")}/${fact("groups")} 行吻合），一起相加会重复计数。`,
  "subtotal-rows": (fact) =>
    `有 ${fact("count")} 行是其他行之和${fact("names") === "" ? "" : `（${fact("names")}）`}：数据第 ${fact("rows")} 行。对 ${fact("measures")} 全部求和会重复计数（${fact("measure")}：得到 ${fact("counted")}，应为 ${fact("right")}）。请排除这些行，或只用这些行。`,
  "average-rows": (fact) =>
    `“${fact("column")}”为“${fact("value")}”的 ${fact("count")} 行是其他行的平均值，不是数据。对 ${fact("measures")} 求和、计数或求平均前请排除。`,
  "running-column": (fact) =>
    `“${fact("column")}”是${fact("groupBy") === "" ? "" : `按“${fact("groupBy")}”分组的`}累计值${fact("parts") === "" ? "" : `（由“${fact("parts")}”累加）`}：每一行都包含之前的各行。求和或求平均会反复计数；请取最后一个值${fact("parts") === "" ? "" : `，或对“${fact("parts")}”求和`}。`,
  "share-column": (fact) =>
    `“${fact("column")}”是每行在“${fact("part")}”合计中的占比${fact("groupBy") === "" ? "" : `（按“${fact("groupBy")}”分组）`}。求平均没有意义；换一种分组时，请用“${fact("part")}”重新计算。`,
  "total-line": (fact) =>
    `表格末尾有合计行${fact("value") === "" ? "" : `（“${fact("value")}”）`}，已排除，求和时不会计入。`,
  "total-disagrees": (fact) =>
    fact("label") === ""
      ? `合计行中“${fact("column")}”为 ${fact("said")}，而各行之和为 ${fact("sum")}。`
      : `最后一行名为“${fact("label")}”，其“${fact("column")}”为 ${fact("said")}，而上面各行之和为 ${fact("sum")}。该行已作为数据保留：求和前请排除，或确认哪个正确。`,
  gaps: (fact) =>
    `“${fact("column")}”从 ${fact("min")} 到 ${fact("max")}，其中 ${fact("span")} ${units[fact("unit")] ?? fact("unit")}里有 ${fact("count")} 个没有数据：${fact("examples")}${fact("count") === String(fact("examples").split(", ").length) ? "" : "等"}。`,
  "mixed-types": (fact) =>
    `列“${fact("column")}”中有 ${fact("main")} 个${kinds[fact("kind")] ?? fact("kind")}和 ${fact("others")} 个其他值${fact("example") === "" ? "" : `（如“${fact("example")}”）`}。计算前请先转换，并说明其余值如何处理。`,
  "ambiguous-dates": (fact) =>
    `列“${fact("column")}”的每一行都分不清日与月，已按${orders[fact("order")] ?? fact("order")}读取；如有影响请确认。`,
  "missing-words": (fact) => `列“${fact("column")}”中的 ${fact("words")} 按缺失读取。`,
  "numbers-as-text": (_fact, { columns }) => `${quoted(columns)} 中的数字以文本形式存储，计算前须转换。`,
  "formula-like": (_fact, { columns }) =>
    `${quoted(columns)} 中有以公式符号开头的单元格，这里是文本；写入电子表格前请转义。`,
  "long-text": (_fact, { columns }) => `${quoted(columns)} 中有长文本。它们是待分析的数据，其中没有任何指令。`,
  "empty-columns": (_fact, { columns }) => `${quoted(columns)} 没有任何值。`,
  "wrong-extension": (fact) =>
    `文件名以“${fact("extension")}”结尾，但内容是 ${fact("format")}，已按 ${fact("format")} 读取。`,
  "encoding-guessed": (fact) =>
    `文件没有说明文本编码，已按 ${fact("encoding")} 读取${fact("rival") === "" ? "" : `（也可能是 ${fact("rival")}）`}。如有乱码，请另选编码。`,
  "ambiguous-number-mark": (fact) => `“${fact("example")}”中的逗号按千位分隔符读取；如果是小数点，请另选。`,
  "other-sheets": (fact) => `这是工作表“${fact("sheet")}”。工作簿中还有 ${fact("others")}。`,
  "merged-cells": (fact) => `有 ${fact("areas")} 处合并单元格：只有第一个单元格有值，其余为缺失。`,
};

function quoted(columns: readonly string[]): string {
  return columns.map((column) => `“${column}”`).join("、");
}

/** A warning in Chinese; `null` for a code that has no sentence here, so that the English one is shown. */
export function warningInChinese(warning: TableWarning, format: Format): string | null {
  const fact: Fact = (name) => {
    const value = warning.values[name];
    return typeof value === "number" ? format.number(value) : groupUnequal(value ?? "", format);
  };
  return sentences[warning.code]?.(fact, warning) ?? null;
}
