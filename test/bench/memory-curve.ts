import type { ProbeReport } from "./profile-probe.ts";

const width = 720;
const height = 280;
const left = 56;
const right = 16;
const top = 20;
const bottom = 40;
const stepBytes = 50 * 1048576;

const rounded = (value: number): string => value.toFixed(1);

/** Draws the memory of a process over time as a picture for documents, on light and dark ground. */
export function memoryCurve({ samples, tookMs }: ProbeReport): string {
  const most = samples.reduce((peak, { rssBytes }) => Math.max(peak, rssBytes), 0);
  const steps = Math.ceil(most / stepBytes) + 1;
  const x = (atMs: number): number => left + (atMs / tookMs) * (width - left - right);
  const y = (bytes: number): number => height - bottom - (bytes / (steps * stepBytes)) * (height - top - bottom);
  const line = samples.map(({ atMs, rssBytes }) => `${rounded(x(atMs))},${rounded(y(rssBytes))}`).join(" ");
  const levels = Array.from({ length: steps + 1 }, (_, step) => {
    const at = rounded(y(step * stepBytes));
    return `<path class="grid" d="M${left} ${at}H${width - right}"/><text x="${left - 8}" y="${at}" dy="0.35em" text-anchor="end">${step * 50}</text>`;
  });
  const seconds = Array.from({ length: 6 }, (_, step) => {
    const atMs = (tookMs * step) / 5;
    return `<text x="${rounded(x(atMs))}" y="${height - bottom + 18}" text-anchor="middle">${(atMs / 1000).toFixed(0)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Memory of the process in megabytes, over seconds">
<style>
  text { font: 12px system-ui, sans-serif; fill: #57606a; }
  .grid { stroke: #8b949e; stroke-opacity: 0.3; }
  .curve { fill: none; stroke: #0969da; stroke-width: 2; }
  @media (prefers-color-scheme: dark) { text { fill: #9ea7b3; } .curve { stroke: #58a6ff; } }
</style>
${levels.join("\n")}
${seconds.join("\n")}
<text x="${left}" y="12">MB</text>
<text x="${width - right}" y="${height - 6}" text-anchor="end">seconds</text>
<polyline class="curve" points="${line}"/>
</svg>
`;
}
