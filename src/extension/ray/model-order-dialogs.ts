import { CancellationError, type InputBoxOptions, l10n, window } from "vscode";
import { type ModelOrder, checkModelOrder } from "../../agents/remote/model-order.ts";
import { sentenceOf } from "../platform/problems.ts";

const steps = 6;

/** Asks, one after the other, for all that deploying a model needs. @throws CancellationError */
export async function askModelOrder(): Promise<ModelOrder> {
  const first = { name: "model" };
  const model = await ask(1, {
    prompt: l10n.t("The model: a name of Hugging Face, or a path or address that all nodes can read."),
    placeHolder: "Qwen/Qwen2.5-7B-Instruct",
    validateInput: (text) => (text.trim() === "" ? null : fault({ ...first, model: text.trim() })),
  });
  const name = await ask(2, {
    prompt: l10n.t("What it is called: in its address, and when it is chosen."),
    value: nameFrom(model),
    validateInput: (text) =>
      fault({ name: text.trim(), model }) &&
      l10n.t("Small letters, digits, dots, hyphens and underscores, 61 at most; first a letter or a digit."),
  });
  const base = { name, model };
  const gpusPerWorker = Number(
    await ask(3, {
      prompt: l10n.t("GPUs that one copy of it takes; 0 for processors only."),
      value: "1",
      validateInput: (text) => fault({ ...base, gpusPerWorker: numberOf(text) }) && wholeNumber(0, 64),
    }),
  );
  const workers = Number(
    await ask(4, {
      prompt: l10n.t("Copies of it, which share the work."),
      value: "1",
      validateInput: (text) => fault({ ...base, workers: numberOf(text) }) && wholeNumber(1, 1000),
    }),
  );
  const accelerator =
    gpusPerWorker === 0
      ? ""
      : await ask(5, {
          prompt: l10n.t("The kind of GPU, such as A10G, where the cluster has several; empty for any."),
          validateInput: (text) => (text.trim() === "" ? null : fault({ ...base, acceleratorType: text.trim() })),
        });
  const engine = await ask(6, {
    prompt: l10n.t(
      "Arguments of the engine (vLLM), as JSON; empty for its own choice. They are seen on the dashboard.",
    ),
    placeHolder: '{ "max_model_len": 8192 }',
    validateInput: (text) => engineFault(base, text),
  });
  return checkModelOrder({
    ...base,
    workers,
    gpusPerWorker,
    ...(accelerator === "" ? {} : { acceleratorType: accelerator }),
    ...(engine === "" ? {} : { engineArguments: JSON.parse(engine) }),
  });
}

async function ask(step: number, options: InputBoxOptions): Promise<string> {
  const title = l10n.t("Deploy a model ({0} of {1})", step, steps);
  const text = await window.showInputBox({ title, ignoreFocusOut: true, ...options });
  if (text === undefined || (step === 1 && text.trim() === "")) {
    throw new CancellationError();
  }
  return text.trim();
}

function engineFault(base: Pick<ModelOrder, "model" | "name">, text: string): string | null {
  if (text.trim() === "") {
    return null;
  }
  let engineArguments: unknown;
  try {
    engineArguments = JSON.parse(text);
  } catch {
    return l10n.t("This is no JSON.");
  }
  return fault({ ...base, engineArguments });
}

function fault(order: unknown): string | null {
  try {
    checkModelOrder(order);
    return null;
  } catch (error) {
    return sentenceOf(error);
  }
}

/** Nothing is no number. */
function numberOf(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}

function wholeNumber(from: number, to: number): string {
  return l10n.t("A whole number from {0} to {1}.", from, to);
}

/** Of the model's own name: what an address can have. */
function nameFrom(model: string): string {
  const last = model.replace(/\/+$/u, "").split("/").at(-1) ?? "";
  return last
    .toLowerCase()
    .replaceAll(/[^a-z0-9._]+/gu, "-")
    .replace(/^[^a-z0-9]+/u, "")
    .slice(0, 61);
}
