import type { ReactNode } from 'react';

/** Title row of a page; the rest scrolls below it. */
export function PageHeader({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-3 px-8 pt-6 pb-4 max-md:px-4">
      <h1 className="text-lg font-semibold tracking-tight">{title}</h1>
      {children}
      {aside && <div className="ml-auto flex items-center gap-2">{aside}</div>}
    </header>
  );
}
