import { hostname } from 'node:os';
import type { ProcessFacts } from '../../app/ports/system.ts';

export const createProcessFacts = (): ProcessFacts => ({
  // A colon would break the name of a lease.
  hostname: hostname().replaceAll(':', '-'),
  pid: process.pid,
  isAlive: (pid) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      // Somebody else's process is alive too.
      return error instanceof Error && 'code' in error && error.code === 'EPERM';
    }
  },
});
