/**
 * The one door to the `openai` package. Only ever loaded by `import()`, at the first model call: it is large, and
 * becomes a bundle of its own.
 */
export { APIError, OpenAI } from "openai";
