import type { TableWarning } from "../table-profile.ts";
import { groupUnequal } from "./grouped-figures.ts";
import type { NumberWords } from "./number-words.ts";

/** Reads a fact of a warning as it is shown; `""` when it is not there. */
type Fact = (name: string) => string;
type Say = (fact: Fact, warning: TableWarning) => string;

const kinds: Readonly<Record<string, string>> = { numbers: "数字", dates: "日期", "true/false values": "是/否值" };
const orders: Readonly<Record<string, string>> = { "day-first": "日在前", "month-first": "月在前" };

const wholes: Readonly<Record<string, string>> = {
  archive: "压缩包",
  database: "数据库",
  page: "网页",
  workbook: "工作簿",
};

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
  "unclosed-quote": (fact) =>
    `第 ${fact("line")} 行的引号没有闭合，引号已按普通字符读取；请检查第 ${fact("line")} 行。`,
  "short-rows": (fact) => `有 ${fact("rows")} 行单元格不足，末尾缺少的按缺失读取（首见第 ${fact("line")} 行）。`,
  "long-rows": (fact) =>
    `有 ${fact("rows")} 行的单元格多于列数，多出的部分已舍去（首见第 ${fact("line")} 行）。可能是单元格内的分隔符没有加引号。`,
  "nul-bytes": () => "文件中有 NUL 字符，有些程序无法读取；文件可能已损坏。",
  "replaced-characters": (fact) =>
    `有 ${fact("characters")} 个字符无法解码，显示为“\ufffd”。编码可能选错，或文本已损坏。`,
  "no-header": () => "第一行看起来是数据，因此各列命名为 column_1、column_2……",
  "narrow-header": () => "表头的列名少于每行的单元格，其余各列使用了自动名称。",
  "unnamed-columns": (fact, { columns }) =>
    `有 ${fact("count")} 列在表头中没有名称，已自动命名（${quoted(columns)}）。`,
  "duplicate-headers": (fact, { columns }) => `有列名重复，后面的 ${fact("count")} 列已改名（${quoted(columns)}）。`,
  "no-rows": () => "表格只有表头，没有数据行。",
  "duplicate-rows": (fact) =>
    `${fact("about") === "" ? "" : "大约"}有 ${fact("rows")} 行与前面的某一行完全相同，计数或求和会重复计算。`,
  "footer-lines": (fact) => `末尾 ${fact("rows")} 行是备注或平均值，不是数据，已排除。`,
  "totals-in-part": (fact) => `只在前 ${fact("rows")} 行（共 ${fact("all")} 行）中查找了合计。`,
  "file-changed": () => "读取期间文件发生了变化，请重新读取。",
  "filled-down": (fact) =>
    `“${fact("columns")}”只写在每一块的第一行，下面的行都属于它。分组前请先向下填充（ffill），否则这些行会丢失。`,
  "wide-periods": (fact) =>
    `有 ${fact("count")} 列是时间段（${fact("first")} 至 ${fact("last")}）。按时间分组、筛选或画图前，请先用 df.melt 转成长表。`,
  "constant-columns": (_fact, { columns }) => `${quoted(columns)} 在所有行中只有一个值。`,
  "repeated-keys": (fact) =>
    `“${fact("column")}”在 ${fact("rows")} 行中有 ${fact("repeats")} 行重复。如果它是编号，按它计数或连接会重复计算。`,
  "sentinel-values": (fact) =>
    `“${fact("column")}”中的 ${fact("value")}（${fact("count")} 次）远离其他值，多半表示缺失，却计入了平均值与合计；请先排除。`,
  outliers: (fact) =>
    `“${fact("column")}”有 ${fact("count")} 个值远大于其他值：最大 ${fact("value")}，其次只有 ${fact("next")}。是真实值、单位不同还是笔误？它会影响平均值；中位数为 ${fact("median")}。`,
  "default-dates": (fact) =>
    `“${fact("column")}”中的 ${fact("day")} 与其他日期相隔多年：通常是没有日期时程序写入的默认值，请按缺失处理。`,
  "future-dates": (fact) =>
    `“${fact("column")}”有 ${fact("count")} 个日期在一年以后的将来（${fact("examples")}），而其余几乎都是过去；按时间统计前请检查。`,
  "word-variants": (fact) =>
    `“${fact("column")}”把同一个值写成了几种形式（${fact("examples")}），分组时会分开计数；请先统一空格与大小写。`,
  "mixed-units": (fact) =>
    `“${fact("column")}”混用了单位（${fact("units")}）。直接相加或比较是错误的，请先换算成同一单位。`,
  "unit-in-cells": (fact) =>
    `“${fact("column")}”的每个单元格都带有单位（${fact("unit")}），因此按文本读取；计算前请去掉单位。`,
  "wrong-extension": (fact) =>
    `文件名以“${fact("extension")}”结尾，但内容是 ${fact("format")}，已按 ${fact("format")} 读取。`,
  "encoding-guessed": (fact) =>
    `文件没有说明文本编码，已按 ${fact("encoding")} 读取${fact("rival") === "" ? "" : `（也可能是 ${fact("rival")}）`}。如有乱码，请另选编码。`,
  "ambiguous-number-mark": (fact) => `“${fact("example")}”中的逗号按千位分隔符读取；如果是小数点，请另选。`,
  "other-sheets": (fact) => `这是工作表“${fact("sheet")}”。工作簿中还有 ${fact("others")}。`,
  "other-parts": (fact) => `这是“${fact("sheet")}”。${wholes[fact("whole")] ?? "文件"}中还有 ${fact("others")}。`,
  "several-tables": (fact) =>
    `工作表“${fact("sheet")}”中有 ${fact("tables")} 个表格，这是${fact("part") === fact("sheet") ? "最大的一个" : `“${fact("part")}”`}；可以改选其他表格。`,
  "hidden-rows": (fact) =>
    `工作表中有 ${fact("rows")} 行被手动或筛选隐藏，它们也在表格里：求和与计数会包含它们，与工作表上看到的不同。`,
  "hidden-columns": (fact) => `${fact("columns")} 在工作表中是隐藏的，这里已读取。`,
  "error-cells": (fact) =>
    `${fact("columns")} 中有 ${fact("cells")} 个单元格是错误值（${fact("kinds")}），按缺失读取，求和不含它们。`,
  "formulas-without-values": (fact) =>
    `${fact("columns")} 中有 ${fact("cells")} 个公式没有保存计算结果，值缺失。请用电子表格软件打开、保存后重新读取。`,
  "percent-cells": (fact) => `${fact("columns")} 显示为百分比，存储的是小数：0.125 表示 12.5%。`,
  "merged-filled": (fact) => `${fact("columns")} 中的合并单元格已向下填充，每一行都有其所属的值。`,
  "text-numbers": (fact) => `${fact("columns")} 中的数字以文本形式存储，已按数字读取；电子表格求和时不含它们。`,
  "pending-changes": () => "有程序正打开这个数据库：最近的更改还在旁边的文件里，不在这些行中。请关闭该程序后重新读取。",
  "python-misreads": () =>
    "保存这个工作簿的程序以简短形式存储单元格，Python 会不加提示地漏读它们。这里显示的内容是正确的，而用 Python 计算的结果会出错。请用电子表格软件打开，另存为 .xlsx 后使用。",
  "merged-cells": (fact) => `有 ${fact("areas")} 处合并单元格：只有第一个单元格有值，其余为缺失。`,
  "choice-not-possible": (fact) =>
    `${choices[fact("choice")] ?? fact("choice")}不能选为“${fact("value")}”，仍按文件中检测到的方式读取。`,
  "stacked-tables": (fact) =>
    `第 ${fact("line")} 行似乎开始了另一张表（${fact("names")}），其各行已作为第一张表的行读取：请排除它们，或将各表分别存为文件。`,
  "no-such-header-line": (fact) => `第 ${fact("line")} 行没有表头：文件开头的行数不够，已改为自动查找表头。`,
  "python-rows": (fact) =>
    `Python 读到 ${fact("python")} 行，而这里数出 ${fact("here")} 行，代码的计算结果可能与此处显示的不符${since(fact)}使用前请找出是哪些行不同。`,
  "python-columns": (fact) =>
    `Python 读到 ${fact("python")} 列，而这里有 ${fact("here")} 列${since(fact)}使用前请比较列名。`,
  "python-column-names": (fact) =>
    `第 ${fact("number")} 列在 Python 中名为“${fact("python")}”，而这里是“${fact("here")}”${since(fact)}请使用 Python 中的列名。`,
  "python-sums": (fact) =>
    `${fact("python") === "" ? `Python 没有把“${fact("column")}”读成数字，而这里的合计为 ${fact("here")}` : `Python 在“${fact("column")}”中读到的数字不同：合计为 ${fact("python")}，而这里为 ${fact("here")}`}${others(fact)}${since(fact)}计算前请查看这一列的值。`,
  "python-missing": (fact) =>
    `Python 在“${fact("column")}”中读到 ${fact("python")} 个缺失值，而这里数出 ${fact("here")} 个${others(fact)}${since(fact)}计数与平均值可能不同。`,
  "python-fails": (fact) => `Python 无法按与此处一致的方式读取这个文件：${fact("error")}${since(fact)}`,
  "repeated-headers": (fact) => `表头在数据中又重复了 ${fact("rows")} 次，这些行已排除。`,
};

/** Ends a sentence about what Python reads otherwise. */
function since(fact: Fact): string {
  return fact("changed") === "" ? "。" : "；此后文件在磁盘上发生了变化。";
}

function others(fact: Fact): string {
  return fact("others") === "0" ? "" : `，另有 ${fact("others")} 列也不同`;
}

/** What may be chosen of how a file is read. */
const choices: Readonly<Record<string, string>> = {
  delimiter: "分隔符",
  quote: "引号",
  decimal: "小数点",
  thousands: "千位分隔符",
  headerRow: "表头所在行",
  headerRows: "表头行数",
};

function quoted(columns: readonly string[]): string {
  return columns.map((column) => `“${column}”`).join("、");
}

/** A warning in Chinese; `null` for a code that has no sentence here, so that the English one is shown. */
export function warningInChinese(warning: TableWarning, format: NumberWords): string | null {
  const fact: Fact = (name) => {
    const value = warning.values[name];
    return typeof value === "number" ? format.number(value) : groupUnequal(value ?? "", format);
  };
  return sentences[warning.code]?.(fact, warning) ?? null;
}
