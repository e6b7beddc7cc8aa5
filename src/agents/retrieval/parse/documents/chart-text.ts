import { readXml } from "./xml-events.ts";

interface Series {
  name: string[];
  readonly categories: string[];
  readonly values: string[];
}

const mostPoints = 2000;

/** What a chart shows, as lines: its title, and a row for each category with the value of each series (ECMA-376-1, 21.2). */
export function chartText(xml: string): string {
  const titles: string[] = [];
  const series: Series[] = [];
  const inside: string[] = [];
  let text = "";
  readXml(xml, {
    open: ({ name }) => {
      inside.push(name);
      text = "";
      if (name === "ser") {
        series.push({ name: [], categories: [], values: [] });
      }
    },
    close: (name) => {
      inside.pop();
      const last = series.at(-1);
      const value = text.trim();
      text = "";
      if (value === "") {
        return;
      }
      if (name === "t" && !inside.includes("ser")) {
        titles.push(value);
      } else if (name === "v" && last !== undefined) {
        const role = inside.findLast((element) => ["tx", "cat", "xVal", "val", "yVal"].includes(element));
        const list = role === "tx" ? last.name : role === "cat" || role === "xVal" ? last.categories : last.values;
        if (role !== undefined && list.length < mostPoints) {
          list.push(value);
        }
      }
    },
    text: (data) => {
      text += data;
    },
  });
  const categories = series.find((one) => one.categories.length > 0)?.categories ?? [];
  const names = series.map(({ name }) => name.join(" "));
  const rows = categories.map((category, at) =>
    [category, ...series.map(({ values }) => values[at] ?? "")].join(" | "),
  );
  const header = names.some((name) => name !== "") ? [["", ...names].join(" | ").trim()] : [];
  return [...titles, ...(rows.length > 0 ? [...header, ...rows] : header)].join("\n");
}
