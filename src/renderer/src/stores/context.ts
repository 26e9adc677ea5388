import { createContext, useContext } from 'react';
import type { Stores } from './index.ts';
import type { JobPage } from './job-page.ts';

export const StoresContext = createContext<Stores | null>(null);
export const JobPageContext = createContext<JobPage | null>(null);

export function useStores(): Stores {
  const stores = useContext(StoresContext);
  if (!stores) throw new Error('useStores outside of StoresContext');
  return stores;
}

/** The job whose page this is. */
export function useJobPage(): JobPage {
  const page = useContext(JobPageContext);
  if (!page) throw new Error('useJobPage outside of JobPageContext');
  return page;
}
