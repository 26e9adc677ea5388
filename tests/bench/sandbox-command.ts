import { missingReason } from '../support/parts.ts';
import { atMost, notMeasured, type Benchmark } from './lib/report.ts';
import { benchSandbox } from './sandbox.ts';

/** A command in the sandbox through our layer, against the same exec by bare dockerode. */
export const sandboxCommand: Benchmark = {
  name: 'sandbox',
  run: async () => {
    const missing = missingReason('docker');
    if (missing !== null) return [notMeasured('sandbox command', missing)];
    const { name, ours_ms: oursMs, bare_ms: bareMs } = await benchSandbox();
    return [atMost(`${name}, against a bare dockerode exec`, oursMs, bareMs, null)];
  },
};
