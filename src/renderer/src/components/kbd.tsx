/** A key to press; decoration for those who see it, so screen readers skip it. */
export function Kbd({ children, onAccent = false }: { children: string; onAccent?: boolean }) {
  const tone = onAccent ? 'border-white/35 text-white' : 'border-line-strong text-ink-faint';
  return (
    <kbd aria-hidden="true" className={`rounded border px-1 font-sans text-[0.6875rem] leading-4 ${tone}`}>
      {children}
    </kbd>
  );
}
