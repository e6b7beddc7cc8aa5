/** A problem that came as an event, on its way to the exit of a command. */
export class CommandFailure extends Error {
  readonly code: string;
  /** What the command printed tells it already. */
  readonly isReported: boolean;

  constructor(problem: { readonly code: string; readonly message: string }, isReported = false) {
    super(problem.message);
    this.code = problem.code;
    this.isReported = isReported;
  }
}
