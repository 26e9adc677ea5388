/** A bar with its words: how much is used up (it warns near the end), or how far something is. `percent` may pass 100. */
export function Gauge({
  label,
  percent,
  text,
  isProgress = false,
}: {
  label: string;
  percent: number;
  text: string;
  isProgress?: boolean;
}) {
  const filled = Math.max(0, Math.min(100, percent));
  const tone = isProgress || percent < 80 ? 'bg-accent' : percent >= 100 ? 'bg-bad' : 'bg-warn';
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-baseline justify-between gap-3 text-xs">
        <span className="text-ink-soft">{label}</span>
        <span className="text-ink-faint tabular-nums">{text}</span>
      </div>
      <div
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(filled)}
        aria-valuetext={text}
        className="h-1.5 overflow-hidden rounded-full bg-hover"
      >
        <div className={`h-full rounded-full ${tone}`} style={{ width: `${filled}%` }} />
      </div>
    </div>
  );
}
