import type * as z from "zod/mini";
import {
  type Params,
  type RequestHandlers,
  type RequestName,
  type answerFrameSchema,
  requestFrameSchema,
  requests,
} from "../../agents/protocol/page.ts";
import type { Problem } from "../../agents/protocol/problem.ts";

/** What the page is answered. */
export type AnswerFrame = z.infer<typeof answerFrameSchema>;

/**
 * Answers one frame of the page. Frames that do not fit the protocol are refused, not trusted; a handler that throws
 * answers with its problem.
 *
 * @returns `undefined` where the frame is no request.
 */
export async function answer(
  frame: unknown,
  handlers: Partial<RequestHandlers>,
  toProblem: (error: unknown) => Problem,
): Promise<AnswerFrame | undefined> {
  const parsed = requestFrameSchema.safeParse(frame);
  if (!parsed.success || !isRequestName(parsed.data.name)) {
    return undefined;
  }
  const { id, name, params } = parsed.data;
  try {
    const outcome = await dispatch(handlers, name, params);
    return outcome.fits
      ? { kind: "answer", id, result: outcome.result }
      : { kind: "answer", id, problem: misfit(name) };
  } catch (error) {
    return { kind: "answer", id, problem: toProblem(error) };
  }
}

function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(requests, name);
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it ties the parameters to the name
async function dispatch<R extends RequestName>(
  handlers: Partial<RequestHandlers>,
  name: R,
  params: unknown,
): Promise<{ readonly fits: true; readonly result: unknown } | { readonly fits: false }> {
  if (!fits(name, params)) {
    return { fits: false };
  }
  const handler: ((params: Params<R>) => Promise<unknown>) | undefined = handlers[name];
  return handler === undefined ? { fits: false } : { fits: true, result: await handler(params) };
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it ties the parameters to the name
function fits<R extends RequestName>(name: R, params: unknown): params is Params<R> {
  return requests[name].params.safeParse(params).success;
}

function misfit(name: RequestName): Problem {
  return { code: "page.params", message: `The request ${name} was refused: its parameters do not fit.`, details: {} };
}
