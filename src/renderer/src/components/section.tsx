import type { ReactNode } from 'react';

/** A titled part of a page. */
export function Section({ title, help, children }: { title: string; help?: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2.5">
      <div>
        <h2 className="text-sm font-semibold">{title}</h2>
        {help && <p className="text-xs text-ink-faint">{help}</p>}
      </div>
      {children}
    </section>
  );
}

/** Short lines of code, one below the other. */
export function CodeLines({ lines }: { lines: readonly string[] }) {
  return (
    <ul className="overflow-hidden rounded-xl border border-line">
      {lines.map((line, index) => (
        <li key={index} className="border-line px-3 py-1.5 font-mono text-xs break-words not-last:border-b">
          {line}
        </li>
      ))}
    </ul>
  );
}
