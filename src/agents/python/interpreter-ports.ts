/**
 * Loopback ports on which the interpreter is waited for. A range of their own lets the editor be told not to forward
 * them from a remote window, which it otherwise offers for every port that opens.
 */
export const interpreterPorts = { first: 47_600, last: 47_699 } as const;
