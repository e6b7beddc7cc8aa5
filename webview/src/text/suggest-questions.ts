import type { ColumnType, TableProfile } from "../../../src/agents/protocol/table-profile.ts";
import type { Strings } from "../strings/en.ts";
import { isCategory, isCodeColumn, mainMeasure } from "./column-role.ts";

const timeTypes: ReadonlySet<ColumnType> = new Set(["year", "date", "datetime"]);

/** At most four questions that the columns of a table invite, ready to be sent. */
export function suggestQuestions(profile: TableProfile, strings: Strings): readonly string[] {
  const { columns } = profile;
  const measure = mainMeasure(profile);
  const time = columns.find((column) => timeTypes.has(column.type));
  const category = columns.find((column) => isCategory(column) && !isCodeColumn(column)) ?? columns.find(isCategory);
  const gap = columns.find((column) => column.nulls > 0 && column.type !== "empty");
  const questions: string[] = [];
  if (measure !== undefined && time !== undefined) {
    questions.push(strings.askHighest(time.name, measure.name), strings.askPlot(measure.name, time.name));
  }

  if (category !== undefined) {
    questions.push(
      measure === undefined ? strings.askCounts(category.name) : strings.askCompare(measure.name, category.name),
    );
  }

  if (measure !== undefined && time === undefined) {
    questions.push(strings.askDistribution(measure.name));
  }

  if (gap !== undefined) {
    questions.push(strings.askMissing(gap.name));
  }

  return questions.length === 0 ? [strings.askOverview] : questions.slice(0, 4);
}
