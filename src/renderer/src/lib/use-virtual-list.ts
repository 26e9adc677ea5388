import { type Virtualizer, useVirtualizer } from '@tanstack/react-virtual';

type Options = Parameters<typeof useVirtualizer<HTMLDivElement, HTMLDivElement>>[0];
export type VirtualList = Virtualizer<HTMLDivElement, HTMLDivElement>;

/** Rows that exist only while they are near the visible part. */
export function useVirtualList(options: Options): VirtualList {
  // eslint-disable-next-line react-hooks/incompatible-library -- about the React compiler, which is not used here
  return useVirtualizer<HTMLDivElement, HTMLDivElement>(options);
}
