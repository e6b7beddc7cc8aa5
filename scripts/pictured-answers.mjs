import { picturedQuotes } from "./pictured-documents.mjs";
import { questionHash } from "../test/evals/recording.ts";

/** Questions of the pictures for which no model was recorded, since a good one does not fail when a picture needs it. */
export const picturedQuestions = {
  running: "Add the deaths up year by year and show how the total grows.",
  failing: "What was the mean number of deaths per year from earthquakes?",
  asking: "What should participants of the pottery course know?",
};

const load = ["import pandas as pd", 'df = pd.read_csv("{{path}}")'];
const growth = [
  ...load,
  "import time",
  'total = df[df["Entity"] == "All natural disasters"].sort_values("Year")',
  "running = 0",
  'for year, deaths in zip(total["Year"], total["Deaths"]):',
  "    running += deaths",
  '    print(f"{year}  {running:>12,}", flush=True)',
  "    time.sleep(0.4)",
];
const failing = [...load, 'quakes = df[df["Entity"] == "Earthquake"]', 'quakes["deaths"].mean()'];
const repaired = [
  'quakes = df[df["Entity"] == "Earthquake"]',
  'print("years:", len(quakes))',
  'quakes["Deaths"].mean()',
];

/** Answers written for the pictures; the code in them runs for real. */
export const picturedRecordings = [
  recording(picturedQuestions.running, [code(growth), words("The total grows to **32,607,156** by 2017.")]),
  recording(picturedQuestions.asking, [
    words(
      [
        "Before the course:",
        "",
        `- Fees are refunded **in full** until 14 days before the first day, and by half after that [1: "${picturedQuotes.refund}"].`,
        `- Linden seats **24 people** [1: "${picturedQuotes.seats}"].`,
        `- The kiln is **unplugged** before its lid is opened; it stays hot for three hours [1: "${picturedQuotes.power}"].`,
      ].join("\n"),
    ),
  ]),
  recording(picturedQuestions.failing, [code(failing), code(repaired)]),
];

/**
 * @param {string} question
 * @param {readonly import("../test/evals/recording.ts").RecordedAnswer[]} answers
 * @returns {import("../test/evals/recording.ts").Recording}
 */
function recording(question, answers) {
  return {
    questionHash: questionHash(question),
    variant: "plain",
    model: "written for the pictures",
    calls: [
      { stage: "router", ordinal: 0, answer: words("assistant_agent") },
      ...answers.map((answer, ordinal) => ({ stage: /** @type {const} */ ("author"), ordinal, answer })),
    ],
  };
}

/** @param {string} content */
function words(content) {
  return { content, toolCalls: [] };
}

/** @param {readonly string[]} lines */
function code(lines) {
  return { content: "", toolCalls: [{ name: "run_python", arguments: JSON.stringify({ code: lines.join("\n") }) }] };
}
