/** Tells the messages of this process from those of all others. */
const origin = crypto.randomUUID().replaceAll("-", "");
let written = 0;

/** An id that no other message has, of this process or of another. */
export function messageId(): string {
  written += 1;
  return `${origin}-${written.toString(36)}`;
}
