const message = "The window closes.";

/** Why a question is given up whose window closes: what others elsewhere do for it may go on. */
export function leaving(): DOMException {
  return new DOMException(message, "AbortError");
}

/** Whether that is why. */
export function isLeaving(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === "AbortError" && reason.message === message;
}
