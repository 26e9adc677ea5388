import { type Virtualizer, useVirtualizer } from '@tanstack/react-virtual';

type Options = Parameters<typeof useVirtualizer<HTMLDivElement, HTMLDivElement>>[0];
export type VirtualList = Virtualizer<HTMLDivElement, HTMLDivElement>;

/** Rows that exist only while they are near the visible part. */
export function useVirtualList(options: Options): VirtualList {
  return useVirtualizer<HTMLDivElement, HTMLDivElement>(options);
}
