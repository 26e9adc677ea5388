/** Three of a crew, one of them leading. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" className="shrink-0">
      <rect width="24" height="24" rx="7" className="fill-accent" />
      <circle cx="12" cy="8.2" r="2.7" className="fill-white" />
      <circle cx="7.2" cy="15.4" r="2.1" className="fill-white" opacity="0.75" />
      <circle cx="16.8" cy="15.4" r="2.1" className="fill-white" opacity="0.75" />
    </svg>
  );
}
