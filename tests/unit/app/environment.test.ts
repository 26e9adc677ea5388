import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../src/main/app/environment.ts';

const read = (env: Record<string, string>) => readEnvironment(env, '/work', '/data');

describe('the environment', () => {
  it('has the defaults of compatibility.md', () => {
    expect(read({})).toMatchObject({
      ok: true,
      value: {
        workspaceRoot: '/work',
        dbPath: '/data/jobs.db',
        auditPath: '/data/audit.log',
        fixed: {},
        catalog: { accountId: 'default', refreshSeconds: 600, autoRefresh: true },
        usageWindowMinutes: 60,
      },
    });
  });

  it('fixes settings and says by which variable', () => {
    expect(
      read({
        DEV_CREW_LOCAL_LLM_MODEL: 'ollama/a',
        DEV_CREW_CREWAI_MANAGER_LLM: 'ollama/b',
        DEV_CREW_JOB_MAX_TOOL_CALLS: '3',
      }),
    ).toMatchObject({
      value: {
        fixed: { model: 'ollama/a', manager_model: 'ollama/b', max_tool_calls: 3 },
        fixedBy: {
          model: 'DEV_CREW_LOCAL_LLM_MODEL',
          manager_model: 'DEV_CREW_CREWAI_MANAGER_LLM',
          max_tool_calls: 'DEV_CREW_JOB_MAX_TOOL_CALLS',
        },
      },
    });
  });

  it('reads the mode from the two dry-run switches', () => {
    const mode = (env: Record<string, string>) => {
      const parsed = read(env);
      return parsed.ok ? parsed.value.fixed.default_mode : parsed.error.message;
    };
    expect(mode({})).toBeUndefined();
    expect(mode({ DEV_CREW_CREWAI_DRY_RUN: '1' })).toBe('dry_run');
    expect(mode({ DEV_CREW_CREWAI_DRY_RUN: '0' })).toBe('plan_only');
    expect(mode({ DEV_CREW_CREWAI_DRY_RUN: '0', DEV_CREW_DOCKER_DRY_RUN: '0' })).toBe('live');
    expect(mode({ DEV_CREW_USE_CREWAI: '0', DEV_CREW_CREWAI_DRY_RUN: '0' })).toBe('dry_run');
  });

  it('names the variable that does not parse and what it takes', () => {
    const message = (env: Record<string, string>) => {
      const parsed = read(env);
      return parsed.ok ? 'ok' : parsed.error.message;
    };
    expect(message({ DEV_CREW_CREWAI_DRY_RUN: 'yes' })).toBe('DEV_CREW_CREWAI_DRY_RUN: takes 0 or 1');
    expect(message({ DEV_CREW_JOB_MAX_TOOL_CALLS: 'many' })).toMatch(/^DEV_CREW_JOB_MAX_TOOL_CALLS: /);
    expect(message({ DEV_CREW_OLLAMA_BASE_URL: 'not a url' })).toMatch(/^DEV_CREW_OLLAMA_BASE_URL: /);
    expect(message({ DEV_CREW_LLM_USAGE_WINDOW_MINUTES: '0' })).toMatch(/takes a whole number of at least 1/);
    expect(message({ DEV_CREW_OLLAMA_BASE_URL: '' })).toBe('ok');
  });
});
