import type { Settings } from '../../../shared/settings.ts';
import type { CallModel, ModelAnswer } from '../crew/engine.ts';
import type { Log } from '../ports/system.ts';
import type { CallRequest } from './call-target.ts';

type CallNamed = (request: CallRequest, model: string, signal: AbortSignal) => Promise<ModelAnswer>;

interface FallbackDeps {
  settings: () => Pick<Settings, 'fallback_model'>;
  log: Log;
}

/** Jobs of which is remembered what they were told. */
const keptJobs = 256;

/**
 * Calls the model asked for; where its account has no quota left and the user has set a fallback model, that one, and
 * says so in the answer: once when it begins and once when it is over. Where the fallback cannot help either, the job
 * waits for the quota.
 */
export function createFallback(callNamed: CallNamed, deps: FallbackDeps): CallModel {
  const told = new Map<string, string>();
  const tell = (jobId: string, key: string, text: string): { notice?: string } => {
    if (told.get(jobId) === key) return {};
    told.delete(jobId);
    if (key !== '') told.set(jobId, key);
    const [oldest] = told.keys();
    if (told.size > keptJobs && oldest !== undefined) told.delete(oldest);
    return { notice: text };
  };
  return async (request, signal) => {
    const answer = await callNamed(request, request.model, signal);
    const { jobId } = request;
    // What is tested is this model, not another.
    if (jobId === null) return answer;
    if (answer.ok && told.get(jobId)?.startsWith(`${request.model} `))
      return { ...answer, ...tell(jobId, '', `${request.model} has quota again and is used.`) };
    const fallback = deps.settings().fallback_model.trim();
    if (answer.ok || answer.wait?.kind !== 'quota' || fallback === '' || fallback === request.model)
      return answer;
    const second = await callNamed(request, fallback, signal);
    if (second.ok) {
      const text = `${answer.wait.reason}. The fallback model ${fallback} is used instead.`;
      return { ...second, ...tell(jobId, `${request.model} ${fallback}`, text) };
    }
    if (signal.aborted) return second;
    deps.log.warn('the fallback model cannot be used', { model: fallback, error: second.error.message });
    // Whichever of the two comes first.
    const untilMs =
      second.wait?.kind === 'quota'
        ? Math.min(answer.wait.untilMs, second.wait.untilMs)
        : answer.wait.untilMs;
    return { ...answer, wait: { ...answer.wait, untilMs } };
  };
}
