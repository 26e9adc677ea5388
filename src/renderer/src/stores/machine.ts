import { createStore } from 'zustand/vanilla';
import type { CrewClient } from '../../../shared/client.ts';
import type { OutputOf } from '../../../shared/operations.ts';
import { type Loadable, notLoaded, settle, startLoading } from './loadable.ts';

export interface MachineState {
  doctor: Loadable<OutputOf<'system.doctor'>>;
  audit: Loadable<OutputOf<'audit.verify'>>;
}

/** What this machine has and lacks, and whether the audit log is whole. */
export function createMachine(client: CrewClient) {
  const store = createStore<MachineState>(() => ({ doctor: notLoaded, audit: notLoaded }));
  const { getState: get, setState: set } = store;
  return {
    store,
    async check(): Promise<void> {
      set({ doctor: startLoading(get().doctor) });
      set({ doctor: settle(get().doctor, await client.call('system.doctor', {})) });
    },
    async verifyAudit(): Promise<void> {
      set({ audit: startLoading(get().audit) });
      set({ audit: settle(get().audit, await client.call('audit.verify', {})) });
    },
  };
}
export type Machine = ReturnType<typeof createMachine>;
