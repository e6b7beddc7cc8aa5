/** A small line chart, standing for one that Python drew. */
export function pictureSvg(): string {
  const points = Array.from({ length: 24 }, (_, index) => {
    const y = 200 - Math.abs(Math.sin(index * 0.9) * 120) - index * 2;
    return `${60 + index * 22},${y.toFixed(0)}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="300" viewBox="0 0 640 300">
<rect width="640" height="300" fill="#fff"/>
<path d="M60 20V240H600" fill="none" stroke="#444"/>
<polyline points="${points.join(" ")}" fill="none" stroke="#1f77b4" stroke-width="2"/>
<text x="330" y="18" font-family="sans-serif" font-size="14" text-anchor="middle">Deaths by year</text>
<text x="330" y="275" font-family="sans-serif" font-size="12" text-anchor="middle">Year</text>
</svg>`;
}
